"""What was assumed in reading a file, told to whoever brought it."""

import polars as pl

from common.wording import joined, plural

from .presets import IN, NOT_A_CALL, Moment
from .result import Parsed, Settings


def notes(settings: Settings, parsed: Parsed) -> list[str]:
    """What was assumed in reading the file, for the reader to check."""
    told = []
    if parsed.incomplete:
        told.append(
            "The export says of itself that it is not complete: calls are missing from this file. Export it again."
        )
    if parsed.layout.cut:
        told.append(
            "The file ends in the middle of a letter: it was cut off, so calls may be missing. Export it again."
        )
    if settings.preset.moment is Moment.DAY_AND_MONTH:
        year = settings.first_year or settings.preset.first_year
        told.append(
            f"The file gives no years: they are counted from {year}, one more whenever the month goes down."
        )
    elif settings.preset.utc:
        told.append(f"This export writes its times in UTC; days are those of {settings.zone}.")
    else:
        told.append(
            f"Times without an offset are read as {settings.source_zone}; days are those of {settings.zone}."
        )
    if parsed.dates.told:
        told.append(parsed.dates.told)
    elif parsed.dates.numeric and settings.date_order:
        told.append(
            f"No date tells the order of day and month: read as said, {settings.date_order.label.lower()}."
        )
    if parsed.joined:
        calls = parsed.calls
        told.append(
            f"{parsed.joined + calls:,} rows are {plural(calls, 'call')}: the rows of one call are joined, and the "
            "furthest outcome among them counts."
        )
    if parsed.left_out:
        inbound, other = parsed.left_out.get(IN, 0), parsed.left_out.get(NOT_A_CALL, 0)
        if inbound:
            told.append(f"{plural(inbound, 'inbound row')} left out: no dial.")
        if other:
            told.append(f"{plural(other, 'row')} left out: internal, or no call at all.")
    if parsed.layout.tail:
        told.append(
            f"Below the last row, left out: {joined([f'“{line}”' for line in parsed.layout.tail[:3]])}."
        )
    told += [
        f"{plural(count, 'value')} of {name.replace('_', ' ')} could not be used; these calls are without."
        for name, count in sorted(parsed.unread.items())
    ]
    if parsed.doubled_times:
        told.append(
            f"{plural(parsed.doubled_times, 'time')} came twice when the clocks went back: the earlier is taken."
        )
    if agreed := _agreed_codes(settings, parsed):
        told.append(
            f"{plural(len(agreed), 'code means', 'codes mean')} what brief version {settings.brief_version} says: "
            f"{joined(agreed)}."
        )
    if parsed.layout.encoding != "UTF-8":
        told.append(f"The text was {parsed.layout.encoding}.")
    if several := parsed.dials - parsed.calls:
        told.append(
            f"Rows may stand for several dials, {several:,} beyond their number; all count on the row's day."
        )
    return told


def _agreed_codes(settings: Settings, parsed: Parsed) -> list[str]:
    """The codes of this file that have their meaning from the brief."""
    known = parsed.codes.filter(pl.col("outcome").is_not_null())["code"].unique().sort()
    return [code for code in known if code.lower() in settings.from_brief]
