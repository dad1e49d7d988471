"""An organisation's colour and logo: what it shows of itself on screen and on paper."""

import base64
import hashlib
from typing import TypedDict

from django.db import transaction

from common.brand import accent_of, parse_colour
from common.errors import Refused
from common.pictures import as_logo

from . import trail
from .models import Brand, Logo, Organisation
from .roles import Permission
from .seat import Seat


class Shown(TypedDict):
    """What a paper shows of an organisation; empty where it has chosen nothing."""

    colour: str  # "#rrggbb", readable as text on white and under white text
    logo: str  # a data URI of an opaque PNG, at most 480 × 160 pixels
    logo_sha256: str  # its hash: a snapshot keeps this and not the picture


def brand_of(organisation: Organisation | int) -> Shown:
    """The colour and the logo of an organisation that the reader knows: their own, or the other side of an engagement.

    The colour is the one that light pages use, and empty where none of the organisation's can be read there.
    """
    pk = organisation if isinstance(organisation, int) else organisation.pk
    brand = Brand.objects.filter(organisation_id=pk).first()
    if brand is None:
        return {"colour": "", "logo": "", "logo_sha256": ""}
    light = accent_of(brand.colour).light if brand.colour else None
    return {
        "colour": light.colour if light and light.own else "",
        "logo": logo_called(pk, brand.logo_sha256),
        "logo_sha256": brand.logo_sha256,
    }


def logo_called(organisation_id: int, sha256: str) -> str:
    """A logo that an organisation has or had, as a data URI; empty where there is none."""
    if not sha256:
        return ""
    found = Logo.objects.filter(organisation_id=organisation_id, sha256=sha256).first()
    return f"data:image/png;base64,{base64.b64encode(found.content).decode()}" if found else ""


@transaction.atomic
def change_brand(*, by: Seat, colour: str, logo: bytes | None = None, without_logo: bool = False) -> Brand:
    """Choose the colour ("" for none) and, when `logo` brings a file, the logo of one's organisation.

    Raises Refused for a seat without the right, for what is no colour, and for a file that is no logo.
    """
    by.require(Permission.EDIT_BRAND)
    chosen = parse_colour(colour) if colour.strip() else ""
    if chosen is None:
        raise Refused("A colour is written as # and six hexadecimal digits, such as #0a5fb4.")
    Brand.objects.get_or_create(organisation=by.organisation)
    brand = Brand.objects.select_for_update().get(organisation=by.organisation)
    before = {"colour": brand.colour, "logo": brand.logo_sha256[:12]}
    brand.colour = chosen
    if logo is not None:
        brand.logo_sha256 = _keep(by.organisation, logo)
    elif without_logo:
        brand.logo_sha256 = ""
    after = {"colour": brand.colour, "logo": brand.logo_sha256[:12]}
    if after != before:
        brand.save()
        trail.record(by=by, action="brand.changed", subject=by.organisation.name, before=before, after=after)
    return brand


def _keep(organisation: Organisation, content: bytes) -> str:
    picture = as_logo(content)
    digest = hashlib.sha256(picture.content).hexdigest()
    Logo.objects.get_or_create(
        organisation=organisation,
        sha256=digest,
        defaults={"content": picture.content, "width": picture.width, "height": picture.height},
    )
    return digest
