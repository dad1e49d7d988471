"""Transfer lines, real leads and evidence that expires: what is logged decides the check, and nothing is ticked."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from common import clock
from common.errors import Refused
from engagements.models import Engagement
from kpis.imports import service as imports
from kpis.imports.leaning import InUse
from kpis.models import Import
from milestones import services
from milestones.models import Evidence, LeadTest, Milestone, ReadinessCheck, TransferLine, TransferTest
from milestones.selectors.check_results import check_state
from milestones.selectors.gates import gate_facts
from milestones.selectors.setup import lead_rows
from milestones.selectors.standing import standing_of
from milestones.services.refusal import Blocked
from tests.factories import Cast
from tests.milestones.scene import as_person, brief_signed, gate_of, on_day, planned, ready_for_day_10
from tests.stage import backstage

AGAIN = "test it again with other evidence first"


@pytest.fixture(autouse=True)
def _day_8() -> Iterator[None]:
    with on_day(8):
        yield


@pytest.fixture
def agreed(cast: Cast) -> Cast:
    planned(cast)
    brief_signed(cast)
    return cast


def add(cast: Cast, name: str = "East", user: User | None = None) -> TransferLine:
    user = user or cast.supervisor
    with as_person(cast, user):
        return services.add_line(
            engagement=cast.engagement,
            by=cast.seat(user),
            name=name,
            number="queue 701",
            team="Closers",
            hours="",
        )


def call(cast: Cast, line: TransferLine, *, passed: bool = True, **said: Any) -> TransferTest:
    told = {
        "connected": passed, "briefed": passed, "answered_by": "Caleb Ross" if passed else "",
        "note": "" if passed else "Rang out.", "proof": services.Proof(), **said,
    }  # fmt: skip
    with as_person(cast, cast.supervisor):
        return services.test_line(line=line, by=cast.seat(cast.supervisor), **told)


def log(cast: Cast, lead: str = "CRM 4711", *, passed: bool = True, **said: Any) -> LeadTest:
    told = {
        "day": 8, "lead": lead, "source": "Web form", "steps": ["form", "CRM", "dialer"], "crm_record": True,
        "transfer_reached": True, "written_back": passed, "outcome": "Transfer set", "reached": passed,
        "note": "" if passed else "Nothing was written back.", "proof": services.Proof(), **said,
    }  # fmt: skip
    with as_person(cast, cast.campaign_manager):
        return services.log_lead(engagement=cast.engagement, by=cast.seat(cast.campaign_manager), **told)


def state(cast: Cast, code: str) -> tuple[str, str]:
    with as_person(cast, cast.client_lead):
        return check_state(standing_of(cast.engagement), ReadinessCheck.objects.get(code=code))


def test_the_check_on_transfer_lines_follows_from_their_tests(agreed: Cast) -> None:
    assert state(agreed, "dialer-transfers")[0] == "open"
    east, west = add(agreed), add(agreed, "West")
    call(agreed, east)
    assert state(agreed, "dialer-transfers") == ("open", "West is not tested")
    call(agreed, west, passed=False)
    assert state(agreed, "dialer-transfers") == ("failed", "West failed and was not passed since")
    call(agreed, west)
    assert state(agreed, "dialer-transfers") == ("passed", "")
    with backstage():
        assert [test.passed for test in west.tests.all()] == [True, False]


def test_a_line_that_connected_to_somebody_who_was_not_briefed_has_failed(agreed: Cast) -> None:
    line = add(agreed)
    assert not call(agreed, line, briefed=False, note="The closer knew nothing.").passed
    assert state(agreed, "dialer-transfers")[0] == "failed"


def test_nobody_ticks_what_follows_from_the_log(agreed: Cast) -> None:
    for code in ("dialer-transfers", "live-day-8"):
        with as_person(agreed, agreed.supervisor), pytest.raises(Refused, match="nobody enters it"):
            services.record_check(
                check=ReadinessCheck.objects.get(code=code), by=agreed.seat(agreed.supervisor), passed=True, note="",
                proof=services.Proof(text="All connect."),
            )  # fmt: skip


def test_a_line_out_of_use_is_not_waited_for_and_its_tests_stay(agreed: Cast) -> None:
    east, west = add(agreed), add(agreed, "West")
    call(agreed, east)
    call(agreed, west, passed=False)
    with as_person(agreed, agreed.supervisor):
        by = agreed.seat(agreed.supervisor)
        with pytest.raises(Refused, match="Say in a sentence why"):
            services.retire_line(line=west, by=by, reason="")
        services.retire_line(line=west, by=by, reason="The west team closes from now on by e-mail.")
    assert state(agreed, "dialer-transfers")[0] == "passed"
    with pytest.raises(Refused, match="no longer used"):
        call(agreed, west)
    assert add(agreed, "West").name == "West"


def test_nothing_technical_is_logged_before_the_brief_is_signed_or_after_the_gate(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Blocked, match="Technical work cannot start"):
        add(cast)
    with pytest.raises(Blocked, match="Technical work cannot start"):
        log(cast)


def test_a_passed_gate_closes_the_log(cast: Cast) -> None:
    ready_for_day_10(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        with as_person(cast, user):
            gate = gate_of(cast, "day-10")
            services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
    with pytest.raises(Blocked, match="its record cannot change"):
        add(cast)


def test_a_new_line_opens_a_signed_gate_again(cast: Cast) -> None:
    ready_for_day_10(cast)
    with as_person(cast, cast.client_lead):
        gate = gate_of(cast, "day-10")
        services.sign_off(gate=gate, by=cast.seat(cast.client_lead), seen=gate.document_sha256)
    add(cast)
    with as_person(cast, cast.client_lead):
        event = gate_of(cast, "day-10").events.get()
        assert event.text == (
            "Check “Every transfer line connects” is not proved: East is not tested (Sam Okafor)."
        )


def test_the_same_call_sent_twice_is_one_test(agreed: Cast) -> None:
    line = add(agreed)
    assert call(agreed, line) == call(agreed, line)
    assert log(agreed) == log(agreed)


def test_a_lead_is_logged_without_its_number_and_tested_again(agreed: Cast) -> None:
    assert log(agreed, "+1 617 555 0148", passed=False).lead == "•••0148"
    assert state(agreed, "live-day-8") == ("failed", "lead •••0148 failed and did not go through since")
    log(agreed, "+1 617 555 0148")
    assert state(agreed, "live-day-8") == ("passed", "")
    assert state(agreed, "live-day-9")[0] == "open"


def test_a_lead_of_a_day_that_has_not_come_is_refused_and_one_logged_later_says_so(agreed: Cast) -> None:
    with pytest.raises(Refused, match="Day 9 is Tue 10 Mar: its leads are logged from then on"):
        log(agreed, day=9)
    log(agreed)
    with on_day(10):
        log(agreed, "CRM 4712", day=9)
        with as_person(agreed, agreed.client_lead):
            rows = lead_rows(standing_of(agreed.engagement))
    assert [(row.test.lead, row.later) for row in rows] == [("CRM 4712", True), ("CRM 4711", False)]


def test_each_lead_source_of_the_brief_has_a_lead_that_went_through(cast: Cast) -> None:
    agreed = cast
    planned(agreed)
    brief_signed(agreed, lead_sources={"rows": [{"name": "Web form"}, {"name": "Fair"}], "words": ""})
    with on_day(9):
        log(agreed, day=9)
        assert state(agreed, "live-day-9") == ("open", "no real lead from Fair has gone through")
        log(agreed, "CRM 4712", day=9, source="Fair")
    assert state(agreed, "live-day-9")[0] == "passed"


def prove(cast: Cast, expires_on: date) -> None:
    proof = services.DatedProof(text="Test certificate", effective_on=date(2026, 3, 1), expires_on=expires_on)
    with as_person(cast, cast.supervisor):
        check = ReadinessCheck.objects.get(code="dialer-routing")
        services.record_check(check=check, by=cast.seat(cast.supervisor), passed=True, note="", proof=proof)


def test_evidence_that_ends_before_the_launch_is_refused(agreed: Cast) -> None:
    for ends in (date(2026, 3, 11), date(2026, 3, 12)):
        with pytest.raises(
            Refused, match="the launch is on Thu 12 Mar: bring evidence that holds on that day"
        ):
            prove(agreed, ends)
    assert state(agreed, "dialer-routing")[0] == "open"


def test_a_launch_that_moves_beyond_the_evidence_opens_the_check_again(agreed: Cast) -> None:
    prove(agreed, date(2026, 3, 14))
    with backstage():
        piece = Evidence.objects.get(result__isnull=False)
    assert (piece.effective_on, piece.expires_on) == (date(2026, 3, 1), date(2026, 3, 14))
    assert state(agreed, "dialer-routing") == ("passed", "")
    with backstage():
        Engagement.objects.filter(pk=agreed.engagement.pk).update(launch_on=date(2026, 3, 16))
        agreed.engagement.refresh_from_db()
    why = "its evidence no longer holds from Sat 14 Mar on, and the launch is on Mon 16 Mar"
    assert state(agreed, "dialer-routing") == ("expired", why)
    with as_person(agreed, agreed.client_lead):
        facts = gate_facts(agreed.engagement, gate_of(agreed, "day-10"))
    (fact,) = [c for c in facts.checks if c.code == "dialer-routing"]
    assert (fact.result, fact.why) == ("expired", why)
    with time_machine.travel("2026-03-15T12:00:00Z", tick=False):
        assert state(agreed, "dialer-routing") == ("expired", "its evidence expired on Sat 14 Mar")


def test_a_line_is_tested_again_where_its_evidence_does_not_hold_at_the_launch(agreed: Cast) -> None:
    line = add(agreed)
    call(agreed, line, proof=services.DatedProof(text="Number leased", expires_on=date(2026, 3, 14)))
    assert state(agreed, "dialer-transfers") == ("passed", "")
    with backstage():
        Engagement.objects.filter(pk=agreed.engagement.pk).update(launch_on=date(2026, 3, 16))
        agreed.engagement.refresh_from_db()
    assert state(agreed, "dialer-transfers") == (
        "expired",
        "the evidence of East no longer holds from Sat 14 Mar on, and the launch is on Mon 16 Mar",
    )
    call(agreed, line, note="The lease is renewed.")
    assert state(agreed, "dialer-transfers") == ("passed", "")


def test_imported_rows_prove_a_test_and_stay_told(agreed: Cast) -> None:
    with backstage():
        batch = Import.objects.create(
            engagement=agreed.engagement, preset="tollgate", source_zone="UTC", file_name="test-calls.csv", size=9,
            path="x", sha256="f" * 64, accepted=40, first_day=date(2026, 3, 9), last_day=date(2026, 3, 9),
            created_by=agreed.supervisor, finished_at=timezone.now(),
        )  # fmt: skip
    call(agreed, add(agreed), proof=services.DatedProof(rows=batch))
    with as_person(agreed, agreed.client_lead):
        piece = Evidence.objects.get()
    assert piece.text == "Imported rows of test-calls.csv: 40 rows, Mon 9 Mar to Mon 9 Mar"
    assert (piece.imported, piece.sha256, piece.size) == (batch.public_id, "f" * 64, 0)
    with backstage():
        batch.finished_at = None
    with pytest.raises(Refused, match="Only a finished import"):
        call(agreed, add(agreed, "West"), proof=services.DatedProof(rows=batch))


def imported(cast: Cast) -> Import:
    with backstage():
        return Import.objects.create(
            engagement=cast.engagement, preset="tollgate", source_zone="UTC", file_name="test-calls.csv", size=9,
            path="x", sha256="f" * 64, accepted=40, created_by=cast.supervisor, finished_at=timezone.now(),
        )  # fmt: skip


def remove(cast: Cast, batch: Import) -> None:
    with as_person(cast, cast.supervisor):
        imports.take_back(batch=batch, by=cast.seat(cast.supervisor))


def test_an_import_that_proves_what_counts_is_not_taken_back(agreed: Cast) -> None:
    batch = imported(agreed)
    rows = services.DatedProof(rows=batch)
    line = add(agreed)
    call(agreed, line, proof=rows)
    log(agreed, proof=rows)
    with as_person(agreed, agreed.supervisor):
        by, check = agreed.seat(agreed.supervisor), ReadinessCheck.objects.get(code="dialer-routing")
        services.record_check(check=check, by=by, passed=True, note="", proof=rows)
    with as_person(agreed, agreed.campaign_manager):
        by, kickoff = agreed.seat(agreed.campaign_manager), Milestone.objects.get(code="kickoff")
        services.complete_milestone(milestone=kickoff, by=by, proof=rows)
    with pytest.raises(InUse) as refusal:
        remove(agreed, batch)
    assert sorted(refusal.value.reasons) == [
        f"The newest test of the lead CRM 4711 stands on the rows of this file: {AGAIN}.",
        f"The newest test of the line “East” stands on the rows of this file: {AGAIN}.",
        f"The newest test of “{check.title}” stands on the rows of this file: {AGAIN}.",
        "“Kickoff session held” is done on the rows of this file: reopen it with the reason first.",
    ]
    assert all(place.url for place in refusal.value.places)
    # Each place is tested again or reopened: then the import goes, and what was proved by it says so.
    later = services.Proof(text="The export of the day after, sent by mail.")
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        call(agreed, line, proof=later)
        log(agreed, proof=later)
        with as_person(agreed, agreed.supervisor):
            services.record_check(
                check=check, by=agreed.seat(agreed.supervisor), passed=True, note="", proof=later
            )
        with as_person(agreed, agreed.campaign_manager):
            services.reopen_milestone(milestone=kickoff, by=by, reason="The file was of another campaign.")
        remove(agreed, batch)
    with as_person(agreed, agreed.client_lead):
        assert {piece.taken_back for piece in Evidence.objects.filter(imported=batch.public_id)} == {True}
        assert {piece.taken_back for piece in Evidence.objects.filter(imported=None)} == {False}
    with pytest.raises(Refused, match="is being changed or was removed"):
        call(agreed, line, proof=rows)


def test_what_a_passed_gate_was_signed_on_stays(agreed: Cast) -> None:
    batch = imported(agreed)
    call(agreed, add(agreed), proof=services.DatedProof(rows=batch))
    with backstage():
        Engagement.objects.filter(pk=agreed.engagement.pk).update(passed_day=10)
    with pytest.raises(InUse, match="and its gate has passed on them: they stay"):
        remove(agreed, batch)


def test_tests_are_never_changed(agreed: Cast) -> None:
    call(agreed, add(agreed))
    log(agreed)
    with as_person(agreed, agreed.client_lead):
        for rows in (TransferTest.objects, LeadTest.objects):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(note="better")
