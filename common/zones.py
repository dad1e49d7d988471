"""The time zones that people choose from: each place of the world under its present name, and UTC."""

from functools import cache
from importlib import resources
from zoneinfo import available_timezones

UTC = "UTC"


@cache
def zones() -> tuple[str, ...]:
    """Their names, sorted, UTC last; without offsets, abbreviations and the former names kept for old files."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    named = {line.split("\t")[2].strip() for line in table.splitlines() if line and not line.startswith("#")}
    return (*sorted(named & available_timezones()), UTC)


def is_zone(name: str) -> bool:
    """Whether this is one of them."""
    return name in zones()


def label(zone: str) -> str:
    """A zone in words, with its region: "America / Indiana / Knox"."""
    return zone.replace("/", " / ").replace("_", " ")


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a select shows: the zones by region."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in zones():
        regions.setdefault(zone.partition("/")[0], []).append((zone, label(zone)))
    return list(regions.items())
