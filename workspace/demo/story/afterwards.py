"""The demo's later stages: what became of transfers days after the call, by the client's CRM and by a closer's link."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from engagements.stages import Stage
from kpis.models import CallRecord, SheetKind
from kpis.selectors.closer_links import LinkedTransfer, linked_transfers
from kpis.services import closer_links, outcomes, sheets
from kpis.services.outcomes import Told

from ..cast import Person
from .scene import ADDRESS, Scene

COLUMNS = ("lead_id", "stage", "date", "amount")
SIGNED_AFTER, MET_AFTER = (
    timedelta(days=4),
    timedelta(days=2),
)  # how long a household takes to decide, or to meet
NOBODYS = "L00042"  # a lead that never was in the dialer
LINK_DAYS = 21


class Afterwards(Scene):
    """Households that sign days after the visit, or keep a second appointment: the dialer does not learn of it."""

    def tell_outcomes(self, day: int, person: Person, *, first: int, last: int, hour: int = 8) -> None:
        """Somebody brings in the CRM's list of what the transfers of these days have come to since."""
        with self.at(day, hour), self.acting(person) as by:
            calls = CallRecord.objects.filter(
                engagement=self.engagement, depth__gte=Stage.TRANSFER,
                day__range=(self.calendar.date_of(first), self.calendar.date_of(last)),
            ).order_by("day", "called_at", "pk")  # fmt: skip
            out = io.StringIO()
            rows = csv.writer(out, lineterminator="\n")
            rows.writerow(COLUMNS)
            rows.writerows(_came_to(calls, self.calendar.date_of(day)))
            rows.writerow((NOBODYS, "show", self.calendar.date_of(day - 1), ""))
            sheet, _ = sheets.upload_sheet(
                engagement=self.engagement, by=by, data=out.getvalue().encode(), kind=SheetKind.OUTCOMES,
                file_name=f"crm-outcomes-day-{first}-to-{last}.csv",
            )  # fmt: skip
            outcomes.take_in_outcomes(sheet=sheet, by=by)

    def link_for(self, day: int, person: Person, *, closer: str, first: int, last: int, hour: int = 8) -> str:
        """Somebody makes a link for a closer on their transfers of these days; the token that stands in it."""
        with self.at(day, hour), self.acting(person) as by:
            _, token = closer_links.make_link(
                engagement=self.engagement, by=by, name=closer, closer=closer, days=LINK_DAYS,
                first=self.calendar.date_of(first), last=self.calendar.date_of(last),
            )  # fmt: skip
            return token

    def closer_tells(self, day: int, token: str, *, but: int, hour: int = 8) -> None:
        """The closer says what became of all transfers of the link but for the last few."""
        with self.at(day, hour):
            today = self.calendar.date_of(day)
            waiting = [one for one in linked_transfers(token) if one.stage is None]
            said = [
                _said(one, place, today) for place, one in enumerate(waiting[: max(len(waiting) - but, 1)])
            ]
            closer_links.tell_by_link(token=token, said=said, address=ADDRESS)


def _came_to(calls: Iterable[CallRecord], today: date) -> Iterator[tuple[object, ...]]:
    """Every third household that met a closer signs later, every sixth that missed it meets one after all."""
    missed = met = 0
    for call in calls:
        if call.depth == Stage.SHOW:
            met += 1
            if met % 3 == 0:
                signed = min(call.day + SIGNED_AFTER, today)
                yield call.lead_ref, "closed", signed, f"{6400 + 350 * (met % 11)}.00"
        elif call.depth == Stage.TRANSFER:
            missed += 1
            if missed % 6 == 1:
                yield call.lead_ref, "show", min(call.day + MET_AFTER, today), ""


def _said(one: LinkedTransfer, place: int, today: date) -> Told:
    stage = (Stage.SHOW, Stage.TRANSFER, Stage.CLOSE)[place % 3]
    value = Decimal(8200) if stage is Stage.CLOSE else None
    return Told(one.key, stage, min(one.day + timedelta(days=1), today), value)
