"""The dated plan: made from a playbook, agreed item by item, locked by both sides, moved with a reason."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import ParticipantRole, Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import joined, work_text
from engagements.locking import hold
from engagements.models import Engagement, Participant
from engagements.services import start_brief
from engagements.terms import MetricContract
from engagements.work import WorkRules, keep_work_rules, work_blockers
from kpis.models import CauseSide
from milestones import playbook as playbooks
from milestones.dates import launch_move_blockers
from milestones.models import Gate, Milestone, Plan, PlanLock, ReadinessCheck, Review
from milestones.playbook import Playbook
from milestones.rules.plans import ItemChange, item_change_blockers, plan_lock_blockers
from milestones.selectors.standing import Standing, calendar_of, plan_items, standing_of
from milestones.services.dates import move_unkept_launch
from milestones.services.playbooks import choose
from milestones.services.proof import found_true
from milestones.services.refusal import Blocked
from milestones.services.reviews import follow_launch

LOCK_CONSENT = "I lock this timeline for my side: its days and owners are agreed."


@transaction.atomic
def create_plan(
    *,
    engagement: Engagement,
    by: Seat,
    playbook: str = playbooks.USUAL,
    owners: Mapping[str, Participant] | None = None,
) -> Plan:
    """Make the whole dated plan from a playbook: a shipped one by its code, or a published one of the seat's own by the
    id of its version. The plan keeps what that playbook says.

    `owners` maps roles to participants; a role without one is owned by its first current participant, or by nobody
    yet. Raises Refused when the engagement has a plan.
    """
    if not by.may(Permission.CREATE_ENGAGEMENT):
        by.require(Permission.EDIT_PLAN)
    engagement = hold(engagement.pk)
    if Plan.objects.filter(engagement=engagement).exists():
        raise Refused("This engagement has its launch plan already.")
    chosen = choose(playbook, by=by)
    book = chosen.book
    plan = Plan.objects.create(
        engagement=engagement, playbook=book.code, playbook_version=book.version,
        playbook_content=playbooks.as_data(book), playbook_source=chosen.source, created_by=by.user,
    )  # fmt: skip
    if book.metrics:
        start_brief(engagement=engagement, by=by, metrics=[_contract(spec) for spec in book.metrics])
    _create_items(engagement, book, {**_first_of_each_role(engagement), **(owners or {})})
    trail.record(
        by=by, action="plan.created", subject=f"{book.title}, version {book.version}",
        engagement_id=engagement.pk, after={"kickoff": engagement.kickoff_on, "launch": engagement.launch_on},
    )  # fmt: skip
    return plan


def _contract(spec: playbooks.MetricSpec) -> MetricContract:
    """A metric of a playbook as the brief keeps it; its target and dispute rule are agreed there."""
    return MetricContract(
        key=spec.code.replace("-", "_"), label=spec.title, numerator=spec.numerator,
        denominator=spec.denominator, unit=spec.unit, direction=spec.direction, minimum_sample=spec.minimum,
        source_system=spec.source,
    )  # fmt: skip


def _first_of_each_role(engagement: Engagement) -> dict[str, Participant]:
    owners: dict[str, Participant] = {}
    for participant in Participant.objects.filter(engagement=engagement, ended_at=None).order_by("pk"):
        owners.setdefault(participant.role, participant)
    return owners


def _create_items(engagement: Engagement, book: Playbook, owners: Mapping[str, Participant]) -> None:
    calendar = calendar_of(engagement)

    def dated(code: str, title: str, day: int) -> dict[str, object]:
        return {
            "engagement": engagement, "code": code, "title": title, "day": day,
            "phase": book.phase_of(day).code, "forecast_on": calendar.due(day),
        }  # fmt: skip

    def owned(spec: playbooks.Owned) -> dict[str, object]:
        return {
            **dated(spec.code, spec.title, spec.day),
            "owner": owners.get(spec.role), "owner_role": spec.role, "side": spec.side,
            "evidence_asked": spec.evidence,
        }  # fmt: skip

    Milestone.objects.bulk_create(
        Milestone(**owned(m), start_day=m.start, technical=m.technical, gate_code=m.gate)
        for m in book.milestones
    )
    ReadinessCheck.objects.bulk_create(
        ReadinessCheck(**owned(check), area=check.area, hard=check.hard) for check in book.checks
    )
    Review.objects.bulk_create(
        Review(**dated(r.code, r.title, r.day), attendee_roles=list(r.attendees), agenda=list(r.agenda))
        for r in book.reviews
    )
    Gate.objects.bulk_create(
        Gate(**dated(gate.code, gate.title, gate.day), deliverable_kind=gate.deliverable)
        for gate in book.gates
    )


@transaction.atomic
def fill_owners(*, engagement: Engagement, by: Seat) -> int:
    """Give every item without an owner the first participant of its role; returns how many got one."""
    by.require(Permission.EDIT_PLAN)
    engagement = hold(engagement.pk)
    plan = _plan_of(engagement)
    if plan.locked_at:
        raise Refused("Both sides have locked the timeline: its days and owners stand.")
    filled = 0
    for role, participant in _first_of_each_role(engagement).items():
        for model in (Milestone, ReadinessCheck):
            filled += model.objects.filter(
                engagement=engagement, owner=None, owner_role=role, side=participant.side
            ).update(owner=participant)
    if filled:
        trail.record(
            by=by, action="plan.owners_filled", subject="owners from the team", engagement_id=engagement.pk,
            after={"items": filled},
        )  # fmt: skip
    return filled


def _plan_of(engagement: Engagement) -> Plan:
    plan = Plan.objects.filter(engagement=engagement).first()
    if plan is None:
        raise Refused("This engagement has no launch plan yet.")
    return plan


@transaction.atomic
def change_milestone(
    *, milestone: Milestone, by: Seat, owner: Participant | None, day: int, start: int
) -> Milestone:
    """Give a milestone another owner or day; raises Refused.

    Once the timeline is locked it is only handed over, to somebody of the same role; its dates stay untouched.
    """
    by.require(Permission.EDIT_PLAN)
    engagement = hold(milestone.engagement_id)
    plan = _plan_of(engagement)
    item = Milestone.objects.select_related("owner").get(pk=milestone.pk)
    phase = next(p for p in plan.book.phases if p.code == item.phase)
    change = ItemChange(
        title=item.title, side=item.side, locked=plan.locked_at is not None, done=item.done_on is not None,
        day=day, start=start, first_day=phase.first_day, last_day=phase.last_day,
        owner=owner.name if owner else "", owner_side=owner.side if owner else "",
        owner_role=owner.role if owner else "", role=item.owner_role,
        same_days=(day, start) == (item.day, item.start_day),
        by_side=by.side or "", had_owner=item.owner is not None,
    )  # fmt: skip
    if reasons := item_change_blockers(change):
        raise Refused(reasons)
    before = {"owner": str(item.owner or ""), "day": item.day, "start": item.start_day}
    item.owner, item.day, item.start_day = owner, day, start
    if not plan.locked_at:
        item.forecast_on = calendar_of(engagement).due(day)
    item.save(update_fields=["owner", "day", "start_day", "forecast_on"])
    action = "milestone.handed_over" if plan.locked_at else "milestone.changed"
    trail.record(
        by=by, action=action, subject=item.title, engagement_id=item.engagement_id,
        before=before, after={"owner": str(owner or ""), "day": day, "start": start},
    )  # fmt: skip
    return item


@transaction.atomic
def lock_plan(*, engagement: Engagement, by: Seat, seen: str) -> Plan:
    """Lock the timeline for one side; the second side's lock freezes the contracted dates.

    `seen` is the digest of the plan on the page that the person read. Raises Blocked.
    """
    by.require(Permission.LOCK_PLAN)
    engagement = hold(engagement.pk)
    plan = _plan_of(engagement)
    standing = standing_of(engagement)
    side = by.side.value if by.side else ""
    items = plan_items(standing.milestones, standing.checks)
    blockers = plan_lock_blockers(
        items, side=side, locked_by=standing.locked_by, seen=seen, current=standing.digest
    )
    if blockers:
        raise Blocked(blockers)
    PlanLock.objects.create(
        engagement=engagement, plan=plan, side=side, user=by.user, name=by.written_name(Permission.LOCK_PLAN),
        organisation_name=by.organisation.name, address=by.address, signed_at=clock.now(),
        content_hash=standing.digest, consent=LOCK_CONSENT,
    )  # fmt: skip
    trail.record(
        by=by, action="plan.locked", subject=f"for the {side}", engagement_id=engagement.pk,
        after={"digest": standing.digest},
    )  # fmt: skip
    if standing.locked_by | {side} >= set(Side.values):
        _freeze(engagement, plan, by)
    return plan


def _freeze(engagement: Engagement, plan: Plan, by: Seat) -> None:
    """Both sides have locked: the dates as they stand, and as both have seen them, become the contracted ones."""
    engagement.contracted_launch_on = engagement.launch_on
    engagement.save(update_fields=["contracted_launch_on"])
    agreed = standing_of(engagement).agreed
    for model in (Milestone, ReadinessCheck, Review, Gate):
        rows = model.objects.filter(engagement=engagement)
        for day in sorted(set(rows.values_list("day", flat=True))):
            rows.filter(day=day).update(contracted_on=agreed.due(day))
    plan.locked_at = clock.now()
    plan.save(update_fields=["locked_at"])
    trail.record(by=by, action="plan.frozen", subject="contracted dates", engagement_id=engagement.pk)
    _close_with_the_locks(engagement, plan, by)


def _close_with_the_locks(engagement: Engagement, plan: Plan, by: Seat) -> None:
    """The second lock completes what asked for both, so that the plan tells one day of it."""
    standing = standing_of(engagement)
    asking = {spec.code for spec in plan.book.milestones if "plan_locked" in spec.needs}
    locks = list(PlanLock.objects.filter(engagement=engagement, plan=plan, content_hash=standing.digest))
    said = f"Locked by {joined([f'{lock.name} ({lock.side})' for lock in locks])}."
    for item in standing.milestones:
        if item.code in asking and not item.done_on:
            found_true(standing, item, by=by, said=said)


def _forecast_anew(engagement: Engagement) -> None:
    """Give every item the date on which it is due by the calendar as it stands now."""
    calendar = calendar_of(engagement)
    for model in (Milestone, ReadinessCheck, Review, Gate):
        rows = model.objects.filter(engagement=engagement)
        for day in sorted(set(rows.values_list("day", flat=True))):
            rows.filter(day=day).update(forecast_on=calendar.due(day))


@transaction.atomic
def move_launch(*, engagement: Engagement, by: Seat, launch: date, reason: str, side: str) -> int:
    """Move the launch date; everything from day 11 on moves with it. Returns by how many days.

    Before both sides have locked it is planning: a side that has locked already is asked again, and what both lock in
    the end is what is contracted. Afterwards it is possible only for a launch that can no longer be kept, as a slip
    with days, reason and side; any other change is proposed (`propose_date`).
    """
    by.require(Permission.EDIT_PLAN)
    engagement = hold(engagement.pk)
    standing = standing_of(engagement)
    before = engagement.launch_on
    if standing.locked:
        days = move_unkept_launch(
            engagement=engagement, by=by, standing=standing, to_on=launch, reason=reason, side=side
        )
    else:
        days = _plan_launch(standing, launch=launch, reason=reason, side=side)
        follow_launch(engagement=engagement, by=by, days=days)
    trail.record(
        by=by, action="launch.moved", subject=reason.strip(), engagement_id=engagement.pk,
        before={"launch": before}, after={"launch": launch, "side": side, "days": days},
    )  # fmt: skip
    return days


def _plan_launch(standing: Standing, *, launch: date, reason: str, side: str) -> int:
    """Another launch date while the plan is still being agreed."""
    reasons = launch_move_blockers(standing.calendar, launch=launch, today=standing.today, reason=reason)
    if side not in CauseSide.values:
        reasons.append("Say whose side the delay was on: the operator's, the client's or shared.")
    if reasons:
        raise Refused(reasons)
    engagement, days = standing.engagement, (launch - standing.engagement.launch_on).days
    engagement.launch_on = launch
    engagement.save(update_fields=["launch_on"])
    _forecast_anew(engagement)
    return days


@transaction.atomic
def change_work(*, engagement: Engagement, by: Seat, rules: WorkRules) -> bool:
    """Agree on other working days, until the first side has locked the timeline: every due date follows, and whoever
    was invited to a review hears of it. Returns whether anything has changed. Raises Refused.
    """
    by.require(Permission.EDIT_PLAN)
    engagement = hold(engagement.pk)
    plan = _plan_of(engagement)
    standing = standing_of(engagement)
    if standing.locked_by or plan.locked_at:
        raise Refused("A side has locked the timeline with these working days: they stand.")
    if reasons := work_blockers(rules):
        raise Refused(reasons)
    before, said = engagement.work, work_text(engagement.work, engagement.holiday_place)
    keep_work_rules(engagement, rules)
    after = work_text(engagement.work, engagement.holiday_place)
    if (before, said) == (engagement.work, after):
        return False
    engagement.save(
        update_fields=["work_weekdays", "holiday_country", "holiday_subdivision", "when_off", "holidays"]
    )
    _forecast_anew(engagement)
    follow_launch(engagement=engagement, by=by, days=0)
    trail.record(
        by=by, action="plan.work_changed", subject="working days", engagement_id=engagement.pk,
        before={"working days": said}, after={"working days": after},
    )  # fmt: skip
    return True


def owners_for(engagement: Engagement, side: str) -> list[Participant]:
    """People of a side who may own something."""
    people = Participant.objects.filter(engagement=engagement, side=side, ended_at=None)
    return [person for person in people if person.role != ParticipantRole.EXECUTIVE]
