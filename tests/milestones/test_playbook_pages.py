"""Settings › Playbooks in the browser: everything works as plain forms, and what was typed is never lost."""

import re

import pytest
from django.test import Client

from milestones import playbook
from milestones.models import OwnPlaybook, PlaybookVersion
from tenancy import context
from tests.factories import Cast

KICKOFF = {"title": "Kickoff held", "day": "1", "role": "campaign_manager", "evidence": "Minutes"}


@pytest.fixture
def browser(cast: Cast, client: Client) -> Client:
    client.force_login(cast.operator_leader)
    return client


def only(cast: Cast) -> PlaybookVersion:
    """The newest version of the operator's only playbook."""
    with context.entered(user_id=cast.operator_leader.pk):
        return PlaybookVersion.objects.select_related("playbook").latest("version")


def copied(browser: Client, cast: Cast) -> str:
    """A copy of the calling playbook; the address of its page."""
    answer = browser.post("/settings/playbooks/copy/", {"key": playbook.USUAL, "title": "Our way"})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_the_list_offers_what_comes_with_the_program(browser: Client) -> None:
    page = browser.get("/settings/playbooks/")
    assert "No playbooks of your own yet" in page.text
    assert all(playbook.load(code).title in page.text for code in playbook.shipped())


def test_from_a_copy_to_a_published_version(browser: Client, cast: Cast) -> None:
    home = copied(browser, cast)
    page = browser.get(home)
    assert "Kickoff session held" in page.text and "Publish version 1" in page.text
    assert page.text.count("btn-primary") == 1, "one filled button: the next thing to do"
    number = 1 + [entry["code"] for entry in only(cast).content["milestones"]].index("kickoff")
    form = browser.get(f"{home}draft/milestones/{number}/")
    assert 'value="Kickoff session held"' in form.text
    answer = browser.post(f"{home}draft/milestones/{number}/save/", {**KICKOFF, "seen": "1"})
    assert answer.headers["Location"] == f"{home}?version=1#milestones-kickoff"
    assert "Kickoff held" in browser.get(home).text
    answer = browser.post(f"{home}publish/", {"seen": "2", "news": "Kickoff in our words"})
    assert answer.status_code == 302
    page = browser.get(home)
    assert "Kickoff in our words" in page.text and "Start a new version" in page.text
    assert f"{home}draft/milestones/1/" not in page.text, "a published version has no edit links"
    assert browser.get(f"{home}draft/milestones/1/").status_code == 404
    assert browser.post(f"{home}draft/", {"version": "1"}).status_code == 302
    changes = browser.get(f"{home}changes/2/")
    assert "says the same as version 1" in changes.text


def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(browser: Client, cast: Cast) -> None:
    home = copied(browser, cast)
    answer = browser.post(
        f"{home}draft/milestones/1/save/",
        {**KICKOFF, "start": "4", "evidence": "Minutes, typed", "seen": "1"},
    )
    assert answer.status_code == 422
    assert "It starts on day 4, after its due day 1." in answer.text
    assert "Minutes, typed" in answer.text and 'value="4"' in answer.text
    assert only(cast).revision == 1


def test_a_page_that_is_older_than_the_draft_is_refused_with_what_was_typed(
    browser: Client, cast: Cast
) -> None:
    home = copied(browser, cast)
    browser.post(f"{home}draft/about/save/", {"title": "Our way", "line": "For roofs", "seen": "1"})
    answer = browser.post(f"{home}draft/milestones/1/save/", {**KICKOFF, "seen": "1"})
    assert answer.status_code == 422
    assert "has changed since" in answer.text and 'value="Kickoff held"' in answer.text


def test_text_is_kept_and_its_mistakes_named_with_their_lines(browser: Client, cast: Cast) -> None:
    home = copied(browser, cast)
    page = browser.get(f"{home}draft/text/")
    assert "milestones:" in page.text
    text = playbook.as_yaml(only(cast).book).replace("role: supervisor", "role: boss", 1)
    answer = browser.post(f"{home}draft/text/save/", {"text": text, "seen": "1"})
    assert answer.status_code == 422
    assert re.search(r"Line \d+: milestones, [a-z-]+: role “boss” is unknown\.", answer.text)
    assert "role: boss" in answer.text
    good = text.replace("role: boss", "role: supervisor").replace("Kickoff session held", "Kickoff day")
    assert browser.post(f"{home}draft/text/save/", {"text": good, "seen": "1"}).status_code == 302
    assert "Kickoff day" in browser.get(home).text


@pytest.mark.parametrize(
    ("part", "form"),
    [
        (
            "checks",
            {"title": "Odd check", "area": "crm", "day": "5", "role": "supervisor", "evidence": "A log"},
        ),
        ("areas", {"title": "Odd area"}),
        ("reviews", {"title": "Odd review", "day": "21", "attendees": ["qa_lead"], "agenda": "One\nTwo"}),
        ("milestones", {**KICKOFF, "title": "Odd milestone", "after": ["kickoff"]}),
    ],
)
def test_entries_are_added_and_taken_out(
    browser: Client, cast: Cast, part: str, form: dict[str, object]
) -> None:
    home = copied(browser, cast)
    assert browser.get(f"{home}draft/{part}/0/").status_code == 200
    assert browser.post(f"{home}draft/{part}/0/save/", {**form, "seen": "1"}).status_code == 302
    entries = only(cast).content[part]
    assert entries[-1]["title"] == form["title"]
    assert str(form["title"]) in browser.get(home).text
    gone = browser.post(f"{home}draft/{part}/{len(entries)}/remove/", {"seen": "2"})
    assert gone.status_code == 302
    assert str(form["title"]) not in [entry["title"] for entry in only(cast).content[part]]


@pytest.mark.parametrize(
    ("part", "form"),
    [
        ("phases", {"title": "Odd phase"}),
        ("gates", {"title": "Odd gate", "client": "client_lead", "operator": "campaign_manager"}),
    ],
)
def test_phases_and_gates_are_renamed_and_neither_added_nor_removed(
    browser: Client, cast: Cast, part: str, form: dict[str, str]
) -> None:
    home = copied(browser, cast)
    assert browser.post(f"{home}draft/{part}/1/save/", {**form, "seen": "1"}).status_code == 302
    assert form["title"] in browser.get(home).text
    assert browser.get(f"{home}draft/{part}/0/").status_code == 404
    assert browser.post(f"{home}draft/{part}/1/remove/", {"seen": "2"}).status_code == 404


def test_what_is_missing_elsewhere_is_marked_and_publishing_is_not_offered(
    browser: Client, cast: Cast
) -> None:
    home = copied(browser, cast)
    number = 1 + [entry["code"] for entry in only(cast).content["milestones"]].index("script-draft")
    browser.post(f"{home}draft/milestones/{number}/remove/", {"seen": "1"})
    page = browser.get(home)
    assert "1 mistake to mend before it can be published" in page.text
    assert "It waits for “script-draft”, which is no milestone." in page.text
    assert "Publish version 1" not in page.text
    assert browser.post(f"{home}publish/", {"seen": "2"}).status_code == 422


def test_retiring_and_discarding(browser: Client, cast: Cast) -> None:
    home = copied(browser, cast)
    assert browser.post(f"{home}retire/").status_code == 422, "a draft cannot be retired"
    browser.post(f"{home}publish/", {"seen": "1"})
    assert browser.post(f"{home}retire/").status_code == 302
    assert "Not offered" in browser.get("/settings/playbooks/").text
    browser.post(f"{home}draft/", {"version": "1"})
    assert browser.post(f"{home}discard/", {"seen": "9"}).status_code == 422
    assert browser.post(f"{home}discard/", {"seen": "1"}).status_code == 302
    with context.entered(user_id=cast.operator_leader.pk):
        assert [version.state for version in PlaybookVersion.objects.all()] == ["retired"]


def test_a_copy_without_a_title_keeps_the_page(browser: Client, cast: Cast) -> None:
    answer = browser.post("/settings/playbooks/copy/", {"key": playbook.USUAL, "title": "Calling 90 days"})
    assert answer.status_code == 422
    assert "comes with the program" in answer.text and 'value="Calling 90 days"' in answer.text
    assert browser.post("/settings/playbooks/copy/", {"key": "nothing", "title": "x"}).status_code == 404


def test_colleagues_read_and_strangers_find_nothing(browser: Client, cast: Cast) -> None:
    home = copied(browser, cast)
    colleague, stranger = Client(), Client()
    colleague.force_login(cast.campaign_manager)
    stranger.force_login(cast.client_leader)
    page = colleague.get(home)
    assert page.status_code == 200 and "Publish version" not in page.text
    assert colleague.post(f"{home}draft/about/save/", {"title": "x", "seen": "1"}).status_code == 403
    assert stranger.get(home).status_code == 404
    assert "Our way" not in stranger.get("/settings/playbooks/").text


def test_the_list_reads_as_often_for_many_playbooks_as_for_one(
    browser: Client, cast: Cast, django_assert_max_num_queries: object
) -> None:
    counts = []
    for title in ("One", "Two", "Three"):
        browser.post("/settings/playbooks/copy/", {"key": playbook.USUAL, "title": title})
        with django_assert_max_num_queries(9) as seen:  # type: ignore[operator]
            assert browser.get("/settings/playbooks/").status_code == 200
        counts.append(len(seen))
    assert counts[1] == counts[2]
    with context.entered(user_id=cast.operator_leader.pk):
        assert OwnPlaybook.objects.count() == 3


def test_a_playbook_is_set_once_for_what_it_says_and_for_who_may_change_it(
    browser: Client, cast: Cast
) -> None:
    home = copied(browser, cast)
    colleague = Client()
    colleague.force_login(cast.campaign_manager)
    first, again, read = browser.get(home), browser.get(home), colleague.get(home)
    entries = "milestones/_playbook_entries.html"
    assert entries in [template.name for template in first.templates]
    assert entries not in [template.name for template in again.templates], "said already"
    assert again.text.split("<main")[1].count(f'href="{home}draft/') == first.text.count(
        f'href="{home}draft/'
    )
    assert "Kickoff session held" in read.text and f"{home}draft/" not in read.text
    browser.post(f"{home}draft/milestones/1/save/", {**KICKOFF, "title": "Kickoff, our way", "seen": "1"})
    assert "Kickoff, our way" in browser.get(home).text
    assert "Kickoff, our way" in browser.get(f"{home}draft/text/").text
    second = str(
        browser.post("/settings/playbooks/copy/", {"key": playbook.USUAL, "title": "Other"}).headers[
            "Location"
        ]
    )
    assert f'href="{second}draft/' in browser.get(second).text and home not in browser.get(second).text
