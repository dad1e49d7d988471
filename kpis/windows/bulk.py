"""Many calls judged at once, in little memory: a verdict is reckoned once for a place and a span of time in which it
cannot change, however many calls fall into it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from common.wording import plural

from .caps import Counter
from .rules import Exempt, Rule, RuleSet, excluded_by_brief
from .verdict import Judgement, Verdict, Why, is_placeholder, judge, worse
from .zones import Located, ZoneSource, bare_number, locate

MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Call:
    """One imported call. `at` is a moment with an offset, None where the file gives only a date.

    `source_zone` is the zone in which its file's times were written. `callback` says that the lead had asked for it.
    """

    call: int
    at: datetime | None
    source_zone: str = "UTC"
    lead_zone: str = ""
    postal_code: str = ""
    region: str = ""
    phone: str = ""
    inbound: bool = False
    source: str = ""
    callback: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A call that is not plainly allowed, with all that its verdict rests on."""

    call: int
    verdict: Verdict
    why: Why | None
    broken: tuple[str, ...]
    local: tuple[str, ...]  # "America/Chicago 2026-03-12 07:42:10"
    zone_source: ZoneSource
    place: str
    said: str


@dataclass(slots=True)
class Tally:
    """How the calls to one place were judged; exempt ones are among the allowed."""

    allowed: int = 0
    violations: int = 0
    possibles: int = 0
    unknowns: int = 0
    exempt: int = 0
    conflicts: int = 0

    def add(self, verdict: Verdict) -> None:
        match verdict:
            case Verdict.ALLOWED:
                self.allowed += 1
            case Verdict.VIOLATION:
                self.violations += 1
            case Verdict.POSSIBLE:
                self.possibles += 1
            case _:
                self.unknowns += 1


@dataclass
class Bench:
    """Judges the calls of one engagement by one set of rules, in the order of time.

    It remembers the calls of the longest cap's window, so that days that follow each other need not be read twice.
    """

    rules: RuleSet
    seen_caps: int = 0  # hours of the longest cap that bound a call so far
    _grain: int = 900
    _judged: tuple[Rule, ...] = ()
    _lacking: dict[frozenset[str], tuple[Rule, ...]] = field(default_factory=dict)
    _counters: dict[str, Counter] = field(default_factory=dict)
    _places: dict[tuple[str, ...], Located] = field(default_factory=dict)
    _beyond: dict[str, bool] = field(default_factory=dict)
    _known: dict[tuple[Located, int, frozenset[str]], Judgement] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._grain, self._judged = self.rules.grain, self.rules.judged
        self._counters = {rule.code: Counter(rule.cap.hours) for rule in self._judged if rule.cap}

    @property
    def longest_cap(self) -> int:
        """Hours of the longest cap that could bind a call."""
        return max((rule.cap.hours for rule in self._judged if rule.cap), default=0)

    def judge(self, calls: Iterable[Call], tallies: dict[str, Tally]) -> Iterator[Found]:
        """Count every call under its place and give those that are not plainly allowed. Calls come in order of time."""
        for call in calls:
            where = self._locate(call)
            tally = tallies.setdefault(where.place, Tally())
            if call.inbound and self.rules.flags.inbound:
                tally.allowed += 1
                tally.exempt += 1
                continue
            at = None if call.at is None or _midnight(call) else call.at
            judged, spared = self._judge(at, where, self._spared(call))
            tally.exempt += spared
            verdict, why, broken, said = judged.verdict, judged.why, judged.rules, judged.said
            for rule, many in self._capped(call, at, where):
                sure = len(where.places) == 1 and not rule.disputed
                one = Verdict.VIOLATION if sure else Verdict.POSSIBLE
                if worse(one, verdict) is not verdict or verdict is Verdict.ALLOWED:
                    why = Why.CAP
                verdict, broken = worse(one, verdict), tuple(dict.fromkeys((*broken, rule.code)))
                said = _told(
                    said, f"call {many} to this number in {plural(rule.cap.hours if rule.cap else 0, 'hour')}"
                )
            tally.add(verdict)
            if where.conflict:
                tally.conflicts += 1
                said = _told(said, where.conflict)
            if verdict is not Verdict.ALLOWED or where.conflict or self._excluded(where.place):
                local = () if at is None else tuple(_clock(at, zone) for zone in where.zones)
                yield Found(call.call, verdict, why, broken, local, where.source, where.place, said[:300])

    def remember(self, calls: Iterable[Call]) -> None:
        """Count earlier calls towards the caps, without judging them."""
        for call in calls:
            at = None if call.at is None or _midnight(call) else call.at
            if not (call.inbound and self.rules.flags.inbound):
                list(self._capped(call, at, self._locate(call)))

    def _locate(self, call: Call) -> Located:
        number = bare_number(call.phone, self.rules.country) if call.phone else ""
        start = number[:7] if number.startswith("1") else number
        key = (call.lead_zone, call.postal_code, call.region, start)
        found = self._places.get(key)
        if found is None:
            if len(self._places) > MOST_KEPT:
                self._places.clear()
            found = self._places[key] = locate(
                lead_zone=call.lead_zone, postal_code=call.postal_code, region=call.region, phone=call.phone,
                country=self.rules.country,
            )  # fmt: skip
        return found

    def _excluded(self, place: str) -> bool:
        """Whether the brief agrees no calls into a place: such a call is kept, however right its hour was."""
        known = self._beyond.get(place)
        if known is None:
            known = self._beyond[place] = bool(
                excluded_by_brief((place,), self.rules.rules, self.rules.silent)
            )
        return known

    def _spared(self, call: Call) -> frozenset[str]:
        flags = self.rules.flags
        named = set()
        if flags.callbacks and call.callback:
            named.add(Exempt.CALLBACK.value)
        if call.source and call.source in flags.consent_sources:
            named.add(Exempt.CONSENT.value)
        return frozenset(named)

    def _judge(self, at: datetime | None, where: Located, spared: frozenset[str]) -> tuple[Judgement, bool]:
        """The verdict, and whether it is milder than without what spares the call."""
        plain = self._reckon(at, where, frozenset())
        if not spared or plain.verdict not in (Verdict.VIOLATION, Verdict.POSSIBLE):
            return plain, False
        mild = self._reckon(at, where, spared)
        if mild.verdict is Verdict.UNKNOWN:  # no rule but those that spare it
            mild = Judgement(Verdict.ALLOWED, local=mild.local)
        return mild, mild.verdict is Verdict.ALLOWED

    def _reckon(self, at: datetime | None, where: Located, spared: frozenset[str]) -> Judgement:
        if at is None or not where.zones:
            return judge(at, where, ())
        key = (where, int(at.timestamp()) // self._grain, spared)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > MOST_KEPT:
                self._known.clear()
            rules = self._lacking.setdefault(
                spared, tuple(rule for rule in self._judged if not rule.spared & spared)
            )
            found = self._known[key] = judge(at, where, rules)
        return found

    def _capped(self, call: Call, at: datetime | None, where: Located) -> Iterator[tuple[Rule, int]]:
        """The caps that this call is beyond, and the how manieth it is."""
        if at is None or not self._counters or not call.phone or not where.places:
            return
        for rule in self._judged:
            if rule.cap is None or not any(rule.binds(place) for place in where.places):
                continue
            self.seen_caps = max(self.seen_caps, rule.cap.hours)
            number = bare_number(call.phone, self.rules.country)
            if number and rule.in_force(at.date()):
                many = self._counters[rule.code].add(number, int(at.timestamp()))
                if many > rule.cap.calls and not (rule.spared & self._spared(call)):
                    yield rule, many

    def forget(self, before: datetime) -> None:
        """Drop what no cap can reach any more."""
        for counter in self._counters.values():
            counter.forget(int(before.timestamp()))


def _midnight(call: Call) -> bool:
    """Whether the file wrote midnight to the second, as exports without a time of day do."""
    return call.at is not None and is_placeholder(call.at.astimezone(ZoneInfo(call.source_zone or "UTC")))


def _clock(at: datetime, zone: str) -> str:
    return f"{zone} {at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def _told(said: str, more: str) -> str:
    return f"{said}. {more}" if said else more
