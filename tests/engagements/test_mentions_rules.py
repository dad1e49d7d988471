"""Who is meant by an "@Name"."""

import pytest

from accounts.roles import Side
from engagements.mentions import Person, named_in

CLARA = Person("Clara Lind", Side.CLIENT, 1)
CLARA_STONE = Person("Clara Stone", Side.OPERATOR, 2)
MARA = Person("Mara Voss", Side.OPERATOR, 3)
INVITED = Person("Ivo New", Side.OPERATOR, None)
PEOPLE = [CLARA, CLARA_STONE, MARA, INVITED]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nothing to see", []),
        ("@Mara, please look", ["Mara Voss"]),
        ("please look, @voss.", ["Mara Voss"]),
        ("@clara lind: and @Mara Voss’s list", ["Clara Lind", "Mara Voss"]),
        ("@Mara and again @Mara Voss", ["Mara Voss"]),
        ("write to mara@example.org at @ 9", []),
        ("(@Clara Stone)", ["Clara Stone"]),
    ],
)
def test_names_that_are_understood(text: str, names: list[str]) -> None:
    found, reasons = named_in(text, PEOPLE)
    assert [person.name for person in found] == names
    assert reasons == []


def test_an_unknown_name_says_who_there_is() -> None:
    found, reasons = named_in("@Nobody @Mara", [CLARA, MARA])
    assert found == [MARA]
    assert reasons == ["“@Nobody” is nobody's name here. You can mention: Clara Lind, Mara Voss."]


def test_a_name_of_several_people_asks_for_the_whole_name() -> None:
    assert named_in("@Clara", PEOPLE)[1] == [
        "“@Clara” can be several people: write “@Clara Lind” or “@Clara Stone”."
    ]


def test_half_a_name_is_not_the_name() -> None:
    assert named_in("@Mar", PEOPLE)[1][0].startswith("“@Mar” is nobody's name")
    assert named_in("@Clara Linden", [CLARA])[0] == [CLARA], "the first word still tells"


def test_a_private_note_names_its_own_side_only() -> None:
    found, reasons = named_in("@Mara ask @Clara Lind", PEOPLE, only=Side.OPERATOR)
    assert found == [MARA]
    assert reasons == [
        "Clara Lind belongs to the client and cannot read a note that is private to the operator."
    ]
    assert "Clara Lind" not in named_in("@Nobody", PEOPLE, only=Side.OPERATOR)[1][0]


def test_somebody_who_has_not_come_in_would_not_read_it() -> None:
    assert named_in("@Ivo", PEOPLE) == ([], ["Ivo New has not come in yet and would not read it."])


def test_one_person_in_two_roles_is_one_person() -> None:
    assert named_in("@Mara", [MARA, MARA])[0] == [MARA]
