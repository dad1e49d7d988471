"""Where an engagement stands, said in one sentence. Pure."""

from dataclasses import dataclass

from common.wording import joined, plural
from milestones.rules.waiting import Tally


@dataclass(frozen=True)
class VerdictFacts:
    """What the sentence is made of; `waiting` counts all that waits, `late` the milestones whose day has gone by."""

    locked: bool
    brief_signed: bool
    gate: str
    gate_day: int
    gate_state: str
    waiting: Tally
    late: int
    paused: tuple[tuple[str, str], ...] = ()  # each side that has paused the gate, and until when


def verdict(facts: VerdictFacts) -> str:
    """One sentence that tells an executive whether the engagement may go on."""
    if not facts.gate:
        return f"All gates have passed{'; ' if facts.waiting.total else ''}{facts.waiting.text}."
    missing = [
        *([] if facts.locked else ["the timeline is not locked"]),
        *([] if facts.brief_signed else ["the campaign brief is not signed"]),
    ]
    if facts.paused:
        start = _paused(facts)
    elif facts.gate_state == "held":
        start = f"Waiting at day 10: the gate “{facts.gate}” has not passed"
    elif facts.gate_state == "late":
        start = f"The gate “{facts.gate}” is late"
    else:
        start = f"On the way to the gate “{facts.gate}” of day {facts.gate_day}"
    said = [facts.waiting.text] if facts.waiting.total else []
    if facts.late:
        said.append(f"{plural(facts.late, 'milestone')} {'is' if facts.late == 1 else 'are'} late")
    said += [joined(missing)] if missing else []
    said = said or ["nothing is open"]
    return f"{start}{'; ' if facts.paused else ': '}{'; '.join(said)}."


def _paused(facts: VerdictFacts) -> str:
    sides = [f"the {side} until {until}" for side, until in facts.paused]
    if len(sides) > 1:
        return f"Both sides have paused the gate “{facts.gate}”, {joined(sides)}"
    ((side, until),) = facts.paused
    return f"The {side} has paused the gate “{facts.gate}” until {until}"
