"""How long agents were logged in, what that covers, and what an hour came to."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from common import clock
from common.wording import capital
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.masks import mask_of
from kpis import hours_page as page
from kpis.agent_hours import by_person, coverage
from kpis.forms.signals import HoursForm
from kpis.selectors import agent_hours as reads
from kpis.selectors.prices import all_prices, as_prices
from kpis.views.signals import status_of, whole_period, with_days

MOST_FILES = 50


@login_required
@require_safe
@kept_for_reader
def agent_hours(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """How many hours were worked, on which days is that known, and what did an hour come to?"""
    engagement, seat = open_engagement(request, engagement_id)
    whole = whole_period(engagement)
    form = HoursForm(with_days(request.GET, whole), metrics=())
    form.is_valid()
    first, last = form.period(whole)
    told = reads.told_hours(engagement, first, last)
    dialled = reads.dialled(engagement, first, last)
    covered = coverage(told.stints, dialled, first=first, last=last)
    people = by_person(told.stints, dialled, first=first, last=last)
    dials: dict[int, int] = {}
    for of_day in dialled.values():
        for who, number in of_day.items():
            if who is not None:
                dials[who] = dials.get(who, 0) + number
    mask = mask_of(engagement, seat)
    names = {
        pk: mask.by_pk.get(pk, "An agent") if mask else name for pk, name in reads.names(engagement).items()
    }
    files = reads.hour_sheets(engagement)
    context = {
        "engagement": engagement,
        "form": form,
        "first": first,
        "last": last,
        "answer": [f"{capital(page.covers_sentence(covered))}.", *page.gap_sentences(covered)],
        "covered": covered,
        "empty": page.empty_sentence([as_prices(row) for row in all_prices(engagement)]),
        "by_agent": page.agent_rows(people, names, dials),
        "agent_columns": page.AGENT_COLUMNS,
        "by_day": page.day_rows(
            covered, {day: sum(who.values()) for day, who in dialled.items()}, clock.today(engagement.zone)
        ),
        "day_columns": page.DAY_COLUMNS,
        "restated": [
            (one, names.get(one.agent, "An agent"), page.hours_text(one.before), page.hours_text(one.after))
            for one in told.restated
        ],
        "files": files[:MOST_FILES],
        "may_open": seat.may(Permission.IMPORT_CALLS),
    }
    return render(request, "kpis/agent_hours.html", context, status=status_of(form))
