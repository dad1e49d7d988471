"""What people were reminded of by mail."""

from django.db import models

from accounts.models import User


class Reminder(models.Model):
    """The one mail of a day to one person. It is taken before the mail goes out, so that no second one follows.

    `items` names what it was about, such as "milestone:<public id>", and never more than that.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()
    items = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_reminder_a_day")]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
