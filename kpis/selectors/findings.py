"""What is below target, and how it was answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from common import clock
from common.days import CALIBRATION_LAST_DAY, local_date
from engagements.models import CampaignBrief, Engagement
from kpis.funnel import Funnel, Rate, Verdict
from kpis.funnel_json import from_json
from kpis.models import Baseline, Cause, Finding, FindingState, Fix
from kpis.rules import REVIEW_DAYS, CauseFacts, answer_lacks, period_of
from kpis.selectors.numbers import calendar_of, funnel
from kpis.since_frozen import since_frozen


@dataclass(frozen=True, slots=True)
class ImportNote:
    """An import as the frozen baseline remembers it."""

    file_name: str
    sha256: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class FrozenBaseline:
    """The day-30 numbers as they were frozen. `calls` counts dials."""

    funnel: Funnel
    imports: tuple[ImportNote, ...]
    brief_version: int
    content_hash: str
    frozen_by: str
    frozen_at: datetime
    frozen_on: date
    calls: int


def who_froze(engagement: Engagement) -> str:
    """The name of whoever froze the baseline, as it is now. One query."""
    return Baseline.objects.values_list("frozen_by__name", flat=True).get(engagement=engagement)


def baseline(engagement: Engagement) -> FrozenBaseline | None:
    """The frozen baseline; None before it is frozen. One query."""
    return baselines([engagement]).get(engagement.pk)


def baselines(engagements: Iterable[Engagement]) -> dict[int, FrozenBaseline]:
    """The frozen baselines of many engagements, by the engagement's id. One query."""
    zones = {engagement.pk: engagement.zone for engagement in engagements}
    found = Baseline.objects.select_related("brief", "frozen_by").filter(engagement__in=list(zones))
    return {each.engagement_id: _as_frozen(each, zones[each.engagement_id]) for each in found}


def _as_frozen(found: Baseline, zone: str) -> FrozenBaseline:
    numbers = from_json(found.numbers["funnel"])
    return FrozenBaseline(
        funnel=numbers,
        imports=tuple(ImportNote(**note) for note in found.numbers["imports"]),
        brief_version=found.brief.version,
        content_hash=found.content_hash,
        frozen_by=found.frozen_by.name,
        frozen_at=found.frozen_at,
        frozen_on=local_date(found.frozen_at, zone),
        calls=numbers.dials or 0,
    )


def funnel_of_frozen(engagement: Engagement, frozen: FrozenBaseline) -> Funnel:
    """The days of a frozen baseline as they stand now. The queries of `funnel`."""
    return funnel(engagement, frozen.funnel.first, frozen.funnel.last)


def came_since(engagement: Engagement, frozen: FrozenBaseline) -> str:
    """What came in since a baseline was frozen, in a sentence; empty where its figures would be the same today."""
    return since_frozen(frozen.funnel.stages, funnel_of_frozen(engagement, frozen).stages)


def findings(engagement: Engagement, review_day: int | None = None) -> QuerySet[Finding]:
    """The findings of an engagement, or of one review, with brief, metrics, causes, fixes and their owners.

    Four queries.
    """
    found = findings_of([engagement.pk])
    return found if review_day is None else found.filter(review_day=review_day)


def findings_of(engagements: Iterable[int]) -> QuerySet[Finding]:
    """The same of many engagements, by their ids. Four queries."""
    found = Finding.objects.filter(engagement__in=list(engagements))
    return found.select_related("brief").prefetch_related(
        "brief__metrics", Prefetch("causes__fixes", Fix.objects.select_related("owner"))
    )


def said(finding: Finding) -> list[Cause]:
    """What the present answer says about either side; earlier rounds left out. From what `findings` has read."""
    return [cause for cause in finding.causes.all() if cause.round == finding.round]


def lacks(finding: Finding) -> list[str]:
    """What is missing from the present answer, as parts of a sentence; nothing once it is answered."""
    if finding.answered_at is not None:
        return []
    facts = [CauseFacts(cause.side, cause.found, bool(cause.fixes.all())) for cause in said(finding)]
    return answer_lacks(finding.metric_key, facts)


def open_fixes(finding: Finding) -> list[Fix]:
    """The fixes of the present answer that are still to be done, by people who still take part. From what `findings`
    has read.
    """
    fixes = [fix for cause in said(finding) for fix in cause.fixes.all()]
    return [fix for fix in fixes if fix.done_on is None and fix.owner.ended_at is None]


def all_done(finding: Finding) -> bool:
    """Whether every fix of the present answer is done, but not verified. From what `findings` has read."""
    return finding.state == FindingState.FIXING and all(
        fix.done_on for cause in said(finding) for fix in cause.fixes.all()
    )


def open_findings(engagement: Engagement) -> QuerySet[Finding]:
    """The findings that have no answer yet."""
    return findings(engagement).filter(answered_at__isnull=True)


def gate_verdicts(engagement: Engagement, day: int, brief: CampaignBrief | None = None) -> list[Rate]:
    """Every metric with a target as a gate of day 30, 60 or 90 judges it; empty while that cannot be said.

    Day 30 is what the frozen baseline says. Days 60 and 90 are judged over days 31-60 and 61-90 by the brief in
    force (`brief` spares fetching that), from the data as it is now, once the day has come.
    """
    numbers = _frozen(engagement) if day == CALIBRATION_LAST_DAY else _live(engagement, day, brief)
    return [rate for rate in numbers.stages if rate.target is not None] if numbers else []


def figures_so_far(engagement: Engagement, day: int) -> Funnel | None:
    """What a gate of day 30, 60 or 90 would judge if it judged today; None before its days have begun."""
    if day not in REVIEW_DAYS:
        return None
    first, last = period_of(day, calendar_of(engagement))
    today = clock.today(engagement.zone)
    return funnel(engagement, first, min(last, today)) if first <= today else None


def missing_findings(
    engagement: Engagement, review_day: int, brief: CampaignBrief | None = None
) -> list[Rate]:
    """The missed rates of a review for which nobody has opened a finding yet."""
    missed = [rate for rate in gate_verdicts(engagement, review_day, brief) if rate.verdict is Verdict.MISSED]
    if not missed:
        return []
    opened = Finding.objects.filter(engagement=engagement, review_day=review_day)
    known = set(opened.values_list("metric_key", flat=True))
    return [rate for rate in missed if rate.key not in known]


def _frozen(engagement: Engagement) -> Funnel | None:
    found = baseline(engagement)
    return found.funnel if found else None


def _live(engagement: Engagement, day: int, brief: CampaignBrief | None) -> Funnel | None:
    if day not in REVIEW_DAYS:
        return None
    first, last = period_of(day, calendar_of(engagement))
    return funnel(engagement, first, last, brief) if clock.today(engagement.zone) >= last else None
