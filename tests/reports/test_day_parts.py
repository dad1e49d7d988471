"""Hours of the week and days within their limits on paper: the same charts as on the pages, and what they say."""

from dataclasses import replace

from kpis.signals.limits import Signal
from reports import day_parts
from reports.paper import Block, Chart, Text
from reports.render import compose, paper_html
from reports.snapshots import HourCount, HourRate, Snapshot, digest, freeze, thaw
from tests.reports import samples


def chart_of(blocks: tuple[Block, ...]) -> Chart:
    return next(block for block in blocks if isinstance(block, Chart))


def words_of(blocks: tuple[Block, ...]) -> str:
    return " ".join(line for block in blocks if isinstance(block, Text) for line in block.paragraphs)


def hours(*counts: tuple[int, int, int, int]) -> HourRate:
    return HourRate("contact_rate", "Contact rate", 30, tuple(HourCount(*count) for count in counts))


def section(snapshot: Snapshot, title: str) -> tuple[Block, ...]:
    return next(part.blocks for part in compose(snapshot).sections if part.title.startswith(title))


def test_day_60_shows_its_hours_with_what_they_say() -> None:
    blocks = section(samples.day_60(), "Hours and weekdays")
    drawn = chart_of(blocks)
    assert [layer["mark"]["type"] for layer in drawn.spec["layer"]] == ["rect", "text"]
    assert "on Tuesdays at" in drawn.alt
    assert "“few”" in drawn.sentence
    assert "some of what lies between them is chance" in words_of(blocks)


def test_hours_that_overlap_show_no_difference() -> None:
    blocks = day_parts.hours_blocks(hours((1, 9, 12, 100), (2, 9, 15, 100)))
    assert "not shown" in words_of(blocks)
    assert "(7.0–19.8% and 9.3–23.3%)" in words_of(blocks)  # Wilson intervals of 12 and 15 of 100
    assert "1 hour" not in words_of(blocks)


def test_hours_without_enough_calls_are_no_picture() -> None:
    assert "no call of the period has a time" in words_of(day_parts.hours_blocks(hours()))
    few = day_parts.hours_blocks(hours((1, 9, 1, 5)))
    assert not any(isinstance(block, Chart) for block in few)
    assert "no hour has enough cases" in words_of(few)
    assert "none to compare it with" in words_of(day_parts.hours_blocks(hours((1, 9, 9, 50), (2, 9, 1, 5))))


def test_days_are_drawn_within_their_limits_and_a_signal_is_told() -> None:
    told = samples.day_60()
    flagged = [day for day in (told.limits or ())[0].days if day.signal == Signal.ABOVE]
    assert [day.day for day in flagged] == [55]
    blocks = day_parts.day_blocks(told, "contact_rate")
    drawn = chart_of(blocks)
    assert "1 signal on" in drawn.sentence
    assert "day 55 was above its limits" in words_of(blocks)
    assert words_of(blocks) in drawn.alt
    assert any(layer["mark"]["type"] == "area" for layer in drawn.spec["layer"])
    html = paper_html(told)
    assert "with its control limits" in html
    assert "Laney" in html
    assert "with its control limits" in paper_html(samples.day_90())


def test_days_that_nothing_judges_are_drawn_as_before() -> None:
    told = replace(samples.day_60(), limits=None, by_hour=None)
    drawn = chart_of(day_parts.day_blocks(told, "contact_rate"))
    assert "lowest" in drawn.sentence
    assert day_parts.notes(told) == ()
    assert "Hours and weekdays" not in paper_html(told)


def test_days_without_a_signal_say_what_is_usual() -> None:
    told = samples.day_60()
    calm = [replace(day, signal=Signal.WITHIN) if day.low else day for day in (told.limits or ())[0].days]
    blocks = day_parts.day_blocks(replace(told, limits=(replace((told.limits or ())[0], days=tuple(calm)),)))
    assert "no signal on" in chart_of(blocks).sentence
    assert "stayed within what is usual" in words_of(blocks)


def test_reports_of_before_keep_the_hash_under_which_they_were_signed() -> None:
    before = replace(samples.day_60(), limits=None, by_hour=None)
    assert not {"limits", "by_hour"} & set(freeze(before))
    now = samples.day_60()
    assert thaw(freeze(now)) == now
    assert digest(now) != digest(before)
