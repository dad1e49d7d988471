"""How an organisation comes into being without being invited: by a command on the server."""

from django.db import transaction

from common.names import checked_name
from tenancy import context

from . import trail
from .models import Membership, Organisation, User
from .roles import OrganisationRole
from .seat import Seat


@transaction.atomic
def found_organisation(*, name: str, admin: User, address: str = "command line") -> Seat:
    """A new organisation with this person as its administrator. Returns their seat in it.

    Raises Refused for a name that is none.
    """
    with context.entered(user_id=admin.pk):
        organisation = Organisation(pk=context.new_organisation_id(own=True), name=checked_name(name))
        organisation.save(force_insert=True)
        Membership.objects.create(organisation=organisation, user=admin, role=OrganisationRole.ADMIN)
        seat = Seat(admin, organisation, OrganisationRole.ADMIN, address)
        trail.record(
            by=seat, action="organisation.founded", subject=organisation.name, after={"admin": admin.email}
        )
    return seat
