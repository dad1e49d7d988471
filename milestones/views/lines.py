"""Transfer lines and real leads: what setup proves piece by piece."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.forms import taken
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.models import Engagement
from engagements.selectors import brief_in_force, calling_hours
from engagements.terms.hours import latest_text
from milestones import services
from milestones.forms import LeadForm, LineForm, LineTestForm, WordsForm
from milestones.models import TransferLine
from milestones.selectors.setup import lead_rows, line_row, line_rows
from milestones.selectors.standing import Standing, passed_on, standing_of


def _open(standing: Standing, seat: Seat) -> bool:
    """Whether this seat records something of the setup now."""
    passed = bool(standing.gates) and standing.gates[0].passed_at is not None
    return seat.may(Permission.RECORD_CHECK) and standing.brief.signed and not passed


@login_required
@require_safe
@kept_for_reader
def lines(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Every transfer line with its newest test."""
    engagement, seat = open_engagement(request, engagement_id)
    return _lines_page(request, engagement, seat, LineForm())


def _lines_page(request: TenantRequest, engagement: Engagement, seat: Seat, form: LineForm) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    context = {
        "engagement": engagement,
        "rows": line_rows(standing),
        "form": form if _open(standing, seat) else None,
        "brief_signed": standing.brief.signed,
        "passed_on": passed_on(standing.gates[0], engagement.zone) if standing.gates else None,
        "called": latest_text(calling_hours(brief_in_force(engagement))),
    }
    return render(request, "milestones/lines.html", context, status=422 if form.errors else 200)


@posted_from("milestones:lines", "engagement_id")
def line_add(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Set up one transfer line."""
    engagement, seat = open_engagement(request, engagement_id, Permission.RECORD_CHECK)
    form = LineForm(request.POST)
    if not taken(form, lambda: services.add_line(engagement=engagement, by=seat, **form.cleaned_data)):
        return _lines_page(request, engagement, seat, form)
    messages.success(request, f"“{form.cleaned_data['name']}” is set up. Next: a test call.")
    return redirect("milestones:lines", engagement.public_id)


@login_required
@require_safe
@kept_for_reader
def line(request: TenantRequest, engagement_id: UUID, line_id: UUID) -> HttpResponse:
    """One line: every test call so far, and the form for the next."""
    engagement, seat = open_engagement(request, engagement_id)
    found = get_object_or_404(TransferLine, engagement=engagement, public_id=line_id)
    return _line_page(request, engagement, seat, found)


def _line_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: TransferLine,
    *,
    form: LineTestForm | None = None,
    retire: WordsForm | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    current = TransferLine.objects.prefetch_related("tests__evidence").get(pk=found.pk)
    usable = _open(standing, seat) and not current.retired_at
    failed = bool((form and form.errors) or (retire and retire.errors))
    context = {
        "engagement": engagement,
        "row": line_row(current),
        "form": (form or LineTestForm(engagement=engagement)) if usable else None,
        "retire_form": (retire or WordsForm(auto_id="retire_%s")) if usable else None,
    }
    return render(request, "milestones/line.html", context, status=422 if failed else 200)


@posted_from("milestones:line", "engagement_id", "line_id")
def line_test(request: TenantRequest, engagement_id: UUID, line_id: UUID) -> HttpResponse:
    """Record one test call."""
    engagement, seat = open_engagement(request, engagement_id, Permission.RECORD_CHECK)
    found = get_object_or_404(TransferLine, engagement=engagement, public_id=line_id)
    form = LineTestForm(request.POST, request.FILES, engagement=engagement)
    if not taken(
        form,
        lambda: services.test_line(
            line=found, by=seat, connected=form.cleaned_data["connected"], briefed=form.cleaned_data["briefed"],
            answered_by=form.cleaned_data["answered_by"], note=form.cleaned_data["text"], proof=form.proof(),
        ),
    ):  # fmt: skip
        return _line_page(request, engagement, seat, found, form=form)
    passed = form.cleaned_data["connected"] and form.cleaned_data["briefed"]
    said = "passed" if passed else "failed; test it again once it is repaired"
    messages.success(request, f"“{found.name}”: {said}.")
    return redirect("milestones:lines", engagement.public_id)


@posted_from("milestones:line", "engagement_id", "line_id")
def line_retire(request: TenantRequest, engagement_id: UUID, line_id: UUID) -> HttpResponse:
    """Take a line out of use."""
    engagement, seat = open_engagement(request, engagement_id, Permission.RECORD_CHECK)
    found = get_object_or_404(TransferLine, engagement=engagement, public_id=line_id)
    form = WordsForm(request.POST, auto_id="retire_%s")
    if not taken(form, lambda: services.retire_line(line=found, by=seat, reason=form.cleaned_data["text"])):
        return _line_page(request, engagement, seat, found, retire=form)
    messages.success(request, f"“{found.name}” is out of use; its tests stay on record.")
    return redirect("milestones:lines", engagement.public_id)


@login_required
@require_safe
@kept_for_reader
def leads(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The real leads of days 8 and 9, each with its path and outcome."""
    engagement, seat = open_engagement(request, engagement_id)
    return _leads_page(request, engagement, seat)


def _leads_page(
    request: TenantRequest, engagement: Engagement, seat: Seat, form: LeadForm | None = None
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    fresh = LeadForm(engagement=engagement, sources=standing.lead_sources)
    context = {
        "engagement": engagement,
        "rows": lead_rows(standing, evidence=True),
        "form": (form or fresh) if _open(standing, seat) else None,
        "sources": standing.lead_sources,
        "brief_signed": standing.brief.signed,
        "called": latest_text(calling_hours(brief_in_force(engagement))),
    }
    failed = bool(form and form.errors)
    return render(request, "milestones/leads.html", context, status=422 if failed else 200)


@posted_from("milestones:leads", "engagement_id")
def lead_log(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Log one real lead."""
    engagement, seat = open_engagement(request, engagement_id, Permission.RECORD_CHECK)
    sources = standing_of(engagement).lead_sources
    form = LeadForm(request.POST, request.FILES, engagement=engagement, sources=sources)

    def act() -> object:
        data = form.cleaned_data
        told = {
            name: data[name]
            for name in (
                "day", "lead", "source", "crm_record", "transfer_reached", "written_back", "outcome", "reached",
            )
        }  # fmt: skip
        return services.log_lead(
            engagement=engagement, by=seat, steps=data["steps"].splitlines(), note=data["text"], proof=form.proof(),
            **told,
        )  # fmt: skip

    if not taken(form, act):
        return _leads_page(request, engagement, seat, form)
    messages.success(request, "The lead is on the log.")
    return redirect("milestones:leads", engagement.public_id)
