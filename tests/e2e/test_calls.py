"""The calls page with the real web server, worker and command: a real file in, its figures out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.kpis.samples import UCI_FILE, own
from workspace.demo.cast import DEMO_PASSWORD, MARA

from .site import Site

ENGAGEMENT = f"""
from datetime import date
from accounts.models import Organisation, User
from accounts.roles import OrganisationRole, ParticipantRole, Side
from accounts.seat import Seat
from engagements.services import Owner, create_engagement
from tenancy import context
user = User.objects.get(email="{MARA.email}")
with context.entered(user_id=user.pk):
    seat = Seat(user, Organisation.objects.get(name="{MARA.organisation}"), OrganisationRole.ADMIN)
    owners = [Owner(ParticipantRole.CAMPAIGN_MANAGER, user.name, user.email, Side.OPERATOR)]
    owners.append(Owner(ParticipantRole.CLIENT_LEAD, "Inês Prado", "ines@lisbon.example", Side.CLIENT))
    engagement, _ = create_engagement(
        by=seat, campaign="Term deposits", side=Side.OPERATOR, other="Banco de Lisboa", kickoff_on=date(2008, 5, 1),
        zone="Europe/Lisbon", owners=owners, link_to=lambda token: "http://127.0.0.1/" + token,
    )
    print(f"engagement={{engagement.public_id}}")
"""


@pytest.fixture(scope="module")
def engagement(site: Site) -> str:
    """The public id of a new engagement that began before the bank's calls."""
    printed = site.manage("shell", "-v", "0", "-c", ENGAGEMENT)  # among it the invitations, as mails
    return next(
        word.removeprefix("engagement=") for word in printed.split() if word.startswith("engagement=")
    )


def test_the_bank_file_through_the_browser(
    engagement: str, log_in: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = log_in(MARA.email, DEMO_PASSWORD)
    page.goto(f"/e/{engagement}/calls/")
    assert axe(page) == []
    page.locator("input[type=file]").set_input_files(UCI_FILE)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("UCI bank marketing").first).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="45,211 call rows of this file are in")).to_be_visible(
        timeout=60_000
    )
    for figure in ("124,956", "5,289", "no data", "Mon 5 May 2008"):
        expect(page.get_by_text(figure).first).to_be_visible()
    assert axe(page) == []


def test_an_unknown_code_is_cleared_by_hand(
    engagement: str, log_in: Callable[..., Page], axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(
        own([{"called_at": "2010-12-01 10:00:00", "disposition": code} for code in ("APPT", "closed")])
    )
    page = log_in(MARA.email, DEMO_PASSWORD, viewport={"width": 390, "height": 800})
    page.goto(f"/e/{engagement}/calls/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("“APPT” has no meaning")).to_be_visible(timeout=60_000)
    assert axe(page) == []
    page.get_by_role("link", name="Give codes their meaning").click()
    page.get_by_label("Meaning of APPT").select_option("transfer_set")
    page.get_by_role("button", name="Save the meaning of APPT").click()
    expect(page.get_by_text("“APPT” now means")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="calls.csv", exact=True).click()
    page.get_by_role("button", name="Read the file again").click()
    expect(page.get_by_role("heading", name="2 call rows of this file are in")).to_be_visible(timeout=60_000)


def test_the_command_prints_json_last(engagement: str, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "by-command.csv"
    file.write_bytes(
        own(
            [{"called_at": "2010-12-02 10:00:00", "call_id": "command"}, {"call_id": "command", "dials": "x"}]
        )
    )
    printed = site.manage("import_calls", "--engagement", engagement, "--as-user", MARA.email, str(file))
    told = json.loads(printed.splitlines()[-1])
    assert (told["accepted"], told["rejected"], told["first_day"]) == (1, 1, "2010-12-02")
