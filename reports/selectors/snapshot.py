"""The snapshot of an engagement: everything that one report says, read once, in plain values."""

from dataclasses import replace
from datetime import date
from typing import Any

from accounts.branding import brand_of
from accounts.models import Organisation, TrailEntry
from accounts.roles import ParticipantRole
from common import clock
from common.days import local_date
from engagements.masks import mask_for
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force, current_brief
from engagements.terms.words import Shown, shown
from kpis.models import Baseline
from milestones.models import Gate
from milestones.models import Slip as PlanSlip
from milestones.selectors.gate_standing import conditions_of
from milestones.selectors.gates import facts_of
from milestones.selectors.standing import Standing, passed_on, standing_of
from reports import sentences as say
from reports.evenings import News
from reports.paper_sizes import size_of
from reports.selectors import day_14, evening, numbers
from reports.selectors.certificate import gate_records
from reports.selectors.roster import with_roster
from reports.selectors.setup import check_results, line_tests, real_leads, said
from reports.snapshots import (
    PERIODIC,
    Brand,
    Brief,
    Condition,
    DayOff,
    GateFacts,
    Kind,
    MetricTerm,
    MovedDate,
    Note,
    Person,
    PlanItem,
    PlanPhase,
    Signature,
    Slip,
    Snapshot,
    Term,
    Told,
    Work,
    freeze,
    thaw,
)

# The engagement days that each report is about.
PERIODS: dict[Kind, tuple[int, int]] = {
    Kind.LAUNCH_PLAN: (1, 90),
    Kind.BRIEF: (1, 90),
    Kind.ROSTER: (1, 90),
    Kind.DAY_10: (1, 10),
    Kind.DAY_14: (11, 14),
    Kind.DAY_30: (11, 30),
    Kind.DAY_45: (31, 45),
    Kind.DAY_60: (31, 60),
    Kind.DAY_90: (61, 90),
    Kind.CERTIFICATE: (1, 90),
    # Each is about a day or a week of its own.
    Kind.DAILY: (11, 90),
    Kind.WEEKLY: (11, 90),
}
# Milestones whose proof is the text of a section.
QUOTED = frozenset(
    {
        "review-day-14",
        "patterns",
        "closer-feedback",
        "bottleneck-plan",
        "review-day-45",
        "scaling-assessed",
        "review-day-60",
        "recommendations",
        "client-feedback",
        "review-day-90",
        "forward-targets",
    }
)


def take_snapshot(
    engagement: Engagement,
    kind: Kind,
    *,
    version: int,
    brief_version: int | None = None,
    period: tuple[date, date] | None = None,
    news: News = News.NONE,
    earlier: Told | None = None,
) -> Snapshot:
    """Freeze what a report of this kind says about the engagement as it stands now.

    `brief_version` chooses the version that the brief's own paper is about; without it, the newest. `period` is the day
    of a daily report, or the days of a weekly one; `news` and `earlier` say what sets it apart from its first.
    """
    standing = standing_of(engagement)
    base = _with_plan(
        _base(standing, kind, version, period or _period(standing, kind)), standing, brief_version
    )
    if kind in PERIODIC:
        # The plan is not what an evening is about.
        bare = replace(base, phases=(), plan=(), slips=(), people=(), notes=())
        return _masked(evening.with_evening(bare, engagement, news, earlier), engagement)
    if kind is Kind.DAY_14:
        return _masked(day_14.with_review(base, standing), engagement)
    if kind in (Kind.ROSTER, Kind.DAY_10):
        base = with_roster(base, engagement)
    return _masked(numbers.with_numbers(base, engagement), engagement)


def _brand(organisation: Organisation) -> Brand | None:
    """How an organisation looks at this moment; None where it has chosen nothing."""
    shown = brand_of(organisation)
    return Brand(shown["colour"], shown["logo"]) if shown["colour"] or shown["logo"] else None


def _period(standing: Standing, kind: Kind) -> tuple[date, date]:
    first, last = PERIODS[kind]
    if kind is Kind.DAY_14:
        last = day_14.last_day(standing)
    return standing.calendar.date_of(first), standing.calendar.date_of(last)


def _base(standing: Standing, kind: Kind, version: int, period: tuple[date, date]) -> Snapshot:
    """Who, where and when: what every report says of itself."""
    engagement, (first, last) = standing.engagement, period
    day = standing.calendar.day_of(standing.today)
    return Snapshot(
        kind=kind,
        version=version,
        generated_at=clock.now(),
        engagement_id=str(engagement.public_id),
        campaign=engagement.campaign,
        client=engagement.client.name,
        operator=engagement.operator.name,
        zone=engagement.zone,
        day=day if day > 0 else None,
        kickoff=engagement.kickoff_on,
        first=first,
        last=last,
        first_day=standing.calendar.day_of(first),
        last_day=standing.calendar.day_of(last),
        launch_contracted=engagement.contracted_launch_on,
        launch_forecast=engagement.launch_on,
        launch_actual=_launched(standing),
        locked_on=standing.plan.locked_at if standing.plan else None,
        paper=size_of(engagement.paper, country=engagement.holiday_country, zone=engagement.zone),
        client_brand=_brand(engagement.client),
        operator_brand=_brand(engagement.operator),
        sample=engagement.is_sample or None,
        work=_work(engagement),
        trail_head=_trail_head(engagement),
    )


def _with_plan(base: Snapshot, standing: Standing, brief_version: int | None) -> Snapshot:
    """The same with the plan, the brief and what is proved so far, as far as this kind of report tells of it."""
    engagement, kind = standing.engagement, base.kind
    setup, gate = kind is Kind.DAY_10, gate_of(standing, kind)
    return replace(
        base,
        people=_people(engagement),
        phases=tuple(PlanPhase(p.code, p.title, p.first_day, p.last_day) for p in standing.playbook.phases),
        plan=_plan(standing),
        slips=tuple(Slip(s.days, s.reason, s.side, numbers.on(s.at, engagement)) for s in standing.slips),
        moved=_moved(standing) if kind is Kind.LAUNCH_PLAN else (),
        brief=_brief(engagement, kind, brief_version),
        notes=_notes(standing),
        checks=check_results(standing) if setup else (),
        lines=line_tests(standing) if setup else (),
        leads=real_leads(standing) if setup else (),
        gate=_gate(standing, gate) if gate else None,
        certificates=gate_records(standing) if kind is Kind.CERTIFICATE else (),
    )


def _masked(snapshot: Snapshot, engagement: Engagement) -> Snapshot:
    """The same with agents by number where the operator masks their names: a report is one paper for both sides."""
    mask = mask_for(engagement, None)
    return thaw(mask.data(freeze(snapshot))) if mask else snapshot


def gate_of(standing: Standing, kind: Kind) -> Gate | None:
    """The gate that this kind of report is laid before."""
    return next((gate for gate in standing.gates if gate.deliverable_kind == kind.value), None)


def _launched(standing: Standing) -> date | None:
    """The launch date once it came with the day-10 gate passed before it."""
    gate = next(iter(standing.gates), None)
    launch = standing.engagement.launch_on
    return launch if gate and gate.passed_at and launch <= standing.today else None


def _work(engagement: Engagement) -> Work:
    days = [DayOff(date.fromisoformat(on), name) for on, name in sorted(engagement.holidays.items())]
    weekdays = tuple(sorted(engagement.work_weekdays))
    return Work(weekdays, engagement.when_off, engagement.holiday_place, tuple(days))


def _people(engagement: Engagement) -> tuple[Person, ...]:
    people = engagement.participants.filter(ended_at=None).order_by("side", "role", "name")
    return tuple(Person(person.name, ParticipantRole(person.role).label, person.side) for person in people)


def _plan(standing: Standing) -> tuple[PlanItem, ...]:
    """Milestones, reviews and gates in the order of their days."""
    items = [*_milestones(standing), *_reviews(standing), *_gates(standing)]
    return tuple(sorted(items, key=lambda item: item.day))


def _moved(standing: Standing) -> tuple[MovedDate, ...]:
    """Every locked date that moved, with what the other side said to it."""
    return tuple(
        MovedDate(
            title=slip.title, from_on=slip.from_on, to_on=slip.to_on, days=slip.days, reason=slip.reason,
            side=slip.side, by=slip.by_name, answer=slip.word, along=len(slip.moved),
            **_answer(slip, standing.engagement),
        )
        for slip in standing.all_slips
    )  # fmt: skip


def _answer(slip: PlanSlip, engagement: Engagement) -> dict[str, Any]:
    proposal = slip.proposal
    if proposal is None or proposal.answered_at is None:
        return {}
    return {
        "answered_by": proposal.answered_name,
        "answered_side": proposal.answered_side,
        "answered_on": local_date(proposal.answered_at, engagement.zone),
        "answer_reason": proposal.answer_reason,
    }


def _milestones(standing: Standing) -> list[PlanItem]:
    phases = {phase.code: phase.title for phase in standing.playbook.phases}
    return [
        PlanItem(
            code=item.code,
            title=item.title,
            kind="milestone",
            day=item.day,
            phase=phases.get(item.phase, item.phase),
            side=item.side,
            owner=item.owner.name if item.owner else "",
            owner_role=ParticipantRole(item.owner_role).label,
            contracted=item.contracted_on,
            forecast=standing.forecast_of(item, item.done_on),
            actual=item.done_on,
            state=standing.milestone_state(item),
            evidence_asked=item.evidence_asked,
            evidence=tuple(said(proof) for proof in item.evidence.all()),
        )
        for item in standing.milestones
    ]


def _reviews(standing: Standing) -> list[PlanItem]:
    """Reviews are called by the campaign manager, who stands as their owner."""
    return [
        PlanItem(
            code=item.code,
            title=item.title,
            kind="review",
            day=item.day,
            phase=standing.playbook.phase_of(item.day).title,
            side="operator",
            owner=_holder(standing, "campaign_manager"),
            owner_role=ParticipantRole.CAMPAIGN_MANAGER.label,
            contracted=item.contracted_on,
            forecast=standing.forecast_of(item, item.held_on),
            actual=item.held_on,
            state="done" if item.held_on else "open",
            evidence_asked=f"Attended by {say.roles(item.attendee_roles)}",
        )
        for item in standing.reviews
    ]


def _gates(standing: Standing) -> list[PlanItem]:
    return [
        PlanItem(
            code=item.code,
            title=f"Gate: {item.title}",
            kind="gate",
            day=item.day,
            phase=standing.playbook.phase_of(item.day).title,
            side="both sides",
            owner=_signers(standing),
            contracted=item.contracted_on,
            forecast=standing.gate_date(item),
            actual=passed_on(item, standing.engagement.zone),
            state=standing.gate_look(item).shape,
            evidence_asked="Both signatures under one version of the report",
        )
        for item in standing.gates
    ]


def _holder(standing: Standing, role: str) -> str:
    """The name of whoever holds a role now; empty while nobody does."""
    people = standing.engagement.participants.filter(ended_at=None, role=role).order_by("pk")
    return next((person.name for person in people), "")


def _signers(standing: Standing) -> str:
    names = [_holder(standing, "client_lead"), _holder(standing, "campaign_manager")]
    return " and ".join(names) if all(names) else ""


def _brief(engagement: Engagement, kind: Kind, version: int | None) -> Brief | None:
    """The version that this report is about or that set its targets; None where there is none."""
    brief = _brief_of(engagement, kind, version)
    if brief is None:
        return None
    return Brief(
        version=brief.version,
        terms=tuple(_term(each) for each in shown(brief.terms)),
        metrics=_metrics(brief),
        signatures=tuple(
            Signature(s.name, s.organisation_name, s.side, s.signed_at, s.content_hash)
            for s in brief.signatures.all()
        ),
        content_hash=brief.content_hash,
    )


def _term(term: Shown) -> Term:
    shares = tuple(column.share for column in term.term.columns)
    if len(term.heads) == len(shares) + 1:  # numbered steps: the number needs little
        shares = (8, *(share - 8 // len(shares) for share in shares))
    elif len(term.heads) != len(shares):
        shares = ()
    return Term(term.term.section, term.term.label, term.text, term.heads, term.rows, shares)


def _brief_of(engagement: Engagement, kind: Kind, version: int | None) -> CampaignBrief | None:
    """For its own paper the chosen or the newest version, for a baseline the one that judged it, else that in force."""
    if kind is Kind.BRIEF:
        chosen = engagement.briefs.filter(version=version).first() if version else None
        return chosen or current_brief(engagement)
    if kind is Kind.DAY_30 and (frozen := Baseline.objects.filter(engagement=engagement).first()):
        return frozen.brief
    return brief_in_force(engagement)


def _metrics(brief: CampaignBrief) -> tuple[MetricTerm, ...]:
    return tuple(
        MetricTerm(
            code=metric.key,
            label=metric.label,
            numerator=metric.numerator,
            denominator=metric.denominator,
            direction=metric.direction,
            target=None if metric.target is None else float(metric.target),
            unit=metric.unit,
            source_system=metric.source_system,
            dispute_rule=metric.dispute_rule,
            minimum=metric.minimum_sample,
        )
        for metric in brief.metrics.all()
    )


def _gate(standing: Standing, gate: Gate) -> GateFacts:
    """The gate's conditions, without the one that asks for this very report."""
    asked = [c for c in conditions_of(facts_of(standing, gate), gate) if c.code != "deliverable"]
    # The launch date lay ahead when the gate was passed; that it has come since stands against nothing.
    conditions = [replace(c, blockers=()) if gate.passed_at and c.code == "launch" else c for c in asked]
    return GateFacts(
        name=gate.title,
        day=gate.day,
        passed_on=gate.passed_at,
        conditions=tuple(Condition(c.title, c.met, c.owner, c.proof if c.met else "") for c in conditions),
        blockers=tuple(blocker.text for condition in conditions for blocker in condition.items),
        signatures=tuple(
            Signature(s.name, s.organisation_name, s.side, s.signed_at, s.content_hash)
            for s in gate.sign_offs.all()
            if gate.passed_at and s.content_hash == gate.document_sha256
        ),
    )


def _notes(standing: Standing) -> tuple[Note, ...]:
    """What people wrote down as proof of the milestones that reports quote."""
    zone = standing.engagement.zone
    return tuple(
        Note(item.code, said(proof), proof.by_name, local_date(proof.at, zone))
        for item in standing.milestones
        if item.code in QUOTED
        for proof in item.evidence.all()
    )


def _trail_head(engagement: Engagement) -> str:
    newest = TrailEntry.objects.filter(engagement_id=engagement.pk).order_by("-sequence").first()
    return newest.hash if newest else ""
