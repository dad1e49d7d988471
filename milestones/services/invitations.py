"""Invitations to reviews: calendar files, to download and by mail."""

from datetime import timedelta
from email.message import MIMEPart

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from common import clock
from common.calendar_file import Event, Guest, Method, calendar_file
from common.wording import cut_short, full_day_text
from engagements.locking import hold
from engagements.masks import mask_for
from engagements.models import Participant
from engagements.selectors import still_here
from milestones.models import Review
from milestones.selectors.agenda import agenda_of
from milestones.selectors.reviews import moment_of, people_of
from milestones.selectors.standing import standing_of

FILE_NAME = "review.ics"
LONGEST_SUBJECT = 250


def event_of(review: Review, link: str = "") -> Event | None:
    """The review as a calendar has it; None while it has no time. Its id never changes, its number only rises."""
    starts = moment_of(review)
    if starts is None:
        return None
    engagement, people = review.engagement, people_of(review.engagement)
    mask = mask_for(engagement, None)  # one file for both sides
    agenda = "\n".join(f"- {mask.text(point.text)}" for point in agenda_of(standing_of(engagement), review))
    return Event(
        uid=f"review-{review.public_id}@tollgate",
        sequence=review.sequence,
        stamp=clock.now(),
        starts=starts,
        length=timedelta(minutes=review.length),
        summary=f"{review.title}: {engagement.campaign}",
        organizer=_organizer(people),
        description=f"{engagement.client.name} and {engagement.operator.name}\n\n{agenda}",
        location=review.place,
        url=link,
        guests=_guests(review, people),
    )


def method_of(review: Review) -> Method:
    return Method.CANCEL if review.cancelled_at else Method.REQUEST


def mail_of(review_id: int, sequence: int, link: str) -> EmailMessage | None:
    """The mail with the invitation; None when a newer one is on its way, or this one was sent."""
    review = Review.objects.select_related("engagement__client", "engagement__operator").get(pk=review_id)
    if review.sequence != sequence or (review.invited_sequence or 0) >= sequence:
        return None
    event = event_of(review, link)
    if event is None:
        return None
    people = people_of(review.engagement)
    to = [guest.email for guest in _guests(review, [one for one in people if still_here(one)])]
    if not to:
        return None
    method = method_of(review)
    said = "is cancelled" if review.cancelled_at else "invitation" if sequence == 1 else "new date or place"
    body = render_to_string(
        "milestones/email/review.txt",
        {
            "review": review,
            "why": mask_for(review.engagement, None).text(review.cancel_reason or review.move_reason),
            "event": event,
            "link": link,
            "day": full_day_text(event.starts.date()),
            "time": f"{event.starts:%H:%M} ({review.engagement.zone})",
        },
    )
    message = EmailMessage(cut_short(f"{event.summary}: {said}", LONGEST_SUBJECT), body, None, to)
    part = MIMEPart()
    part.set_content(
        calendar_file(event, method).decode(), subtype="calendar", params={"method": str(method)}
    )
    part.add_header("Content-Disposition", "attachment", filename=FILE_NAME)
    message.attach(part)
    return message


def note_sent(review_id: int, sequence: int) -> None:
    """Remember which invitation was sent last."""
    review = Review.objects.get(pk=review_id)
    hold(review.engagement_id)
    Review.objects.filter(pk=review_id).exclude(invited_sequence__gte=sequence).update(
        invited_sequence=sequence
    )


def _organizer(people: list[Participant]) -> Guest:
    """Reviews are called by the campaign manager; answers to an invitation go there."""
    manager = next((person for person in people if person.role == "campaign_manager"), None)
    return Guest(manager.name, manager.email) if manager else Guest("Tollgate", "tollgate@localhost")


def _guests(review: Review, people: list[Participant]) -> tuple[Guest, ...]:
    """Everybody who holds a required role, once."""
    found = {p.email.lower(): Guest(p.name, p.email) for p in people if p.role in review.attendee_roles}
    return tuple(found.values())
