"""What waits for one person: their part of what is kept of each engagement, and what is asked of them alone."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from accounts.roles import Side
from accounts.seat import Seat
from common.days import local_date
from common.together import Together, Worded
from common.ui import address
from engagements.access import side_of
from engagements.masking import OPEN, Mask
from engagements.masks import masks_for
from engagements.models import Comment, Engagement, Mention, Participant
from reports.selectors.rounds import reports_for, unread_among, unread_since
from workspace.selectors.duties import BRIEF, Duty, order
from workspace.selectors.kept import renew
from workspace.selectors.places import overview_of

# Engagements whose duties a process remembers as they were read, by the text that tells them.
REMEMBERED = 512


class Task(NamedTuple):
    """One thing to do: a verb that leads straight to its form."""

    verb: str
    title: str
    url: str
    due: date
    engagement: Engagement
    today: date
    on: date  # the day under which it stands
    who: str = ""
    whys: Sequence[str] = ()  # what it waits for, the first thing first: it cannot be done before
    stands_in: str = ""  # whose it is, for their substitute
    behind: str = ""  # the first thing that it waits for, by name and owner, where that is a milestone
    since: date | None = None  # from when an answer is waited for that has no day of its own

    @property
    def place(self) -> str:
        """The address of its engagement."""
        return overview_of(self.engagement)

    @property
    def why(self) -> str:
        return " ".join(self.whys)

    @property
    def then(self) -> str:
        """What it waits for beside the first thing, in few words where there is much."""
        more = self.whys[1:]
        return " ".join(more) if len(more) < 3 else f"{len(more)} more things are open before it."

    @property
    def when(self) -> str:
        if self.due < self.today:
            return "overdue"
        return "today" if self.on == self.today else "week"


def _of_one_person(user: int, since: date) -> dict[str, QuerySet[Any, Any]]:
    """What is asked of one person alone: what they are in the engagements, mentions of them in comments that they have
    not read or answered, and the reports that they have subscribed to.
    """
    said = ("comment__public_id", "comment__by_name", "comment__title", "comment__page", "comment__at")
    unread = Mention.objects.filter(user=user, read_at=None, comment__withdrawals=None)
    return {
        "parts": Participant.objects.ever_held_by(user).values(
            "pk", "engagement_id", "role", "name", "user_id", "ended_at"
        ),
        "mentions": unread.order_by("comment__at", "pk").values("engagement_id", *said),
        "reports": reports_for(user, since),
    }


_ALONE = Together(_of_one_person, user=2**62, since=date(1, 1, 1))


# All that is asked of an engagement here or by whoever shows a task of it.
FIELDS = tuple(field.attname for field in Engagement._meta.concrete_fields)


def _kept() -> QuerySet[Engagement, tuple[Any, ...]]:
    """What is kept of each engagement, as text, and the engagement itself."""
    kept = Engagement.objects.filter(glance__isnull=False).order_by("kickoff_on", "pk")
    return kept.values_list("glance__day", Cast("glance__duties", TextField()), *FIELDS)


_KEPT = Worded(_kept)


@dataclass(frozen=True)
class Parts:
    """What a person is in the engagements: the roles that they hold or stand in for now, and whose items they answer
    for, by participant: empty where they are that one, else the name of who is stood in for. `own` leaves out the
    roles that they stand in for, `stood_in_for` names for whom those are, by engagement.
    """

    roles: Mapping[int, frozenset[str]]
    owners: Mapping[int, str]
    own: Mapping[int, frozenset[str]]
    stood_in_for: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, seat: Seat, rows: Iterable[Mapping[str, Any]]) -> "Parts":
        """What these rows of a person's participations say."""
        roles: dict[int, frozenset[str]] = {}
        own: dict[int, frozenset[str]] = {}
        owners: dict[int, str] = {}
        others: dict[int, tuple[str, ...]] = {}
        for row in rows:
            name = owners[row["pk"]] = "" if row["user_id"] == seat.user.pk else row["name"]
            if row["ended_at"] is None:
                pk, role = row["engagement_id"], row["role"]
                roles[pk] = roles.get(pk, frozenset()) | {role}
                if name:
                    others[pk] = tuple(dict.fromkeys((*others.get(pk, ()), name)))
                else:
                    own[pk] = own.get(pk, frozenset()) | {role}
        return cls(roles, owners, own, others)

    def of_mine(self, told: Iterable[Duty], engagement: Engagement, side: Side) -> list[Duty]:
        """What of an engagement's duties waits for this person, who stands on that side."""
        held = self.roles.get(engagement.pk, frozenset())
        owners = self.owners
        return [
            duty
            for duty in told
            if (
                duty.owner in owners
                if duty.owner is not None or duty.item
                else duty.side in ("", side) and not held.isdisjoint(duty.roles)
            )
        ]


@dataclass(frozen=True)
class Tasks:
    """What waits for a person, however far ahead, the earliest first; what they wait for from others; where."""

    mine: list[Task]
    others: list[Task]
    engagements: Sequence[Engagement]
    parts: Parts


def tasks_of(seat: Seat) -> Tasks:
    """Everything that waits for this person in the engagements that the seat sees. A fixed number of queries."""
    renew()
    alone = _ALONE.rows(user=seat.user.pk, since=unread_since())
    parts = Parts.of(seat, alone["parts"])
    engagements: list[Engagement] = []
    todays: dict[int, date] = {}
    told_of: list[str] = []
    for day, told, *values in _KEPT.rows():
        engagement = Engagement.from_db(None, FIELDS, values)
        engagements.append(engagement)
        todays[engagement.pk] = day
        told_of.append(told)
    mine: list[tuple[Duty, Engagement, date]] = []
    others: list[Task] = []
    for engagement, text in zip(engagements, told_of, strict=True):
        side, today = side_of(seat, engagement), todays[engagement.pk]
        duties = _duties(text)
        own = parts.of_mine(duties, engagement, side)
        mine += [(duty, engagement, today) for duty in _without_twins(own)]
        if parts.roles.get(engagement.pk):
            others += [
                _task(duty, engagement, today)
                for duty in duties
                if duty.item and duty.due <= today and duty.owner not in parts.owners
            ]
    by_id = {engagement.pk: engagement for engagement in engagements}
    mentions = alone["mentions"]
    asked = {engagement.pk: engagement for duty, engagement, _ in mine if duty.masked}
    asked |= {mention["engagement_id"]: by_id[mention["engagement_id"]] for mention in mentions}
    masks = masks_for(asked.values(), {pk: side_of(seat, each) for pk, each in asked.items()})
    tasks = [
        _task(
            duty, engagement, today, parts=parts, mask=masks.get(engagement.pk, OPEN) if duty.masked else OPEN
        )
        for duty, engagement, today in mine
    ]
    tasks += [_mentioned(each, by_id[each["engagement_id"]], todays, masks) for each in mentions]
    tasks += _unread(alone["reports"], seat, by_id, todays)
    tasks.sort(key=lambda task: order(task.verb, task.title, task.on))
    return Tasks(tasks, others, engagements, parts)


# What is kept of an engagement stays the same text until it is computed anew.
@lru_cache(maxsize=REMEMBERED)
def _duties(told: str) -> tuple[Duty, ...]:
    return tuple(Duty.from_json(values) for values in json.loads(told))


def _task(
    duty: Duty, engagement: Engagement, today: date, *, parts: Parts | None = None, mask: Mask = OPEN
) -> Task:
    return Task(
        duty.verb, mask.text(duty.title) if duty.masked else duty.title, duty.url, duty.due, engagement, today,
        on=duty.stands_on(today), who=duty.who, whys=duty.whys, behind=duty.behind, since=duty.since,
        stands_in=parts.owners.get(duty.owner, "") if parts and duty.owner is not None else "",
    )  # fmt: skip


def _without_twins(duties: list[Duty]) -> Iterable[Duty]:
    """The same without the milestone of the signed brief where the brief itself is to be signed now."""
    signing = any(duty.verb == "Sign" and duty.title.startswith(BRIEF) for duty in duties)
    return [duty for duty in duties if not (signing and duty.stands_for_brief)]


def _mentioned(
    row: Mapping[str, Any], engagement: Engagement, todays: Mapping[int, date], masks: Mapping[int, Mask]
) -> Task:
    said = Comment(
        public_id=row["comment__public_id"], page=row["comment__page"], title=row["comment__title"]
    )
    today, shown = todays[engagement.pk], masks.get(engagement.pk, OPEN).text(said.title)
    title = f"{row['comment__by_name']} mentioned you: {shown}"
    since = local_date(datetime.fromisoformat(str(row["comment__at"])), engagement.zone)
    return Task("Read", title, said.address, today, engagement, today, on=today, since=since)


def _unread(
    rows: list[dict[str, Any]], seat: Seat, by_id: Mapping[int, Engagement], todays: Mapping[int, date]
) -> Iterator[Task]:
    """Evening reports that nobody of this person's side has read, where they have subscribed to them."""
    for report, side in unread_among(rows, {pk: each.zone for pk, each in by_id.items()}):
        engagement = by_id[report.engagement_id]
        if side is side_of(seat, engagement):
            url = address("reports:deliverable", engagement.public_id, UUID(str(report.public_id)))
            due = local_date(report.created_at, engagement.zone) + timedelta(days=1)
            yield Task("Read", str(report), url, due, engagement, todays[engagement.pk], on=due)
