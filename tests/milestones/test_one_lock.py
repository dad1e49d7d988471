"""Whoever changes the facts of an engagement waits for whoever judges by them, on two real connections."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import timedelta
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import ParticipantRole, Permission
from accounts.seat import Seat
from common.errors import Refused
from engagements import services as engagements
from engagements.models import CampaignBrief, Engagement, Participant
from engagements.rules import BriefContent
from milestones import services
from milestones.models import CheckResult, Gate, ReadinessCheck, SignOff
from tests.briefs import whole_brief
from tests.factories import Cast
from tests.milestones.scene import CALENDAR, as_person, gate_of, locked, on_day, ready_for_day_10
from tests.stage import backstage

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 0.4


@pytest.fixture(autouse=True)
def _day_10() -> Iterator[None]:
    with on_day(10):
        yield


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=2) as threads:
        yield threads


def start(pool: ThreadPoolExecutor, cast: Cast, user: User, act: Callable[[Seat], Any]) -> Future[str]:
    """Do something as a person on a connection of its own; tells "done" or the first reason."""

    def run() -> str:
        try:
            with as_person(cast, user):
                act(cast.seat(user))
            return "done"
        except Refused as refused:
            return refused.reasons[0]
        finally:
            connection.close()

    return pool.submit(run)


def waits(future: Future[str]) -> bool:
    try:
        future.result(timeout=A_MOMENT)
    except StillWaiting:
        return True
    return False


def sign(cast: Cast) -> Callable[[Seat], Gate]:
    def act(seat: Seat) -> Gate:
        gate = gate_of(cast, "day-10")
        return services.sign_off(gate=gate, by=seat, seen=gate.document_sha256)

    return act


def test_a_failed_test_and_the_last_signature_wait_for_each_other(
    cast: Cast, pool: ThreadPoolExecutor
) -> None:
    ready_for_day_10(cast)

    def fail(seat: Seat) -> None:
        check = ReadinessCheck.objects.get(code="dialer-routing")
        services.record_check(
            check=check, by=seat, passed=False, note="Line 2 is dead.", proof=services.Proof()
        )

    with as_person(cast, cast.client_lead):
        sign(cast)(cast.seat(cast.client_lead))
    with as_person(cast, cast.campaign_manager):
        assert sign(cast)(cast.seat(cast.campaign_manager)).passed_at
        late = start(pool, cast, cast.supervisor, fail)
        assert waits(late)
    assert late.result() == "The day-10 gate has passed: its record cannot change."
    with backstage():
        assert not CheckResult.objects.filter(passed=False).exists()


def test_a_signature_never_falls_under_a_launch_that_moves(cast: Cast, pool: ThreadPoolExecutor) -> None:
    ready_for_day_10(cast)
    with as_person(cast, cast.client_lead):
        sign(cast)(cast.seat(cast.client_lead))
    with as_person(cast, cast.campaign_manager):
        services.move_launch(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), side="operator",
            launch=CALENDAR.launch + timedelta(days=7), reason="The dialer is not there yet.",
        )  # fmt: skip
        late = start(pool, cast, cast.campaign_manager, sign(cast))
        assert waits(late)
    assert late.result().endswith("is older than the facts: make it again.")
    with backstage():
        assert SignOff.objects.count() == 1
        assert Gate.objects.get(code="day-10").passed_at is None


def brief_content(words: str) -> BriefContent:
    return whole_brief(words)


def test_a_brief_that_is_being_written_is_not_signed_meanwhile(
    cast: Cast, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_person(cast, cast.campaign_manager):
        seat = cast.seat(cast.campaign_manager)
        first = engagements.save_brief(
            engagement=cast.engagement, by=seat, content=brief_content("x"), seen=""
        )
    arrived, go = Event(), Event()
    save = CampaignBrief.save

    def slow(brief: CampaignBrief, *args: Any, **options: Any) -> None:
        if current_thread() is not main_thread() and not arrived.is_set():
            arrived.set()
            go.wait(5)
        save(brief, *args, **options)

    monkeypatch.setattr(CampaignBrief, "save", slow)
    writing = start(
        pool, cast, cast.campaign_manager,
        lambda seat: engagements.save_brief(
            engagement=cast.engagement, by=seat, content=brief_content("y"), seen=first.content_hash
        ),
    )  # fmt: skip
    arrived.wait(5)
    signing = start(
        pool, cast, cast.client_lead,
        lambda seat: engagements.sign_brief(
            engagement=cast.engagement, by=seat, version=1, seen=first.content_hash
        ),
    )  # fmt: skip
    assert waits(signing)
    go.set()
    assert writing.result() == "done"
    assert signing.result().startswith("The brief was changed after this page was loaded.")


def test_two_who_name_the_same_person_name_them_once(cast: Cast, pool: ThreadPoolExecutor) -> None:
    def add(seat: Seat) -> Participant:
        return engagements.add_participant(
            engagement=cast.engagement, by=seat, role=ParticipantRole.QA_LEAD, name="Nils Brandt",
            email="nils@fresh.example", link_to=lambda token: f"https://tollgate.example/{token}",
        )  # fmt: skip

    with as_person(cast, cast.campaign_manager):
        add(cast.seat(cast.campaign_manager))
        second = start(pool, cast, cast.campaign_manager, add)
        assert waits(second)
    assert second.result() == "nils@fresh.example is QA lead here already."


def test_what_only_points_at_a_held_engagement_goes_on(cast: Cast, pool: ThreadPoolExecutor) -> None:
    locked(cast)

    def add_row(seat: Seat) -> None:
        seat.require(Permission.VIEW)
        cast.engagement.agents.create(name="Lee")

    with as_person(cast, cast.campaign_manager):
        engagements.save_brief(
            engagement=cast.engagement,
            by=cast.seat(cast.campaign_manager),
            content=brief_content("x"),
            seen="",
        )
        assert start(pool, cast, cast.supervisor, add_row).result(timeout=5) == "done"
    with backstage():
        assert Engagement.objects.filter(agents__name="Lee").exists()
