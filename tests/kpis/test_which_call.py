"""A review of a dialer without call ids means the one call that fits its time and marks, or none. Never a guess."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from kpis.imports.dates import DateOrder
from kpis.models import OutsideReview, SheetKind
from kpis.services import outside_reviews, sheets
from kpis.sheets.which_call import Called, Calls, Exactness, Logged, Marks, as_called, verdict
from tests.factories import Cast
from tests.kpis.samples import vicidial
from tests.kpis.test_imports_service import Desk, _today, desk  # noqa: F401  (fixtures)

ZONE = "America/New_York"
DAY = date(2026, 3, 12)
AT = datetime(2026, 3, 12, 18, 5, 33, tzinfo=UTC)  # 14:05:33 in New York
ROW = Marks(Called(DAY, (AT,), Exactness.SECOND), agent="Ana Ruiz", phone="(212) 555-0133", lead="L7")
CALL = Logged(
    1,
    DAY,
    AT,
    to_the_second=True,
    agents=frozenset({"ana.ruiz", "ana ruiz"}),
    phone="+12125550133",
    lead="L7",
)


@pytest.mark.parametrize(
    ("text", "moments", "exact"),
    [
        ("2026-03-12 14:05:33", [AT], Exactness.SECOND),
        ("2026-03-12T18:05:33.250Z", [AT], Exactness.SECOND),
        ("2026-03-12T13:05:33-05:00", [AT], Exactness.SECOND),
        ("3/12/2026 2:05 PM", [AT.replace(second=0)], Exactness.MINUTE),
        ("03/12/26 12:05:33 am", [datetime(2026, 3, 12, 4, 5, 33, tzinfo=UTC)], Exactness.SECOND),
        ("2026-03-12", [], Exactness.DAY),
        # The hour that comes twice is two moments, the one that never comes is none.
        (
            "2026-11-01 01:30:00",
            [datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)],
            Exactness.SECOND,
        ),
        ("2026-03-08 02:30:00", None, None),
        ("2026-03-12 25:00", None, None),
        ("2026-03-12 13:05 PM", None, None),
        ("yesterday", None, None),
    ],
)
def test_times_are_read_as_they_are_written(
    text: str, moments: list[datetime] | None, exact: Exactness | None
) -> None:
    read = as_called(text, DateOrder.MONTH_FIRST, ZONE)
    assert (list(read.moments) if read else None, read.exact if read else None) == (moments, exact)


@pytest.mark.parametrize(
    ("row", "call", "fits"),
    [
        ({}, {}, True),
        ({"agent": "ANA.RUIZ", "phone": "", "lead": ""}, {}, True),
        ({"phone": "****0133"}, {}, True),
        ({"phone": "0134"}, {}, False),
        ({"phone": "133"}, {}, False),
        ({"agent": "Bo Carr"}, {}, False),
        ({"lead": "L8"}, {}, False),
        ({"call": "x1"}, {"call": "x2"}, False),
        ({"call": "x1", "agent": "", "phone": "", "lead": ""}, {"call": "x1"}, True),
        # What one of the two does not say neither helps nor contradicts; something has to agree.
        ({}, {"phone": "", "lead": ""}, True),
        ({"agent": ""}, {"phone": "", "lead": ""}, False),
        ({}, {"at": AT.replace(second=34)}, False),
        ({}, {"at": AT.replace(second=0)}, False),
        ({}, {"at": AT.replace(second=0), "to_the_second": False}, True),
        ({"called": Called(DAY, (AT.replace(second=0),), Exactness.MINUTE)}, {}, True),
        ({}, {"at": None}, True),
        ({"lead": ""}, {"at": None}, False),
        ({"called": Called(DAY, (), Exactness.DAY)}, {}, True),
        ({"called": Called(DAY, (), Exactness.DAY), "lead": ""}, {}, False),
    ],
)
def test_every_mark_that_both_have_must_agree(
    row: dict[str, object], call: dict[str, object], fits: bool
) -> None:
    made = replace(CALL, **call)  # type: ignore[arg-type]
    assert Calls([made]).fitting(replace(ROW, **row)) == ([made] if fits else [])  # type: ignore[arg-type]


def test_no_call_and_two_calls_are_said_and_never_chosen_from() -> None:
    assert verdict(ROW, [CALL]) == ""
    assert verdict(ROW, []) == "No call fits this time, this agent, this number and this lead."
    marks = Marks(Called(DAY, (), Exactness.DAY), lead="L7")
    assert verdict(marks, [CALL, CALL]) == (
        "Two calls fit this day and this lead: name the one that is meant by its call id."
    )


@pytest.mark.django_db
def test_reviews_of_a_dialer_without_call_ids_find_their_calls(cast: Cast, desk: Desk) -> None:  # noqa: F811
    def dial(at: str, user: str, phone: str, lead: str) -> dict[str, str]:
        return {"call_date": f"2026-03-12 {at}", "user": user, "phone_number_dialed": phone, "lead_id": lead}

    desk.bring_in(
        vicidial([
            dial("10:00:05", "1001", "2125550133", "71"), dial("10:00:05", "1002", "2125550134", "72"),
            dial("10:10:00", "1001", "2125550135", "73"), dial("10:10:20", "1001", "2125550136", "74"),
        ]),
        preset="vicidial",
    )  # fmt: skip
    text = (
        "call_date,agent,phone,lead_id,score,disposition_heard,reviewer,date,call_id\n"
        "2026-03-12 10:00:05,1001,,,90,,Quinn,2026-03-13\n"
        "2026-03-12 10:10,1001,,,80,,Quinn,2026-03-13\n"
        "2026-03-12 10:10,1001,xxx-xxx-0136,,70,,Quinn,2026-03-13\n"
        "2026-03-12,,,72,60,,Quinn,2026-03-13\n"
        "2026-03-12 10:00:06,1001,,,50,,Quinn,2026-03-13\n"
        "2026-03-12 10:00:05,,2125550133,,40,,Quinn,2026-03-13\n"
        "at ten,1001,,,30,,Quinn,2026-03-13\n"
        "2026-03-12 10:00:05,,,,20,,Quinn,2026-03-13\n"
        ",,,,10,,Quinn,2026-03-13,1710583200.17\n"
    )
    user = cast.supervisor
    with desk.at(user):
        by = cast.seat(user)
        data = text.encode()
        assert sheets.kind_of(data) is SheetKind.REVIEWS
        sheet, _ = sheets.upload_sheet(
            engagement=cast.engagement, by=by, data=data, file_name="qa.csv", kind=SheetKind.REVIEWS
        )
        ahead = outside_reviews.look_ahead(sheet, "")
        assert dict(ahead.figures)["Found by their time"] == 3
        refused = dict(ahead.refused)
        assert refused.pop(10).startswith("No transfer and no drawn call has this id")
        assert refused == {
            3: "Two calls fit this time and this agent: name the one that is meant by its call id.",
            6: "No call fits this time and this agent.",
            7: "Line 2 of this file means the same call.",
            8: "“at ten” is no time of a call: write it as 2026-03-12 14:05:33.",
            9: "Beside the time, the row must name the agent, the number or the lead.",
        }
        assert ahead.changes[0][0] == "Line 2" and "10:00:05" in ahead.changes[0][1]
    client = Client()
    client.force_login(user)
    place = f"/e/{cast.engagement.public_id}/kpis/files/{sheet.public_id}/"
    page = client.get(place).text
    assert "Which call a line means that was found by its time" in page and "Two calls fit" in page
    with desk.at(user):
        assert outside_reviews.take_in_reviews(sheet=sheet, by=by).kept == 3
        kept = OutsideReview.objects.order_by("row_no").values_list("row_no", "score", "call_ref")
        assert [(row_no, score) for row_no, score, _ in kept] == [(2, 90), (4, 70), (5, 60)]
        assert kept[0][2] == "calls.csv, line 2"
