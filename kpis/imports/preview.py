"""What would come of reading a file, before anything is written: for the page that asks for a yes."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from engagements.outcomes import Outcome
from kpis.models import CallRecord, Import

from . import store
from .notes import notes
from .parse import codes_of, parse_calls
from .presets import Preset
from .rejects import RejectGroup, summary
from .service import settings_for

# Rows that are looked through while somebody waits; of a longer file the codes are still listed to its end.
ROWS = 50_000
MAX_CODES = 200


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A code of the file with its meaning here (None: none yet) and the rows that carry it."""

    code: str
    outcome: Outcome | None
    rows: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reading with these settings would come to. `looked` are the rows looked through, of `rows`."""

    rows: int
    looked: int
    calls: int
    first_day: date | None
    last_day: date | None
    rejected: int
    reasons: list[RejectGroup]
    repeated: int
    known: int
    joined: int
    left_out: int
    codes: list[CodeCount]
    more_codes: int
    notes: list[str]
    incomplete: bool

    @property
    def nameless(self) -> list[CodeCount]:
        return [code for code in self.codes if code.outcome is None]


def preview(batch: Import, preset: Preset, source_zone: str, date_order: str) -> Preview:
    """Look through an uploaded file with these settings. Raises Refused where it cannot be read so."""
    settings = settings_for(batch, preset, source_zone, date_order)
    parsed = parse_calls(store.read(batch.path), settings, first=ROWS)
    keys = parsed.counting["call_key"].to_list()
    known = (
        CallRecord.objects.filter(engagement=batch.engagement_id, call_key__in=keys).count() if keys else 0
    )
    codes = [
        CodeCount(code, Outcome(outcome) if outcome else None, rows)
        for code, outcome, rows in parsed.codes.sort(
            pl.col("outcome").is_null(), "rows", "code", descending=[True, True, False]
        ).iter_rows()
    ]
    return Preview(
        rows=parsed.layout.rows,
        looked=min(parsed.layout.rows, ROWS),
        calls=parsed.calls - known,
        first_day=parsed.first_day,
        last_day=parsed.last_day,
        rejected=parsed.bad.height,
        reasons=summary(parsed.bad),
        repeated=parsed.duplicates.height,
        known=known,
        joined=parsed.joined,
        left_out=sum(parsed.left_out.values()),
        codes=codes[:MAX_CODES],
        more_codes=max(0, len(codes) - MAX_CODES),
        notes=notes(settings, parsed),
        incomplete=parsed.incomplete,
    )


def codes_in(batch: Import, preset: Preset) -> frozenset[str]:
    """Every code that an uploaded file holds. Raises Refused where the file does not fit this preset."""
    return codes_of(store.read(batch.path), preset)
