"""What of a plan is proved by the rows of an import, so that they cannot be taken back under it."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from common.days import SETUP_DAYS
from common.ui import Reason
from engagements.models import Engagement
from kpis.imports.leaning import leans_on_imports
from kpis.models import Import
from milestones.models import Evidence, Gate


@leans_on_imports
def proved_by(batch: Import) -> Iterator[Reason]:
    """Milestones that are done on these rows, and tests that they prove and that count now, each with its page.

    A test that another has followed leans on nothing: the newest counts, and the older keeps what was said of it.
    """
    engagement = batch.engagement
    about = ("milestone", "result__check_tested", "transfer_test__line", "lead_test")
    found = Evidence.objects.filter(engagement=engagement, imported=batch.public_id).select_related(*about)
    told = (_place(engagement, piece) for piece in found)
    yield from dict.fromkeys(place for place in told if place)


def _place(engagement: Engagement, piece: Evidence) -> Reason | None:
    setup_passed = engagement.passed_day >= SETUP_DAYS
    if item := piece.milestone:
        passed = Gate.objects.filter(
            engagement=engagement, code=item.gate_code, passed_at__isnull=False
        ).exists()
        said = f"“{item.title}” is done on the rows of this file"
        page = _page(engagement, "milestone", item.public_id)
        return _reason(said, passed, "reopen it with the reason first", page) if item.done_on else None
    said, again = (
        "The newest test of {} stands on the rows of this file",
        "test it again with other evidence first",
    )
    if result := piece.result:
        check = result.check_tested
        page = _page(engagement, "check", check.public_id)
        counts = check.results.first() == result
        return _reason(said.format(f"“{check.title}”"), setup_passed, again, page) if counts else None
    if test := piece.transfer_test:
        line = test.line
        page = _page(engagement, "line", line.public_id)
        counts = line.retired_at is None and line.tests.first() == test
        return _reason(said.format(f"the line “{line.name}”"), setup_passed, again, page) if counts else None
    if lead := piece.lead_test:
        newest = type(lead).objects.filter(engagement=engagement, lead=lead.lead).first()
        page = reverse("milestones:leads", args=[engagement.public_id])
        counts = newest == lead
        return _reason(said.format(f"the lead {lead.lead}"), setup_passed, again, page) if counts else None
    return None


def _page(engagement: Engagement, name: str, public_id: UUID) -> str:
    return reverse(f"milestones:{name}", args=[engagement.public_id, public_id])


def _reason(said: str, passed: bool, otherwise: str, page: str) -> Reason:
    return Reason(
        f"{said}, and its gate has passed on them: they stay." if passed else f"{said}: {otherwise}.", page
    )
