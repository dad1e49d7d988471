"""What a call scores, what scores say, how reviewers agree, and how much of a sample is done: without a database."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as kappa_of_peers
from statsmodels.stats.inter_rater import to_table
from statsmodels.stats.proportion import proportion_confint

from kpis.patterns import Place
from kpis.qa.agreement import Heard, agreements, cohens_kappa, mean_absolute_difference
from kpis.qa.coverage import Coverage, LaunchFacts, State, count, launch_gaps, meter_text, together, too_few
from kpis.qa.results import Reviewed, results
from kpis.qa.scoring import Item, Scored, score, scorecard_gaps, scoring_gaps
from kpis.qa.transfers import Seen, check_gaps, meter
from kpis.qa.transfers import launch_gaps as transfer_gaps

CARD = (
    Item("a", "Says who calls", 5),
    Item("b", "Asks the questions", 10),
    Item("c", "Tells of the recording", 5, True),
)


@pytest.mark.parametrize(
    ("given", "scored"),
    [
        ({"a": 5, "b": 10, "c": 5}, Scored(20, 20, (), True)),
        ({"a": 5, "b": 5, "c": 5}, Scored(15, 20, (), True)),
        ({"a": 5, "b": 4, "c": 5}, Scored(14, 20, (), False)),
        ({"a": 5, "b": 10, "c": 0}, Scored(15, 20, ("Tells of the recording",), False)),
        ({"a": 0, "b": 10, "c": None}, Scored(10, 15, (), False)),
        ({"a": None, "b": None, "c": None}, Scored(None, None, (), None)),
    ],
)
def test_what_a_call_scores(given: Mapping[str, int | None], scored: Scored) -> None:
    assert score(CARD, given, 75) == scored


def test_what_is_no_scoring_and_no_scorecard() -> None:
    assert scoring_gaps(CARD, {"a": 5, "b": 10, "c": None}) == []
    assert scoring_gaps(CARD, {"a": 5}) == [
        "2 items of the scorecard lack an answer: give points, or “did not come up”."
    ]
    assert scoring_gaps(CARD, {"a": 6, "b": 1, "c": 1, "z": 1}) == [
        "“Says who calls” is worth 0 to 5 points.", "An item was scored that is not on the scorecard.",
    ]  # fmt: skip
    assert scorecard_gaps("Card", CARD, 80) == []
    twice = (Item("a", "Same words", 5), Item("b", "same WORDS ", 0), Item("c", ".", 5))
    assert scorecard_gaps("", twice, 101) == [
        "Give the scorecard a name.",
        "Item 2 stands on the card already.",
        "Item 2 is worth 1 to 20 points.",
        "Say what item 3 asks for.",
        "The pass mark lies between 1 and 100 percent of the points.",
    ]
    assert scorecard_gaps("Card", (), None)[0] == "Write at least one item that a call is scored by."


def heard(agent: str, *, passed: bool | None, recorded: str = "x", as_heard: str = "x") -> Reviewed:
    return Reviewed(
        agent, passed, None if passed is None else 90.0 if passed else 50.0, (), recorded, as_heard
    )


def test_results_count_what_was_scored_and_judge_no_small_sample() -> None:
    told = results(
        [
            *[heard("ana", passed=True)] * 28, *[heard("ana", passed=False)] * 2,
            *[heard("kai", passed=True)] * 8, *[heard("kai", passed=False)] * 22,
            heard("new", passed=False), heard("new", passed=None, recorded="sale", as_heard="callback"),
        ]
    )  # fmt: skip
    assert (told.calls, told.scored, told.passing.part, told.passing.of) == (62, 61, 36, 61)
    low, high = proportion_confint(36, 61, method="wilson")
    assert (told.passing.low, told.passing.high) == (pytest.approx(low), pytest.approx(high))
    assert told.mean == pytest.approx((36 * 90 + 25 * 50) / 61)
    assert (told.codes.part, told.codes.of) == (61, 62)
    assert [(c.recorded, c.heard, c.calls) for c in told.confusions] == [("sale", "callback", 1)]
    places = {one.agent: one.passing.place for one in told.agents if one.passing}
    assert places == {"ana": Place.ABOVE, "kai": Place.BELOW, "new": Place.TOO_FEW}


def test_nothing_reviewed_is_no_result() -> None:
    told = results([])
    assert (told.mean, told.passing.value, told.codes.low) == (None, None, None)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=60))
def test_kappa_agrees_with_statsmodels(pairs: list[tuple[str, str]]) -> None:
    ours = cohens_kappa(pairs)
    codes = {code for pair in pairs for code in pair}
    if len(codes) < 2:
        assert ours is None
        return
    table, _ = to_table([[ord(a) - 97, ord(b) - 97] for a, b in pairs], bins=3)
    assert ours == pytest.approx(kappa_of_peers(table, return_results=False), nan_ok=True)


def test_each_pair_of_reviewers_stands_for_itself() -> None:
    calls = [
        {"Quinn": Heard(True, 90, "sale"), "Sam": Heard(True, 80, "sale"), "Clara": Heard(False, 60, "sale")},
        {"Quinn": Heard(False, 40, "dnc"), "Sam": Heard(None, None, "")},
    ]
    pairs = {(p.one, p.other): p for p in agreements(calls)}
    assert set(pairs) == {("Quinn", "Sam"), ("Clara", "Quinn"), ("Clara", "Sam")}
    both = pairs["Quinn", "Sam"]
    assert (both.calls, both.passing.agreed, both.codes.calls, both.scored, both.difference) == (
        2,
        1,
        1,
        1,
        10,
    )
    assert both.too_few and mean_absolute_difference([]) is None


def test_what_is_not_reviewed_is_not_passed() -> None:
    done = count(
        40, [State.REVIEWED] * 5 + [State.UNHEARD] + [State.CLAIMED, State.CALIBRATION] + [State.OPEN] * 3
    )
    assert (done.drawn, done.reviewed, done.unheard, done.in_hand, done.open) == (11, 5, 1, 2, 3)
    assert meter_text(done) == (
        "5 of 40 calls reviewed (12.5%), of 11 drawn by chance (27.5%); 2 in hand, 3 still to be heard, "
        "1 recording that cannot be heard."
    )


FULL = Coverage(40, 11, 10, 1, 0)


@pytest.mark.parametrize(
    ("facts", "gaps"),
    [
        (LaunchFacts(3, True, 40, True, 0, FULL), []),
        (LaunchFacts(2, True, 40, True, 0, FULL), []),
        (LaunchFacts(2, False, 40, True, 0, FULL), ["Calls of 2 of the first 3 live days are in."]),
        (LaunchFacts(0, True, 0, False, 0, FULL), ["No call of the first three live days is in yet."]),
        (
            LaunchFacts(3, True, 40, False, 0, FULL),
            ["The sample of the first three live days has not been drawn."],
        ),
        (
            LaunchFacts(3, True, 40, True, 2, FULL),
            ["2 calls have come in since the sample was drawn: top it up."],
        ),
        (
            LaunchFacts(3, True, 40, True, 0, Coverage(40, 11, 9, 2, 0)),
            [
                "9 of 40 calls of the first live days are reviewed (22.5%), 2 recordings could not be heard: at least "
                "25% are asked for, 10 calls."
            ],
        ),
    ],
)
def test_when_the_first_live_days_are_reviewed(facts: LaunchFacts, gaps: list[str]) -> None:
    assert launch_gaps(facts) == gaps


def test_the_meter_of_transfers_and_what_is_no_verification() -> None:
    found = meter([None, Seen(True, True), Seen(True, False), Seen(False, None)])
    assert (found.transfers, found.verified, found.open, found.connected, found.good) == (4, 3, 1, 2, 1)
    assert found.sentence == (
        "3 of 4 transfers verified: 2 connected, 1 of them with a briefed closer; 1 not verified."
    )
    assert transfer_gaps(found, calls=True, over=True) == [
        "1 of 4 transfers of days 11 to 14 is not verified."
    ]
    assert transfer_gaps(meter([Seen(False, None)]), calls=True, over=True) == []
    assert transfer_gaps(meter([]), calls=True, over=False)[0].startswith(
        "The launch is supervised until day 14"
    )
    assert transfer_gaps(meter([]), calls=False, over=True)[0].startswith(
        "No call of days 11 to 14 is in yet"
    )
    assert meter([]).sentence == "No transfer is in for these days."
    assert check_gaps(connected=True, briefed=True, note="") == []
    assert check_gaps(connected=None, briefed=None, note="") == ["Say whether the transfer connected."]
    assert check_gaps(connected=True, briefed=None, note="") == ["Say whether the closer was briefed."]
    assert check_gaps(connected=True, briefed=False, note=" ") == ["Say what went wrong."]
    assert check_gaps(connected=False, briefed=True, note="x")[0].startswith("Nobody was reached")


def test_some_days_of_a_sample_count_for_themselves() -> None:
    friday, monday = Coverage(100, 30, 20, 1, 2), Coverage(60, 20, 20, 0, 0)
    both = together([friday, monday])
    assert both == Coverage(160, 50, 40, 1, 2)
    assert too_few(both) == (), "40 of 160 are a quarter"
    assert too_few(friday) == ("25% are asked for.",)
    assert together([]) == Coverage(0, 0, 0, 0, 0)
