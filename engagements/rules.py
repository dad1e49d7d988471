"""What may be done with a brief and a team, each rule with its reasons. Pure: no database, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from accounts.roles import SIDE_OF_ROLE, ParticipantRole, Side, in_a_sentence
from common.wording import joined

from .terms import SCHEMA, STANDARD_METRICS, TERMS, MetricContract
from .terms.checking import term_faults, term_gap
from .terms.comparing import METRICS, Difference, metric_differences, term_differences
from .terms.metrics import MEASURES, MOST_METRICS, metric_faults

SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class BriefContent:
    """Everything that a signature on a brief covers. `schema` says in which shape the terms are (see `terms.shape`)."""

    terms: Mapping[str, Any]
    metrics: Sequence[MetricContract]
    schema: int = SCHEMA

    def as_data(self) -> dict[str, Any]:
        """The content as plain data, in the one form that is hashed. Schema 1 hashes as it did when it was signed."""
        terms = {
            term.key: self.terms.get(term.key) or (term.empty if self.schema > 1 else "") for term in TERMS
        }
        return {
            **({"schema": self.schema} if self.schema > 1 else {}),
            "terms": terms,
            "metrics": [
                {
                    # What was signed before a metric could count the calls hashes as it did.
                    name: value
                    for name, value in asdict(metric).items()
                    if value or name not in MEASURES
                }
                | {"target": None if metric.target is None else f"{metric.target:.4f}"}
                for metric in self.metrics
            ],
        }

    def parts(self) -> dict[str, Any]:
        """The content by what can be written apart: each term, and the metrics."""
        data = self.as_data()
        return {**data["terms"], METRICS: data["metrics"]}


EMPTY_BRIEF = BriefContent({}, STANDARD_METRICS)


def brief_gaps(content: BriefContent) -> list[str]:
    """Say what still has to be written before anybody can sign this brief."""
    if content.schema == 1:
        gaps = [
            f"“{term.label}” is still empty." for term in TERMS if not content.terms.get(term.key, "").strip()
        ]
    else:
        gaps = [gap for term in TERMS if (gap := term_gap(term, content.terms.get(term.key)))]
    if not any(metric.target is not None for metric in content.metrics):
        gaps.append("No metric has a target yet, so nothing would say what the campaign should reach.")
    return gaps


def content_faults(content: BriefContent) -> list[str]:
    """Say what of this content cannot be kept at all, not even in a draft."""
    faults = [fault for term in TERMS for fault in term_faults(term, content.terms.get(term.key))]
    faults += [f"“{content.metrics[n].label}”: {reason}" for n, _, reason in metric_faults(content.metrics)]
    if len(content.metrics) > MOST_METRICS:
        faults.append(f"A brief holds {MOST_METRICS} metrics at most.")
    return faults


def changed_parts(before: BriefContent, after: BriefContent) -> list[str]:
    """The keys of the terms that differ, and "metrics" where these do."""
    was, now = before.parts(), after.parts()
    return [key for key in now if was[key] != now[key]]


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
class DraftFacts:
    """What may be done with a version that is not in force. `seen` is the hash of the page that the person read."""

    version: int
    current: str
    seen: str
    signed_by: Collection[Side]
    in_force: bool
    superseded: bool
    proposed: bool
    gaps: Sequence[str] = ()


def proposal_blockers(facts: DraftFacts) -> list[str]:
    """Say why nobody can be asked to sign this version now."""
    if reasons := _not_open(facts):
        return reasons
    if facts.proposed:
        return [f"Signatures for version {facts.version} are asked for already."]
    if facts.signed_by:
        return [
            f"Version {facts.version} is signed by {_signers(facts)}: it waits for the other side in its work already."
        ]
    return list(facts.gaps)


def _signers(facts: DraftFacts) -> str:
    return joined([f"the {side}" for side in facts.signed_by])


def discard_blockers(facts: DraftFacts, reason: str) -> list[str]:
    """Say why this draft cannot be discarded."""
    if reasons := _not_open(facts):
        return reasons
    if facts.signed_by:
        return [
            f"Version {facts.version} is signed by {_signers(facts)}: it stays. Write a new version instead."
        ]
    if len(reason.strip()) < SHORTEST_REASON:
        return ["Say in a sentence why the draft is discarded."]
    return []


def _not_open(facts: DraftFacts) -> list[str]:
    if facts.in_force:
        return [f"Version {facts.version} is signed by both sides and stays as it is."]
    if facts.superseded:
        return [f"Version {facts.version} was replaced or discarded already."]
    if facts.seen != facts.current:
        return ["The brief was changed after this page was loaded. Read what is new below first."]
    return []


def differences(before: BriefContent, after: BriefContent) -> list[Difference]:
    """List what changed from one version to the next: term by term, then the metrics."""
    return [*term_differences(before.terms, after.terms), *metric_differences(before.metrics, after.metrics)]


def both_sides_reason(email: str, other: Side) -> str:
    """Why somebody who stands on the other side cannot be named on this one."""
    return f"{email} stands on the {other.label.lower()}’s side of this engagement. Nobody acts for both."


def side_blockers(role: ParticipantRole, side: Side) -> list[str]:
    """Say why a role cannot be held on this side."""
    if side in SIDE_OF_ROLE[role]:
        return []
    sides = joined([allowed.label.lower() for allowed in SIDE_OF_ROLE[role]], "or")
    return [f"A {in_a_sentence(role.label)} belongs to the {sides}, not to the {side.label.lower()}."]
