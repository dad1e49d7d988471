"""A roster comes in as a file: added, renamed and ended agents, through the same services as by hand; and goes back.

It goes back whole, and only while nothing stands on what it wrote: nobody was certified, no call was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import batched
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.ui import Reason
from common.wording import day_text, plural
from engagements.clearance import Renaming, RosterMove, renaming_blockers, undo_blockers
from engagements.locking import hold
from engagements.models import Agent, Engagement, RosterEntry
from engagements.roster import Person, Roster, roster
from engagements.services.agents import (
    MOST_AT_ONCE,
    NewAgent,
    add_agents,
    end_agent,
    ending_reasons,
    joining_reasons,
    rename_agent,
    undo_facts,
    undo_move,
)
from kpis.imports import store
from kpis.imports.dates import DateOrder
from kpis.imports.leaning import InUse
from kpis.models import CallRecord, RosterChange, Sheet, SheetKind
from kpis.sheets import kinds
from kpis.sheets.ahead import Ahead
from kpis.sheets.roster import Moves, OnRoster, moves, read_roster

from .sheets import mark_back, mark_taken, to_take, to_take_back


def look_ahead(sheet: Sheet, date_order: str) -> Ahead:
    """What a file would change of the roster now, and why it cannot. Raises Refused where it cannot be read so."""
    found = _read(sheet, date_order)
    changes = [
        *(("Added", f"{row.name}, code {row.code}, from {_day(row.start)}") for row in found.moves.added),
        *(("Other name", f"{one.name} becomes {row.name}") for one, row in found.moves.renamed),
        *(("Last day", f"{one.name}: {_day(row.end)}") for one, row in found.moves.ended),
    ]
    left = [one.name for one in found.moves.left_out]
    notes = ["E-mail addresses are not kept."]
    if found.earlier:
        kickoff = day_text(sheet.engagement.kickoff_on)
        notes.insert(
            0, f"{plural(found.earlier, 'first day')} before the kickoff, {kickoff}, would count from it."
        )
    if left:
        notes.insert(0, f"On the roster and not in the file, so unchanged: {', '.join(sorted(left))}.")
    return Ahead(
        figures=(
            ("Added", len(found.moves.added)),
            ("Another name", len(found.moves.renamed)),
            ("Last day told", len(found.moves.ended)),
            ("As they are", found.moves.same),
            ("Not usable", len(found.refused)),
        ),
        refused=found.refused,
        changes=changes,
        notes=notes,
        asks=[(row.row_no, f"{one.name} becomes {row.name}") for one, row in found.moves.renamed],
        reasons=_reasons_against(sheet.engagement, found),
    )


def _day(day: date | None) -> str:
    return day_text(day) if day else ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A file against the roster; `earlier` are the first days that lie before the kickoff."""

    moves: Moves
    refused: list[tuple[int, str]]
    people: dict[str, Person]
    earlier: int


def _read(sheet: Sheet, date_order: str) -> _Read:
    engagement = sheet.engagement
    table = kinds.read(SheetKind.ROSTER, store.read(sheet.path))
    listed, refused = read_roster(table, said=DateOrder(date_order) if date_order else None)
    standing, people = _standing(engagement)
    found, more = moves(listed, standing)
    # Who worked for the operator before the campaign began is on its roster from its first day.
    first = engagement.kickoff_on
    added = [replace(row, start=max(row.start, first)) if row.start else row for row in found.added]
    earlier = sum(row.start is not None and row.start < first for row in found.added)
    return _Read(replace(found, added=added), sorted([*refused, *more]), people, earlier)


def _standing(engagement: Engagement) -> tuple[list[OnRoster], dict[str, Person]]:
    """Who is on the roster or comes onto it later, once under each of their codes, and the person of each code."""
    people: dict[str, Person] = {}
    standing = []
    now = roster(engagement, clock.now())
    for person in now.people:
        if person.listed(now.now) or (person.entries and person.left_on is None):
            for code in (person.agent, *person.codes):
                standing.append(
                    OnRoster(
                        code.name, str(person.agent), person.joined_on, person.left_on, person.agent.name
                    )
                )
                people[code.name] = person
    return standing, people


def _joining(found: _Read) -> Iterator[tuple[date, list[NewAgent]]]:
    """Who is added, by first day, in parcels as large as the roster takes at once."""
    by_start: dict[date, list[NewAgent]] = {}
    for row in found.moves.added:
        if row.start:
            by_start.setdefault(row.start, []).append(NewAgent(row.name, (row.code,)))
    for start, new in sorted(by_start.items()):
        yield from ((start, list(some)) for some in batched(new, MOST_AT_ONCE, strict=False))


def _reasons_against(engagement: Engagement, found: _Read) -> list[str]:
    """Say why the file cannot be taken in as the roster stands; empty: it can."""
    made = found.moves
    if not (made.added or made.renamed or made.ended or found.refused):
        return ["Nothing in this file is new."]
    reasons = []
    if found.refused:
        reasons.append(
            f"A roster is taken in whole or not at all, and {plural(len(found.refused), 'line')} cannot be used. "
            "Mend the file, then upload it again."
        )
    for start, new in _joining(found):
        reasons += joining_reasons(engagement, new, start)
    for one, row in made.ended:
        if row.end:
            reasons += ending_reasons(engagement, found.people[one.code], row.end)
    return list(dict.fromkeys(reasons))


@transaction.atomic
def take_in_roster(
    *, sheet: Sheet, by: Seat, date_order: str = "", who: Mapping[int, Renaming] | None = None
) -> Sheet:
    """Change the roster as a file says, all or nothing: one row that cannot be followed leaves all as it was.

    `who` says of each line with another name, by its number, why it is still the same person: nobody gets what
    another has passed because the dialer gave them the same code. Raises Refused with every reason.
    """
    sheet = to_take(sheet, by, SheetKind.ROSTER)
    hold(sheet.engagement_id)
    found = _read(sheet, date_order)
    reasons = [f"Line {row_no}: {reason}" for row_no, reason in found.refused[:20]]
    reasons += _reasons_against(sheet.engagement, found)
    for one, row in found.moves.renamed:
        why = (who or {}).get(row.row_no)
        if why is None:
            reasons.append(
                f"Line {row.row_no}: {one.name} becomes {row.name}. Say whether this is the same person."
            )
        else:
            reasons += renaming_blockers(one.name, row.name, why)
    if reasons:
        raise Refused(reasons)
    changes = []
    named = dict(Agent.objects.filter(engagement=sheet.engagement).values_list("pk", "display_name"))
    for start, new in _joining(found):
        for agent in add_agents(engagement=sheet.engagement, by=by, agents=new, joined_on=start):
            changes.append(_change(sheet, agent, before=named.get(agent.pk, ""), after=agent.display_name))
    for one, row in found.moves.renamed:
        agent = found.people[one.code].agent
        agent = rename_agent(agent=agent, by=by, name=row.name, why=(who or {})[row.row_no])
        changes.append(_change(sheet, agent, before=one.name, after=agent.display_name, line=False))
    for one, row in found.moves.ended:
        if row.end:
            agent = end_agent(agent=found.people[one.code].agent, by=by, left_on=row.end)
            changes.append(_change(sheet, agent, before=str(agent), after=str(agent)))
    RosterChange.objects.bulk_create(changes)
    days = [day for row in found.moves.added if (day := row.start)] + [
        day for _, row in found.moves.ended if (day := row.end)
    ]
    sheet.date_order = date_order
    kept = len(found.moves.added) + len({row.row_no for _, row in (*found.moves.renamed, *found.moves.ended)})
    mark_taken(sheet, by, kept=kept, known=found.moves.same, refused=(), days=days)
    return sheet


def _change(sheet: Sheet, agent: Agent, *, before: str, after: str, line: bool = True) -> RosterChange:
    entry = RosterEntry.objects.filter(engagement=sheet.engagement, agent=agent).last() if line else None
    return RosterChange(
        engagement=sheet.engagement, sheet=sheet, agent=agent, entry=entry, before=before, after=after
    )


@transaction.atomic
def take_back_roster(*, sheet: Sheet, by: Seat) -> None:
    """Undo what a file changed of the roster, all of it or nothing. Raises InUse with what stands on it.

    Who was added is gone as though they had never come, who was ended is on the roster still, names are as before.
    """
    sheet = to_take_back(sheet, by, SheetKind.ROSTER)
    engagement = hold(sheet.engagement_id)
    changes = list(RosterChange.objects.filter(sheet=sheet).select_related("agent", "entry").order_by("-pk"))
    if not changes:
        raise Refused(
            "This file came in before rosters could be taken back: change the roster by hand instead."
        )
    if places := _standing_on(engagement, roster(engagement), changes):
        raise InUse(places)
    for change in changes:
        if change.entry is None:
            rename_agent(agent=change.agent, by=by, name=change.before, why=Renaming.SPELLING)
        else:
            undo_move(agent=change.agent, by=by, entry=change.entry, name=change.before, calls=0)
    mark_back(sheet, by)


def _standing_on(engagement: Engagement, standing: Roster, changes: Sequence[RosterChange]) -> list[Reason]:
    """Everything that stands on what a file changed, each with the page of the agent."""
    people = {person.agent.pk: person for person in standing.people}
    places = []
    for change in changes:
        page = reverse("engagements:agent", args=[engagement.public_id, change.agent.public_id])
        person = people.get(change.agent_id)
        if person is None:
            reasons = [f"{change.after}: the dialer code was given to somebody else since."]
        else:
            reasons = _reasons(engagement, person, change)
        places += [Reason(reason, page) for reason in reasons]
    return places


def _reasons(engagement: Engagement, person: Person, change: RosterChange) -> list[str]:
    named = str(person.agent)
    reasons = []
    if change.after != named:
        reasons.append(f"{change.after} is called {named} by now: change it by hand.")
    if change.entry is not None:
        calls = _calls_since(engagement, person, change.entry)
        reasons += undo_blockers(undo_facts(person, change.entry, calls=calls))
    return reasons


def _calls_since(engagement: Engagement, person: Person, entry: RosterEntry) -> int:
    """How many calls of this agent were made since a line of the roster counts; of days without hours, all of them."""
    spells = person.record.spells
    since: datetime | None = None
    if spells:
        since = spells[-1].since if entry.move == RosterMove.JOINED else spells[-1].until
    if since is None:
        return 0
    day = since.astimezone(ZoneInfo(engagement.zone)).date()
    own = [person.agent.pk, *(code.pk for code in person.codes)]
    return CallRecord.objects.filter(
        Q(called_at__gte=since) | Q(called_at=None), engagement=engagement, day__gte=day, agent__in=own
    ).count()
