"""What waits is counted once, with whoever has to act, and in the same words everywhere."""

from dataclasses import replace
from datetime import date

import pytest

from milestones.rules.facts import Blocker, BriefFacts, Condition, Kind, MilestoneFacts, ReviewFacts
from milestones.rules.gates import gate_conditions
from milestones.rules.waiting import (
    BesideFacts,
    DateFacts,
    OwedFacts,
    SigningFacts,
    Tally,
    beside_the_gate,
    counted,
    to_sign,
    waits_with,
)
from tests.milestones.test_gate_rules import day_10

TODAY = date(2026, 3, 6)
LATE, AHEAD = date(2026, 3, 5), date(2026, 3, 7)


def owed(due: date, **more: str) -> OwedFacts:
    return OwedFacts("Sources agreed", due, "Mara Voss", "operator", "1", **more)


@pytest.mark.parametrize(
    ("item", "who"),
    [
        (Blocker("The client has not locked the timeline.", Kind.PLAN, side="client"), "client"),
        (Blocker("There is no campaign brief yet.", Kind.BRIEF), "operator"),
        (Blocker("Day 30 is far.", Kind.GATE, "day-30"), "calendar"),
        (Blocker("The gate before this one has not passed.", Kind.GATE), "earlier"),
    ],
)
def test_an_item_waits_with_whoever_has_to_act(item: Blocker, who: str) -> None:
    assert waits_with(item) == who


@pytest.mark.parametrize(
    ("tally", "text"),
    [
        (Tally(), ""),
        (Tally(operator=1), "1 open item (1 with the operator)"),
        (
            Tally(client=1, operator=13, calendar=1),
            "15 open items (1 with the client, 13 with the operator and 1 for the calendar)",
        ),
        (Tally(client=2, beside=1), "2 open items (2 with the client), 1 of which blocks no gate"),
        (
            Tally(client=3, operator=1, beside=2),
            "4 open items (3 with the client and 1 with the operator), 2 of which block no gate",
        ),
        (Tally(client=1, beside=1), "1 open item (1 with the client) that blocks no gate"),
        (Tally(earlier=1), "1 open item (1 for the gate before it)"),
    ],
)
def test_the_count_is_said_in_one_way(tally: Tally, text: str) -> None:
    assert tally.text == text


def of_code(conditions: list[Condition], code: str) -> Condition:
    return next(condition for condition in conditions if condition.code == code)


@pytest.mark.parametrize(
    ("need", "changed", "by"),
    [
        ("plan_locked", {"locked_by": frozenset({"operator"})}, "plan"),
        ("brief_signed", {"brief": BriefFacts(1, frozenset({"operator"}))}, "brief"),
        ("roster_cleared", {"agents": ()}, "agents"),
    ],
)
def test_one_act_is_one_item_with_the_side_that_has_to_act(
    need: str, changed: dict[str, object], by: str
) -> None:
    stands = MilestoneFacts(
        "stands", "Done by both", TODAY, "Mara Voss", "operator", False, "m-1", needs=(need,)
    )
    facts = day_10()
    facts = replace(facts, milestones=(*facts.milestones, stands), **changed)
    conditions = gate_conditions(facts)
    milestones = of_code(conditions, "milestones")
    assert not milestones.met
    assert not milestones.items, "it is named there and counted elsewhere"
    assert milestones.blockers[0].told_by == of_code(conditions, by).title
    [item, *others] = of_code(conditions, by).items
    assert {waits_with(each) for each in (item, *others)} == {"operator" if by == "agents" else "client"}
    everything = [blocker for condition in conditions for blocker in condition.blockers]
    assert len(counted(everything)) == len(everything) - 1


def test_a_milestone_counts_once_its_act_is_done() -> None:
    stands = MilestoneFacts(
        "stands", "Locked", TODAY, "Mara Voss", "operator", False, "m-1", ("plan_locked",)
    )
    facts = day_10()
    conditions = gate_conditions(replace(facts, milestones=(*facts.milestones, stands)))
    assert len(of_code(conditions, "milestones").items) == 1


def test_the_proof_counts_every_milestone_and_says_which_are_reviews() -> None:
    facts = day_10()
    held = MilestoneFacts("review-day-10", "Review held", TODAY, "Mara Voss", "operator", True)
    review = ReviewFacts("day-10", "Day-10 review", TODAY)
    facts = replace(facts, milestones=(*facts.milestones, held), reviews=(review,))
    proof = of_code(gate_conditions(facts), "milestones").proof
    assert proof == f"{len(facts.milestones)} milestones done with evidence, 1 of them a review"


def test_once_nothing_is_open_each_missing_signature_is_an_item() -> None:
    facts = SigningFacts("Baseline", "g-1")
    assert [waits_with(item) for item in to_sign(facts)] == ["client", "operator"]
    assert [waits_with(item) for item in to_sign(replace(facts, signed_by=frozenset({"client"})))] == [
        "operator"
    ]
    [item] = to_sign(replace(facts, declined_by=frozenset({"client"})))
    assert (item.kind, waits_with(item)) == (Kind.DECLINE, "operator")


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"dates": (DateFacts("Kickoff", "milestone-kickoff", "operator"),)}, [(Kind.DATE, "client")]),
        ({"dates": (DateFacts("Launch", "launch", "client", True),)}, [(Kind.DATE, "operator")]),
        (
            {"brief": BriefFacts(1, frozenset({"client", "operator"}), (), 2, frozenset({"operator"}))},
            [(Kind.BRIEF, "client")],
        ),
        ({"brief": BriefFacts(1, frozenset({"operator"}))}, []),
        ({"actions": (owed(LATE),)}, [(Kind.ACTION, "operator")]),
        ({"actions": (owed(TODAY),)}, []),
        ({"actions": (owed(AHEAD, drop_side="operator"),)}, [(Kind.ACTION, "client")]),
        ({"fixes": (owed(LATE), owed(AHEAD))}, [(Kind.FIX, "operator")]),
        ({"milestones": (owed(LATE), owed(AHEAD))}, [(Kind.MILESTONE, "operator")]),
        (
            {
                "milestones": (owed(LATE, item="milestone-sources"),),
                "dates": (DateFacts("Sources agreed", "milestone-sources", "operator"),),
            },
            [(Kind.DATE, "client")],
        ),
        ({"scaling": (("2 more agents", "client"),)}, [(Kind.SCALING, "client")]),
    ],
)
def test_what_is_owed_beside_the_gate_waits_with_whoever_owes_it(
    facts: dict[str, object], found: list[tuple[Kind, str]]
) -> None:
    items = beside_the_gate(replace(BesideFacts(TODAY), **facts))
    assert [(item.kind, waits_with(item)) for item in items] == found
