"""What is to be done before the next gate, and the gate itself: told of a standing, without a query of its own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.urls import reverse

from accounts.roles import BY_PARTICIPANT_ROLE, ParticipantRole, Permission, Side
from common.days import local_date
from common.wording import day_text, plural
from kpis.selectors.breaches import owed_by, state_of
from milestones.models import Gate, Milestone, ReadinessCheck
from milestones.rules.events import declines_now, standing_blockers
from milestones.rules.facts import Blocker, Kind
from milestones.rules.plans import ResultFacts, milestone_completion_blockers, result_blockers
from milestones.selectors.check_results import check_result
from milestones.selectors.dates import key_of
from milestones.selectors.gate_standing import signed_sides
from milestones.selectors.signers import signing_roles
from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waiting
from milestones.services.proof import completion_facts

from .duty import SOON, Duty, for_signers

SETTLES = {Side.OPERATOR: Permission.ANSWER_BREACH, Side.CLIENT: Permission.SETTLE_BREACH}


def before_gate(standing: Standing, waiting: Waiting) -> Iterator[Duty]:
    """`waiting` is all that waits in the engagement."""
    yield from _items(standing)
    yield from _lock(standing)
    yield from _launch(standing)
    yield from _proposed_dates(standing)
    if (gate := standing.next_gate) is not None:
        for side in Side:
            yield from _gate(standing, gate, side, waiting.items)
    yield from _breaches(standing)
    yield from _windows(standing)


def _items(standing: Standing) -> Iterator[Duty]:
    """Open milestones and checks before the next gate, and what is late behind it, which cannot be done yet."""
    gate = standing.next_gate
    if gate is None:
        return
    briefs = {code for code, needs in standing.needs.items() if "brief_signed" in needs}
    for item in standing.milestones:
        if item.done_on or standing.review_behind(item):
            continue
        if item.gate_code == gate.code or item.forecast_on < standing.today:
            facts = completion_facts(
                standing, item, by_side=item.side, brought=1, frozen=standing.baseline is not None
            )
            whys = tuple(blocker.text for blocker in milestone_completion_blockers(facts))
            behind, for_brief = _behind(standing, item, whys), item.code in briefs
            whys = (*_new_date(standing, item), *whys)
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


def _new_date(standing: Standing, item: Milestone) -> Iterator[str]:
    """That a late milestone has been given a new date, to which the other side has not answered."""
    for asked in standing.proposals:
        if asked.open and asked.item == key_of(item) and item.forecast_on < standing.today:
            yield f"Its new date, {day_text(asked.to_on)}, waits for the {Side(asked.by_side).other}’s answer."


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
        stands_for_brief=stands_for_brief, side=item.side,
        about=f"{Kind.MILESTONE if isinstance(item, Milestone) else Kind.CHECK}:{item.public_id}",
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
    due = standing.calendar.due(3)
    # From the day on which there is a plan: everything else begins with it.
    return for_signers("Lock", "Timeline", url, due, sides=sides, about=str(Kind.PLAN), now=True)


def _launch(standing: Standing) -> Iterable[Duty]:
    """The launch that has to move because day 10 went by."""
    gate, launch = standing.next_gate, standing.calendar.launch
    if not gate or gate != standing.gates[0] or standing.today < launch:
        return
    url = reverse("milestones:plan", args=[standing.engagement.public_id]) + "#launch"
    manager = (ParticipantRole.CAMPAIGN_MANAGER.value,)
    yield Duty("Move", "Launch date", url, launch, roles=manager, about=str(Kind.LAUNCH))


def _proposed_dates(standing: Standing) -> Iterator[Duty]:
    """Dates that the other side has proposed, or a launch that it had to move, for who answers for the side."""
    for proposal in standing.proposals:
        if proposal.open:
            url = reverse("milestones:dates", args=[standing.engagement.public_id, proposal.item])
            title = f"{'Moved' if proposal.in_effect else 'New'} date of “{proposal.title}”"
            asked = Side(proposal.by_side).other
            about = f"{Kind.DATE}:{proposal.item}"
            since = local_date(proposal.at, standing.engagement.zone)
            yield from for_signers(
                "Answer", title, url, standing.today, sides=[asked], about=about, since=since
            )


def _gate(standing: Standing, gate: Gate, side: Side, items: Sequence[Blocker]) -> Iterator[Duty]:
    """The report of the next gate to be made, and the gate to be signed on it, once nothing else is open."""
    public_id = standing.engagement.public_id
    role = signing_roles(standing, gate).get(side)
    if role is None:
        return
    title, due = f"Gate day {gate.day}: {gate.title}", _due(standing, gate)
    events = standing.events(gate)
    report = next((item for item in items if item.kind in (Kind.DELIVERABLE, Kind.DECLINE)), None)
    if report and side is Side.OPERATOR:
        url, about = reverse("reports:deliverables", args=[public_id]), str(report.kind)
        name, whys = f"Report of {title[0].lower()}{title[1:]}", _open_before(items, but=report)
        yield Duty("Make", name, url, due, side=side.value, roles=(role,), whys=whys, about=about)
    declined = declines_now(events, gate.document_sha256)
    if not gate.needs_report and not declined and side not in signed_sides(gate):
        whys = _open_before([item for item in items if item.kind is not Kind.SIGNATURE])
        whys = whys or tuple(str(each) for each in standing_blockers(standing.holds(gate), (), gate.code))
        asked = [
            e for e in events if e.kind == "request" and e.document == gate.document_sha256 and e.side != side
        ]
        title += f", asked by {asked[-1].by}" if asked else ""
        url = reverse("milestones:gate", args=[public_id, gate.public_id])
        about = f"{Kind.SIGNATURE}:{gate.public_id}"
        yield Duty("Sign", title, url, due, side=side.value, roles=(role,), whys=whys, about=about)


def _due(standing: Standing, gate: Gate) -> date:
    """The day of a gate; while a side has paused it, the day on which it goes on."""
    return max([gate.forecast_on, *(hold.until for hold in standing.holds(gate) if hold.until)])


def _open_before(items: Sequence[Blocker], but: Blocker | None = None) -> tuple[str, ...]:
    """What is open before a gate's report or signature, by its number; what only waits for its day, in its words."""
    still = [item for item in items if item is not but]
    if not still:
        return ()
    if all(item.kind is Kind.GATE for item in still):
        return tuple(item.text for item in still)
    return (f"{plural(len(still), 'item')} {'is' if len(still) == 1 else 'are'} still open before it.",)


def _breaches(standing: Standing) -> Iterator[Duty]:
    """Breaches that wait for the operator's answer, or for the client to accept it; one line for each side."""
    for side, permission in SETTLES.items():
        waiting = [each for each in standing.breaches if owed_by(state_of(each)) == side]
        if waiting:
            url = reverse("kpis:breaches", args=[standing.engagement.public_id])
            verb = "Answer" if side is Side.OPERATOR else "Decide"
            title = f"{plural(len(waiting), 'breach', 'breaches')} by agents who were not cleared"
            first = min(local_date(each.found_at, standing.engagement.zone) for each in waiting)
            yield Duty(
                verb, title, url, min(standing.today, first + SOON), side=side.value, roles=_who_may(permission),
                about=str(Kind.BREACH), since=first,
            )  # fmt: skip


def _windows(standing: Standing) -> Iterator[Duty]:
    """Days with calls outside of their windows that wait for the operator's answer, in one line."""
    days = standing.outside_days
    if not days:
        return
    what = [
        *(["outside of their windows"] if any(day.violations for day in days) else []),
        *(["into excluded places"] if any(day.excluded for day in days) else []),
    ]
    calls = sum(day.calls for day in days)
    on = day_text(days[0].day) if len(days) == 1 else f"{len(days)} days"
    yield Duty(
        "Answer", f"{plural(calls, 'call')} {' or '.join(what)} on {on}",
        reverse("kpis:windows", args=[standing.engagement.public_id]) + f"#day-{days[0].day:%Y%m%d}",
        min(standing.today, days[0].day + SOON), side=Side.OPERATOR.value, roles=_who_may(Permission.ANSWER_BREACH),
        about=str(Kind.WINDOWS), since=days[0].day,
    )  # fmt: skip


def _who_may(permission: Permission) -> tuple[str, ...]:
    """The roles of participants that may do something."""
    return tuple(role.value for role, may in BY_PARTICIPANT_ROLE.items() if permission in may)
