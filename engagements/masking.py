"""Agents by number instead of by name, where the operator keeps the names to itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Shorter words, and codes without a letter, also stand for other things: they are masked only where they stand alone.
TELLING = 3
# Words of the program's own: whoever calls an agent "client" does not change what a side is.
PLAIN = frozenset({"kind", "code", "side", "state", "phase", "zone", "paper", "sha256", "about"})


@dataclass(frozen=True, slots=True)
class KnownAgent:
    """An agent as a mask needs it: its number, its names and dialer codes, and whose further code it is."""

    pk: int
    number: int
    names: tuple[str, ...]
    belongs_to: int | None = None


@dataclass(frozen=True)
class Mask:
    """What a reader is shown in place of an agent's name; an empty mask shows everything as it is."""

    by_pk: Mapping[int, str] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)  # names and codes without their capitals
    by_code: Mapping[str, str] = field(default_factory=dict)  # names and codes as they are written

    def __bool__(self) -> bool:
        """Whether anything is masked."""
        return bool(self.by_pk)

    def of(self, agent: Any) -> str:
        """The name to show for an agent (its row), the pseudonym under a mask; "" for no agent."""
        if agent is None:
            return ""
        return self.by_pk.get(agent.pk) or ("an agent" if self else str(agent))

    def veil(self, agent: Any) -> None:
        """Put the pseudonym in the place of every name of a row that is only read, never saved."""
        if self:
            agent.name = agent.display_name = self.of(agent)

    def text(self, text: str) -> str:
        """A sentence with every telling name in it replaced; capitals do not matter."""
        if not self.by_name:
            return text
        if (alone := self.by_name.get(text.strip().casefold())) is not None:
            return alone
        return self._pattern().sub(lambda found: self.by_name[found[0].casefold()], text)

    def data(self, value: Any) -> Any:
        """JSON with every string of it masked; keys, and what stands under the names of PLAIN, stay."""
        if not self:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: item if key in PLAIN else self.data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return value

    def finds(self, value: Any) -> bool:
        """Whether a name that this mask hides stands anywhere in the JSON."""
        return bool(self) and self.data(value) != _as_lists(value)

    def _pattern(self) -> re.Pattern[str]:
        told = sorted((name for name in self.by_name if _telling(name)), key=len, reverse=True)
        words = "|".join(re.escape(name) for name in told) or r"(?!)"
        return re.compile(rf"(?<![\w@-])(?:{words})(?![\w@-])", re.IGNORECASE)


OPEN = Mask()


def pseudonym(number: int) -> str:
    return f"Agent {number}"


def masked(agents: Iterable[KnownAgent]) -> Mask:
    """The mask of these agents. All codes of one person read as that person."""
    known = list(agents)
    numbers = {agent.pk: agent.number for agent in known}
    by_pk: dict[int, str] = {}
    by_name: dict[str, str] = {}
    by_code: dict[str, str] = {}
    for agent in known:
        said = pseudonym(numbers.get(agent.belongs_to or agent.pk, agent.number))
        by_pk[agent.pk] = said
        for name in agent.names:
            if name.strip():
                by_name.setdefault(name.strip().casefold(), said)
                by_code.setdefault(name, said)
    return Mask(by_pk, by_name, by_code)


def _telling(name: str) -> bool:
    return len(name) >= TELLING and any(character.isalpha() for character in name)


def _as_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_lists(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_lists(item) for item in value]
    return value
