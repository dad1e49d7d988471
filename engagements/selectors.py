"""What the pages of an engagement's brief and team read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts.roles import Side

from .models import BriefSignature, CampaignBrief, Engagement, Participant
from .rules import EMPTY_BRIEF, BriefContent, Difference, differences
from .terms import MetricContract


def brief_content(brief: CampaignBrief | None) -> BriefContent:
    """The terms and metrics of a version; of no version, what a new brief starts with."""
    if brief is None:
        return EMPTY_BRIEF
    metrics = [
        MetricContract(
            key=metric.key,
            label=metric.label,
            numerator=metric.numerator,
            denominator=metric.denominator,
            unit=metric.unit,
            direction=metric.direction,
            target=metric.target,
            minimum_sample=metric.minimum_sample,
            source_system=metric.source_system,
            dispute_rule=metric.dispute_rule,
        )
        for metric in brief.metrics.all()
    ]
    return BriefContent(brief.terms, metrics)


def brief_in_force(engagement: Engagement) -> CampaignBrief | None:
    """The newest version that both sides signed; None before there is one."""
    return engagement.briefs.filter(signed_at__isnull=False).order_by("-version").first()


def signed_by(brief: CampaignBrief) -> dict[Side, BriefSignature]:
    """The signature of each side that has signed this version."""
    return {Side(signature.side): signature for signature in brief.signatures.all()}


@dataclass(frozen=True)
class BriefPage:
    """One version as its page shows it; `brief` is None before anything was written."""

    brief: CampaignBrief | None
    content: BriefContent
    in_force: CampaignBrief | None
    versions: Sequence[CampaignBrief] = ()
    signatures: dict[Side, BriefSignature] = field(default_factory=dict)
    changes: Sequence[Difference] = ()

    @property
    def unsigned(self) -> list[Side]:
        """The sides whose signature this version still lacks."""
        return [side for side in Side if side not in self.signatures]

    @property
    def newest(self) -> bool:
        """Whether no later version exists."""
        return not self.versions or self.brief == self.versions[0]


def brief_page(engagement: Engagement, version: int | None = None) -> BriefPage | None:
    """Everything the brief's page shows for one version, the newest by default; None for a version that is not."""
    versions = list(
        engagement.briefs.select_related("created_by")
        .prefetch_related("metrics", "signatures")
        .order_by("-version")
    )
    in_force = next((brief for brief in versions if brief.signed_at), None)
    if version is None:
        chosen = versions[0] if versions else None
    else:
        chosen = next((brief for brief in versions if brief.version == version), None)
        if chosen is None:
            return None
    # A version is compared with the last one that both sides had signed before it.
    earlier = next(
        (brief for brief in versions if chosen and brief.signed_at and brief.version < chosen.version), None
    )
    content = brief_content(chosen)
    return BriefPage(
        brief=chosen,
        content=content,
        in_force=in_force,
        versions=versions,
        signatures=signed_by(chosen) if chosen else {},
        changes=differences(brief_content(earlier), content) if earlier else (),
    )


def team(engagement: Engagement) -> dict[Side, list[Participant]]:
    """The people of each side, by role; those who left are not among them."""
    people = (
        engagement.participants.filter(ended_at=None)
        .select_related("user", "substitute")
        .order_by("role", "name")
    )
    sides: dict[Side, list[Participant]] = {side: [] for side in Side}
    for person in people:
        sides[Side(person.side)].append(person)
    return sides


def possible_substitutes(people: Sequence[Participant], person: Participant) -> list[Participant]:
    """Who of the same side can stand in for somebody: everybody else who is here, each person once."""
    found: dict[str, Participant] = {}
    for other in people:
        if other.user_id and other.email.lower() != person.email.lower():
            # The participation that is named already stands for its person, so that the list shows it as chosen.
            if other.pk == person.substitute_id:
                found[other.email.lower()] = other
            found.setdefault(other.email.lower(), other)
    return list(found.values())
