"""What people say about a place of the engagement, and whom they name there."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from accounts import trail
from accounts.models import User
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from common.names import letters
from tenancy import jobs

from ..locking import hold
from ..mentions import Person, named_in
from ..models import Comment, Engagement, Mention, Withdrawal
from ..selectors import people_of, still_here
from .team import own_side

HANDLER = "engagements.mention"
LONGEST = 4000
DOUBLE_SUBMIT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands: the page's path, the place's name, and the page's whole address for a mail."""

    page: str = ""
    title: str = ""
    link: str = ""


@transaction.atomic
def say(
    *,
    engagement: Engagement,
    by: Seat,
    about: str,
    text: str,
    private: bool = False,
    place: Place | None = None,
) -> Comment:
    """Write a comment that both sides read, or with `private` a note for one's own side alone.

    Whoever is named in it by "@Name" finds it in their work and gets one mail that says who and where, and no
    word of the comment. Mentions of the writer at the same place count as answered. The same form
    sent twice is one comment. Raises Refused for an empty
    or too long text and for a name that is unknown, ambiguous, or of the other side in a private note.
    """
    by.require(Permission.VIEW)
    if by.read_only:
        raise Refused("This key may only read.")
    engagement = hold(engagement.pk)
    side = own_side(by)
    text = text.replace("\r\n", "\n").strip()
    named, reasons = named_in(text, people_of(engagement), only=side if private else None)
    if letters(text) == 0:
        reasons = ["Write what you want to say first."]
    if len(text) > LONGEST:
        reasons.append(f"A comment has at most {LONGEST:,} characters; this has {len(text):,}.")
    if reasons:
        raise Refused(reasons)
    place = place or Place()
    now = clock.now()
    twice = Comment.objects.filter(
        engagement=engagement, about=about, by=by.user, by_side=side, side=side if private else "", text=text,
        at__gt=now - DOUBLE_SUBMIT, withdrawals=None,
    ).first()  # fmt: skip
    if twice:
        return twice
    comment = Comment.objects.create(
        engagement=engagement,
        about=about,
        side=side if private else "",
        text=text,
        by=by.user,
        by_name=by.user.name,
        by_side=side,
        at=now,
        page=place.page or f"/e/{engagement.public_id}/comments/",
        title=place.title[:200],
    )
    _record(comment, by=by, action="comment.written")
    _mention(comment, [person for person in named if person.user_id != by.user.pk], by=by, link=place.link)
    Mention.objects.filter(
        engagement=engagement, user=by.user, comment__about=about, read_at=None, comment__at__lte=now
    ).update(read_at=now)
    return comment


def _record(comment: Comment, *, by: Seat, action: str) -> None:
    """Leave a line where everybody who may read the comment reads it, and nobody else.

    The engagement's chain is exported by both sides, so a private note stands in the chain of its author's own
    organisation, and names neither its place nor its words. The digest proves the words that the comment keeps.
    """
    comment.refresh_from_db(fields=["public_id"])
    digest = content_hash([comment.public_id, comment.text])
    if comment.side:
        trail.record(
            by=by,
            action=action.replace("comment", "note"),
            subject="a private note",
            after={"sha256": digest},
        )
    else:
        trail.record(
            by=by,
            action=action,
            subject=comment.title or comment.about,
            engagement_id=comment.engagement_id,
            after={"about": comment.about, "sha256": digest},
        )


def _mention(comment: Comment, named: list[Person], *, by: Seat, link: str) -> None:
    for person in named:
        if person.user_id is None:
            continue
        mention = Mention.objects.create(
            engagement_id=comment.engagement_id,
            comment=comment,
            side=comment.side,
            user_id=person.user_id,
            name=person.name,
        )
        # Asked for in the name of the writer's organisation: the other side's jobs tell nothing of a private note.
        jobs.enqueue(
            handler=HANDLER,
            key=f"mention-{mention.pk}",
            user_id=by.user.pk,
            organisation_id=by.organisation.pk,
            mention_id=mention.pk,
            link=f"{link}#comment-{comment.public_id}" if link else "",
        )


@transaction.atomic
def withdraw(*, comment: Comment, by: Seat) -> None:
    """Take one's own comment back: its place stays, its words are shown to nobody any more. Twice is as once.

    The words stay in the database, where the digest in the trail proves them.
    """
    hold(comment.engagement_id)
    if comment.by_id != by.user.pk or comment.by_side != own_side(by):
        raise Refused("Only who wrote a comment can withdraw it.")
    _, new = Withdrawal.objects.get_or_create(
        engagement_id=comment.engagement_id,
        comment=comment,
        defaults={"side": comment.side, "at": clock.now()},
    )
    if new:
        _record(comment, by=by, action="comment.withdrawn")


def mark_read(*, comment: Comment, by: Seat) -> None:
    """Take the mention of oneself in this comment off one's own work. Nobody else is told, not even by the trail."""
    Mention.objects.filter(
        engagement=comment.engagement_id, comment=comment, user=by.user, read_at=None
    ).update(read_at=clock.now())


def mail(*, mention_id: int, link: str) -> None:
    """Send the one mail of a mention; none when it is sent, read or withdrawn already, or the person is gone."""
    mention = (
        Mention.objects.select_for_update(of=("self",))
        .select_related("comment", "user", "engagement")
        .filter(pk=mention_id, mailed_at=None, read_at=None, comment__withdrawals=None)
        .first()
    )
    if mention is None:
        return
    named = mention.engagement.participants.filter(user=mention.user_id, ended_at=None)
    if not any(still_here(person) for person in named):
        return
    mention.mailed_at = clock.now()
    mention.save(update_fields=["mailed_at"])
    user: User = mention.user
    body = render_to_string("engagements/email/mention.txt", {"mention": mention, "link": link})
    subject = f"{mention.comment.by_name} mentioned you in {mention.engagement.campaign} on Tollgate"
    send_mail(subject, body, None, [user.email])
