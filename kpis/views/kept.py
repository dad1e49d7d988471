"""Pages that are the same for whoever looks through a mask: kept as they were drawn, where nobody asks for a choice."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import mark_safe

from accounts.requests import TenantRequest
from common import clock
from engagements.kept import Parts, drawn, place_of
from engagements.masking import Mask
from engagements.models import Engagement

# What a page shows and whether what was asked for is wrong, from what was asked for.
Answer = Callable[[QueryDict], tuple[dict[str, Any], bool]]


def kept_page(
    request: TenantRequest,
    engagement: Engagement,
    mask: Mask,
    template: str,
    pieces: Mapping[str, str],
    *,
    answer: Answer,
) -> HttpResponse:
    """The page of `template` with its `pieces` (their templates by name); 422 where what was asked for is wrong."""

    def draw(asked: QueryDict) -> tuple[dict[str, str], bool]:
        found, wrong = answer(asked)
        around = {"engagement": engagement, "head": place_of(engagement, today), **found}
        return {name: drawn(piece, mask, **around) for name, piece in pieces.items()}, wrong

    today, wrong = clock.today(engagement.zone), False
    if request.GET:
        told, wrong = draw(request.GET)
    else:
        parts = Parts(engagement, today)
        told = parts.page(template, mask, make=lambda: draw(QueryDict())[0])
    context = {"engagement": engagement, **{name: mark_safe(piece) for name, piece in told.items()}}  # noqa: S308  ours
    return render(request, template, context, status=422 if wrong else 200)
