"""A vendor's style sheet without the rules that no page of ours can match. Pure.

A rule stays where every class that its selector asks for is a word of our templates, scripts or modules: far more words
than classes, so that what is left out is certain. What asks for no class, and every rule of another kind, stays.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-z][\w-]*")
_BEGUN = re.compile(r"([A-Za-z][\w-]*-)(?=\{)")  # "btn-{{ kind }}", f"btn-{kind}"
_CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
_NOT_ASKED_FOR = re.compile(r":not\([^)]*\)|\[[^\]]*\]")
_NESTING = ("@media", "@supports", "@layer", "@container")


@dataclass(frozen=True)
class Words:
    """The words of a program; `begun` are those that it completes while it runs."""

    whole: frozenset[str]
    begun: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Words":
        whole, begun = set[str](), set[str]()
        for text in texts:
            whole.update(_WORD.findall(text))
            begun.update(_BEGUN.findall(text))
        return cls(frozenset(whole), tuple(sorted(begun)))

    def know(self, selector: str) -> bool:
        """Whether an element with every class that the selector asks for can be on a page."""
        asked = (name.replace("\\", "") for name in _CLASS.findall(_NOT_ASKED_FOR.sub("", selector)))
        return all(name in self.whole or name.startswith(self.begun) for name in asked)


def sparse(css: str, words: Words) -> str:
    """The style sheet with those rules that may be needed."""
    return "".join(_kept(css, words))


def _kept(css: str, words: Words) -> Iterator[str]:
    for head, body in _rules(css):
        if body is None or (head.startswith("@") and not head.startswith(_NESTING)):
            yield head if body is None else f"{head}{{{body}}}"
        elif head.startswith("@"):
            if inner := sparse(body, words):
                yield f"{head}{{{inner}}}"
        elif chosen := [one for one in _parts(head) if words.know(one)]:
            yield f"{','.join(chosen)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Head and body of every rule; statements that end in a semicolon have no body. Comments are left out."""
    start = depth = at = opened = 0
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    while at < len(css):
        sign = css[at]
        if sign in "\"'":
            at = _end_of_string(css, at)
        elif sign == "\\":
            at += 1
        elif sign == "(":
            at = _end_of_bracket(css, at)
        elif sign == "{":
            depth += 1
            if depth == 1:
                opened = at
        elif sign == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
        elif sign == ";" and not depth:
            yield css[start : at + 1].strip(), None
            start = at + 1
        at += 1


def _end_of_string(css: str, at: int) -> int:
    """The place of the quote that closes the string which opens here."""
    quote, at = css[at], at + 1
    while at < len(css) and css[at] != quote:
        at += 2 if css[at] == "\\" else 1
    return at


def _end_of_bracket(css: str, at: int) -> int:
    """The place of the bracket that closes the one which opens here."""
    depth = 0
    while at < len(css):
        sign = css[at]
        if sign in "\"'":
            at = _end_of_string(css, at)
        elif sign == "\\":
            at += 1
        else:
            depth += (sign == "(") - (sign == ")")
            if not depth:
                return at
        at += 1
    return at


def _parts(head: str) -> Iterator[str]:
    """The selectors of a list."""
    depth = start = 0
    for at, sign in enumerate(head):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            yield head[start:at]
            start = at + 1
    yield head[start:]
