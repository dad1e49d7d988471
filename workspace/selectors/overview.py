"""Overview: where does one engagement stand?"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.roles import Side
from accounts.selectors import TrailLine, in_words, trail_entries
from common.ui import Reason
from common.wording import day_text
from engagements.masking import Mask
from engagements.models import Engagement, Participant
from engagements.stages import Stage
from kpis.funnel import Funnel
from kpis.numbers_page import RowsUrl, strip
from kpis.selectors import funnel, span_of_data
from milestones.links import url_of
from milestones.models import ActionItem
from milestones.rules.facts import Blocker, Kind
from milestones.rules.states import milestone_word
from milestones.selectors.gates import GateStanding, check_result, gate_standing
from milestones.selectors.reviews import ReviewRow, next_reviews, open_actions
from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waits, waits_of
from reports.models import Deliverable
from reports.selectors.rounds import Unread, unread_of
from workspace.selectors.verdict import VerdictFacts, verdict
from workspace.selectors.waiting import answers_owed, owed, signatures_owed

LINES = 6
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
    """All that the overview shows of an engagement."""

    verdict: str
    gate: GateStanding | None
    dues: tuple[Due, ...]
    waits: Waits
    funnel: Funnel | None
    stages: tuple[dict[str, Any], ...]
    deliverables: tuple[Deliverable, ...]
    trail: tuple[TrailLine, ...]
    review: ReviewRow | None
    actions: tuple[ActionItem, ...]
    late_actions: int
    unread: tuple[
        Unread, ...
    ]  # of the last week's evenings, what nobody of a side had read by the noon after

    def next_for(self, side: Side | None) -> Reason | None:
        """What a side clears first before the next gate, with the page where it does."""
        own = (reason for part in self.waits.sides if part.side == side for reason in part.items)
        return next((reason for reason in own if reason.url), None)


def overview(standing: Standing, mask: Mask) -> Overview:
    """Where the engagement stands, its next dues, what is open by side, its numbers, papers and latest trail."""
    engagement = standing.engagement
    gate = standing.next_gate
    row = gate_standing(standing, gate) if gate else None
    waiting, answers = owed(row.blockers if row else ()), answers_owed(standing)
    if gate and any(answers.values()):
        waiting = waiting if any(waiting.values()) else signatures_owed(gate)
        waiting = {side: count + answers[side] for side, count in waiting.items()}
    numbers = _since_launch(standing)
    return Overview(
        verdict=verdict(
            VerdictFacts(
                locked=standing.locked,
                brief_signed=standing.brief.signed,
                gate=gate.title if gate else "",
                gate_day=gate.day if gate else 0,
                gate_state=standing.gate_state(gate) if gate else "passed",
                waiting=waiting,
                late=_late_before(standing),
                paused=tuple((h.side, day_text(h.until)) for h in row.holds if h.until) if row else (),
            )
        ),
        gate=row,
        dues=tuple(_dues(standing)[:DUES]),
        waits=waits_of(standing, row),
        funnel=numbers,
        stages=tuple(strip(numbers, _rows_url(engagement))) if numbers else (),
        deliverables=tuple(
            Deliverable.objects.filter(engagement=engagement, built_at__isnull=False, about=None)
            .defer("snapshot")
            .order_by("-built_at")[:DUES]
        ),
        trail=tuple(in_words(trail_entries(engagement.pk)[:LINES], shown=mask.data)),
        review=next_reviews([standing]).get(engagement.pk),
        actions=(actions := tuple(open_actions(engagement))),
        unread=tuple(unread_of([engagement])[engagement.pk]),
        late_actions=sum(action.due_on < standing.today for action in actions),
    )


def _late_before(standing: Standing) -> int:
    """Late milestones among what the next gate waits for."""
    gate = standing.next_gate
    return sum(
        standing.milestone_state(item) == "late"
        for item in standing.milestones
        if gate and item.gate_code == gate.code
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
                    item.title,
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
