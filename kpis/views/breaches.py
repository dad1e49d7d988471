"""Breaches: who dialed without being cleared, how it came about, and what was done."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.breaches import AnswerBreachForm, SettleBreachForm
from kpis.selectors import breaches as selectors
from kpis.services import breaches as services


@login_required
@require_safe
@kept_for_reader
def breaches(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Every breach by agent, with its answer."""
    engagement, seat = open_engagement(request, engagement_id)
    return _page(request, engagement, seat)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    refused: AnswerBreachForm | SettleBreachForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """The page; a form that was refused stands with the agent whose days were ticked in it."""
    mask = mask_of(engagement, seat)
    found = list(selectors.breaches(engagement))
    for each in found:
        mask.veil(each.agent)
        if each.agent.belongs_to:
            mask.veil(each.agent.belongs_to)
    groups = selectors.by_agent(found)
    ticked = set(request.POST.getlist("chosen")) if refused else set()
    may_answer = seat.may(Permission.ANSWER_BREACH)
    may_settle = seat.may(Permission.SETTLE_BREACH) and seat.side == Side.CLIENT
    today = clock.today(engagement.zone)
    items = []
    for number, group in enumerate(groups, start=1):
        mine = any(str(row.breach.public_id) in ticked for row in group.rows)
        answering = refused if mine and isinstance(refused, AnswerBreachForm) else None
        settling = refused if mine and isinstance(refused, SettleBreachForm) else None
        items.append(
            {
                "group": group,
                "answer_form": (
                    answering or AnswerBreachForm(initial={"done_on": today}, auto_id=f"id_a{number}_%s")
                )
                if may_answer and group.unanswered
                else None,
                "settle_form": (settling or SettleBreachForm(auto_id=f"id_s{number}_%s"))
                if may_settle and group.answered
                else None,
                "refused": answering or settling,
                "ticked": ticked if mine else None,
            }
        )
    owed = Counter(
        selectors.gate_of(engagement.calendar.day_of(row.breach.day), engagement.passed_day)
        for group in groups
        for row in (*group.unanswered, *group.answered)
    )
    context = {
        "engagement": engagement,
        "items": items,
        "gates": sorted((gate, many) for gate, many in owed.items() if gate),
        "open_count": sum(len(group.unanswered) for group in groups),
        "waiting": sum(len(group.answered) for group in groups),
        "total": sum(len(group.rows) for group in groups),
        "unnamed": selectors.unnamed_calls(engagement),
        "reasons": mask.data(reasons),
    }
    status = 422 if reasons or (refused and refused.errors) else 200
    return render(request, "kpis/breaches.html", context, status=status)


@posted_from("kpis:breaches", "engagement_id")
def answer(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Answer the ticked days of an agent."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_BREACH)
    form = AnswerBreachForm(request.POST, auto_id="id_sent_%s")
    if not form.is_valid():
        return _page(request, engagement, seat, refused=form, reasons=form.chosen_errors())
    try:
        made = services.answer_breaches(engagement=engagement, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, engagement, seat, refused=form, reasons=refusal.reasons)
    messages.success(
        request, f"{plural(len(made), 'breach', 'breaches')} answered. Next: the client accepts the answer."
    )
    return redirect("kpis:breaches", engagement.public_id)


@posted_from("kpis:breaches", "engagement_id")
def settle(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Accept the answers of the ticked days, or send them back."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SETTLE_BREACH)
    form = SettleBreachForm(request.POST, auto_id="id_sent_%s")
    if not form.is_valid():
        return _page(request, engagement, seat, refused=form, reasons=form.chosen_errors())
    try:
        services.settle_breaches(engagement=engagement, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, engagement, seat, refused=form, reasons=refusal.reasons)
    said = "accepted" if form.cleaned_data["accepted"] else "sent back"
    messages.success(request, f"The answer is {said}.")
    return redirect("kpis:breaches", engagement.public_id)


@login_required
@require_safe
@kept_for_reader
def breach(request: TenantRequest, engagement_id: UUID, breach_id: UUID) -> HttpResponse:
    """One breach: its rows, and everything that was said about it."""
    engagement, seat = open_engagement(request, engagement_id)
    found = get_object_or_404(selectors.breaches(engagement), public_id=breach_id)
    mask_of(engagement, seat).veil(found.agent)
    rows = selectors.calls_of(found, _after(request.GET.get("after", "")))
    shown = rows[: selectors.PAGE_SIZE]
    context: dict[str, Any] = {
        "engagement": engagement,
        "breach": found,
        "state": selectors.state_of(found),
        "reason": found.get_reason_display(),
        "calls": shown,
        "following": shown[-1].pk if len(rows) > selectors.PAGE_SIZE else None,
        "answers": [(each, next(iter(each.decisions.all()), None)) for each in found.answers.all()],
    }
    return render(request, "kpis/breach.html", context)


def _after(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 18:
        raise Http404("There are no such rows.")
    return int(text)
