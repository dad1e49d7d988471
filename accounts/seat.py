"""The seat: a person, acting for one organisation, from one address. Every write says `by=` whose seat."""

from dataclasses import dataclass, field, replace

from common.errors import Refused

from .models import Organisation, User
from .roles import BY_ORGANISATION_ROLE, OrganisationRole, ParticipantRole, Permission, Side, permissions


@dataclass(frozen=True)
class Seat:
    """Who acts. `side` and `participant_roles` are set once an engagement has been opened."""

    user: User
    organisation: Organisation
    role: OrganisationRole
    address: str = ""
    side: Side | None = None
    participant_roles: frozenset[ParticipantRole] = field(default_factory=frozenset)
    read_only: bool = False  # an API token without the right to write

    def may(self, permission: Permission) -> bool:
        """Whether this seat has the permission; without an engagement only those of the organisation count."""
        if self.read_only and permission is not Permission.VIEW:
            return False
        if self.side is None:
            return permission in BY_ORGANISATION_ROLE[self.role]
        return permission in permissions(self.role, self.participant_roles)

    def require(self, permission: Permission) -> None:
        """Raise Refused when this seat lacks the permission: services ask too, not only views."""
        if not self.may(permission):
            raise Refused(f"{self.user} may not {permission} here.")

    def in_engagement(self, side: Side, roles: frozenset[ParticipantRole]) -> "Seat":
        return replace(self, side=side, participant_roles=roles)
