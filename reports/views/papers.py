"""The deliverables of one engagement: make, watch, read, take away, check."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept_page import keep_nothing, kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement, PaperSize
from reports import services
from reports.files import location
from reports.forms import HashForm, PaperForm
from reports.models import Deliverable
from reports.paper import summary_of
from reports.paper_sizes import usual_size
from reports.render import compose
from reports.selectors import deliverables as read
from reports.snapshots import PERIODIC, Kind, thaw


@login_required
@require_safe
@kept_for_reader
def deliverables(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The newest of each kind with its state and download, and all versions below."""
    engagement, seat = open_engagement(request, engagement_id)
    return _list_page(request, engagement, seat)


def _groups(shelves: Sequence[read.Shelf]) -> list[tuple[str, list[read.Shelf]]]:
    """The shelves under what may be done with them: made next, forwarded, or made later."""
    due = [shelf for shelf in shelves if shelf.due]
    ready = [shelf for shelf in shelves if shelf.finished and not shelf.due]
    rest = [shelf for shelf in shelves if not shelf.finished and not shelf.due]
    return [("To be made next", due), ("Ready to forward", ready), ("Not made yet", rest)]


def _list_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    form: HashForm | None = None,
    paper_form: PaperForm | None = None,
    answer: read.HashAnswer | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    shelves = read.shelves(engagement)
    if any(shelf.working for shelf in shelves):
        keep_nothing(request)
    context: dict[str, Any] = {
        "engagement": engagement,
        "shelves": shelves,
        "groups": _groups(shelves),
        "finished": sum(shelf.finished is not None for shelf in shelves),
        "may_build": seat.may(Permission.BUILD_DELIVERABLE),
        "form": form or HashForm(),
        "paper_form": paper_form or _paper_form(engagement),
        "answer": answer,
        "reasons": reasons,
    }
    refused = bool(reasons) or any(given and given.errors for given in (form, paper_form))
    return render(request, "reports/deliverables.html", context, status=422 if refused else 200)


def _paper_form(engagement: Engagement, data: QueryDict | None = None) -> PaperForm:
    usual = usual_size(country=engagement.holiday_country, zone=engagement.zone)
    return PaperForm(data, usual=usual, initial={"size": engagement.paper})


@posted_from("reports:deliverables", "engagement_id")
def set_paper(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Choose what the reports of this engagement are printed on."""
    engagement, seat = open_engagement(request, engagement_id, Permission.BUILD_DELIVERABLE)
    form = _paper_form(engagement, request.POST)
    if not form.is_valid():
        return _list_page(request, engagement, seat, paper_form=form)
    services.set_paper(engagement=engagement, by=seat, size=form.cleaned_data["size"])
    chosen = dict(PaperSize.choices).get(form.cleaned_data["size"], "the paper that is usual there")
    messages.success(request, f"New versions are set on {chosen}; finished ones stay as they are.")
    return redirect("reports:deliverables", engagement.public_id)


@posted_from("reports:deliverables", "engagement_id")
def build(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Ask for a new version of one kind."""
    engagement, seat = open_engagement(request, engagement_id, Permission.BUILD_DELIVERABLE)
    wanted = request.POST.get("kind", "")
    if wanted not in Kind.values or wanted in PERIODIC:
        return _list_page(request, engagement, seat, reasons=["Say which deliverable to make."])
    number = request.POST.get("brief_version", "")
    about = int(number) if wanted == Kind.BRIEF and number.isascii() and number.isdecimal() else None
    if about and not engagement.briefs.filter(version=min(about, 32_767)).exists():
        return _list_page(request, engagement, seat, reasons=["There is no such version of the brief."])
    try:
        made = services.request_deliverable(
            engagement=engagement, kind=Kind(wanted), by=seat, brief_version=about
        )
    except Refused as refused:
        return _list_page(request, engagement, seat, reasons=refused.reasons)
    if made.built_at is None:
        messages.success(
            request, f"{made} is being made. This takes a few seconds and goes on when you leave."
        )
    return redirect("reports:deliverable", engagement.public_id, made.public_id)


@login_required
@require_safe
@kept_for_reader
def deliverable(request: TenantRequest, engagement_id: UUID, deliverable_id: UUID) -> HttpResponse:
    """One version: what it says in short, its file, its hashes, who read it or took it away."""
    engagement, seat = open_engagement(request, engagement_id)
    version = _get(engagement, deliverable_id)
    if request.method == "GET":  # who asks for the headers alone has read nothing
        services.note_reading(deliverable=version, by=seat)
    return _page(request, engagement, seat, version)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    version: Deliverable,
    reasons: list[str] | None = None,
) -> HttpResponse:
    state = read.state_of(version)
    mask = mask_of(engagement, seat)
    periodic = version.about is not None
    # What an evening says is more than its figures, and it is short.
    whole = periodic or not version.summary
    paper = compose(thaw(mask.data(version.snapshot))) if whole else None
    context = {
        "engagement": engagement,
        "deliverable": version,
        "state": state,
        "paper": summary_of(paper) if paper else mask.data(version.summary),
        "said": paper.decided if paper and periodic else (),
        "readings": version.readings.all() if periodic else (),
        "kept_back": read.kept_back(version, seat) if version.built_at else [],
        "openings": read.openings(version) if version.built_at else [],
        "may_build": seat.may(Permission.BUILD_DELIVERABLE),
        "reasons": reasons,
        **_progress(engagement, version, state),
    }
    return render(request, "reports/deliverable.html", context, status=422 if reasons else 200)


def _progress(engagement: Engagement, version: Deliverable, state: str) -> dict[str, Any]:
    """What the progress part shows; it asks again only while there is something to wait for."""
    job = version.job
    waiting = state in ("waiting", "running")
    return {
        "label": "Waiting for the worker" if state == "waiting" else "Being made",
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "note": job.note if job else "",
        "poll_url": reverse("reports:progress", args=[engagement.public_id, version.public_id])
        if waiting
        else "",
    }


@login_required
@require_safe
def progress(request: TenantRequest, engagement_id: UUID, deliverable_id: UUID) -> HttpResponse:
    """The progress part alone; once there is nothing to wait for, the whole page is asked for."""
    engagement, _ = open_engagement(request, engagement_id)
    version = _get(engagement, deliverable_id)
    if not request.htmx:
        return redirect("reports:deliverable", engagement.public_id, version.public_id)
    state = read.state_of(version)
    response = render(request, "ui/progress.html", _progress(engagement, version, state))
    if state not in ("waiting", "running"):
        response["HX-Refresh"] = "true"
    return response


@posted_from("reports:deliverable", "engagement_id", "deliverable_id")
def again(request: TenantRequest, engagement_id: UUID, deliverable_id: UUID) -> HttpResponse:
    """Run a version again whose making failed."""
    engagement, seat = open_engagement(request, engagement_id, Permission.BUILD_DELIVERABLE)
    version = _get(engagement, deliverable_id)
    try:
        services.run_again(deliverable=version, by=seat)
    except Refused as refused:
        return _page(request, engagement, seat, version, refused.reasons)
    return redirect("reports:deliverable", engagement.public_id, version.public_id)


@login_required
@require_safe
def download(
    request: TenantRequest, engagement_id: UUID, deliverable_id: UUID
) -> FileResponse | HttpResponse:
    """The file to keep; that somebody took it is noted in the trail."""
    engagement, seat = open_engagement(request, engagement_id)
    version = _get(engagement, deliverable_id)
    if reasons := read.kept_back(version, seat):
        return _page(request, engagement, seat, version, reasons)
    response = _file(engagement, version, as_attachment=True)
    if request.method == "GET":  # who asks for the headers alone has taken nothing away
        services.note_opened(deliverable=version, by=seat)
    return response


@login_required
@require_safe
def inline(request: TenantRequest, engagement_id: UUID, deliverable_id: UUID) -> FileResponse | HttpResponse:
    """The file for the preview in the page; who read it is noted in the trail, once a day."""
    engagement, seat = open_engagement(request, engagement_id)
    version = _get(engagement, deliverable_id)
    if reasons := read.kept_back(version, seat):
        return _page(request, engagement, seat, version, reasons)
    response = _file(engagement, version, as_attachment=False)
    if request.method == "GET":
        services.note_read(deliverable=version, by=seat)
    return response


def _file(engagement: Engagement, version: Deliverable, *, as_attachment: bool) -> FileResponse:
    if version.built_at is None:
        raise Http404("This version is not finished.")
    of = f"{version.kind}-{version.about}" if version.about else version.kind
    name = f"{slugify(engagement.campaign)[:60] or 'tollgate'}-{of}-v{version.version}.pdf"
    try:
        file = location(version.path).open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is not there.") from error
    response = FileResponse(file, as_attachment=as_attachment, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@posted_from("reports:deliverables", "engagement_id")
def check(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Say whether a hash or a file is one of this engagement's reports, and which."""
    engagement, seat = open_engagement(request, engagement_id)
    form = HashForm(request.POST, request.FILES)
    answer = read.find_hash(engagement, form.asked()) if form.is_valid() else None
    return _list_page(request, engagement, seat, form=form, answer=answer)


def _get(engagement: Engagement, deliverable_id: UUID) -> Deliverable:
    listed = Deliverable.objects.select_related("job", "created_by")
    found = get_object_or_404(listed, engagement=engagement, public_id=deliverable_id)
    found.engagement = engagement
    return found
