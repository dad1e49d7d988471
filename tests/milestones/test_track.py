"""The 90-day track: where things lie, what they say, and that the drawing needs no script and no inline style."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from common.days import Calendar
from milestones import playbook
from milestones.track import BOXES, REACH, GateIn, PhaseIn, Size, TickIn, Track, draw, position

KICKOFF = date(2026, 3, 2)
AGREED = Calendar.contracted(KICKOFF)
DAY_33 = AGREED.date_of(33)
PLAYBOOK = playbook.load("calling-90-days")
PHASES = [PhaseIn(p.code, p.title, p.first_day, p.last_day) for p in PLAYBOOK.phases]


def track(size: Size = Size.HEAD, slip: int = 0, today: date = DAY_33, **change: Any) -> Track:
    calendar = AGREED.with_launch(AGREED.launch + timedelta(days=slip))
    given_: dict[str, Any] = {
        "phases": PHASES,
        "ticks": [
            TickIn(
                calendar.date_of(m.day), m.title, "Ana Reis", "done" if m.day < 30 else "open", f"/m/{m.code}"
            )
            for m in PLAYBOOK.milestones
        ],
        "gates": [
            GateIn(
                g.day, calendar.date_of(g.day), g.title, "passed" if g.day < 30 else "open", f"/g/{g.code}"
            )
            for g in PLAYBOOK.gates
        ],
        "agreed": AGREED,
        **change,
    }
    return draw(calendar, today=today, size=size, **given_)


@pytest.mark.parametrize("size", list(Size))
def test_phases_cover_the_track_without_holes(size: Size) -> None:
    bands = [band for band in track(size).bands if band.kind == "phase"]
    assert [band.label for band in bands] == ["Setup", "Launch and baseline", "Optimisation", "Steady state"]
    for left, right in pairwise(bands):
        assert float(left.x) + float(left.width) == pytest.approx(float(right.x), abs=0.2)
    assert float(bands[0].x) == BOXES[size].pad
    assert float(bands[-1].x) + float(bands[-1].width) == pytest.approx(
        BOXES[size].width - BOXES[size].pad, abs=0.2
    )


@given(st.integers(0, 120), st.integers(-30, 300), st.sampled_from(list(Size)))
def test_everything_lies_within_the_drawing(slip: int, day: int, size: Size) -> None:
    drawn = track(size, slip, AGREED.date_of(day))
    marks = (*drawn.ticks, *drawn.gates, *drawn.ghosts)
    assert all(0 <= float(mark.x) <= drawn.box.width for mark in marks)
    for band in drawn.bands:
        assert float(band.x) + float(band.width) <= drawn.box.width
        assert float(band.width) > 0


def test_ticks_stand_in_the_order_of_their_dates_and_name_owner_and_state() -> None:
    ticks = track().ticks
    assert [float(tick.x) for tick in ticks] == sorted(float(tick.x) for tick in ticks)
    assert ticks[0].label == (
        "Mon 2 Mar · day 1: Kickoff session held (Ana Reis), done; "
        "Teams introduced, communication rules agreed (Ana Reis), done"
    )


def test_what_takes_a_pointer_is_wide_where_there_is_room_and_never_lies_on_another() -> None:
    drawn = track()
    edges = [(float(tick.area), float(tick.area) + float(tick.reach)) for tick in drawn.ticks]
    for (_, left), (right, _) in pairwise(edges):
        assert left <= right + 0.011
    phone = 366 / 100  # the drawing on a screen of 390 pixels
    for tick, (left, right) in zip(drawn.ticks, edges, strict=True):
        others = [abs(float(other.x) - float(tick.x)) for other in drawn.ticks if other is not tick]
        assert min(others) < 2 * REACH or (right - left) * phone > 20
    assert drawn.box.gate_y - 4 - drawn.reach_top >= 24, "no diamond takes all of a tick"


def test_on_a_screen_places_are_percent_and_on_paper_units() -> None:
    assert all(0 <= float(mark.x) <= 100 for mark in (*track().ticks, *track().gates))
    assert float(track(Size.PAPER).gates[-1].x) > 900


def test_what_lies_behind_us_is_told_and_ends_with_the_last_phase() -> None:
    assert track(today=KICKOFF - timedelta(days=1)).elapsed == "0"
    assert float(track(today=KICKOFF).elapsed) == pytest.approx(100 / 90, abs=0.01)
    assert track(today=AGREED.date_of(200)).elapsed == "100"


def test_a_tip_names_the_day_and_each_milestone_with_its_owner_on_a_line() -> None:
    assert track().ticks[0].tip.splitlines() == [
        "Mon 2 Mar · day 1",
        "Kickoff session held (Ana Reis), done",
        "Teams introduced, communication rules agreed (Ana Reis), done",
    ]
    assert track().gates[0].tip.splitlines()[1] == "passed, Wed 11 Mar"


def test_a_ghost_leads_to_the_gate_as_it_is_now() -> None:
    slipped = track(slip=3)
    assert [ghost.to for ghost in slipped.ghosts] == [gate.x for gate in slipped.gates]
    assert slipped.height > track().height


def test_the_word_of_each_gate_stands_beside_it() -> None:
    html = render_to_string("ui/track.html", {"track": track()})
    assert 'Day 10 <tspan class="tg-when-state">passed</tspan>' in html
    assert 'Day 30 <tspan class="tg-when-state">not yet</tspan>' in html


def test_the_worst_state_of_a_day_is_the_one_that_shows() -> None:
    on = AGREED.date_of(5)
    (tick,) = track(
        ticks=[
            TickIn(on, "A", "Ana", "done", "/a"),
            TickIn(on, "B", "", "late", "/b"),
            TickIn(on, "C", "", "open", "/c"),
        ]
    ).ticks
    assert (tick.state, tick.url) == ("late", "/b")
    assert "B (no owner), late" in tick.label


def test_contracted_dates_are_a_ghost_only_where_they_differ() -> None:
    assert not track().slipped
    assert not [band for band in track().bands if band.kind == "ghost"]
    slipped = track(slip=3)
    assert slipped.slipped
    assert len([band for band in slipped.bands if band.kind == "ghost"]) == 4
    assert slipped.ghosts[1].label == "Gate day 30 as contracted: Tue 31 Mar"


def test_days_between_day_10_and_a_late_launch_are_drawn_as_held() -> None:
    (held,) = [band for band in track(slip=3).bands if band.kind == "held"]
    assert held.label == "Launch 3 days late"
    (on_paper,) = [band for band in track(Size.PAPER, slip=3).bands if band.kind == "held"]
    assert on_paper.hatch.startswith("M")


def test_calibration_days_are_hatched() -> None:
    drawn = track()
    (calibration,) = [band for band in drawn.bands if band.kind == "calibration"]
    launch = next(band for band in drawn.bands if band.code == "launch")
    assert (calibration.x, calibration.width) == (launch.x, launch.width)
    assert calibration.label == "Calibration, not final"


def test_today_is_a_line_only_within_the_90_days() -> None:
    assert track().today_x
    assert not track(today=KICKOFF - timedelta(days=1)).today_x
    assert not track(today=AGREED.date_of(91)).today_x


@pytest.mark.parametrize(
    ("slip", "today", "words"),
    [
        (0, AGREED.date_of(-3), "Kickoff in 4 days"),
        (0, AGREED.date_of(0), "Kickoff tomorrow"),
        (0, KICKOFF, "Day 1 of 90, Setup"),
        (3, AGREED.date_of(12), "Day 10 of 90, Setup, launch 2 days late"),
        (3, AGREED.date_of(36), "Day 33 of 90, Optimisation"),
        (0, AGREED.date_of(95), "Day 95, after the first 90 days"),
    ],
)
def test_where_the_engagement_stands(slip: int, today: date, words: str) -> None:
    assert position(AGREED.with_launch(AGREED.launch + timedelta(days=slip)), PHASES, today) == words


def test_the_sentence_says_what_the_drawing_shows() -> None:
    assert track(slip=1, today=AGREED.date_of(34)).sentence == (
        "Day 33 of 90, Optimisation. Launch Fri 13 Mar, 1 day later than contracted. "
        "Gates: day 10 passed (Wed 11 Mar), day 30 not passed yet (Wed 1 Apr), day 60 not passed yet (Fri 1 May) "
        "and day 90 not passed yet (Sun 31 May)."
    )


@pytest.mark.parametrize(
    ("template", "size"), [("track", Size.ROW), ("track", Size.HEAD), ("track_paper", Size.PAPER)]
)
def test_the_drawing_has_no_inline_style_script_or_id(template: str, size: Size) -> None:
    html = render_to_string(f"ui/{template}.html", {"track": track(size, slip=3)})
    assert not re.search(r"\s(style|id|on\w+)=|<style|<script|url\(", html)
    assert track(size, slip=3).sentence in html


def test_in_the_head_every_tick_and_gate_is_a_named_link() -> None:
    html = render_to_string("ui/track.html", {"track": track()})
    links = re.findall(r'<a href="(/[mg]/[\w-]+)" class="[^"]+" aria-label="([^"]+)"', html)
    assert len(links) == len(track().ticks) + 4
    assert all("Ana Reis" in label for url, label in links if url.startswith("/m/"))


def test_a_row_is_one_picture_without_links() -> None:
    html = render_to_string("ui/track.html", {"track": track(Size.ROW)})
    assert "<a " not in html
    assert 'role="img"' in html


def test_the_key_names_only_signs_that_are_drawn() -> None:
    def key(**change: Any) -> list[str]:
        html = render_to_string("ui/track.html", {"track": track(**change)})
        found = re.search(r'<ul class="tg-track-key".*</ul>', html, re.DOTALL)
        assert found
        return re.findall(r"</svg>([^<]+)</li>", found[0])

    assert key() == ["done", "open", "calibration", "today"]
    late = [TickIn(AGREED.date_of(5), "A", "Ana", "late", "/a")]
    assert key(ticks=late, slip=3) == [
        "late",
        "calibration",
        "launch 3 days late",
        "as contracted",
        "today",
    ]
