"""Calls are judged by the calling windows after every import; rules are changed with a reason, violations answered."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import batched
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import MIN_LETTERS, letters
from common.wording import day_text, plural
from engagements.locking import hold
from engagements.models import Engagement
from engagements.outcomes import Outcome
from engagements.selectors import brief_in_force
from engagements.stages import Stage
from kpis.imports import facts
from kpis.imports.codes import code_map
from kpis.imports.presets import PRESETS
from kpis.models import (
    CallRecord,
    Disposition,
    Import,
    WindowAnswer,
    WindowChange,
    WindowCount,
    WindowDay,
    WindowRules,
    WindowVerdict,
)
from kpis.models.calls import Direction
from kpis.selectors.window_days import answer_days
from kpis.selectors.window_rules import rule_set, stale_days
from kpis.windows.bulk import Bench, Call, Found, Tally
from kpis.windows.launch import OutsideDay
from kpis.windows.rules import EXEMPTIONS, Flags, Rule, RuleSet, rule_json
from tenancy import jobs

HANDLER = "kpis.windows"
CHUNK = 20_000
CALLBACK_DAYS = 30
# After these lines of the trail the verdicts are no longer of the calls and the rules of now.
TOUCHES = frozenset(
    {"import.finished", "import.removed", "brief.signed", "windows.changed", "disposition.changed"}
)
LIVE_ANSWERS = (Outcome.ABANDONED, Outcome.WRONG_NUMBER)

DROPS = """
UPDATE kpis_windowday d SET answered = n.answered, abandoned = n.abandoned
  FROM (SELECT c.day,
               CASE WHEN bool_and(p.system = ANY (%(telling)s)) THEN
                    count(*) FILTER (WHERE c.depth >= %(contact)s OR p.outcome = ANY (%(live)s)) END AS answered,
               CASE WHEN bool_and(p.system = ANY (%(telling)s)) THEN
                    count(*) FILTER (WHERE p.outcome = %(abandoned)s) END AS abandoned
          FROM kpis_callrecord c JOIN kpis_disposition p ON p.id = c.disposition_id
         WHERE c.engagement_id = %(engagement)s AND (%(day)s::date IS NULL OR c.day = %(day)s)
         GROUP BY c.day) n
 WHERE d.engagement_id = %(engagement)s AND d.day = n.day
"""


def ask(*, engagement_id: int, by: Seat, drops: bool = False) -> None:
    """Have the calls judged in the background; nothing to do where there are none and never were any.

    `drops`: codes mean something else now, so that abandoned calls are counted again on every day.
    """
    if not (
        CallRecord.objects.filter(engagement=engagement_id).exists()
        or WindowDay.objects.filter(engagement=engagement_id).exists()
    ):
        return
    jobs.enqueue(
        handler=HANDLER,
        key=f"windows:{engagement_id}:{uuid4()}",
        user_id=by.user.pk,
        organisation_id=by.organisation.pk,
        engagement_id=engagement_id,
        drops=int(drops),
    )


@dataclass
class Judging:
    """One run over the days that are out of date. Every day is a transaction of its own; a killed run goes on where it
    stopped, because what is out of date is looked up and not remembered."""

    engagement: Engagement
    rules: RuleSet
    kept: WindowRules
    bench: Bench = field(init=False)
    done: date | None = None  # the last day that the bench remembers
    hours: int = 0  # how far back it remembers

    def __post_init__(self) -> None:
        self.bench = Bench(self.rules)

    @classmethod
    def of(cls, engagement_id: int) -> "Judging":
        """Ready to judge by the rules of now. Call it inside a tenant's context."""
        engagement = Engagement.objects.get(pk=engagement_id)
        rules = rule_set(engagement)
        return cls(engagement, rules, keep(engagement, rules))

    def days(self) -> dict[date, bool]:
        """The days to judge, oldest first; True where their calls have changed."""
        return stale_days(self.engagement.pk, self.kept.pk)

    def after(self, day: date) -> list[date]:
        """The judged days after one whose calls have changed that a cap can reach: they are judged again."""
        last = day + timedelta(days=-(-self.bench.seen_caps // 24))
        found = WindowDay.objects.filter(engagement=self.engagement, day__gt=day, day__lte=last)
        return list(found.values_list("day", flat=True))

    @transaction.atomic
    def judge(self, day: date) -> Tally:
        """Judge every call of a day, instead of whatever was said of it before. Returns the sum of its verdicts."""
        facts.lock(self.engagement.pk)
        self._look_back(day)
        tallies = self._write(day)
        if self.bench.seen_caps > self.hours:
            # The first call that a cap binds: count again, with what was called before.
            self.bench, self.done, self.hours = Bench(self.rules), None, self.bench.seen_caps
            self._look_back(day)
            tallies = self._write(day)
        self.done = day
        own = {"engagement": self.engagement, "day": day}
        WindowDay.objects.filter(**own).delete()
        if tallies:
            now = clock.now()
            calls = sum(t.allowed + t.violations + t.possibles + t.unknowns for t in tallies.values())
            WindowDay.objects.create(**own, rules=self.kept, calls=calls, judged_at=now)
            WindowCount.objects.bulk_create(
                WindowCount(
                    **own, place=place, allowed=t.allowed, violations=t.violations, possibles=t.possibles,
                    unknowns=t.unknowns, exempt=t.exempt, conflicts=t.conflicts,
                )
                for place, t in tallies.items()
            )  # fmt: skip
            count_drops(self.engagement, day)
        return _sum(tallies)

    def _write(self, day: date) -> dict[str, Tally]:
        own = {"engagement": self.engagement, "day": day}
        WindowVerdict.objects.filter(**own).delete()
        WindowCount.objects.filter(**own).delete()
        tallies: dict[str, Tally] = {}
        found = self.bench.judge(self._calls(day=day), tallies)
        for some in batched(found, CHUNK, strict=False):
            WindowVerdict.objects.bulk_create([self._row(day, each) for each in some], batch_size=2_000)
        return tallies

    def _row(self, day: date, found: Found) -> WindowVerdict:
        return WindowVerdict(
            engagement=self.engagement, day=day, call=found.call, verdict=found.verdict, why=found.why,
            rules=self.kept, broken=list(found.broken), local=list(found.local), zone_source=found.zone_source,
            place=found.place, said=found.said,
        )  # fmt: skip

    def _look_back(self, day: date) -> None:
        """Let the bench count the calls before this day that a cap can reach, but for those that it has counted."""
        start = datetime.combine(day, time(), ZoneInfo(self.engagement.zone))
        if self.hours:
            since = start - timedelta(hours=self.hours)
            reach: dict[str, Any] = {"day__lt": day, "called_at__gte": since}
            if self.done is not None:
                reach["day__gt"] = self.done
            self.bench.remember(self._calls(**reach))
            self.bench.forget(start)

    def _calls(self, **which: object) -> Iterator[Call]:
        """Calls in the order of time, those without one last, read a piece at a time."""
        zones = dict(Import.objects.filter(engagement=self.engagement).values_list("pk", "source_zone"))
        wanted = self._wanted(which) if self.rules.flags.callbacks else {}
        rows = (
            CallRecord.objects.filter(engagement=self.engagement, **which)
            .order_by("called_at", "pk")
            .values_list(
                "pk", "called_at", "batch_id", "lead_zone", "postal_code", "region", "phone", "direction",
                "source__name", "lead_ref",
            )
        )  # fmt: skip
        for pk, at, batch, lead_zone, postal, region, phone, direction, source, lead in rows.iterator(CHUNK):
            asked = min((wanted[key] for key in (lead, phone) if key and key in wanted), default=None)
            yield Call(
                pk, at, zones.get(batch) or "UTC", lead_zone, postal, region, phone, direction == Direction.INBOUND,
                source or "", at is not None and asked is not None and asked < at,
            )  # fmt: skip

    def _wanted(self, which: Mapping[str, object]) -> dict[str, datetime]:
        """When a lead first asked to be called back, by its id and by its number, within the days before."""
        day = which.get("day") or which.get("day__lt")
        found: dict[str, datetime] = {}
        if isinstance(day, date):
            asked = CallRecord.objects.filter(
                engagement=self.engagement, disposition__outcome=Outcome.CALLBACK, called_at__isnull=False,
                day__range=(day - timedelta(days=CALLBACK_DAYS), day),
            ).order_by("-called_at")  # fmt: skip
            for lead, phone, at in asked.values_list("lead_ref", "phone", "called_at").iterator(CHUNK):
                found.update({key: at for key in (lead, phone) if key and at})
        return found


def _sum(tallies: Mapping[str, Tally]) -> Tally:
    made = Tally()
    for each in tallies.values():
        for name in Tally.__slots__:
            setattr(made, name, getattr(made, name) + getattr(each, name))
    return made


def keep(engagement: Engagement, rules: RuleSet) -> WindowRules:
    """The rules as they stand now, kept word for word once for all the verdicts that they lead to."""
    brief = brief_in_force(engagement)
    kept, _ = WindowRules.objects.get_or_create(
        engagement=engagement,
        digest=rules.digest,
        defaults={
            "content": rules.to_json(),
            "brief_version": brief.version if brief else None,
            "at": clock.now(),
        },
    )
    return kept


def count_drops(engagement: Engagement, day: date | None = None) -> None:
    """Count live answers and abandoned calls of a judged day, or of all; unknown where a file's codes cannot tell."""
    systems = set(Disposition.objects.filter(engagement=engagement).values_list("system", flat=True))
    telling = [
        system
        for system in systems
        if system in PRESETS and Outcome.ABANDONED in code_map(engagement, PRESETS[system]).outcomes.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            DROPS,
            {
                "engagement": engagement.pk,
                "day": day,
                "telling": telling,
                "contact": int(Stage.CONTACT),
                "live": [outcome.value for outcome in LIVE_ANSWERS],
                "abandoned": Outcome.ABANDONED.value,
            },
        )


def judge_stale(
    *,
    engagement_id: int,
    drops: bool = False,
    entered: Callable[[], AbstractContextManager[None]] = transaction.atomic,
    progress: Callable[[int, int], None] = lambda done, total: None,
    step_aside: Callable[[], bool] = lambda: False,
) -> Tally:
    """Judge every day that is out of date, a transaction each. Returns the sum of their verdicts.

    A job gives the way into its context as `entered`; without one, call it inside a context. `progress` is told
    how many days are judged, of how many. Before each further day `step_aside` says whether to leave the rest.
    """
    with entered():
        judging = Judging.of(engagement_id)
        queue = judging.days()
        if drops:
            count_drops(judging.engagement)
    made: list[Tally] = []
    while queue:
        day = min(queue)
        changed = queue.pop(day)
        with entered():
            made.append(judging.judge(day))
            if changed:
                queue.update({later: False for later in judging.after(day) if later not in queue})
        progress(len(made), len(made) + len(queue))
        if queue and step_aside():
            break
    return _sum(dict(enumerate(made)))  # type: ignore[arg-type]  # any keys do


@transaction.atomic
def change_rule(
    *, engagement: Engagement, by: Seat, code: str, rule: Rule | None, reason: str, seen: int
) -> WindowChange:
    """Have another rule stand in place of one here, or leave it out (None). Raises Refused.

    `seen` is the version of the change that the page showed, 0 for none.
    """
    return _change(engagement, by, code, rule_json(rule) if rule else None, reason, seen)


@transaction.atomic
def restore_rule(*, engagement: Engagement, by: Seat, code: str, reason: str, seen: int) -> WindowChange:
    """Have a shipped rule count again as it comes, or a rule of this engagement's own no longer. Raises Refused."""
    return _change(engagement, by, code, None, reason, seen, shipped_again=True)


@transaction.atomic
def leave_out(*, engagement: Engagement, by: Seat, flags: Flags, reason: str, seen: int) -> WindowChange:
    """Say which calls the hours do not bind here. Raises Refused."""
    content = {
        "inbound": flags.inbound, "callbacks": flags.callbacks, "business": flags.business,
        "automated": flags.automated, "consent_sources": sorted(flags.consent_sources),
    }  # fmt: skip
    return _change(engagement, by, EXEMPTIONS, content, reason, seen)


def _change(
    engagement: Engagement,
    by: Seat,
    code: str,
    content: dict[str, Any] | None,
    reason: str,
    seen: int,
    shipped_again: bool = False,
) -> WindowChange:
    by.require(Permission.SET_WINDOWS)
    engagement = hold(engagement.pk)
    own = WindowChange.objects.filter(engagement=engagement, code=code)
    standing = own.aggregate(newest=Max("version"))["newest"] or 0
    if standing != seen:
        raise Refused("Somebody has changed this rule since the page was loaded. Look at it again.")
    if letters(reason) < MIN_LETTERS:
        raise Refused("Say why this is so here, so that the other side can follow it.")
    newest = own.order_by("-version").first()
    same = newest is not None and (newest.content, newest.shipped_again) == (content, shipped_again)
    if same or (shipped_again and newest is None):
        raise Refused("Nothing would change by that.")
    change = WindowChange.objects.create(
        engagement=engagement, code=code, version=standing + 1, content=content, shipped_again=shipped_again,
        reason=reason.strip(), by=by.user, by_name=by.written_name(), by_side=by.side or "", at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by,
        action="windows.changed",
        subject=subject_of(change),
        engagement_id=engagement.pk,
        before={"rule": newest.content} if newest else None,
        after={"version": change.version, "rule": content, "reason": change.reason},
    )
    return change


def subject_of(change: WindowChange) -> str:
    """What a change is about, in the trail's words."""
    if change.code == EXEMPTIONS:
        return "the calls that the calling windows leave out"
    return f"the calling-window rule {change.code}"


@transaction.atomic
def answer_day(
    *, engagement: Engagement, by: Seat, day: date, cause: str, action: str, done_on: date, seen: int
) -> WindowAnswer:
    """Say how the calls of one day outside of their windows, or into excluded places, came about and what was done.

    Raises Refused with what is missing.
    `seen` is how many of them the page showed.
    """
    by.require(Permission.ANSWER_BREACH)
    engagement = hold(engagement.pk)
    standing = next((each for each in answer_days(engagement) if each.day == day), None)
    if standing is None or standing.outside.calls != seen:
        raise Refused("The calls of this day have changed since the page was loaded. Look at it again.")
    reasons = []
    if letters(cause) < MIN_LETTERS:
        reasons.append("Say how it came about that these people were called.")
    if letters(action) < MIN_LETTERS:
        reasons.append("Say what was done about it.")
    if not day <= done_on <= clock.today(engagement.zone):
        reasons.append("What was done lies between the day of the calls and today.")
    if reasons:
        raise Refused(reasons)
    answer = WindowAnswer.objects.create(
        engagement=engagement, day=day, calls=seen, cause=cause.strip(), action=action.strip(), done_on=done_on,
        by=by.user, by_name=by.written_name(), at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by,
        action="windows.answered",
        subject=f"{plural(seen, 'call')} {_beyond(standing.outside)} on {day_text(day)}",
        engagement_id=engagement.pk,
        after={"cause": answer.cause, "action": answer.action, "done_on": done_on},
    )
    return answer


def _beyond(outside: OutsideDay) -> str:
    """What was wrong with these calls, in the trail's words."""
    said = ["outside of the calling window"] if outside.violations else []
    return " or ".join([*said, f"into {outside.where}"] if outside.excluded else said)
