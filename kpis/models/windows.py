"""When people were called: the verdict on each call, the counts that pages read, the rules behind both, and answers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement
from kpis.windows.verdict import Verdict, Why
from kpis.windows.zones import ZoneSource


class WindowChange(models.Model):
    """What somebody said of one rule in this engagement, or of what the hours leave out; append-only.

    The newest version of a code counts. `content` is a rule (kpis.windows.rules) that stands instead of the shipped
    one, or what is left out; nothing in it: the rule does not count here.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(help_text="counted from 1 within the engagement")
    content = models.JSONField(null=True)
    shipped_again = models.BooleanField(
        default=False, help_text="the rule counts again as it comes with the program"
    )
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    by_side = models.CharField(max_length=8, choices=Side)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "code", "version"], name="window_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} version {self.version}"


class WindowRules(models.Model):
    """The rules that calls were judged by at one time, word for word; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    brief_version = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="window_rules_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "digest"], name="window_rules_once"),
        ]

    def __str__(self) -> str:
        return f"rules {self.digest[:8]}"


class WindowDay(models.Model):
    """A day whose calls were judged, by which rules and when; and how many live answers found no agent.

    `answered` and `abandoned` are empty where a file of the day cannot tell them.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    day = models.DateField()
    rules = models.ForeignKey(WindowRules, models.PROTECT, related_name="+")
    calls = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(null=True, help_text="calls that a person answered")
    abandoned = models.PositiveIntegerField(null=True, help_text="of these, without an agent")
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "day"], name="window_day_once"),
        ]

    def __str__(self) -> str:
        return str(self.day)


class WindowCount(models.Model):
    """How the calls of one day to one place were judged."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    day = models.DateField()
    place = models.CharField(
        max_length=8, blank=True, help_text="code of a country or state; empty: not told"
    )
    allowed = models.PositiveIntegerField(help_text="exempt ones among them")
    violations = models.PositiveIntegerField()
    possibles = models.PositiveIntegerField()
    unknowns = models.PositiveIntegerField()
    exempt = models.PositiveIntegerField()
    conflicts = models.PositiveIntegerField(help_text="calls whose sources of the zone contradict each other")

    class Meta:
        ordering = ["day", "place"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "day", "place"], name="window_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.place}"


class WindowVerdict(models.Model):
    """The verdict on one call that is not plainly allowed, with everything that it rests on.

    A call that is allowed is here only where its sources contradict each other. `call` is the id of the call, and no
    key: a call that is taken back with its import leaves its verdict until the day is judged again, moments later.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    day = models.DateField()
    call = models.BigIntegerField()
    verdict = models.PositiveSmallIntegerField(choices=Verdict)
    why = models.PositiveSmallIntegerField(choices=Why, null=True)
    rules = models.ForeignKey(WindowRules, models.PROTECT, related_name="+")
    broken = ArrayField(models.CharField(max_length=40), help_text="codes of the rules that said no")
    local = ArrayField(models.CharField(max_length=80), help_text="“zone date time” of every candidate zone")
    zone_source = models.PositiveSmallIntegerField(choices=ZoneSource)
    place = models.CharField(max_length=8, blank=True)
    said = models.CharField(
        max_length=300, blank=True, help_text="what contradicts, which holiday, how many calls"
    )

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "call"], name="window_verdict_once"),
        ]
        indexes = [models.Index(fields=["engagement", "day", "verdict"], name="window_by_day")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} on {self.day}"


class WindowAnswer(models.Model):
    """What the operator did about one day's violations; append-only. `calls` is how many it answered for."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    day = models.DateField()
    calls = models.PositiveIntegerField()
    cause = models.TextField()
    action = models.TextField(help_text="what was done about it")
    done_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Answer for {self.day}"
