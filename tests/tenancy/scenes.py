"""Two tenants with one row in every guarded table, made backstage from the models themselves.

A new model gets its row without a word here; one whose constraints ask for more says so in `ASKS`.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Membership, Organisation, User
from accounts.roles import OrganisationRole, ParticipantRole, Side
from engagements.models import Agent, CampaignBrief, Engagement, Participant, Pseudonym
from tests.factories import (
    EngagementFactory,
    MembershipFactory,
    OrganisationFactory,
    ParticipantFactory,
    UserFactory,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

# What a model's constraints ask for beyond its required fields.
ASKS: dict[str, Callable[["Scene"], dict[str, Any]]] = {
    "accounts.Logo": lambda scene: {
        "content": b"a picture",
        "sha256": hashlib.sha256(scene.name.encode()).hexdigest(),
    },
    "accounts.Invitation": lambda scene: {"invited_by_organisation": scene.operator},
    "engagements.Agent": lambda scene: {"belongs_to": scene.agent(), "linked_at": NOON},
    "engagements.ScriptApproval": lambda scene: {"side": Side.OPERATOR},
    "engagements.BriefSignature": lambda scene: {"brief": scene.signed_brief(), "side": Side.OPERATOR},
    "engagements.Comment": lambda scene: {"by_side": Side.OPERATOR},
    "milestones.Evidence": lambda scene: {
        "milestone": scene.row(apps.get_model("milestones.Milestone")),
        "text": f"{scene.name} evidence",
    },
    "milestones.GateEvent": lambda scene: {"side": Side.OPERATOR, "until": date(2026, 3, 9)},
    "kpis.Finding": lambda _: {"metric_key": "contact_rate"},
    "kpis.FindingEvidence": lambda scene: {"text": f"{scene.name} evidence"},
    "kpis.ForwardAgreement": lambda _: {"side": Side.OPERATOR},
    "kpis.PlanAgreement": lambda _: {"side": Side.OPERATOR},
    "kpis.QaSample": lambda _: {"first_day": date(2026, 3, 12), "last_day": date(2026, 3, 14)},
    "kpis.QaReview": lambda scene: {
        "by_side": Side.OPERATOR,
        "heard": True,
        "reason": f"{scene.name} reason",
    },
    "kpis.TransferCheck": lambda scene: {"by_side": Side.OPERATOR, "note": f"{scene.name} seen"},
    "kpis.CloserLink": lambda _: {"by_side": Side.OPERATOR},
    "kpis.ToldOutcome": lambda scene: {"link": scene.row(apps.get_model("kpis.CloserLink"))},
    "kpis.ScalingProposal": lambda _: {"agents": 1},
    "reports.ReportReading": lambda scene: {"by": scene.client_lead, "by_side": Side.CLIENT},
    "milestones.SignOff": lambda scene: {"side": Side.OPERATOR},
    "milestones.PlanLock": lambda scene: {"side": Side.OPERATOR},
    "tenancy.Job": lambda scene: {
        "organisation_id": scene.operator.pk,
        "engagement_id": scene.engagement.pk,
        "user_id": scene.leader.pk,
    },
}


class Scene:
    """One engagement between two organisations of its own; every text in it begins with the scene's name.

    As a sample its client and the client's people are made up for its operator.
    """

    def __init__(self, name: str, *, operator: Organisation | None = None, sample: bool = False) -> None:
        self.name = name
        self.operator: Organisation = operator or OrganisationFactory(name=f"{name} operator")
        made_up: dict[str, Organisation] = {"sample_of": self.operator} if sample else {}
        self.client: Organisation = OrganisationFactory(name=f"{name} client", **made_up)
        self.leader = self._person("leader", self.operator, OrganisationRole.ADMIN)
        self.manager = self._person("manager", self.operator)
        self.client_lead = self._person("lead", self.client, **made_up)
        self.client_leader = self._person("client leader", self.client, OrganisationRole.ADMIN, **made_up)
        self.engagement: Engagement = EngagementFactory(
            campaign=f"{name} campaign",
            client=self.client,
            operator=self.operator,
            created_by=self.leader,
            is_sample=sample,
        )
        for user, side, role in [
            (self.manager, Side.OPERATOR, ParticipantRole.CAMPAIGN_MANAGER),
            (self.client_lead, Side.CLIENT, ParticipantRole.CLIENT_LEAD),
        ]:
            ParticipantFactory(engagement=self.engagement, side=side, role=role, user=user)
        self._rows: dict[type[models.Model], models.Model] = {
            Organisation: self.operator,
            Engagement: self.engagement,
            User: self.leader,
            Membership: self.leader.memberships.get(),
        }
        if sample:
            # Nobody is only named in one: whoever takes part is there.
            self._rows[Participant] = Participant.objects.get(user=self.client_lead)

    def row(self, model: type[models.Model]) -> models.Model:
        """This scene's row of the model, made at the first call together with all that it hangs on."""
        if model is Pseudonym and model not in self._rows:
            # The database makes it, with its agent.
            self._rows[model] = Pseudonym.objects.get(agent=self.row(Agent))
        if model not in self._rows:
            asked = ASKS.get(model._meta.label, lambda _: {})(self)
            values = {
                field.name: self._value(field)
                for field in model._meta.concrete_fields
                if field.name not in asked and _required(field)
            }
            self._rows[model] = model._base_manager.create(**values, **asked)
        return self._rows[model]

    def signed_brief(self) -> CampaignBrief:
        return CampaignBrief.objects.create(
            engagement=self.engagement, version=2, content_hash="b", created_by=self.leader, signed_at=NOON
        )

    def agent(self) -> Agent:
        return Agent.objects.create(engagement=self.engagement, name=f"{self.name} person")

    def _value(self, field: models.Field) -> Any:
        if field.is_relation:
            return self.row(field.related_model)
        if field.choices:
            return field.flatchoices[0][0]
        if isinstance(field, models.CharField | models.TextField):
            text = f"{self.name} {field.name}" + (f" {uuid4()}" if field.unique else "")
            return text[: field.max_length]
        for kind, value in _SAMPLES:
            if isinstance(field, kind):
                return value
        raise AssertionError(f"{field} needs a value: say it in ASKS.")

    def _person(
        self,
        role: str,
        organisation: Organisation,
        rank: OrganisationRole = OrganisationRole.MEMBER,
        **made_up: Organisation,
    ) -> User:
        address = f"{self.name}.{role}@example.org".replace(" ", "-").lower()
        name = f"{self.name} {role}"
        user: User = (
            User.objects.create_user(name=name, email=address, **made_up)
            if made_up
            else UserFactory(name=name, email=address)
        )
        MembershipFactory(user=user, organisation=organisation, role=rank)
        return user


_SAMPLES: list[tuple[type[models.Field], Any]] = [
    (models.DateTimeField, NOON),
    (models.DateField, date(2026, 3, 2)),
    (models.BooleanField, False),
    (models.IntegerField, 1),
    (models.DecimalField, Decimal("0.5")),
    (models.JSONField, {}),
    (ArrayField, []),
]


def _required(field: models.Field) -> bool:
    filled = field.primary_key or field.has_default() or field.has_db_default()
    return not (
        filled
        or field.null
        or field.blank
        or getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
    )


def models_by_table() -> dict[str, type[models.Model]]:
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
