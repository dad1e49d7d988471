"""What pages below the plan tell of it."""

from collections.abc import Sequence

from django import template

from engagements.models import Engagement
from milestones.models import Milestone
from milestones.selectors.brief_signing import waits_beside_the_brief

register = template.Library()


@register.simple_tag
def beside_the_brief(engagement: Engagement) -> Sequence[Milestone]:
    """The open milestones that the brief's own milestone waits for, beside the signatures. Two queries."""
    return waits_beside_the_brief(engagement)
