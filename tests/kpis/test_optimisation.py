"""Days 31 to 60: one plan that both sides agree to, its verdict frozen, scaling only while targets hold."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from common.errors import Refused
from engagements.models import Engagement, Participant
from kpis.bottleneck import bottleneck, stages_of
from kpis.funnel import Verdict
from kpis.models import EffectCheck, Finding, OptimisationPlan, PlanAgreement, ScalingProposal
from kpis.selectors import baseline
from kpis.selectors import optimisation as reads
from kpis.services.baseline import freeze_baseline
from kpis.services.findings import FixDraft, add_fix, answer, mark_done
from kpis.services.optimisation import (
    agree_to_plan,
    answer_scaling,
    propose_plan,
    propose_scaling,
    record_verdict,
)
from tenancy.context import Scope
from tests.factories import Cast
from tests.kpis.scene import DAY_30, GOOD_DAY, WEAK_DAY, sign_brief, write_facts
from tests.milestones.test_pages import browser
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]
DAY_31, DAY_45, DAY_50 = "2026-04-01T16:00:00Z", "2026-04-15T13:00:00Z", "2026-04-20T16:00:00Z"
CAUSE = "The aged list is dialled in the morning, when its owners are at work"
ACTION = "Dial the aged list from 17:00 to 20:00 local time"


@pytest.fixture
def finding(cast: Cast, entered: Enter) -> Iterator[Finding]:
    """The contact rate below target, answered on day 30 with a fix done that day, and the gate passed."""
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    with backstage():
        owner = Participant.objects.get(engagement=cast.engagement, user=cast.supervisor)
    seat = cast.seat(cast.campaign_manager)
    with time_machine.travel(DAY_30, tick=False), entered(cast.campaign_manager):
        freeze_baseline(engagement=cast.engagement, by=seat)
        for found in Finding.objects.all():
            draft = FixDraft(ACTION, owner, due_on=date(2026, 4, 10))
            answer(finding=found, by=seat, root_cause=CAUSE, side="shared", fix=draft)
        found = Finding.objects.get(metric_key="contact_rate")
        mark_done(fix=found.fixes.get(), by=seat, done_on=date(2026, 3, 31))
    with backstage():
        Engagement.objects.update(passed_day=30)
        cast.engagement.refresh_from_db()
    with time_machine.travel(DAY_31, tick=False):
        yield found


def chosen(cast: Cast) -> Finding:
    """The finding of the computed bottleneck: the show rate, 8 of 15 against 65%."""
    return Finding.objects.get(metric_key="show_rate")


def proposed(cast: Cast, finding: Finding, *, expected: str = "0.12", reason: str = "") -> OptimisationPlan:
    seat = cast.seat(cast.campaign_manager)
    return propose_plan(
        engagement=cast.engagement, by=seat, finding=finding, expected=Decimal(expected), reason=reason
    )


def fix_owner(cast: Cast) -> Participant:
    return Participant.objects.get(engagement=cast.engagement, user=cast.supervisor)


def agreed(cast: Cast, entered: Enter, finding: Finding) -> OptimisationPlan:
    """A plan against the contact rate, for a written reason, agreed by both sides."""
    with entered(cast.campaign_manager):
        plan = proposed(cast, finding, reason="The closers are replaced in May anyway")
    for user in (cast.campaign_manager, cast.client_lead):
        with entered(user):
            plan = agree_to_plan(plan=plan, by=cast.seat(user), seen=plan.content_hash)
    return plan


def test_another_stage_than_the_computed_one_needs_a_written_reason(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    with entered(cast.campaign_manager):
        with pytest.raises(Refused, match=r"The figures name “Show rate”\. Say in writing"):
            proposed(cast, finding)
        plan = proposed(cast, chosen(cast), expected="0.65")
        assert (plan.computed_key, plan.reason) == ("show_rate", "")
        first = plan.content["bottleneck"]["candidates"][0]
        assert (first["key"], first["chance"] > 0.3) == ("show_rate", True)
        other = proposed(cast, finding, reason="The closers are replaced in May anyway")
        assert (other.number, OptimisationPlan.objects.filter(ended_at=None).count()) == (2, 1)


def test_a_plan_promises_something_better_and_rests_on_an_answer(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    with entered(cast.campaign_manager):
        with pytest.raises(Refused, match="promises a better rate"):
            proposed(cast, chosen(cast), expected="0.30")
        Finding.objects.filter(metric_key="show_rate").update(state="reopened", answered_at=None)
        with pytest.raises(Refused, match="has no answer yet"):
            proposed(cast, chosen(cast), expected="0.65")
    with entered(cast.supervisor), pytest.raises(Refused, match="may not propose and agree"):
        propose_plan(
            engagement=cast.engagement,
            by=cast.seat(cast.supervisor),
            finding=finding,
            expected=Decimal("0.2"),
        )


def test_both_sides_agree_to_what_they_saw_and_then_nothing_changes(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    with entered(cast.campaign_manager):
        plan = proposed(cast, chosen(cast), expected="0.65")
        with pytest.raises(Refused, match="has changed since this page was opened"):
            agree_to_plan(plan=plan, by=cast.seat(cast.campaign_manager), seen="0" * 64)
        plan = agree_to_plan(plan=plan, by=cast.seat(cast.campaign_manager), seen=plan.content_hash)
        assert plan.agreed_at is None
        with pytest.raises(Refused, match="has agreed to plan 1 already"):
            agree_to_plan(plan=plan, by=cast.seat(cast.campaign_manager), seen=plan.content_hash)
    with entered(cast.client_lead):
        plan = agree_to_plan(plan=plan, by=cast.seat(cast.client_lead), seen=plan.content_hash)
        assert plan.agreed_at is not None
        with pytest.raises(Refused, match=r"agreed to a plan\. It stays"):
            proposed(cast, finding, reason="Something else seems better now")
        with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
            OptimisationPlan.objects.update(content={})


def test_agreeing_bears_a_name_and_asks_for_the_password_again(
    cast: Cast, entered: Enter, finding: Finding, client: Client
) -> None:
    with entered(cast.campaign_manager):
        plan = proposed(cast, chosen(cast), expected="0.65")
    page = reverse("kpis:optimisation", args=[cast.engagement.public_id])
    agree = reverse("kpis:agree_plan", args=[cast.engagement.public_id, plan.public_id])
    client.force_login(cast.client_lead)
    long_ago = client.post(agree, {"seen": plan.content_hash})
    assert long_ago["Location"].startswith("/account/reauthenticate/")
    with backstage():
        assert not PlanAgreement.objects.exists()
    assert browser(cast.client_lead).post(agree, {"seen": plan.content_hash})["Location"] == page
    with backstage():
        assert PlanAgreement.objects.get().side == "client"


def test_the_second_side_agrees_to_what_the_first_agreed_to_or_not_at_all(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    manager, lead = cast.seat(cast.campaign_manager), cast.seat(cast.client_lead)
    with entered(cast.campaign_manager):
        plan = proposed(cast, chosen(cast), expected="0.65")
        agree_to_plan(plan=plan, by=manager, seen=plan.content_hash)
        cause = chosen(cast).causes.get()
        more = FixDraft("Call each lead back within the hour", fix_owner(cast), due_on=date(2026, 4, 20))
        add_fix(cause=cause, by=manager, fix=more)
    with entered(cast.client_lead), pytest.raises(Refused, match="have changed since plan 1 was proposed"):
        agree_to_plan(plan=plan, by=lead, seen=plan.content_hash)
    client = browser(cast.client_lead)
    page = client.get(f"/e/{cast.engagement.public_id}/kpis/optimisation/").text
    assert "propose it again, so that both sides agree to the same" in page
    baseline = page.partition('data-label="Baseline">')[2].partition("</td>")[0]
    assert " of " in baseline and "–" in baseline, "a rate stands with its counts and its interval"
    assert f'value="{plan.content_hash}"' not in page, "there is nothing to agree to"
    with entered(cast.campaign_manager):
        again = proposed(cast, chosen(cast), expected="0.65")
        agree_to_plan(plan=again, by=manager, seen=again.content_hash)
    with entered(cast.client_lead):
        assert agree_to_plan(plan=again, by=lead, seen=again.content_hash).agreed_at is not None


def test_a_replaced_proposal_cannot_be_agreed_to(cast: Cast, entered: Enter, finding: Finding) -> None:
    with entered(cast.campaign_manager):
        old = proposed(cast, chosen(cast), expected="0.65")
        proposed(cast, chosen(cast), expected="0.70")
        with pytest.raises(Refused, match="taken the place of plan 1"):
            agree_to_plan(plan=old, by=cast.seat(cast.campaign_manager), seen=old.content_hash)


def test_no_verdict_before_the_morning_of_day_45(cast: Cast, entered: Enter, finding: Finding) -> None:
    plan = agreed(cast, entered, finding)
    write_facts(cast, GOOD_DAY, range(31, 46))
    with (
        entered(cast.campaign_manager),
        time_machine.travel("2026-04-14T23:00:00Z", tick=False),
        pytest.raises(Refused, match="the plan is judged from that morning on"),
    ):
        record_verdict(plan=plan, by=cast.seat(cast.campaign_manager))


def test_moved_keeps_the_plan_with_its_numbers_frozen(cast: Cast, entered: Enter, finding: Finding) -> None:
    plan = agreed(cast, entered, finding)
    write_facts(cast, GOOD_DAY, range(31, 46))
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager), time_machine.travel(DAY_45, tick=False):
        check = record_verdict(plan=plan, by=seat)
        assert (check.verdict, check.before_numerator, check.before_denominator) == ("moved", 1000, 10000)
        assert (check.after_numerator, check.after_denominator, check.first_day) == (
            1050,
            7500,
            date(2026, 4, 1),
        )
        assert 0.03 < check.low < 0.04 < check.high < 0.051
        with pytest.raises(Refused, match="has its verdict"):
            record_verdict(plan=plan, by=seat)
        with pytest.raises(DatabaseError), transaction.atomic():
            EffectCheck.objects.update(verdict="not_moved")


def test_not_moved_reopens_the_cause_and_asks_for_a_new_plan(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    plan = agreed(cast, entered, finding)
    write_facts(cast, WEAK_DAY, range(31, 46))
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager), time_machine.travel(DAY_45, tick=False):
        assert record_verdict(plan=plan, by=seat).verdict == "not_moved"
        assert Finding.objects.get(pk=finding.pk).state == "reopened"
        needs = reads.plan_needs(cast.engagement)
        assert (needs.plan, needs.replaced) == (None, True)
        owner = Participant.objects.get(engagement=cast.engagement, user=cast.supervisor)
        again = Finding.objects.get(pk=finding.pk)
        draft = FixDraft("Register the caller ID with the carriers", owner, due_on=date(2026, 4, 25))
        answer(
            finding=again, by=seat, root_cause="The caller ID is labelled as spam", side="operator", fix=draft
        )
        plan = proposed(cast, again, reason="The closers are replaced in May anyway")
        assert (plan.number, plan.content["causes"][0]["text"]) == (2, "The caller ID is labelled as spam")


def test_too_little_data_says_how_much_is_missing_and_may_be_looked_at_again(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    plan = agreed(cast, entered, finding)
    write_facts(cast, (60, 7, 4, 3, 2, 1), range(31, 34))
    with entered(cast.client_lead), time_machine.travel(DAY_45, tick=False):
        seat = cast.seat(cast.client_lead)
        check = record_verdict(plan=plan, by=seat)
        assert check.verdict == "too_little"
        assert check.needed
        assert check.needed_days
        assert record_verdict(plan=plan, by=seat).pk != check.pk


def scaled(cast: Cast, user: object, **changes: object) -> ScalingProposal:
    asked = {"agents": 2, "leads_a_day": None, "campaign_type": "", "why": "All targets hold for two weeks"}
    return propose_scaling(engagement=cast.engagement, by=cast.seat(user), **(asked | changes))


def test_scaling_is_locked_by_the_day_and_by_each_target_that_is_not_held(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    write_facts(cast, (500, 70, 28, 20, 8, 2), range(31, 50))
    with entered(cast.campaign_manager):
        with time_machine.travel("2026-04-19T16:00:00Z", tick=False), pytest.raises(Refused) as refusal:
            scaled(cast, cast.campaign_manager)
        assert any("Day 50 is Mon 20 Apr" in reason for reason in refusal.value.reasons)
        with time_machine.travel(DAY_50, tick=False), pytest.raises(Refused) as refusal:
            scaled(cast, cast.campaign_manager)
        assert refusal.value.reasons == ["“Show rate” is below its target."]


def test_scaling_while_every_target_holds_is_answered_by_the_other_side(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    write_facts(cast, GOOD_DAY, range(31, 50))
    with time_machine.travel(DAY_50, tick=False):
        with entered(cast.campaign_manager):
            with pytest.raises(Refused, match="Say what is scaled"):
                scaled(cast, cast.campaign_manager, agents=None)
            proposal = scaled(cast, cast.campaign_manager)
            with pytest.raises(Refused, match="waits for its answer already"):
                scaled(cast, cast.campaign_manager)
            with pytest.raises(Refused, match="The other side answers"):
                answer_scaling(proposal=proposal, by=cast.seat(cast.campaign_manager), accepted=True)
        with entered(cast.client_lead):
            lead = cast.seat(cast.client_lead)
            with pytest.raises(Refused, match="Say why the proposal is declined"):
                answer_scaling(proposal=proposal, by=lead, accepted=False)
            answered = answer_scaling(
                proposal=proposal, by=lead, accepted=False, why="Our closers cannot take more before June"
            )
            assert answered.answer == "declined"
            with pytest.raises(Refused, match="was declined already"):
                answer_scaling(proposal=proposal, by=lead, accepted=True)


def test_what_no_longer_holds_cannot_be_accepted(cast: Cast, entered: Enter, finding: Finding) -> None:
    write_facts(cast, GOOD_DAY, range(31, 50))
    with entered(cast.campaign_manager), time_machine.travel(DAY_50, tick=False):
        proposal = scaled(cast, cast.campaign_manager)
    write_facts(cast, (5000, 200, 80, 60, 40, 8), range(50, 58))
    with (
        entered(cast.client_lead),
        time_machine.travel("2026-04-28T16:00:00Z", tick=False),
        pytest.raises(Refused, match="“Contact rate” is below its target"),
    ):
        answer_scaling(proposal=proposal, by=cast.seat(cast.client_lead), accepted=True)


def test_scaling_after_day_60_looks_at_the_days_since(cast: Cast, entered: Enter, finding: Finding) -> None:
    write_facts(cast, GOOD_DAY, range(31, 61))
    write_facts(cast, WEAK_DAY, range(61, 80))
    with entered(cast.client_lead):
        with time_machine.travel("2026-04-30T16:00:00Z", tick=False):
            assert not reads.scaling_facts(cast.engagement).missed
        with time_machine.travel("2026-05-19T16:00:00Z", tick=False):
            assert "Contact rate" in reads.scaling_facts(cast.engagement).missed


def test_the_order_in_which_a_brief_names_its_metrics_changes_no_bottleneck(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    with entered(cast.client_lead):
        frozen = baseline(cast.engagement)
        assert frozen is not None
        rates = frozen.funnel.stages
        own = replace(
            rates[0], key="csat", label="Satisfaction", numerator=None, denominator=None, value=None,
            verdict=Verdict.NO_DATA,
        )  # fmt: skip
    usual = bottleneck(stages_of([*rates, own]), seed=1)
    assert usual.first is not None
    assert bottleneck(stages_of([own, *reversed(rates)]), seed=1) == usual
