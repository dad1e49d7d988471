"""Background work on calls."""

from accounts.models import User
from engagements.access import seat_for
from kpis.imports import service
from kpis.imports.parse import parse_calls
from tenancy import jobs


@jobs.handler(service.HANDLER)
def read_calls(run: jobs.Run) -> None:
    """Read one uploaded call log. Nothing is written before everything is read; a second run adds nothing."""
    with run.entered():
        task = service.prepare(int(run.arguments["import_id"]))
    parsed = parse_calls(
        task.data, task.settings, progress=lambda done, total: run.progress(done, total, "Reading the rows")
    )
    run.progress(parsed.rows, parsed.rows, "Writing the calls")
    with run.entered():
        by = seat_for(User.objects.get(pk=run.job.user_id), task.batch.engagement, address="background work")
        service.write(task=task, parsed=parsed, by=by)
