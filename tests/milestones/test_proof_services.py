"""Milestones and checks are settled with proof, by the side that owes them, in the order that the rules demand."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from accounts.models import TrailEntry
from accounts.roles import Side
from common.errors import Refused
from milestones import services
from milestones.models import CheckResult, Evidence, Gate, Milestone, ReadinessCheck
from milestones.selectors.check_results import check_result
from milestones.selectors.standing import standing_of
from milestones.services.evidence import Proof, file_of
from milestones.services.refusal import Blocked
from tests.factories import Cast
from tests.milestones.scene import (
    NOTE,
    as_person,
    brief_signed,
    finish_milestones,
    locked,
    on_day,
    pass_checks,
    planned,
)

PDF = b"%PDF-1.7\n%test\n"


def complete(cast: Cast, code: str, proof: Proof = NOTE, user: object = None) -> Milestone:
    user = user or cast.campaign_manager
    with as_person(cast, user):
        return services.complete_milestone(
            milestone=Milestone.objects.get(code=code), by=cast.seat(user), proof=proof
        )


def test_a_milestone_is_completed_with_its_evidence_and_leaves_a_line_in_the_trail(cast: Cast) -> None:
    planned(cast)
    with on_day(1):
        done = complete(cast, "kickoff", Proof(text=" Minutes filed. ", url="https://example.org/minutes"))
    assert (done.done_on, done.done_by) == (cast.engagement.kickoff_on, cast.campaign_manager)
    with as_person(cast, cast.client_lead):
        assert [str(piece) for piece in done.evidence.all()] == [
            "Minutes filed.",
            "https://example.org/minutes",
        ]
        assert TrailEntry.objects.first().action == "milestone.completed"


def test_without_evidence_a_milestone_stays_open(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="Evidence is missing"):
        complete(cast, "kickoff", Proof(text="   "))
    with as_person(cast, cast.client_lead):
        assert Milestone.objects.get(code="kickoff").done_on is None


def test_a_sentence_without_words_proves_nothing(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="at least 3 letters or digits"):
        complete(cast, "kickoff", Proof(text="\u200b.", url="https://example.org/minutes"))
    with as_person(cast, cast.client_lead):
        assert Milestone.objects.get(code="kickoff").done_on is None


def test_a_milestone_is_completed_once(cast: Cast) -> None:
    planned(cast)
    complete(cast, "kickoff")
    with pytest.raises(Refused, match="is done already"):
        complete(cast, "kickoff")
    with as_person(cast, cast.client_lead):
        assert Evidence.objects.count() == 1


@pytest.mark.parametrize("sides", [(), (Side.CLIENT,), (Side.OPERATOR,)])
def test_an_unsigned_brief_blocks_technical_milestones(cast: Cast, sides: tuple[Side, ...]) -> None:
    planned(cast)
    if sides:
        brief_signed(cast, sides)
    pass_checks(cast)
    with pytest.raises(Blocked, match="before both sides have signed the campaign brief"):
        complete(cast, "crm-link")


def test_a_signed_brief_opens_technical_milestones(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    pass_checks(cast)
    finish_milestones(cast, "day-10", but=("crm-link",))
    assert complete(cast, "crm-link").done_on


def test_a_technical_milestone_waits_for_its_checks(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    pass_checks(cast, but=("crm-real-lead",))
    with pytest.raises(Refused, match="“A real lead creates a correct record” is not passed yet"):
        complete(cast, "crm-link")


def test_signed_and_locked_milestones_cannot_be_claimed(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="Both sides have to sign the campaign brief first"):
        complete(cast, "brief-signed", user=cast.client_lead)
    with pytest.raises(Refused, match="Both sides have to lock the timeline first"):
        complete(cast, "timeline-locked")


def test_work_after_a_gate_waits_for_the_gate(cast: Cast) -> None:
    locked(cast)
    with on_day(12), pytest.raises(Refused, match="The gate “Launch clearance” has not passed"):
        complete(cast, "first-dials")


def test_a_side_completes_only_its_own_milestones(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="somebody of the operator completes it"):
        complete(cast, "kickoff", user=cast.client_lead)


def test_people_without_a_role_complete_nothing(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="may not complete milestones"):
        complete(cast, "crm-access", user=cast.client_leader)


def test_a_file_is_kept_under_a_name_that_the_server_makes(cast: Cast, files_root: Path) -> None:
    planned(cast)
    complete(cast, "kickoff", Proof(file=SimpleUploadedFile("../../Minutes.PDF", PDF, "text/html")))
    with as_person(cast, cast.client_lead):
        piece = Evidence.objects.get()
    assert (piece.file_name, piece.content_type, piece.size) == ("Minutes.PDF", "application/pdf", len(PDF))
    assert piece.path == f"evidence/{cast.engagement.public_id}/{piece.sha256}.pdf"
    assert file_of(piece).read_bytes() == PDF
    assert [path.name for path in files_root.rglob("*") if path.is_file()] == [f"{piece.sha256}.pdf"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.html", b"<script>", "is of a kind that is not taken"),
        ("minutes.pdf", b"<html>", "is not a PDF, whatever its name says"),
        ("leads.csv", b"a,b\x00", "is not a CSV table"),
        ("minutes.pdf", b"", "is empty"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(
    cast: Cast, files_root: Path, name: str, content: bytes, reason: str
) -> None:
    planned(cast)
    with pytest.raises(Refused, match=reason):
        complete(cast, "kickoff", Proof(text="Minutes", file=SimpleUploadedFile(name, content)))
    with as_person(cast, cast.client_lead):
        assert not Evidence.objects.exists()
        assert Milestone.objects.get(code="kickoff").done_on is None
    assert not list(files_root.rglob("*.*"))


def test_files_have_a_quota_per_engagement(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(cast)
    monkeypatch.setattr("common.uploads.QUOTA_BYTES", 20)
    complete(cast, "kickoff", Proof(file=SimpleUploadedFile("a.pdf", PDF)))
    with pytest.raises(Refused, match="The files of this engagement would exceed"):
        complete(cast, "teams", Proof(file=SimpleUploadedFile("b.pdf", PDF)))


def record(cast: Cast, code: str, passed: bool, note: str = "", user: object = None) -> CheckResult:
    user = user or cast.supervisor
    with as_person(cast, user):
        return services.record_check(
            check=ReadinessCheck.objects.get(code=code), by=cast.seat(user), passed=passed, note=note,
            proof=NOTE if passed else Proof(),
        )  # fmt: skip


def test_a_failed_check_stays_beside_its_re_test(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    record(cast, "dialer-routing", passed=False, note="Route 2 rings forever.")
    record(cast, "dialer-routing", passed=True)
    with as_person(cast, cast.client_lead):
        check = next(c for c in standing_of(cast.engagement).checks if c.code == "dialer-routing")
        assert [(r.passed, r.tester_name) for r in check.results.all()] == [
            (True, "Sam Okafor"), (False, "Sam Okafor"),
        ]  # fmt: skip
        assert check_result(standing_of(cast.engagement), check) == "passed"
        assert [entry.action for entry in TrailEntry.objects.all()[:2]] == ["check.passed", "check.failed"]


def test_the_same_result_sent_twice_is_one_test(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    with on_day(6):
        first = record(cast, "dialer-routing", passed=False, note="Route 2 rings forever.")
        assert record(cast, "dialer-routing", passed=False, note="Route 2 rings forever.") == first
    with on_day(6, hour=11):
        assert record(cast, "dialer-routing", passed=False, note="Route 2 rings forever.") != first


def test_a_check_that_fails_again_is_failed(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    record(cast, "dialer-routing", passed=True)
    record(cast, "dialer-routing", passed=False, note="Route 2 rings forever.")
    with as_person(cast, cast.client_lead):
        check = next(c for c in standing_of(cast.engagement).checks if c.code == "dialer-routing")
        assert check_result(standing_of(cast.engagement), check) == "failed"


def test_technical_checks_wait_for_the_signed_brief(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="before both sides have signed the campaign brief"):
        record(cast, "dialer-routing", passed=True)


def test_a_failed_check_says_what_failed(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    with pytest.raises(Refused, match="Say what failed"):
        record(cast, "dialer-routing", passed=False)


def test_the_other_side_does_not_test_for_one(cast: Cast) -> None:
    planned(cast)
    brief_signed(cast)
    with pytest.raises(Refused, match="somebody of the client tests it"):
        record(cast, "client-login", passed=True)


@pytest.mark.parametrize("model", [CheckResult, Evidence])
def test_results_and_evidence_are_never_changed(
    cast: Cast, model: type[CheckResult] | type[Evidence]
) -> None:
    planned(cast)
    brief_signed(cast)
    record(cast, "dialer-routing", passed=True)
    with as_person(cast, cast.client_lead):
        field = {"note": "x"} if model is CheckResult else {"text": "x"}
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**field)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
        assert Gate.objects.exists()
