"""Setup: are we ready to dial? Every readiness check with its tests, failed ones too."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept import drawn, page_of_one, place_of
from engagements.kept_page import kept_for_reader
from engagements.masking import OPEN, Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from engagements.roster import Roster
from milestones import services
from milestones.forms import ResultForm
from milestones.models import ReadinessCheck
from milestones.selectors.setup import check_row, lead_rows, line_rows, setup_page
from milestones.selectors.standing import Standing, standing_of
from milestones.views.plan import refusal_reasons

# The pieces of the page that are kept.
PIECES = ("lead", "content")
KEPT_AS = "setup"


@login_required
@require_safe
def setup(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Every check by area, with its latest result."""
    engagement, _ = open_engagement(request, engagement_id, page=KEPT_AS)
    standing = request.standing = standing_of(engagement)
    told = standing.kept.page(KEPT_AS, OPEN, make=lambda: _drawn(standing))
    pieces = {name: mark_safe(told[name]) for name in PIECES}  # noqa: S308  our own templates set them
    return render(request, "milestones/setup.html", {"engagement": engagement, **pieces})


def _drawn(standing: Standing) -> dict[str, str]:
    """The pieces of the page: what they show is the same for everybody, and names no agent."""
    around = {
        "engagement": standing.engagement,
        "head": place_of(standing.engagement, standing.today),
        "page": setup_page(standing),
        "roster": standing.roster,
        "script_says": _script_says(standing.roster),
        "agents_say": _agents_say(standing.roster),
        "lines": line_rows(standing),
        "leads": lead_rows(standing),
    }
    return {name: drawn(f"milestones/_setup_{name}.html", OPEN, **around) for name in PIECES}


def _script_says(roster: Roster) -> str:
    if roster.in_use:
        return f"Version {roster.in_use} in use"
    return f"Version {roster.approved_version} final, not in use yet" if roster.approved else "Not final yet"


def _agents_say(roster: Roster) -> str:
    if not roster.listed:
        return "Nobody on the roster yet"
    return f"{len(roster.cleared)} of {plural(len(roster.listed), 'agent')} may dial"


@login_required
@require_safe
@kept_for_reader
def check(request: TenantRequest, engagement_id: UUID, check_id: UUID) -> HttpResponse:
    """One check: every test so far, and the form for the next."""
    engagement, seat = open_engagement(request, engagement_id, page=page_of_one("check", check_id))
    found = get_object_or_404(
        ReadinessCheck.objects.select_related("owner__substitute"),
        engagement=engagement,
        public_id=check_id,
    )
    return _check_page(request, engagement, seat, found)


def _check_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: ReadinessCheck,
    *,
    form: ResultForm | None = None,
    reasons: list[Reason] | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    mask = mask_of(engagement, seat)
    told = standing.kept.page(
        page_of_one("check", found.public_id), mask, make=lambda: _check_told(standing, found.pk, mask)
    )
    own = seat.may(Permission.RECORD_CHECK) and seat.side == found.side
    usable = own and not told["waits"] and not told["closed"] and not told["computed"]
    failed = bool(reasons) or bool(form and form.errors)
    context = {
        "engagement": engagement,
        "check": found,
        "row": told,
        "due": date.fromisoformat(told["due"]),
        "tests": mark_safe(told["tests"]),  # noqa: S308  our own template sets it
        "form": (form or ResultForm(engagement=engagement)) if usable else None,
        "reasons": reasons,
        "own": own,
        "brief_reasons": [
            Reason(
                "Technical work cannot start before both sides have signed the campaign brief.",
                reverse("engagements:brief", args=[engagement.public_id]),
            )
        ]
        if told["waits"] and own
        else [],
    }
    return render(request, "milestones/check.html", context, status=422 if failed else 200)


def _check_told(standing: Standing, pk: int, mask: Mask) -> dict[str, Any]:
    """A check as everybody sees it through this mask, and what its form hangs on."""
    item = next((each for each in standing.checks if each.pk == pk), None)
    if item is None:
        raise Http404("There is no such check.")
    row = check_row(standing, item)
    around = {
        "engagement": standing.engagement,
        "head": place_of(standing.engagement, standing.today),
        "row": row,
    }
    return {
        "state": row.state,
        "due": row.due.isoformat(),
        "why": row.why,
        "closed": row.closed,
        "computed": row.computed,
        "results": bool(row.results),
        "waits": row.technical and not standing.brief.signed,
        "tests": drawn("milestones/_check_tests.html", mask, **around),
    }


@posted_from("milestones:check", "engagement_id", "check_id")
def check_record(request: TenantRequest, engagement_id: UUID, check_id: UUID) -> HttpResponse:
    """Record one test of a check."""
    engagement, seat = open_engagement(request, engagement_id, Permission.RECORD_CHECK)
    found = get_object_or_404(ReadinessCheck, engagement=engagement, public_id=check_id)
    form = ResultForm(request.POST, request.FILES, engagement=engagement)
    if not form.is_valid():
        return _check_page(request, engagement, seat, found, form=form)
    passed = form.cleaned_data["result"] == "passed"
    try:
        services.record_check(
            check=found, by=seat, passed=passed, note=form.cleaned_data["text"], proof=form.proof()
        )
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _check_page(request, engagement, seat, found, form=form, reasons=reasons)
    said = "passed" if passed else "failed; test it again once it is repaired"
    messages.success(request, f"“{found.title}”: {said}.")
    return redirect("milestones:setup", engagement.public_id)
