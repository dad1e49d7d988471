"""Work that nobody waits for: mails that ask and invite, and a look at signed gates after every write."""

from datetime import date, datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any

from celery import shared_task
from django.core.mail import send_mail
from django.dispatch import receiver
from django.template.loader import render_to_string

from accounts import trail
from accounts.seat import Seat
from accounts.selectors import words_of
from common import clock
from common.errors import Refused
from engagements.selectors import still_here
from milestones.models import GateEvent
from milestones.selectors.gates import DOCUMENTS
from milestones.services import invitations, reminders
from milestones.services.gate_events import ASK, recycle_changed
from milestones.services.reviews import INVITE
from tenancy import context, jobs

GIVE_UP_AFTER = timedelta(days=3)


@receiver(trail.written, dispatch_uid="milestones.gates")
def look_at_gates(*, by: Seat, engagement_id: int | None, action: str, subject: str, **_: Any) -> None:
    """After every write in an engagement: does a gate that waits for its second signature still stand on true facts?"""
    if engagement_id is not None:
        act = words_of(action, subject)
        context.at_the_end(("gates", engagement_id), partial(recycle_changed, engagement_id, by, act))


@shared_task(name="milestones.remind", ignore_result=True)
def remind_people() -> int:
    """Ask for the reminders of this morning. Returns for how many people."""
    return reminders.ask_for_reminders()


@jobs.handler(reminders.HANDLER, later=True)
def remind(run: jobs.Run) -> None:
    """Send one person the mail of one day. A second run finds it sent."""
    with run.entered():
        day = date.fromisoformat(run.arguments["day"])
    # The mail is about all of their organisations, and goes out between two transactions of its own.
    reminders.remind(user_id=run.job.user_id, day=day)


@jobs.handler(ASK)
def ask_to_sign(run: jobs.Run) -> None:
    """Mail one person that a gate waits for their signature; while the mail host is down, try again for days."""
    with run.entered():
        asked = GateEvent.objects.select_related("gate", "person__engagement", "engagement").get(
            pk=run.arguments["event_id"]
        )
        gate, person = asked.gate, asked.person
        if person is None or gate.passed_at or gate.document_sha256 != asked.document_sha256:
            return  # there is nothing left to sign
        if not still_here(person):
            return  # and nobody to sign it
        body = render_to_string(
            "milestones/email/sign.txt",
            {
                "asked": asked, "gate": gate, "person": person, "link": run.arguments["link"],
                "report": DOCUMENTS.get(gate.deliverable_kind, "report"),
            },
        )  # fmt: skip
    try:
        send_mail(f"{asked.engagement.campaign}: please sign gate day {gate.day}", body, None, [person.email])
    except (OSError, SMTPException) as error:
        if clock.now() - asked.at > GIVE_UP_AFTER:
            raise Refused(f"The mail host did not take the mail to {person.email} for three days.") from error
        raise jobs.NotNow(
            "The mail host does not take mails at the moment; this one is tried again."
        ) from error


@jobs.handler(INVITE)
def invite(run: jobs.Run) -> None:
    """Send one invitation to a review, or its cancellation. A newer one overtakes one that was never sent.

    It may run twice: a calendar takes the same number of the same event as the same message.
    """
    review_id, sequence = int(run.arguments["review_id"]), int(run.arguments["sequence"])
    with run.entered():
        mail = invitations.mail_of(review_id, sequence, str(run.arguments.get("link", "")))
    if mail is None:
        return
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        if clock.now() - datetime.fromisoformat(str(run.arguments["asked"])) > GIVE_UP_AFTER:
            raise Refused("The mail host did not take this invitation for three days.") from error
        raise jobs.NotNow(
            "The mail host does not take mails at the moment; this one is tried again."
        ) from error
    with run.entered():
        invitations.note_sent(review_id, sequence)
