"""The fixes of a finding: one more, done, or by another date."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from accounts.requests import TenantRequest
from accounts.roles import Permission
from common.forms import taken
from common.posting import posted_from
from common.wording import day_text
from engagements.access import open_engagement
from engagements.models import Engagement
from kpis.forms.findings import DoneForm, FixForm, PostponeForm
from kpis.models import Fix
from kpis.services import findings as services
from kpis.views.findings.answers import cause_of
from kpis.views.findings.page import asked_of, back_to, finding_page


@posted_from("kpis:finding", "engagement_id", "finding_id")
def add_fix(request: TenantRequest, engagement_id: UUID, finding_id: UUID, cause_id: UUID) -> HttpResponse:
    """Add one more fix to a cause."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    cause = cause_of(engagement, finding_id, cause_id)
    form = FixForm(request.POST, place=f"add_{cause.pk}", **asked_of(engagement, cause.finding))
    if taken(form, lambda: services.add_fix(cause=cause, by=seat, fix=form.fix)):
        messages.success(request, f"{cause.finding.metric_label}: the fix is added.")
        return back_to(engagement, cause.finding)
    return finding_page(request, engagement, seat, finding_id, adding={cause.pk: form})


@posted_from("kpis:finding", "engagement_id", "finding_id")
def fix_done(request: TenantRequest, engagement_id: UUID, finding_id: UUID, fix_id: UUID) -> HttpResponse:
    """Say when a fix was done."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    fix = _fix(engagement, finding_id, fix_id)
    form = DoneForm(request.POST, fix_id=fix.pk)
    if taken(
        form, lambda: services.mark_done(fix=fix, by=seat, done_on=form.cleaned_data["done_on"]), "done_on"
    ):
        messages.success(request, f"“{fix.action}” is marked as done.")
        return back_to(engagement, fix.finding)
    return finding_page(request, engagement, seat, finding_id, finishing={fix.pk: form})


@posted_from("kpis:finding", "engagement_id", "finding_id")
def postpone(request: TenantRequest, engagement_id: UUID, finding_id: UUID, fix_id: UUID) -> HttpResponse:
    """Give a fix that is not done another date, with the reason."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    fix = _fix(engagement, finding_id, fix_id)
    form = PostponeForm(request.POST, fix=fix, engagement=engagement)

    def write() -> object:
        return services.postpone(
            fix=fix, by=seat, due_on=form.cleaned_data["due_on"], why=form.cleaned_data["why"]
        )

    if taken(form, write, "due_on"):
        messages.success(request, f"“{fix.action}” is due {day_text(form.cleaned_data['due_on'])} now.")
        return back_to(engagement, fix.finding)
    return finding_page(request, engagement, seat, finding_id, postponing={fix.pk: form})


def _fix(engagement: Engagement, finding_id: UUID, fix_id: UUID) -> Fix:
    return get_object_or_404(
        Fix.objects.select_related("finding", "owner"),
        engagement=engagement,
        finding__public_id=finding_id,
        public_id=fix_id,
    )
