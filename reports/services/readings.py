"""Who has read a daily or weekly report."""

from django.db import transaction

from accounts import trail
from accounts.seat import Seat
from common import clock
from reports.models import Deliverable, ReportReading


@transaction.atomic
def note_reading(*, deliverable: Deliverable, by: Seat) -> bool:
    """Note that somebody opened the page of a report; the first time counts. Returns whether this was it."""
    if by.side is None or deliverable.about is None:
        return False
    _, new = ReportReading.objects.get_or_create(
        engagement_id=deliverable.engagement_id, deliverable=deliverable, by=by.user,
        defaults={"by_name": by.user.name, "by_side": by.side, "at": clock.now()},
    )  # fmt: skip
    if new:
        trail.record(
            by=by, action="report.read", subject=str(deliverable), engagement_id=deliverable.engagement_id
        )
    return new
