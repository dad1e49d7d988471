"""How long was spoken."""

from collections.abc import Hashable, Mapping
from datetime import date

from common.wording import NO_DATA, day_text
from kpis.numbers_page import Cell, Row
from kpis.selectors.talks import Spoken
from kpis.telling.waiting import wait_text

TALK = "Talk time"


def talk_cell(seconds: int, calls: int, spoken: Spoken | None = None) -> Cell:
    """How long was spoken in all, and in one call on average and in the middle, of calls with a known talk time."""
    if not calls:
        return Cell(NO_DATA, label=TALK)
    note = f"{wait_text(seconds / calls)} a call, {calls:,} timed"
    middle = median_text(spoken, calls) if spoken else ""
    return Cell(talk_text(seconds), note=f"{note}; {middle}" if middle else note, label=TALK)


def median_text(spoken: Spoken, timed: int) -> str:
    """The middle of the calls that were spoken: "median 2 min 5 s, 90% within 6 min, of 1,240 spoken"."""
    if spoken.timed != timed:
        return "median no data: not all of these calls are counted by their talk time yet"
    if spoken.median is None or spoken.ninetieth is None:
        return "none of them spoken"
    of = f", of {spoken.spoken:,} spoken" if spoken.spoken != timed else ""
    return f"median {wait_text(spoken.median)}, 90% within {wait_text(spoken.ninetieth)}{of}"


def talk_day_rows(found: Mapping[Hashable, Spoken], timed: Mapping[date, int], today: date) -> list[Row]:
    """Each date whose talk times are known, the newest first; `timed` counts its calls by the daily sums."""
    nothing = Spoken(0, 0, None, None)
    return [
        Row(
            day_text(day, today=today),
            (
                Cell(f"{number:,}", label=TALK_COLUMNS[0]),
                *_middle(found.get(day, nothing), number),
            ),
        )
        for day, number in sorted(timed.items(), reverse=True)
        if number
    ]


TALK_COLUMNS = ("Timed calls", "Spoken", "Median", "90% within")


def _middle(one: Spoken, timed: int) -> tuple[Cell, ...]:
    whole = one.timed == timed
    texts = (
        f"{one.spoken:,}" if whole else NO_DATA,
        wait_text(one.median) if whole and one.median is not None else NO_DATA,
        wait_text(one.ninetieth) if whole and one.ninetieth is not None else NO_DATA,
    )
    return tuple(Cell(text, label=label) for text, label in zip(texts, TALK_COLUMNS[1:], strict=True))


def talk_text(seconds: int) -> str:
    """Hours and minutes spoken: "210 h 12 min"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds} s"
    return f"{minutes // 60:,} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
