"""Hold, decline, send back, ask to sign: what signers do about a gate besides signing, and what comes of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership, TrailEntry, User
from common import clock
from common.errors import Refused
from engagements.masks import full_mask
from engagements.models import Agent, Participant
from engagements.services import mask_agents
from engagements.services.agents import end_agent
from milestones import services
from milestones.models import Gate, GateEvent, ReadinessCheck, SignOff
from milestones.selectors.gates import gate_facts
from milestones.selectors.standing import standing_of
from tenancy.models import Job
from tests.factories import Cast
from tests.milestones.scene import (
    CALENDAR,
    as_person,
    gate_of,
    on_day,
    present,
    ready_for_day_10,
    roster_cleared,
)
from tests.stage import backstage

WHY = "The routing of Boston is not proved."
LINK = "https://tollgate.example/gate/"


@pytest.fixture(autouse=True)
def _day_8() -> Iterator[None]:
    with on_day(8):
        yield


def do(cast: Cast, user: User, service: Callable[..., Any], **details: Any) -> Any:
    """One service as this person; a Refused comes through."""
    with as_person(cast, user):
        gate = gate_of(cast, details.pop("code", "day-10"))
        return service(gate=gate, by=cast.seat(user), **details)


def refusal(cast: Cast, user: User, service: Callable[..., Any], **details: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        do(cast, user, service, **details)
    return refused.value.reasons


def sign(cast: Cast, user: User) -> Gate:
    with as_person(cast, user):
        gate = gate_of(cast, "day-10")
        return services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)


def refused_to_sign(cast: Cast, user: User) -> list[str]:
    with pytest.raises(Refused) as refused:
        sign(cast, user)
    return refused.value.reasons


def seen(cast: Cast) -> str:
    with backstage():
        return gate_of(cast, "day-10").document_sha256


def fail_a_check(cast: Cast, *, passed: bool = False) -> None:
    with as_person(cast, cast.supervisor):
        services.record_check(
            check=ReadinessCheck.objects.get(code="dialer-routing"), by=cast.seat(cast.supervisor), passed=passed,
            note="Route 2 is dead." if not passed else "All routes connect.", proof=services.Proof(),
        )  # fmt: skip


def test_while_a_side_holds_the_gate_nobody_signs(cast: Cast) -> None:
    ready_for_day_10(cast)
    until = CALENDAR.date_of(10)
    do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=until)
    held = f"The client has paused this gate until Wed 11 Mar (Clara Lind): “{WHY}”"
    for user in (cast.client_lead, cast.campaign_manager):
        assert refused_to_sign(cast, user) == [held]
    with as_person(cast, cast.client_lead):
        standing = standing_of(cast.engagement)
        assert standing.gate_state(standing.gates[0]) == "held"
        assert TrailEntry.objects.first().action == "gate.hold"


def test_a_hold_ends_on_its_day(cast: Cast) -> None:
    ready_for_day_10(cast)
    do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(9))
    with on_day(9):
        assert sign(cast, cast.campaign_manager).passed_at is None
        assert sign(cast, cast.client_lead).passed_at


def test_the_side_that_holds_ends_it_and_the_other_cannot(cast: Cast) -> None:
    ready_for_day_10(cast)
    assert refusal(cast, cast.client_lead, services.release_gate) == [
        "Nobody has paused this gate: there is nothing to end."
    ]
    do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(10))
    assert refusal(cast, cast.campaign_manager, services.release_gate) == [
        "The client has paused this gate: a signer of the client ends that, or its day does."
    ]
    do(cast, cast.client_lead, services.release_gate)
    sign(cast, cast.campaign_manager)
    with backstage():
        assert list(GateEvent.objects.values_list("kind", flat=True)) == ["hold", "release"]


def test_both_sides_may_hold_and_each_ends_its_own(cast: Cast) -> None:
    ready_for_day_10(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        do(cast, user, services.hold_gate, reason=WHY, until=CALENDAR.date_of(10))
    do(cast, cast.client_lead, services.release_gate)
    assert [reason[:12] for reason in refused_to_sign(cast, cast.client_lead)] == ["The operator"]


@pytest.mark.parametrize(
    ("reason", "until", "words"),
    [
        ("", date(2026, 3, 11), "Say in a sentence why the gate is paused"),
        (". . . . . . . . .", date(2026, 3, 11), "Say it in words"),
        (WHY, date(2026, 3, 9), "must lie ahead"),
        (WHY, date(2027, 3, 9), "at the latest"),
    ],
)
def test_a_hold_needs_a_reason_and_a_day_ahead(cast: Cast, reason: str, until: date, words: str) -> None:
    ready_for_day_10(cast)
    (said,) = refusal(cast, cast.client_lead, services.hold_gate, reason=reason, until=until)
    assert words in said


def test_only_signers_hold_decline_and_send_back(cast: Cast) -> None:
    ready_for_day_10(cast)
    for service, details in (
        (services.hold_gate, {"reason": WHY, "until": CALENDAR.date_of(10)}),
        (services.decline_gate, {"seen": seen(cast), "reason": WHY}),
        (services.send_back, {"seen": seen(cast), "reason": WHY}),
        (services.request_signatures, {"seen": seen(cast), "link": LINK}),
    ):
        for user in (cast.supervisor, cast.closer_lead, cast.client_leader):
            assert refusal(cast, user, service, **details) == [f"{user} may not sign gates here."]


def test_the_same_hold_sent_twice_is_one(cast: Cast) -> None:
    ready_for_day_10(cast)
    for _ in range(2):
        do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(10))
    with backstage():
        assert GateEvent.objects.count() == 1


def test_a_declined_gate_cannot_pass_until_a_new_version(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.campaign_manager)
    do(cast, cast.client_lead, services.decline_gate, seen=seen(cast), reason=WHY)
    said = f"The client has declined version 1 (Clara Lind): “{WHY}”"
    assert refused_to_sign(cast, cast.client_lead)[0].startswith(said)
    assert refusal(cast, cast.client_lead, services.decline_gate, seen=seen(cast), reason=WHY) == [
        "The client has declined version 1 already."
    ]
    present(cast, version=2)
    sign(cast, cast.client_lead)
    assert sign(cast, cast.campaign_manager).passed_at


def test_a_decline_is_taken_back_by_its_side_only(cast: Cast) -> None:
    ready_for_day_10(cast)
    do(cast, cast.client_lead, services.decline_gate, seen=seen(cast), reason=WHY)
    assert refusal(cast, cast.campaign_manager, services.take_back_decline) == [
        "The operator has not declined the version on the table."
    ]
    do(cast, cast.client_lead, services.take_back_decline)
    sign(cast, cast.client_lead)
    assert sign(cast, cast.campaign_manager).passed_at


def test_what_one_has_signed_is_not_declined_but_sent_back(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    assert refusal(cast, cast.client_lead, services.decline_gate, seen=seen(cast), reason=WHY) == [
        "The client has signed version 1: send the gate back instead."
    ]


@pytest.mark.parametrize("service", [services.decline_gate, services.send_back])
def test_a_stale_page_answers_nothing(cast: Cast, service: Callable[..., Any]) -> None:
    ready_for_day_10(cast)
    old = seen(cast)
    present(cast, version=2)
    assert refusal(cast, cast.client_lead, service, seen=old, reason=WHY) == [
        "The report has changed since this page was opened. Read the new version first."
    ]


def test_a_gate_sent_back_needs_a_new_report(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    do(cast, cast.campaign_manager, services.send_back, seen=seen(cast), reason=WHY)
    back = f"Version 1 of the day-10 launch clearance was sent back: {WHY} Make it again."
    assert refused_to_sign(cast, cast.campaign_manager) == [back]
    assert refusal(cast, cast.campaign_manager, services.send_back, seen=seen(cast), reason=WHY) == [
        "Version 1 was sent back already, on Mon 9 Mar."
    ]
    present(cast, version=2)
    sign(cast, cast.campaign_manager)
    assert sign(cast, cast.client_lead).passed_at


def test_an_item_that_opens_sends_a_signed_gate_back_to_work_for_good(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    fail_a_check(cast)
    with backstage():
        event = GateEvent.objects.get()
        assert (event.kind, event.name, event.side) == ("recycle", "Sam Okafor", "operator")
        assert event.text == (
            "Check “Calls are routed as agreed” has failed and was not passed since (Sam Okafor)."
        )
    # The facts turn back to what they were, the client's signature does not.
    fail_a_check(cast, passed=True)
    assert refused_to_sign(cast, cast.campaign_manager)[0].startswith(
        "Version 1 of the day-10 launch clearance"
    )
    present(cast, version=2)
    assert sign(cast, cast.campaign_manager).passed_at is None


def test_a_gate_without_signatures_is_not_sent_back_by_itself(cast: Cast) -> None:
    ready_for_day_10(cast)
    fail_a_check(cast)
    with backstage():
        assert not GateEvent.objects.exists()


def test_a_change_that_opens_nothing_says_whose_act_it_was(cast: Cast) -> None:
    ready_for_day_10(cast)
    sign(cast, cast.client_lead)
    with on_day(10), as_person(cast, cast.campaign_manager):
        services.move_launch(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), side="operator",
            launch=CALENDAR.launch + timedelta(days=7), reason="The dialer is not there yet.",
        )  # fmt: skip
    with backstage():
        assert GateEvent.objects.get().text == "Mara Voss moved the launch date: The dialer is not there yet."


def test_the_other_sides_signers_are_asked_once_a_day(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    ready_for_day_10(cast)
    ask = {"seen": seen(cast), "link": LINK}
    (asked,) = do(cast, cast.campaign_manager, services.request_signatures, **ask)
    assert refusal(cast, cast.campaign_manager, services.request_signatures, **ask) == [
        "Clara Lind was asked about this version less than a day ago."
    ]
    assert run_jobs() == ["done"]
    (letter,) = mail.outbox
    assert letter.to == ["clara@example.org"]
    assert (
        "Mara Voss of Northline Calling asks you to sign the gate “Launch clearance” (day 10)" in letter.body
    )
    assert LINK in letter.body
    with on_day(9, hour=11):
        assert len(do(cast, cast.campaign_manager, services.request_signatures, **ask)) == 1
    with backstage():
        assert asked.person.name == "Clara Lind"


def test_a_mail_host_that_is_down_loses_no_request(
    cast: Cast, run_jobs: Callable[[], list[str]], settings: Any
) -> None:
    ready_for_day_10(cast)
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 9},
        }
    }  # fmt: skip
    do(cast, cast.campaign_manager, services.request_signatures, seen=seen(cast), link=LINK)
    assert run_jobs() == ["queued"]
    assert run_jobs() == ["None"]  # not before its time
    with backstage():
        assert "is tried again" in Job.objects.get().error
    with on_day(8, hour=11):
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
        assert run_jobs() == ["done"]
    assert len(mail.outbox) == 1


def test_nobody_is_asked_while_something_is_open_or_nobody_is_there(cast: Cast) -> None:
    ready_for_day_10(cast)
    with backstage():
        Participant.objects.filter(user=cast.client_lead).update(ended_at="2026-03-09T10:00Z")
    fail_a_check(cast)
    assert refusal(cast, cast.campaign_manager, services.request_signatures, seen=seen(cast), link=LINK) == [
        "2 items are still open.",
        "Nobody can sign for the client: it has no client lead on the team.",
    ]


def passed(cast: Cast) -> None:
    ready_for_day_10(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        sign(cast, user)


def test_what_is_found_after_a_gate_opens_for_the_next_and_unpasses_nothing(cast: Cast) -> None:
    ready_for_day_10(cast)
    assert refusal(cast, cast.supervisor, services.note_found, text=WHY) == [
        "The gate “Launch clearance” has not passed: send it back instead."
    ]
    for user in (cast.client_lead, cast.campaign_manager):
        sign(cast, user)
    found = do(cast, cast.supervisor, services.note_found, text=WHY)
    assert do(cast, cast.supervisor, services.note_found, text=WHY) == found
    with as_person(cast, cast.client_lead):
        assert gate_of(cast, "day-10").passed_at
        (item,) = gate_facts(cast.engagement, gate_of(cast, "day-30")).carried
        assert (item.text, item.by, item.settled) == (WHY, "Sam Okafor", False)
        services.settle_found(found=found, by=cast.seat(cast.client_lead), text="Boston was tested on day 9.")
        (item,) = gate_facts(cast.engagement, gate_of(cast, "day-30")).carried
        assert item.settled
        with pytest.raises(Refused, match="settled already"):
            services.settle_found(
                found=found, by=cast.seat(cast.client_lead), text="Boston was tested twice."
            )


def test_a_passed_gate_is_neither_held_nor_declined_nor_sent_back(cast: Cast) -> None:
    passed(cast)
    for service, details in (
        (services.hold_gate, {"reason": WHY, "until": CALENDAR.date_of(10)}),
        (services.decline_gate, {"seen": seen(cast), "reason": WHY}),
        (services.send_back, {"seen": seen(cast), "reason": WHY}),
        (services.request_signatures, {"seen": seen(cast), "link": LINK}),
    ):
        assert refusal(cast, cast.client_lead, service, **details) == [
            "The gate “Launch clearance” has passed already."
        ]


def test_what_happened_is_never_changed_and_written_in_ones_own_name(cast: Cast) -> None:
    ready_for_day_10(cast)
    do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(10))
    with as_person(cast, cast.client_lead):
        with pytest.raises(DatabaseError), transaction.atomic():
            GateEvent.objects.update(until=CALENDAR.date_of(9))
        forged = GateEvent.objects.get()
        forged.pk, forged.public_id, forged.user, forged.side = None, None, cast.campaign_manager, "operator"
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["hold", "decline"])
def test_a_signature_and_what_stops_it_at_the_same_instant(cast: Cast, verb: str) -> None:
    """Either the gate passes and the other is refused, or the other comes first and nobody signs."""
    ready_for_day_10(cast)
    sign(cast, cast.campaign_manager)
    table = seen(cast)
    stop: dict[str, Callable[[], object]] = {
        "hold": lambda: do(
            cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(10)
        ),
        "decline": lambda: do(cast, cast.client_lead, services.decline_gate, seen=table, reason=WHY),
    }

    def attempt(act: Callable[[], object]) -> str:
        try:
            act()
        except Refused as refused:
            return refused.reasons[0]
        finally:
            connection.close()
        return "done"

    acts = [lambda: sign(cast, cast.client_lead), stop[verb]] * 6
    with ThreadPoolExecutor(max_workers=6) as pool:
        outcomes = list(pool.map(attempt, acts))
    with backstage():
        gate, events, signatures = gate_of(cast, "day-10"), GateEvent.objects.count(), SignOff.objects.count()
    if gate.passed_at:
        assert (events, signatures) == (0, 2)
    else:
        assert (events, signatures) == (1, 1)
    assert outcomes.count("done") in ((1,) if verb == "decline" or gate.passed_at else (6,))


def test_why_a_signed_gate_went_back_names_agents_as_both_sides_read_them(cast: Cast) -> None:
    roster_cleared(cast, "maria.quokka")
    ready_for_day_10(cast)
    with as_person(cast, cast.campaign_manager):
        mask_agents(engagement=cast.engagement, by=cast.seat(cast.campaign_manager), masked=True)
    with backstage():
        cast.engagement.refresh_from_db()
    present(cast, version=2)
    sign(cast, cast.client_lead)
    with as_person(cast, cast.supervisor):
        gone = Agent.objects.get(name="maria.quokka")
        end_agent(agent=gone, by=cast.seat(cast.supervisor), left_on=CALENDAR.date_of(7))
    with backstage():
        [event] = GateEvent.objects.all()
        number = full_mask(cast.engagement).of(gone)
    assert event.text == f"Sam Okafor took {number} off the roster"


@pytest.mark.parametrize("table", [Membership, Participant])
def test_nobody_who_has_left_is_mailed_to_sign(
    cast: Cast, run_jobs: Callable[[], list[str]], table: type[Membership | Participant]
) -> None:
    ready_for_day_10(cast)
    do(cast, cast.campaign_manager, services.request_signatures, seen=seen(cast), link=LINK)
    with backstage():
        table.objects.filter(user=cast.client_lead).update(ended_at=clock.now())
    assert run_jobs()[-1] == "done"
    assert not [message for message in mail.outbox if "sign" in message.subject]


def passed_by_hand(cast: Cast, day: int, said: str | None) -> None:
    """Code that asks no rule passes the gate; with a reason `said` the database refuses it."""
    with backstage():
        gate = gate_of(cast, "day-10")
        for side, user in (("client", cast.client_lead), ("operator", cast.campaign_manager)):
            SignOff.objects.get_or_create(
                engagement=cast.engagement, gate=gate, side=side, content_hash=gate.document_sha256,
                defaults={
                    "user": user, "name": user.name, "organisation_name": "x", "signed_at": clock.now(), "consent": "x",
                },
            )  # fmt: skip
        with on_day(day), transaction.atomic():
            change = Gate.objects.filter(pk=gate.pk)
            if said:
                with pytest.raises(DatabaseError, match=said), transaction.atomic():
                    change.update(passed_at=clock.now())
            else:
                assert change.update(passed_at=clock.now()) == 1


def test_the_database_passes_no_gate_that_a_side_holds(cast: Cast) -> None:
    ready_for_day_10(cast)
    do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(11))
    passed_by_hand(cast, 8, "gate day-10 is on hold")
    passed_by_hand(cast, 10, "gate day-10 is on hold")
    passed_by_hand(cast, 11, None)


def test_the_database_passes_no_gate_on_a_declined_report(cast: Cast) -> None:
    ready_for_day_10(cast)
    do(cast, cast.client_lead, services.decline_gate, seen=seen(cast), reason=WHY)
    passed_by_hand(cast, 8, "the report of gate day-10 is declined")
    do(cast, cast.client_lead, services.take_back_decline)
    passed_by_hand(cast, 8, None)


def test_a_hold_that_was_ended_keeps_no_gate(cast: Cast) -> None:
    ready_for_day_10(cast)
    do(cast, cast.client_lead, services.hold_gate, reason=WHY, until=CALENDAR.date_of(12))
    do(cast, cast.client_lead, services.release_gate)
    passed_by_hand(cast, 9, None)
