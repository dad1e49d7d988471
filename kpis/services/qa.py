"""QA: scorecards come into use, samples are drawn by chance, calls taken in hand, scored, corrected, calibrated."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from common.names import MIN_LETTERS, letters
from common.wording import day_text, percent_text, plural
from engagements.locking import hold
from engagements.models import Engagement
from engagements.outcomes import Outcome
from kpis.models import (
    CallRecord,
    Disposition,
    QaCall,
    QaClaim,
    QaDraw,
    QaReview,
    QaRound,
    QaSample,
    QaScorecard,
)
from kpis.periods import period_gaps
from kpis.qa import sampling
from kpis.qa.coverage import State
from kpis.qa.scoring import Item, score, scorecard_gaps, scoring_gaps
from kpis.selectors.qa import (
    DrawnCall,
    calls_of,
    days_of,
    known_keys,
    log_of,
    person_of,
    scorecard_in_use,
    standing,
    unreached,
)

STALE = "Somebody has changed the scorecard since this page was loaded. Look at it again."
LAUNCH_NAME = "First three live days"


@dataclass(frozen=True)
class Said:
    """What a reviewer says of one call.

    With `heard` false the recording could not be listened to, and nothing else is said but the comment. `given` maps
    items to points, None for what did not come up; empty where nobody was reached.
    """

    heard: bool = True
    given: Mapping[str, int | None] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    comment: str = ""
    card: str = ""  # content hash of the scorecard that the reviewer saw


# Scorecards


@transaction.atomic
def save_scorecard(
    *, engagement: Engagement, by: Seat, name: str, items: Sequence[Item], pass_mark: int | None, seen: str
) -> QaScorecard:
    """Write the scorecard that is not in use yet; where every version is, this begins the next one."""
    by.require(Permission.LEAD_QA)
    engagement = hold(engagement.pk)
    newest = QaScorecard.objects.filter(engagement=engagement).first()
    if seen != (newest.content_hash if newest else ""):
        raise Refused(STALE)
    if reasons := scorecard_gaps(name, items, pass_mark):
        raise Refused(reasons)
    kept = [item.kept() for item in items]
    open_card = newest if newest and newest.used_at is None else None
    card = open_card or QaScorecard(engagement=engagement, version=newest.version + 1 if newest else 1)
    card.name, card.items, card.pass_mark = name.strip(), kept, pass_mark or 0
    # The version is part of it, so that the same words in the next version are not mistaken for those of this one.
    card.content_hash = content_hash([card.version, card.name, kept, card.pass_mark])
    card.by, card.by_name, card.at = by.user, by.written_name(), clock.now()
    card.save()
    trail.record(
        by=by, action="qa.scorecard_saved", subject=str(card), engagement_id=engagement.pk,
        after={"items": len(kept), "pass_mark": card.pass_mark, "sha256": card.content_hash},
    )  # fmt: skip
    return card


@transaction.atomic
def use_scorecard(*, scorecard: QaScorecard, by: Seat, seen: str) -> QaScorecard:
    """Score calls by this version from now on; nothing of it changes any more. Twice is as once."""
    by.require(Permission.LEAD_QA)
    hold(scorecard.engagement_id)
    card = QaScorecard.objects.get(pk=scorecard.pk)
    if card.used_at is not None:
        return card
    if seen != card.content_hash:
        raise Refused(STALE)
    card.used_at, card.used_by_name = clock.now(), by.written_name()
    card.save(update_fields=["used_at", "used_by_name"])
    trail.record(by=by, action="qa.scorecard_used", subject=str(card), engagement_id=card.engagement_id)
    return card


# Samples


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


# Reviews


@transaction.atomic
def claim(*, call: QaCall, by: Seat) -> QaClaim:
    """Take a call in hand. Raises Refused where somebody else has it, or has reviewed it. Twice is as once."""
    by.require(Permission.REVIEW_CALLS)
    hold(call.engagement_id)
    found = _now(call)
    if found.claim and found.claim.by_id == by.user.pk:
        return found.claim
    if found.claim or found.state not in (State.OPEN, State.UNHEARD):
        raise Refused(_taken(found))
    made = QaClaim.objects.create(
        engagement_id=call.engagement_id,
        call=found.call,
        by=by.user,
        by_name=by.written_name(),
        at=clock.now(),
    )
    _told(by, "qa.claimed", found.call)
    return made


@transaction.atomic
def claim_next(*, engagement: Engagement, by: Seat, sample: QaSample) -> QaCall:
    """Take the next call in the order of chance, or the one that is in hand already."""
    by.require(Permission.REVIEW_CALLS)
    engagement = hold(engagement.pk)
    mine = (
        QaClaim.objects.filter(engagement=engagement, by=by.user, call__sample=sample).order_by("at").first()
    )
    if mine:
        return mine.call
    for call in calls_of(engagement).filter(sample=sample):
        if standing(call).state is State.OPEN:
            claim(call=call, by=by)
            return call
    raise Refused("No call of this sample is open: all are reviewed, in hand, or could not be heard.")


@transaction.atomic
def hand_back(*, call: QaCall, by: Seat) -> None:
    """Give a call back to the queue: one's own, or as who leads QA anybody's."""
    by.require(Permission.REVIEW_CALLS)
    hold(call.engagement_id)
    found = QaClaim.objects.filter(call=call).first()
    if found is None:
        return
    if found.by_id != by.user.pk and not by.may(Permission.LEAD_QA):
        raise Refused(f"{found.by_name} has this call in hand.")
    found.delete()
    _told(by, "qa.handed_back", call)


@transaction.atomic
def review_call(*, call: QaCall, by: Seat, said: Said) -> QaReview:
    """Score a call that one has in hand, or say that it cannot be heard. The same form sent twice counts once."""
    by.require(Permission.REVIEW_CALLS)
    hold(call.engagement_id)
    found = _now(call)
    values = _values(found.call, said)
    if found.review and found.review.by_id == by.user.pk and _same(found.review, values):
        return found.review
    if found.claim is None or found.claim.by_id != by.user.pk:
        raise Refused(_taken(found) if found.state is not State.OPEN else "Take the call in hand first.")
    unheard = (
        found.review if found.state is State.UNHEARD or (found.review and not found.review.heard) else None
    )
    made = QaReview(**values, **_author(by, found.claim.at))
    if unheard is not None:
        made.supersedes, made.reason = unheard, "The recording could be heard after all."
    made.save(force_insert=True)
    found.claim.delete()
    _told(by, "qa.reviewed" if made.heard else "qa.unheard", found.call, _after(made))
    return made


@transaction.atomic
def correct_review(*, review: QaReview, by: Seat, said: Said, reason: str) -> QaReview:
    """A new review in the place of an earlier one, with the reason; the earlier one stays to be read."""
    by.require(Permission.REVIEW_CALLS)
    hold(review.engagement_id)
    found = _now(review.call)
    if review.round_id:
        raise Refused("What was scored in a calibration stays as it was scored.")
    newer = review.superseded_by.first()
    values = _values(found.call, said, review.scorecard)
    if newer and newer.by_id == by.user.pk and newer.reason == reason.strip() and _same(newer, values):
        return newer
    if newer:
        raise Refused("This review has been corrected already. Look at the newer one.")
    if letters(reason) < MIN_LETTERS:
        raise Refused("Say why the review is corrected.")
    if _same(review, values):
        raise Refused("Nothing in it is different.")
    made = QaReview(**values, **_author(by, clock.now()), supersedes=review, reason=reason.strip())
    made.save(force_insert=True)
    _told(by, "qa.corrected", found.call, {**_after(made), "reason": made.reason})
    return made


@transaction.atomic
def confirm_unreached(*, engagement: Engagement, by: Seat, chosen: Collection[UUID]) -> list[QaReview]:
    """Say of several calls at once that they were listened to and that nobody was reached, as recorded.

    Only calls that the log says reached nobody; they have nothing to score, and their code was right.
    """
    by.require(Permission.REVIEW_CALLS)
    engagement = hold(engagement.pk)
    found = [standing(call) for call in calls_of(engagement).filter(public_id__in=chosen)]
    if not chosen or len(found) != len(set(chosen)):
        raise Refused("Tick at least one call.")
    mine = [
        one for one in found if one.state is State.REVIEWED and one.review and one.review.by_id == by.user.pk
    ]
    if len(mine) == len(found):
        return [one.review for one in mine if one.review]
    if any(one.state is not State.OPEN for one in found):
        raise Refused("Somebody has one of these calls in hand by now. Look at the list again.")
    if not all(unreached(one) for one in found):
        raise Refused("A call on which somebody was reached is scored by itself.")
    now = clock.now()
    made = QaReview.objects.bulk_create(
        QaReview(
            **{**_author(by, now), "engagement": engagement}, call=one.call, heard=True, heard_code=one.call.code,
            heard_outcome=one.call.outcome,
        )
        for one in found
    )  # fmt: skip
    trail.record(
        by=by, action="qa.confirmed", subject=plural(len(made), "call"), engagement_id=engagement.pk,
        after={"calls": sorted(one.call.call_key for one in found)},
    )  # fmt: skip
    return made


# Calibration


@transaction.atomic
def open_round(*, call: QaCall, by: Seat) -> QaRound:
    """Let several people score a call that nobody has scored yet, none seeing the others' scores."""
    by.require(Permission.LEAD_QA)
    hold(call.engagement_id)
    found = _now(call)
    if found.together:
        return found.together
    if scorecard_in_use(found.call.engagement) is None:
        raise Refused("There is no scorecard in use. Write one and put it in use first.")
    if found.state is not State.OPEN:
        raise Refused("Only a call that nobody has reviewed or has in hand is scored blind.")
    made = QaRound.objects.create(
        engagement_id=call.engagement_id,
        call=found.call,
        by=by.user,
        by_name=by.written_name(),
        at=clock.now(),
    )
    _told(by, "qa.round_opened", found.call)
    return made


@transaction.atomic
def score_round(*, together: QaRound, by: Seat, said: Said) -> QaReview:
    """Score a call for a calibration, once each. The same form sent twice counts once."""
    by.require(Permission.CALIBRATE)
    hold(together.engagement_id)
    together = QaRound.objects.select_related("call__engagement").get(pk=together.pk)
    values = _values(together.call, said)
    mine = together.reviews.filter(by=by.user).first()
    if mine:
        if _same(mine, values):
            return mine
        raise Refused("You have scored this call already; what was scored blind stays.")
    if together.closed_at:
        raise Refused("This calibration is closed: the scores are open to all.")
    if not said.heard:
        raise Refused("Who could not hear the call does not score it.")
    made = QaReview.objects.create(**values, **_author(by, clock.now()), round=together)
    _told(by, "qa.round_scored", together.call)
    return made


@transaction.atomic
def close_round(*, together: QaRound, by: Seat) -> QaRound:
    """Open the scores to everybody; nobody scores after that."""
    by.require(Permission.LEAD_QA)
    hold(together.engagement_id)
    together = QaRound.objects.select_related("call").get(pk=together.pk)
    if together.closed_at:
        return together
    people = together.reviews.count()
    if people < 2:
        raise Refused(
            f"A calibration has at least two scores; {plural(people, 'person has', 'people have')} scored."
        )
    together.closed_at, together.closed_by_name = clock.now(), by.written_name()
    together.save(update_fields=["closed_at", "closed_by_name"])
    _told(by, "qa.round_closed", together.call, {"scores": people})
    return together


# What they share


def _now(call: QaCall) -> DrawnCall:
    """The call as it stands, with the engagement held."""
    found = calls_of(call.engagement).select_related("engagement").get(pk=call.pk)
    return standing(found)


def _taken(found: DrawnCall) -> str:
    """Why nobody else can have this call."""
    if found.state is State.REVIEWED:
        return "This call has been reviewed."
    if found.together and not found.together.closed_at:
        return "This call is scored in a calibration."
    return f"{found.claim.by_name if found.claim else 'Somebody else'} has this call in hand."


def _values(call: QaCall, said: Said, card: QaScorecard | None = None) -> dict[str, object]:
    """The columns of a review from what was said. Raises Refused with what is missing."""
    fixed = {
        "engagement_id": call.engagement_id,
        "call": call,
        "heard": said.heard,
        "comment": said.comment.strip(),
    }
    if not said.heard:
        if letters(said.comment) < MIN_LETTERS:
            raise Refused("Say why the recording cannot be heard.")
        return fixed
    meaning = Disposition.objects.filter(
        engagement=call.engagement_id, system=call.system, code=said.code
    ).first()
    if meaning is None and said.code != call.code:
        raise Refused("Choose the disposition that was heard.")
    outcome = meaning.outcome if meaning else call.outcome
    told = {**fixed, "heard_code": said.code, "heard_outcome": Outcome(outcome).value}
    if not said.given:
        return told
    card = card or scorecard_in_use(call.engagement)
    if card is None:
        raise Refused("There is no scorecard in use. Write one and put it in use first.")
    if said.card and said.card != card.content_hash:
        raise Refused("Another version of the scorecard has come into use since this page was loaded.")
    items = [Item.of(kept) for kept in card.items]
    if reasons := scoring_gaps(items, said.given):
        raise Refused(reasons)
    result = score(items, said.given, card.pass_mark)
    scores = [
        {
            "key": item.key,
            "points": said.given[item.key],
            "of": item.points,
            "note": said.notes.get(item.key, "").strip(),
        }
        for item in items
    ]
    return {
        **told,
        "scorecard": card,
        "scores": scores,
        "earned": result.earned,
        "possible": result.possible,
        "auto_failed": list(result.auto_failed),
        "passed": result.passed,
    }


def _same(review: QaReview, values: Mapping[str, object]) -> bool:
    """Whether a review says just this."""
    said = ("heard", "comment", "heard_code", "scores", "scorecard")
    empty: dict[str, object] = {"heard_code": "", "scores": [], "scorecard": None}
    return all(getattr(review, name) == values.get(name, empty.get(name)) for name in said)


def _author(by: Seat, started: object) -> dict[str, object]:
    side = by.side or Side.OPERATOR
    return {
        "by": by.user, "by_name": by.written_name(), "by_side": side.value, "started_at": started, "at": clock.now(),
    }  # fmt: skip


def _after(review: QaReview) -> dict[str, object]:
    return {
        "score": percent_text(review.score / 100) if review.score is not None else None,
        "passed": review.passed,
        "auto_failed": list(review.auto_failed),
        "recorded": review.call.code,
        "heard": review.heard_code,
    }


def _told(by: Seat, action: str, call: QaCall, after: Mapping[str, object] | None = None) -> None:
    person = person_of(call.agent)
    whose = f" by {person}" if person else ""
    trail.record(
        by=by, action=action, subject=f"the call of {day_text(call.day)}{whose} ({call.file_name}, line {call.row_no})",
        engagement_id=call.engagement_id, after=after,
    )  # fmt: skip
