"""What the reports of an engagement are printed on."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from engagements.locking import hold
from engagements.models import Engagement, PaperSize
from reports.paper_sizes import size_of


@transaction.atomic
def set_paper(*, engagement: Engagement, by: Seat, size: str) -> None:
    """Choose the paper of the reports that are made from now on; "" for what is usual where the campaign runs.

    Finished versions stay as they are. Raises Refused for a size that is none.
    """
    by.require(Permission.BUILD_DELIVERABLE)
    if size and size not in PaperSize.values:
        raise Refused("Choose A4 or Letter.")
    held = hold(engagement.pk)
    if held.paper == size:
        return
    before = _told(held)
    held.paper = size
    held.save(update_fields=["paper"])
    trail.record(
        by=by, action="report.paper_set", subject=f"to {_told(held)}", engagement_id=held.pk,
        before={"paper": before}, after={"paper": _told(held)},
    )  # fmt: skip


def _told(engagement: Engagement) -> str:
    used = size_of(engagement.paper, country=engagement.holiday_country, zone=engagement.zone)
    label = PaperSize(used).label
    return label if engagement.paper else f"{label}, as is usual there"
