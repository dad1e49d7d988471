"""Public holidays by country and subdivision. The names are English where the library knows them in English."""

from datetime import date

import holidays
from holidays.registry import COUNTRIES

ENGLISH = ("en_US", "en_GB")
_SMALL = {"And": "and", "Of": "of", "The": "the", "Da": "da", "Dr": "DR", "Hongkong": "Hong Kong"}


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country whose holidays are known, by name: ("US", "United States")."""
    named = [(codes[1], _name(key)) for key, codes in COUNTRIES.items()]
    return sorted(named, key=lambda item: item[1])


def _name(key: str) -> str:
    words = key.replace("_", " ").title().split()
    return " ".join(_SMALL.get(word, word) for word in words)


def country_name(code: str) -> str:
    """The name of a country by its code; the code itself where there is none."""
    return dict(countries()).get(code, code)


def subdivisions(country: str) -> tuple[str, ...]:
    """Codes of the states or regions that have holidays of their own: ("AK", "AL", …)."""
    found = holidays.list_supported_countries(include_aliases=False).get(country, [])
    return tuple(found)


def holiday_blockers(country: str, subdivision: str) -> list[str]:
    """Say why the holidays of this place cannot count; nothing to say where no country is named."""
    if not country:
        return ["Choose the country that this state or region belongs to."] if subdivision else []
    if country not in dict(countries()):
        return [f"“{country}” is no country whose holidays are known here."]
    known = subdivisions(country)
    if subdivision and subdivision not in known:
        name = country_name(country)
        if not known:
            return [f"{name} has no states or regions with holidays of their own: leave this empty."]
        return [f"“{subdivision}” is none of {name}'s: {', '.join(known)}."]
    return []


def named_holidays(country: str, subdivision: str, first: date, last: date) -> dict[date, str]:
    """The public holidays from one date to another, with their names. Call it with a place without blockers."""
    if not country:
        return {}
    languages = getattr(holidays.country_holidays(country), "supported_languages", ())
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(first.year, last.year + 1),
        language=next((language for language in ENGLISH if language in languages), None),
    )
    return {on: name for on, name in sorted(found.items()) if first <= on <= last}
