"""Where a page of another part offers the newest paper of a kind."""

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import reverse

from engagements.models import Engagement
from reports.models import Deliverable
from reports.selectors.deliverables import state_of
from reports.snapshots import Kind

register = template.Library()


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of a paper: its state (done, waiting, running, failed), its page, its file, its progress."""

    state: str
    version: int
    url: str
    download_url: str
    poll_url: str


@register.simple_tag(takes_context=True)
def newest_paper(context: Context, engagement: Engagement, kind: str) -> Newest | None:
    """The newest version of a kind of paper, or None. One query a page, however many blocks ask."""
    asked = f"newest paper {kind} of {engagement.pk}"
    if asked not in context.render_context:
        context.render_context[asked] = _newest(engagement, kind)
    found: Newest | None = context.render_context[asked]
    return found


def _newest(engagement: Engagement, kind: str) -> Newest | None:
    listed = Deliverable.objects.filter(engagement=engagement, kind=Kind(kind)).select_related("job")
    found = listed.defer("snapshot", "summary").order_by("-version").first()
    if found is None:
        return None
    here = [engagement.public_id, found.public_id]
    state = state_of(found)
    return Newest(
        state=state,
        version=found.version,
        url=reverse("reports:deliverable", args=here),
        download_url=reverse("reports:download", args=here),
        poll_url=reverse("reports:progress", args=here) if state in ("waiting", "running") else "",
    )
