"""Who takes part."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import ParticipantRole, Side, in_a_sentence
from common import clock

from .engagement import Engagement


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def held_by(self, user: User | int) -> "ParticipantQuerySet":
        """The current roles that a person holds, or stands in for as the substitute."""
        return self.ever_held_by(user).filter(ended_at=None)

    def ever_held_by(self, user: User | int) -> "ParticipantQuerySet":
        """The same with the roles that have ended: what their holder owned is still theirs."""
        mine = models.Q(user=user) | models.Q(substitute__user=user, substitute__ended_at=None)
        return self.filter(mine)


class Participant(models.Model):
    """A person in one role on one side. `user` is empty until the person has accepted the invitation.

    `substitute` is a participation of somebody else on the same side, who may do what this role may.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="participants")
    side = models.CharField(max_length=10, choices=Side)
    role = models.CharField(max_length=20, choices=ParticipantRole)
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="participations")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    substitute = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="stands_in_for"
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["side", "role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="participant_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "email", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_current_participation",
                violation_error_message="This person already has this role here.",
            ),
            models.CheckConstraint(
                condition=~models.Q(substitute=models.F("id")),
                name="substitute_is_another",
                violation_error_message="Nobody is their own substitute.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def with_role(self) -> str:
        """The person as a list to choose from names them: "Clara Lind (client lead, client)"."""
        return f"{self.name} ({in_a_sentence(self.get_role_display())}, {self.get_side_display().lower()})"

    @property
    def stand_in(self) -> "Participant | None":
        """The substitute, as long as they take part themselves."""
        other = self.substitute
        return other if other and other.user_id and other.ended_at is None else None

    def answers(self, user: User) -> bool:
        """Whether this person holds the role or stands in for who does."""
        return user.pk == self.user_id or bool(self.stand_in and self.stand_in.user_id == user.pk)
