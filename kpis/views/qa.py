"""QA: how much of a sample is done and what it says; the queue, a call, calibrations, the scorecard."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.wording import plural
from engagements.access import open_engagement
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from engagements.outcomes import Outcome
from kpis.forms.qa import FreeSampleForm, ReviewForm, ScorecardForm, ShareForm
from kpis.models import QaCall, QaReview, QaRound, QaSample, QaScorecard
from kpis.qa.coverage import State, launch_gaps, meter_text
from kpis.qa.scoring import Item
from kpis.selectors import qa as selectors
from kpis.selectors.outside import standing_reviews
from kpis.selectors.qa import DrawnCall, person_of
from kpis.services import qa as services

# How the states of a drawn call show, in the words of the page.
LOOKS = {
    State.OPEN: ("open", "Open"),
    State.CLAIMED: ("running", "In hand"),
    State.CALIBRATION: ("waiting", "In calibration"),
    State.UNHEARD: ("held", "Cannot be heard"),
    State.REVIEWED: ("done", "Reviewed"),
}
SHOWN_CALLS = 60


@login_required
@require_safe
def qa(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """How much of the sample is done, and what was heard?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _qa_page(request, engagement, seat)


def _qa_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    share_form: ShareForm | None = None,
    free_form: FreeSampleForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    mask = mask_of(engagement, seat)
    found = list(selectors.samples(engagement))
    for each in found:
        each.engagement = engagement
    asked = request.GET.get("sample", "")
    chosen = next((one for one in found if str(one.public_id) == asked), found[0] if found else None)
    meter = selectors.meter(chosen, mask) if chosen is not None else None
    launch = next((one for one in found if one.launch), None)
    gaps = launch_gaps(selectors.launch_facts(engagement, meter)) if meter and meter.sample.launch else []
    may_lead = seat.may(Permission.LEAD_QA)
    refused = bool(reasons or share_form or free_form)
    context = {
        "engagement": engagement,
        "samples": found,
        "meter": meter,
        "text": meter_text(meter.total) if meter else "",
        "gaps": gaps,
        "launch": launch,
        "results": selectors.results_of(meter.calls, mask) if meter else None,
        "auto_failed": [_row(one, mask) for one in selectors.auto_failed(meter.calls)] if meter else [],
        "unheard": [_row(one, mask) for one in meter.of(State.UNHEARD)] if meter else [],
        "card": selectors.scorecard_in_use(engagement),
        "live_days": selectors.live_days(engagement) if not launch else [],
        "may_lead": may_lead,
        "may_review": seat.may(Permission.REVIEW_CALLS),
        "share_form": (share_form or ShareForm(auto_id="id_launch_%s")) if may_lead and not launch else None,
        "free_form": (free_form or FreeSampleForm(auto_id="id_free_%s")) if may_lead else None,
        "freeing": free_form is not None,
        "reasons": mask.data(reasons),
        "outside": [(one, mask.text(one.comment)) for one in reversed(standing_reviews(engagement).values())],
    }
    return render(request, "kpis/qa.html", context, status=422 if refused else 200)


@posted_from("kpis:qa", "engagement_id")
def draw(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Draw the launch sample."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    form = ShareForm(request.POST, auto_id="id_launch_%s")
    if form.is_valid():
        try:
            made = services.draw_launch(engagement=engagement, by=seat, share=form.fraction())
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            _drawn(request, made.drawn, made.calls)
            return redirect("kpis:qa", engagement.public_id)
    return _qa_page(request, engagement, seat, share_form=form)


@posted_from("kpis:qa", "engagement_id")
def draw_free(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Draw from any days."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    form = FreeSampleForm(request.POST, auto_id="id_free_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = services.draw_free(
                engagement=engagement, by=seat, name=told["name"], first=told["first"], last=told["last"],
                share=form.fraction(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            _drawn(request, made.drawn, made.calls)
            return redirect("kpis:qa_queue", engagement.public_id, made.sample.public_id)
    return _qa_page(request, engagement, seat, free_form=form)


@posted_from("kpis:qa", "engagement_id")
def top_up(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Draw from what has come in since, or replace what cannot be heard."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    sample = get_object_or_404(QaSample, engagement=engagement, public_id=sample_id)
    try:
        made = services.top_up(sample=sample, by=seat)
    except Refused as refusal:
        return _qa_page(request, engagement, seat, reasons=refusal.reasons)
    _drawn(request, made.drawn, made.calls)
    return redirect("kpis:qa", engagement.public_id)


def _drawn(request: TenantRequest, drawn: int, calls: int) -> None:
    of = f" of {plural(calls, 'call')}" if calls else " in the place of what cannot be heard"
    messages.success(request, f"{drawn:,}{of} drawn. Next: they are listened to, in the order of chance.")


# The queue


@login_required
@require_safe
def queue(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Which calls are to be heard, and who has them?"""
    engagement, seat = open_engagement(request, engagement_id)
    sample = get_object_or_404(selectors.samples(engagement), public_id=sample_id)
    return _queue_page(request, engagement, seat, sample)


def _queue_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    sample: QaSample,
    *,
    reasons: list[str] | None = None,
) -> HttpResponse:
    mask = mask_of(engagement, seat)
    sample.engagement = engagement
    meter = selectors.meter(sample, mask)
    silent = [one for one in meter.of(State.OPEN) if selectors.unreached(one)]
    waiting = [one for one in meter.calls if one.state is not State.REVIEWED and one not in silent]
    done = meter.of(State.REVIEWED)
    may_review = seat.may(Permission.REVIEW_CALLS)
    ticked = set(request.POST.getlist("chosen"))
    context = {
        "engagement": engagement,
        "sample": sample,
        "meter": meter,
        "text": meter_text(meter.total),
        "waiting": [_row(one, mask) for one in waiting[:SHOWN_CALLS]],
        "more": max(len(waiting) - SHOWN_CALLS, 0),
        "silent": [_row(one, mask) for one in silent[:SHOWN_CALLS]],
        "more_silent": max(len(silent) - SHOWN_CALLS, 0),
        "done": [_row(one, mask) for one in done],
        "ticked": ticked if reasons else None,
        "card": selectors.scorecard_in_use(engagement),
        "may_review": may_review,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_queue.html", context, status=422 if reasons else 200)


@posted_from("kpis:qa_queue", "engagement_id", "sample_id")
def take_next(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Take the next call in hand."""
    engagement, seat = open_engagement(request, engagement_id, Permission.REVIEW_CALLS)
    sample = get_object_or_404(selectors.samples(engagement), public_id=sample_id)
    try:
        call = services.claim_next(engagement=engagement, by=seat, sample=sample)
    except Refused as refusal:
        return _queue_page(request, engagement, seat, sample, reasons=refusal.reasons)
    return redirect("kpis:qa_call", engagement.public_id, call.public_id)


@posted_from("kpis:qa_queue", "engagement_id", "sample_id")
def confirm(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Say of the ticked calls that they were heard and that nobody was reached."""
    engagement, seat = open_engagement(request, engagement_id, Permission.REVIEW_CALLS)
    sample = get_object_or_404(selectors.samples(engagement), public_id=sample_id)
    try:
        chosen = [UUID(text) for text in request.POST.getlist("chosen")]
        made = services.confirm_unreached(engagement=engagement, by=seat, chosen=chosen)
    except ValueError:
        return _queue_page(request, engagement, seat, sample, reasons=["Tick at least one call."])
    except Refused as refusal:
        return _queue_page(request, engagement, seat, sample, reasons=refusal.reasons)
    messages.success(request, f"{plural(len(made), 'call')} heard, with nobody reached as recorded.")
    return redirect("kpis:qa_queue", engagement.public_id, sample.public_id)


def _row(one: DrawnCall, mask: Mask) -> dict[str, Any]:
    """A drawn call as a line of a page, by the name that the reader sees."""
    look, word = LOOKS[one.state]
    person = person_of(one.call.agent)
    return {
        "call": one.call,
        "agent": mask.of(person) if person else selectors.NO_AGENT,
        "recording": mask.text(one.call.recording),
        "look": look,
        "word": word,
        "state": one.state,
        "by": one.claim.by_name if one.claim else one.review.by_name if one.review else "",
        "review": one.review,
        "comment": mask.text(one.review.comment) if one.review else "",
    }


# One call


@login_required
@require_safe
def call_page(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """What was heard in this call?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _call_page(request, engagement, seat, drawn_id)


def _call_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    drawn_id: UUID,
    *,
    sent: ReviewForm | None = None,
    correcting: bool = False,
    reasons: list[str] | None = None,
) -> HttpResponse:
    mask = mask_of(engagement, seat)
    call = get_object_or_404(selectors.calls_of(engagement), public_id=drawn_id)
    one = selectors.standing(call)
    may_review, card = seat.may(Permission.REVIEW_CALLS), selectors.scorecard_in_use(engagement)
    mine = one.claim is not None and one.claim.by_id == seat.user.pk
    form = correction = None
    if mine and may_review:
        form = sent if sent and not correcting else ReviewForm(card=card, codes=selectors.codes_of(call))
    alone = one.review if one.review and one.review.round_id is None else None
    if alone and one.state is State.REVIEWED and may_review and not mine:
        correction = sent if sent and correcting else _correction(alone, call)
    context = {
        "engagement": engagement,
        "row": _row(one, mask),
        "call": call,
        "mine": mine,
        "claim": one.claim,
        "together": one.together,
        "card": card,
        "form": form,
        "correction": correction,
        "correcting": correcting,
        "told": _told(one.review, mask) if one.review else None,
        "earlier": [_told(each, mask) for each in call.reviews.all() if each.superseded_by.all()],
        "may_review": may_review,
        "may_calibrate": seat.may(Permission.LEAD_QA) and one.state is State.OPEN and card is not None,
        "may_return": one.claim is not None and may_review and (mine or seat.may(Permission.LEAD_QA)),
        "free": one.state in (State.OPEN, State.UNHEARD) and one.claim is None,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_call.html", context, status=422 if reasons or sent else 200)


def _correction(review: QaReview, call: QaCall, data: Any = None) -> ReviewForm:
    return ReviewForm(
        data, card=review.scorecard, codes=selectors.codes_of(call), kept=review, place="correction"
    )


def _told(review: QaReview, mask: Mask) -> dict[str, Any]:
    """A review with the words of its items."""
    texts = {
        item.key: item
        for item in (Item.of(kept) for kept in (review.scorecard.items if review.scorecard else []))
    }
    return {
        "review": review,
        "heard": Outcome(review.heard_outcome).label if review.heard_outcome else "",
        "lines": [
            {**line, "text": texts[line["key"]].text, "auto_fail": texts[line["key"]].auto_fail,
             "note": mask.text(line["note"])}
            for line in review.scores
            if line["key"] in texts
        ],
        "comment": mask.text(review.comment),
        "reason": mask.text(review.reason),
        "right": review.heard_code == review.call.code,
    }  # fmt: skip


def _on_call(
    request: TenantRequest, engagement_id: UUID, drawn_id: UUID, permission: Permission
) -> tuple[Engagement, Seat, QaCall]:
    engagement, seat = open_engagement(request, engagement_id, permission)
    call = get_object_or_404(selectors.calls_of(engagement), public_id=drawn_id)
    call.engagement = engagement
    return engagement, seat, call


def _verb(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    call: QaCall,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do something about a call and come back to its page."""
    try:
        act()
    except Refused as refusal:
        return _call_page(request, engagement, seat, call.public_id, reasons=refusal.reasons)
    messages.success(request, done)
    return redirect("kpis:qa_call", engagement.public_id, call.public_id)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def claim(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Take this call in hand."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    done = "The call is in your hand. Next: listen, and score it."
    return _verb(request, engagement, seat, call, lambda: services.claim(call=call, by=seat), done)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def hand_back(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Give this call back to the queue."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    done = "The call is open again for everybody."
    return _verb(request, engagement, seat, call, lambda: services.hand_back(call=call, by=seat), done)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def calibrate(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Let several people score this call blind."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.LEAD_QA)
    try:
        made = services.open_round(call=call, by=seat)
    except Refused as refusal:
        return _call_page(request, engagement, seat, drawn_id, reasons=refusal.reasons)
    messages.success(request, "The calibration is open. Next: everybody who listens scores it.")
    return redirect("kpis:qa_round", engagement.public_id, made.public_id)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def review(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Keep what was heard."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    card = selectors.scorecard_in_use(engagement)
    form = ReviewForm(request.POST, card=card, codes=selectors.codes_of(call))
    if form.is_valid():
        try:
            made = services.review_call(call=call, by=seat, said=form.said())
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(
                request, "The review is kept." if made.heard else "Kept: this recording cannot be heard."
            )
            return redirect("kpis:qa_queue", engagement.public_id, call.sample.public_id)
    return _call_page(request, engagement, seat, drawn_id, sent=form, reasons=_reasons(form))


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def correct(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Put a corrected review in the place of this call's, with the reason."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    kept = next(
        (one for one in call.reviews.all() if str(one.public_id) == request.POST.get("seen", "")), None
    )
    if kept is None:
        reasons = ["The review has changed since this page was loaded. Look at it again."]
        return _call_page(request, engagement, seat, drawn_id, reasons=reasons)
    kept.call = call
    form = _correction(kept, call, request.POST)
    if form.is_valid():
        try:
            services.correct_review(
                review=kept, by=seat, said=form.said(), reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(
                request, "The correction counts from now on; the earlier review stays to be read."
            )
            return redirect("kpis:qa_call", engagement.public_id, call.public_id)
    return _call_page(request, engagement, seat, drawn_id, sent=form, correcting=True)


def _reasons(form: ReviewForm) -> list[str]:
    """Why a form was refused as a whole, where the page has no place for the form any more."""
    return [str(reason) for reason in form.non_field_errors()]


# Calibration


@login_required
@require_safe
def rounds(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Do reviewers hear the same?"""
    engagement, seat = open_engagement(request, engagement_id)
    found = selectors.rounds(engagement)
    mask = mask_of(engagement, seat)
    context = {
        "engagement": engagement,
        "rounds": [
            {
                "round": each,
                "row": _row(DrawnCall(each.call, State.CALIBRATION, None, None, each), mask),
                "scores": len(each.reviews.all()),
                "mine": any(one.by_id == seat.user.pk for one in each.reviews.all()),
            }
            for each in found
        ],
        "pairs": selectors.calibration(found),
        "closed": sum(each.closed_at is not None for each in found),
        "may_score": seat.may(Permission.CALIBRATE),
        "launch": selectors.launch_sample(engagement),
    }
    return render(request, "kpis/qa_rounds.html", context)


@login_required
@require_safe
def round_page(request: TenantRequest, engagement_id: UUID, round_id: UUID) -> HttpResponse:
    """One call, scored by several."""
    engagement, seat = open_engagement(request, engagement_id)
    return _round_page(request, engagement, seat, round_id)


def _round_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    round_id: UUID,
    *,
    sent: ReviewForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    together = get_object_or_404(
        QaRound.objects.select_related("call__agent__belongs_to", "call__sample").prefetch_related(
            "reviews__scorecard", "reviews__call"
        ),
        engagement=engagement,
        public_id=round_id,
    )
    mask = mask_of(engagement, seat)
    scores = list(together.reviews.all())
    mine = [one for one in scores if one.by_id == seat.user.pk]
    card = selectors.scorecard_in_use(engagement)
    may_score = seat.may(Permission.CALIBRATE) and not together.closed_at and not mine
    form = None
    if may_score:
        form = sent or ReviewForm(
            card=card, codes=selectors.codes_of(together.call), blind=True, place="score"
        )
    context = {
        "engagement": engagement,
        "together": together,
        "row": _row(DrawnCall(together.call, State.CALIBRATION, None, None, together), mask),
        "form": form,
        # Whoever has not scored sees nobody's scores, so that they score what they hear.
        "told": [_told(one, mask) for one in (scores if together.closed_at else mine)],
        "scores": len(scores),
        "may_close": seat.may(Permission.LEAD_QA) and not together.closed_at,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_round.html", context, status=422 if sent or reasons else 200)


@posted_from("kpis:qa_round", "engagement_id", "round_id")
def score(request: TenantRequest, engagement_id: UUID, round_id: UUID) -> HttpResponse:
    """Keep one's own score."""
    engagement, seat = open_engagement(request, engagement_id, Permission.CALIBRATE)
    together = get_object_or_404(
        QaRound.objects.select_related("call"), engagement=engagement, public_id=round_id
    )
    card = selectors.scorecard_in_use(engagement)
    codes = selectors.codes_of(together.call)
    form = ReviewForm(request.POST, card=card, codes=codes, blind=True, place="score")
    if form.is_valid():
        try:
            services.score_round(together=together, by=seat, said=form.said())
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "Your score is kept. The others' show once the calibration is closed.")
            return redirect("kpis:qa_round", engagement.public_id, round_id)
    return _round_page(request, engagement, seat, round_id, sent=form, reasons=_reasons(form))


@posted_from("kpis:qa_round", "engagement_id", "round_id")
def close(request: TenantRequest, engagement_id: UUID, round_id: UUID) -> HttpResponse:
    """Open the scores to everybody."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    together = get_object_or_404(QaRound, engagement=engagement, public_id=round_id)
    try:
        services.close_round(together=together, by=seat)
    except Refused as refusal:
        return _round_page(request, engagement, seat, round_id, reasons=refusal.reasons)
    messages.success(request, "The calibration is closed: everybody sees the scores.")
    return redirect("kpis:qa_round", engagement.public_id, round_id)


# The scorecard


@login_required
@require_safe
def scorecard(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """By what are calls scored?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _scorecard_page(request, engagement, seat)


def _scorecard_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    sent: ScorecardForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    cards = list(selectors.scorecards(engagement))
    newest = cards[0] if cards else None
    may_lead = seat.may(Permission.LEAD_QA)
    context = {
        "engagement": engagement,
        "in_use": next((card for card in cards if card.used_at), None),
        "draft": newest if newest and not newest.used_at else None,
        "earlier": [card for card in cards if card.used_at][1:],
        "form": (sent or ScorecardForm(card=newest)) if may_lead else None,
        "sent": sent is not None,
        "may_lead": may_lead,
        "reasons": reasons,
    }
    return render(request, "kpis/qa_scorecard.html", context, status=422 if sent or reasons else 200)


@posted_from("kpis:qa_scorecard", "engagement_id")
def save_scorecard(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep the scorecard that is being written."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    form = ScorecardForm(request.POST, card=selectors.scorecards(engagement).first())
    if form.is_valid():
        try:
            services.save_scorecard(
                engagement=engagement, by=seat, name=form.cleaned_data["name"], items=form.items(),
                pass_mark=form.cleaned_data["pass_mark"], seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The scorecard is kept. Next: put it in use.")
            return redirect("kpis:qa_scorecard", engagement.public_id)
    return _scorecard_page(request, engagement, seat, sent=form)


@posted_from("kpis:qa_scorecard", "engagement_id")
def use_scorecard(request: TenantRequest, engagement_id: UUID, card_id: UUID) -> HttpResponse:
    """Score calls by it from now on."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    card = get_object_or_404(QaScorecard, engagement=engagement, public_id=card_id)
    try:
        services.use_scorecard(scorecard=card, by=seat, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        return _scorecard_page(request, engagement, seat, reasons=refusal.reasons)
    messages.success(request, "Calls are scored by this version from now on.")
    return redirect("kpis:qa_scorecard", engagement.public_id)
