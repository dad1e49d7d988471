"""Background work on calls."""

from functools import partial
from typing import Any

from django.dispatch import receiver

from accounts import trail
from accounts.models import User
from accounts.seat import Seat
from engagements.access import seat_for
from kpis.imports import service
from kpis.imports.parse import parse_calls
from kpis.services import windows
from tenancy import context, jobs


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
        by = seat_for(User.objects.get(pk=run.job.user_id), task.batch.engagement, address="by itself")
        service.write(task=task, parsed=parsed, by=by)


@receiver(trail.written, dispatch_uid="kpis.windows")
def judge_again(*, by: Seat, engagement_id: int | None, action: str, **_: Any) -> None:
    """After what changes calls or rules: have the calls checked against the calling windows again."""
    if engagement_id is not None and action in windows.TOUCHES:
        # The meaning of codes changes how many calls were abandoned, and only that is looked for on every day.
        drops = action == "disposition.changed"
        context.at_the_end(
            ("windows", engagement_id, drops),
            partial(windows.ask, engagement_id=engagement_id, by=by, drops=drops),
        )


@jobs.handler(windows.HANDLER, later=True)
def judge_windows(run: jobs.Run) -> None:
    """Judge the days that are out of date. A second run finds them judged; when somebody waits for a worker, the rest
    of them is work for later."""

    def step_aside() -> bool:
        if not run.others_wait():
            return False
        with run.entered():
            run.go_on_later(drops=0)
        return True

    windows.judge_stale(
        engagement_id=int(run.job.engagement_id or 0),
        drops=bool(run.arguments.get("drops")),
        entered=run.entered,
        progress=lambda done, total: run.progress(
            done, total, "Holding the calls against the calling windows"
        ),
        step_aside=step_aside,
    )
