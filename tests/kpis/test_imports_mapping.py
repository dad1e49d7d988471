"""The page that asks for a yes before a file is read, and the one that asks what its columns are."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import TrailEntry
from kpis.models import CallRecord, ColumnMapping, Disposition
from tenancy import context
from tests.factories import Cast
from tests.kpis.samples import NOW, own, vicidial
from tests.kpis.test_calls_page import Site
from tests.stage import backstage

RunJobs = Callable[[], list[str]]
CLOUD = (
    "Contact,LogDate,LogTime,AgentName,DialledToNumber,Result,Secs\n"
    "L-1,13/05/2026,09:05:00,Jane Agent,6135550199,Hot,1.5\n"
    "L-2,04/05/2026,10:15:00,Jane Agent,6135550198,Cold,0.5\n"
)
CHOSEN = {
    "name": "Cloud sheet", "called_at": "1", "called_time": "2", "code": "5", "lead_ref": "0", "agent": "3",
    "phone": "4", "duration": "6", "unit": "minutes", "source_zone": "America/New_York", "date_order": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site(client: Client, cast: Cast, run_jobs: RunJobs) -> Site:
    return Site(client, cast, run_jobs)


def page(site: Site, **asked: str) -> str:
    answer = site.client.get(site.url("import", site.import_().public_id), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_looks_ahead_before_anything_is_read(site: Site) -> None:
    site.bring_in(own([{"call_id": "old"}]))
    rows = [{"call_id": "old"}, {}, {"call_id": "c2"}, {"disposition": "WAT"}, {"agent_name": "inbound"}]
    site.upload(own(rows).replace(b"agent_name", b"direction"))
    text = page(site)
    assert "What would come of it" in text
    assert "No meaning yet" in text
    assert "Mon 4 May" in text
    assert '<option value="transfer_set">' in text
    for name, count in (
        ("Calls to come in", 1), ("Rows rejected", 1), ("Repeated in the file", 1), ("In already", 1),
        ("Left out, no dials", 1),
    ):  # fmt: skip
        assert f"<dt>{name}</dt><dd>{count}</dd>" in text
    with backstage():
        assert CallRecord.objects.count() == 1, "a look ahead writes nothing"


def test_codes_get_their_meaning_before_the_file_is_read(site: Site) -> None:
    site.upload(vicidial([{"status": "APPT"}, {"lead_id": "2", "status": "ODD"}]))
    batch = site.import_()
    form = {"preset": "vicidial", "source_zone": "UTC", "code": ["APPT", "ODD"], "outcome": ["qualified", ""]}
    answer = site.client.post(site.url("import_codes", batch.public_id), form)
    assert answer.status_code == 302
    assert "preset=vicidial" in answer["Location"]
    assert "source_zone=UTC" in answer["Location"]
    with backstage():
        assert Disposition.objects.get().outcome == "qualified"
    assert "APPT (VICIdial call export): Qualified, by Mara Voss" in " ".join(
        site.client.get(site.url("calls")).content.decode().split()
    )
    refused = [
        {"preset": "vicidial", "code": ["APPT"], "outcome": [""]},
        {"preset": "vicidial", "code": ["NONE"], "outcome": ["closed"]},
        {"preset": "nothing", "code": ["APPT"], "outcome": ["closed"]},
    ]
    for wrong in refused:
        assert site.client.post(site.url("import_codes", batch.public_id), wrong).status_code == 422
    with backstage():
        assert Disposition.objects.count() == 1


def test_dates_that_do_not_tell_their_order_are_asked_for(site: Site) -> None:
    text = CLOUD.replace("13/05", "03/05").replace("Hot", "closed").replace("Cold", "closed")
    site.upload(text.encode())
    batch = site.import_()
    site.client.post(site.url("import_columns", batch.public_id), CHOSEN)
    assert "No date in this file tells" in page(site)
    assert "Sun 3 May" not in page(site)
    assert "Sun 3 May" in page(site, date_order="day_first")
    assert "Thu 5 Mar" in page(site, date_order="month_first")


def test_an_unknown_file_is_mapped_once_and_known_from_then_on(site: Site) -> None:
    site.upload(CLOUD.encode())
    batch = site.import_()
    assert "Say which column is what" in page(site)
    asked = site.client.get(site.url("import_columns", batch.public_id))
    text = asked.content.decode()
    assert "Result: Hot" in text
    assert 'value="5" selected' in text, "a usual name is suggested"
    assert site.client.post(site.url("import_columns", batch.public_id), CHOSEN).status_code == 302
    with backstage():
        mapping = ColumnMapping.objects.get()
        assert mapping.columns["called_time"] == "logtime"
    with context.entered(user_id=site.cast.campaign_manager.pk):
        assert TrailEntry.objects.filter(action="mapping.saved", subject="Cloud sheet").count() == 1
    name = f"map-{mapping.pk}"
    form = {"preset": name, "code": ["Hot", "Cold"], "outcome": ["qualified", "not_interested"]}
    site.client.post(site.url("import_codes", batch.public_id), form)
    start = {"preset": name, "source_zone": "America/New_York", "date_order": ""}
    assert site.client.post(site.url("import_start", batch.public_id), start).status_code == 302
    site.run_jobs()
    batch = site.import_()
    assert (batch.accepted, batch.rejected, "qualified" in batch.measures) == (2, 0, True)
    with backstage():
        call = CallRecord.objects.select_related("disposition").get(row_no=2)
        assert call.called_at is not None
        assert call.called_at.isoformat() == "2026-05-13T13:05:00+00:00"
        assert (call.duration_s, call.phone, call.lead_ref, call.disposition.system) == (
            90,
            "6135550199",
            "L-1",
            name,
        )
    assert "Cloud sheet" in site.client.get(site.url("calls")).content.decode()
    site.upload((CLOUD + "L-3,14/05/2026,10:15:00,Jane Agent,6135550197,Cold,0.5\n").encode(), "next.csv")
    assert site.import_().preset == name
    assert "it is: <strong>Cloud sheet</strong>" in page(site)


def test_a_file_without_header_is_mapped_by_place(site: Site) -> None:
    site.upload(CLOUD.split("\n", 1)[1].encode())
    batch = site.import_()
    site.client.post(site.url("import_columns", batch.public_id), CHOSEN | {"headless": "on"})
    assert "<dt>Calls to come in</dt><dd>0</dd>" in page(site)
    assert "Hot" in page(site)
    assert "Cold" in page(site)


def test_a_wrong_mapping_is_refused_and_kept_as_typed(site: Site) -> None:
    site.upload(CLOUD.encode())
    url = site.url("import_columns", site.import_().public_id)
    answer = site.client.post(url, CHOSEN | {"code": "", "phone": "4"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose the column for “Disposition: what came of the call”." in text
    assert 'value="Cloud sheet"' in text
    assert site.client.post(url, CHOSEN | {"code": "99"}).status_code == 422
    assert site.client.post(url, CHOSEN | {"name": ""}).status_code == 422
    with backstage():
        assert not ColumnMapping.objects.exists()


def test_a_mapping_that_calls_were_read_by_stays_what_it_is(site: Site) -> None:
    site.upload(CLOUD.encode())
    batch = site.import_()
    site.client.post(site.url("import_columns", batch.public_id), CHOSEN)
    name = site.import_().preset
    form = {"preset": name, "code": ["Hot", "Cold"], "outcome": ["qualified", "not_interested"]}
    site.client.post(site.url("import_codes", batch.public_id), form)
    site.client.post(
        site.url("import_start", batch.public_id), {"preset": name, "source_zone": "America/New_York"}
    )
    site.run_jobs()
    assert site.client.post(site.url("import_columns", batch.public_id), CHOSEN).status_code == 422
    site.upload((CLOUD + "\n\n").encode(), "again.csv")
    answer = site.client.post(site.url("import_columns", site.import_().public_id), CHOSEN | {"phone": ""})
    assert answer.status_code == 422
    assert "Give the new one another name" in answer.content.decode()


def test_only_who_may_import_says_what_columns_and_codes_are(site: Site) -> None:
    site.upload(CLOUD.encode())
    batch = site.import_()
    site.sit(site.cast.client_lead)
    assert site.client.get(site.url("import_columns", batch.public_id)).status_code == 403
    assert site.client.post(site.url("import_codes", batch.public_id)).status_code == 403
    site.sit(site.cast.outsider)
    assert site.client.get(site.url("import_columns", batch.public_id)).status_code == 404
