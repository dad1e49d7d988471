"""What waits for one person, read in their own context. The number of queries does not grow with the engagements."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from accounts.models import User
from common import clock
from engagements.masking import OPEN
from engagements.masks import masks_for
from engagements.models import Engagement
from reports import end_of_day, shift_lines, shift_parts, weekly_trend
from reports.digests import Digest, Part, Section
from reports.evenings import News
from reports.models import Cadence, Deliverable, ReportMail, ReportSubscription
from reports.render import compose
from reports.selectors.rounds import Unread, unread_of
from reports.snapshots import Kind, Snapshot, thaw

# Reports that found no way out for so long are not sent any more; they stay on their page.
STALE = timedelta(days=7)


def digest_for(user: User) -> Digest | None:
    """All reports that this person is subscribed to and that no mail has told of; None without any."""
    subscriptions = {one.engagement_id: one for one in ReportSubscription.objects.filter(user=user)}
    engagements = {
        one.pk: one
        for one in Engagement.objects.filter(pk__in=list(subscriptions))
        .select_related("client", "operator")
        .order_by("campaign", "pk")
    }
    found = _waiting(user, [subscriptions[pk] for pk in engagements])
    waiting = list({(one.engagement_id, one.kind, one.about): one for one in found}.values())
    if not waiting:
        return None
    masks = masks_for(engagements.values(), {pk: one.side for pk, one in subscriptions.items()})
    unread = unread_of(engagements.values())
    sections = []
    for pk, engagement in engagements.items():
        own = [report for report in waiting if report.engagement_id == pk]
        if not own:
            continue
        mask = masks.get(pk, OPEN)
        sections.append(
            Section(
                campaign=engagement.campaign,
                between=f"{engagement.client.name} and {engagement.operator.name}",
                parts=tuple(part_of(report, thaw(mask.data(report.snapshot)), engagement) for report in own),
                unread=tuple(unread_text(each) for each in unread[pk]),
                path=reverse("reports:evenings", args=[engagement.public_id]),
            )
        )
    return Digest(
        user_id=user.pk, name=user.name, address=user.email, sections=tuple(sections),
        items=tuple(str(report.public_id) for report in found),
    )  # fmt: skip


def _waiting(user: User, subscriptions: Iterable[ReportSubscription]) -> list[Deliverable]:
    """Every version that no mail has told of, the newest of each day last. Two queries."""
    told = {
        item
        for items in ReportMail.objects.filter(
            user=user, taken_at__gt=clock.now() - STALE - timedelta(days=1)
        ).values_list("items", flat=True)
        for item in items
    }
    since = {one.engagement_id: one for one in subscriptions}
    found = Deliverable.objects.filter(
        engagement__in=list(since), about__isnull=False, created_at__gt=clock.now() - STALE
    ).order_by("-kind", "about", "version")
    return [
        report
        for report in found
        if (report.kind == Kind.WEEKLY or since[report.engagement_id].cadence == Cadence.DAILY)
        and report.created_at >= since[report.engagement_id].since
        and str(report.public_id) not in told
    ]


def part_of(report: Deliverable, snapshot: Snapshot, engagement: Engagement) -> Part:
    """What the mail takes over from the paper that the PDF is set from."""
    paper, weekly = compose(snapshot), snapshot.kind is Kind.WEEKLY
    changed = shift_lines.changed_sentences(snapshot)
    beside = shift_parts.changes_table(snapshot) or (shift_parts.counts_table(snapshot) if weekly else None)
    known = shift_lines.has_calls(shift_lines.evening_of(snapshot))
    return Part(
        title=report.get_kind_display(),
        weekly=weekly,
        about=report.label,
        news=News(report.news),
        calibration=paper.calibration,
        verdict=paper.verdict,
        state=paper.verdict_state,
        says=tuple(filter(None, dict.fromkeys((paper.second_sentence, *changed)))),
        lines=(weekly_trend if weekly else end_of_day).lines(snapshot),
        figures=paper.figures if known else (),
        tables=(beside,) if beside and known else (),
        asks=paper.asks,
        path=reverse("reports:deliverable", args=[engagement.public_id, report.public_id]),
    )


def unread_text(unread: Unread) -> str:
    """ "Nobody of Harbour Homes has read the report of Thu 12 Mar · day 33." """
    return f"Nobody of {unread.organisation} has read the report of {unread.report.label}."
