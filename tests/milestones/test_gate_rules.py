"""A gate passes with every condition met or not at all; each open item is named."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from common.days import Calendar
from milestones.rules.agreements import plan_condition
from milestones.rules.facts import (
    AgentFacts,
    BaselineFacts,
    Blocker,
    BreachFacts,
    BriefFacts,
    CheckFacts,
    Condition,
    DeliverableFacts,
    FindingFacts,
    GateFacts,
    Kind,
    MilestoneFacts,
    OpenFix,
    PlanFacts,
    ReviewFacts,
    ScriptFacts,
)
from milestones.rules.gates import facts_fingerprint, finding_gaps, gate_blockers, gate_conditions
from milestones.rules.signing import SigningFacts, sign_off_blockers

KICKOFF = date(2026, 3, 2)
CALENDAR = Calendar.contracted(KICKOFF)
BOTH = frozenset({"client", "operator"})
BASELINE = BaselineFacts(CALENDAR.date_of(30), 1200, CALENDAR.date_of(11), CALENDAR.date_of(30))
DONE = MilestoneFacts("kickoff", "Kickoff session held", KICKOFF, "Ana Reis", "operator", done=True)
PASSED = CheckFacts(
    "crm-real-lead", "A real lead creates a record", "crm", "passed", True, "Ana Reis", "operator"
)
ANSWERED = FindingFacts(
    "Contact rate",
    "Two caller IDs are marked as spam",
    "operator",
    "Replace both caller IDs",
    "Ana Reis",
    date(2026, 4, 2),
)


def built(facts: GateFacts) -> GateFacts:
    """The same gate with its report built from these facts."""
    report = DeliverableFacts("report", 1, "a" * 64, facts_fingerprint(facts))
    return replace(facts, deliverable=report)


def day_10(**change: Any) -> GateFacts:
    facts = GateFacts(
        code="day-10", title="Launch clearance", day=10, calendar=CALENDAR, today=CALENDAR.date_of(10),
        locked_by=BOTH, brief=BriefFacts(2, BOTH), milestones=(DONE,), checks=(PASSED,),
        agents=(AgentFacts("Bo Lind"),), deliverable_title="launch clearance",
    )  # fmt: skip
    return built(replace(facts, **change))


def day_30(**change: Any) -> GateFacts:
    facts = GateFacts(
        code="day-30", title="Baseline", day=30, calendar=CALENDAR, today=CALENDAR.date_of(30),
        locked_by=BOTH, brief=BriefFacts(2, BOTH), milestones=(DONE,), findings=(ANSWERED,),
        baseline=BASELINE, previous="Launch clearance",
        previous_passed=CALENDAR.date_of(10), deliverable_title="baseline report",
    )  # fmt: skip
    return built(replace(facts, **change))


def texts(facts: GateFacts) -> list[str]:
    return [blocker.text for blocker in gate_blockers(facts)]


def test_a_gate_with_nothing_open_has_no_blockers_and_shows_its_proofs() -> None:
    for facts in (day_10(), day_30()):
        assert texts(facts) == []
        assert all(condition.met and condition.proof for condition in gate_conditions(facts))


def test_conditions_stand_in_the_order_in_which_people_meet_them() -> None:
    assert [condition.code for condition in gate_conditions(day_10())] == [
        "plan", "brief", "milestones", "checks", "agents", "launch", "deliverable",
    ]  # fmt: skip
    assert [condition.code for condition in gate_conditions(day_30())] == [
        "previous", "plan", "brief", "milestones", "period", "baseline", "findings", "deliverable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        ({"locked_by": frozenset({"client"})}, Kind.PLAN, "The operator has not locked the timeline."),
        ({"brief": BriefFacts()}, Kind.BRIEF, "There is no campaign brief yet."),
        (
            {"brief": BriefFacts(3, frozenset({"operator"}))},
            Kind.BRIEF,
            "The client has not signed version 3 of the campaign brief.",
        ),
        (
            {"milestones": (replace(DONE, done=False),)},
            Kind.MILESTONE,
            "To be done: “Kickoff session held” (Ana Reis).",
        ),
        ({"milestones": ()}, Kind.PLAN, "The plan has no milestones for this phase."),
        (
            {"checks": (replace(PASSED, result="open"),)},
            Kind.CHECK,
            "Check “A real lead creates a record” has not been tested (Ana Reis).",
        ),
        (
            {"checks": (replace(PASSED, result="failed", owner=""),)},
            Kind.CHECK,
            "Check “A real lead creates a record” has failed and was not passed since (no owner).",
        ),
        ({"checks": ()}, Kind.PLAN, "The plan has no readiness checks."),
        (
            {"agents": (AgentFacts("Bo Lind", ("product knowledge", "system skills")),)},
            Kind.AGENT,
            "Bo Lind has not passed product knowledge and system skills.",
        ),
        ({"agents": ()}, Kind.AGENT, "No agent is on the roster."),
        ({"script": ScriptFacts()}, Kind.SCRIPT, "No version of the script is with the client or approved."),
        (
            {"script": ScriptFacts(0, "client")},
            Kind.SCRIPT,
            "The client has not decided on the script that it was sent.",
        ),
        (
            {"breaches": (BreachFacts("One is settled."), BreachFacts("One is open.", "operator"))},
            Kind.BREACH,
            "One is open.",
        ),
        (
            {"today": CALENDAR.launch},
            Kind.LAUNCH,
            "Day 10 has passed and the launch stood at Thu 12 Mar: "
            "move the launch date, with the reason and whose side it was on.",
        ),
    ],
)
def test_what_keeps_the_day_10_gate_shut(change: dict[str, Any], kind: Kind, text: str) -> None:
    (blocker,) = gate_blockers(day_10(**change))
    assert (blocker.kind, blocker.text) == (kind, text)


def test_dials_outside_of_their_window_keep_the_day_30_gate_shut_where_it_asks_for_them() -> None:
    assert texts(day_30(windows=())) == []
    (held,) = [each for each in gate_conditions(day_30(windows=())) if each.code == "windows"]
    assert held.proof == "Every day judged, every violation answered"
    (blocker,) = gate_blockers(day_30(windows=("3 calls of Thu 12 Mar lay outside.",)))
    assert (blocker.kind, blocker.side) == (Kind.WINDOWS, "operator")
    assert facts_fingerprint(day_30(windows=())) == facts_fingerprint(day_30())
    assert facts_fingerprint(day_30(windows=("Three.",))) != facts_fingerprint(day_30())


def test_a_check_that_is_not_hard_does_not_block() -> None:
    assert texts(day_10(checks=(PASSED, replace(PASSED, code="nice", result="failed", hard=False)))) == []


def test_a_moved_launch_lets_day_10_be_cleared_late() -> None:
    moved = CALENDAR.with_launch(CALENDAR.launch + timedelta(days=3))
    facts = day_10(calendar=moved, today=CALENDAR.launch)
    assert texts(facts) == []
    launch = next(c for c in gate_conditions(facts) if c.code == "launch")
    assert launch.proof == "Launch Sun 15 Mar, 3 days later than contracted"


@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        (
            {"previous_passed": None},
            Kind.GATE,
            "The gate before this one, “Launch clearance”, has not passed.",
        ),
        ({"baseline": None}, Kind.BASELINE, "The baseline of days 11 to 30 is not frozen."),
        (
            {"baseline": replace(BASELINE, calls=0)},
            Kind.BASELINE,
            "The frozen baseline holds no calls.",
        ),
        (
            {"baseline": replace(BASELINE, first=CALENDAR.date_of(12))},
            Kind.BASELINE,
            "The frozen baseline covers other days than days 11 to 30 of this engagement.",
        ),
        (
            {"today": CALENDAR.date_of(29)},
            Kind.GATE,
            "Day 30 is Tue 31 Mar: the gate cannot pass before its days are over.",
        ),
        (
            {"findings": (FindingFacts("Show rate"),)},
            Kind.FINDING,
            "“Show rate” is below target and lacks a root cause and a specific fix.",
        ),
        (
            {"findings": (replace(ANSWERED, fix_due=None, fix_owner=""),)},
            Kind.FINDING,
            "“Contact rate” is below target and lacks a date for the fix and an owner of the fix.",
        ),
    ],
)
def test_what_keeps_the_day_30_gate_shut(change: dict[str, Any], kind: Kind, text: str) -> None:
    (blocker,) = gate_blockers(day_30(**change))
    assert (blocker.kind, blocker.text) == (kind, text)


def test_a_cause_names_its_side() -> None:
    assert finding_gaps(replace(ANSWERED, cause_side=""), CALENDAR.date_of(30)) == [
        "whose side the cause is on"
    ]


def test_a_fix_that_is_done_needs_no_date_ahead() -> None:
    done = replace(ANSWERED, fix_due=None, fix_owner="", fix_done=date(2026, 3, 30))
    assert finding_gaps(done, date(2026, 6, 1)) == []


def test_a_fix_whose_date_went_by_without_its_being_done_is_missing_again() -> None:
    planned = replace(ANSWERED, waiting=(OpenFix("Replace both caller IDs", "Ana Reis", date(2026, 4, 2)),))
    assert gate_blockers(day_30(findings=(planned,), today=date(2026, 4, 2))) == []
    (blocker,) = gate_blockers(day_30(findings=(planned,), today=date(2026, 4, 3)))
    assert (blocker.kind, blocker.text) == (
        Kind.FINDING,
        "“Contact rate” is below target and lacks the fix “Replace both caller IDs”, "
        "which Ana Reis was to have done by Thu 2 Apr.",
    )
    assert gate_blockers(replace(day_30(findings=(planned,), today=date(2026, 4, 3)), passed=True)) == []


def test_a_report_tells_the_date_of_each_of_several_fixes() -> None:
    one = OpenFix("Replace both caller IDs", "Ana Reis", date(2026, 4, 2))
    other = OpenFix("Dial in the evening", "Ana Reis", date(2026, 4, 9))
    told = [
        facts_fingerprint(day_30(findings=(replace(ANSWERED, waiting=waiting),)))
        for waiting in ((one,), (one, other), (one, replace(other, due=date(2026, 4, 10))))
    ]
    assert len(set(told)) == 3
    assert told[0] == facts_fingerprint(day_30(findings=(ANSWERED,)))


def test_metrics_with_too_little_data_are_named_and_do_not_pass_for_met() -> None:
    findings = next(
        c for c in gate_conditions(day_30(findings=(), unjudged=("Show rate",))) if c.code == "findings"
    )
    assert findings.proof == "No metric is below target; too little data to judge Show rate"


def test_before_its_day_a_gate_does_not_say_that_nothing_is_below_target() -> None:
    early = replace(day_30(findings=()), today=CALENDAR.date_of(12))
    findings = next(c for c in gate_conditions(early) if c.code == "findings")
    assert (findings.proof, findings.not_yet) == ("Not judged yet: on day 30", True)


def test_findings_made_before_its_day_do_not_judge_the_figures_of_a_gate() -> None:
    early = replace(day_30(findings=(ANSWERED,)), today=CALENDAR.date_of(12))
    findings = next(c for c in gate_conditions(early) if c.code == "findings")
    assert findings.proof == "Not judged yet: on day 30; so far 1 finding with cause and fix"
    assert findings.not_yet


def test_the_gate_of_the_baseline_judges_nothing_before_it_is_frozen() -> None:
    for baseline in (None, BaselineFacts()):
        late = replace(day_30(findings=()), baseline=baseline)
        findings = next(c for c in gate_conditions(late) if c.code == "findings")
        assert (findings.proof, findings.not_yet) == ("Not judged yet: once the baseline is frozen", True)
    later = replace(day_30(findings=()), day=60, today=CALENDAR.date_of(60), baseline=None)
    assert not next(c for c in gate_conditions(later) if c.code == "findings").not_yet


def test_a_passed_gate_has_nothing_that_waits_to_be_judged() -> None:
    assert not any(c.not_yet for c in gate_conditions(replace(day_30(findings=()), passed=True)))


def test_a_plan_is_asked_for_once_there_is_a_baseline_that_misses_a_target() -> None:
    def proof(facts: PlanFacts, *, frozen: bool) -> str:
        return plan_condition(facts, frozen=frozen).proof

    assert proof(PlanFacts(), frozen=False) == "Asked for once a frozen baseline misses a target"
    assert proof(PlanFacts(), frozen=True) == "The baseline misses no target"
    again = PlanFacts(needed=True, exists=True, agreed=True, failed=True)
    assert (
        proof(again, frozen=True)
        == "Nothing moved under the first plan. Plan 2 is agreed; its verdict is still to be recorded"
    )


def test_without_its_report_a_gate_stays_shut() -> None:
    (blocker,) = gate_blockers(replace(day_30(), deliverable=None))
    assert (blocker.kind, blocker.text) == (Kind.DELIVERABLE, "The baseline report has not been made.")


def test_a_report_older_than_the_facts_keeps_the_gate_shut() -> None:
    stale = replace(day_30(), findings=(replace(ANSWERED, fix="Buy new lists"),))
    assert texts(stale) == ["Version 1 of the baseline report is older than the facts: make it again."]


def test_the_fingerprint_changes_with_every_fact_and_not_with_the_day() -> None:
    base = day_30()
    changes: list[dict[str, Any]] = [
        {"brief": BriefFacts(3, BOTH)},
        {"milestones": ()},
        {"findings": ()},
        {"baseline": replace(BASELINE, calls=1201)},
        {"baseline": replace(BASELINE, last=CALENDAR.date_of(31))},
        {"calendar": CALENDAR.with_launch(CALENDAR.launch + timedelta(days=1))},
        {"unjudged": ("Show rate",)},
        {"extra": ("imports: 2",)},
        {"checks": (PASSED,)},
        {"agents": (AgentFacts("Bo Lind"),)},
    ]
    prints = {facts_fingerprint(replace(base, **change)) for change in changes}
    assert len(prints | {facts_fingerprint(base)}) == len(changes) + 1
    same = replace(base, today=base.today + timedelta(days=9), deliverable=None)
    assert facts_fingerprint(same) == facts_fingerprint(base)


def test_every_open_item_is_listed_together() -> None:
    shut = day_10(
        locked_by=frozenset(), brief=BriefFacts(1), milestones=(replace(DONE, done=False),),
        checks=(replace(PASSED, result="open"),), agents=(AgentFacts("Bo Lind", ("script certification",)),),
        today=CALENDAR.launch,
    )  # fmt: skip
    assert len(texts(shut)) == 8


ROLES = {"client": "client_lead", "operator": "campaign_manager"}


def signing(**change: Any) -> SigningFacts:
    facts = SigningFacts(
        gate="Baseline", passed=False, side="client", roles=frozenset({"client_lead"}), signing_roles=ROLES,
        signed_by=frozenset(), seen="a" * 64, current="a" * 64,
    )  # fmt: skip
    return replace(facts, **change)


def refusal(attempt: SigningFacts, facts: GateFacts) -> list[str]:
    return [blocker.text for blocker in sign_off_blockers(attempt, facts)]


def test_the_named_signer_of_each_side_may_sign_a_gate_with_nothing_open() -> None:
    assert refusal(signing(), day_30()) == []
    assert (
        refusal(
            signing(side="operator", roles=frozenset({"campaign_manager"}), signed_by=frozenset({"client"})),
            day_30(),
        )
        == []
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"passed": True}, "The gate “Baseline” has passed already."),
        ({"side": ""}, "Only the client and the operator of this engagement sign its gates."),
        ({"roles": frozenset({"executive"})}, "For the client, the client lead signs this gate."),
        (
            {"side": "operator", "roles": frozenset({"qa_lead"})},
            "For the operator, the campaign manager signs this gate.",
        ),
        ({"signed_by": frozenset({"client"})}, "The client has signed this version already."),
        (
            {"seen": "b" * 64},
            "The report has changed since this page was opened. Read the new version, then sign.",
        ),
    ],
)
def test_who_may_not_sign(change: dict[str, Any], reason: str) -> None:
    assert refusal(signing(**change), day_30()) == [reason]


def test_an_open_gate_is_refused_with_everything_that_is_open() -> None:
    assert refusal(signing(), day_30(baseline=None, findings=(FindingFacts("Show rate"),))) == [
        "The baseline of days 11 to 30 is not frozen.",
        "“Show rate” is below target and lacks a root cause and a specific fix.",
    ]


def test_what_happens_later_opens_no_condition_of_a_passed_gate_again() -> None:
    later = replace(day_10(passed=True), today=CALENDAR.date_of(60), brief=BriefFacts(3), checks=())
    assert texts(later) == []
    assert all(condition.met for condition in gate_conditions(later))


def test_a_gate_waits_for_the_reviews_of_its_phase_and_counts_each_once() -> None:
    open_review = ReviewFacts("day-14", "Day-14 review", None, owner="Mara Voss", side="operator", target="x")
    item = MilestoneFacts(
        "review-day-14", "Day-14 review done", date(2026, 3, 15), "Mara Voss", "operator", done=False
    )
    facts = day_30(milestones=(DONE, item), reviews=(open_review,))
    assert texts(facts) == ["Run the Day-14 review and close its minutes (Mara Voss)."]
    held = replace(open_review, held_on=date(2026, 3, 15))
    done = day_30(milestones=(DONE, replace(item, done=True)), reviews=(held,))
    [condition] = [c for c in gate_conditions(done) if c.code == "reviews"]
    assert (condition.met, condition.proof) == (True, "Day-14 review on Sun 15 Mar")


def test_a_condition_of_both_sides_waits_for_the_one_that_has_not_acted() -> None:
    def owner(code: str, **change: Any) -> str:
        return next(c.owner for c in gate_conditions(replace(day_30(), **change)) if c.code == code)

    assert owner("plan", locked_by=frozenset({"operator"})) == "the client"
    assert owner("brief", brief=BriefFacts(3, frozenset({"client"}))) == "the operator"
    for nobody in (frozenset(), BOTH):
        assert owner("plan", locked_by=nobody) == "both sides"
        assert owner("brief", brief=BriefFacts(3, nobody)) == "both sides"
    agreed = PlanFacts(needed=True, exists=True, agreed_by=frozenset({"operator"}))
    assert plan_condition(agreed, frozen=True).owner == "the client"


def test_what_another_condition_counts_is_named_with_it_and_not_said_twice() -> None:
    named = Blocker("Lock the timeline (Mara Voss).", Kind.MILESTONE, told_by="Timeline locked by both sides")
    own = Blocker("Hold the kickoff (Mara Voss).", Kind.MILESTONE)
    alone, beside = (
        Condition("milestones", "Done", "", "", blockers) for blockers in ((named,), (own, named))
    )
    assert alone.closed_with == "1 item is counted under “Timeline locked by both sides”."
    assert beside.closed_with == "1 further item is counted under “Timeline locked by both sides”."
    assert Condition("milestones", "Done", "", "", (own,)).closed_with == ""
