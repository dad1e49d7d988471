"""The verdict on one call: allowed, violation, possible or unknown, over every zone and place it can be in. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import IntegerChoices

from .rules import Rule
from .zones import Located


class Verdict(IntegerChoices):
    """What can be said of one call."""

    ALLOWED = 1, "Allowed"
    VIOLATION = 2, "Violation"
    POSSIBLE = 3, "Possible"
    UNKNOWN = 4, "Unknown"


class Why(IntegerChoices):
    """Why a call is not plainly allowed."""

    HOURS = 1, "outside of the hours"
    HOLIDAY = 2, "on a day without calls"
    CAP = 3, "too many calls to one number"
    NO_TIME = 4, "the file gives no time of day"
    NO_ZONE = 5, "nothing tells where the person is"
    NO_RULE = 6, "no rule is known for the place"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with what it rests on: each candidate zone with its local time, and the rules that said no."""

    verdict: Verdict
    why: Why | None = None
    rules: tuple[str, ...] = ()
    local: tuple[tuple[str, datetime], ...] = ()  # (zone, local time)
    said: str = ""


def judge(at: datetime | None, where: Located, rules: Sequence[Rule]) -> Judgement:
    """Judge a call that began at a moment (with an offset; None where the file gives no time) at one of these places.

    Forbidden in every zone and place is a violation, allowed in every one is allowed, and everything between, or
    forbidden only by rules on which the sources disagree, is possible. Nothing known is unknown, never allowed.
    """
    if at is None:
        return Judgement(Verdict.UNKNOWN, Why.NO_TIME)
    if not where.zones:
        return Judgement(Verdict.UNKNOWN, Why.NO_ZONE)
    local = tuple((zone, at.astimezone(ZoneInfo(zone))) for zone in where.zones)
    return over(local, where, rules)


def judge_written(at: datetime | None, where: Located, rules: Sequence[Rule], country: str = "") -> Judgement:
    """The same for a time that was written by the clock of the person called, without an offset.

    No zone is needed to say what that clock showed. A time that the clocks skipped cannot have been in that zone, and
    skipped in every zone it is no time at all; one that came twice reads the same both times.
    """
    if at is None:
        return Judgement(Verdict.UNKNOWN, Why.NO_TIME)
    local = tuple((zone, at) for zone in where.zones if exists(at, zone)) if where.zones else (("", at),)
    if not local:
        return Judgement(Verdict.UNKNOWN, Why.NO_TIME)
    return over(local, where if where.places else replace(where, places=(country,)), rules)


def exists(at: datetime, zone: str) -> bool:
    """Whether the clocks of a zone ever showed this time."""
    return bool(readings(at, zone))


def readings(at: datetime, zone: str) -> list[datetime]:
    """The moments in UTC at which a zone's clocks showed a time: none when it was skipped, two when it came twice."""
    found = []
    for fold in (0, 1):
        moment = at.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        if (
            moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == at.replace(fold=0)
            and moment not in found
        ):
            found.append(moment)
    return found


def over(local: tuple[tuple[str, datetime], ...], where: Located, rules: Sequence[Rule]) -> Judgement:
    """The verdict over all local times and places."""
    known = False
    sure: list[bool] = []
    broken: list[Rule] = []
    touched = False
    spoken: dict[str, str] = {}
    for place in where.places or ("",):
        binding = [rule for rule in rules if rule.binds(place)]
        for _, moment in local:
            hours = [rule for rule in binding if rule.days is not None and rule.in_force(moment.date())]
            known = known or bool(hours)
            no = [rule for rule in hours if not rule.allows(moment)]
            sure.append(any(not rule.disputed for rule in no))
            touched = touched or bool(no)
            for rule in no:
                if rule not in broken:
                    broken.append(rule)
                if name := rule.closed(moment.date()):
                    spoken[rule.code] = name
    if not known:
        return Judgement(Verdict.UNKNOWN, Why.NO_RULE, local=local)
    if not touched:
        return Judgement(Verdict.ALLOWED, local=local)
    why = Why.HOLIDAY if all(rule.code in spoken for rule in broken) else Why.HOURS
    verdict = Verdict.VIOLATION if all(sure) else Verdict.POSSIBLE
    holidays = ", ".join(dict.fromkeys(spoken.values()))
    return Judgement(verdict, why, tuple(rule.code for rule in broken), local, holidays)


def worse(one: Verdict, other: Verdict) -> Verdict:
    """The graver of two verdicts on a call: a violation, then possible, then unknown, then allowed."""
    order = (Verdict.VIOLATION, Verdict.POSSIBLE, Verdict.UNKNOWN, Verdict.ALLOWED)
    return min(one, other, key=order.index)


def is_placeholder(at: datetime) -> bool:
    """Whether a written time stands for none: exports without a time of day write midnight to the second."""
    return at.time() == datetime.min.time()
