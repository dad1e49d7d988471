"""From a form to a complete, dated plan, and people invited to it."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.founding import found_organisation
from accounts.models import Organisation
from accounts.roles import OrganisationRole
from accounts.seat import Seat
from common import clock
from engagements.models import Engagement
from milestones.models import Milestone
from milestones.playbook import load
from milestones.services import playbooks
from reports.models import Deliverable
from tenancy import context
from tests.factories import Cast, UserFactory
from tests.stage import backstage
from tests.workspace.test_glances import asked_by
from workspace.forms import name_of

FORM = {
    "side": "operator",
    "campaign": "Autumn roofs",
    "other": "new",
    "other_name": "Ridge & Slate",
    "kickoff_on": "2026-09-01",
    "zone": "Europe/London",
    "playbook": "calling-90-days",
    "weekdays": ["1", "2", "3", "4", "5"],
    "country": "GB",
    "subdivision": "ENG",
    "when_off": "next",
    "campaign_manager-name": "Mara Voss",
    "campaign_manager-email": "mara@example.org",
    "supervisor-name": "Sam Okafor",
    "supervisor-email": "sam@example.org",
    "client_lead-name": "Rita Slate",
    "client_lead-email": "rita@example.org",
    "closer_lead-name": "Rita Slate",
    "closer_lead-email": "rita@example.org",
}


@pytest.fixture
def opener(cast: Cast, client: Client) -> Client:
    client.force_login(cast.operator_leader)
    return client


def latest(cast: Cast) -> Engagement:
    return Engagement.objects.select_related("client", "operator").get(campaign="Autumn roofs")


def test_the_form_starts_with_ones_own_side(opener: Client, cast: Cast) -> None:
    page = opener.get("/engagements/new/")
    assert 'value="olga@example.org"' in page.text
    assert "Harbour Homes" in page.text, "an organisation that is known can be chosen"
    assert "Elsewhere Ltd" not in page.text, "nobody learns of organisations that they do not work with"
    other = opener.get("/engagements/new/?side=client")
    assert other.text.index("closer_lead-name") < other.text.index("supervisor-name")
    assert "E-mail of their campaign manager" in other.text


def test_the_form_reads_only_the_names_of_playbooks(opener: Client, cast: Cast) -> None:
    with context.entered(user_id=cast.operator_leader.pk):
        seat = cast.seat(cast.operator_leader)
        draft = playbooks.copy_playbook(by=seat, source=load("calling-90-days"), title="Our way")
        playbooks.publish(draft=draft, by=seat, news="", seen=draft.revision)
    opener.get("/engagements/new/")
    page, asked = asked_by(opener, "/engagements/new/")
    assert "Our way, version 1" in page
    assert len(asked) <= 7, "who asks and from where, then the newest engagement, playbooks, organisations"
    assert not any('"content" AS' in sql or '"content",' in sql for sql in asked), (
        "some 15,000 characters each"
    )


SHORT = {
    "side": "operator",
    "campaign": "Autumn roofs",
    "other_name": "Ridge & Slate",
    "client_lead-email": "rita.slate@example.org",
}


@pytest.fixture
def newcomer(db: None, client: Client) -> Client:
    """The administrator of an operator that has nothing yet."""
    with backstage():
        nia = UserFactory(name="Nia Obi", email="nia@example.org")
    found_organisation(name="Fresh Calling", admin=nia)
    client.force_login(nia)
    return client


def sent_as_shown(page: str, typed: dict[str, str]) -> dict[str, object]:
    """What a browser sends when somebody types these things into the page and nothing else."""
    form = page.split('action="/engagements/open/"')[1].split("</form>")[0]
    sent: dict[str, object] = {}
    for field in re.findall(r"<input[^>]*>", form):
        told = {name: unescape(value) for name, value in re.findall(r'([a-z]+)="([^"]*)"', field)}
        if told.get("type") in ("radio", "checkbox") and " checked" not in field:
            continue
        if told.get("type") == "checkbox":
            sent.setdefault(told["name"], []).append(told["value"])  # type: ignore[union-attr,attr-defined]
        elif told.get("name") != "csrfmiddlewaretoken":
            sent[told["name"]] = told.get("value", "")
    for select in re.findall(r"<select[^>]*>.*?</select>", form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', select)
        sent[re.search(r'name="([^"]*)"', select)[1]] = chosen[1] if chosen else ""  # type: ignore[index]
    return sent | typed


def test_a_newcomer_types_three_things_and_holds_the_launch_plan(
    newcomer: Client, run_jobs: Callable[[], list[str]]
) -> None:
    """Three fields and two clicks: everything else is chosen already."""
    start = newcomer.get("/").text
    assert start.count("btn btn-primary") == 1
    assert 'href="/engagements/new/"' in start
    empty = newcomer.get("/portfolio/").text.split("<main")[1]
    assert empty.count("btn btn-primary") == 1
    page = newcomer.get("/engagements/new/").text
    assert re.search(
        r'type="date"[^>]* value="\d{4}-\d\d-\d\d"|value="\d{4}-\d\d-\d\d"[^>]*type="date"', page
    )
    answer = newcomer.post("/engagements/open/", sent_as_shown(page, SHORT))
    assert answer.status_code == 302, answer.content.decode()
    plan = newcomer.get(answer.headers["Location"]).text
    assert "The launch plan is being made as PDF" in plan
    assert "Look again" in plan, "without JavaScript, too"
    progress = re.search(r'hx-get="([^"]*/progress/)"', plan)
    assert progress
    assert "done" in run_jobs()
    polled = newcomer.get(progress[1], headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true", "the page comes anew, with the download"
    plan = newcomer.get(answer.headers["Location"]).text
    assert "being made as PDF" not in plan
    file = re.search(r'href="([^"]*/file/)">Download the launch plan', plan)
    assert file
    paper = newcomer.get(file[1])
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")


def test_what_is_left_out_gets_what_is_usual(newcomer: Client) -> None:
    page = newcomer.get("/engagements/new/").text
    newcomer.post("/engagements/open/", sent_as_shown(page, SHORT))
    with backstage():
        made = Engagement.objects.get(campaign="Autumn roofs")
        people = {(each.role, each.name) for each in made.participants.all()}
        owners = {
            item.owner.name for item in Milestone.objects.filter(engagement=made)
        }  # nothing is nobody's: it can be locked
    assert people == {("client_lead", "Rita Slate"), ("campaign_manager", "Nia Obi")}
    assert owners == {"Rita Slate", "Nia Obi"}
    assert made.kickoff_on.weekday() == 0
    assert 7 < (made.kickoff_on - clock.today("America/New_York")).days <= 14


def test_whoever_opens_it_for_a_colleague_leaves_the_paper_to_them(opener: Client, cast: Cast) -> None:
    """An administrator without a part in the engagement makes no papers of it."""
    assert opener.post("/engagements/open/", FORM).status_code == 302
    with backstage():
        assert not Deliverable.objects.exists()


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("clara.lind@harbour.example", "Clara Lind"), ("clara@harbour.example", "Clara"),
        ("c_lind-2+x@harbour.example", "C Lind X"), ("..@harbour.example", "..@harbour.example"),
    ],
)  # fmt: skip
def test_a_name_is_made_from_an_address(email: str, name: str) -> None:
    assert name_of(email) == name


def test_what_is_wrong_in_the_folded_part_is_unfolded(opener: Client) -> None:
    folded = '<details class="tg-more"><summary>Playbook'
    assert folded in opener.post("/engagements/open/", FORM | {"campaign": ""}).text
    assert folded not in opener.post("/engagements/open/", FORM | {"weekdays": []}).text


def test_an_engagement_opens_with_its_whole_plan(opener: Client, cast: Cast) -> None:
    answer = opener.post("/engagements/open/", FORM)
    assert answer.status_code == 302
    with context.entered(user_id=cast.campaign_manager.pk):
        engagement = latest(cast)
        assert engagement.operator == cast.operator_organisation
        assert engagement.client.name == "Ridge & Slate"
        assert str(engagement.launch_on) == "2026-09-11"
        assert answer.headers["Location"] == f"/e/{engagement.public_id}/plan/"
        owners = {
            milestone.owner_role: milestone.owner
            for milestone in Milestone.objects.filter(engagement=engagement)
        }
        assert len(owners) >= 4
        assert owners["campaign_manager"].user == cast.campaign_manager
        assert owners["client_lead"].user is None


@pytest.mark.django_db(transaction=True)
def test_the_other_lead_is_invited_once_and_administers_the_new_organisation(
    opener: Client, cast: Cast
) -> None:
    opener.post("/engagements/open/", FORM)
    [letter] = mail.outbox
    assert letter.to == ["rita@example.org"]
    assert "Autumn roofs" in letter.body
    [token] = re.findall(r"/invitation/([^/]+)/", letter.body)
    rita = Client()
    rita.post(f"/invitation/{token}/account/", {"name": "Rita Slate", "password": "seven quiet lanterns"})
    page = rita.get("/settings/members/")
    assert "Send the invitation" in page.text
    with context.entered(user_id=cast.operator_leader.pk):
        engagement = latest(cast)
        roles = engagement.participants.filter(email="rita@example.org", user__isnull=False)
        assert {person.role for person in roles} == {"client_lead", "closer_lead"}
    assert rita.get(f"/e/{engagement.public_id}/brief/").status_code == 200
    assert rita.get(f"/e/{cast.engagement.public_id}/brief/").status_code == 404


def test_a_known_organisation_is_chosen_by_name(opener: Client, cast: Cast) -> None:
    known = {**FORM, "other": str(cast.client_organisation.public_id), "other_name": ""}
    assert opener.post("/engagements/open/", known).status_code == 302
    with context.entered(user_id=cast.operator_leader.pk):
        assert latest(cast).client == cast.client_organisation


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"campaign": ""}, "This field is required."),
        ({"kickoff_on": "soon"}, "Enter a valid date."),
        ({"zone": "Mars/Olympus"}, "is not one of the available choices"),
        ({"other_name": ""}, "Give the new client its name."),
        ({"client_lead-email": ""}, "This field is required."),
        (
            {"client_lead-email": "Mara@example.org"},
            "mara@example.org stands on the operator’s side of this engagement. Nobody acts for both.",
        ),
        ({"supervisor-name": ""}, "Give both the name and the e-mail, or neither."),
    ],
)
def test_a_mistake_opens_nothing_and_keeps_what_was_typed(
    opener: Client, cast: Cast, change: dict[str, str], said: str
) -> None:
    answer = opener.post("/engagements/open/", FORM | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert "rita@example.org" in answer.text
    with context.entered(user_id=cast.operator_leader.pk):
        assert not Engagement.objects.filter(campaign="Autumn roofs").exists()
        assert not Organisation.objects.filter(name="Ridge & Slate").exists()


def test_a_kickoff_or_launch_on_a_day_off_is_told_before_it_is_opened(opener: Client, cast: Cast) -> None:
    sunday = FORM | {"kickoff_on": "2026-08-30"}
    told = opener.post("/engagements/open/", sunday)
    assert told.status_code == 422
    page = unescape(told.text)
    assert "The kickoff, Sun 30 Aug, is a day off. Nothing is moved: day 1 is that date all the same" in page
    assert "what is due on it is due Tue 1 Sep" in page, "Monday 31 August is a public holiday"
    assert "The launch" not in page
    assert 'name="off_seen"' in page
    bank_holiday = unescape(opener.post("/engagements/open/", FORM | {"kickoff_on": "2026-08-31"}).text)
    assert "The kickoff, Mon 31 Aug, is a day off (" in bank_holiday
    assert opener.post("/engagements/open/", sunday | {"off_seen": "on"}).status_code == 302
    with context.entered(user_id=cast.operator_leader.pk):
        assert str(latest(cast).launch_on) == "2026-09-09", "nothing has moved"


def test_a_foreign_organisation_cannot_be_drawn_in(opener: Client, cast: Cast) -> None:
    answer = opener.post("/engagements/open/", FORM | {"other": str(cast.foreign_organisation.public_id)})
    assert answer.status_code == 422


def test_a_member_may_not_open_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.supervisor)
    assert client.get("/engagements/new/").status_code == 403
    assert client.post("/engagements/open/", FORM).status_code == 403


def test_a_form_sent_twice_opens_one_engagement(opener: Client, cast: Cast) -> None:
    assert opener.post("/engagements/open/", FORM).status_code == 302
    again = opener.post("/engagements/open/", FORM)
    assert again.status_code == 422
    assert "You work with “Ridge &amp; Slate” already: choose it from the list." in again.text
    with context.entered(user_id=cast.operator_leader.pk):
        known = str(latest(cast).client.public_id)
    once_more = opener.post("/engagements/open/", FORM | {"other": known, "other_name": ""})
    assert "is open already." in once_more.text


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_the_same_instant_opens_one_engagement(cast: Cast) -> None:
    start = threading.Barrier(4)

    def attempt(_: int) -> int:
        browser = Client()
        browser.force_login(cast.operator_leader)
        start.wait()
        try:
            return int(browser.post("/engagements/open/", FORM).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [302, 422, 422, 422]


@pytest.mark.parametrize("year", ["0026", "1999", "2062", "9999"])
def test_a_kickoff_in_a_year_that_nobody_means_is_refused(opener: Client, year: str) -> None:
    answer = opener.post("/engagements/open/", {**FORM, "kickoff_on": f"{year}-09-01"})
    assert answer.status_code == 422
    assert "The kickoff lies between the year 2000 and two years from today." in answer.text


def test_a_campaign_of_long_ago_may_be_opened(opener: Client) -> None:
    assert opener.post("/engagements/open/", {**FORM, "kickoff_on": "2008-05-06"}).status_code == 302


def test_a_name_with_a_nul_is_refused_and_does_not_break_the_page(opener: Client) -> None:
    answer = opener.post("/engagements/open/", {**FORM, "campaign": "Roofs\x00"})
    assert answer.status_code == 422
    assert "Null characters are not allowed." in answer.text


def test_working_days_and_holidays_are_kept_and_move_due_dates(opener: Client, cast: Cast) -> None:
    """Kickoff on a Tuesday: day 5 is a Saturday, and day 11 Christmas Day."""
    assert (
        opener.post("/engagements/open/", FORM | {"kickoff_on": "2026-12-15", "off_seen": "on"}).status_code
        == 302
    )
    with context.entered(user_id=cast.campaign_manager.pk):
        engagement = latest(cast)
        assert engagement.work_weekdays == [1, 2, 3, 4, 5]
        assert engagement.holiday_place == "United Kingdom, ENG"
        assert engagement.holidays["2026-12-25"] == "Christmas Day"
        due = dict(Milestone.objects.filter(engagement=engagement).values_list("code", "forecast_on"))
        assert str(due["script-draft"]) == "2026-12-21", "day 5, a Saturday, is due on the Monday after"
        assert str(due["roster-cleared"]) == "2026-12-24", "day 10 stays before the launch of Christmas Day"


def test_every_day_is_worked_where_nothing_else_is_agreed(cast: Cast) -> None:
    with context.entered(user_id=cast.campaign_manager.pk):
        engagement = Engagement.objects.get(pk=cast.engagement.pk)
        assert [engagement.calendar.due(day) for day in (6, 7, 13, 90)] == [
            engagement.calendar.date_of(day) for day in (6, 7, 13, 90)
        ]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"weekdays": []}, "Name at least one weekday on which work is done."),
        ({"subdivision": "BY"}, "“BY” is none of United Kingdom&#x27;s: ENG, NIR, SCT, WLS."),
        ({"country": "", "subdivision": "CA"}, "Choose the country that this state or region belongs to."),
        ({"country": "XX"}, "Select a valid choice. XX"),
        ({"playbook": "unknown"}, "This playbook is not offered any more: choose another one."),
        ({"when_off": "never"}, "Select a valid choice. never"),
    ],
)
def test_wrong_working_days_or_playbook_are_said_beside_the_field(
    opener: Client, change: dict[str, object], error: str
) -> None:
    answer = opener.post("/engagements/open/", FORM | change)
    assert answer.status_code == 422
    assert error in answer.text
    assert 'value="Autumn roofs"' in answer.text, "what was typed stays"


def test_ones_own_published_playbook_is_offered_first_and_started_with(opener: Client, cast: Cast) -> None:
    with context.entered(user_id=cast.operator_leader.pk):
        seat = Seat(cast.operator_leader, cast.operator_organisation, OrganisationRole.ADMIN)
        draft = playbooks.copy_playbook(by=seat, source=load("calling-90-days"), title="Northline way")
        page = opener.get("/engagements/new/")
        assert "Northline way" not in page.text, "a draft is not offered"
        playbooks.save_about(draft=draft, by=seat, title="Northline way", line="For homes", seen=1)
        version = playbooks.publish(draft=draft, by=seat, news="", seen=2)
    page = opener.get("/engagements/new/").text
    assert page.index("Northline way") < page.index("90-day calling campaign") and "For homes" in page
    assert opener.post("/engagements/open/", FORM | {"playbook": str(version.public_id)}).status_code == 302
    with context.entered(user_id=cast.operator_leader.pk):
        assert latest(cast).plan.playbook == "northline-way"
    other = Client()
    other.force_login(cast.client_leader)
    assert "Northline way" not in other.get("/engagements/new/").text
