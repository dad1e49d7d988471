"""Comments and private notes at a place of a page: `{% load comments %}`."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.requests import TenantRequest
from common.gaps import filled, gap
from common.ui import SOME
from engagements.models import Engagement
from engagements.templatetags.agents import mask_of_request
from engagements.threads import Spot, Threads, part_context

register = template.Library()

FORM, PLACE = "form", "place"
BLANKS = {FORM: "engagements/_comment_form.html", PLACE: "engagements/_comments.html"}


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
    blank = PLACE if not part["total"] else FORM
    return {**part, blank: _filled(blank, part, str(context.get("csrf_token", "")))}


def _filled(blank: str, part: dict[str, Any], csrf: str) -> SafeString:
    """The form of a place, or all of a place where nothing was said: as it was set for some place, filled in."""
    spot = part["spot"]
    return filled(
        _blank(blank, part["folded"], bool(part["names"]), settings.ROOT_URLCONF),
        say=reverse("engagements:comment_say", args=[part["engagement"].public_id]),
        csrf=csrf,
        seal=part["seal"],
        slug=spot.slug,
        title=spot.title,
        level=part["level"],
        own=part["own"].name,
        names=part["names"],
    )


@lru_cache(maxsize=8)
def _blank(blank: str, folded: bool, names: bool, addresses: str) -> str:
    """The form, or a place where nothing was said, with gaps for what is of one place."""
    place = SimpleNamespace(slug=gap("slug"), title=gap("title"))
    around = {
        "engagement": SimpleNamespace(public_id=SOME),
        "spot": place,
        "seal": gap("seal"),
        "own": SimpleNamespace(name=gap("own")),
        "names": gap("names") if names else "",
        "level": gap("level"),
        "folded": folded,
        "seat": True,
        "total": 0,
        "waits": False,
        "earlier": (),
        "latest": (),
        "csrf_token": gap("csrf"),
    }
    said = render_to_string(BLANKS[blank], around)
    return said.replace(reverse("engagements:comment_say", args=[SOME]), gap("say"))


def _threads(request: TenantRequest, engagement: Engagement) -> Threads:
    """The threads that this request has read already."""
    found: Threads | None = getattr(request, "threads", None)
    if found is None or found.engagement.pk != engagement.pk:
        found = Threads(engagement, request.user)
        request.threads = found  # type: ignore[attr-defined]  # for the length of this request only
    return found
