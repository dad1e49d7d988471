"""What is waited for before a gate, and with whom: counted in one way for every page, mail and paper. Pure.

An open item waits with the client, with the operator (who also brings about what names no side), or for the calendar:
that a day has not come is nobody's to do. The gate's report is an item as long as it is missing; once nothing else is
open, each missing signature is one. What a side owes beside the gate (a date to answer, a brief to sign, what is late)
blocks no gate and is counted all the same.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from common.wording import day_text, joined, plural
from milestones.rules.facts import SIDES, Blocker, BriefFacts, Kind

CALENDAR = "calendar"
EARLIER = "earlier"
WITH = {
    "client": "with the client",
    "operator": "with the operator",
    CALENDAR: "for the calendar",
    EARLIER: "for the gate before it",
}


def waits_with(item: Blocker) -> str:
    """With whom an item waits: a side, the calendar, or the gate before this one."""
    if item.kind is Kind.GATE:
        return CALENDAR if item.target else EARLIER
    return item.side or "operator"


def counted(blockers: Iterable[Blocker]) -> list[Blocker]:
    """The items among what keeps a gate shut: each act once, with the condition that asks who has to act."""
    return [blocker for blocker in blockers if not blocker.told_by]


@dataclass(frozen=True)
class Tally:
    """How many items wait with whom; `beside` of all of them block no gate."""

    client: int = 0
    operator: int = 0
    calendar: int = 0
    earlier: int = 0
    beside: int = 0

    @classmethod
    def of(cls, items: Iterable[Blocker], beside: Collection[Blocker] = ()) -> Self:
        counts = dict.fromkeys(WITH, 0)
        for item in (*items, *beside):
            counts[waits_with(item)] += 1
        return cls(**counts, beside=len(beside))

    @property
    def total(self) -> int:
        return self.client + self.operator + self.calendar + self.earlier

    @property
    def by_side(self) -> dict[str, int]:
        return {side: getattr(self, side) for side in SIDES}

    @property
    def text(self) -> str:
        """ "3 open items (1 with the client, 1 with the operator and 1 for the calendar)"; empty where nothing is."""
        if not self.total:
            return ""
        who = joined([f"{count} {words}" for name, words in WITH.items() if (count := getattr(self, name))])
        said = f"{plural(self.total, 'open item')} ({who})"
        if not self.beside:
            return said
        if self.beside == self.total:
            return f"{said} that {'blocks' if self.total == 1 else 'block'} no gate"
        return f"{said}, {self.beside} of which {'blocks' if self.beside == 1 else 'block'} no gate"


@dataclass(frozen=True)
class SigningFacts:
    """How far the signing of a gate has come: who declined the report on the table, and who signed it."""

    title: str
    target: str
    declined_by: frozenset[str] = frozenset()
    signed_by: frozenset[str] = frozenset()


def to_sign(facts: SigningFacts) -> list[Blocker]:
    """What is owed once no condition is open: a new report where one was declined, else each missing signature."""
    if facts.declined_by:
        who = joined(sorted(facts.declined_by))
        text = f"The {who} has declined the report of “{facts.title}”: make a new version."
        return [Blocker(text, Kind.DECLINE, facts.target, "operator")]
    return [
        Blocker(f"Sign the gate “{facts.title}” for the {side}.", Kind.SIGNATURE, facts.target, side)
        for side in SIDES
        if side not in facts.signed_by
    ]


@dataclass(frozen=True)
class DateFacts:
    """A date that one side proposed, or moved, and the other has not answered; `item` is what it is the date of."""

    title: str
    item: str
    by_side: str
    in_effect: bool = False


@dataclass(frozen=True)
class OwedFacts:
    """Something with a day that its owner owes; `item` is what a date proposal calls it."""

    title: str
    due: date
    owner: str
    side: str
    target: str
    item: str = ""
    drop_side: str = ""  # of an action: the side that wants it dropped

    @property
    def said(self) -> str:
        """The title within a sentence."""
        return self.title.rstrip(".")


@dataclass(frozen=True)
class BesideFacts:
    """What is owed beside the next gate."""

    today: date
    dates: tuple[DateFacts, ...] = ()
    brief: BriefFacts = field(default_factory=BriefFacts)
    milestones: tuple[OwedFacts, ...] = ()  # open ones that lie behind the next gate
    actions: tuple[OwedFacts, ...] = ()
    fixes: tuple[OwedFacts, ...] = ()  # open ones that no gate asks about
    breaches: tuple[Blocker, ...] = ()  # that no gate asks about
    windows: tuple[Blocker, ...] = ()  # days with calls to answer for that the next gate does not ask about
    scaling: tuple[tuple[str, str], ...] = ()  # what is proposed, and the side that answers


def beside_the_gate(facts: BesideFacts) -> list[Blocker]:
    """What each side owes although it blocks no gate: answers and signatures first, then what is late."""
    asked = {each.item for each in facts.dates}
    return [
        *(_answer(each) for each in facts.dates),
        *_brief(facts.brief),
        *(
            Blocker(f"Answer the proposal to scale: {what}.", Kind.SCALING, side=side)
            for what, side in facts.scaling
        ),
        *facts.breaches,
        *facts.windows,
        # One act is one item: while the other side owes the answer to a new date, that is it.
        *(
            _late(each, Kind.MILESTONE, f"“{each.said}” is late")
            for each in facts.milestones
            if each.due < facts.today and each.item not in asked
        ),
        *(_action(each, facts.today) for each in facts.actions if each.drop_side or each.due < facts.today),
        *(
            _late(each, Kind.FIX, f"The fix “{each.said}” is late")
            for each in facts.fixes
            if each.due < facts.today
        ),
    ]


def _answer(asked: DateFacts) -> Blocker:
    other = next(side for side in SIDES if side != asked.by_side)
    text = (
        f"Answer why “{asked.title}” moved: the {asked.by_side} has given its reason."
        if asked.in_effect
        else f"Answer the new date that the {asked.by_side} proposes for “{asked.title}”."
    )
    return Blocker(text, Kind.DATE, asked.item, other)


def _brief(brief: BriefFacts) -> list[Blocker]:
    """The version that is to replace the one in force, for each side that has not signed it."""
    if brief.next_version is None:
        return []
    return [
        Blocker(
            f"Sign version {brief.next_version} of the campaign brief for the {side}.", Kind.BRIEF, side=side
        )
        for side in SIDES
        if side not in brief.next_signed_by
    ]


def _late(owed: OwedFacts, kind: Kind, said: str) -> Blocker:
    text = f"{said} since {day_text(owed.due)} ({owed.owner or 'no owner'})."
    return Blocker(text, kind, owed.target, owed.side)


def _action(owed: OwedFacts, today: date) -> Blocker:
    if owed.drop_side:
        asked = next(side for side in SIDES if side != owed.drop_side)
        return Blocker(
            f"Answer whether the action “{owed.said}” is dropped.", Kind.ACTION, owed.target, asked
        )
    return _late(owed, Kind.ACTION, f"The action “{owed.said}” is late")
