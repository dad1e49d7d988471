"""What waits for one person: their part of what is kept of each engagement, and what is asked of them alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from accounts.roles import Side
from accounts.seat import Seat
from common.days import local_date
from engagements.access import side_of
from engagements.masking import OPEN, Mask
from engagements.masks import masks_for
from engagements.models import Engagement, Mention, Participant
from milestones.models import Glance
from reports.models import ReportSubscription
from reports.selectors.rounds import unread_of
from workspace.selectors.duties import BRIEF, Duty, order, stands_on
from workspace.selectors.kept import renew
from workspace.selectors.places import overview_of


@dataclass(frozen=True)
class Task:
    """One thing to do: a verb that leads straight to its form."""

    verb: str
    title: str
    url: str
    due: date
    engagement: Engagement
    today: date
    who: str = ""
    whys: Sequence[str] = ()  # what it waits for, the first thing first: it cannot be done before
    stands_in: str = ""  # whose it is, for their substitute
    behind: str = ""  # the first thing that it waits for, by name and owner, where that is a milestone
    now: bool = False  # it can be done at once: it stands among today's, before its day

    @property
    def on(self) -> date:
        """The day under which it stands."""
        return stands_on(self.due, self.today, now=self.now)

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
    def of(cls, seat: Seat) -> "Parts":
        """One query."""
        roles: dict[int, frozenset[str]] = {}
        own: dict[int, frozenset[str]] = {}
        owners: dict[int, str] = {}
        others: dict[int, tuple[str, ...]] = {}
        for row in Participant.objects.ever_held_by(seat.user):
            owners[row.pk] = "" if row.user_id == seat.user.pk else row.name
            if row.ended_at is None:
                pk = row.engagement_id
                roles[pk] = roles.get(pk, frozenset()) | {row.role}
                if owners[row.pk]:
                    others[pk] = tuple(dict.fromkeys((*others.get(pk, ()), owners[row.pk])))
                else:
                    own[pk] = own.get(pk, frozenset()) | {row.role}
        return cls(roles, owners, own, others)

    def include(self, duty: Duty, engagement: Engagement, side: Side) -> bool:
        """Whether a duty waits for this person, who stands on that side."""
        if duty.owner is not None or duty.item:
            return duty.owner in self.owners
        held = self.roles.get(engagement.pk, frozenset())
        return duty.side in ("", side) and not held.isdisjoint(duty.roles)


@dataclass(frozen=True)
class Tasks:
    """What waits for a person, however far ahead, the earliest first; what they wait for from others; where."""

    mine: list[Task]
    others: list[Task]
    engagements: list[Engagement]
    parts: Parts


def tasks_of(seat: Seat) -> Tasks:
    """Everything that waits for this person in the engagements that the seat sees. A fixed number of queries."""
    renew()
    parts = Parts.of(seat)
    kept = Glance.objects.select_related("engagement").defer("facts", "drawn")
    rows = [
        (row.engagement, row.day, row.duties) for row in kept.order_by("engagement__kickoff_on", "engagement")
    ]
    engagements = [engagement for engagement, _, _ in rows]
    todays = {engagement.pk: day for engagement, day, _ in rows}
    mine: list[tuple[Duty, Engagement]] = []
    others: list[Task] = []
    for engagement, today, duties in rows:
        side = side_of(seat, engagement)
        told = [Duty.from_json(values) for values in duties]
        own = [duty for duty in told if parts.include(duty, engagement, side)]
        mine += [(duty, engagement) for duty in _without_twins(own)]
        if parts.roles.get(engagement.pk):
            others += [
                _task(duty, engagement, today)
                for duty in told
                if duty.item and duty.due <= today and duty.owner not in parts.owners
            ]
    mentions = _mentions(seat)
    asked = {engagement.pk: engagement for duty, engagement in mine if duty.masked}
    asked |= {mention.engagement_id: mention.engagement for mention in mentions}
    masks = masks_for(asked.values(), {pk: side_of(seat, each) for pk, each in asked.items()})
    tasks = [
        _task(duty, engagement, todays[engagement.pk], parts=parts, mask=masks.get(engagement.pk, OPEN))
        for duty, engagement in mine
    ]
    tasks += [_mentioned(each, todays[each.engagement_id], masks) for each in mentions]
    tasks += _unread(seat, todays)
    tasks.sort(key=lambda task: order(task.verb, task.title, task.on))
    return Tasks(tasks, others, engagements, parts)


def _task(
    duty: Duty, engagement: Engagement, today: date, *, parts: Parts | None = None, mask: Mask = OPEN
) -> Task:
    return Task(
        duty.verb, mask.text(duty.title) if duty.masked else duty.title, duty.url, duty.due, engagement, today,
        who=duty.who, whys=duty.whys, behind=duty.behind, now=duty.now,
        stands_in=parts.owners.get(duty.owner, "") if parts and duty.owner is not None else "",
    )  # fmt: skip


def _without_twins(duties: list[Duty]) -> Iterable[Duty]:
    """The same without the milestone of the signed brief where the brief itself is to be signed now."""
    signing = any(duty.verb == "Sign" and duty.title.startswith(BRIEF) for duty in duties)
    return [duty for duty in duties if not (signing and duty.stands_for_brief)]


def _mentions(seat: Seat) -> list[Mention]:
    """Mentions of this person in comments that they have not read or answered. One query."""
    unread = Mention.objects.filter(user=seat.user, read_at=None, comment__withdrawals=None)
    return list(unread.select_related("comment", "engagement").order_by("comment__at", "pk"))


def _mentioned(mention: Mention, today: date, masks: Mapping[int, Mask]) -> Task:
    said = mention.comment
    title = f"{said.by_name} mentioned you: {masks.get(mention.engagement_id, OPEN).text(said.title)}"
    return Task("Read", title, said.address, today, mention.engagement, today)


def _unread(seat: Seat, todays: Mapping[int, date]) -> Iterator[Task]:
    """Evening reports that nobody of this person's side has read, where they have subscribed to them."""
    subscribed = ReportSubscription.objects.filter(user=seat.user).values("engagement")
    visible = Engagement.objects.filter(pk__in=subscribed).select_related("client", "operator")
    by_id = {engagement.pk: engagement for engagement in visible}
    if not by_id:
        return
    for pk, unread in unread_of(by_id.values()).items():
        engagement = by_id[pk]
        for each in unread:
            if each.side is side_of(seat, engagement):
                url = reverse("reports:deliverable", args=[engagement.public_id, each.report.public_id])
                due = local_date(each.report.created_at, engagement.zone) + timedelta(days=1)
                yield Task("Read", str(each.report), url, due, engagement, todays[pk])
