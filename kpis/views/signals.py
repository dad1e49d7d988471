"""What shifted, what moved the cost, how two segments compare, how fast leads are called, and at which hours."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from common import clock
from common.days import CALIBRATION_LAST_DAY
from common.wording import WEEKDAY_NAMES, day_text
from engagements.access import open_engagement
from engagements.masking import OPEN, Mask
from engagements.masks import mask_of
from engagements.models import Agent, Engagement
from engagements.selectors import brief_in_force
from engagements.stages import Stage
from kpis.forms.signals import (
    COUNT_IN,
    IN_DIALS,
    CompareForm,
    HoursForm,
    MovedForm,
    SignalsForm,
    TwoPeriodsForm,
)
from kpis.funnel import Metric
from kpis.models import LeadSource
from kpis.numbers_page import NO_SOURCE
from kpis.selectors import breakdowns, own_metrics, talks
from kpis.selectors import signals as reads
from kpis.selectors.numbers import calendar_of, metrics_of, span_of_data
from kpis.selectors.own_metrics import OwnGroup
from kpis.talks import METHOD
from kpis.telling.compared import compare_rows, compare_sentences
from kpis.telling.groups import (
    CODE_COLUMNS,
    code_rows,
    group_columns,
    group_rows,
    own_by_hour_note,
    own_columns,
    own_rows,
)
from kpis.telling.hours import heat
from kpis.telling.moved import counted_in, moved_picture, moved_sentences
from kpis.telling.outliers import funnel_plot, mix_sentence
from kpis.telling.shifts import SUMMARY_COLUMNS, control, drift_sentences, summary_rows, verdict
from kpis.telling.talk import TALK_COLUMNS, talk_day_rows
from kpis.telling.waiting import RESPONSE_COLUMNS, response_rows, response_sentences
from kpis.views.kept import kept_page

LEAST_LEADS = 30


def pieces_of(page: str) -> dict[str, str]:
    """The templates of the pieces of one of these pages."""
    return {"lead": f"kpis/signals/_{page}_lead.html", "content": f"kpis/signals/_{page}.html"}


@login_required
@require_safe
def signals(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What really shifted, what drifts, and who stands apart."""
    engagement, seat = open_engagement(request, engagement_id, page="kpis/signals/signals.html")
    mask = mask_of(engagement, seat)

    def answer(asked: QueryDict) -> tuple[dict[str, Any], bool]:
        brief = brief_in_force(engagement)
        form = SignalsForm(asked, metrics=metrics_of(brief))
        valid = form.is_valid()
        leave_out = not valid or form.cleaned_data["calibration"] != COUNT_IN
        found = reads.signals(engagement, brief, leave_out=leave_out)
        context: dict[str, Any] = {"form": form, "found": found, "leave_out": leave_out}
        if found and found.rates:
            chosen = found.of(form.cleaned_data.get("metric", "")) if valid else None
            chosen = chosen or next(iter(found.shifted or found.judged or found.rates))
            when = {day.number: day_text(day.day, number=day.number) for day in found.funnel.by_day}
            apart = reads.outliers(engagement, found.funnel, chosen.rate, mask.by_code)
            label, counted = chosen.rate.label, chosen.rate.denominator_label
            context |= {
                "answer": verdict(found),
                "chosen": chosen,
                "chart": control(chosen, when, {day.number: day.day for day in found.funnel.by_day}),
                "drift": drift_sentences(found),
                "summary": summary_rows(found),
                "summary_columns": SUMMARY_COLUMNS,
                "apart": apart,
                "agents": funnel_plot(apart.agents, label, "agent", counted),
                "sources": funnel_plot(apart.sources, label, "lead source", counted),
                "mix": mix_sentence(apart.mixes),
                "codes": apart.codes.sentence,
            }
        return context, bool(form.errors)

    return kept_page(
        request,
        engagement,
        mask,
        "kpis/signals/signals.html",
        pieces_of("signals"),
        answer=answer,
    )


@login_required
@require_safe
def moved(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What moved the cost per outcome between two periods."""
    engagement, _ = open_engagement(request, engagement_id, page="kpis/signals/moved.html")
    mask = OPEN

    def answer(asked: QueryDict) -> tuple[dict[str, Any], bool]:
        form = MovedForm(_with_usual(asked, engagement))
        valid = form.is_valid()
        before, after = _periods(form, engagement)
        named = form.cleaned_data.get("outcome", "") if valid else ""
        outcome = Stage[named.upper()] if named else None
        in_dials = valid and form.cleaned_data.get("unit") == IN_DIALS
        found = reads.what_moved(
            engagement, before, after, brief_in_force(engagement), outcome, in_dials=in_dials
        )
        context = {
            "form": form,
            "before": before,
            "after": after,
            "answer": moved_sentences(found),
            "counted_in": counted_in(found),
            "found": found,
            "picture": moved_picture(found.split, found.currency) if found.split else None,
        }
        return context, bool(form.errors)

    return kept_page(request, engagement, mask, "kpis/signals/moved.html", pieces_of("moved"), answer=answer)


@login_required
@require_safe
def compare(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Any two periods or segments beside each other."""
    engagement, seat = open_engagement(request, engagement_id, page="kpis/signals/compare.html")
    mask = mask_of(engagement, seat)

    def answer(asked: QueryDict) -> tuple[dict[str, Any], bool]:
        choices = _segments(engagement, mask)
        form = CompareForm(_with_usual(asked, engagement), segments=choices)
        valid = form.is_valid()
        spans = _periods(form, engagement)
        metrics = metrics_of(brief_in_force(engagement))
        labels = dict(pair for _, group in choices for pair in group)
        sides, own = [], []
        for name, span in zip(("before", "after"), spans, strict=True):
            value = form.cleaned_data.get(f"{name}_segment", "") if valid else ""
            kind, _, what = value.partition(":")
            own.append(own_metrics.segment(engagement, *span, (kind, what), metrics))
            sides.append(
                (breakdowns.segment(engagement, *span, (kind, what), name), labels.get(value, "all calls"))
            )
        names = (_called(sides[0][1], spans[0]), _called(sides[1][1], spans[1]))
        context = {
            "form": form,
            "spans": spans,
            "names": names,
            "answer": compare_sentences(sides[0][0], sides[1][0], metrics, names),
            "rows": compare_rows(sides[0][0], sides[1][0], metrics, own),
            "columns": ("First", "Second", "Second less first"),
            "any": any(group for group, _ in sides),
        }
        return context, bool(form.errors)

    return kept_page(
        request,
        engagement,
        mask,
        "kpis/signals/compare.html",
        pieces_of("compare"),
        answer=answer,
    )


@login_required
@require_safe
def response(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """How fast leads are called, and what the second and the fifth attempt are worth."""
    engagement, _ = open_engagement(request, engagement_id, page="kpis/signals/response.html")
    mask = OPEN

    def answer(asked: QueryDict) -> tuple[dict[str, Any], bool]:
        metrics = metrics_of(brief_in_force(engagement))
        whole = whole_period(engagement)
        form = HoursForm(with_days(asked, whole), metrics=metrics)
        form.is_valid()
        first, last = form.period(whole)
        waited = breakdowns.responses(engagement, first, last, NO_SOURCE)
        attempts = breakdowns.by_attempt(engagement, first, last)
        told = [metric for metric in metrics if metric.from_calls]
        context = {
            "form": form,
            "first": first,
            "last": last,
            "answer": response_sentences(waited),
            "waited": waited,
            "by_source": response_rows(waited.by_source, LEAST_LEADS),
            "by_hour": response_rows(waited.by_hour, LEAST_LEADS),
            "columns": RESPONSE_COLUMNS,
            "attempts": group_rows(attempts, told[:2]),
            "attempt_columns": group_columns(told[:2]),
        }
        return context, bool(form.errors)

    return kept_page(
        request,
        engagement,
        mask,
        "kpis/signals/response.html",
        pieces_of("response"),
        answer=answer,
    )


@login_required
@require_safe
def hours(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """One rate by hour and weekday, and the breakdowns by hour, weekday, agent and code."""
    engagement, seat = open_engagement(request, engagement_id, page="kpis/signals/hours.html")
    mask = mask_of(engagement, seat)

    def answer(asked: QueryDict) -> tuple[dict[str, Any], bool]:
        metrics = metrics_of(brief_in_force(engagement))
        whole = whole_period(engagement)
        form = HoursForm(with_days(asked, whole), metrics=metrics)
        valid = form.is_valid()
        first, last = form.period(whole)
        told = [metric for metric in metrics if metric.from_calls]
        wanted = form.cleaned_data.get("metric", "") if valid else ""
        chosen = next((metric for metric in told if metric.key == wanted), None) or next(iter(told), None)
        found = breakdowns.by_hour(engagement, first, last)
        codes = breakdowns.by_code(engagement, first, last)
        agents = breakdowns.by_agent(engagement, first, last, mask.by_code)
        context = {
            "form": form,
            "first": first,
            "last": last,
            "chosen": chosen,
            "picture": heat(found, chosen) if chosen and found else None,
            "by_hour": group_rows(_together(found, "hour"), told),
            "by_weekday": group_rows(_together(found, "weekday"), told),
            "by_source": group_rows(
                breakdowns.by_source(engagement, first, last, NO_SOURCE),
                told,
                talks.by_source(engagement, first, last, NO_SOURCE),
            ),
            "by_agent": group_rows(agents, told, talks.by_agent(engagement, first, last)),
            "talk_days": talk_day_rows(
                talks.by_day(engagement, first, last),
                talks.timed_by_day(engagement, first, last),
                clock.today(engagement.zone),
            ),
            "talk_columns": TALK_COLUMNS,
            "talk_method": METHOD,
            "by_code": code_rows(codes),
            "own_tables": [
                (head, first_head, own_rows(groups, metrics))
                for head, first_head, groups in _own_groups(engagement, mask, first, last, metrics)
                if groups
            ],
            "own_columns": own_columns(metrics),
            "own_note": own_by_hour_note(metrics),
            "columns": group_columns(told),
            "code_columns": CODE_COLUMNS,
        }
        return context, bool(form.errors)

    return kept_page(request, engagement, mask, "kpis/signals/hours.html", pieces_of("hours"), answer=answer)


def _own_groups(
    engagement: Engagement, mask: Mask, first: date, last: date, metrics: Sequence[Metric]
) -> list[tuple[str, str, list[OwnGroup]]]:
    """The metrics of one's own that count the calls: the head of each table, of its first column, and its groups."""
    if not any(metric.measured for metric in metrics):
        return []
    return [
        ("By lead source", "Lead source", own_metrics.by_source(engagement, first, last, metrics, NO_SOURCE)),
        ("By agent", "Agent", own_metrics.by_agent(engagement, first, last, metrics, mask.by_code)),
        ("By hour", "Hour", own_metrics.by_hour(engagement, first, last, metrics)),
    ]


def status_of(form: Form) -> int:
    """What was asked for in a way that cannot be is refused, with the usual figures below it."""
    return 422 if form.errors else 200


def _together(found: list[breakdowns.HourGroup], by: str) -> list[breakdowns.Group]:
    """The cells of the map by hour or by weekday."""
    groups: dict[int, list[breakdowns.Group]] = {}
    for one in found:
        groups.setdefault(one.hour if by == "hour" else one.weekday, []).append(one.group)
    named = reads.hour_text if by == "hour" else lambda day: WEEKDAY_NAMES[day - 1]
    return [breakdowns.merged(named(key), own) for key, own in sorted(groups.items())]


def whole_period(engagement: Engagement) -> tuple[date, date]:
    """All days with data, else from the launch until today."""
    launch, today = calendar_of(engagement).launch, clock.today(engagement.zone)
    return span_of_data(engagement) or (launch, max(launch, today))


def _usual_periods(engagement: Engagement) -> tuple[tuple[date, date], tuple[date, date]]:
    """The baseline and what came after it; before that two halves of the days."""
    first, last = whole_period(engagement)
    calendar = calendar_of(engagement)
    calibrated = calendar.date_of(CALIBRATION_LAST_DAY)
    if first <= calibrated < last:
        return (min(max(first, calendar.launch), calibrated), calibrated), (
            calibrated + timedelta(days=1),
            last,
        )
    middle = first + timedelta(days=(last - first).days // 2)
    return (first, middle), (min(middle + timedelta(days=1), last), last)


def _with_usual(asked: QueryDict, engagement: Engagement) -> dict[str, Any]:
    """What was asked for; where no day was, the usual periods, so that the form shows what the page does."""
    given = asked.dict()
    days = [f"{name}_{end}" for name in ("before", "after") for end in ("first", "last")]
    if any(given.get(day) for day in days):
        return given
    usual = [day.isoformat() for period in _usual_periods(engagement) for day in period]
    return given | dict(zip(days, usual, strict=True))


def with_days(asked: QueryDict, whole: tuple[date, date]) -> dict[str, Any]:
    """What was asked for; where no day was, all of them, so that the form shows what the page does."""
    given = asked.dict()
    if given.get("first") or given.get("last"):
        return given
    return given | {"first": whole[0].isoformat(), "last": whole[1].isoformat()}


def _periods(form: TwoPeriodsForm, engagement: Engagement) -> tuple[tuple[date, date], tuple[date, date]]:
    """The two periods asked for, else the usual ones."""
    usual = _usual_periods(engagement)
    return form.period("before", usual[0]), form.period("after", usual[1])


def _segments(engagement: Engagement, mask: Mask) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the calls of a period can be narrowed to. Two queries, one more under a mask."""
    sources = LeadSource.objects.filter(engagement=engagement).values_list("name", flat=True)
    agents = Agent.objects.filter(engagement=engagement, belongs_to=None)
    people = sorted((mask.of(agent), f"agent:{agent.public_id}") for agent in agents)
    return [
        ("Lead source", [(f"source:{name}", name) for name in sources]),
        ("Agent", [(value, name) for name, value in people]),
        ("Weekday", [(f"weekday:{day}", f"{name}s") for day, name in enumerate(WEEKDAY_NAMES, start=1)]),
        ("Hour", [(f"hour:{hour}", reads.hour_text(hour)) for hour in range(24)]),
    ]


def _called(who: str, span: tuple[date, date]) -> str:
    return f"{who}, {day_text(span[0])} to {day_text(span[1])}"
