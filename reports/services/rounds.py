"""The rounds of a day: in the evening its report and maybe the week's, and soon after a change what has changed."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from engagements.locking import hold
from engagements.models import Engagement
from reports.evenings import Due, News, Slot, again, due_on, evenings_of, first_news, has_figures, newest
from reports.models import Deliverable, ReportSubscription
from reports.selectors.evening import figures, figures_by_day, figures_of
from reports.selectors.rounds import day_facts, rounds_due, told_days, told_weeks
from reports.selectors.snapshot import take_snapshot
from reports.shift_lines import about as about_text
from reports.snapshots import Kind, Told, digest, freeze
from tenancy import jobs
from tenancy.models import Job, JobState

from .deliverables import enqueue_build

ROUND = "reports.round"
# How long further changes of the same figures are waited for before the days are told again.
COLLECTING = timedelta(minutes=10)
# After these lines of the trail a day may no longer be what its report says.
TOUCHES = frozenset(
    {
        "import.finished",
        "import.removed",
        "disposition.changed",
        "totals.entered",
        "sheet.taken_in",
        "sheet.taken_back",
        "closer_link.told",
    }
)
DAYS_OFF = timedelta(days=3)


def ask_for_rounds() -> int:
    """Ask for the rounds that are due now. The same engagement, slot and day again find the same job."""
    due = rounds_due(clock.now())
    for each in due:
        with transaction.atomic():
            jobs.enqueue(
                handler=ROUND, key=f"{ROUND}:{each.slot}:{each.day}", user_id=each.user_id,
                organisation_id=each.organisation_id, engagement_id=each.engagement_id, slot=each.slot,
                day=each.day.isoformat(),
            )  # fmt: skip
    return len(due)


def ask_again(*, engagement_id: int, by: Seat) -> None:
    """Have what was told looked at again a little later; what changes until then joins in.

    The row of a round that waits already is held until this transaction ends, so that it cannot begin before it sees
    what is written here.
    """
    if not Deliverable.objects.filter(engagement=engagement_id, kind=Kind.DAILY).exists():
        return
    waiting = Job.objects.select_for_update().filter(
        engagement_id=engagement_id, key__startswith=f"{ROUND}:{Slot.CHANGED}:", state=JobState.QUEUED
    )
    if list(waiting[:1]):
        return
    jobs.enqueue(
        handler=ROUND, key=f"{ROUND}:{Slot.CHANGED}:{uuid4()}", user_id=by.user.pk, organisation_id=by.organisation.pk,
        engagement_id=engagement_id, after=COLLECTING, slot=Slot.CHANGED.value, day="",
    )  # fmt: skip


@transaction.atomic
def hold_round(*, engagement: Engagement, by: Seat, slot: Slot, day: date | None = None) -> list[Deliverable]:
    """Make what is due, and again what no longer says what is so. A second run finds everything made.

    In the evening and the morning it is made in the name of somebody who is subscribed: that is what they asked for.
    After a change it is made in the name of whoever changed the figures.
    """
    by.require(Permission.VIEW)
    engagement = hold(engagement.pk)
    evening = day if slot is Slot.EVENING else None
    newest_told = newest(engagement.report_at, engagement.zone, clock.now())
    made = _changed(engagement, by, slot, evening - timedelta(days=1) if evening else newest_told)
    return [*made, *_due(engagement, by, evening)] if evening else made


def _due(engagement: Engagement, by: Seat, evening: date) -> list[Deliverable]:
    """What this evening brings, and what it makes up for."""
    own = ReportSubscription.objects.filter(engagement=engagement, user=by.user)
    since = own.values_list("since", flat=True).first()
    reports = Deliverable.objects.filter(engagement=engagement, about__isnull=False)
    made: list[Deliverable] = []
    for on in evenings_of(evening, engagement.report_at, engagement.zone, since):
        if on != evening and reports.filter(kind=Kind.DAILY, about=on).exists():
            continue
        facts = day_facts(engagement, on)
        for due in due_on(facts):
            if not reports.filter(kind=due.kind, about=due.last).exists():
                news = first_news(facts, on_time=on == evening) if due.kind is Kind.DAILY else News.NONE
                made.append(_make(engagement, due, by, Slot.EVENING, news))
    return made


def _changed(engagement: Engagement, by: Seat, slot: Slot, until: date) -> list[Deliverable]:
    """A new version of every day whose figures are no longer what its newest report says, and of its week.

    A day off, which has no report without calls, has its first when they come after its evening, up to `until`.
    """
    told = told_days(engagement)
    if not told:
        return []
    made: list[Deliverable] = []
    last = max(told) if until < max(told) else min(until, max(told) + DAYS_OFF)
    for day, now in sorted(figures_by_day(engagement, min(told), last).items()):
        earlier, frozen = told.get(day, (None, None))
        if frozen is not None:
            news = again(frozen, now)
        else:
            news = News.LATE if has_figures(now) and _off(engagement, day, told) else None
        if news:
            made.append(_make(engagement, Due(Kind.DAILY, day, day), by, slot, news, earlier))
    changed = {one.about for one in made}
    for (first, last), before in sorted(told_weeks(engagement).items()):
        of_days = any(on and first <= on <= last for on in changed)
        if of_days or again(figures(before.counts, before.rates), figures_of(engagement, first, last)):
            due = Due(Kind.WEEKLY, first, last)
            made.append(_make(engagement, due, by, slot, News.RESTATED, before))
    return made


def _off(engagement: Engagement, day: date, told: Collection[date]) -> bool:
    """Whether it is a day off right after days that were told: not one from a time when nobody asked."""
    return not engagement.work.works(day) and any(day - DAYS_OFF <= one < day for one in told)


def _make(
    engagement: Engagement, due: Due, by: Seat, slot: Slot, news: News, earlier: Told | None = None
) -> Deliverable:
    kind, about = due.kind, due.last
    existing = Deliverable.objects.filter(engagement=engagement, kind=kind, about=about)
    version = (existing.aggregate(last=Max("version"))["last"] or 0) + 1
    snapshot = take_snapshot(
        engagement, kind, version=version, period=(due.first, due.last), news=news, earlier=earlier
    )
    deliverable = Deliverable.objects.create(
        engagement=engagement, kind=kind, version=version, about=about, label=about_text(snapshot), news=news.value,
        snapshot=freeze(snapshot), snapshot_sha256=digest(snapshot), created_by=by.user,
    )  # fmt: skip
    enqueue_build(deliverable, by)
    trail.record(
        by=by, action="report.made_again" if slot is Slot.CHANGED else "report.made", subject=str(deliverable),
        engagement_id=engagement.pk,
        after={
            "kind": kind.value, "about": about.isoformat(), "version": version, "news": news.value,
            "snapshot_sha256": deliverable.snapshot_sha256,
        },
    )  # fmt: skip
    return deliverable
