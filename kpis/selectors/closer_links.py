"""The door of those who hold a closer's link: what the link is, and the transfers that it is about."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.chairs import chairs_of
from accounts.models import Organisation, User
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.hashing import token_hash
from engagements.access import take_seat
from engagements.models import Engagement
from engagements.stages import Stage
from tenancy.context import entered


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What the holder of a link may know before anything else; `state` is open, expired, revoked or left."""

    link_id: int
    engagement_id: int
    user_id: int
    organisation_id: int
    holder: str
    made_by: str
    client: str
    operator: str
    campaign: str
    zone: str
    first_day: date
    last_day: date
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class LinkedTransfer:
    """A transfer as a link shows it; `told_id` is 0 and `stage` None where nobody has told of it."""

    key: int
    day: date
    called_at: datetime | None
    lead: str
    number_ends: str
    told_id: int
    stage: Stage | None
    on: date | None
    value: Decimal | None
    told_by: str


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many transfers of an open link are not told of, and how many are."""

    not_told: int
    told: int


def find_link(token: str) -> OpenedLink | None:
    """The link of this token, whoever asks; None for a token that nobody was given.

    It is "left" as soon as whoever made it could not make it any more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.find_closer_link(%s, %s)", [token_hash(token), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    found = OpenedLink(*row)
    return found if found.state != "open" or _may_still_tell(found) else replace(found, state="left")


def _may_still_tell(link: OpenedLink) -> bool:
    with entered(
        user_id=link.user_id, organisation_id=link.organisation_id, engagement_id=link.engagement_id
    ):
        chair = next(
            chair for chair in chairs_of(link.user_id) if chair.organisation_id == link.organisation_id
        )
        seat = Seat(
            user=User.objects.get(pk=link.user_id),
            organisation=Organisation.objects.get(pk=link.organisation_id),
            role=chair.role,
        )
        engagement = Engagement.objects.get(pk=link.engagement_id)
        return take_seat(seat, engagement).may(Permission.TELL_OUTCOMES)


def linked_transfers(token: str, keys: Collection[int] | None = None) -> list[LinkedTransfer]:
    """The transfers that an open link is about, of these keys or all; none for any other link."""
    which = "" if keys is None else "WHERE call_key = ANY(%s)"
    values = [] if keys is None else [list(keys)]
    return _read(token, f"{which} ORDER BY day, called_at, call_key", values)


def count_linked(token: str) -> LinkCount:
    """How many transfers an open link is about; none for any other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE stage IS NULL), count(*) FILTER (WHERE stage IS NOT NULL)"
            " FROM app.closer_transfers(%s, %s)",
            [token_hash(token), clock.now()],
        )
        return LinkCount(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class LinkedList:
    """The transfers of a link that are told of, or that are not, read as far as a paginator asks for them."""

    token: str
    told: bool
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[LinkedTransfer]:
        return iter(self[0 : self.size])

    def __getitem__(self, which: slice) -> list[LinkedTransfer]:
        told = "NOT NULL" if self.told else "NULL"
        return _read(
            self.token,
            f"WHERE stage IS {told} ORDER BY day, called_at, call_key LIMIT %s OFFSET %s",
            [which.stop - which.start, which.start],
        )


def _read(token: str, which: str, values: list[Any]) -> list[LinkedTransfer]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM app.closer_transfers(%s, %s) {which}",  # noqa: S608  our own words
            [token_hash(token), clock.now(), *values],
        )
        rows = cursor.fetchall()
    return [
        LinkedTransfer(
            key, day, at, lead, ends, told or 0, Stage(stage) if stage else None, on, value, by or ""
        )
        for key, day, at, lead, ends, told, stage, on, value, by in rows
    ]
