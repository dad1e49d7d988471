"""The week: week against week, what shifted in it, and what drifts over four to six weeks."""

from reports import funnel_parts, shift_parts, source_parts
from reports.day_60 import CHANGE_NOTE
from reports.evenings import News
from reports.paper import Block, Paper, Section, Text, Track, texts, without_empty
from reports.snapshots import Snapshot


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The summary of one week."""
    del track
    evening = shift_parts.evening_of(snapshot)
    verdict, state = shift_parts.headline(snapshot)
    known = shift_parts.has_calls(evening)
    return Paper(
        title="Weekly trend summary, restated" if evening.news == News.RESTATED else "Weekly trend summary",
        verdict=verdict,
        verdict_state=state,
        second_sentence=shift_parts.missing_line(evening) if known else "",
        figures=shift_parts.figures(snapshot, funnel_parts.stage_figures(snapshot.funnel)),
        picture=funnel_parts.trend_chart(snapshot) if known else None,
        decided=said(snapshot),
        calibration=evening.calibration,
        sections=(
            Section(
                "What shifted, what drifts and what did not",
                _trend(snapshot),
                calibration=evening.calibration,
            ),
            *(
                (Section("The week in figures", _figures(snapshot), calibration=evening.calibration),)
                if known
                else ()
            ),
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


def said(snapshot: Snapshot) -> tuple[str, ...]:
    """All that the week says in sentences."""
    evening = shift_parts.evening_of(snapshot)
    if not shift_parts.has_calls(evening):
        return ()
    return (
        *shift_parts.changed_sentences(snapshot),
        *shift_parts.week_sentences(snapshot),
        *shift_parts.shift_sentences(snapshot),
        *shift_parts.drift_sentences(evening),
    )


def _trend(snapshot: Snapshot) -> tuple[Block, ...]:
    evening = shift_parts.evening_of(snapshot)
    if not shift_parts.has_calls(evening):
        return (Text((shift_parts.headline(snapshot)[0],)),)
    return without_empty(
        [
            *shift_parts.said_blocks(*said(snapshot)),
            *(funnel_parts.trend_chart(snapshot, stage.code) for stage in snapshot.funnel[1:3]),
        ]
    )


def _figures(snapshot: Snapshot) -> tuple[Block, ...]:
    evening = shift_parts.evening_of(snapshot)
    return (
        texts(
            shift_parts.missing_line(evening),
            source_parts.brief_line(snapshot),
            shift_parts.heard_line(evening),
        ),
        shift_parts.counts_table(snapshot),
        funnel_parts.funnel_table(snapshot.funnel, "Rates of the week against the targets of the brief"),
        *funnel_parts.by_source(snapshot),
        shift_parts.codes_table(evening),
    )
