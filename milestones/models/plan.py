"""The launch plan: its milestones, its locks and its slips."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import ParticipantRole, Side
from common import clock
from engagements.models import Engagement, Participant, Signature
from kpis.models import CauseSide
from milestones.playbook import Playbook, built

from .proposals import LAUNCH, DateProposal
from .timeline import Dated


class Plan(models.Model):
    """The launch plan of one engagement. It keeps the whole playbook that it was made from, as it was then.

    `playbook_source` names the organisation's own playbook version, where it was made from one.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="plan")
    playbook = models.CharField(max_length=60)
    playbook_version = models.PositiveSmallIntegerField()
    playbook_content = models.JSONField()
    playbook_source = models.UUIDField(null=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    locked_at = models.DateTimeField(null=True, help_text="when the second side locked it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="plan_in_engagement")]

    def __str__(self) -> str:
        return f"Launch plan of {self.engagement}"

    @property
    def book(self) -> Playbook:
        """The playbook that this plan started with, whatever has become of it since."""
        return built(self.playbook_content)


class PlanLock(Signature):
    """One side's lock: it binds to the hash of the plan that this side saw."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="locks")

    class Meta:
        ordering = ["signed_at"]


class Milestone(Dated):
    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    start_day = models.PositiveSmallIntegerField(help_text="equal to `day` where it is no window")
    owner = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    owner_role = models.CharField(max_length=20, choices=ParticipantRole)
    side = models.CharField(max_length=10, choices=Side)
    evidence_asked = models.CharField(max_length=300)
    technical = models.BooleanField(default=False, help_text="cannot be completed before the brief is signed")
    gate_code = models.CharField(max_length=20)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["day", "start_day", "code"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="milestone_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="milestone_once"),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True, done_by__isnull=True)
                | models.Q(done_on__isnull=False, done_by__isnull=False),
                name="done_by_somebody",
            ),
        ]


class Slip(models.Model):
    """A locked date was moved: by how many days, why, and whose side it was on; append-only.

    `item` is the launch, or another item of the plan; `moved` tells what moved with it, as rows of item, title, date
    before and date after. Whether the other side agreed stands in its `proposal`.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="slips")
    item = models.CharField(
        max_length=60, default=LAUNCH, help_text='"launch", or such as "milestone-kickoff"'
    )
    title = models.CharField(max_length=160, default="Launch")
    proposal = models.ForeignKey(DateProposal, models.PROTECT, null=True, related_name="slips")
    moved = models.JSONField(default=list)
    from_on = models.DateField()
    to_on = models.DateField()
    days = models.SmallIntegerField()
    side = models.CharField(max_length=10, choices=CauseSide)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.days} days: {self.reason}"

    @property
    def word(self) -> str:
        """What the other side said to it: accepted, or, of a launch that had to move, agreed, contested or moved."""
        if self.proposal is None:
            return "moved"
        if not self.proposal.in_effect:
            return self.proposal.answer
        return {"accepted": "agreed", "declined": "contested"}.get(self.proposal.answer, "open")
