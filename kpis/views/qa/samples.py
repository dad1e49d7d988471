"""How much of a sample is done, what it says, and what is drawn."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.forms import written
from common.posting import posted_from
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept import Parts, drawn, place_of
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.qa import FreeSampleForm, ShareForm
from kpis.models import QaDraw, QaSample
from kpis.qa.coverage import State, launch_gaps, meter_text
from kpis.selectors import qa as selectors
from kpis.selectors.outside import standing_reviews
from kpis.services import qa as services

from .telling import row_of

# The pieces of the page that are kept.
PIECES = ("lead", "done", "heard", "outside")
KEPT_AS = "QA"


@login_required
@require_safe
def qa(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """How much of the sample is done, and what was heard?"""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    return _qa_page(request, engagement, seat)


def _qa_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    share_form: ShareForm | None = None,
    free_form: FreeSampleForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """What is kept answers whoever asks for no sample of their choice."""
    mask, asked = mask_of(engagement, seat), request.GET.get("sample", "")
    if asked:
        shown = _shown(engagement, mask, asked)
    else:
        parts = Parts(engagement, clock.today(engagement.zone))
        shown = parts.page(KEPT_AS, mask, make=lambda: _shown(engagement, mask))
    may_lead = seat.may(Permission.LEAD_QA)
    drawing = may_lead and not shown["launch"]
    refused = bool(reasons or share_form or free_form)
    context = {
        **shown,
        **{name: mark_safe(shown[name]) for name in PIECES},  # noqa: S308  our own templates set them
        "engagement": engagement,
        "live_days": selectors.live_days(engagement) if drawing else [],
        "may_lead": may_lead,
        "may_review": seat.may(Permission.REVIEW_CALLS),
        "share_form": (share_form or ShareForm(auto_id="id_launch_%s")) if drawing else None,
        "free_form": (free_form or FreeSampleForm(auto_id="id_free_%s")) if may_lead else None,
        "freeing": free_form is not None,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa.html", context, status=422 if refused else 200)


def _shown(engagement: Engagement, mask: Mask, asked: str = "") -> dict[str, Any]:
    """The page as everybody sees it through this mask: its pieces as HTML, and what its buttons hang on."""
    found = list(selectors.samples(engagement))
    for each in found:
        each.engagement = engagement
    chosen = next((one for one in found if str(one.public_id) == asked), found[0] if found else None)
    meter = selectors.meter(chosen, mask) if chosen is not None else None
    gaps = launch_gaps(selectors.launch_facts(engagement, meter)) if meter and meter.sample.launch else []
    unheard = [row_of(one, mask) for one in meter.of(State.UNHEARD)] if meter else []
    around = {
        "engagement": engagement,
        "head": place_of(engagement, clock.today(engagement.zone)),
        "samples": found,
        "meter": meter,
        "text": meter_text(meter.total) if meter else "",
        "gaps": gaps,
        "results": selectors.results_of(meter.calls, mask) if meter else None,
        "auto_failed": [row_of(one, mask) for one in selectors.auto_failed(meter.calls)] if meter else [],
        "unheard": unheard,
        "outside": [(one, mask.text(one.comment)) for one in reversed(standing_reviews(engagement).values())],
    }
    return {
        **{name: drawn(f"kpis/_qa_{name}.html", mask, **around) for name in PIECES},
        "sample": {"public_id": str(meter.sample.public_id)} if meter else None,
        "launch": any(one.launch for one in found),
        "new": meter.new if meter else 0,
        "open": meter.total.open if meter else 0,
        "unheard": len(unheard),
        "card": selectors.scorecard_in_use(engagement) is not None,
    }


@posted_from("kpis:qa", "engagement_id")
def draw(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Draw the launch sample."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    form = ShareForm(request.POST, auto_id="id_launch_%s")
    made = written(form, lambda: services.draw_launch(engagement=engagement, by=seat, share=form.fraction()))
    if made:
        _say_drawn(request, made.drawn, made.calls)
        return redirect("kpis:qa", engagement.public_id)
    return _qa_page(request, engagement, seat, share_form=form)


@posted_from("kpis:qa", "engagement_id")
def draw_free(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Draw from any days."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    form = FreeSampleForm(request.POST, auto_id="id_free_%s")

    def write() -> QaDraw:
        told = form.cleaned_data
        return services.draw_free(
            engagement=engagement, by=seat, name=told["name"], first=told["first"], last=told["last"],
            share=form.fraction(),
        )  # fmt: skip

    if made := written(form, write):
        _say_drawn(request, made.drawn, made.calls)
        return redirect("kpis:qa_queue", engagement.public_id, made.sample.public_id)
    return _qa_page(request, engagement, seat, free_form=form)


@posted_from("kpis:qa", "engagement_id")
def top_up(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Draw from what has come in since, or replace what cannot be heard."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    sample = get_object_or_404(QaSample, engagement=engagement, public_id=sample_id)
    try:
        made = services.top_up(sample=sample, by=seat)
    except Refused as refusal:
        return _qa_page(request, engagement, seat, reasons=refusal.reasons)
    _say_drawn(request, made.drawn, made.calls)
    return redirect("kpis:qa", engagement.public_id)


def _say_drawn(request: TenantRequest, drawn: int, calls: int) -> None:
    of = f" of {plural(calls, 'call')}" if calls else " in the place of what cannot be heard"
    messages.success(request, f"{drawn:,}{of} drawn. Next: they are listened to, in the order of chance.")
