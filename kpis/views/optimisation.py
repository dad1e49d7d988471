"""Days 31 to 60: the bottleneck, the one plan against it, whether it moved, and scaling."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import day_text, percent_text, plural, rate_text
from engagements.access import open_engagement
from engagements.kept import Parts, drawn, place_of
from engagements.kept_page import kept_for_reader
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis import selectors
from kpis.bottleneck import Bottleneck, Candidate
from kpis.effect import Moved
from kpis.forms.optimisation import PlanForm, ScalingAnswerForm, ScalingForm, SeenForm
from kpis.models import EffectVerdict, OptimisationPlan, ScalingProposal
from kpis.numbers_page import Row
from kpis.optimisation import checkpoint_blockers, ready_sentence, restated_sentence, scaling_blockers
from kpis.selectors import optimisation as reads
from kpis.selectors.findings import FrozenBaseline
from kpis.selectors.signals import where_inside
from kpis.services import effects
from kpis.services import optimisation as services
from kpis.signals.first_fixes import starts
from kpis.signals.inside import Inside
from kpis.telling.effect import Look, as_told, effect_picture, looks_of
from kpis.telling.inside import inside_rows, inside_sentence

# The pieces of the page that are kept.
PIECES = ("lead", "bottleneck", "plan_says", "earlier", "effect", "scaling_says")
KEPT_AS = "optimisation"


class Since(NamedTuple):
    """What a plan is against, its newest verdict, and how the figures stand now where that is another."""

    label: str
    verdict: Look
    now: Look | None = None


@login_required
@require_safe
@kept_for_reader
def optimisation(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What holds the campaign back most, what is done about it, and did it move?"""
    engagement, seat = open_engagement(request, engagement_id, page=KEPT_AS)
    return _page(request, engagement, seat)


@posted_from("kpis:optimisation", "engagement_id")
def propose(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Propose the one plan against the bottleneck."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    found = reads.plan_findings(engagement)
    form = PlanForm(request.POST, found=found)
    if form.is_valid():
        finding = next(one for one in found if str(one.public_id) == form.cleaned_data["finding"])
        try:
            plan = services.propose_plan(
                engagement=engagement,
                by=seat,
                finding=finding,
                expected=form.cleaned_data["expected"],
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, f"{plan} is proposed. Both sides agree to it below.")
            return redirect("kpis:optimisation", engagement.public_id)
    return _page(request, engagement, seat, planning=form)


@posted_from("kpis:optimisation", "engagement_id")
def agree(request: TenantRequest, engagement_id: UUID, plan_id: UUID) -> HttpResponse:
    """Agree to the plan for one's side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    plan = get_object_or_404(OptimisationPlan, engagement=engagement, public_id=plan_id)
    if answer := ask_again(request, back_to=reverse("kpis:optimisation", args=[engagement.public_id])):
        return answer
    form = SeenForm(request.POST)
    form.is_valid()
    try:
        plan = services.agree_to_plan(plan=plan, by=seat, seen=form.cleaned_data.get("seen", ""))
    except Refused as refusal:
        return _page(request, engagement, seat, reasons=refusal.reasons)
    rest = "Both sides have agreed." if plan.agreed_at else "The other side is asked to agree."
    messages.success(request, f"Agreed to {plan}. {rest}")
    return redirect("kpis:optimisation", engagement.public_id)


@posted_from("kpis:optimisation", "engagement_id")
def verdict(request: TenantRequest, engagement_id: UUID, plan_id: UUID) -> HttpResponse:
    """Freeze whether the plan moved its metric."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    plan = get_object_or_404(OptimisationPlan, engagement=engagement, public_id=plan_id)
    try:
        check = services.record_verdict(plan=plan, by=seat)
    except Refused as refusal:
        return _page(request, engagement, seat, reasons=refusal.reasons)
    after = {
        EffectVerdict.MOVED: "The plan stays.",
        EffectVerdict.NOT_MOVED: "The root cause is open again, and a new plan is asked for.",
        EffectVerdict.TOO_LITTLE: "Look again when more calls are in.",
    }
    messages.success(request, f"{effects.told(check)} {after[EffectVerdict(check.verdict)]}")
    return redirect("kpis:optimisation", engagement.public_id)


@posted_from("kpis:optimisation", "engagement_id")
def scale(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Propose to scale."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    form = ScalingForm(request.POST)
    if form.is_valid():
        try:
            services.propose_scaling(engagement=engagement, by=seat, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The proposal is made. The other side answers it.")
            return redirect("kpis:optimisation", engagement.public_id)
    return _page(request, engagement, seat, scaling=form)


@posted_from("kpis:optimisation", "engagement_id")
def scaling_answer(request: TenantRequest, engagement_id: UUID, scaling_id: UUID) -> HttpResponse:
    """Accept or decline the other side's proposal."""
    engagement, seat = open_engagement(request, engagement_id, Permission.PLAN_NEXT)
    proposal = get_object_or_404(ScalingProposal, engagement=engagement, public_id=scaling_id)
    form = ScalingAnswerForm(request.POST)
    if form.is_valid():
        accepted = form.cleaned_data["answer"] == "accepted"
        try:
            services.answer_scaling(
                proposal=proposal, by=seat, accepted=accepted, why=form.cleaned_data["why"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, f"The proposal is {'accepted' if accepted else 'declined'}.")
            return redirect("kpis:optimisation", engagement.public_id)
    return _page(request, engagement, seat, answering=form)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    planning: PlanForm | None = None,
    scaling: ScalingForm | None = None,
    answering: ScalingAnswerForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    mask = mask_of(engagement, seat)
    parts = Parts(engagement, clock.today(engagement.zone))
    told = parts.page(KEPT_AS, mask, make=lambda: _drawn(engagement, mask))
    plan, waiting = told["plan"], told["waiting"]
    may_plan, running = seat.may(Permission.PLAN_NEXT), plan is not None and plan["agreed"]
    may_propose = may_plan and told["frozen"] and not running and told["choices"]
    context = {
        **told,
        **{name: mark_safe(told[name]) for name in PIECES},  # noqa: S308  our own templates set them
        "engagement": engagement,
        "my_agreement": may_plan
        and plan is not None
        and not running
        and not plan["restated"]
        and seat.side not in plan["agreed_by"],
        "may_plan": may_plan,
        "may_propose": may_propose,
        "plan_form": (planning or _plan_form(engagement)) if may_propose else None,
        "planning": planning is not None,
        "may_judge": may_plan and running and not told["checkpoint_reasons"],
        "may_answer_scaling": may_plan and waiting is not None and waiting["side"] != seat.side,
        "scaling_form": scaling or ScalingForm(),
        "scaling": scaling is not None,
        "answer_form": answering or ScalingAnswerForm(),
        "reasons": reasons or [],
    }
    refused = bool(planning or scaling or answering or reasons)
    return render(request, "kpis/optimisation.html", context, status=422 if refused else 200)


def _drawn(engagement: Engagement, mask: Mask) -> dict[str, Any]:
    """The page as everybody sees it through this mask: its pieces as HTML, and what its forms hang on."""
    frozen = selectors.baseline(engagement)
    prices = reads.baseline_prices(engagement, frozen) if frozen else None
    found = reads.shown(engagement, frozen, prices) if frozen else None
    made = reads.plans(engagement)
    plan = next((one for one in reversed(made) if one.ended_at is None), None)
    told, scaling = _plan(engagement, plan), _scaling(engagement)
    waiting = scaling["waiting"]
    around = {
        "engagement": engagement,
        "head": place_of(engagement, clock.today(engagement.zone)),
        **_bottleneck(engagement, mask, frozen, found, _since(engagement, plan)),
        "prices": prices,
        **told,
        "earlier": [one for one in made if one.ended_at is not None and one.agreed_at is not None],
        **scaling,
    }
    return {
        **{name: drawn(f"kpis/_optimisation_{name}.html", mask, **around) for name in PIECES},
        "frozen": frozen is not None,
        "first": found is not None and found.first is not None,
        "plan": {
            "public_id": str(plan.public_id),
            "name": str(plan),
            "content_hash": plan.content_hash,
            "agreed": plan.agreed_at is not None,
            "agreed_by": sorted(told["agreed_by"]),
            "restated": bool(told["restated"]),
        }
        if plan
        else None,
        "choices": bool(reads.plan_findings(engagement)),
        "checkpoint_reasons": [str(reason) for reason in told["checkpoint_reasons"]],
        "checked": bool(told["checks"]),
        "effect_chart": told["effect_chart"] is not None,
        "waiting": {"public_id": str(waiting.public_id), "side": waiting.side} if waiting else None,
        "scaling_reasons": [str(reason) for reason in scaling["scaling_reasons"]],
    }


def _bottleneck(
    engagement: Engagement,
    mask: Mask,
    frozen: FrozenBaseline | None,
    found: Bottleneck | None,
    since: Since | None,
) -> dict[str, Any]:
    """What holds the campaign back most, where inside, and what others do about such a stage first."""
    first = found.first if found else None
    return {
        "frozen": frozen,
        "found": found,
        "candidates": [(one, frozen.funnel.stage(one.key)) for one in found.candidates]
        if found and frozen
        else [],
        "summary": bottleneck_sentence(found, since) if found else "",
        "outcome_one": found.outcome.lower().removesuffix("s") if found else "",
        "inside": _inside(engagement, mask, frozen, first) if frozen and first else [],
        "starts": starts(first.key) if first else (),
    }


def _since(engagement: Engagement, plan: OptimisationPlan | None) -> Since | None:
    """The newest verdict on a plan, and how it stands now where that is another."""
    newest = max(plan.checks.all(), key=lambda check: check.at, default=None) if plan else None
    if plan is None or newest is None:
        return None
    looks = looks_of([newest], engagement.zone, reads.plan_window(engagement, plan))
    return Since(plan.metric_label, *looks)


def _plan(engagement: Engagement, plan: OptimisationPlan | None) -> dict[str, Any]:
    """The one plan: who has agreed, whether it still stands on its figures, and whether it moved its metric."""
    agreed_by = reads.agreed_sides(plan) if plan else frozenset()
    running = plan is not None and plan.agreed_at is not None
    restated = plan is not None and reads.restated(plan)
    checkpoint = checkpoint_blockers(reads.checkpoint_facts(engagement, plan)) if plan else []
    window = reads.plan_window(engagement, plan) if plan and running else None
    checks = sorted(plan.checks.all(), key=lambda check: check.at) if plan else []
    return {
        "plan": plan,
        "agreed_by": agreed_by,
        "restated": restated_sentence(f"plan {plan.number}") if plan and restated else "",
        "window": window,
        "checks": checks,
        "effect_chart": effect_picture(
            plan.metric_label, looks_of(checks, engagement.zone, window), float(plan.expected)
        )
        if plan
        else None,
        "checkpoint_reasons": checkpoint,
    }


def _scaling(engagement: Engagement) -> dict[str, Any]:
    """Whether all targets hold, and what was proposed."""
    now = reads.scaling_facts(engagement)
    proposals = list(ScalingProposal.objects.filter(engagement=engagement).order_by("-proposed_at"))
    waiting = next((one for one in proposals if not one.answer), None)
    return {
        "scaling_reasons": scaling_blockers(now),
        "ready": ready_sentence(now.missed, now.unjudged) if now.targets else "",
        "judged": now.judged,
        "proposals": proposals,
        "waiting": waiting,
    }


def _inside(
    engagement: Engagement, mask: Mask, frozen: FrozenBaseline, stage: Candidate
) -> list[tuple[Inside, str, list[Row]]]:
    """Where in the baseline's days the bottleneck falls short: by source, hour and agent, in words and figures."""
    rate = frozen.funnel.stage(stage.key)
    if rate is None:
        return []
    first, last = frozen.funnel.first, frozen.funnel.last
    kinds = where_inside(engagement, first, last, stage, rate, mask.by_code)
    outcome = rate.numerator_label.lower()
    return [(one, inside_sentence(one, outcome), inside_rows(one)) for one in kinds]


def _plan_form(engagement: Engagement) -> PlanForm:
    """The form with the computed bottleneck chosen and its target as the promise."""
    choices, frozen = reads.plan_findings(engagement), selectors.baseline(engagement)
    found = reads.shown(engagement, frozen, reads.baseline_prices(engagement, frozen)) if frozen else None
    initial: dict[str, Any] = {}
    first = found.first if found else None
    chosen = next((one for one in choices if first and one.metric_key == first.key), None)
    if chosen is not None and first is not None:
        initial = {"finding": str(chosen.public_id), "expected": round(first.target * 100, 2)}
    return PlanForm(found=choices, initial=initial)


def _told(look: Look) -> str:
    figures = rate_text(look.after.numerator, look.after.denominator)
    return f"{figures} from {day_text(look.first)} to {day_text(look.last)}, {as_told(look.recorded)}"


def bottleneck_sentence(found: Bottleneck, since: Since | None = None) -> str:
    """What the baseline says, with how sure it is of it, and whether that has moved since."""
    first = found.first
    if first is None:
        rest = f" {plural(len(found.too_little), 'stage')} cannot be judged yet." if found.too_little else ""
        return f"No judged stage is below its target, so there is no bottleneck.{rest}"
    chance = percent_text(first.chance, digits=0)
    outcome = f" per {found.outcome.lower().removesuffix('s')}" if found.outcome else " per outcome"
    saving = (
        f"{percent_text(first.saving, digits=0)} ({percent_text(first.low, digits=0)} to "
        f"{percent_text(first.high, digits=0)})."
    )
    if since is not None and since.verdict.verdict is Moved.MOVED:
        label = f"{first.label[0].lower()}{first.label[1:]}"
        told = "; ".join(_told(look) for look in (since.verdict, since.now) if look)
        return (
            f"At the baseline (days 11–30) {label} held the campaign back most: at its target the cost{outcome} would "
            f"have fallen by {saving} {since.label} has moved since: {told}."
        )
    sentence = (
        f"{first.label} holds the campaign back most: at its target the cost{outcome} would fall by {saving}"
    )
    if found.clear:
        return f"{sentence} The chance that no other stage saves more is {chance}."
    return f"{sentence} The data do not single it out: the chance that no other stage saves more is only {chance}."
