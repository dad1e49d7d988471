"""Opening an engagement between two organisations."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from accounts import trail
from accounts.models import Organisation
from accounts.roles import Permission, Side
from accounts.seat import Seat
from accounts.services import LinkTo
from common.days import contracted_launch
from common.errors import Refused
from common.names import checked_name, name_blockers
from common.wording import work_text
from common.zones import is_zone
from tenancy import context

from ..access import take_seat
from ..models import Engagement
from ..rules import both_sides_reason, side_blockers
from ..work import WorkRules, keep_work_rules, work_blockers
from .team import Owner, by_address, seat_person


@transaction.atomic
def create_engagement(
    *,
    by: Seat,
    campaign: str,
    side: Side,
    other: Organisation | str,
    kickoff_on: date,
    zone: str,
    owners: Sequence[Owner],
    link_to: LinkTo,
    work: WorkRules | None = None,
) -> tuple[Engagement, Seat]:
    """Open an engagement between the actor's organisation, on `side`, and another one, with its named owners.

    `other` is an organisation that is known already, or the name of a new one; the first owner named for a
    new one becomes its administrator. Owners who are members of the actor's organisation are in at once, all
    others are invited by mail. `work` says which days are worked; without it every day is. Returns the
    engagement and the actor's seat in it; the transaction sees it from then on. Raises Refused with every reason.
    """
    by.require(Permission.CREATE_ENGAGEMENT)
    # One opening at a time per organisation, seeing what the one before has made: a form sent twice opens one.
    Organisation.objects.select_for_update().get(pk=by.organisation.pk)
    context.refresh()
    new_name = other.strip() if isinstance(other, str) else ""
    if reasons := [
        *_opening_reasons(by, side, other, zone, owners),
        *work_blockers(work or WorkRules()),
        *_twice(by, campaign, other, kickoff_on),
    ]:
        raise Refused(reasons)
    organisation = _new_organisation(new_name) if isinstance(other, str) else other
    sides = {side: by.organisation, side.other: organisation}
    engagement = Engagement(
        pk=context.new_engagement_id(), campaign=checked_name(campaign), client=sides[Side.CLIENT],
        operator=sides[Side.OPERATOR], zone=zone,
        kickoff_on=kickoff_on, launch_on=contracted_launch(kickoff_on), created_by=by.user,
    )  # fmt: skip
    keep_work_rules(engagement, work or WorkRules())
    engagement.save(force_insert=True)
    record_opening(engagement, by)
    administrator = next((owner.email for owner in owners if new_name and owner.side is side.other), None)
    for person in by_address(owners):
        seat_person(
            engagement, person, by=by, link_to=link_to, administrator=person[0].email == administrator
        )
    return engagement, take_seat(by, engagement)


def record_opening(engagement: Engagement, by: Seat) -> None:
    """The first line of an engagement's trail."""
    trail.record(
        by=by,
        action="engagement.created",
        subject=engagement.campaign,
        engagement_id=engagement.pk,
        after={
            "client": engagement.client.name,
            "operator": engagement.operator.name,
            "kickoff": engagement.kickoff_on,
            "zone": engagement.zone,
            "working days": work_text(engagement.work, engagement.holiday_place),
        },
    )


def _opening_reasons(
    by: Seat, side: Side, other: Organisation | str, zone: str, owners: Sequence[Owner]
) -> list[str]:
    reasons = [reason for owner in owners for reason in side_blockers(owner.role, owner.side)]
    own, theirs = (
        {person[0].email.strip().lower() for person in by_address(owners) if person[0].side is each}
        for each in (side, side.other)
    )
    reasons += [both_sides_reason(email, side) for email in sorted(own & theirs)]
    if not is_zone(zone):
        reasons.append(f"“{zone}” is no time zone.")
    if isinstance(other, Organisation):
        if other.pk == by.organisation.pk:
            reasons.append("Client and operator must be two organisations.")
    elif not other.strip():
        reasons.append("The other organisation needs a name.")
    elif wrong := name_blockers(other):
        reasons += wrong
    elif not any(owner.side is side.other for owner in owners):
        reasons.append(f"{other.strip()} is new here: name one person of it, who will be invited.")
    return reasons


def _twice(by: Seat, campaign: str, other: Organisation | str, kickoff_on: date) -> list[str]:
    """Say that this organisation is known, or this engagement open, already."""
    if isinstance(other, str):
        known = (
            Organisation.objects.filter(name__iexact=other.strip(), sample_of=None)
            .exclude(pk=by.organisation.pk)
            .exists()
        )
        return [f"You work with “{other.strip()}” already: choose it from the list."] if known else []
    same = Engagement.objects.filter(
        Q(client=other) | Q(operator=other), campaign__iexact=campaign.strip(), kickoff_on=kickoff_on
    )
    return (
        [f"“{campaign.strip()}” with {other.name} from this day on is open already."] if same.exists() else []
    )


def _new_organisation(name: str) -> Organisation:
    organisation = Organisation(pk=context.new_organisation_id(own=False), name=name)
    organisation.save(force_insert=True)
    return organisation
