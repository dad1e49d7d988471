"""Day 90: the four questions, the targets for days 91 to 180, and what the closers say."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.forms import taken
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept import Parts
from engagements.kept_page import kept_for_reader
from engagements.masking import OPEN
from engagements.models import CampaignBrief, Engagement
from kpis import selectors
from kpis.forms.optimisation import CloserForm, ForwardForm, SeenForm
from kpis.forward import AGREE_DAY, CHANGES, FIRST_DAY, SIDES, SUBJECTS, MetricStanding
from kpis.selectors import forward as reads
from kpis.services import forward as services

KEPT_AS = "the next 90 days"


@login_required
@require_safe
@kept_for_reader
def forward(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What did ninety days show, and what are the next ninety held to?"""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    return _page(request, engagement, seat)


@posted_from("kpis:forward", "engagement_id")
def save(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Save the own side's answers and what both draft together."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    brief = _brief(engagement)
    now = reads.forward(engagement, brief)
    form = _form(brief, seat, now, request)
    if taken(form, lambda: services.save_forward(engagement=engagement, by=seat, **form.entered())):
        messages.success(request, "The forward plan is saved. An agreement from before no longer counts.")
        return redirect("kpis:forward", engagement.public_id)
    return _page(request, engagement, seat, drafting=form)


@posted_from("kpis:forward", "engagement_id")
def agree(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Agree to the forward plan for one's side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    if answer := ask_again(request, back_to=reverse("kpis:forward", args=[engagement.public_id])):
        return answer
    form = SeenForm(request.POST)
    form.is_valid()
    try:
        plan = services.agree_forward(engagement=engagement, by=seat, seen=form.cleaned_data.get("seen", ""))
    except Refused as refusal:
        return _page(request, engagement, seat, reasons=refusal.reasons)
    rest = "Both sides have agreed." if plan.agreed_at else "The other side is asked to agree."
    messages.success(request, f"Agreed for your side. {rest}")
    return redirect("kpis:forward", engagement.public_id)


def _brief(engagement: Engagement) -> CampaignBrief | None:
    """The brief in force with its metrics, read once for all that the page asks of it."""
    brief = selectors.brief_of(engagement)
    if brief:
        prefetch_related_objects([brief], "metrics")
    return brief


def _form(
    brief: CampaignBrief | None, seat: Seat, now: reads.Forward, request: TenantRequest | None = None
) -> ForwardForm:
    return ForwardForm(
        request.POST if request else None,
        metrics=selectors.metrics_of(brief),
        content=now.content,
        side=seat.side or "",
        seen=now.plan.content_hash if now.plan else "",
    )


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    drafting: ForwardForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    brief = _brief(engagement)
    calendar, today = selectors.calendar_of(engagement), clock.today(engagement.zone)
    now = reads.forward(engagement, brief, lambda: _standing(engagement, brief, today))
    agreed = now.plan is not None and now.plan.agreed_at is not None
    may_plan = seat.may(Permission.PLAN_NEXT) and not agreed
    begun = today >= calendar.date_of(FIRST_DAY)
    learned = [
        (name, [(side, now.content.learned.get(subject, {}).get(side, "")) for side in SIDES])
        for subject, name in SUBJECTS.items()
    ]
    metrics = selectors.metrics_of(brief)
    steady = reads.steady_funnel(engagement, brief) if begun else None
    context = {
        "engagement": engagement,
        "now": now,
        "standing": [(one, steady.stage(one.key) if steady else None) for one in now.standing],
        "agreed": agreed,
        "begins": calendar.date_of(FIRST_DAY),
        "begun": begun,
        "agree_from": calendar.date_of(AGREE_DAY),
        "learned": learned,
        "changes": [(label, now.content.changes.get(kind, "")) for kind, label in CHANGES.items()],
        "targets": [
            (m.label, m.target, now.content.targets.get(m.key), m.direction, m.unit) for m in metrics
        ],
        "may_draft": may_plan and begun,
        "form": drafting or _form(brief, seat, now),
        "drafting": drafting is not None,
        "may_agree": may_plan
        and now.plan is not None
        and not now.lacks
        and not now.outdated
        and seat.side not in now.agreed_by
        and today >= calendar.date_of(AGREE_DAY),
        "reasons": reasons or [],
    }
    return render(request, "kpis/forward.html", context, status=422 if drafting or reasons else 200)


def _standing(engagement: Engagement, brief: CampaignBrief | None, today: date) -> tuple[MetricStanding, ...]:
    """How the metrics stand, as it was kept: it rests on every finding with its causes and fixes."""

    def made() -> list[dict[str, Any]]:
        return [asdict(one) for one in reads.standing_of_metrics(engagement, brief)]

    told = Parts(engagement, today).page(KEPT_AS, OPEN, make=made)
    return tuple(MetricStanding(**one) for one in told)


@login_required
@require_safe
def closers(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What do the closers say about what reaches them?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _closers_page(request, engagement, seat)


@posted_from("kpis:closers", "engagement_id")
def hear(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Write down what the closers say."""
    engagement, seat = open_engagement(request, engagement_id, Permission.TELL_CLOSERS)
    form = CloserForm(request.POST)
    if form.is_valid():
        try:
            services.hear_closers(engagement=engagement, by=seat, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", refusal.reasons)
        else:
            messages.success(request, "Kept. The next report quotes it.")
            return redirect("kpis:closers", engagement.public_id)
    return _closers_page(request, engagement, seat, form)


def _closers_page(
    request: TenantRequest, engagement: Engagement, seat: Seat, form: CloserForm | None = None
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "heard": reads.closer_feedback(engagement),
        "may_tell": seat.may(Permission.TELL_CLOSERS),
        "form": form or CloserForm(),
    }
    return render(request, "kpis/closers.html", context, status=422 if form else 200)
