"""What stands between a timeline and its lock, and between a milestone and its completion."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from milestones.rules.facts import BriefFacts, Kind
from milestones.rules.plans import (
    CompletionFacts,
    ItemChange,
    PlanItemFacts,
    ResultFacts,
    item_change_blockers,
    milestone_completion_blockers,
    plan_digest,
    plan_lock_blockers,
    result_blockers,
)

BOTH = frozenset({"client", "operator"})
ITEM = PlanItemFacts("kickoff", "Kickoff session held", 1, 1, "operator", "Ana Reis", "operator")
KICKOFF, LAUNCH = date(2026, 3, 2), date(2026, 3, 12)


def lock(items: Iterable[PlanItemFacts] = (ITEM,), **change: Any) -> list[str]:
    facts = {"side": "client", "locked_by": (), "seen": "a", "current": "a", **change}
    return [blocker.text for blocker in plan_lock_blockers(items, **facts)]


def test_either_side_may_lock_a_complete_plan() -> None:
    assert lock() == []
    assert lock(side="operator", locked_by=("client",)) == []


def test_a_plan_without_named_owners_cannot_be_locked() -> None:
    assert lock([replace(ITEM, owner="", owner_side="")]) == ["“Kickoff session held” has no named owner."]


def test_an_owner_belongs_to_the_side_of_the_item() -> None:
    assert lock([replace(ITEM, owner_side="client")]) == [
        "“Kickoff session held” is the operator's, but its owner Ana Reis is on the other side."
    ]


def test_an_empty_plan_cannot_be_locked() -> None:
    assert lock([]) == ["The plan has no milestones."]


def test_a_side_locks_once_and_outsiders_never() -> None:
    assert lock(locked_by=("client",)) == ["The client has locked the timeline already."]
    assert lock(side="") == ["Only the client and the operator of this engagement lock its timeline."]


def test_a_plan_that_changed_after_it_was_read_is_not_locked() -> None:
    assert lock(seen="b") == ["The plan has changed since this page was opened. Read it again, then lock."]


@pytest.mark.parametrize("change", [{"day": 2}, {"owner_id": 7}, {"title": "Kickoff"}, {"start": 0}])
def test_the_digest_of_a_plan_changes_with_what_is_locked(change: dict[str, Any]) -> None:
    digest = plan_digest(KICKOFF, LAUNCH, [ITEM])
    assert plan_digest(KICKOFF, LAUNCH, [replace(ITEM, **change)]) != digest
    assert plan_digest(KICKOFF, date(2026, 3, 13), [ITEM]) != digest


def test_the_digest_of_a_plan_does_not_depend_on_the_order_of_its_items() -> None:
    other = replace(ITEM, code="teams")
    assert plan_digest(KICKOFF, LAUNCH, [ITEM, other]) == plan_digest(KICKOFF, LAUNCH, [other, ITEM])


READY = CompletionFacts(
    title="Dialer built and tested", side="operator", by_side="operator", done=False, technical=True,
    needs=("checks:dialer",), evidence=1,
    brief=BriefFacts(1, BOTH), locked_by=BOTH, gate_passed=False, earlier_open="", launched=False,
    starts_after_launch=False, cleared_roster=True, baseline_frozen=True, open_checks={},
)  # fmt: skip


def complete(**change: Any) -> list[str]:
    return [blocker.text for blocker in milestone_completion_blockers(replace(READY, **change))]


def test_a_milestone_with_evidence_may_be_completed() -> None:
    assert complete() == []


@pytest.mark.parametrize("brief", [BriefFacts(), BriefFacts(2), BriefFacts(2, frozenset({"client"}))])
def test_an_unsigned_brief_blocks_technical_milestones(brief: BriefFacts) -> None:
    assert complete(brief=brief) == [
        "Technical work cannot start before both sides have signed the campaign brief."
    ]
    assert complete(brief=brief, technical=False) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"done": True}, "“Dialer built and tested” is done already."),
        ({"evidence": 0}, "Evidence is missing: attach a file, a link or a note."),
        ({"gate_passed": True}, "The gate of this phase has passed: its record cannot change."),
        (
            {"earlier_open": "Launch clearance"},
            "The gate “Launch clearance” has not passed; nothing after it can be done.",
        ),
        ({"starts_after_launch": True}, "The campaign has not launched yet."),
        ({"open_checks": {"dialer": ("Calls are routed",)}}, "“Calls are routed” is not passed yet."),
        ({"open_checks": {"dialer": ("Caps", "Hours")}}, "“Caps” and “Hours” are not passed yet."),
        (
            {"needs": ("plan_locked",), "locked_by": frozenset({"client"})},
            "Both sides have to lock the timeline first.",
        ),
        (
            {"needs": ("brief_signed",), "technical": False, "brief": BriefFacts(1)},
            "Both sides have to sign the campaign brief first.",
        ),
        (
            {"needs": ("roster_cleared",), "cleared_roster": False},
            "Not every agent on the roster has passed all three certifications.",
        ),
        ({"needs": ("baseline_frozen",), "baseline_frozen": False}, "The baseline has to be frozen first."),
        ({"needs": ("sample_reviewed",), "sample_gaps": ("9 calls are open.",)}, "9 calls are open."),
        ({"needs": ("transfers_verified",), "transfer_gaps": ("1 is open.", "So?")}, "1 is open. So?"),
        ({"needs": ("windows_held",), "window_gaps": ("3 calls.", "So?")}, "3 calls. So?"),
    ],
)
def test_what_keeps_a_milestone_open(change: dict[str, Any], reason: str) -> None:
    assert complete(**change) == [reason]


def test_checks_of_other_areas_do_not_block() -> None:
    assert complete(open_checks={"crm": ("A real lead creates a record",)}) == []


def test_blockers_name_what_clears_them() -> None:
    blockers = milestone_completion_blockers(replace(READY, brief=BriefFacts(), evidence=0))
    assert [blocker.kind for blocker in blockers] == [Kind.BRIEF, Kind.MILESTONE]


def test_a_side_completes_its_own_milestones_only() -> None:
    assert complete(by_side="client") == [
        "“Dialer built and tested” is the operator's: somebody of the operator completes it."
    ]


RESULT = ResultFacts(
    title="Calls are routed as agreed",
    side="operator",
    by_side="operator",
    technical=True,
    brief=BriefFacts(1, BOTH),
    gate_passed=False,
    passed=True,
    note="",
    evidence=1,
)


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        (
            {"by_side": "client"},
            ["“Calls are routed as agreed” is the operator's: somebody of the operator tests it."],
        ),
        ({"gate_passed": True}, ["The day-10 gate has passed: its record cannot change."]),
        (
            {"brief": BriefFacts(1)},
            ["Technical work cannot start before both sides have signed the campaign brief."],
        ),
        ({"brief": BriefFacts(1), "technical": False}, []),
        ({"evidence": 0}, ["Evidence is missing: attach a file, a link or a note."]),
        ({"passed": False, "evidence": 0, "note": "Line 2 is dead."}, []),
        (
            {"passed": False, "evidence": 0},
            ["Say what failed, so that it can be repaired and tested again."],
        ),
    ],
)
def test_what_a_test_result_needs(change: dict[str, Any], reasons: list[str]) -> None:
    assert [blocker.text for blocker in result_blockers(replace(RESULT, **change))] == reasons


CHANGE = ItemChange(
    title="Script reviewed", side="client", locked=False, done=False, day=7, start=5, first_day=1, last_day=10,
    owner="Clara Lind", owner_side="client", owner_role="client_lead", role="client_lead", same_days=False,
    by_side="client", had_owner=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"owner": "", "owner_side": "", "had_owner": False}, []),
        ({"owner": "", "owner_side": ""}, ["It has an owner: name another one instead of nobody."]),
        (
            {"by_side": "operator"},
            ["“Script reviewed” is the client's: somebody of the client changes its day and owner."],
        ),
        ({"locked": True}, ["Both sides have locked the timeline: its days stand."]),
        ({"locked": True, "same_days": True}, []),
        (
            {"locked": True, "same_days": True, "owner_role": "closer_lead"},
            ["Both sides have locked the timeline: only another client lead can take this over."],
        ),
        ({"done": True}, ["“Script reviewed” is done: its day and owner stay as they were."]),
        ({"day": 11}, ["The day has to lie in its phase, from 1 to 10."]),
        ({"start": 8}, ["It has to start on or before the day on which it is due."]),
        ({"owner_side": "operator"}, ["This is the client's: its owner belongs to the client."]),
    ],
)
def test_what_a_planned_item_may_become(change: dict[str, Any], reasons: list[str]) -> None:
    assert item_change_blockers(replace(CHANGE, **change)) == reasons
