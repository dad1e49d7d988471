"""The door of every page under one engagement: fetching is authorising."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from accounts.chairs import chairs_of
from accounts.models import Organisation, User
from accounts.requests import TenantRequest
from accounts.roles import ParticipantRole, Permission, Side, is_for
from accounts.seat import Seat
from common import clock
from common.code import code_number
from tenancy import context

from . import kept
from .models import Engagement, Participant

# One statement finds the engagement among those that the context shows, narrows the transaction to it, and reads what
# every page of it begins with: which roles somebody holds in it, and what is kept of its pages. By hand, for every
# page asks it, and putting it together takes longer than its answer. Row level security holds in each part of it.
OPENING = """
SELECT app.narrow(engagement.id), ({held}), ({client}), ({operator}), {mine}, {kept}, {columns}
  FROM engagements_engagement AS engagement
 WHERE engagement.public_id = %(public_id)s
"""
SIDE = """
SELECT ARRAY[id::text, public_id::text, name] FROM accounts_organisation WHERE id = engagement.{side}_id
"""
HELD = """
SELECT json_agg(json_build_array(held.side, held.role, held.name, held.user_id) ORDER BY held.id)
  FROM ({rows}) AS held WHERE held.engagement_id = engagement.id
"""


def open_engagement(
    request: TenantRequest, public_id: UUID, permission: Permission = Permission.VIEW, *, page: str = ""
) -> tuple[Engagement, Seat]:
    """The engagement and the person's seat in it; narrows the transaction to it. One query, which also brings what is
    kept of the head and of the pieces of a `page` (`engagements.kept`).

    Raises Http404 for one that does not exist and for one of others alike, PermissionDenied for a missing right.
    Sets `request.engagement` and `request.seat`.
    """
    if request.seat is None:
        raise Http404("There is no such engagement.")
    keeping = request.keeping
    engagement, held, mine = _opened(public_id, request.seat.user, page, keeping.page if keeping else "")
    context.narrowed(engagement_id=engagement.pk)
    side = side_of(request.seat, engagement)
    seat = _taken(request.seat, side, [rest for of, *rest in held if of == side])
    request.engagement, request.seat = engagement, seat
    if not seat.may(permission):
        raise PermissionDenied(f"Your role does not allow you to {permission} here. {is_for(permission)}")
    if keeping is not None:
        keeping.opened(engagement, seat, *mine)
    return engagement, seat


def _opened(
    public_id: UUID, user: User, page: str, mine: str
) -> tuple[Engagement, list[list[Any]], tuple[kept.Newest, list[Any]]]:
    """The engagement, the roles in it that a person holds or stands in for (side, role, name, whose), and what the page
    that is made for them (`mine`: its name) is kept under now, with what is kept. One query.
    """
    shown = kept.shown_on(page)
    with connection.cursor() as cursor:
        cursor.execute(_opening(), {"public_id": public_id, "user": user.pk, "parts": shown, "mine": mine})
        row = cursor.fetchone()
    if row is None:
        raise Http404("There is no such engagement.")
    _, held, client, operator, own, sides, sequence, beside, parts, *columns = row
    engagement = _engagement(columns)
    engagement.client, engagement.operator = _organisation(client), _organisation(operator)
    kept.was_read(engagement.pk, sequence, beside, parts, shown)
    newest = kept.Newest(clock.today(engagement.zone), sequence, f"{beside} {sides}", code_number())
    return engagement, held or [], (newest, own or [])


def _organisation(told: Sequence[str]) -> Organisation:
    pk, public_id, name = told
    return Organisation.from_db(
        connection.alias, ("id", "public_id", "name"), (int(pk), UUID(public_id), name)
    )


def _engagement(values: Sequence[Any]) -> Engagement:
    """An engagement of the values of its columns."""
    told = list(values)
    for place, convert in _converters():
        told[place] = convert(told[place], None, connection)
    return Engagement.from_db(connection.alias, [], told)


@cache
def _converters() -> list[tuple[int, Callable[..., Any]]]:
    """What makes Python of a value, with the place of its column."""
    fields = enumerate(Engagement._meta.concrete_fields)
    return [(place, convert) for place, field in fields for convert in field.get_db_converters(connection)]


@cache
def _opening() -> str:
    somebody = User(pk=0)
    rows, given = (
        Participant.objects.held_by(somebody)
        .order_by()
        .values("id", "engagement_id", "side", "role", "name", "user_id")
        .query.sql_with_params()
    )
    assert set(given) == {somebody.pk}, "nobody else is asked about"  # noqa: S101
    return OPENING.format(
        held=HELD.format(rows=rows.replace("%s", "%(user)s")),
        client=SIDE.format(side="client"),
        operator=SIDE.format(side="operator"),
        mine=kept.MINE.format("engagement.id"),
        kept=kept.BESIDE.format("engagement.id"),
        columns=", ".join(f'engagement."{field.column}"' for field in Engagement._meta.concrete_fields),
    )


def side_of(seat: Seat, engagement: Engagement) -> Side:
    """The side of an engagement on which a seat's organisation stands."""
    return Side.CLIENT if engagement.client_id == seat.organisation.pk else Side.OPERATOR


def take_seat(seat: Seat, engagement: Engagement) -> Seat:
    """The same person, now with the side and the roles that they have in this engagement.

    Whoever is named as a substitute has the role too, and `acting_for` says for whom. That goes no further: the
    substitute's own substitute does not get it.
    """
    side = side_of(seat, engagement)
    held = Participant.objects.held_by(seat.user).filter(engagement=engagement, side=side).order_by("pk")
    return _taken(seat, side, held.values_list("role", "name", "user_id"))


def _taken(seat: Seat, side: Side, held: Iterable[Sequence[Any]]) -> Seat:
    own: set[ParticipantRole] = set()
    acting_for: dict[ParticipantRole, str] = {}
    for role, name, user_id in held:
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
