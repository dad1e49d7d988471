"""What may be done with a brief and a team, each rule with its reasons. Pure: no database, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.roles import SIDE_OF_ROLE, ParticipantRole, Side, in_a_sentence
from common.wording import joined

from .terms import STANDARD_METRICS, TERMS, MetricContract


@dataclass(frozen=True, slots=True)
class BriefContent:
    """Everything that a signature on a brief covers."""

    terms: Mapping[str, str]
    metrics: Sequence[MetricContract]

    def as_data(self) -> dict[str, object]:
        """The content as plain data, in the one form that is hashed."""
        return {
            "terms": {term.key: self.terms.get(term.key, "") for term in TERMS},
            "metrics": [
                {
                    "key": metric.key,
                    "label": metric.label,
                    "numerator": metric.numerator,
                    "denominator": metric.denominator,
                    "unit": metric.unit,
                    "direction": metric.direction,
                    "target": None if metric.target is None else f"{metric.target:.4f}",
                    "minimum_sample": metric.minimum_sample,
                    "source_system": metric.source_system,
                    "dispute_rule": metric.dispute_rule,
                }
                for metric in self.metrics
            ],
        }


EMPTY_BRIEF = BriefContent({}, STANDARD_METRICS)


def brief_gaps(content: BriefContent) -> list[str]:
    """Say what still has to be written before anybody can sign this brief."""
    gaps = [
        f"“{term.label}” is still empty." for term in TERMS if not content.terms.get(term.key, "").strip()
    ]
    if not any(metric.target is not None for metric in content.metrics):
        gaps.append("No metric has a target yet, so nothing would say what the campaign should reach.")
    return gaps


@dataclass(frozen=True, slots=True)
class SubstituteFacts:
    """A wish to name somebody as the substitute of a role's holder."""

    holder: str
    holder_side: str
    ended: bool
    by_side: str
    by_holder: bool
    manages: bool
    substitute: str
    substitute_side: str
    substitute_here: bool
    same_person: bool


def substitute_blockers(facts: SubstituteFacts) -> list[str]:
    """Say why this person cannot be named as a substitute; `substitute` is empty where nobody is to be."""
    if facts.by_side != facts.holder_side:
        return ["Each side names its own substitutes only."]
    if facts.ended:
        return [f"{facts.holder} does not take part any more."]
    if not (facts.by_holder or facts.manages):
        return [f"{facts.holder} names their own substitute, or whoever manages the team."]
    if not facts.substitute:
        return []
    if facts.same_person:
        return [f"{facts.holder} cannot be their own substitute."]
    if facts.substitute_side != facts.holder_side:
        return [f"A substitute comes from the same side: {facts.substitute} is the other side's."]
    if not facts.substitute_here:
        return [
            f"{facts.substitute} does not take part: a substitute has accepted their invitation and is still here."
        ]
    return []


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """What a signature on a brief depends on. `seen` is the hash of the page that the person read."""

    version: int
    content: BriefContent
    current: str
    seen: str
    side: Side
    signed_by: Collection[Side]
    superseded: bool


def signing_blockers(facts: SigningFacts) -> list[str]:
    """Say why this version cannot be signed for this side now; an empty list means that it can."""
    if facts.superseded:
        return [f"Version {facts.version} was replaced by a newer one. Read and sign that one."]
    if facts.side in facts.signed_by:
        return [f"The {facts.side} has signed version {facts.version} already."]
    if facts.seen != facts.current:
        return ["The brief was changed after this page was loaded. Read what is new below, then sign."]
    return brief_gaps(facts.content)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise in the newer version."""

    label: str
    before: str
    after: str


def differences(before: BriefContent, after: BriefContent) -> list[Difference]:
    """List what changed from one version to the next: term by term, then metric by metric."""
    changed = [
        Difference(term.label, before.terms.get(term.key, ""), after.terms.get(term.key, ""))
        for term in TERMS
        if before.terms.get(term.key, "") != after.terms.get(term.key, "")
    ]
    old = {metric.key: metric for metric in before.metrics}
    new = {metric.key: metric for metric in after.metrics}
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if was != now:
            changed.append(Difference((new | old)[key].label, contract_text(was), contract_text(now)))
    return changed


def contract_text(metric: MetricContract | None) -> str:
    """Say a whole metric contract in one sentence, as differences and papers show it."""
    if metric is None:
        return ""
    parts = [
        f"{metric.numerator} ÷ {metric.denominator}",
        metric.target_words,
        f"judged from a denominator of {metric.minimum_sample:,}",
        *([f"source: {metric.source_system}"] if metric.source_system else []),
        *([f"disputes: {metric.dispute_rule}"] if metric.dispute_rule else []),
    ]
    return "; ".join(parts)


def parse_percent(text: str) -> Decimal | None:
    """Read "12", "12.5%" or "" as a fraction or nothing. Raises ValueError for anything else."""
    cleaned = text.strip().removesuffix("%").strip()
    if not cleaned:
        return None
    if not cleaned.replace(".", "", 1).isdecimal() or not cleaned.isascii():
        raise ValueError("Write a percentage such as 12 or 12.5.")
    if len(cleaned.partition(".")[2]) > 2:
        raise ValueError("Write a percentage with two decimals at most.")
    share = Decimal(cleaned) / 100
    if not share:
        raise ValueError("A target cannot be 0%. Leave it empty when none is agreed.")
    if share > 1:
        raise ValueError("A rate cannot be above 100%.")
    return share


def both_sides_reason(email: str, other: Side) -> str:
    """Why somebody who stands on the other side cannot be named on this one."""
    return f"{email} stands on the {other.label.lower()}’s side of this engagement. Nobody acts for both."


def side_blockers(role: ParticipantRole, side: Side) -> list[str]:
    """Say why a role cannot be held on this side."""
    if side in SIDE_OF_ROLE[role]:
        return []
    sides = joined([allowed.label.lower() for allowed in SIDE_OF_ROLE[role]], "or")
    return [f"A {in_a_sentence(role.label)} belongs to the {sides}, not to the {side.label.lower()}."]
