"""Milestones are completed and readiness checks tested, each with its evidence."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import LAUNCH_DAY
from common.errors import Refused
from engagements.locking import hold
from milestones.models import CheckResult, Milestone, ReadinessCheck
from milestones.rules.plans import (
    CompletionFacts,
    ReopenFacts,
    ResultFacts,
    Waited,
    milestone_completion_blockers,
    reopen_blockers,
    result_blockers,
)
from milestones.rules.setup import COMPUTED
from milestones.selectors.check_results import check_result
from milestones.selectors.standing import Standing, standing_of
from milestones.services.evidence import (
    DatedProof,
    Proof,
    add_evidence,
    check_proof,
    check_words,
)
from milestones.services.refusal import Blocked

DOUBLE_SUBMIT = timedelta(seconds=30)


def found_true(standing: Standing, item: Milestone, *, by: Seat, said: str, held: bool | None = None) -> None:
    """What the program itself has found true stands as a milestone's evidence, and completes it unless something else
    keeps it open. The caller holds the engagement; `by` is whoever made it true.
    """
    add_evidence(engagement=standing.engagement, by=by, proof=Proof(text=said), milestone=item)
    facts = completion_facts(standing, item, by_side=item.side, brought=1, held=held)
    if milestone_completion_blockers(facts):
        return
    Milestone.objects.filter(pk=item.pk).update(done_on=standing.today, done_by=by.user)
    trail.record(
        by=by, action="milestone.completed", subject=item.title, engagement_id=item.engagement_id,
        after={"done_on": standing.today, "evidence": [said]},
    )  # fmt: skip


@transaction.atomic
def complete_milestone(*, milestone: Milestone, by: Seat, proof: Proof) -> Milestone:
    """Complete a milestone with its evidence. Raises Blocked with what is missing, Refused for a bad file."""
    by.require(Permission.COMPLETE_MILESTONE)
    engagement = hold(milestone.engagement_id)
    item = Milestone.objects.get(pk=milestone.pk)
    standing = standing_of(engagement)
    facts = completion_facts(standing, item, by_side=by.side or "", brought=proof.pieces)
    if blockers := milestone_completion_blockers(facts):
        raise Blocked(blockers)
    check_proof(engagement, proof, today=standing.today)
    evidence = add_evidence(engagement=engagement, by=by, proof=proof, milestone=item)
    item.done_on, item.done_by = standing.today, by.user
    item.save(update_fields=["done_on", "done_by"])
    trail.record(
        by=by, action="milestone.completed", subject=item.title, engagement_id=item.engagement_id,
        after={"done_on": item.done_on, "evidence": [str(piece) for piece in evidence]},
    )  # fmt: skip
    return item


def completion_facts(
    standing: Standing,
    item: Milestone,
    *,
    by_side: str,
    brought: int = 0,
    frozen: bool | None = None,
    held: bool | None = None,
) -> CompletionFacts:
    """All that decides whether a milestone may be completed; `brought` counts the evidence at hand.

    `frozen` says whether there is a baseline, where the caller knows it and saves the query; `held` says the
    same of the review that this milestone stands for.
    """
    gates = {gate.code: gate for gate in standing.gates}
    own = gates[item.gate_code]
    earlier = [gate for gate in standing.gates if gate.day < own.day and not gate.passed_at]
    specs = {spec.code: spec for spec in standing.playbook.milestones}
    needs = specs[item.code].needs if item.code in specs else ()
    asked = not earlier and item.done_on is None
    return CompletionFacts(
        title=item.title,
        side=item.side,
        by_side=by_side,
        done=item.done_on is not None,
        technical=item.technical,
        needs=needs,
        evidence=brought or len(item.evidence.all()),
        brief=standing.brief,
        locked_by=standing.locked_by,
        gate_passed=own.passed_at is not None,
        earlier_open=earlier[0].title if earlier else "",
        launched=standing.today >= standing.calendar.launch,
        starts_after_launch=item.start_day >= LAUNCH_DAY,
        cleared_roster="roster_cleared" in needs and _cleared_roster(standing),
        script=standing.roster.script_steps
        if any(need.startswith("script_") for need in needs)
        else frozenset(),
        # Asked only where nothing else is in the way: it reads the calls.
        sample_gaps=standing.sample_gaps if asked and "sample_reviewed" in needs else (),
        transfer_gaps=standing.transfer_gaps if asked and "transfers_verified" in needs else (),
        window_gaps=standing.window_gaps if asked and "windows_held" in needs else (),
        baseline_frozen="baseline_frozen" in needs
        and (standing.baseline is not None if frozen is None else frozen),
        unheld_review="" if held else _unheld_review(standing, item),
        open_checks=_open_checks(standing) if any(need.startswith("checks:") for need in needs) else {},
        waits_for=_waited(standing.waits_for(item)),
    )


def _waited(items: Iterable[Milestone]) -> tuple[Waited, ...]:
    return tuple(Waited(item.title, str(item.public_id), item.side) for item in items)


def reopen_facts(standing: Standing, item: Milestone, *, by_side: str, reason: str) -> ReopenFacts:
    """All that decides whether a milestone may be opened again."""
    gate = next(gate for gate in standing.gates if gate.code == item.gate_code)
    return ReopenFacts(
        title=item.title,
        side=item.side,
        by_side=by_side,
        done=item.done_on is not None,
        gate_passed=gate.passed_at is not None,
        done_after=_waited(after for after in standing.waited_for_by(item) if after.done_on),
        reason=reason,
    )


@transaction.atomic
def reopen_milestone(*, milestone: Milestone, by: Seat, reason: str) -> Milestone:
    """Take back that a milestone is done, with the reason; its evidence stays. Raises Blocked."""
    by.require(Permission.COMPLETE_MILESTONE)
    engagement = hold(milestone.engagement_id)
    item = Milestone.objects.get(pk=milestone.pk)
    facts = reopen_facts(standing_of(engagement), item, by_side=by.side or "", reason=reason)
    if blockers := reopen_blockers(facts):
        raise Blocked(blockers)
    before = {"done_on": item.done_on}
    item.done_on = item.done_by = None
    item.save(update_fields=["done_on", "done_by"])
    trail.record(
        by=by, action="milestone.reopened", subject=item.title, engagement_id=engagement.pk,
        before=before, after={"reason": reason.strip()},
    )  # fmt: skip
    return item


def _cleared_roster(standing: Standing) -> bool:
    """Whether somebody is on the roster, and everybody on it may dial."""
    people = standing.roster
    return bool(people.listed) and len(people.cleared) == len(people.listed)


def _unheld_review(standing: Standing, item: Milestone) -> str:
    """The title of the review that this milestone stands for, while its minutes are not closed."""
    review = standing.review_behind(item)
    return review.title if review and not review.held_on else ""


def _open_checks(standing: Standing) -> dict[str, tuple[str, ...]]:
    """Titles of hard checks that are not passed, by area."""
    found: dict[str, tuple[str, ...]] = {}
    for check in standing.checks:
        if check.hard and check_result(standing, check) != "passed":
            found[check.area] = (*found.get(check.area, ()), check.title)
    return found


def _same_again(check: ReadinessCheck, by: Seat, *, passed: bool, note: str) -> CheckResult | None:
    """The newest result, where the same form was sent twice: two tests are further apart than that."""
    newest = check.results.first()
    same = newest and (newest.tester_id, newest.passed, newest.note) == (by.user.pk, passed, note.strip())
    return newest if newest and same and clock.now() - newest.tested_at < DOUBLE_SUBMIT else None


@transaction.atomic
def record_check(*, check: ReadinessCheck, by: Seat, passed: bool, note: str, proof: Proof) -> CheckResult:
    """Record one test with its evidence; earlier results stay. Raises Blocked, or Refused for a bad file."""
    by.require(Permission.RECORD_CHECK)
    engagement = hold(check.engagement_id)
    standing = standing_of(engagement)
    setup = standing.gates[0]
    facts = ResultFacts(
        title=check.title,
        side=check.side,
        by_side=by.side or "",
        technical=check.area in standing.playbook.technical_areas(),
        brief=standing.brief,
        gate_passed=setup.passed_at is not None,
        passed=passed,
        note=note,
        evidence=proof.pieces + bool(note.strip()),
    )
    if check.code in COMPUTED and not facts.gate_passed:
        raise Refused(
            f"The result of “{check.title}” follows from what is logged under Setup: nobody enters it."
        )
    if blockers := result_blockers(facts):
        raise Blocked(blockers)
    if twice := _same_again(check, by, passed=passed, note=note):
        return twice
    check_words(note)
    check_proof(engagement, proof, today=standing.today)
    result = CheckResult.objects.create(
        engagement=engagement, check_tested=check, passed=passed, note=note.strip(), tester=by.user,
        tester_name=by.user.name, tested_at=clock.now(),
        expires_on=proof.expires_on if isinstance(proof, DatedProof) else None,
    )  # fmt: skip
    evidence = add_evidence(engagement=engagement, by=by, proof=proof, result=result)
    trail.record(
        by=by, action="check.passed" if passed else "check.failed", subject=check.title,
        engagement_id=engagement.pk,
        after={"note": result.note, "evidence": [str(piece) for piece in evidence]},
    )  # fmt: skip
    return result
