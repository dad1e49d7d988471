"""Where the shortfall sits, and what is tried first."""

from scipy import stats

from kpis.funnel import STAGE_OF_METRIC
from kpis.patterns import Count
from kpis.signals.first_fixes import STARTS, starts
from kpis.signals.inside import below, inside


def test_the_shortfalls_add_up_to_that_of_the_stage() -> None:
    found = inside(
        "lead source", [Count("a", 100, 1000), Count("b", 50, 1000), Count("c", 130, 1000)], 0.12, 30
    )
    assert [place.label for place in found.places] == ["b", "a", "c"]
    assert abs(found.lacking - (0.12 * 3000 - 280)) < 1e-9
    assert found.most is not None
    assert found.most.label == "b"
    assert abs((found.share(found.most) or 0) - 70 / 90) < 1e-9
    assert found.share(found.places[-1]) is None


def test_a_small_group_is_never_the_place() -> None:
    found = inside("agent", [Count("new", 0, 20), Count("a", 120, 1000)], 0.12, 30)
    assert found.most is None
    assert not found.places[0].judged


def test_a_wobble_below_the_target_is_not_the_place() -> None:
    assert inside("agent", [Count("a", 115, 1000), Count("b", 118, 1000)], 0.12, 30).most is None


def test_the_chance_agrees_with_the_beta_distribution() -> None:
    for successes, trials in ((50, 1000), (118, 1000), (30, 200)):
        exact = stats.beta.cdf(0.12, successes + 0.5, trials - successes + 0.5)
        assert abs(below(successes, trials, 0.12) - exact) < 0.02


def test_every_stage_has_a_start() -> None:
    assert STARTS.keys() == STAGE_OF_METRIC.keys()
    assert all(len(starts(key)) >= 2 for key in STARTS)
    assert starts("first_pass_quality") == ()
