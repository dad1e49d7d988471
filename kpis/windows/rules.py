"""The rules on when people may be called: read from data, each dated and with its source. Pure.

A rule binds a place (a country, or a part of one) between two dates. Its hours are half-open unless its `bounds` say
otherwise: from 8:00 to 21:00 a call at 8:00:00 is inside and one at 21:00:00 is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from math import gcd
from typing import Any

import yaml

from common.hashing import content_hash
from engagements.public_holidays import holiday_blockers, named_holidays
from engagements.terms.hours import (
    SHORT_DAYS,
    WEEKDAYS,
    RegionHours,
    Span,
    days_text,
    parse_spans,
    spans_text,
)

from .places import part_of, place_name, place_of, places
from .sources import source_text

BOUNDS = ("[)", "[]", "()", "(]")
BRIEF = "brief"
EXEMPTIONS = "exemptions"


class Status(StrEnum):
    """How well a rule is known."""

    PRIMARY = "primary"  # its own text was seen
    SECONDARY = "secondary"  # others tell of it, and agree
    CONFLICT = (
        "conflict"  # others tell of it, and disagree: what only it forbids is possible, not a violation
    )
    AGREED = "agreed"  # both sides' brief, or a change of this engagement

    @property
    def label(self) -> str:
        return {
            "primary": "statute read",
            "secondary": "second-hand",
            "conflict": "sources disagree",
            "agreed": "agreed here",
        }[self.value]


class Exempt(StrEnum):
    """What takes a call out of the hours. None holds unless the engagement says so."""

    INBOUND = "inbound"
    CALLBACK = "callback"
    CONSENT = "consent"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many calls to one number within so many hours, wherever these begin."""

    calls: int
    hours: int

    def __str__(self) -> str:
        span = (
            f"{self.hours // 24} days" if self.hours % 24 == 0 and self.hours > 24 else f"{self.hours} hours"
        )
        return f"at most {self.calls} calls in {span}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `days` holds each weekday's intervals in minutes (Monday is 0); None: the rule says nothing of hours.

    `place` is "" where it binds everywhere. `beside` are parts of the place for which another row stands instead.
    """

    code: str
    version: int
    place: str
    title: str
    says: str
    status: Status
    source: str
    days: Mapping[int, Sequence[Span]] | None = None
    holidays: str = ""
    closed_on: frozenset[date] = frozenset()
    since: date | None = None
    until: date | None = None
    bounds: str = "[)"
    cap: Cap | None = None
    spared: frozenset[str] = frozenset()
    only: str = ""
    url: str = ""
    beside: frozenset[str] = frozenset()
    reason: str = ""  # why it was changed in this engagement

    @property
    def source_text(self) -> str:
        """Where it was read, as its page says it."""
        return source_text(self.source)

    def binds(self, place: str) -> bool:
        """Whether it is a rule of this place, or of the country that it is part of."""
        return (not self.place or self.place in (place, part_of(place))) and place not in self.beside

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def allows(self, local: datetime) -> bool:
        """Whether a call may begin at this local moment. A rule that is not in force, or has no hours, allows all."""
        day = local.date()
        if self.days is None or not self.in_force(day):
            return True
        if self.closed(day):
            return False
        second = local.hour * 3600 + local.minute * 60 + local.second
        return any(start <= second < end for start, end in self.seconds(local.weekday()))

    def closed(self, on: date) -> str:
        """The name of the holiday on which nobody may be called; "" on any other day."""
        if on in self.closed_on:
            return "day without calls"
        return holidays_of(self.holidays, on.year).get(on, "") if self.holidays else ""

    def seconds(self, weekday: int) -> list[tuple[int, int]]:
        """The intervals of a weekday as half-open seconds of the day, whatever the rule says of its ends."""
        first, last = int(self.bounds[0] == "("), int(self.bounds[1] == "]")
        return [(start * 60 + first, end * 60 + last) for start, end in (self.days or {}).get(weekday, ())]

    def said_of(self, on: date) -> str:
        """What it allows on a day, in words: "09:00–20:00", "no calls", "3 calls to one number in 24 hours"."""
        if self.days is None:
            return str(self.cap or "")
        return "no calls" if self.closed(on) else spans_text(self.days.get(on.weekday(), ())) or "no calls"

    @property
    def disputed(self) -> bool:
        return self.status is Status.CONFLICT

    @property
    def place_name(self) -> str:
        return place_name(self.place) if self.place else "Everywhere"

    @property
    def hours_text(self) -> list[tuple[str, str]]:
        """The hours in words: [("Mon–Fri", "09:00–18:00"), ("Sun", "not called")]."""
        if self.days is None:
            return []
        groups: dict[tuple[Span, ...], list[int]] = {}
        for day in range(7):
            groups.setdefault(tuple(self.days.get(day, ())), []).append(day)
        return [(days_text(days), spans_text(spans) or "not called") for spans, days in groups.items()]

    @property
    def name(self) -> str:
        """Its title where it stands among others: a rule that bears the name of its place is that place's law."""
        return f"law of {self.title}" if self.title == self.place_name else self.title

    @property
    def holidays_text(self) -> str:
        return f"not on public holidays of {place_name(self.holidays)}" if self.holidays else ""


@dataclass(frozen=True, slots=True)
class Flags:
    """What this engagement leaves out of the hours. All off unless somebody gave a reason for them."""

    inbound: bool = False
    callbacks: bool = False
    business: bool = False
    automated: bool = False
    consent_sources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RuleSet:
    """Everything that calls are judged by at one time."""

    rules: tuple[Rule, ...]
    flags: Flags = Flags()
    country: str = ""
    silent: tuple[str, ...] = ()  # regions of the brief that name no place known here

    @property
    def digest(self) -> str:
        return content_hash(self.to_json())

    def to_json(self) -> dict[str, Any]:
        flags = {
            "inbound": self.flags.inbound, "callbacks": self.flags.callbacks, "business": self.flags.business,
            "automated": self.flags.automated, "consent_sources": sorted(self.flags.consent_sources),
        }  # fmt: skip
        return {
            "rules": [rule_json(rule) for rule in self.rules],
            "flags": flags,
            "country": self.country,
        }

    @property
    def judged(self) -> tuple[Rule, ...]:
        """The rules that can forbid a call here: not those that the flags leave out."""
        return tuple(
            rule
            for rule in self.rules
            if (not rule.only or self.flags.automated)
            and not (self.flags.business and Exempt.BUSINESS in rule.spared)
        )

    @property
    def grain(self) -> int:
        """Seconds within which no verdict can change: every bound of every rule and every zone's offset fits it."""
        ends = [end for rule in self.judged for day in range(7) for span in rule.seconds(day) for end in span]
        return gcd(900, *ends)

    def rule(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)


@cache
def holidays_of(calendar: str, year: int) -> Mapping[date, str]:
    """The public holidays of a place ("FR", "US-LA") in a year, observed days among them."""
    country, _, part = calendar.partition("-")
    return named_holidays(country, part, date(year, 1, 1), date(year, 12, 31))


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules that come with the program, in the order of their files."""
    folder = resources.files("kpis.windows").joinpath("rules")
    found: list[Rule] = []
    for name in ("us_federal.yaml", "us_states.yaml", "other_countries.yaml"):
        entries = yaml.safe_load(folder.joinpath(name).read_text(encoding="utf-8"))
        found += [read_rule(entry) for entry in entries]
    return tuple(found)


def read_rule(entry: Mapping[str, Any]) -> Rule:
    """One rule as the files write it. Raises ValueError, in words, for what cannot be one."""
    unknown = set(entry) - {
        "code", "place", "version", "title", "says", "hours", "closed_on_holidays_of", "closed_on", "from", "until",
        "bounds", "cap", "spared", "only", "status", "source", "url",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"A rule has no “{sorted(unknown)[0]}”.")
    place = str(entry.get("place", ""))
    if place and place not in places():
        raise ValueError(f"“{place}” is no place that is known here.")
    bounds = str(entry.get("bounds", "[)"))
    if bounds not in BOUNDS:
        raise ValueError(f"Bounds are one of {', '.join(BOUNDS)}.")
    calendar = str(entry.get("closed_on_holidays_of", ""))
    if calendar and (faults := holiday_blockers(*calendar.partition("-")[::2])):
        raise ValueError(faults[0])
    cap = entry.get("cap")
    since, until = entry.get("from"), entry.get("until")
    if since and until and until < since:
        raise ValueError("It ends before it begins.")
    return Rule(
        code=str(entry["code"]), version=int(entry["version"]), place=place, title=str(entry["title"]),
        says=str(entry["says"]), status=Status(entry["status"]), source=str(entry["source"]),
        days=read_hours(entry["hours"]) if entry.get("hours") is not None else None, holidays=calendar,
        closed_on=frozenset(entry.get("closed_on", ())), since=since, until=until, bounds=bounds,
        cap=Cap(int(cap["calls"]), int(cap["hours"])) if cap else None,
        spared=frozenset(Exempt(name) for name in entry.get("spared", ())), only=str(entry.get("only", "")),
        url=str(entry.get("url", "")),
    )  # fmt: skip


def read_hours(hours: Mapping[str, str]) -> dict[int, list[Span]]:
    """Hours by weekdays, {"Mon-Fri": "9:00–18:00", "Sat": "10:00–12:00, 13:00–17:00"}. Raises ValueError."""
    found: dict[int, list[Span]] = {}
    for days, text in hours.items():
        for day in read_days(days):
            if day in found:
                raise ValueError(f"{WEEKDAYS[day]} stands there twice.")
            found[day] = parse_spans(text)
    return found


def read_days(text: str) -> list[int]:
    """ "Mon-Fri" or "Sat, Sun" as weekdays, Monday is 0. Raises ValueError."""
    found: list[int] = []
    for part in text.replace("–", "-").split(","):
        first, _, last = (name.strip().capitalize()[:3] for name in part.partition("-"))
        if first not in SHORT_DAYS or (last and last not in SHORT_DAYS):
            raise ValueError(f"“{part.strip()}” are no weekdays. Write Mon-Fri, or Sat.")
        start = SHORT_DAYS.index(first)
        end = SHORT_DAYS.index(last) if last else start
        if end < start:
            raise ValueError(f"“{part.strip()}” ends before it begins: write the weekdays from Monday on.")
        found += range(start, end + 1)
    return found


def brief_rules(regions: Iterable[RegionHours], version: int) -> tuple[list[Rule], list[str]]:
    """The hours of the brief in force as rules, and the regions of it that name no place known here.

    A region's own row stands instead of the country's.
    """
    found: dict[str, RegionHours] = {}
    silent: list[str] = []
    for region in regions:
        place = place_of(region.code) or place_of(region.region)
        if place is None and region.region.strip().lower() in (
            "everywhere",
            "all regions",
            "all",
            "any region",
        ):
            place = ""
        if place is None:
            silent.append(region.region)
        else:
            found[place] = region
    rules = [
        Rule(
            code=f"{BRIEF}-{place.lower() or 'everywhere'}", version=version, place=place,
            title=f"Campaign brief, {region.region}", says="The calling hours that both sides signed.",
            status=Status.AGREED, source=f"Campaign brief version {version}",
            days={day: list(spans) for day, spans in region.days.items()},
            beside=frozenset(other for other in found if other != place and (not place or part_of(other) == place)),
        )
        for place, region in found.items()
    ]  # fmt: skip
    return rules, silent


def excluded_by_brief(
    places: Iterable[str], rules: Iterable[Rule], silent: Sequence[str] = ()
) -> frozenset[str]:
    """Those of some places into which the brief agrees no calls: it names others, and none of which they are part.

    None where it agrees no hours at all, or names a region that is not understood: then nobody can say.
    """
    agreed = [rule for rule in rules if rule.code.startswith(f"{BRIEF}-")]
    if not agreed or silent:
        return frozenset()
    return frozenset(
        place
        for place in places
        if place and not any(rule.binds(place) or part_of(rule.place) == place for rule in agreed)
    )


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as it is kept beside the verdicts that it led to."""
    return {
        "code": rule.code, "version": rule.version, "place": rule.place, "title": rule.title, "says": rule.says,
        "status": rule.status.value, "source": rule.source, "url": rule.url, "bounds": rule.bounds, "only": rule.only,
        "days": None if rule.days is None else [[list(span) for span in rule.days.get(day, ())] for day in range(7)],
        "holidays": rule.holidays, "closed_on": sorted(day.isoformat() for day in rule.closed_on),
        "since": rule.since.isoformat() if rule.since else "", "until": rule.until.isoformat() if rule.until else "",
        "cap": [rule.cap.calls, rule.cap.hours] if rule.cap else None, "spared": sorted(rule.spared),
        "beside": sorted(rule.beside), "reason": rule.reason,
    }  # fmt: skip


def rule_from_json(kept: Mapping[str, Any]) -> Rule:
    """What `rule_json` wrote."""
    return Rule(
        code=kept["code"], version=kept["version"], place=kept["place"], title=kept["title"], says=kept["says"],
        status=Status(kept["status"]), source=kept["source"], url=kept["url"], bounds=kept["bounds"], only=kept["only"],
        days=None if kept["days"] is None else {
            day: [(start, end) for start, end in spans] for day, spans in enumerate(kept["days"])
        },
        holidays=kept["holidays"], closed_on=frozenset(date.fromisoformat(day) for day in kept["closed_on"]),
        since=date.fromisoformat(kept["since"]) if kept["since"] else None,
        until=date.fromisoformat(kept["until"]) if kept["until"] else None,
        cap=Cap(*kept["cap"]) if kept["cap"] else None, spared=frozenset(kept["spared"]),
        beside=frozenset(kept["beside"]), reason=kept["reason"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody of the engagement said of one rule: `rule` instead of it, or None: it does not count here."""

    code: str
    version: int
    rule: Rule | None
    reason: str


def in_force(
    *,
    changes: Iterable[Change],
    brief: Sequence[Rule] = (),
    flags: Flags = Flags(),
    country: str = "",
    silent: Sequence[str] = (),
) -> RuleSet:
    """The rules of one engagement: those that come with the program, changed as it says, and its brief's on top."""
    newest = {change.code: change for change in changes}
    rules: list[Rule] = []
    for rule in shipped():
        change = newest.pop(rule.code, None)
        if change is None:
            rules.append(rule)
        elif change.rule is not None:
            rules.append(_changed(change.rule, change))
    rules += [_changed(change.rule, change) for change in newest.values() if change.rule is not None]
    return RuleSet((*rules, *brief), flags, country, tuple(silent))


def _changed(rule: Rule, change: Change) -> Rule:
    return replace(rule, version=change.version, status=Status.AGREED, reason=change.reason)
