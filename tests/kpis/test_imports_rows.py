"""Rows: strict quoting, numbers, dates, lengths, and no row lost."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from kpis.imports import rows
from kpis.imports.checks import Kind
from kpis.imports.parse import parse_calls
from kpis.imports.rejects import rejects_csv, safe_cell, summary
from kpis.imports.result import Parsed
from tests.kpis.samples import own, settings, vicidial


def reason_of(row: dict[str, object], **changes: object) -> str | None:
    """Why a row of Tollgate's own CSV is rejected; None when it is accepted."""
    parsed = parse_calls(own([row]), settings(**changes))
    return parsed.rejected["reason"].to_list()[0] if parsed.rejected.height else None


def whole(parsed: Parsed) -> bool:
    return parsed.rows == parsed.accepted.height + parsed.rejected.height + parsed.duplicates.height


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"duration_s": "1_000"}, "“1_000” is not a duration"),
        ({"duration_s": "-5"}, "“-5” is not a duration"),
        ({"duration_s": "NaN"}, "“NaN” is not a duration"),
        ({"duration_s": "inf"}, "“inf” is not a duration"),
        ({"duration_s": "1e3"}, "“1e3” is not a duration"),
        ({"duration_s": "12.5"}, "“12.5” is not a duration"),
        ({"duration_s": "٣٤"}, "“٣٤” is not a duration"),
        ({"duration_s": "0:61:00"}, "“0:61:00” is not a duration"),
        ({"duration_s": "90000"}, "longer than a day"),
        ({"dials": "0"}, "“0” is not a number of dials"),
        ({"dials": "-1"}, "“-1” is not a number of dials"),
        ({"dials": "1001"}, "“1001” is not a number of dials"),
        ({"dials": "٢"}, "“٢” is not a number of dials"),
        ({"called_at": "2026-02-30 10:00:00"}, "“2026-02-30 10:00:00” is not a date"),
        ({"called_at": "5/4/2026 10:00"}, "is not a date"),
        ({"called_at": "2026-05-04 25:00:00"}, "is not a date"),
        ({"called_at": "2026-05-04 10:00:00+99:00"}, "is not a date"),
        ({"called_at": "2026-05-04T10:00:00 EST"}, "is not a date"),
        ({"called_at": "٢٠٢٦-05-04"}, "is not a date"),
        ({"called_at": "0000-00-00 00:00:00"}, "is not a date"),
        ({"called_at": ""}, "The date is missing."),
        ({"called_at": "2026-11-22 10:00:00"}, "is in the future"),
        ({"called_at": "2026-11-23"}, "is in the future"),
        ({"called_at": "2025-12-31 10:00:00"}, "Wed 31 Dec 2025 is before Thu 1 Jan 2026, the first day"),
        ({"disposition": ""}, "The disposition is missing."),
        ({"disposition": "WAT"}, "“WAT” has no meaning in this engagement yet. Give it one"),
        ({"call_id": ""}, "The call_id is missing."),
        ({"agent": "x" * 81}, "The agent is longer than 80 characters."),
        ({"call_id": "NULL"}, "The call_id is missing."),
        ({"lead_source": "a\0b"}, "control characters"),
    ],
)
def test_what_is_wrong_is_said(row: dict[str, object], words: str) -> None:
    assert words in (reason_of(row) or "accepted")


def test_all_reasons_are_given_at_once() -> None:
    reason = reason_of({"duration_s": "x", "disposition": "WAT", "called_at": "soon"}) or ""
    assert reason.count(".") >= 3
    assert all(word in reason for word in ("WAT", "soon", "“x”"))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("47", 47), ("0", 0), ("", None), ("0:01:02", 62), ("00:03:37", 217), ("NULL", None)],
)
def test_durations(text: str, seconds: int | None) -> None:
    parsed = parse_calls(own([{"duration_s": text}]), settings())
    assert parsed.accepted["duration_s"].to_list() == [seconds]


def test_a_code_is_found_whatever_its_case() -> None:
    parsed = parse_calls(own([{"disposition": "Closed"}]), settings())
    assert parsed.accepted.select("code", "outcome", "depth").row(0) == ("Closed", "closed", 5)


def test_what_is_not_given_is_missing_and_not_empty() -> None:
    row = parse_calls(own([{"lead_source": " ", "agent": "[None]"}]), settings()).accepted.row(0, named=True)
    assert (row["lead_source"], row["agent"], row["phone"], row["dials"]) == (None, None, None, 1)


def test_an_unclosed_quote_spoils_its_own_line_only() -> None:
    lines = [f"c{n},2026-05-04 10:00:00,closed" for n in range(1, 1_001)]
    lines[1] = 'c2,2026-05-04 10:00:00,"closed'
    parsed = parse_calls("\n".join(["call_id,called_at,disposition", *lines]).encode(), settings())
    assert parsed.accepted.height == 999
    assert parsed.rejected.rows()[0][0] == 3
    assert parsed.rejected["reason"].to_list() == [rows.UNCLOSED]
    assert parsed.rejected["raw"].to_list() == [lines[1]]


def test_two_unclosed_quotes_do_not_swallow_the_rows_between() -> None:
    lines = [f"c{n},2026-05-04 10:00:00,closed" for n in range(1, 21)]
    lines[3], lines[9] = 'c4,2026-05-04,"closed', 'c10,2026-05-04,closed"'
    parsed = parse_calls("\n".join(["call_id,called_at,disposition", *lines]).encode(), settings())
    assert (parsed.accepted.height, parsed.rejected["row_no"].to_list()) == (18, [5, 11])


def test_a_cell_may_run_over_line_ends() -> None:
    data = (
        b"call_id,called_at,disposition,lead_source\n"
        b'1,2026-05-04,closed,"web,\n\nform ""B"""\n'
        b"2,2026-05-04,closed,x\n"
    )
    parsed = parse_calls(data, settings())
    assert parsed.accepted["lead_source"].to_list() == ['web,\n\nform "B"', "x"]
    assert parsed.accepted["row_no"].to_list() == [2, 5]


def test_a_cell_may_run_over_the_seam_of_two_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 2)
    data = own([{"lead_source": "a\nb"} for _ in range(7)])
    parsed = parse_calls(data, settings())
    assert parsed.accepted["lead_source"].to_list() == ["a\nb"] * 7


def test_quotes_inside_a_bare_cell_are_malformed() -> None:
    parsed = parse_calls(b'call_id,called_at,disposition\n1,2026-05-04,clo"se"d\n', settings())
    assert parsed.rejected["reason"].to_list() == [rows.STRAY]


def test_an_endless_line_is_rejected_and_cut() -> None:
    parsed = parse_calls(own([{"lead_source": "x" * 200_000}, {}]), settings())
    assert parsed.rejected["reason"].to_list() == [rows.TOO_LONG]
    assert len(parsed.rejected["raw"][0]) == 4_001
    assert parsed.accepted.height == 1


@pytest.mark.parametrize(
    ("line", "good"), [("1,2026-05-04,closed,,", True), ("1,2026-05-04,closed,x", False), ("1,2", False)]
)
def test_the_number_of_cells_is_that_of_the_header(line: str, good: bool) -> None:
    parsed = parse_calls(f"call_id,called_at,disposition\n{line}\n".encode(), settings())
    assert parsed.accepted.height == good
    assert whole(parsed)


def test_the_same_id_twice_is_a_duplicate_and_told() -> None:
    parsed = parse_calls(own([{}, {"call_id": "c1", "disposition": "closed"}, {}]), settings())
    assert parsed.accepted["row_no"].to_list() == [2, 4]
    assert parsed.duplicates.select("row_no", "same_as").rows() == [(3, 2)]


def test_keys_do_not_change_between_versions() -> None:
    """These are stored: another value would let every call in twice."""
    assert parse_calls(own([{}]), settings()).accepted["call_key"].to_list() == [KEY_OF_C1]
    assert parse_calls(vicidial([{}]), settings("vicidial")).accepted["call_key"].to_list() == [
        KEY_OF_VICIDIAL_ROW
    ]


KEY_OF_C1 = 902184176686999241
KEY_OF_VICIDIAL_ROW = -2749057186379695346


def test_the_summary_counts_by_kind_and_names_each_unknown_code() -> None:
    bad: list[dict[str, object]] = [{"disposition": code, "duration_s": "x"} for code in "ABA"]
    parsed = parse_calls(own([*bad, {"duration_s": "y"}, {"called_at": "x"}, {"called_at": "z"}]), settings())
    told = [(group.rows, group.reason.split(".")[0]) for group in summary(parsed.bad)]
    assert told[0] == (2, "Disposition “A” has no meaning in this engagement yet")
    assert told[1] == (2, "“x” is not a date and time like 2026-03-02 14:05:00")
    assert len(told) == 4


def test_codes_are_counted_known_or_not() -> None:
    parsed = parse_calls(
        own([{"disposition": "WAT"}, {"disposition": "WAT"}, {"disposition": "closed"}]), settings()
    )
    assert parsed.codes.rows() == [("WAT", None, 2), ("closed", "closed", 1)]


def test_progress_is_told_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 2)
    told: list[tuple[int, int]] = []
    parse_calls(own([{}] * 5), settings(), progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_formula_cells_are_disarmed_on_the_way_out(start: str) -> None:
    assert safe_cell(f"{start}HYPERLINK()").startswith("'")


def test_the_download_can_be_read_back() -> None:
    parsed = parse_calls(own([{"call_id": "=1+1", "disposition": 'say "A", B'}]), settings())
    text = "".join(rejects_csv(parsed.bad))
    header, row = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert header == ["row", "reason", "original text"]
    assert row[0] == "2"
    assert row[2].startswith("'=1+1,")


# Time


def accepted(called_at: str, **changes: object) -> tuple[datetime | None, date, int | None]:
    row = parse_calls(own([{"called_at": called_at}]), settings(**changes)).accepted.row(0, named=True)
    return row["called_at"], row["day"], row["hour"]


@pytest.mark.parametrize(
    ("text", "utc", "day", "hour"),
    [
        ("2026-05-04T23:30:00-04:00", datetime(2026, 5, 5, 3, 30, tzinfo=UTC), date(2026, 5, 4), 23),
        ("2026-05-05T03:30Z", datetime(2026, 5, 5, 3, 30, tzinfo=UTC), date(2026, 5, 4), 23),
        ("2026-05-04 23:30:00", datetime(2026, 5, 5, 3, 30, tzinfo=UTC), date(2026, 5, 4), 23),
        ("2026-05-04 23:30:00.250+0530", datetime(2026, 5, 4, 18, tzinfo=UTC), date(2026, 5, 4), 14),
        ("202605042330", datetime(2026, 5, 5, 3, 30, tzinfo=UTC), date(2026, 5, 4), 23),
        ("2026-05-04", None, date(2026, 5, 4), None),
    ],
)
def test_a_moment_is_utc_and_its_day_the_engagements(
    text: str, utc: datetime | None, day: date, hour: int | None
) -> None:
    assert accepted(text) == (utc, day, hour)


def test_times_are_read_in_the_files_zone_and_dated_in_the_engagements() -> None:
    assert accepted("2026-05-05 02:00:00", source_zone="Europe/Lisbon")[1:] == (date(2026, 5, 4), 21)


def test_without_a_zone_a_naive_time_is_not_guessed() -> None:
    assert "no time zone was stated" in (
        reason_of({"called_at": "2026-05-04 10:00:00"}, source_zone=None) or ""
    )
    assert reason_of({"called_at": "2026-05-04 10:00:00Z"}, source_zone=None) is None


def test_a_time_that_the_clocks_skipped_is_rejected() -> None:
    assert "did not exist" in (reason_of({"called_at": "2026-03-08 02:30:00"}) or "")
    assert reason_of({"called_at": "2026-03-08 03:00:00"}) is None


def test_a_time_that_the_clocks_showed_twice_is_the_earlier_and_counted() -> None:
    parsed = parse_calls(own([{"called_at": "2026-11-01 01:30:00"}]), settings())
    assert parsed.accepted["called_at"].to_list() == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]
    assert parsed.doubled_times == 1


FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-11-20")


@given(st.datetimes(FIRST, LAST, timezones=st.timezones()))
def test_any_moment_with_its_offset_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return
    parsed = parse_calls(own([{"called_at": moment.isoformat()}]), settings(span=settings("uci-bank").span))
    assert parsed.accepted["called_at"].to_list() == [moment.astimezone(UTC)]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12) | st.sampled_from(
    ["closed", "2026-05-04", "c1", '"', '""', ",", "\n", "1_000", "٣", "=1"]
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12))
def test_well_written_csv_is_read_as_pythons_own_reader_does(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    data = "call_id,called_at,disposition\nx,2026-05-04,closed\n" + out.getvalue()
    parsed = parse_calls(data.encode(), settings())
    assert whole(parsed)
    misshapen = set(parsed.rejected.filter(kind=Kind.SHAPE.value)["row_no"])
    if all("\n" not in cell for row in table for cell in row):
        assert misshapen == {
            number for number, row in enumerate(table, start=3) if len(row) < 3 or any(row[3:])
        }


@given(st.lists(st.text(st.sampled_from('c1,2026-05-04,closed"\n;\t '), max_size=40), max_size=10))
def test_no_row_is_lost_however_badly_it_is_written(lines: list[str]) -> None:
    data = "call_id,called_at,disposition\nx,2026-05-04,closed\n" + "\n".join(lines)
    assert whole(parse_calls(data.encode(), settings()))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25), ("2026-05-04", 24)])
def test_days_of_23_and_25_hours_hold_their_calls(day: str, hours: int) -> None:
    start = datetime.fromisoformat(f"{day}T00:00:00Z")
    table: list[dict[str, object]] = [
        {"called_at": (start + timedelta(hours=n)).isoformat()} for n in range(48)
    ]
    accepted = parse_calls(own(table), settings()).accepted
    assert accepted.filter(day=date.fromisoformat(day)).height == hours


def test_what_is_put_together_in_vain_is_tried_only_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    real = rows._tiles

    def spy(delimiter: str) -> tuple[pl.Expr, pl.Expr]:
        tried.append(delimiter)
        return real(delimiter)

    monkeypatch.setattr(rows, "_tiles", spy)
    monkeypatch.setattr(rows, "TRIED_AT_ONCE", 10)
    vain, whole = 'c,"\n"x\n', 'c,"a\nb"\n'
    lines = rows.split_lines((whole + vain * 1_000 + whole).encode())
    found, _, left = rows.records(lines, delimiter=",", width=2, tries=25)
    assert (left, len(tried)) == (0, 3)
    assert found.height == lines.height - 1
    assert found["raw"][0] == 'c,"a\nb"'
    found, _, left = rows.records(lines, delimiter=",", width=2, tries=1_001)
    assert (left, found["raw"][-1]) == (1, 'c,"a\nb"')


def test_lines_that_cannot_make_a_record_are_not_tried_at_all() -> None:
    lines = rows.split_lines(b'"\n' * 100)
    assert rows.records(lines, delimiter=",", width=3, tries=1)[2] == 1


@given(st.text(st.sampled_from('a",\n'), max_size=80), st.integers(1, 3), st.integers(1, 4))
def test_tries_run_out_at_the_same_line_whatever_the_pieces(text: str, tries: int, cut: int) -> None:
    """A file that is read in pieces gives the same records as one that is read at once."""
    if not text:
        return
    lines = rows.split_lines(text.encode())
    whole, rest, left = rows.records(lines, delimiter=",", width=2, tries=tries)
    found, held, tries_left = [], lines.clear(), tries
    for piece in lines.iter_slices(cut):
        part, held, tries_left = rows.records(
            pl.concat([held, piece]), delimiter=",", width=2, tries=tries_left
        )
        found.append(part)
    assert pl.concat([*found, held]).equals(pl.concat([whole, rest]))
    assert tries_left == left


def test_a_file_of_more_lines_than_any_call_log_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_LINES", 5)
    assert parse_calls(own([{}] * 5), settings()).calls == 5
    with pytest.raises(Refused, match="more than 5 lines"):
        parse_calls(own([{}] * 6), settings())
