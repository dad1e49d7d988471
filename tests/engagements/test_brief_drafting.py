"""Writing a brief in rows and by two sides, as a browser without JavaScript does it."""

import re
from typing import Any

import pytest
from django.test import Client

from engagements.models import CampaignBrief
from engagements.rules import BriefContent
from engagements.services import sign_brief
from tenancy import context
from tests.briefs import typed, whole_brief
from tests.engagements.test_brief_pages import logged_in, page_of
from tests.factories import Cast

WHOLE = whole_brief()


@pytest.fixture
def lead(cast: Cast) -> Client:
    return logged_in(cast.client_lead)


def post(browser: Client, cast: Cast, form: dict[str, Any]) -> Any:
    return browser.post(page_of(cast, "brief/save"), form)


def rows_of(text: str, key: str) -> int:
    return int(re.findall(rf'name="{key}-rows" value="(\d+)"', text)[0])


def stored(cast: Cast) -> CampaignBrief:
    with context.entered(user_id=cast.client_lead.pk):
        return CampaignBrief.objects.filter(engagement=cast.engagement).latest("version")


def test_a_row_is_added_moved_and_taken_out_and_nothing_typed_is_lost(cast: Cast, lead: Client) -> None:
    wrong = typed(WHOLE, **{"calling_hours-0-hours": "nine to five", "term-geography": "Ohio"})
    page = post(lead, cast, wrong | {"do": "add:escalation"})
    assert page.status_code == 200, "nothing is judged yet, and nothing saved"
    assert rows_of(page.text, "escalation") == 3
    assert "nine to five" in page.text
    assert "Ohio" in page.text
    page = post(lead, cast, wrong | {"do": "up:escalation:1"})
    assert page.text.index("Still failing") < page.text.index("Transfers fail")
    page = post(lead, cast, wrong | {"do": "remove:dispositions:0"})
    assert rows_of(page.text, "dispositions") == 1
    assert 'value="QUAL"' not in page.text
    page = post(lead, cast, typed(WHOLE) | {"do": "own:dispositions"})
    assert rows_of(page.text, "dispositions") == 20
    with context.entered(user_id=cast.client_lead.pk):
        assert not CampaignBrief.objects.exists()


@pytest.mark.parametrize(
    "what", ["add:nothing", "remove:escalation:99", "up:escalation:0", "x", "remove:metric:²"]
)
def test_a_button_that_is_not_there_does_nothing(cast: Cast, lead: Client, what: str) -> None:
    page = post(lead, cast, typed(WHOLE) | {"do": what})
    assert page.status_code == 200
    assert rows_of(page.text, "escalation") == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"calling_hours-0-hours": "9:00–12:00, 11:00–14:00"}, "09:00–12:00 and 11:00–14:00 overlap."),
        ({"calling_hours-1-days": ["4"]}, "Overlaps an earlier row of this region on Friday."),
        ({"calling_hours-0-code": "USA"}, "Write an ISO code such as US or US-NY"),
        ({"calling_hours-0-days": []}, "Choose at least one weekday."),
        ({"dispositions-1-code": "qual"}, "“qual” stands in an earlier row already."),
        ({"dispositions-0-meaning": ""}, "“Means” is empty."),
        ({"daily_caps-dials-none": "on"}, "Give the number, or say that none is agreed, not both."),
        ({"daily_caps-dials": "0"}, "greater than or equal to 1"),
        ({"lead_sources-0-origin": ""}, "“Where it comes from” is empty."),
        ({"metric-0-target": "120"}, "A rate cannot be above 100%."),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_what_was_typed_is_kept(
    cast: Cast, lead: Client, change: dict[str, Any], reason: str
) -> None:
    page = post(lead, cast, typed(WHOLE, **{"term-qualifies": "Owns the roof"}) | change)
    assert page.status_code == 422
    assert reason.replace("'", "&#x27;") in page.text
    assert "Owns the roof" in page.text
    [name] = list(change)
    value = change[name]
    if isinstance(value, str) and value not in ("", "on"):
        assert f'value="{value}"' in page.text


def test_rows_that_are_left_empty_are_left_out(cast: Cast, lead: Client) -> None:
    blank = {
        "lead_sources-rows": "3",
        "lead_sources-1-name": "",
        "lead_sources-2-name": " Fair ",
        "lead_sources-2-origin": "Cards",
    }
    assert post(lead, cast, typed(WHOLE) | blank).status_code == 302
    assert [row["name"] for row in stored(cast).terms["lead_sources"]["rows"]] == ["Web form", "Fair"]


def test_what_is_read_is_what_can_be_typed_again(cast: Cast, lead: Client) -> None:
    assert post(lead, cast, typed(WHOLE)).status_code == 302
    first = stored(cast)
    assert first.terms == WHOLE.as_data()["terms"]
    assert post(lead, cast, typed(WHOLE, first.content_hash)).status_code == 302
    assert stored(cast).content_hash == first.content_hash


def test_a_metric_of_ones_own_is_added_and_a_standard_one_brought_back(cast: Cast, lead: Client) -> None:
    form = typed(BriefContent(WHOLE.terms, WHOLE.metrics[:4]))
    page = post(lead, cast, form | {"do": "add:metric"})
    assert "Add Close rate" in page.text
    assert rows_of(page.text, "metric") == 5
    own = {
        "metric-rows": "5", "metric-4-label": "Turnaround", "metric-4-numerator": "Hours to close",
        "metric-4-denominator": "", "metric-4-unit": "hours", "metric-4-direction": "down", "metric-4-target": "24",
        "metric-4-minimum_sample": "30", "metric-4-source_system": "", "metric-4-dispute_rule": "",
    }  # fmt: skip
    page = post(lead, cast, form | own)
    assert page.status_code == 422
    assert "Name the system whose figures count" in page.text
    assert post(lead, cast, form | own | {"metric-4-source_system": "Helpdesk"}).status_code == 302
    with context.entered(user_id=cast.client_lead.pk):
        metric = stored(cast).metrics.get(key="turnaround")
        assert (metric.target, metric.unit, metric.position) == (24, "hours", 5)
    assert "at most 24 hours" in lead.get(page_of(cast)).text


def test_a_late_writer_gets_what_others_changed_and_keeps_their_own(cast: Cast, lead: Client) -> None:
    """One changed the geography, the other the lead sources: nobody has to type anything twice."""
    post(lead, cast, typed(WHOLE))
    first = stored(cast)
    post(
        lead,
        cast,
        typed(WHOLE, first.content_hash, **{"term-geography": "Texas", "term-qualifies": "Owns a roof"}),
    )
    manager = logged_in(cast.campaign_manager)
    mine = typed(
        WHOLE, first.content_hash, **{"lead_sources-0-volume": "90 a day", "term-qualifies": "Owns a house"}
    )
    late = post(manager, cast, mine)
    assert late.status_code == 422
    assert "Somebody else has changed the brief" in late.text
    assert "Geography (by Clara Lind" in late.text
    assert re.search(r"<textarea[^>]*name=\"term-geography\"[^>]*>\s*Texas", late.text)
    assert 'value="90 a day"' in late.text
    assert "<del>roof</del> → <ins>house</ins>" in late.text, "both wrote here: it is shown"
    assert "About Geography" not in late.text.partition("<form")[0]
    fresh = re.findall(r'name="(seen|parts)" value="([^"]+)"', late.text)
    again = post(manager, cast, mine | dict(fresh) | {"term-geography": "Texas"})
    assert again.status_code == 302
    terms = stored(cast).terms
    assert (terms["geography"], terms["qualifies"]) == ("Texas", "Owns a house")
    assert terms["lead_sources"]["rows"][0]["volume"] == "90 a day"


def test_two_versions_are_compared_term_by_term(cast: Cast, lead: Client) -> None:
    post(lead, cast, typed(WHOLE))
    brief = stored(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        with context.entered(user_id=user.pk):
            sign_brief(engagement=cast.engagement, by=cast.seat(user), version=1, seen=brief.content_hash)
    post(
        lead,
        cast,
        typed(WHOLE, brief.content_hash, **{"calling_hours-1-hours": "", "term-geography": "Texas"}),
    )
    page = lead.get(page_of(cast, "brief/compare")).text
    assert "Version 1 against version 2" in page
    assert "<del>10:00–16:00</del> → <ins>not called</ins>" in page
    assert "<ins>Texas</ins>" in page
    back = lead.get(page_of(cast, "brief/compare"), {"from": "2", "to": "1"}).text
    assert "<ins>10:00–16:00</ins>" in back
    same = lead.get(page_of(cast, "brief/compare"), {"from": "1", "to": "1"}).text
    assert "Both read the same." in same
    assert lead.get(page_of(cast, "brief/compare"), {"from": "7"}).status_code == 404
    assert logged_in(cast.outsider).get(page_of(cast, "brief/compare")).status_code == 404
    assert "Signed, replaced" not in page
    assert lead.get(page_of(cast, "brief/1")).status_code == 200


def test_signatures_are_asked_for_and_a_draft_is_discarded(cast: Cast, lead: Client) -> None:
    post(lead, cast, typed(WHOLE))
    seen = {"seen": stored(cast).content_hash}
    assert "Ask for both signatures" in lead.get(page_of(cast)).text
    stale = lead.post(page_of(cast, "brief/1/propose"), {"seen": "0" * 64})
    assert stale.status_code == 422
    assert lead.post(page_of(cast, "brief/1/propose"), seen).status_code == 302
    page = logged_in(cast.campaign_manager).get(page_of(cast)).text
    assert "has asked for both signatures" in page
    assert "Ready to sign" in page
    assert "Campaign brief, version 1, asked by Clara Lind" in logged_in(cast.campaign_manager).get("/").text
    short = lead.post(page_of(cast, "brief/1/discard"), seen | {"reason": "no"})
    assert short.status_code == 422
    assert "Say in a sentence why the draft is discarded." in short.text
    assert 'value="no"' in short.text
    gone = lead.post(page_of(cast, "brief/1/discard"), seen | {"reason": "Another campaign"}, follow=True)
    assert "Nothing is written yet." in gone.text
    assert "Discarded" in gone.text
    assert "Another campaign" in lead.get(page_of(cast, "brief/1")).text
    reader = logged_in(cast.qa_lead)
    assert reader.post(page_of(cast, "brief/1/discard"), seen).status_code == 403
    assert reader.post(page_of(cast, "brief/1/propose"), seen).status_code == 403
    assert lead.post(page_of(cast, "brief/9/propose"), seen).status_code == 404


def test_the_trail_tells_of_it_in_words(cast: Cast, lead: Client) -> None:
    post(lead, cast, typed(WHOLE))
    seen = {"seen": stored(cast).content_hash}
    lead.post(page_of(cast, "brief/1/propose"), seen)
    lead.post(page_of(cast, "brief/1/discard"), seen | {"reason": "Another campaign"})
    page = lead.get(page_of(cast, "trail")).text
    assert "asked both sides to sign Campaign brief, version 1" in page
    assert "discarded Campaign brief, version 1" in page
