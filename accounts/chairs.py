"""Where a person may sit: the organisations that they belong to now."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from .roles import OrganisationRole


@dataclass(frozen=True)
class Chair:
    """One organisation in which a person may sit."""

    organisation_id: int
    public_id: UUID
    name: str
    role: OrganisationRole
    colour: str = ""  # "#rrggbb", where the organisation has chosen one
    logo: str = ""  # the hash of its logo, where it has one
    logo_size: tuple[int, int] = (0, 0)


def chairs_of(user_id: int) -> list[Chair]:
    """The organisations that the person belongs to now, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, public_id, name, role, colour, logo, width, height FROM app.seats(%s)",
            [user_id],
        )
        return [
            Chair(pk, public_id, name, OrganisationRole(role), colour, logo, (width, height))
            for pk, public_id, name, role, colour, logo, width, height in cursor.fetchall()
        ]
