"""Samples are drawn by chance, topped up, and recordings that cannot be heard replaced; a draw keeps its seed."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import MIN_LETTERS, letters
from common.wording import plural
from engagements.locking import hold
from engagements.models import Engagement
from kpis.models import CallRecord, QaCall, QaDraw, QaSample
from kpis.periods import period_gaps
from kpis.qa import sampling
from kpis.qa.coverage import State
from kpis.selectors.qa import calls_of, days_of, known_keys, log_of, person_of, standing

LAUNCH_NAME = "First three live days"


def fresh_seed() -> str:
    """32 hex digits that nobody can foretell."""
    return secrets.token_hex(16)


@transaction.atomic
def draw_launch(
    *, engagement: Engagement, by: Seat, share: Decimal, dice: Callable[[], str] = fresh_seed
) -> QaDraw:
    """Draw from the first three live days. Where the sample exists already, top it up.

    `dice` gives the seed, 32 hex digits; nobody who may choose it draws a sample that counts.
    """
    by.require(Permission.LEAD_QA)
    engagement = hold(engagement.pk)
    sample = QaSample.objects.filter(engagement=engagement, launch=True).first()
    if sample is None:
        if not sampling.LEAST <= Fraction(share) <= sampling.MOST:
            raise Refused("Of the first three live days between 25% and 30% of the calls are drawn.")
        sample = _new_sample(engagement, by, LAUNCH_NAME, None, None, share)
    return _draw(sample, engagement, by, dice)


@transaction.atomic
def draw_free(
    *, engagement: Engagement, by: Seat, name: str, first: date, last: date, share: Decimal
) -> QaDraw:
    """Draw a share of the calls of any days."""
    by.require(Permission.LEAD_QA)
    engagement = hold(engagement.pk)
    reasons = period_gaps(first, last)
    if letters(name) < MIN_LETTERS:
        reasons.append("Give the sample a name.")
    if not 0 < share <= 1:
        reasons.append("The share lies above 0% and is 100% at most.")
    if reasons:
        raise Refused(reasons)
    return _draw(_new_sample(engagement, by, name.strip(), first, last, share), engagement, by)


@transaction.atomic
def top_up(*, sample: QaSample, by: Seat) -> QaDraw:
    """Draw from calls that came in since; else replace recordings that could not be heard. Never draws again."""
    by.require(Permission.LEAD_QA)
    engagement = hold(sample.engagement_id)
    return _draw(QaSample.objects.get(pk=sample.pk), engagement, by)


def _new_sample(
    engagement: Engagement, by: Seat, name: str, first: date | None, last: date | None, share: Decimal
) -> QaSample:
    return QaSample.objects.create(
        engagement=engagement, launch=first is None, name=name, first_day=first, last_day=last, share=share,
        by=by.user, by_name=by.written_name(), at=clock.now(),
    )  # fmt: skip


def _draw(sample: QaSample, engagement: Engagement, by: Seat, dice: Callable[[], str] = fresh_seed) -> QaDraw:
    """Freeze the population, throw the dice once, keep both."""
    sample.engagement = engagement
    log = log_of(engagement, days_of(sample))
    if not log:
        raise Refused("There are no calls of these days yet. Import them first.")
    known = known_keys(sample)
    fresh = [row for row in log if row[0] not in known]
    new: dict[str, list[int]] = defaultdict(list)
    for key, _, agent in fresh:
        new[agent].append(key)
    seed = dice()
    parts, pool = _growth(sample, new) if fresh else _replacements(sample, log)
    if not parts and not fresh:
        raise Refused(
            "Nothing to draw: no call came in since, and every recording that was drawn could be heard."
        )
    taken = sampling.draw(pool, parts, seed)
    population = {agent: sorted(keys) for agent, keys in sorted(new.items())}
    made = QaDraw.objects.create(
        engagement=engagement,
        sample=sample,
        number=sample.draws.count() + 1,
        method=sampling.METHOD,
        seed=seed,
        by_day=dict(Counter(day.isoformat() for _, day, _ in fresh)),
        by_agent={agent: len(keys) for agent, keys in population.items()},
        calls=len(fresh),
        drawn=len(taken),
        population=population,
        population_sha256=sampling.population_hash(population),
        by=by.user,
        by_name=by.written_name(),
        at=clock.now(),
    )
    _keep_calls(made, sample, taken)
    trail.record(
        by=by, action="qa.drawn", subject=f"{plural(made.drawn, 'call')} of {made.calls:,}: {sample.name}",
        engagement_id=engagement.pk,
        after={
            "number": made.number, "seed": seed, "method": made.method, "population": made.population_sha256,
            "calls": made.calls, "drawn": made.drawn,
        },
    )  # fmt: skip
    return made


def _growth(sample: QaSample, new: Mapping[str, list[int]]) -> tuple[dict[str, int], Mapping[str, list[int]]]:
    """How many of the new calls of each agent, so that the whole has its share."""
    counts: Counter[str] = Counter({agent: len(keys) for agent, keys in new.items()})
    for by_agent in sample.draws.values_list("by_agent", flat=True):
        counts.update(by_agent)
    heard = Counter(_person(call) for call in QaCall.objects.filter(sample=sample).select_related("agent"))
    total = sum(counts.values())
    least, most = (sampling.LEAST, sampling.MOST) if sample.launch else (Fraction(0), Fraction(1))
    size = sampling.sample_size(total, Fraction(sample.share), least, most)
    return sampling.top_up(counts, heard, {agent: len(keys) for agent, keys in new.items()}, size), new


def _replacements(
    sample: QaSample, log: Sequence[tuple[int, date, str]]
) -> tuple[dict[str, int], Mapping[str, list[int]]]:
    """One call of the same agent for each recording that could not be heard and has not been replaced."""
    calls = [standing(call) for call in calls_of(sample.engagement).filter(sample=sample)]
    drawn = {one.call.call_key for one in calls}
    pool: dict[str, list[int]] = defaultdict(list)
    for key, _, agent in log:
        if key not in drawn:
            pool[agent].append(key)
    unheard = Counter(_person(one.call) for one in calls if one.state is State.UNHEARD)
    replaced = Counter(_person(one.call) for one in calls if not one.call.draw.calls)
    wanted = {agent: min(n - replaced[agent], len(pool[agent])) for agent, n in unheard.items()}
    return {agent: n for agent, n in wanted.items() if n > 0}, pool


def _person(call: QaCall) -> str:
    person = person_of(call.agent)
    return str(person.pk) if person else ""


def _keep_calls(made: QaDraw, sample: QaSample, taken: Sequence[sampling.Drawn]) -> None:
    """The drawn calls as they stand in the log now."""
    found = CallRecord.objects.filter(engagement=made.engagement_id, call_key__in=[one.key for one in taken])
    records = {record.call_key: record for record in found.select_related("disposition", "batch")}
    QaCall.objects.bulk_create(
        _as_it_stands(QaCall(sample=sample, draw=made, place=one.place), records[one.key]) for one in taken
    )


def _as_it_stands(call: QaCall, record: CallRecord) -> QaCall:
    call.engagement_id, call.call_key, call.row_no = record.engagement_id, record.call_key, record.row_no
    call.day, call.called_at, call.agent_id = record.day, record.called_at, record.agent_id
    call.system, call.code = record.disposition.system, record.disposition.code
    call.outcome, call.duration_s = record.disposition.outcome, record.duration_s
    call.call_ref, call.lead_ref, call.recording = record.call_ref, record.lead_ref, record.recording
    call.file_name = record.batch.file_name
    return call
