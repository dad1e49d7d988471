"""Opening a sample: an engagement with an organisation and people that are made up, for one organisation to look at."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts import trail
from accounts.models import Membership, Organisation, User
from accounts.roles import OrganisationRole, Permission, Side
from accounts.seat import Seat
from common.days import contracted_launch
from common.errors import Refused
from tenancy import context

from ..models import Engagement, Participant
from ..selectors import sample_of
from ..work import WorkRules, keep_work_rules
from .opening import record_opening
from .team import Owner, by_address, own_side


@transaction.atomic
def open_sample(
    *,
    by: Seat,
    public_id: UUID,
    campaign: str,
    side: Side,
    other: str,
    kickoff_on: date,
    zone: str,
    owners: Sequence[Owner],
) -> tuple[Engagement, dict[str, User]]:
    """Open the sample of the actor's organisation, on `side`, with one that is made up and called `other`.

    All owners are made up too, and in at once: nobody is invited, nobody gets a mail. They act until `send_home`.
    Returns the engagement, which the transaction sees from then on, and the people by address. Raises Refused for a
    second sample.
    """
    by.require(Permission.CREATE_ENGAGEMENT)
    own = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation.pk)
    if sample_of(own) is not None:
        raise Refused("Your organisation has a sample already.")
    organisation = Organisation(pk=context.new_organisation_id(own=True), name=other, sample_of=own)
    organisation.save(force_insert=True)
    sides = {side: own, side.other: organisation}
    people = {
        person[0].email: User.objects.create_user(
            email=person[0].email, name=person[0].name, sample_of=own, reminders=False
        )
        for person in by_address(owners)
    }
    for person in by_address(owners):
        Membership.objects.create(
            organisation=sides[person[0].side], user=people[person[0].email], role=OrganisationRole.MEMBER
        )
    engagement = Engagement(
        pk=context.new_engagement_id(), public_id=public_id, campaign=campaign, client=sides[Side.CLIENT],
        operator=sides[Side.OPERATOR], zone=zone, kickoff_on=kickoff_on, launch_on=contracted_launch(kickoff_on),
        is_sample=True, created_by=by.user,
    )  # fmt: skip
    keep_work_rules(engagement, WorkRules())
    engagement.save(force_insert=True)
    record_opening(engagement, by)
    for owner in owners:
        user = people[owner.email]
        Participant.objects.create(
            engagement=engagement,
            side=owner.side,
            role=owner.role,
            name=user.name,
            email=user.email,
            user=user,
        )
    return engagement, people


@transaction.atomic
def join_sample(*, engagement: Engagement, by: Seat, owner: Owner) -> Participant:
    """Give somebody real, who has opened the sample, a role on their own side."""
    participant = Participant.objects.create(
        engagement=engagement, side=own_side(by), role=owner.role, name=by.user.name, email=by.user.email, user=by.user
    )  # fmt: skip
    trail.record(
        by=by,
        action="participant.added",
        subject=participant.name,
        engagement_id=engagement.pk,
        after={"side": participant.side, "roles": [participant.role], "email": participant.email},
    )
    return participant


@transaction.atomic
def send_home(*, organisation: Organisation) -> None:
    """Whoever was made up for an organisation's sample belongs nowhere from now on: what they did keeps their names."""
    Membership.objects.filter(user__sample_of=organisation).delete()
    User.objects.filter(sample_of=organisation).update(is_active=False)
