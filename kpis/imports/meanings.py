"""What the codes of an export mean in an engagement: said for one, or for all that a file waits for."""

from collections.abc import Mapping

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from engagements.models import Engagement
from engagements.outcomes import Outcome
from kpis.models import CallRecord, CodeFact, Disposition, Import, RestatedBy

from . import facts, heard, store
from .codes import codes_of_brief
from .mapped import names_of, systems
from .parse import codes_of
from .presets import Preset
from .restating import restating


@transaction.atomic
def give_meanings(*, batch: Import, by: Seat, preset: Preset, meanings: Mapping[str, Outcome]) -> int:
    """Say what codes of a file mean before it is read, all of them or none. Returns how many were said."""
    by.require(Permission.IMPORT_CALLS)
    seen = codes_of(store.read(batch.path), preset)
    if strange := [code for code in meanings if code not in seen]:
        raise Refused(f"This file does not hold the code “{strange[0]}”.")
    for code, outcome in meanings.items():
        give_meaning(
            engagement=batch.engagement, by=by, system=preset.system, code=code, outcome=outcome, seen=seen
        )
    return len(meanings)


@transaction.atomic
def give_meaning(
    *,
    engagement: Engagement,
    by: Seat,
    system: str,
    code: str,
    outcome: Outcome,
    seen: frozenset[str] = frozenset(),
) -> Disposition:
    """Say what a code of a source system means here; calls that carry it already move to their new stage.

    `seen` are codes of a file that waits to be read.
    """
    by.require(Permission.IMPORT_CALLS)
    code = code.strip()
    source = systems(engagement).get(system)
    if source is None or not 0 < len(code) <= 40:
        raise Refused("Name a code of up to 40 characters, and the export that uses it.")
    facts.lock(engagement.pk)
    known = Disposition.objects.filter(engagement=engagement, system=system, code=code).first()
    if not known and code not in seen and not _waits(engagement, system, code):
        raise Refused(f"No file of {source.label} that was read here holds the code “{code}”.")
    before = {"outcome": known.outcome} if known else None
    agreed = codes_of_brief(engagement)
    version = agreed.version if agreed.meaning_of(code) == outcome else None
    if known and known.outcome == outcome and known.brief_version == version:
        return known
    disposition, _ = Disposition.objects.update_or_create(
        engagement=engagement,
        system=system,
        code=code,
        defaults={"outcome": outcome, "brief_version": version},
    )
    sums = CodeFact.objects.filter(engagement=engagement, disposition=disposition)
    days = list(sums.order_by().values_list("day", flat=True).distinct())
    calls = CallRecord.objects.filter(engagement=engagement, day__in=days, disposition=disposition)
    calls.update(depth=int(outcome.stage))
    heard.apply(engagement.pk, heard.told_keys(engagement.pk))
    changed = facts.update_measures(engagement.pk, system)
    with restating(
        engagement_id=engagement.pk, by=by, cause=RestatedBy.MEANING, subject=f"{code} ({source.label})"
    ):
        facts.refresh(engagement.pk, None if changed else days)
    trail.record(
        by=by,
        action="disposition.changed",
        subject=f"{code} ({source.label})",
        engagement_id=engagement.pk,
        before=before,
        after={"outcome": outcome.value, **({"brief_version": version} if version else {})},
    )
    return disposition


def _waits(engagement: Engagement, system: str, code: str) -> bool:
    """Whether rows of a file were rejected because this code had no meaning."""
    found = Import.objects.filter(engagement=engagement, preset__in=names_of(system)).values_list(
        "unknown_codes", flat=True
    )
    return any(code == waiting for codes in found for waiting, _ in codes)
