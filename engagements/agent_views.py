"""Agents: who dials, and what each of them has passed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import plural

from . import services
from .access import open_engagement
from .agent_form import AgentForm, AgentListForm, CertificationForm, CodeForm, EndForm, RenameForm
from .clearance import PASS_MARK, CertificationKind, assessor_side
from .kept_page import kept_for_reader
from .masks import mask_for, mask_of
from .models import Agent, Engagement
from .roster import Person, Roster, roster


@login_required
@require_safe
@kept_for_reader
def agents(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Everybody who dials, beside the three certifications."""
    engagement, seat = open_engagement(request, engagement_id)
    return _agents_page(request, engagement, seat)


def _agents_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    form: AgentForm | None = None,
    list_form: AgentListForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    mask = mask_of(engagement, seat)
    standing = roster(engagement, mask=mask)
    today = {"joined_on": max(clock.today(engagement.zone), engagement.kickoff_on)}
    may_manage = seat.may(Permission.MANAGE_ROSTER)
    context = {
        "engagement": engagement,
        "roster": standing,
        "kinds": list(CertificationKind),
        "rows": [_row(standing, person) for person in standing.listed],
        "form": (form or AgentForm(initial=today, auto_id="id_one_%s")) if may_manage else None,
        "list_form": (list_form or AgentListForm(initial=today, auto_id="id_list_%s"))
        if may_manage
        else None,
        "listing": list_form is not None,
        "may_build": seat.may(Permission.BUILD_DELIVERABLE),
        "reasons": mask.data(reasons),
    }
    failed = bool(reasons or (form and form.errors) or (list_form and list_form.errors))
    return render(request, "engagements/agents.html", context, status=422 if failed else 200)


def _row(standing: Roster, person: Person) -> dict[str, Any]:
    """One agent of the grid: a cell per certification, and whether they may dial."""
    lacking = {each.kind: each for each in standing.missing(person)}
    return {
        "person": person,
        "cells": [(kind, person.newest(kind), lacking.get(kind)) for kind in CertificationKind],
        "cleared": not lacking,
    }


def _add(
    request: TenantRequest, engagement_id: UUID, form_class: type[AgentForm | AgentListForm]
) -> HttpResponse:
    engagement, seat = open_engagement(request, engagement_id, Permission.MANAGE_ROSTER)
    name = "form" if form_class is AgentForm else "list_form"
    form = form_class(request.POST, auto_id=f"id_{'one' if name == 'form' else 'list'}_%s")
    shown: dict[str, Any] = {name: form}
    if not form.is_valid():
        return _agents_page(request, engagement, seat, **shown)
    try:
        added = services.add_agents(
            engagement=engagement, by=seat, agents=form.agents(), joined_on=form.cleaned_data["joined_on"]
        )
    except Refused as refusal:
        return _agents_page(request, engagement, seat, **shown, reasons=refusal.reasons)
    messages.success(
        request, f"{plural(len(added), 'agent')} put on the roster. Next: the three certifications."
    )
    return redirect("engagements:agents", engagement.public_id)


@posted_from("engagements:agents", "engagement_id")
def agent_add(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Put one agent on the roster."""
    return _add(request, engagement_id, AgentForm)


@posted_from("engagements:agents", "engagement_id")
def agent_list(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Put a pasted list of agents on the roster."""
    return _add(request, engagement_id, AgentListForm)


@login_required
@require_safe
@kept_for_reader
def agent(request: TenantRequest, engagement_id: UUID, agent_id: UUID) -> HttpResponse:
    """One agent: codes, days, every attempt, and the forms."""
    engagement, seat = open_engagement(request, engagement_id)
    return _agent_page(request, engagement, seat, _found(engagement, agent_id))


def _found(engagement: Engagement, agent_id: UUID) -> Agent:
    found = get_object_or_404(
        Agent.objects.select_related("belongs_to"), engagement=engagement, public_id=agent_id
    )
    return found.belongs_to or found


def _agent_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: Agent,
    *,
    refused: dict[str, Any] | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """The page; a form that was refused is given in by its name."""
    refused = refused or {}
    mask = mask_of(engagement, seat)
    standing = roster(engagement, mask=mask)
    person = next((each for each in standing.people if each.agent.pk == found.pk), None)
    if person is None:
        raise Http404("There is no such agent.")
    may_manage = seat.may(Permission.MANAGE_ROSTER)
    current = bool(person.entries) and person.left_on is None
    context = {
        "engagement": engagement,
        "person": person,
        "listed": person.listed(standing.now),
        "current": current,
        "why_not": standing.why_not(person),
        "rows": [(kind, person.newest(kind)) for kind in CertificationKind],
        "strangers": [each for each in standing.strangers if each.agent.pk != found.pk][:50],
        "rename_form": refused.get("rename") or RenameForm(initial={"name": str(person.agent)}),
        "code_form": refused.get("code") or CodeForm(),
        "end_form": refused.get("end") or EndForm(initial={"left_on": clock.today(engagement.zone)}),
        "join_form": refused.get("join") or _join_form(engagement, person),
        "may_manage": may_manage,
        "forms": _certification_forms(engagement, seat, standing, refused) if current else [],
        "refused": list(refused),
        "pass_mark": PASS_MARK,
        "masked": bool(mask),
        "client_sees": mask_for(engagement, Side.CLIENT).of(person.agent) if not mask else "",
        "reasons": mask.data(reasons),
    }
    failed = bool(reasons or refused)
    return render(request, "engagements/agent.html", context, status=422 if failed else 200)


def _join_form(engagement: Engagement, person: Person) -> AgentForm:
    codes = ", ".join([person.agent.name, *(code.name for code in person.codes)])
    today = max(clock.today(engagement.zone), engagement.kickoff_on)
    name = person.agent.display_name or person.agent.name
    return AgentForm(initial={"name": name, "codes": codes, "joined_on": today}, auto_id="id_join_%s")


def _certification_forms(
    engagement: Engagement, seat: Seat, standing: Roster, refused: dict[str, Any]
) -> list[tuple[CertificationKind, CertificationForm | None]]:
    """The forms of what this person's side assesses; None where there is no final script yet."""
    if not seat.may(Permission.CERTIFY):
        return []
    return [
        (
            kind,
            refused.get(kind.value)
            or (
                None
                if kind is CertificationKind.SCRIPT and not standing.approved
                else _empty(kind, engagement, standing)
            ),
        )
        for kind in CertificationKind
        if assessor_side(kind) == seat.side
    ]


def _versions(standing: Roster) -> list[int]:
    """The final versions on which an agent may be certified now, the one in use first."""
    may = sorted((each for each in standing.approved if each >= standing.required), reverse=True)
    return sorted(may, key=lambda version: version != standing.in_use)


def _empty(kind: CertificationKind, engagement: Engagement, standing: Roster) -> CertificationForm:
    initial = {"assessed_on": clock.today(engagement.zone), "parts": list(kind.parts)}
    return CertificationForm(kind=kind, pass_mark=PASS_MARK, versions=_versions(standing), initial=initial)


def _back(engagement: Engagement, agent: Agent) -> HttpResponse:
    return redirect("engagements:agent", engagement.public_id, agent.public_id)


def _change(
    request: TenantRequest,
    engagement_id: UUID,
    agent_id: UUID,
    place: str,
    form: Form,
    change: Callable[[Agent, Seat, dict[str, Any]], str],
) -> HttpResponse:
    """Do what one of the agent's forms asks for; a refused one is shown again in its place with what was typed."""
    engagement, seat = open_engagement(request, engagement_id, Permission.MANAGE_ROSTER)
    found = _found(engagement, agent_id)
    if not form.is_valid():
        return _agent_page(request, engagement, seat, found, refused={place: form})
    try:
        said = change(found, seat, form.cleaned_data)
    except Refused as refusal:
        return _agent_page(request, engagement, seat, found, refused={place: form}, reasons=refusal.reasons)
    messages.success(request, said)
    return _back(engagement, found)


@posted_from("engagements:agent", "engagement_id", "agent_id")
def agent_rename(request: TenantRequest, engagement_id: UUID, agent_id: UUID) -> HttpResponse:
    """Give an agent another name."""

    def rename(agent: Agent, by: Seat, typed: dict[str, Any]) -> str:
        services.rename_agent(agent=agent, by=by, **typed)
        return "The name is changed."

    return _change(request, engagement_id, agent_id, "rename", RenameForm(request.POST), rename)


@posted_from("engagements:agent", "engagement_id", "agent_id")
def agent_code(request: TenantRequest, engagement_id: UUID, agent_id: UUID) -> HttpResponse:
    """Say that a dialer code is this agent too."""

    def link(agent: Agent, by: Seat, typed: dict[str, Any]) -> str:
        services.link_code(agent=agent, by=by, code=typed["code"])
        return f"Calls under “{typed['code']}” count for {agent} from now on."

    return _change(request, engagement_id, agent_id, "code", CodeForm(request.POST), link)


@posted_from("engagements:agent", "engagement_id", "agent_id")
def agent_end(request: TenantRequest, engagement_id: UUID, agent_id: UUID) -> HttpResponse:
    """Take an agent off the roster."""

    def end(agent: Agent, by: Seat, typed: dict[str, Any]) -> str:
        services.end_agent(agent=agent, by=by, left_on=typed["left_on"])
        return f"{agent} is off the roster after that day."

    return _change(request, engagement_id, agent_id, "end", EndForm(request.POST), end)


@posted_from("engagements:agent", "engagement_id", "agent_id")
def agent_certify(request: TenantRequest, engagement_id: UUID, agent_id: UUID, kind: str) -> HttpResponse:
    """Record one attempt at one certification."""
    engagement, seat = open_engagement(request, engagement_id, Permission.CERTIFY)
    found = _found(engagement, agent_id)
    if kind not in CertificationKind.values:
        raise Http404("There is no such certification.")
    wanted = CertificationKind(kind)
    form = CertificationForm(
        request.POST, kind=wanted, pass_mark=PASS_MARK, versions=_versions(roster(engagement))
    )
    if not form.is_valid():
        return _agent_page(request, engagement, seat, found, refused={kind: form})
    try:
        made = services.certify(agent=found, by=seat, result=form.result())
    except Refused as refusal:
        return _agent_page(request, engagement, seat, found, refused={kind: form}, reasons=refusal.reasons)
    said = "passed" if made.passed else "failed; the attempt stays in the record"
    messages.success(request, f"{mask_of(engagement, seat).of(found)}, {wanted.words}: {said}.")
    page = reverse("engagements:agent", args=[engagement.public_id, found.public_id])
    return redirect(page)
