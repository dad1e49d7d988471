"""What is read of agents: the roster with its certifications, and everything that clearance is judged by."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from common import clock
from engagements.clearance import (
    AgentRecord,
    Attempt,
    CertificationKind,
    InUse,
    Missing,
    RosterMove,
    cleared,
    missing,
    required_version,
    spells_of,
    standing_moves,
)
from engagements.masking import OPEN, Mask
from engagements.models import Agent, Certification, Engagement, RosterEntry, Script


@dataclass(frozen=True)
class Person:
    """One agent with their dialer codes, their moves and every attempt, the newest attempt first.

    `undone` are moves that were taken back, each with the line that did so: they count for nothing.
    """

    agent: Agent
    record: AgentRecord
    entries: Sequence[RosterEntry] = ()
    attempts: Sequence[Certification] = ()
    codes: Sequence[Agent] = ()
    undone: Sequence[tuple[RosterEntry, RosterEntry]] = ()

    def listed(self, at: datetime) -> bool:
        """Whether they are on the roster at this moment."""
        return any(spell.holds(at) for spell in self.record.spells)

    @property
    def joined_on(self) -> date | None:
        """The first day of the newest time on the roster."""
        return next((e.on for e in reversed(self.entries) if e.move == RosterMove.JOINED), None)

    @property
    def left_on(self) -> date | None:
        """The last day, once it was told; None for who is on the roster without an end."""
        newest = self.entries[-1] if self.entries else None
        return newest.on if newest and newest.move == RosterMove.LEFT else None

    def newest(self, kind: CertificationKind) -> Certification | None:
        """The attempt that counts."""
        return next((attempt for attempt in self.attempts if attempt.kind == kind), None)


@dataclass(frozen=True)
class Roster:
    """Every agent of an engagement as they stand at `now`, with the versions of the script in use."""

    people: Sequence[Person]
    uses: Sequence[InUse]
    now: datetime
    scripts: Sequence[Script] = ()

    @cached_property
    def approved(self) -> frozenset[int]:
        """The final versions of the script."""
        return frozenset(script.version for script in self.scripts if script.approved_at)

    @cached_property
    def script_steps(self) -> frozenset[str]:
        """How far the script has come: "sent" and "reviewed" once for any version, "final" for the newest."""
        states = {script.state for script in self.scripts}
        newest = max(self.scripts, key=lambda script: script.version, default=None)
        return frozenset(
            step
            for step, reached in (
                ("sent", bool(states - {"draft"})),
                ("reviewed", bool(states & {"returned", "final"})),
                ("final", newest is not None and newest.state == "final"),
            )
            if reached
        )

    @cached_property
    def listed(self) -> list[Person]:
        """Who is on the roster, by name."""
        return [person for person in self.people if person.listed(self.now)]

    @cached_property
    def strangers(self) -> list[Person]:
        """Codes of imports that belong to nobody on the roster, and who was never on it."""
        return [person for person in self.people if not person.entries and not person.undone]

    @cached_property
    def taken_back(self) -> list[Person]:
        """Who came onto the roster by a line that was taken back, and has not come by another."""
        return [person for person in self.people if not person.entries and person.undone]

    @cached_property
    def gone(self) -> list[Person]:
        """Who was on the roster, or comes onto it later."""
        return [person for person in self.people if person.entries and not person.listed(self.now)]

    @property
    def in_use(self) -> int:
        """The version of the script that agents speak now; 0 before there is one."""
        return self.uses[-1].version if self.uses else 0

    @property
    def required(self) -> int:
        """The version on which agents have to be certified now."""
        return required_version(self.uses, self.now)

    @property
    def approved_version(self) -> int:
        """The newest final version; 0 before there is one."""
        return max(self.approved, default=0)

    def missing(self, person: Person) -> list[Missing]:
        return missing(person.record, self.uses, self.now)

    def why_not(self, person: Person) -> list[str]:
        """Why this agent may not dial now; an empty list means that they may."""
        return cleared(person.record, self.uses, self.now)

    @cached_property
    def cleared(self) -> list[Person]:
        """Who may dial, as far as agents are concerned."""
        return [person for person in self.listed if not self.missing(person)]


def roster(engagement: Engagement, now: datetime | None = None, *, mask: Mask = OPEN) -> Roster:
    """The roster of one engagement, as a reader behind `mask` sees it. Six queries."""
    return rosters([engagement], now, {engagement.pk: mask})[engagement.pk]


def rosters(
    engagements: Sequence[Engagement], now: datetime | None = None, masks: Mapping[int, Mask] | None = None
) -> dict[int, Roster]:
    """The rosters of many engagements in six queries; `masks` by engagement."""
    ids = [engagement.pk for engagement in engagements]
    agents = _grouped(Agent.objects.filter(engagement__in=ids))
    entries = _grouped(RosterEntry.objects.filter(engagement__in=ids))
    attempts = _grouped(Certification.objects.filter(engagement__in=ids).select_related("script"))
    scripts = _grouped(
        Script.objects.filter(engagement__in=ids).defer("text").prefetch_related("approvals__uses")
    )
    moment = now or clock.now()
    for engagement_id, mask in (masks or {}).items():
        for agent in agents[engagement_id]:
            mask.veil(agent)
    return {
        engagement.pk: Roster(
            _people(engagement, agents[engagement.pk], entries[engagement.pk], attempts[engagement.pk]),
            uses_of([script for script in scripts[engagement.pk] if script.approved_at]),
            moment,
            scripts[engagement.pk],
        )
        for engagement in engagements
    }


def uses_of(approved: Iterable[Script]) -> list[InUse]:
    """Since when each version was in use, the oldest first, and which version agents had to be certified on."""
    final = list(approved)
    asking = [script.version for script in final if script.asks_again]
    uses = sorted(
        ((use.at, script.version) for script in final if (use := script.use) is not None),
    )
    return [
        InUse(version, at, max((each for each in asking if each <= version), default=version))
        for at, version in uses
    ]


def _people(
    engagement: Engagement,
    agents: list[Agent],
    entries: list[RosterEntry],
    attempts: list[Certification],
) -> list[Person]:
    moves, tried, codes = _by_agent(entries), _by_agent(attempts), defaultdict(list)
    moves_of = {agent.pk: standing_moves(moves[agent.pk]) for agent in agents}
    for agent in agents:
        if agent.belongs_to_id:
            codes[agent.belongs_to_id].append(agent)
    people = [
        Person(
            agent,
            AgentRecord(
                str(agent),
                spells_of([(e.move, e.on, e.at) for e in moves_of[agent.pk][0]], engagement.zone),
                tuple(_attempt(each) for each in reversed(tried[agent.pk])),
            ),
            moves_of[agent.pk][0],
            tried[agent.pk],
            codes[agent.pk],
            moves_of[agent.pk][1],
        )
        for agent in agents
        if agent.belongs_to_id is None
    ]
    # Numbers count ("Agent 2" before "Agent 10"): under a mask the order of names would tell them.
    return sorted(people, key=lambda person: _in_order(str(person.agent)))


def _in_order(name: str) -> list[tuple[int, int, str]]:
    """A key that puts names by letter and the numbers in them by size."""
    parts = re.split(r"(\d+)", name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _attempt(row: Certification) -> Attempt:
    kind = CertificationKind(row.kind)
    return Attempt(kind, row.passed, row.at, row.script.version if row.script else 0)


def _grouped[T: (Agent, RosterEntry, Certification, Script)](rows: Iterable[T]) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        groups[row.engagement_id].append(row)
    return groups


def _by_agent[T: (RosterEntry, Certification)](rows: Iterable[T]) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        groups[row.agent_id].append(row)
    return groups
