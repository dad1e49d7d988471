"""Background work on samples."""

from uuid import UUID

from accounts.chairs import chairs_of
from accounts.models import Organisation, User
from accounts.roles import Side
from accounts.seat import Seat
from tenancy import jobs
from workspace import services
from workspace.selectors.samples import ADD, REMOVE


@jobs.handler(ADD)
def add_sample(run: jobs.Run) -> None:
    """Make the sample that somebody asked for. Killed in the middle it leaves nothing; a second run finds it made."""
    with run.entered():
        services.make_sample(by=_seat(run), side=Side(run.arguments["side"]), public_id=run.job.public_id)


@jobs.handler(REMOVE)
def remove_sample(run: jobs.Run) -> None:
    """Remove the sample, then its files. A second run finds nothing, and looks for the files again."""
    with run.entered():
        gone = services.remove_sample(by=_seat(run))
    named = run.arguments.get("engagement")
    for public_id in {*gone, *([UUID(named)] if named else [])}:
        services.remove_files(public_id)
    with run.entered():
        # Done: nothing names what is gone any more.
        run.job.arguments = {}
        run.job.save(update_fields=["arguments"])


def _seat(run: jobs.Run) -> Seat:
    """The seat of whoever asked, in the organisation for which they asked."""
    user = User.objects.get(pk=run.job.user_id)
    chair = next(chair for chair in chairs_of(user.pk) if chair.organisation_id == run.job.organisation_id)
    organisation = Organisation.objects.get(pk=chair.organisation_id)
    return Seat(user, organisation, chair.role, "by itself")
