"""Each side changes its own people, and keeps somebody who can sign for it."""

import pytest

from accounts import services as accounts
from accounts.models import Membership, TrailEntry
from accounts.roles import OrganisationRole, ParticipantRole, Side
from accounts.seat import Seat
from common.errors import Refused
from engagements import services
from engagements.models import Participant
from tenancy.context import entered
from tests.factories import Cast, MembershipFactory, ParticipantFactory, UserFactory
from tests.milestones.scene import as_person
from tests.milestones.test_pages import at, browser
from tests.stage import backstage


def end(cast: Cast, participant: Participant) -> None:
    user = cast.operator_leader if participant.side == Side.OPERATOR else cast.client_lead
    with as_person(cast, user):
        services.end_participation(engagement=cast.engagement, by=cast.seat(user), participant=participant)


def part_of(cast: Cast, role: ParticipantRole) -> Participant:
    with backstage():
        return Participant.objects.filter(engagement=cast.engagement, role=role, ended_at=None).earliest("pk")


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (
            ParticipantRole.CAMPAIGN_MANAGER,
            "Mara Voss is the only campaign manager and signs for the operator",
        ),
        (ParticipantRole.CLIENT_LEAD, "Clara Lind is the only client lead and signs for the client"),
    ],
)
def test_the_only_signer_of_a_side_cannot_be_taken_out(
    cast: Cast, role: ParticipantRole, reason: str
) -> None:
    with backstage():  # invited, but not here yet: this person cannot sign
        side = part_of(cast, role).side
        ParticipantFactory(
            engagement=cast.engagement,
            role=role,
            side=side,
            user=None,
            name="Ines Ito",
            email="ines@new.example",
        )
    with pytest.raises(Refused, match=reason):
        end(cast, part_of(cast, role))
    assert part_of(cast, role).ended_at is None


def test_a_signer_goes_once_another_is_here(cast: Cast) -> None:
    with backstage():
        second = UserFactory(name="Ines Ito", email="ines@example.org")
        MembershipFactory(user=second, organisation=cast.operator_organisation)
        ParticipantFactory(engagement=cast.engagement, user=second)
    end(cast, part_of(cast, ParticipantRole.CAMPAIGN_MANAGER))
    assert part_of(cast, ParticipantRole.CAMPAIGN_MANAGER).name == "Ines Ito"


def test_whoever_does_not_sign_can_go(cast: Cast) -> None:
    gone = part_of(cast, ParticipantRole.QA_LEAD)
    end(cast, gone)
    with backstage():
        assert Participant.objects.get(pk=gone.pk).ended_at


def leave(cast: Cast, participant: Participant) -> list[str]:
    """The organisation's administrator ends the membership of somebody."""
    with entered(user_id=cast.operator_leader.pk, organisation_id=cast.operator_organisation.pk):
        seat = Seat(cast.operator_leader, cast.operator_organisation, OrganisationRole.ADMIN)
        membership = Membership.objects.get(user=participant.user, organisation=cast.operator_organisation)
        return accounts.end_membership(by=seat, membership=membership)


def test_whoever_leaves_the_organisation_takes_part_in_nothing_any_more(cast: Cast) -> None:
    manager = part_of(cast, ParticipantRole.CAMPAIGN_MANAGER)
    assert leave(cast, manager) == [
        "Spring windows has no campaign manager any more: name one on its team, who signs for the operator."
    ]
    with backstage():
        assert Participant.objects.get(pk=manager.pk).ended_at
        assert Participant.objects.filter(ended_at=None, side=Side.CLIENT).exists(), "the other side stays"
    with as_person(cast, cast.client_lead):
        assert TrailEntry.objects.get(action="participant.removed").subject == manager.name
    page = browser(cast.client_lead).get(at(cast, "team/")).text
    assert "Nobody signs for the operator: it has no campaign manager on the team." in page


def test_who_has_left_does_not_count_as_the_other_signer(cast: Cast) -> None:
    with backstage():
        second = UserFactory(name="Ines Ito", email="ines@example.org")
        MembershipFactory(user=second, organisation=cast.operator_organisation)
        gone = ParticipantFactory(engagement=cast.engagement, user=second)
    assert leave(cast, gone) == []
    with pytest.raises(Refused, match="is the only campaign manager"):
        end(cast, part_of(cast, ParticipantRole.CAMPAIGN_MANAGER))
