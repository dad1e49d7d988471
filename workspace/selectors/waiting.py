"""Who owes what before the next gate: counted from what keeps the gate shut, and from nothing else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from accounts.roles import Side
from common.days import CALIBRATION_LAST_DAY, LAST_DAY, OPTIMISATION_LAST_DAY, SETUP_DAYS
from kpis.funnel import Funnel
from kpis.models import Baseline, Finding
from kpis.rules import period_of
from kpis.selectors.breaches import owed_by, state_of
from milestones.models import Gate
from milestones.rules.agreements import forward_condition, plan_condition
from milestones.rules.facts import Blocker, Kind
from milestones.rules.gates import gate_blockers
from milestones.selectors.agreements import forward_facts, plan_facts
from milestones.selectors.gates import breaches_before, carried_to, facts_of
from milestones.selectors.standing import Standing
from milestones.selectors.waits import unanswered

# Nobody owes that a day has not come; the report and the signatures are counted when nothing else is open.
NOT_ITEMS = (Kind.GATE, Kind.DELIVERABLE)


def owed(blockers: Iterable[Blocker]) -> dict[str, int]:
    """How many open items each side owes; what names no side the operator, who runs the plan, brings about."""
    counts = dict.fromkeys((side.value for side in Side), 0)
    for blocker in blockers:
        if blocker.kind not in NOT_ITEMS:
            counts[blocker.side or Side.OPERATOR.value] += 1
    return counts


def waiting_by_side(standing: Standing, in_numbers: Mapping[str, int] | None = None) -> dict[str, int]:
    """How many open items each side owes before the next gate, without a query for each engagement.

    `in_numbers` is what `owed_in_numbers` says of a later gate; the plan's locks and the brief's signatures are behind
    whoever has passed the first.
    """
    gate = standing.next_gate
    if gate is None:
        return owed(())
    if gate == standing.gates[0]:
        return owed(gate_blockers(facts_of(standing, gate)))
    counts = owed(())
    for item in standing.milestones:
        counts[item.side] += item.gate_code == gate.code and not item.done_on
    for breach in breaches_before(standing, gate):
        if side := owed_by(state_of(breach)):
            counts[side] += 1
    for side, count in (in_numbers or {}).items():
        counts[side] += count
    counts[Side.OPERATOR.value] += sum(not item.settled for item in carried_to(standing, gate))
    return counts


def answers_owed(standing: Standing) -> dict[str, int]:
    """How many dates each side has still to answer: they keep no gate shut, but somebody waits for them."""
    return {side.value: len(unanswered(standing, side)) for side in Side}


def signatures_owed(gate: Gate) -> dict[str, int]:
    """What is owed once no item is open: the report that the operator builds, then each missing signature."""
    if gate.needs_report:
        return {Side.CLIENT.value: 0, Side.OPERATOR.value: 1}
    signed = {s.side for s in gate.sign_offs.all() if s.content_hash == gate.document_sha256}
    return {side.value: int(side not in signed) for side in Side}


def owed_in_numbers(
    standings: Sequence[Standing], reviewed: Mapping[int, Funnel]
) -> dict[int, dict[str, int]]:
    """What each side owes in baselines, findings and agreements, by engagement. At most eight queries in all.

    `reviewed` is the funnel of each engagement whose review day has come (see `review_facts`).
    """
    days = {
        s.engagement.pk: s.next_gate.day for s in standings if s.next_gate and s.next_gate.day > SETUP_DAYS
    }
    frozen = set(Baseline.objects.filter(engagement__in=days).values_list("engagement_id", flat=True))
    findings = Finding.objects.filter(engagement__in=days)
    counts: Counter[int] = Counter(pk for pk in days if pk not in frozen)
    opened = set()
    for pk, day, key, at in findings.values_list("engagement_id", "review_day", "metric_key", "answered_at"):
        if day == days[pk]:
            opened.add((pk, key))
        # An earlier one that is open was reopened: it keeps the next gate shut as well.
        counts[pk] += at is None and day <= days[pk]
    for pk, numbers in reviewed.items():
        counts[pk] += sum((pk, rate.key) not in opened for rate in numbers.missed)
    owing = _agreements_owed(days)
    for pk in days:
        owing[pk][Side.OPERATOR.value] += counts[pk]
    return owing


def _agreements_owed(days: Mapping[int, int]) -> dict[int, dict[str, int]]:
    """What keeps the gates of day 60 and 90 shut for want of a plan or of an agreement; `days` are the next gates'."""
    plans = plan_facts([pk for pk, day in days.items() if day == OPTIMISATION_LAST_DAY])
    forwards = forward_facts([pk for pk, day in days.items() if day == LAST_DAY])
    return {
        pk: owed(
            [
                *(plan_condition(plans[pk], frozen=True).blockers if pk in plans else ()),
                *(forward_condition(forwards[pk]).blockers if pk in forwards else ()),
            ]
        )
        for pk in days
    }


def review_facts(standings: Sequence[Standing]) -> Q | None:
    """Which daily facts the reviews of days 60 and 90 judge now; None where no such day has come.

    Day 30 is not among them: freezing the baseline opens its findings.
    """
    chosen = Q()
    for standing in standings:
        gate = standing.next_gate
        if gate and gate.day > CALIBRATION_LAST_DAY:
            first, last = period_of(gate.day, standing.calendar)
            if standing.today >= last:
                chosen |= Q(engagement=standing.engagement.pk, day__range=(first, last))
    return chosen or None
