"""What the work costs: unit prices and the cost of an agent hour, in versions with the date from which they hold."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from engagements.models import Engagement


class UnitPrices(models.Model):
    """The prices that hold from a date on; append-only, the newest entry of a date counts."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="unit_prices")
    from_on = models.DateField()
    currency = models.CharField(max_length=3, help_text="ISO 4217, such as USD")
    dial = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    contact = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    qualified = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    transfer = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    show = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    agent_hour = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    dials_an_hour = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-from_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    dial__gte=0, contact__gte=0, qualified__gte=0, transfer__gte=0, show__gte=0,
                    agent_hour__gte=0, dials_an_hour__gte=0,
                ),
                name="prices_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(agent_hour=0) | Q(dials_an_hour__gt=0), name="an_hour_is_shared_by_its_dials"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Prices from {self.from_on}"
