"""Funnel limits and mixes of codes: agree with scipy and statsmodels, blame no small sample, and find who is apart."""

from random import Random

from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from engagements.stages import Stage
from kpis.patterns import Count, Use
from kpis.signals.multiple import holm
from kpis.signals.outliers import (
    INNER,
    OUTER,
    Stand,
    chi_square_tail,
    dispersion,
    funnel_plot,
    homogeneity,
    mixes,
)


def test_the_score_is_that_of_statsmodels() -> None:
    groups = [Count("a", 60, 400), Count("b", 40, 500), Count("c", 45, 450)]
    found = funnel_plot(groups)
    centre = 145 / 1350
    for group, placed in zip(groups, found.groups, strict=True):
        score, _ = proportions_ztest(group.successes, group.trials, value=centre, prop_var=centre)
        assert placed.score is not None
        assert abs(placed.score - score) < 1e-9


def test_the_limits_are_the_two_of_the_paper() -> None:
    assert abs(INNER - stats.norm.ppf(0.975)) < 1e-5
    assert abs(OUTER - stats.norm.ppf(0.999)) < 1e-5


def test_who_stands_apart_is_told_and_who_has_few_is_not() -> None:
    groups = [Count("a", 120, 1000), Count("b", 118, 1000), Count("c", 60, 1000), Count("new", 0, 20)]
    assert [one.stand for one in funnel_plot(groups).groups][-2:] == [Stand.BELOW, Stand.TOO_FEW]
    assert [one.label for one in funnel_plot(groups).apart] == ["c"]


def test_the_same_rate_of_fewer_cases_lies_within_wider_limits() -> None:
    groups = [Count("many", 80, 1000), Count("few", 8, 100), Count("others", 480, 4000)]
    many, few, _ = funnel_plot(groups).groups
    assert (many.stand, few.stand) == (Stand.BELOW, Stand.WITHIN)
    assert (few.low or 0) < (many.low or 0)


def test_from_ten_groups_on_their_own_spread_widens_the_limits() -> None:
    """Agents who differ by nature: plain limits blame many of them, these few; one far out is still told."""
    random = Random(2)  # noqa: S311  (repeatable, not secret)
    groups = [
        Count(str(n), random.binomialvariate(1000, random.betavariate(24, 176)), 1000) for n in range(20)
    ]
    plain = sum(abs(one.score or 0) > OUTER for one in funnel_plot(groups).groups)
    assert plain >= 3
    assert len(funnel_plot(groups).apart) <= 1
    far = funnel_plot([*groups, Count("far", 20, 1000)])
    assert [one.label for one in far.apart] == ["far"]


def test_false_alarms_where_nobody_differs() -> None:
    """About one in fifty looks at a team of twelve names somebody: 12 x 0.2%."""
    random = Random(4)  # noqa: S311  (repeatable, not secret)
    told = sum(
        bool(funnel_plot([Count(str(n), random.binomialvariate(300, 0.12), 300) for n in range(12)]).apart)
        for _ in range(500)
    )
    assert told / 500 < 0.05


def test_with_few_groups_no_dispersion_is_estimated() -> None:
    assert dispersion([9.0, -1.0, 0.5]) == 1
    assert dispersion([0.1] * 12) == 1
    # Twelve scores, the outermost at either end drawn in to the next: 10 x 4 + 2 x 4, over 12.
    assert dispersion([2.0, -2.0] * 5 + [9.0, -9.0]) == 4


def test_a_funnel_without_data_says_so() -> None:
    assert funnel_plot([]).centre is None
    assert {one.stand for one in funnel_plot([Count("a", 0, 50), Count("b", 0, 80)]).groups} == {
        Stand.TOO_FEW
    }


def test_holm_agrees_with_statsmodels() -> None:
    chances = [0.04, 0.001, 0.2, 0.012, 0.03, 0.9]
    assert all(
        abs(one - other) < 1e-12
        for one, other in zip(holm(chances), multipletests(chances, method="holm")[1], strict=True)
    )
    assert holm([]) == []


def test_the_tail_of_chi_square_agrees_with_scipy() -> None:
    for freedom in range(1, 12):
        for figure in (0.01, 1.0, 7.5, 30.0):
            assert abs(chi_square_tail(figure, freedom) - stats.chi2.sf(figure, freedom)) < 1e-12


def test_homogeneity_agrees_with_scipy() -> None:
    one, other = {"a": 40, "b": 60, "c": 30}, {"a": 90, "b": 160, "c": 40}
    found = homogeneity(one, other)
    told = stats.chi2_contingency([[40, 60, 30], [90, 160, 40]], correction=False)
    assert found is not None
    assert abs(found - told.pvalue) < 1e-12


def test_rare_codes_are_put_together() -> None:
    one = {"a": 50, "b": 50, "r1": 3, "r2": 3}
    other = {"a": 100, "b": 100, "r1": 5, "r2": 5}
    told = stats.chi2_contingency([[50, 50, 6], [100, 100, 10]], correction=False)
    assert abs((homogeneity(one, other) or 0) - told.pvalue) < 1e-12
    assert homogeneity({"a": 2}, {"a": 3}) is None
    assert homogeneity({}, {"a": 3}) is None


def uses(agent: str, **codes: int) -> list[Use]:
    return [Use(agent, code, code, Stage.DIAL, calls) for code, calls in codes.items()]


def test_an_agent_with_another_mix_is_told_and_the_team_is_not() -> None:
    team = [
        *uses("a", na=300, busy=100),
        *uses("b", na=310, busy=95),
        *uses("c", na=150, busy=250),
        *uses("d", na=2),
    ]
    assert [(one.agent, one.apart) for one in mixes([*team, *uses("e", na=600, busy=200)])][2:4] == [
        ("c", True),
        ("d", False),
    ]
    found = {one.agent: one for one in mixes(team, minimum=30)}
    assert found["d"].chance is None


def test_false_alarms_of_mixes() -> None:
    """Nobody differs: at most one look in twenty names somebody."""
    random = Random(9)  # noqa: S311  (repeatable, not secret)
    told = 0
    for _ in range(200):
        team = [use for n in range(8) for use in uses(str(n), **_mixed(random))]
        told += any(one.apart for one in mixes(team))
    assert told / 200 <= 0.08


def _mixed(random: Random) -> dict[str, int]:
    drawn = random.choices(("na", "busy", "am", "ni"), (50, 20, 20, 10), k=200)
    return {code: drawn.count(code) for code in ("na", "busy", "am", "ni")}
