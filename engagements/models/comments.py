"""What people say about a place: comments that both sides read, and notes that one side keeps to itself."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import Side

from .engagement import Engagement


class Comment(models.Model):
    """One comment about one place of the engagement. It never changes; its author can withdraw it.

    `about` is the place's key, such as `milestone:<public_id>`, `gate:day-30` or `brief:calling_hours`. `side` is
    empty for what both sides read; a private note carries the side that alone may read it, and the database holds
    to that. `page` is the path of the page on which it was written, `title` what that place was called then.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="comments")
    about = models.CharField(max_length=120)
    side = models.CharField("read by", max_length=10, choices=Side, blank=True, help_text="empty: both sides")
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    by_side = models.CharField("spoke for", max_length=10, choices=Side)
    at = models.DateTimeField()
    page = models.CharField(max_length=300)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="comment_in_engagement"),
            models.UniqueConstraint(fields=["id", "engagement", "side"], name="comment_on_its_side"),
            models.CheckConstraint(
                condition=models.Q(side="") | models.Q(side=models.F("by_side")),
                name="note_of_own_side",
                violation_error_message="A private note belongs to the side of its author.",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "about", "at"], name="comment_about")]

    def __str__(self) -> str:
        return f"{self.by_name}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def address(self) -> str:
        """Where it stands: the page on which it was written, at its own place there."""
        return f"{self.page}#comment-{self.public_id}"


class Withdrawal(models.Model):
    """The author took a comment back: its words are shown to nobody any more, its place stays."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="withdrawals")
    side = models.CharField(max_length=10, choices=Side, blank=True, help_text="as of its comment")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "comment"],
                name="withdrawn_once",
                violation_error_message="This comment is withdrawn already.",
            )
        ]

    def __str__(self) -> str:
        return f"Withdrawn {self.at:%Y-%m-%d %H:%M}"


class Mention(models.Model):
    """Somebody named in a comment: it waits in their work until they have read or answered it."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    side = models.CharField(max_length=10, choices=Side, blank=True, help_text="as of its comment")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "comment", "user"],
                name="mentioned_once",
                violation_error_message="This person is mentioned already.",
            )
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="mention_unread")
        ]

    def __str__(self) -> str:
        return self.name
