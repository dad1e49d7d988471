"""Answering findings: cause, side and a fix that is done or dated and owned; everything else is refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import TrailEntry
from common.errors import Refused
from engagements.models import Engagement, Participant
from kpis import selectors
from kpis.models import Finding, Fix
from kpis.services.baseline import freeze_baseline
from kpis.services.findings import FixDraft, add_fix, answer, mark_done
from tenancy.context import Scope
from tests.factories import Cast, ParticipantFactory
from tests.kpis.scene import DAY_30, WEAK_DAY, sign_brief, write_facts
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]
CAUSE = "The aged list is dialled in the morning, when its owners are at work"
ACTION = "Dial the aged list from 17:00 to 20:00 local time"


@pytest.fixture
def finding(cast: Cast, entered: Enter) -> Iterator[Finding]:
    """The contact rate below target at day 30, on that day."""
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    with time_machine.travel(DAY_30, tick=False):
        with entered(cast.campaign_manager):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
            found = Finding.objects.get(metric_key="contact_rate")
        yield found


@pytest.fixture
def draft(cast: Cast) -> FixDraft:
    with backstage():
        owner = Participant.objects.get(engagement=cast.engagement, user=cast.supervisor)
    return FixDraft(ACTION, owner, due_on=date(2026, 4, 10))


def test_an_answer_has_cause_side_and_fix_and_leaves_its_lines(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    with entered(cast.campaign_manager):
        answer(
            finding=finding,
            by=cast.seat(cast.campaign_manager),
            root_cause=CAUSE,
            side="operator",
            fix=draft,
        )
        answered = selectors.findings(cast.engagement).get(pk=finding.pk)
        assert answered.answered_at == DAY_30
        assert [(fix.action, fix.due_on, fix.done_on) for fix in answered.fixes.all()] == [
            (ACTION, date(2026, 4, 10), None)
        ]
        assert [f.metric_key for f in selectors.open_findings(cast.engagement)] == ["show_rate"]
        actions = list(TrailEntry.objects.order_by("sequence").values_list("action", flat=True))
        assert actions[-2:] == ["finding.answered", "fix.added"]


def test_everything_that_is_missing_is_said_at_once_and_nothing_is_written(
    cast: Cast, entered: Enter, finding: Finding
) -> None:
    with entered(cast.campaign_manager):
        with pytest.raises(Refused) as refusal:
            answer(
                finding=finding,
                by=cast.seat(cast.campaign_manager),
                root_cause="unknown",
                side="",
                fix=FixDraft("Investigate the contact rate", None),
            )
        assert len(refusal.value.reasons) == 5
        assert any("is no fix" in reason for reason in refusal.value.reasons)
        finding.refresh_from_db()
        assert (finding.root_cause, finding.answered_at, Fix.objects.count()) == ("", None, 0)


def test_a_cause_alone_is_no_answer(cast: Cast, entered: Enter, finding: Finding) -> None:
    with entered(cast.campaign_manager), pytest.raises(Refused, match="A fix is missing"):
        answer(finding=finding, by=cast.seat(cast.campaign_manager), root_cause=CAUSE, side="shared")


def test_a_later_answer_keeps_it_answered_and_the_trail_keeps_what_stood_there(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
        first = Finding.objects.get(pk=finding.pk).answered_at
        with time_machine.travel("2026-04-05T12:00:00Z", tick=False):
            answer(finding=finding, by=seat, root_cause="Caller ID is labelled as spam", side="shared")
        again = Finding.objects.get(pk=finding.pk)
        assert (again.answered_at, again.cause_side) == (first, "shared")
        line = TrailEntry.objects.order_by("sequence").last()
        assert line.before == {"root_cause": CAUSE, "side": "operator"}


def test_an_answer_that_a_gate_has_passed_on_stands_and_fixes_go_on(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
    with backstage():
        Engagement.objects.update(passed_day=30)
    with entered(cast.campaign_manager):
        with pytest.raises(Refused, match="The day-30 gate has passed on this answer: it stands"):
            answer(finding=finding, by=seat, root_cause="Caller ID is labelled as spam", side="client")
        assert Finding.objects.get(pk=finding.pk).root_cause == CAUSE
        more = add_fix(finding=finding, by=seat, fix=draft)
        assert mark_done(fix=more, by=seat, done_on=DAY_30.date()).done_on


def test_an_owner_from_elsewhere_or_gone_is_refused(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    with backstage():
        stranger = ParticipantFactory()
        gone = Participant.objects.get(engagement=cast.engagement, user=cast.qa_lead)
        gone.ended_at = DAY_30
        gone.save()
    with entered(cast.campaign_manager):
        for owner in (stranger, gone):
            with pytest.raises(Refused, match="does not take part"):
                add_fix(
                    finding=finding,
                    by=cast.seat(cast.campaign_manager),
                    fix=FixDraft(ACTION, owner, due_on=draft.due_on),
                )


def test_a_fix_that_is_done_needs_no_due_date_and_one_is_marked_done_once(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.client_lead)
    with entered(cast.client_lead):
        done = add_fix(finding=finding, by=seat, fix=FixDraft(ACTION, draft.owner, done_on=date(2026, 3, 28)))
        assert (done.due_on, done.done_on) == (date(2026, 3, 28), date(2026, 3, 28))
        planned = add_fix(finding=finding, by=seat, fix=draft)
        with pytest.raises(Refused, match="cannot be done in the future"):
            mark_done(fix=planned, by=seat, done_on=date(2026, 4, 1))
        assert mark_done(fix=planned, by=seat, done_on=date(2026, 3, 31)).done_on == date(2026, 3, 31)
        with pytest.raises(Refused, match="done already"):
            mark_done(fix=planned, by=seat, done_on=date(2026, 3, 31))


def test_only_the_two_who_answer_may_answer(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    for user in (cast.supervisor, cast.qa_lead, cast.closer_lead, cast.operator_leader):
        with entered(user), pytest.raises(Refused, match="may not answer findings"):
            answer(finding=finding, by=cast.seat(user), root_cause=CAUSE, side="operator", fix=draft)


def test_the_database_refuses_an_answer_without_cause(cast: Cast, entered: Enter, finding: Finding) -> None:
    with entered(cast.campaign_manager), pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(answered_at=DAY_30)
