"""Comments and private notes at a place of a page: `{% load comments %}`."""

import re
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from accounts.requests import TenantRequest
from common.ui import SOME
from engagements.models import Engagement
from engagements.templatetags.agents import mask_of_request
from engagements.threads import Spot, Threads, part_context

register = template.Library()


@register.simple_tag(takes_context=True)
def comments_for(context: Context, engagement: Engagement, *keys: str) -> str:
    """Read many places at once, before `comments` draws each: kinds such as "finding", or whole keys."""
    _threads(context["request"], engagement).fetch(keys)
    return ""


@register.inclusion_tag("engagements/_comments.html", takes_context=True)
def comments(
    context: Context,
    engagement: Engagement,
    about: str,
    key: Any = "",
    title: object = "",
    level: int = 2,
    folded: bool = False,
) -> dict[str, Any]:
    """Draw what was said about one place, and the form to say more.

    The place is a whole key ("brief:calling_hours"), or a kind with what it is the key of ("milestone" public_id).
    `title` is what the place is called in mails and in My work; `level` is that of the heading; `folded` makes
    one line of it, for places of which a page has many.
    """
    request: TenantRequest = context["request"]
    if request.seat is None:
        return {"seat": None}
    about = f"{about}:{key}" if key else about
    named = mask_of_request(request).text(str(title)) or about.partition(":")[0].capitalize()
    spot = Spot(about, named, request.path)
    part = part_context(
        engagement, request.seat, spot, _threads(request, engagement),
        level=level, folded=folded, request=request, user=request.user, head=context.get("head"),
    )  # fmt: skip
    return {**part, "form": _form(part, str(context.get("csrf_token", "")))}


# What the form of a place says of that place, in the form that is set once for all.
_GAP = re.compile(r"@@([a-z]+)@@")


def _form(part: dict[str, Any], csrf: str) -> SafeString:
    """The form of one place: as it was set for some place, what is of this one filled in."""
    spot = part["spot"]
    told = {
        "say": reverse("engagements:comment_say", args=[part["engagement"].public_id]),
        "csrf": csrf,
        "seal": part["seal"],
        "slug": spot.slug,
        "title": spot.title,
        "level": part["level"],
        "own": part["own"].name,
        "names": part["names"],
    }
    pieces = {name: str(conditional_escape(value)) for name, value in told.items()}
    blank = _blank(part["folded"], bool(part["names"]), settings.ROOT_URLCONF)
    return mark_safe(_GAP.sub(lambda gap: pieces[gap[1]], blank))  # noqa: S308  each piece was escaped


@lru_cache(maxsize=8)
def _blank(folded: bool, names: bool, addresses: str) -> str:
    """The form with gaps. A template that says the same for each of a page's places takes ten times as long."""
    place = SimpleNamespace(slug="@@slug@@", title="@@title@@")
    around = {
        "engagement": SimpleNamespace(public_id=SOME),
        "spot": place,
        "seal": "@@seal@@",
        "own": SimpleNamespace(name="@@own@@"),
        "names": "@@names@@" if names else "",
        "level": "@@level@@",
        "folded": folded,
        "csrf_token": "@@csrf@@",
    }
    said = render_to_string("engagements/_comment_form.html", around)
    return said.replace(reverse("engagements:comment_say", args=[SOME]), "@@say@@")


def _threads(request: TenantRequest, engagement: Engagement) -> Threads:
    """The threads that this request has read already."""
    found: Threads | None = getattr(request, "threads", None)
    if found is None or found.engagement.pk != engagement.pk:
        found = Threads(engagement, request.user)
        request.threads = found  # type: ignore[attr-defined]  # for the length of this request only
    return found
