"""Dates, durations, phones and delimiters in every form that was seen, and whatever else comes."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as property_tests
from hypothesis import strategies as st

from common.errors import Refused
from engagements.outcomes import Outcome
from kpis.imports.columns import places, shaped, texts
from kpis.imports.dates import DateOrder, Evidence, evidence, settled
from kpis.imports.layout import look
from kpis.imports.moments import OrderNeeded, times, with_times
from kpis.imports.parse import parse_calls
from kpis.imports.presets import PRESETS, Preset, Unit
from kpis.imports.result import Parsed
from kpis.imports.rows import blocks, split_lines
from tests.kpis.samples import settings

MOMENTS = st.datetimes(datetime.fromisoformat("1999-01-01"), datetime.fromisoformat("2068-12-31")).map(
    lambda moment: moment.replace(microsecond=0)
)


def read(text: str, order: DateOrder | None = None) -> datetime | None:
    found: datetime | None = times(pl.Series([text]), source_zone="UTC", order=order, strict=False)[0]
    return found


@given(
    st.lists(MOMENTS, min_size=1, max_size=5),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]),
    st.sampled_from(["UTC", "America/New_York"]),
)
def test_times_that_are_all_written_alike_are_read_as_those_among_others(
    moments: list[datetime], form: str, zone: str
) -> None:
    alike = pl.Series([f"{moment:{form}}".zfill(19) for moment in moments])
    among = pl.concat([alike, pl.Series(["2026-05-04 10:00:00+01:00"])])
    found = with_times(pl.DataFrame({"called_at": alike}), source_zone=zone, zone="America/Chicago")
    assert found.equals(
        with_times(pl.DataFrame({"called_at": among}), source_zone=zone, zone="America/Chicago").head(-1)
    )


@pytest.mark.parametrize("text", ["+2026-3-12T12:34:56Z", "2026-02-30T12:34:56Z"])
def test_what_only_looks_like_the_usual_time_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01 09:33:34", (2024, 5, 1, 9, 33, 34)),
        ("Thu, 27 Oct 2016 14:51:34", (2016, 10, 27, 14, 51, 34)),
        ("Tue, 31 Aug 2010 20:36:28 +0000", (2010, 8, 31, 20, 36, 28)),
        ("Tue, 31 Aug 2010 20:36:28 GMT", (2010, 8, 31, 20, 36, 28)),
        ("Tue, 31 Aug 2010 16:36:28 -0400", (2010, 8, 31, 20, 36, 28)),
        ("6/23/25 07:00 AM", (2025, 6, 23, 7)),
        ("6/23/25 12:00 AM", (2025, 6, 23, 0)),
        ("6/23/2025, 12:30:05 p.m.", (2025, 6, 23, 12, 30, 5)),
        ("1777903200000", (2026, 5, 4, 14)),
        ("1777903200", (2026, 5, 4, 14)),
        ("990101 9:05:07", (1999, 1, 1, 9, 5, 7)),
        ("20240501 09:33", (2024, 5, 1, 9, 33)),
        ("2024/5/1 9:33", (2024, 5, 1, 9, 33)),
        ("May 6, 2024 9:05 AM", (2024, 5, 6, 9, 5)),
        ("27-Oct-2016 14:51", (2016, 10, 27, 14, 51)),
        ("2024-05-01 09:33:34 UTC", (2024, 5, 1, 9, 33, 34)),
        ("2025-12-04 07:57:14.083", (2025, 12, 4, 7, 57, 14)),
        ("13:05 PM", None),
        ("5/4/2026 13:00 PM", None),
        ("31/31/2026 10:00", None),
        ("2024-05-01 09:33:34 CST", None),
        ("0000-00-00 00:00:00", None),
        ("soon", None),
    ],
)
def test_forms_of_dates(text: str, moment: tuple[int, ...] | None) -> None:
    expected = datetime(*moment, tzinfo=UTC) if moment else None  # type: ignore[arg-type]  # a date's parts
    assert read(text, DateOrder.MONTH_FIRST) == expected


@given(MOMENTS, st.sampled_from(["/", "-", "."]), st.booleans(), st.booleans(), st.booleans())
def test_a_date_in_figures_comes_back_in_both_orders(
    moment: datetime, bar: str, day_first: bool, short: bool, twelve: bool
) -> None:
    first, second = (moment.day, moment.month) if day_first else (moment.month, moment.day)
    year = f"{moment.year % 100:02d}" if short else str(moment.year)
    clock = moment.strftime("%I:%M:%S %p" if twelve else "%H:%M:%S")
    order = DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    assert read(f"{first}{bar}{second}{bar}{year} {clock}", order) == moment.replace(tzinfo=UTC)


@given(MOMENTS)
def test_unix_times_and_words_come_back(moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    if 1_000_000_000 <= seconds < 2_000_000_000:
        assert read(str(seconds)) == read(f"{seconds}000") == moment
    assert read(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == moment


@given(st.lists(st.dates(date(2020, 1, 1), date(2029, 12, 31)), min_size=1, max_size=30), st.booleans())
def test_the_order_is_told_by_the_whole_file_or_not_at_all(days: list[date], day_first: bool) -> None:
    form = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    found = evidence([pl.Series([day.strftime(form) for day in days])])
    decides = any(day.day > 12 for day in days)
    expected = (DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST) if decides else None
    assert (found.numeric, found.order) == (len(days), expected)
    if expected is None:
        with pytest.raises(Refused, match="No date in this file tells"):
            settled(found, None)
    else:
        assert settled(found, None) is expected


@given(st.dates(date(2020, 1, 1), date(2029, 12, 31)))
def test_a_weekday_beside_the_date_never_tells_the_wrong_order(day: date) -> None:
    found = evidence([pl.Series([day.strftime("%a %m/%d/%Y")])])
    assert found.order in (DateOrder.MONTH_FIRST, None)


def test_without_an_order_nothing_is_guessed() -> None:
    with pytest.raises(OrderNeeded):
        read("5/6/2026 10:00")
    assert Evidence(1, 0, 0).told == ""


GENERIC = Preset(
    name="x",
    label="x",
    help="",
    signature=frozenset({"when", "code"}),
    columns={"called_at": ("when",), "code": ("code",), "duration": ("long",), "phone": ("number",)},
    outcomes={outcome.value: outcome for outcome in Outcome},
    key=("call_id",),
    stand_in=("called_at", "phone"),
)


def parsed_of(calls: list[tuple[str, str]], unit: Unit = Unit.SECONDS, delimiter: str = ",") -> Parsed:
    """One file with these numbers and durations, a minute apart, as it is read."""
    out = io.StringIO()
    rows = [[f"2026-05-04 10:{n:02}:00", "closed", long, number] for n, (number, long) in enumerate(calls)]
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([["when", "code", "long", "number"], *rows])
    preset = GENERIC.like(unit=unit)
    given_settings = replace(settings(), preset=preset, outcomes=preset.outcomes)
    return parse_calls(out.getvalue().encode(), given_settings)


def generic(number: str, long: str, unit: Unit = Unit.SECONDS) -> tuple[object, object, object]:
    """The phone and the duration of one call, as they are read, and the reason when it is rejected."""
    parsed = parsed_of([(number, long)], unit)
    if parsed.rejected.height:
        return None, None, parsed.rejected["reason"][0]
    return parsed.accepted["phone"][0], parsed.accepted["duration_s"][0], None


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("47", Unit.SECONDS, 47), ("47.0", Unit.SECONDS, 47), ("0:01:02", Unit.SECONDS, 62), ("", Unit.SECONDS, None),
        ("61500", Unit.MILLISECONDS, 62), ("00:03:37", Unit.MILLISECONDS, 217), ("1.5", Unit.MINUTES, 90),
        ("0.25", Unit.MINUTES, 15), ("2", Unit.MINUTES, 120),
    ],
)  # fmt: skip
def test_durations_in_their_units(text: str, unit: Unit, seconds: int | None) -> None:
    assert generic("6135550199", text, unit) == ("6135550199", seconds, None)


@pytest.mark.parametrize("text", ["1.5", "-5", "1e3", "3:37", "٣", "0:61:00"])
def test_what_is_no_duration_is_said(text: str) -> None:
    assert "is not a duration in whole seconds or H:MM:SS" in str(generic("1", text)[2])


# To read a file takes long beside what stands in it: as many values as ever, in fewer files.
@property_tests(max_examples=25)
@given(st.lists(st.integers(0, 86_399), min_size=1, max_size=20))
def test_a_duration_is_the_same_in_every_form(lengths: list[int]) -> None:
    forms = [
        (str, Unit.SECONDS), (lambda one: str(timedelta(seconds=one)), Unit.SECONDS),
        (lambda one: f"{one}000", Unit.MILLISECONDS), (lambda one: f"{one / 60:.6f}", Unit.MINUTES),
    ]  # fmt: skip
    for form, unit in forms:
        read = parsed_of([("1", form(one)) for one in lengths], unit)
        assert read.accepted["duration_s"].to_list() == lengths


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("6135550199", "6135550199"), ("+1 613-555-0199", "+1 613-555-0199"), ("tel:+16135550199", "+16135550199"),
        ("sip:+16135550199@pbx.example", "+16135550199"), ("SIP:jane@pbx.example;transport=tls", "jane"),
        ("6135550199.0", "6135550199"), ("\u00a06135550199\u00a0", "6135550199"), ("0049301234", "0049301234"),
        ("8005078317;222", "8005078317;222"), ("951677xxxx", "951677xxxx"), ("NA", None), ("-1", None),
        ("[None]", None), ("unknown", "unknown"),
    ],
)  # fmt: skip
def test_a_phone_stays_the_text_that_it_was(written: str, kept: str | None) -> None:
    assert generic(written, "1")[0] == kept


@property_tests(max_examples=25)
@given(
    st.lists(st.from_regex(r"\+?[0-9]{3,15}", fullmatch=True), min_size=1, max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_digits_are_never_made_numbers_whatever_divides_them(numbers: list[str], delimiter: str) -> None:
    read = parsed_of([(number, "1") for number in numbers], delimiter=delimiter)
    assert read.accepted["phone"].to_list() == numbers


@pytest.mark.parametrize(("code", "kept"), [("1", "6135550199"), ("", "6135550199"), ("44", "+446135550199")])
def test_a_country_code_in_a_column_of_its_own(code: str, kept: str) -> None:
    head = "call_date\tphone_number_dialed\tstatus\tlength_in_sec\tphone_code"
    text = f"{head}\n2026-05-04 10:00:00\t6135550199\tNI\t1\t{code}\n"
    assert parse_calls(text.encode(), settings("vicidial")).accepted["phone"][0] == kept


@pytest.mark.parametrize("word", ["NA", "N/A", "None", "NULL", "[Deleted]", "[No associated user]"])
def test_words_for_nothing_are_nothing_but_in_a_code(word: str) -> None:
    preset = PRESETS["vicidial"]
    text = f"call_date,phone_number_dialed,status,length_in_sec,user\n2026-05-04 10:00:00,1,{word},1,{word}\n"
    header = text.splitlines()[0].split(",")
    block = next(blocks(split_lines(text.encode()).slice(1), delimiter=",", quoted=True))
    where = places(preset, header)
    rows, _ = shaped(block, preset, where, len(header))
    frame = texts(rows, where, preset, quoted=True)
    assert frame["agent"][0] is None
    assert (frame["code"][0] == word) is (word in ("NA", "N/A", "None"))


@given(
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(0, 3),
)
def test_delimiter_encoding_line_end_and_titles_in_every_mixture(
    delimiter: str, encoding: str, end: str, titles: int
) -> None:
    lines = [
        *(f"Report {n}" for n in range(titles)),
        delimiter.join(("call_id", "called_at", "disposition", "agent")),
    ]
    lines += [delimiter.join((f"c{n}", "2026-05-04 10:00:00", "closed", "Zoë")) for n in range(3)]
    data = end.join([*lines, ""]).encode(encoding)
    assert look(data).delimiter == delimiter
    parsed = parse_calls(data, settings())
    assert parsed.accepted["agent"].to_list() == ["Zoë"] * 3
    assert parsed.accepted["row_no"].to_list() == [titles + 2, titles + 3, titles + 4]
