"""The seat: a person, acting for one organisation, from one address. Every write says `by=` whose seat."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from common.errors import Refused

from .models import Organisation, User
from .roles import (
    BY_ORGANISATION_ROLE,
    BY_PARTICIPANT_ROLE,
    OrganisationRole,
    ParticipantRole,
    Permission,
    Side,
    permissions,
)


@dataclass(frozen=True)
class Seat:
    """Who acts. `side` and `participant_roles` are set once an engagement has been opened.

    `acting_for` names, for each role that this person holds only as a substitute, whom they stand in for.
    """

    user: User
    organisation: Organisation
    role: OrganisationRole
    address: str = ""
    side: Side | None = None
    participant_roles: frozenset[ParticipantRole] = field(default_factory=frozenset)
    acting_for: Mapping[ParticipantRole, str] = field(default_factory=dict, compare=False)
    read_only: bool = False  # an API token without the right to write
    # What was asked for last: by it the trail knows whether the person acts for somebody else.
    _asked: list[Permission] = field(default_factory=list, compare=False, repr=False)

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
        self._asked[:] = [permission]

    @property
    def own_roles(self) -> frozenset[ParticipantRole]:
        """The roles that this person holds themselves, not as a substitute."""
        return self.participant_roles - self.acting_for.keys()

    def may_of_own(self, permission: Permission) -> bool:
        """Whether the seat has the permission without standing in for anybody."""
        return self.may(permission) and permission in permissions(self.role, self.own_roles)

    def for_whom(self, *permissions_used: Permission) -> str:
        """Whom this person stands in for when they use a permission; empty when they use it in their own right."""
        for permission in permissions_used:
            if self.may(permission) and not self.may_of_own(permission):
                return next(
                    name for role, name in self.acting_for.items() if permission in BY_PARTICIPANT_ROLE[role]
                )
        return ""

    def written_name(self, *permissions_used: Permission) -> str:
        """The name under a signature or in the trail: "Sam Okafor", or "Sam Okafor for Mara Voss".

        Without permissions it goes by what this seat was asked for last.
        """
        principal = self.for_whom(*(permissions_used or self._asked))
        return f"{self.user.name} for {principal}" if principal else self.user.name

    def in_engagement(
        self,
        side: Side,
        roles: frozenset[ParticipantRole],
        acting_for: Mapping[ParticipantRole, str] | None = None,
    ) -> "Seat":
        return replace(self, side=side, participant_roles=roles, acting_for=acting_for or {}, _asked=[])
