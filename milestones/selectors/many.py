"""The standings of many engagements in a fixed number of queries, for the pages that read across them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from common import clock
from engagements.models import CampaignBrief, Engagement
from engagements.roster import rosters
from engagements.selectors import source_names
from kpis.selectors.breaches import breaches_of
from milestones.models import (
    DateProposal,
    Gate,
    LeadTest,
    Milestone,
    Plan,
    ReadinessCheck,
    Review,
    ReviewKind,
    Slip,
    TransferLine,
)
from milestones.selectors.standing import Standing, facts_of_briefs


def standings_of(engagements: Sequence[Engagement]) -> list[Standing]:
    """One standing per engagement, in their order, with everything read but evidence and numbers."""
    plans = {plan.engagement_id: plan for plan in _of(Plan, engagements).prefetch_related("locks")}
    milestones = _grouped(_of(Milestone, engagements).select_related("owner__substitute"))
    checks = _grouped(
        _of(ReadinessCheck, engagements).select_related("owner__substitute").prefetch_related("results")
    )
    gates = _grouped(_of(Gate, engagements).prefetch_related("sign_offs", "events"))
    slips = _grouped(_of(Slip, engagements).select_related("proposal"))
    reviews = _grouped(_of(Review, engagements).filter(kind=ReviewKind.DAY))
    proposals = _grouped(_of(DateProposal, engagements))
    lines = _grouped(_of(TransferLine, engagements).prefetch_related("tests__evidence"))
    leads = _grouped(_of(LeadTest, engagements))
    briefs = _grouped(_of(CampaignBrief, engagements).prefetch_related("signatures"))
    # Only the gate of day 10 asks who is cleared.
    dialling = rosters([each for each in engagements if not each.cleared])
    dialled = _grouped(breaches_of(engagements))
    standings = []
    for engagement in engagements:
        standing = Standing(engagement, clock.today(engagement.zone))
        # These attributes are cached properties: setting them saves the query that each would make.
        standing.plan = plans.get(engagement.pk)
        standing.milestones = milestones[engagement.pk]
        standing.checks = checks[engagement.pk]
        standing.gates = gates[engagement.pk]
        standing.all_slips = slips[engagement.pk]
        standing.reviews = reviews[engagement.pk]
        standing.proposals = proposals[engagement.pk]
        standing.lines = lines[engagement.pk]
        standing.lead_tests = leads[engagement.pk]
        standing.brief = facts_of_briefs(briefs[engagement.pk])
        in_force = next((brief for brief in briefs[engagement.pk] if brief.signed_at), None)
        standing.lead_sources = source_names(in_force)
        standing.breaches = dialled[engagement.pk]
        if engagement.pk in dialling:
            standing.roster = dialling[engagement.pk]
        standings.append(standing)
    return standings


def slipped(engagements: Sequence[Engagement]) -> list[Standing]:
    """One standing per engagement, in their order, with nothing read but the dates that slipped. One query."""
    slips = _grouped(_of(Slip, engagements).select_related("proposal"))
    standings = []
    for engagement in engagements:
        standing = Standing(engagement, clock.today(engagement.zone))
        standing.all_slips = slips[engagement.pk]
        standings.append(standing)
    return standings


def _of[M: Model](model: type[M], engagements: Iterable[Engagement]) -> QuerySet[M]:
    return model._default_manager.filter(engagement__in=[engagement.pk for engagement in engagements])


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.engagement_id].append(row)
    return groups
