"""Writes about people: invitations, memberships, tokens. Each is one transaction with its line in the trail."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.template.loader import render_to_string

from common import clock
from common.errors import Refused
from common.hashing import token_hash
from common.names import checked_name
from common.wording import joined
from tenancy.context import entered

from . import trail
from .models import ApiToken, Invitation, Membership, Organisation, SavedView, User
from .roles import OrganisationRole, ParticipantRole, Permission, Side, in_a_sentence
from .seat import Seat

MOST_VIEWS = 12
INVITATION_LIFE = timedelta(days=14)
TOKEN_PREFIX = "tg_"  # noqa: S105  (how a token begins, not a token)

LinkTo = Callable[[str], str]

# Sent in the transaction in which a membership ends: `by`, `membership`. Receivers end what hung on it, and may answer
# with sentences about what is missing now.
left = Signal()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an invitation leads besides the organisation: one engagement, on one side, in some roles."""

    engagement_id: int
    campaign: str
    side: Side
    roles: Sequence[ParticipantRole]


@transaction.atomic
def invite(
    *,
    by: Seat,
    organisation: Organisation,
    email: str,
    name: str,
    role: OrganisationRole,
    link_to: LinkTo,
    place: Place | None = None,
) -> Invitation:
    """Invite an address by mail. An earlier open invitation of the same address to the same place is revoked.

    `link_to` turns the token into the address that stands in the mail; only the token's hash is kept, so
    nobody but the reader of the mail can come in by it. Raises Refused for a seat without the right (with a
    place, whoever gives it has asked for that) and for an address that belongs to the organisation already.
    """
    if place is None:
        by.require(Permission.MANAGE_MEMBERS)
    email, name = email.strip().lower(), checked_name(name)
    if organisation.pk == by.organisation.pk and not place and _member(organisation, email):
        raise Refused(f"{email} belongs to {organisation.name} already.")
    now = clock.now()
    Invitation.objects.filter(
        organisation=organisation,
        email__iexact=email,
        engagement_id=place.engagement_id if place else None,
        accepted_at=None,
        revoked_at=None,
    ).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        invited_by_organisation=by.organisation,
        email=email,
        name=name,
        role=role,
        engagement_id=place.engagement_id if place else None,
        side=place.side if place else "",
        participant_roles=[str(held) for held in place.roles] if place else [],
        token_hash=token_hash(token),
        invited_by=by.user,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    trail.record(
        by=by,
        action="person.invited",
        subject=f"{name} <{email}>",
        engagement_id=place.engagement_id if place else None,
        after={"organisation": organisation.name, "role": role, "roles": invitation.participant_roles},
    )
    _send(invitation, by=by, link=link_to(token), campaign=place.campaign if place else "")
    return invitation


def _member(organisation: Organisation, email: str) -> bool:
    return Membership.objects.filter(
        organisation=organisation, user__email__iexact=email, ended_at=None
    ).exists()


def _send(invitation: Invitation, *, by: Seat, link: str, campaign: str) -> None:
    """Send the mail once the invitation is safe; a mail host that is down loses the mail, not the invitation."""
    roles = joined([in_a_sentence(ParticipantRole(role).label) for role in invitation.participant_roles])
    body = render_to_string(
        "accounts/email/invitation.txt",
        {"invitation": invitation, "by": by, "link": link, "campaign": campaign, "roles": roles},
    )
    subject = f"{by.user.name} invites you to {campaign or invitation.organisation.name} on Tollgate"
    transaction.on_commit(lambda: send_mail(subject, body, None, [invitation.email]), robust=True)


@transaction.atomic
def revoke_invitation(*, by: Seat, invitation: Invitation) -> None:
    """Make an open invitation useless; one that was taken or revoked already stays as it is."""
    by.require(Permission.MANAGE_MEMBERS)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=clock.now()
    )
    if changed:
        trail.record(by=by, action="invitation.revoked", subject=invitation.email)


def accept_invitation(*, token: str, user: User, address: str) -> Organisation:
    """Let the person whom an invitation names into the organisation, and into the roles that waited for them.

    Raises Refused when the invitation is not open, or is for another address than the person's.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT app.accept_invitation(%s, %s, %s)", [token_hash(token), user.pk, clock.now()]
            )
            organisation_id = cursor.fetchone()[0]
        if organisation_id is None:
            raise Refused(
                "This invitation cannot be taken by this account: it is for another address, or the organisation has "
                "people already, of whom an administrator has to invite you."
            )
        with entered(user_id=user.pk, organisation_id=organisation_id):
            membership = Membership.objects.select_related("organisation").get(
                organisation_id=organisation_id, user=user, ended_at=None
            )
            invitation = Invitation.objects.get(token_hash=token_hash(token))
            seat = Seat(user, membership.organisation, OrganisationRole(membership.role), address)
            trail.record(by=seat, action="invitation.accepted", subject=f"{user.name} <{user.email}>")
            if invitation.engagement_id and _sees(invitation.engagement_id):
                trail.record(
                    by=seat,
                    action="participant.joined",
                    subject=user.name,
                    engagement_id=invitation.engagement_id,
                    after={"side": invitation.side, "roles": invitation.participant_roles},
                )
    return membership.organisation


def _sees(engagement_id: int) -> bool:
    """Whether the person sees the engagement now: their part in it may have been taken back meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (app.engagements())", [engagement_id])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def open_account(
    *, token: str, email: str, name: str, password: str, address: str
) -> tuple[User, Organisation]:
    """Make the account that an invitation leads to and let the person in, both or neither."""
    user = User.objects.create_user(email=email, name=checked_name(name), password=password)
    return user, accept_invitation(token=token, user=user, address=address)


@transaction.atomic
def change_role(*, by: Seat, membership: Membership, role: OrganisationRole) -> None:
    """Give a member another role in the organisation. The last administrator keeps theirs."""
    by.require(Permission.MANAGE_MEMBERS)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at is not None:
        raise Refused(f"{membership.user} does not belong to the organisation any more.")
    before = membership.role
    if before == role:
        return
    _keep_an_administrator(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    trail.record(
        by=by,
        action="member.role_changed",
        subject=membership.user.name,
        before={"role": before},
        after={"role": role},
    )


@transaction.atomic
def end_membership(*, by: Seat, membership: Membership) -> list[str]:
    """Take a person out of the organisation: from the next request on they see nothing of it, and take part in nothing.

    Returns what is missing now, in words: an engagement that nobody leads any more.
    """
    by.require(Permission.MANAGE_MEMBERS)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at is not None:
        return []
    _keep_an_administrator(membership)
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])
    ApiToken.objects.filter(
        organisation=membership.organisation, user=membership.user, revoked_at=None
    ).update(revoked_at=membership.ended_at)
    trail.record(by=by, action="member.removed", subject=f"{membership.user.name} <{membership.user.email}>")
    answers = left.send(None, by=by, membership=membership)
    return [said for _, sentences in answers for said in sentences or ()]


def _keep_an_administrator(membership: Membership) -> None:
    if membership.role != OrganisationRole.ADMIN:
        return
    # Locked in one order, so that two administrators cannot remove each other at the same moment.
    administrators = list(
        Membership.objects.select_for_update()
        .filter(organisation=membership.organisation, role=OrganisationRole.ADMIN, ended_at=None)
        .order_by("pk")
    )
    if len(administrators) < 2:
        raise Refused("An organisation needs an administrator. Make somebody else one first.")


@transaction.atomic
def create_token(*, by: Seat, name: str, may_write: bool, life: timedelta) -> tuple[ApiToken, str]:
    """Make an API token that acts as this person in this organisation; its text is returned once and not kept."""
    if by.read_only:
        raise Refused("A token that may only read cannot make another one.")
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=by.user,
        organisation=by.organisation,
        name=checked_name(name),
        prefix=text[:10],
        token_hash=token_hash(text),
        may_write=may_write,
        expires_at=clock.now() + life,
    )
    trail.record(by=by, action="token.created", subject=token.name, after={"may_write": may_write})
    return token, text


@transaction.atomic
def revoke_token(*, by: Seat, token: ApiToken) -> None:
    """End a token of one's own, or, as an administrator, anybody's in the organisation."""
    if token.user_id != by.user.pk:
        by.require(Permission.MANAGE_MEMBERS)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        trail.record(by=by, action="token.revoked", subject=token.name)


@transaction.atomic
def switch_reminders(*, by: Seat, on: bool) -> None:
    """Have mails about what one owes, or have none."""
    if by.user.reminders == on:
        return
    by.user.reminders = on
    by.user.save(update_fields=["reminders"])
    trail.record(by=by, action="reminders.on" if on else "reminders.off", subject=by.user.email)


@transaction.atomic
def rename_person(*, by: Seat, name: str) -> None:
    """Change one's own name; earlier signatures keep the name that they were given under."""
    before = by.user.name
    by.user.name = checked_name(name)
    by.user.save(update_fields=["name"])
    trail.record(
        by=by,
        action="person.renamed",
        subject=by.user.email,
        before={"name": before},
        after={"name": by.user.name},
    )


# What a person sets for their own eyes: it changes nothing for anybody else, so the trail does not tell it.


@transaction.atomic
def switch_shortcuts(*, by: Seat, on: bool) -> None:
    """Have single keys as shortcuts, or have none."""
    by.user.shortcuts = on
    by.user.save(update_fields=["shortcuts"])


def _views(by: Seat, page: str) -> QuerySet[SavedView]:
    """One's own views of a page, held so that two windows do not settle them at once."""
    User.objects.select_for_update().get(pk=by.user.pk)
    return SavedView.objects.filter(user=by.user, organisation=by.organisation, page=page)


@transaction.atomic
def save_view(*, by: Seat, page: str, name: str, query: str) -> SavedView:
    """Keep a filter and an order under a name; the same name again keeps the newer one.

    Raises Refused for one more than fit above a list.
    """
    views = _views(by, page)
    known = views.filter(name=checked_name(name)).first()
    if known is None and views.count() >= MOST_VIEWS:
        raise Refused(f"{MOST_VIEWS} views are kept at most. Remove one that you no longer use.")
    view = known or SavedView(user=by.user, organisation=by.organisation, page=page, name=checked_name(name))
    view.query = query
    view.save()
    return view


@transaction.atomic
def rename_view(*, by: Seat, view: SavedView, name: str) -> None:
    """Give one's view another name. Raises Refused for the name of another one."""
    if _views(by, view.page).filter(name=checked_name(name)).exclude(pk=view.pk).exists():
        raise Refused(f"You have another view called “{checked_name(name)}”.")
    view.name = checked_name(name)
    view.save(update_fields=["name"])


@transaction.atomic
def land_on(*, by: Seat, view: SavedView, on: bool) -> None:
    """Let the page open with this view, or with everything again."""
    _views(by, view.page).filter(lands=True).update(lands=False)
    view.lands = on
    view.save(update_fields=["lands"])


@transaction.atomic
def remove_view(*, by: Seat, view: SavedView) -> None:
    """Forget one's view; what it showed stays as it is."""
    _views(by, view.page).filter(pk=view.pk).delete()


@transaction.atomic
def switch_tour(*, by: Seat, on: bool) -> None:
    """Put the tour away for good, or call it back."""
    by.user.tour = on
    by.user.save(update_fields=["tour"])
