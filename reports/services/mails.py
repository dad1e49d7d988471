"""One mail to one person about all the reports that wait for them, however many engagements they are of."""

from contextlib import suppress
from datetime import date, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMultiAlternatives, mailers
from django.db import connection, transaction

from accounts.models import User
from common import clock
from reports.digests import Digest, headers, html, subject, text
from reports.models import ReportMail
from reports.selectors.digests import digest_for
from reports.selectors.rounds import readers_due
from tenancy import context, jobs
from tenancy.models import Job, JobState

MAIL = "reports.mail"
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(hours=2)
FOR_GOOD = range(500, 600)  # replies of a mail host that mean it (RFC 5321, 4.2.1)


class NotTaken(RuntimeError):
    """The mail host has certainly not taken the mail, and may take it later."""


def ask_for_mails() -> int:
    """Ask for the mails that are due now. The same person, date and number again find the same job.

    Nobody has two that wait: the one that was put off tells of what has come since.
    """
    readers = readers_due(clock.now())
    waiting = set(
        Job.objects.filter(
            handler=MAIL, user_id__in=[reader.user_id for reader in readers],
            state__in=[JobState.QUEUED, JobState.RUNNING],
        ).values_list("user_id", flat=True)
    )  # fmt: skip
    for reader in readers:
        if reader.user_id in waiting:
            continue
        with transaction.atomic():
            jobs.enqueue(
                handler=MAIL, key=f"{MAIL}:{reader.user_id}:{reader.day}:{reader.number}", user_id=reader.user_id,
                organisation_id=reader.organisation_id, day=reader.day.isoformat(), number=reader.number,
            )  # fmt: skip
    return len(readers)


def send(*, user_id: int, day: date, number: int, attempt: int = 1) -> ReportMail | None:
    """Send one person one mail; None when there is nothing to say, or it has been said.

    The mail is worded, then taken (a row of its own, committed), then given to the host: a worker that dies, or a line
    that is cut before the host's answer, costs at most that one mail and never sends a second one. When the host
    certainly has not taken it, it is given back and NotNow raised, later each time; when the host says that it never
    will, that is kept and the person reads of it in the page.
    """
    taken = _take(user_id, day, number)
    if taken is None:
        return None
    mail, letter = taken
    try:
        refused = _hand_over(letter)
    except NotTaken as error:
        with context.entered(user_id=user_id):
            ReportMail.objects.filter(pk=mail.pk).delete()
        delay = min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY)
        raise jobs.NotNow(
            "The mail host does not take mails at the moment; this one is tried again.", delay
        ) from error
    with context.entered(user_id=user_id):
        said = {"refused": refused[:200]} if refused else {"sent_at": clock.now()}
        ReportMail.objects.filter(pk=mail.pk).update(**said)
    return mail


def _hand_over(letter: EmailMultiAlternatives) -> str:
    """Give a mail to the host. Returns why the host will never take it, empty when it has, or may have, taken it."""
    host = mailers.default
    try:
        host.open()
    except OSError as error:
        raise NotTaken from error
    try:
        host.send_messages([letter])
    except SMTPRecipientsRefused as error:
        (code, said) = next(iter(error.recipients.values()))
        return _for_good(code, said)
    except SMTPDataError as error:
        return _for_good(error.smtp_code, error.smtp_error)
    except SMTPResponseException as error:
        raise NotTaken from error
    except OSError:
        return ""  # the line was cut: it may have been taken, and is not sent a second time
    finally:
        with suppress(OSError):
            host.close()
    return ""


def _for_good(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code in FOR_GOOD:
        return f"{code} {words}"
    raise NotTaken(f"{code} {words}")


def _take(user_id: int, day: date, number: int) -> tuple[ReportMail, EmailMultiAlternatives] | None:
    with context.entered(user_id=user_id):
        with connection.cursor() as cursor:
            # One at a time for one person: two mails of different dates would tell of the same reports.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.mail'), %s)", [user_id % 2**31])
        user = User.objects.get(pk=user_id)
        digest = digest_for(user) if user.is_active else None
        if digest is None:
            return None
        letter = _letter(digest)
        mail, new = ReportMail.objects.get_or_create(
            user=user, day=day, number=number, defaults={"items": list(digest.items), "taken_at": clock.now()}
        )
        return (mail, letter) if new else None


def _letter(digest: Digest) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        subject(digest), text(digest), None, [digest.address], headers=headers(digest)
    )
    letter.attach_alternative(html(digest), "text/html")
    return letter
