"""The trail: every write leaves a line that nobody can change."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.dispatch import Signal

from common import clock
from common.hashing import canonical_json
from tenancy import context

from .seat import Seat

# Sent in the writer's own transaction: `by`, `engagement_id`, `action`, `subject`. Receivers only note what to look at.
written = Signal()


def record(
    *,
    by: Seat,
    action: str,
    subject: str,
    engagement_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> str:
    """Append one line to the engagement's chain (or, without an engagement, to the organisation's).

    `action` is dotted, past tense: "brief.signed". `before` and `after` hold only what changed. Returns the
    new head of the chain, 64 hex digits. Runs in the caller's transaction: no write without its line, no line
    without its write.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.append_trail(%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)",
            [
                engagement_id,
                None if engagement_id else by.organisation.pk,
                by.written_name(),
                by.organisation.name,
                by.address,
                action,
                subject[:200],
                canonical_json(before) if before is not None else None,
                canonical_json(after) if after is not None else None,
                clock.now(),
            ],
        )
        head = str(cursor.fetchone()[0])
    context.forget()
    written.send(None, by=by, engagement_id=engagement_id, action=action, subject=subject)
    return head
