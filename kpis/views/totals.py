"""End-of-day totals of the metrics that calls do not tell: the operator enters them, both sides see them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.wording import figure_text, plural, rate_text
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.models import Engagement
from engagements.selectors import brief_in_force
from engagements.stages import Stage
from kpis.forms.totals import TotalsFileForm, TotalsForm
from kpis.models import MetricTotal
from kpis.selectors import totals as reads
from kpis.selectors.outside import held_against
from kpis.services import totals as services
from kpis.totals import OwnMetric

DAYS_HELD = 60


@login_required
@require_safe
@kept_for_reader
def totals(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What did each day come to, where calls do not tell it?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _page(request, engagement, seat)


@posted_from("kpis:totals", "engagement_id")
def enter(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep the totals of one day."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    form = TotalsForm(request.POST, metrics=reads.own_metrics(brief_in_force(engagement)))
    if form.is_valid():
        try:
            kept = services.enter_totals(
                engagement=engagement, by=seat, totals=form.totals(), taken_back=form.taken_back()
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            return _kept(request, engagement, kept)
    return _page(request, engagement, seat, form=form)


@posted_from("kpis:totals", "engagement_id")
def enter_file(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep the totals of a CSV file, whole or not at all."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    form = TotalsFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = services.enter_file(engagement=engagement, by=seat, text=form.cleaned_data["file"])
        except Refused as refusal:
            form.add_error("file", refusal.reasons)
        else:
            return _kept(request, engagement, kept)
    return _page(request, engagement, seat, file_form=form)


def _kept(request: TenantRequest, engagement: Engagement, kept: int) -> HttpResponseRedirect:
    text = (
        f"{plural(kept, 'total')} kept; the figures count them."
        if kept
        else "Nothing new: these totals were kept before."
    )
    messages.success(request, text)
    return redirect("kpis:totals", engagement.public_id)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    form: TotalsForm | None = None,
    file_form: TotalsFileForm | None = None,
) -> HttpResponse:
    metrics = reads.own_metrics(brief_in_force(engagement))
    days = reads.days_of_totals(engagement, metrics)
    chosen = _chosen_day(request.GET.get("day", "")) or reads.next_day(engagement)
    entered = next((day for day in days if day.day == chosen), None)
    context: dict[str, Any] = {
        "engagement": engagement,
        "metrics": metrics,
        "days": [
            (day, [(metric, *_cell(metric, row)) for metric, row in zip(metrics, day.entries, strict=True)])
            for day in days
        ],
        "may_enter": seat.may(Permission.IMPORT_CALLS) and bool(metrics),
        "form": form
        or TotalsForm(
            metrics=metrics,
            day=chosen,
            entered={row.metric_key: row for row in entered.entries if row} if entered else {},
        ),
        "file_form": file_form or TotalsFileForm(),
        "refused_file": file_form is not None,
        "editing": entered is not None,
        "held": held_against(engagement)[:DAYS_HELD],
        "counts": [stage.plural for stage in Stage],
    }
    return render(request, "kpis/totals.html", context, status=422 if form or file_form else 200)


def _chosen_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _cell(metric: OwnMetric, row: MetricTotal | None) -> tuple[str, str]:
    """A day's figure in words, and who entered it."""
    if row is None:
        return "", ""
    who = row.by_name
    if row.numerator is None:
        return "taken back", who
    if not metric.denominator:
        return figure_text(row.numerator, metric.unit), who
    if not row.denominator:
        return f"no {metric.denominator.lower()} that day", who
    return rate_text(row.numerator, row.denominator, unit=metric.unit), who
