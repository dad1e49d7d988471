"""Links for closers who have no account: made, withdrawn, and written by. The token is in the link alone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from accounts import trail
from accounts.models import Organisation, User
from accounts.roles import OrganisationRole, Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import token_hash
from common.names import checked_name
from common.wording import day_text, plural
from engagements.locking import hold
from engagements.models import Engagement
from engagements.stages import Stage
from kpis.imports import facts
from kpis.models import CloserLink
from kpis.selectors.closer_links import find_link, linked_transfers
from tenancy.context import entered

from .outcomes import Told, tell

LONGEST_LIFE = 60  # days
MOST_DAYS = 92
MOST_OPEN = 50


@transaction.atomic
def make_link(
    *, engagement: Engagement, by: Seat, name: str, closer: str, first: date, last: date, days: int
) -> tuple[CloserLink, str]:
    """Make a link for a closer, on their transfers of these dates; it works for so many days. Returns it and its token.

    Only the token's hash is kept: nobody can read the link again. Raises Refused with all that is wrong.
    """
    by.require(Permission.TELL_OUTCOMES)
    engagement = hold(engagement.pk)
    name = checked_name(name)
    reasons = []
    if engagement.is_sample:
        reasons.append("This is a sample: nobody outside of your organisation sees it.")
    if not 1 <= days <= LONGEST_LIFE:
        reasons.append(f"A link works for 1 to {LONGEST_LIFE} days.")
    if last < first:
        reasons.append("The last day lies before the first.")
    elif (last - first).days >= MOST_DAYS:
        reasons.append(f"A link is about at most {MOST_DAYS} days.")
    if first < engagement.kickoff_on:
        reasons.append(f"The campaign began on {day_text(engagement.kickoff_on)}.")
    now = clock.now()
    if (
        CloserLink.objects.filter(engagement=engagement, revoked_at=None, expires_at__gt=now).count()
        >= MOST_OPEN
    ):
        reasons.append(f"{MOST_OPEN} links are open already. Withdraw those that are not needed.")
    if reasons:
        raise Refused(reasons)
    token = secrets.token_urlsafe(32)
    link = CloserLink.objects.create(
        engagement=engagement, name=name[:120], closer=closer.strip()[:120], first_day=first, last_day=last,
        token_hash=token_hash(token), expires_at=now + timedelta(days=days), by=by.user, by_name=by.written_name(),
        by_side=(by.side or Side.OPERATOR).value, at=now,
    )  # fmt: skip
    trail.record(
        by=by, action="closer_link.made", subject=link.name, engagement_id=engagement.pk,
        after={"closer": link.closer, "first_day": first, "last_day": last, "expires_at": link.expires_at},
    )  # fmt: skip
    return link, token


@transaction.atomic
def revoke_link(*, link: CloserLink, by: Seat) -> None:
    """Withdraw a link at once; what was written by it stays. One that was withdrawn already stays as it is."""
    by.require(Permission.TELL_OUTCOMES)
    hold(link.engagement_id)
    changed = CloserLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by_name=by.written_name()
    )
    if changed:
        trail.record(
            by=by, action="closer_link.withdrawn", subject=link.name, engagement_id=link.engagement_id
        )


@dataclass(frozen=True)
class HolderSeat(Seat):
    """The seat of a link: it stands in the context of who made it, and writes under its own name."""

    holder: str = field(default="")

    def may(self, permission: Permission) -> bool:
        return permission is Permission.TELL_OUTCOMES

    def written_name(self, *permissions_used: Permission) -> str:
        return f"{self.holder} (closer’s link)"


def tell_by_link(*, token: str, said: Sequence[Told], address: str) -> int:
    """Write down what the holder of a link says; return how many statements are new.

    Raises Refused where the link does not work any more, and with what is wrong.
    """
    found = find_link(token)
    if found is None or found.state != "open":
        raise Refused("This link does not work any more. Nothing was written.")
    with entered(
        user_id=found.user_id, organisation_id=found.organisation_id, engagement_id=found.engagement_id
    ):
        facts.lock(found.engagement_id)
        engagement = hold(found.engagement_id)
        link = CloserLink.objects.get(pk=found.link_id)
        if link.revoked_at is not None:
            raise Refused("This link does not work any more. Nothing was written.")
        by = HolderSeat(
            user=User.objects.get(pk=found.user_id), organisation=Organisation.objects.get(pk=found.organisation_id),
            role=OrganisationRole.MEMBER, address=address, side=Side(link.by_side), holder=link.name,
        )  # fmt: skip
        days = {one.key: one.day for one in linked_transfers(token, [one.key for one in said])}
        written = tell(engagement=engagement, by=by, link=link, said=said, days=days)
        if written:
            trail.record(
                by=by, action="closer_link.told", subject=plural(written, "transfer"), engagement_id=engagement.pk,
                after={"link": str(link.public_id), **_counts(said)},
            )  # fmt: skip
    return written


def _counts(said: Sequence[Told]) -> dict[str, int]:
    return {
        "shown": sum(one.stage is Stage.SHOW for one in said),
        "closed": sum(one.stage is Stage.CLOSE for one in said),
        "no_shows": sum(one.stage is Stage.TRANSFER for one in said),
    }
