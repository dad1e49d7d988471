"""My work: what waits for a person, one verb each, and what they wait for from others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.seat import Seat
from engagements.models import Engagement
from workspace.selectors.duties import SOON
from workspace.selectors.places import overview_of
from workspace.selectors.tasks import Task, tasks_of


@dataclass(frozen=True)
class Held:
    """Tasks of one engagement that wait for the same thing first, the earliest due first."""

    why: str
    engagement: Engagement
    tasks: tuple[Task, ...]

    @property
    def place(self) -> str:
        """The address of its engagement."""
        return overview_of(self.engagement)


class TaskList(NamedTuple):
    """A part of My work under its heading; where `tasks` are not all, `of` says how many there are."""

    key: str
    title: str
    tasks: Sequence[Task | Held]
    of: int
    leads: bool = False  # its first task is the next thing to do

    @property
    def more(self) -> bool:
        return len(self.tasks) < self.of


@dataclass(frozen=True)
class Work:
    """A person's tasks by urgency; `ahead` is what is not due within a week."""

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    week: tuple[Task, ...]
    blocked: tuple[Task, ...]
    waiting: tuple[Task, ...]
    ahead: tuple[Task, ...]
    engagements: int = 0  # how many the person sees
    roles: frozenset[str] = frozenset()  # the roles that the person has in them
    own: frozenset[str] = frozenset()  # those of them that they hold themselves, not for somebody
    stands_in: tuple[tuple[str, tuple[str, ...]], ...] = ()  # campaigns, and for whom they stand in there
    place: Engagement | None = None  # the newest of them in which they have one

    @property
    def later(self) -> int:
        return len(self.ahead)

    @property
    def next(self) -> Task | None:
        """The first of what is later."""
        return next(iter(self.ahead), None)

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.today) + len(self.week)

    @property
    def idle(self) -> bool:
        """Whether nothing is shown at all."""
        return not (self.count or self.blocked or self.waiting)

    @property
    def fresh(self) -> bool:
        """Whether there is no work at all, now or later: the page says what will stand there."""
        return self.idle and not self.later

    @property
    def held(self) -> tuple[Held, ...]:
        """What cannot be done yet, grouped by what it waits for first."""
        groups: dict[tuple[int, str], list[Task]] = {}
        for task in self.blocked:
            groups.setdefault((task.engagement.pk, task.whys[0]), []).append(task)
        return tuple(
            Held(tasks[0].behind or why, tasks[0].engagement, tuple(tasks))
            for (_, why), tasks in groups.items()
        )

    def lists(self, most: int, *, later: bool = False) -> list[TaskList]:
        """What there is under each heading, so many of each at most; or what is due `later`, on its own page."""
        parts: list[tuple[str, str, Sequence[Task | Held]]] = [
            ("overdue", "Overdue", self.overdue),
            ("today", "Today", self.today),
            ("week", "Within a week", self.week),
            ("blocked", "Waiting for something else", self.held),
            ("waiting", "What I wait for from others", self.waiting),
        ]
        if later:
            parts = [("later", "Later than this week", self.ahead)]
        first = "overdue" if self.overdue else "today" if self.today else "week"
        return [
            TaskList(key, title, tasks[:most], len(tasks), leads=key == first)
            for key, title, tasks in parts
            if tasks
        ]


def my_work(seat: Seat) -> Work:
    """Everything that waits for this person in the engagements that the seat sees. A fixed number of queries."""
    found = tasks_of(seat)
    due = [task for task in found.mine if task.on <= task.today + SOON]
    near = [task for task in due if not task.whys]
    later = [task for task in found.mine if task.on > task.today + SOON]
    held, own, others = found.parts.roles, found.parts.own, found.parts.stood_in_for
    return Work(
        overdue=tuple(task for task in near if task.when == "overdue"),
        today=tuple(task for task in near if task.when == "today"),
        week=tuple(task for task in near if task.when == "week"),
        blocked=tuple(task for task in due if task.whys),
        waiting=tuple(sorted(found.others, key=lambda task: task.due)),
        ahead=tuple(later),
        engagements=len(found.engagements),
        roles=frozenset().union(*(held.get(engagement.pk, ()) for engagement in found.engagements)),
        own=frozenset().union(*(own.get(engagement.pk, ()) for engagement in found.engagements)),
        stands_in=tuple(
            (each.campaign, others[each.pk]) for each in found.engagements if others.get(each.pk)
        ),
        place=_newest(found.engagements, own) or _newest(found.engagements, held),
    )


def _newest(engagements: Sequence[Engagement], held: Mapping[int, frozenset[str]]) -> Engagement | None:
    return next((each for each in reversed(engagements) if held.get(each.pk)), None)
