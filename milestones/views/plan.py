"""The plan: who does what by when, locked by both sides, moved with a reason."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from common.wording import plural, shift_text
from engagements.access import open_engagement
from engagements.kept import drawn, page_of_one, place_of
from engagements.kept_page import kept_for_reader
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from engagements.work_form import WorkForm, as_chosen
from milestones import services
from milestones.forms import CompletionForm, LaunchForm, MilestoneForm, ReopenForm
from milestones.links import figures_of, reasons_of
from milestones.models import Milestone
from milestones.rules.facts import Blocker
from milestones.rules.moves import UNASKED_DAYS, unasked_move_possible
from milestones.rules.plans import milestone_completion_blockers, plan_lock_blockers, reopen_blockers
from milestones.rules.states import milestone_word
from milestones.selectors.dates import key_of
from milestones.selectors.gate_standing import kept_blocker
from milestones.selectors.plan import KEPT_AS, shown_plan
from milestones.selectors.standing import Standing, plan_items, standing_of
from milestones.services.plans import LOCK_CONSENT
from milestones.services.proof import completion_facts, reopen_facts
from milestones.services.refusal import Blocked

# The pieces of a milestone's page that are kept.
MILESTONE = ("terms", "evidence")


def refusal_reasons(refusal: Refused, engagement: Engagement) -> list[Reason]:
    """Reasons as the page lists them, with links where the refusal knows what they are about."""
    if isinstance(refusal, Blocked):
        return reasons_of(refusal.blockers, engagement)
    return [Reason(reason) for reason in refusal.reasons]


@login_required
@require_safe
@kept_for_reader
def plan(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The timeline with owners, and the three dates of every item."""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    return _plan_page(request, engagement, seat)


def _plan_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    reasons: list[Reason] | None = None,
    launch_form: LaunchForm | None = None,
    work_form: WorkForm | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    plan = shown_plan(standing, mask_of(engagement, seat))
    failed = bool(reasons) or any(form and form.errors for form in (launch_form, work_form))
    context: dict[str, Any] = {
        "engagement": engagement,
        "standing": standing,
        "plan": plan,
        "reasons": reasons,
        "may_edit": seat.may(Permission.EDIT_PLAN),
    }
    if plan:
        side = seat.side.value if seat.side else ""
        to_lock = not plan.locked and side not in plan.locked_by and seat.may(Permission.LOCK_PLAN)
        lock = _against_locking(standing, side) if to_lock else []
        moving = seat.may(Permission.EDIT_PLAN) and (
            not plan.locked
            or unasked_move_possible(standing.calendar, today=standing.today, cleared=engagement.cleared)
        )
        context |= {
            "may_lock": to_lock and not lock,
            "lock_reasons": [] if reasons else reasons_of(lock, engagement),
            "consent": LOCK_CONSENT,
            "launch_form": (launch_form or LaunchForm(initial={"launch": engagement.launch_on}))
            if moving
            else None,
            "work_form": (work_form or WorkForm(initial=as_chosen(engagement)))
            if seat.may(Permission.EDIT_PLAN) and not plan.locked_by
            else None,
            "unasked_days": UNASKED_DAYS,
        }
    return render(request, "milestones/plan.html", context, status=422 if failed else 200)


def _against_locking(standing: Standing, side: str) -> list[Blocker]:
    """What keeps a side from locking the timeline as it stands."""
    items = plan_items(standing.milestones, standing.checks)
    return plan_lock_blockers(
        items, side=side, locked_by=standing.locked_by, seen=standing.digest, current=standing.digest
    )


@posted_from("milestones:plan", "engagement_id")
def plan_create(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Make the plan from the playbook, for an engagement that has none."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_PLAN)
    try:
        services.create_plan(engagement=engagement, by=seat)
    except Refused as refusal:
        return _plan_page(request, engagement, seat, reasons=refusal_reasons(refusal, engagement))
    messages.success(request, "The plan is made. Next: both sides read its dates and owners, then lock it.")
    return redirect("milestones:plan", engagement.public_id)


@posted_from("milestones:plan", "engagement_id")
def plan_owners(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Give every item without an owner the person on the team who has its role."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_PLAN)
    try:
        filled = services.fill_owners(engagement=engagement, by=seat)
    except Refused as refusal:
        return _plan_page(request, engagement, seat, reasons=refusal_reasons(refusal, engagement))
    if filled:
        messages.success(request, f"{plural(filled, 'item')} got an owner from the team.")
    else:
        messages.info(request, "Nobody on the team has the roles that are still without an owner.")
    return redirect("milestones:plan", engagement.public_id)


@posted_from("milestones:plan", "engagement_id")
def plan_lock(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Lock the timeline for one's own side, as it was read."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LOCK_PLAN)
    page = reverse("milestones:plan", args=[engagement.public_id])
    if answer := ask_again(request, back_to=page):
        return answer
    try:
        locked = services.lock_plan(engagement=engagement, by=seat, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        return _plan_page(request, engagement, seat, reasons=refusal_reasons(refusal, engagement))
    if locked.locked_at:
        messages.success(request, "Both sides have locked the timeline. Its dates are the contracted ones.")
    else:
        other = (seat.side or Side.CLIENT).other
        messages.success(request, f"You have locked the timeline. Next: the {other} locks it.")
    return HttpResponseRedirect(page)


@posted_from("milestones:plan", "engagement_id")
def work_change(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Agree on other working days, before the first lock."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_PLAN)
    form = WorkForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, engagement, seat, work_form=form)
    try:
        changed = services.change_work(engagement=engagement, by=seat, rules=form.work())
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _plan_page(request, engagement, seat, reasons=reasons, work_form=form)
    said = (
        "The working days are changed; every due date follows them."
        if changed
        else "These are the working days."
    )
    messages.success(request, said)
    return redirect("milestones:plan", engagement.public_id)


@posted_from("milestones:plan", "engagement_id")
def launch_move(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Move the launch date, with the reason and whose side it was on."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_PLAN)
    form = LaunchForm(request.POST)
    if not form.is_valid():
        return _plan_page(request, engagement, seat, launch_form=form)
    try:
        days = services.move_launch(engagement=engagement, by=seat, **form.cleaned_data)
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _plan_page(request, engagement, seat, reasons=reasons, launch_form=form)
    messages.success(
        request, f"The launch is moved {shift_text(days)}; everything from day 11 on moved with it."
    )
    return redirect("milestones:plan", engagement.public_id)


@login_required
@require_safe
@kept_for_reader
def milestone(request: TenantRequest, engagement_id: UUID, milestone_id: UUID) -> HttpResponse:
    """One milestone: its proof, and the form that completes it."""
    engagement, seat = open_engagement(request, engagement_id, page=page_of_one("milestone", milestone_id))
    item = get_object_or_404(
        Milestone.objects.select_related("owner__substitute", "done_by"),
        engagement=engagement,
        public_id=milestone_id,
    )
    return _milestone_page(request, engagement, seat, item)


def _milestone_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    item: Milestone,
    *,
    reasons: list[Reason] | None = None,
    proof_form: CompletionForm | None = None,
    change_form: MilestoneForm | None = None,
    reopen_form: ReopenForm | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    mask = mask_of(engagement, seat)
    told = standing.kept.page(
        page_of_one("milestone", item.public_id), mask, make=lambda: _milestone_told(standing, item.pk, mask)
    )
    blockers = [kept_blocker(each) for each in told["blockers"]]
    own = seat.side == item.side and seat.may(Permission.COMPLETE_MILESTONE)
    failed = bool(reasons) or any(form and form.errors for form in (proof_form, change_form, reopen_form))
    if change_form is None and _may_change(seat, item):
        change_form = MilestoneForm(engagement=engagement, milestone=item, locked=told["locked"])
    context = {
        "engagement": engagement,
        "item": item,
        "state": told["state"],
        "state_word": told["word"],
        "forecast": date.fromisoformat(told["forecast"]),
        "todo": told["todo"],
        "own": own,
        "reasons": reasons,
        "blockers": reasons_of(blockers, engagement) if own and not reasons else [],
        "proof_form": (proof_form or CompletionForm(engagement=engagement))
        if own and not blockers and not item.done_on
        else None,
        "change_form": change_form
        if _may_change(seat, item) and change_form and change_form.useful
        else None,
        "locked": told["locked"],
        "reopen_form": (reopen_form or ReopenForm()) if own and told["reopens"] else None,
        **{name: mark_safe(told[name]) for name in MILESTONE},  # noqa: S308  our own templates set them
    }
    return render(request, "milestones/milestone.html", context, status=422 if failed else 200)


def _may_change(seat: Seat, item: Milestone) -> bool:
    return seat.may(Permission.EDIT_PLAN) and seat.side == item.side and not item.done_on


def _milestone_told(standing: Standing, pk: int, mask: Mask) -> dict[str, Any]:
    """A milestone as everybody sees it through this mask, and what stands in the way of somebody of its own side."""
    engagement = standing.engagement
    item = next(each for each in standing.milestones if each.pk == pk)
    around = {
        "engagement": engagement,
        "head": place_of(engagement, standing.today),
        "item": item,
        "forecast": (forecast := standing.forecast_of(item, item.done_on)),
        "locked": standing.locked,
        "waits_for": standing.waits_for(item),
        "waited_for_by": standing.waited_for_by(item),
        "date_key": key_of(item),
        "figures": figures_of(item.code, engagement),
    }
    facts = completion_facts(standing, item, by_side=item.side, brought=1)
    # With a reason in hand: what is left is what keeps it from being opened again.
    stays_done = reopen_blockers(
        reopen_facts(standing, item, by_side=item.side, reason="for the reason given")
    )
    return {
        "state": (state := standing.milestone_state(item)),
        "word": milestone_word(state),
        "forecast": forecast.isoformat(),
        "todo": "" if item.done_on else standing.todo_of(item),
        "locked": standing.locked,
        "blockers": [] if item.done_on else [asdict(each) for each in milestone_completion_blockers(facts)],
        "reopens": not stays_done,
        **{name: drawn(f"milestones/_milestone_{name}.html", mask, **around) for name in MILESTONE},
    }


@posted_from("milestones:milestone", "engagement_id", "milestone_id")
def milestone_complete(request: TenantRequest, engagement_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Complete a milestone with its evidence."""
    engagement, seat = open_engagement(request, engagement_id, Permission.COMPLETE_MILESTONE)
    item = get_object_or_404(Milestone, engagement=engagement, public_id=milestone_id)
    form = CompletionForm(request.POST, request.FILES, engagement=engagement)
    if not form.is_valid():
        return _milestone_page(request, engagement, seat, item, proof_form=form)
    try:
        services.complete_milestone(milestone=item, by=seat, proof=form.proof())
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _milestone_page(request, engagement, seat, item, reasons=reasons, proof_form=form)
    messages.success(request, f"“{item.title}” is done.")
    return redirect("milestones:plan", engagement.public_id)


@posted_from("milestones:milestone", "engagement_id", "milestone_id")
def milestone_reopen(request: TenantRequest, engagement_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Take back that a milestone is done."""
    engagement, seat = open_engagement(request, engagement_id, Permission.COMPLETE_MILESTONE)
    item = get_object_or_404(Milestone, engagement=engagement, public_id=milestone_id)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _milestone_page(request, engagement, seat, item, reopen_form=form)
    try:
        services.reopen_milestone(milestone=item, by=seat, reason=form.cleaned_data["reopen_reason"])
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _milestone_page(request, engagement, seat, item, reasons=reasons, reopen_form=form)
    messages.success(request, f"“{item.title}” is open again; its evidence stays.")
    return redirect("milestones:milestone", engagement.public_id, item.public_id)


@posted_from("milestones:milestone", "engagement_id", "milestone_id")
def milestone_change(request: TenantRequest, engagement_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Give a milestone another owner or day before the timeline is locked."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_PLAN)
    item = get_object_or_404(Milestone, engagement=engagement, public_id=milestone_id)
    locked = standing_of(engagement).locked
    form = MilestoneForm(request.POST, engagement=engagement, milestone=item, locked=locked)
    if not form.is_valid():
        return _milestone_page(request, engagement, seat, item, change_form=form)
    try:
        services.change_milestone(milestone=item, by=seat, **form.cleaned_data)
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _milestone_page(request, engagement, seat, item, reasons=reasons, change_form=form)
    messages.success(request, f"“{item.title}” is changed.")
    return redirect("milestones:milestone", engagement.public_id, item.public_id)
