"""Pages that a reader is shown again as they were, while nothing is newer: what hangs on their side, role and name.

A view that is marked `kept_for_reader` stays as it is: it opens its engagement, and that brings the page if it is kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.safestring import mark_safe

from accounts.requests import TenantRequest
from accounts.seat import Seat
from common import clock
from tenancy import context

from .kept import Newest, keep_where_possible, page_of_one, short
from .models import Engagement, KeptPage

# The hidden field of each form, which proves that the form is ours: another text each time, and never kept. What
# people write cannot look like it, for their quotation marks are escaped.
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*')
# What lets a script of ours run in this answer and in no other.
NONCE = re.compile(r'(?<= nonce=")[^"]*')
UNTIL = "until"

# What waits for a job asks again by itself until it is done; no line of the trail tells how far it is.
ASKS_AGAIN = 'hx-trigger="every'


class AlreadyShown(Exception):
    """What somebody asks for is kept as they were last shown it, and they may still see it."""

    def __init__(self, pieces: Mapping[str, str]) -> None:
        super().__init__("shown as it is kept")
        self.pieces = pieces


class Keeping:
    """A page while it is made for its reader: its name, what was asked of it, its pieces, and what it is kept under."""

    def __init__(self, page: str, asked: str) -> None:
        self.page, self.asked = page, asked
        self.pieces: dict[str, str] = {}
        self.under: tuple[Engagement, Newest] | None = None
        self.until: datetime | None = None

    def opened(self, engagement: Engagement, seat: Seat, newest: Newest, kept: Sequence[Any]) -> None:
        """End the view where what is kept of its page (`kept`: under what, its pieces) counts; else note the newest.

        It counts for whoever may do the same as then, and asks for the same: of a list the page that was seen last is
        kept. Raises AlreadyShown, for `kept_for_reader`.
        """
        may = (seat.role, seat.side, sorted(seat.participant_roles), sorted(seat.acting_for.items()))
        newest = replace(newest, beside=short((newest.beside, may, self.asked)))
        if kept and newest.counts(kept[:-1]):
            pieces = dict(kept[-1])
            until = pieces.pop(UNTIL, "")
            if not until or clock.now() < datetime.fromisoformat(until):
                raise AlreadyShown(pieces)
        self.under = (engagement, newest)

    def keep(self, reader_id: int) -> None:
        """Keep what was shown, at the end of the transaction."""
        if self.under is None or not self.pieces:
            return
        engagement, newest = self.under
        if newest.sequence is None or any(ASKS_AGAIN in piece for piece in self.pieces.values()):
            return
        pieces = {name: NONCE.sub("", TOKEN.sub("", told)) for name, told in self.pieces.items()}
        if self.until:
            pieces[UNTIL] = self.until.isoformat()
        copy = KeptPage(
            engagement=engagement, reader_id=reader_id, page=self.page, pieces=pieces, **newest.as_columns()
        )
        context.at_the_end(
            ("page", self.page), lambda: keep_where_possible([copy], ("engagement", "reader", "page"))
        )


def kept_for_reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page again as its reader was last shown it, where that is of today, of the newest lines of the trail and
    by the code that runs. The view is asked all the same until it has opened the engagement: who may see it is asked.

    For pages whose every fact leaves a line in the trail of the engagement or of one of its two organisations. Where
    one does not at the moment, the view calls `keep_nothing`; where one turns with the hour, `keep_until`.
    """

    @wraps(view)
    def shown(request: TenantRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method != "GET" or request.seat is None:
            return view(request, *args, **named)
        page = page_of_one(view.__name__, (request.path, request.seat.organisation.pk))
        request.keeping = Keeping(page, request.GET.urlencode())
        try:
            response = view(request, *args, **named)
        except AlreadyShown as known:
            request.keeping = None
            told = {name: _whole(piece, request) for name, piece in known.pieces.items()}
            return render(request, "ui/kept.html", {"engagement": request.engagement, **told})
        if response.status_code == 200 and request.keeping is not None:
            request.keeping.keep(request.user.pk)
        return response

    return shown


def keep_nothing(request: TenantRequest) -> None:
    """What this answer says may be otherwise a moment later, and no line of the trail will tell."""
    request.keeping = None


def keep_until(request: TenantRequest, moment: datetime) -> None:
    """What this answer says may be otherwise from then on; the earliest moment of several counts."""
    if request.keeping is not None:
        request.keeping.until = min(moment, request.keeping.until or moment)


def _whole(piece: str, request: HttpRequest) -> str:
    """The piece with the token of this answer in each of its forms, and its nonce in each of its scripts."""
    if "csrfmiddlewaretoken" in piece:
        piece = TOKEN.sub(get_token(request), piece)
    if " nonce=" in piece:
        piece = NONCE.sub(str(get_nonce(request)), piece)
    return mark_safe(piece)  # noqa: S308  set by our templates, which escaped what is in it
