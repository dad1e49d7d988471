"""Findings: what is below target or was noticed, why, and what is done about it."""

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
from common.posting import posted_from
from common.wording import day_text, digits_beside, joined, plural, target_text
from engagements.access import open_engagement
from engagements.masks import mask_of
from engagements.models import Engagement, Participant
from engagements.proof_form import ProofForm
from engagements.services.proofs import file_of
from engagements.terms import Unit
from kpis import selectors
from kpis.forms.findings import AnswerForm, CauseForm, DoneForm, FixForm, OpenForm, PostponeForm, WhyForm
from kpis.funnel import wilson
from kpis.models import Cause, EffectVerdict, Finding, FindingEvidence, FindingState, Fix
from kpis.selectors.effects import finding_window
from kpis.services import effects
from kpis.services import findings as services

# How the states of a finding show: shape and tone of the badge.
LOOKS = {
    FindingState.OPEN: "open",
    FindingState.ANSWERED: "planned",
    FindingState.FIXING: "running",
    FindingState.VERIFIED: "passed",
    FindingState.REOPENED: "blocked",
}


@login_required
@require_safe
def findings(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What is below target, why, and what is done about it?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _findings_page(request, engagement, seat)


@posted_from("kpis:findings", "engagement_id")
def open_by_hand(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Open a finding about a metric or about something noticed."""
    engagement, seat = open_engagement(request, engagement_id, Permission.OPEN_FINDING)
    form = OpenForm(request.POST, request.FILES, metrics=_metrics(engagement))
    if form.is_valid():
        try:
            finding = services.open_finding(
                engagement=engagement,
                by=seat,
                observation=form.cleaned_data["observation"],
                metric_key=form.cleaned_data["metric"],
                proof=form.proof(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The finding is open. It asks for a root cause and a fix.")
            return _back(engagement, finding)
    return _findings_page(request, engagement, seat, opening=form)


def _findings_page(
    request: TenantRequest, engagement: Engagement, seat: Seat, *, opening: OpenForm | None = None
) -> HttpResponse:
    found = sorted(selectors.findings(engagement), key=_open_first)
    may_open = seat.may(Permission.OPEN_FINDING)
    context = {
        "engagement": engagement,
        "items": [_told(finding, clock.today(engagement.zone)) for finding in found],
        "may_answer": seat.may(Permission.ANSWER_FINDING),
        "may_open": may_open,
        "open_form": (opening or OpenForm(metrics=_metrics(engagement))) if may_open else None,
        "opening": opening is not None,
        "summary": _summary(found),
        "frozen": selectors.baseline(engagement),
        "reviews": [day for day in (60, 90) if selectors.missing_findings(engagement, day)],
    }
    return render(request, "kpis/findings.html", context, status=422 if opening else 200)


@login_required
@require_safe
def finding(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """What was found on each side, what is done about it, and does it work?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _finding_page(request, engagement, seat, finding_id)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def answer(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """State a cause with its side and its fix, or that a side has none."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    form = AnswerForm(request.POST, **_asked_of(engagement, finding))
    if form.is_valid():
        try:
            services.answer(
                finding=finding,
                by=seat,
                root_cause=form.cleaned_data["root_cause"],
                side=form.cleaned_data["cause_side"],
                fix=form.fix if form.wants_fix else None,
                found=form.says_cause,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _answered(engagement, finding))
            return _back(engagement, finding)
    return _finding_page(request, engagement, seat, finding_id, answering=form)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def restate(request: TenantRequest, engagement_id: UUID, finding_id: UUID, cause_id: UUID) -> HttpResponse:
    """Say a cause in other words or on another side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    cause = _cause(engagement, finding_id, cause_id)
    form = CauseForm(request.POST, cause=cause)
    if form.is_valid():
        try:
            services.restate(
                cause=cause,
                by=seat,
                root_cause=form.cleaned_data["root_cause"],
                side=form.cleaned_data["cause_side"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The cause is changed.")
            return _back(engagement, cause.finding)
    return _finding_page(request, engagement, seat, finding_id, restating={cause.pk: form})


@posted_from("kpis:finding", "engagement_id", "finding_id")
def add_fix(request: TenantRequest, engagement_id: UUID, finding_id: UUID, cause_id: UUID) -> HttpResponse:
    """Add one more fix to a cause."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    cause = _cause(engagement, finding_id, cause_id)
    form = FixForm(request.POST, place=f"add_{cause.pk}", **_asked_of(engagement, cause.finding))
    if form.is_valid():
        try:
            services.add_fix(cause=cause, by=seat, fix=form.fix)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, f"{cause.finding.metric_label}: the fix is added.")
            return _back(engagement, cause.finding)
    return _finding_page(request, engagement, seat, finding_id, adding={cause.pk: form})


@posted_from("kpis:finding", "engagement_id", "finding_id")
def fix_done(request: TenantRequest, engagement_id: UUID, finding_id: UUID, fix_id: UUID) -> HttpResponse:
    """Say when a fix was done."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    fix = _fix(engagement, finding_id, fix_id)
    form = DoneForm(request.POST, fix_id=fix.pk)
    if form.is_valid():
        try:
            services.mark_done(fix=fix, by=seat, done_on=form.cleaned_data["done_on"])
        except Refused as refusal:
            form.add_error("done_on", refusal.reasons)
        else:
            messages.success(request, f"“{fix.action}” is marked as done.")
            return _back(engagement, fix.finding)
    return _finding_page(request, engagement, seat, finding_id, finishing={fix.pk: form})


@posted_from("kpis:finding", "engagement_id", "finding_id")
def postpone(request: TenantRequest, engagement_id: UUID, finding_id: UUID, fix_id: UUID) -> HttpResponse:
    """Give a fix that is not done another date, with the reason."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    fix = _fix(engagement, finding_id, fix_id)
    form = PostponeForm(request.POST, fix=fix, engagement=engagement)
    if form.is_valid():
        entered = form.cleaned_data
        try:
            services.postpone(fix=fix, by=seat, due_on=entered["due_on"], why=entered["why"])
        except Refused as refusal:
            form.add_error("due_on", refusal.reasons)
        else:
            messages.success(request, f"“{fix.action}” is due {day_text(entered['due_on'])} now.")
            return _back(engagement, fix.finding)
    return _finding_page(request, engagement, seat, finding_id, postponing={fix.pk: form})


@posted_from("kpis:finding", "engagement_id", "finding_id")
def evidence(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """Bring a sentence, a link or a file that shows what a finding says."""
    engagement, seat = open_engagement(request, engagement_id, Permission.OPEN_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.bring_evidence(finding=finding, by=seat, proof=form.proof())
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The evidence is kept.")
            return _back(engagement, finding)
    return _finding_page(request, engagement, seat, finding_id, proving=form)


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
        return _finding_page(request, engagement, seat, finding_id, reasons=refusal.reasons)
    after = {
        EffectVerdict.MOVED: "",
        EffectVerdict.NOT_MOVED: " The finding is open again and asks for another cause and another fix.",
        EffectVerdict.TOO_LITTLE: " Check again when more calls are in.",
    }
    messages.success(request, f"{effects.told(check)}{after[EffectVerdict(check.verdict)]}")
    return _back(engagement, finding)


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
            return _back(engagement, finding)
    return _finding_page(request, engagement, seat, finding_id, why_forms={what: form})


def _finding_page(
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
    restating, adding, finishing = restating or {}, adding or {}, finishing or {}
    postponing = postponing or {}
    may_answer, mask = seat.may(Permission.ANSWER_FINDING), mask_of(engagement, seat)
    asked = _asked_of(engagement, finding)
    today = clock.today(engagement.zone)
    closed = finding.answered_at is not None and engagement.passed_day >= finding.review_day
    causes = [
        {
            "cause": cause,
            "fixes": [
                _fix_entry(engagement, fix, today, finishing.get(fix.pk), postponing.get(fix.pk))
                for fix in cause.fixes.all()
            ],
            "form": restating.get(cause.pk) or CauseForm(cause=cause, mask=mask),
            "restating": cause.pk in restating,
            "fix_form": adding.get(cause.pk) or FixForm(place=f"add_{cause.pk}", **asked),
            "adding": cause.pk in adding,
        }
        for cause in selectors.said(finding)
    ]
    refused = bool(
        answering or restating or adding or finishing or postponing or proving or why_forms or reasons
    )
    whys = {name: WhyForm(label=label, place=place) for name, (label, place) in REASONS.items()}
    context = {
        "engagement": engagement,
        **_told(finding, today),
        "causes": causes,
        "earlier": [cause for cause in finding.causes.all() if cause.round < finding.round],
        "may_answer": may_answer,
        "may_open": seat.may(Permission.OPEN_FINDING),
        "may_add_cause": may_answer and not closed and finding.state != FindingState.VERIFIED,
        "closed": closed,
        "answer_form": answering or AnswerForm(**asked),
        "answering": answering is not None,
        "proof_form": proving or ProofForm(),
        "proving": proving is not None,
        "events": [(event, LOOKS[FindingState(event.state)]) for event in finding.events.all()],
        "window": finding_window(engagement, finding) if _under_fix(finding) else None,
        "checks": list(finding.checks.all()),
        "reasons": reasons or [],
        "may_confirm": may_answer
        and finding.state == FindingState.FIXING
        and (not finding.metric_key or finding.unit != Unit.PERCENT),
        "refused_whys": set(why_forms or ()),
        **{f"{name}_form": form for name, form in (whys | (why_forms or {})).items()},
    }
    return render(request, "kpis/finding.html", context, status=422 if refused else 200)


def _under_fix(finding: Finding) -> bool:
    return finding.state in (FindingState.ANSWERED, FindingState.FIXING)


def _cause(engagement: Engagement, finding_id: UUID, cause_id: UUID) -> Cause:
    return get_object_or_404(
        Cause.objects.select_related("finding"),
        engagement=engagement,
        finding__public_id=finding_id,
        public_id=cause_id,
    )


def _fix(engagement: Engagement, finding_id: UUID, fix_id: UUID) -> Fix:
    return get_object_or_404(
        Fix.objects.select_related("finding", "owner"),
        engagement=engagement,
        finding__public_id=finding_id,
        public_id=fix_id,
    )


def _metrics(engagement: Engagement) -> Any:
    return selectors.metrics_of(selectors.brief_of(engagement))


def _back(engagement: Engagement, finding: Finding) -> HttpResponse:
    return redirect(reverse("kpis:finding", args=[engagement.public_id, finding.public_id]))


def _answered(engagement: Engagement, finding: Finding) -> str:
    """What an answer has come to, and what comes next."""
    now = selectors.findings(engagement).get(pk=finding.pk)
    if missing := selectors.lacks(now):
        return f"{finding.metric_label}: recorded. Still missing: {joined(missing)}."
    left = selectors.open_findings(engagement).count()
    rest = f"{plural(left, 'finding')} still open." if left else "Every finding is answered."
    return f"{finding.metric_label}: root cause and fix are recorded. {rest}"


def _people(engagement: Engagement) -> list[Participant]:
    return list(Participant.objects.filter(engagement=engagement, ended_at=None).order_by("name", "role"))


def _asked_of(engagement: Engagement, finding: Finding) -> dict[str, Any]:
    """What every form about a finding needs to know."""
    return {"finding": finding, "engagement": engagement, "people": _people(engagement)}


def _open_first(finding: Finding) -> tuple[bool, int, int]:
    """What waits for an answer stands above, the newest review first."""
    return finding.answered_at is not None, -finding.review_day, finding.pk


def _told(finding: Finding, today: date) -> dict[str, Any]:
    """The figure of a finding and its target, its state, and what is still missing."""
    told: dict[str, Any] = {
        "finding": finding,
        "look": LOOKS[FindingState(finding.state)],
        "lacks": joined(selectors.lacks(finding)),
        "said": selectors.said(finding),
        "late": any(
            fix.done_on is None and fix.due_on < today
            for cause in selectors.said(finding)
            for fix in cause.fixes.all()
        ),
    }
    if finding.numerator is None or not finding.denominator or finding.target is None:
        return told
    low, high = None, None
    if finding.unit == Unit.PERCENT:
        low, high = wilson(finding.numerator, finding.denominator)
    metric = next((one for one in finding.brief.metrics.all() if one.key == finding.metric_key), None)
    direction = metric.direction if metric else "up"
    digits = digits_beside(finding.numerator / finding.denominator, finding.target, direction)
    goal = target_text(finding.target, direction, digits=digits if digits > 1 else 0, unit=finding.unit)
    return told | {"low": low, "high": high, "goal": goal, "digits": digits}


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
