"""What pages say about agent hours: what they cover, and what an hour came to. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from common.wording import NO_DATA, day_text, percent_text, plural
from kpis.agent_hours import Covered, Person, Span
from kpis.numbers_page import Cell, Row
from kpis.prices import Prices

AGENT_COLUMNS = ("Hours", "Dials on these days", "Dials an hour", "Occupancy")
DAY_COLUMNS = ("Hours", "Dials", "Dials an hour")


def hours_text(seconds: int) -> str:
    """Seconds as hours with one decimal: "312.4"."""
    return f"{seconds / 3600:,.1f}"


def covers_sentence(covered: Covered) -> str:
    """What the hours rest on: "312.4 agent hours from 2 reports, 10 of 14 days with calls covered"."""
    if not covered.spans:
        return "no agent hours are in for these days"
    hours = f"{hours_text(covered.seconds)} agent hours from {plural(covered.files, 'report')}"
    if not covered.call_days:
        return f"{hours}, on days without calls"
    return f"{hours}, {covered.days} of {plural(len(covered.call_days), 'day')} with calls covered"


def empty_sentence(prices: Iterable[Prices]) -> str:
    """What goes in here, and by what an hour is counted until then."""
    by_hour = sorted({one.dials_an_hour for one in prices if one.agent_hour})
    dials = " or ".join(f"{each.normalize():f}" for each in by_hour)
    until = (
        f"Until then an hour is counted at the agreed {dials} dials."
        if by_hour
        else "No price by the hour is set, so no cost rests on hours yet."
    )
    return (
        "A dialer’s agent time or performance report goes in where calls do, or any file with a date, an agent and "
        f"hours. {until}"
    )


def gap_sentences(covered: Covered) -> list[str]:
    """Which days have no data on hours, and why."""
    said = []
    bare = len(covered.call_days) - covered.days - covered.partly
    if covered.spans and bare:
        said.append(f"{plural(bare, 'day')} with calls {_has(bare)} no data on hours.")
    if covered.partly:
        said.append(
            f"{plural(covered.partly, 'day')} {_has(covered.partly)} hours, but not of everybody who dialled, and "
            f"{'is' if covered.partly == 1 else 'are'} left out."
        )
    if covered.cut:
        said.append(
            f"{plural(len(covered.cut), 'figure')} for several days {_reaches(len(covered.cut))} out of these days and "
            "cannot be divided, so that nothing of it counts here."
        )
    return said


def _has(number: int) -> str:
    return "has" if number == 1 else "have"


def _reaches(number: int) -> str:
    return "reaches" if number == 1 else "reach"


def cost_rests_on(covered: Covered, prices: Sequence[Prices]) -> str:
    """Say by which hours a cost was counted; nothing where no price is one of an hour."""
    by_hour = [one for one in prices if one.agent_hour]
    if not by_hour:
        return ""
    if not covered.days:
        agreed = sorted({one.dials_an_hour for one in by_hour})
        dials = " or ".join(f"{one.normalize():f}" for one in agreed)
        gaps = " ".join(gap_sentences(covered))
        return (
            f"{covers_sentence(covered)[:1].upper()}{covers_sentence(covered)[1:]}: an hour is counted at the agreed "
            f"{dials} dials. {gaps}"
        ).strip()
    return " ".join([f"It rests on {covers_sentence(covered)}.", *gap_sentences(covered)])


def agent_rows(people: Sequence[Person], names: Mapping[int, str], dials: Mapping[int, int]) -> list[Row]:
    """Each agent with hours or dials, most hours first; `dials` are those of all days, for who has no hours."""
    rows = [
        Row(
            names.get(one.agent, "An agent"),
            (
                Cell(hours_text(one.seconds), label=AGENT_COLUMNS[0]),
                Cell(f"{one.dials:,}", label=AGENT_COLUMNS[1]),
                Cell(_rate(one.dials_an_hour), label=AGENT_COLUMNS[2]),
                Cell(
                    NO_DATA if one.occupancy is None else percent_text(one.occupancy, digits=0),
                    note=_told(one),
                    label=AGENT_COLUMNS[3],
                ),
            ),
        )
        for one in sorted(people, key=lambda one: -one.seconds)
    ]
    told = {one.agent for one in people}
    return rows + [
        Row(
            names.get(agent, "An agent"),
            (
                Cell(NO_DATA, label=AGENT_COLUMNS[0]),
                Cell(f"{number:,}", note="on days without hours", label=AGENT_COLUMNS[1]),
                Cell(NO_DATA, label=AGENT_COLUMNS[2]),
                Cell(NO_DATA, label=AGENT_COLUMNS[3]),
            ),
        )
        for agent, number in sorted(dials.items(), key=lambda pair: -pair[1])
        if agent not in told and number
    ]


def _told(one: Person) -> str:
    """Over which hours an occupancy is known, where not over all of them."""
    if one.occupancy is None:
        return "the reports do not tell it"
    return (
        "" if one.told == one.seconds else f"over {hours_text(one.told)} of {hours_text(one.seconds)} hours"
    )


def _rate(value: float | None) -> str:
    return NO_DATA if value is None else f"{value:,.1f}"


def day_rows(covered: Covered, dials: Mapping[date, int], today: date) -> list[Row]:
    """Each day with calls or hours, the newest first; days whose hours are told together stand together."""
    places: dict[tuple[date, date], Span | None] = {(span.first, span.last): span for span in covered.spans}
    places |= {(day, day): None for day in covered.call_days if day not in covered.by_day}
    return [
        _day_row(first, last, span, dials, today)
        for (first, last), span in sorted(places.items(), reverse=True)
    ]


def _day_row(first: date, last: date, span: Span | None, dials: Mapping[date, int], today: date) -> Row:
    head = (
        day_text(first, today=today)
        if first == last
        else f"{day_text(first)} to {day_text(last, today=today)}"
    )
    if span is None:
        cells = (NO_DATA, "no report", f"{dials.get(first, 0):,}", NO_DATA)
    elif not span.covered:
        note = f"lacks {plural(span.missing, 'agent')} who dialled; left out"
        cells = (hours_text(span.seconds), note, f"{span.dials:,}", NO_DATA)
    else:
        note = "one figure for all of these days" if first != last else ""
        rate = _rate(span.dials / (span.seconds / 3600)) if span.seconds else NO_DATA
        cells = (hours_text(span.seconds), note, f"{span.dials:,}", rate)
    return Row(
        head,
        (
            Cell(cells[0], note=cells[1], label=DAY_COLUMNS[0]),
            Cell(cells[2], label=DAY_COLUMNS[1]),
            Cell(cells[3], label=DAY_COLUMNS[2]),
        ),
    )
