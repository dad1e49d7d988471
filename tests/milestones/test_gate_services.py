"""A gate is passed by both sides' signatures under one current document, and by nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import TrailEntry, User
from common.errors import Refused
from engagements.models import Engagement, Participant
from milestones import playbook, services
from milestones.models import CheckResult, Gate, Milestone, ReadinessCheck, SignOff
from milestones.selectors.gate_standing import conditions_of, gate_standing
from milestones.selectors.gates import gate_facts
from milestones.selectors.standing import standing_of
from milestones.services.refusal import Blocked
from tests.factories import Cast
from tests.milestones.scene import (
    as_person,
    brief_signed,
    finish_milestones,
    gate_of,
    locked,
    on_day,
    pass_checks,
    planned,
    present,
    ready_for_day_10,
    roster_cleared,
)
from tests.stage import backstage


@pytest.fixture(autouse=True)
def _day_10() -> Iterator[None]:
    with on_day(10):
        yield


def sign(cast: Cast, user: User, code: str = "day-10", seen: str | None = None) -> Gate:
    with as_person(cast, user):
        gate = gate_of(cast, code)
        seen = gate.document_sha256 if seen is None else seen
        return services.sign_off(gate=gate, by=cast.seat(user), seen=seen)


def refusal(cast: Cast, user: User, code: str = "day-10", seen: str | None = None) -> list[str]:
    with pytest.raises(Refused) as refused:
        sign(cast, user, code, seen)
    return refused.value.reasons


def test_the_second_signature_passes_the_gate(cast: Cast) -> None:
    ready_for_day_10(cast)
    assert sign(cast, cast.client_lead).passed_at is None
    gate = sign(cast, cast.campaign_manager)
    assert gate.passed_at is not None
    with backstage():
        assert Engagement.objects.get(pk=cast.engagement.pk).cleared
    with as_person(cast, cast.client_lead):
        assert [(s.side, s.content_hash) for s in gate.sign_offs.all()] == [
            ("client", gate.document_sha256), ("operator", gate.document_sha256),
        ]  # fmt: skip
        newest = list(TrailEntry.objects.values_list("action", flat=True)[:4])
        assert newest == ["reviews.planned", "gate.passed", "gate.signed", "gate.signed"]


def test_an_open_gate_is_refused_with_every_reason(cast: Cast) -> None:
    planned(cast)
    reasons = refusal(cast, cast.client_lead)
    assert "The client has not locked the timeline." in reasons
    assert "There is no campaign brief yet." in reasons
    assert "The day-10 launch clearance has not been made." in reasons
    todos = {spec.todo for spec in playbook.load(playbook.USUAL).milestones}
    assert sum(reason.rsplit(" (", 1)[0] in todos for reason in reasons) == 21
    assert sum(reason.startswith("Check “") for reason in reasons) == 20


def test_one_open_item_is_enough(cast: Cast) -> None:
    locked(cast)
    brief_signed(cast)
    roster_cleared(cast)
    pass_checks(cast, but=("dialer-routing",))
    finish_milestones(cast, "day-10", but=("script-review",))
    present(cast)
    assert refusal(cast, cast.client_lead) == [
        "Review the script (Clara Lind).",
        "Check “Calls are routed as agreed” has not been tested (Sam Okafor).",
    ]


def test_a_failed_re_test_shuts_the_gate_again(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    with as_person(cast, cast.supervisor):
        check = ReadinessCheck.objects.get(code="dialer-routing")
        services.record_check(
            check=check,
            by=cast.seat(cast.supervisor),
            passed=False,
            note="Line 2 is dead.",
            proof=services.Proof(),
        )
    assert refusal(cast, cast.campaign_manager) == [
        "Check “Calls are routed as agreed” has failed and was not passed since (Sam Okafor).",
        "Version 1 of the day-10 launch clearance is older than the facts: make it again.",
    ]


def test_a_side_signs_a_version_once(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    assert refusal(cast, cast.client_lead) == ["The client has signed this version already."]


def test_only_the_named_signers_sign(cast: Cast) -> None:
    ready_for_day_10(cast)
    for user in (cast.supervisor, cast.qa_lead, cast.closer_lead, cast.client_leader, cast.operator_leader):
        assert refusal(cast, user) == [f"{user} may not sign gates here."]


def test_a_signature_on_a_stale_page_is_refused(cast: Cast) -> None:
    first = ready_for_day_10(cast).document_sha256
    present(cast, version=2)
    assert refusal(cast, cast.client_lead, seen=first) == [
        "The report has changed since this page was opened. Read the new version, then sign."
    ]


def test_signatures_under_an_earlier_version_do_not_count(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    present(cast, version=2)
    assert sign(cast, cast.campaign_manager).passed_at is None
    assert sign(cast, cast.client_lead).passed_at is not None


def test_an_older_version_never_takes_the_place_of_a_newer(cast: Cast) -> None:
    ready_for_day_10(cast)
    newer = present(cast, version=3).document_sha256
    assert present(cast, version=2).document_sha256 == newer


def test_a_passed_gate_takes_no_signature_and_no_document(cast: Cast) -> None:
    ready_for_day_10(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        gate = sign(cast, user)
    assert refusal(cast, cast.client_lead) == ["The gate “Launch clearance” has passed already."]
    assert present(cast, version=9).document_sha256 == gate.document_sha256


def test_a_passed_gate_closes_the_record_of_its_phase(cast: Cast) -> None:
    ready_for_day_10(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        sign(cast, user)
    with as_person(cast, cast.supervisor), pytest.raises(Refused, match="its record cannot change"):
        services.record_check(
            check=ReadinessCheck.objects.get(code="dialer-routing"), by=cast.seat(cast.supervisor),
            passed=True, note="Again", proof=services.Proof(text="Again"),
        )  # fmt: skip


def test_once_the_launch_date_has_come_it_has_to_move_first(cast: Cast) -> None:
    ready_for_day_10(cast)
    with on_day(11):
        (reason,) = refusal(cast, cast.client_lead)
    assert reason.startswith("Day 10 has passed and the launch stood at Thu 12 Mar: move the launch date")


def test_later_gates_wait_for_the_earlier_ones(cast: Cast) -> None:
    ready_for_day_10(cast)
    with on_day(30):
        reasons = refusal(cast, cast.client_lead, "day-30")
    assert reasons[0] == "The gate before this one, “Launch clearance”, has not passed."
    assert "The baseline of days 11 to 30 is not frozen." in reasons


def test_the_database_refuses_a_gate_that_was_passed_by_hand(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    with as_person(cast, cast.client_lead):
        for change in (
            {"passed_at": "2026-03-11T10:00Z"},
            {"passed_at": "2026-03-11T10:00Z", "document_sha256": ""},
        ):
            with pytest.raises(DatabaseError, match="lacks a signature"), transaction.atomic():
                Gate.objects.filter(code="day-10").update(**change)


def test_signatures_are_never_changed(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    with as_person(cast, cast.client_lead):
        with pytest.raises(DatabaseError), transaction.atomic():
            SignOff.objects.update(content_hash="0" * 64)
        with pytest.raises(DatabaseError), transaction.atomic():
            SignOff.objects.all().delete()


def test_facts_carry_owner_and_target_of_what_is_open(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead):
        facts = gate_facts(cast.engagement, gate_of(cast, "day-10"))
        item = Milestone.objects.get(code="script-review")
        fact = next(m for m in facts.milestones if m.code == "script-review")
        assert (fact.owner, fact.side, fact.target) == ("Clara Lind", "client", str(item.public_id))
        assert Participant.objects.get(user=cast.client_lead).name == fact.owner
        assert not CheckResult.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_signers_at_the_same_instant_pass_the_gate_once(cast: Cast) -> None:
    ready_for_day_10(cast)

    def attempt(user: User) -> str:
        try:
            return "passed" if sign(cast, user).passed_at else "signed"
        except Blocked as blocked:
            return blocked.reasons[0]
        finally:
            connection.close()

    signers = [cast.client_lead, cast.campaign_manager] * 15
    with ThreadPoolExecutor(max_workers=8) as pool:
        outcomes = list(pool.map(attempt, signers))
    assert outcomes.count("passed") == 1
    assert outcomes.count("signed") == 1
    with as_person(cast, cast.client_lead):
        assert SignOff.objects.count() == 2
        assert TrailEntry.objects.filter(action="gate.passed").count() == 1
        assert gate_of(cast, "day-10").passed_at


def test_a_passed_gate_says_what_was_recorded_when_it_passed(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    with as_person(cast, cast.campaign_manager):
        before = gate_standing(standing_of(cast.engagement), gate_of(cast, "day-10")).conditions
    sign(cast, cast.campaign_manager)
    with backstage():
        Participant.objects.filter(engagement=cast.engagement).update(name="Somebody later")
    with as_person(cast, cast.campaign_manager):
        after = gate_standing(standing_of(cast.engagement), gate_of(cast, "day-10")).conditions
    assert after == before
    assert "Somebody later" not in str(after)


def test_what_cannot_be_judged_any_more_says_nothing_of_a_passed_gate(cast: Cast) -> None:
    ready_for_day_10(cast)
    with as_person(cast, cast.campaign_manager):
        gate = gate_of(cast, "day-60")
        now = replace(gate_facts(cast.engagement, gate), unjudged=("Show rate",), passed=True)
    told = {
        "code": "findings",
        "title": "Each metric",
        "proof": "No metric is below target",
        "owner": "the operator",
    }
    gate.passed_at, gate.passed_on_conditions = timezone.now(), [told]
    assert [c.proof for c in conditions_of(now, gate)] == ["No metric is below target"]
    gate.passed_on_conditions = []
    assert any("too little data to judge Show rate" in c.proof for c in conditions_of(now, gate))
