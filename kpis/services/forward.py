"""Writes of day 90: the forward plan, both sides' agreement to it, and what the closers say."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from common.names import MIN_LETTERS, WORDS, letters
from common.wording import day_text
from engagements.locking import hold
from engagements.models import Engagement
from kpis import selectors
from kpis.forward import (
    AGREE_DAY,
    CHANGES,
    FIRST_DAY,
    SUBJECTS,
    Content,
    as_data,
    from_data,
    target_gaps,
)
from kpis.models import CloserFeedback, ForwardAgreement, ForwardPlan
from kpis.optimisation import AgreeFacts, agree_blockers
from kpis.selectors import forward as reads
from kpis.services.optimisation import signature_of

DOUBLE_SUBMIT = timedelta(seconds=30)
FORWARD_CONSENT = "I agree for my side to these answers and to these targets for days 91 to 180."


@transaction.atomic
def save_forward(
    *,
    engagement: Engagement,
    by: Seat,
    learned: Mapping[str, str],
    changes: Mapping[str, str],
    targets: Mapping[str, Decimal | None],
    next_steps: str,
    seen: str,
) -> ForwardPlan:
    """Save the forward plan: the own side's answers to what was learned, and what both draft together.

    `learned` maps subjects to what this side says; what the other side said stays. `seen` is the hash of the version
    that was on the page, empty for the first. Any change makes earlier agreements void. Raises Refused once both sides
    have agreed, before day 61, and where somebody else has saved something else meanwhile.
    """
    by.require(Permission.PLAN_NEXT)
    engagement = hold(engagement.pk)
    plan = ForwardPlan.objects.filter(engagement=engagement).first()
    content = as_data(
        Content(
            standing=reads.standing_of_metrics(engagement),
            learned=_learned(plan, by, learned),
            changes={kind: changes.get(kind, "").strip() for kind in CHANGES},
            targets={key: str(value) for key, value in targets.items() if value is not None},
            next_steps=next_steps.strip(),
        )
    )
    digest = content_hash(content)
    if plan is not None and plan.agreed_at is None and plan.content_hash == digest:
        return plan  # the same form sent twice, or nothing changed: what was written stands there
    if reasons := _saving_reasons(engagement, plan, targets=targets, seen=seen):
        raise Refused(reasons)
    saved = {
        "content": content,
        "content_hash": digest,
        "drafted_by": by.user,
        "drafted_by_name": by.user.name,
        "drafted_at": clock.now(),
    }
    plan, _ = ForwardPlan.objects.update_or_create(engagement=engagement, defaults=saved)
    trail.record(
        by=by,
        action="forward.saved",
        subject=str(plan),
        engagement_id=engagement.pk,
        after={"targets": content["targets"], "content_hash": plan.content_hash},
    )
    return plan


def _saving_reasons(
    engagement: Engagement, plan: ForwardPlan | None, *, targets: Mapping[str, Decimal | None], seen: str
) -> list[str]:
    """Why this version cannot be saved now."""
    if plan is not None and plan.agreed_at is not None:
        return ["Both sides have agreed to the forward plan. It does not change any more."]
    if (plan.content_hash if plan else "") != seen:
        return [
            "Somebody has saved the forward plan since this page was opened. Look at it, then save again."
        ]
    shares = {m.key for m in selectors.metrics_of(selectors.brief_of(engagement)) if m.unit == "percent"}
    reasons = [gap for key, value in targets.items() if key in shares for gap in target_gaps(value)]
    first = selectors.calendar_of(engagement).date_of(FIRST_DAY)
    if clock.today(engagement.zone) < first:
        reasons.append(f"Day {FIRST_DAY} is {day_text(first)}: it is drafted from then on.")
    return reasons


def _learned(plan: ForwardPlan | None, by: Seat, learned: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was learned, with the own side's words in the place of its earlier ones."""
    earlier = from_data(plan.content) if plan else Content()
    said = {subject: dict(earlier.learned.get(subject, {})) for subject in SUBJECTS}
    for subject in SUBJECTS:
        said[subject][by.side or ""] = learned.get(subject, "").strip()
    return said


@transaction.atomic
def agree_forward(*, engagement: Engagement, by: Seat, seen: str) -> ForwardPlan:
    """One side's agreement to the forward plan that its page showed; the second side's closes it for good."""
    by.require(Permission.PLAN_NEXT)
    engagement = hold(engagement.pk)
    now = reads.forward(engagement)
    if now.plan is None:
        raise Refused("There is no forward plan yet.")
    plan = now.plan
    facts = AgreeFacts(
        what="the forward plan",
        side=by.side or "",
        agreed=plan.agreed_at is not None,
        agreed_by=now.agreed_by,
        seen=seen,
        current=plan.content_hash,
    )
    reasons = agree_blockers(facts) or list(now.lacks)
    due = selectors.calendar_of(engagement).date_of(AGREE_DAY)
    if not facts.agreed and clock.today(engagement.zone) < due:
        reasons.append(
            f"Day {AGREE_DAY} is {day_text(due)}: both sides agree on its figures, from that morning on."
        )
    if now.outdated and not reasons:
        reasons.append("Figures have changed since it was saved: save it again with the present ones.")
    if reasons:
        raise Refused(reasons)
    ForwardAgreement.objects.create(
        plan=plan, consent=FORWARD_CONSENT, content_hash=plan.content_hash, **signature_of(engagement, by)
    )
    trail.record(
        by=by,
        action="forward.agreed",
        subject=str(plan),
        engagement_id=engagement.pk,
        after={"side": facts.side, "content_hash": plan.content_hash},
    )
    if facts.agreed_by | {facts.side} >= {side.value for side in Side}:
        plan.agreed_at = clock.now()
        plan.save(update_fields=["agreed_at"])
        trail.record(by=by, action="forward.in_force", subject=str(plan), engagement_id=engagement.pk)
    return plan


@transaction.atomic
def hear_closers(*, engagement: Engagement, by: Seat, text: str) -> CloserFeedback:
    """Write down what the closers say. Raises Refused before the launch and for what says nothing."""
    by.require(Permission.TELL_CLOSERS)
    engagement = hold(engagement.pk)
    if letters(text) < MIN_LETTERS:
        raise Refused(WORDS)
    if not engagement.cleared or clock.today(engagement.zone) < engagement.launch_on:
        raise Refused("Before the launch no transfer has reached a closer.")
    newest = CloserFeedback.objects.filter(engagement=engagement, by=by.user).last()
    if newest and newest.text == text.strip() and clock.now() - newest.at < DOUBLE_SUBMIT:
        return newest
    heard = CloserFeedback.objects.create(
        engagement=engagement, text=text.strip(), by=by.user, by_name=by.user.name, at=clock.now()
    )
    trail.record(
        by=by,
        action="closers.heard",
        subject=str(heard),
        engagement_id=engagement.pk,
        after={"text": heard.text},
    )
    return heard
