"""The door of every page under one engagement: fetching is authorising."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.chairs import chairs_of
from accounts.models import User
from accounts.requests import TenantRequest
from accounts.roles import ParticipantRole, Permission, Side, is_for
from accounts.seat import Seat
from tenancy import context

from .models import Engagement, Participant


def open_engagement(
    request: TenantRequest, public_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[Engagement, Seat]:
    """The engagement and the person's seat in it; narrows the transaction to it.

    Raises Http404 for one that does not exist and for one of others alike, PermissionDenied for a missing right.
    Sets `request.engagement` and `request.seat`.
    """
    engagement = Engagement.objects.select_related("client", "operator").filter(public_id=public_id).first()
    if engagement is None or request.seat is None:
        raise Http404("There is no such engagement.")
    context.narrow(engagement_id=engagement.pk)
    seat = take_seat(request.seat, engagement)
    request.engagement, request.seat = engagement, seat
    if not seat.may(permission):
        raise PermissionDenied(f"Your role does not allow you to {permission} here. {is_for(permission)}")
    return engagement, seat


def take_seat(seat: Seat, engagement: Engagement) -> Seat:
    """The same person, now with the side and the roles that they have in this engagement.

    Whoever is named as a substitute has the role too, and `acting_for` says for whom. That goes no further: the
    substitute's own substitute does not get it.
    """
    side = Side.CLIENT if engagement.client_id == seat.organisation.pk else Side.OPERATOR
    own: set[ParticipantRole] = set()
    acting_for: dict[ParticipantRole, str] = {}
    held = Participant.objects.held_by(seat.user).filter(engagement=engagement, side=side).order_by("pk")
    for role, name, user_id in held.values_list("role", "name", "user_id"):
        if user_id == seat.user.pk:
            own.add(ParticipantRole(role))
        else:
            acting_for.setdefault(ParticipantRole(role), name)
    for role in own:
        acting_for.pop(role, None)
    return seat.in_engagement(side, frozenset(own | acting_for.keys()), acting_for)


def seat_for(user: User, engagement: Engagement, address: str = "command line") -> Seat:
    """A seat for a command's `--as-user`. Call it inside `tenancy.context.entered(user_id=user.pk)`."""
    sides = {engagement.client_id: Side.CLIENT, engagement.operator_id: Side.OPERATOR}
    chair = next(chair for chair in chairs_of(user.pk) if chair.organisation_id in sides)
    side = sides[chair.organisation_id]
    seat = Seat(user=user, organisation=engagement.organisation_of(side), role=chair.role, address=address)
    return take_seat(seat, engagement)
