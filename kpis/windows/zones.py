"""Where somebody may be when the phone rings: candidate zones, the place whose rules bind, and what does not fit. Pure.

The best of what is known counts: the lead's own zone, then the postal code, the state, the number. A number alone
tells little, for people keep theirs when they move: in the complaints that the FTC publishes, one area code in thirty
lies in no zone of the state that was stated.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from django.db.models import IntegerChoices
from phonenumbers import PhoneNumberType, timezone
from phonenumbers.tzdata import TIMEZONE_DATA

from .places import clock_of, country_of_zone, is_a_zone, part_of, place_name, place_of, places

MOST_ZONES = 8  # a number that could be in more tells nothing
_LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
_NANP = re.compile(r"^1?([2-9]\d{9})$")
_NOWHERE = frozenset(
    {
        PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN,
        PhoneNumberType.VOIP, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL, PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.UNKNOWN,
    }
)  # fmt: skip


class ZoneSource(IntegerChoices):
    """What told the zone, the best first."""

    LEAD = 1, "zone of the lead"
    POSTAL = 2, "postal code"
    STATE = 3, "state"
    NUMBER = 4, "number"
    NONE = 5, "nothing"


@dataclass(frozen=True, slots=True)
class Located:
    """Where the person called may be.

    `places` are the places whose rules may bind, each judged for itself; one of them is where the person is. They are
    several where only the number tells: its own state, and the country without it.
    """

    zones: tuple[str, ...]
    source: ZoneSource
    places: tuple[str, ...]
    conflict: str = ""

    @property
    def place(self) -> str:
        """The place under which the call is counted."""
        return self.places[0] if self.places else ""


NOWHERE = Located((), ZoneSource.NONE, ())


def locate(
    *,
    lead_zone: str = "",
    postal_code: str = "",
    region: str = "",
    phone: str = "",
    area_code: str = "",
    country: str = "",
) -> Located:
    """Candidate zones, the best source first. `country` is the campaign's own, by which short forms are read.

    `area_code` stands for a North American number of which no more is known.
    """
    dialed = number_zones(phone, country) or area_zones(area_code)
    state = place_of(region, country) if region.strip() else None
    posted = postal_place(postal_code, part_of(state) if state else country)
    # Whoever wrote the state wrote it of the person; a postal code of another state is listed and counts before it.
    place = posted[0] if posted else state
    if is_a_zone(lead_zone):
        return Located(
            (lead_zone,), ZoneSource.LEAD, _places(place, country_of_zone(lead_zone), phone, country)
        )
    if posted:
        odd = state is not None and "-" in state and state != posted[0]
        said = (
            f"The postal code is of {place_name(posted[0])}, the state says {place_name(state or '')}."
            if odd
            else ""
        )
        return Located(posted[1], ZoneSource.POSTAL, (posted[0],), said)
    if state is not None and places()[state].zones:
        return _of_state(state, dialed)
    if dialed:
        return Located(
            dialed, ZoneSource.NUMBER, _places(state, number_country(phone, country), phone, country)
        )
    return Located((), ZoneSource.NONE, (state,) if state else ())


def _of_state(state: str, dialed: tuple[str, ...]) -> Located:
    """The zones of a state that the number's share; where none does the state wins, and the conflict is told."""
    place = places()[state]
    if not dialed:
        return Located(place.all_zones, ZoneSource.STATE, (state,))
    clocks = {clock_of(zone) for zone in dialed}
    if not clocks & {clock_of(zone) for zone in place.zones}:
        said = f"The number points to {', '.join(dialed)}, the state is {place.name}."
        return Located(place.all_zones, ZoneSource.STATE, (state,), said)
    return Located(
        tuple(zone for zone in place.all_zones if clock_of(zone) in clocks), ZoneSource.STATE, (state,)
    )


def _places(place: str | None, land: str, phone: str, country: str) -> tuple[str, ...]:
    """The place that is known, else those that a number points to and the country without them."""
    if place:
        return (place,)
    return (*number_states(phone, country), *((land,) if land else ()))


@cache
def _american() -> tuple[Mapping[str, tuple[str, str]], Mapping[str, tuple[str, ...]]]:
    """Postal code to state and zone, and area code to states, by the table of American postal codes."""
    import zipcodes

    posted: dict[str, tuple[str, str]] = {}
    states: dict[str, Counter[str]] = {}
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]  # it has no types
        place = f"US-{row['state']}"
        if place not in places():
            continue
        if is_a_zone(row["timezone"]):
            posted[row["zip_code"]] = (place, row["timezone"])
        for area in row["area_codes"]:
            states.setdefault(area, Counter())[place] += 1
    # A few codes of the table lie across a border: a state counts where a tenth of the area code's codes are in it.
    shares = {
        area: tuple(place for place, codes in found.most_common() if codes * 10 >= found.total())
        for area, found in states.items()
    }
    return posted, shares


@lru_cache(maxsize=50_000)
def postal_place(text: str, country: str) -> tuple[str, tuple[str, ...]] | None:
    """The place and zones of a postal code, as far as they are known: the whole code in the United States, how it
    begins in Canada and Australia, the country where that has one zone."""
    code = "".join(text.split()).upper()
    if not code or country not in places():
        return None
    if country == "US":
        found = _american()[0].get(code[:5]) if re.fullmatch(r"\d{5}(-?\d{4})?", code) else None
        return (found[0], (found[1],)) if found else None
    if places()[country].zones:
        far = code.startswith(places()[country].foreign_postal) if places()[country].foreign_postal else False
        return None if far or not re.search(r"\d", code) else (country, places()[country].zones)
    starts = [
        (start, place)
        for place in places().values()
        if part_of(place.code) == country
        for start in place.postal
        if code.startswith(start)
    ]
    if not starts or not _whole(code, country):
        return None
    place = max(starts, key=lambda found: len(found[0]))[1]
    return place.code, place.all_zones


def _whole(code: str, country: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]\d[A-Z](\d[A-Z]\d)?" if country == "CA" else r"\d{4}", code))


def bare_number(text: str, country: str) -> str:
    """A number as digits with its country, "12125550101"; "" for what is none. Letters are no digits, and an extension
    (";222", "#1") is cut off."""
    text = re.sub(r"^(tel|sip):", "", text.strip(), flags=re.IGNORECASE)
    text = re.split(r"[;#]", text, maxsplit=1)[0]
    if not text or _LETTERS.search(text) or "," in text or "@" in text:
        return ""
    digits = re.sub(r"\D", "", text)
    home = places()[country].calling_code if country in places() else 0
    if not text.startswith("+") and home == 1 and (found := _NANP.match(digits)):
        return f"1{found.group(1)}"
    if text.startswith("+1") and (found := _NANP.match(digits)):
        return f"1{found.group(1)}"
    return _parsed(text, country)


@lru_cache(maxsize=200_000)
def _parsed(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def number_zones(text: str, country: str) -> tuple[str, ...]:
    """The zones of a number; none for what is no number, and for those that belong to no place (toll-free, shared)."""
    return _zones(_prefix(bare_number(text, country)))[0]


@cache
def area_zones(area_code: str) -> tuple[str, ...]:
    """Every zone that some exchange of a North American area code lies in; none of one that belongs to no place."""
    start = f"1{area_code}"
    found = {
        zone
        for prefix, zones in TIMEZONE_DATA.items()
        if len(area_code) == 3 and (prefix.startswith(start) or prefix == start)
        for zone in zones
    }
    return tuple(sorted(found)) if len(found) <= MOST_ZONES else ()


def number_country(text: str, country: str) -> str:
    return _zones(_prefix(bare_number(text, country)))[1]


def _prefix(digits: str) -> str:
    """What of a number tells its zones: of a North American one the exchange, which ten thousand share."""
    return f"{digits[:7]}0100" if digits.startswith("1") and len(digits) == 11 else digits


@lru_cache(maxsize=200_000)
def _zones(digits: str) -> tuple[tuple[str, ...], str]:
    if not digits:
        return (), ""
    number = phonenumbers.parse(f"+{digits}")
    if phonenumbers.number_type(number) in _NOWHERE:
        return (), ""
    found = tuple(
        zone for zone in timezone.time_zones_for_number(number) if is_a_zone(zone) and zone != "Etc/Unknown"
    )
    land = phonenumbers.region_code_for_number(number) or ""
    return (found, land) if len(found) <= MOST_ZONES else ((), "")


def number_states(text: str, country: str) -> tuple[str, ...]:
    """The American states in which an area code is used; none for other numbers."""
    digits = bare_number(text, country)
    return _american()[1].get(digits[1:4], ()) if digits.startswith("1") and len(digits) == 11 else ()
