"""My work, Operators and Overview: pages that look across apps."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import ParticipantRole, Permission
from common.ui import RAIL, TABS
from engagements.access import open_engagement
from engagements.masks import mask_of
from engagements.models import Engagement
from milestones.rules.launches import MIN_LAUNCHES
from milestones.selectors.standing import standing_of
from workspace.guides import Guide, Step, guide_for, stand_in_sentences
from workspace.selectors.operators import operators as read_operators
from workspace.selectors.overview import KEPT_AS
from workspace.selectors.overview import shown as shown_overview
from workspace.selectors.work import Work
from workspace.selectors.work import my_work as read_work

# How many stand under one heading of My work, and on one page of a whole list.
A_LIST = 12
A_PAGE = 50
ALL = 10_000


@login_required
@require_safe
def my_work(request: TenantRequest) -> HttpResponse:
    """What waits for me, one verb each: the first of every list, or all of one list, a page at a time."""
    work = read_work(request.seat) if request.seat else None
    lists, later = (work.lists(A_LIST), work.lists(A_LIST, later=True)) if work else ([], [])
    chosen = next((one for one in [*lists, *later] if one.key == request.GET.get("list")), None)
    if work and chosen:
        return _one_list(request, work, chosen.key)
    guide = guide_for(request.seat.role, work.own or work.roles) if request.seat and work else None
    context = {
        "work": work,
        "lists": lists,
        "first": work is not None and not work.engagements,
        "guide": guide,
        "stands_in": stand_in_sentences(work.stands_in) if work else [],
        "steps": _steps(guide, work.place) if guide and work else [],
        # Who follows engagements and nothing else is not asked to open one here; the portfolio offers it.
        "may_create": bool(request.seat and request.seat.may(Permission.CREATE_ENGAGEMENT))
        and (work is None or set(work.own or work.roles) != {ParticipantRole.EXECUTIVE}),
    }
    return render(request, "workspace/my_work.html", context)


def _one_list(request: TenantRequest, work: Work, key: str) -> HttpResponse:
    """One list of My work, all of it."""
    whole = next(one for one in work.lists(ALL, later=key == "later") if one.key == key)
    pages = Paginator(whole.tasks, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "list": whole._replace(tasks=list(pages.object_list), leads=False),
        "pages": pages,
        "question": f"list={key}&",
    }
    return render(request, "workspace/work_list.html", context)


def _steps(guide: Guide, place: Engagement | None) -> list[tuple[Step, str]]:
    """The steps of a guide with the addresses of their pages."""
    return [
        (step, reverse(step.page, args=[place.public_id] if step.inside and place else []))
        for step in guide.steps
        if place or not step.inside
    ]


@login_required
@require_safe
def keyboard(request: TenantRequest) -> HttpResponse:
    """Which keys lead where."""
    groups = [
        (
            "Anywhere",
            [
                (("/",), "Search"),
                (("?",), "This list"),
                (("j",), "The next row of a list"),
                (("k",), "The row before"),
                (("Enter",), "Open the row"),
            ],
        ),
        ("Main pages", [(("g", key), label) for label, _, _, key in RAIL]),
        ("Within an engagement", [(("g", key), label) for label, _, key in TABS]),
    ]
    return render(request, "workspace/keyboard.html", {"groups": groups})


@login_required
@require_safe
def operators(request: TenantRequest) -> HttpResponse:
    """Every operator with the launches behind its on-time figure; an operator sees its own."""
    context = {"operators": read_operators() if request.seat else [], "minimum": MIN_LAUNCHES}
    return render(request, "workspace/operators.html", context)


@login_required
@require_safe
def overview(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Where one engagement stands."""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    standing = request.standing = standing_of(engagement)
    page = shown_overview(standing, mask_of(engagement, seat))
    context = {
        "engagement": engagement,
        "page": page,
        "today": standing.today,
        "next": page.next_for(seat, standing.today)
        if seat.participant_roles - {ParticipantRole.EXECUTIVE}
        else None,
    }
    return render(request, "workspace/overview.html", context)
