"""A roster comes in as a file: added, renamed and ended agents, through the same services as by hand."""

from datetime import date

from django.db import transaction

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import day_text
from engagements.clearance import Renaming
from engagements.models import Agent, Engagement
from engagements.roster import roster
from engagements.services.agents import NewAgent, add_agents, end_agent, rename_agent
from kpis.imports import store
from kpis.imports.dates import DateOrder
from kpis.models import Sheet, SheetKind
from kpis.sheets import kinds
from kpis.sheets.ahead import Ahead
from kpis.sheets.roster import Moves, OnRoster, moves, read_roster

from .sheets import mark_taken, to_take


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
    by_start: dict[date, list[NewAgent]] = {}
    for row in found.added:
        if row.start:
            by_start.setdefault(row.start, []).append(NewAgent(row.name, (row.code,)))
    for start, new in sorted(by_start.items()):
        add_agents(engagement=sheet.engagement, by=by, agents=new, joined_on=start)
    for one, row in found.renamed:
        rename_agent(agent=agents[one.code], by=by, name=row.name, why=Renaming.SPELLING)
    for one, row in found.ended:
        if row.end:
            end_agent(agent=agents[one.code], by=by, left_on=row.end)
    days = [day for row in found.added if (day := row.start)] + [
        day for _, row in found.ended if (day := row.end)
    ]
    sheet.date_order = date_order
    kept = len(found.added) + len({row.row_no for _, row in (*found.renamed, *found.ended)})
    mark_taken(sheet, by, kept=kept, known=found.same, refused=(), days=days)
    return sheet
