"""A colour that people chose can be read wherever it is used, or is not used there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.brand import (
    DARK_GROUND,
    LIGHT_GROUND,
    READABLE,
    Use,
    accent_of,
    contrast,
    parse_colour,
    sheet_called,
    sheet_name,
    stylesheet,
)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("typed", "colour"),
    [
        ("#0A5FB4", "#0a5fb4"), ("0a5fb4", "#0a5fb4"), (" #05b ", "#0055bb"), ("", None), ("blue", None),
        ("#0a5fb", None), ("#0a5fb4;", None), ("#0a5fb4ff", None), ("url(x)", None),
    ],
)  # fmt: skip
def test_a_colour_is_three_or_six_digits(typed: str, colour: str | None) -> None:
    assert parse_colour(typed) == colour


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ff0000", "#ffffff") == contrast("#ffffff", "#ff0000") == pytest.approx(4.0, abs=0.005)


@given(colours)
def test_whatever_is_chosen_what_is_used_can_be_read(colour: str) -> None:
    accent = accent_of(colour)
    assert contrast(accent.light.colour, LIGHT_GROUND) >= READABLE
    assert contrast(accent.dark.colour, DARK_GROUND) >= READABLE
    assert contrast("#ffffff", accent.light.colour) >= READABLE, "white is written on the filled button"
    assert contrast("#ffffff", accent.hover) >= READABLE


@pytest.mark.parametrize(
    ("colour", "light", "dark"),
    [
        ("#7a1fa2", Use.AS_IS, Use.LIGHTER),
        ("#e4002b", Use.DARKER, Use.LIGHTER),
        ("#003366", Use.AS_IS, Use.LIGHTER),
        ("#ffd500", Use.FAR, Use.AS_IS),
        ("#c0c0c0", Use.GREY, Use.GREY),
        ("#000000", Use.GREY, Use.GREY),
    ],
)
def test_each_ground_says_what_it_makes_of_a_colour(colour: str, light: Use, dark: Use) -> None:
    accent = accent_of(colour)
    assert (accent.light.use, accent.dark.use) == (light, dark)
    assert accent.light.own == (light not in (Use.GREY, Use.FAR))
    for tone in (accent.light, accent.dark):
        assert (
            "Tollgate’s own" in tone.sentence if not tone.own else "Text, links and buttons" in tone.sentence
        )


@given(colours)
def test_a_sheet_is_found_by_its_own_name_only(colour: str) -> None:
    name = sheet_name(colour)
    assert sheet_called(name) == stylesheet(colour)
    assert sheet_called(name[:-1] + ("0" if name[-1] != "0" else "1")) is None
    assert sheet_called(colour[1:]) is None


def test_no_name_brings_rules_of_its_own_into_a_sheet() -> None:
    assert sheet_called("000000}body{display:none-123456789012") is None
