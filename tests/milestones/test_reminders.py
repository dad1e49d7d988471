"""Reminders: one mail a day to whoever owes something, at the right hour, never twice, and only what they may see."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from smtplib import SMTPException
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from common import clock
from engagements import services as engagements
from engagements.models import Engagement, Participant
from milestones import services, tasks
from milestones.models import CheckResult, LeadTest, Milestone, ReadinessCheck, Reminder
from milestones.rules.reminders import is_reminded, is_substitute_reminded
from milestones.selectors.reminders import owed_on, people_to_remind
from milestones.services.reminders import remind
from tenancy.context import entered
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.milestones.scene import (
    CALENDAR,
    as_person,
    brief_signed,
    finish_milestones,
    on_day,
    pass_checks,
    planned,
)
from tests.stage import as_worker, backstage
from tests.workspace.test_overviews import another_engagement

DAY = date(2026, 3, 10)
RULES = "milestones.services.reminders"


def test_two_days_before_on_the_day_and_every_third_day_after_it() -> None:
    days = [n for n in range(-5, 12) if is_reminded(DAY, DAY + timedelta(days=n))]
    assert days == [-2, 0, 1, 4, 7, 10]
    assert [n for n in days if is_substitute_reminded(DAY, DAY + timedelta(days=n))] == [1, 4, 7, 10]


@pytest.fixture(autouse=True)
def _day_5() -> Iterator[None]:
    with on_day(5, hour=8):
        yield


def only(cast: Cast, code: str = "crm-access") -> Milestone:
    """A plan in which this one alone is open, and due on day 3."""
    planned(cast)
    pass_checks(cast)
    with backstage():
        for gate in ("day-10", "day-30", "day-60", "day-90"):
            finish_milestones(cast, gate, but=(code,))
        return Milestone.objects.get(code=code)


def send(run_jobs: Callable[[], list[str]]) -> list[str]:
    """What beat and the worker do in a morning."""
    with as_worker():
        tasks.remind_people()
    return run_jobs()


def named(now: Any = None) -> set[str]:
    with as_worker():
        people = people_to_remind(now or clock.now())
    with backstage():
        return {User.objects.get(pk=person.user_id).name for person in people}


def test_the_owner_gets_one_mail_with_a_link_and_no_second_one(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    item = only(cast)
    with on_day(4, hour=8):
        assert send(run_jobs) == ["done"]
        assert send(run_jobs) == []
        with as_worker():
            Job.objects.update(state=JobState.QUEUED, attempts=0)
        assert run_jobs() == ["done"], "a second run finds it sent"
        (letter,) = mail.outbox
        with backstage():
            kept = Reminder.objects.get()
    assert letter.to == ["clara@example.org"]
    assert letter.subject == "Spring windows: Give the operator access to the CRM, Wed 4 Mar, 1 day late"
    assert f"/e/{cast.engagement.public_id}/plan/{item.public_id}/" in letter.body
    assert (kept.items, kept.user, kept.sent_at is not None) == (
        [f"milestone:{item.public_id}"], cast.client_lead, True,
    )  # fmt: skip


def test_a_line_break_in_what_is_owed_keeps_no_mail_back(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    item = only(cast)
    with backstage():
        Milestone.objects.filter(pk=item.pk).update(code="own", title="Agree on the brief\r\nand sign it")
    with on_day(4, hour=8):
        assert send(run_jobs) == ["done"]
    (letter,) = mail.outbox
    assert letter.subject == "Spring windows: Agree on the brief and sign it, Wed 4 Mar, 1 day late"


@pytest.mark.parametrize(
    ("day", "told"), [(1, True), (2, False), (3, True), (4, True), (5, False), (7, True)]
)
def test_the_door_keeps_the_rule(cast: Cast, day: int, told: bool) -> None:
    only(cast)
    with on_day(day, hour=7):
        assert named() == ({"Clara Lind"} if told else set())
        assert is_reminded(CALENDAR.date_of(3), CALENDAR.date_of(day)) is told


def test_nobody_is_woken_before_the_morning_of_the_engagement(cast: Cast) -> None:
    only(cast)
    with on_day(3, hour=6):
        assert named() == set()
    with on_day(3, hour=7):
        assert named() == {"Clara Lind"}


def test_the_substitute_hears_of_what_is_late(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    only(cast)
    with as_person(cast, cast.client_lead):
        people = {p.user_id: p for p in Participant.objects.filter(side="client")}
        engagements.name_substitute(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), participant=people[cast.client_lead.pk],
            substitute=people[cast.closer_lead.pk],
        )  # fmt: skip
    with on_day(3, hour=8):
        assert named() == {"Clara Lind"}
    with on_day(4, hour=8):
        assert named() == {"Clara Lind", "Caleb Ross"}
        send(run_jobs)
    assert "(you stand in for Clara Lind)" in next(
        m.body for m in mail.outbox if m.to == ["caleb@example.org"]
    )


def test_whoever_has_left_or_wants_none_gets_none(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    only(cast)
    with on_day(4, hour=8):
        with backstage():
            Membership.objects.filter(user=cast.client_lead).update(ended_at="2026-03-01T00:00:00Z")
        assert named() == set()
        with backstage():
            Membership.objects.filter(user=cast.client_lead).update(ended_at=None)
        client = Client()
        client.force_login(cast.client_lead)
        assert "Switch them off" in client.get("/settings/").text
        off = client.post("/settings/reminders/", {"reminders": "off"}, follow=True)
        assert "You are not reminded by mail any more." in off.text
        assert send(run_jobs) == []
        assert mail.outbox == []
        client.post("/settings/reminders/", {"reminders": "on"})
        assert send(run_jobs) == ["done"]


def test_what_lies_behind_a_shut_gate_is_not_asked_for(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    item = only(cast, "closer-feedback")
    with on_day(item.day, hour=8):
        send(run_jobs)
    assert mail.outbox == []
    with backstage():
        assert not Reminder.objects.exists()


def test_a_mail_host_that_refuses_gets_it_again_and_a_dead_worker_never_sends_it_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(cast)
    day = CALENDAR.date_of(4)

    def refuse(*_: object) -> None:
        raise SMTPException("busy")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"{RULES}.send_mail", refuse)
        with pytest.raises(Exception, match="does not take mails"):
            remind(user_id=cast.client_lead.pk, day=day)
    assert remind(user_id=cast.client_lead.pk, day=day) is not None
    assert remind(user_id=cast.client_lead.pk, day=day) is None
    with backstage():
        Reminder.objects.all().delete()
    with monkeypatch.context() as patch:
        patch.setattr(f"{RULES}.send_mail", die)
        with pytest.raises(KeyboardInterrupt):
            remind(user_id=cast.client_lead.pk, day=day)
    assert remind(user_id=cast.client_lead.pk, day=day) is None
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(cast: Cast) -> None:
    only(cast)
    barrier = Barrier(2)

    def run() -> bool:
        try:
            barrier.wait(5)
            return remind(user_id=cast.client_lead.pk, day=CALENDAR.date_of(4)) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        sent = [future.result() for future in [pool.submit(run), pool.submit(run)]]
    assert sorted(sent) == [False, True]
    assert len(mail.outbox) == 1


def test_a_check_is_asked_for_again_where_its_evidence_does_not_hold_at_the_launch(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    planned(cast)
    brief_signed(cast)
    pass_checks(cast)
    with backstage():
        for gate in ("day-10", "day-30", "day-60", "day-90"):
            finish_milestones(cast, gate)
        check = ReadinessCheck.objects.get(code="dialer-routing")
        owner = cast_owner(check)

    def tested(seconds: int, expires_on: date) -> None:
        with backstage():
            CheckResult.objects.create(
                engagement=cast.engagement, check_tested=check, passed=True, tester=owner, tester_name=owner.name,
                tested_at=clock.now() + timedelta(seconds=seconds), expires_on=expires_on,
            )  # fmt: skip

    tested(1, CALENDAR.launch + timedelta(days=1))
    with on_day(check.day, hour=8):
        assert named() == set()
    tested(2, CALENDAR.launch)
    with on_day(check.day, hour=8):
        assert named() == {owner.name}
        assert send(run_jobs) == ["done"]
    (letter,) = mail.outbox
    assert check.title in letter.subject


def test_a_transfer_line_that_failed_after_its_check_was_passed_is_asked_for(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    planned(cast)
    brief_signed(cast)
    pass_checks(cast)
    with backstage():
        for gate in ("day-10", "day-30", "day-60", "day-90"):
            finish_milestones(cast, gate)
        check = ReadinessCheck.objects.get(code="dialer-transfers")
        owner = cast_owner(check)
    with on_day(check.day, hour=7):
        assert named() == set()
    with on_day(check.day, hour=8), as_person(cast, cast.supervisor):
        by = cast.seat(cast.supervisor)
        line = services.add_line(
            engagement=cast.engagement, by=by, name="East", number="queue 701", team="Closers", hours=""
        )
        services.test_line(
            line=line, by=by, connected=False, briefed=False, answered_by="", note="Rang out.", proof=services.Proof()
        )  # fmt: skip
    with on_day(check.day + 1, hour=8):
        assert named() == {owner.name}
        assert send(run_jobs) == ["done"]
    (letter,) = mail.outbox
    assert check.title in letter.subject
    with backstage():
        Engagement.objects.update(passed_day=10)
    with on_day(check.day + 4, hour=8):
        assert named() == set(), "after its gate a check is nobody's to do"


def test_the_number_of_queries_does_not_grow_with_the_engagements(cast: Cast) -> None:
    planned(cast)
    counts = []
    for more in (0, 2):
        for number in range(more):
            another_engagement(cast, number)
        with backstage():
            Engagement.objects.update(agents_masked_at=clock.now())
            for engagement in Engagement.objects.all():
                LeadTest.objects.create(
                    engagement=engagement, day=8, lead="7", source="Web form", steps=["CRM"], crm_record=True,
                    written_back=True, outcome="set", reached=True, tester=cast.supervisor,
                    tester_name="Sam Okafor", tested_at=clock.now(),
                )  # fmt: skip
        with entered(user_id=cast.client_lead.pk), CaptureQueriesContext(connection) as told:
            owed = owed_on(cast.client_lead, CALENDAR.date_of(6))
        counts.append(len(told))
        assert len({each.campaign for each in owed}) == 1 + more
    assert counts[0] == counts[1]


def cast_owner(check: ReadinessCheck) -> User:
    assert check.owner is not None
    return check.owner.user
