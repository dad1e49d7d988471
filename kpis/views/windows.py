"""Calling windows: when people were called, what became of it, and the rules behind it."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept import Parts, drawn, place_of
from engagements.kept_page import kept_for_reader
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.windows import AnswerDayForm, LeaveOutForm, ReasonForm, RuleForm, own_rule
from kpis.imports.rejects import csv_lines
from kpis.models import LeadSource, WindowVerdict
from kpis.selectors import windows as selectors
from kpis.selectors.window_days import AnswerDay, answer_days, of_launch
from kpis.selectors.window_rules import (
    by_place,
    changes_history,
    excluded_places,
    left_out,
    rule_set,
)
from kpis.services import windows as services
from kpis.windows.places import places
from kpis.windows.rules import EXEMPTIONS, Rule, shipped

KINDS = {
    "": "What was found",
    "violation": "Violations",
    "possible": "Possible",
    "place": "Excluded places",
    "unknown": "Unknown",
    "conflict": "Where sources of the zone contradict each other",
}
DAYS_SHOWN = 31
CSV_ROWS = 50_000
COLUMNS = (
    "verdict", "why", "rules", "sources", "local_times", "told_by", "place", "note", "called_at", "number", "lead_id",
    "lead_source", "agent", "disposition", "file", "line",
)  # fmt: skip

# The pieces of the page that are kept.
PIECES = {
    "lead": "kpis/_windows_lead.html",
    "days": "kpis/_windows_days.html",
    "content": "kpis/_windows_content.html",
}
KEPT_AS = "calling windows"


@login_required
@require_safe
@kept_for_reader
def windows(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Was everybody called at an hour at which they may be?"""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    return _page(request, engagement, seat)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    refused: AnswerDayForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """What is kept answers whoever asks for no list of their own; a day is answered with what is so at this moment."""
    kind, day, after = _asked(request)
    mask = mask_of(engagement, seat)
    if request.GET:
        told = _drawn(engagement, mask, kind, day, after)
    else:
        parts = Parts(engagement, clock.today(engagement.zone))
        told = parts.page(KEPT_AS, mask, make=lambda: _drawn(engagement, mask, "", None, 0))
    days = answer_days(engagement) if told["unanswered"] and seat.may(Permission.ANSWER_BREACH) else []
    context = {
        **told,
        **{name: mark_safe(told[name]) for name in PIECES},  # noqa: S308  our own templates set them
        "engagement": engagement,
        "answer_days": [
            (each, _answer_form(engagement, each, refused) if each.state == "open" else None) for each in days
        ],
        "reasons": mask.data(reasons or []),
    }
    return render(request, "kpis/windows.html", context, status=422 if refused else 200)


def _drawn(engagement: Engagement, mask: Mask, kind: str, day: date | None, after: int) -> dict[str, Any]:
    """The page as everybody sees it through this mask: its pieces as HTML, and how many days wait for an answer."""
    lines = selectors.day_lines(engagement)
    excluded = excluded_places(engagement, {line.place for line in lines})
    found = list(
        selectors.verdicts(engagement, excluded=excluded, day=day, kind=kind)
        .filter(pk__gt=after)
        .order_by("pk")[: selectors.PAGE_SIZE + 1]
    )
    shown = found[: selectors.PAGE_SIZE]
    recent = sorted({line.day for line in lines}, reverse=True)[:DAYS_SHOWN]
    days = answer_days(engagement)
    query = {key: value for key, value in (("kind", kind), ("day", day.isoformat() if day else "")) if value}
    waiting = {
        "unanswered": sum(each.state == "open" for each in days),
        "launch_unanswered": sum(each.state == "open" and of_launch(engagement, each.day) for each in days),
    }
    around = {
        "engagement": engagement,
        "head": place_of(engagement, clock.today(engagement.zone)),
        "all": selectors.totals(engagement),
        "supervised": selectors.supervised(engagement, engagement.calendar),
        "drops": selectors.drops(engagement),
        "answer_days": [(each, None) for each in days],
        **waiting,
        "beyond": selectors.beyond_the_brief(lines, excluded),
        "excluded": excluded,
        "places": selectors.place_lines(lines, excluded),
        "lines": [(line, selectors.day_totals(line, excluded)) for line in lines if line.day in recent],
        "days_left_out": len({line.day for line in lines}) - len(recent),
        "rows": selectors.with_calls(shown, excluded),
        "kinds": [(value, label, value == kind) for value, label in KINDS.items()],
        "kind": kind,
        "kind_label": KINDS[kind],
        "chosen_day": day,
        "query": urlencode(query),
        "next_query": urlencode({**query, "after": shown[-1].pk}) if len(found) > len(shown) else "",
        "waits": bool(lines or after) is False and selectors.any_calls(engagement),
    }
    return {**{name: drawn(template, mask, **around) for name, template in PIECES.items()}, **waiting}


def _answer_form(engagement: Engagement, day: AnswerDay, refused: AnswerDayForm | None) -> AnswerDayForm:
    if refused and refused.data.get("day") == day.day.isoformat():
        return refused
    start = {"day": day.day.isoformat(), "seen": day.outside.calls, "done_on": clock.today(engagement.zone)}
    return AnswerDayForm(initial=start, auto_id=f"id_{day.day:%Y%m%d}_%s")


def _asked(request: TenantRequest) -> tuple[str, date | None, int]:
    """Which verdicts of which day, after which row. Raises Http404 for what cannot be asked."""
    kind, day, after = (request.GET.get(name, "") for name in ("kind", "day", "after"))
    if kind not in KINDS or (after and (not after.isascii() or not after.isdecimal() or len(after) > 18)):
        raise Http404("There is no such list.")
    try:
        return kind, date.fromisoformat(day) if day else None, int(after or 0)
    except ValueError as error:
        raise Http404("There is no such day.") from error


@posted_from("kpis:windows", "engagement_id")
def answer(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Say what was done about the calls of a day outside of their windows."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_BREACH)
    form = AnswerDayForm(request.POST, auto_id="id_sent_%s")
    if not form.is_valid():
        hidden = [str(error) for name in ("day", "seen") for error in form.errors.get(name, [])]
        return _page(request, engagement, seat, refused=form, reasons=hidden)
    try:
        services.answer_day(engagement=engagement, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, engagement, seat, refused=form, reasons=refusal.reasons)
    messages.success(request, "The answer is recorded. The client reads it here and in the trail.")
    return redirect("kpis:windows", engagement.public_id)


@login_required
@require_safe
def windows_csv(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The same list as a file, at most 50,000 rows."""
    engagement, seat = open_engagement(request, engagement_id)
    kind, day, after = _asked(request)
    mask = mask_of(engagement, seat)
    excluded = excluded_places(engagement, selectors.places_called(engagement))
    asked = selectors.verdicts(engagement, excluded=excluded, day=day, kind=kind)
    found = list(asked.filter(pk__gt=after).order_by("pk")[:CSV_ROWS])
    lines = csv_lines(COLUMNS, _csv_rows(found, mask, excluded))
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="calling-windows.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv_rows(found: list[WindowVerdict], mask: Mask, excluded: frozenset[str]) -> Iterator[list[str]]:
    for start in range(0, len(found), 1000):
        for row in selectors.with_calls(found[start : start + 1000], excluded):
            call = row.call
            yield [
                row.verdict.get_verdict_display(), row.why, "; ".join(f"{r.title} v{r.version}" for r in row.rules),
                "; ".join(r.source for r in row.rules), "; ".join(row.verdict.local), row.told_by, row.place_name,
                row.verdict.said, call.called_at.isoformat() if call.called_at else call.day.isoformat(), call.phone,
                call.lead_ref, call.source.name if call.source else "", mask.of(call.agent), call.disposition.code,
                call.batch.file_name, str(call.row_no),
            ]  # fmt: skip


@login_required
@require_safe
@kept_for_reader
def window_rules(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """By which rules calls are judged, where each comes from, and what is left out here."""
    engagement, seat = open_engagement(request, engagement_id)
    place = request.GET.get("place", "")
    if place in places():
        return redirect("kpis:window_rule", engagement.public_id, f"own-{place.lower()}")
    return _rules_page(request, engagement, seat)


def _rules_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    refused: LeaveOutForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    standing = rule_set(engagement)
    said = next(iter(changes_history(engagement, EXEMPTIONS)), None)
    form = None
    if seat.may(Permission.SET_WINDOWS):
        start: dict[str, Any] = {
            "seen": said.version if said else 0,
            **((said.content or {}) if said else {}),
        }
        form = refused or LeaveOutForm(initial=start, sources=_sources(engagement))
    here, elsewhere = by_place(engagement, standing.rules)
    context = {
        "engagement": engagement,
        "tables": [("Rules where calls are made", here), ("Rules of other places", elsewhere)],
        "silent": standing.silent,
        "left_out": left_out(engagement),
        "flags": standing.flags,
        "said": said,
        "form": form,
        "place_choices": [(code, place.name) for code, place in places().items()] if form else [],
        "country": standing.country,
        "reasons": reasons or [],
    }
    return render(request, "kpis/window_rules.html", context, status=422 if refused else 200)


def _sources(engagement: Engagement) -> list[str]:
    return list(LeadSource.objects.filter(engagement=engagement).values_list("name", flat=True))


@posted_from("kpis:window_rules", "engagement_id")
def leave_out(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Say which calls the hours do not bind here."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SET_WINDOWS)
    form = LeaveOutForm(request.POST, sources=_sources(engagement))
    if not form.is_valid():
        return _rules_page(request, engagement, seat, refused=form)
    try:
        services.leave_out(
            engagement=engagement, by=seat, flags=form.flags, reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
    except Refused as refusal:
        return _rules_page(request, engagement, seat, refused=form, reasons=refusal.reasons)
    messages.success(request, "This holds from now on. All calls are judged again in the background.")
    return redirect("kpis:window_rules", engagement.public_id)


@login_required
@require_safe
@kept_for_reader
def window_rule(request: TenantRequest, engagement_id: UUID, rule: str) -> HttpResponse:
    """One rule: what it says, where it comes from, how it was changed here."""
    engagement, seat = open_engagement(request, engagement_id)
    return _rule_page(request, engagement, seat, rule)


def _rule_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    code: str,
    *,
    refused: RuleForm | ReasonForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    standing, counts = _rule(engagement, code)
    history = changes_history(engagement, code)
    seen = history[0].version if history else 0
    may = seat.may(Permission.SET_WINDOWS) and not code.startswith("brief-")
    changed = bool(history) and not history[0].shipped_again
    context = {
        "engagement": engagement,
        "rule": standing,
        "counts": counts,
        "history": history,
        "form": (refused if isinstance(refused, RuleForm) else RuleForm(initial=RuleForm.of(standing, seen)))
        if may
        else None,
        "restore_form": (
            refused
            if isinstance(refused, ReasonForm)
            else ReasonForm(initial={"seen": seen}, auto_id="id_back_%s")
        )
        if may and changed
        else None,
        "reasons": reasons or [],
    }
    return render(request, "kpis/window_rule.html", context, status=422 if refused else 200)


def _rule(engagement: Engagement, code: str) -> tuple[Rule, bool]:
    """A rule as it stands here, as it comes, or as one of the engagement's own would start; and whether it counts."""
    if found := rule_set(engagement).rule(code):
        return found, True
    if found := next((each for each in shipped() if each.code == code), None):
        return found, False
    place = code.removeprefix("own-").upper()
    if not code.startswith("own-") or code != f"own-{place.lower()}" or place not in places():
        raise Http404("There is no such rule.")
    return own_rule(place), False


@posted_from("kpis:window_rule", "engagement_id", "rule")
def change_rule(request: TenantRequest, engagement_id: UUID, rule: str) -> HttpResponse:
    """Have another rule stand here, or leave it out."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SET_WINDOWS)
    old, _ = _rule(engagement, rule)
    if rule.startswith("brief-"):
        raise Http404("The brief is changed on its own page.")
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _rule_page(request, engagement, seat, rule, refused=form)
    data = form.cleaned_data
    try:
        services.change_rule(
            engagement=engagement,
            by=seat,
            code=rule,
            rule=form.rule(old),
            reason=data["reason"],
            seen=data["seen"],
        )
    except Refused as refusal:
        return _rule_page(request, engagement, seat, rule, refused=form, reasons=refusal.reasons)
    messages.success(request, "The rule holds from now on. All calls are judged again in the background.")
    return redirect("kpis:window_rule", engagement.public_id, rule)


@posted_from("kpis:window_rule", "engagement_id", "rule")
def restore_rule(request: TenantRequest, engagement_id: UUID, rule: str) -> HttpResponse:
    """Have a rule count as it comes with the program."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SET_WINDOWS)
    _rule(engagement, rule)
    form = ReasonForm(request.POST, auto_id="id_back_%s")
    if not form.is_valid():
        return _rule_page(request, engagement, seat, rule, refused=form)
    data = form.cleaned_data
    try:
        services.restore_rule(
            engagement=engagement, by=seat, code=rule, reason=data["reason"], seen=data["seen"]
        )
    except Refused as refusal:
        return _rule_page(request, engagement, seat, rule, refused=form, reasons=refusal.reasons)
    messages.success(request, "The rule counts as it comes. All calls are judged again in the background.")
    return redirect("kpis:window_rule", engagement.public_id, rule)
