"""Sentences agree in number, say what is unknown, and never guess."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from common.wording import points_text
from reports import sentences as say
from reports.changes import change
from reports.day_60 import fixes_line
from reports.funnel_parts import stage_figures, verdict_cell
from reports.next_parts import bottleneck_sentence
from reports.snapshots import Finding, Kind, Slip, Stage, Verdict
from tests.reports import samples

MET = samples.stage("contact_rate", 150, 1000)
MISSED = samples.stage("show_rate", 50, 100)
FEW = samples.stage("close_rate", 2, 9)
EMPTY = samples.stage("transfer_set_rate", None, None)


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([], "No metric has enough data to be judged against its target."),
        ([FEW, EMPTY], "No metric has enough data to be judged against its target."),
        ([MET, FEW], "Contact rate meets its target; no other metric could be judged."),
        ([MET], "Contact rate meets its target."),
        ([MET, MET], "Both metrics meet their targets."),
        ([MET, MET, FEW], "The two metrics that could be judged meet their targets."),
        ([MISSED, FEW], "The one judged metric misses its target: show rate 50.0% against at least 65%."),
        (
            [MET, MISSED],
            "One of two judged metrics misses its target: show rate 50.0% against at least 65%.",
        ),
        (
            [MISSED, MISSED],
            "Two of two judged metrics miss their targets: show rate 50.0% against at least 65%; "
            "show rate 50.0% against at least 65%.",
        ),
    ],
)
def test_against_targets(stages: list[Stage], expected: str) -> None:
    assert say.against_targets(stages) == expected


def test_a_target_that_is_a_ceiling_is_worded_as_one() -> None:
    stage = replace(MISSED, direction="down", label="Abandoned rate")
    assert say.against_targets([stage, MET]).endswith("abandoned rate 50.0% against at most 65%.")


def test_what_is_unknown_is_named() -> None:
    assert say.unknown_clause([MET, MISSED]) == ""
    assert say.unknown_clause([FEW]) == "Close rate has too few cases to judge."
    assert say.unknown_clause([FEW, FEW, EMPTY]) == (
        "Close rate and close rate have too few cases to judge; transfer-set rate has no data."
    )


def finding(**changes: object) -> Finding:
    whole = Finding(
        "Show rate",
        cause="Closers are busy",
        side="client",
        fix="Add a closer",
        owner="T",
        due=date(2026, 4, 1),
    )
    return replace(whole, **changes)


def test_findings() -> None:
    assert say.findings_answered([]) == "There is no finding."
    assert say.findings_answered([finding()]) == "It has a root cause and a fix that is done or dated."
    assert (
        say.findings_answered([finding()] * 3)
        == "All three findings have a root cause and a fix that is done or dated."
    )
    one = say.findings_answered([finding(), finding(due=None)])
    assert one == "1 finding still lacks a root cause or a dated fix: show rate."
    late = say.findings_answered([finding(state="late")])
    assert late == (
        "It has a root cause and a fix that is done or dated. Past its date and not done: the fix for show rate."
    )
    two = say.findings_answered([finding(cause=""), finding(owner="")])
    assert two == "2 findings still lack a root cause or a dated fix: show rate and show rate."


def test_fixes() -> None:
    assert fixes_line(()) == "There was no finding, so no fix was due."
    done = finding(done=date(2026, 4, 1))
    assert fixes_line((done,)) == "The one fix is done."
    assert fixes_line((done, done)) == "Both fixes are done."
    assert fixes_line((done, finding())) == "One of 2 fixes is done; one is not."
    assert fixes_line((finding(), finding())) == "None of 2 fixes is done."
    assert fixes_line((finding(),)) == "The one fix is not done."


def test_slips() -> None:
    assert say.slips_line([]) == "The launch date has not moved."
    one = Slip(1, "CRM access came late.", "client")
    assert say.slips_line([one]) == "The launch date moved by 1 day: CRM access came late (client)."
    two = say.slips_line([one, Slip(2, "Line 2 failed", "operator")])
    assert (
        two == "The launch date moved by 3 days: CRM access came late (client) and Line 2 failed (operator)."
    )


def test_rates_and_dates_say_when_they_are_missing() -> None:
    assert say.rate(EMPTY) == "no data"
    assert say.rate(MET) == "15.0% (150 of 1,000)"
    assert say.goal(replace(MET, target=None)) == "no target"
    assert say.day_text(None) == "no date"
    assert say.day_text(date(2026, 3, 12)) == "Thu 12 Mar 2026"
    assert points_text(None) == "no data"
    assert points_text(-0.004) == "−0.4 points"


def test_a_moment_is_told_in_the_zone_of_the_engagement() -> None:
    at = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)
    assert say.moment(at, "America/Chicago") == "11 Mar 2026, 21:30"
    assert say.moment(None, "America/Chicago") == "not yet"


def test_change_is_moved_only_when_its_interval_leaves_out_zero() -> None:
    before, after = samples.stage("contact_rate", 100, 1000), samples.stage("contact_rate", 160, 1000)
    assert change(before, after).verdict == "moved up"
    assert change(after, before).verdict == "moved down"
    assert change(before, samples.stage("contact_rate", 101, 1000)).verdict == "not moved"
    assert change(before, FEW).verdict == "too little data"
    assert change(before, EMPTY).verdict == "too little data"


def test_newcombe_matches_the_published_example() -> None:
    """Newcombe 1998, table II, example (a): 56/70 against 48/80 is 0.2000, 0.0524 to 0.3339."""
    first, second = samples.stage("contact_rate", 48, 80), samples.stage("contact_rate", 56, 70)
    found = change(first, second)
    assert found.points == pytest.approx(0.2, abs=1e-6)
    assert found.low == pytest.approx(0.0524, abs=1e-4)
    assert found.high == pytest.approx(0.3339, abs=1e-4)


def test_moved_line_carries_both_counts() -> None:
    line = say.moved_line(samples.stage("contact_rate", 100, 1000), samples.stage("contact_rate", 160, 1000))
    assert line.startswith(
        "Contact rate: 10.0% (100 of 1,000) at the baseline, 16.0% (160 of 1,000) now, a change of +6.0 points"
    )
    assert line.endswith("moved up.")


def test_joining_and_spelling() -> None:
    assert [say.spelled(number) for number in (0, 1, 9, 10, 1200)] == ["no", "one", "nine", "10", "1,200"]
    assert say.lower_first("QA lead") == "QA lead"
    assert say.lower_first("Show rate") == "show rate"
    assert Verdict.MISSED == "missed"


def test_the_bottleneck_is_worked_on_until_day_60_and_was_worked_on_after_it() -> None:
    ahead = samples.day_45()
    assert bottleneck_sentence(ahead).startswith(
        "Days 31 to 60 work on contact rate, the bottleneck that the baseline names: at its target the cost "
        "per outcome would fall by 7%"
    )
    over = replace(ahead, kind=Kind.DAY_60)
    assert bottleneck_sentence(over).startswith(
        "Days 31 to 60 worked on contact rate, the bottleneck that the baseline named"
    )
    assert "would have fallen by 7%" in bottleneck_sentence(over)
    assert ahead.bottleneck is not None
    other = replace(
        over, bottleneck=replace(ahead.bottleneck, computed="Show rate", reason="Shows wait for closers.")
    )
    assert "worked on contact rate. The baseline named show rate: " in bottleneck_sentence(other)
    assert bottleneck_sentence(other).endswith("Chosen by hand: Shows wait for closers.")


def test_a_miss_whose_interval_holds_the_target_may_be_chance() -> None:
    missed = Stage(
        "show_rate",
        "Show rate",
        "Shows",
        "Appointments",
        50,
        80,
        0.625,
        0.51,
        0.728,
        0.7,
        verdict=Verdict.MISSED,
    )
    assert verdict_cell(missed).text == "below target, may be chance"
    assert stage_figures([missed])[0].state_text == "below target, may be chance"
    assert verdict_cell(replace(missed, high=0.69)).text == "below target"
    assert verdict_cell(replace(missed, verdict=Verdict.MET)).text == "on target"
