"""What stands between a timeline and its lock, and between a milestone and its completion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.days import WorkDays
from common.hashing import content_hash
from common.names import letters
from common.wording import joined
from milestones.dates import MIN_REASON
from milestones.rules.facts import SIDES, Blocker, BriefFacts, Kind, role_label


@dataclass(frozen=True)
class PlanItemFacts:
    """One dated item of a plan before it is locked."""

    code: str
    title: str
    day: int
    start: int
    side: str
    owner: str
    owner_side: str
    owner_id: int | None = None
    done: bool = False


def plan_digest(
    kickoff: date, launch: date, items: Iterable[PlanItemFacts], work: WorkDays | None = None
) -> str:
    """Hash of the timeline that a side locks: kickoff, launch, each item with its days and owner, and days off.

    Owners count as who they are and not as they are called: two people may share a name.
    """
    rows = sorted(
        (item.code, item.title, item.start, item.day, item.side, item.owner_id or 0) for item in items
    )
    timeline: dict[str, object] = {"kickoff": kickoff, "launch": launch, "items": rows}
    if work is not None and work != WorkDays():
        timeline["work"] = [sorted(work.weekdays), sorted(work.holidays), work.when_off]
    return content_hash(timeline)


def plan_lock_blockers(
    items: Iterable[PlanItemFacts], *, side: str, locked_by: Iterable[str], seen: str, current: str
) -> list[Blocker]:
    """Say why a side may not lock the timeline that it was shown."""
    if side not in SIDES:
        return [Blocker("Only the client and the operator of this engagement lock its timeline.", Kind.PLAN)]
    if side in locked_by:
        return [Blocker(f"The {side} has locked the timeline already.", Kind.PLAN, side=side)]
    blockers = []
    items = list(items)
    if not items:
        blockers.append(Blocker("The plan has no milestones.", Kind.PLAN))
    for item in items:
        if item.done:
            continue  # nobody has to do it any more
        if not item.owner:
            text = f"“{item.title}” has no named owner."
            blockers.append(Blocker(text, Kind.MILESTONE, item.code, item.side))
        elif item.owner_side != item.side:
            text = f"“{item.title}” is the {item.side}'s, but its owner {item.owner} is on the other side."
            blockers.append(Blocker(text, Kind.MILESTONE, item.code, item.side))
    if seen != current:
        blockers.append(
            Blocker("The plan has changed since this page was opened. Read it again, then lock.", Kind.PLAN)
        )
    return blockers


@dataclass(frozen=True)
class Waited:
    """A milestone that another one waits for, or that waits for it."""

    title: str
    target: str
    side: str


@dataclass(frozen=True)
class CompletionFacts:
    """All that decides whether one milestone may be completed."""

    title: str
    side: str
    by_side: str
    done: bool
    technical: bool
    needs: tuple[str, ...]
    evidence: int
    brief: BriefFacts
    locked_by: frozenset[str]
    gate_passed: bool
    earlier_open: str
    launched: bool
    starts_after_launch: bool
    cleared_roster: bool
    baseline_frozen: bool
    open_checks: dict[str, tuple[str, ...]]
    script: frozenset[str] = frozenset()  # how far it has come: sent, reviewed, final
    sample_gaps: tuple[str, ...] = ()  # why the first live days do not count as reviewed
    transfer_gaps: tuple[str, ...] = ()  # why not every transfer counts as verified
    window_gaps: tuple[str, ...] = ()  # why the dial times do not count as checked against their windows
    unheld_review: str = ""
    waits_for: tuple[Waited, ...] = ()


def milestone_completion_blockers(facts: CompletionFacts) -> list[Blocker]:
    """Say why a milestone cannot be completed now."""
    if facts.done:
        return [Blocker(f"“{facts.title}” is done already.", Kind.MILESTONE)]
    if facts.by_side != facts.side:
        text = f"“{facts.title}” is the {facts.side}'s: somebody of the {facts.side} completes it."
        return [Blocker(text, Kind.MILESTONE, side=facts.side)]
    blockers = []
    if facts.gate_passed:
        blockers.append(Blocker("The gate of this phase has passed: its record cannot change.", Kind.GATE))
    if facts.earlier_open:
        blockers.append(
            Blocker(
                f"The gate “{facts.earlier_open}” has not passed; nothing after it can be done.", Kind.GATE
            )
        )
    elif facts.starts_after_launch and not facts.launched:
        blockers.append(Blocker("The campaign has not launched yet.", Kind.LAUNCH))
    if facts.technical and not facts.brief.signed:
        text = "Technical work cannot start before both sides have signed the campaign brief."
        blockers.append(Blocker(text, Kind.BRIEF))
    blockers += [
        Blocker(
            f"It waits for “{before.title}”, which is still open.", Kind.MILESTONE, before.target, before.side
        )
        for before in facts.waits_for
    ]
    for need in facts.needs:
        if blocker := _need_blocker(need, facts):
            blockers.append(blocker)
    if facts.unheld_review:
        text = f"The {facts.unheld_review} has not taken place yet: its closed minutes complete this."
        blockers.append(Blocker(text, Kind.REVIEW))
    if not facts.evidence:
        blockers.append(Blocker("Evidence is missing: attach a file, a link or a note.", Kind.MILESTONE))
    return blockers


@dataclass(frozen=True)
class ReopenFacts:
    """All that decides whether a completed milestone may be opened again."""

    title: str
    side: str
    by_side: str
    done: bool
    gate_passed: bool
    done_after: tuple[Waited, ...]
    reason: str


def reopen_blockers(facts: ReopenFacts) -> list[Blocker]:
    """Say why a milestone cannot be opened again."""
    if not facts.done:
        return [Blocker(f"“{facts.title}” is not done.", Kind.MILESTONE)]
    if facts.by_side != facts.side:
        text = f"“{facts.title}” is the {facts.side}'s: somebody of the {facts.side} opens it again."
        return [Blocker(text, Kind.MILESTONE, side=facts.side)]
    if facts.gate_passed:
        return [Blocker("The gate of this phase has passed: its record cannot change.", Kind.GATE)]
    blockers = [
        Blocker(
            f"“{item.title}” is done and waits for this one: open that again first.",
            Kind.MILESTONE, item.target, item.side,
        )
        for item in facts.done_after
    ]  # fmt: skip
    if letters(facts.reason) < MIN_REASON:
        blockers.append(
            Blocker("Say in a sentence why it is open again; the reason stays on record.", Kind.MILESTONE)
        )
    return blockers


_SCRIPT_STEPS = {
    "sent": ("The draft of the script has to be sent to the client first.", "operator"),
    "reviewed": ("The client has to approve the script or send it back first.", "client"),
    "final": ("The newest version of the script has to be approved by the client first.", "client"),
}


def _need_blocker(need: str, facts: CompletionFacts) -> Blocker | None:
    if need == "plan_locked" and not facts.locked_by >= set(SIDES):
        return Blocker("Both sides have to lock the timeline first.", Kind.PLAN)
    if need == "brief_signed" and not facts.brief.signed:
        return Blocker("Both sides have to sign the campaign brief first.", Kind.BRIEF)
    step = need.removeprefix("script_")
    if step != need and step not in facts.script:
        text, side = _SCRIPT_STEPS[step]
        return Blocker(text, Kind.SCRIPT, side=side)
    if need == "roster_cleared" and not facts.cleared_roster:
        return Blocker(
            "Not every agent on the roster has passed all three certifications.", Kind.AGENT, side="operator"
        )
    if need == "sample_reviewed" and facts.sample_gaps:
        return Blocker(" ".join(facts.sample_gaps), Kind.QA, side="operator")
    if need == "transfers_verified" and facts.transfer_gaps:
        return Blocker(" ".join(facts.transfer_gaps), Kind.TRANSFER, side="operator")
    if need == "windows_held" and facts.window_gaps:
        return Blocker(" ".join(facts.window_gaps), Kind.WINDOWS, side="operator")
    if need == "baseline_frozen" and not facts.baseline_frozen:
        return Blocker("The baseline has to be frozen first.", Kind.BASELINE, side="operator")
    area = need.removeprefix("checks:")
    open_checks = facts.open_checks.get(area, ()) if area != need else ()
    if open_checks:
        names = joined([f"“{title}”" for title in open_checks])
        verb = "is" if len(open_checks) == 1 else "are"
        return Blocker(f"{names} {verb} not passed yet.", Kind.CHECK)
    return None


@dataclass(frozen=True)
class ResultFacts:
    """All that decides whether the result of one readiness check may be recorded."""

    title: str
    side: str
    by_side: str
    technical: bool
    brief: BriefFacts
    gate_passed: bool
    passed: bool
    note: str
    evidence: int


def result_blockers(facts: ResultFacts) -> list[Blocker]:
    """Say why this result of a readiness check cannot be recorded."""
    if facts.by_side != facts.side:
        text = f"“{facts.title}” is the {facts.side}'s: somebody of the {facts.side} tests it."
        return [Blocker(text, Kind.CHECK, side=facts.side)]
    blockers = []
    if facts.gate_passed:
        blockers.append(Blocker("The day-10 gate has passed: its record cannot change.", Kind.GATE))
    if facts.technical and not facts.brief.signed:
        text = "Technical work cannot start before both sides have signed the campaign brief."
        blockers.append(Blocker(text, Kind.BRIEF))
    if facts.passed and not facts.evidence:
        blockers.append(Blocker("Evidence is missing: attach a file, a link or a note.", Kind.CHECK))
    if not facts.passed and not facts.note.strip():
        blockers.append(Blocker("Say what failed, so that it can be repaired and tested again.", Kind.CHECK))
    return blockers


@dataclass(frozen=True)
class ItemChange:
    """A wish to give a milestone another owner or day. `first_day` and `last_day` are those of its phase.

    `role` is the role that owns it by the playbook, `same_days` says that its days stay as they are, `had_owner`
    that somebody owns it now.
    """

    title: str
    side: str
    locked: bool
    done: bool
    day: int
    start: int
    first_day: int
    last_day: int
    owner: str
    owner_side: str
    owner_role: str
    role: str
    same_days: bool
    by_side: str
    had_owner: bool


def item_change_blockers(change: ItemChange) -> list[str]:
    """Say why a planned item cannot be changed like this; an empty list means that it can.

    Once the timeline is locked its days stand, and an item is only handed over: to the same role on the same side.
    """
    if change.done:
        return [f"“{change.title}” is done: its day and owner stay as they were."]
    if change.by_side != change.side:
        return [
            f"“{change.title}” is the {change.side}'s: somebody of the {change.side} changes its day and owner."
        ]
    if change.locked:
        if not change.same_days:
            return ["Both sides have locked the timeline: its days stand."]
        if (change.owner_side, change.owner_role) != (change.side, change.role):
            role = role_label(change.role)
            return [f"Both sides have locked the timeline: only another {role} can take this over."]
        return []
    reasons = []
    if not change.first_day <= change.day <= change.last_day:
        reasons.append(f"The day has to lie in its phase, from {change.first_day} to {change.last_day}.")
    if not 1 <= change.start <= change.day:
        reasons.append("It has to start on or before the day on which it is due.")
    if change.had_owner and not change.owner:
        reasons.append("It has an owner: name another one instead of nobody.")
    if change.owner and change.owner_side != change.side:
        reasons.append(f"This is the {change.side}'s: its owner belongs to the {change.side}.")
    return reasons
