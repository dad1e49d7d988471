"""Background work of reports: from a frozen snapshot to a file."""

from accounts.models import User
from engagements.access import seat_for
from reports import services
from reports.models import Deliverable
from reports.paper import summary_of
from reports.render import build_pdf, compose
from reports.snapshots import thaw
from tenancy import jobs

STEPS = 2


@jobs.handler(services.HANDLER)
def build(run: jobs.Run) -> None:
    """Make one version. It may run twice: the second run finds it finished, or makes the same bytes again."""
    with run.entered():
        deliverable = Deliverable.objects.get(pk=run.arguments["deliverable_id"])
        if deliverable.built_at is not None:
            return
        snapshot = thaw(deliverable.snapshot)
    run.progress(0, STEPS, "Setting the pages")
    paper = compose(snapshot)
    rendered = build_pdf(snapshot, paper)
    run.progress(1, STEPS, "Keeping the file")
    with run.entered():
        by = seat_for(User.objects.get(pk=run.job.user_id), deliverable.engagement, address="background work")
        services.finish(deliverable=deliverable, rendered=rendered, summary=summary_of(paper), by=by)
    run.progress(STEPS, STEPS, "Finished")
