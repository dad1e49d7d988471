"""What is to be done in an engagement, and by whom: a role of a side, or whoever owns it. No database."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from accounts.roles import ParticipantRole, Side

SOON = timedelta(days=7)
SIGNERS = {Side.CLIENT: ParticipantRole.CLIENT_LEAD, Side.OPERATOR: ParticipantRole.CAMPAIGN_MANAGER}


class Duty(NamedTuple):
    """One thing that waits in an engagement: for its owner, else for whoever has one of the roles on that side."""

    verb: str
    title: str
    url: str
    due: date
    side: str = ""
    roles: Sequence[str] = ()
    owner: int | None = None  # a participant
    item: bool = False  # of the plan: others who take part wait for it
    who: str = ""
    whys: Sequence[str] = ()  # what it waits for, the first thing first: it cannot be done before
    behind: str = ""  # the first thing that it waits for, by name and owner, where that is a milestone
    stands_for_brief: bool = False  # the milestone that the signed brief completes
    masked: bool = False  # somebody wrote the title: agents in it are shown as the reader may see them
    about: str = ""  # the open items that it clears, by their key (`items.key_of`)
    counts: int = 0  # how many of what waits for its side it clears
    now: bool = (
        False  # it can be done at once and others wait for it: it stands among today's, before its day
    )
    since: date | None = None  # from when an answer is waited for that has no day of its own

    def stands_on(self, today: date) -> date:
        """The day under which it stands on My work."""
        return stands_on(self.due, today, now=self.now)

    def to_json(self) -> list[Any]:
        """As it is kept: by place, without the empty values at its end."""
        since = self.since.isoformat() if self.since else ""
        values: list[Any] = [*self[:3], self.due.isoformat(), *self[4:-1], since]
        while not values[-1]:
            values.pop()
        return values

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> Self:
        verb, title, url, due, *rest = values
        duty = cls(verb, title, url, date.fromisoformat(due), *rest)
        return duty._replace(since=date.fromisoformat(str(duty.since))) if duty.since else duty


def stands_on(due: date, today: date, *, now: bool) -> date:
    """The day under which something stands on My work: its own, or today where it can be done `now` already."""
    return min(due, today) if now else due


# What the other side waits for comes first among what is due on one day.
ANSWERS = frozenset({"Lock", "Sign", "Answer", "Agree", "Decide"})


def order(verb: str, title: str, due: date) -> tuple[date, bool, str]:
    """The order of My work; `due` is the day under which it stands."""
    return due, verb not in ANSWERS, title


def for_signers(
    verb: str, title: str, url: str, due: date, *, sides: Iterable[Side] = Side, **more: Any
) -> Iterator[Duty]:
    """The same duty for whoever answers for each of these sides."""
    for side in sides:
        yield Duty(verb, title, url, due, side=side.value, roles=(SIGNERS[side].value,), **more)
