"""What was found on a side of a finding, and in other words."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from accounts.requests import TenantRequest
from accounts.roles import Permission
from common.forms import taken
from common.posting import posted_from
from common.wording import joined, plural
from engagements.access import open_engagement
from engagements.models import Engagement
from kpis import selectors
from kpis.forms.findings import AnswerForm, CauseForm
from kpis.models import Cause, Finding
from kpis.services import findings as services
from kpis.views.findings.page import asked_of, back_to, finding_page


@posted_from("kpis:finding", "engagement_id", "finding_id")
def answer(request: TenantRequest, engagement_id: UUID, finding_id: UUID) -> HttpResponse:
    """State a cause with its side and its fix, or that a side has none."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    finding = get_object_or_404(Finding, engagement=engagement, public_id=finding_id)
    form = AnswerForm(request.POST, **asked_of(engagement, finding))

    def write() -> object:
        return services.answer(
            finding=finding,
            by=seat,
            root_cause=form.cleaned_data["root_cause"],
            side=form.cleaned_data["cause_side"],
            fix=form.fix if form.wants_fix else None,
            found=form.says_cause,
        )

    if taken(form, write):
        messages.success(request, _answered(engagement, finding))
        return back_to(engagement, finding)
    return finding_page(request, engagement, seat, finding_id, answering=form)


@posted_from("kpis:finding", "engagement_id", "finding_id")
def restate(request: TenantRequest, engagement_id: UUID, finding_id: UUID, cause_id: UUID) -> HttpResponse:
    """Say a cause in other words or on another side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.ANSWER_FINDING)
    cause = cause_of(engagement, finding_id, cause_id)
    form = CauseForm(request.POST, cause=cause)

    def write() -> object:
        typed = form.cleaned_data
        return services.restate(
            cause=cause, by=seat, root_cause=typed["root_cause"], side=typed["cause_side"]
        )

    if taken(form, write):
        messages.success(request, "The cause is changed.")
        return back_to(engagement, cause.finding)
    return finding_page(request, engagement, seat, finding_id, restating={cause.pk: form})


def cause_of(engagement: Engagement, finding_id: UUID, cause_id: UUID) -> Cause:
    """A cause of this finding; 404 where there is none."""
    return get_object_or_404(
        Cause.objects.select_related("finding"),
        engagement=engagement,
        finding__public_id=finding_id,
        public_id=cause_id,
    )


def _answered(engagement: Engagement, finding: Finding) -> str:
    """What an answer has come to, and what comes next."""
    now = selectors.findings(engagement).get(pk=finding.pk)
    if missing := selectors.lacks(now):
        return f"{finding.metric_label}: recorded. Still missing: {joined(missing)}."
    left = selectors.open_findings(engagement).count()
    rest = f"{plural(left, 'finding')} still open." if left else "Every finding is answered."
    return f"{finding.metric_label}: root cause and fix are recorded. {rest}"
