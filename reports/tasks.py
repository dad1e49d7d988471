"""Background work of reports: from a frozen snapshot to a file, and the rounds and mails of an evening."""

from datetime import date
from functools import partial
from typing import Any

from celery import shared_task
from django.dispatch import receiver

from accounts import trail
from accounts.models import User
from accounts.seat import Seat
from engagements.access import seat_for
from engagements.models import Engagement
from reports import services
from reports.evenings import Slot
from reports.models import Deliverable
from reports.paper import summary_of
from reports.render import build_pdf, compose
from reports.services import mails
from reports.snapshots import thaw
from tenancy import context, jobs

STEPS = 2


@jobs.handler(services.HANDLER)
def build(run: jobs.Run) -> None:
    """Make one version. It may run twice: the second run finds it finished, or makes the same bytes again."""
    with run.entered():
        deliverable = Deliverable.objects.get(pk=run.arguments["deliverable_id"])
        if deliverable.built_at is not None:
            return
        snapshot = thaw(deliverable.snapshot)
    run.progress(0, STEPS, "Setting the pages")
    paper = compose(snapshot)
    rendered = build_pdf(snapshot, paper)
    run.progress(1, STEPS, "Keeping the file")
    with run.entered():
        by = seat_for(User.objects.get(pk=run.job.user_id), deliverable.engagement, address="by itself")
        services.finish(deliverable=deliverable, rendered=rendered, summary=summary_of(paper), by=by)
    run.progress(STEPS, STEPS, "Finished")


@shared_task(name="reports.evenings", ignore_result=True)
def evenings() -> int:
    """Ask for the rounds that are due, and for the mails about what earlier ones have made."""
    return services.ask_for_rounds() + mails.ask_for_mails()


@jobs.handler(services.ROUND, later=True)
def hold_round(run: jobs.Run) -> None:
    """Make the reports of one evening, or again those that changed. A second run finds them made."""
    with run.entered():
        engagement = Engagement.objects.get(pk=run.job.engagement_id or 0)
        by = seat_for(User.objects.get(pk=run.job.user_id), engagement, address="evening round")
        slot, day = Slot(run.arguments["slot"]), run.arguments["day"]
        services.hold_round(
            engagement=engagement, by=by, slot=slot, day=date.fromisoformat(day) if day else None
        )


@receiver(trail.written, dispatch_uid="reports.changed")
def tell_again(*, by: Seat, engagement_id: int | None, action: str, **_: Any) -> None:
    """After what changes figures: have the days that were told looked at again soon."""
    if engagement_id is not None and action in services.TOUCHES:
        context.at_the_end(
            ("reports", engagement_id), partial(services.ask_again, engagement_id=engagement_id, by=by)
        )


@jobs.handler(mails.MAIL, later=True)
def send_reports(run: jobs.Run) -> None:
    """Send one person one mail about all that waits for them. A second run finds it sent."""
    with run.entered():
        day, number = date.fromisoformat(run.arguments["day"]), int(run.arguments["number"])
    # The mail is about all of their organisations, and goes out between two transactions of its own.
    mails.send(user_id=run.job.user_id, day=day, number=number, attempt=run.job.attempts)
