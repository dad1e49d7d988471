"""The rounds of a day: in the evening its report (on Sunday the week's), morning and evening what has changed since."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from engagements.locking import hold
from engagements.models import Engagement
from reports.evenings import News, Slot, again, due_on, first_news, week_of
from reports.models import Deliverable
from reports.selectors.evening import figures_by_day
from reports.selectors.rounds import day_facts, rounds_due, told_days, told_week
from reports.selectors.snapshot import take_snapshot
from reports.shift_lines import about as about_text
from reports.snapshots import Kind, Told, digest, freeze
from tenancy import jobs

from .deliverables import enqueue_build

ROUND = "reports.round"


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


@transaction.atomic
def hold_round(*, engagement: Engagement, by: Seat, day: date, slot: Slot) -> list[Deliverable]:
    """Make what is due, and again what no longer says what is so. A second run finds everything made.

    It is made in the name of somebody who is subscribed: that is what they asked for.
    """
    by.require(Permission.VIEW)
    engagement = hold(engagement.pk)
    made = _changed(engagement, by)
    if slot is Slot.EVENING:
        facts = day_facts(engagement, day)
        for kind in due_on(facts):
            if not Deliverable.objects.filter(engagement=engagement, kind=kind, about=day).exists():
                news = first_news(facts) if kind is Kind.DAILY else News.NONE
                made.append(_make(engagement, kind, day, by, news))
    return made


def _changed(engagement: Engagement, by: Seat) -> list[Deliverable]:
    """A new version of every day whose figures are no longer what its newest report says, and of its week."""
    told = told_days(engagement)
    if not told:
        return []
    now = figures_by_day(engagement, min(told), max(told))
    made: list[Deliverable] = []
    for day, (earlier, frozen) in sorted(told.items()):
        if news := again(frozen, now[day]):
            made.append(_make(engagement, Kind.DAILY, day, by, news, earlier))
    sundays = {week_of(one.about, engagement.launch_on)[1] for one in made if one.about}
    for sunday in sorted(sundays):
        if before := told_week(engagement, sunday):
            made.append(_make(engagement, Kind.WEEKLY, sunday, by, News.RESTATED, before))
    return made


def _make(
    engagement: Engagement, kind: Kind, about: date, by: Seat, news: News, earlier: Told | None = None
) -> Deliverable:
    existing = Deliverable.objects.filter(engagement=engagement, kind=kind, about=about)
    version = (existing.aggregate(last=Max("version"))["last"] or 0) + 1
    snapshot = take_snapshot(engagement, kind, version=version, about=about, news=news, earlier=earlier)
    deliverable = Deliverable.objects.create(
        engagement=engagement, kind=kind, version=version, about=about, label=about_text(snapshot), news=news.value,
        snapshot=freeze(snapshot), snapshot_sha256=digest(snapshot), created_by=by.user,
    )  # fmt: skip
    enqueue_build(deliverable, by)
    trail.record(
        by=by, action="report.made", subject=str(deliverable), engagement_id=engagement.pk,
        after={
            "kind": kind.value, "about": about.isoformat(), "version": version, "news": news.value,
            "snapshot_sha256": deliverable.snapshot_sha256,
        },
    )  # fmt: skip
    return deliverable
