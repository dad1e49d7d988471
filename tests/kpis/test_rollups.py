"""The sums equal the rows after any sequence of imports, takings back and new meanings; pages read only them."""

import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.outcomes import Outcome
from kpis.imports import history, meanings, service
from kpis.models import (
    AgentFact,
    AgentTalk,
    AttemptFact,
    CallRecord,
    CodeFact,
    DailyFact,
    HourFact,
    HourWait,
    Import,
    Restatement,
    SourceTalk,
    SourceWait,
    UseFact,
)
from kpis.selectors import breakdowns
from kpis.selectors.breaches import unnamed_calls
from kpis.selectors.checking import check_facts
from kpis.selectors.patterns import patterns
from tenancy import context, jobs
from tests.factories import Cast
from tests.kpis.samples import NOW, own, vicidial
from tests.stage import as_worker, backstage

RunJobs = Callable[[], list[str]]
CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "call_id": st.integers(1, 12).map(lambda number: f"c{number}"),
            "called_at": st.sampled_from(
                ["2026-05-04 09:10:00", "2026-05-04 17:00:00", "2026-05-05 09:10:00"]
            ),
            "disposition": st.sampled_from(["not_interested", "transfer_set", "closed", "no_answer"]),
            "lead_source": st.sampled_from(["", "Web", "List"]),
            "agent": st.sampled_from(["", "ada", "ben"]),
            "dials": st.sampled_from(["", "1", "3"]),
            "talk_s": st.sampled_from(["", "0", "31", "900"]),
            "wrap_s": st.sampled_from(["", "0", "12"]),
        }
    ),
    min_size=1,
    max_size=8,
)
LEADS = st.lists(
    st.fixed_dictionaries(
        {
            "call_id": st.integers(1, 12).map(lambda number: f"c{number}"),
            "called_at": st.sampled_from(
                ["2026-05-04", "2026-05-04 09:10:00", "2026-05-04 09:20:01", "2026-05-05 09:10:00"]
            ),
            "lead_id": st.sampled_from(["", "L1", "L2", "L3"]),
            "phone": st.sampled_from(["", "+16135550199"]),
            "lead_source": st.sampled_from(["", "Web"]),
            "lead_created_at": st.sampled_from(
                [
                    "",
                    "2026-05-04 09:08:00",
                    "2026-05-04 09:09:59",
                    "2026-05-05 09:00:00",
                    "2026-05-01 23:00:00",
                ]
            ),
            "attempt": st.sampled_from(["", "1", "2"]),
        }
    ),
    min_size=1,
    max_size=8,
)
DIALER = st.lists(
    st.fixed_dictionaries(
        {
            "call_date": st.sampled_from(["2026-05-04 09:33:34", "2026-05-05 10:00:00"]),
            "status": st.sampled_from(["NI", "A", "SALE"]),
            "lead_id": st.integers(1, 6).map(str),
            "user": st.sampled_from(["ada", "1001"]),
        }
    ),
    min_size=1,
    max_size=5,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("own"), st.one_of(CALLS, LEADS)),
        st.tuples(st.just("dialer"), DIALER),
        st.tuples(st.just("take back"), st.integers(0, 5)),
        st.tuples(st.just("meaning"), st.sampled_from(list(Outcome))),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def bring_in(cast: Cast, run_jobs: RunJobs, data: bytes, preset: str = "tollgate") -> Import:
    by = cast.seat(cast.campaign_manager)
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        batch, new = service.upload(engagement=cast.engagement, by=by, data=data, file_name="calls.csv")
        if new:
            service.start(batch=batch, by=by, preset=preset, source_zone="America/New_York")
    run_jobs()
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        return Import.objects.get(pk=batch.pk)


def equal(cast: Cast) -> None:
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        assert check_facts(cast.engagement).mismatches == ()


def step(cast: Cast, run_jobs: RunJobs, kind: str, what: object) -> None:
    if kind == "own":
        bring_in(cast, run_jobs, own(what))  # type: ignore[arg-type]
        return
    if kind == "dialer":
        bring_in(cast, run_jobs, vicidial(what), "vicidial")  # type: ignore[arg-type]
        return
    by = cast.seat(cast.campaign_manager)
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        if kind == "meaning":
            with backstage():
                known = CodeFact.objects.filter(disposition__system="vicidial").exists()
            if known:
                code = CodeFact.objects.filter(disposition__system="vicidial").first().disposition.code  # type: ignore[union-attr]
                meanings.give_meaning(
                    engagement=cast.engagement, by=by, system="vicidial", code=code, outcome=Outcome(what)
                )
            return
        imports = list(Import.objects.order_by("pk"))
        if imports:
            service.take_back(batch=imports[int(str(what)) % len(imports)], by=by)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(steps=STEPS)
def test_any_sequence_leaves_the_sums_equal_to_the_rows(
    cast: Cast, run_jobs: RunJobs, steps: list[tuple[str, object]]
) -> None:
    for kind, what in steps:
        step(cast, run_jobs, kind, what)
        equal(cast)
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        for batch in Import.objects.all():
            service.take_back(batch=batch, by=cast.seat(cast.campaign_manager))
        left = [
            model.objects.count()
            for model in (CallRecord, DailyFact, HourFact, AgentFact, CodeFact, UseFact, AttemptFact, SourceWait,
                          HourWait, SourceTalk, AgentTalk)
        ]  # fmt: skip
        assert left == [0] * 11


def test_a_group_of_which_one_file_cannot_tell_a_stage_is_unknown_in_every_sum(
    cast: Cast, run_jobs: RunJobs
) -> None:
    first = {"called_at": "2026-05-04 09:10:00", "agent": "1001", "lead_source": "FBLEADS"}
    bring_in(cast, run_jobs, own([first]))
    bring_in(cast, run_jobs, vicidial([{"call_date": "2026-05-04 09:33:34"}]), "vicidial")
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        hour = HourFact.objects.get()
        assert (hour.hour, hour.calls, hour.contacts, hour.closes) == (9, 2, 2, None)
        assert list(AgentFact.objects.values_list("contacts", "closes")) == [(2, None)]
        assert sorted(CodeFact.objects.values_list("closes", flat=True), key=str) == [0, None]
    equal(cast)


def waits(cast: Cast) -> list[tuple[object, ...]]:
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        return list(
            SourceWait.objects.order_by("day", "wait").values_list("day", "source__name", "wait", "leads")
        )


def test_which_call_of_a_lead_was_the_first_can_change_with_every_file(cast: Cast, run_jobs: RunJobs) -> None:
    def call(number: int, when: str, came_in: str = "2026-05-04 09:00:00") -> dict[str, object]:
        return {"call_id": number, "called_at": when, "lead_created_at": came_in, "lead_id": "L1"}

    bring_in(cast, run_jobs, own([{"call_id": 0, "called_at": "2026-05-03 10:00:00", "lead_id": "L9"}]))
    assert waits(cast) == []
    late = call(1, "2026-05-05 09:00:00")
    bring_in(cast, run_jobs, own([late]))
    assert waits(cast) == [(date(2026, 5, 3), None, -2, 1), (date(2026, 5, 5), None, 86_400, 1)]
    soon = bring_in(cast, run_jobs, own([late, call(2, "2026-05-04 09:04:46")]))
    assert waits(cast) == [(date(2026, 5, 3), None, -2, 1), (date(2026, 5, 4), None, 300, 1)]
    equal(cast)
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        service.take_back(batch=soon, by=cast.seat(cast.campaign_manager))
    assert waits(cast) == [(date(2026, 5, 3), None, -2, 1), (date(2026, 5, 5), None, 86_400, 1)]
    equal(cast)


def test_what_pages_count_costs_the_same_with_twenty_times_the_calls(cast: Cast, run_jobs: RunJobs) -> None:
    day = date(2026, 5, 4)

    def cost(number: int) -> list[str]:
        rows = [
            {"call_id": f"x{n}", "agent": "ada", "lead_source": "Web", "lead_id": n, "attempt": 1,
             "lead_created_at": "2026-05-04 09:00:00"}
            for n in range(number)
        ]  # fmt: skip
        batch = bring_in(cast, run_jobs, own(rows))
        with (
            context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk),
            CaptureQueriesContext(connection) as asked,
        ):
            patterns(cast.engagement, day, day)
            history.codes(cast.engagement)
            history.figures(batch)
            unnamed_calls(cast.engagement)
            breakdowns.responses(cast.engagement, day, day, "none")
            breakdowns.by_attempt(cast.engagement, day, day)
        return [query["sql"] for query in asked]

    few, many = cost(5), cost(100)
    assert len(few) == len(many)
    assert not [query for query in (*few, *many) if "kpis_callrecord" in query]


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_calls_at_once_count_each_call_once(cast: Cast, run_jobs: RunJobs) -> None:
    by = cast.seat(cast.campaign_manager)
    same = [{"call_id": f"c{n}", "agent": "ada"} for n in range(40)]
    jobs_ids = []
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        for data in (own(same), own([*same, {"call_id": "more"}])):
            batch, _ = service.upload(engagement=cast.engagement, by=by, data=data, file_name="calls.csv")
            jobs_ids.append(
                service.start(batch=batch, by=by, preset="tollgate", source_zone="America/New_York").job_id
            )

    def work(job_id: int) -> None:
        with as_worker():
            jobs.run(job_id)
        connection.close()

    threads = [threading.Thread(target=work, args=(job_id,)) for job_id in jobs_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        assert CallRecord.objects.count() == 41
        assert sum(batch.accepted or 0 for batch in Import.objects.all()) == 41
    equal(cast)


def test_a_day_that_was_shown_and_changes_keeps_what_it_said_and_why(
    cast: Cast, run_jobs: RunJobs, client: Client
) -> None:
    first = bring_in(cast, run_jobs, own([{"call_id": "a"}]))
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        assert not Restatement.objects.exists()
    bring_in(
        cast, run_jobs, own([{"call_id": "a"}]) + b"\n"
    )  # the same call in another file: nothing changes
    late = bring_in(
        cast, run_jobs, own([{"call_id": "b"}, {"call_id": "c", "called_at": "2026-05-05 10:00:00"}])
    )
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        (change,) = Restatement.objects.all()
        assert (change.day, change.cause, change.sha256) == (date(2026, 5, 4), "import", late.sha256)
        assert (change.before[:2], change.after[:2]) == ([1, 1], [2, 2])
        assert change.by == cast.campaign_manager
        service.take_back(batch=first, by=cast.seat(cast.campaign_manager))
        assert Restatement.objects.filter(cause="removal", after__0=1).count() == 1
    client.force_login(cast.client_lead)
    page = client.get(f"/e/{cast.engagement.public_id}/kpis/").content.decode()
    assert "Restated figures" in page
    assert "dials 1 → 2, contacts 1 → 2" in page
    assert late.sha256[:12] in page
