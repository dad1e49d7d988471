"""Calls of agents who were not cleared, beside the agents: `{% load breaches %}`."""

from django import template

from engagements.models import Agent, Engagement
from kpis.selectors.breaches import uncleared_calls as counted

register = template.Library()


@register.simple_tag
def uncleared_calls(engagement: Engagement) -> dict[int, int]:
    """How many calls each agent of an engagement made while not cleared, by the agent's key. One query."""
    return counted(engagement)


@register.filter
def of_agent(calls: dict[int, int], agent: Agent) -> int:
    """The calls of one agent among `uncleared_calls`."""
    return calls.get(agent.pk, 0)
