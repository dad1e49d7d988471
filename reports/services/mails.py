"""One mail to one person about all the reports that wait for them, however many engagements they are of."""

from datetime import date
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from accounts.models import User
from common import clock
from reports.digests import Digest, headers, html, subject, text
from reports.models import ReportMail
from reports.selectors.digests import digest_for
from reports.selectors.rounds import readers_due
from tenancy import context, jobs

MAIL = "reports.mail"


def ask_for_mails() -> int:
    """Ask for the mails that are due now. The same person, date and number again find the same job."""
    readers = readers_due(clock.now())
    for reader in readers:
        with transaction.atomic():
            jobs.enqueue(
                handler=MAIL, key=f"{MAIL}:{reader.user_id}:{reader.day}:{reader.number}", user_id=reader.user_id,
                organisation_id=reader.organisation_id, day=reader.day.isoformat(), number=reader.number,
            )  # fmt: skip
    return len(readers)


def send(*, user_id: int, day: date, number: int) -> ReportMail | None:
    """Send one person one mail; None when there is nothing to say, or it has been said.

    The mail is taken (a row of its own, committed) before it goes out: a worker that dies in between costs that one
    mail, and never sends a second one. When the mail host refuses it, it is given back. Raises NotNow then.
    """
    taken = _take(user_id, day, number)
    if taken is None:
        return None
    mail, digest = taken
    try:
        _letter(digest).send()
    except (OSError, SMTPException) as error:
        with context.entered(user_id=user_id):
            ReportMail.objects.filter(pk=mail.pk).delete()
        raise jobs.NotNow(
            "The mail host does not take mails at the moment; this one is tried again."
        ) from error
    with context.entered(user_id=user_id):
        ReportMail.objects.filter(pk=mail.pk).update(sent_at=clock.now())
    return mail


def _letter(digest: Digest) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject(digest), text(digest), None, [digest.address], headers=headers(digest)
    )
    letter.attach_alternative(html(digest), "text/html")
    return letter


def _take(user_id: int, day: date, number: int) -> tuple[ReportMail, Digest] | None:
    with context.entered(user_id=user_id):
        user = User.objects.get(pk=user_id)
        digest = digest_for(user) if user.is_active else None
        if digest is None:
            return None
        mail, new = ReportMail.objects.get_or_create(
            user=user, day=day, number=number, defaults={"items": list(digest.items), "taken_at": clock.now()}
        )
        return (mail, digest) if new else None
