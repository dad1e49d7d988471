"""What a request carries once the seat middleware has run, and the way in for views that need a seat."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from .chairs import Chair
from .models import User
from .seat import Seat

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from engagements.kept_page import Keeping
    from engagements.models import Engagement
    from milestones.selectors import Standing


@dataclass(frozen=True)
class Token:
    """A valid API token, as far as a request needs it."""

    token_id: int
    user_id: int
    organisation_id: int
    may_write: bool


class TenantRequest(HttpRequest):
    """A request with its seat: for annotations, never instantiated.

    On pages that demand a log-in `user` is a person and `seat` says for whom they act.
    """

    user: User
    chairs: list[Chair]
    organisation_id: int | None
    seat: Seat | None
    engagement: "Engagement | None"
    standing: "Standing | None"
    keeping: "Keeping | None"
    api_token: Token | None
    htmx: "HtmxDetails"


def with_seat(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the person's seat; somebody without an organisation finds nothing here."""

    @wraps(view)
    def seated(request: TenantRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.seat is None:
            raise Http404("You belong to no organisation.")
        return view(request, request.seat, *args, **kwargs)

    return login_required(seated)


def invitation_link(request: HttpRequest) -> Callable[[str], str]:
    """How a mail leads to the page of an invitation: the token in, the whole address out."""
    return lambda token: request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
