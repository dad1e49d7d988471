"""The certificate of the gates passed: what was open at each, since when, and who cleared it."""

from common.wording import joined, plural
from reports import sentences as say
from reports import source_parts
from reports.paper import (
    Block,
    Cell,
    Figure,
    Heading,
    Paper,
    Section,
    Table,
    Track,
    columns,
    number,
    row,
    texts,
)
from reports.snapshots import GateRecord, RecordItem, Snapshot


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """Every gate that has passed, the newest first on page 1, each with its whole record."""
    records = snapshot.certificates
    return Paper(
        title="Certificate of the gates passed",
        verdict=_verdict(snapshot),
        verdict_state="passed" if records else "open",
        second_sentence="A gate passes with no open item: there is no waiver, and none is on this record.",
        figures=_figures(records),
        picture=track,
        decided=tuple(_decided(record, snapshot) for record in records),
        sections=(
            *(
                Section(f"Gate day {record.day}: {record.name}", tuple(_record(record, snapshot)))
                for record in records
            ),
            source_parts.sources_section(
                snapshot,
                (
                    "What was open is read from the moments of locks, signatures, tests, evidence and findings.",
                    "A failed test, a pause, a decline and a signature that no longer counted stay on this record.",
                ),
                numbers=False,
            ),
        ),
    )


def _verdict(snapshot: Snapshot) -> str:
    records = snapshot.certificates
    if not records:
        return "No gate has passed yet."
    newest = records[-1]
    on = say.moment(newest.passed_on, snapshot.zone)
    verb = "has" if len(records) == 1 else "have"
    many = (
        f"{say.capital(say.spelled(len(records)))} {'gate' if len(records) == 1 else 'gates'} {verb} passed"
    )
    return f"{many}; the last, “{newest.name}” of day {newest.day}, on {on}, with nothing open."


def _figures(records: tuple[GateRecord, ...]) -> tuple[Figure, ...]:
    items = [item for record in records for item in record.items]
    cleared = sum(item.cleared for item in items)
    stops = [line for record in records for line in record.history if line.stopped]
    return (
        Figure("Gates passed", str(len(records)), "both sides signed each"),
        Figure("Items cleared", f"{cleared} of {len(items)}", "each with who and when"),
        Figure("Stops on the way", str(len(stops)), "pauses, declines, returns to work"),
    )  # fmt: skip


def _decided(record: GateRecord, snapshot: Snapshot) -> str:
    signed = [f"{s.name} ({s.side}, {say.moment(s.at, snapshot.zone)})" for s in record.signatures]
    slip = f", {record.slip}" if record.slip else ""
    passed = f"passed on {say.moment(record.passed_on, snapshot.zone)}{slip}"
    return (
        f"Gate day {record.day}, {record.name}: {passed}; signed by "
        f"{joined(signed)} on version {record.version} of the {record.report}."
    )


def _record(record: GateRecord, snapshot: Snapshot) -> list[Block]:
    """Everything of one gate: what was signed, each condition, what was open, and what happened on the way."""
    zone = snapshot.zone
    return [
        texts(
            _decided(record, snapshot),
            f"SHA-256 of the document that both sides signed: {record.sha256}.",
            f"The launch moved on the way: {'; '.join(record.slips)}." if record.slips else "",
        ),
        _conditions(record),
        _open_items(record, zone),
        Heading("What happened on the way"),
        _history(record, zone),
        _documents(record, zone),
    ]


def _conditions(record: GateRecord) -> Table:
    return Table(
        "Conditions",
        columns(("Condition", 40), ("State", 12), ("Proof", 28), ("Owner", 20)),
        tuple(
            row(
                c.text,
                Cell("met", "passed") if c.met else Cell("not met", "blocked"),
                c.proof or "none",
                c.owner,
            )
            for c in record.conditions
        ),
    )


def _open_items(record: GateRecord, zone: str) -> Table:
    return Table(
        f"What was open: {plural(len(record.items), 'item')}",
        columns(("What", 25), ("Open since", 13), ("Cleared", 13), ("By", 12), ("With", 37)),
        tuple(
            row(
                item.what, _since(item, zone), _cleared(item, zone), item.by or "nobody",
                item.proof or "nothing attached",
            )
            for item in record.items
        ),
        "Nothing was open.",
    )  # fmt: skip


def _history(record: GateRecord, zone: str) -> Table:
    return Table(
        "",
        columns(("When", 19), ("Who", 22), ("What", 34), ("Reason", 25)),
        tuple(
            row(say.moment(line.at, zone), f"{line.by} ({line.side})", line.words, line.text or "none")
            for line in record.history
        ),
        "Nothing but the two signatures.",
    )


def _documents(record: GateRecord, zone: str) -> Table:
    return Table(
        "Versions of its report on the table",
        columns(("Version", 10), ("Presented", 20), ("By", 20), ("SHA-256", 50)),
        tuple(
            row(
                Cell(f"{d.version}, signed", "passed") if d.passed_on_it else number(str(d.version)),
                say.moment(d.at, zone),
                d.by,
                d.sha256,
            )
            for d in record.documents
        ),
    )


def _since(item: RecordItem, zone: str) -> str:
    if item.opened is None:
        return "not recorded"
    return say.moment(item.opened, zone) + (f", {item.opened_by}" if item.opened_by else "")


def _cleared(item: RecordItem, zone: str) -> str:
    if item.cleared_at:
        return say.moment(item.cleared_at, zone)
    return say.short_day(item.cleared_on, missing="not cleared")
