"""An organisation's colour and logo: who changes them, who sees them, and what a page makes of them."""

import base64
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.branding import brand_of, change_brand, logo_called
from accounts.models import Brand, Logo, TrailEntry
from accounts.roles import OrganisationRole
from accounts.seat import Seat
from common.errors import Refused
from tenancy import context
from tests.factories import Cast


def picture(colour: str = "#1a6b34") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (120, 40), colour).save(made, "PNG")
    return made.getvalue()


def admin(cast: Cast) -> Seat:
    return Seat(cast.operator_leader, cast.operator_organisation, OrganisationRole.ADMIN, "192.0.2.1")


@pytest.fixture
def branded(cast: Cast) -> Cast:
    with context.entered(user_id=cast.operator_leader.pk):
        change_brand(by=admin(cast), colour="#7A1FA2", logo=picture())
    return cast


def _settle(client: Client, **data: object) -> object:
    return client.post("/settings/brand/save/", data)


def test_an_administrator_chooses_and_the_page_has_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator_leader)
    before = client.get("/settings/brand/").text
    assert "/brand/" not in before.split("<body")[0]
    answer = _settle(client, colour="7a1fa2", logo=SimpleUploadedFile("logo.png", picture()))
    assert answer.status_code == 302
    page = client.get("/settings/brand/").text
    sheet = page.split('href="/brand/')[1].split('"')[0]
    rules = client.get(f"/brand/{sheet}")
    assert "--tg-accent:light-dark(#7a1fa2," in rules.text
    assert (rules["Content-Type"], "immutable" in rules["Cache-Control"]) == ("text/css; charset=utf-8", True)
    address = page.split('<img class="tg-logo" src="')[1].split('"')[0]
    logo = client.get(address)
    assert (logo["Content-Type"], logo["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert logo["Cache-Control"] == "private, max-age=31536000, immutable"
    with context.entered(user_id=cast.operator_leader.pk):
        assert [line.action for line in TrailEntry.objects.all()] == ["brand.changed"]


def test_the_same_again_leaves_no_second_line(branded: Cast) -> None:
    with context.entered(user_id=branded.operator_leader.pk):
        change_brand(by=admin(branded), colour="#7a1fa2", logo=picture())
        assert TrailEntry.objects.count() == 1
        assert Logo.objects.count() == 1


def test_a_refused_form_says_why_and_keeps_what_was_typed(branded: Cast, client: Client) -> None:
    client.force_login(branded.operator_leader)
    answer = _settle(client, colour="bluish", logo=SimpleUploadedFile("logo.png", b"<svg/>"))
    assert answer.status_code == 422
    assert "“bluish” is no colour" in answer.text
    assert "neither a PNG nor a JPEG" in answer.text
    assert 'value="bluish"' in answer.text
    with context.entered(user_id=branded.operator_leader.pk):
        assert brand_of(branded.operator_organisation)["colour"] == "#7a1fa2"


def test_a_colour_that_cannot_be_read_is_kept_and_the_page_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator_leader)
    _settle(client, colour="#ffd500")
    page = client.get("/settings/brand/").text
    assert "Tollgate’s own, #0a5fb4, is used" in page
    with context.entered(user_id=cast.operator_leader.pk):
        assert brand_of(cast.operator_organisation)["colour"] == "", "a paper is light"


def test_the_logo_is_taken_away_and_an_earlier_paper_still_finds_it(branded: Cast, client: Client) -> None:
    with context.entered(user_id=branded.operator_leader.pk):
        digest = brand_of(branded.operator_organisation)["logo_sha256"]
    client.force_login(branded.operator_leader)
    _settle(client, colour="#7a1fa2", without_logo="on")
    assert "No logo" in client.get("/settings/brand/").text
    with context.entered(user_id=branded.operator_leader.pk):
        assert brand_of(branded.operator_organisation)["logo"] == ""
        kept = logo_called(branded.operator_organisation.pk, digest)
    assert base64.b64decode(kept.partition(",")[2]).startswith(b"\x89PNG")


def test_nobody_else_changes_it(branded: Cast, client: Client) -> None:
    member = Seat(branded.campaign_manager, branded.operator_organisation, OrganisationRole.MEMBER)
    with (
        context.entered(user_id=branded.campaign_manager.pk),
        pytest.raises(Refused, match="colour and logo"),
    ):
        change_brand(by=member, colour="")
    client.force_login(branded.campaign_manager)
    assert client.get("/settings/brand/").status_code == 403
    assert _settle(client, colour="").status_code == 403


def test_the_other_side_sees_it_and_a_stranger_does_not(branded: Cast, client: Client) -> None:
    with context.entered(user_id=branded.client_lead.pk):
        assert brand_of(branded.operator_organisation)["colour"] == "#7a1fa2"
        digest = brand_of(branded.operator_organisation)["logo_sha256"]
        assert Brand.objects.update(colour="#000000") == 0, "seen, never changed"
    with context.entered(user_id=branded.outsider.pk):
        assert brand_of(branded.operator_organisation) == {"colour": "", "logo": "", "logo_sha256": ""}
    client.force_login(branded.client_lead)
    assert client.get(f"/logos/{digest}.png").status_code == 200
    assert "/brand/" not in client.get("/").text.split("<body")[0], "one's own colour, not the other side's"
    client.force_login(branded.outsider)
    assert client.get(f"/logos/{digest}.png").status_code == 404
