"""Who: people, the organisations they belong to, and how they come in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import UUID7

from common import clock

from .roles import OrganisationRole


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None, **extra: Any) -> "User":
        """A person with a normalised e-mail address; without a password they cannot log in yet."""
        user = self.model(email=email.strip().lower(), name=name.strip(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. What they may do follows from memberships and participations, never from the account."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(
        default=False, help_text="made by the demo; such accounts exist nowhere else"
    )
    reminders = models.BooleanField(
        default=True, db_default=True, help_text="mails about what this person owes and when"
    )
    shortcuts = models.BooleanField(
        default=True, db_default=True, help_text="whether single keys are shortcuts"
    )
    tour = models.BooleanField(
        default=True, db_default=True, help_text="shows what this person's role does, until put away"
    )
    sample_of = models.ForeignKey(
        "Organisation",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="made up for this organisation's sample; logs in nowhere and goes with it",
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            # The mark with which Django says that no password fits.
            models.CheckConstraint(
                condition=models.Q(sample_of=None) | models.Q(password__startswith="!"),  # noqa: S106
                name="sample_people_have_no_password",
            )
        ]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Organisation(models.Model):
    """A company that buys or dials. Only its members and the other sides of its engagements know it."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    name = models.CharField(max_length=120)
    sample_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="sample",
        help_text="made up as the other side of this organisation's sample, and goes with it",
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Logo(models.Model):
    """A logo that an organisation has or had, as the program made it; never changed, for papers name it by its hash."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="logos")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(help_text="an opaque PNG of at most 480 × 160 pixels")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="logo_once_an_organisation")
        ]

    def __str__(self) -> str:
        return f"logo {self.sha256[:12]}"


class Brand(models.Model):
    """An organisation's colour and logo, as it and the other sides of its engagements see them now."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="brand")
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb, or empty")
    logo_sha256 = models.CharField(max_length=64, blank=True, help_text="of one of its logos, or empty")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(colour="") | models.Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="brand_colour_is_hex",
                violation_error_message="A colour reads “#0a5fb4”.",
            )
        ]

    def __str__(self) -> str:
        return f"brand of {self.organisation_id}"


class Membership(models.Model):
    """A person in an organisation. Ended, not deleted: history keeps its names."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=OrganisationRole, default=OrganisationRole.MEMBER)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="one_current_membership",
                violation_error_message="This person already belongs to the organisation.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class Invitation(models.Model):
    """A way in for one e-mail address: to an organisation, and where wanted to one engagement with its roles.

    Only the hash of the token is kept. `engagement_id` and `participant_roles` are plain values because
    engagements lie above this app.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    invited_by_organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    email = models.EmailField("e-mail")
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=OrganisationRole, default=OrganisationRole.MEMBER)
    engagement_id = models.BigIntegerField(null=True, blank=True)
    side = models.CharField(max_length=10, blank=True)
    participant_roles = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"


class ApiToken(models.Model):
    """A key for a program that acts as one person in one organisation. Only its hash is kept."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="shown in lists so that people can tell keys apart")
    token_hash = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class SavedView(models.Model):
    """A list as one person wants to see it again: filter and order under a name. Nobody else sees it."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="the question of the page's address")
    lands = models.BooleanField(default=False, help_text="what the page opens with")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "page", "name"],
                name="one_view_of_a_name",
                violation_error_message="You have a view of this name already.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "user", "page"],
                condition=models.Q(lands=True),
                name="one_view_to_land_on",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """A line of the trail, read-only: who did what, when, from where, before and after.

    Backed by a view over the append-only table, whose rows only `app.append_trail()` can write.
    """

    engagement_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    actor_organisation = models.CharField(max_length=120)
    address = models.CharField(max_length=45)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"


class TrailEntry(Line):
    """A line of whatever the context sees."""

    class Meta:
        managed = False
        db_table = "accounts_trail"
        ordering = ["-sequence"]


class OwnTrailEntry(Line):
    """A line about an organisation itself, found without looking through those of its engagements."""

    class Meta:
        managed = False
        db_table = "accounts_own_trail"
        ordering = ["-sequence"]
