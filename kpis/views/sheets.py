"""One file that is no call log: what would come of it, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.models import Engagement
from kpis.forms.hours import TakeInHoursForm
from kpis.forms.outcomes import TakeInForm
from kpis.forms.sheets import SaidBeforeForm
from kpis.imports.leaning import InUse
from kpis.models import Sheet, SheetKind
from kpis.selectors.outside import roster_changes
from kpis.services import agent_hours, outcomes, outside_reviews, rosters, said_totals, sheets
from kpis.sheets.ahead import Ahead

PAGES = {
    SheetKind.OUTCOMES: "kpis:outcomes",
    SheetKind.ROSTER: "engagements:agents",
    SheetKind.TOTALS: "kpis:totals",
    SheetKind.REVIEWS: "kpis:qa",
    SheetKind.HOURS: "kpis:agent_hours",
}
LOOK: Mapping[SheetKind, Callable[..., Ahead]] = {
    SheetKind.OUTCOMES: outcomes.look_ahead,
    SheetKind.ROSTER: rosters.look_ahead,
    SheetKind.TOTALS: said_totals.look_ahead,
    SheetKind.REVIEWS: outside_reviews.look_ahead,
    SheetKind.HOURS: agent_hours.look_ahead,
}
TAKE_IN: Mapping[SheetKind, Callable[..., Sheet]] = {
    SheetKind.OUTCOMES: outcomes.take_in_outcomes,
    SheetKind.ROSTER: rosters.take_in_roster,
    SheetKind.TOTALS: said_totals.take_in_totals,
    SheetKind.REVIEWS: outside_reviews.take_in_reviews,
    SheetKind.HOURS: agent_hours.take_in_hours,
}
TAKE_BACK: Mapping[SheetKind, Callable[..., None]] = {
    SheetKind.OUTCOMES: outcomes.take_back_outcomes,
    SheetKind.ROSTER: rosters.take_back_roster,
    SheetKind.TOTALS: said_totals.take_back_totals,
    SheetKind.REVIEWS: outside_reviews.take_back_reviews,
    SheetKind.HOURS: agent_hours.take_back_hours,
}
WANTING = ["Something is missing beside the file. Nothing was taken in yet."]
KEPT = {
    SheetKind.OUTCOMES: "outcome",
    SheetKind.ROSTER: "agent",
    SheetKind.TOTALS: "day",
    SheetKind.REVIEWS: "review",
    SheetKind.HOURS: "time",
}


@login_required
@require_safe
@kept_for_reader
def sheet(request: TenantRequest, engagement_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Is this file right, and what came of it?"""
    engagement, seat, found = _open(request, engagement_id, sheet_id)
    return _page(request, engagement, seat, found)


def _open(request: TenantRequest, engagement_id: UUID, sheet_id: UUID) -> tuple[Engagement, Seat, Sheet]:
    """The file and a seat that may bring in such files: its rows are read by nobody else."""
    engagement, seat = open_engagement(request, engagement_id)
    found = get_object_or_404(
        Sheet.objects.select_related("engagement"), engagement=engagement, public_id=sheet_id
    )
    if not seat.may(sheets.MAY[SheetKind(found.kind)]):
        raise PermissionDenied("Your role does not bring in files of this kind.")
    return engagement, seat, found


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: Sheet,
    *,
    reasons: Sequence[str | Reason] | None = None,
    form: TakeInForm | None = None,
) -> HttpResponse:
    kind = SheetKind(found.kind)
    if kind is SheetKind.HOURS:
        form = form or _hours_form(found, request.GET)
        ahead, unreadable = _look(found, **_said(form))
    else:
        order = _order(request.POST if form else request.GET, found)
        ahead, unreadable = _look(found, date_order=order)
        form = form or SaidBeforeForm(initial={"date_order": order}, asks=ahead.asks if ahead else ())
    context: dict[str, Any] = {
        "engagement": engagement,
        "sheet": found,
        "kind": kind,
        "parent": kind.label,
        "parent_url": reverse(PAGES[kind], args=[engagement.public_id]),
        "form": form,
        "ahead": ahead,
        "unreadable": unreadable,
        "reasons": reasons,
        "roster_changes": roster_changes(found) if kind is SheetKind.ROSTER and found.taken_at else [],
    }
    return render(request, "kpis/sheet.html", context, status=422 if reasons else 200)


def _order(data: QueryDict, found: Sheet) -> str:
    """The order of dates that somebody chose; what no choice is says nothing."""
    chosen = TakeInForm(data if "date_order" in data else {"date_order": found.date_order})
    return chosen.cleaned_data["date_order"] if chosen.is_valid() else ""


def _hours_form(found: Sheet, data: Mapping[str, Any]) -> TakeInForm:
    """What is asked of a file of agent hours; one that is gone asks nothing of its own."""
    given = data if "date_order" in data else {"date_order": found.date_order}
    try:
        file = agent_hours.file_of(found)
    except Refused:
        return TakeInForm(given)
    columns = file.table.names if file.table else ()
    usual = agent_hours.usual_columns(found, file)
    return TakeInHoursForm(given, columns=columns, usual=usual, says_days=file.says_days)


def _said(form: TakeInForm) -> dict[str, Any]:
    """What was chosen, as the services take it; nothing where a choice is wrong."""
    return dict(form.cleaned_data) if form.is_valid() else {"date_order": ""}


def _look(found: Sheet, **said: Any) -> tuple[Ahead | None, list[str] | None]:
    """What would come of a file, or why it cannot be read; neither for one that is in for good."""
    if found.taken_at and not sheets.takes_more(found):
        return None, None
    try:
        return LOOK[SheetKind(found.kind)](found, **said), None
    except Refused as refusal:
        return None, refusal.reasons


def _bound(found: Sheet, data: QueryDict) -> TakeInForm:
    """The form of a file as it was sent."""
    if found.kind == SheetKind.HOURS:
        return _hours_form(found, data)
    ahead, _ = _look(found, date_order=_order(data, found))
    return SaidBeforeForm(data, asks=ahead.asks if ahead else ())


@posted_from("kpis:sheet", "engagement_id", "sheet_id")
def take_in(request: TenantRequest, engagement_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Take in what a file says, all or nothing."""
    engagement, seat, found = _open(request, engagement_id, sheet_id)
    kind = SheetKind(found.kind)
    form = _bound(found, request.POST)
    if not form.is_valid():
        return _page(request, engagement, seat, found, reasons=WANTING, form=form)
    said = {"date_order": form.cleaned_data["date_order"]}
    if isinstance(form, SaidBeforeForm) and kind is SheetKind.ROSTER:
        said["who"] = form.who
    try:
        taken = TAKE_IN[kind](sheet=found, by=seat, **(_said(form) if kind is SheetKind.HOURS else said))
    except Refused as refusal:
        return _page(request, engagement, seat, found, reasons=refusal.reasons, form=form)
    more = (taken.kept or 0) - (found.kept or 0)
    messages.success(request, f"{plural(more, KEPT[kind])} taken in.")
    return redirect("kpis:sheet", engagement.public_id, found.public_id)


@posted_from("kpis:sheet", "engagement_id", "sheet_id")
def take_back(request: TenantRequest, engagement_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Withdraw all that a file said."""
    engagement, seat, found = _open(request, engagement_id, sheet_id)
    try:
        TAKE_BACK[SheetKind(found.kind)](sheet=found, by=seat)
    except InUse as refusal:
        return _page(request, engagement, seat, found, reasons=refusal.places)
    except Refused as refusal:
        return _page(request, engagement, seat, found, reasons=refusal.reasons)
    messages.success(request, f"{found.file_name} is taken back: what was known before it stands again.")
    return redirect("kpis:sheet", engagement.public_id, found.public_id)


@posted_from("kpis:sheet", "engagement_id", "sheet_id")
def drop(request: TenantRequest, engagement_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Throw away a file that was not taken in."""
    engagement, seat, found = _open(request, engagement_id, sheet_id)
    try:
        sheets.drop_sheet(sheet=found, by=seat)
    except Refused as refusal:
        return _page(request, engagement, seat, found, reasons=refusal.reasons)
    messages.success(request, f"{found.file_name} is thrown away. Nothing of it was taken in.")
    return redirect(PAGES[SheetKind(found.kind)], engagement.public_id)
