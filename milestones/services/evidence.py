"""Evidence of a milestone, of a test, of a transfer line or of a real lead."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.seat import Seat
from common.errors import Refused
from common.wording import count_text, day_text
from engagements.models import Engagement
from engagements.services.proofs import Proof, check_upload, check_words, file_of, pieces_of
from kpis.models import Import
from milestones.models import CheckResult, Evidence, LeadTest, Milestone, TransferTest
from milestones.rules.setup import validity_blockers

__all__ = ["DatedProof", "Proof", "add_evidence", "check_proof", "check_upload", "check_words", "file_of"]


@dataclass(frozen=True)
class DatedProof(Proof):
    """Evidence that may also be imported rows, and that may hold from a day on and until a day."""

    rows: Import | None = None
    effective_on: date | None = None
    expires_on: date | None = None

    @property
    def pieces(self) -> int:
        return super().pieces + (self.rows is not None)


def check_proof(engagement: Engagement, proof: Proof, *, today: date) -> None:
    """Raise Refused for what cannot be evidence: words that say nothing, a wrong file, rows of others, expired days."""
    check_words(proof.text)
    if proof.file is not None:
        check_upload(engagement, proof.file)
    if not isinstance(proof, DatedProof):
        return
    dates, launch = (proof.effective_on, proof.expires_on), engagement.launch_on
    if reasons := validity_blockers(*dates, today=today, launch=launch):
        raise Refused(reasons)
    if proof.rows and (proof.rows.engagement_id != engagement.pk or proof.rows.finished_at is None):
        raise Refused("Only a finished import of this engagement can be evidence.")
    # Whoever takes the import back locks it, asks what leans on it and may then wait for us: we do not wait for them.
    if (
        proof.rows
        and not Import.objects.select_for_update(skip_locked=True).filter(pk=proof.rows.pk).exists()
    ):
        raise Refused(
            "This import is being changed or was removed: choose it again, or bring other evidence."
        )


def add_evidence(
    *,
    engagement: Engagement,
    by: Seat,
    proof: Proof,
    milestone: Milestone | None = None,
    result: CheckResult | None = None,
    transfer_test: TransferTest | None = None,
    lead_test: LeadTest | None = None,
) -> list[Evidence]:
    """Keep each piece of a proof as a row of its own; it has been checked before."""
    subject: dict[str, Any] = {
        "milestone": milestone, "result": result, "transfer_test": transfer_test, "lead_test": lead_test,
    }  # fmt: skip
    pieces = pieces_of(engagement, by, proof)
    if isinstance(proof, DatedProof):
        if proof.rows:
            (kept,) = pieces_of(engagement, by, Proof(text=_rows_text(proof.rows)))
            batch = proof.rows
            pieces.append(
                {**kept, "imported": batch.public_id, "file_name": batch.file_name, "sha256": batch.sha256}
            )
        subject |= {"effective_on": proof.effective_on, "expires_on": proof.expires_on}
    rows = [Evidence(**subject, **piece) for piece in pieces]
    for row in rows:
        row.save(force_insert=True)
    return rows


def _rows_text(batch: Import) -> str:
    """What an import brought in, as it stood when it became evidence."""
    days = ""
    if batch.first_day and batch.last_day:
        days = f", {day_text(batch.first_day)} to {day_text(batch.last_day)}"
    return f"Imported rows of {batch.file_name}: {count_text(batch.accepted)} rows{days}"
