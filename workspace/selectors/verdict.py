"""Where an engagement stands, said in one sentence. Pure."""

from dataclasses import dataclass

from common.wording import joined, plural


@dataclass(frozen=True)
class VerdictFacts:
    """What the sentence is made of; `waiting` maps a side to how many open items it owes before the next gate."""

    locked: bool
    brief_signed: bool
    gate: str
    gate_day: int
    gate_state: str
    waiting: dict[str, int]
    late: int
    paused: tuple[tuple[str, str], ...] = ()  # each side that has paused the gate, and until when


def verdict(facts: VerdictFacts) -> str:
    """One sentence that tells an executive whether the engagement may go on."""
    if not facts.gate:
        return "All gates have passed."
    missing = [
        *([] if facts.locked else ["the timeline is not locked"]),
        *([] if facts.brief_signed else ["the campaign brief is not signed"]),
    ]
    total = sum(facts.waiting.values())
    who = joined([f"{count} with the {side}" for side, count in facts.waiting.items() if count])
    if facts.paused:
        start = _paused(facts)
    elif facts.gate_state == "held":
        start = f"Held at day 10: the gate “{facts.gate}” has not passed"
    elif facts.gate_state == "late":
        start = f"The gate “{facts.gate}” is late"
    else:
        start = f"On the way to the gate “{facts.gate}” of day {facts.gate_day}"
    said = []
    if total:
        late = f", {facts.late} of them late" if facts.late and total > 1 else ", late" if facts.late else ""
        said.append(f"{plural(total, 'open item')} ({who}){late}")
    said += [joined(missing)] if missing else []
    said = said or ["nothing is open but its report and signatures"]
    return f"{start}{'; ' if facts.paused else ': '}{'; '.join(said)}."


def _paused(facts: VerdictFacts) -> str:
    sides = [f"the {side} until {until}" for side, until in facts.paused]
    if len(sides) > 1:
        return f"Both sides have paused the gate “{facts.gate}”, {joined(sides)}"
    ((side, until),) = facts.paused
    return f"The {side} has paused the gate “{facts.gate}” until {until}"
