"""Samples, their calls and what was heard, as pages, reports and the plan read them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from common import clock
from engagements.masking import OPEN, Mask
from engagements.models import Agent, Engagement
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.models import (
    CallRecord,
    DailyFact,
    Disposition,
    Import,
    QaCall,
    QaClaim,
    QaDraw,
    QaReview,
    QaRound,
    QaSample,
    QaScorecard,
)
from kpis.qa.agreement import Heard, PairAgreement, agreements
from kpis.qa.coverage import LIVE_DAYS, Coverage, LaunchFacts, State, count, launch_gaps
from kpis.qa.results import Results, Reviewed, results

NO_AGENT = "No agent named"
SUPERVISED_LAST_DAY = 14


@dataclass(frozen=True, slots=True)
class DrawnCall:
    """A drawn call with what became of it. `review` is the one that counts; None while a calibration is blind."""

    call: QaCall
    state: State
    review: QaReview | None
    claim: QaClaim | None
    together: QaRound | None


@dataclass(frozen=True, slots=True)
class Row:
    """The coverage of one day or agent."""

    label: str
    day: date | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SampleMeter:
    """A sample with its draws and how much of it is done. `new` calls came in after the newest draw."""

    sample: QaSample
    draws: tuple[QaDraw, ...]
    calls: tuple[DrawnCall, ...]
    total: Coverage
    days: tuple[Row, ...]
    agents: tuple[Row, ...]
    new: int

    def of(self, *states: State) -> list[DrawnCall]:
        return [one for one in self.calls if one.state in states]


def person_of(agent: Agent | None) -> Agent | None:
    """Whoever a dialer code stands for."""
    return (agent.belongs_to or agent) if agent else None


def live_days(engagement: Engagement) -> list[date]:
    """The first three days from the launch on with calls in the log; fewer while fewer are in."""
    found = DailyFact.objects.filter(engagement=engagement, day__gte=engagement.launch_on).order_by("day")
    return list(found.values_list("day", flat=True).distinct()[:LIVE_DAYS])


def days_of(sample: QaSample) -> list[date]:
    """The days that a sample is drawn from, as far as calls of them are in."""
    if sample.launch:
        return live_days(sample.engagement)
    found = DailyFact.objects.filter(
        engagement=sample.engagement_id, day__range=(sample.first_day, sample.last_day)
    ).order_by("day")
    return list(found.values_list("day", flat=True).distinct())


def log_of(engagement: Engagement, days: Iterable[date]) -> list[tuple[int, date, str]]:
    """Key, day and person ("" for none, else the id) of every call of these days."""
    found = CallRecord.objects.filter(engagement=engagement, day__in=list(days)).order_by()
    return [
        (key, day, str(person or agent or ""))
        for key, day, agent, person in found.values_list(
            "call_key", "day", "agent_id", "agent__belongs_to_id"
        )
    ]


def known_keys(sample: QaSample) -> set[int]:
    """Every call that a draw of this sample has looked at."""
    found = QaDraw.objects.filter(sample=sample).values_list("population", flat=True)
    return {key for population in found for keys in population.values() for key in keys}


def new_calls(sample: QaSample, draws: Iterable[QaDraw]) -> int:
    """How many calls of the sample's days no draw has looked at. Calls come only with an import."""
    newest = max((draw.at for draw in draws), default=None)
    if newest is None:
        return 0
    came = Import.objects.filter(engagement=sample.engagement_id, finished_at__gte=newest)
    days = days_of(sample)
    counted = {day for draw in draws for day in draw.by_day}
    if not came.exists() and {day.isoformat() for day in days} <= counted:
        return 0
    known = known_keys(sample)
    keys = CallRecord.objects.filter(engagement=sample.engagement_id, day__in=days).values_list(
        "call_key", flat=True
    )
    return sum(key not in known for key in keys)


def samples(engagement: Engagement) -> QuerySet[QaSample]:
    """The samples, that of the launch first, with their draws but without the populations. Two queries."""
    return QaSample.objects.filter(engagement=engagement).prefetch_related(
        Prefetch("draws", QaDraw.objects.defer("population"))
    )


def launch_sample(engagement: Engagement) -> QaSample | None:
    return samples(engagement).filter(launch=True).first()


def calls_of(engagement: Engagement) -> QuerySet[QaCall]:
    """Drawn calls in the order of hearing, with reviews, claims and rounds. Four queries."""
    return (
        QaCall.objects.filter(engagement=engagement)
        .select_related("agent__belongs_to", "draw", "sample")
        .defer("draw__population")
        .prefetch_related("reviews", "claims", "rounds")
        .order_by("draw__number", "place")
    )


def replaced_reviews(call: QaCall) -> list[QaReview]:
    """The reviews of a call that a later one has corrected, from what `calls_of` has read."""
    corrected = {one.supersedes_id for one in call.reviews.all()}
    return [one for one in call.reviews.all() if one.pk in corrected]


def standing(call: QaCall) -> DrawnCall:
    """Where a drawn call stands, from what `calls_of` has read."""
    replaced = replaced_reviews(call)
    reviews = [one for one in call.reviews.all() if one not in replaced]
    together = next(iter(call.rounds.all()), None)
    claim = next(iter(call.claims.all()), None)
    alone = next((one for one in reviews if one.round_id is None), None)
    # In a calibration the operator's first score counts, as it would have without one.
    scored = next((one for one in reviews if one.round_id and one.by_side == "operator"), None)
    review = alone or scored
    if review is not None:
        state = State.REVIEWED if review.heard else State.UNHEARD
        if together and not together.closed_at:
            review = None
    elif together and not together.closed_at:
        state = State.CALIBRATION
    else:
        state = State.CLAIMED if claim else State.OPEN
    return DrawnCall(call, state, review, claim, together)


def meter(sample: QaSample, mask: Mask = OPEN) -> SampleMeter:
    """How much of a sample is done, by day and by agent."""
    draws = tuple(sample.draws.all())
    calls = tuple(standing(call) for call in calls_of(sample.engagement).filter(sample=sample))
    by_day: Counter[str] = Counter()
    by_agent: Counter[str] = Counter()
    for draw in draws:
        by_day.update(draw.by_day)
        by_agent.update(draw.by_agent)
    day_states: dict[str, list[State]] = defaultdict(list)
    agent_states: dict[str, list[State]] = defaultdict(list)
    for one in calls:
        person = person_of(one.call.agent)
        day_states[one.call.day.isoformat()].append(one.state)
        agent_states[str(person.pk) if person else ""].append(one.state)
    names = _names(sample.engagement_id, by_agent.keys() | agent_states.keys(), mask)
    agents = [
        Row(names[key], None, count(by_agent[key], agent_states[key]))
        for key in by_agent.keys() | agent_states.keys()
    ]
    days = [
        Row("", date.fromisoformat(day), count(by_day[day], day_states[day]))
        for day in sorted(by_day.keys() | day_states.keys())
    ]
    return SampleMeter(
        sample=sample,
        draws=draws,
        calls=calls,
        total=count(sum(draw.calls for draw in draws), [one.state for one in calls]),
        days=tuple(days),
        agents=tuple(sorted(agents, key=lambda row: (row.label == NO_AGENT, row.label.lower()))),
        new=new_calls(sample, draws),
    )


def _names(engagement_id: int, keys: Iterable[str], mask: Mask) -> Mapping[str, str]:
    found = Agent.objects.filter(engagement=engagement_id, pk__in=[int(key) for key in keys if key])
    return {"": NO_AGENT} | {str(agent.pk): mask.of(agent) for agent in found}


def launch_facts(engagement: Engagement, found: SampleMeter | None = None) -> LaunchFacts:
    """What decides whether the first live days are reviewed, as it stands now."""
    sample = found.sample if found else launch_sample(engagement)
    if found is None and sample is not None:
        sample.engagement = engagement
        found = meter(sample)
    days = live_days(engagement)
    over = clock.today(engagement.zone) >= engagement.calendar.date_of(SUPERVISED_LAST_DAY)
    return LaunchFacts(
        live_days=len(days),
        over=over,
        calls=found.total.calls if found else len(days),
        drawn=found is not None,
        new=found.new if found else 0,
        coverage=found.total if found else Coverage(0, 0, 0, 0, 0),
    )


def sample_gaps(engagement: Engagement) -> list[str]:
    """Say what is missing before the first live days count as reviewed."""
    return launch_gaps(launch_facts(engagement))


def reviewed_calls(calls: Iterable[DrawnCall], mask: Mask = OPEN) -> list[Reviewed]:
    """What was heard, for the arithmetic; nothing of a calibration that is still blind."""
    made = []
    for one in calls:
        review, person = one.review, person_of(one.call.agent)
        if review is None or not review.heard:
            continue
        made.append(
            Reviewed(
                agent=mask.of(person) if person else NO_AGENT,
                passed=review.passed,
                score=review.score,
                auto_failed=tuple(review.auto_failed),
                recorded=one.call.code,
                heard=review.heard_code,
            )
        )
    return made


def results_of(calls: Iterable[DrawnCall], mask: Mask = OPEN) -> Results:
    """What the reviews of these calls say."""
    return results(reviewed_calls(calls, mask))


def auto_failed(calls: Iterable[DrawnCall]) -> list[DrawnCall]:
    """The calls that an auto-fail item has failed."""
    return [one for one in calls if one.review and one.review.auto_failed]


def scorecards(engagement: Engagement) -> QuerySet[QaScorecard]:
    """Every version, the newest first."""
    return QaScorecard.objects.filter(engagement=engagement)


def scorecard_in_use(engagement: Engagement) -> QaScorecard | None:
    """The version that calls are scored by now."""
    return scorecards(engagement).filter(used_at__isnull=False).first()


def codes_of(call: QaCall) -> list[Disposition]:
    """The codes that a reviewer can have heard: those that the source system of the call uses here."""
    return list(
        Disposition.objects.filter(engagement=call.engagement_id, system=call.system).order_by("code")
    )


def rounds(engagement: Engagement) -> list[QaRound]:
    """Calibrations, the newest first, each with its call and the scores."""
    return list(
        QaRound.objects.filter(engagement=engagement)
        .select_related("call__agent__belongs_to", "call__sample", "call__draw")
        .defer("call__draw__population")
        .prefetch_related("reviews")
    )


def calibration(found: Iterable[QaRound]) -> list[PairAgreement]:
    """How far reviewers agree, over the closed rounds."""
    calls = [
        {one.by_name: Heard(one.passed, one.score, one.heard_code) for one in each.reviews.all() if one.heard}
        for each in found
        if each.closed_at
    ]
    return agreements(calls)


def unreached(one: DrawnCall) -> bool:
    """Whether the log says that the call reached nobody."""
    return Outcome(one.call.outcome).stage is Stage.DIAL
