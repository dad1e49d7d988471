"""Transfers are verified one by one, by whoever saw them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import day_text, plural
from engagements.locking import hold
from engagements.models import Engagement
from engagements.stages import Stage
from kpis.models import CallRecord, TransferCheck
from kpis.qa.transfers import check_gaps


@dataclass(frozen=True)
class Check:
    """What was seen of one transfer: the call by its key, whether it connected, whether the closer was briefed.

    `seen` is the verification that the page showed, 0 for none.
    """

    key: int
    connected: bool
    briefed: bool | None
    note: str = ""
    seen: int = 0


@transaction.atomic
def verify_transfers(*, engagement: Engagement, by: Seat, checks: Sequence[Check]) -> list[TransferCheck]:
    """Write down what was seen of these transfers; one that was verified before is corrected, with a note.

    What says just what is written already adds nothing. Raises Refused with what is missing.
    """
    by.require(Permission.VERIFY_TRANSFER)
    engagement = hold(engagement.pk)
    if not checks:
        raise Refused("Say of at least one transfer what was seen.")
    keys = {check.key for check in checks}
    calls = {
        call.call_key: call
        for call in CallRecord.objects.filter(
            engagement=engagement, call_key__in=keys, depth__gte=Stage.TRANSFER
        ).select_related("agent")
    }
    newest = {check.call_key: check for check in reversed(_checks(engagement, keys))}
    made, corrected = [], 0
    for check in checks:
        call, before = calls.get(check.key), newest.get(check.key)
        if call is None:
            raise Refused("One of these calls is no transfer any more. Look at the list again.")
        if gaps := check_gaps(connected=check.connected, briefed=check.briefed, note=check.note):
            raise Refused([f"{_name(call)}: {gap}" for gap in gaps])
        if before and _says(before, check):
            continue
        if (before.pk if before else 0) != check.seen:
            raise Refused(
                f"{_name(call)}: somebody has verified it since this page was loaded. Look at the list again."
            )
        if before and not check.note.strip():
            raise Refused(f"{_name(call)}: say in the note why it is corrected.")
        corrected += before is not None
        made.append(
            TransferCheck(
                engagement=engagement, call_key=check.key, day=call.day, agent=call.agent, connected=check.connected,
                briefed=check.briefed, note=check.note.strip(), by=by.user, by_name=by.written_name(),
                by_side=(by.side or Side.OPERATOR).value, at=clock.now(),
            )
        )  # fmt: skip
    if not made:
        return []
    TransferCheck.objects.bulk_create(made)
    days = sorted({call.day for call in calls.values()})
    trail.record(
        by=by, action="transfer.corrected" if corrected == len(made) else "transfer.verified",
        subject=f"{plural(len(made), 'transfer')} of {day_text(days[0])}"
        + (f" to {day_text(days[-1])}" if len(days) > 1 else ""),
        engagement_id=engagement.pk,
        after={
            "connected": sum(one.connected for one in made),
            "briefed": sum(one.briefed is True for one in made),
            "corrected": corrected,
            "notes": [one.note for one in made if one.note],
        },
    )  # fmt: skip
    return made


def _checks(engagement: Engagement, keys: set[int]) -> list[TransferCheck]:
    return list(TransferCheck.objects.filter(engagement=engagement, call_key__in=keys))


def _says(before: TransferCheck, check: Check) -> bool:
    return (before.connected, before.briefed, before.note) == (
        check.connected,
        check.briefed,
        check.note.strip(),
    )


def _name(call: CallRecord) -> str:
    return f"Transfer of {day_text(call.day)} (line {call.row_no})"
