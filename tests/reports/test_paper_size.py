"""What reports are printed on: what was chosen, else what is usual; and how both organisations look at that moment."""

from dataclasses import replace

import pytest

from accounts.models import TrailEntry
from common.errors import Refused
from reports import services
from reports.paper_sizes import size_of, usual_size
from reports.render import paper_colour, paper_html
from reports.selectors.snapshot import take_snapshot
from reports.snapshots import Brand, Kind, digest, freeze, thaw
from tests.factories import Cast
from tests.milestones.scene import as_person
from tests.reports import samples
from tests.reports.test_evening_people import browser, page_of

DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElF"
    "TkSuQmCC"
)


@pytest.mark.parametrize(
    ("country", "zone", "size"),
    [
        ("US", "America/New_York", "letter"),
        ("DE", "America/New_York", "A4"),
        ("MX", "Europe/Berlin", "letter"),
        ("", "America/Toronto", "letter"),
        ("", "America/Sao_Paulo", "A4"),
        ("", "America/Argentina/Cordoba", "A4"),
        ("", "Asia/Manila", "letter"),
        ("", "Europe/London", "A4"),
    ],
)
def test_what_is_usual_is_told_by_the_country_and_else_by_the_zone(
    country: str, zone: str, size: str
) -> None:
    assert usual_size(country=country, zone=zone) == size
    assert size_of("A4", country=country, zone=zone) == "A4"
    assert size_of("letter", country=country, zone=zone) == "letter"


def test_the_paper_is_chosen_once_and_holds_for_new_versions(cast: Cast) -> None:
    client = browser(cast.campaign_manager)
    page = page_of(cast, "")
    assert "As is usual there: Letter" in client.get(page).content.decode()
    assert client.post(page_of(cast, "paper/"), {"size": "A4"}).status_code == 302
    refused = client.post(page_of(cast, "paper/"), {"size": "A5"})
    assert refused.status_code == 422
    assert browser(cast.supervisor).post(page_of(cast, "paper/"), {"size": "A4"}).status_code == 403
    with as_person(cast, cast.campaign_manager):
        cast.engagement.refresh_from_db()
        assert take_snapshot(cast.engagement, Kind.LAUNCH_PLAN, version=1).paper == "A4"
        line = TrailEntry.objects.get(action="report.paper_set")
        assert (line.before, line.after) == ({"paper": "Letter, as is usual there"}, {"paper": "A4"})
        with pytest.raises(Refused):
            services.set_paper(engagement=cast.engagement, by=cast.seat(cast.campaign_manager), size="A5")


def test_a_colour_is_used_where_it_can_be_seen_on_white() -> None:
    assert paper_colour("#0a5fb4") == "#0a5fb4"
    assert paper_colour("#ffe14d") == "", "yellow cannot"
    assert paper_colour("red;}") == ""
    assert paper_colour("") == ""


def test_page_one_bears_both_organisations_as_they_looked_then() -> None:
    plain = samples.day_30()
    branded = replace(plain, client_brand=Brand("#0a5fb4", DOT), operator_brand=Brand("#ffe14d"))
    assert thaw(freeze(branded)) == branded
    assert "client_brand" not in freeze(plain), "a snapshot of before keeps its hash"
    assert digest(branded) != digest(plain)
    html = paper_html(branded)
    assert html.count("border-color:#0a5fb4") == 1
    assert "ffe14d" not in html
    assert f'<img src="{DOT}" alt="Logo of {branded.client}"' in html
