"""Presets that an engagement made itself: saved mappings of columns, beside those that ship with Tollgate."""

from collections.abc import Iterable, Mapping

from engagements.models import Engagement
from engagements.outcomes import Outcome
from kpis.models import ColumnMapping, Import

from .layout import Layout
from .presets import PRESETS, SYSTEMS, Preset, Unit, column_name, of_system

PREFIX = "map-"
# What makes two rows the same call where a file has no call ids.
STAND_IN = ("called_at", "phone", "lead_ref", "agent")


def as_preset(mapping: ColumnMapping) -> Preset:
    """A saved mapping as a reading uses it. Its codes mean what an outcome's own name says, until somebody says."""
    columns = {field: (column,) for field, column in mapping.columns.items()}
    return Preset(
        name=f"{PREFIX}{mapping.pk}",
        label=mapping.name,
        help="A mapping of columns that was saved for this engagement.",
        signature=frozenset(mapping.columns.values()),
        columns=columns,
        outcomes={outcome.value: outcome for outcome in Outcome},
        key=("call_id",),
        stand_in=() if "call_id" in columns else STAND_IN,
        places=tuple(mapping.header) if mapping.headless else (),
        unit=Unit[mapping.unit.upper()],
        ragged=mapping.headless,
        tells_contact=False,
        zone=mapping.source_zone or None,
    )


def mappings(engagement: Engagement) -> dict[str, Preset]:
    """The engagement's own mappings, by the name under which imports carry them. One query."""
    found = [as_preset(mapping) for mapping in ColumnMapping.objects.filter(engagement=engagement)]
    return {preset.name: preset for preset in found}


def presets(engagement: Engagement) -> Mapping[str, Preset]:
    """Every preset that a file of this engagement can be read by. One query."""
    return {**mappings(engagement), **PRESETS}


def systems(engagement: Engagement) -> Mapping[str, Preset]:
    """Whose codes there are in this engagement: those of the dialers known, and of its own mappings. One query."""
    return {**SYSTEMS, **mappings(engagement)}


def named(engagement: Engagement | int, name: str) -> Preset | None:
    """The preset of this name; None where there is none. No query for those that ship."""
    if name in PRESETS:
        return PRESETS[name]
    number = name.removeprefix(PREFIX)
    if not name.startswith(PREFIX) or not number.isdecimal():
        return None
    mapping = ColumnMapping.objects.filter(engagement=engagement, pk=int(number)).first()
    return as_preset(mapping) if mapping else None


def preset_of(batch: Import) -> Preset:
    """The preset by which an import is read."""
    preset = named(batch.engagement, batch.preset)
    if preset is None:
        raise LookupError(f"no preset {batch.preset}")
    return preset


def names_of(system: str) -> list[str]:
    """The presets that share this system's codes."""
    return of_system(system) or [system]


def system_of(name: str) -> str:
    """Whose codes a preset's are, from its name alone."""
    return PRESETS[name].system if name in PRESETS else name


def recognised(engagement: Engagement, layout: Layout) -> Preset | None:
    """What a file is by its header: the engagement's own mapping first, else a preset that ships. One query."""
    header = _compared(layout.header)
    for mapping in ColumnMapping.objects.filter(engagement=engagement, headless=False).order_by(
        "-changed_at"
    ):
        if _compared(mapping.header) == header:
            return as_preset(mapping)
    return layout.preset


def _compared(header: Iterable[str]) -> list[str]:
    return sorted(column_name(cell) for cell in header)
