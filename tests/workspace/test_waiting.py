"""What waits for whom is counted from the gate's own blockers: findings, baseline, brief and locks as well."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Side
from common import clock
from engagements.masking import OPEN
from engagements.models import BriefSignature, CampaignBrief, Participant
from kpis.models import Cause, Finding, Fix, WindowCount, WindowDay, WindowRules
from kpis.services.baseline import freeze_baseline
from kpis.services.windows import answer_day
from milestones import services
from milestones.links import url_of
from milestones.models import Gate
from milestones.rules.facts import Kind
from milestones.selectors.standing import Standing, standing_of
from milestones.selectors.waits import shown_waiting
from tests.factories import Cast
from tests.kpis import scene as kpis
from tests.kpis.scene import DAY_30
from tests.milestones.scene import (
    CALENDAR,
    as_person,
    finish_milestones,
    locked,
    on_day,
    pass_checks,
    planned,
    present,
    ready_for_day_10,
    roster_cleared,
)
from tests.milestones.test_pages import browser
from tests.stage import backstage
from tests.workspace.test_overviews import portfolio_rows
from workspace.selectors.duties import duties_of
from workspace.selectors.head import head_of
from workspace.selectors.overview import overview, shown
from workspace.selectors.work import my_work

ONLY_NEW_YORK = {
    "calling_hours": {
        "rows": [{"region": "New York", "code": "US-NY", "days": list(range(7)), "hours": [[540, 1200]]}]
    }
}


def launched(cast: Cast) -> None:
    """The day-10 gate has passed under a brief with targets, and weak calls are in."""
    with on_day(9):
        locked(cast)
        brief = kpis.sign_brief(cast)
        with backstage():
            for side in Side:
                BriefSignature.objects.create(
                    engagement=cast.engagement, brief=brief, side=side, user=cast.client_lead, name="Clara Lind",
                    organisation_name="Harbour Homes", signed_at=brief.signed_at, content_hash=brief.content_hash,
                    consent="yes",
                )  # fmt: skip
        roster_cleared(cast)
        pass_checks(cast)
        finish_milestones(cast, "day-10")
        gate = present(cast)
        for user in (cast.campaign_manager, cast.client_lead):
            with as_person(cast, user):
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
    kpis.write_import(cast, [11, 60])
    kpis.write_facts(cast, kpis.WEAK_DAY, [15, 16, 17, 40])
    finish_milestones(cast, "day-30")


def past_day_30(cast: Cast) -> None:
    """The baseline is frozen, its findings are answered and fixed, and the gate of day 30 has passed."""
    launched(cast)
    with on_day(30):
        with as_person(cast, cast.campaign_manager):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        with backstage():
            owner = Participant.objects.get(user=cast.campaign_manager)
            Finding.objects.update(state="fixing", answered_at=DAY_30)
            for finding in Finding.objects.all():
                cause = Cause.objects.create(
                    engagement=cast.engagement, finding=finding, text="Dialled too late in the day.", side="operator",
                    by=cast.campaign_manager, by_name="Mara Voss", at=DAY_30,
                )  # fmt: skip
                Fix.objects.create(
                    engagement=cast.engagement, finding=finding, cause=cause, action="Move the dialling to the morning",
                    owner=owner, due_on=DAY_30.date(), done_on=DAY_30.date(), created_by=cast.campaign_manager,
                )  # fmt: skip
        gate = present(cast, "day-30")
        for user in (cast.campaign_manager, cast.client_lead):
            with as_person(cast, user):
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
        finish_milestones(cast, "day-60")


def told(cast: Cast) -> tuple[str, str, dict[str, int]]:
    """What the overview, the head and the portfolio say."""
    with as_person(cast, cast.campaign_manager):
        cast.engagement.refresh_from_db()
        verdict = overview(standing_of(cast.engagement)).verdict
        row = portfolio_rows(cast.seat(cast.campaign_manager))[0]
        return verdict, head_of(cast.engagement).waiting_on, row.look.waiting


def test_locks_and_brief_are_waited_for_too(cast: Cast) -> None:
    with on_day(5):
        planned(cast)
        roster_cleared(cast)
        pass_checks(cast)
        finish_milestones(cast, "day-10")
        verdict, waiting_on, waiting = told(cast)
        assert waiting == {"client": 1, "operator": 3}, "the report is one of the operator's"
        assert waiting_on == "both sides, to lock the timeline"
        assert "4 open items (1 with the client and 3 with the operator)" in verdict
        assert "nothing is open" not in verdict


def test_a_date_that_nobody_has_answered_is_counted_alike_everywhere(cast: Cast) -> None:
    with on_day(5):
        locked(cast)
        before = told(cast)[2]
        with as_person(cast, cast.campaign_manager):
            standing = standing_of(cast.engagement)
            last = max(standing.milestones, key=lambda item: item.forecast_on)
            services.propose_date(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager), item=f"milestone-{last.code}",
                to_on=last.forecast_on + timedelta(days=2), reason="The closers are away that week.", side="client",
            )  # fmt: skip
        verdict, _, waiting = told(cast)
        assert waiting == {**before, "client": before["client"] + 1}
        assert f"{waiting['client']} with the client and {waiting['operator']} with the operator" in verdict
        with as_person(cast, cast.client_lead):
            page = overview(standing_of(cast.engagement))
        assert {part.side.value: len(part.items) for part in page.waits.sides} == waiting


def test_an_answer_without_a_day_of_its_own_says_since_when_it_is_waited_for(cast: Cast) -> None:
    with on_day(5):
        locked(cast)
        with as_person(cast, cast.campaign_manager):
            last = max(standing_of(cast.engagement).milestones, key=lambda item: item.forecast_on)
            services.propose_date(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager), item=f"milestone-{last.code}",
                to_on=last.forecast_on + timedelta(days=2), reason="The closers are away that week.", side="client",
            )  # fmt: skip
    with on_day(8):
        seen = browser(cast.client_lead)
        (row,) = [row for row in seen.get("/").text.split("<tr>") if "New date of" in row]
        assert "waiting since" in row and "Fri 6 Mar" in row and "Mon 9 Mar" not in row
        with as_person(cast, cast.client_lead):
            deeds = shown(standing_of(cast.engagement), OPEN).deeds
            assert [deed.since for deed in deeds if deed.verb == "Answer"] == [CALENDAR.date_of(5)]


def test_a_paused_gate_without_its_report_waits_for_both(cast: Cast) -> None:
    with on_day(8):
        ready_for_day_10(cast)
        with backstage():
            Gate.objects.filter(code="day-10").update(document_sha256="", document_version=None)
        with as_person(cast, cast.client_lead):
            gate = Gate.objects.get(engagement=cast.engagement, code="day-10")
            services.hold_gate(
                gate=gate, by=cast.seat(cast.client_lead), reason="Our closers read it first.",
                until=CALENDAR.date_of(10),
            )  # fmt: skip
        assert told(cast)[1] == "the operator, who makes its report, and the client, who paused the gate"


def test_a_baseline_that_is_not_frozen_is_waited_for_and_then_the_findings(cast: Cast) -> None:
    launched(cast)
    with on_day(30):
        verdict, waiting_on, waiting = told(cast)
        assert (waiting_on, waiting) == ("the operator", {"client": 0, "operator": 2})
        assert "2 open items (2 with the operator)" in verdict
        with as_person(cast, cast.campaign_manager):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        verdict, waiting_on, waiting = told(cast)
        assert (waiting_on, waiting) == ("the operator", {"client": 0, "operator": 3})
        assert "3 open items (3 with the operator)" in verdict


def test_a_review_that_nobody_has_opened_is_waited_for(cast: Cast) -> None:
    past_day_30(cast)
    with on_day(30):
        assert told(cast)[1:] == ("the operator", {"client": 0, "operator": 2}), "the plan and the report"
    with on_day(60):
        verdict, waiting_on, waiting = told(cast)
        assert (waiting_on, waiting) == ("the operator", {"client": 0, "operator": 3}), "and the contact rate"
        assert "3 open items (3 with the operator)" in verdict


def test_calls_before_the_launch_are_in_no_funnel_of_the_overview_or_the_portfolio(cast: Cast) -> None:
    launched(cast)
    kpis.write_facts(cast, kpis.GOOD_DAY, [9])
    with on_day(30), as_person(cast, cast.campaign_manager):
        cast.engagement.refresh_from_db()
        page = overview(standing_of(cast.engagement))
        row = portfolio_rows(cast.seat(cast.campaign_manager))[0]
    assert page.funnel is not None
    assert row.look.funnel is not None
    assert page.funnel.first == cast.engagement.launch_on
    assert page.funnel.dials == row.look.funnel.dials == 4 * kpis.WEAK_DAY[0]


def test_the_timeline_is_to_be_locked_from_the_day_on_which_there_is_a_plan(cast: Cast) -> None:
    with on_day(-15):
        planned(cast)
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                first = my_work(cast.seat(user)).today[0]
                assert (first.verb, first.title) == ("Lock", "Timeline")
                assert first.due == CALENDAR.due(3), "the day that the plan says"
                assert next_said(cast, user) == ("Lock", "Timeline")


def test_what_is_next_for_somebody_is_the_first_line_of_their_work(cast: Cast) -> None:
    with on_day(5):
        planned(cast)
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                work = my_work(cast.seat(user))
                first = (*work.overdue, *work.today, *work.week)[0]
                assert next_said(cast, user) == (first.verb, first.title)


def test_an_owner_sees_what_is_late_while_it_waits_for_the_other_side(cast: Cast) -> None:
    with on_day(5):
        locked(cast)
    with on_day(20), as_person(cast, cast.campaign_manager):
        seat, standing = cast.seat(cast.campaign_manager), standing_of(cast.engagement)
        late = next(
            item
            for item in standing.milestones
            if item.gate_code == "day-30"
            and item.forecast_on < standing.today
            and item.owner == own(standing, cast)
        )
        before = {task.title: task for task in my_work(seat).blocked}[standing.todo_of(late)]
        assert (before.when, before.why[:9]) == ("overdue", "The gate ")
        services.propose_date(
            engagement=cast.engagement, by=seat, item=f"milestone-{late.code}",
            to_on=standing.today + timedelta(days=4), reason="The closers were away for the week.", side="client",
        )  # fmt: skip
        asked = {task.title: task for task in my_work(seat).blocked}[standing.todo_of(late)]
        assert asked.whys[0].endswith("waits for the client’s answer.")
        waiting = shown_waiting(standing_of(cast.engagement))
        assert str(late.public_id) not in {item.target for item in waiting.beside}, "the answer is the item"


def test_every_item_is_cleared_by_a_duty_of_its_side(cast: Cast) -> None:
    with on_day(5):
        planned(cast)
        with as_person(cast, cast.campaign_manager):
            standing = standing_of(cast.engagement)
            waiting = shown_waiting(standing)
            duties = duties_of([standing], {cast.engagement.pk: waiting})[cast.engagement.pk]
    assert sum(duty.counts for duty in duties) == waiting.tally.total
    assert ("Write", "Campaign brief") in [(duty.verb, duty.title) for duty in duties]
    assert ("Certify", "Agents who may not dial yet") in [(duty.verb, duty.title) for duty in duties]


def judged(cast: Cast, day: int, place: str = "US-NY", violations: int = 0) -> None:
    """Calls of a day are judged by their windows, which leaves no line of the trail."""
    on = kpis.day_of(cast, day)
    with backstage():
        rules, _ = WindowRules.objects.get_or_create(
            engagement=cast.engagement, digest="0" * 64, defaults={"content": {}, "at": clock.now()}
        )
        WindowDay.objects.filter(engagement=cast.engagement, day=on).delete()
        WindowDay.objects.create(
            engagement=cast.engagement, day=on, rules=rules, calls=3, judged_at=clock.now()
        )
        WindowCount.objects.create(
            engagement=cast.engagement, day=on, place=place, allowed=3 - violations, violations=violations,
            possibles=0, unknowns=0, exempt=0, conflicts=0,
        )  # fmt: skip


@pytest.mark.parametrize("passed", [False, True], ids=["before day 30", "its gate has passed"])
def test_calls_outside_of_their_windows_wait_for_an_answer_after_the_launch_too(
    cast: Cast, passed: bool
) -> None:
    (past_day_30 if passed else launched)(cast)
    if passed:
        with backstage():
            CampaignBrief.objects.create(
                engagement=cast.engagement, version=2, content_hash="b" * 64, created_by=cast.campaign_manager,
                terms=ONLY_NEW_YORK, signed_at=DAY_30,
            )  # fmt: skip
    with on_day(31 if passed else 29):
        before = told(cast)[2]
        judged(cast, 20, violations=2)
        waiting = told(cast)[2]
        assert waiting == {**before, "operator": before["operator"] + 1}
        for user in (cast.campaign_manager, cast.supervisor):
            with as_person(cast, user):
                work = my_work(cast.seat(user))
                (task,) = [each for each in (*work.overdue, *work.today) if "outside" in each.title]
                assert (task.verb, task.title) == ("Answer", "2 calls outside of their windows on Sat 21 Mar")
        if passed:
            judged(cast, 21, place="US-IN")
            waiting = told(cast)[2]
            assert waiting == {**before, "operator": before["operator"] + 2}, "a day is one item"
        with as_person(cast, cast.supervisor):
            standing = standing_of(cast.engagement)
            items = [each for each in shown_waiting(standing).beside if each.kind == Kind.WINDOWS]
            assert len(items) == 1 + passed
            assert url_of(items[0], cast.engagement).endswith("/windows/#day-20260321")
            for day in standing.outside_days:
                answer_day(
                    engagement=cast.engagement, by=cast.seat(cast.supervisor), day=day.day, seen=day.calls,
                    cause="The list was old.", action="It was taken out of use.", done_on=day.day,
                )  # fmt: skip
        assert told(cast)[2] == before


def test_the_gate_that_asks_for_the_dials_of_the_launch_counts_them_alone(cast: Cast) -> None:
    launched(cast)
    with on_day(20):
        before = told(cast)[2]
        judged(cast, 12, violations=1)
        assert told(cast)[2] == {**before, "operator": before["operator"] + 1}
        with as_person(cast, cast.supervisor):
            waiting = shown_waiting(standing_of(cast.engagement))
            assert [each.kind for each in waiting.items].count(Kind.WINDOWS) == 1
            assert Kind.WINDOWS not in [each.kind for each in waiting.beside]


def own(standing: Standing, cast: Cast) -> Participant:
    return next(person for person in standing.people if person.user_id == cast.campaign_manager.pk)


def next_said(cast: Cast, user: User) -> tuple[str, str] | None:
    """What the overview calls next for this person."""
    seat = Client()
    seat.force_login(user)
    page = seat.get(f"/e/{cast.engagement.public_id}/").text
    found = re.search(r"Next for us –</span> <strong>(.*?):</strong> (.*?), ", page)
    return (found[1], html.unescape(found[2])) if found else None


def test_what_is_due_later_has_a_list_of_its_own(cast: Cast) -> None:
    with on_day(-15):
        planned(cast)
        page = browser(cast.campaign_manager).get("/").text
        assert 'href="?list=later"' in page
        later = browser(cast.campaign_manager).get("/?list=later")
    assert later.status_code == 200
    assert "Later than this week" in later.text
    assert "Hold the kickoff session" in later.text
