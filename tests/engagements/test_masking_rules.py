"""Numbers instead of names."""

import pytest

from engagements.masking import OPEN, KnownAgent, Mask, masked

ANN = KnownAgent(7, 1, ("ann.lee", "Ann Lee"))
BO = KnownAgent(3, 2, ("6666", "Bo"))
ANN_AGAIN = KnownAgent(9, 3, ("alee2", ""), belongs_to=7)
MASK = masked([ANN, BO, ANN_AGAIN])


class Row:
    def __init__(self, pk: int, name: str) -> None:
        self.pk, self.name = pk, name

    def __str__(self) -> str:
        return self.name


@pytest.mark.parametrize(("pk", "said"), [(7, "Agent 1"), (3, "Agent 2"), (9, "Agent 1"), (99, "an agent")])
def test_an_agent_is_a_number_and_a_further_code_the_same_one(pk: int, said: str) -> None:
    assert MASK.of(Row(pk, "Ann Lee")) == said


def test_an_open_mask_hides_nothing() -> None:
    assert OPEN.of(Row(7, "Ann Lee")) == "Ann Lee"
    assert OPEN.text("Ann Lee dialed") == "Ann Lee dialed"
    assert OPEN.of(None) == MASK.of(None) == ""
    assert not OPEN.finds(["Ann Lee"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ann Lee has not passed the script.", "Agent 1 has not passed the script."),
        ("ANN.LEE and alee2, both.", "Agent 1 and Agent 1, both."),
        ("Joann Leeds called 6,666 times, 6666 in all", "Joann Leeds called 6,666 times, 6666 in all"),
        ("6666", "Agent 2"),
        ("bo", "Agent 2"),
        ("Bo knows", "Bo knows"),
        ("ann.lee@example.org", "ann.lee@example.org"),
    ],
)
def test_names_within_a_sentence(text: str, said: str) -> None:
    """Short words and numbers stand for other things too: they are hidden only where they stand alone."""
    assert MASK.text(text) == said


def test_every_string_of_a_snapshot() -> None:
    data = {"agents": [{"name": "Ann Lee", "passed": 6666}], "note": "by Ann Lee", "Ann Lee": None}
    hidden = MASK.data(data)
    assert hidden == {"agents": [{"name": "Agent 1", "passed": 6666}], "note": "by Agent 1", "Ann Lee": None}
    assert MASK.finds(data)
    assert not MASK.finds({"rows": (1, 2), "note": "nothing here"})


def test_nobody_who_joins_changes_a_number() -> None:
    later = masked([ANN, BO, ANN_AGAIN, KnownAgent(1, 4, ("aaron",))])
    assert [later.by_pk[pk] for pk in (7, 3, 9)] == [MASK.by_pk[pk] for pk in (7, 3, 9)]


def test_an_engagement_without_agents_masks_nothing() -> None:
    assert not masked([])
    assert masked([]) == Mask()
