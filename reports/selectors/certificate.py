"""The records of the passed gates as the certificate freezes them."""

from engagements.masks import mask_for
from milestones.selectors.certificate import Certificate, OpenItem, certificate
from milestones.selectors.standing import Standing
from reports.snapshots import (
    Condition,
    GateRecord,
    RecordDocument,
    RecordItem,
    RecordLine,
    Signature,
)


def gate_records(standing: Standing) -> tuple[GateRecord, ...]:
    """Every passed gate in the order of the days."""
    mask = mask_for(standing.engagement, None)  # one paper for both sides
    return tuple(_record(certificate(standing, gate, mask)) for gate in standing.gates if gate.passed_at)


def _record(record: Certificate) -> GateRecord:
    gate = record.gate
    return GateRecord(
        name=gate.title,
        day=gate.day,
        passed_on=gate.passed_at,
        report=record.report,
        version=gate.document_version or 0,
        sha256=gate.document_sha256,
        slip=record.slip,
        slips=record.slips,
        conditions=tuple(
            Condition(r.condition.title, r.condition.proved, r.condition.owner, r.condition.proof)
            for r in record.conditions
        ),
        items=tuple(_item(item) for part in record.conditions for item in part.items),
        documents=tuple(
            RecordDocument(d.version, d.sha256, d.at, d.by, d.passed_on_it) for d in record.documents
        ),
        history=tuple(RecordLine(h.at, h.by, h.side, h.words, h.text, h.stopped) for h in record.history),
        signatures=tuple(
            Signature(s.name, s.organisation_name, s.side, s.signed_at, s.content_hash)
            for s in gate.sign_offs.all()
            if s.content_hash == gate.document_sha256
        ),
    )


def _item(item: OpenItem) -> RecordItem:
    return RecordItem(
        what=item.what,
        opened=item.opened_at,
        opened_by=item.opened_by,
        cleared_at=item.cleared_at,
        cleared_on=item.cleared_on,
        by=item.cleared_by,
        proof=item.proof,
    )
