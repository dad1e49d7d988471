"""Settings: oneself, the organisation's people, API tokens; and the ways in."""

from uuid import UUID

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.posting import posted_from

from . import selectors, services
from .address import client_address
from .forms import AccountForm, InvitationForm, ProfileForm, RoleForm, TokenForm
from .middleware import SESSION_KEY
from .models import ApiToken, Invitation, Membership
from .requests import TenantRequest, invitation_link, with_seat
from .roles import OrganisationRole, Permission, in_a_sentence
from .seat import Seat


@login_required
@require_safe
def settings(request: TenantRequest) -> HttpResponse:
    """One's own name and address, and the ways to the rest."""
    return _settings_page(request, ProfileForm(initial={"name": request.user.name}))


def _settings_page(request: TenantRequest, form: ProfileForm) -> HttpResponse:
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


@posted_from("accounts:settings")
@with_seat
def profile_save(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Change one's own name."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, form)
    services.rename_person(by=seat, name=form.cleaned_data["name"])
    messages.success(
        request, "Your name is changed. Earlier signatures keep the name that they were given under."
    )
    return redirect("accounts:settings")


@posted_from("accounts:settings")
@with_seat
def reminders_switch(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Have reminders by mail, or have none."""
    on = request.POST.get("reminders") == "on"
    services.switch_reminders(by=seat, on=on)
    messages.success(request, "You are reminded by mail." if on else "You are not reminded by mail any more.")
    return redirect("accounts:settings")


@posted_from("accounts:settings")
@with_seat
def shortcuts_switch(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Have single keys as shortcuts, or have none."""
    on = request.POST.get("shortcuts") == "on"
    services.switch_shortcuts(by=seat, on=on)
    messages.success(request, "Keyboard shortcuts are on." if on else "Keyboard shortcuts are off.")
    return redirect("accounts:settings")


@posted_from("workspace:my_work")
@with_seat
def tour_switch(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Put the tour away, or have it again."""
    on = request.POST.get("tour") == "on"
    services.switch_tour(by=seat, on=on)
    if not on:
        messages.success(request, "The tour is put away. Settings bring it back.")
    return redirect("workspace:my_work")


@posted_from("workspace:my_work")
def switch(request: TenantRequest) -> HttpResponse:
    """Work for another organisation of one's own from now on."""
    wanted = request.POST.get("organisation", "")
    if not any(str(chair.public_id) == wanted for chair in request.chairs):
        raise Http404("There is no such organisation.")
    request.session[SESSION_KEY] = wanted
    return redirect("workspace:my_work")


# The organisation's people


@with_seat
@require_safe
def members(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Who belongs to the organisation, in which role, and what each role may do."""
    return _members_page(request, seat)


def _members_page(
    request: TenantRequest, seat: Seat, form: InvitationForm | None = None, reasons: list[str] | None = None
) -> HttpResponse:
    may_manage = seat.may(Permission.MANAGE_MEMBERS)
    context = {
        "members": selectors.members(seat.organisation),
        "invitations": selectors.open_invitations(seat.organisation),
        "roles": OrganisationRole,
        "role_heads": selectors.role_heads(),
        "role_table": selectors.role_table(),
        "may_manage": may_manage,
        "form": (form or InvitationForm()) if may_manage else None,
        "reasons": reasons,
    }
    failed = bool(reasons or (form and form.errors))
    return render(request, "accounts/members.html", context, status=422 if failed else 200)


@posted_from("accounts:members")
@with_seat
def invite(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Invite somebody into the organisation by mail."""
    _demand_members(seat)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _members_page(request, seat, form)
    data = form.cleaned_data
    try:
        services.invite(
            by=seat,
            organisation=seat.organisation,
            email=data["email"],
            name=data["name"],
            role=data["role"],
            link_to=invitation_link(request),
        )
    except Refused as refusal:
        return _members_page(request, seat, form, refusal.reasons)
    messages.success(request, f"An invitation is on its way to {data['email']}. It works for 14 days.")
    return redirect("accounts:members")


def _demand_members(seat: Seat) -> None:
    """Members may be seen by every colleague, but changed by administrators only."""
    if not seat.may(Permission.MANAGE_MEMBERS):
        raise PermissionDenied(f"Your role does not allow you to {Permission.MANAGE_MEMBERS}.")


@posted_from("accounts:members")
@with_seat
def invitation_revoke(request: TenantRequest, seat: Seat, invitation_id: UUID) -> HttpResponse:
    """Make an open invitation useless."""
    _demand_members(seat)
    invitation = get_object_or_404(Invitation, public_id=invitation_id, organisation=seat.organisation)
    services.revoke_invitation(by=seat, invitation=invitation)
    messages.success(request, f"The invitation of {invitation.email} no longer works.")
    return redirect("accounts:members")


@posted_from("accounts:members")
@with_seat
def member_role(request: TenantRequest, seat: Seat, user_id: UUID) -> HttpResponse:
    """Give a member another role."""
    _demand_members(seat)
    membership = _membership(seat, user_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _members_page(request, seat, reasons=["There is no such role."])
    try:
        services.change_role(by=seat, membership=membership, role=form.cleaned_data["role"])
    except Refused as refusal:
        return _members_page(request, seat, reasons=refusal.reasons)
    messages.success(request, f"{membership.user} is now {in_a_sentence(form.cleaned_data['role'].label)}.")
    return redirect("accounts:members")


@posted_from("accounts:members")
@with_seat
def member_end(request: TenantRequest, seat: Seat, user_id: UUID) -> HttpResponse:
    """Take a person out of the organisation."""
    _demand_members(seat)
    membership = _membership(seat, user_id)
    try:
        missing = services.end_membership(by=seat, membership=membership)
    except Refused as refusal:
        return _members_page(request, seat, reasons=refusal.reasons)
    messages.success(request, f"{membership.user} no longer belongs to {seat.organisation.name}.")
    for sentence in missing:
        messages.warning(request, sentence)
    return redirect("accounts:members")


def _membership(seat: Seat, user_id: UUID) -> Membership:
    people = Membership.objects.select_related("user", "organisation")
    return get_object_or_404(people, user__public_id=user_id, organisation=seat.organisation, ended_at=None)


@with_seat
@require_safe
def trail(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Who changed what about the organisation itself; the newest first. For administrators."""
    _demand_members(seat)
    found = selectors.organisation_trail(seat.organisation)
    page = Paginator(found, selectors.LINES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "accounts/trail.html", {"page": page, "lines": selectors.in_words(page.object_list)}
    )


# API tokens


@with_seat
@require_safe
def tokens(request: TenantRequest, seat: Seat) -> HttpResponse:
    """One's own API tokens in this organisation."""
    return _tokens_page(request, seat, TokenForm())


def _tokens_page(request: TenantRequest, seat: Seat, form: TokenForm, made: str = "") -> HttpResponse:
    context = {"tokens": selectors.tokens_of(seat.user, seat.organisation), "form": form, "made": made}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@posted_from("accounts:tokens")
@with_seat
@never_cache
def token_create(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Make a token and show its text, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens_page(request, seat, form)
    _, text = services.create_token(
        by=seat, name=form.cleaned_data["name"], may_write=form.cleaned_data["may_write"], life=form.life()
    )
    return _tokens_page(request, seat, TokenForm(), made=text)


@posted_from("accounts:tokens")
@with_seat
def token_revoke(request: TenantRequest, seat: Seat, token_id: UUID) -> HttpResponse:
    """End one of one's own tokens."""
    token = get_object_or_404(ApiToken, public_id=token_id, user=seat.user, organisation=seat.organisation)
    services.revoke_token(by=seat, token=token)
    messages.success(request, f"“{token.name}” no longer works.")
    return redirect("accounts:tokens")


# The way in


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link shows: to whom it is, and how to take it."""
    return _invitation_page(request, token)


def _invitation_page(
    request: HttpRequest, token: str, form: AccountForm | None = None, reasons: list[str] | None = None
) -> HttpResponse:
    found = selectors.find_invitation(token)
    if found is None:
        raise Http404("There is no such invitation.")
    context = {
        "invitation": found,
        "token": token,
        "has_account": selectors.has_account(found.email),
        "is_theirs": request.user.is_authenticated and request.user.email.lower() == found.email.lower(),
        "form": form or AccountForm(email=found.email, initial={"name": found.name}),
        "reasons": reasons,
    }
    failed = bool(reasons or (form and form.errors))
    return render(request, "accounts/invitation.html", context, status=422 if failed else 200)


@posted_from("accounts:invitation", "token")
def invitation_accept(request: TenantRequest, token: str) -> HttpResponse:
    """Take an invitation with the account that is logged in."""
    if selectors.find_invitation(token) is None:
        raise Http404("There is no such invitation.")
    try:
        organisation = services.accept_invitation(
            token=token, user=request.user, address=client_address(request)
        )
    except Refused as refusal:
        return _invitation_page(request, token, reasons=refusal.reasons)
    request.session[SESSION_KEY] = str(organisation.public_id)
    return redirect("workspace:arrival")


@posted_from("accounts:invitation", "token", open_to_all=True)
@sensitive_post_parameters("password")
def invitation_open_account(request: HttpRequest, token: str) -> HttpResponse:
    """Take an invitation with a new account, and log in with it."""
    found = selectors.find_invitation(token)
    if found is None:
        raise Http404("There is no such invitation.")
    form = AccountForm(request.POST, email=found.email)
    if not form.is_valid():
        return _invitation_page(request, token, form)
    if selectors.has_account(found.email):
        return _invitation_page(
            request, token, reasons=["There is an account for this address. Log in with it."]
        )
    try:
        user, organisation = services.open_account(
            token=token,
            email=found.email,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            address=client_address(request),
        )
    except Refused as refusal:
        return _invitation_page(request, token, form, refusal.reasons)
    answer: HttpResponse = perform_login(request, user, redirect_url=reverse("workspace:arrival"))
    request.session[SESSION_KEY] = str(organisation.public_id)
    return answer
