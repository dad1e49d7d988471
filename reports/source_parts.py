"""The last page: imports with their hashes, period, brief version, method, signatures."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from common.wording import NO_DATA, count_text, joined
from reports import sentences as say
from reports.paper import Bullets, Column, Heading, Section, Table, columns, number, row, texts
from reports.snapshots import Kind, Snapshot

CALIBRATION_NOTE = "Days 11 to 30 are calibration: their figures set the baseline and are not final."


def sources_section(snapshot: Snapshot, notes: Sequence[str] = (), *, numbers: bool = True) -> Section:
    """The last page: imports with hashes, period, brief version, method, signatures.

    Without `numbers` the paper holds no figures from calls, so neither imports nor intervals are spoken of.
    """
    zone = snapshot.zone
    imports = Table(
        "Imports behind the figures",
        columns(
            ("File and SHA-256", 40),
            Column("Rows", 10, number=True),
            Column("Rejected", 11, number=True),
            ("Days covered", 20),
            ("By, at", 19),
        ),
        tuple(
            row(
                f"{fact.file_name} {fact.sha256}",
                number(count_text(fact.rows)),
                number(count_text(fact.rejected)),
                f"{say.short_day(fact.first_day)} to {say.short_day(fact.last_day)}"
                if fact.first_day
                else NO_DATA,
                f"{fact.by}, {say.moment(fact.at, zone)}",
            )
            for fact in snapshot.imports
        ),
        "No import stands behind this paper.",
    )
    facts = [
        f"Period: {say.period_line(snapshot)}. All dates and times are in {zone}.",
        last_day_line(snapshot) if numbers else "",
        brief_line(snapshot),
        f"Made from the record as it stood on {say.moment(snapshot.generated_at, zone)} ({zone}).",
        f"Head of the trail at that time: {snapshot.trail_head}." if snapshot.trail_head else "",
    ]
    return Section(
        "Sources, method and signatures",
        (
            texts(*facts),
            *((imports,) if numbers else ()),
            Heading("Method"),
            Bullets((*notes, *(RATES if numbers else ()), HASHES)),
            signatures_table(snapshot),
        ),
    )


RATES = (
    "Every rate is its numerator over its denominator; what has no data stays out of rates and averages.",
    "Intervals are Wilson intervals at 95%. Below the minimum sample of the metric no verdict is given.",
)
HASHES = (
    "The short code on page 1 begins the SHA-256 of the frozen facts; the SHA-256 of this file stands in Tollgate, "
    "where each signature binds to it."
)


def last_day_line(snapshot: Snapshot) -> str:
    """That the period's last day was not over when its figures were taken; empty when it was."""
    taken = snapshot.generated_at
    if snapshot.kind is Kind.DAY_30 and snapshot.baseline_frozen_at:
        taken = snapshot.baseline_frozen_at
    if taken.astimezone(ZoneInfo(snapshot.zone)).date() > snapshot.last:
        return ""
    at = say.moment(taken, snapshot.zone)
    return f"Day {snapshot.last_day} was not over when these figures were taken ({at}): its calls may not all be in."


def brief_line(snapshot: Snapshot) -> str:
    """Which brief version set the targets, and who signed it."""
    if snapshot.brief is None:
        return "No campaign brief exists yet; no targets apply."
    signed = [f"{s.name} ({s.side}, {say.moment(s.at, snapshot.zone)})" for s in snapshot.brief.signatures]
    by = f"signed by {joined(signed)}" if signed else "not signed yet"
    return f"Targets come from version {snapshot.brief.version} of the campaign brief, {by}."


def signatures_table(snapshot: Snapshot) -> Table:
    """Signatures on the brief and on the gate as they stood when the facts were frozen."""
    brief = (
        [(f"Campaign brief, version {snapshot.brief.version}", s) for s in snapshot.brief.signatures]
        if snapshot.brief
        else []
    )
    gate = [(f"Day-{snapshot.gate.day} gate", s) for s in snapshot.gate.signatures] if snapshot.gate else []
    return Table(
        "Signatures when the facts were frozen",
        columns(("What", 30), ("Name", 25), ("Side and organisation", 25), ("When", 20)),
        tuple(
            row(
                what,
                signature.name,
                f"{signature.side}, {signature.organisation}",
                say.moment(signature.at, snapshot.zone),
            )
            for what, signature in (*brief, *gate)
        ),
        "Nothing had been signed.",
    )
