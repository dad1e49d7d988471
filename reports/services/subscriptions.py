"""Everybody chooses for themselves which reports they get by mail; the engagement sets hour and weekday."""

from datetime import time

from django.db import transaction

from accounts import trail
from accounts.models import User
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import WEEKDAYS
from common.errors import Refused
from common.wording import WEEKDAY_NAMES
from engagements.access import seat_for
from engagements.locking import hold
from engagements.models import Engagement
from reports.evenings import EVENINGS
from reports.models import Cadence, ReportSubscription
from tenancy import context

NONE = ""


@transaction.atomic
def choose(*, engagement: Engagement, by: Seat, cadence: str) -> None:
    """Have the reports of an engagement every evening, once a week, or (empty) not at all, for oneself alone."""
    by.require(Permission.VIEW)
    if by.side is None:
        raise Refused("Only somebody of one of the two sides gets its reports.")
    if engagement.is_sample and cadence:
        raise Refused("This is a sample: no mails are sent about it.")
    own = ReportSubscription.objects.filter(engagement=engagement, user=by.user)
    before = own.values_list("cadence", flat=True).first() or NONE
    if cadence == before:
        return
    if cadence == NONE:
        own.delete()
    else:
        ReportSubscription.objects.update_or_create(
            engagement=engagement, user=by.user,
            defaults={"cadence": Cadence(cadence), "side": by.side} | ({} if before else {"since": clock.now()}),
        )  # fmt: skip
    trail.record(
        by=by,
        action="report.subscribed" if cadence else "report.unsubscribed",
        subject=Cadence(cadence).label.lower() if cadence else "reports",
        engagement_id=engagement.pk,
        before={"cadence": before or "none"},
        after={"cadence": cadence or "none"},
    )


def stop_all(*, user_id: int, address: str) -> int:
    """End every subscription of one person, as their link in a mail asks; returns how many there were.

    The link is theirs, so no log-in is asked for. It can do nothing else.
    """
    stopped = 0
    with context.entered(user_id=user_id):
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            return 0
        for subscription in ReportSubscription.objects.filter(user=user):
            engagement = Engagement.objects.select_related("client", "operator").filter(
                pk=subscription.engagement_id
            ).first()  # fmt: skip
            stopped += 1
            if engagement is None:
                # No longer theirs to see, which may change again; its trail is not theirs to write either.
                subscription.delete()
                continue
            choose(engagement=engagement, by=seat_for(user, engagement, address=address), cadence=NONE)
    return stopped


@transaction.atomic
def set_times(*, engagement: Engagement, by: Seat, at: time, weekly_on: int | None) -> None:
    """Set the hour of the engagement's evening, in its own zone, and the weekday of the week's summary.

    No weekday: the last calling day of the week. Raises Refused for an hour or a weekday that is none.
    """
    by.require(Permission.BUILD_DELIVERABLE)
    reasons = []
    if at not in EVENINGS:
        reasons.append(
            f"Choose a time from {EVENINGS[0]:%H:%M} to {EVENINGS[-1]:%H:%M}, on the hour or the half hour."
        )
    if weekly_on is not None and weekly_on not in WEEKDAYS:
        reasons.append("Choose a weekday for the week's summary.")
    if reasons:
        raise Refused(reasons)
    held = hold(engagement.pk)
    if (held.report_at, held.weekly_on) == (at, weekly_on):
        return
    before = _times(held)
    held.report_at, held.weekly_on = at, weekly_on
    held.save(update_fields=["report_at", "weekly_on"])
    on = f" on {WEEKDAY_NAMES[weekly_on - 1]}" if weekly_on else " on the last calling day of the week"
    trail.record(
        by=by, action="report.hour_set", subject=f"to {at:%H:%M}, the week's{on}", engagement_id=held.pk,
        before=before, after=_times(held),
    )  # fmt: skip


def _times(engagement: Engagement) -> dict[str, str | int]:
    return {
        "report_at": f"{engagement.report_at:%H:%M}",
        "weekly_on": engagement.weekly_on or "last calling day",
    }
