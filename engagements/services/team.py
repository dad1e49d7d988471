"""Who takes part in an engagement, and in which roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts import services as accounts
from accounts import trail
from accounts.models import Invitation, Membership, Organisation, User
from accounts.roles import (
    SIGNING_ROLES,
    OrganisationRole,
    ParticipantRole,
    Permission,
    Side,
    in_a_sentence,
)
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import checked_name

from ..locking import hold
from ..models import Engagement, Participant
from ..rules import SubstituteFacts, both_sides_reason, side_blockers, substitute_blockers


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who holds a role in an engagement."""

    role: ParticipantRole
    name: str
    email: str
    side: Side


def by_address(owners: Sequence[Owner]) -> list[list[Owner]]:
    """Group the roles by person: one person gets one mail."""
    people: dict[tuple[Side, str], list[Owner]] = {}
    for owner in owners:
        people.setdefault((owner.side, owner.email.strip().lower()), []).append(owner)
    return list(people.values())


def seat_person(
    engagement: Engagement,
    owners: Sequence[Owner],
    *,
    by: Seat,
    link_to: accounts.LinkTo,
    administrator: bool = False,
) -> list[Participant]:
    """Give one person their roles; whoever is no member of the organisation yet is invited."""
    first = owners[0]
    email = first.email.strip().lower()
    organisation = engagement.organisation_of(first.side)
    user = _member(organisation, email) if organisation.pk == by.organisation.pk else None
    if user is None:
        _require_real(engagement)
    participants = [
        Participant.objects.create(
            engagement=engagement,
            side=owner.side,
            role=owner.role,
            name=user.name if user else checked_name(owner.name),
            email=email,
            user=user,
        )
        for owner in owners
    ]
    trail.record(
        by=by,
        action="participant.added",
        subject=participants[0].name,
        engagement_id=engagement.pk,
        after={"side": first.side, "roles": [owner.role for owner in owners], "email": email},
    )
    if user is None:
        accounts.invite(
            by=by,
            organisation=organisation,
            email=email,
            name=first.name,
            role=OrganisationRole.ADMIN if administrator else OrganisationRole.MEMBER,
            link_to=link_to,
            place=accounts.Place(
                engagement_id=engagement.pk,
                campaign=engagement.campaign,
                side=first.side,
                roles=[owner.role for owner in owners],
            ),
        )
    return participants


def _require_real(engagement: Engagement) -> None:
    """Raise Refused for a sample: it is seen by the members of one organisation, and no mail is sent about it."""
    if engagement.is_sample:
        raise Refused(
            "This is a sample: only members of your organisation can be named in it, nobody is invited."
        )


def _member(organisation: Organisation, email: str) -> User | None:
    membership = (
        Membership.objects.select_related("user")
        .filter(organisation=organisation, user__email__iexact=email, ended_at=None)
        .first()
    )
    return membership.user if membership else None


@transaction.atomic
def add_participant(
    *,
    engagement: Engagement,
    by: Seat,
    role: ParticipantRole,
    name: str,
    email: str,
    link_to: accounts.LinkTo,
) -> Participant:
    """Give somebody a role on the actor's own side: each side names its own people."""
    by.require(Permission.MANAGE_TEAM)
    side = own_side(by)
    engagement = hold(engagement.pk)
    email = email.strip().lower()
    reasons = side_blockers(role, side)
    if engagement.participants.filter(email__iexact=email, role=role, ended_at=None).exists():
        reasons.append(f"{email} is {in_a_sentence(role.label)} here already.")
    if engagement.participants.filter(email__iexact=email, side=side.other, ended_at=None).exists():
        reasons.append(both_sides_reason(email, side.other))
    if reasons:
        raise Refused(reasons)
    owner = Owner(role=role, name=name, email=email, side=side)
    return seat_person(engagement, [owner], by=by, link_to=link_to)[0]


@transaction.atomic
def invite_again(
    *, engagement: Engagement, by: Seat, participant: Participant, link_to: accounts.LinkTo
) -> Participant:
    """Let somebody of the actor's own side in who is named but not here: at once as a member, else by a new mail.

    Also the way in for those whom the other side has named: only their own organisation can let them in.
    """
    by.require(Permission.MANAGE_TEAM)
    engagement = hold(engagement.pk)
    participant = Participant.objects.get(pk=participant.pk, engagement=engagement)
    if participant.side != own_side(by):
        raise Refused("Each side invites its own people only.")
    if participant.user_id is not None or participant.ended_at is not None:
        raise Refused(f"{participant.name} needs no invitation.")
    named = list(
        engagement.participants.filter(email__iexact=participant.email, side=participant.side, ended_at=None)
    )
    user = _member(by.organisation, participant.email)
    if user is None:
        _require_real(engagement)
        accounts.invite(
            by=by,
            organisation=by.organisation,
            email=participant.email,
            name=participant.name,
            role=OrganisationRole.MEMBER,
            link_to=link_to,
            place=accounts.Place(
                engagement_id=engagement.pk,
                campaign=engagement.campaign,
                side=own_side(by),
                roles=[ParticipantRole(each.role) for each in named],
            ),
        )
        return participant
    for each in named:
        each.user = user
        each.save(update_fields=["user"])
    trail.record(by=by, action="participant.joined", subject=user.name, engagement_id=engagement.pk)
    participant.user = user
    return participant


def _signs_alone(participant: Participant) -> bool:
    """Whether nobody else of this side could sign in this role; somebody only invited counts for no one but such."""
    if participant.role not in SIGNING_ROLES:
        return False
    others = Participant.objects.filter(
        engagement=participant.engagement_id, side=participant.side, role=participant.role, ended_at=None
    ).exclude(pk=participant.pk)
    if participant.user_id is not None:
        others = others.exclude(user=None)
    return not others.exists()


@transaction.atomic
def end_participation(*, engagement: Engagement, by: Seat, participant: Participant) -> None:
    """Take a role away from somebody on the actor's own side; their work and signatures keep their name.

    Whoever has not come yet and keeps no other role here loses the invitation too. Raises Refused for the only
    person who can sign for the side.
    """
    by.require(Permission.MANAGE_TEAM)
    engagement = hold(engagement.pk)
    participant = Participant.objects.get(pk=participant.pk, engagement=engagement)
    if participant.side != by.side:
        raise Refused("Each side changes its own people only.")
    if participant.ended_at is not None:
        return
    if _signs_alone(participant):
        role = in_a_sentence(participant.get_role_display())
        raise Refused(
            f"{participant.name} is the only {role} and signs for the {participant.side}: "
            f"name another {role} first, who has to be here before {participant.name} can go."
        )
    _end(participant, by=by)


@transaction.atomic
def end_parts(*, by: Seat, user: User, organisation: Organisation) -> list[str]:
    """End every part of somebody who has left an organisation in its engagements, whoever else there is for it.

    Returns which engagement nobody leads any more for its side, in words.
    """
    own_parts = Q(side=Side.CLIENT, engagement__client=organisation) | Q(
        side=Side.OPERATOR, engagement__operator=organisation
    )
    parts = Participant.objects.filter(own_parts, user=user, ended_at=None)
    missing = []
    for engagement_id in sorted(set(parts.values_list("engagement_id", flat=True))):
        engagement = hold(engagement_id)
        for participant in parts.filter(engagement=engagement):
            if _signs_alone(participant):
                role = in_a_sentence(participant.get_role_display())
                missing.append(
                    f"{engagement.campaign} has no {role} any more: name one on its team, who signs for the "
                    f"{participant.side}."
                )
            _end(participant, by=by)
    return missing


def _end(participant: Participant, *, by: Seat) -> None:
    """A participation ends, with its substitute and, where it was the last, with the invitation."""
    engagement_id = participant.engagement_id
    participant.ended_at = clock.now()
    participant.substitute = None
    participant.save(update_fields=["ended_at", "substitute"])
    _leave_as_substitute(participant)
    still = Participant.objects.filter(
        engagement=engagement_id, email__iexact=participant.email, ended_at=None
    )
    if not still.exists():
        Invitation.objects.filter(
            engagement_id=engagement_id, email__iexact=participant.email, accepted_at=None, revoked_at=None
        ).update(revoked_at=participant.ended_at)
    trail.record(
        by=by,
        action="participant.removed",
        subject=participant.name,
        engagement_id=engagement_id,
        before={"side": participant.side, "role": participant.role},
    )


def _leave_as_substitute(participant: Participant) -> None:
    """Whoever stands in for others goes on doing so by another role of theirs; without one nobody stands in."""
    other = (
        Participant.objects.filter(
            engagement=participant.engagement_id,
            side=participant.side,
            user=participant.user_id,
            ended_at=None,
        )
        .exclude(user=None)
        .first()
    )
    Participant.objects.filter(engagement=participant.engagement_id, substitute=participant).update(
        substitute=other
    )


@transaction.atomic
def name_substitute(
    *, engagement: Engagement, by: Seat, participant: Participant, substitute: Participant | None
) -> Participant:
    """Name who stands in for the holder of a role, or with None that nobody does any more.

    By the holder or by who manages the team in their own right: a substitute does not hand the role on. Raises
    Refused with the reasons.
    """
    by.require(Permission.VIEW)
    engagement = hold(engagement.pk)
    participant = Participant.objects.select_related("substitute").get(
        pk=participant.pk, engagement=engagement
    )
    named = Participant.objects.get(pk=substitute.pk, engagement=engagement) if substitute else None
    facts = SubstituteFacts(
        holder=participant.name,
        holder_side=participant.side,
        ended=participant.ended_at is not None,
        by_side=own_side(by),
        by_holder=participant.user_id == by.user.pk and not by.read_only,
        manages=by.may_of_own(Permission.MANAGE_TEAM),
        substitute=named.name if named else "",
        substitute_side=named.side if named else "",
        substitute_here=bool(named and named.user_id and named.ended_at is None),
        same_person=bool(named and named.email.lower() == participant.email.lower()),
    )
    if reasons := substitute_blockers(facts):
        raise Refused(reasons)
    before, participant.substitute = participant.substitute, named
    if before == named:
        return participant
    participant.save(update_fields=["substitute"])
    trail.record(
        by=by,
        action="participant.substituted",
        subject=f"{participant.name}, {in_a_sentence(participant.get_role_display())}",
        engagement_id=engagement.pk,
        before={"substitute": before.name if before else ""},
        after={"substitute": named.name if named else ""},
    )
    return participant


def own_side(by: Seat) -> Side:
    """The side for which somebody acts; a seat without one has not opened the engagement."""
    if by.side is None:
        raise Refused("This seat has no side in the engagement.")
    return by.side
