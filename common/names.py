"""Names and titles that people type: one visible line, so that nothing hides in a signature or a heading."""

import unicodedata

from django.core.exceptions import ValidationError

from common.errors import Refused

# What joins letters in Persian and in Indic scripts; no other invisible character belongs into a name.
JOINERS = frozenset("\u200c\u200d")
# Letters and signs by category that show nothing.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
LINE = "A name is one line of visible characters: without line breaks, control characters and marks of direction."
EMPTY = "A name has at least one letter or digit."
MIN_LETTERS = 3
WORDS = f"Say it in words: at least {MIN_LETTERS} letters or digits."


def name_blockers(text: str) -> list[str]:
    """Say why this cannot be the name of a person, an organisation or a thing; empty when it can."""
    if any(_hidden(character) for character in text.strip()):
        return [LINE]
    return [] if letters(text) else [EMPTY]


def letters(text: str) -> int:
    """How many letters and digits of any script stand in a text."""
    return sum(unicodedata.category(character)[0] in "LN" and character not in BLANK for character in text)


def validate_name(text: str) -> None:
    """The same as a form field's validator."""
    if reasons := name_blockers(text):
        raise ValidationError(reasons)


def validate_words(text: str) -> None:
    """For a field that takes a sentence: a dot and blanks that nobody sees are none."""
    if letters(text) < MIN_LETTERS:
        raise ValidationError(WORDS)


def checked_name(text: str) -> str:
    """The name without blanks around it. Raises Refused for what is none."""
    if reasons := name_blockers(text):
        raise Refused(reasons)
    return text.strip()


def _hidden(character: str) -> bool:
    """Whether this is a control, a line break, an invisible format character or half of a pair."""
    category = unicodedata.category(character)
    return category in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in JOINERS
