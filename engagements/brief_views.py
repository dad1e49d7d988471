"""The campaign brief: read a version, compare two, write the draft, ask for signatures, discard, sign."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from common.posting import posted_from

from . import selectors, services
from .access import open_engagement
from .brief_form import BriefForm, Typed
from .kept import Parts, drawn
from .kept_page import kept_for_reader
from .masking import OPEN
from .models import CampaignBrief, Engagement
from .rules import BriefContent, brief_gaps, changed_parts, differences
from .terms import CONSENT, TERMS
from .terms.comparing import METRICS, Difference
from .terms.words import METRIC_HEADS, metrics_table

LABELS = {**{term.key: term.label for term in TERMS}, METRICS: "Metrics and targets"}


@login_required
@require_safe
@kept_for_reader
def brief(request: TenantRequest, engagement_id: UUID, version: int | None = None) -> HttpResponse:
    """What was agreed: one version, who signed it, and what it changes."""
    engagement, seat = open_engagement(request, engagement_id, page=_piece(version))
    return _brief_page(request, engagement, seat, version)


def _piece(version: int | None) -> str:
    """The name under which the terms of a version are kept; None stands for the newest."""
    return f"brief {version or 'newest'}"


def _drawn(engagement: Engagement, page: selectors.BriefPage, version: int | None) -> dict[str, SafeString]:
    """Terms by their keys, metrics and changes of a version, as they were drawn. None of them names an agent."""
    if page.brief is None:
        return {}

    def make() -> dict[str, str]:
        told = {one.term.key: drawn("engagements/_term.html", OPEN, shown=one) for one, _ in page.terms}
        metrics = {"heads": METRIC_HEADS, "metrics": metrics_table(page.content.metrics)}
        told[METRICS] = drawn("engagements/_brief_metrics.html", OPEN, **metrics)
        told["changes"] = drawn("engagements/_changes.html", OPEN, changes=page.changes)
        return told

    told = Parts(engagement, clock.today(engagement.zone)).page(_piece(version), OPEN, make=make)
    return {name: mark_safe(piece) for name, piece in told.items()}  # noqa: S308  our own templates set them


def _brief_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    version: int | None,
    reasons: list[str] | None = None,
    *,
    refused: str = "Not signed:",
    typed_reason: str = "",
) -> HttpResponse:
    page = selectors.brief_page(engagement, version)
    if page is None:
        raise Http404("There is no such version of the brief.")
    told = _drawn(engagement, page, version)
    side = seat.side or Side.CLIENT
    waits = bool(page.brief and page.brief.open and page.newest)
    may_edit = seat.may(Permission.EDIT_BRIEF) and page.newest
    context: dict[str, Any] = {
        "engagement": engagement,
        "page": page,
        "told": told,
        "terms": [(term, page.edited(term.key), told[term.key]) for term in TERMS] if told else [],
        "metrics": told.get(METRICS, ""),
        "sides": [(each, engagement.organisation_of(each), page.signatures.get(each)) for each in Side],
        "may_edit": may_edit,
        "may_build": seat.may(Permission.BUILD_DELIVERABLE),
        "gaps": brief_gaps(page.content) if waits else [],
        "signable": waits and side in page.unsigned and seat.may(Permission.SIGN_BRIEF),
        "proposable": waits
        and may_edit
        and page.brief
        and not page.brief.proposed_at
        and not page.signatures,
        "discardable": waits and may_edit and not page.signatures,
        "consent": CONSENT.format(version=page.brief.version, organisation=seat.organisation.name)
        if page.brief
        else "",
        "reasons": reasons,
        "refused": refused,
        "typed_reason": typed_reason,
    }
    return render(request, "engagements/brief.html", context, status=422 if reasons else 200)


@login_required
@require_safe
@kept_for_reader
def brief_compare(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What reads otherwise between any two versions, term by term; the last two where none are chosen."""
    engagement, _ = open_engagement(request, engagement_id)
    versions = selectors.versions_of(engagement)
    if not versions:
        raise Http404("There is no version of the brief yet.")
    after = _chosen(versions, request.GET.get("to", ""), versions[0])
    earlier = next((each for each in versions if each.version < after.version), after)
    before = _chosen(versions, request.GET.get("from", ""), earlier)
    context = {
        "engagement": engagement,
        "versions": versions,
        "before": before,
        "after": after,
        "changes": differences(selectors.brief_content(before), selectors.brief_content(after)),
    }
    return render(request, "engagements/brief_compare.html", context)


def _chosen(versions: list[CampaignBrief], number: str, default: CampaignBrief) -> CampaignBrief:
    if not number:
        return default
    found = next((each for each in versions if str(each.version) == number), None)
    if found is None:
        raise Http404("There is no such version of the brief.")
    return found


@login_required
@require_safe
@kept_for_reader
def brief_edit(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The form of the version that a change starts from."""
    engagement, _ = open_engagement(request, engagement_id, Permission.EDIT_BRIEF)
    current = selectors.current_brief(engagement)
    content = selectors.content_to_change(engagement, current)
    return _edit_page(request, engagement, BriefForm(Typed.of(content)), _Seen.of(current, content))


@dataclass(frozen=True)
class _Seen:
    """What the writer started from: the hash of the version, and a short hash of each of its parts."""

    version: str
    parts: str

    @classmethod
    def of(cls, current: CampaignBrief | None, content: BriefContent) -> "_Seen":
        digests = " ".join(f"{key}:{_short(part)}" for key, part in content.parts().items())
        return cls(current.content_hash if current else "", digests)

    def changed(self, content: BriefContent) -> set[str]:
        """The parts that read otherwise now."""
        known = dict(part.split(":", 1) for part in self.parts.split() if ":" in part)
        return {key for key, part in content.parts().items() if known.get(key) != _short(part)}


def _short(part: object) -> str:
    return content_hash(part)[:16]


@dataclass(frozen=True)
class _Clash:
    """What somebody else has saved meanwhile: what was taken over, and where both have written."""

    taken: list[tuple[str, selectors.Edited | None]]
    both: list[Difference]


def _edit_page(
    request: TenantRequest,
    engagement: Engagement,
    form: BriefForm,
    seen: _Seen,
    *,
    reasons: list[str] | None = None,
    clash: _Clash | None = None,
) -> HttpResponse:
    context = {"engagement": engagement, "form": form, "seen": seen, "reasons": reasons, "clash": clash}
    failed = bool(reasons or form.errors)
    return render(request, "engagements/brief_edit.html", context, status=422 if failed else 200)


@posted_from("engagements:brief_edit", "engagement_id")
def brief_save(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep what was typed as the draft, or as a new version after a signature; or add and take out rows of it."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_BRIEF)
    typed = Typed.posted(request.POST)
    seen = _Seen(request.POST.get("seen", ""), request.POST.get("parts", ""))
    if what := request.POST.get("do"):
        typed.act(what)
        return _edit_page(request, engagement, BriefForm(typed), seen)
    form = BriefForm(typed, request.POST)
    if not form.is_valid():
        return _edit_page(request, engagement, form, seen)
    try:
        saved = services.save_brief(engagement=engagement, by=seat, content=form.written(), seen=seen.version)
    except Refused as refusal:
        return _late_page(request, engagement, form, seen, refusal.reasons)
    messages.success(request, f"Version {saved.version} is saved. Next: both sides read and sign it.")
    return redirect("engagements:brief", engagement.public_id)


def _late_page(
    request: TenantRequest, engagement: Engagement, form: BriefForm, seen: _Seen, reasons: list[str]
) -> HttpResponse:
    """The form again after somebody else has saved: what they alone changed is taken over, what both changed is shown.

    It carries the newest version's hash, so that saving once more is a decision and not an accident.
    """
    current = selectors.current_brief(engagement)
    content, mine = selectors.content_to_change(engagement, current), form.written()
    theirs, own = seen.changed(content), seen.changed(mine)
    for term in TERMS:
        if term.key in theirs - own:
            form.typed.put(term, content.terms.get(term.key))
    if METRICS in theirs - own:
        form.typed.put_metrics(content)
    page = selectors.BriefPage(current, content, None)
    both = theirs & own & set(changed_parts(content, mine))
    clash = _Clash(
        taken=[(label, page.edited(key)) for key, label in LABELS.items() if key in theirs - own],
        both=[change for change in differences(content, mine) if change.key in both],
    )
    fresh = _Seen.of(current, content)
    return _edit_page(request, engagement, BriefForm(form.typed), fresh, reasons=reasons, clash=clash)


@posted_from("engagements:brief", "engagement_id")
def brief_propose(request: TenantRequest, engagement_id: UUID, version: int) -> HttpResponse:
    """Say that the draft is ready, and ask both sides to sign it."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_BRIEF)
    _version(engagement, version)
    try:
        services.propose_brief(
            engagement=engagement, by=seat, version=version, seen=request.POST.get("seen", "")
        )
    except Refused as refusal:
        return _brief_page(
            request, engagement, seat, version, refusal.reasons, refused="Not asked for signatures:"
        )
    messages.success(request, f"Both sides are asked to sign version {version}. It stands in their work.")
    return redirect("engagements:brief", engagement.public_id)


@posted_from("engagements:brief", "engagement_id")
def brief_discard(request: TenantRequest, engagement_id: UUID, version: int) -> HttpResponse:
    """Put a draft aside that nobody has signed, with the reason."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_BRIEF)
    _version(engagement, version)
    reason = request.POST.get("reason", "").replace("\x00", "")[:300]
    try:
        services.discard_brief(
            engagement=engagement, by=seat, version=version, seen=request.POST.get("seen", ""), reason=reason
        )
    except Refused as refusal:
        return _brief_page(
            request, engagement, seat, version, refusal.reasons, refused="Not discarded:", typed_reason=reason
        )
    messages.success(request, f"Version {version} is discarded. It stays readable among the versions.")
    return redirect("engagements:brief", engagement.public_id)


def _version(engagement: Engagement, version: int) -> None:
    if not engagement.briefs.filter(version=version).exists():
        raise Http404("There is no such version of the brief.")


@posted_from("engagements:brief", "engagement_id")
def brief_sign(request: TenantRequest, engagement_id: UUID, version: int) -> HttpResponse:
    """Sign the version that was read, for one's own side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SIGN_BRIEF)
    _version(engagement, version)
    page = reverse("engagements:brief", args=[engagement.public_id])
    if answer := ask_again(request, back_to=page):
        return answer
    try:
        signed = services.sign_brief(
            engagement=engagement, by=seat, version=version, seen=request.POST.get("seen", "")
        )
    except Refused as refusal:
        return _brief_page(request, engagement, seat, version, refusal.reasons)
    if signed.signed_at:
        messages.success(request, f"Version {version} is signed by both sides and in force.")
    else:
        waited = (seat.side or Side.CLIENT).other
        messages.success(request, f"You have signed version {version}. Next: the {waited} signs it.")
    return HttpResponseRedirect(page)
