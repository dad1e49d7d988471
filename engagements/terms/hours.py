"""Calling hours: intervals of the day per region and weekday, in the local time of the person called. Pure.

An interval is half-open: from 09:00 to 20:00 a call at 20:00:00 is outside. 24:00 is the end of the day.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise
from typing import Any

from common.wording import joined

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_DAYS = tuple(day[:3] for day in WEEKDAYS)
NOT_CALLED = "not called"
MINUTES_A_DAY = 24 * 60
MOST_SPANS = 6
USUAL_EVENING = time(18, 30)
_TIME = r"([0-9]{1,2})[:.]([0-9]{2})"
_SPAN = re.compile(rf"^{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}$")
_EXAMPLE = "Write hours as 9:00–20:00, several with commas between."

type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RegionHours:
    """One region: for each weekday (Monday is 0) its intervals in minutes since midnight; none: not called."""

    region: str
    code: str = ""
    days: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    def allows(self, weekday: int, minute: int) -> bool:
        """Whether a call may be made at this minute of this weekday, local time."""
        return any(start <= minute < end for start, end in self.days.get(weekday, ()))


def calls_on(hours: Iterable[RegionHours], weekday: int) -> bool:
    """Whether some region is called on this weekday (Monday is 0); where no hours are agreed, every day is."""
    regions = list(hours)
    return not regions or any(region.days.get(weekday) for region in regions)


def last_end(hours: Iterable[RegionHours]) -> time | None:
    """When the last of the calling hours ends, on any weekday and in any region; None where there are none."""
    ends = [end for region in hours for spans in region.days.values() for _, end in spans]
    return time(*divmod(min(max(ends), MINUTES_A_DAY - 1), 60)) if ends else None


def evening_of(hours: Iterable[RegionHours]) -> time:
    """The hour that an evening's report starts with: half an hour after the last calling hour, so that it tells of all
    calls of its day; 18:30 where no hours are agreed. On the hour or the half hour, from 15:00 to 23:30.

    The hours are those of the people called: a region whose clock is behind is called longer still.
    """
    end = last_end(hours)
    if end is None:
        return USUAL_EVENING
    minutes = -(-(end.hour * 60 + end.minute + 30) // 30) * 30
    return time(*divmod(min(max(minutes, 15 * 60), 23 * 60 + 30), 60))


def parse_spans(text: str) -> list[Span]:
    """Read "9:00–12:00, 13:30–20:00" as intervals in order; "" as none. Raises ValueError with the reason."""
    spans = [_span(part) for part in re.split(r"[,;\n]", text) if part.strip()]
    if len(spans) > MOST_SPANS:
        raise ValueError(f"At most {MOST_SPANS} intervals a day.")
    spans.sort()
    for (start, end), (following, last) in pairwise(spans):
        if following < end:
            raise ValueError(f"{span_text((start, end))} and {span_text((following, last))} overlap.")
    return spans


def _span(part: str) -> Span:
    found = _SPAN.match(part.strip().lower())
    if not found:
        raise ValueError(f"“{part.strip()}” is no interval. {_EXAMPLE}")
    hour, minute, last_hour, last_minute = (int(number) for number in found.groups())
    for h, m in ((hour, minute), (last_hour, last_minute)):
        if m > 59 or h * 60 + m > MINUTES_A_DAY:
            raise ValueError(f"{h}:{m:02} is no time of day; the day ends at 24:00.")
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if start >= end:
        raise ValueError(
            f"{part.strip()} ends before it begins. Hours over midnight are two rows, one per day."
        )
    return start, end


def span_text(span: Span) -> str:
    """ "09:00–20:00"."""
    return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


def spans_text(spans: Sequence[Span], separator: str = ", ") -> str:
    """The intervals of a day, or that it is not called."""
    return separator.join(span_text(span) for span in spans)


def regions(rows: Sequence[Mapping[str, Any]]) -> list[RegionHours]:
    """The hours of each region, in the order in which the regions first appear."""
    found: dict[str, RegionHours] = {}
    for row in rows:
        name = str(row.get("region", ""))
        entry = found.setdefault(name.lower(), RegionHours(name, str(row.get("code", "")), {}))
        days = {day: list(spans) for day, spans in entry.days.items()}
        for day in row.get("days", ()):
            days[day] = sorted([*days.get(day, []), *((start, end) for start, end in row.get("hours", ()))])
        found[name.lower()] = RegionHours(entry.region, entry.code or str(row.get("code", "")), days)
    return list(found.values())


def overlaps(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Say which rows of one region claim the same time of a weekday twice: (row from 0, reason)."""
    faults = []
    claimed: dict[tuple[str, int], list[Span]] = {}
    for number, row in enumerate(rows):
        clash = []
        for day in row.get("days", ()):
            before = claimed.setdefault((str(row.get("region", "")).lower(), day), [])
            mine = [(start, end) for start, end in row.get("hours", ())]
            if any(a < d and c < b for a, b in mine for c, d in before):
                clash.append(WEEKDAYS[day])
            before.extend(mine)
        if clash:
            faults.append((number, f"Overlaps an earlier row of this region on {joined(clash)}."))
    return faults


def latest_text(found: Sequence[RegionHours]) -> str:
    """Until when people are called in any region: "Mon–Fri until 20:00, Sat until 16:00"; "" for never."""
    ends: dict[int, list[int]] = {}
    for day in range(len(WEEKDAYS)):
        last = max((end for region in found for _, end in region.days.get(day, ())), default=0)
        if last:
            ends.setdefault(last, []).append(day)
    return ", ".join(f"{days_text(days)} until {last // 60:02}:{last % 60:02}" for last, days in ends.items())


def days_text(days: Sequence[int]) -> str:
    """Weekdays in short: "Mon–Fri", "Sat, Sun"."""
    chosen = sorted(set(days))
    runs: list[list[int]] = []
    for day in chosen:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{SHORT_DAYS[run[0]]}–{SHORT_DAYS[run[-1]]}"
        if len(run) > 2
        else ", ".join(SHORT_DAYS[day] for day in run)
        for run in runs
    )
