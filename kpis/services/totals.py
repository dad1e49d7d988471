"""End-of-day totals of metrics that calls do not tell are entered by the operator, one day or a file at a time."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import plural
from engagements.locking import hold
from engagements.models import Engagement
from engagements.selectors import brief_in_force
from kpis.models import MetricTotal
from kpis.selectors.totals import latest_entries, own_metrics
from kpis.totals import OwnMetric, Total, read_totals, total_gaps


@transaction.atomic
def enter_totals(
    *,
    engagement: Engagement,
    by: Seat,
    totals: Sequence[Total],
    taken_back: Collection[tuple[str, date]] = (),
) -> int:
    """Keep totals of days, whole or not at all; return how many say something new.

    What was entered before stays readable; the newest entry of a metric and day counts. `taken_back` names the
    (metric, day) whose entry is withdrawn. Raises Refused with everything that is wrong.
    """
    by.require(Permission.IMPORT_CALLS)
    engagement = hold(engagement.pk)
    metrics = {metric.key: metric for metric in own_metrics(brief_in_force(engagement))}
    if not metrics:
        raise Refused("The signed brief has no metric that is counted by hand.")
    known = {key: row for key, row in latest_entries(engagement).items() if row.numerator is not None}
    reasons = _gaps(engagement, totals, metrics)
    if reasons:
        raise Refused(reasons)
    fresh = [
        total
        for total in totals
        if (row := known.get((total.key, total.day))) is None
        or (row.numerator, row.denominator) != (total.numerator, total.denominator)
    ]
    gone = [place for place in taken_back if place in known]
    if not fresh and not gone:
        return 0
    now = clock.now()
    rows: list[tuple[str, date, int | None, int]] = [
        (total.key, total.day, total.numerator, total.denominator) for total in fresh
    ]
    rows += [(key, day, None, 1) for key, day in gone]
    MetricTotal.objects.bulk_create(
        MetricTotal(
            engagement=engagement, metric_key=key, day=day, numerator=above, denominator=below, by=by.user,
            by_name=by.written_name(), at=now,
        )
        for key, day, above, below in rows
    )  # fmt: skip
    days = sorted({day for _, day, _, _ in rows})
    before = {_place(key, day): _said(known[key, day]) for key, day, _, _ in rows if (key, day) in known}
    trail.record(
        by=by,
        action="totals.entered",
        subject=f"Totals of {days[0]}" if len(days) == 1 else f"Totals of {plural(len(days), 'day')}",
        engagement_id=engagement.pk,
        before=before or None,
        after={
            _place(key, day): "taken back" if above is None else f"{above} / {below}"
            for key, day, above, below in rows
        },
    )
    return len(rows)


def enter_file(*, engagement: Engagement, by: Seat, text: str) -> int:
    """Keep the totals of a CSV file, whole or not at all. Raises Refused with the lines that are wrong."""
    by.require(Permission.IMPORT_CALLS)
    found, reasons = read_totals(text, own_metrics(brief_in_force(engagement)))
    if reasons:
        raise Refused(reasons)
    return enter_totals(engagement=engagement, by=by, totals=found)


def _gaps(engagement: Engagement, totals: Sequence[Total], metrics: dict[str, OwnMetric]) -> list[str]:
    today = clock.today(engagement.zone)
    reasons = []
    if not engagement.cleared:
        reasons.append("The day-10 gate has not passed: live work has not begun.")
    for total in totals:
        metric = metrics.get(total.key)
        if metric is None:
            reasons.append("The brief has no such metric that is counted by hand.")
        else:
            reasons += total_gaps(total, metric, launched_on=engagement.launch_on, today=today)
    return list(dict.fromkeys(reasons))


def _place(key: str, day: date) -> str:
    return f"{key} {day.isoformat()}"


def _said(row: MetricTotal) -> str:
    return f"{row.numerator} / {row.denominator}"
