"""The deliverables pages: who sees what, every verb by plain form, files served safely."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import TrailEntry, User
from common.errors import Refused
from reports import tasks
from reports.models import Deliverable
from reports.snapshots import Kind
from tests.factories import Cast
from tests.milestones.scene import as_person, on_day, planned
from tests.reports.scene import asked, reloaded

RunJobs = Callable[[], list[str]]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, cast: Cast, deliverable: Deliverable | None = None) -> str:
    return reverse(
        f"reports:{name}", args=[cast.engagement.public_id, *([deliverable.public_id] if deliverable else [])]
    )


@pytest.fixture
def plan(cast: Cast, run_jobs: RunJobs) -> Deliverable:
    """A finished launch plan."""
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        run_jobs()
    return reloaded(cast, made)


def test_the_page_offers_what_can_be_made_and_says_why_not_the_rest(cast: Cast) -> None:
    with on_day(1):
        planned(cast)
        page = browser(cast.campaign_manager).get(address("deliverables", cast))
    html = page.content.decode()
    assert page.status_code == 200
    assert "No report has been made yet." in html
    assert html.count(">Make<span") == 2  # launch plan and day-10 clearance
    assert "before it there is nothing to report" in html
    assert "Write the brief first." in html


def test_one_form_makes_a_report_and_leads_to_its_page(cast: Cast, run_jobs: RunJobs) -> None:
    client = browser(cast.campaign_manager)
    with on_day(1):
        planned(cast)
        answer = client.post(address("build", cast), {"kind": "launch-plan"})
        assert answer.status_code == 302
        waiting = client.get(answer.url)
        assert "Waiting for the worker" in waiting.content.decode()
        assert "hx-get" in waiting.content.decode()
        assert '<noscript><p><a href="">Look again</a></p></noscript>' in waiting.content.decode()
        run_jobs()
        done = client.get(answer.url).content.decode()
    assert "Download the PDF" in done
    assert "Read or downloaded by</h2>" in done
    assert "Look again" not in done
    assert "hx-get" not in done
    assert "each with a named owner" in done


def test_a_wrong_kind_and_a_report_too_early_are_answered_with_the_reason(cast: Cast) -> None:
    client = browser(cast.campaign_manager)
    with on_day(1):
        planned(cast)
        for kind, reason in (
            ("nonsense", "Say which deliverable to make."),
            ("day-60", "there is nothing to report"),
        ):
            page = client.post(address("build", cast), {"kind": kind})
            assert page.status_code == 422
            assert reason in page.content.decode()
    with as_person(cast, cast.campaign_manager):
        assert not Deliverable.objects.exists()


def test_progress_asks_for_the_page_once_it_is_over(cast: Cast, plan: Deliverable) -> None:
    client = browser(cast.client_lead)
    url = address("progress", cast, plan)
    part = client.get(url, headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    assert client.get(url).status_code == 302
    with on_day(1):
        running = asked(cast, Kind.DAY_10)
        part = client.get(address("progress", cast, running), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in part
    assert "hx-trigger" in part.content.decode()


def test_the_file_is_served_safely_and_its_taking_is_noted(
    cast: Cast, plan: Deliverable, files_root: Path
) -> None:
    client = browser(cast.client_leader)
    answer = client.get(address("download", cast, plan))
    assert b"".join(answer.streaming_content) == (files_root / plan.path).read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="spring-windows-launch-plan-v1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    with as_person(cast, cast.client_lead):
        line = TrailEntry.objects.get(action="deliverable.opened")
        assert line.actor_name == "Lena Hart"
    assert "Lena Hart" in client.get(address("deliverable", cast, plan)).content.decode()


def test_the_preview_is_inline(cast: Cast, plan: Deliverable) -> None:
    answer = browser(cast.client_lead).get(address("inline", cast, plan))
    answer.close()
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_who_reads_a_file_in_the_page_is_noted_once_a_day(cast: Cast, plan: Deliverable) -> None:
    client, url = browser(cast.client_lead), address("inline", cast, plan)

    def look(day: int, *, hour: int = 10) -> None:
        with on_day(day, hour=hour):
            client.force_login(cast.client_lead)
            b"".join(client.get(url).streaming_content)

    def read() -> list[str]:
        with as_person(cast, cast.client_lead):
            lines = TrailEntry.objects.filter(action="deliverable.read").order_by("sequence")
            return [line.actor_name for line in lines]

    with on_day(2):
        client.head(url)
    assert read() == []
    look(2)
    look(2, hour=22)
    assert read() == ["Clara Lind"]
    look(3, hour=0)
    assert read() == ["Clara Lind"] * 2
    with on_day(3):
        b"".join(browser(cast.campaign_manager).get(url).streaming_content)
        page = browser(cast.campaign_manager).get(address("deliverable", cast, plan)).content.decode()
    assert read() == ["Clara Lind", "Clara Lind", "Mara Voss"]
    assert page.count(">opened ") == 3


def test_an_unfinished_or_lost_file_is_not_found(cast: Cast, plan: Deliverable, files_root: Path) -> None:
    client = browser(cast.client_lead)
    with on_day(1):
        waiting = asked(cast, Kind.DAY_10)
    assert client.get(address("download", cast, waiting)).status_code == 404
    (files_root / plan.path).unlink()
    assert client.get(address("download", cast, plan)).status_code == 404


def test_a_failed_report_is_run_again_from_its_page(
    cast: Cast, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(cast.campaign_manager)

    def full_disk(*_: object) -> None:
        raise Refused("The disk is full.")

    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        with monkeypatch.context() as patched:
            patched.setattr(tasks, "build_pdf", full_disk)
            run_jobs()
        page = client.get(address("deliverable", cast, made)).content.decode()
        assert "The disk is full." in page
        assert "Run it again" in page
        assert "The disk is full." in client.get(address("deliverables", cast)).content.decode()
        assert client.post(address("again", cast, made)).status_code == 302
        run_jobs()
        assert client.post(address("again", cast, made)).status_code == 422


def test_a_hash_a_short_code_and_a_file_are_recognised(
    cast: Cast, plan: Deliverable, files_root: Path
) -> None:
    client, url = browser(cast.client_leader), address("check", cast)
    assert "has exactly this check code" in client.post(url, {"digest": plan.sha256.upper()}).content.decode()
    short = client.post(url, {"digest": plan.snapshot_sha256[:12]}).content.decode()
    assert "The same content" in short
    listed = client.post(url, {"digest": plan.sha256[:12]}).content.decode()
    assert "Known here" in listed
    strange = client.post(url, {"digest": "abcdefabcdef"}).content.decode()
    assert "Unknown here" in strange
    assert "was changed" not in strange
    data = (files_root / plan.path).read_bytes()
    same = client.post(url, {"file": SimpleUploadedFile("plan.pdf", data)})
    assert "has exactly this check code" in same.content.decode()
    changed = client.post(url, {"file": SimpleUploadedFile("plan.pdf", data[:-1] + b"x")})
    assert "Unknown here" in changed.content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({}, "Give the check code or the file"),
        ({"digest": "abc"}, "12 to 64 digits"),
        ({"digest": "<script>alert(1)</script>"}, "12 to 64 digits"),
    ],
)
def test_a_hash_that_is_none_is_said_beside_its_field(cast: Cast, typed: dict[str, str], reason: str) -> None:
    with on_day(1):
        page = browser(cast.client_lead).post(address("check", cast), typed)
    assert page.status_code == 422
    assert reason in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_the_page_says_what_the_file_says_whatever_the_program_would_say_today(
    cast: Cast, plan: Deliverable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.papers.compose", lambda snapshot: pytest.fail("worded anew"))
    page = browser(cast.client_lead).get(address("deliverable", cast, plan)).content.decode()
    assert plan.summary["verdict"] in page
    assert "Named owners" in page


def test_strangers_find_nothing_and_a_missing_right_is_refused(cast: Cast, plan: Deliverable) -> None:
    names = ("deliverable", "progress", "download", "inline")
    for user in (cast.outsider, cast.ex_member):
        client = browser(user)
        assert client.get(address("deliverables", cast)).status_code == 404
        assert {client.get(address(name, cast, plan)).status_code for name in names} == {404}
        assert client.post(address("build", cast), {"kind": "launch-plan"}).status_code == 404
        assert client.post(address("again", cast, plan)).status_code == 404
        assert client.post(address("check", cast), {"digest": plan.sha256}).status_code == 404
    supervisor = browser(cast.supervisor)
    assert supervisor.post(address("build", cast), {"kind": "launch-plan"}).status_code == 403
    assert supervisor.post(address("again", cast, plan)).status_code == 403
    assert "Make a new version" not in supervisor.get(address("deliverables", cast)).content.decode()
    assert Client().get(address("deliverables", cast)).status_code == 302


def test_a_report_of_another_engagement_is_not_found(cast: Cast, plan: Deliverable) -> None:
    url = reverse("reports:deliverable", args=[cast.engagement.public_id, uuid4()])
    assert browser(cast.client_lead).get(url).status_code == 404


def test_the_list_costs_the_same_with_many_versions(
    cast: Cast, plan: Deliverable, run_jobs: RunJobs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(cast.client_lead)
    with on_day(1):
        for _ in range(3):
            asked(cast, Kind.LAUNCH_PLAN)
            run_jobs()
        client.get(address("deliverables", cast))
        with django_assert_max_num_queries(16):
            client.get(address("deliverables", cast))
