"""What is to be done before the next gate, and the gate itself: told of a standing, without a query of its own."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from accounts.roles import BY_PARTICIPANT_ROLE, ParticipantRole, Permission, Side
from common.days import local_date
from common.wording import plural
from kpis.selectors.breaches import owed_by, state_of
from milestones.models import Gate, Milestone, ReadinessCheck
from milestones.rules.events import declines_now, standing_blockers
from milestones.rules.plans import ResultFacts, milestone_completion_blockers, result_blockers
from milestones.selectors.gates import check_result, signed_sides
from milestones.selectors.signers import signing_roles
from milestones.selectors.standing import Standing
from milestones.services.proof import completion_facts

from .duty import SOON, Duty, for_signers

SETTLES = {Side.OPERATOR: Permission.ANSWER_BREACH, Side.CLIENT: Permission.SETTLE_BREACH}


def before_gate(standing: Standing, *, open_items: int, frozen: bool) -> Iterator[Duty]:
    """`open_items` is what stands open before the next gate, `frozen` whether there is a baseline."""
    yield from _items(standing, frozen=frozen)
    yield from _lock(standing)
    yield from _launch(standing)
    yield from _proposed_dates(standing)
    if (gate := standing.next_gate) is not None:
        for side in Side:
            yield from _gate(standing, gate, side, open_items=open_items)
    yield from _breaches(standing)


def _items(standing: Standing, *, frozen: bool) -> Iterator[Duty]:
    """Open milestones and checks before the next gate: what lies behind a shut gate cannot be done yet."""
    gate = standing.next_gate
    if gate is None:
        return
    briefs = {spec.code for spec in standing.playbook.milestones if "brief_signed" in spec.needs}
    for item in standing.milestones:
        if item.gate_code == gate.code and not item.done_on and not standing.review_behind(item):
            facts = completion_facts(standing, item, by_side=item.side, brought=1, frozen=frozen)
            whys = tuple(blocker.text for blocker in milestone_completion_blockers(facts))
            behind, for_brief = _behind(standing, item, whys), item.code in briefs
            yield _item(standing, item, whys, behind=behind, stands_for_brief=for_brief)
    if gate == standing.gates[0]:
        technical = standing.playbook.technical_areas()
        for check in standing.checks:
            if check_result(standing, check) != "passed":
                told = ResultFacts(
                    title=check.title, side=check.side, by_side=check.side, brief=standing.brief, passed=True, note="",
                    technical=check.area in technical, gate_passed=False, evidence=1,
                )  # fmt: skip
                yield _item(standing, check, tuple(blocker.text for blocker in result_blockers(told)))


def _item(
    standing: Standing, item: Milestone | ReadinessCheck, whys: tuple[str, ...], *, behind: str = "",
    stands_for_brief: bool = False,
) -> Duty:  # fmt: skip
    page, verb = (
        ("milestones:milestone", "Complete") if isinstance(item, Milestone) else ("milestones:check", "Test")
    )
    title = (standing.todo_of(item) if isinstance(item, Milestone) else "") or item.title
    return Duty(
        verb, title, reverse(page, args=[standing.engagement.public_id, item.public_id]), item.forecast_on,
        owner=item.owner_id, item=True, who=item.owner.name if item.owner else "nobody yet", whys=whys, behind=behind,
        stands_for_brief=stands_for_brief,
    )  # fmt: skip


def _behind(standing: Standing, item: Milestone, whys: Sequence[str]) -> str:
    """The open milestone that an item waits for first, with who owns it; empty where it waits for anything else."""
    for before in standing.waits_for(item)[:1]:
        if whys and f"“{before.title}”" in whys[0]:
            return f"{before.title} ({before.owner.name if before.owner else 'nobody yet'})"
    return ""


def _lock(standing: Standing) -> Iterable[Duty]:
    """The plan to be locked, by whoever signs for a side that has not."""
    if standing.plan is None or standing.locked:
        return ()
    url = reverse("milestones:plan", args=[standing.engagement.public_id])
    sides = [side for side in Side if side not in standing.locked_by]
    return for_signers("Lock", "Timeline", url, standing.calendar.due(3), sides=sides)


def _launch(standing: Standing) -> Iterable[Duty]:
    """The launch that has to move because day 10 went by."""
    gate, launch = standing.next_gate, standing.calendar.launch
    if not gate or gate != standing.gates[0] or standing.today < launch:
        return
    url = reverse("milestones:plan", args=[standing.engagement.public_id]) + "#launch"
    yield Duty("Move", "Launch date", url, launch, roles=(ParticipantRole.CAMPAIGN_MANAGER.value,))


def _proposed_dates(standing: Standing) -> Iterator[Duty]:
    """Dates that the other side has proposed, or a launch that it had to move, for who answers for the side."""
    for proposal in standing.proposals:
        if proposal.open:
            url = reverse("milestones:dates", args=[standing.engagement.public_id, proposal.item])
            title = f"{'Moved' if proposal.in_effect else 'New'} date of “{proposal.title}”"
            asked = Side(proposal.by_side).other
            yield from for_signers("Answer", title, url, standing.today, sides=[asked])


def _gate(standing: Standing, gate: Gate, side: Side, *, open_items: int) -> Iterator[Duty]:
    """The report of the next gate to be built once nothing else is open, and the gate to be signed on it."""
    public_id = standing.engagement.public_id
    role = signing_roles(standing, gate).get(side)
    if role is None:
        return
    title, due = f"Gate day {gate.day}: {gate.title}", gate.forecast_on
    events = standing.events(gate)
    if gate.needs_report or declines_now(events, gate.document_sha256):
        if side is Side.OPERATOR and not open_items:
            url = reverse("reports:deliverables", args=[public_id])
            title = f"Report of {title[0].lower()}{title[1:]}"
            yield Duty("Make", title, url, due, side=side.value, roles=(role,))
    elif side not in signed_sides(gate):
        still = "is" if open_items == 1 else "are"
        whys = [f"{plural(open_items, 'item')} {still} still open before it."] if open_items else []
        whys = whys or [str(each) for each in standing_blockers(standing.holds(gate), (), gate.code)]
        asked = [
            e for e in events if e.kind == "request" and e.document == gate.document_sha256 and e.side != side
        ]
        title += f", asked by {asked[-1].by}" if asked else ""
        url = reverse("milestones:gate", args=[public_id, gate.public_id])
        yield Duty("Sign", title, url, due, side=side.value, roles=(role,), whys=tuple(whys))


def _breaches(standing: Standing) -> Iterator[Duty]:
    """Breaches that wait for the operator's answer, or for the client to accept it; one line for each side."""
    for side, permission in SETTLES.items():
        waiting = [each for each in standing.breaches if owed_by(state_of(each)) == side]
        if waiting:
            url = reverse("kpis:breaches", args=[standing.engagement.public_id])
            verb = "Answer" if side is Side.OPERATOR else "Decide"
            title = f"{plural(len(waiting), 'breach', 'breaches')} by agents who were not cleared"
            first = min(local_date(each.found_at, standing.engagement.zone) for each in waiting)
            roles = tuple(role.value for role, may in BY_PARTICIPANT_ROLE.items() if permission in may)
            yield Duty(
                verb, title, url, min(standing.today, first + SOON), side=side.value, roles=tuple(roles)
            )
