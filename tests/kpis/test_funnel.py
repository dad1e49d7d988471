"""The funnel without a database: what is counted, what stays out, and what a rate says against its target."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from scipy.stats import binomtest

from common.days import Calendar
from common.hashing import canonical_json
from engagements.stages import Stage
from kpis.funnel import Calibration, DayCounts, Funnel, Metric, Verdict, judge, wilson
from kpis.funnel_build import build
from kpis.funnel_json import from_json, to_json
from kpis.numbers_page import as_it_stands, verdict_note

LAUNCH = date(2026, 3, 12)
CALENDAR = Calendar(date(2026, 3, 2), LAUNCH)
CONTACT = Metric("contact_rate", "Contact rate", "Contacts", "Dials", Decimal("0.1200"))
QUALIFICATION = Metric("qualification_rate", "Qualification rate", "Qualified", "Contacts", Decimal("0.3000"))
SHOW = Metric("show_rate", "Show rate", "Shows", "Transfers", Decimal("0.6500"))
CLOSE = Metric("close_rate", "Close rate", "Closes", "Shows")


def day(offset: int, *counts: int | None, source: str = "Web form") -> DayCounts:
    return DayCounts(LAUNCH + timedelta(days=offset), source, counts)


def numbers(*rows: DayCounts, metrics: tuple[Metric, ...] = (CONTACT, QUALIFICATION, SHOW, CLOSE)) -> Funnel:
    return build(rows, metrics, first=LAUNCH, last=CALENDAR.date_of(30), calendar=CALENDAR, brief_version=2)


@pytest.mark.parametrize(
    ("successes", "trials"), [(0, 1), (1, 1), (0, 40), (40, 40), (3, 30), (245, 2500), (5289, 124956)]
)
def test_the_interval_is_scipys(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (2, 1), (-1, 5)])
def test_an_interval_of_what_is_no_proportion_is_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(successes, trials)


@pytest.mark.parametrize(
    ("numerator", "denominator", "verdict"),
    [
        (None, 100, Verdict.NO_DATA),
        (0, 0, Verdict.NO_DATA),
        (0, None, Verdict.NO_DATA),
        (3, 29, Verdict.TOO_FEW),
        (0, 30, Verdict.MISSED),
        (12, 100, Verdict.MET),
        (11, 100, Verdict.MISSED),
        (13, 100, Verdict.MET),
    ],
)
def test_a_rate_is_judged_exactly_and_only_from_its_minimum_sample(
    numerator: int | None, denominator: int | None, verdict: Verdict
) -> None:
    assert judge(numerator, denominator, CONTACT) is verdict


def test_at_most_is_judged_the_other_way_round_and_without_target_nothing_is() -> None:
    at_most = replace(CONTACT, direction="down")
    assert judge(12, 100, at_most) is Verdict.MET
    assert judge(13, 100, at_most) is Verdict.MISSED
    assert judge(13, 100, CLOSE) is Verdict.NO_TARGET


def test_a_missing_stage_is_never_zero() -> None:
    funnel = numbers(day(0, 100, None, None, None, None, 4))
    assert [count.value for count in funnel.counts] == [100, None, None, None, None, 4]
    assert {rate.verdict for rate in funnel.stages} == {Verdict.NO_DATA}
    contact = funnel.stages[0]
    assert (contact.numerator, contact.denominator, contact.value, contact.low) == (None, None, None, None)
    assert (contact.left_out, contact.left_out_days) == (100, 1)


def test_a_rate_counts_only_days_that_know_both_sides_and_says_what_that_leaves_out() -> None:
    funnel = numbers(
        day(0, 1000, 120, 40, 20, 10, 2),
        day(1, 500, None, None, None, None, 1),
        day(1, 300, 30, 9, 6, 3, 1, source="Referral"),
    )
    contact = funnel.stages[0]
    assert (contact.numerator, contact.denominator) == (150, 1300)
    assert (contact.left_out, contact.left_out_days) == (500, 1)
    assert funnel.dials == 1800
    contacts = funnel.counts[Stage.CONTACT]
    assert (contacts.value, contacts.days_known, contacts.days_unknown) == (150, 1, 1)


def test_zero_contacts_of_known_dials_is_zero_and_no_rate_is_taken_of_zero() -> None:
    funnel = numbers(day(0, 200, 0, 0, 0, 0, 0))
    assert funnel.stages[0].value == 0.0
    assert funnel.stages[0].verdict is Verdict.MISSED
    assert funnel.stages[1].value is None
    assert funnel.stages[1].verdict is Verdict.NO_DATA


def test_counts_that_contradict_each_other_are_no_rate() -> None:
    assert numbers(day(0, 10, 20, 5, 5, 5, 5)).stages[0].verdict is Verdict.NO_DATA


def test_the_weakest_is_furthest_from_its_target_relative_to_it() -> None:
    # contact 10% of 12% is short by a sixth, show 40% of 65% by two fifths; qualification meets its target
    funnel = numbers(day(0, 1000, 100, 50, 50, 20, 1))
    assert [rate.key for rate in funnel.missed] == ["contact_rate", "show_rate"]
    assert funnel.weakest is not None
    assert funnel.weakest.key == "show_rate"
    assert [rate.key for rate in funnel.stages if rate.weakest] == ["show_rate"]
    assert numbers(day(0, 1000, 200, 100, 50, 40, 1)).weakest is None


def test_what_cannot_be_judged_is_named() -> None:
    funnel = numbers(day(0, 1000, 200, 100, 20, 1, None))
    assert [(rate.key, rate.verdict) for rate in funnel.unjudged] == [("show_rate", Verdict.TOO_FEW)]


def test_a_miss_within_its_interval_is_told_apart() -> None:
    few, many = (numbers(day(0, n * 100, n * 11, 0, 0, 0, 0)).stages[0] for n in (1, 100))
    assert few.verdict is many.verdict is Verdict.MISSED
    assert few.interval_holds_target
    assert not many.interval_holds_target
    assert (verdict_note(few), verdict_note(many)) == ("below target, may be chance", "below target")


def test_by_source_most_dials_first_and_unnamed_ones_kept() -> None:
    funnel = numbers(
        day(0, 10, 1, 0, 0, 0, 0, source=""), day(0, 500, 60, 0, 0, 0, 0), day(3, 500, 60, 0, 0, 0, 0)
    )
    assert [(one.source, one.counts[0].value) for one in funnel.by_source] == [("Web form", 1000), ("", 10)]
    assert funnel.by_source[1].stages[0].verdict is Verdict.TOO_FEW


def test_every_date_of_the_period_is_there_and_one_without_rows_has_no_numbers() -> None:
    funnel = numbers(day(1, 100, 10, 3, 2, 1, 0))
    assert len(funnel.by_day) == funnel.days == 20
    empty, full = funnel.by_day[0], funnel.by_day[1]
    assert (empty.number, empty.has_data, empty.counts) == (11, False, (None,) * 6)
    assert empty.rates[0].value is None
    assert (full.number, full.rates[0].value) == (12, 0.1)
    assert funnel.days_with_data == 1


def test_rows_outside_of_the_period_are_not_counted() -> None:
    assert numbers(day(-1, 100, 10, 3, 2, 1, 0), day(20, 100, 10, 3, 2, 1, 0)).dials is None


@pytest.mark.parametrize(
    ("first", "last", "mark"),
    [
        (11, 30, Calibration.ALL),
        (29, 30, Calibration.ALL),
        (30, 31, Calibration.PART),
        (11, 60, Calibration.PART),
        (5, 60, Calibration.PART),
        (31, 60, Calibration.NONE),
    ],
)
def test_the_calibration_mark_says_how_much_of_the_period_is_not_final(
    first: int, last: int, mark: Calibration
) -> None:
    funnel = build(
        (),
        (),
        first=CALENDAR.date_of(first),
        last=CALENDAR.date_of(last),
        calendar=CALENDAR,
        brief_version=None,
    )
    assert funnel.calibration is mark


def test_a_funnel_survives_json_as_it_is() -> None:
    funnel = numbers(
        day(0, 1000, 100, 50, 50, 20, None), day(1, 500, None, None, None, None, 1, source="Referral")
    )
    frozen = to_json(funnel)
    assert from_json(frozen) == funnel
    assert canonical_json(to_json(from_json(frozen))) == canonical_json(frozen)


def test_a_metric_that_calls_cannot_tell_has_no_data() -> None:
    funnel = numbers(
        day(0, 100, 10, 3, 2, 1, 0), metrics=(Metric("qa_score", "QA score", "Points", "Calls", Decimal(1)),)
    )
    assert funnel.stages[0].verdict is Verdict.NO_DATA


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            (1000, 90, 18, 40, 39, 1),
            "(20.0% against at least 30%) and contact rate is below target (9.0% against at ",
        ),
        ((1000, 200, 80, 80, 70, 1), "As it stands: no metric is below target."),
        (
            (1000, 200, 80, 10, 1, 1),
            "too little data to judge show rate; none of the others is below target.",
        ),
        ((1000, 90, 80, 10, 1, 1), "(9.0% against at least 12%); too little data to judge show rate."),
        (
            (1, 1, 1, 1, 1, 1),
            "As it stands: too little data to judge contact rate, qualification rate and show rate.",
        ),
    ],
)
def test_how_the_figures_of_a_gate_stand_before_they_are_judged(counts: tuple[int, ...], said: str) -> None:
    assert said in as_it_stands(numbers(day(0, *counts)))


def test_where_there_are_no_figures_nothing_stands() -> None:
    assert as_it_stands(None) == as_it_stands(numbers()) == ""
    assert as_it_stands(numbers(day(0, 100, 1, 1, 1, 1, 1), metrics=(CLOSE,))) == ""
