"""Where a rule was read, as its page names it."""

import pytest

from kpis.windows.rules import shipped
from kpis.windows.sources import source_text


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("47 CFR 64.1200(c)(1), (e), (f)(15)", "47 CFR 64.1200(c)(1), (e), (f)(15)"),
        (
            "VICIdial presets (2024) against a research note of May 2026",
            "Presets of the dialer VICIdial (2024); otherwise in a summary of state rules, May 2026",
        ),
        (
            "dropcowboy.com state table (columns look shifted)",
            "DropCowboy’s table of states, unclear for this one",
        ),
    ],
)
def test_a_source_is_named_as_readers_know_it(raw: str, told: str) -> None:
    assert source_text(raw) == told


def test_no_note_of_ours_reaches_a_page() -> None:
    told = " ".join(rule.source_text for rule in shipped())
    assert not [word for word in ("research note", "columns look shifted", " against ") if word in told]
