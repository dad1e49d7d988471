"""The KPIs page, the rows behind a figure, and the two moments at which figures are judged for good."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.ui import address
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept import Parts, drawn, place_of
from engagements.kept_page import kept_for_reader
from engagements.masking import OPEN
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force
from engagements.stages import Stage
from kpis import costs_page, periods, selectors
from kpis import numbers_page as page
from kpis import numbers_pictures as pictures
from kpis.costs import costs
from kpis.forms.numbers import PeriodForm
from kpis.funnel import Funnel, Rate
from kpis.hours_page import cost_rests_on
from kpis.models import CallRecord
from kpis.rules import REVIEW_DAYS, FreezeFacts, freeze_blockers, period_of
from kpis.selectors import breakdowns, talks
from kpis.selectors.numbers import day_counts
from kpis.selectors.outcomes import standing
from kpis.selectors.prices import all_prices, as_prices, hours_behind, priced
from kpis.selectors.rows import Figure, Place, RowsPage, rows_page
from kpis.selectors.signals import limits_within
from kpis.services.baseline import freeze_baseline, review_targets
from kpis.since_frozen import since_frozen
from kpis.talks import METHOD
from kpis.telling.talk import talk_cell

MOST_CHANGES = 50
# The pieces of the KPIs page that are kept.
PIECES = ("lead", "top", "figures", "contracts", "frozen_at", "against", "changed", "unfrozen")
KEPT_AS = "KPIs"


@login_required
@require_safe
def numbers(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Are we on target, and what holds us back?"""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    return _numbers_page(request, engagement, seat)


@posted_from("kpis:numbers", "engagement_id")
def freeze(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Freeze the baseline of days 11 to 30."""
    engagement, seat = open_engagement(request, engagement_id, Permission.FREEZE_BASELINE)
    try:
        freeze_baseline(engagement=engagement, by=seat)
    except Refused as refusal:
        return _numbers_page(request, engagement, seat, reasons=refusal.reasons)
    opened = selectors.open_findings(engagement).filter(review_day=30).count()
    return _judged(request, engagement, "The baseline of days 11–30 is frozen.", opened)


@posted_from("kpis:numbers", "engagement_id")
def review(request: TenantRequest, engagement_id: UUID, day: int) -> HttpResponse:
    """Hold days 31–60 or 61–90 against their targets."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    try:
        opened = review_targets(engagement=engagement, by=seat, day=day)
    except Refused as refusal:
        return _numbers_page(request, engagement, seat, reasons=refusal.reasons)
    return _judged(
        request, engagement, f"The days up to day {day} are checked against their targets.", len(opened)
    )


def _judged(request: TenantRequest, engagement: Engagement, done: str, opened: int) -> HttpResponseRedirect:
    """Say what follows from a judgement, and go where it is dealt with."""
    if opened:
        ask = "asks" if opened == 1 else "ask"
        text = f"{done} {plural(opened, 'metric')} below target {ask} for a root cause and a fix."
        messages.success(request, text)
        return redirect("kpis:findings", engagement.public_id)
    messages.success(request, f"{done} No further metric is below target.")
    return redirect("kpis:numbers", engagement.public_id)


def _numbers_page(
    request: TenantRequest, engagement: Engagement, seat: Seat, reasons: list[str] | None = None
) -> HttpResponse:
    """What is kept answers whoever asks for no period; any other question is answered anew."""
    if request.GET:
        shown, wrong = _shown(engagement, request.GET)
    else:
        parts = Parts(engagement, clock.today(engagement.zone))
        shown = parts.page(KEPT_AS, OPEN, make=lambda: _shown(engagement, QueryDict())[0])
        wrong = False
    first, last = map(date.fromisoformat, shown["period"])
    context = {
        **shown,
        **{name: mark_safe(shown[name]) for name in PIECES},  # noqa: S308  our own templates set them
        "engagement": engagement,
        "reasons": reasons or [],
        "may_answer": seat.may(Permission.ANSWER_FINDING),
        "can_freeze": seat.may(Permission.FREEZE_BASELINE) and shown["ready"],
        # People may change their names, and no line of this trail would make a piece old that holds them.
        "frozen_by": selectors.who_froze(engagement) if shown["frozen"] else "",
        "imports": []
        if shown["from_totals"]
        else list(selectors.imports_behind(engagement, first, last)[:20]),
    }
    return render(request, "kpis/numbers.html", context, status=422 if reasons or wrong else 200)


def _shown(engagement: Engagement, asked: QueryDict) -> tuple[dict[str, Any], bool]:
    """The page as everybody sees it, its pieces as HTML and the rest as JSON; and whether what was asked is wrong."""
    brief = brief_in_force(engagement)
    if brief:
        prefetch_related_objects([brief], "metrics")  # the figures are judged more than once
    metrics = selectors.metrics_of(brief)
    form = PeriodForm(asked, metrics=metrics)
    first, last = _period(form, engagement)
    funnel = selectors.funnel(engagement, first, last, brief)
    chosen = page.chosen_rate(funnel, form.cleaned_data.get("metric", ""))
    changes = list(selectors.restatements(engagement, first, last)[:MOST_CHANGES])
    around: dict[str, Any] = {
        "engagement": engagement,
        "head": place_of(engagement, clock.today(engagement.zone)),
        "form": form,
        "funnel": funnel,
        "restated": [(change, page.restated_words(change.before, change.after)) for change in changes],
        "brief": brief,
        "contracts": page.contract_rows(metrics),
        "measured": any(metric.measured for metric in metrics),
        "entered": any(not metric.from_calls and not metric.measured for metric in metrics),
        "contract_columns": page.CONTRACT_COLUMNS,
        **_figures(funnel, engagement, chosen, {change.day for change in changes}),
        **_charts(funnel, engagement, brief, chosen, whole=_named(form) == periods.ALL),
        **_standing(engagement, funnel, brief),
        **_spent(engagement, funnel),
    }
    return {
        **{name: drawn(f"kpis/_numbers_{name}.html", OPEN, **around) for name in PIECES},
        "period": (first.isoformat(), last.isoformat()),
        "frozen": around["frozen"] is not None,
        "ready": around["frozen"] is None and not around["freeze_reasons"],
        **{name: around[name] for name in ("open_findings", "reviews", "from_totals")},
    }, bool(form.errors)


def _period(form: PeriodForm, engagement: Engagement) -> tuple[date, date]:
    """The dates asked for; where the form is wrong, all of them, with the form's own words beside."""
    name = _named(form)
    if name == periods.CUSTOM:
        return form.cleaned_data["first"], form.cleaned_data["last"]
    span = selectors.span_of_data(engagement) if name == periods.ALL else None
    return periods.named_period(name, selectors.calendar_of(engagement), clock.today(engagement.zone), span)


def _named(form: PeriodForm) -> str:
    return str(form.cleaned_data.get("period", periods.ALL)) if form.is_valid() else periods.ALL


def _charts(
    funnel: Funnel, engagement: Engagement, brief: CampaignBrief | None, chosen: Rate | None, *, whole: bool
) -> dict[str, Any]:
    """The chosen rate by day, within control limits where there are enough days, and by lead source."""
    if chosen is None:
        return {"trend": None, "by_source": None}
    judged = limits_within(engagement, funnel, chosen, brief, whole=whole) if chosen.from_calls else None
    return {
        "trend": pictures.trend(funnel, chosen, judged),
        "trend_limits": judged is not None and bool(judged.judged) and funnel.days <= pictures.MOST_POINTS,
        "by_source": pictures.by_source(funnel, chosen),
    }


def _figures(
    funnel: Funnel, engagement: Engagement, chosen: Rate | None, restated: set[date]
) -> dict[str, Any]:
    """Everything on the page that is made from the funnel alone."""

    def rows_url(first: date, last: date, stage: Stage, source: str | None) -> str:
        query = {"first": first, "last": last, "stage": stage.key}
        named = {} if source is None else {"source": source}
        return f"{address('kpis:rows', engagement.public_id)}?{urlencode(query | named)}"

    today = clock.today(engagement.zone)
    most = 2 * len(restated) > len([day for day in funnel.by_day if day.has_data])
    days = page.day_rows(
        funnel, today, rows_url, () if most else restated
    )  # a mark on nearly all rows marks none
    return {
        "answer": page.verdict_sentences(funnel),
        "calibration": page.calibration_note(funnel),
        "stages": page.strip(funnel, rows_url),
        "counts": page.stage_counts(funnel, rows_url),
        "chosen": chosen,
        "columns": page.columns(funnel),
        "elsewhere": page.elsewhere(funnel),
        "elsewhere_columns": ("Counted as", "Target", "Figure"),
        "source_rows": page.source_rows(funnel, rows_url),
        "day_rows": days,
        "days_restated": len(restated),
        "days_left_out": max(0, sum(day.day <= today for day in funnel.by_day) - len(days)),
    }


def _spent(engagement: Engagement, funnel: Funnel) -> dict[str, Any]:
    """What one of each stage cost, and how long was spoken. Three queries, six at most where there are prices."""
    versions = all_prices(engagement)
    by_source: dict[str, list[tuple[date, tuple[int | None, ...]]]] = {}
    for row in day_counts(engagement, funnel.first, funnel.last) if versions else ():
        by_source.setdefault(row.source or page.NO_SOURCE, []).append((row.day, row.counts))
    covered = hours_behind(engagement, versions, funnel.first, funnel.last)
    paid = [
        (name, costs(priced(versions, days, covered, besides=False)))
        for name, days in sorted(by_source.items())
    ]
    found = costs(priced(versions, [(day.day, day.counts) for day in funnel.by_day], covered))
    spoken = breakdowns.segment(engagement, funnel.first, funnel.last, ("", ""), "")
    middle = talks.talk_times(engagement, funnel.first, funnel.last) if spoken and spoken.talked else None
    return {
        "has_prices": bool(versions),
        "cost": costs_page.cost_sentence(found),
        "cost_covers": costs_page.coverage_sentence(found),
        "cost_rows": costs_page.cost_rows(found, by_hours=bool(covered.days)),
        "cost_rests_on": cost_rests_on(covered, [as_prices(row) for row in versions]),
        "cost_columns": costs_page.COLUMNS,
        "cost_sources": costs_page.source_rows(paid) if len(paid) > 1 else [],
        "cost_source_columns": costs_page.source_columns(),
        "talk": talk_cell(spoken.talk_s, spoken.talked, middle) if spoken else None,
        "talk_method": METHOD,
    }


def _standing(engagement: Engagement, funnel: Funnel, brief: CampaignBrief | None) -> dict[str, Any]:
    """What is frozen, and what is open."""
    frozen = selectors.baseline(engagement)
    calendar, today = selectors.calendar_of(engagement), clock.today(engagement.zone)
    first, last = period_of(30, calendar)
    covered = selectors.coverage(engagement, first, last)
    own = brief is not None and not any(
        metric.from_calls or metric.measured for metric in selectors.metrics_of(brief)
    )
    facts = FreezeFacts(
        calendar=calendar,
        cleared=engagement.cleared,
        today=today,
        brief_version=brief.version if brief else None,
        dials=covered.dials,
        from_calls=not own,
        days=selectors.funnel(engagement, first, last, brief).days_with_data if own else 0,
        frozen_on=frozen.frozen_on if frozen else None,
    )
    reasons = [] if frozen else freeze_blockers(facts)
    since = ""
    if frozen:
        shown = (funnel.first, funnel.last) == (frozen.funnel.first, frozen.funnel.last)
        now = (
            funnel if shown else selectors.funnel(engagement, frozen.funnel.first, frozen.funnel.last, brief)
        )
        since = since_frozen(frozen.funnel.stages, now.stages)
    return {
        "frozen": frozen,
        "frozen_rows": page.verdict_rows(frozen.funnel) if frozen else [],
        "came_since": since,
        "baseline_day": last,
        "baseline_partial": frozen is not None and frozen.frozen_on <= last,
        "day_not_over": next((day for day in REVIEW_DAYS if calendar.date_of(day) == today), None),
        "baseline_due": today >= last,
        "coverage": covered,
        "from_totals": own,
        "total_days": facts.days,
        "freeze_reasons": reasons,
        "open_findings": selectors.open_findings(engagement).count(),
        "reviews": [day for day in (60, 90) if selectors.missing_findings(engagement, day, brief)],
    }


def _told_later(engagement: Engagement, calls: Sequence[CallRecord]) -> dict[int, str]:
    """Who told afterwards what became of a transfer, by the call's key. One query where any of them is one."""
    keys = [call.call_key for call in calls if call.depth >= Stage.TRANSFER]
    told = standing(engagement, keys) if keys else {}
    return {
        key: f"reported later by {one.by_name}" + ("’s file" if one.sheet_id else "")
        for key, one in told.items()
    }


@login_required
@require_safe
@kept_for_reader
def rows(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The call rows that one figure was counted from."""
    engagement, _ = open_engagement(request, engagement_id)
    asked, after = _asked(request.GET)
    days = periods.within(
        (asked.first, asked.last), selectors.calendar_of(engagement), selectors.span_of_data(engagement)
    )
    figure = replace(asked, first=days[0], last=days[1]) if days else asked
    reasons = periods.rows_gaps(asked.first, asked.last, within=days)
    found = RowsPage(None, [], None) if reasons else rows_page(engagement, figure, after)
    later = _told_later(engagement, found.rows)
    query = request.GET.copy()
    if found.following:
        query["after"] = f"{found.following.day}.{found.following.pk}"
    context = {
        "engagement": engagement,
        "figure": figure,
        "page": found,
        "calls": [(call, Stage(call.depth).label, later.get(call.call_key, "")) for call in found.rows],
        "source": figure.source or page.NO_SOURCE,
        "next_query": query.urlencode() if found.following else "",
        "continued": after is not None,
        "imports": []
        if reasons
        else list(selectors.imports_behind(engagement, figure.first, figure.last)[:20]),
        "reasons": reasons,
    }
    return render(request, "kpis/rows.html", context, status=422 if reasons else 200)


def _asked(query: QueryDict) -> tuple[Figure, Place | None]:
    """The figure that an address names. Raises Http404 for one that names none."""
    try:
        if "\0" in query.get("source", ""):
            raise ValueError("no lead source has such a name")
        figure = Figure(
            first=date.fromisoformat(str(query["first"])),
            last=date.fromisoformat(str(query["last"])),
            stage=Stage[query.get("stage", Stage.DIAL.key).upper()],
            source=query.get("source"),
        )
        if "after" not in query:
            return figure, None
        day, _, pk = str(query["after"]).partition(".")
        return figure, Place(date.fromisoformat(day), int(pk))
    except (KeyError, ValueError) as error:
        raise Http404("There is no such figure.") from error
