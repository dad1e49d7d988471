"""What every piece of evidence keeps, whatever it proves."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User

from .engagement import Engagement


class ProofPiece(models.Model):
    """A sentence, a link or a file that somebody brought; what it proves is named by the model that inherits this."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    url = models.URLField(blank=True, max_length=500)
    file_name = models.CharField(max_length=200, blank=True, help_text="as the person named it")
    path = models.CharField(max_length=200, blank=True, help_text="below FILES_ROOT, made by the server")
    content_type = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name or self.url or self.text[:60]
