"""How fast leads are called."""

from collections.abc import Sequence

from common.wording import plural, rate_text
from kpis.effect import Counted
from kpis.numbers_page import Cell, Row
from kpis.selectors.breakdowns import Response, Responses
from kpis.telling.words import counted_cell

FIVE_MINUTES = "five minutes"


def wait_text(seconds: float) -> str:
    """How long a lead waited: "4 min 10 s", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours < 48:
        return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
    return plural(hours // 24, "day")


def response_sentences(found: Responses) -> list[str]:
    """The answer to "how fast do we call?"."""
    if found.all is None:
        why = f" {plural(found.untold, 'lead')} got a first call on these days." if found.untold else ""
        return [
            f"No file says when these leads came in, so that nothing can be said of the response time.{why}"
        ]
    said = [
        f"Half of {plural(found.all.leads, 'lead')} were called within {wait_text(found.all.median)} of coming in; "
        f"{rate_text(found.all.within, found.all.leads)} within {FIVE_MINUTES}.",
        "A lead counts once, by its first call, however many of its calls a file numbers as the first.",
    ]
    if found.untold:
        said.append(f"How long {_more(found.untold)} waited is in no file; left out here.")
    if found.before:
        said.append(f"By their file {_more(found.before)} came in after the first call; left out as well.")
    return said


def _more(leads: int) -> str:
    return plural(leads, "more lead")


RESPONSE_COLUMNS = ("Leads", "Median wait", "Within five minutes")


def response_rows(found: Sequence[Response], minimum: int) -> list[Row]:
    """Each group with how long it waited; under the minimum it says so."""
    return [
        Row(
            one.label,
            (
                Cell(f"{one.leads:,}", label="Leads"),
                Cell(wait_text(one.median), label="Median wait"),
                counted_cell(Counted(one.within, one.leads), "Within five minutes", minimum),
            ),
        )
        for one in found
    ]
