"""What the calls page shows: the imports and their state, the codes and what they mean."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Sum

from accounts.models import TrailEntry
from engagements.models import Engagement
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.models import CodeFact, Disposition, Import
from tenancy.models import JobState

from .codes import BriefCodes, codes_of_brief
from .facts import COLUMNS
from .mapped import system_of, systems

CHANGES = 50


class State(StrEnum):
    """Where an import stands; the value is the word for the state mark."""

    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One raw code of a source system: what it means here (None: nothing yet) and how many rows carry it.

    `brief_version` is set where the meaning is the brief's; `agreed` is what the brief in force says, where that is
    something else, and `agreed_version` is that brief.
    """

    system: str
    code: str
    outcome: Outcome | None
    rows: int
    brief_version: int | None = None
    agreed: Outcome | None = None
    agreed_version: int | None = None
    system_label: str = field(default="", compare=False)

    @property
    def stage(self) -> Stage | None:
        return self.outcome.stage if self.outcome else None


def state_of(batch: Import) -> State:
    """The import's state, from its last background job."""
    if batch.job is None:
        return State.DRAFT
    return {
        JobState.QUEUED: State.WAITING,
        JobState.RUNNING: State.RUNNING,
        JobState.FAILED: State.FAILED,
        JobState.DONE: State.DONE,
    }[JobState(batch.job.state)]


def imports(engagement: Engagement) -> list[Import]:
    """Every import of the engagement, the newest first, with job and person."""
    return list(Import.objects.filter(engagement=engagement).select_related("job", "created_by"))


def codes(engagement: Engagement) -> list[CodeMeaning]:
    """The codes seen in this engagement: first those without a meaning, then the others, most frequent first."""
    counts = dict(
        CodeFact.objects.filter(engagement=engagement)
        .order_by()
        .values_list("disposition")
        .annotate(rows=Sum("calls"))
    )
    brief = codes_of_brief(engagement)
    known = [
        _known(row, counts.get(row.pk, 0), brief) for row in Disposition.objects.filter(engagement=engagement)
    ]
    given = {(meaning.system, meaning.code) for meaning in known}
    unknown: dict[tuple[str, str], int] = {}
    for preset, found in Import.objects.filter(engagement=engagement).values_list("preset", "unknown_codes"):
        for code, rows in found:
            system = system_of(preset)
            if (system, code) not in given:
                unknown[system, code] = unknown.get((system, code), 0) + rows
    nameless = [
        CodeMeaning(system, code, None, rows, None, agreed, brief.version if agreed else None)
        for (system, code), rows in unknown.items()
        for agreed in [brief.meaning_of(code)]
    ]
    labels = {name: preset.label for name, preset in systems(engagement).items()}
    return [
        replace(meaning, system_label=labels.get(meaning.system, meaning.system))
        for meaning in (*sorted(nameless, key=_by_rows), *sorted(known, key=_by_rows))
    ]


def _known(row: Disposition, rows: int, brief: BriefCodes) -> CodeMeaning:
    outcome, agreed = Outcome(row.outcome), brief.meaning_of(row.code)
    differs = agreed is not None and agreed != outcome
    return CodeMeaning(
        row.system,
        row.code,
        outcome,
        rows,
        row.brief_version,
        agreed if differs else None,
        brief.version if differs else None,
    )


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One version of a code's meaning: who gave it when, and what it was before (None: nothing)."""

    code: str
    before: Outcome | None
    after: Outcome
    by: str
    at: datetime


def code_changes(engagement: Engagement) -> list[CodeChange]:
    """The last versions of what codes mean, the newest first, from the trail. One query."""
    lines = TrailEntry.objects.filter(engagement_id=engagement.pk, action="disposition.changed")[:CHANGES]
    return [
        CodeChange(
            code=line.subject,
            before=Outcome(line.before["outcome"]) if line.before else None,
            after=Outcome((line.after or {})["outcome"]),
            by=line.actor_name,
            at=line.at,
        )
        for line in lines
    ]


def nameless_codes(batch: Import) -> list[str]:
    """The codes for which this import's rows were rejected and that have no meaning to this day."""
    found = [code for code, _ in batch.unknown_codes]
    given = set(
        Disposition.objects.filter(
            engagement=batch.engagement_id, system=system_of(batch.preset), code__in=found
        ).values_list("code", flat=True)
    )
    brief = codes_of_brief(batch.engagement) if found else BriefCodes(None, {})
    return [code for code in found if code not in given and brief.meaning_of(code) is None]


def _by_rows(meaning: CodeMeaning) -> tuple[int, str, str]:
    return (-meaning.rows, meaning.system, meaning.code)


def figures(batch: Import) -> dict[str, object]:
    """What an import came to, as the command prints it and other programs read it."""
    return {
        "import": str(batch.public_id),
        "file": batch.file_name,
        "sha256": batch.sha256,
        "preset": batch.preset,
        "zone": batch.source_zone,
        "accepted": batch.accepted,
        "rejected": batch.rejected,
        "duplicates": batch.duplicates,
        "dials": batch.dials,
        "first_day": batch.first_day.isoformat() if batch.first_day else None,
        "last_day": batch.last_day.isoformat() if batch.last_day else None,
        "days": _days(batch),
        "reached": reached(batch),
        "unknown_codes": dict(batch.unknown_codes),
        "notes": batch.notes,
    }


def _days(batch: Import) -> int:
    sums = CodeFact.objects.filter(engagement=batch.engagement_id, batch=batch)
    return int(sums.aggregate(days=Count("day", distinct=True))["days"])


def reached(batch: Import) -> dict[str, int | None]:
    """Calls of this import per stage, for dials the dials; None where its file cannot tell."""
    columns = {Stage.DIAL: "dials"} | COLUMNS
    sums = CodeFact.objects.filter(engagement=batch.engagement_id, batch=batch).aggregate(
        **{stage.key: Sum(column, default=0) for stage, column in columns.items()}
    )
    return {stage.key: sums[stage.key] if stage.key in batch.measures else None for stage in Stage}
