"""The pages of outcomes: files, closers' links, and the page that a link opens."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import ParticipantRole
from common.logs import WithoutLinks
from engagements.models import Participant
from engagements.services.masking import mask_agents
from kpis.models import CloserLink, Sheet, ToldOutcome
from kpis.selectors.closer_links import linked_transfers
from tests.factories import Cast
from tests.kpis.test_outcomes import HEADER, NOW, Desk, RunJobs
from tests.stage import backstage


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(cast: Cast, run_jobs: RunJobs) -> Desk:
    made = Desk(cast, run_jobs)
    made.calls_in()
    return made


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def page(desk: Desk) -> str:
    return f"/e/{desk.cast.engagement.public_id}/kpis/outcomes/"


def test_a_file_goes_in_is_looked_at_and_taken_in(desk: Desk) -> None:
    client = browser(desk.cast.closer_lead)
    empty = client.post(page(desk) + "upload/", {})
    assert empty.status_code == 422
    assert "Choose a file first." in empty.content.decode()
    file = SimpleUploadedFile("crm.csv", b"call_id,stage,date\nc1,close,2026-03-18\nzz,show,2026-03-18\n")
    sent = client.post(page(desk) + "upload/", {"file": file})
    assert sent.status_code == 302
    shown = client.get(sent["Location"]).content.decode()
    assert "No transfer with this call id is in." in shown
    assert "<dt>New outcomes</dt><dd>1</dd>" in shown
    with backstage():
        assert not ToldOutcome.objects.exists()
    taken = client.post(sent["Location"] + "take-in/", follow=True).content.decode()
    assert "1 outcome taken in" in taken
    again = client.post(sent["Location"] + "take-in/")
    assert again.status_code == 422
    assert "Nothing in this file is new" in again.content.decode()
    listed = client.get(page(desk)).content.decode()
    assert "1 of 3 transfers" in listed
    back = client.post(sent["Location"] + "take-back/", follow=True).content.decode()
    assert "is taken back" in back
    with backstage():
        assert Sheet.objects.get().taken_back_by_name == desk.cast.closer_lead.name


def test_a_file_with_dates_that_nobody_can_tell_is_asked_about(desk: Desk) -> None:
    sheet = desk.upload("call_id,stage,date\nc1,show,04/05/2026\n")
    client = browser(desk.cast.campaign_manager)
    path = f"/e/{desk.cast.engagement.public_id}/kpis/files/{sheet.public_id}/"
    assert "No date in this file tells" in client.get(path).content.decode()
    refused = client.post(path + "take-in/", {"date_order": ""})
    assert refused.status_code == 422
    assert "05/6/2026" not in refused.content.decode()
    shown = client.get(path, {"date_order": "month_first"}).content.decode()
    assert "<dt>New outcomes</dt><dd>1</dd>" in shown
    client.post(path + "take-in/", {"date_order": "month_first"})
    with backstage():
        assert ToldOutcome.objects.get().on == date(2026, 4, 5)


def test_a_link_is_made_shown_once_and_withdrawn(desk: Desk) -> None:
    client = browser(desk.cast.campaign_manager)
    choice = re.search(r'value="([^"]+)">Those that Rita Stone took', client.get(page(desk)).content.decode())
    assert choice
    form = {"name": "Rita", "closer": choice[1], "first": "2026-03-16", "last": "2026-03-17", "days": "14"}
    wrong = client.post(page(desk) + "links/", form | {"last": "2026-03-01", "name": "Rita kept"})
    assert wrong.status_code == 422
    assert "Rita kept" in wrong.content.decode()
    made = client.post(page(desk) + "links/", form).content.decode()
    assert "http://testserver/c/" in made
    token = made.split("http://testserver/c/")[1].split("/")[0]
    assert token not in client.get(page(desk)).content.decode()
    anybody = Client()
    opened = anybody.get(f"/c/{token}/")
    assert opened.status_code == 200
    text = opened.content.decode()
    assert "lead L1, number ends in 0101" in text
    assert "6135550101" not in text
    assert "L2" not in text
    assert opened["Cache-Control"].count("no-store")
    with backstage():
        link = CloserLink.objects.get()
    client.post(f"{page(desk)}links/{link.public_id}/withdraw/")
    ended = anybody.get(f"/c/{token}/")
    assert ended.status_code == 410
    assert "It was withdrawn." in ended.content.decode()
    assert anybody.get("/c/unknown/").status_code == 404


def test_a_closer_without_an_account_tells_what_became_of_a_transfer(desk: Desk) -> None:
    _, token = desk.link()
    one, other = linked_transfers(token)
    client = Client()
    sent = {
        f"t{one.key}-said": "closed",
        f"t{one.key}-on": "",
        f"t{one.key}-value": "250",
        f"t{one.key}-seen": "0",
    }
    refused = client.post(f"/c/{token}/tell/", sent)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Say on which day." in text
    assert 'value="250"' in text
    kept = client.post(
        f"/c/{token}/tell/", sent | {f"t{one.key}-on": "2026-03-20", f"t{other.key}-said": ""}, follow=True
    )
    assert "Kept: 1 transfer." in kept.content.decode()
    assert desk.depths() == {"c1": 5, "c2": 3, "c3": 1, "c4": 3}
    stale = client.post(f"/c/{token}/tell/", sent | {f"t{one.key}-on": "2026-03-21"})
    assert stale.status_code == 422
    assert "since this page was loaded" in stale.content.decode()


def many(desk: Desk, transfers: int) -> None:
    """As many transfers more on one day, all of Rita Stone's."""
    rows = (
        f"m{number},2026-03-16T{13 + number // 60:02d}:{number % 60:02d}:00,transfer_set,Lead {number},"
        f"+1613555{number:04d},Rita Stone,A1\n"
        for number in range(transfers)
    )
    desk.calls_in(HEADER + "".join(rows))


def test_a_link_about_hundreds_of_transfers_is_told_page_by_page(desk: Desk) -> None:
    many(desk, 260)
    _, token = desk.link()
    client = Client()
    page_one = client.get(f"/c/{token}/").content.decode()
    assert "Not said yet: 262" in page_one
    assert "Page 1 of 6" in page_one
    last = client.get(f"/c/{token}/?page=6").content.decode()
    assert last.count("<fieldset") == 12
    keys = re.findall(r'name="t(-?\d+)-said"', page_one)
    sent = {f"t{key}-{name}": "" for key in keys for name in ("said", "on", "value", "seen")}
    told = {f"t{keys[0]}-said": "shown", f"t{keys[0]}-on": "2026-03-20"}
    answer = client.post(f"/c/{token}/tell/", sent | told, follow=True).content.decode()
    assert "Kept: 1 transfer." in answer
    assert "Not said yet: 261" in answer
    assert "Told already: 1" in answer
    assert "told by Rita" in client.get(f"/c/{token}/?told=yes").content.decode()


def test_a_link_shows_no_name_and_no_number_in_place_of_an_id(desk: Desk) -> None:
    rows = (
        "n1,…,Margaret Hollis,+16135550901",
        "n2,…,6135550902,+16135550902",
        "n3,…,m.hollis4@example.test,",
    )
    desk.calls_in(
        HEADER
        + "".join(
            f"{row.split(',')[0]},2026-03-16T13:00:0{place},transfer_set,{row.split(',', 2)[2]},Rita Stone,A1\n"
            for place, row in enumerate(rows)
        )
    )
    _, token = desk.link()
    shown = [one.lead for one in linked_transfers(token) if one.called_at and one.called_at.hour == 17]
    assert shown == ["", "", ""]
    text = Client().get(f"/c/{token}/").content.decode()
    assert "Margaret" not in text
    assert "example.test" not in text
    assert "lead without an id" in text


def test_two_holders_of_one_link_do_not_stop_each_other(desk: Desk) -> None:
    _, token = desk.link()
    one, other = linked_transfers(token)
    client = Client()
    untouched = {f"t{key}-{name}": "" for key in (one.key, other.key) for name in ("said", "on", "value")}
    seen = {f"t{one.key}-seen": "0", f"t{other.key}-seen": "0"}
    first = untouched | seen | {f"t{one.key}-said": "shown", f"t{one.key}-on": "2026-03-20"}
    second = untouched | seen | {f"t{other.key}-said": "no_show", f"t{other.key}-on": "2026-03-20"}
    assert client.post(f"/c/{token}/tell/", first).status_code == 302
    assert client.post(f"/c/{token}/tell/", second).status_code == 302, "the first row was never touched"
    late = untouched | seen | {f"t{one.key}-said": "closed", f"t{one.key}-on": "2026-03-21"}
    refused = client.post(f"/c/{token}/tell/", late)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "you had chosen “Closed”" in text
    now = re.search(rf'name="t{one.key}-seen" value="(\d+)"', text)
    assert now
    again = client.post(f"/c/{token}/tell/", late | {f"t{one.key}-seen": now[1]})
    assert again.status_code == 302
    assert desk.depths()["c1"] == 5


def test_a_link_ends_with_the_right_of_who_made_it(desk: Desk) -> None:
    _, token = desk.link()
    with backstage():
        Participant.objects.filter(user=desk.cast.closer_lead).update(role=ParticipantRole.EXECUTIVE)
    opened = Client().get(f"/c/{token}/")
    assert opened.status_code == 410
    with backstage():
        assert not ToldOutcome.objects.exists()


def test_a_client_reads_masked_closers(desk: Desk) -> None:
    desk.calls_in(HEADER + "k1,2026-03-16T13:00:00,transfer_set,L9,+16135550109,Dana Reyes,Dana Reyes\n")
    desk.link("Dana Reyes", user=desk.cast.campaign_manager)
    with desk.at():
        mask_agents(
            engagement=desk.cast.engagement, by=desk.cast.seat(desk.cast.campaign_manager), masked=True
        )
    for place in ("outcomes/", "transfers/?first=2026-03-16&last=2026-03-17"):
        path = f"/e/{desk.cast.engagement.public_id}/kpis/{place}"
        assert "Dana Reyes" not in browser(desk.cast.client_lead).get(path).content.decode()
        assert "Dana Reyes" in browser(desk.cast.campaign_manager).get(path).content.decode()


def test_no_link_stands_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    _, token = desk.link()
    one = linked_transfers(token)[0]
    caplog.handler.addFilter(WithoutLinks())
    Client().post(f"/c/{token}/tell/", {f"t{one.key}-said": "closed"})
    assert "Unprocessable" in caplog.text
    assert "/c/…/tell/" in caplog.text
    assert token not in caplog.text
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without_links"]


def test_a_link_writes_so_often_and_no_oftener(desk: Desk) -> None:
    _, token = desk.link()
    client = Client()
    answers = [client.post(f"/c/{token}/tell/", {}).status_code for _ in range(21)]
    assert set(answers[:20]) == {302}
    assert answers[20] == 429


def test_a_closer_who_is_logged_in_elsewhere_sees_the_same(desk: Desk) -> None:
    _, token = desk.link()
    one = linked_transfers(token)[0]
    client = browser(desk.cast.outsider)
    assert "lead L1" in client.get(f"/c/{token}/").content.decode()
    said = {f"t{one.key}-said": "shown", f"t{one.key}-on": "2026-03-20", f"t{one.key}-seen": "0"}
    assert client.post(f"/c/{token}/tell/", said).status_code == 302
    assert desk.depths()["c1"] == 4
    assert client.get(page(desk)).status_code == 404


def test_who_may_only_read_sees_no_forms(desk: Desk) -> None:
    client = browser(desk.cast.operator_leader)
    text = client.get(page(desk)).content.decode()
    assert "Outcomes from a file" not in text
    assert client.post(page(desk) + "links/", {}).status_code == 403
    sheet = desk.upload("call_id,stage,date\nc1,show,2026-03-18\n")
    assert client.get(f"/e/{desk.cast.engagement.public_id}/kpis/files/{sheet.public_id}/").status_code == 403
