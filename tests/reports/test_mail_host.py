"""What becomes of a mail when its host is down, says no, says never, or is cut off before it has answered."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from common import clock
from reports.models import ReportMail
from reports.services import mails
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.kpis.scene import day_of
from tests.milestones.scene import on_day
from tests.reports.evening_scene import Jobs, beat, live, subscribe
from tests.stage import as_worker, backstage


class Host(socketserver.ThreadingTCPServer):
    """A mail host that keeps what it took; `recipient` answers an address, `cut` hangs up instead of a last reply."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.took: list[bytes] = []
        self.tries = 0
        self.recipient = b"250 ok"
        self.cut = False


class Talk(socketserver.StreamRequestHandler):
    server: Host

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def handle(self) -> None:
        self.say(b"220 here")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"DATA":
                    self.say(b"354 go on")
                    body = b""
                    while not body.endswith(b"\r\n.\r\n"):
                        body += self.rfile.readline()
                    self.server.took.append(body)
                    if self.server.cut:
                        return
                    self.say(b"250 taken")
                case b"RCPT":
                    self.server.tries += 1
                    self.say(self.server.recipient)
                case b"QUIT":
                    self.say(b"221 bye")
                    return
                case _:
                    self.say(b"250 ok")


@pytest.fixture
def host(settings: Settings) -> Iterator[Host]:
    with Host() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": server.server_address[1], "timeout": 5},
            }
        }
        yield server
        server.shutdown()


@pytest.fixture
def evening(cast: Cast) -> Iterator[Cast]:
    """The evening of day 11, with one subscriber."""
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        yield cast


def later(minutes: int) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


def kept() -> list[tuple[bool, str]]:
    with backstage():
        return [(one.sent_at is not None, one.refused) for one in ReportMail.objects.order_by("pk")]


def test_a_mail_goes_out_in_two_parts_and_can_be_ended_with_one_press(
    evening: Cast, run_jobs: Jobs, host: Host
) -> None:
    beat(run_jobs)
    (body,) = host.took
    assert b"multipart/alternative" in body
    assert body.index(b"text/plain") < body.index(b"text/html")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in body
    assert kept() == [(True, "")]


def test_a_line_cut_before_the_answer_brings_no_second_mail(
    evening: Cast, run_jobs: Jobs, host: Host
) -> None:
    host.cut = True
    beat(run_jobs)
    with later(10):
        beat(run_jobs)
    assert len(host.took) == 1
    assert kept() == [(True, "")]


def test_a_host_that_takes_none_now_is_asked_again_less_and_less_often(
    evening: Cast, run_jobs: Jobs, host: Host
) -> None:
    host.recipient = b"451 try later"
    start = clock.now()
    beat(run_jobs)
    for minutes in range(5, 121, 5):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            beat(run_jobs, turns=1)
    assert host.tries in range(3, 7)
    assert kept() == []
    host.recipient = b"250 ok"
    with time_machine.travel(start + timedelta(hours=5), tick=False):
        beat(run_jobs, turns=1)
    assert len(host.took) == 1


def test_an_address_that_is_gone_is_not_tried_again_and_its_owner_reads_why(
    evening: Cast, run_jobs: Jobs, host: Host
) -> None:
    host.recipient = b"550 5.1.1 no such user"
    beat(run_jobs)
    for minutes in (5, 60):
        with later(minutes):
            beat(run_jobs)
    assert host.tries == 1
    assert kept() == [(False, "550 5.1.1 no such user")]
    client = Client()
    client.force_login(evening.client_lead)
    page = client.get(f"/e/{evening.engagement.public_id}/deliverables/evenings/")
    assert "550 5.1.1 no such user" in page.text


def test_while_a_mail_waits_the_next_evening_joins_it(cast: Cast, run_jobs: Jobs, host: Host) -> None:
    live(cast, 11, 12)
    subscribe(cast, cast.client_lead)
    host.recipient = b"451 try later"
    with on_day(11, hour=19):
        beat(run_jobs)
        with as_worker():
            Job.objects.filter(handler=mails.MAIL).update(queued_at=clock.now() + timedelta(days=1, hours=1))
    with on_day(12, hour=19):
        beat(run_jobs)
        with as_worker():
            assert Job.objects.filter(handler=mails.MAIL, state=JobState.QUEUED).count() == 1
    host.recipient = b"250 ok"
    with on_day(12, hour=21):
        beat(run_jobs)
    assert len(host.took) == 1
    assert host.took[0].count(b"<h3") == 2


def test_what_cannot_be_worded_is_not_lost(
    evening: Cast, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a template is broken for one minute")

    with monkeypatch.context() as patch:
        patch.setattr(mails, "text", broken)
        with pytest.raises(RuntimeError):
            beat(run_jobs)
    assert kept() == []
    with later(6):
        beat(run_jobs)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_mails_of_two_dates_at_once_tell_each_report_once(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11, 12)
    subscribe(cast, cast.client_lead)
    for day in (11, 12):
        with on_day(day, hour=19):
            beat(run_jobs, turns=1)
    barrier = threading.Barrier(2)

    def send(day: int) -> None:
        try:
            barrier.wait(5)
            mails.send(user_id=cast.client_lead.pk, day=day_of(cast, day), number=0)
        finally:
            connection.close()

    with on_day(12, hour=19):
        threads = [threading.Thread(target=send, args=(day,)) for day in (11, 12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(mail.outbox) == 1
