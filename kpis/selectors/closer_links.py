"""The door of those who hold a closer's link: what the link is, and the transfers that it is about."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from common import clock
from common.hashing import token_hash
from engagements.stages import Stage


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


def find_link(token: str) -> OpenedLink | None:
    """The link of this token, whoever asks; None for a token that nobody was given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.find_closer_link(%s, %s)", [token_hash(token), clock.now()])
        row = cursor.fetchone()
    return OpenedLink(*row) if row else None


def linked_transfers(token: str) -> list[LinkedTransfer]:
    """The transfers that an open link is about; none for any other. No tenant is entered for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.closer_transfers(%s, %s)", [token_hash(token), clock.now()])
        rows = cursor.fetchall()
    return [
        LinkedTransfer(
            key, day, at, lead, ends, told or 0, Stage(stage) if stage else None, on, value, by or ""
        )
        for key, day, at, lead, ends, told, stage, on, value, by in rows
    ]
