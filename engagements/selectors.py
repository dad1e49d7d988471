"""What the pages of an engagement's brief and team read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from accounts.models import Organisation
from accounts.roles import SIDE_OF_ROLE, SIGNING_ROLES, Side, in_a_sentence
from tenancy import context

from .mentions import Person
from .models import BriefSignature, CampaignBrief, Engagement, Participant
from .outcomes import Outcome
from .rules import EMPTY_BRIEF, BriefContent, differences
from .terms import SCHEMA, TERMS, MetricContract
from .terms.comparing import METRICS, Difference
from .terms.hours import RegionHours, regions
from .terms.metrics import CONTRACT
from .terms.words import Shown, show


def still_here(person: Participant) -> bool:
    """Whether somebody who takes part may still see the engagement: nobody else is sent mail about it.

    Asked as that person, of their own organisation: a membership that has ended counts at once. Whoever has not come
    in yet is here as long as they are named. About a sample nobody is sent any.
    """
    if person.engagement.is_sample:
        return False
    if person.ended_at is not None or person.user_id is None:
        return person.ended_at is None
    shared = person.engagement
    own = shared.client_id if person.side == Side.CLIENT else shared.operator_id
    with context.entered(user_id=person.user_id, organisation_id=own, engagement_id=shared.pk):
        return Engagement.objects.filter(pk=shared.pk).exists()


def sample_of(organisation: Organisation) -> Engagement | None:
    """The sample of an organisation, as far as the context shows it."""
    sides = Q(client=organisation) | Q(operator=organisation)
    found = Engagement.objects.select_related("client", "operator", "created_by").filter(
        sides, is_sample=True
    )
    return found.first()


def brief_content(brief: CampaignBrief | None) -> BriefContent:
    """The terms and metrics of a version; of no version, what a new brief starts with."""
    if brief is None:
        return EMPTY_BRIEF
    metrics = [
        MetricContract(**{name: getattr(metric, name) for name in CONTRACT}) for metric in brief.metrics.all()
    ]
    return BriefContent(brief.terms, metrics, brief.schema)


def current_brief(engagement: Engagement) -> CampaignBrief | None:
    """The version that a change starts from: the newest that nobody has discarded; None before there is one."""
    return engagement.briefs.filter(discard_reason="").order_by("-version").first()


def starting_point(engagement: Engagement) -> CampaignBrief | None:
    """The first version ever begun: its metrics are those of the playbook. None before there is one."""
    return engagement.briefs.order_by("version").first()


def content_to_change(engagement: Engagement, current: CampaignBrief | None) -> BriefContent:
    """What the form of the brief starts with: the current version, else no terms and the playbook's metrics."""
    if current is not None:
        return brief_content(current)
    return replace(brief_content(starting_point(engagement)), terms={}, schema=SCHEMA)


def source_names(brief: CampaignBrief | None) -> tuple[str, ...]:
    """The lead sources that a version of the brief names; none where it tells of them in a text only."""
    said = brief.terms.get("lead_sources") if brief else None
    rows = said.get("rows", []) if isinstance(said, dict) else []
    return tuple(str(row["name"]) for row in rows if row.get("name"))


def brief_codes(brief: CampaignBrief | None) -> dict[str, Outcome]:
    """What each disposition code means by a version of the brief; nothing where it does not say."""
    said = brief.terms.get("dispositions") if brief else None
    rows = said.get("rows", []) if isinstance(said, dict) else []
    return {row["code"]: Outcome(row["meaning"]) for row in rows}


def calling_hours(brief: CampaignBrief | None) -> list[RegionHours]:
    """The calling hours of each region by a version of the brief; nothing where it does not say."""
    said = brief.terms.get("calling_hours") if brief else None
    return regions(said.get("rows", [])) if isinstance(said, dict) else []


def brief_in_force(engagement: Engagement) -> CampaignBrief | None:
    """The newest version that both sides signed; None before there is one."""
    return engagement.briefs.filter(signed_at__isnull=False).order_by("-version").first()


def signed_by(brief: CampaignBrief) -> dict[Side, BriefSignature]:
    """The signature of each side that has signed this version."""
    return {Side(signature.side): signature for signature in brief.signatures.all()}


@dataclass(frozen=True)
class Edited:
    """Who changed a term last, and when."""

    by: str
    side: str
    at: datetime


@dataclass(frozen=True)
class BriefPage:
    """One version as its page shows it; `brief` is None before anything was written."""

    brief: CampaignBrief | None
    content: BriefContent
    in_force: CampaignBrief | None
    versions: Sequence[CampaignBrief] = ()
    signatures: dict[Side, BriefSignature] = field(default_factory=dict)
    earlier: CampaignBrief | None = None
    changes: Sequence[Difference] = ()

    @property
    def unsigned(self) -> list[Side]:
        """The sides whose signature this version still lacks."""
        return [side for side in Side if side not in self.signatures]

    @property
    def newest(self) -> bool:
        """Whether this is the version that a change starts from: no later one stands."""
        standing = next((brief for brief in self.versions if not brief.discarded), None)
        return self.brief == standing

    @property
    def terms(self) -> list[tuple[Shown, Edited | None]]:
        """Each term in words, and who changed it last."""
        return [(show(term, self.content.terms.get(term.key)), self.edited(term.key)) for term in TERMS]

    @property
    def metrics_edited(self) -> Edited | None:
        return self.edited(METRICS)

    def edited(self, key: str) -> Edited | None:
        """Who changed a term, or the metrics, in this version last; None where nobody has."""
        told = self.brief.edited.get(key) if self.brief else None
        return Edited(told["by"], told["side"], datetime.fromisoformat(told["at"])) if told else None


def versions_of(engagement: Engagement) -> list[CampaignBrief]:
    """Every version with its metrics, signatures and people, the newest first."""
    return list(
        engagement.briefs.select_related("created_by", "proposed_by", "discarded_by")
        .prefetch_related("metrics", "signatures")
        .order_by("-version")
    )


def brief_page(engagement: Engagement, version: int | None = None) -> BriefPage | None:
    """Everything the brief's page shows for one version, the newest by default; None for a version that is not."""
    versions = versions_of(engagement)
    in_force = next((brief for brief in versions if brief.signed_at), None)
    if version is None:
        chosen = next((brief for brief in versions if not brief.discarded), None)
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
        earlier=earlier,
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


def signs_missing(people: Mapping[Side, Sequence[Participant]]) -> list[str]:
    """Say for which side nobody can sign now, as nobody who leads it is here; the team as `team` gives it."""
    sentences = []
    for role in SIGNING_ROLES:
        (side,), label = SIDE_OF_ROLE[role], in_a_sentence(role.label)
        named = [person for person in people[side] if person.role == role]
        if not named:
            sentences.append(f"Nobody signs for the {side}: it has no {label} on the team.")
        elif not any(person.user_id for person in named):
            sentences.append(f"Nobody signs for the {side} yet: {named[0].name}, {label}, has not come in.")
    return sentences


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


def people_of(engagement: Engagement) -> list[Person]:
    """Everybody who takes part now, as somebody to be mentioned. One query."""
    return [
        Person(name=one.name, side=Side(one.side), user_id=one.user_id)
        for one in engagement.participants.filter(ended_at=None).order_by("name", "pk")
    ]
