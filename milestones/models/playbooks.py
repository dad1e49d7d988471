"""An organisation's own playbooks, in versions."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import Organisation, User
from milestones.playbook import Playbook, built


class OwnPlaybook(models.Model):
    """A playbook of one organisation; no other one sees it. What it says stands in its versions."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["id", "organisation"], name="playbook_in_organisation"),
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="playbook_code_once",
                violation_error_message="There is a playbook of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class VersionState(models.TextChoices):
    """A draft can be edited; a published version is offered and never changes; a retired one is offered no more."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class PlaybookVersion(models.Model):
    """One version of a playbook. There is at most one draft and one published version at a time.

    `revision` grows with each edit of a draft, so that an edit of an older page is refused.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    playbook = models.ForeignKey(OwnPlaybook, models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    made_from = models.CharField(max_length=240, help_text="what it was copied from")
    news = models.CharField(
        max_length=500, blank=True, help_text="what is new in it, said when it was published"
    )
    created_by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True)
    retired_by_name = models.CharField(max_length=120, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "playbook", "version"], name="playbook_version_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "playbook"], condition=models.Q(state="draft"), name="one_draft",
                violation_error_message="There is a draft of this playbook already.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "playbook"], condition=models.Q(state="published"), name="one_published",
                violation_error_message="One version of this playbook is published already.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at__isnull=True, retired_at__isnull=True)
                | models.Q(state="published", published_at__isnull=False, retired_at__isnull=True)
                | models.Q(state="retired", published_at__isnull=False, retired_at__isnull=False),
                name="playbook_state_has_its_dates",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def title(self) -> str:
        return str(self.content["title"])

    @property
    def book(self) -> Playbook:
        """What this version says."""
        return built(self.content)
