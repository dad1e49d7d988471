"""Whose side a cause is on."""

from django.db import models

from accounts.roles import Side


class CauseSide(models.TextChoices):
    OPERATOR = Side.OPERATOR.value, Side.OPERATOR.label
    CLIENT = Side.CLIENT.value, Side.CLIENT.label
    SHARED = "shared", "Shared"
