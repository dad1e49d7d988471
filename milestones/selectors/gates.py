"""The facts that decide whether a gate may pass, gathered from every app that knows one of them."""

from dataclasses import replace
from datetime import date

from django.db.models import Sum

from common.days import LAST_DAY, LAUNCH_DAY, OPTIMISATION_LAST_DAY
from engagements.masking import OPEN, Mask
from engagements.models import Engagement
from kpis.models import Breach, DailyFact, Finding, FindingState
from kpis.selectors import lacks, said
from kpis.selectors.breaches import owed_by
from kpis.selectors.breaches import sentence as breach_sentence
from kpis.selectors.breaches import state_of as breach_state
from milestones.models import Gate, Milestone, ReadinessCheck
from milestones.rules.events import sent_back, unsettled
from milestones.rules.facts import (
    AgentFacts,
    BaselineFacts,
    BreachFacts,
    CarriedFacts,
    CheckFacts,
    DeliverableFacts,
    FindingFacts,
    GateFacts,
    MilestoneFacts,
    OpenFix,
    ReviewFacts,
    ScriptFacts,
)
from milestones.rules.gates import facts_fingerprint
from milestones.selectors.check_results import check_state
from milestones.selectors.numbers import told_verdicts
from milestones.selectors.standing import Standing, passed_on, standing_of

DOCUMENTS = {
    "day-10": "day-10 launch clearance",
    "day-30": "day-30 baseline report",
    "day-60": "day-60 optimisation report",
    "day-90": "day-90 summary and forward plan",
}


def gate_facts(engagement: Engagement, gate: Gate, today: date | None = None) -> GateFacts:
    """All that decides whether this gate may pass, as it stands now."""
    return facts_of(standing_of(engagement, today), gate)


def fingerprint(engagement: Engagement, gate: Gate) -> str:
    """What a report of this gate has to carry in order to be current."""
    return facts_fingerprint(gate_facts(engagement, gate))


def facts_of(standing: Standing, gate: Gate, *, figures: bool = True) -> GateFacts:
    """The facts of one gate, from what has been read already.

    `figures` are what only its report tells: a gate without a report waits for the same without them.
    """
    previous = next((g for g in reversed(standing.gates) if g.day < gate.day), None)
    first = previous is None
    findings, unjudged = ((), ()) if first else _findings(standing, gate)
    return GateFacts(
        code=gate.code,
        title=gate.title,
        day=gate.day,
        calendar=standing.calendar,
        today=standing.today,
        locked_by=standing.locked_by,
        brief=standing.brief.at(gate.passed_at),
        milestones=tuple(
            _milestone(standing, item) for item in standing.milestones if item.gate_code == gate.code
        ),
        reviews=_reviews(standing, gate),
        checks=tuple(_check(standing, check) for check in standing.checks) if first else (),
        agents=_agents(standing, gate) if first else None,
        script=_script(standing, gate) if first else None,
        breaches=tuple(_breach(standing, each) for each in breaches_before(standing, gate)),
        findings=findings,
        baseline=None if first else _baseline(standing),
        previous=previous.title if previous else "",
        previous_passed=passed_on(previous, standing.engagement.zone) if previous else None,
        deliverable_title=DOCUMENTS.get(gate.deliverable_kind, "report"),
        deliverable=_document(standing, gate),
        unjudged=unjudged,
        carried=carried_to(standing, gate),
        extra=() if first or not figures else _data(standing, gate),
        passed=gate.passed_at is not None,
        plan=standing.against if gate.day == OPTIMISATION_LAST_DAY else None,
        forward=standing.forward if gate.day == LAST_DAY else None,
        windows=_windows(standing, gate),
    )


def carried_to(standing: Standing, gate: Gate) -> tuple[CarriedFacts, ...]:
    """What was found after the gate before this one had passed, until this one did."""
    found = []
    previous = next((g for g in reversed(standing.gates) if g.day < gate.day), None)
    if previous is None or previous.passed_at is None:
        return ()
    for earlier in standing.gates:
        if earlier.day >= gate.day:
            break
        events = standing.events(earlier)
        still = {event.key for event in unsettled(events)}
        found += [
            CarriedFacts(
                event.text,
                earlier.title,
                event.by,
                event.key not in still,
                str(event.key),
                str(earlier.public_id),
            )
            for event in events
            if event.kind == "found"
            and event.at >= previous.passed_at
            and (gate.passed_at is None or event.at < gate.passed_at)
        ]
    return tuple(found)


def _agents(standing: Standing, gate: Gate) -> tuple[AgentFacts, ...]:
    """Everybody on the roster, with the certifications that do not count; by number where names are masked.

    Of a passed gate it is who was on it then: what has come since belongs to no record that both sides signed. Both
    sides read the same: what a gate's report was built from has one fingerprint.
    """
    people, mask = standing.roster, standing.mask
    people = replace(people, now=gate.passed_at) if gate.passed_at else people
    return tuple(
        AgentFacts(
            mask.of(person.agent),
            tuple(each.words for each in people.missing(person)),
            str(person.agent.public_id),
        )
        for person in people.listed
    )


def _within(standing: Standing, gate: Gate, breach: Breach) -> bool:
    """Whether a breach is this gate's: of its days, and not settled at an earlier gate that has passed since."""
    previous = next((g for g in reversed(standing.gates) if g.day < gate.day), None)
    closed = previous is not None and previous.passed_at is not None and breach.found_at <= previous.passed_at
    closed = closed and not owed_by(breach_state(breach))  # more calls of its day may have come in since
    if gate.passed_at and breach.found_at > gate.passed_at:
        return False
    return breach.day <= standing.calendar.date_of(gate.day) and (
        not closed or (previous is not None and breach.day > standing.calendar.date_of(previous.day))
    )


def breaches_before(standing: Standing, gate: Gate) -> list[Breach]:
    """The breaches that this gate asks about, by day."""
    return [breach for breach in standing.breaches if _within(standing, gate, breach)]


def _breach(standing: Standing, breach: Breach) -> BreachFacts:
    name = standing.mask.of(breach.agent)
    return BreachFacts(breach_sentence(breach, name), owed_by(breach_state(breach)), str(breach.public_id))


def _windows(standing: Standing, gate: Gate) -> tuple[str, ...] | None:
    """What stands against the dials of the launch, for the gate whose plan asks for a check against windows."""
    asked = asks_for_windows(standing, gate)
    return standing.standing_window_gaps if asked and gate.passed_at is None else None


def asks_for_windows(standing: Standing, gate: Gate) -> bool:
    """Whether the plan wants the calls checked against their windows before this gate."""
    return any(
        spec.gate == gate.code and "windows_held" in spec.needs for spec in standing.playbook.milestones
    )


def _script(standing: Standing, gate: Gate) -> ScriptFacts:
    newest = max(standing.roster.scripts, key=lambda script: script.version, default=None)
    waits = newest is not None and newest.state == "review"
    until = gate.passed_at
    final = [
        one.version
        for one in standing.roster.scripts
        if one.approved_at and (until is None or one.approved_at <= until)
    ]
    return ScriptFacts(max(final, default=0), "client" if waits else "operator")


def _reviews(standing: Standing, gate: Gate) -> tuple[ReviewFacts, ...]:
    """The reviews that milestones of this gate stand for."""
    found = []
    for item in standing.milestones:
        review = standing.review_behind(item) if item.gate_code == gate.code else None
        if review:
            found.append(
                ReviewFacts(
                    code=review.code,
                    title=review.title,
                    held_on=review.held_on,
                    settled=item.done_on is not None,
                    owner=item.owner.name if item.owner else "",
                    side=item.side,
                    target=str(review.public_id),
                )
            )
    return tuple(found)


def _milestone(standing: Standing, item: Milestone) -> MilestoneFacts:
    owner = item.owner.name if item.owner else ""
    return MilestoneFacts(
        code=item.code,
        title=item.title,
        due=item.forecast_on,
        owner=owner,
        side=item.side,
        done=item.done_on is not None,
        target=str(item.public_id),
        todo="" if item.done_on else standing.todo_of(item),
        needs=standing.needs.get(item.code, ()),
    )


def _check(standing: Standing, check: ReadinessCheck) -> CheckFacts:
    owner = check.owner.name if check.owner else ""
    result, why = check_state(standing, check)
    return CheckFacts(
        code=check.code,
        title=check.title,
        area=check.area,
        result=result,
        why=why,
        hard=check.hard,
        owner=owner,
        side=check.side,
        target=str(check.public_id),
    )


def _document(standing: Standing, gate: Gate) -> DeliverableFacts | None:
    if not gate.document_sha256 or gate.document_version is None:
        return None
    back = sent_back(standing.events(gate), gate.document_sha256)
    return DeliverableFacts(
        title=DOCUMENTS.get(gate.deliverable_kind, "report"),
        version=gate.document_version,
        content_hash=gate.document_sha256,
        facts=gate.document_fingerprint,
        target=gate.deliverable_kind,
        sent_back=back.text if back and back.kind == "send_back" and not gate.passed_at else "",
    )


def _baseline(standing: Standing) -> BaselineFacts:
    frozen = standing.baseline
    if frozen is None:
        return BaselineFacts()
    totals = 0 if frozen.funnel.from_calls else frozen.funnel.days_with_data
    return BaselineFacts(frozen.frozen_on, frozen.calls, frozen.funnel.first, frozen.funnel.last, totals)


def _findings(standing: Standing, gate: Gate) -> tuple[tuple[FindingFacts, ...], tuple[str, ...]]:
    """Findings of this gate with their answers, and metrics that nobody can judge yet."""
    recorded = findings_of_gate(standing, gate)
    mask = standing.mask if recorded else OPEN
    facts = [_finding(finding, mask) for finding in recorded]
    missed, unjudged = told_verdicts(standing.rates_at(gate))
    known = {finding.metric_key for finding in recorded if finding.review_day == gate.day}
    if gate.passed_at is None:
        facts += [FindingFacts(metric=label) for key, label in missed if key not in known]
    return tuple(facts), tuple(unjudged)


def findings_of_gate(standing: Standing, gate: Gate) -> list[Finding]:
    """The findings that a gate answers for: its own, and those of the gate before that were opened after it passed.

    An earlier finding that is open, because it was reopened, keeps the next gate shut as well.
    """
    previous = next((g for g in reversed(standing.gates) if g.day < gate.day), None)
    return [finding for finding in standing.findings if _is_of(finding, gate, previous)]


def _is_of(finding: Finding, gate: Gate, previous: Gate | None) -> bool:
    if gate.passed_at is None:
        own = finding.review_day == gate.day or (
            finding.review_day < gate.day and finding.answered_at is None
        )
    else:
        own = finding.review_day == gate.day and finding.opened_at < gate.passed_at
    if own or previous is None or previous.passed_at is None:
        return own
    return finding.review_day == previous.day and finding.opened_at >= previous.passed_at


def _finding(finding: Finding, mask: Mask) -> FindingFacts:
    """A finding as both sides read of it: what people wrote, with agents by number where they are masked."""
    causes = [cause for cause in said(finding) if cause.found]
    fixes = [fix for cause in causes for fix in cause.fixes.all()]
    best = next((fix for fix in fixes if fix.done_on), None) or next(iter(fixes), None)
    return FindingFacts(
        metric=mask.text(finding.metric_label),
        cause="; ".join(cause.text for cause in causes),
        cause_side=", ".join(dict.fromkeys(cause.side for cause in causes)),
        fix="; ".join(fix.action for fix in fixes),
        fix_owner=best.owner.name if best else "",
        fix_due=best.due_on if best else None,
        fix_done=best.done_on if best else None,
        target=str(finding.public_id),
        reopened=finding.state == FindingState.REOPENED,
        lacks=tuple(lacks(finding)),
        about_metric=bool(finding.metric_key),
        waiting=tuple(
            OpenFix(mask.text(fix.action), fix.owner.name, fix.due_on) for fix in fixes if fix.done_on is None
        ),
    )


def _data(standing: Standing, gate: Gate) -> tuple[str, ...]:
    """What the imported calls of the gate's period add up to, so that a late import makes a report stale."""
    phase = standing.playbook.phase_of(gate.day)
    first = standing.calendar.date_of(max(phase.first_day, LAUNCH_DAY))
    last = standing.calendar.date_of(gate.day)
    names = ("dials", "contacts", "qualified", "transfers", "shows", "closes")
    sums = DailyFact.objects.filter(engagement=standing.engagement, day__range=(first, last)).aggregate(
        **{name: Sum(name) for name in names}
    )
    return tuple(f"{name} {sums[name]}" for name in names)
