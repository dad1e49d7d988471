"""What the codes of one export mean here: as given by hand, else by the brief in force, else by the preset."""

from collections.abc import Mapping
from dataclasses import dataclass

from engagements.models import Engagement
from engagements.outcomes import Outcome
from engagements.selectors import brief_codes, brief_in_force
from kpis.models import Disposition

from .presets import Preset


@dataclass(frozen=True, slots=True)
class BriefCodes:
    """The codes of the brief in force, in small letters; `version` is None where no brief is in force."""

    version: int | None
    meanings: Mapping[str, Outcome]

    def meaning_of(self, code: str) -> Outcome | None:
        return self.meanings.get(code.lower())


@dataclass(frozen=True, slots=True)
class CodeMap:
    """The meaning of each code; `from_brief` are those, in small letters, that have it from this brief version."""

    outcomes: Mapping[str, Outcome]
    brief_version: int | None = None
    from_brief: frozenset[str] = frozenset()


def codes_of_brief(engagement: Engagement) -> BriefCodes:
    """What the brief in force says of codes. One query."""
    brief = brief_in_force(engagement)
    codes = {code.lower(): outcome for code, outcome in brief_codes(brief).items()}
    return BriefCodes(brief.version if brief else None, codes)


def code_map(engagement: Engagement, preset: Preset) -> CodeMap:
    """How the codes of this export are read. Two queries."""
    given = Disposition.objects.filter(engagement=engagement, system=preset.system).values_list(
        "code", "outcome"
    )
    own = {code: Outcome(outcome) for code, outcome in given}
    by_hand = {code.lower() for code in own}
    brief = codes_of_brief(engagement)
    agreed = {code: outcome for code, outcome in brief.meanings.items() if code not in by_hand}
    usual = {code: outcome for code, outcome in preset.outcomes.items() if code.lower() not in agreed}
    return CodeMap({**usual, **agreed, **own}, brief.version, frozenset(agreed))
