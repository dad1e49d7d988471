"""Gates between phases, the signatures under them, and what else happened on the way."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement, Participant, Signature

from .timeline import Dated


class Gate(Dated):
    """A gate between phases. Whether it may be passed is computed, never typed.

    The `document_*` fields name the one deliverable version on the table: signatures bind to its hash, and
    `document_fingerprint` is the fingerprint of the facts that it was made from. `passed_on_conditions` is written with
    `passed_at`: what a passed gate says does not change with later figures.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    deliverable_kind = models.CharField(max_length=20)
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_version = models.PositiveSmallIntegerField(null=True)
    document_fingerprint = models.CharField(max_length=64, blank=True)
    passed_at = models.DateTimeField(null=True)
    passed_on_conditions = models.JSONField(
        default=list, blank=True, help_text="code, title, proof and owner of each condition as it was met"
    )

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="gate_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="gate_once"),
        ]

    @property
    def needs_report(self) -> bool:
        """Whether a report has to be built: there is none, or the one on the table was sent back."""
        return not self.document_sha256 or not self.document_fingerprint


class SignOff(Signature):
    """One side's signature under a gate, bound to the hash of exactly one deliverable version; append-only."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="sign_offs")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "gate", "side", "content_hash"],
                name="one_sign_off_per_side_and_document",
                violation_error_message="This side has already signed this document.",
            )
        ]


class GateEventKind(models.TextChoices):
    """What may happen around a gate besides its report and its signatures."""

    HOLD = "hold", "put on hold"
    RELEASE = "release", "hold ended"
    DECLINE = "decline", "declined"
    TAKE_BACK = "take_back", "decline taken back"
    SEND_BACK = "send_back", "sent back to work"
    RECYCLE = "recycle", "back to work because a fact changed"
    REQUEST = "request", "asked to sign"
    FOUND = "found", "found after it had passed"
    SETTLED = "settled", "settled"


class GateEvent(models.Model):
    """One thing that somebody did about a gate, with the reason; append-only. How the gate stands follows from them.

    `document_*` name the report that was on the table; `until` belongs to a hold, `person` to a request to sign,
    `about` names the finding that was settled.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=GateEventKind)
    side = models.CharField(max_length=10, choices=Side)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=260, help_text='as written: a substitute acts as "A for B"')
    organisation_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    text = models.TextField(blank=True, help_text="the reason, in the person's words or as it was computed")
    until = models.DateField(null=True, help_text="the day on which a hold ends by itself")
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_version = models.PositiveSmallIntegerField(null=True)
    person = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="gate_event_in_engagement"),
            models.CheckConstraint(
                condition=~models.Q(kind="hold") | models.Q(until__isnull=False), name="hold_until_a_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="request") | models.Q(person__isnull=False),
                name="request_to_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="settled") | models.Q(about__isnull=False), name="settled_names_what"
            ),
            models.UniqueConstraint(
                fields=["engagement", "about"], condition=models.Q(kind="settled"), name="settled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.name}"
