"""A process that is not calling: its playbook says nothing of dialling and goes through creation, lock and gate 10."""

import re

import pytest
from django.test import Client

from accounts.roles import Side
from common.errors import Refused
from engagements.models import BriefSignature, CampaignBrief, Engagement, Participant
from kpis.models import Finding
from kpis.services.baseline import freeze_baseline
from kpis.services.findings import FixDraft, answer
from kpis.services.totals import enter_totals
from kpis.totals import Total
from milestones import playbook, services
from milestones.models import Gate, Milestone, Plan, ReadinessCheck
from milestones.rules.plans import milestone_completion_blockers
from milestones.selectors.standing import standing_of
from milestones.services.proof import completion_facts
from reports.models import Kind
from reports.render import compose, paper_html
from reports.selectors.snapshot import take_snapshot
from tests.factories import Cast
from tests.kpis.scene import day_of
from tests.milestones.scene import (
    CALENDAR,
    NOTE,
    as_person,
    finish_milestones,
    gate_of,
    on_day,
    owner_of,
    pass_checks,
    present,
    roster_cleared,
)
from tests.stage import backstage

TARGETS = {
    "turnaround_in_time": "0.9", "average_turnaround": "24", "first_pass_quality": "0.95", "accuracy": "0.95",
    "backlog": "10",
}  # fmt: skip
LATER = CALENDAR.date_of(45)
BACK_OFFICE = playbook.load("back-office-90-days")
CALLING_WORDS = re.compile(
    r"\b(dial\w*|call(s|ing|ed)?|agents?|scripts?|leads? |closers?|transfers?|voicemail|SMS)\b", re.I
)


def begun(cast: Cast) -> Plan:
    """The cast's engagement with a plan from the back-office playbook, locked by both sides."""
    with as_person(cast, cast.campaign_manager):
        plan = services.create_plan(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), playbook=BACK_OFFICE.code
        )
    for user in (cast.campaign_manager, cast.client_lead):
        with as_person(cast, user):
            seen = standing_of(cast.engagement).digest
            plan = services.lock_plan(engagement=cast.engagement, by=cast.seat(user), seen=seen)
    return plan


def signed(cast: Cast) -> None:
    """The first draft of the brief, signed by both sides."""
    with backstage():
        brief = CampaignBrief.objects.get(engagement=cast.engagement)
        for side in Side:
            BriefSignature.objects.create(
                engagement=cast.engagement, brief=brief, side=side, user=cast.client_lead, name="Clara Lind",
                organisation_name="Harbour Homes", signed_at=brief.created_at, content_hash=brief.content_hash,
                consent="yes",
            )  # fmt: skip
        CampaignBrief.objects.filter(pk=brief.pk).update(signed_at=brief.created_at)


def test_it_is_about_cases_and_not_about_calls() -> None:
    texts = [BACK_OFFICE.title, BACK_OFFICE.line, *(phase.title for phase in BACK_OFFICE.phases)]
    texts += [text for item in BACK_OFFICE.owned() for text in (item.title, item.evidence)]
    texts += [text for review in BACK_OFFICE.reviews for text in (review.title, *review.agenda)]
    assert [text for text in texts if CALLING_WORDS.search(text)] == []


def test_it_has_the_same_frame_and_its_own_metrics() -> None:
    calling = playbook.load(playbook.USUAL)
    assert [(p.code, p.first_day, p.last_day) for p in BACK_OFFICE.phases] == [
        (p.code, p.first_day, p.last_day) for p in calling.phases
    ]
    assert [(gate.code, gate.day) for gate in BACK_OFFICE.gates] == [(g.code, g.day) for g in calling.gates]
    assert {metric.code for metric in BACK_OFFICE.metrics} == {
        "turnaround-in-time", "average-turnaround", "first-pass-quality", "accuracy", "backlog",
    }  # fmt: skip


def test_the_brief_starts_with_the_metrics_of_the_playbook(cast: Cast) -> None:
    begun(cast)
    with as_person(cast, cast.client_lead):
        brief = CampaignBrief.objects.get(engagement=cast.engagement)
        found = {metric.key: (metric.unit, metric.direction) for metric in brief.metrics.all()}
    assert found["average_turnaround"] == ("hours", "down")
    assert found["first_pass_quality"] == ("percent", "up")
    assert "contact_rate" not in found


def test_technical_work_waits_for_the_brief_and_its_checks(cast: Cast) -> None:
    begun(cast)
    assert BACK_OFFICE.technical_areas() == {"access", "intake", "reporting", "parallel_run"}
    with on_day(5), as_person(cast, cast.campaign_manager):
        standing = standing_of(cast.engagement)
        item = next(each for each in standing.milestones if each.code == "intake-built")
        said = [
            str(b)
            for b in milestone_completion_blockers(
                completion_facts(standing, item, by_side="operator", brought=1)
            )
        ]
        assert any("signed the campaign brief" in text for text in said)
        assert any("“Each channel opens a case”" in text for text in said)


def test_one_check_is_tested_and_one_milestone_completed(cast: Cast) -> None:
    begun(cast)
    signed(cast)
    with on_day(5), as_person(cast, cast.supervisor):
        check = ReadinessCheck.objects.get(engagement=cast.engagement, code="access-logins")
        result = services.record_check(
            check=check, by=cast.seat(cast.supervisor), passed=True, note="All twelve are in", proof=NOTE
        )
        assert result.passed
    with on_day(5), as_person(cast, cast.campaign_manager):
        item = Milestone.objects.get(engagement=cast.engagement, code="kickoff")
        user = owner_of(cast, item)
        assert services.complete_milestone(milestone=item, by=cast.seat(user), proof=NOTE).done_on


def test_every_page_and_the_launch_plan_are_about_its_own_work(cast: Cast, client: Client) -> None:
    begun(cast)
    client.force_login(cast.campaign_manager)
    home = f"/e/{cast.engagement.public_id}"
    with on_day(4):
        for page in ("/plan/", "/setup/", "/gates/", "/", "/brief/"):
            assert client.get(f"{home}{page}").status_code == 200, page
        plan = client.get(f"{home}/plan/").text
        assert "Work intake and routing built" in plan and "Go-live and baseline" in plan
        assert "Parallel run" in client.get(f"{home}/setup/").text
        with as_person(cast, cast.campaign_manager):
            snapshot = take_snapshot(
                Engagement.objects.get(pk=cast.engagement.pk), Kind.LAUNCH_PLAN, version=1
            )
        assert {phase.name for phase in snapshot.phases} == {phase.title for phase in BACK_OFFICE.phases}


def test_the_day_10_gate_passes(cast: Cast) -> None:
    begun(cast)
    signed(cast)
    roster_cleared(cast)  # processors, certified on the work instructions
    pass_checks(cast)
    finish_milestones(cast, "day-10")
    with on_day(10):
        gate = present(cast)
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                gate = services.sign_off(
                    gate=gate_of(cast, "day-10"), by=cast.seat(user), seen=gate.document_sha256
                )
        assert gate.passed_at is not None


def own_targets(cast: Cast) -> CampaignBrief:
    """The draft of the brief with a target for each metric of its playbook."""
    with backstage():
        brief = CampaignBrief.objects.get(engagement=cast.engagement)
        for key, target in TARGETS.items():
            brief.metrics.filter(key=key).update(target=target)
    return brief


def totals_of(cast: Cast, days: range, in_time: int = 95) -> None:
    """Totals of each metric on these days, entered by the campaign manager."""
    with as_person(cast, cast.campaign_manager):
        enter_totals(
            engagement=cast.engagement,
            by=cast.seat(cast.campaign_manager),
            totals=[
                total
                for number in days
                for total in (
                    Total("turnaround_in_time", day_of(cast, number), in_time, 100),
                    Total("average_turnaround", day_of(cast, number), 2000, 100),
                    Total("first_pass_quality", day_of(cast, number), 97, 100),
                    Total("accuracy", day_of(cast, number), 49, 50),
                    Total("backlog", day_of(cast, number), 4, 1),
                )
            ],
        )


def sign(cast: Cast, code: str) -> Gate:
    gate = present(cast, code)
    for user in (cast.client_lead, cast.campaign_manager):
        with as_person(cast, user):
            gate = services.sign_off(gate=gate_of(cast, code), by=cast.seat(user), seen=gate.document_sha256)
    return gate


def test_its_gates_pass_on_totals_without_a_single_call(cast: Cast, client: Client) -> None:
    begun(cast)
    own_targets(cast)
    signed(cast)
    roster_cleared(cast)
    pass_checks(cast)
    finish_milestones(cast, "day-10")
    with on_day(10):
        assert sign(cast, "day-10").passed_at
    seat = cast.seat(cast.campaign_manager)
    with on_day(31):
        with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="No totals are entered"):
            freeze_baseline(engagement=cast.engagement, by=seat)
        totals_of(cast, range(11, 31), in_time=80)
        with as_person(cast, cast.campaign_manager):
            baseline = freeze_baseline(engagement=cast.engagement, by=seat)
            [finding] = Finding.objects.filter(engagement=cast.engagement)
            assert (finding.metric_key, finding.numerator, finding.denominator) == (
                "turnaround_in_time", 1600, 2000,
            )  # fmt: skip
            owner = Participant.objects.get(engagement=cast.engagement, user=cast.campaign_manager)
            answer(
                finding=finding, by=seat, root_cause="Invoices without an order number wait two days for the client",
                side="client", fix=FixDraft("Send cases without an order number back on the same day", owner, LATER),
            )  # fmt: skip
        finish_milestones(cast, "day-30")
        client.force_login(cast.client_lead)
        home = f"/e/{cast.engagement.public_id}"
        with as_person(cast, cast.client_lead):
            gate = gate_of(cast, "day-30")
        page = client.get(f"{home}/gates/{gate.public_id}/").text
        assert "over the totals of 20 days" in page
        assert "20 hours (40,000 over 2,000)" in client.get(f"{home}/kpis/").text
        with as_person(cast, cast.campaign_manager):
            snapshot = take_snapshot(Engagement.objects.get(pk=cast.engagement.pk), Kind.DAY_30, version=1)
            paper = compose(snapshot)
        assert "turnaround in time 80.0% against at least 90%" in paper.verdict
        assert paper_html(snapshot)
        assert sign(cast, "day-30").passed_at, baseline
    with on_day(61):
        totals_of(cast, range(31, 61))
        client.force_login(cast.client_lead)
        for path in ("/kpis/", "/kpis/findings/", "/kpis/optimisation/", "/kpis/totals/", "/kpis/next/", "/"):
            assert client.get(f"{home}{path}").status_code == 200, path


def test_an_open_hard_check_holds_the_gate_and_a_soft_one_does_not(cast: Cast) -> None:
    begun(cast)
    signed(cast)
    pass_checks(cast, but=("reporting-history", "parallel-time"))
    with as_person(cast, cast.campaign_manager):
        open_ = [check.code for check in standing_of(cast.engagement).checks if not check.results.all()]
    assert set(open_) == {"reporting-history", "parallel-time"}
    soft = {check.code for check in BACK_OFFICE.checks if not check.hard}
    assert soft == {"reporting-history"}
