"""End of day: what one day held, what of it shifted, and what changed since it was told."""

from reports import funnel_parts, shift_lines, shift_parts, source_parts
from reports.evenings import News
from reports.paper import Ask, Block, Paper, Section, Text, Track, texts, without_empty
from reports.snapshots import Snapshot


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The report of one evening."""
    del track
    evening = shift_lines.evening_of(snapshot)
    verdict, state = shift_lines.headline(snapshot)
    return Paper(
        title=title(snapshot),
        verdict=verdict,
        verdict_state=state,
        second_sentence=_second(snapshot),
        figures=shift_parts.figures(snapshot, funnel_parts.stage_figures(snapshot.funnel)),
        picture=funnel_parts.trend_chart(snapshot),
        decided=(*shift_lines.changed_sentences(snapshot)[1:], *shift_lines.sentences(lines(snapshot))),
        asks=_asks(snapshot),
        calibration=evening.calibration,
        sections=(
            *_sections(snapshot),
            source_parts.sources_section(snapshot, (shift_parts.LIMITS_NOTE, source_parts.CALIBRATION_NOTE)),
        ),
    )


def title(snapshot: Snapshot) -> str:
    """ "End-of-day report", or "End-of-day report, restated"."""
    news = snapshot.evening.news if snapshot.evening else ""
    return f"End-of-day report, {news}" if news in (News.LATE, News.RESTATED) else "End-of-day report"


def lines(snapshot: Snapshot) -> tuple[shift_lines.Line, ...]:
    """All that the day says of what shifted and what did not."""
    return shift_lines.shift_lines(snapshot)


def _second(snapshot: Snapshot) -> str:
    evening = shift_lines.evening_of(snapshot)
    if not shift_lines.has_calls(evening):
        return "Nothing can be said of this day until its calls are in. It is told again once they are."
    changed = shift_lines.changed_sentences(snapshot)
    return changed[0] if changed else ""


def _asks(snapshot: Snapshot) -> tuple[Ask, ...]:
    if shift_lines.has_calls(shift_lines.evening_of(snapshot)):
        return ()
    return (Ask(f"Import the calls of {shift_lines.about(snapshot)}", snapshot.operator, "this evening"),)


def _sections(snapshot: Snapshot) -> tuple[Section, ...]:
    evening = shift_lines.evening_of(snapshot)
    marked = evening.calibration
    if not shift_lines.has_calls(evening):
        unknown = Text((shift_lines.headline(snapshot)[0], _second(snapshot)))
        return (Section("What shifted and what did not", (unknown,), calibration=marked),)
    return (
        Section("What shifted and what did not", _shifted(snapshot), calibration=marked),
        Section("The day in figures", _figures(snapshot), calibration=marked),
    )


def _shifted(snapshot: Snapshot) -> tuple[Block, ...]:
    return without_empty(
        [
            *shift_parts.said_blocks(*shift_lines.changed_sentences(snapshot)),
            shift_parts.changes_table(snapshot),
            *shift_parts.said_groups(lines(snapshot)),
            shift_parts.signals_table(snapshot),
        ]
    )


def _figures(snapshot: Snapshot) -> tuple[Block, ...]:
    evening = shift_lines.evening_of(snapshot)
    return (
        texts(source_parts.brief_line(snapshot), shift_lines.heard_line(evening)),
        shift_parts.counts_table(snapshot),
        funnel_parts.funnel_table(snapshot.funnel, "Rates of the day against the targets of the brief"),
        shift_parts.codes_table(evening),
        shift_parts.agents_table(evening, snapshot.funnel),
    )
