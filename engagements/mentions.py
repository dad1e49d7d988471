"""Who is meant by an "@Name" in a comment."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.roles import Side

# An "@" that begins a word: the one inside of an e-mail address means nobody.
_AT = re.compile(r"(?<!\w)@(?=\w)")
_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be mentioned; `user_id` is None for somebody who was invited but has not come in yet."""

    name: str
    side: Side
    user_id: int | None


def offered(people: Iterable[Person], *, but: int) -> list[Person]:
    """Who can be mentioned by the user `but`: everybody else who has come in, each once, with clients first."""
    found = {person.user_id: person for person in people if person.user_id not in (None, but)}
    return sorted(found.values(), key=lambda person: (person.side, person.name))


def named_in(
    text: str, people: Iterable[Person], *, only: Side | None = None
) -> tuple[list[Person], list[str]]:
    """The people whom a text mentions, each once, and the reasons why a mention cannot stand.

    The whole name counts before a single word of it ("@Clara Lind" before "@Clara"), capitals do not. `only`
    is the side that alone may read the text.
    """
    known = list({(person.user_id or person.name): person for person in people}.values())
    found: list[Person] = []
    reasons: list[str] = []
    for at in _AT.finditer(text):
        rest = text[at.end() :]
        meant = _meant(rest, known)
        said = f"“@{_first_word(rest)}”"
        if not meant:
            names = ", ".join(sorted(each.name for each in known if only in (None, each.side)))
            reasons.append(f"{said} is nobody's name here. You can mention: {names or 'nobody yet'}.")
        elif len(meant) > 1:
            names = " or ".join(sorted(f"“@{person.name}”" for person in meant))
            reasons.append(f"{said} can be several people: write {names}.")
        elif reason := _reason(meant[0], only):
            reasons.append(reason)
        elif meant[0] not in found:
            found.append(meant[0])
    return found, list(dict.fromkeys(reasons))


def _reason(person: Person, only: Side | None) -> str:
    if only is not None and person.side is not only:
        return f"{person.name} belongs to the {person.side} and cannot read a note that is private to the {only}."
    if person.user_id is None:
        return f"{person.name} has not come in yet and would not read it."
    return ""


def _meant(rest: str, people: Sequence[Person]) -> list[Person]:
    lowered = rest.casefold()
    whole = [person for person in people if _begins(lowered, person.name.casefold())]
    if whole:
        longest = max(len(person.name) for person in whole)
        return [person for person in whole if len(person.name) == longest]
    word = _first_word(rest).casefold()
    return [person for person in people if word in _WORD.findall(person.name.casefold())]


def _begins(text: str, name: str) -> bool:
    """Whether the text begins with the name, and the name ends there."""
    return text.startswith(name) and not re.match(r"\w", text[len(name) :])


def _first_word(rest: str) -> str:
    found = _WORD.match(rest)
    return found[0].strip("'’-") if found else ""
