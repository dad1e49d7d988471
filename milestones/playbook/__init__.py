"""Playbooks: the template of phases, milestones, readiness checks, reviews and gates.

Pure: data or YAML text in, frozen dataclasses out. A playbook with a mistake is refused whole, with every mistake named
and where it stands. `kinds` says what a playbook is made of, `reading` and `sense` what is right, `writing` how it is
written down, `shipped` which ones come with the program.
"""

from .difference import Change, differences
from .kinds import (
    NEEDS,
    ROLES,
    SIDES,
    Area,
    CheckSpec,
    GateSpec,
    MetricSpec,
    MilestoneSpec,
    Owned,
    Phase,
    Playbook,
    ReviewSpec,
)
from .lines import with_lines
from .mistakes import Mistake, PlaybookError
from .reading import OPTIONAL, PARTS, TOP, built, data_of, mistakes_of, parse, read
from .sense import OWNERS
from .shipped import FOLDER, USUAL, load, shipped
from .writing import as_data, as_yaml

__all__ = [
    "FOLDER",
    "NEEDS",
    "OPTIONAL",
    "OWNERS",
    "PARTS",
    "ROLES",
    "SIDES",
    "TOP",
    "USUAL",
    "Area",
    "Change",
    "CheckSpec",
    "GateSpec",
    "MetricSpec",
    "MilestoneSpec",
    "Mistake",
    "Owned",
    "Phase",
    "Playbook",
    "PlaybookError",
    "ReviewSpec",
    "as_data",
    "as_yaml",
    "built",
    "data_of",
    "differences",
    "load",
    "mistakes_of",
    "parse",
    "read",
    "shipped",
    "with_lines",
]
