"""Plan, setup and gates, as a browser without JavaScript uses them."""

import html
import re
import time
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from engagements.models import Participant
from kpis.models import Import
from milestones.models import (
    CheckResult,
    Evidence,
    Gate,
    GateEvent,
    Milestone,
    PlanLock,
    ReadinessCheck,
    SignOff,
    Slip,
    TransferLine,
)
from tests.factories import Cast, ParticipantFactory
from tests.milestones.scene import (
    brief_signed,
    locked,
    on_day,
    planned,
    present,
    ready_for_day_10,
)
from tests.stage import backstage

PDF = b"%PDF-1.7\n%test\n"


@pytest.fixture(autouse=True)
def _day_5() -> Iterator[None]:
    with on_day(5):
        yield


def browser(user: User) -> Client:
    """A browser in which this person gave their password a moment ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def at(cast: Cast, path: str = "") -> str:
    return f"/e/{cast.engagement.public_id}/{path}"


def found[M](model: type[M], **by: object) -> M:
    with backstage():
        return model.objects.get(**by)


def seen_in(html: str) -> str:
    match = re.search(r'name="seen" value="(\w{64})"', html)
    assert match, "the page offers nothing to sign"
    return match[1]


def test_without_a_plan_the_page_offers_to_make_it(cast: Cast) -> None:
    client = browser(cast.campaign_manager)
    page = client.get(at(cast, "plan/"))
    assert "Make the plan" in page.text
    made = client.post(at(cast, "plan/create/"), follow=True)
    assert "Kickoff session held" in made.text
    assert "45 milestones" in made.text
    again = client.post(at(cast, "plan/create/"))
    assert (again.status_code, "has its launch plan already" in again.text) == (422, True)


def test_both_sides_lock_the_timeline_that_they_read(cast: Cast) -> None:
    planned(cast)
    operator, client = browser(cast.campaign_manager), browser(cast.client_lead)
    seen = seen_in(operator.get(at(cast, "plan/")).text)
    names = cast.engagement.operator.name, cast.engagement.client.name
    told = html.unescape(client.get(at(cast, "plan/")).text)
    assert all(f"Waits for {name} to lock the plan." in told for name in names)
    page = operator.post(at(cast, "plan/lock/"), {"seen": seen}, follow=True)
    assert "Next: the client locks it." in page.text
    told = html.unescape(client.get(at(cast, "plan/")).text)
    assert f"waits for {names[1]} to lock it; {names[0]} has" in told
    assert f"Waits for {names[1]} to lock the plan." in told and f"Waits for {names[0]}" not in told
    page = client.post(at(cast, "plan/lock/"), {"seen": seen}, follow=True)
    assert "Both sides have locked the timeline." in page.text
    twice = client.post(at(cast, "plan/lock/"), {"seen": seen})
    assert twice.status_code == 422
    with backstage():
        assert PlanLock.objects.count() == 2


def test_a_stale_plan_page_does_not_lock(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.client_lead)
    page = client.post(at(cast, "plan/lock/"), {"seen": "0" * 64})
    assert page.status_code == 422
    assert "The plan has changed since this page was opened" in page.text


def test_the_launch_moves_with_reason_and_side_and_typed_values_are_kept(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.campaign_manager)
    wrong = client.post(
        at(cast, "plan/launch/"), {"launch": "2026-03-11", "reason": "CRM is late again", "side": "client"}
    )
    assert wrong.status_code == 422
    assert "CRM is late again" in wrong.text
    assert "The launch cannot come before 12 March 2026" in wrong.text
    empty = client.post(at(cast, "plan/launch/"), {"launch": "soon", "reason": "", "side": "client"})
    assert (empty.status_code, "Write a date such as" in empty.text) == (422, True)
    moved = client.post(
        at(cast, "plan/launch/"),
        {"launch": "2026-03-14", "reason": "CRM is late again", "side": "client"},
        follow=True,
    )
    assert "The launch is moved 2 days later" in moved.text
    with backstage():
        assert not Slip.objects.exists(), "nothing was contracted yet"


def test_a_milestone_is_completed_with_a_file_that_can_be_downloaded(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.campaign_manager)
    item = found(Milestone, code="kickoff")
    url = at(cast, f"plan/{item.public_id}/")
    assert "Minutes with who attended" in client.get(url).text
    missing = client.post(f"{url}complete/", {})
    assert (missing.status_code, "Evidence is missing" in missing.text) == (422, True)
    upload = SimpleUploadedFile("minutes.pdf", PDF, "application/pdf")
    done = client.post(f"{url}complete/", {"text": "Minutes filed", "file": upload}, follow=True)
    assert "“Kickoff session held” is done." in done.text
    page = client.get(url).text
    assert "minutes.pdf" in page
    piece = found(Evidence, file_name="minutes.pdf")
    file = browser(cast.client_lead).get(at(cast, f"evidence/{piece.public_id}/"))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert browser(cast.outsider).get(at(cast, f"evidence/{piece.public_id}/")).status_code == 404


def test_a_milestone_is_completed_with_imported_rows_that_hold_from_a_day_on(cast: Cast) -> None:
    planned(cast)
    with backstage():
        batch = Import.objects.create(
            engagement=cast.engagement, preset="tollgate", source_zone="UTC", file_name="test-calls.csv", size=9,
            path="x", sha256="f" * 64, accepted=40, created_by=cast.supervisor, finished_at=timezone.now(),
        )  # fmt: skip
    client, item = browser(cast.campaign_manager), found(Milestone, code="kickoff")
    url = at(cast, f"plan/{item.public_id}/")
    assert "test-calls.csv: 40 rows" in client.get(url).text
    brought = {"rows": str(batch.public_id), "effective_on": "2026-03-02", "expires_on": "2026-03-01"}
    wrong = client.post(f"{url}complete/", brought)
    assert (wrong.status_code, 'value="2026-03-01"' in wrong.text) == (422, True)
    client.post(f"{url}complete/", {**brought, "expires_on": "2026-04-01"})
    page = client.get(url).text
    assert "Imported rows of test-calls.csv: 40 rows" in page
    assert "holds from" in page
    piece = found(Evidence)
    assert (str(piece.imported), piece.effective_on, piece.expires_on) == (
        brought["rows"], date(2026, 3, 2), date(2026, 4, 1),
    )  # fmt: skip


def test_a_wrong_file_or_link_is_said_beside_what_was_typed(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.campaign_manager)
    url = at(cast, f"plan/{found(Milestone, code='kickoff').public_id}/complete/")
    page = client.post(url, {"text": "Minutes", "url": "javascript:alert(1)"})
    assert (page.status_code, "This is not a web address" in page.text, "Minutes" in page.text) == (
        422,
        True,
        True,
    )
    page = client.post(url, {"text": " . "})
    assert (page.status_code, "at least 3 letters or digits" in page.text) == (422, True)
    page = client.post(url, {"file": SimpleUploadedFile("run.exe", b"MZ")})
    assert (page.status_code, "is of a kind that is not taken" in page.text) == (422, True)
    with backstage():
        assert not Evidence.objects.exists()


def test_technical_milestones_say_that_the_brief_comes_first(cast: Cast) -> None:
    planned(cast)
    url = at(cast, f"plan/{found(Milestone, code='crm-link').public_id}/")
    page = browser(cast.campaign_manager).get(url).text
    assert "Technical work cannot start before both sides have signed the campaign brief." in page
    assert f'href="{at(cast, "brief/")}"' in page


def test_owner_and_day_are_changed_on_the_milestone_s_page(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.campaign_manager)
    item = found(Milestone, code="dialer-built")
    url = at(cast, f"plan/{item.public_id}/change/")
    owner = found(Participant, pk=item.owner_id).public_id
    done = client.post(url, {"owner": owner, "start": 4, "day": 7}, follow=True)
    assert "is changed" in done.text
    nobody = client.post(url, {"owner": "", "start": 4, "day": 7})
    assert nobody.status_code == 422
    other = browser(cast.client_lead)
    assert "Change owner or day" not in other.get(at(cast, f"plan/{item.public_id}/")).text
    assert other.post(url, {"owner": owner, "start": 4, "day": 7}).status_code == 422
    wrong = client.post(url, {"owner": owner, "start": 9, "day": 40})
    assert (wrong.status_code, "The day has to lie in its phase" in wrong.text) == (422, True)


def test_a_locked_milestone_is_only_handed_over_on_its_page(cast: Cast) -> None:
    locked(cast)
    client, item = browser(cast.campaign_manager), found(Milestone, code="dialer-built")
    page = at(cast, f"plan/{item.public_id}/")
    assert "Hand it over" not in client.get(page).text
    with backstage():
        second = ParticipantFactory(engagement=cast.engagement, role=item.owner_role, side=item.side)
    assert "Hand it over" in client.get(page).text
    done = client.post(f"{page}change/", {"owner": second.public_id, "start": 1, "day": 2}, follow=True)
    assert "is changed" in done.text
    after = found(Milestone, code="dialer-built")
    assert (after.owner_id, after.day, after.start_day) == (second.pk, item.day, item.start_day)


def test_setup_counts_what_is_proved_and_keeps_failed_tests(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    client = browser(cast.supervisor)
    assert "0 of 20 proved" in client.get(at(cast, "setup/")).text
    url = at(cast, f"setup/{found(ReadinessCheck, code='dialer-routing').public_id}/")
    nothing = client.post(f"{url}record/", {"text": "Route 2 rings"})
    assert (nothing.status_code, "Route 2 rings" in nothing.text) == (422, True)
    failed = client.post(f"{url}record/", {"result": "failed", "text": "Route 2 rings forever"}, follow=True)
    assert "0 of 20 proved, 1 failed" in failed.text
    client.post(f"{url}record/", {"result": "passed", "text": "All three routes connect"})
    assert "1 of 20 proved." in client.get(at(cast, "setup/")).text
    page = client.get(url).text
    assert "Route 2 rings forever" in page
    assert "All three routes connect" in page
    with backstage():
        assert CheckResult.objects.count() == 2


def test_transfer_lines_are_set_up_tested_and_taken_out_of_use(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    client = browser(cast.supervisor)
    missing = client.post(at(cast, "setup/lines/add/"), {"name": "East", "number": "701"})
    assert (missing.status_code, 'value="701"' in missing.text) == (422, True)
    typed = {"name": "East", "number": "701", "team": "Closers"}
    assert "Next: a test call" in client.post(at(cast, "setup/lines/add/"), typed, follow=True).text
    twice = client.post(at(cast, "setup/lines/add/"), typed)
    assert (twice.status_code, "There is a line “East” already" in twice.text) == (422, True)
    url = at(cast, f"setup/lines/{found(TransferLine).public_id}/")
    silent = client.post(f"{url}test/", {"connected": "yes", "briefed": "yes", "text": "Rang twice"})
    assert (silent.status_code, "Say who answered" in silent.text, "Rang twice" in silent.text) == (
        422,
        True,
        True,
    )
    client.post(f"{url}test/", {"connected": "no", "briefed": "no", "text": "Rang out in the evening"})
    told = {"connected": "yes", "briefed": "yes", "answered_by": "Caleb", "expires_on": "2026-09-01"}
    client.post(f"{url}test/", {**told, "text": "Connected after two rings"})
    page = client.get(url).text
    assert "Rang out in the evening" in page
    assert "expires" in page
    assert "test 2; failed" in client.get(at(cast, "setup/")).text
    check = client.get(at(cast, f"setup/{found(ReadinessCheck, code='dialer-transfers').public_id}/")).text
    assert "Nobody ticks this" in check
    no = client.post(f"{url}retire/", {"text": ""})
    assert no.status_code == 422
    assert (
        "is out of use"
        in client.post(f"{url}retire/", {"text": "The team closes by e-mail"}, follow=True).text
    )


def test_real_leads_are_logged_with_path_and_outcome(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    client = browser(cast.campaign_manager)
    typed = {
        "day": "8", "lead": "617 555 0148", "source": "Web form", "steps": "form\nCRM", "crm_record": "yes",
        "transfer_reached": "none", "written_back": "yes", "outcome": "Callback agreed", "reached": "yes",
    }  # fmt: skip
    early = client.post(at(cast, "setup/leads/log/"), typed)
    assert (early.status_code, "Day 8 is Mon 9 Mar: its leads are logged from then on." in early.text) == (
        422,
        True,
    )
    with on_day(9):
        client.force_login(cast.campaign_manager)
        _log_leads(cast, client, typed)


def _log_leads(cast: Cast, client: Client, typed: dict[str, str]) -> None:
    short = client.post(at(cast, "setup/leads/log/"), {**typed, "steps": "form"})
    assert (short.status_code, "one step a line" in short.text, "Callback agreed" in short.text) == (
        422,
        True,
        True,
    )
    page = client.post(at(cast, "setup/leads/log/"), typed, follow=True).text
    assert "•••0148" in page
    assert "617 555 0148" not in page
    assert "logged later, " in page
    assert "Callback agreed" in client.get(at(cast, "setup/")).text


def test_a_gate_lists_every_reason_as_a_link_to_what_clears_it(cast: Cast) -> None:
    planned(cast)
    gate = found(Gate, code="day-10")
    url = at(cast, f"gates/{gate.public_id}/")
    page = browser(cast.client_lead).get(url).text
    assert "Not passed yet" in page
    item = found(Milestone, code="script-review")
    assert f'<a href="{at(cast)}plan/{item.public_id}/">Review the script (' in page
    refused = browser(cast.client_lead).post(f"{url}sign/", {"seen": ""})
    assert refused.status_code == 422
    assert "Not signed:" in refused.text
    assert "The day-10 launch clearance has not been made." in refused.text


def test_both_sides_sign_a_gate_on_its_page(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    url = at(cast, f"gates/{gate.public_id}/")
    client, operator = browser(cast.client_lead), browser(cast.campaign_manager)
    seen = seen_in(client.get(url).text)
    assert (
        "Next: the operator signs it."
        in client.post(f"{url}sign/", {"seen": seen, "note": "Go"}, follow=True).text
    )
    twice = client.post(f"{url}sign/", {"seen": seen})
    assert (twice.status_code, "has signed this version already" in twice.text) == (422, True)
    passed = operator.post(f"{url}sign/", {"seen": seen}, follow=True)
    assert "the gate “Launch clearance” has passed." in passed.text
    late = operator.post(f"{url}sign/", {"seen": seen})
    assert (late.status_code, "has passed already" in late.text) == (422, True)
    with backstage():
        assert SignOff.objects.count() == 2


def test_a_stale_gate_page_does_not_sign(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    url = at(cast, f"gates/{gate.public_id}/")
    client = browser(cast.client_lead)
    seen = seen_in(client.get(url).text)
    present(cast, version=2)
    page = client.post(f"{url}sign/", {"seen": seen})
    assert page.status_code == 422
    assert "The report has changed since this page was opened" in page.text
    assert seen_in(page.text) != seen


def test_a_signature_asks_for_the_password_again(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    client = browser(cast.client_lead)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    url = at(cast, f"gates/{gate.public_id}/")
    answer = client.post(f"{url}sign/", {"seen": gate.document_sha256, "note": "Go, with care"})
    assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)
    assert "Go, with care</textarea>" in client.get(url).text
    assert "Go, with care" not in client.get(url).text


def test_a_note_that_is_too_long_signs_nothing_and_is_kept(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    page = browser(cast.client_lead).post(
        at(cast, f"gates/{gate.public_id}/sign/"), {"seen": gate.document_sha256, "note": "x" * 1001}
    )
    assert page.status_code == 422
    assert "Ensure this value has at most 1000 characters" in page.text
    assert "x" * 1001 in page.text
    with backstage():
        assert not SignOff.objects.exists()


def test_a_signer_holds_declines_and_sends_back_on_the_gate_s_page(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    url = at(cast, f"gates/{gate.public_id}/")
    client, operator = browser(cast.client_lead), browser(cast.campaign_manager)
    page = client.get(url).text
    assert "Clara Lind can sign." in page
    soon = client.post(f"{url}hold/", {"until": "soon", "reason": "Boston is not proved"})
    assert (soon.status_code, "Write a date such as" in soon.text, "Boston is not proved" in soon.text) == (
        422, True, True,
    )  # fmt: skip
    typed = {"until": "2026-03-10", "reason": "Boston is not proved"}
    held = client.post(f"{url}hold/", typed, follow=True).text
    assert "The client has paused this gate until Tue 10 Mar (Clara Lind): “Boston is not proved”." in held
    assert "End our pause" in held
    assert "End our pause" not in operator.get(url).text
    refused = operator.post(f"{url}sign/", {"seen": gate.document_sha256})
    assert (refused.status_code, "has paused this gate until" in refused.text) == (422, True)
    assert "The client has paused the gate “Launch clearance” until Tue 10 Mar" in operator.get(at(cast)).text
    client.post(f"{url}release/")
    again = client.post(f"{url}release/")
    assert (again.status_code, "Nobody has paused this gate" in again.text) == (422, True)
    seen = {"seen": gate.document_sha256}
    short = client.post(f"{url}decline/", {**seen, "reason": "no"})
    assert (short.status_code, "Say in a sentence why you decline" in short.text) == (422, True)
    declined = client.post(
        f"{url}decline/", {**seen, "reason": "The roster is not complete"}, follow=True
    ).text
    assert "The client has declined version 1 (Clara Lind)" in declined
    assert "Take back our decline" in declined
    assert "waits for the other side" not in client.post(f"{url}take-back/", follow=True).text
    back = operator.post(f"{url}send-back/", {**seen, "reason": "Route 2 was not tested"}, follow=True).text
    assert "was sent back: Route 2 was not tested" in back
    for words in (
        "paused the gate until",
        "ended the pause",
        "took back the decline",
        "sent version 1 back",
    ):
        assert words in back


def test_the_other_side_is_asked_to_sign_and_finds_it_under_my_work(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    url = at(cast, f"gates/{gate.public_id}/")
    operator = browser(cast.campaign_manager)
    assert "Ask the other side to sign" in operator.get(url).text
    asked = operator.post(f"{url}ask/", {"seen": gate.document_sha256}, follow=True).text
    assert "Clara Lind gets a mail" in asked
    assert "was asked about this version less than a day ago" in asked
    assert "Launch clearance, asked by Mara Voss" in browser(cast.client_lead).get("/").text
    stale = operator.post(f"{url}ask/", {"seen": "0" * 64})
    assert (stale.status_code, "Read the new version first" in stale.text) == (422, True)


def test_what_is_found_after_a_gate_has_passed_is_noted_and_settled(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    url = at(cast, f"gates/{gate.public_id}/")
    for user in (cast.client_lead, cast.campaign_manager):
        browser(user).post(f"{url}sign/", {"seen": gate.document_sha256})
    client = browser(cast.client_lead)
    assert "does not open it again" in client.get(url).text
    page = client.post(f"{url}found/", {"text": "Line 2 rings out in Boston"}, follow=True).text
    assert "Line 2 rings out in Boston" in page
    event = found(GateEvent, kind="found")
    later = client.get(at(cast, f"gates/{found(Gate, code='day-30').public_id}/")).text
    assert f'{url}#found">Found after “Launch clearance” had passed' in later
    empty = client.post(f"{url}found/{event.public_id}/settle/", {"text": ""})
    assert (empty.status_code, "Say in a sentence why it is settled" in empty.text) == (422, True)
    settled = client.post(
        f"{url}found/{event.public_id}/settle/", {"text": "The line was replaced"}, follow=True
    )
    assert "The line was replaced" in settled.text


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("transfers-verified", "transfers"),
        ("calling-windows", "windows"),
        ("qa-sample", "qa"),
        ("lead-response", "response"),
        ("drift-checked", "signals"),
        ("brief-signed", ""),
    ],
)
def test_a_milestone_leads_to_its_figures(cast: Cast, code: str, page: str) -> None:
    planned(cast)
    with backstage():
        item = Milestone.objects.get(code=code)
    seen = browser(cast.client_lead).get(at(cast, f"plan/{item.public_id}/")).text
    assert ("<dt>Figures</dt>" in seen) is bool(page)
    if page:
        address = reverse(f"kpis:{page}", args=[cast.engagement.public_id])
        assert f'<dt>Figures</dt><dd><a href="{address}">' in seen


@pytest.mark.parametrize("path", ["plan/", "setup/", "gates/", ""])
def test_strangers_do_not_learn_that_an_engagement_exists(cast: Cast, path: str) -> None:
    planned(cast)
    for user in (cast.outsider, cast.ex_member):
        assert browser(user).get(at(cast, path)).status_code == 404
    assert Client().get(at(cast, path)).status_code == 302


# The plan's page asks for its newest paper, too.
@pytest.mark.parametrize(
    ("path", "most"),
    [("plan/", 11), ("plan/dates/launch/", 8), ("setup/", 8), ("gates/", 12), ("", 10)],
)
def test_pages_need_few_queries(
    cast: Cast, path: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    locked(cast)
    brief_signed(cast)
    client = browser(cast.campaign_manager)
    client.get(at(cast, path))
    with django_assert_max_num_queries(most):
        assert client.get(at(cast, path)).status_code == 200


def test_every_page_carries_the_head_of_the_engagement(cast: Cast) -> None:
    planned(cast)
    page = browser(cast.client_lead).get(at(cast, "plan/")).text
    assert "Day 5 · Setup" in page
    assert "Harbour Homes × Northline Calling" in page
    assert "Day 10: Launch clearance" in page
