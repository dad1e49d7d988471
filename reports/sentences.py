"""Sentences made from data: small pure functions with agreement in number. Unknown is said, nothing is praised."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.roles import ParticipantRole
from common import wording
from common.wording import (
    NO_DATA,
    digits_beside,
    interval_text,
    joined,
    percent_text,
    plural,
    points_text,
    share_text,
    target_text,
    value_text,
)
from common.wording import capital as capital
from reports.changes import change
from reports.snapshots import Count, Finding, Slip, Snapshot, Stage, Verdict

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def spelled(number: int) -> str:
    """A number in words below ten, in figures from there on."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def out_of(some: int, whole: int) -> str:
    """ "Five of six", both in words; "9 of 12", both in figures."""
    return (
        capital(f"{spelled(some)} of {spelled(whole)}") if whole < len(_SMALL) else f"{some:,} of {whole:,}"
    )


def every(number: int) -> str:
    """ "Both" for two, "All three" for more."""
    return "Both" if number == 2 else f"All {spelled(number)}"


def lower_first(text: str) -> str:
    """The text with its first letter in lower case, unless the first word is an abbreviation."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def rate(stage: Stage) -> str:
    """ "12.4% (310 of 2,500)"; unknown is said."""
    if stage.value is None or stage.numerator is None or stage.denominator is None:
        return NO_DATA
    return f"{percent(stage)} ({fraction(stage)})"


def fraction(stage: Stage) -> str:
    """ "310 of 2,500"; an average is taken over its cases; unknown is said."""
    if stage.numerator is None or stage.denominator is None:
        return NO_DATA
    return f"{stage.numerator:,} {'of' if stage.unit == 'percent' else 'over'} {stage.denominator:,}"


def share(count: Count) -> str:
    """ "12.4%" of something that was counted; unknown is said."""
    return percent_text(count.numerator / count.denominator) if count.denominator else NO_DATA


def counted(count: Count) -> str:
    """ "310 of 2,500" """
    return f"{count.numerator:,} of {count.denominator:,}" if count.denominator else ""


def percentage(value: float) -> str:
    """An agreed share: "12%", "12.5%"."""
    return share_text(value)


def interval(stage: Stage) -> str:
    """ "11.2–13.7%"; empty where there is none."""
    return interval_text(stage.low, stage.high, stage.unit)


def percent(stage: Stage) -> str:
    """ "12.4%", with as many decimals as its verdict needs beside the target; in another unit "21.4 hours"."""
    digits = digits_beside(stage.value, stage.target, stage.direction)
    return value_text(stage.value, stage.unit, digits=digits)


def goal(stage: Stage) -> str:
    """ "at least 12%", "at most 5.25%", "no target": with the decimals of the rate where these are needed."""
    digits = digits_beside(stage.value, stage.target, stage.direction)
    return target_text(stage.target, stage.direction, digits=digits if digits > 1 else 0, unit=stage.unit)


def day_text(on: date | None, *, missing: str = "no date") -> str:
    """ "Thu 12 Mar 2026": as pages say a date, with the year, for paper is read later."""
    if on is None:
        return missing
    return f"{wording.day_text(on)} {on.year}"


def short_day(on: date | None, *, missing: str = "no date") -> str:
    """ "12 Mar 2026": for tables."""
    return missing if on is None else f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime | None, zone: str, *, missing: str = "not yet") -> str:
    """ "12 Mar 2026, 16:05" in the engagement's zone, which the paper names once."""
    if at is None:
        return missing
    local = at.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date())}, {local:%H:%M}"


def period_line(snapshot: Snapshot) -> str:
    """ "Days 11 to 30, Mon 2 Mar 2026 to Sat 21 Mar 2026", or "Day 33, Tue 24 Mar 2026"."""
    if snapshot.first == snapshot.last:
        return f"Day {snapshot.first_day}, {day_text(snapshot.first)}"
    days = (
        f"Day {snapshot.first_day}"
        if snapshot.first_day == snapshot.last_day
        else f"Days {snapshot.first_day} to {snapshot.last_day}"
    )
    return f"{days}, {day_text(snapshot.first)} to {day_text(snapshot.last)}"


def of_verdict(stages: Sequence[Stage], *verdicts: Verdict) -> list[Stage]:
    """The stages that have one of the verdicts."""
    return [stage for stage in stages if stage.verdict in verdicts]


def unknown_clause(stages: Sequence[Stage]) -> str:
    """What could not be judged, and why; empty when everything could."""
    few = of_verdict(stages, Verdict.TOO_FEW)
    none = of_verdict(stages, Verdict.NO_DATA)
    untargeted = of_verdict(stages, Verdict.NO_TARGET)
    parts = []
    if few:
        parts.append(f"{_names(few)} {_has(few)} too few cases to judge")
    if none:
        parts.append(f"{_names(none)} {_has(none)} no data")
    if untargeted:
        parts.append(f"{_names(untargeted)} {_has(untargeted)} no target")
    return capital("; ".join(parts) + ".") if parts else ""


def against_targets(stages: Sequence[Stage]) -> str:
    """One sentence: how many judged metrics miss their target, and which. Says so when none could be judged."""
    judged = of_verdict(stages, Verdict.MET, Verdict.MISSED)
    missed = of_verdict(stages, Verdict.MISSED)
    if not judged:
        return "No metric has enough data to be judged against its target."
    if not missed:
        if len(judged) == 1:
            alone = "" if len(stages) == 1 else "; no other metric could be judged"
            return f"{judged[0].label} meets its target{alone}."
        if len(judged) == len(stages):
            return f"{every(len(judged))} metrics meet their targets."
        return f"The {spelled(len(judged))} metrics that could be judged meet their targets."
    detail = "; ".join(f"{lower_first(s.label)} {percent(s)} against {goal(s)}" for s in missed)
    which = (
        "The one judged metric"
        if len(judged) == 1
        else f"{capital(spelled(len(missed)))} of {spelled(len(judged))} judged metrics"
    )
    verb = "misses its target" if len(missed) == 1 else "miss their targets"
    return f"{which} {verb}: {detail}."


def on_numbers(stages: Sequence[Stage]) -> str:
    """All that is said about a funnel: against its targets, what could be chance, what is unknown or left out."""
    parts = against_targets(stages), could_be_chance(stages), unknown_clause(stages), left_out(stages)
    return " ".join(filter(None, parts))


def findings_answered(findings: Sequence[Finding]) -> str:
    """Whether each finding has a cause and a fix that is done or dated, and whose fix is past its date."""
    if not findings:
        return "There is no finding."
    open_ones = [finding for finding in findings if not answered(finding)]
    if open_ones:
        some = plural(len(open_ones), "finding")
        told = f"{some} still {_lack(open_ones)} a root cause or a dated fix: {_metrics(open_ones)}."
    elif len(findings) == 1:
        told = "It has a root cause and a fix that is done or dated."
    else:
        told = f"{every(len(findings))} findings have a root cause and a fix that is done or dated."
    late = [finding for finding in findings if finding.state == "late"]
    return f"{told} Past its date and not done: the fix for {_metrics(late)}." if late else told


def _metrics(findings: Sequence[Finding]) -> str:
    return joined([lower_first(finding.metric) for finding in findings])


def answered(finding: Finding) -> bool:
    """A cause, and a fix with an owner that is done or has a date."""
    return bool(finding.cause and finding.fix and finding.owner and (finding.due or finding.done))


def slips_line(slips: Sequence[Slip]) -> str:
    """How far the launch moved, why and on whose side; says so when it did not move."""
    if not slips:
        return "The launch date has not moved."
    total = sum(slip.days for slip in slips)
    causes = joined([f"{slip.reason.rstrip('.')} ({slip.side})" for slip in slips])
    return f"The launch date moved by {plural(total, 'day')}: {causes}."


def signed(value: float | None) -> str:
    """A difference in points without the word, for tables: "+3.1"."""
    return NO_DATA if value is None else points_text(value).removesuffix(" points")


def moved_line(before: Stage, after: Stage) -> str:
    """The change of one metric in one sentence, with both counts and the interval of the difference."""
    found = change(before, after)
    facts = f"{before.label}: {rate(before)} at the baseline, {rate(after)} now"
    if found.points is None:
        return f"{facts}: too little data to say whether it moved."
    span = f"{points_text(found.low)} to {points_text(found.high)}"
    return f"{facts}, a change of {points_text(found.points)} ({span}): {found.verdict}."


def noted(snapshot: Snapshot, *about: str) -> tuple[str, ...]:
    """What people wrote down about these milestones, with their name and the day."""
    return tuple(
        f"{note.text} ({note.by}, {short_day(note.on)})"
        for code in about
        for note in snapshot.notes
        if note.about == code
    )


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _names(stages: Sequence[Stage]) -> str:
    return joined([lower_first(stage.label) for stage in stages])


def _has(items: Sequence[object]) -> str:
    return "has" if len(items) == 1 else "have"


def _lack(items: Sequence[object]) -> str:
    return "lacks" if len(items) == 1 else "lack"


def roles(names: Sequence[str]) -> str:
    """Roles by their codes as people say them: "campaign manager, QA lead and client lead"."""
    return joined([lower_first(ParticipantRole(name).label) for name in names])


def left_out(stages: Sequence[Stage]) -> str:
    """What a rate leaves out because a file could not tell it; empty when nothing is."""
    parts = [
        f"{lower_first(stage.label)} leaves out {plural(stage.left_out_days, 'day')} "
        f"({stage.left_out:,} {stage.denominator_label.lower()}) whose files cannot tell it"
        for stage in stages
        if stage.left_out_days
    ]
    return capital("; ".join(parts) + ".") if parts else ""


def could_be_chance(stages: Sequence[Stage]) -> str:
    """Which verdicts could be chance, because the target lies within the interval; empty for none."""
    close = [
        stage
        for stage in of_verdict(stages, Verdict.MET, Verdict.MISSED)
        if stage.low is not None
        and stage.high is not None
        and stage.low <= (stage.target or 0.0) <= stage.high
    ]
    if not close:
        return ""
    pronoun = "its interval holds" if len(close) == 1 else "their intervals hold"
    ending = "its target" if len(close) == 1 else "their targets"
    verdict = "The verdict" if len(close) == 1 else "The verdicts"
    return f"{verdict} on {_names(close)} could be chance: {pronoun} {ending}."
