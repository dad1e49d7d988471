"""Who dials, since when, and what each of them has passed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.clearance import PARTS, CertificationKind, RosterMove

from .engagement import Engagement
from .scripts import Script


class Agent(models.Model):
    """Somebody who dials, known by one code of the dialer's export.

    The first import that names a code makes its row; whether the agent is on the roster, `entries` say. A further
    code of the same person is a row of its own that `belongs_to` theirs: its calls count for them from `linked_at`.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="agents")
    name = models.CharField(max_length=120, help_text="the dialer's code")
    display_name = models.CharField(max_length=120, blank=True, db_default="", default="")
    belongs_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="codes")
    linked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="agent_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "name"], name="agent_once"),
            models.CheckConstraint(
                condition=models.Q(belongs_to__isnull=True, linked_at__isnull=True)
                | models.Q(belongs_to__isnull=False, linked_at__isnull=False),
                name="agent_linked_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(belongs_to=models.F("id")), name="agent_belongs_to_another"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.name


class RosterEntry(models.Model):
    """An agent came onto the roster or left it; append-only, so that nobody dialed on it in hindsight.

    A line "undone" takes back the one before it that stands, where nothing had come to stand on that.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="entries")
    move = models.CharField(max_length=8, choices=RosterMove)
    on = models.DateField(help_text="first day or last day, as the operator says")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField(help_text="when it was recorded: it counts from then on")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="roster_entry_in_engagement"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.get_move_display()} {self.on}"


class Certification(models.Model):
    """One attempt of one agent at one certification; append-only. The newest one counts, from its recording on."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="certifications")
    kind = models.CharField(max_length=10, choices=CertificationKind)
    passed = models.BooleanField()
    score = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField()
    parts = ArrayField(models.CharField(max_length=20), help_text="what was assessed")
    script = models.ForeignKey(Script, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    assessed_on = models.DateField()
    assessor = models.ForeignKey(User, models.PROTECT, related_name="+")
    assessor_name = models.CharField(max_length=260)
    assessor_side = models.CharField(max_length=10)
    at = models.DateTimeField(help_text="when it was recorded: it counts from then on")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__lte=100, pass_mark__lte=100), name="score_of_a_hundred"
            ),
            models.CheckConstraint(
                condition=models.Q(passed=False) | models.Q(score__gte=models.F("pass_mark")),
                name="passed_with_the_pass_mark",
                violation_error_message="Who passes has reached the pass mark.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="script") | models.Q(script__isnull=False),
                name="script_certification_names_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.get_kind_display()} {'passed' if self.passed else 'failed'}"

    @property
    def part_labels(self) -> list[str]:
        """What was assessed, in the words of the page."""
        return [label for code, label in PARTS[CertificationKind(self.kind)].items() if code in self.parts]
