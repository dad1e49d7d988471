"""Search: whatever a person may see whose words hold what they typed, and where it lives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from accounts.roles import Side, in_a_sentence
from accounts.seat import Seat
from engagements.access import side_of
from engagements.masking import OPEN, Mask
from engagements.masks import masks_for
from engagements.models import Agent, Engagement, Participant
from kpis.models import Finding, Fix
from milestones.models import ActionItem, Gate, Milestone, ReadinessCheck, Review
from reports.models import Deliverable, Kind

LEAST = 2  # letters; fewer fit nearly everything
EACH = 8  # shown of one kind
LOOKED_AT = 60  # of one kind: what a mask hides is left out of these before the first are shown


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, where it opens, and in which engagement it lives."""

    title: str
    url: str
    engagement: Engagement
    note: str = ""
    on: date | None = None
    state: str = ""


@dataclass(frozen=True)
class Group:
    """The things of one kind; `more` says that others fit as well."""

    label: str
    hits: tuple[Hit, ...]
    more: bool = False


@dataclass(frozen=True)
class Place:
    """How things of one kind are found: the fields that hold their words, and how one is shown."""

    label: str
    rows: QuerySet[Any]
    fields: tuple[str, ...]
    show: Callable[[Any], Hit]
    also: Callable[[str], Q] = lambda word: Q(pk__in=())
    words: Callable[[Any], Iterable[str]] = lambda row: ()


def search(seat: Seat, text: str) -> list[Group]:
    """What fits every word, by kind, the newest engagement first. A fixed number of queries.

    A word may also stand in the campaign's name, as long as one stands in the thing itself. Where the reader sees
    agents by number, nothing is found by a name that they are not shown.
    """
    words = text.split()
    if len(text.strip()) < LEAST:
        return []
    masked = list(
        Engagement.objects.filter(agents_masked_at__isnull=False).select_related("client", "operator")
    )
    masks = masks_for(masked, {each.pk: side_of(seat, each) for each in masked})
    groups = [_engagements(words), *(_found(place, words, masks) for place in _places())]
    groups.append(_agents(words, masks))
    return [group for group in groups if group.hits]


def _engagements(words: Sequence[str]) -> Group:
    fields = ("campaign", "client__name", "operator__name")
    rows = Engagement.objects.select_related("client", "operator").order_by("-kickoff_on", "pk")
    found = list(rows.filter(*(_any(fields, word) for word in words))[: EACH + 1])
    hits = [
        Hit(row.campaign, reverse("workspace:overview", args=[row.public_id]), row, on=row.kickoff_on)
        for row in found
    ]
    return Group("Engagements", tuple(hits[:EACH]), len(hits) > EACH)


def _any(fields: Iterable[str], word: str) -> Q:
    found = Q(pk__in=())
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found


def _found(place: Place, words: Sequence[str], masks: Mapping[int, Mask]) -> Group:
    own = {word: _any(place.fields, word) | place.also(word) for word in words}
    themselves = Q(pk__in=())
    for found in own.values():
        themselves |= found
    rows = (
        place.rows.filter(
            themselves, *(found | Q(engagement__campaign__icontains=word) for word, found in own.items())
        )
        .select_related("engagement", "engagement__client", "engagement__operator")
        .order_by("-engagement__kickoff_on", "engagement_id", *place.rows.query.order_by)[:LOOKED_AT]
    )
    hits = []
    for row in rows:
        mask = masks.get(row.engagement_id, OPEN)
        if mask and not _shows(place, row, words, mask):
            continue
        hit = place.show(row)
        hits.append(
            Hit(mask.text(hit.title), hit.url, hit.engagement, mask.text(hit.note), hit.on, hit.state)
        )
    return Group(place.label, tuple(hits[:EACH]), len(hits) > EACH)


def _shows(place: Place, row: Model, words: Sequence[str], mask: Mask) -> bool:
    """Whether the words stand in what the reader is shown, not only in a name behind the mask."""
    told = [*(str(_value(row, field)) for field in place.fields), *place.words(row), row.engagement.campaign]  # type: ignore[attr-defined]
    shown = " ".join(mask.text(text) for text in told).casefold()
    return all(word.casefold() in shown for word in words)


def _value(row: Any, field: str) -> object:
    for part in field.split("__"):
        row = getattr(row, part)
    return row


def _agents(words: Sequence[str], masks: Mapping[int, Mask]) -> Group:
    """Agents by the name that the reader is shown: behind a mask by their number alone."""
    shown = Q(engagement__in=[pk for pk, mask in masks.items() if mask])
    rows = (
        Agent.objects.filter(belongs_to=None)
        .select_related("engagement", "engagement__client", "engagement__operator")
        .order_by("-engagement__kickoff_on", "engagement_id", "name")
    )
    named, itself = Q(), Q(pk__in=())
    for word in words:
        named &= _any(("name", "display_name", "engagement__campaign"), word)
        itself |= _any(("name", "display_name"), word)
    numbered = Q(
        pk__in=[pk for mask in masks.values() for pk, name in mask.by_pk.items() if _fits(name, words)]
    )
    found = list(rows.filter((named & itself & ~shown) | numbered)[: EACH + 1])
    hits = [
        Hit(
            masks.get(row.engagement_id, OPEN).of(row),
            reverse("engagements:agent", args=[row.engagement.public_id, row.public_id]),
            row.engagement,
        )
        for row in found
    ]
    return Group("Agents", tuple(hits[:EACH]), len(hits) > EACH)


def _fits(name: str, words: Sequence[str]) -> bool:
    return all(word.casefold() in name.casefold() for word in words)


def _to(name: str, row: Any, public_id: UUID | None = None) -> str:
    return reverse(name, args=[row.engagement.public_id, public_id or row.public_id])


def _dated(name: str) -> Callable[[Any], Hit]:
    """How a thing of the plan is shown, with its date."""
    return lambda row: Hit(row.title, _to(name, row), row.engagement, on=row.forecast_on)


def _milestone(row: Milestone) -> Hit:
    done = row.done_on is not None
    return Hit(
        row.title, _to("milestones:milestone", row), row.engagement,
        on=row.done_on or row.forecast_on, state="done" if done else "open",
    )  # fmt: skip


def _finding(row: Finding) -> Hit:
    said = f"day {row.review_day}, {in_a_sentence(row.get_state_display())}"
    return Hit(row.metric_label, _to("kpis:finding", row), row.engagement, said)


def _fix(row: Fix) -> Hit:
    return Hit(
        row.action, _to("kpis:finding", row, row.finding.public_id), row.engagement,
        f"against {row.finding.metric_label}", row.done_on or row.due_on, "done" if row.done_on else "open",
    )  # fmt: skip


def _action(row: ActionItem) -> Hit:
    state = "done" if row.done_on else "dropped" if row.dropped_at else "open"
    return Hit(
        row.text, _to("milestones:review", row, row.review.public_id), row.engagement,
        row.owner.name, row.done_on or row.due_on, state,
    )  # fmt: skip


def _person(row: Participant) -> Hit:
    role = f"{row.get_role_display()}, {Side(row.side).label.lower()}"
    return Hit(row.name, reverse("engagements:team", args=[row.engagement.public_id]), row.engagement, role)


def _deliverable(row: Deliverable) -> Hit:
    return Hit(str(row), _to("reports:deliverable", row), row.engagement)


def _kinds(word: str) -> Q:
    return Q(kind__in=[kind for kind in Kind if word.casefold() in str(kind.label).casefold()])


def _roles(word: str) -> Q:
    field = Participant._meta.get_field("role")
    return Q(role__in=[key for key, label in field.flatchoices if word.casefold() in str(label).casefold()])


def _places() -> list[Place]:
    """Every kind of thing besides engagements and agents, in the order of the groups."""
    newest = Deliverable.objects.order_by("engagement", "kind", "about", "-version")
    return [
        Place(
            "People", Participant.objects.filter(ended_at=None).order_by("name", "pk"), ("name", "email"),
            _person, _roles, lambda row: (row.get_role_display(),),
        ),
        Place("Milestones", Milestone.objects.order_by("day", "pk"), ("title",), _milestone),
        Place("Checks", ReadinessCheck.objects.order_by("day", "pk"), ("title",), _dated("milestones:check")),
        Place("Gates", Gate.objects.order_by("day", "pk"), ("title",), _dated("milestones:gate")),
        Place(
            "Findings", Finding.objects.order_by("review_day", "pk"), ("metric_label", "observation"), _finding
        ),
        Place(
            "Fixes", Fix.objects.select_related("finding").order_by("due_on", "pk"), ("action", "owner__name"),
            _fix,
        ),
        Place(
            "Reviews", Review.objects.filter(cancelled_at=None).order_by("day", "pk"), ("title",),
            _dated("milestones:review"),
        ),
        Place(
            "Actions", ActionItem.objects.select_related("review", "owner").order_by("due_on", "pk"),
            ("text", "owner__name"), _action,
        ),
        Place(
            "Deliverables",
            Deliverable.objects.filter(
                pk__in=newest.distinct("engagement", "kind", "about").values("pk")
            ).order_by("-created_at"),
            ("label",), _deliverable, _kinds, lambda row: (row.get_kind_display(),),
        ),
    ]  # fmt: skip
