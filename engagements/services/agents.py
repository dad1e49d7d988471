"""The roster of agents, their dialer codes and their certifications."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import checked_name
from common.wording import day_text

from ..clearance import (
    PASS_MARK,
    AttemptFacts,
    CertificationKind,
    Renaming,
    RosterMove,
    UndoFacts,
    attempt_blockers,
    renaming_blockers,
    undo_blockers,
)
from ..locking import hold
from ..models import Agent, Certification, Engagement, RosterEntry, Script
from ..roster import Person, Roster, roster

DOUBLE_SUBMIT = timedelta(seconds=30)
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class NewAgent:
    """Somebody for the roster; without a code the name is what the dialer calls them."""

    name: str
    codes: tuple[str, ...] = ()


@transaction.atomic
def add_agents(
    *, engagement: Engagement, by: Seat, agents: Collection[NewAgent], joined_on: date
) -> list[Agent]:
    """Put agents on the roster, each with their dialer codes. All of them or none: raises Refused with every reason.

    A code that an import has named before becomes the agent's own. Who was on the roster before comes back, under the
    name that they had: what they have passed is not handed on with their code.
    """
    by.require(Permission.MANAGE_ROSTER)
    engagement = hold(engagement.pk)
    if reasons := joining_reasons(engagement, agents, joined_on):
        raise Refused(reasons)
    known = {agent.name.casefold(): agent for agent in Agent.objects.filter(engagement=engagement)}
    return [_join(engagement, by, new, known, joined_on) for new in agents]


def joining_reasons(engagement: Engagement, agents: Collection[NewAgent], joined_on: date) -> list[str]:
    """Say why these agents cannot come onto the roster as it stands; empty: they can. Seven queries."""
    if not agents or len(agents) > MOST_AT_ONCE:
        return [f"Name at least one agent, and at most {MOST_AT_ONCE} at once."]
    standing = roster(engagement)
    known = {agent.name.casefold(): agent for agent in Agent.objects.filter(engagement=engagement)}
    listed = {person.agent.pk for person in standing.listed}
    gone = {person.agent.pk for person in standing.gone}
    reasons = _joining_reasons(agents, known, listed, gone)
    if not engagement.kickoff_on <= joined_on <= clock.today(engagement.zone) + timedelta(days=90):
        reasons.append("The first day lies between the kickoff and 90 days from today.")
    return reasons


def _codes(new: NewAgent) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.strip() for code in new.codes if code.strip())) or (new.name.strip(),)


def _joining_reasons(
    agents: Iterable[NewAgent], known: dict[str, Agent], listed: set[int], gone: set[int]
) -> list[str]:
    reasons, seen, names = [], set(), set()
    for new in agents:
        name = checked_name(new.name)
        if len(name) > 120:
            reasons.append(f"“{name[:40]}…” is longer than 120 characters.")
        if name.casefold() in names:
            reasons.append(f"{name} stands in the list twice.")
        names.add(name.casefold())
        for code in _codes(new):
            checked_name(code)
            if code.casefold() in seen:
                reasons.append(f"The dialer code “{code}” is given to two agents.")
            seen.add(code.casefold())
            agent = known.get(code.casefold())
            if agent and agent.belongs_to_id:
                reasons.append(f"The dialer code “{code}” belongs to another agent already.")
            elif agent and agent.pk in listed:
                reasons.append(f"{agent} is on the roster already, with the dialer code “{code}”.")
            elif agent and agent.pk in gone and str(agent).casefold() != name.casefold():
                reasons.append(
                    f"The dialer code “{code}” is that of {agent}, who was on the roster: put {agent} back under that "
                    "name, or give the new agent a code of their own."
                )
    return reasons


def _join(engagement: Engagement, by: Seat, new: NewAgent, known: dict[str, Agent], on: date) -> Agent:
    first, *further = _codes(new)
    agent = known.get(first.casefold()) or Agent(engagement=engagement, name=first)
    agent.display_name = new.name.strip()
    agent.save()
    now = clock.now()
    RosterEntry.objects.create(
        engagement=engagement, agent=agent, move=RosterMove.JOINED, on=on, by=by.user,
        by_name=by.written_name(), at=now,
    )  # fmt: skip
    trail.record(
        by=by, action="roster.joined", subject=str(agent), engagement_id=engagement.pk,
        after={"first_day": on, "dialer_code": agent.name},
    )  # fmt: skip
    for code in further:
        _link(engagement, by, agent, code, known.get(code.casefold()))
    return agent


def _link(engagement: Engagement, by: Seat, agent: Agent, code: str, known: Agent | None) -> None:
    row = known or Agent(engagement=engagement, name=code)
    row.belongs_to, row.linked_at = agent, clock.now()
    row.save()
    trail.record(
        by=by, action="agent.linked", subject=str(agent), engagement_id=engagement.pk,
        after={"dialer_code": code},
    )  # fmt: skip


def _held(agent: Agent) -> tuple[Engagement, Roster, Person]:
    """The agent's engagement, held, with the roster and the agent as they stand now."""
    engagement = hold(agent.engagement_id)
    standing = roster(engagement)
    person = next((each for each in standing.people if each.agent.pk == agent.pk), None)
    if person is None:
        raise Refused("This dialer code belongs to an agent: change the agent.")
    return engagement, standing, person


@transaction.atomic
def rename_agent(*, agent: Agent, by: Seat, name: str, why: Renaming) -> Agent:
    """Give an agent another name; the dialer's code stays, and so does what they have passed.

    `why` says, on record, that it is still the same person. Raises Refused when it is not.
    """
    by.require(Permission.MANAGE_ROSTER)
    engagement, _, person = _held(agent)
    agent, before = person.agent, str(person.agent)
    agent.display_name = checked_name(name)
    if agent.display_name == before:
        return agent
    if reasons := renaming_blockers(before, agent.display_name, why):
        raise Refused(reasons)
    agent.save(update_fields=["display_name"])
    trail.record(
        by=by, action="agent.changed", subject=str(agent), engagement_id=engagement.pk,
        before={"name": before}, after={"name": agent.display_name, "why": why.label},
    )  # fmt: skip
    return agent


@transaction.atomic
def link_code(*, agent: Agent, by: Seat, code: str) -> Agent:
    """Say that a dialer code is this agent too: from now on its calls count for them, not before.

    Breaches that were found under the code stay. Raises Refused for a code that is somebody's.
    """
    by.require(Permission.MANAGE_ROSTER)
    engagement, standing, person = _held(agent)
    code = checked_name(code)
    if len(code) > 120:
        raise Refused("A dialer code has at most 120 characters.")
    if not person.entries:
        raise Refused(f"{person.agent} is not on the roster. Put them on it first.")
    known = Agent.objects.filter(engagement=engagement, name__iexact=code).first()
    if known and known.belongs_to_id == agent.pk:
        return person.agent
    nobodys = (*standing.strangers, *standing.taken_back)
    stranger = known and any(each.agent.pk == known.pk for each in nobodys)
    if known and not stranger:
        raise Refused(f"The dialer code “{known.name}” is that of {known.belongs_to or known} already.")
    _link(engagement, by, person.agent, known.name if known else code, known)
    return person.agent


@transaction.atomic
def end_agent(*, agent: Agent, by: Seat, left_on: date) -> Agent:
    """Take an agent off the roster after their last day; what they have passed stays readable."""
    by.require(Permission.MANAGE_ROSTER)
    engagement, _, person = _held(agent)
    if reasons := ending_reasons(engagement, person, left_on):
        raise Refused(reasons)
    RosterEntry.objects.create(
        engagement=engagement, agent=person.agent, move=RosterMove.LEFT, on=left_on, by=by.user,
        by_name=by.written_name(), at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by, action="roster.left", subject=str(person.agent), engagement_id=engagement.pk,
        after={"last_day": left_on},
    )  # fmt: skip
    return person.agent


def ending_reasons(engagement: Engagement, person: Person, left_on: date) -> list[str]:
    """Say why this cannot be the last day of somebody; empty: it can."""
    if not person.entries or person.left_on is not None:
        return [f"{person.agent} is not on the roster, or their last day is told already."]
    today, joined = clock.today(engagement.zone), person.joined_on or engagement.kickoff_on
    if not joined <= left_on <= today + timedelta(days=365):
        return [
            f"The last day of {person.agent} lies on or after the first, {day_text(joined)}, and within a year."
        ]
    return []


def undo_facts(person: Person, entry: RosterEntry, *, calls: int) -> UndoFacts:
    """What stands on one line of the roster; the calls made since it counts are counted by whoever knows calls."""
    return UndoFacts(
        name=str(person.agent),
        move=entry.move,
        newest=bool(person.entries) and person.entries[-1].pk == entry.pk,
        attempts=sum(attempt.at >= entry.at for attempt in person.attempts),
        codes=[code.name for code in person.codes if code.linked_at and code.linked_at >= entry.at],
        calls=calls,
    )


@transaction.atomic
def undo_move(*, agent: Agent, by: Seat, entry: RosterEntry, name: str, calls: int) -> None:
    """Take back the newest line that the roster holds of an agent; both lines stay on record and count for nothing.

    Who came by it has the name again that the dialer's code had before. Raises Refused with what stands on the line.
    """
    by.require(Permission.MANAGE_ROSTER)
    engagement, _, person = _held(agent)
    if reasons := undo_blockers(undo_facts(person, entry, calls=calls)):
        raise Refused(reasons)
    called = str(person.agent)
    if entry.move == RosterMove.JOINED:
        person.agent.display_name = name
        person.agent.save(update_fields=["display_name"])
    RosterEntry.objects.create(
        engagement=engagement, agent=person.agent, move=RosterMove.UNDONE, on=entry.on, by=by.user,
        by_name=by.written_name(), at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by, action="roster.undone", subject=called, engagement_id=engagement.pk,
        before={"move": entry.get_move_display(), "day": entry.on, "dialer_code": person.agent.name},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What an assessor says of one attempt."""

    kind: CertificationKind
    passed: bool
    score: int | None
    assessed_on: date
    parts: frozenset[str] = field(default_factory=frozenset)
    note: str = ""
    version: int | None = None  # of the script


@transaction.atomic
def certify(*, agent: Agent, by: Seat, result: Result) -> Certification:
    """Record one attempt at one certification; earlier ones stay, the newest counts from now on.

    The same form sent twice records once. Raises Refused with every reason.
    """
    by.require(Permission.CERTIFY)
    engagement, standing, person = _held(agent)
    script = (
        Script.objects.filter(
            engagement=engagement, version=result.version, approved_at__isnull=False
        ).first()
        if result.kind is CertificationKind.SCRIPT and result.version
        else None
    )
    facts = AttemptFacts(
        kind=result.kind,
        name=str(person.agent),
        listed=bool(person.entries) and person.left_on is None,
        side=by.side or "",
        passed=result.passed,
        score=result.score,
        pass_mark=PASS_MARK,
        parts=result.parts,
        note=result.note,
        assessed_on=result.assessed_on,
        today=clock.today(engagement.zone),
        first=engagement.kickoff_on,
        version=result.version,
        version_approved=script is not None,
        outdated=standing.required if (result.version or 0) < standing.required else 0,
    )
    if (reasons := attempt_blockers(facts)) or result.score is None:
        raise Refused(reasons)
    newest = person.newest(result.kind)
    if newest and _same(newest, by, result, script) and clock.now() - newest.at < DOUBLE_SUBMIT:
        return newest
    made = Certification.objects.create(
        engagement=engagement, agent=person.agent, kind=result.kind, passed=result.passed, score=result.score,
        pass_mark=PASS_MARK, parts=[code for code in result.kind.parts if code in result.parts], script=script,
        note=result.note.strip(), assessed_on=result.assessed_on, assessor=by.user,
        assessor_name=by.written_name(), assessor_side=by.side or "", at=clock.now(),
    )  # fmt: skip
    named = {"script_version": script.version} if script else {}
    trail.record(
        by=by, action="agent.passed" if result.passed else "agent.failed",
        subject=f"{person.agent}: {result.kind.words}", engagement_id=engagement.pk,
        after={"score": made.score, "pass_mark": made.pass_mark, "assessed_on": made.assessed_on, **named},
    )  # fmt: skip
    return made


def _same(newest: Certification, by: Seat, result: Result, script: Script | None) -> bool:
    return (newest.assessor_id, newest.passed, newest.score, newest.note, newest.script_id) == (
        by.user.pk, result.passed, result.score, result.note.strip(), script.pk if script else None,
    )  # fmt: skip
