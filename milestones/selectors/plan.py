"""The plan as its page shows it: every item of every phase with its three dates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from accounts.roles import Side
from common.days import LAST_DAY, SETUP_DAYS
from common.wording import joined, work_text
from engagements.kept import drawn, place_of
from engagements.masking import Mask
from engagements.models import Participant
from milestones.links import item_urls
from milestones.models import Evidence, Milestone
from milestones.playbook import Phase
from milestones.rules.launches import passed_late
from milestones.rules.states import milestone_word
from milestones.selectors.dates import key_of, open_proposals
from milestones.selectors.standing import Standing, passed_on, plan_items
from milestones.selectors.waits import waits_of
from milestones.track import Size

KEPT_AS = "the plan"
PIECES = ("lead", "track", "waits", "proposals", "locks", "phases", "launch", "slips", "working", "holidays")


@dataclass(frozen=True)
class PlanRow:
    """One line of the plan; `kind` is milestone, review or gate."""

    kind: str
    title: str
    day: int
    start: int
    state: str
    contracted: date | None
    forecast: date
    actual: date | None
    owner: Participant | None = None
    side: str = ""
    public_id: object = None
    evidence: tuple[Evidence, ...] = ()
    key: str = ""
    waits_for: tuple[Milestone, ...] = ()
    moved_from: date | None = None  # the day off on which its day falls
    word: str = ""  # of its state, where the shape has no usual one


@dataclass(frozen=True)
class PhaseRows:
    """One phase with its lines in the order of their days; `done` counts milestones."""

    phase: Phase
    first: date
    last: date
    rows: tuple[PlanRow, ...]
    done: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether nothing of it is left to be done: its gate has passed, too."""
        return all(row.actual for row in self.rows)


@dataclass(frozen=True)
class PlanPage:
    """The whole plan with its counts."""

    phases: tuple[PhaseRows, ...]
    done: int
    late: int
    total: int
    working: "WorkingDays"
    passed_late: tuple[str, ...] = ()  # gates, each with by how much


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked, the public holidays of the 90 days, and what falls on a day off."""

    sentence: str
    holidays: tuple[tuple[date, str], ...]
    moved: int
    kickoff_off: bool
    launch_off: bool


@dataclass(frozen=True)
class PlanShown:
    """A plan as its page shows it to everybody. `ownerless`: something of it has no owner yet."""

    locked: bool
    locked_by: frozenset[str]
    ownerless: bool
    pieces: Mapping[str, SafeString]


def shown_plan(standing: Standing, mask: Mask) -> PlanShown | None:
    """The plan for whoever looks through this mask, None where there is none. One query while what was drawn counts."""
    told = standing.kept.page(KEPT_AS, mask, make=lambda: _drawn(standing, mask))
    if not told:
        return None
    pieces = {name: mark_safe(told[name]) for name in PIECES}  # noqa: S308  our own templates set them
    return PlanShown(told["locked"], frozenset(told["locked_by"]), told["ownerless"], pieces)


def _drawn(standing: Standing, mask: Mask) -> dict[str, Any]:
    if standing.plan is None:
        return {}
    engagement = standing.engagement
    codes = [("milestone", item.code, item.public_id) for item in standing.milestones]
    codes += [("gate", gate.code, gate.public_id) for gate in standing.gates]
    around = {
        "engagement": engagement,
        "standing": standing,
        "head": place_of(engagement, standing.today),
        "page": plan_page(standing),
        "sides": [(side, engagement.organisation_of(side)) for side in Side],
        "lock_says": _lock_says(standing),
        "proposals": open_proposals(standing),
        "unanswered": [each for each in standing.proposals if each.open and each.in_effect],
        "waits": waits_of(standing),
        "track": standing.track(Size.HEAD, urls=item_urls(engagement, codes)),
    }
    templates = {"track": "ui/track.html", "waits": "milestones/_waits.html"}
    return {
        "locked": standing.locked,
        "locked_by": sorted(standing.locked_by),
        "ownerless": any(
            not item.owner and not item.done for item in plan_items(standing.milestones, standing.checks)
        ),
        **{
            name: drawn(templates.get(name, f"milestones/_plan_{name}.html"), mask, **around)
            for name in PIECES
        },
    }


def _lock_says(standing: Standing) -> str:
    """Who has to lock the timeline, and who has done so."""
    if standing.plan is None or standing.locked:
        return ""
    names = {side: standing.engagement.organisation_of(side).name for side in Side}
    missing = [name for side, name in names.items() if side not in standing.locked_by]
    done = [name for side, name in names.items() if side in standing.locked_by]
    return f"waits for {joined(missing)} to lock it" + (f"; {joined(done)} has" if done else "")


def plan_page(standing: Standing) -> PlanPage:
    """Every line of the plan; reads nothing that the standing has not read."""
    rows = [
        _placed(row, standing) for row in [*_milestones(standing), *_reviews(standing), *_gates(standing)]
    ]
    phases = []
    for phase in standing.playbook.phases:
        own = sorted(
            (row for row in rows if phase.first_day <= row.day <= phase.last_day),
            key=lambda row: (row.day, row.kind == "gate", row.start),
        )
        milestones = [row for row in own if row.kind == "milestone"]
        phases.append(
            PhaseRows(
                phase=phase,
                first=standing.calendar.date_of(phase.first_day),
                last=standing.calendar.date_of(phase.last_day),
                rows=tuple(own),
                done=sum(row.actual is not None for row in milestones),
                total=len(milestones),
            )
        )
    return PlanPage(
        phases=tuple(phases),
        done=sum(part.done for part in phases),
        late=sum(row.state == "late" for row in rows if row.kind == "milestone"),
        total=sum(part.total for part in phases),
        working=_working_days(standing, rows),
        passed_late=tuple(_passed_late(standing)),
    )


def _passed_late(standing: Standing) -> Iterator[str]:
    """The gates that passed later than contracted; the launch moves those after it."""
    for gate in standing.gates:
        passed = passed_on(gate, standing.engagement.zone)
        if passed and gate.contracted_on:
            slip = standing.calendar.slip if gate.day > SETUP_DAYS else 0
            if said := passed_late((passed - gate.contracted_on).days, with_launch=slip):
                yield f"“{gate.title}”, {said}"


def _placed(row: PlanRow, standing: Standing) -> PlanRow:
    """The row with the day off that its date was moved from, where it was."""
    on, due = standing.calendar.date_of(row.day), standing.calendar.due(row.day)
    moved = on != due and row.actual is None and row.forecast == due
    return replace(row, moved_from=on) if moved else row


def _working_days(standing: Standing, rows: list[PlanRow]) -> WorkingDays:
    engagement, calendar = standing.engagement, standing.calendar
    last = calendar.date_of(LAST_DAY)
    named = sorted((date.fromisoformat(on), name) for on, name in engagement.holidays.items())
    return WorkingDays(
        sentence=work_text(calendar.work, engagement.holiday_place),
        holidays=tuple((on, name) for on, name in named if calendar.kickoff <= on <= last),
        moved=sum(row.moved_from is not None for row in rows),
        kickoff_off=not calendar.work.works(calendar.kickoff),
        launch_off=not calendar.work.works(calendar.launch),
    )


def _milestones(standing: Standing) -> list[PlanRow]:
    return [
        PlanRow(
            kind="milestone",
            title=item.title,
            day=item.day,
            start=item.start_day,
            state=(state := standing.milestone_state(item)),
            word=milestone_word(state),
            contracted=item.contracted_on,
            forecast=standing.forecast_of(item, item.done_on),
            actual=item.done_on,
            owner=item.owner,
            side=item.side,
            public_id=item.public_id,
            evidence=tuple(item.evidence.all()),
            key=key_of(item),
            waits_for=() if item.done_on else tuple(standing.waits_for(item)),
        )
        for item in standing.milestones
    ]


def _reviews(standing: Standing) -> list[PlanRow]:
    """Reviews that no milestone stands for; the others would appear twice."""
    named = {item.code for item in standing.milestones}
    return [
        PlanRow(
            kind="review",
            title=review.title,
            day=review.day,
            start=review.day,
            state="done" if review.held_on else "open",
            contracted=review.contracted_on,
            forecast=standing.forecast_of(review, review.held_on),
            actual=review.held_on,
            key=key_of(review),
        )
        for review in standing.reviews
        if f"review-{review.code}" not in named
    ]


def _gates(standing: Standing) -> list[PlanRow]:
    return [
        PlanRow(
            kind="gate",
            title=f"Gate: {gate.title}",
            day=gate.day,
            start=gate.day,
            state=standing.gate_look(gate).shape,
            word=standing.gate_look(gate).word,
            contracted=gate.contracted_on,
            forecast=standing.gate_date(gate),
            actual=passed_on(gate, standing.engagement.zone),
            public_id=gate.public_id,
            key=key_of(gate),
        )
        for gate in standing.gates
    ]
