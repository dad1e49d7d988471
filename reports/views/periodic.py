"""The daily and weekly reports of one engagement, who gets them by mail, and the way out without a log-in."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.address import client_address
from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import WEEKDAY_NAMES
from engagements.access import open_engagement
from engagements.kept_page import keep_until, kept_for_reader
from engagements.models import Engagement
from engagements.selectors import brief_in_force, calling_hours
from engagements.terms.hours import last_end
from reports import services
from reports.digests import whose
from reports.evenings import NOON, next_moment
from reports.forms import SubscriptionForm, TimesForm
from reports.models import Cadence, ReportMail, ReportSubscription
from reports.selectors import rounds as read

A_PAGE = 50
A_WHILE = timedelta(minutes=10)


@login_required
@require_safe
@kept_for_reader
def evenings(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """All daily and weekly reports with who read them, one's own choice, and the hour."""
    engagement, seat = open_engagement(request, engagement_id)
    return _page(request, engagement, seat)


def _called_until(engagement: Engagement) -> time | None:
    """Until when people are called by the brief, where the report of the day comes before that."""
    end = last_end(calling_hours(brief_in_force(engagement)))
    return end if end and end > engagement.report_at else None


def _keep_for_now(request: TenantRequest, engagement: Engagement, *, subscribed: bool) -> None:
    """A report counts as unread from noon on, and the next summary is another one once this evening's hour has come."""
    now = clock.now()
    for at in (NOON, engagement.report_at):
        keep_until(request, next_moment(at, engagement.zone, now))
    if subscribed:  # what became of the last mail is told by no line of the trail
        keep_until(request, now + A_WHILE)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    form: SubscriptionForm | None = None,
    times_form: TimesForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    own = ReportSubscription.objects.filter(engagement=engagement, user=request.user).first()
    _keep_for_now(request, engagement, subscribed=own is not None)
    if times_form is None and seat.may(Permission.BUILD_DELIVERABLE):
        times_form = TimesForm(
            initial={"at": f"{engagement.report_at:%H:%M}", "weekly_on": engagement.weekly_on or ""}
        )
    weeks = read.weeks(engagement)
    context: dict[str, Any] = {
        "engagement": engagement,
        "own": own,
        "last_mail": ReportMail.objects.filter(user=request.user).order_by("-taken_at").first()
        if own
        else None,
        "reports": Paginator(read.reports_of(engagement), A_PAGE).get_page(request.GET.get("page")),
        "unread": read.unread_of([engagement])[engagement.pk],
        "form": form or SubscriptionForm(initial={"cadence": own.cadence if own else ""}),
        "times_form": times_form,
        "reasons": reasons,
        "called_until": _called_until(engagement),
        "weekday": WEEKDAY_NAMES[weeks.weekday - 1],
        "next_week": read.next_summary(engagement, weeks) if engagement.cleared else None,
    }
    refused = bool(reasons or (form and form.errors) or (times_form and times_form.errors))
    return render(request, "reports/evenings.html", context, status=422 if refused else 200)


@posted_from("reports:evenings", "engagement_id")
def subscribe(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Choose for oneself how often the reports come by mail."""
    engagement, seat = open_engagement(request, engagement_id)
    form = SubscriptionForm(request.POST)
    if not form.is_valid():
        return _page(request, engagement, seat, form=form)
    cadence = form.cleaned_data["cadence"]
    try:
        services.choose(engagement=engagement, by=seat, cadence=cadence)
    except Refused as refusal:
        return _page(request, engagement, seat, form=form, reasons=refusal.reasons)
    said = {
        "": "You get none of these reports by mail.",
        Cadence.WEEKLY: "You get the week's summary by mail.",
    }
    messages.success(request, said.get(cadence, "You get these reports by mail every evening."))
    return redirect("reports:evenings", engagement.public_id)


@posted_from("reports:evenings", "engagement_id")
def set_hour(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Set the hour of the engagement's evening and the weekday of the week's summary."""
    engagement, seat = open_engagement(request, engagement_id, Permission.BUILD_DELIVERABLE)
    form = TimesForm(request.POST)
    if not form.is_valid():
        return _page(request, engagement, seat, times_form=form)
    services.set_times(
        engagement=engagement, by=seat, at=form.at_time(), weekly_on=form.cleaned_data["weekly_on"]
    )
    engagement.refresh_from_db(fields=["report_at", "weekly_on"])
    day = WEEKDAY_NAMES[read.weekday(engagement) - 1]
    messages.success(
        request, f"The evening's report is made at {form.at_time():%H:%M}, the week's summary on {day}."
    )
    return redirect("reports:evenings", engagement.public_id)


@csrf_exempt  # a mail program presses for its reader and has no cookie; the signed link is the right to do this alone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, link: str) -> HttpResponse:
    """End one person's reports by mail: opening the link asks, pressing the button (or the mail program) does it."""
    user_id = whose(link)
    if user_id is None:
        raise Http404("There is no such link.")
    done = request.method == "POST"
    stopped = services.stop_all(user_id=user_id, address=client_address(request)) if done else 0
    return render(request, "reports/unsubscribe.html", {"done": done, "stopped": stopped})
