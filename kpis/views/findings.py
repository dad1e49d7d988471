"""Findings: what is below target, why, and what is done about it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import digits_beside, joined, plural, target_text
from engagements.access import open_engagement
from engagements.models import Engagement, Participant
from kpis import selectors
from kpis.forms.findings import AnswerForm, DoneForm, FixForm
from kpis.funnel import wilson
from kpis.models import Finding, Fix
from kpis.services import findings as services


@login_required
@require_safe
def findings(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What is below target, why, and what is done about it?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _findings_page(request, engagement, seat)


@posted_from("kpis:findings", "engagement_id")
def answer(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Give a finding its root cause, its side and, where it has none, its fix."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    form = AnswerForm(request.POST, has_fix=finding.fixes.exists(), **_asked_of(engagement, finding))
    if form.is_valid():
        try:
            services.answer(
                finding=finding,
                by=seat,
                root_cause=form.cleaned_data["root_cause"],
                side=form.cleaned_data["cause_side"],
                fix=form.fix if form.wants_fix else None,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            left = selectors.open_findings(engagement).count()
            rest = f"{plural(left, 'finding')} still open." if left else "Every finding is answered."
            messages.success(request, f"{finding.metric_label}: root cause and fix are recorded. {rest}")
            return _back(engagement, finding)
    return _findings_page(request, engagement, seat, answering={finding.pk: form})


@posted_from("kpis:findings", "engagement_id")
def add_fix(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Add one more fix to a finding."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    form = FixForm(request.POST, **_asked_of(engagement, finding))
    if form.is_valid():
        try:
            services.add_fix(finding=finding, by=seat, fix=form.fix)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, f"{finding.metric_label}: the fix is added.")
            return _back(engagement, finding)
    return _findings_page(request, engagement, seat, adding={finding.pk: form})


@posted_from("kpis:findings", "engagement_id")
def fix_done(request: TenantRequest, engagement_id: UUID, fix_id: UUID) -> HttpResponse:
    """Say when a fix was done."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    fix = get_object_or_404(Fix.objects.select_related("finding"), engagement=engagement, public_id=fix_id)
    form = DoneForm(request.POST, fix_id=fix.pk)
    if form.is_valid():
        try:
            services.mark_done(fix=fix, by=seat, done_on=form.cleaned_data["done_on"])
        except Refused as refusal:
            form.add_error("done_on", refusal.reasons)
        else:
            messages.success(request, f"“{fix.action}” is marked as done.")
            return _back(engagement, fix.finding)
    return _findings_page(request, engagement, seat, finishing={fix.pk: form})


def _back(engagement: Engagement, finding: Finding) -> HttpResponse:
    return redirect(f"{reverse('kpis:findings', args=[engagement.public_id])}#finding-{finding.public_id}")


def _people(engagement: Engagement) -> list[Participant]:
    return list(Participant.objects.filter(engagement=engagement, ended_at=None).order_by("name", "role"))


def _asked_of(
    engagement: Engagement, finding: Finding, people: list[Participant] | None = None
) -> dict[str, Any]:
    """What every form about a finding needs to know."""
    known = _people(engagement) if people is None else people
    return {"finding": finding, "engagement": engagement, "people": known}


def _findings_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    answering: dict[int, AnswerForm] | None = None,
    adding: dict[int, FixForm] | None = None,
    finishing: dict[int, DoneForm] | None = None,
) -> HttpResponse:
    """The page; forms that were refused are given in by the ids of what they are about."""
    answering, adding, finishing = answering or {}, adding or {}, finishing or {}
    may_answer = seat.may(Permission.ANSWER_FINDING)
    people = _people(engagement) if may_answer else []
    found = sorted(selectors.findings(engagement), key=_open_first)
    today = clock.today(engagement.zone)
    first_open = next((finding.pk for finding in found if finding.answered_at is None), None)
    items = []
    for finding in found:
        fixes = list(finding.fixes.all())
        asked = _asked_of(engagement, finding, people)
        items.append(
            {
                **_told(finding),
                "fixes": [_fix_entry(fix, today, finishing.get(fix.pk)) for fix in fixes],
                "form": answering.get(finding.pk) or _answer_form(finding, bool(fixes), asked),
                "refused": finding.pk in answering,
                "fix_form": adding.get(finding.pk) or FixForm(**asked),
                "adding": finding.pk in adding,
                "first_open": finding.pk == first_open,
            }
        )
    context = {
        "engagement": engagement,
        "items": items,
        "may_answer": may_answer,
        "summary": _summary(found),
        "frozen": selectors.baseline(engagement),
        "reviews": [day for day in (60, 90) if selectors.missing_findings(engagement, day)],
    }
    refused = bool(answering or adding or finishing)
    return render(request, "kpis/findings.html", context, status=422 if refused else 200)


def _open_first(finding: Finding) -> tuple[bool, int, int]:
    """What waits for an answer stands above, the newest review first."""
    return finding.answered_at is not None, -finding.review_day, finding.pk


def _told(finding: Finding) -> dict[str, Any]:
    """The figure of a finding and its target, as the page says them."""
    low, high = wilson(finding.numerator, finding.denominator)
    metric = next((one for one in finding.brief.metrics.all() if one.key == finding.metric_key), None)
    direction = metric.direction if metric else "up"
    digits = digits_beside(finding.numerator / finding.denominator, finding.target, direction)
    goal = target_text(finding.target, direction, digits=digits if digits > 1 else 0)
    return {"finding": finding, "low": low, "high": high, "goal": goal, "digits": digits}


def _fix_entry(fix: Fix, today: date, refused: DoneForm | None) -> dict[str, Any]:
    """A fix with the form that marks it as done; `refused` is that form when it was sent with an error."""
    return {
        "fix": fix,
        "late": fix.done_on is None and fix.due_on < today,
        "form": refused or DoneForm(fix_id=fix.pk, initial={"done_on": today}),
        "refused": refused is not None,
    }


def _answer_form(finding: Finding, has_fix: bool, asked: dict[str, Any]) -> AnswerForm:
    initial = {"root_cause": finding.root_cause, "cause_side": finding.cause_side}
    return AnswerForm(has_fix=has_fix, initial=initial, **asked)


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
