"""What is wrong with a playbook, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: in which part ("milestones"), at which entry (its code, or "entry 3"), at which key."""

    text: str
    part: str = ""
    entry: str = ""
    key: str = ""

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.part, self.entry)))
        return f"{where}: {self.text}" if where else self.text


class PlaybookError(ValueError):
    """A playbook that cannot be used; `mistakes` says what is wrong and where, `errors` the same as sentences."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = list(mistakes)
        self.errors = [str(mistake) for mistake in self.mistakes]
        super().__init__("; ".join(self.errors))
