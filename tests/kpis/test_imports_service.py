"""Files into the database: whole or nothing, never twice, and the facts always equal to the rows."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import time_machine
from django.db import connection
from django.db.models import Count, Sum

from accounts.models import TrailEntry, User
from common.errors import Refused
from engagements.models import Agent, Engagement
from engagements.outcomes import Outcome
from kpis.imports import history, meanings, service, store
from kpis.imports.layout import Layout
from kpis.imports.parse import parse_calls
from kpis.imports.spool import Spool
from kpis.models import CallRecord, DailyFact, Disposition, Import
from tenancy import context
from tests.factories import Cast
from tests.kpis.samples import NOW, UCI_FILE, own, vicidial
from tests.stage import backstage

RunJobs = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Desk:
    """A person of the cast at the calls page, without the page."""

    def __init__(self, cast: Cast, run_jobs: RunJobs) -> None:
        self.cast, self.run_jobs = cast, run_jobs

    @contextmanager
    def at(self, user: User | None = None) -> Iterator[None]:
        user = user or self.cast.campaign_manager
        with context.entered(user_id=user.pk, engagement_id=self.cast.engagement.pk):
            yield

    def upload(self, data: bytes, name: str = "calls.csv", user: User | None = None) -> Import:
        with self.at(user):
            seat = self.cast.seat(user or self.cast.campaign_manager)
            return service.upload(engagement=self.cast.engagement, by=seat, data=data, file_name=name)[0]

    def start(self, batch: Import, preset: str = "tollgate", zone: str = "America/New_York") -> None:
        with self.at():
            seat = self.cast.seat(self.cast.campaign_manager)
            service.start(batch=batch, by=seat, preset=preset, source_zone=zone)

    def bring_in(self, data: bytes, preset: str = "tollgate", zone: str = "America/New_York") -> Import:
        """Upload, start, read; returns the import as it then stands."""
        batch = self.upload(data)
        self.start(batch, preset, zone)
        self.run_jobs()
        return self.fresh(batch)

    def fresh(self, batch: Import) -> Import:
        with self.at():
            return Import.objects.select_related("job", "engagement").get(pk=batch.pk)

    def calls(self) -> int:
        with self.at():
            return CallRecord.objects.filter(engagement=self.cast.engagement).count()

    def facts_equal_rows(self) -> bool:
        """The rollup against a count of the rows themselves."""
        with self.at():
            rows = CallRecord.objects.filter(engagement=self.cast.engagement).order_by()
            per_day = {
                (day, source): (dials, calls)
                for day, source, dials, calls in rows.values_list("day", "source").annotate(
                    Sum("dials"), Count("pk")
                )
            }
            kept = {(fact.day, fact.source_id): fact.dials for fact in DailyFact.objects.all()}
            contacts = rows.filter(depth__gte=1).count()
            told = DailyFact.objects.aggregate(contacts=Sum("contacts"))["contacts"]
            return kept == {key: dials for key, (dials, _) in per_day.items()} and told in (None, contacts)


@pytest.fixture
def desk(cast: Cast, run_jobs: RunJobs) -> Desk:
    return Desk(cast, run_jobs)


def test_an_import_brings_calls_sources_agents_and_codes(desk: Desk) -> None:
    batch = desk.bring_in(
        own(
            [
                {
                    "lead_source": "web",
                    "agent": "a1",
                    "duration_s": "47",
                    "phone": "6135550199",
                    "lead_id": "L1",
                },
                {"lead_source": "web", "disposition": "closed"},
                {"disposition": "WAT"},
                {"call_id": "c1"},
            ]
        )
    )
    assert history.state_of(batch) is history.State.DONE
    assert (batch.accepted, batch.rejected, batch.duplicates, batch.dials) == (2, 1, 1, 2)
    assert (batch.first_day, batch.last_day) == (date(2026, 5, 4), date(2026, 5, 4))
    assert batch.unknown_codes == [["WAT", 1]]
    assert batch.measures == ["dial", "contact", "close"]
    with desk.at():
        call = CallRecord.objects.select_related("source", "agent", "disposition").get(row_no=2)
        assert (call.source and call.source.name, call.agent and call.agent.name) == ("web", "a1")
        assert (call.disposition.code, call.depth, call.duration_s) == ("not_interested", 1, 47)
        assert (call.phone, call.lead_ref, call.hour) == ("6135550199", "L1", 10)
        assert call.called_at is not None
        assert call.called_at.isoformat() == "2026-05-04T14:00:00+00:00"
        assert Agent.objects.count() == 1
    assert desk.facts_equal_rows()


def test_the_bank_file_in_the_database(desk: Desk) -> None:
    with backstage():
        Engagement.objects.filter(pk=desk.cast.engagement.pk).update(
            kickoff_on=date(2008, 5, 1), launch_on=date(2008, 5, 5), zone="Europe/Lisbon"
        )
    batch = desk.bring_in(UCI_FILE.read_bytes(), "uci-bank", "Europe/Lisbon")
    assert (batch.accepted, batch.rejected, batch.duplicates, batch.dials) == (45_211, 0, 0, 124_956)
    with desk.at():
        told = DailyFact.objects.aggregate(
            Sum("dials"), Sum("closes"), Sum("contacts"), Count("day", distinct=True)
        )
        assert told == {"dials__sum": 124_956, "closes__sum": 5_289, "contacts__sum": None, "day__count": 561}
        assert history.figures(batch)["days"] == 561
        assert history.reached(batch) == {
            "dial": 124_956, "contact": None, "qualified": None, "transfer": None, "show": None, "close": 5_289,
        }  # fmt: skip
    assert desk.facts_equal_rows()


def test_the_same_calls_in_another_file_are_duplicates(desk: Desk) -> None:
    desk.bring_in(own([{}, {}]))
    again = desk.bring_in(own([{}, {}, {"lead_source": "new"}]))
    assert (again.accepted, again.rejected, again.duplicates) == (1, 0, 2)
    assert desk.calls() == 3
    assert desk.facts_equal_rows()


def test_the_same_file_is_the_same_import(desk: Desk) -> None:
    batch = desk.bring_in(own([{}]))
    assert desk.upload(own([{}]), "other-name.csv").pk == batch.pk
    with pytest.raises(Refused, match="All rows of this file are in already"):
        desk.start(batch)


def test_a_job_that_runs_twice_adds_nothing(desk: Desk, run_jobs: RunJobs) -> None:
    batch = desk.bring_in(own([{}, {"call_id": "c1"}, {"disposition": "WAT"}]))
    counts = (batch.accepted, batch.rejected, batch.duplicates)
    with backstage():
        assert batch.job is not None
        type(batch.job).objects.filter(pk=batch.job.pk).update(state="queued")
    assert set(run_jobs()) == {"done"}  # its calls are held against the calling windows, too
    batch = desk.fresh(batch)
    assert (batch.accepted, batch.rejected, batch.duplicates) == counts == (1, 1, 1)
    assert desk.calls() == 1


def test_a_failure_in_the_middle_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk.upload(own([{}, {}]))
    desk.start(batch)

    def broken(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(service, "_count", broken)
        desk.run_jobs()
    batch = desk.fresh(batch)
    assert history.state_of(batch) is history.State.FAILED
    assert batch.job is not None
    assert "run it again" in batch.job.error
    assert (desk.calls(), batch.finished_at, batch.accepted) == (0, None, None)
    desk.start(batch)
    assert desk.run_jobs() == ["done"]
    assert desk.calls() == 2


def test_a_full_disk_is_said_and_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, files_root: Path
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(Refused, match="could not be stored"):
        desk.upload(own([{}]))
    assert not [path for path in files_root.rglob("*") if path.is_file()]


def test_a_refused_upload_leaves_no_file(desk: Desk, files_root: Path) -> None:
    with pytest.raises(Refused, match="Excel"):
        desk.upload(b"PK\x03\x04")
    assert not [path for path in files_root.rglob("*") if path.is_file()]


def test_calls_before_the_kickoff_are_rejected(desk: Desk) -> None:
    batch = desk.bring_in(own([{"called_at": "2026-03-01 23:59:00"}, {"called_at": "2026-03-02 00:00:00"}]))
    assert (batch.accepted, batch.rejected) == (1, 1)
    assert "before Mon 2 Mar 2026" in batch.rejected_summary[0][0]


def test_the_rejected_rows_are_kept_for_download(desk: Desk) -> None:
    batch = desk.bring_in(own([{"disposition": "=WAT"}]))
    text = store.read(batch.rejected_path).decode("utf-8-sig")
    assert text.startswith('"row","reason","original text"\r\n"2",')


def test_a_code_that_gets_a_meaning_lets_its_rows_in_at_the_next_reading(desk: Desk) -> None:
    batch = desk.bring_in(vicidial([{"status": "APPT"}, {"lead_id": "2"}]), "vicidial")
    assert (batch.accepted, batch.rejected, batch.unknown_codes) == (1, 1, [["APPT", 1]])
    with pytest.raises(Refused, match="Give the unknown codes a meaning first"):
        desk.start(batch, "vicidial")
    with desk.at():
        seat = desk.cast.seat(desk.cast.campaign_manager)
        assert history.codes(desk.cast.engagement)[0] == history.CodeMeaning("vicidial", "APPT", None, 1)
        meanings.give_meaning(
            engagement=desk.cast.engagement,
            by=seat,
            system="vicidial",
            code="APPT",
            outcome=Outcome.QUALIFIED,
        )
    desk.start(batch, "vicidial")
    desk.run_jobs()
    batch = desk.fresh(batch)
    assert (batch.accepted, batch.rejected, batch.duplicates) == (2, 0, 0)
    assert "qualified" in batch.measures
    assert batch.rejected_path == ""
    assert desk.facts_equal_rows()


def test_a_changed_meaning_moves_the_calls_that_carry_the_code(desk: Desk) -> None:
    desk.bring_in(own([{"disposition": "callback"}, {"disposition": "no_answer"}]))
    with desk.at():
        before = DailyFact.objects.get()
        assert (before.dials, before.contacts, before.qualified) == (2, 1, None)
        meanings.give_meaning(
            engagement=desk.cast.engagement,
            by=desk.cast.seat(desk.cast.campaign_manager),
            system="tollgate",
            code="callback",
            outcome=Outcome.QUALIFIED,
        )
        after = DailyFact.objects.get()
        assert (after.dials, after.contacts, after.qualified) == (2, 1, 1)
        assert Disposition.objects.get(code="callback").outcome == "qualified"
    assert desk.facts_equal_rows()


def test_a_stage_counts_only_where_every_file_of_the_day_can_tell_it(desk: Desk) -> None:
    desk.bring_in(
        own([{"disposition": "qualified", "lead_source": "FBLEADS", "called_at": "2026-05-01 10:00:00"}])
    )
    with desk.at():
        assert DailyFact.objects.get().qualified == 1
    desk.bring_in(vicidial([{}]), "vicidial")
    with desk.at():
        fact = DailyFact.objects.get()
        assert (fact.dials, fact.contacts, fact.qualified) == (2, 2, None)


def test_a_removed_import_takes_its_calls_along(desk: Desk, files_root: Path) -> None:
    desk.bring_in(own([{"call_id": "kept"}]))
    batch = desk.bring_in(own([{}, {"called_at": "2026-05-05 10:00:00", "disposition": "WAT"}]))
    with desk.at():
        service.take_back(batch=batch, by=desk.cast.seat(desk.cast.campaign_manager))
    assert desk.calls() == 1
    assert desk.facts_equal_rows()
    with desk.at():
        assert TrailEntry.objects.filter(action="import.removed").count() == 1


def test_calls_that_a_passed_gate_was_signed_on_stay(desk: Desk) -> None:
    batch = desk.bring_in(own([{}]))
    with backstage():
        day = desk.cast.engagement.calendar.day_of(batch.first_day or NOW.date())
        Engagement.objects.filter(pk=desk.cast.engagement.pk).update(passed_day=day)
    assert day > 10
    with desk.at(), pytest.raises(Refused, match=f"day-{day} gate has passed"):
        service.take_back(batch=batch, by=desk.cast.seat(desk.cast.campaign_manager))
    assert desk.calls() == 1


def test_only_those_who_may_import_do(desk: Desk) -> None:
    with pytest.raises(Refused, match="may not import calls"):
        desk.upload(own([{}]), user=desk.cast.client_lead)


def test_someone_who_left_meanwhile_writes_nothing(desk: Desk) -> None:
    batch = desk.upload(own([{}]))
    desk.start(batch)
    with backstage():
        desk.cast.campaign_manager.memberships.update(ended_at=NOW)
    desk.run_jobs()
    with backstage():
        assert CallRecord.objects.count() == 0
        failed = Import.objects.select_related("job").get(pk=batch.pk).job
        assert failed is not None
        assert "may no longer see" in failed.error


@pytest.mark.parametrize(
    ("preset", "zone", "words"),
    [
        ("", "UTC", "Say which export"),
        ("tollgate", "Mars/Base", "is not a time zone"),
        ("vicidial", "UTC", "lacks call_date, length_in_sec, phone_number_dialed, status"),
    ],
)
def test_a_start_that_cannot_work_is_refused(desk: Desk, preset: str, zone: str, words: str) -> None:
    batch = desk.upload(own([{}]))
    with pytest.raises(Refused, match=words):
        desk.start(batch, preset, zone)


def test_a_file_whose_calls_are_in_is_not_read_another_way(desk: Desk) -> None:
    batch = desk.bring_in(own([{}, {"disposition": "WAT"}]))
    with pytest.raises(Refused, match="Remove the import first"):
        desk.start(batch, zone="UTC")


def test_a_file_being_read_is_not_started_again(desk: Desk) -> None:
    batch = desk.upload(own([{}]))
    desk.start(batch)
    with pytest.raises(Refused, match="being read"):
        desk.start(batch)


def test_the_room_for_files_is_limited(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "QUOTA", 10)
    with pytest.raises(Refused, match="fill the"):
        desk.upload(own([{}]))


def test_names_from_browsers_are_only_words(desk: Desk, files_root: Path) -> None:
    batch = desk.upload(own([{}]), name="..\\..\\etc/passwd")
    assert batch.file_name == "passwd"
    assert batch.sha256 == hashlib.sha256(own([{}])).hexdigest()
    assert store.located(batch.path).is_relative_to(files_root)
    with pytest.raises(ValueError, match="outside"):
        store.located("../secret")


def test_the_trail_tells_who_imported_what(desk: Desk) -> None:
    desk.bring_in(gzip.compress(own([{}])))
    with desk.at():
        entries = {entry.action: entry for entry in TrailEntry.objects.all()}
        assert {"import.uploaded", "import.started", "import.finished"} <= entries.keys()
        assert entries["import.finished"].after["accepted"] == 1


def test_text_that_csv_could_break_arrives_whole(desk: Desk) -> None:
    name = 'a "b", c\nd \\. 日本'
    desk.bring_in(own([{"lead_source": name}]))
    with desk.at():
        call = CallRecord.objects.select_related("source").get()
        assert call.source is not None
        assert call.source.name == name
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pg_temp.incoming')")
            assert cursor.fetchone() == (None,)


def test_further_columns_are_kept_where_a_reading_brings_them(desk: Desk) -> None:
    batch = desk.upload(own([{}, {}]))
    desk.start(batch)
    with desk.at():
        task = service.prepare(batch.pk)
        parsed = parse_calls(task.data, task.settings)
        told = parsed.accepted.with_columns(
            call_ref=pl.lit("A-1"),
            lead_created_at=pl.lit(datetime(2026, 5, 4, 13, 59, 30, tzinfo=UTC)),
            attempt=pl.Series([1, None]),
            talk_s=pl.Series([None, 40]),
            direction=pl.lit("outbound"),
        )
        usable = Spool(told.schema)
        usable.add(told)
        service.write(
            task=task, parsed=replace(parsed, usable=usable), by=desk.cast.seat(desk.cast.campaign_manager)
        )
        rows = CallRecord.objects.order_by("row_no").values_list(
            "call_ref", "lead_created_at", "attempt", "talk_s", "direction", "region"
        )
        moment = datetime(2026, 5, 4, 13, 59, 30, tzinfo=UTC)
        assert list(rows) == [
            ("A-1", moment, 1, None, "outbound", ""),
            ("A-1", moment, None, 40, "outbound", ""),
        ]


def locks_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND classid = ('x' || lpad(to_hex(hashtext('kpis.calls')), 8, '0'))::bit(32)::int::oid"
        )
        held: int = cursor.fetchone()[0]
        return held


def test_nobody_waits_while_a_file_is_looked_at(
    cast: Cast, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long that takes is up to the one who wrote the file; the calls are held only to keep what was found."""
    held: list[int] = []
    real = service.look

    def spy(data: bytes) -> Layout:
        held.append(locks_held())
        return real(data)

    monkeypatch.setattr(service, "look", spy)
    Desk(cast, run_jobs).upload(own([{}]))
    assert (held, locks_held()) == ([0], 1)


def test_a_file_that_came_in_while_it_was_looked_at_is_the_same_import(
    cast: Cast, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, data = Desk(cast, run_jobs), own([{}])
    real, first = service.look, []

    def meanwhile(content: bytes) -> Layout:
        monkeypatch.setattr(service, "look", real)
        first.append(desk.upload(data))
        return real(content)

    monkeypatch.setattr(service, "look", meanwhile)
    assert desk.upload(data) == first[0]
