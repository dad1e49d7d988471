"""Files that are no call logs: what kind they are, what they say, and that they come in whole or not at all."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from engagements.clearance import Renaming
from engagements.models import Agent, RosterEntry
from engagements.stages import Stage
from kpis.imports.dates import DateOrder
from kpis.models import DailyFact, OutsideReview, SaidTotal, Sheet, SheetKind
from kpis.selectors.outside import held_against
from kpis.services import outcomes, outside_reviews, rosters, said_totals, sheets
from kpis.sheets import kinds
from kpis.sheets.outcomes import COLUMNS, is_outcomes, read_outcomes
from kpis.sheets.reviews import read_reviews
from kpis.sheets.roster import OnRoster, moves, read_roster
from kpis.sheets.table import read_table
from kpis.sheets.totals import read_said
from kpis.sheets.values import as_amount, as_date
from kpis.sheets.which_call import as_called
from tests.factories import Cast
from tests.kpis.test_outcomes import HEADER, NOW, Desk, RunJobs
from tests.stage import backstage

TODAY = NOW.date()
ZONE = "America/New_York"


def table(text: str, kind: SheetKind) -> object:
    return kinds.read(kind, text.encode())


# Kinds


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("call_id,stage,date", SheetKind.OUTCOMES),
        ("Lead ID;Showed;Closed;Date;Amount", SheetKind.OUTCOMES),
        ("code,name,e-mail,start_date", SheetKind.ROSTER),
        ("Date,Dials,Contacts,Transfers", SheetKind.TOTALS),
        ("call_id,score,disposition_heard,reviewer,date", SheetKind.REVIEWS),
        ("call_id,called_at,disposition", None),
        ("day,metric,numerator,denominator", None),
        ("call_date,phone_number_dialed,status,user,full_name,length_in_sec", None),
    ],
)
def test_a_header_tells_what_a_file_holds(header: str, kind: SheetKind | None) -> None:
    assert sheets.kind_of(f"{header}\n1,2,3,4,5,6\n".encode()) == kind


def test_titles_above_and_sums_below_are_no_rows() -> None:
    found = read_table(
        b'"Outcomes of March"\n\ncall_id;stage;date\nc1;show;2026-03-16\n\nTotal\n',
        is_outcomes,
        COLUMNS.__contains__,
    )
    assert [row.row_no for row in found.rows] == [4]


def test_a_cell_may_run_over_line_ends() -> None:
    text = (
        "call_id,score,reviewer,date,comment\n"
        'c1,80,Quinn,2026-03-16,"Kind.\n\nDid not ask, twice."\n'
        'c2,90,Quinn,2026-03-16,"open\nc3,70,Quinn,2026-03-17,fine\n'
    )
    found = kinds.read(SheetKind.REVIEWS, text.encode())
    assert [(row.row_no, row.first(["comment"])) for row in found.rows] == [
        (2, "Kind.\n\nDid not ask, twice."), (6, "fine"),
    ]  # fmt: skip
    assert found.bad == [(5, "A quotation mark is opened and never closed.")]


def test_a_sheet_that_ends_within_a_letter_loses_only_its_last_row() -> None:
    text = "code,name,start_date\n8001,José,2026-03-16\n8002,Zoë".encode()[:-1]
    found = kinds.read(SheetKind.ROSTER, text)
    assert [row.first(["name"]) for row in found.rows] == ["José"]
    assert found.bad == [(3, "The file ends in the middle of this row.")]


def test_of_a_wide_sheet_only_what_is_read_stays() -> None:
    """A row costs what it says, not what stands around it."""
    wide = ",".join(f"x{n}" for n in range(190))
    text = f"call_id,{wide},stage,date,amount\nc1{',,y' * 95},show,2026-03-16,\n"
    row = kinds.read(SheetKind.OUTCOMES, text.encode()).rows[0]
    assert row.cells == {"call_id": "c1", "stage": "show", "date": "2026-03-16"}
    reviews = "call_id,reviewer,date,item: greeting,item: close,mood\nc1,Quinn,2026-03-16,yes,,good\n"
    row = kinds.read(SheetKind.REVIEWS, reviews.encode()).rows[0]
    assert set(row.cells) == {"call_id", "reviewer", "date", "item:_greeting"}


def test_a_sheet_has_only_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpis.sheets.table.MOST_ROWS", 2)
    text = "Title\n\ncode,name,start_date\n" + "8001,Ann,2026-03-16\n" * 3
    with pytest.raises(Refused, match="has 3 rows"):
        kinds.read(SheetKind.ROSTER, text.encode())
    monkeypatch.setattr("kpis.sheets.table.MOST_ROWS", 3)
    monkeypatch.setattr("kpis.sheets.table.MOST_CELLS", 8)
    with pytest.raises(Refused, match="more than 8 filled cells"):
        kinds.read(SheetKind.ROSTER, text.encode())


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    for kind in SheetKind:
        try:
            found = kinds.read(
                kind, ("call_id,stage,date,reviewer,code,name,start_date,dials\n" + text).encode()
            )
        except Refused as refused:
            assert refused.reasons
            continue
        numbers = [row.row_no for row in found.rows] + [row_no for row_no, _ in found.bad]
        assert len(numbers) == len(set(numbers))
        if kind is SheetKind.OUTCOMES:
            try:
                rows, bad = read_outcomes(found, said=None, today=TODAY, zone=ZONE)
            except Refused:
                continue
            assert sorted([*(row.row_no for row in rows), *(row_no for row_no, _ in bad)]) == sorted(numbers)


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_a_date_is_read_as_it_was_written(day: date) -> None:
    assert as_date(day.isoformat(), None) == day
    assert as_date(f"{day:%d/%m/%Y}", DateOrder.DAY_FIRST) == day
    assert as_date(f"{day:%m/%d/%y} 10:00", DateOrder.MONTH_FIRST) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-10T01:00:00Z", date(2026, 4, 9)),
        ("2026-04-10 01:00:00 UTC", date(2026, 4, 9)),
        ("2026-04-10T03:59:59.999+0000", date(2026, 4, 9)),
        ("2026-04-10T04:00:00+00:00", date(2026, 4, 10)),
        ("2026-04-09 23:30 -0500", date(2026, 4, 10)),
        ("2026-04-10T09:00:00+09", date(2026, 4, 9)),
        ("2026-04-10T01:00:00", date(2026, 4, 10)),
        ("4/10/2026 1:00 AM GMT", date(2026, 4, 9)),
        ("4/10/2026 12:30 AM", date(2026, 4, 10)),
        ("2026-04-10T00:00:00Z", date(2026, 4, 10)),
        ("2026-04-10T00:00:00.000+0000", date(2026, 4, 10)),
        ("2026-04-10T25:00:00Z", None),
        ("2026-04-10T01:00:00+99:00", None),
        ("0001-01-01T00:30:00+01:00", None),
        ("9999-12-31T23:00:00-05:00", None),
    ],
)
def test_a_moment_with_an_offset_is_the_day_that_it_was_here(text: str, day: date | None) -> None:
    assert as_date(text, DateOrder.MONTH_FIRST, ZONE) == day


def test_closes_of_the_evening_are_days_of_the_engagement() -> None:
    text = "call_id,stage,date\nc1,close,2026-04-10T01:00:00Z\n"
    rows, bad = read_outcomes(table(text, SheetKind.OUTCOMES), said=None, today=date(2026, 4, 9), zone=ZONE)
    assert ([row.on for row in rows], bad) == ([date(2026, 4, 9)], [])


def test_an_offset_that_nobody_has_is_no_time_of_a_call() -> None:
    for text in ("2026-04-10 10:00:00+99:00", "0001-01-01 00:00:00+01:00", "9999-12-31 23:59:59"):
        assert as_called(text, None, "Europe/Lisbon") is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1,250.50", "1250.50"), ("$99", "99"), ("USD 12", "12"), ("€ 7.5", "7.5"), ("1_000", None), ("-4", None),
     ("١٢", None), ("NaN", None), ("1e3", None), ("12.345", None), ("9,999,999,999.99", "9999999999.99"),
     ("10,000,000,000", None), ("$999,999,999,999.00", None)],
)  # fmt: skip
def test_amounts(text: str, amount: str | None) -> None:
    read = as_amount(text)
    assert read == Decimal(amount) if amount else isinstance(read, str)


def test_an_amount_beyond_what_is_kept_is_refused_in_its_row() -> None:
    text = 'call_id,stage,date,amount\nc1,close,2026-03-16,"999,999,999,999"\nc2,close,2026-03-16,12\n'
    rows, bad = read_outcomes(table(text, SheetKind.OUTCOMES), said=None, today=TODAY, zone=ZONE)
    assert [row.call for row in rows] == ["c2"]
    assert bad == [(2, "“999,999,999,999” is more than 9,999,999,999.99.")]


def test_what_rows_of_outcomes_say() -> None:
    rows, bad = read_outcomes(
        table(
            "lead_id,showed,closed,date\nL1,yes,,2026-03-16\nL2,no,,2026-03-16\nL3,yes,yes,2026-03-16\nL4,no,yes,2026-03-16\n"
            "L5,maybe,,2026-03-16\nL6,,,2026-03-16\n,yes,,2026-03-16\nL8,yes,,2026-05-16\nL9,yes,,soon\n",
            SheetKind.OUTCOMES,
        ),
        said=None,
        today=TODAY,
        zone=ZONE,
    )
    assert [(row.lead, row.stage, row.final) for row in rows] == [
        ("L1", Stage.SHOW, False), ("L2", Stage.TRANSFER, True), ("L3", Stage.CLOSE, True),
    ]  # fmt: skip
    assert dict(bad) == {
        5: "The row says closed and not shown at once.",
        6: "“maybe” is neither yes nor no.",
        7: "The row does not say what became of the call.",
        8: "The row names no call, no lead and no number.",
        9: "Sat 16 May has not come yet.",
        10: "“soon” is no date: write it as 2026-03-12.",
    }


def test_what_a_roster_changes() -> None:
    listed, bad = read_roster(
        table(
            "code,name,email,start_date,end_date\nA1,Ann Bell,a@x.org,2026-03-01,\nA2,Bo Carr,,2026-03-01,2026-04-01\n"
            "A3,Cy Dunn,,2026-04-01,\nA3,Twice,,2026-04-01,\nA4,,,2026-04-01,\nA5,New Hand,,,\n",
            SheetKind.ROSTER,
        ),
        said=None,
    )
    assert dict(bad).keys() == {5, 6}
    standing = [
        OnRoster("a1", "Anne Bell", None),
        OnRoster("A2", "Bo Carr", None),
        OnRoster("A9", "Left Out", None),
    ]
    found, more = moves(listed, standing)
    assert [row.code for row in found.added] == ["A3"]
    assert [(one.name, row.name) for one, row in found.renamed] == [("Anne Bell", "Ann Bell")]
    assert [row.code for _, row in found.ended] == ["A2"]
    assert [one.code for one in found.left_out] == ["A9"]
    assert more == [(7, "New Hand is new, so the first day is needed.")]


def test_what_a_report_and_what_reviews_say() -> None:
    days, bad = read_said(
        table("date,dials,contacts,shows\n2026-03-16,\"1,200\",80,\n2026-03-16,1,1,1\n2026-03-17,x,1,1\n2026-02-01,1,1,1\n",
              SheetKind.TOTALS),
        said=None, first=date(2026, 3, 2), today=TODAY,
    )  # fmt: skip
    assert [(one.day, one.counts) for one in days] == [
        (date(2026, 3, 16), (1200, 80, None, None, None, None))
    ]
    assert dict(bad).keys() == {3, 4, 5}
    rows, bad = read_reviews(
        table("call_id,points,points_possible,item greeting,heard,reviewer,date\nc1,17,20,yes,NI,Quinn,2026-03-18\n"
              "c2,30,20,,,Quinn,2026-03-18\nc3,,,,,Quinn,2026-03-18\nc1,1,2,,,Quinn,2026-03-18\n", SheetKind.REVIEWS),
        said=None, today=TODAY, zone="America/New_York",
    )  # fmt: skip
    assert [(row.call, row.score, row.items) for row in rows] == [("c1", Decimal(85), {"greeting": "yes"})]
    assert dict(bad).keys() == {3, 4, 5}


# Into the database


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(cast: Cast, run_jobs: RunJobs) -> Desk:
    made = Desk(cast, run_jobs)
    made.calls_in()
    return made


def put(desk: Desk, text: str, kind: SheetKind, name: str = "file.csv") -> Sheet:
    user = desk.cast.supervisor
    with desk.at(user):
        return sheets.upload_sheet(
            engagement=desk.cast.engagement, by=desk.cast.seat(user), data=text.encode(), file_name=name, kind=kind
        )[0]  # fmt: skip


def test_a_dialers_totals_are_held_against_the_calls_and_change_none(desk: Desk) -> None:
    by = desk.cast.seat(desk.cast.supervisor)
    sheet = put(desk, "date,dials,contacts,shows\n2026-03-16,5,3,1\n2026-03-20,9,1,\n", SheetKind.TOTALS)
    with desk.at(desk.cast.supervisor):
        ahead = said_totals.look_ahead(sheet, "")
        assert ahead.changes == [("2026-03-16, dials", "says 5, calls say 3")]
        said_totals.take_in_totals(sheet=sheet, by=by)
        newest, first = held_against(desk.cast.engagement)
        assert newest.without_calls
        assert first.differs
        assert first.pairs[:2] == ((5, 3), (3, 3))
        assert first.pairs[4] == (1, None)
        assert DailyFact.objects.get(day=date(2026, 3, 16)).dials == 3
        with pytest.raises(Refused, match="in already"):
            said_totals.take_in_totals(sheet=sheet, by=by)
        said_totals.take_back_totals(sheet=sheet, by=by)
        assert held_against(desk.cast.engagement) == []
        assert SaidTotal.objects.count() == 2  # what was said stays on record


def test_reviews_from_elsewhere_stand_beside_the_sample(desk: Desk) -> None:
    by = desk.cast.seat(desk.cast.supervisor)
    text = (
        "call_id,score,heard,reviewer,date\nc1,82.5,transfer_set,Quinn,2026-03-18\n"
        "c3,70,callback,Quinn,2026-03-18\nzz,1,,Quinn,2026-03-18\n"
    )
    sheet = put(desk, text, SheetKind.REVIEWS)
    with desk.at(desk.cast.supervisor):
        taken = outside_reviews.take_in_reviews(sheet=sheet, by=by)
        assert (taken.kept, taken.refused) == (2, [[4, "No call with this id is in."]])
        one = OutsideReview.objects.get(call_ref="c3")
        assert (one.score, one.recorded_code, one.heard_code, one.drawn) == (
            70,
            "not_interested",
            "callback",
            None,
        )
        again = put(desk, text + "\n", SheetKind.REVIEWS, "again.csv")
        with pytest.raises(Refused, match="Nothing in this file is new"):
            outside_reviews.take_in_reviews(sheet=again, by=by)
        outside_reviews.take_back_reviews(sheet=sheet, by=by)
        outside_reviews.take_in_reviews(sheet=again, by=by)


def test_a_roster_comes_in_whole_or_not_at_all(desk: Desk) -> None:
    by = desk.cast.seat(desk.cast.supervisor)
    head = "code,name,email,start_date,end_date\n"
    spoilt = put(desk, head + "B1,Ann Bell,,2026-03-20,\nB2,Bo Carr,,never,\n", SheetKind.ROSTER)
    with desk.at(desk.cast.supervisor):
        with pytest.raises(Refused, match="whole or not at all"):
            rosters.take_in_roster(sheet=spoilt, by=by)
        assert not RosterEntry.objects.exists()
    good = put(desk, head + "B1,Ann Bell,a@x.org,2026-03-20,\nB2,Bo Carr,,2026-03-23,\n", SheetKind.ROSTER)
    with desk.at(desk.cast.supervisor):
        assert rosters.take_in_roster(sheet=good, by=by).kept == 2
        assert dict(Agent.objects.filter(entries__isnull=False).values_list("name", "display_name")) == {
            "B1": "Ann Bell", "B2": "Bo Carr",
        }  # fmt: skip
    ended = put(
        desk, head + "B1,Anne Bell,,2026-03-20,\nB2,Bo Carr,,2026-03-23,2026-04-09\n", SheetKind.ROSTER
    )
    with desk.at(desk.cast.supervisor):
        ahead = rosters.look_ahead(ended, "")
        assert [what for what, _ in ahead.changes] == ["Other name", "Last day"]
        assert ahead.asks == [(2, "Ann Bell becomes Anne Bell")]
        with pytest.raises(Refused, match="Say whether this is the same person"):
            rosters.take_in_roster(sheet=ended, by=by)
        with pytest.raises(Refused, match="stay with Ann Bell"):
            rosters.take_in_roster(sheet=ended, by=by, who={2: Renaming.SOMEBODY_ELSE})
        rosters.take_in_roster(sheet=ended, by=by, who={2: Renaming.SPELLING})
        assert Agent.objects.get(name="B1").display_name == "Anne Bell"
        assert RosterEntry.objects.filter(agent__name="B2").count() == 2
    wrong = put(desk, head + "B7,New One,,2027-03-20,\n", SheetKind.ROSTER)
    with desk.at(desk.cast.supervisor), pytest.raises(Refused, match="90 days from today"):
        assert "90 days from today" in rosters.look_ahead(wrong, "").reasons[0]
        rosters.take_in_roster(sheet=wrong, by=by)
    with pytest.raises(Refused, match="may not change the roster"), desk.at(desk.cast.qa_lead):
        rosters.take_in_roster(sheet=wrong, by=desk.cast.seat(desk.cast.qa_lead))


def test_rows_whose_calls_come_in_later_are_taken_in_from_the_same_file(desk: Desk) -> None:
    text = "call_id,stage,date\nc1,show,2026-03-18\nz9,close,2026-03-20\n"
    sheet = put(desk, text, SheetKind.OUTCOMES)
    by, user = desk.cast.seat(desk.cast.supervisor), desk.cast.supervisor
    with desk.at(user):
        outcomes.take_in_outcomes(sheet=sheet, by=by)
    desk.take_in("call_id,showed,closed,date\nc1,no,no,2026-03-19\n", "later.csv")
    with desk.at(user), pytest.raises(Refused, match="Nothing in this file is new"):
        outcomes.take_in_outcomes(sheet=sheet, by=by)
    desk.calls_in(HEADER + "z9,2026-03-19T10:00:00,transfer_set,L9,+16135550109,,A1\n")
    assert put(desk, text, SheetKind.OUTCOMES) == sheet
    client = Client()
    client.force_login(user)
    place = f"/e/{desk.cast.engagement.public_id}/kpis/files/{sheet.public_id}/"
    assert "Take in what is new now" in client.get(place).text
    told = client.post(f"{place}take-in/", {"date_order": ""}, follow=True)
    assert "1 outcome taken in." in told.text and "Take in what is new now" not in told.text
    with desk.at(user):
        sheet.refresh_from_db()
        assert (sheet.kept, sheet.known, sheet.refused, sheet.last_day) == (2, 0, [], date(2026, 3, 19))
    assert desk.depths()["c1"] == 3  # what was told since stays
    assert desk.depths()["z9"] == 5 and desk.true()


def test_one_entry_takes_every_kind_of_file(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.cast.supervisor)
    calls = f"/e/{desk.cast.engagement.public_id}/calls/"

    def send(text: bytes, kind: str = "") -> str:
        file = SimpleUploadedFile("a.csv", text)
        answer = client.post(calls + "upload/", {"file": file, "kind": kind})
        return answer["Location"] if answer.status_code == 302 else answer.content.decode()

    for text in (
        b"code,name,start_date\nB1,Ann Bell,2026-03-20\n",
        b"date,dials,contacts\n2026-03-16,5,3\n",
        b"call_id,score,reviewer,date\nc1,90,Quinn,2026-03-18\n",
        b"call_id,stage,date\nc1,show,2026-03-18\n",
    ):
        place = send(text)
        assert "/kpis/files/" in place
        assert "Take it in" in client.get(place).content.decode()
        assert client.post(place + "take-in/", follow=True).status_code == 200
    assert "/kpis/files/" not in send(b"call_id,called_at,disposition\nq1,2026-03-18,no_answer\n")
    assert "A column must give the name: name." in send(b"a,b\n1,2\n", "roster")
    listed = client.get(calls).content.decode()
    assert "Other files" in listed
    assert (
        "says 5, calls say 3"
        in client.get(f"/e/{desk.cast.engagement.public_id}/kpis/totals/").content.decode()
    )
    assert (
        "Reviews from files" in client.get(f"/e/{desk.cast.engagement.public_id}/kpis/qa/").content.decode()
    )
    with backstage():
        roster = Sheet.objects.get(kind="roster")
    gone = client.post(f"/e/{desk.cast.engagement.public_id}/kpis/files/{roster.public_id}/take-back/")
    assert gone.status_code == 302
