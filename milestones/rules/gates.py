"""The conditions of a gate. There is no waiver and no conditional pass: all are met or it does not pass."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from datetime import date

from common.days import CALIBRATION_LAST_DAY, LAUNCH_DAY, SETUP_DAYS
from common.hashing import content_hash
from common.wording import day_text, joined, plural, shift_text
from milestones.rules.agreements import forward_condition, owing, plan_condition
from milestones.rules.facts import (
    SIDES,
    AgentFacts,
    BaselineFacts,
    Blocker,
    CheckFacts,
    Condition,
    FindingFacts,
    GateFacts,
    Kind,
    ScriptFacts,
)


def facts_fingerprint(facts: GateFacts) -> str:
    """Hash of everything that the gate's report has to tell.

    A report is current while its own fingerprint equals the present one. Today's date, the report itself and
    the signatures are left out: they change without making a report untrue.
    """
    return content_hash(
        {
            "gate": facts.code,
            "calendar": [facts.calendar.kickoff, facts.calendar.launch],
            "locked_by": sorted(facts.locked_by),
            "brief": [facts.brief.version, sorted(facts.brief.signed_by)],
            "milestones": sorted((m.code, m.done, m.owner, m.title) for m in facts.milestones),
            "checks": sorted((c.code, c.result, c.title) for c in facts.checks),
            "agents": sorted((a.name, sorted(a.missing)) for a in facts.agents or ()),
            **({"script": facts.script.version} if facts.script else {}),
            **({"breaches": sorted((b.text, b.side) for b in facts.breaches)} if facts.breaches else {}),
            "findings": sorted(
                (
                    f.metric,
                    f.cause,
                    f.cause_side,
                    f.fix,
                    f.fix_owner,
                    str(f.fix_due or ""),
                    str(f.fix_done or ""),
                    # An answer with one fix at most has the fingerprint that it had before each fix was looked at.
                    *sorted((fix.action, fix.owner, str(fix.due)) for fix in f.waiting if len(f.waiting) > 1),
                )
                for f in facts.findings
            ),
            "baseline": _baseline_told(facts.baseline) if facts.baseline else None,
            "previous": facts.previous_passed,
            "unjudged": sorted(facts.unjudged),
            "extra": sorted(facts.extra),
            "agreements": _agreements(facts),
            # Where nothing stands against the dials, a gate has the fingerprint that it had before it asked.
            **({"windows": list(facts.windows)} if facts.windows else {}),
            # A gate with nothing carried to it has the fingerprint that it had before anything could be carried.
            **({"carried": sorted((c.key, c.settled) for c in facts.carried)} if facts.carried else {}),
        }
    )


def _baseline_told(baseline: BaselineFacts) -> list[object]:
    """A baseline of calls has the fingerprint that it had before totals could be frozen."""
    told = astuple(baseline)
    return list(told if baseline.totals else told[:-1])


def stale(facts: GateFacts) -> bool:
    """Whether the report on the table tells other facts than those of now."""
    return facts.deliverable is not None and facts.deliverable.facts != facts_fingerprint(facts)


def _agreements(facts: GateFacts) -> list[object]:
    plan, forward = facts.plan, facts.forward
    return [
        [plan.needed, plan.exists, sorted(plan.agreed_by), plan.verdict, plan.failed] if plan else None,
        [forward.begun, sorted(forward.agreed_by)] if forward else None,
    ]


def gate_conditions(facts: GateFacts) -> list[Condition]:
    """Every condition of a gate in the order in which people meet them, met ones with their proof.

    At a passed gate every condition was met when it passed; what happens later opens none of them again.
    """
    conditions = _conditions(facts)
    return [replace(condition, blockers=()) for condition in conditions] if facts.passed else conditions


def _conditions(facts: GateFacts) -> list[Condition]:
    conditions = []
    if facts.previous:
        conditions.append(_previous(facts))
    if facts.carried:
        conditions.append(_carried(facts))
    conditions += [_plan(facts), _brief(facts), _milestones(facts)]
    if facts.reviews:
        conditions.append(_reviews(facts))
    if facts.day <= SETUP_DAYS:
        conditions.append(_checks(facts))
        if facts.script is not None:
            conditions.append(_script(facts.script))
        if facts.agents is not None:
            conditions.append(_agents(facts.agents))
        conditions.append(_launch(facts))
    else:
        conditions += [_period(facts), _baseline(facts), _findings(facts)]
        if facts.plan is not None:
            frozen = facts.baseline is not None and facts.baseline.frozen_on is not None
            conditions.append(plan_condition(facts.plan, frozen=frozen))
        if facts.forward is not None:
            conditions.append(forward_condition(facts.forward))
    if facts.breaches:
        conditions.append(_breaches(facts))
    if facts.windows is not None:
        conditions.append(_windows(facts.windows))
    conditions.append(_deliverable(facts))
    return _one_act_once(conditions, facts)


# A milestone that stands for an act which another condition asks for, by what it needs or by its code in the calling
# playbook: the condition counts it, with the side that has to act (empty: whichever that is).
STANDS_FOR = {
    "plan_locked": ("plan", ""),
    "brief_signed": ("brief", ""),
    "roster_cleared": ("agents", ""),
    "script_sent": ("script", "operator"),
    "script_reviewed": ("script", "client"),
    "script_final": ("script", ""),
    "windows_held": ("windows", ""),
    "baseline_frozen": ("baseline", ""),
    "bottleneck-plan": ("optimisation", ""),
    "forward-targets": ("forward", ""),
}


def _one_act_once(conditions: list[Condition], facts: GateFacts) -> list[Condition]:
    """The same conditions, in which a milestone is only named while another condition counts what it stands for."""
    open_now = {each.code: each for each in conditions if not each.met}
    stands = {item.target or item.code: (*item.needs, item.code) for item in facts.milestones}

    def told(blocker: Blocker) -> Blocker:
        for name in stands.get(blocker.target, ()):
            code, side = STANDS_FOR.get(name, ("", ""))
            there = open_now.get(code)
            if there and side in ("", *(each.side for each in there.blockers)):
                return replace(blocker, told_by=there.title)
        return blocker

    return [
        replace(each, blockers=tuple(told(blocker) for blocker in each.blockers))
        if each.code == "milestones"
        else each
        for each in conditions
    ]


def gate_blockers(facts: GateFacts) -> list[Blocker]:
    """Say, in the reader's words, what still stands between this gate and sign-off; empty means nothing."""
    return [blocker for condition in gate_conditions(facts) for blocker in condition.blockers]


def _previous(facts: GateFacts) -> Condition:
    blockers: tuple[Blocker, ...] = ()
    if facts.previous_passed is None:
        blockers = (Blocker(f"The gate before this one, “{facts.previous}”, has not passed.", Kind.GATE),)
    proof = f"Passed {day_text(facts.previous_passed)}" if facts.previous_passed else ""
    return Condition("previous", f"“{facts.previous}” has passed", proof, "both sides", blockers)


def _carried(facts: GateFacts) -> Condition:
    blockers = tuple(
        Blocker(f"Found after “{item.found_at}” had passed ({item.by}): “{item.text}”. Say what was done about it.",
                Kind.CARRIED, item.target)
        for item in facts.carried
        if not item.settled
    )  # fmt: skip
    proof = f"{plural(len(facts.carried), 'item')} settled"
    title = "Everything found after the last gate is settled"
    return Condition("carried", title, proof, "both sides", blockers)


def _plan(facts: GateFacts) -> Condition:
    missing = [side for side in SIDES if side not in facts.locked_by]
    blockers = tuple(
        Blocker(f"The {side} has not locked the timeline.", Kind.PLAN, side=side) for side in missing
    )
    return Condition(
        "plan", "Timeline locked by both sides", "Locked by both sides", owing(missing), blockers
    )


def _brief(facts: GateFacts) -> Condition:
    brief = facts.brief
    missing = [side for side in SIDES if side not in brief.signed_by] if brief.version is not None else []
    if brief.version is None:
        blockers: tuple[Blocker, ...] = (Blocker("There is no campaign brief yet.", Kind.BRIEF),)
    else:
        blockers = tuple(
            Blocker(
                f"The {side} has not signed version {brief.version} of the campaign brief.",
                Kind.BRIEF,
                side=side,
            )
            for side in missing
        )
    proof = f"Version {brief.version} signed by both sides"
    return Condition("brief", "Campaign brief signed by both sides", proof, owing(missing), blockers)


def _owners(items: Iterable[tuple[str, bool]]) -> str:
    """Who owns what is still open; once nothing is, who owned it."""
    items = list(items)
    still = [item for item in items if not item[1]] or items
    return joined(sorted({owner or "nobody yet" for owner, _ in still}))


def _milestones(facts: GateFacts) -> Condition:
    # What stands for a review is told by the condition on reviews, and counted there.
    told = {f"review-{review.code}" for review in facts.reviews}
    items = [item for item in facts.milestones if item.code not in told]
    blockers = tuple(
        Blocker(f"{item.todo or f'To be done: “{item.title}”'} ({item.owner or 'no owner'}).", Kind.MILESTONE,
                item.target or item.code, item.side)
        for item in items
        if not item.done
    )  # fmt: skip
    if not facts.milestones:
        blockers = (Blocker("The plan has no milestones for this phase.", Kind.PLAN),)
    owners = _owners((item.owner, item.done) for item in items)
    proof = f"{plural(len(facts.milestones), 'milestone')} done with evidence"
    if reviews := len(facts.milestones) - len(items):
        proof += f", {reviews} of them {'a review' if reviews == 1 else 'reviews'}"
    return Condition("milestones", "Every milestone of the phase is done", proof, owners, blockers)


def _said(check: CheckFacts, words: Mapping[str, str]) -> str:
    """What is wrong with a check; an expired one says so too, one that follows from others says from which."""
    if check.result == "expired":
        return f"{words['expired']}: {check.why}"
    return f"is not proved: {check.why}" if check.why else words[check.result]


def _reviews(facts: GateFacts) -> Condition:
    """The reviews up to the gate's day have been held: their minutes are closed."""
    blockers = tuple(
        Blocker(f"Run the {review.title} and close its minutes ({review.owner or 'no owner'}).",
                Kind.REVIEW, review.target, review.side)
        for review in facts.reviews
        if not review.held
    )  # fmt: skip
    proof = "; ".join(
        f"{review.title} on {day_text(review.held_on)}" if review.held_on else f"{review.title} done"
        for review in facts.reviews
    )
    owners = _owners((review.owner, review.held) for review in facts.reviews)
    return Condition("reviews", "The reviews of the phase took place, with minutes", proof, owners, blockers)


def _checks(facts: GateFacts) -> Condition:
    hard = [check for check in facts.checks if check.hard]
    words = {
        "failed": "has failed and was not passed since",
        "open": "has not been tested",
        "expired": "has to be tested again",
    }
    blockers = tuple(
        Blocker(f"Check “{check.title}” {_said(check, words)} ({check.owner or 'no owner'}).",
                Kind.CHECK, check.target or check.code, check.side)
        for check in hard
        if check.result != "passed"
    )  # fmt: skip
    if not hard:
        blockers = (Blocker("The plan has no readiness checks.", Kind.PLAN),)
    owners = _owners((check.owner, check.result == "passed") for check in hard)
    return Condition(
        "checks", "Every readiness check is passed", f"{len(hard)} of {len(hard)} passed", owners, blockers
    )


def _script(script: ScriptFacts) -> Condition:
    blockers: tuple[Blocker, ...] = ()
    if not script.version:
        text = (
            "The client has not decided on the script that it was sent."
            if script.side == "client"
            else "No version of the script is with the client or approved."
        )
        blockers = (Blocker(text, Kind.SCRIPT, side=script.side),)
    return Condition(
        "script", "The final script is approved by the client", f"Version {script.version} is final",
        f"the {script.side}", blockers,
    )  # fmt: skip


def _breaches(facts: GateFacts) -> Condition:
    """Calls of agents who were not cleared: each day of each agent is answered, and the answer accepted."""
    blockers = tuple(
        Blocker(breach.text, Kind.BREACH, breach.target, breach.side)
        for breach in facts.breaches
        if breach.side
    )
    proof = f"{plural(len(facts.breaches), 'breach', 'breaches')} answered and accepted"
    owners = joined(sorted({f"the {breach.side}" for breach in facts.breaches if breach.side}))
    title = f"Each breach up to day {facts.day} by an agent who was not cleared is answered and accepted"
    return Condition("breaches", title, proof, owners or "the operator", blockers)


def _windows(gaps: tuple[str, ...]) -> Condition:
    """The dials of days 11 to 14 that are in: each day judged, each violation answered."""
    blockers = tuple(Blocker(gap, Kind.WINDOWS, side="operator") for gap in gaps)
    title = "Every dial of days 11 to 14 outside of its window or into an excluded place is answered for"
    return Condition("windows", title, "Every day judged, every violation answered", "the operator", blockers)


def _agents(agents: tuple[AgentFacts, ...]) -> Condition:
    blockers = tuple(
        Blocker(f"{agent.name} has not passed {joined(agent.missing)}.", Kind.AGENT, agent.target, "operator")
        for agent in agents
        if agent.missing
    )
    if not agents:
        blockers = (Blocker("No agent is on the roster.", Kind.AGENT, side="operator"),)
    proof = f"{plural(len(agents), 'agent')} with all three certifications"
    return Condition(
        "agents", "Every agent has passed all three certifications", proof, "the operator", blockers
    )


def launch_has_passed(facts: GateFacts) -> bool:
    """Whether day 10 went by with the gate unpassed, so that the launch date must move."""
    return facts.today >= facts.calendar.launch


def _launch(facts: GateFacts) -> Condition:
    blockers: tuple[Blocker, ...] = ()
    if launch_has_passed(facts):
        text = (
            f"Day 10 has passed and the launch stood at {day_text(facts.calendar.launch)}: "
            "move the launch date, with the reason and whose side it was on."
        )
        blockers = (Blocker(text, Kind.LAUNCH),)
    slip = facts.calendar.slip
    late = f", {shift_text(slip)} than contracted" if slip else ""
    proof = f"Launch {day_text(facts.calendar.launch)}{late}"
    return Condition("launch", "The launch date lies ahead", proof, "both sides", blockers)


def _period(facts: GateFacts) -> Condition:
    blockers: tuple[Blocker, ...] = ()
    if facts.today < facts.due:
        text = f"Day {facts.day} is {day_text(facts.due)}: the gate cannot pass before its days are over."
        blockers = (Blocker(text, Kind.GATE, facts.code),)
    proof = f"Day {facts.day} was {day_text(facts.due)}"
    return Condition("period", f"Day {facts.day} has come", proof, "the calendar", blockers)


def _baseline(facts: GateFacts) -> Condition:
    baseline = facts.baseline or BaselineFacts()
    blockers: tuple[Blocker, ...] = ()
    if baseline.frozen_on is None:
        blockers = (Blocker("The baseline of days 11 to 30 is not frozen.", Kind.BASELINE, side="operator"),)
    elif not baseline.calls and not baseline.totals:
        blockers = (Blocker("The frozen baseline holds no calls.", Kind.BASELINE, side="operator"),)
    elif (baseline.first, baseline.last) != _baseline_days(facts):
        text = "The frozen baseline covers other days than days 11 to 30 of this engagement."
        blockers = (Blocker(text, Kind.BASELINE, side="operator"),)
    over = (
        plural(baseline.calls, "dial")
        if baseline.calls
        else f"the totals of {plural(baseline.totals, 'day')}"
    )
    proof = f"Frozen {day_text(baseline.frozen_on)} over {over}" if baseline.frozen_on else ""
    return Condition("baseline", "Baseline frozen", proof, "the campaign manager", blockers)


def _baseline_days(facts: GateFacts) -> tuple[date, date]:
    return facts.calendar.date_of(LAUNCH_DAY), facts.calendar.date_of(CALIBRATION_LAST_DAY)


def finding_gaps(finding: FindingFacts, today: date) -> list[str]:
    """What is still missing from the answer to a metric below target, as parts of a sentence.

    A fix whose date went by without its being done is neither taken nor scheduled any more: it is missing again.
    """
    if finding.lacks:
        return list(finding.lacks)
    gaps = []
    if not finding.cause.strip():
        gaps.append("a root cause")
    elif not finding.cause_side:
        gaps.append("whose side the cause is on")
    if not finding.fix.strip():
        gaps.append("a specific fix")
    elif finding.fix_done is None:
        if finding.fix_due is None:
            gaps.append("a date for the fix")
        if not finding.fix_owner:
            gaps.append("an owner of the fix")
    gaps += [
        f"the fix “{fix.action}”, which {fix.owner} was to have done by {day_text(fix.due, today=today)}"
        for fix in finding.waiting
        if fix.due < today
    ]
    return gaps


def _findings(facts: GateFacts) -> Condition:
    blockers = tuple(
        Blocker(
            f"“{finding.metric}” {_found(finding)} and lacks {joined(gaps)}.",
            Kind.FINDING,
            finding.target,
            "operator",
        )
        for finding in facts.findings
        if (gaps := finding_gaps(finding, facts.today))
    )
    answered = f"{plural(len(facts.findings), 'finding')} with cause and fix"
    not_yet = _not_judged(facts)
    if not_yet:
        proof = f"Not judged yet: {not_yet}" + (f"; so far {answered}" if facts.findings else "")
    else:
        proof = answered if facts.findings else "No metric is below target"
    if facts.unjudged:
        proof += f"; too little data to judge {joined(facts.unjudged)}"
    title = "Each metric below target has a root cause and a fix that is done or dated"
    return Condition(
        "findings", title, proof, "the operator", blockers, not_yet=bool(not_yet and not blockers)
    )


def _not_judged(facts: GateFacts) -> str:
    """When the figures of a gate are judged; empty once they are. Day 30 is judged by what was frozen."""
    if facts.passed:
        return ""
    if facts.today < facts.calendar.date_of(facts.day):
        return f"on day {facts.day}"
    frozen = facts.baseline is not None and facts.baseline.frozen_on is not None
    return "once the baseline is frozen" if facts.day == CALIBRATION_LAST_DAY and not frozen else ""


def _found(finding: FindingFacts) -> str:
    """What a finding is about, as part of a sentence."""
    if finding.reopened:
        return "was reopened"
    return "is below target" if finding.about_metric else "was noticed"


def _deliverable(facts: GateFacts) -> Condition:
    name = facts.deliverable_title or "report"
    present = facts.deliverable
    blockers: tuple[Blocker, ...] = ()
    if present is None:
        blockers = (Blocker(f"The {name} has not been made.", Kind.DELIVERABLE, facts.code, "operator"),)
    elif present.sent_back:
        text = f"Version {present.version} of the {name} was sent back: {present.sent_back} Make it again."
        blockers = (Blocker(text, Kind.DELIVERABLE, present.target, "operator"),)
    elif stale(facts):
        text = f"Version {present.version} of the {name} is older than the facts: make it again."
        blockers = (Blocker(text, Kind.DELIVERABLE, present.target, "operator"),)
    proof = f"Version {present.version}, {present.content_hash[:12]}" if present else ""
    title = f"The {name} is made from the present facts"
    return Condition("deliverable", title, proof, "the operator", blockers)
