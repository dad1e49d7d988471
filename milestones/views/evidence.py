"""Files that people brought as evidence, handed out as downloads only."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from common.downloads import as_download
from engagements.access import open_engagement
from milestones.models import Evidence
from milestones.services.evidence import file_of


@login_required
@require_safe
def evidence_file(request: TenantRequest, engagement_id: UUID, evidence_id: UUID) -> FileResponse:
    """One file, always as an attachment and never sniffed by the browser."""
    engagement, _ = open_engagement(request, engagement_id)
    found = get_object_or_404(Evidence, engagement=engagement, public_id=evidence_id)
    if not found.path:
        raise Http404("There is no such file.")
    return as_download(file_of(found), name=found.file_name, content_type=found.content_type)
