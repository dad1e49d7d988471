"""Before and after a fix as a chart: what it says is what the figures say."""

from dataclasses import replace
from datetime import date

from engagements.stages import Stage
from kpis.bottleneck import Bottleneck, Candidate
from kpis.effect import Counted, Moved
from kpis.selectors.signals import WhatMoved
from kpis.signals.moved import Moved as Split
from kpis.signals.moved import Part
from kpis.telling.effect import Look, checked_text, effect_picture
from kpis.telling.moved import moved_sentences
from kpis.views.optimisation import Since, bottleneck_sentence

FIRST, LAST = date(2026, 4, 1), date(2026, 4, 9)


def test_nothing_to_look_at_makes_no_chart() -> None:
    assert effect_picture("Show rate", [], 0.7) is None
    assert (
        effect_picture("Show rate", [Look(FIRST, LAST, Counted(0, 0), Counted(1, 2), Moved.TOO_LITTLE)], 0.7)
        is None
    )


def test_the_sentence_gives_the_difference_its_interval_and_the_verdict() -> None:
    look = Look(FIRST, LAST, Counted(62, 135), Counted(93, 150), Moved.MOVED)
    picture = effect_picture("Show rate", [look], 0.7)
    assert picture
    assert picture.sentence == (
        "Show rate before the fix and from Wed 1 Apr to Thu 9 Apr, as it stands now: +16.1 points (95% interval "
        "+4.5 points to +27.1 points), it has moved so far; no verdict is recorded yet."
    )
    recorded = effect_picture("Show rate", [replace(look, recorded=LAST), look], 0.7)
    assert recorded
    assert recorded.sentence.endswith("it moved."), "beside a verdict, figures of now say what they say"
    assert picture.rows == [
        ["Before", "45.9% (62 of 135)", "37.7–54.3%", "70.0%"],
        ["1 Apr to 9 Apr, now", "62.0% (93 of 150)", "54.0–69.4%", "70.0%"],
    ]


def test_no_case_after_it_is_said_and_shown_as_no_data() -> None:
    picture = effect_picture(
        "Show rate", [Look(FIRST, LAST, Counted(62, 135), Counted(0, 0), Moved.TOO_LITTLE)], None
    )
    assert picture
    assert picture.sentence.endswith("no case since Wed 1 Apr.")
    assert picture.rows[1] == ["1 Apr to 9 Apr, now", "no data", "", "no data"]


def test_a_bottleneck_that_has_moved_is_told_as_what_it_was() -> None:
    first = Candidate("contact_rate", "Contact rate", 0.092, 0.11, 0.15, 0.11, 0.19, 0.97)
    found = Bottleneck((first,), (), "Closes", draws=1000, seed=1)
    verdict = Look(
        FIRST, LAST, Counted(100, 1_000), Counted(130, 1_128), Moved.MOVED, recorded=date(2026, 4, 10)
    )
    now = Look(FIRST, date(2026, 4, 20), Counted(100, 1_000), Counted(300, 2_000), Moved.MOVED)
    assert bottleneck_sentence(found).startswith("Contact rate holds the campaign back most: at its target")
    told = (
        "At the baseline (days 11–30) contact rate held the campaign back most: at its target the cost per close would "
        "have fallen by 15% (11% to 19%). Contact rate has moved since: 11.5% (130 of 1,128) from "
        "Wed 1 Apr to Thu 9 Apr, as recorded on Fri 10 Apr"
    )
    assert bottleneck_sentence(found, Since("Contact rate", verdict)) == f"{told}."
    assert bottleneck_sentence(found, Since("Contact rate", verdict, now)) == (
        f"{told}; 15.0% (300 of 2,000) from Wed 1 Apr to Mon 20 Apr, as it stands now."
    )


def test_a_verdict_and_what_is_now_are_told_apart() -> None:
    verdict = Look(FIRST, LAST, Counted(62, 135), Counted(93, 150), Moved.MOVED, recorded=date(2026, 4, 10))
    now = Look(FIRST, date(2026, 4, 20), Counted(62, 135), Counted(180, 300), Moved.MOVED)
    picture = effect_picture("Show rate", [verdict, now], None)
    assert picture
    assert [row[0] for row in picture.rows] == [
        "Before", "1 Apr to 9 Apr, recorded 10 Apr", "1 Apr to 20 Apr, now",
    ]  # fmt: skip
    alone = effect_picture("Show rate", [verdict], None)
    assert alone
    assert "from Wed 1 Apr to Thu 9 Apr, as recorded on Fri 10 Apr: +16.1 points" in alone.sentence


def test_a_frozen_verdict_is_told_in_a_line() -> None:
    on = date(2026, 10, 5)
    assert checked_text("moved", 0.039, on) == "moved, +3.9 points (Mon 5 Oct)"
    assert checked_text("not_moved", -0.004, on) == "not moved, −0.4 points (Mon 5 Oct)"
    assert checked_text("too_little", None, on) == "too little data to tell (Mon 5 Oct)"


def test_the_largest_part_on_each_side_is_named_where_parts_work_against_each_other() -> None:
    def told(before: float, after: float, *changes: float) -> str:
        labels = ("Show rate", "Contact rate", "Transfer-set rate", "Close rate")
        parts = tuple(
            Part(label.lower(), label, change) for label, change in zip(labels, changes, strict=False)
        )
        split = Split(before, after, parts, 0.5, 0.8)
        return moved_sentences(WhatMoved(Stage.CLOSE, split, (100, 10), (100, 11), 0))[1]

    assert told(100, 90, -16.0, -12.0, -12.0, 30.0) == (
        "Show rate saved most (−16.0 dials), 2 more parts −24.0 together; the close rate took back (+30.0 dials)."
    )
    assert told(100, 112, 16.0, 4.0, -8.0) == (
        "Show rate added most (+16.0 dials), the contact rate +4.0; the transfer-set rate saved (−8.0 dials)."
    )
    assert told(100, 80, -15.0, -5.0) == (
        "Most of it comes from the show rate: −15.0 dials, 75% of the change."
    )
