"""Calls: upload a file, say what it is, see what came of it, and what its codes mean."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from common.wording import plural
from common.zones import is_zone
from engagements.access import open_engagement
from engagements.kept import Parts, page_of_one
from engagements.kept_page import keep_nothing, kept_for_reader
from engagements.masking import OPEN
from engagements.masks import mask_of
from engagements.models import Engagement
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.forms.calls import MeaningForm, StartForm, UploadForm
from kpis.forms.mapping import MappingForm
from kpis.imports import history, mapping, meanings, service, store
from kpis.imports.dates import DateOrder
from kpis.imports.layout import Layout, look
from kpis.imports.leaning import InUse
from kpis.imports.mapped import named, presets
from kpis.imports.presets import OWN_COLUMNS, Preset, column_name
from kpis.imports.preview import preview
from kpis.models import Import, SheetKind
from kpis.selectors.outcomes import sheets as sheets_of
from kpis.services import sheets

PREVIEW_COLUMNS = 12


@login_required
@require_safe
@kept_for_reader
def calls(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Which calls are in, from which files, and what do their codes mean?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _calls_page(request, engagement, seat)


def _calls_page(request: TenantRequest, engagement: Engagement, seat: Seat, **shown: Any) -> HttpResponse:
    imports = history.imports(engagement)
    if any(history.state_of(batch) in (history.State.WAITING, history.State.RUNNING) for batch in imports):
        keep_nothing(request)
    context = {
        "engagement": engagement,
        "may_import": seat.may(Permission.IMPORT_CALLS),
        "form": UploadForm(),
        "imports": [(batch, history.state_of(batch)) for batch in imports],
        "accepted": sum(batch.accepted or 0 for batch in imports),
        "dials": sum(batch.dials or 0 for batch in imports),
        "first_day": min((batch.first_day for batch in imports if batch.first_day), default=None),
        "last_day": max((batch.last_day for batch in imports if batch.last_day), default=None),
        "codes": _codes(engagement, shown.pop("typed", {})),
        "code_changes": history.code_changes(engagement),
        "sheets": [(sheet, seat.may(sheets.MAY[SheetKind(sheet.kind)])) for sheet in sheets_of(engagement)],
        "own_columns": OWN_COLUMNS.items(),
        "outcomes": [(outcome.value, outcome.label, outcome.stage.label) for outcome in Outcome],
    }
    refused = (
        "reasons" in shown or "code_reasons" in shown or bool(shown.get("form") and shown["form"].errors)
    )
    return render(request, "kpis/calls.html", context | shown, status=422 if refused else 200)


def _codes(engagement: Engagement, typed: Mapping[str, str]) -> list[tuple[history.CodeMeaning, str]]:
    """Each code with what its select shows: what was just chosen and refused, else its meaning."""
    refused = typed.get("system"), typed.get("code")
    return [
        (
            meaning,
            typed["outcome"]
            if (meaning.system, meaning.code) == refused
            else meaning.outcome or meaning.agreed or "",
        )
        for meaning in history.codes(engagement)
    ]


@posted_from("kpis:calls", "engagement_id")
def upload(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep a file; the next page asks what it is."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _calls_page(request, engagement, seat, form=form)
    file = form.cleaned_data["file"]
    data = file.read()
    said = form.cleaned_data["kind"]
    kind = SheetKind(said) if said in SheetKind.values else None if said else sheets.kind_of(data)
    try:
        if kind:
            sheet, _ = sheets.upload_sheet(
                engagement=engagement, by=seat, data=data, file_name=file.name, kind=kind
            )
            return redirect("kpis:sheet", engagement.public_id, sheet.public_id)
        batch, new = service.upload(engagement=engagement, by=seat, data=data, file_name=file.name)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error("file", reason)
        return _calls_page(request, engagement, seat, form=form)
    if not new:
        messages.info(
            request, f"This file is here already, uploaded by {batch.created_by}. Nothing was added."
        )
    return redirect("kpis:import", engagement.public_id, batch.public_id)


@login_required
@require_safe
def import_page(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> HttpResponse:
    """Is this file right, and what came of it?"""
    engagement, seat = open_engagement(request, engagement_id, page=page_of_one("import", import_id))
    return _import_page(request, seat, _import(engagement, import_id))


@login_required
@require_safe
def import_state(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> HttpResponse:
    """The part of the import's page that changes while the file is read."""
    engagement, seat = open_engagement(request, engagement_id, page=page_of_one("import", import_id))
    batch = _import(engagement, import_id)
    return render(request, "kpis/import.html#state", _context(batch, seat))


def _import(engagement: Engagement, import_id: UUID) -> Import:
    found = Import.objects.select_related("job", "created_by")
    batch = get_object_or_404(found, engagement=engagement, public_id=import_id)
    batch.engagement = engagement
    return batch


def _import_page(request: TenantRequest, seat: Seat, batch: Import, **shown: Any) -> HttpResponse:
    context = _context(batch, seat, request.GET, shown.get("form"))
    return render(request, "kpis/import.html", context | shown, status=422 if shown else 200)


def _context(
    batch: Import, seat: Seat, asked: Mapping[str, str] | None = None, form: StartForm | None = None
) -> dict[str, Any]:
    state = history.state_of(batch)
    context: dict[str, Any] = {
        "engagement": batch.engagement,
        "batch": batch,
        "state": state,
        "preset": named(batch.engagement, batch.preset),
        "may_import": seat.may(Permission.IMPORT_CALLS),
    }
    mask = mask_of(batch.engagement, seat)
    context["rejected_summary"] = mask.data(batch.rejected_summary)
    if state is history.State.DRAFT:
        context |= _preview(batch, asked or {}, form)
        if mask:  # raw rows hold what the mask hides
            context["sample"] = None
            context["ahead"] = context["unreadable"] = None
    if state is history.State.DONE:
        counts = (batch.accepted, batch.rejected, batch.duplicates, batch.joined, batch.left_out)
        context["total"] = sum(count or 0 for count in counts)
        parts = Parts(batch.engagement, clock.today(batch.engagement.zone))
        told = parts.page(page_of_one("import", batch.public_id), OPEN, make=lambda: _told(batch))
        context["nameless"] = told["nameless"]
        context["stages"] = [(stage.plural, told["reached"][stage.key]) for stage in Stage]
    return context


def _told(batch: Import) -> dict[str, Any]:
    """What a file that was read has come to, and whether one of its codes still has no meaning."""
    return {"nameless": history.nameless_codes(batch), "reached": history.reached(batch)}


def _preview(batch: Import, asked: Mapping[str, str], form: StartForm | None = None) -> dict[str, Any]:
    """The form that says what the file is, its first rows, and what reading it so would come to."""
    try:
        layout = look(store.read(batch.path))
    except Refused as refusal:
        return {"reasons": refusal.reasons}
    zone = batch.engagement.zone
    known = presets(batch.engagement)
    form = form or _start_form(batch, asked, known)
    preset = known.get(str(form["preset"].value() or ""))
    shown: dict[str, Any] = {
        "form": form,
        "layout": layout,
        "sample": _sample(layout, preset),
        "preset": preset,
    }
    if preset is None:
        return shown
    order = str(form["date_order"].value() or "")
    try:
        ahead = preview(
            batch, preset, str(form["source_zone"].value() or zone), order if order in DateOrder else ""
        )
    except Refused as refusal:
        return shown | {"unreadable": refusal.reasons}
    return shown | {
        "ahead": ahead,
        "asked": {name: str(form[name].value() or "") for name in ("preset", "source_zone", "date_order")},
        "outcomes": [(outcome.value, outcome.label, outcome.stage.label) for outcome in Outcome],
    }


def _start_form(batch: Import, asked: Mapping[str, str], known: Mapping[str, Preset]) -> StartForm:
    """The choices as the page is asked for them, else as they were made, else as the file suggests."""
    zone = batch.engagement.zone
    usual = {"preset": batch.preset, "source_zone": batch.source_zone or zone, "date_order": batch.date_order}
    if (given := known.get(asked.get("preset", ""))) and given.name != batch.preset:
        usual["source_zone"] = given.zone or zone
    chosen = {name: asked[name] for name in usual if asked.get(name)}
    if not is_zone(chosen.get("source_zone", zone)):
        del chosen["source_zone"]
    return StartForm(initial=usual | chosen, usual_zones=(batch.source_zone, zone, "UTC"), known=known)


def _sample(layout: Layout, preset: Preset | None) -> dict[str, Any]:
    """The columns that count, or the first ones of a file that is not recognised, with a few rows."""
    used = {name for columns in preset.columns.values() for name in columns} if preset else set()
    if not used & set(layout.names):
        used = set()
    places = [n for n, name in enumerate(layout.header) if not used or column_name(name) in used][
        :PREVIEW_COLUMNS
    ]
    return {
        "columns": ["Line", *(layout.header[n] for n in places)],
        "rows": [
            [number, *(row[n] if n < len(row) else "" for n in places)]
            for number, row in enumerate(layout.sample, start=layout.header_row + 1)
        ],
    }


@posted_from("kpis:import", "engagement_id", "import_id")
def start(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> HttpResponse:
    """Have the file read, or read again."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    batch = _import(engagement, import_id)
    form = StartForm(request.POST, usual_zones=(engagement.zone, "UTC"), known=presets(engagement))
    if not form.is_valid():
        return _import_page(request, seat, batch, form=form)
    try:
        service.start(batch=batch, by=seat, **form.cleaned_data)
    except Refused as refusal:
        shown = {"form": form} if history.state_of(batch) is history.State.DRAFT else {}
        return _import_page(request, seat, batch, reasons=refusal.reasons, **shown)
    return redirect("kpis:import", engagement.public_id, batch.public_id)


@posted_from("kpis:import", "engagement_id", "import_id")
def remove(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> HttpResponse:
    """Take an import back, with its calls."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    batch = _import(engagement, import_id)
    try:
        service.take_back(batch=batch, by=seat)
    except InUse as refusal:
        return _import_page(request, seat, batch, reasons=refusal.places)
    except Refused as refusal:
        return _import_page(request, seat, batch, reasons=refusal.reasons)
    messages.success(request, f"{batch.file_name} is removed, with {plural(batch.accepted or 0, 'call')}.")
    return redirect("kpis:calls", engagement.public_id)


@login_required
@require_safe
def rejected(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> FileResponse:
    """The rejected rows as a file: row, reason, original text."""
    engagement, _ = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    batch = _import(engagement, import_id)
    if not batch.rejected_path:
        raise Http404("This import has no rejected rows.")
    name = batch.file_name.lstrip(".").rsplit(".", 1)[0]
    try:
        file = store.located(batch.rejected_path).open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is not there.") from error
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}-rejected.csv",
        content_type="text/csv; charset=utf-8",
    )


@posted_from("kpis:calls", "engagement_id")
def meaning(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Say what a disposition code means for the funnel."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    form = MeaningForm(request.POST)
    if not form.is_valid():
        wrong = [Reason(str(error)) for errors in form.errors.values() for error in errors]
        return _calls_page(request, engagement, seat, code_reasons=wrong, typed=request.POST)
    outcome = Outcome(form.cleaned_data["outcome"])
    code, system = form.cleaned_data["code"], form.cleaned_data["system"]
    try:
        meanings.give_meaning(engagement=engagement, by=seat, system=system, code=code, outcome=outcome)
    except Refused as refusal:
        return _calls_page(request, engagement, seat, code_reasons=refusal.reasons, typed=request.POST)
    messages.success(request, f"“{code}” now means: {outcome.label}. Figures are counted anew.")
    return HttpResponseRedirect(reverse("kpis:calls", args=[engagement.public_id]) + "#codes")


@posted_from("kpis:import", "engagement_id", "import_id")
def import_codes(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> HttpResponse:
    """Say what codes of a file mean before it is read."""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    batch = _import(engagement, import_id)
    preset = named(engagement, request.POST.get("preset", ""))
    given = zip(request.POST.getlist("code"), request.POST.getlist("outcome"), strict=False)
    said = {code: Outcome(outcome) for code, outcome in given if outcome in Outcome.values}
    if preset is None or not said:
        return _import_page(
            request, seat, batch, code_reasons=[Reason("Choose what at least one code means.")]
        )
    try:
        count = meanings.give_meanings(batch=batch, by=seat, preset=preset, meanings=said)
    except Refused as refusal:
        return _import_page(request, seat, batch, code_reasons=refusal.reasons)
    messages.success(request, f"{plural(count, 'code has', 'codes have')} a meaning now.")
    names = ("preset", "source_zone", "date_order")
    asked = urlencode({name: request.POST[name] for name in names if request.POST.get(name)})
    return HttpResponseRedirect(
        reverse("kpis:import", args=[engagement.public_id, batch.public_id]) + f"?{asked}#codes"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: TenantRequest, engagement_id: UUID, import_id: UUID) -> HttpResponse:
    """Which column of this file is what?"""
    engagement, seat = open_engagement(request, engagement_id, Permission.IMPORT_CALLS)
    batch = _import(engagement, import_id)
    context: dict[str, Any] = {"engagement": engagement, "batch": batch}
    try:
        layout = look(store.read(batch.path))
    except Refused as refusal:
        return render(request, "kpis/columns.html", context | {"reasons": refusal.reasons}, status=422)
    zone = engagement.zone
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        layout=layout,
        usual_zones=(batch.source_zone, zone, "UTC"),
        initial={"source_zone": batch.source_zone or zone},
    )
    context |= {"form": form, "layout": layout, "sample": _sample(layout, None)}
    if request.method != "POST":
        return render(request, "kpis/columns.html", context)
    if form.is_valid():
        chosen = {
            name: form.cleaned_data[name]
            for name in ("name", "headless", "unit", "date_order", "source_zone")
        }
        try:
            mapping.save(batch=batch, by=seat, header=layout.header, columns=form.columns, **chosen)
        except Refused as refusal:
            return render(request, "kpis/columns.html", context | {"reasons": refusal.reasons}, status=422)
        return redirect("kpis:import", engagement.public_id, batch.public_id)
    return render(request, "kpis/columns.html", context, status=422)
