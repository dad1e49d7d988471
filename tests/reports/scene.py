"""Short ways to deliverables in a given state."""

from accounts.models import User
from reports import services
from reports.models import Deliverable
from reports.snapshots import Kind
from tests.factories import Cast
from tests.milestones.scene import as_person


def asked(cast: Cast, kind: Kind, user: User | None = None) -> Deliverable:
    """A new version, not made yet."""
    user = user or cast.campaign_manager
    with as_person(cast, user):
        return services.request_deliverable(engagement=cast.engagement, kind=kind, by=cast.seat(user))


def reloaded(cast: Cast, deliverable: Deliverable) -> Deliverable:
    """The deliverable as it stands now."""
    with as_person(cast, cast.client_lead):
        return Deliverable.objects.select_related("job").get(pk=deliverable.pk)
