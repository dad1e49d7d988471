"""What every signature keeps."""

from django.db import models

from accounts.models import User
from accounts.roles import Side

from .engagement import Engagement


class Signature(models.Model):
    """What every signature keeps: who, for whom, when, from where, and the exact content."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=260, help_text='as written: a substitute signs "A for B"')
    organisation_name = models.CharField(max_length=120)
    address = models.CharField(max_length=45, blank=True)
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    consent = models.TextField(help_text="the sentence that the person agreed to")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} for {self.organisation_name}"
