"""Countries and their parts, as codes such as "US-FL" or "FR", and the zones in which people live there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import yaml


@dataclass(frozen=True, slots=True)
class Place:
    """A country, or a part of one. `corners` are zones of a small part of it, see places.yaml."""

    code: str
    name: str
    zones: tuple[str, ...] = ()
    corners: tuple[str, ...] = ()
    postal: tuple[str, ...] = ()
    foreign_postal: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    calling_code: int = 0

    @property
    def all_zones(self) -> tuple[str, ...]:
        return (*self.zones, *self.corners)


@cache
def places() -> Mapping[str, Place]:
    """Every place by its code."""
    text = resources.files("kpis.windows").joinpath("places.yaml").read_text(encoding="utf-8")
    found: dict[str, Place] = {}
    for country, entry in yaml.safe_load(text).items():
        parts = entry.pop("parts", {})
        found[country] = _read(country, entry)
        for part, said in parts.items():
            found[f"{country}-{part}"] = _read(f"{country}-{part}", said)
    return found


def _read(code: str, entry: Mapping[str, Any]) -> Place:
    said: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Place(code, **said)


def part_of(code: str) -> str:
    """The country of a place: "US" of "US-FL", and of "US" itself."""
    return code.partition("-")[0]


def place_name(code: str) -> str:
    """The name of a place; its code where there is none."""
    return places()[code].name if code in places() else code


def place_of(text: str, country: str = "") -> str | None:
    """The place that a state or country is written as: a code, a name, or a state's own abbreviation.

    Abbreviations are those of `country`; without one only a whole code ("US-FL") or a name counts, for "CA" is both
    California and Canada.
    """
    text = " ".join(text.split())
    if country and f"{country}-{text.upper()}" in places():
        return f"{country}-{text.upper()}"
    if text.upper() in places():
        return text.upper()
    codes = _by_name().get(text.casefold(), ())
    own = [code for code in codes if part_of(code) == country]
    return next(iter(own or codes), None)


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place in places().values():
        for name in (place.name, *place.aka):
            found[name.casefold()] = (*found.get(name.casefold(), ()), place.code)
    return found


@cache
def country_of_zone(zone: str) -> str:
    """The country in which a zone lies, "" where that is none or unknown: "US" of America/Chicago."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#") and line.split("\t")[2].strip() == zone:
            return line.split("\t")[0]
    return ""


@cache
def is_a_zone(name: str) -> bool:
    """Whether a lead's zone can be used: a place's, not an offset and not "EST", which says nothing of summer time."""
    return "/" in name and name in available_timezones()


@cache
def clock_of(zone: str) -> tuple[object, ...]:
    """What makes two zones the same clock: their offsets through these years. America/Boise runs as America/Denver."""
    here = ZoneInfo(zone)
    return tuple(
        datetime(year, month, 1, tzinfo=UTC).astimezone(here).utcoffset()
        for year in (2023, 2026)
        for month in range(1, 13)
    )
