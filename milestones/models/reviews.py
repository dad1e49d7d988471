"""Reviews on the timeline."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from .timeline import Dated


class Review(Dated):
    """A review on the timeline, with who must attend and what it covers."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    attendee_roles = ArrayField(models.CharField(max_length=20))
    agenda = ArrayField(models.CharField(max_length=200))
    held_on = models.DateField(null=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["engagement", "code"], name="review_once")]
