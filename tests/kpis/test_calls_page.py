"""The calls page: upload, say what it is, progress, result, codes; all without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common.errors import Refused
from kpis.imports import meanings, store
from kpis.models import CallRecord, Disposition, Import
from tests.factories import Cast
from tests.kpis.samples import NOW, own, vicidial
from tests.stage import backstage

RunJobs = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Site:
    """The pages as a person of the cast sees them."""

    def __init__(self, client: Client, cast: Cast, run_jobs: RunJobs) -> None:
        self.client, self.cast, self.run_jobs = client, cast, run_jobs
        self.sit(cast.campaign_manager)

    def sit(self, user: User) -> None:
        self.client.force_login(user)

    def url(self, name: str, *args: object) -> str:
        return reverse(f"kpis:{name}", args=[self.cast.engagement.public_id, *args])

    def upload(self, data: bytes, name: str = "may.csv") -> object:
        return self.client.post(self.url("calls_upload"), {"file": SimpleUploadedFile(name, data)})

    def import_(self) -> Import:
        with backstage():
            return Import.objects.select_related("job").latest("pk")

    def bring_in(self, data: bytes, preset: str = "tollgate") -> Import:
        self.upload(data)
        batch = self.import_()
        self.client.post(
            self.url("import_start", batch.public_id), {"preset": preset, "source_zone": "America/New_York"}
        )
        self.run_jobs()
        return self.import_()


@pytest.fixture
def site(client: Client, cast: Cast, run_jobs: RunJobs) -> Site:
    return Site(client, cast, run_jobs)


def test_an_empty_page_says_what_belongs_here(site: Site) -> None:
    page = site.client.get(site.url("calls")).content.decode()
    assert "No calls are in yet" in page
    assert "Upload" in page


def test_from_upload_to_result(site: Site) -> None:
    answer = site.client.post(
        site.url("calls_upload"), {"file": SimpleUploadedFile("may.csv", vicidial([{}]))}
    )
    batch = site.import_()
    assert answer.status_code == 302
    assert answer["Location"] == site.url("import", batch.public_id)

    page = site.client.get(answer["Location"]).content.decode()
    assert "By its header it is: <strong>VICIdial call export</strong>" in page
    assert '<option value="America/New_York" selected>' in page
    assert "6135550199" in page

    start = site.url("import_start", batch.public_id)
    assert site.client.post(start, {"preset": "vicidial", "source_zone": "UTC"}).status_code == 302
    page = site.client.get(site.url("import", batch.public_id)).content.decode()
    assert "Waiting for its turn" in page
    assert "every 2s" in page

    site.run_jobs()
    part = site.client.get(site.url("import_state", batch.public_id)).content.decode()
    assert "1 call row of this file" in part
    assert "every 2s" not in part
    assert "<html" not in part
    assert "Times without an offset are read as UTC" in part
    assert "1 dial" in site.client.get(site.url("calls")).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "The file is empty."), (b"PK\x03\x04", "Excel workbook"), (b"one line", "no rows below it")],
)
def test_a_wrong_file_is_refused_beside_its_field(site: Site, data: bytes, words: str) -> None:
    answer = site.client.post(site.url("calls_upload"), {"file": SimpleUploadedFile("x.csv", data)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with backstage():
        assert not Import.objects.exists()


def test_a_file_name_without_end_is_cut(site: Site) -> None:
    head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{"m" * 3_000}.csv"\r\n\r\n'
    body = head.encode() + own([{}]) + b"\r\n--part--\r\n"
    answer = site.client.post(site.url("calls_upload"), body, "multipart/form-data; boundary=part")
    assert answer.status_code == 302
    assert len(site.import_().file_name) == 200


def test_no_file_is_refused(site: Site) -> None:
    answer = site.client.post(site.url("calls_upload"))
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_a_preset_that_does_not_fit_is_refused_and_the_choice_kept(site: Site) -> None:
    site.upload(own([{}]))
    answer = site.client.post(
        site.url("import_start", site.import_().public_id),
        {"preset": "vicidial", "source_zone": "Europe/Lisbon"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "lacks call_date" in page
    assert '<option value="vicidial" selected>' in page
    assert '<option value="Europe/Lisbon" selected>' in page


def test_nothing_chosen_is_refused(site: Site) -> None:
    site.upload(b"name,age\nPat,40\n")
    batch = site.import_()
    assert "none that Tollgate knows" in site.client.get(site.url("import", batch.public_id)).content.decode()
    answer = site.client.post(site.url("import_start", batch.public_id), {"preset": ""})
    assert answer.status_code == 422
    assert "Say which export this file is." in answer.content.decode()


def test_the_same_file_leads_to_its_import(site: Site) -> None:
    site.bring_in(own([{}]))
    answer = site.client.post(
        site.url("calls_upload"), {"file": SimpleUploadedFile("b.csv", own([{}]))}, follow=True
    )
    assert "This file is here already, uploaded by Mara Voss" in answer.content.decode()


def test_rejected_rows_are_listed_and_downloaded(site: Site) -> None:
    batch = site.bring_in(own([{"disposition": "=WAT"}, {}]))
    page = site.client.get(site.url("import", batch.public_id)).content.decode()
    assert "1 row rejected" in page
    assert "“=WAT” has no meaning" in page
    file = site.client.get(site.url("import_rejected", batch.public_id))
    assert file["Content-Disposition"] == 'attachment; filename="may-rejected.csv"'
    assert file["X-Content-Type-Options"] == "nosniff"
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1].startswith('"2","Disposition “=WAT” has no meaning')


def test_an_unknown_code_gets_its_meaning_by_form(site: Site) -> None:
    batch = site.bring_in(own([{"disposition": "APPT"}]))
    assert "Unknown, rows rejected" in site.client.get(site.url("calls")).content.decode()
    answer = site.client.post(
        site.url("code"), {"system": "tollgate", "code": "APPT", "outcome": "transfer_set"}
    )
    assert answer.status_code == 302
    with backstage():
        assert Disposition.objects.get().outcome == "transfer_set"
    site.client.post(
        site.url("import_start", batch.public_id), {"preset": "tollgate", "source_zone": "America/New_York"}
    )
    site.run_jobs()
    assert site.import_().accepted == 1


def test_a_code_that_no_file_holds_gets_no_meaning(site: Site) -> None:
    site.bring_in(own([{"disposition": "APPT"}]))
    for system, code in (("tollgate", "WAT"), ("vicidial", "APPT")):
        answer = site.client.post(site.url("code"), {"system": system, "code": code, "outcome": "closed"})
        assert answer.status_code == 422
        assert f"that was read here holds the code “{code}”." in answer.text
    with backstage():
        assert not Disposition.objects.exists()


def test_a_refused_meaning_keeps_the_choice(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.bring_in(own([{"disposition": "APPT"}]))

    def refuse(**_: object) -> None:
        raise Refused("Not just now.")

    monkeypatch.setattr(meanings, "give_meaning", refuse)
    answer = site.client.post(
        site.url("code"), {"system": "tollgate", "code": "APPT", "outcome": "transfer_set"}
    )
    assert answer.status_code == 422
    codes = answer.text.partition('id="codes"')[2]
    assert codes.count(" selected>") == 1
    assert '<option value="transfer_set" selected>' in codes


def test_rejected_rows_whose_file_is_gone_are_not_found(site: Site) -> None:
    batch = site.bring_in(own([{"disposition": "=WAT"}, {}]))
    store.remove(batch.rejected_path)
    assert site.client.get(site.url("import_rejected", batch.public_id)).status_code == 404


def test_the_file_of_rejected_rows_is_not_a_hidden_one(site: Site) -> None:
    site.upload(own([{"disposition": "=WAT"}, {}]), name=".may.csv")
    batch = site.import_()
    site.client.post(
        site.url("import_start", batch.public_id), {"preset": "tollgate", "source_zone": "America/New_York"}
    )
    site.run_jobs()
    file = site.client.get(site.url("import_rejected", batch.public_id))
    assert file["Content-Disposition"] == 'attachment; filename="may-rejected.csv"'


def test_a_code_without_a_choice_is_refused(site: Site) -> None:
    site.bring_in(own([{"disposition": "APPT"}]))
    answer = site.client.post(site.url("code"), {"system": "tollgate", "code": "APPT", "outcome": ""})
    assert answer.status_code == 422
    assert "Choose what the code means." in answer.content.decode()


def test_a_failed_reading_says_so_and_runs_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.upload(own([{}]))
    batch = site.import_()
    start, form = (
        site.url("import_start", batch.public_id),
        {"preset": "tollgate", "source_zone": "America/New_York"},
    )
    site.client.post(start, form)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(
            "kpis.imports.service.insert_calls", lambda *_: (_ for _ in ()).throw(RuntimeError("broken"))
        )
        site.run_jobs()
    page = site.client.get(site.url("import", batch.public_id)).content.decode()
    assert "The file was not read" in page
    assert "run it again" in page
    assert site.client.post(start, form).status_code == 302
    assert site.run_jobs() == ["done"]
    with backstage():
        assert CallRecord.objects.count() == 1


def test_an_import_is_removed_with_its_calls(site: Site) -> None:
    batch = site.bring_in(own([{}]))
    answer = site.client.post(site.url("import_remove", batch.public_id), follow=True)
    assert "may.csv is removed, with 1 call." in answer.content.decode()
    with backstage():
        assert not CallRecord.objects.exists()
        assert not Import.objects.exists()


def test_the_client_reads_but_does_not_import(site: Site) -> None:
    batch = site.bring_in(own([{"disposition": "WAT"}, {}]))
    site.sit(site.cast.client_lead)
    page = site.client.get(site.url("calls")).content.decode()
    assert "may.csv" in page
    assert "Import a call log" not in page
    assert site.client.get(site.url("import", batch.public_id)).status_code == 200
    assert site.client.get(site.url("import_rejected", batch.public_id)).status_code == 403
    for name in ("import_start", "import_remove"):
        assert site.client.post(site.url(name, batch.public_id)).status_code == 403
    for name in ("calls_upload", "code"):
        assert site.client.post(site.url(name)).status_code == 403


def test_strangers_find_nothing(site: Site) -> None:
    batch = site.bring_in(own([{}]))
    site.sit(site.cast.outsider)
    for name in ("calls", "import", "import_state", "import_rejected"):
        args = () if name == "calls" else (batch.public_id,)
        assert site.client.get(site.url(name, *args)).status_code == 404
    assert site.client.post(site.url("calls_upload")).status_code == 404


def test_queries_do_not_grow_with_imports_and_codes(site: Site) -> None:
    counts = []
    for number in range(2):
        calls = [{"call_id": f"{number}-{code}", "disposition": code} for code in ("closed", f"X{number}")]
        site.bring_in(own(calls))
        with CaptureQueriesContext(connection) as captured:
            site.client.get(site.url("calls"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
