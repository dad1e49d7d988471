"""My work, portfolio and overview: what waits, for whom, in how many queries."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import ParticipantRole, Side
from accounts.seat import Seat
from engagements.services.comments import Place, mark_read, say
from milestones import services
from milestones.models import Glance, Milestone
from milestones.rules.waiting import Tally
from tenancy import context
from tests.factories import Cast, EngagementFactory, ParticipantFactory
from tests.milestones.scene import (
    CALENDAR,
    agree_date,
    as_person,
    brief_signed,
    finish_milestones,
    locked,
    on_day,
    pass_checks,
    planned,
    ready_for_day_10,
    roster_cleared,
)
from tests.milestones.test_pages import at, browser
from tests.stage import backstage
from workspace.selectors.portfolio import Row, portfolio, rows_of
from workspace.selectors.verdict import VerdictFacts, verdict
from workspace.selectors.work import my_work


@pytest.fixture(autouse=True)
def _day_5() -> Iterator[None]:
    with on_day(5):
        yield


def another_engagement(cast: Cast, number: int) -> None:
    """One more engagement between the same two organisations, with its plan."""
    with backstage():
        engagement = EngagementFactory(
            campaign=f"Campaign {number}", client=cast.client_organisation, operator=cast.operator_organisation,
            created_by=cast.campaign_manager,
        )  # fmt: skip
        for user, side, role in [
            (cast.campaign_manager, Side.OPERATOR, ParticipantRole.CAMPAIGN_MANAGER),
            (cast.client_lead, Side.CLIENT, ParticipantRole.CLIENT_LEAD),
        ]:
            ParticipantFactory(engagement=engagement, side=side, role=role, user=user)
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=engagement.pk):
        services.create_plan(engagement=engagement, by=cast.seat(cast.campaign_manager))


def portfolio_rows(seat: Seat) -> list[Row]:
    """The first page of the portfolio, brought up to date."""
    portfolio(seat)
    return rows_of(seat, {})[0]


def test_my_work_holds_what_i_own_by_urgency(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead):
        work = my_work(cast.seat(cast.client_lead))
    assert [(task.verb, task.title) for task in work.overdue] == [
        ("Lock", "Timeline"),
        ("Complete", "Give the operator access to the CRM"),
    ], "first what the other side waits for"
    assert [task.title for task in work.today] == []
    waits = {task.title: task.why for task in work.blocked}
    assert waits["Decide the campaign rules"] == "It waits for “Kickoff session held”, which is still open."
    assert waits["Sign the campaign brief"].endswith("sign the campaign brief first.")
    assert "Review the script" in waits
    assert waits["The client's login works"].startswith("Technical work cannot start before both sides")
    assert all(task.who != "Clara Lind" for task in work.waiting)
    assert "Hold the kickoff session" in [task.title for task in work.waiting]


def test_what_lies_behind_a_shut_gate_is_nobody_s_work_yet(cast: Cast) -> None:
    planned(cast)
    with on_day(29), as_person(cast, cast.closer_lead):
        work = my_work(cast.seat(cast.closer_lead))
    assert work.count == 0
    assert [task.title for task in work.blocked] == [
        "A transferred lead reaches a closer with the right briefing"
    ]


def test_a_gate_that_waits_for_my_signature_is_my_work(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    with as_person(cast, cast.client_lead):
        work = my_work(cast.seat(cast.client_lead))
        assert [(t.verb, t.title) for t in work.week] == [("Sign", "Gate day 10: Launch clearance")]
        services.sign_off(gate=gate, by=cast.seat(cast.client_lead), seen=gate.document_sha256)
        assert my_work(cast.seat(cast.client_lead)).count == 0
    with as_person(cast, cast.supervisor):
        assert my_work(cast.seat(cast.supervisor)).count == 0


def test_the_report_of_a_gate_is_built_once_nothing_else_is_open(cast: Cast) -> None:
    locked(cast)
    brief_signed(cast)
    roster_cleared(cast)
    pass_checks(cast)
    finish_milestones(cast, "day-10", but=("script-review",))
    with on_day(9), as_person(cast, cast.campaign_manager):
        assert my_work(cast.seat(cast.campaign_manager)).count == 0
    finish_milestones(cast, "day-10")
    with on_day(9):
        with as_person(cast, cast.campaign_manager):
            work = my_work(cast.seat(cast.campaign_manager))
        assert [(t.verb, t.title) for t in work.week] == [("Make", "Report of gate day 10: Launch clearance")]
        with as_person(cast, cast.client_lead):
            assert my_work(cast.seat(cast.client_lead)).count == 0


def test_a_gate_with_open_items_cannot_be_signed_yet(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    with backstage():
        Milestone.objects.filter(code="script-review").update(done_on=None, done_by=None)
    with on_day(9), as_person(cast, cast.client_lead):
        work = my_work(cast.seat(cast.client_lead))
    assert gate.document_sha256
    assert [(t.verb, t.why) for t in work.blocked] == [("Sign", "2 items are still open before it.")], (
        "and the report no longer tells the facts"
    )


def test_what_cannot_be_done_yet_says_what_it_waits_for(cast: Cast) -> None:
    planned(cast)
    page = browser(cast.client_lead).get("/").text
    held = page.split("Waiting for something else</h2>")[1].split("</table>")[0]
    assert "Both sides have to sign the campaign brief first." in held
    assert "btn" not in held


def test_a_brief_that_waits_for_my_signature_is_my_work(cast: Cast) -> None:
    locked(cast)
    brief_signed(cast, (Side.OPERATOR,))
    with as_person(cast, cast.client_lead):
        work = my_work(cast.seat(cast.client_lead))
        titles = [task.title for task in work.overdue]
        assert "Campaign brief signed by both sides" not in [task.title for task in work.blocked], "said once"
    assert "Campaign brief, version 1" in titles
    with as_person(cast, cast.campaign_manager):
        titles = [task.title for task in my_work(cast.seat(cast.campaign_manager)).overdue]
    assert "Campaign brief, version 1" not in titles


def test_when_the_launch_date_has_come_it_must_be_moved(cast: Cast) -> None:
    planned(cast)
    with on_day(11), as_person(cast, cast.campaign_manager):
        work = my_work(cast.seat(cast.campaign_manager))
    assert ("Move", "Launch date") in [(task.verb, task.title) for task in work.today]


def test_each_task_leads_straight_to_its_form(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.client_lead)
    page = client.get("/").text
    with backstage():
        item = Milestone.objects.get(code="script-review")
    assert f'href="{at(cast, f"plan/{item.public_id}/")}"' in page
    assert "Complete<span" in page


def test_the_portfolio_says_who_waits_for_whom(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead):
        ours = portfolio_rows(cast.seat(cast.client_lead))[0]
    with as_person(cast, cast.campaign_manager):
        theirs = portfolio_rows(cast.seat(cast.campaign_manager))[0]
    assert (ours.on_us, ours.on_them) == (theirs.on_them, theirs.on_us)
    assert (ours.other, theirs.other) == ("Northline Calling", "Harbour Homes")
    assert ours.on_us + ours.on_them == 21 + 20 + 5 + 1 - 5, (
        "and two locks of the timeline, a brief and a script that nobody has written, a roster without agents and "
        "the report; the five milestones that stand for one of these are no items of their own"
    )
    assert ours.look.funnel is None


def test_launches_are_counted_with_their_reasons_and_called_no_rate_while_few(cast: Cast) -> None:
    locked(cast)
    agree_date(cast, "launch", CALENDAR.launch + timedelta(days=2), reason="CRM access came late.")
    with as_person(cast, cast.campaign_manager):
        page = portfolio(cast.seat(cast.campaign_manager))
        assert (page.on_time.due, page.on_time.on_time) == (0, 0)
    with backstage():
        cast.engagement.refresh_from_db()
    shown = browser(cast.campaign_manager).get("/portfolio/").text
    assert "No engagement has launched yet." in shown
    assert "launch +2 days" in shown


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("show=slipped", False),
        ("show=us", True),
        ("q=spring", True),
        ("q=autumn", False),
        ("sort=x&show=y", True),
    ],
)
def test_the_portfolio_is_filtered_by_its_address(cast: Cast, query: str, shown: bool) -> None:
    planned(cast)
    page = browser(cast.client_lead).get(f"/portfolio/?{query}").text
    assert ("Spring windows</a>" in page) is shown
    assert ("Nothing matches" in page) is not shown


@pytest.mark.parametrize(("path", "most"), [("/", 42), ("/portfolio/", 42)])
def test_pages_across_engagements_need_the_same_queries_for_one_as_for_many(
    cast: Cast, path: str, most: int
) -> None:
    planned(cast)
    client = browser(cast.campaign_manager)
    client.get("/settings/")
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for number in range(4):
        another_engagement(cast, number)
    with backstage():
        Glance.objects.all().delete()
    with CaptureQueriesContext(connection) as many:
        page = client.get(path)
    assert "Campaign 3" in page.text
    assert len(many) == len(one) <= most


def test_the_overview_gives_the_verdict_and_what_is_next(cast: Cast) -> None:
    planned(cast)
    page = browser(cast.client_lead).get(at(cast)).text
    assert "On the way to the gate “Launch clearance” of day 10: 42 open items" in page
    assert "Hold the kickoff session" in page
    assert "No calls have been imported, so there is no data." in page
    assert "made the launch plan" in page


def test_without_a_plan_the_overview_leads_to_it(cast: Cast) -> None:
    page = browser(cast.client_lead).get(at(cast)).text
    assert "There is no plan yet." in page
    assert "Go to the plan" in page


def test_somebody_without_organisation_is_told_what_to_wait_for(cast: Cast) -> None:
    page = browser(cast.ex_member).get("/")
    assert (page.status_code, "You belong to no organisation yet." in page.text) == (200, True)


FACTS = VerdictFacts(True, True, "Baseline", 30, "open", Tally(client=1, operator=2), 0)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            FACTS,
            "On the way to the gate “Baseline” of day 30: 3 open items (1 with the client and 2 with the operator).",
        ),
        (
            VerdictFacts(False, False, "Launch clearance", 10, "held", Tally(operator=1), 1),
            "Waiting at day 10: the gate “Launch clearance” has not passed: 1 open item (1 with the operator); "
            "1 milestone is late; the timeline is not locked and the campaign brief is not signed.",
        ),
        (
            VerdictFacts(
                True, True, "Baseline", 30, "late", Tally(client=1, operator=1, calendar=1, beside=1), 2
            ),
            "The gate “Baseline” is late: 3 open items (1 with the client, 1 with the operator and 1 for the "
            "calendar), 1 of which blocks no gate; 2 milestones are late.",
        ),
        (
            VerdictFacts(
                True,
                True,
                "Baseline",
                30,
                "held",
                Tally(client=1),
                0,
                (("client", "Thu 26 Nov"),),
            ),
            "The client has paused the gate “Baseline” until Thu 26 Nov; 1 open item (1 with the client).",
        ),
        (VerdictFacts(True, True, "", 0, "passed", Tally(), 0), "All gates have passed."),
        (
            VerdictFacts(True, True, "", 0, "passed", Tally(client=1, beside=1), 0),
            "All gates have passed; 1 open item (1 with the client) that blocks no gate.",
        ),
    ],
)
def test_the_verdict_is_one_true_sentence(facts: VerdictFacts, sentence: str) -> None:
    assert verdict(facts) == sentence
    assert CALENDAR.kickoff == date(2026, 3, 2)


def test_a_mention_waits_in_my_work_until_it_is_read(cast: Cast) -> None:
    with context.entered(user_id=cast.client_lead.pk):
        said = say(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), about="plan", text="@Mara: when?",
            place=Place(f"/e/{cast.engagement.public_id}/plan/", "Plan"),
        )  # fmt: skip
    client = browser(cast.campaign_manager)
    page = client.get("/").text
    assert "Clara Lind mentioned you: Plan" in page
    assert f'href="/e/{cast.engagement.public_id}/plan/#comment-{said.public_id}"' in page
    assert "when?" not in page
    with context.entered(user_id=cast.campaign_manager.pk):
        mark_read(comment=said, by=cast.seat(cast.campaign_manager))
    assert "mentioned you" not in client.get("/").text


def test_what_waits_for_the_same_thing_stands_in_one_row(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.campaign_manager):
        work = my_work(cast.seat(cast.campaign_manager))
    reasons = [held.why for held in work.held]
    assert "Campaign rules decided (Clara Lind)" in reasons, "named, with who owes it"
    assert len(reasons) == len(set(reasons)) < len(work.blocked)
    assert sum(len(held.tasks) for held in work.held) == len(work.blocked)
    page = browser(cast.campaign_manager).get("/").text
    held = page.split("Waiting for something else</h2>")[1].split("</table>")[0]
    assert held.count("Technical work cannot start before both sides have signed the campaign brief.") == 1
    assert "<details" in held
