"""What follows elsewhere from what was done: mails about comments, and the parts of somebody who has left."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.dispatch import receiver

from accounts import services as accounts
from accounts.models import Membership
from accounts.seat import Seat
from common import clock
from tenancy import jobs

from .kept import let_go_of_pages
from .services import comments, team


@receiver(accounts.left, dispatch_uid="engagements.parts")
def end_parts(*, by: Seat, membership: Membership, **_: Any) -> list[str]:
    """Whoever leaves an organisation takes part in none of its engagements any more."""
    return team.end_parts(by=by, user=membership.user, organisation=membership.organisation)


@shared_task(name="engagements.let_go_of_pages", ignore_result=True)
def sweep_pages() -> int:
    """Let go of pages that were kept for readers on a day that is over everywhere. Returns how many they were."""
    return let_go_of_pages(clock.now().date() - timedelta(days=1))


@jobs.handler(comments.HANDLER)
def tell(run: jobs.Run) -> None:
    """Tell somebody by mail that they were mentioned; a second run finds it told."""
    with run.entered():
        comments.mail(mention_id=int(run.arguments["mention_id"]), link=str(run.arguments["link"]))
