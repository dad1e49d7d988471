"""On-time launches per operator: from contracted and actual dates, no rate of a few, nothing of other clients."""

from datetime import date, timedelta

import pytest

from common.days import Calendar
from engagements.models import Engagement
from milestones import services
from milestones.rules.launches import MIN_LAUNCHES, Launch, launch_of, on_time_of, passed_late
from tests.factories import Cast, EngagementFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.milestones.scene import CALENDAR, agree_date, as_person, on_day, present, ready_for_day_10
from tests.milestones.test_pages import browser
from tests.stage import backstage

DAY = date(2026, 3, 12)
CONTRACTED = Calendar(date(2026, 3, 2), DAY, DAY)


def launches(on_time: int, late: int) -> list[Launch]:
    return [Launch(DAY, DAY)] * on_time + [Launch(DAY, DAY + timedelta(days=3))] * late


def test_a_launch_is_actual_once_its_gate_has_passed_and_its_date_has_come() -> None:
    assert launch_of(CONTRACTED, cleared=True, today=DAY) == Launch(DAY, DAY)
    assert launch_of(CONTRACTED, cleared=True, today=DAY - timedelta(days=1)) is None
    assert launch_of(CONTRACTED, cleared=False, today=DAY) is None
    assert launch_of(Calendar(date(2026, 3, 2), DAY), cleared=True, today=DAY) is None
    late = launch_of(CONTRACTED.with_launch(date(2026, 3, 15)), cleared=True, today=date(2026, 4, 1))
    assert late is not None
    assert (late.actual, late.on_time) == (date(2026, 3, 15), False)


def test_a_launch_that_is_overdue_counts_as_late_whatever_date_it_has_now() -> None:
    after = DAY + timedelta(days=1)
    assert launch_of(CONTRACTED, cleared=False, today=after) == Launch(DAY, None)
    moved = CONTRACTED.with_launch(DAY + timedelta(days=9))
    assert launch_of(moved, cleared=True, today=after) == Launch(DAY, None)
    said = on_time_of([*launches(9, 0), Launch(DAY, None)]).sentence
    assert said == "90.0% (9 of 10) launched on time, 1 overdue and not launched"


@pytest.mark.parametrize(
    ("on_time", "late", "words"),
    [
        (0, 0, "No engagement has launched yet"),
        (2, 1, "2 of 3 launched on time – too few for a percentage"),
        (
            MIN_LAUNCHES - 1,
            0,
            f"{MIN_LAUNCHES - 1} of {MIN_LAUNCHES - 1} launched on time – too few for a percentage",
        ),
        (MIN_LAUNCHES - 2, 2, "80.0% (8 of 10) launched on time"),
    ],
)
def test_a_rate_is_called_one_from_enough_launches_on(on_time: int, late: int, words: str) -> None:
    assert on_time_of([*launches(on_time, late), None]).sentence == words


def test_the_page_shows_the_launch_with_its_slips_beside_it(cast: Cast) -> None:
    ready_for_day_10(cast)
    with on_day(4):
        agree_date(cast, "launch", CALENDAR.launch + timedelta(days=2), reason="CRM access came late.")
    with backstage():
        cast.engagement.refresh_from_db()
    with on_day(10):
        gate = present(cast, version=2)
        for user in (cast.campaign_manager, cast.client_lead):
            with as_person(cast, user):
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
        before = browser(cast.client_lead).get("/operators/").text
        assert "No engagement has launched yet" in before
    with on_day(12):  # a day after the contracted launch, and two before the one that was agreed since
        overdue = browser(cast.client_lead).get("/operators/").text
        assert "0 of 1 launched on time, 1 overdue and not launched" in overdue
        assert "Overdue" in overdue
    with on_day(14):
        page = browser(cast.client_lead).get("/operators/").text
        portfolio = browser(cast.client_lead).get("/portfolio/").text
    for text in (page, portfolio):
        assert "0 of 1 launched on time – too few for a percentage" in text
        assert "CRM access came late." in text
    assert "by whose side it was on: client 2" in page
    assert "Northline Calling" in page


def test_a_client_learns_of_no_other_client_of_its_operator(cast: Cast) -> None:
    with backstage():
        other = OrganisationFactory(name="Secret Client")
        EngagementFactory(
            client=other, operator=cast.operator_organisation, campaign="Secret campaign",
            created_by=cast.campaign_manager, contracted_launch_on=DAY, launch_on=DAY, passed_day=10,
        )  # fmt: skip
        stranger = UserFactory()
        MembershipFactory(user=stranger, organisation=OrganisationFactory(name="Nobody Ltd"))
        assert Engagement.objects.count() == 2
    with on_day(20):
        mine = browser(cast.client_leader).get("/operators/").text
        own = browser(cast.operator_leader).get("/operators/").text
        none = browser(stranger).get("/operators/").text
    assert "Secret" not in mine
    assert "No engagement has launched yet" in mine
    assert "Secret campaign" in own
    assert "1 of 1 launched on time" in own
    assert "No operators yet" in none


def test_a_late_gate_says_how_much_of_it_came_with_the_launch() -> None:
    assert passed_late(0, with_launch=3) == passed_late(-1, with_launch=0) == ""
    assert passed_late(1, with_launch=0) == "1 day"
    assert passed_late(5, with_launch=3) == "5 days, 3 of them with the launch"
    assert passed_late(3, with_launch=3) == passed_late(3, with_launch=4) == "3 days, with the launch"
