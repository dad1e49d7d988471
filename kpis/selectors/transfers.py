"""The log of transfers: every call that was transferred, with what was seen of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common import clock
from common.days import LAUNCH_DAY
from engagements.models import Engagement
from engagements.stages import Stage
from kpis.models import CallRecord, DailyFact, TransferCheck
from kpis.qa.transfers import Seen, TransferMeter, launch_gaps, meter
from kpis.selectors.qa import SUPERVISED_LAST_DAY

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transferred call with the newest of what was seen of it; `earlier` is what stood before that."""

    call: CallRecord
    check: TransferCheck | None
    earlier: tuple[TransferCheck, ...]


def supervised_days(engagement: Engagement) -> tuple[date, date]:
    """The dates of days 11 to 14."""
    calendar = engagement.calendar
    return calendar.date_of(LAUNCH_DAY), calendar.date_of(SUPERVISED_LAST_DAY)


def transfer_meter(engagement: Engagement, first: date, last: date) -> TransferMeter:
    """How many transfers of these dates are verified. Two queries."""
    keys = CallRecord.objects.filter(
        engagement=engagement, day__range=(first, last), depth__gte=Stage.TRANSFER
    ).values_list("call_key", flat=True)
    newest = _newest(TransferCheck.objects.filter(engagement=engagement, day__range=(first, last)))
    checks = {key: found[0] for key, found in newest.items()}
    return meter([Seen(c.connected, c.briefed) if (c := checks.get(key)) else None for key in keys])


def meter_of(found: Iterable[Transfer]) -> TransferMeter:
    """The same of transfers that have been read."""
    return meter([Seen(c.connected, c.briefed) if (c := one.check) else None for one in found])


def transfers(engagement: Engagement, first: date, last: date) -> list[Transfer]:
    """The transfers of these dates, those that nobody has verified first. Two queries."""
    calls = list(
        CallRecord.objects.filter(engagement=engagement, day__range=(first, last), depth__gte=Stage.TRANSFER)
        .select_related("agent__belongs_to", "disposition")
        .order_by("day", "called_at", "pk")
    )
    checks = _newest(TransferCheck.objects.filter(engagement=engagement, day__range=(first, last)))
    made = []
    for call in calls:
        found = checks.get(call.call_key, [])
        made.append(Transfer(call, found[0] if found else None, tuple(found[1:])))
    return sorted(made, key=lambda one: one.check is not None)


def transfer_gaps(engagement: Engagement) -> list[str]:
    """Say what is missing before every transfer of the supervised launch is verified."""
    first, last = supervised_days(engagement)
    return launch_gaps(
        transfer_meter(engagement, first, last),
        calls=DailyFact.objects.filter(engagement=engagement, day__range=(first, last)).exists(),
        over=clock.today(engagement.zone) >= last,
    )


def _newest(checks: Iterable[TransferCheck]) -> dict[int, list[TransferCheck]]:
    """The verifications of each call, the newest first."""
    found: dict[int, list[TransferCheck]] = {}
    for check in checks:
        found.setdefault(check.call_key, []).append(check)
    return found
