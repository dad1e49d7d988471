"""The cast: made backstage, so that a scene can be set without playing the scenes before it."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organisation, User
from accounts.roles import OrganisationRole, ParticipantRole, Side
from accounts.seat import Seat
from engagements.models import Engagement, Participant

PASSWORD = "a-long-test-password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        return model_class.objects.create_user(**{"password": PASSWORD, **kwargs})


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = OrganisationRole.MEMBER


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = Engagement

    campaign = factory.Sequence(lambda n: f"Campaign {n}")
    client = factory.SubFactory(OrganisationFactory)
    operator = factory.SubFactory(OrganisationFactory)
    zone = "America/New_York"
    kickoff_on = date(2026, 3, 2)
    launch_on = date(2026, 3, 12)
    created_by = factory.SubFactory(UserFactory)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    engagement = factory.SubFactory(EngagementFactory)
    side = Side.OPERATOR
    role = ParticipantRole.CAMPAIGN_MANAGER
    user = factory.SubFactory(UserFactory)
    name = factory.SelfAttribute("user.name")
    email = factory.SelfAttribute("user.email")


class Cast:
    """One engagement with a person in every role, an outsider, and somebody who has left."""

    def __init__(self) -> None:
        self.client_organisation = OrganisationFactory(name="Harbour Homes")
        self.operator_organisation = OrganisationFactory(name="Northline Calling")
        self.foreign_organisation = OrganisationFactory(name="Elsewhere Ltd")
        self.campaign_manager = self._person("Mara Voss", self.operator_organisation)
        self.supervisor = self._person("Sam Okafor", self.operator_organisation)
        self.qa_lead = self._person("Quinn Adler", self.operator_organisation)
        self.operator_leader = self._person("Olga Petrov", self.operator_organisation, OrganisationRole.ADMIN)
        self.client_lead = self._person("Clara Lind", self.client_organisation)
        self.closer_lead = self._person("Caleb Ross", self.client_organisation)
        self.client_leader = self._person("Lena Hart", self.client_organisation, OrganisationRole.LEADER)
        self.outsider = self._person("Otto Fremd", self.foreign_organisation, OrganisationRole.ADMIN)
        self.ex_member = self._person("Xenia Gone", self.operator_organisation, OrganisationRole.ADMIN)
        Membership.objects.filter(user=self.ex_member).update(ended_at="2026-03-01T00:00:00Z")
        self.engagement = EngagementFactory(
            campaign="Spring windows",
            client=self.client_organisation,
            operator=self.operator_organisation,
            created_by=self.campaign_manager,
        )
        for user, side, role in [
            (self.campaign_manager, Side.OPERATOR, ParticipantRole.CAMPAIGN_MANAGER),
            (self.supervisor, Side.OPERATOR, ParticipantRole.SUPERVISOR),
            (self.qa_lead, Side.OPERATOR, ParticipantRole.QA_LEAD),
            (self.client_lead, Side.CLIENT, ParticipantRole.CLIENT_LEAD),
            (self.closer_lead, Side.CLIENT, ParticipantRole.CLOSER_LEAD),
        ]:
            ParticipantFactory(engagement=self.engagement, side=side, role=role, user=user)

    @staticmethod
    def _person(
        name: str, organisation: Organisation, role: OrganisationRole = OrganisationRole.MEMBER
    ) -> User:
        user = UserFactory(name=name, email=f"{name.split()[0].lower()}@example.org")
        MembershipFactory(user=user, organisation=organisation, role=role)
        return user

    def seat(self, user: User) -> Seat:
        """The seat that this person has in the cast's engagement, whatever the context."""
        side = (
            Side.CLIENT if user in (self.client_lead, self.closer_lead, self.client_leader) else Side.OPERATOR
        )
        roles = {
            self.campaign_manager.pk: ParticipantRole.CAMPAIGN_MANAGER,
            self.supervisor.pk: ParticipantRole.SUPERVISOR,
            self.qa_lead.pk: ParticipantRole.QA_LEAD,
            self.client_lead.pk: ParticipantRole.CLIENT_LEAD,
            self.closer_lead.pk: ParticipantRole.CLOSER_LEAD,
        }
        organisation = self.client_organisation if side is Side.CLIENT else self.operator_organisation
        role = {
            self.operator_leader.pk: OrganisationRole.ADMIN,
            self.client_leader.pk: OrganisationRole.LEADER,
        }
        return Seat(
            user=user,
            organisation=organisation,
            role=role.get(user.pk, OrganisationRole.MEMBER),
            address="192.0.2.1",
            side=side,
            participant_roles=frozenset({roles[user.pk]} if user.pk in roles else ()),
        )
