"""The few functions that act with more than the caller's rights: what they open, and what they do not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.chairs import chairs_of
from accounts.models import ApiToken, Invitation, Membership, Organisation, User
from accounts.roles import OrganisationRole, Side
from common.hashing import token_hash
from engagements.models import Engagement, Participant
from tenancy import context
from tests.factories import Cast, EngagementFactory, OrganisationFactory, ParticipantFactory, UserFactory
from tests.stage import backstage

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _call(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _find_token(text: str) -> list[tuple[Any, ...]]:
    return _call("SELECT user_id, may_write FROM app.find_token(%s, %s)", token_hash(text), NOW)


@pytest.fixture
def token(cast: Cast) -> ApiToken:
    with backstage():
        return ApiToken.objects.create(
            user=cast.client_lead, organisation=cast.client_organisation, name="program", prefix="tg",
            token_hash=token_hash("secret"), expires_at=NOW + timedelta(days=1),
        )  # fmt: skip


def _change(row: ApiToken | Invitation | User | Membership, **values: object) -> None:
    with backstage():
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def test_a_token_opens_for_its_owner_only_while_it_holds(cast: Cast, token: ApiToken) -> None:
    assert _find_token("secret") == [(cast.client_lead.pk, False)]
    assert _find_token("other") == []


@pytest.mark.parametrize("ending", ["revoked", "expired", "left", "switched off"])
def test_a_token_ends_with_whatever_it_rests_on(cast: Cast, token: ApiToken, ending: str) -> None:
    match ending:
        case "revoked":
            _change(token, revoked_at=NOW)
        case "expired":
            _change(token, expires_at=NOW)
        case "left":
            _change(_membership(cast), ended_at=NOW)
        case _:
            _change(cast.client_lead, is_active=False)
    assert _find_token("secret") == []


def _membership(cast: Cast) -> Membership:
    with backstage():
        return Membership.objects.get(user=cast.client_lead)


def test_a_chair_stands_only_where_somebody_belongs_now(cast: Cast) -> None:
    assert [chair.name for chair in chairs_of(cast.client_lead.pk)] == ["Harbour Homes"]
    assert chairs_of(cast.ex_member.pk) == []
    _change(cast.client_lead, is_active=False)
    assert chairs_of(cast.client_lead.pk) == []


def _invite(cast: Cast, *, to: Organisation, by: Organisation, email: str = "new@example.org") -> Invitation:
    with backstage():
        return Invitation.objects.create(
            organisation=to, invited_by_organisation=by, email=email, invited_by=cast.operator_leader,
            role=OrganisationRole.ADMIN, token_hash=token_hash("letter"), expires_at=NOW + timedelta(days=1),
            engagement_id=cast.engagement.pk,
        )  # fmt: skip


def _accept(user: User, text: str = "letter") -> object:
    return _call("SELECT app.accept_invitation(%s, %s, %s)", token_hash(text), user.pk, NOW)[0][0]


def test_an_invitation_is_taken_once_by_its_addressee(cast: Cast) -> None:
    newcomer, thief = UserFactory(email="new@example.org"), UserFactory(email="thief@example.org")
    _invite(cast, to=cast.operator_organisation, by=cast.operator_organisation)
    assert _accept(thief) is None
    assert _accept(newcomer, "guess") is None
    assert _accept(newcomer) == cast.operator_organisation.pk
    assert _accept(newcomer) is None
    assert [chair.name for chair in chairs_of(newcomer.pk)] == ["Northline Calling"]


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": NOW}, {"expires_at": NOW}, {"accepted_at": NOW}],
    ids=["revoked", "expired", "taken"],
)
def test_an_invitation_that_has_ended_opens_nothing(cast: Cast, change: dict[str, datetime]) -> None:
    newcomer = UserFactory(email="new@example.org")
    _change(_invite(cast, to=cast.operator_organisation, by=cast.operator_organisation), **change)
    assert _accept(newcomer) is None
    assert chairs_of(newcomer.pk) == []


def test_one_side_cannot_put_its_people_into_the_other_sides_organisation(cast: Cast) -> None:
    friend = UserFactory(email="new@example.org")
    _invite(cast, to=cast.client_organisation, by=cast.operator_organisation)
    assert _accept(friend) is None
    assert chairs_of(friend.pk) == []


def test_the_first_people_of_a_new_organisation_are_let_in_by_whoever_opened_it(cast: Cast) -> None:
    newcomer = UserFactory(email="new@example.org")
    with backstage():
        fresh = OrganisationFactory(name="Fresh Client")
        engagement = EngagementFactory(client=fresh, operator=cast.operator_organisation)
        seat = ParticipantFactory(
            engagement=engagement,
            side=Side.CLIENT,
            role="client_lead",
            user=None,
            name="New",
            email="NEW@example.org",
        )
    letter = _invite(cast, to=fresh, by=cast.operator_organisation)
    _change(letter, engagement_id=engagement.pk)
    assert _accept(newcomer) == fresh.pk
    with context.entered(user_id=newcomer.pk):
        assert [one.pk for one in Engagement.objects.all()] == [engagement.pk]
        assert Participant.objects.get(pk=seat.pk).user_id == newcomer.pk


def test_nobody_invites_into_a_strangers_organisation(cast: Cast) -> None:
    with (
        context.entered(user_id=cast.operator_leader.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Invitation.objects.create(
            organisation=cast.foreign_organisation, invited_by_organisation=cast.operator_organisation,
            email="a@b.example", invited_by=cast.operator_leader, token_hash="h", expires_at=NOW,
        )  # fmt: skip


def test_nobody_opens_an_engagement_with_an_organisation_by_its_number(cast: Cast) -> None:
    """The name of the other side is shown to both, so a guessed number would reveal a stranger."""
    with (
        context.entered(user_id=cast.operator_leader.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Engagement(
            pk=context.new_engagement_id(), campaign="x", client=cast.foreign_organisation,
            operator=cast.operator_organisation, zone="UTC", kickoff_on=NOW.date(),
            launch_on=NOW.date() + timedelta(days=10), created_by=cast.operator_leader,
        ).save(force_insert=True)  # fmt: skip


def test_an_id_is_reserved_only_inside_a_context(cast: Cast) -> None:
    for reserve in (context.new_engagement_id, lambda: context.new_organisation_id(own=True)):
        with pytest.raises(DatabaseError, match="no tenant context"), transaction.atomic():
            reserve()


def test_a_new_organisation_is_ones_own_only_when_one_says_so(cast: Cast) -> None:
    with context.entered(user_id=cast.operator_leader.pk):
        other = Organisation(pk=context.new_organisation_id(own=False), name="Other")
        other.save(force_insert=True)
        assert Organisation.objects.filter(pk=other.pk).update(name="renamed") == 0
        own = Organisation(pk=context.new_organisation_id(own=True), name="Own")
        own.save(force_insert=True)
        assert Organisation.objects.filter(pk=own.pk).update(name="renamed") == 1
