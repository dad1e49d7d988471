"""Saving what the columns of an unknown file mean, under a name, for the next file with the same header."""

from collections.abc import Mapping

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from kpis.models import ColumnMapping, Import

from . import facts, history
from .mapped import as_preset
from .presets import column_name

# What a column can be for, in the order of the page. The first two no file can do without.
FIELDS: Mapping[str, str] = {
    "called_at": "Date and time of the call, or its date",
    "code": "Disposition: what came of the call",
    "called_time": "Time, where it stands beside the date",
    "call_id": "The dialer's id of the call",
    "lead_ref": "Id of the lead",
    "phone": "Number dialed",
    "phone_code": "Country code of the number",
    "agent": "Agent",
    "agent_name": "Name of the agent",
    "closer": "Closer who took the call over",
    "duration": "Duration of the call",
    "talk": "Time spoken",
    "wrap": "Work after the call",
    "direction": "Inbound or outbound",
    "lead_source": "Where the lead came from",
    "lead_created": "When the lead came in",
    "lead_zone": "Time zone of the lead",
    "region": "State or region",
    "postal_code": "Postal code",
    "attempt": "Which attempt it was",
    "recording": "Recording",
    "dials": "Number of dials in the row",
}
REQUIRED = ("called_at", "code")
DECIDES = ("header", "headless", "columns", "unit")


@transaction.atomic
def save(
    *,
    batch: Import,
    by: Seat,
    name: str,
    header: list[str],
    headless: bool,
    columns: Mapping[str, int],
    unit: str,
    date_order: str,
    source_zone: str,
) -> ColumnMapping:
    """Keep a mapping under its name and take this file for one of it. `columns` are places in `header`.

    Raises Refused where calls are in that were read by another mapping of this name.
    """
    by.require(Permission.IMPORT_CALLS)
    facts.lock(batch.engagement_id)
    batch = (
        Import.objects.select_for_update(of=("self",)).select_related("engagement", "job").get(pk=batch.pk)
    )
    if history.state_of(batch) is not history.State.DRAFT:
        raise Refused("This file has been read already. Remove the import first, then read it another way.")
    names = [f"column_{n}" if headless else column_name(cell) for n, cell in enumerate(header, start=1)]
    _refuse_twice(names, columns)
    value = {
        "header": names,
        "headless": headless,
        "columns": {field: names[place] for field, place in columns.items()},
        "unit": unit,
        "date_order": date_order,
        "source_zone": source_zone,
    }
    known = ColumnMapping.objects.filter(engagement=batch.engagement, name=name).first()
    before = {key: getattr(known, key) for key in value} if known else None
    if known and before and any(before[key] != value[key] for key in DECIDES):
        used = Import.objects.filter(engagement=batch.engagement, preset=as_preset(known).name)
        if used.exclude(finished_at=None).exists():
            raise Refused("Calls are in that were read by this mapping. Give the new one another name.")
    mapping, _ = ColumnMapping.objects.update_or_create(
        engagement=batch.engagement,
        name=name,
        defaults=value,
        create_defaults=value | {"created_by": by.user},
    )
    batch.preset, batch.source_zone, batch.date_order = as_preset(mapping).name, source_zone, date_order
    batch.save(update_fields=["preset", "source_zone", "date_order"])
    if before != value:
        trail.record(
            by=by,
            action="mapping.saved",
            subject=name,
            engagement_id=batch.engagement_id,
            before=before,
            after=value,
        )
    return mapping


def _refuse_twice(names: list[str], columns: Mapping[str, int]) -> None:
    if absent := [FIELDS[field] for field in REQUIRED if field not in columns]:
        raise Refused([f"Choose the column for “{label}”." for label in absent])
    for place in columns.values():
        if not 0 <= place < len(names):
            raise Refused("That column is not in this file.")
        if names.count(names[place]) > 1:
            raise Refused(
                f"Two columns are called “{names[place]}”. Rename one in the file, then upload it again."
            )
