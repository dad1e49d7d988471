"""The script in versions: what is said, who approved it, and since when it is used."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User

from .engagement import Engagement
from .proof import ProofPiece
from .signature import Signature


class ScriptFile(ProofPiece):
    """The file that goes with a version of the script; append-only."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="script_file_in_engagement")]


class Script(models.Model):
    """One version of the script. It is written until it is sent to the client; once approved, no part of it changes.

    `content_hash` covers the text, the file and what is said about certifying again: it is what the approval binds to.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="scripts")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    file = models.ForeignKey(ScriptFile, models.PROTECT, null=True, related_name="+")
    content_hash = models.CharField(max_length=64)
    recertify = models.BooleanField(default=True, help_text="agents are certified again on this version")
    recertify_reason = models.CharField(max_length=300, blank=True, help_text="why they are not")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_by_name = models.CharField(max_length=260)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="when it went to the client for review")
    returned_at = models.DateTimeField(null=True, help_text="when the client sent it back")
    returned_by_name = models.CharField(max_length=260, blank=True)
    return_note = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True, help_text="when the client approved it: final from then on")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="script_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "version"], name="script_version_once"),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=models.Q(approved_at__isnull=True, returned_at__isnull=True),
                name="one_open_script",
                violation_error_message="There is a version already that is written or reviewed.",
            ),
            models.CheckConstraint(
                condition=models.Q(recertify=True) | ~models.Q(recertify_reason=""),
                name="not_certified_again_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_at__isnull=True)
                | (models.Q(sent_at__isnull=False, approved_at__isnull=True) & ~models.Q(return_note="")),
                name="script_returned_with_a_note",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True) | models.Q(sent_at__isnull=False),
                name="script_approved_after_review",
            ),
        ]

    def __str__(self) -> str:
        return f"Script, version {self.version}"

    @property
    def state(self) -> str:
        """draft, review, returned or final."""
        if self.approved_at:
            return "final"
        if self.returned_at:
            return "returned"
        return "review" if self.sent_at else "draft"

    @property
    def approval(self) -> "ScriptApproval | None":
        """The client's approval, from what was read with `approvals`."""
        return next(iter(self.approvals.all()), None)

    @property
    def use(self) -> "ScriptUse | None":
        """Since when it is or was in use, from what was read with `approvals__uses`."""
        return next(iter(self.approval.uses.all()), None) if self.approval else None

    @property
    def asks_again(self) -> bool:
        """Whether agents are certified again on it: unless the author and the client call it a change of wording."""
        return self.recertify or self.approval is None or self.approval.recertify


class ScriptApproval(Signature):
    """The client's approval of exactly one content of one version; append-only."""

    script = models.ForeignKey(Script, models.CASCADE, related_name="approvals")
    recertify = models.BooleanField(default=True, help_text="the client asks that agents are certified again")

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="script_approval_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "script", "side", "content_hash"], name="script_approved_once"
            ),
        ]


class ScriptUse(models.Model):
    """From when on an approved version is the one that agents speak; append-only, the newest counts."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    approval = models.ForeignKey(ScriptApproval, models.CASCADE, related_name="uses")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "approval"], name="script_used_once")]

    def __str__(self) -> str:
        return f"{self.approval.script} in use since {self.at}"
