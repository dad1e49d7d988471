"""What a signature under the brief leaves open: the milestone that asks for it may wait for something else."""

from engagements.models import Engagement
from milestones.models import Milestone, Plan


def waits_beside_the_brief(engagement: Engagement) -> list[Milestone]:
    """The open milestones that must be done, too, before the one that asks for the brief's signatures is; two queries.

    Nothing where it is done, or where no plan asks for it.
    """
    plan = Plan.objects.filter(engagement=engagement).first()
    specs = plan.book.milestones if plan else ()
    asking = {spec.code: spec.after for spec in specs if "brief_signed" in spec.needs}
    named = {code for after in asking.values() for code in after}
    if not named:
        return []
    items = Milestone.objects.filter(engagement=engagement, code__in=[*asking, *named], done_on=None)
    still = {item.code: item for item in items}
    return [still[code] for code in sorted(named & still.keys()) if asking.keys() & still.keys()]
