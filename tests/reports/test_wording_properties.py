"""Whatever the numbers are, the sentences agree with them: one call, two calls; one metric misses, two miss."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from common.wording import cut_short, joined, plural, shift_text
from reports import sentences as say
from reports.plan_parts import findings_table
from reports.snapshots import Finding, Slip, Verdict
from tests.reports import samples

COUNT = st.integers(min_value=0, max_value=10**7)
WORD = st.text("abcdefgh", min_size=1, max_size=8)
STAGE = st.sampled_from(
    [samples.stage("contact_rate", 150, 1000), samples.stage("show_rate", 50, 100),
     samples.stage("close_rate", 2, 9), samples.stage("transfer_set_rate", None, None)]
)  # fmt: skip


@given(COUNT, WORD)
def test_a_noun_agrees_with_its_number(number: int, noun: str) -> None:
    said = plural(number, noun)
    figure, _, rest = said.partition(" ")
    assert int(figure.replace(",", "")) == number
    assert rest == (noun if number == 1 else f"{noun}s")
    assert plural(number, noun, "others") in (f"1 {noun}", f"{number:,} others")


def test_a_part_of_a_whole_is_said_in_words_or_in_figures() -> None:
    assert say.out_of(5, 6) == "Five of six"
    assert say.out_of(9, 12) == "9 of 12"


@given(st.integers(min_value=-400, max_value=400).filter(bool))
def test_a_shift_says_days_and_direction(days: int) -> None:
    said = shift_text(days)
    assert said.endswith("later" if days > 0 else "earlier")
    assert (" day " in said) == (abs(days) == 1)


@given(st.lists(WORD, min_size=1, max_size=6))
def test_names_are_joined_as_a_sentence_joins_them(names: list[str]) -> None:
    said = joined(names)
    assert said.count(" and ") == (len(names) > 1)
    assert said.count(", ") == max(0, len(names) - 2)


@given(st.text(min_size=0, max_size=400), st.integers(min_value=20, max_value=300))
def test_what_is_cut_short_fits(text: str, longest: int) -> None:
    assert len(cut_short(text, longest)) <= longest


@given(st.lists(STAGE, max_size=6))
def test_verdicts_agree_with_how_many_there_are(stages: list) -> None:
    said = say.against_targets(stages)
    missed = len(say.of_verdict(stages, Verdict.MISSED))
    judged = missed + len(say.of_verdict(stages, Verdict.MET))
    assert said.endswith(".")
    assert ("misses its target" in said) == (missed == 1)
    assert ("miss their targets" in said) == (missed > 1)
    assert ("meets its target" in said) == (judged == 1 and not missed)
    for noun in ("close rate", "transfer-set rate"):
        unknown = say.unknown_clause(stages)
        assert f"{noun} have no" not in unknown or " and " in unknown or "," in unknown
    assert "  " not in say.on_numbers(stages)
    assert ".." not in say.on_numbers(stages)


@given(st.lists(st.integers(min_value=1, max_value=9), max_size=5))
def test_slips_are_added_up_and_agree(days: list[int]) -> None:
    said = say.slips_line([Slip(each, "The access came late.", "client") for each in days])
    if not days:
        assert said == "The launch date has not moved."
        return
    total = sum(days)
    assert f"moved by {total} day{'' if total == 1 else 's'}:" in said
    assert ".." not in said


@given(st.integers(min_value=0, max_value=6), st.integers(min_value=0, max_value=6))
def test_findings_agree_with_how_many_are_answered(answered: int, still: int) -> None:
    whole = Finding("Show rate", cause="Busy", side="client", fix="Add one", owner="T", due=samples.KICKOFF)
    findings = [whole] * answered + [replace(whole, fix="")] * still
    said = say.findings_answered(findings)
    if still:
        assert f"{still} finding{'' if still == 1 else 's'} still lack{'s' if still == 1 else ''}" in said
    elif answered > 1:
        assert re.match(r"(Both|All \w+) findings have", said)
    assert len(findings_table(findings, "").rows) == len(findings)
