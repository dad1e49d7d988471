"""One mail a day to whoever owes something, however many engagements it is about."""

from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import User
from common import clock
from common.wording import cut_short, plural
from milestones.models import Reminder
from milestones.selectors.reminders import Owed, owed_on, people_to_remind
from tenancy import context, jobs

HANDLER = "milestones.remind"
LONGEST_SUBJECT = 180


def ask_for_reminders() -> int:
    """Ask for the mails that are due now. The same person and day again find the same job. Returns how many."""
    people = people_to_remind(clock.now())
    for person in people:
        with transaction.atomic():
            jobs.enqueue(
                handler=HANDLER, key=f"reminder:{person.user_id}:{person.day}", user_id=person.user_id,
                organisation_id=person.organisation_id, day=person.day.isoformat(),
            )  # fmt: skip
    return len(people)


def remind(*, user_id: int, day: date) -> Reminder | None:
    """Send one person their mail of a day; None when there is nothing to say, or it has been said.

    The mail is taken (a row of its own, committed) before it goes out: a worker that dies in between costs that one
    mail, and never sends a second one. What is late is said again three days later. When the mail host refuses it,
    it is given back. Raises NotNow then.
    """
    taken = _take(user_id, day)
    if taken is None:
        return None
    reminder, user, owed = taken
    try:
        send_mail(_subject(owed), _body(user, owed), None, [user.email])
    except (OSError, SMTPException) as error:
        with context.entered(user_id=user_id):
            Reminder.objects.filter(pk=reminder.pk).delete()
        raise jobs.NotNow(
            "The mail host does not take mails at the moment; this one is tried again."
        ) from error
    with context.entered(user_id=user_id):
        Reminder.objects.filter(pk=reminder.pk).update(sent_at=clock.now())
    return reminder


def _take(user_id: int, day: date) -> tuple[Reminder, User, list[Owed]] | None:
    with context.entered(user_id=user_id):
        user = User.objects.get(pk=user_id)
        owed = owed_on(user, day) if user.is_active and user.reminders else []
        if not owed:
            return None
        reminder, new = Reminder.objects.get_or_create(
            user=user, day=day, defaults={"items": [each.key for each in owed], "taken_at": clock.now()}
        )
        return (reminder, user, owed) if new else None


def _subject(owed: list[Owed]) -> str:
    """One line whatever people have typed: a mail with a line break in its subject is never sent."""
    first = owed[0]
    if len(owed) == 1:
        return cut_short(f"{first.campaign}: {first.title}, {first.when}", LONGEST_SUBJECT)
    return cut_short(f"{plural(len(owed), 'thing')} due, first: {first.title}", LONGEST_SUBJECT)


def _body(user: User, owed: list[Owed]) -> str:
    return render_to_string(
        "milestones/email/reminder.txt", {"user": user, "owed": owed, "site": settings.SITE_URL}
    )
