"""Agents as the reader may see them: `{% load agents %}`, `{% agent call.agent %}`."""

from django import template
from django.template import Context
from django.template.defaultfilters import linebreaks_filter, linebreaksbr

from accounts.requests import TenantRequest
from engagements.masking import OPEN, Mask
from engagements.masks import mask_of
from engagements.models import Agent

register = template.Library()
SHAPES = {"lines": linebreaksbr, "paragraphs": linebreaks_filter}


@register.simple_tag(takes_context=True)
def agent(context: Context, row: Agent | None, missing: str = "not given") -> str:
    """Name an agent: by number where the operator masks the names and the reader is of the client."""
    return mask_of_request(context["request"]).of(row) or missing


@register.simple_tag(takes_context=True)
def unnamed(context: Context, text: object, shape: str = "") -> str:
    """A text in which agents may be named, as the reader may see it.

    `shape` says how its line breaks are shown: as "lines", as "paragraphs", or not at all.
    """
    said = mask_of_request(context["request"]).text(str(text))
    return SHAPES[shape](said, autoescape=True) if shape else said


def mask_of_request(request: TenantRequest) -> Mask:
    """The mask of whoever asks, read once a request."""
    found: Mask | None = getattr(request, "agent_mask", None)
    if found is None:
        asked = request.engagement is not None and request.seat is not None
        found = mask_of(request.engagement, request.seat) if asked else OPEN  # type: ignore[arg-type]
        request.agent_mask = found  # type: ignore[attr-defined]  # for the length of this request only
    return found
