"""The week: week against week, what shifted in it, and what drifts over four to six weeks."""

from reports import funnel_parts, shift_lines, shift_parts, source_parts
from reports.day_60 import CHANGE_NOTE
from reports.evenings import News
from reports.paper import Ask, Block, Paper, Section, Text, Track, texts, without_empty
from reports.snapshots import Snapshot


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The summary of one week."""
    del track
    evening = shift_lines.evening_of(snapshot)
    verdict, state = shift_lines.headline(snapshot)
    known = shift_lines.has_calls(evening)
    return Paper(
        title="Weekly trend summary, restated" if evening.news == News.RESTATED else "Weekly trend summary",
        verdict=verdict,
        verdict_state=state,
        second_sentence=shift_lines.missing_line(evening) if known else "",
        figures=shift_parts.figures(snapshot, funnel_parts.stage_figures(snapshot.funnel)),
        picture=funnel_parts.trend_chart(snapshot),
        decided=(*shift_lines.changed_sentences(snapshot), *shift_lines.sentences(lines(snapshot))),
        asks=_asks(snapshot),
        calibration=evening.calibration,
        sections=(
            *_sections(snapshot),
            source_parts.sources_section(
                snapshot,
                (
                    shift_parts.LIMITS_NOTE,
                    shift_parts.DRIFT_NOTE,
                    CHANGE_NOTE,
                    source_parts.CALIBRATION_NOTE,
                ),
            ),
        ),
    )


def _asks(snapshot: Snapshot) -> tuple[Ask, ...]:
    """What the papers of these evenings ask for, as long as it is missing."""
    days = shift_lines.missing_days(shift_lines.evening_of(snapshot))
    return (Ask(f"Import the calls of {days}", snapshot.operator, "this evening"),) if days else ()


def lines(snapshot: Snapshot) -> tuple[shift_lines.Line, ...]:
    """All that the week says of what shifted, what drifts and what did not."""
    evening = shift_lines.evening_of(snapshot)
    if not shift_lines.has_calls(evening):
        return ()
    return (
        *shift_lines.week_lines(snapshot),
        *shift_lines.shift_lines(snapshot),
        *shift_lines.drift_lines(evening),
    )


def _sections(snapshot: Snapshot) -> tuple[Section, ...]:
    evening = shift_lines.evening_of(snapshot)
    marked, title = evening.calibration, "What shifted, what drifts and what did not"
    if not shift_lines.has_calls(evening):
        return (Section(title, (Text((shift_lines.headline(snapshot)[0],)),), calibration=marked),)
    return (
        Section(title, _trend(snapshot), calibration=marked),
        Section("The week in figures", _figures(snapshot), calibration=marked),
    )


def _trend(snapshot: Snapshot) -> tuple[Block, ...]:
    return without_empty(
        [
            *shift_parts.said_blocks(*shift_lines.changed_sentences(snapshot)),
            shift_parts.changes_table(snapshot),
            *shift_parts.said_groups(lines(snapshot)),
            *(funnel_parts.trend_chart(snapshot, stage.code) for stage in snapshot.funnel[1:3]),
        ]
    )


def _figures(snapshot: Snapshot) -> tuple[Block, ...]:
    evening = shift_lines.evening_of(snapshot)
    return (
        texts(
            shift_lines.missing_line(evening),
            source_parts.brief_line(snapshot),
            shift_lines.heard_line(evening),
        ),
        shift_parts.counts_table(snapshot),
        funnel_parts.funnel_table(snapshot.funnel, "Rates of the week against the targets of the brief"),
        *funnel_parts.by_source(snapshot),
        shift_parts.codes_table(evening),
    )
