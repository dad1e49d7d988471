"""What a request carries once the seat middleware has run: for annotations, never instantiated."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from .chairs import Chair
from .models import User
from .seat import Seat

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

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
    """A request with its seat. On pages that demand a log-in `user` is a person and `seat` says for whom they act."""

    user: User
    chairs: list[Chair]
    organisation_id: int | None
    seat: Seat | None
    engagement: "Engagement | None"
    standing: "Standing | None"
    api_token: Token | None
    htmx: "HtmxDetails"
