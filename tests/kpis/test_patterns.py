"""What stands apart from the rest, and what is only chance."""

from hypothesis import given
from hypothesis import strategies as st

from engagements.stages import Stage
from kpis import patterns as pure
from kpis.patterns import Count, Place, Use


def places(*groups: Count, minimum: int = 30) -> list[Place]:
    return [row.place for row in pure.compare(groups, minimum)]


def test_the_test_is_that_of_the_book() -> None:
    """15 of 100 against 25 of 100: z with continuity correction is 1.5910 (the corrected chi-square is 2.53)."""
    chance = pure.p_value(Count("", 15, 100), Count("", 25, 100))
    assert chance is not None
    assert abs(chance - 0.1116) < 0.0005


def test_a_clear_difference_is_named_on_both_sides() -> None:
    assert places(Count("a", 300, 1000), Count("b", 100, 1000)) == [Place.ABOVE, Place.BELOW]


def test_equal_shares_are_within_chance() -> None:
    assert places(Count("a", 100, 1000), Count("b", 101, 1000)) == [Place.WITHIN, Place.WITHIN]


def test_below_the_minimum_nothing_is_judged() -> None:
    assert places(Count("a", 20, 29), Count("b", 100, 1000)) == [Place.TOO_FEW, Place.TOO_FEW]


def test_where_fewer_than_five_are_expected_nothing_is_judged() -> None:
    assert places(Count("a", 0, 40), Count("b", 20, 1000)) == [Place.TOO_FEW, Place.TOO_FEW]


def test_alone_a_group_has_nothing_to_stand_beside() -> None:
    assert places(Count("a", 100, 1000)) == [Place.TOO_FEW]


def test_many_comparisons_ask_for_more() -> None:
    """The same gap that is a pattern between two groups is none as one of twenty."""
    odd = Count("odd", 130, 1000)
    assert places(odd, Count("rest", 1900, 19_000)) == [Place.ABOVE, Place.BELOW]
    crowd = [Count(f"g{n}", 100, 1000) for n in range(19)]
    assert places(odd, *crowd)[0] is Place.WITHIN


def test_the_sentence_names_who_stands_apart_and_who_cannot_be_judged() -> None:
    found = pure.pattern(
        "sources", "contact rate", "lead source",
        [Count("Web form", 300, 1500), Count("Bought list", 60, 1500), Count("Fair", 2, 10)], 30,
    )  # fmt: skip
    assert found.sentence == (
        "Contact rate is above the rest: Web form (20.0% against 4.1%); "
        "contact rate is below the rest: Bought list (4.0% against 20.0%). 1 lead source has too few to judge."
    )


def test_no_data_is_said() -> None:
    assert pure.pattern("hours", "contact rate", "hour", [], 30).sentence == (
        "There is no data on the contact rate by hour."
    )


def test_a_code_that_one_agent_gives_far_more_often_asks_for_a_spot_check() -> None:
    uses = [
        *(Use(f"agent {n}", "callback", "Call back later", Stage.CONTACT, 10) for n in range(4)),
        *(Use(f"agent {n}", "not_interested", "Not interested", Stage.CONTACT, 90) for n in range(4)),
        Use("odd", "callback", "Call back later", Stage.CONTACT, 60),
        Use("odd", "not_interested", "Not interested", Stage.CONTACT, 40),
    ]
    found = pure.dispositions(uses, 30)
    strongest = found.suspicions[0]
    assert {one.agent for one in found.suspicions} == {"odd"}
    assert (strongest.of, strongest.of_what, round(strongest.rest, 2)) in [
        (100, "contacts", 0.1),
        (100, "contacts", 0.9),
    ]
    assert "before anything is called misuse" in found.sentence


def test_whoever_reaches_more_people_is_not_suspected_for_it() -> None:
    """Codes of people spoken to are taken of the contacts, not of the calls."""
    uses = [
        *(Use(f"a{n}", "no_answer", "No answer", Stage.DIAL, 900) for n in range(3)),
        *(Use(f"a{n}", "dnc", "Asked not to be called", Stage.CONTACT, 20) for n in range(3)),
        *(Use(f"a{n}", "qualified", "Qualified", Stage.QUALIFIED, 80) for n in range(3)),
        Use("b", "no_answer", "No answer", Stage.DIAL, 500),
        Use("b", "dnc", "Asked not to be called", Stage.CONTACT, 100),
        Use("b", "qualified", "Qualified", Stage.QUALIFIED, 400),
    ]
    assert {one.code for one in pure.dispositions(uses, 30).suspicions} == {"no_answer"}


def test_without_calls_there_is_nothing_to_compare() -> None:
    assert pure.dispositions([], 30).sentence.startswith("There is too little data")


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=8))
def test_every_group_gets_a_place_whatever_the_counts(counts: list[tuple[int, int]]) -> None:
    groups = [Count(str(n), won, won + lost) for n, (won, lost) in enumerate(counts)]
    rows = pure.compare(groups, 30)
    assert [row.trials for row in rows] == [group.trials for group in groups]
    assert all(row.place is Place.TOO_FEW for row in rows if row.trials < 30)
