"""What is below target, why, and what is done about it: the list, and findings opened by hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import joined, plural
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.models import Engagement
from kpis import selectors
from kpis.forms.findings import OpenForm
from kpis.models import Finding
from kpis.services import findings as services
from kpis.views.findings.page import back_to
from kpis.views.findings.telling import effect_told, told_of


@login_required
@require_safe
@kept_for_reader
def findings(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What is below target, why, and what is done about it?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _findings_page(request, engagement, seat)


@posted_from("kpis:findings", "engagement_id")
def open_by_hand(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Open a finding about a metric or about something noticed."""
    engagement, seat = open_engagement(request, engagement_id, Permission.OPEN_FINDING)
    form = OpenForm(request.POST, request.FILES, metrics=_metrics(engagement))
    if form.is_valid():
        try:
            finding = services.open_finding(
                engagement=engagement,
                by=seat,
                observation=form.cleaned_data["observation"],
                metric_key=form.cleaned_data["metric"],
                proof=form.proof(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The finding is open. It asks for a root cause and a fix.")
            return back_to(engagement, finding)
    return _findings_page(request, engagement, seat, opening=form)


def _findings_page(
    request: TenantRequest, engagement: Engagement, seat: Seat, *, opening: OpenForm | None = None
) -> HttpResponse:
    found = sorted(selectors.findings(engagement), key=_open_first)
    may_open = seat.may(Permission.OPEN_FINDING)
    effects = selectors.told_effects(engagement, [one.pk for one in found if selectors.all_done(one)])
    context = {
        "engagement": engagement,
        "items": [
            told_of(finding, clock.today(engagement.zone))
            | {"effect": effect_told(effects.get(finding.pk), engagement.zone)}
            for finding in found
        ],
        "may_answer": seat.may(Permission.ANSWER_FINDING),
        "may_open": may_open,
        "open_form": (opening or OpenForm(metrics=_metrics(engagement))) if may_open else None,
        "opening": opening is not None,
        "summary": _summary(found),
        "frozen": selectors.baseline(engagement),
        "reviews": [day for day in (60, 90) if selectors.missing_findings(engagement, day)],
    }
    return render(request, "kpis/findings.html", context, status=422 if opening else 200)


def _metrics(engagement: Engagement) -> Any:
    return selectors.metrics_of(selectors.brief_of(engagement))


def _open_first(finding: Finding) -> tuple[bool, int, int]:
    """What waits for an answer stands above, the newest review first."""
    return finding.answered_at is not None, -finding.review_day, finding.pk


def _summary(found: list[Finding]) -> str:
    """The answer in one sentence."""
    if not found:
        return ""
    waiting = [finding.metric_label for finding in found if finding.answered_at is None]
    if not waiting:
        each = "Each has" if len(found) > 1 else "It has"
        return f"{plural(len(found), 'finding')}. {each} a root cause and a fix that is done or dated."
    names = joined(list(dict.fromkeys(waiting)))
    wait = "waits" if len(waiting) == 1 else "wait"
    some = f"{len(waiting)} of {len(found)} findings" if len(found) > 1 else "1 finding"
    return f"{some} {wait} for an answer: {names}."
