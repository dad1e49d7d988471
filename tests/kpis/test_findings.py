"""Answering findings: cause, side and a fix that is done or dated and owned; everything else is refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import TrailEntry
from common.errors import Refused
from engagements.models import Engagement, Participant
from kpis import selectors
from kpis.models import Cause, Finding, FindingEvent, Fix
from kpis.services.baseline import freeze_baseline
from kpis.services.effects import check_effect
from kpis.services.findings import (
    FixDraft,
    add_fix,
    answer,
    confirm,
    mark_done,
    open_finding,
    postpone,
    reopen,
    restate,
)  # fmt: skip
from milestones.rules.gates import gate_blockers
from milestones.selectors.certificate import certificate
from milestones.selectors.gates import facts_of
from milestones.selectors.standing import standing_of
from tenancy.context import Scope
from tests.factories import Cast, ParticipantFactory
from tests.kpis.scene import DAY_30, GOOD_DAY, WEAK_DAY, sign_brief, write_facts
from tests.milestones.scene import planned
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
        assert actions[-3:] == ["finding.cause_stated", "fix.added", "finding.answered"]


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
        assert (finding.state, finding.answered_at) == ("open", None)
        assert (Cause.objects.count(), Fix.objects.count()) == (0, 0)


def test_a_cause_alone_is_no_answer(cast: Cast, entered: Enter, finding: Finding) -> None:
    with entered(cast.campaign_manager), pytest.raises(Refused, match="A fix is missing"):
        answer(finding=finding, by=cast.seat(cast.campaign_manager), root_cause=CAUSE, side="shared")


def test_a_cause_in_other_words_keeps_it_answered_and_the_trail_keeps_what_stood_there(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        cause = answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
        first = Finding.objects.get(pk=finding.pk).answered_at
        with time_machine.travel("2026-04-05T12:00:00Z", tick=False):
            cause = restate(cause=cause, by=seat, root_cause="Caller ID is labelled as spam", side="shared")
        again = Finding.objects.get(pk=finding.pk)
        assert (again.answered_at, cause.side) == (first, "shared")
        line = TrailEntry.objects.order_by("sequence").last()
        assert line.before == {"root_cause": CAUSE, "side": "operator"}


def test_an_answer_that_a_gate_has_passed_on_stands_and_fixes_go_on(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        cause = answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
    with backstage():
        Engagement.objects.update(passed_day=30)
    with entered(cast.campaign_manager):
        with pytest.raises(Refused, match="The day-30 gate has passed on this answer: it stands"):
            answer(
                finding=finding, by=seat, root_cause="Caller ID is labelled as spam", side="client", fix=draft
            )
        with pytest.raises(Refused, match="The day-30 gate has passed on this answer: it stands"):
            restate(cause=cause, by=seat, root_cause="Caller ID is labelled as spam", side="client")
        assert Cause.objects.get().text == CAUSE
        more = add_fix(cause=cause, by=seat, fix=draft)
        assert mark_done(fix=more, by=seat, done_on=DAY_30.date()).done_on


def test_a_fix_is_postponed_with_a_reason_and_its_history_keeps_both_dates(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat, why = cast.seat(cast.campaign_manager), "The carriers answer next week"
    with entered(cast.campaign_manager):
        answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
        fix = Fix.objects.get()
        with pytest.raises(Refused, match="That is its date already"):
            postpone(fix=fix, by=seat, due_on=fix.due_on, why=why)
        with pytest.raises(Refused, match="what kept the fix from being done"):
            postpone(fix=fix, by=seat, due_on=date(2026, 4, 20), why="late")
        for _ in range(2):
            assert postpone(fix=fix, by=seat, due_on=date(2026, 4, 20), why=why).due_on == date(2026, 4, 20)
        lines = TrailEntry.objects.filter(action="fix.postponed")
        assert [(line.before, line.after) for line in lines] == [
            ({"due_on": "2026-04-10"}, {"due_on": "2026-04-20", "why": why})
        ]
        assert FindingEvent.objects.filter(finding=finding, why__endswith=why).count() == 1
        mark_done(fix=fix, by=seat, done_on=DAY_30.date())
        with pytest.raises(Refused, match="done already"):
            postpone(fix=fix, by=seat, due_on=date(2026, 4, 22), why=why)


def test_the_gate_waits_for_a_fix_past_its_date(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    planned(cast)
    with entered(cast.campaign_manager):
        seat = cast.seat(cast.campaign_manager)
        answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)

        def asked(today: date) -> list[str]:
            standing = standing_of(cast.engagement, today)
            gate = next(gate for gate in standing.gates if gate.day == 30)
            return [
                str(each) for each in gate_blockers(facts_of(standing, gate)) if "Contact rate" in str(each)
            ]

        assert asked(date(2026, 4, 10)) == []
        (blocker,) = asked(date(2026, 4, 11))
        assert f"lacks the fix “{ACTION}”" in blocker
        assert blocker.endswith(f"which {draft.owner} was to have done by Fri 10 Apr.")


def test_an_owner_from_elsewhere_or_gone_is_refused(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    with backstage():
        stranger = ParticipantFactory()
        gone = Participant.objects.get(engagement=cast.engagement, user=cast.qa_lead)
        gone.ended_at = DAY_30
        gone.save()
    with entered(cast.campaign_manager):
        cause = answer(
            finding=finding, by=cast.seat(cast.campaign_manager), root_cause=CAUSE, side="operator", fix=draft
        )
        for owner in (stranger, gone):
            with pytest.raises(Refused, match="does not take part"):
                add_fix(
                    cause=cause,
                    by=cast.seat(cast.campaign_manager),
                    fix=FixDraft(ACTION, owner, due_on=draft.due_on),
                )


def test_a_fix_that_is_done_needs_no_due_date_and_one_is_marked_done_once(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.client_lead)
    with entered(cast.client_lead):
        cause = answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
        done = add_fix(cause=cause, by=seat, fix=FixDraft(ACTION, draft.owner, done_on=date(2026, 3, 28)))
        assert (done.due_on, done.done_on) == (date(2026, 3, 28), date(2026, 3, 28))
        planned = add_fix(cause=cause, by=seat, fix=draft)
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


def test_the_database_ties_the_state_to_the_answer(cast: Cast, entered: Enter, finding: Finding) -> None:
    with entered(cast.campaign_manager), pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(state="answered")


def test_a_low_show_rate_is_answered_only_when_both_sides_were_looked_at(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        show = Finding.objects.get(metric_key="show_rate")
        answer(finding=show, by=seat, root_cause=CAUSE, side="client", fix=draft)
        assert Finding.objects.get(pk=show.pk).answered_at is None
        with pytest.raises(Refused, match="which side has no cause"):
            answer(finding=show, by=seat, root_cause="Looked at forty calls", side="shared", found=False)
        answer(
            finding=show, by=seat, root_cause="Forty transfers heard, all good", side="operator", found=False
        )
        assert Finding.objects.get(pk=show.pk).state == "answered"


def steps(finding: Finding) -> list[str]:
    return list(FindingEvent.objects.filter(finding=finding).values_list("state", flat=True))


def fixed(cast: Cast, finding: Finding, draft: FixDraft) -> None:
    """Answered, with its one fix done on day 30."""
    seat = cast.seat(cast.campaign_manager)
    answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
    mark_done(fix=Fix.objects.get(finding=finding), by=seat, done_on=DAY_30.date())


def test_a_fix_that_moved_the_metric_is_verified_and_the_history_says_how(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    write_facts(cast, GOOD_DAY, range(31, 46))
    with entered(cast.campaign_manager):
        fixed(cast, finding, draft)
        with pytest.raises(Refused, match="no full day yet since a fix was done"):
            check_effect(finding=finding, by=seat)
        with time_machine.travel("2026-04-15T16:00:00Z", tick=False):
            check = check_effect(finding=finding, by=seat)
            assert (check.verdict, check.before_numerator, check.after_numerator) == ("moved", 1000, 1050)
            with pytest.raises(Refused, match="verified already"):
                check_effect(finding=finding, by=seat)
        assert steps(finding) == ["open", "answered", "fixing", "verified"]
        assert "Moved: 10.0% (1,000 of 10,000) before" in FindingEvent.objects.last().why


def test_a_fix_that_moved_nothing_reopens_the_finding_and_asks_anew(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    write_facts(cast, WEAK_DAY, range(31, 46))
    with entered(cast.campaign_manager):
        fixed(cast, finding, draft)
        with time_machine.travel("2026-04-15T16:00:00Z", tick=False):
            assert check_effect(finding=finding, by=seat).verdict == "not_moved"
            again = Finding.objects.get(pk=finding.pk)
            assert (again.state, again.answered_at, again.round) == ("reopened", None, 2)
            assert selectors.lacks(selectors.findings(cast.engagement).get(pk=finding.pk)) == [
                "a root cause", "a specific fix",
            ]  # fmt: skip
            later = FixDraft(ACTION, draft.owner, due_on=date(2026, 4, 20))
            answer(
                finding=again, by=seat, root_cause="Caller ID is labelled as spam", side="operator", fix=later
            )
        assert steps(finding) == ["open", "answered", "fixing", "reopened", "answered"]


def test_too_few_calls_since_the_fix_say_how_many_more_it_takes(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    write_facts(cast, (100, 11, 5, 4, 3, 1), range(31, 33))
    with entered(cast.campaign_manager):
        fixed(cast, finding, draft)
        with time_machine.travel("2026-04-15T16:00:00Z", tick=False):
            check = check_effect(finding=finding, by=cast.seat(cast.campaign_manager))
        assert check.verdict == "too_little"
        assert check.needed > 1000
        assert check.needed_days == -(-check.needed // 100)
        assert Finding.objects.get(pk=finding.pk).state == "fixing"


def test_a_finding_opened_by_hand_belongs_to_the_next_gate_and_blocks_a_second_one_for_its_metric(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    with backstage():
        Engagement.objects.update(passed_day=30)
    seat = cast.seat(cast.qa_lead)
    with entered(cast.qa_lead), time_machine.travel("2026-04-10T16:00:00Z", tick=False):
        made = open_finding(
            engagement=cast.engagement,
            by=seat,
            observation="Contacts fall since Monday",
            metric_key="contact_rate",
        )
        assert (made.review_day, made.metric_label, made.numerator) == (60, "Contact rate", 1000)
        with pytest.raises(Refused, match="for day 60 already"):
            open_finding(
                engagement=cast.engagement, by=seat, observation="They fall again", metric_key="contact_rate"
            )
        seen = open_finding(
            engagement=cast.engagement, by=seat, observation="Agents skip the compliance line"
        )
    with entered(cast.campaign_manager), time_machine.travel("2026-04-10T16:00:00Z", tick=False):
        manager = cast.seat(cast.campaign_manager)
        done = FixDraft(ACTION, draft.owner, done_on=date(2026, 4, 9))
        answer(finding=seen, by=manager, root_cause=CAUSE, side="operator", fix=done)
        confirm(finding=seen, by=manager, why="Twenty calls heard, the line was said")
        assert steps(seen) == ["open", "answered", "fixing", "verified"]
        # A fix of the answer that did not hold keeps nobody from confirming the next one.
        reopen(finding=seen, by=manager, why="It was forgotten again since")
        answer(finding=seen, by=manager, root_cause=CAUSE, side="operator", fix=draft)
        reopen(finding=seen, by=manager, why="That was not the cause either")
        answer(finding=seen, by=manager, root_cause=CAUSE, side="operator", fix=done)
        assert (
            confirm(finding=seen, by=manager, why="Twenty calls heard, the line was said").state == "verified"
        )


def test_reopening_needs_an_answer_and_a_reason_and_its_history_cannot_be_changed(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.client_lead)
    with entered(cast.client_lead):
        with pytest.raises(Refused, match="no answer that could be taken up again"):
            reopen(finding=finding, by=seat, why="It does not hold at all")
        answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
        with pytest.raises(Refused, match="Say why the answer does not hold"):
            reopen(finding=finding, by=seat, why="no")
        assert reopen(finding=finding, by=seat, why="The list was never dialled at night").round == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            FindingEvent.objects.update(why="nothing")


def test_a_finding_that_is_reopened_later_stays_answered_in_the_record_of_its_gate(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    planned(cast)
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
    with entered(cast.campaign_manager), time_machine.travel("2026-04-10T16:00:00Z", tick=False):
        reopen(finding=finding, by=seat, why="The list was never dialled at night")
        standing = standing_of(cast.engagement)
        gate = standing.gates[1]
        gate.passed_at = DAY_30 + timedelta(days=1)
        [items] = [
            part.items for part in certificate(standing, gate).conditions if part.condition.code == "findings"
        ]
        [item] = [each for each in items if each.what == "Contact rate below target"]
    assert item.cleared
    assert (item.cleared_by, CAUSE in item.proof) == (cast.campaign_manager.name, True)


def test_the_same_forms_sent_twice_count_once(
    cast: Cast, entered: Enter, finding: Finding, draft: FixDraft
) -> None:
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        for _ in range(2):
            cause = answer(finding=finding, by=seat, root_cause=CAUSE, side="operator", fix=draft)
        for _ in range(2):
            add_fix(cause=cause, by=seat, fix=replace(draft, action="Dial the new list before the aged one"))
        for _ in range(2):
            seen = open_finding(
                engagement=cast.engagement, by=seat, observation="Agents skip the compliance line"
            )
        assert finding.causes.count() == 1
        assert cause.fixes.count() == 2
        assert Finding.objects.filter(observation=seen.observation).count() == 1
