"""What is well-formed and still makes no sense."""

from collections import Counter
from collections.abc import Iterable, Mapping

from accounts.roles import BY_PARTICIPANT_ROLE, SIGNING_ROLES, Permission
from common.days import SETUP_DAYS
from engagements.terms import CALL_METRICS, Unit

from .kinds import NEEDS, ROLES, SIDES, CheckSpec, MetricSpec, MilestoneSpec, Owned, Phase, Playbook
from .mistakes import Mistake

# The days on which the program itself acts: the launch follows day 10, calibration ends and the baseline is frozen on
# day 30, and each gate is signed on the deliverable of its day. A playbook names them as it likes.
FRAME = {"setup": (1, 10), "launch": (11, 30), "optimisation": (31, 60), "steady": (61, 90)}
GATES = {f"day-{last}": last for _, last in FRAME.values()}
# What a gate asks for by itself, and the gate: see `milestones.rules.gates`.
RELIED_ON = {
    "plan_locked": 10, "brief_signed": 10, "script_final": 10, "roster_cleared": 10, "baseline_frozen": 30,
}  # fmt: skip
ALL_READY_DAY = 7  # the parts are ready by then; what is tested later is the whole
OWNERS = tuple(role for role, may in BY_PARTICIPANT_ROLE.items() if Permission.COMPLETE_MILESTONE in may)


def sense_mistakes(playbook: Playbook) -> list[Mistake]:
    """Codes that appear twice, days outside their frame, owners of the wrong side, needs that nothing meets."""
    mistakes = []
    for part in ("phases", "gates", "milestones", "areas", "checks", "reviews", "metrics"):
        counts = Counter(item.code for item in getattr(playbook, part))
        mistakes += [
            Mistake(f"this code appears {n} times.", part, code, "code")
            for code, n in counts.items()
            if n > 1
        ]
    mistakes += _phase_mistakes(playbook.phases)
    last = playbook.phases[-1].last_day
    for part in ("milestones", "checks", "reviews", "gates"):
        mistakes += [
            Mistake(f"day {item.day} lies outside days 1 to {last}.", part, item.code, "day")
            for item in getattr(playbook, part)
            if not 1 <= item.day <= last
        ]
    areas = {area.code for area in playbook.areas}
    for spec in playbook.milestones:
        mistakes += _owner_mistakes("milestones", spec)
        if not 1 <= spec.start <= spec.day:
            text = f"it starts on day {spec.start}, after its due day {spec.day}."
            mistakes.append(Mistake(text, "milestones", spec.code, "start"))
        if not spec.gate and spec.day <= last:
            mistakes.append(Mistake(f"no gate closes after day {spec.day}.", "milestones", spec.code, "day"))
        mistakes += _need_mistakes(spec, areas)
        mistakes += _order_mistakes(spec, playbook.checks)
    mistakes += _after_mistakes(playbook.milestones)
    for check in playbook.checks:
        mistakes += _owner_mistakes("checks", check)
        mistakes += _check_mistakes(check, areas)
    for review in playbook.reviews:
        mistakes += [
            Mistake(f"role “{role}” is unknown.", "reviews", review.code, "attendees")
            for role in review.attendees
            if role not in ROLES
        ]
    for metric in playbook.metrics:
        mistakes += _metric_mistakes(metric)
    return mistakes + _gate_mistakes(playbook) + _empty_mistakes(playbook) + _reliance_mistakes(playbook)


def _reliance_mistakes(playbook: Playbook) -> list[Mistake]:
    """What the gates wait for whatever a playbook says has an owner and a date in it, and tests that prove it.

    None of this is about calling: a script may be work instructions, and agents may be processors.
    """
    mistakes = [
        Mistake(f"no milestone up to day {last} needs “{need}” ({NEEDS[need]}): the day-{last} gate waits for it, "
                "so somebody has to own it.", "milestones")
        for need, last in RELIED_ON.items()
        if not any(need in spec.needs and spec.day <= last for spec in playbook.milestones)
    ]  # fmt: skip
    hard = {check.area for check in playbook.checks if check.hard}
    for spec in playbook.milestones:
        areas = [need.removeprefix("checks:") for need in spec.needs if need.startswith("checks:")]
        mistakes += [
            Mistake(f"it waits for the checks of “{area}”, none of which is hard: it would wait for nothing.",
                    "milestones", spec.code, "needs")
            for area in areas
            if area not in hard
        ]  # fmt: skip
    if not playbook.technical_areas():
        text = (
            "no technical milestone waits for checks: nothing would be built only after the brief is signed."
        )
        mistakes.append(Mistake(text, "milestones"))
    if hard and not any(check.hard and check.day > ALL_READY_DAY for check in playbook.checks):
        text = (
            f"no hard check is due on days {ALL_READY_DAY + 1} to {SETUP_DAYS}: "
            "nothing would prove the whole once its parts are ready."
        )
        mistakes.append(Mistake(text, "checks"))
    return mistakes


def _empty_mistakes(playbook: Playbook) -> list[Mistake]:
    """A gate waits for milestones of its phase, and the first one for hard checks: without any it would never pass."""
    mistakes = [
        Mistake(f"no milestone is due from day {phase.first_day} to {phase.last_day}: its gate could never pass.",
                "phases", phase.code)
        for phase in playbook.phases
        if not any(phase.first_day <= spec.day <= phase.last_day for spec in playbook.milestones)
    ]  # fmt: skip
    if not any(check.hard for check in playbook.checks):
        mistakes.append(Mistake("no check is hard: the day-10 gate could never pass.", "checks"))
    return mistakes


def _metric_mistakes(metric: MetricSpec) -> list[Mistake]:
    found = []
    if metric.unit not in Unit.values:
        found.append(("unit", f"unit “{metric.unit}” is unknown: {', '.join(Unit.values)}."))
    if metric.direction not in ("up", "down"):
        found.append(("direction", "the direction is up (more is better) or down (less is better)."))
    if metric.unit == Unit.PERCENT and not metric.denominator.strip():
        found.append(("denominator", "a percentage needs what it is taken of."))
    if metric.minimum < 1:
        found.append(("minimum", "it is judged from one case on at least."))
    if metric.code.replace("-", "_") in CALL_METRICS:
        found.append(("code", "this code belongs to a metric of the calls."))
    return [Mistake(text, "metrics", metric.code, key) for key, text in found]


def _phase_mistakes(phases: Iterable[Phase]) -> list[Mistake]:
    mistakes, expected = [], 1
    for phase in phases:
        if phase.first_day != expected:
            text = f"it should begin on day {expected}, not on day {phase.first_day}."
            mistakes.append(Mistake(text, "phases", phase.code, "first_day"))
        if phase.last_day < phase.first_day:
            mistakes.append(Mistake("it ends before it begins.", "phases", phase.code, "last_day"))
        expected = phase.last_day + 1
    if not mistakes and {phase.code: (phase.first_day, phase.last_day) for phase in phases} != FRAME:
        frame = ", ".join(f"{code} {first}–{last}" for code, (first, last) in FRAME.items())
        mistakes.append(Mistake(f"the four phases are {frame}: launch and baseline hang on them.", "phases"))
    return mistakes


def _role_mistake(role: str, side: str) -> str:
    if role not in ROLES:
        return f"role “{role}” is unknown."
    if side not in SIDES:
        return f"side “{side}” is unknown."
    if ROLES[role] != side:
        return f"a {role} belongs to the {ROLES[role]}, not to the {side}."
    return ""


def _owner_mistakes(part: str, item: Owned) -> list[Mistake]:
    text = _role_mistake(item.role, item.side)
    if not text and item.role not in OWNERS:
        text = f"a {item.role} cannot complete anything and so owns nothing."
    return [Mistake(text, part, item.code, "role")] if text else []


def _need_mistakes(spec: MilestoneSpec, areas: set[str]) -> list[Mistake]:
    known = {*NEEDS, *(f"checks:{area}" for area in areas)}
    return [
        Mistake(f"need “{need}” is unknown.", "milestones", spec.code, "needs")
        for need in spec.needs
        if need not in known
    ]


def _order_mistakes(spec: MilestoneSpec, checks: Iterable[CheckSpec]) -> list[Mistake]:
    """A milestone cannot be due before a hard check that it waits for."""
    return [
        Mistake(
            f"it is due on day {spec.day}, before its check {check.code} of day {check.day}.",
            "milestones",
            spec.code,
            "day",
        )
        for check in checks
        if check.hard and f"checks:{check.area}" in spec.needs and check.day > spec.day
    ]


def _check_mistakes(check: CheckSpec, areas: set[str]) -> list[Mistake]:
    mistakes = []
    if check.area not in areas:
        mistakes.append(Mistake(f"area “{check.area}” is unknown.", "checks", check.code, "area"))
    if check.hard and check.day > SETUP_DAYS:
        text = f"it is hard, so the day-{SETUP_DAYS} gate waits for it, but it is due on day {check.day}."
        mistakes.append(Mistake(text, "checks", check.code, "day"))
    return mistakes


def _after_mistakes(milestones: Iterable[MilestoneSpec]) -> list[Mistake]:
    """A milestone waits for known ones that are due no later than itself, and never for itself in a circle."""
    by_code = {spec.code: spec for spec in milestones}
    mistakes = []
    for spec in by_code.values():
        for code in spec.after:
            before = by_code.get(code)
            text = ""
            if before is None:
                text = f"it waits for “{code}”, which is no milestone."
            elif before.day > spec.day:
                text = (
                    f"it is due on day {spec.day}, before “{code}” of day {before.day}, which it waits for."
                )
            if text:
                mistakes.append(Mistake(text, "milestones", spec.code, "after"))
    if circle := _circle({spec.code: spec.after for spec in by_code.values()}):
        text = f"it waits for itself: {' → '.join(circle)}."
        mistakes.append(Mistake(text, "milestones", circle[0], "after"))
    return mistakes


def _circle(after: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The first circle in who waits for whom, from a code back to itself; empty where there is none."""
    free: set[str] = set()

    def walk(code: str, path: list[str]) -> list[str]:
        if code in path:
            return [*path[path.index(code) :], code]
        if code in free:
            return []
        for before in after.get(code, ()):
            if found := walk(before, [*path, code]):
                return found
        free.add(code)
        return []

    return next((found for code in after if (found := walk(code, []))), [])


def _gate_mistakes(playbook: Playbook) -> list[Mistake]:
    mistakes = []
    if {gate.day for gate in playbook.gates} != {phase.last_day for phase in playbook.phases}:
        mistakes.append(Mistake("each phase ends with exactly one gate on its last day.", "gates"))
    for gate in playbook.gates:
        if (gate.day, gate.deliverable) != (GATES.get(gate.code), gate.code):
            text = (
                "the gates are day-10, day-30, day-60 and day-90, each signed on the deliverable of its name."
            )
            mistakes.append(Mistake(text, "gates", gate.code, "code"))
        if set(gate.signers) != set(SIDES):
            mistakes.append(
                Mistake("it needs one signing role for each side.", "gates", gate.code, "signers")
            )
        for side, role in gate.signers.items():
            text = _role_mistake(role, side)
            if not text and role not in SIGNING_ROLES:
                text = f"a {role} may not sign gates."
            if text:
                mistakes.append(Mistake(text, "gates", gate.code, "signers"))
    return mistakes
