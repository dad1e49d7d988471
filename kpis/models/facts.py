"""What pages read instead of calls: small sums by day, always equal to the rows."""

from django.db import models

from accounts.models import User
from engagements.models import Agent, Engagement

from .calls import Disposition, Import, LeadSource


class Sums(models.Model):
    """What the calls of one group come to.

    A stage that one of the files behind the group cannot tell is None: no data is not zero.
    """

    calls = models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials")
    dials = models.PositiveBigIntegerField(null=True)
    contacts = models.PositiveBigIntegerField(null=True)
    qualified = models.PositiveBigIntegerField(null=True)
    transfers = models.PositiveBigIntegerField(null=True)
    shows = models.PositiveBigIntegerField(null=True)
    closes = models.PositiveBigIntegerField(null=True)
    talk_s = models.BigIntegerField(db_default=0, help_text="seconds, of the calls whose talk time is known")
    talked = models.BigIntegerField(db_default=0, help_text="calls whose talk time is known")
    wrap_s = models.BigIntegerField(
        null=True, help_text="seconds, where wrap-up is known; null: not yet summed"
    )
    wrapped = models.BigIntegerField(null=True, help_text="calls whose wrap-up is known")

    class Meta:
        abstract = True


# In what follows the wall checks a whole statement's keys at once; single keys and their indexes would cost each row.


class DailyFact(Sums):
    """One day of one lead source."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="daily_facts", db_index=False)
    day = models.DateField()
    source = models.ForeignKey(
        LeadSource, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "source"], name="fact_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_id}"


class HourFact(Sums):
    """One hour of one day; no hour where the file gives only dates."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    hour = models.SmallIntegerField(null=True, help_text="in the engagement's zone")

    class Meta:
        ordering = ["day", "hour"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "hour"], name="hour_fact_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.hour}:00"


class AgentFact(Sums):
    """One day of one agent's code; no agent where the row names none."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    agent = models.ForeignKey(
        Agent, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "agent"], name="agent_fact_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.agent_id}"


class CodeFact(Sums):
    """One disposition of one lead source on one day, from one file."""

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    batch = models.ForeignKey(Import, models.CASCADE, related_name="+", db_constraint=False)
    day = models.DateField()
    source = models.ForeignKey(
        LeadSource, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    disposition = models.ForeignKey(
        Disposition, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "batch", "source", "disposition"],
                name="code_fact_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.disposition_id}"


class UseFact(Sums):
    """One disposition as one agent used it on one day."""

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    agent = models.ForeignKey(
        Agent, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    disposition = models.ForeignKey(
        Disposition, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "agent", "disposition"],
                name="use_fact_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.agent_id} {self.disposition_id}"


class AttemptFact(Sums):
    """One day of the first, second, … call to a lead; no attempt where the row does not number it."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    attempt = models.IntegerField(null=True)

    class Meta:
        ordering = ["day", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "attempt"], name="attempt_fact_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} attempt {self.attempt}"


class Waited(models.Model):
    """How many leads, called for the first time on a day, had waited how long; `wait` as kpis.waits puts it.

    There are none where no file of the engagement says when leads came in.
    """

    wait = models.IntegerField(help_text="seconds at most, or why that is not known (kpis.waits)")
    leads = models.BigIntegerField()

    class Meta:
        abstract = True


class SourceWait(Waited):
    """Leads of one lead source."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(help_text="of the first call")
    source = models.ForeignKey(
        LeadSource, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "source", "wait"], name="source_wait_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_id} {self.wait}"


class HourWait(Waited):
    """Leads that came in within one hour of any day; no hour where it is not known when."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(help_text="of the first call")
    hour = models.SmallIntegerField(null=True, help_text="in the engagement's zone")

    class Meta:
        ordering = ["day", "hour"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "hour", "wait"], name="hour_wait_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.hour}:00 {self.wait}"


class Talked(models.Model):
    """How many calls of a day were spoken how long, of those whose talk time is known."""

    seconds = models.IntegerField()
    calls = models.BigIntegerField()

    class Meta:
        abstract = True


class SourceTalk(Talked):
    """Calls to leads of one source, by exact seconds."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    source = models.ForeignKey(
        LeadSource, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "source", "seconds"],
                name="source_talk_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_id} {self.seconds} s"


class AgentTalk(Talked):
    """Calls of one agent's code, by seconds rounded up to a step (kpis.talks): else there were one for each call."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    agent = models.ForeignKey(
        Agent, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day", "agent", "seconds"], name="agent_talk_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.agent_id} {self.seconds} s"


class RestatedBy(models.TextChoices):
    IMPORT = "import", "Calls added"
    REMOVAL = "removal", "Import removed"
    MEANING = "meaning", "Code given another meaning"
    OUTCOMES = "outcomes", "Outcomes of transfers told"
    WITHDRAWN = "withdrawn", "Outcomes of transfers withdrawn"


class Restatement(models.Model):
    """Figures of a day that had been shown and then changed: what they were, what they became, and why; append-only.

    `before` and `after` hold the counts from dials to closes; None is no data, and no list is a day without calls.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    cause = models.CharField(max_length=10, choices=RestatedBy)
    subject = models.CharField(max_length=200, help_text="the file or the code")
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the file; empty for a code")
    before = models.JSONField()
    after = models.JSONField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "day"]
        indexes = [models.Index(fields=["engagement", "day"], name="restated_days")]

    def __str__(self) -> str:
        return f"{self.day} restated: {self.subject}"
