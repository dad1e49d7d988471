"""Overview: where does one engagement stand?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.seat import Seat
from accounts.selectors import TrailLine, in_words, trail_entries
from common.wording import day_text
from engagements.kept import drawn, place_of
from engagements.masking import Mask
from engagements.models import Engagement, Participant
from engagements.stages import Stage
from kpis.funnel import Funnel
from kpis.numbers_page import RowsUrl, strip
from kpis.selectors import funnel, span_of_data
from milestones.links import item_urls, url_of
from milestones.models import ActionItem
from milestones.rules.facts import Blocker, Kind
from milestones.rules.states import milestone_word
from milestones.selectors.check_results import check_result
from milestones.selectors.gate_standing import GateStanding, gate_standing
from milestones.selectors.reviews import ReviewRow, next_reviews
from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waits, shown_waiting, waits_of
from milestones.track import Size
from reports.models import Deliverable
from reports.selectors.rounds import Unread, unread_of
from workspace.selectors.duties import SOON, duties_of, order, stands_on
from workspace.selectors.verdict import VerdictFacts, verdict
from workspace.selectors.waiting import late_count

LINES = 6
KEPT_AS = "the overview"
DUES = 3


@dataclass(frozen=True)
class Due:
    """One of the next things to be done."""

    title: str
    url: str
    due: date
    owner: Participant | None
    side: str
    state: str
    word: str = ""


@dataclass(frozen=True)
class Overview:
    """What the overview shows of an engagement as it stands: where, what is next, what is open, numbers and papers."""

    verdict: str
    gate: GateStanding | None
    dues: tuple[Due, ...]
    waits: Waits
    funnel: Funnel | None
    stages: tuple[dict[str, Any], ...]
    deliverables: tuple[Deliverable, ...]
    review: ReviewRow | None
    actions: tuple[ActionItem, ...]
    late_actions: int


class Deed(NamedTuple):
    """One thing that can be done now, as My work says it; `people` are the users whose own it is, where it is owned."""

    verb: str
    title: str
    url: str
    due: date
    side: str
    roles: Sequence[str]
    people: Sequence[int] | None
    who: str
    now: bool
    since: date | None = None

    @property
    def said(self) -> str:
        """The title as a part of a sentence."""
        return self.title.rstrip(".")

    def is_for(self, seat: Seat) -> bool:
        """Whether it is on My work of who sits here."""
        if self.people is not None:
            return seat.user.pk in self.people
        return self.side in ("", seat.side) and not seat.participant_roles.isdisjoint(self.roles)

    def to_json(self) -> list[Any]:
        return [*self[:3], self.due.isoformat(), *self[4:-1], self.since.isoformat() if self.since else ""]

    @classmethod
    def from_json(cls, told: Sequence[Any]) -> Self:
        verb, title, url, due, *rest, since = told
        deed = cls(verb, title, url, date.fromisoformat(due), *rest)
        return deed._replace(since=date.fromisoformat(since)) if since else deed


@dataclass(frozen=True)
class Shown:
    """The same as it was drawn for all who see it, beside what holds at this moment.

    `gate_url` leads to the next gate where nothing is open before it, `deeds` are what can be done now, the earliest
    due first. Of the last week's evenings `unread` holds what nobody of a side had read by the noon after.
    """

    planned: bool
    verdict: str
    gate_url: str
    deeds: tuple[Deed, ...]
    track: SafeString
    middle: SafeString
    papers: SafeString
    trail: tuple[TrailLine, ...]
    unread: tuple[Unread, ...]

    def next_for(self, seat: Seat, today: date) -> Deed | None:
        """What is first on this person's My work of the engagement, else what their side can do first."""
        near = (deed for deed in self.deeds if (deed.now or deed.due <= today + SOON) and deed.is_for(seat))
        side = (deed for deed in self.deeds if deed.side in ("", seat.side))
        return next(near, None) or next(side, None)


def shown(standing: Standing, mask: Mask) -> Shown:
    """The overview for whoever looks through this mask. Four queries while what was drawn counts."""
    engagement = standing.engagement
    told = standing.kept.page(KEPT_AS, mask, make=lambda: _drawn(standing, mask))
    drawn_ones = {name: mark_safe(told[name]) for name in ("track", "middle", "papers")}  # noqa: S308  our templates'
    return Shown(
        planned=told["planned"],
        verdict=told["verdict"],
        gate_url=told["gate_url"],
        deeds=tuple(Deed.from_json(one) for one in told["deeds"]),
        trail=tuple(in_words(trail_entries(engagement.pk)[:LINES], shown=mask.data)),
        unread=tuple(unread_of([engagement])[engagement.pk]),
        **drawn_ones,
    )


def _drawn(standing: Standing, mask: Mask) -> dict[str, Any]:
    """What the trail makes old: the sentence, what is next for whom, and the pieces of the page."""
    engagement, page = standing.engagement, overview(standing)
    clear = page.gate is not None and not page.gate.blockers
    codes = [("milestone", item.code, item.public_id) for item in standing.milestones]
    codes += [("gate", gate.code, gate.public_id) for gate in standing.gates]
    track = standing.track(Size.HEAD, urls=item_urls(engagement, codes)) if standing.plan else None
    around = {"engagement": engagement, "head": place_of(engagement, standing.today), "page": page}
    return {
        "planned": standing.plan is not None,
        "verdict": page.verdict,
        "gate_url": reverse("milestones:gate", args=[engagement.public_id, page.gate.gate.public_id])
        if page.gate and clear
        else "",
        "deeds": [deed.to_json() for deed in _deeds(standing, mask)],
        "track": drawn("ui/track.html", mask, track=track) if track else "",
        "middle": drawn("workspace/_overview.html", mask, **around),
        "papers": drawn("workspace/_overview_papers.html", mask, **around),
    }


def _deeds(standing: Standing, mask: Mask) -> list[Deed]:
    """What can be done now, by whomever, in the order of My work."""
    pk = standing.engagement.pk
    found = [duty for duty in duties_of([standing], {pk: shown_waiting(standing)})[pk] if not duty.whys]
    people = _people(standing.engagement)
    deeds = [
        Deed(
            duty.verb, mask.text(duty.title) if duty.masked else duty.title, duty.url, duty.due, duty.side,
            list(duty.roles), people.get(duty.owner, []) if duty.owner or duty.item else None, duty.who, duty.now,
            duty.since,
        )
        for duty in found
    ]  # fmt: skip
    return sorted(
        deeds,
        key=lambda deed: order(deed.verb, deed.title, stands_on(deed.due, standing.today, now=deed.now)),
    )


def _people(engagement: Engagement) -> dict[int | None, list[int]]:
    """Who does what each participant owns: they themselves, and their substitute. One query."""
    found = Participant.objects.filter(engagement=engagement).select_related("substitute")
    return {
        each.pk: [
            user
            for user in (each.user_id, each.stand_in.user_id if each.stand_in else None)
            if user is not None
        ]
        for each in found
    }


def overview(standing: Standing) -> Overview:
    """Where the engagement stands, its next dues, what is open by side, its numbers and papers."""
    engagement = standing.engagement
    gate = standing.next_gate
    row = gate_standing(standing, gate) if gate else None
    waits = waits_of(standing)
    numbers = _since_launch(standing)
    return Overview(
        verdict=verdict(
            VerdictFacts(
                locked=standing.locked,
                brief_signed=standing.brief.signed,
                gate=gate.title if gate else "",
                gate_day=gate.day if gate else 0,
                gate_state=standing.gate_state(gate) if gate else "passed",
                waiting=waits.tally,
                late=late_count(standing),
                paused=tuple((h.side, day_text(h.until)) for h in row.holds if h.until) if row else (),
            )
        ),
        gate=row,
        dues=tuple(_dues(standing)[:DUES]),
        waits=waits,
        funnel=numbers,
        stages=tuple(strip(numbers, _rows_url(engagement))) if numbers else (),
        deliverables=tuple(
            Deliverable.objects.filter(engagement=engagement, built_at__isnull=False, about=None)
            .defer("snapshot")
            .order_by("-built_at")[:DUES]
        ),
        review=next_reviews([standing]).get(engagement.pk),
        actions=tuple(standing.actions),
        late_actions=sum(action.due_on < standing.today for action in standing.actions),
    )


def _since_launch(standing: Standing) -> Funnel | None:
    """The funnel from the launch to the last day with calls; None before there is any."""
    span, launch = span_of_data(standing.engagement), standing.calendar.launch
    if span is None or span[1] < launch:
        return None
    return funnel(standing.engagement, max(span[0], launch), span[1])


def _rows_url(engagement: Engagement) -> RowsUrl:
    """Where each figure of the funnel opens its rows."""

    def url(first: date, last: date, stage: Stage, source: str | None) -> str:
        query = urlencode({"first": first, "last": last, "stage": stage.key})
        return f"{reverse('kpis:rows', args=[engagement.public_id])}?{query}"

    return url


def _dues(standing: Standing) -> list[Due]:
    """Open milestones and checks before the next gate, in the order of their days."""
    gate = standing.next_gate
    if gate is None:
        return []
    dues = []
    for item in standing.milestones:
        if item.gate_code == gate.code and not item.done_on:
            blocker = Blocker(item.title, Kind.MILESTONE, str(item.public_id))
            state = standing.milestone_state(item)
            due = item.forecast_on
            dues.append(
                Due(
                    standing.todo_of(item) or item.title,
                    url_of(blocker, standing.engagement),
                    due,
                    item.owner,
                    item.side,
                    state,
                    milestone_word(state),
                )
            )
    if gate == standing.gates[0]:
        for check in standing.checks:
            result = check_result(standing, check)
            if check.hard and result != "passed":
                blocker = Blocker(check.title, Kind.CHECK, str(check.public_id))
                due = check.forecast_on
                dues.append(
                    Due(
                        check.title,
                        url_of(blocker, standing.engagement),
                        due,
                        check.owner,
                        check.side,
                        result,
                    )
                )
    return sorted(dues, key=lambda due: (due.due, due.title))
