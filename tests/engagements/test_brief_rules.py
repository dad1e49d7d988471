"""What may be done with a brief, without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.roles import ParticipantRole, Side
from common.hashing import content_hash
from engagements.rules import (
    BriefContent,
    SigningFacts,
    brief_gaps,
    differences,
    side_blockers,
    signing_blockers,
)
from engagements.terms import STANDARD_METRICS, TERMS
from engagements.terms.metrics import parse_percent
from tests.briefs import whole_brief

WHOLE = whole_brief()
CONTACT = WHOLE.metrics[0]
FACTS = SigningFacts(
    version=2, content=WHOLE, current="abc", seen="abc", side=Side.CLIENT, signed_by=(), superseded=False
)


def test_a_whole_brief_has_no_gaps() -> None:
    assert brief_gaps(WHOLE) == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_every_term_has_to_be_written(term: object) -> None:
    for nothing in (None, "  ", term.empty):
        gaps = brief_gaps(BriefContent({**WHOLE.terms, term.key: nothing}, WHOLE.metrics))
        assert len(gaps) == 1
        assert gaps[0].startswith(f"“{term.label}” ")


def test_a_brief_without_any_target_cannot_be_signed() -> None:
    assert brief_gaps(BriefContent(WHOLE.terms, STANDARD_METRICS)) == [
        "No metric has a target yet, so nothing would say what the campaign should reach."
    ]


def test_a_whole_brief_that_was_read_can_be_signed() -> None:
    assert signing_blockers(FACTS) == []
    assert signing_blockers(replace(FACTS, signed_by=(Side.OPERATOR,))) == []


def test_a_stale_page_cannot_sign() -> None:
    [reason] = signing_blockers(replace(FACTS, seen="old"))
    assert "changed after this page was loaded" in reason


def test_a_side_signs_once() -> None:
    assert signing_blockers(replace(FACTS, signed_by=(Side.CLIENT,))) == [
        "The client has signed version 2 already."
    ]


def test_a_replaced_version_cannot_be_signed() -> None:
    [reason] = signing_blockers(replace(FACTS, superseded=True))
    assert "replaced by a newer one" in reason


def test_differences_name_the_term_and_the_metric() -> None:
    after = BriefContent(
        {**WHOLE.terms, "geography": "Texas"},
        [replace(CONTACT, target=Decimal("0.1")), *STANDARD_METRICS[1:]],
    )
    geography, metrics = differences(WHOLE, after)
    assert (geography.label, geography.before, geography.after) == ("Geography", "About Geography", "Texas")
    [contact] = metrics.rows
    assert (contact.how, contact.head) == ("changed", "Contact rate")
    [(head, pieces)] = contact.cells
    assert head == "Target"
    assert [(piece.how, piece.text) for piece in pieces] == [
        ("same", "at least "),
        ("gone", "12%"),
        ("new", "10%"),
    ]


def test_equal_content_has_no_differences_and_one_hash() -> None:
    same = BriefContent(
        dict(reversed(WHOLE.terms.items())), [replace(CONTACT, target=Decimal("0.1200")), *WHOLE.metrics[1:]]
    )
    assert differences(WHOLE, same) == []
    assert content_hash(WHOLE.as_data()) == content_hash(same.as_data())


@pytest.mark.parametrize(
    ("text", "share"),
    [("12", "0.12"), ("12.5%", "0.125"), (" 100 % ", "1"), ("0.5", "0.005"), ("", None), ("  ", None)],
)
def test_a_percentage_is_read_as_a_fraction(text: str, share: str | None) -> None:
    assert parse_percent(text) == (None if share is None else Decimal(share))


@pytest.mark.parametrize("text", ["twelve", "101", "-1", "1e2", "١٢", "1_0", "nan", "12.5.1", "12.345"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"percentage|above 100"):
        parse_percent(text)


@pytest.mark.parametrize("text", ["0", "0.00%", "0.0"])
def test_a_target_of_nothing_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(ValueError, match="A target cannot be 0%"):
        parse_percent(text)


def test_a_role_belongs_to_its_side() -> None:
    assert side_blockers(ParticipantRole.SUPERVISOR, Side.OPERATOR) == []
    assert side_blockers(ParticipantRole.EXECUTIVE, Side.CLIENT) == []
    assert side_blockers(ParticipantRole.SUPERVISOR, Side.CLIENT) == [
        "A supervisor belongs to the operator, not to the client."
    ]
