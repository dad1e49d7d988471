"""One finding: its page, its proof, and what is said of the answer as a whole."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.downloads import as_download
from common.errors import Refused
from common.forms import taken
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement, Participant
from engagements.proof_form import ProofForm
from engagements.services.proofs import file_of
from engagements.terms import Unit
from kpis import selectors
from kpis.forms.findings import AnswerForm, CauseForm, DoneForm, FixForm, PostponeForm, WhyForm
from kpis.models import Cause, CauseSide, EffectVerdict, Finding, FindingEvidence, FindingState, Fix
from kpis.selectors.effects import finding_window
from kpis.services import effects
from kpis.services import findings as services
from kpis.telling.effect import effect_picture, looks_of
from kpis.views.findings.telling import LOOKS, told_of


@login_required
@require_safe
@kept_for_reader
def finding(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """What was found on each side, what is done about it, and does it work?"""
    engagement, seat = open_engagement(request, engagement_id)
    return finding_page(request, engagement, seat, finding_id)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def evidence(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Bring a sentence, a link or a file that shows what a finding says."""
    engagement, seat = open_engagement(request, engagement_id, Permission.OPEN_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    form = ProofForm(request.POST, request.FILES)
    if taken(form, lambda: services.bring_evidence(finding=finding, by=seat, proof=form.proof())):
        messages.success(request, "The evidence is kept.")
        return back_to(engagement, finding)
    return finding_page(request, engagement, seat, finding_id, proving=form)


@login_required
@require_safe
def evidence_file(
    request: TenantRequest, engagement_id: UUID, finding_id: UUID, proof_id: UUID
) -> FileResponse:
    """A file that somebody brought for a finding."""
    engagement, _ = open_engagement(request, engagement_id)
    found = get_object_or_404(
        FindingEvidence, engagement=engagement, finding__public_id=finding_id, public_id=proof_id
    )
    if not found.path:
        raise Http404("There is no such file.")
    return as_download(file_of(found), name=found.file_name, content_type=found.content_type)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def check_effect(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Hold the days since the fix against the figure before."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    try:
        check = effects.check_effect(finding=finding, by=seat)
    except Refused as refusal:
        return finding_page(request, engagement, seat, finding_id, reasons=refusal.reasons)
    after = {
        EffectVerdict.MOVED: "",
        EffectVerdict.NOT_MOVED: " The finding is open again and asks for another cause and another fix.",
        EffectVerdict.TOO_LITTLE: " Check again when more calls are in.",
    }
    messages.success(request, f"{effects.told(check)}{after[EffectVerdict(check.verdict)]}")
    return back_to(engagement, finding)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def reopen(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Take an answer up again."""

    def done(finding: Finding, seat: Seat, why: str) -> str:
        services.reopen(finding=finding, by=seat, why=why)
        return "The finding is open again: it asks for another cause and another fix."

    return _with_reason(request, engagement_id, finding_id, "reopening", done)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def confirm(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Say what shows that the fix of something noticed works."""

    def done(finding: Finding, seat: Seat, why: str) -> str:
        services.confirm(finding=finding, by=seat, why=why)
        return "The fix is verified."

    return _with_reason(request, engagement_id, finding_id, "confirming", done)


REASONS = {
    "reopening": ("Why the answer does not hold", "reopen"),
    "confirming": ("What shows that the fix works", "confirm"),
}


def _with_reason(
    request: TenantRequest,
    engagement_id: UUID,
    finding_id: UUID,
    what: str,
    do: Callable[[Finding, Seat, str], str],
) -> HttpResponse:
    """Do something to a finding that asks for a reason."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    label, place = REASONS[what]
    form = WhyForm(request.POST, label=label, place=place)
    if form.is_valid():
        try:
            said = do(finding, seat, form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", refusal.reasons)
        else:
            messages.success(request, said)
            return back_to(engagement, finding)
    return finding_page(request, engagement, seat, finding_id, why_forms={what: form})


def finding_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    finding_id: UUID,
    *,
    answering: AnswerForm | None = None,
    restating: dict[int, CauseForm] | None = None,
    adding: dict[int, FixForm] | None = None,
    finishing: dict[int, DoneForm] | None = None,
    postponing: dict[int, PostponeForm] | None = None,
    proving: ProofForm | None = None,
    why_forms: dict[str, WhyForm] | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """The page; forms that were refused are given in, by the ids of what they are about where there are several."""
    found = selectors.findings(engagement).prefetch_related("events", "evidence", "checks")
    finding = get_object_or_404(found, public_id=finding_id)
    may_answer = seat.may(Permission.ANSWER_FINDING)
    closed = finding.answered_at is not None and engagement.passed_day >= finding.review_day
    refused = bool(
        answering or restating or adding or finishing or postponing or proving or why_forms or reasons
    )
    asked = asked_of(engagement, finding)
    context = {
        "engagement": engagement,
        **told_of(finding, clock.today(engagement.zone)),
        **_standing(engagement, finding),
        "causes": _causes(
            engagement, seat, asked, restating or {}, adding or {}, finishing or {}, postponing or {}
        ),
        "may_answer": may_answer,
        "may_open": seat.may(Permission.OPEN_FINDING),
        "may_add_cause": may_answer and not closed and finding.state != FindingState.VERIFIED,
        "may_confirm": may_answer
        and finding.state == FindingState.FIXING
        and (not finding.metric_key or finding.unit != Unit.PERCENT),
        "closed": closed,
        "answer_form": answering or AnswerForm(**asked),
        "answering": answering is not None,
        "proof_form": proving or ProofForm(),
        "proving": proving is not None,
        "reasons": reasons or [],
        **_why_forms(why_forms or {}),
    }
    return render(request, "kpis/finding.html", context, status=422 if refused else 200)


def _standing(engagement: Engagement, finding: Finding) -> dict[str, Any]:
    """What was said and done about it so far."""
    window = finding_window(engagement, finding) if _under_fix(finding) else None
    checks = sorted(finding.checks.all(), key=lambda check: check.at)
    target = None if finding.target is None else float(finding.target)
    return {
        "earlier": [cause for cause in finding.causes.all() if cause.round < finding.round],
        "events": [(event, LOOKS[FindingState(event.state)]) for event in finding.events.all()],
        "window": window,
        "checks": checks,
        "effect_chart": effect_picture(
            finding.metric_label, looks_of(checks, engagement.zone, window), target
        ),
    }


def _causes(
    engagement: Engagement,
    seat: Seat,
    asked: dict[str, Any],
    restating: dict[int, CauseForm],
    adding: dict[int, FixForm],
    finishing: dict[int, DoneForm],
    postponing: dict[int, PostponeForm],
) -> list[dict[str, Any]]:
    """The causes that stand with their fixes, each with the forms that change it."""
    mask, today = mask_of(engagement, seat), clock.today(engagement.zone)
    return [
        {
            "cause": cause,
            "for_others": _for_others(cause, asked["people"]),
            "fixes": [
                _fix_entry(engagement, fix, today, finishing.get(fix.pk), postponing.get(fix.pk))
                for fix in cause.fixes.all()
            ],
            "form": restating.get(cause.pk) or CauseForm(cause=cause, mask=mask),
            "restating": cause.pk in restating,
            "fix_form": adding.get(cause.pk) or FixForm(place=f"add_{cause.pk}", **asked),
            "adding": cause.pk in adding,
        }
        for cause in selectors.said(asked["finding"])
    ]


def _for_others(cause: Cause, people: list[Participant]) -> str:
    """Said where one side has stated what lies on the other, so that nobody takes it for agreed."""
    sides = {person.side for person in people if person.user_id == cause.by_id}
    if cause.side == CauseSide.SHARED or not sides or cause.side in sides:
        return ""
    stated = sorted(sides)[0]
    return (
        f"Stated by the {stated} for the {cause.side}’s side. Nobody of the {cause.side} has stated it themselves: "
        "who sees it otherwise says so in a comment or states another cause."
    )


def _why_forms(refused: dict[str, WhyForm]) -> dict[str, Any]:
    """The forms that ask for a reason, those that were refused as they were typed."""
    whys = {name: WhyForm(label=label, place=place) for name, (label, place) in REASONS.items()}
    return {
        "refused_whys": set(refused),
        **{f"{name}_form": form for name, form in (whys | refused).items()},
    }


def _under_fix(finding: Finding) -> bool:
    return finding.state in (FindingState.ANSWERED, FindingState.FIXING)


def back_to(engagement: Engagement, finding: Finding) -> HttpResponse:
    """The way back to the page once something was done."""
    return redirect(reverse("kpis:finding", args=[engagement.public_id, finding.public_id]))


def _people(engagement: Engagement) -> list[Participant]:
    return list(Participant.objects.filter(engagement=engagement, ended_at=None).order_by("name", "role"))


def asked_of(engagement: Engagement, finding: Finding) -> dict[str, Any]:
    """What every form about a finding needs to know."""
    return {"finding": finding, "engagement": engagement, "people": _people(engagement)}


def _fix_entry(
    engagement: Engagement, fix: Fix, today: date, done: DoneForm | None, moved: PostponeForm | None
) -> dict[str, Any]:
    """A fix with the forms that finish it or move its date; `done` and `moved` are those that were refused."""
    return {
        "fix": fix,
        "late": fix.done_on is None and fix.due_on < today,
        "form": done or DoneForm(fix_id=fix.pk, initial={"done_on": today}),
        "refused": done is not None,
        "date_form": moved or PostponeForm(fix=fix, engagement=engagement),
        "moved": moved is not None,
    }
