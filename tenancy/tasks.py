"""What Celery calls: one task that does a job, one that sweeps up."""

from celery import shared_task

from . import jobs

HAND_OVER_SECONDS = 60


@shared_task(name="tenancy.run_job", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: int) -> None:
    """Do one job of the outbox. Safe to deliver twice."""
    jobs.run(job_id, shared=True)


@shared_task(name="tenancy.sweep", ignore_result=True)
def sweep() -> int:
    """Hand over again what nobody has finished. Returns how many."""
    due = jobs.due()
    for job_id, handler in due:
        # While no worker takes them, each sweep hands the same jobs over again: old messages may not pile up.
        run_job.apply_async((job_id,), expires=HAND_OVER_SECONDS, priority=jobs.priority(handler))
    return len(due)
