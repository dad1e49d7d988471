"""A roster comes in as a file: added, renamed and ended agents, through the same services as by hand; and goes back.

It goes back whole, and only while nothing stands on what it wrote: nobody was certified, no call was made.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.ui import Reason
from common.wording import day_text
from engagements.clearance import Renaming, RosterMove, undo_blockers
from engagements.locking import hold
from engagements.models import Agent, Engagement, RosterEntry
from engagements.roster import Person, Roster, roster
from engagements.services.agents import (
    NewAgent,
    add_agents,
    end_agent,
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
    """What a file would change of the roster now. Raises Refused where it cannot be read so."""
    found, refused, _ = _read(sheet, date_order)
    changes = [
        *(("Added", f"{row.name}, code {row.code}, from {_day(row.start)}") for row in found.added),
        *(("Other name", f"{one.name} becomes {row.name}") for one, row in found.renamed),
        *(("Last day", f"{one.name}: {_day(row.end)}") for one, row in found.ended),
    ]
    left = [one.name for one in found.left_out]
    return Ahead(
        figures=(
            ("Added", len(found.added)),
            ("Another name", len(found.renamed)),
            ("Last day told", len(found.ended)),
            ("As they are", found.same),
            ("Not usable", len(refused)),
        ),
        refused=refused,
        changes=changes,
        notes=(
            *(
                [f"On the roster and not in the file, so unchanged: {', '.join(sorted(left))}."]
                if left
                else []
            ),
            "Another name is taken for the same person with a name spelled otherwise. E-mail addresses are not kept.",
        ),
        reasons=() if changes else ("Nothing in this file is new.",),
    )


def _day(day: date | None) -> str:
    return day_text(day) if day else ""


def _read(sheet: Sheet, date_order: str) -> tuple[Moves, list[tuple[int, str]], dict[str, Agent]]:
    table = kinds.read(SheetKind.ROSTER, store.read(sheet.path))
    listed, refused = read_roster(table, said=DateOrder(date_order) if date_order else None)
    standing, agents = _standing(sheet.engagement)
    found, more = moves(listed, standing)
    return found, sorted([*refused, *more]), agents


def _standing(engagement: Engagement) -> tuple[list[OnRoster], dict[str, Agent]]:
    """Who is on the roster, once under each of their codes that the file may name, and the agent of each code."""
    agents: dict[str, Agent] = {}
    standing = []
    for person in roster(engagement, clock.now()).listed:
        standing.append(OnRoster(person.agent.name, str(person.agent), person.joined_on))
        agents[person.agent.name] = person.agent
    return standing, agents


@transaction.atomic
def take_in_roster(*, sheet: Sheet, by: Seat, date_order: str = "") -> Sheet:
    """Change the roster as a file says, all or nothing: one row that cannot be followed leaves all as it was."""
    sheet = to_take(sheet, by, SheetKind.ROSTER)
    found, refused, agents = _read(sheet, date_order)
    if refused:
        raise Refused(
            [f"Line {row_no}: {reason}" for row_no, reason in refused[:20]]
            + ["A roster is taken in whole or not at all. Mend the file, then upload it again."]
        )
    if not (found.added or found.renamed or found.ended):
        raise Refused("Nothing in this file is new.")
    changes = []
    named = dict(Agent.objects.filter(engagement=sheet.engagement).values_list("pk", "display_name"))
    by_start: dict[date, list[NewAgent]] = {}
    for row in found.added:
        if row.start:
            by_start.setdefault(row.start, []).append(NewAgent(row.name, (row.code,)))
    for start, new in sorted(by_start.items()):
        for agent in add_agents(engagement=sheet.engagement, by=by, agents=new, joined_on=start):
            changes.append(_change(sheet, agent, before=named.get(agent.pk, ""), after=agent.display_name))
    for one, row in found.renamed:
        agent = rename_agent(agent=agents[one.code], by=by, name=row.name, why=Renaming.SPELLING)
        changes.append(_change(sheet, agent, before=one.name, after=agent.display_name, line=False))
    for one, row in found.ended:
        if row.end:
            agent = end_agent(agent=agents[one.code], by=by, left_on=row.end)
            changes.append(_change(sheet, agent, before=str(agent), after=str(agent)))
    RosterChange.objects.bulk_create(changes)
    days = [day for row in found.added if (day := row.start)] + [
        day for _, row in found.ended if (day := row.end)
    ]
    sheet.date_order = date_order
    kept = len(found.added) + len({row.row_no for _, row in (*found.renamed, *found.ended)})
    mark_taken(sheet, by, kept=kept, known=found.same, refused=(), days=days)
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
