"""Where each open item is cleared: the page behind a blocker."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import NoReverseMatch

from common.ui import Reason, address
from engagements.models import Engagement
from milestones.rules.facts import Blocker, Kind

_PAGES = {
    Kind.GATE: "milestones:gates",
    Kind.PLAN: "milestones:plan",
    Kind.LAUNCH: "milestones:plan",
    Kind.BRIEF: "engagements:brief",
    Kind.MILESTONE: "milestones:plan",
    Kind.CHECK: "milestones:setup",
    Kind.AGENT: "engagements:agents",
    Kind.SCRIPT: "engagements:script",
    Kind.BREACH: "kpis:breaches",
    Kind.QA: "kpis:qa",
    Kind.TRANSFER: "kpis:transfers",
    Kind.WINDOWS: "kpis:windows",
    Kind.BASELINE: "kpis:numbers",
    Kind.FINDING: "kpis:findings",
    Kind.DELIVERABLE: "reports:deliverables",
    Kind.HOLD: "milestones:gates",
    Kind.DECLINE: "milestones:gates",
    Kind.CARRIED: "milestones:gates",
    Kind.REVIEW: "milestones:reviews",
    Kind.OPTIMISATION: "kpis:optimisation",
    Kind.FORWARD: "kpis:forward",
    Kind.SIGNATURE: "milestones:gates",
    Kind.ACTION: "milestones:reviews",
    Kind.FIX: "kpis:findings",
    Kind.SCALING: "kpis:optimisation",
}
_ITEMS = {
    Kind.BREACH: "kpis:breach",
    Kind.AGENT: "engagements:agent",
    Kind.MILESTONE: "milestones:milestone",
    Kind.CHECK: "milestones:check",
    Kind.REVIEW: "milestones:review",
    Kind.FINDING: "kpis:finding",
    Kind.FIX: "kpis:finding",
    Kind.SIGNATURE: "milestones:gate",
    Kind.DECLINE: "milestones:gate",
}

# Where the figures stand that a milestone of the calling playbook is proved by, with what the link says.
_FIGURES = {
    "first-dials": ("kpis:numbers", "The figures by day"),
    "live-tracking": ("kpis:numbers", "The figures by day"),
    "transfers-verified": ("kpis:transfers", "The log of transfers"),
    "dispositions-checked": ("kpis:qa", "Dispositions as heard"),
    "calling-windows": ("kpis:windows", "Every call against its window"),
    "qa-sample": ("kpis:qa", "The sample and how much of it is done"),
    "lead-response": ("kpis:response", "How fast leads are called"),
    "patterns": ("kpis:hours", "Rates by hour, source, agent and code"),
    "closer-feedback": ("kpis:closers", "What the closers say"),
    "baseline": ("kpis:numbers", "The baseline and its figures"),
    "bottleneck-plan": ("kpis:optimisation", "The bottleneck and the plan"),
    "scaling-assessed": ("kpis:optimisation", "Whether all targets hold"),
    "drift-checked": ("kpis:signals", "What shifted and what drifts"),
    "recommendations": ("kpis:forward", "The next 90 days"),
    "client-feedback": ("kpis:forward", "The next 90 days"),
    "forward-targets": ("kpis:forward", "The targets of the next 90 days"),
}


def figures_of(code: str, engagement: Engagement) -> Reason | None:
    """The page with the figures behind a milestone, as a link; None for one that no page tells."""
    told = _FIGURES.get(code)
    return Reason(told[1], address(told[0], engagement.public_id)) if told else None


def url_of(blocker: Blocker, engagement: Engagement) -> str:
    """The page that clears a blocker; empty when that page does not exist."""
    try:
        if blocker.kind in _ITEMS and (target := _id(blocker.target)):
            return address(_ITEMS[blocker.kind], engagement.public_id, target)
        if blocker.kind is Kind.DATE:
            return address("milestones:dates", engagement.public_id, blocker.target)
        page = address(_PAGES[blocker.kind], engagement.public_id)
    except NoReverseMatch:
        return ""
    if blocker.kind is Kind.CARRIED and (target := _id(blocker.target)):
        return address("milestones:gate", engagement.public_id, target) + "#found"
    if blocker.kind is Kind.ACTION:
        return f"{page}#action-{blocker.target}"
    if blocker.kind is Kind.WINDOWS and blocker.target:
        return f"{page}#day-{blocker.target.replace('-', '')}"
    if blocker.kind is Kind.LAUNCH:
        return f"{page}#launch"
    if blocker.kind is Kind.DELIVERABLE and blocker.target:
        return f"{page}#kind-{blocker.target}"
    return page


def _id(target: str) -> UUID | None:
    try:
        return UUID(target)
    except ValueError:
        return None


def reasons_of(blockers: Iterable[Blocker], engagement: Engagement) -> list[Reason]:
    """Blockers as the page lists them, each a link to what clears it."""
    return [Reason(blocker.text, url_of(blocker, engagement)) for blocker in blockers]


def item_urls(engagement: Engagement, codes: Iterable[tuple[str, str, UUID]]) -> dict[str, str]:
    """Addresses for the track: (kind, code, public id) to a map from "kind:code" to the page."""
    return {
        f"{kind}:{code}": address(f"milestones:{kind}", engagement.public_id, public_id)
        for kind, code, public_id in codes
    }
