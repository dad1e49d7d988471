"""Files that people brought as evidence, handed out as downloads only."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from engagements.access import open_engagement
from milestones.models import Evidence
from milestones.services.evidence import file_of


@login_required
@require_safe
def evidence_file(request: TenantRequest, engagement_id: UUID, evidence_id: UUID) -> FileResponse:
    """One file, always as an attachment and never sniffed by the browser."""
    engagement, _ = open_engagement(request, engagement_id)
    found = get_object_or_404(Evidence, engagement=engagement, public_id=evidence_id)
    path = file_of(found)
    if not found.path or not path.is_file():
        raise Http404("There is no such file.")
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.file_name, content_type=found.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
