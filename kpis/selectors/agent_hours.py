"""How long agents were logged in as the newest reports say, and which days that covers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from engagements.models import Agent, Engagement
from kpis.agent_hours import Covered, Stint, coverage
from kpis.models import AgentFact, AgentHours, Sheet, SheetKind

# Whose time or dial it is: all codes of one person are that person.
WHOSE = Coalesce("agent__belongs_to_id", "agent_id")
PARTS = ("calls", "talk_s", "wrap_s", "wait_s", "pause_s")


@dataclass(frozen=True, slots=True)
class Restated:
    """A time that another file had told otherwise before."""

    agent: int
    first: date
    last: date
    before: int
    after: int
    file_name: str
    sha256: str
    by_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """The time of every agent as it counts now, and what was told otherwise before, the newest change first."""

    stints: tuple[Stint, ...]
    restated: tuple[Restated, ...]


def told_hours(engagement: Engagement, first: date | None = None, last: date | None = None) -> Told:
    """What reports that were not taken back say, of these days where both are given. One query.

    Of several files on the same agent and days the newest counts.
    """
    rows = AgentHours.objects.filter(engagement=engagement, sheet__taken_back_at=None).annotate(whose=WHOSE)
    if first and last:
        rows = rows.filter(first_day__lte=last, last_day__gte=first)
    newest: dict[tuple[int, int, date, date], Stint] = {}
    restated = []
    for row in rows.select_related("sheet").order_by("pk"):
        # By code: two codes of one person are two times, which add up.
        place = (row.whose, row.agent_id, row.first_day, row.last_day)
        before = newest.get(place)
        if before and before.seconds != row.worked_s:
            sheet = row.sheet
            restated.append(
                Restated(
                    row.whose, row.first_day, row.last_day, before.seconds, row.worked_s, sheet.file_name, sheet.sha256,
                    sheet.taken_by_name, sheet.taken_at,
                )
            )  # fmt: skip
        newest[place] = Stint(
            row.whose, row.first_day, row.last_day, row.worked_s, row.sheet_id, row.calls, row.talk_s, row.wrap_s,
            row.wait_s, row.pause_s,
        )  # fmt: skip
    return Told(tuple(newest.values()), tuple(reversed(restated)))


def dialled(engagement: Engagement, first: date, last: date) -> dict[date, dict[int | None, int]]:
    """The dials of each day by person; None is nobody who is named. One query."""
    rows = (
        AgentFact.objects.filter(engagement=engagement, day__range=(first, last))
        .order_by()
        .values_list("day", WHOSE)
        .annotate(n=Sum("dials"))
    )
    found: dict[date, dict[int | None, int]] = {}
    for day, who, dials in rows:
        found.setdefault(day, {})[who] = dials or 0
    return found


def covered(engagement: Engagement, first: date, last: date) -> Covered:
    """Which of these days the reports on agent hours cover. Two queries, one where there are no reports."""
    stints = told_hours(engagement, first, last).stints
    if not stints:
        return Covered()
    return coverage(stints, dialled(engagement, first, last), first=first, last=last)


def hour_sheets(engagement: Engagement) -> list[Sheet]:
    """The files of agent hours, the newest first. One query."""
    return list(Sheet.objects.filter(engagement=engagement, kind=SheetKind.HOURS))


def names(engagement: Engagement) -> dict[int, str]:
    """Every person who dials, by key. One query."""
    return {row.pk: str(row) for row in Agent.objects.filter(engagement=engagement, belongs_to=None)}


@dataclass(frozen=True, slots=True)
class Known:
    """The agents of an engagement by what a file may call them, each as the person that they are; None: several fit."""

    by_code: Mapping[str, int]
    by_name: Mapping[str, int | None]
    names: Mapping[int, str]

    def person(self, code: str, name: str) -> int | None:
        """Who is meant: by code, else by name where one person alone has it."""
        for text in (code, name):
            folded = text.strip().casefold()
            found = self.by_code.get(folded) if folded else None
            found = found or (self.by_name.get(folded) if folded else None)
            if found:
                return found
        return None


def known_agents(engagement: Engagement) -> Known:
    """Who may be named in a file of hours. One query."""
    rows: Iterable[Agent] = Agent.objects.filter(engagement=engagement).annotate(
        person=Coalesce(F("belongs_to_id"), F("id"))
    )
    by_code: dict[str, int] = {}
    by_name: dict[str, int | None] = {}
    names: dict[int, str] = {}
    for row in rows:
        person: int = row.person  # type: ignore[attr-defined]  # annotated above
        by_code[row.name.casefold()] = person
        if row.belongs_to_id is None:
            names[row.pk] = str(row)
        if row.display_name:
            folded = row.display_name.casefold()
            by_name[folded] = person if by_name.get(folded, person) == person else None
    return Known(by_code, by_name, names)
