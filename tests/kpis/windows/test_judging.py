"""Imported calls are judged in the background, again whenever calls or rules change, and never twice over."""

# ruff: noqa: F811  a fixture's name is an argument's

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from common.errors import Refused
from engagements.models import CampaignBrief
from kpis.imports import service
from kpis.models import (
    CallRecord,
    Disposition,
    Import,
    LeadSource,
    WindowCount,
    WindowDay,
    WindowRules,
    WindowVerdict,
)
from kpis.selectors import windows as selectors
from kpis.selectors.window_rules import stale_days
from kpis.services import windows
from kpis.windows.rules import Flags, read_hours, shipped
from tenancy import jobs
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.kpis.samples import own
from tests.kpis.test_imports_service import Desk, _today, desk  # noqa: F401  (fixtures)
from tests.milestones.scene import as_person
from tests.stage import as_worker, backstage

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 12)  # a Thursday
Run = Callable[[], list[str]]


def log(*rows: dict[str, Any]) -> bytes:
    return own([{"call_id": f"w{n}-{row.get('called_at')}", **row} for n, row in enumerate(rows)])


def call(when: str, phone: str = "+12125550101", **more: Any) -> dict[str, Any]:
    return {"called_at": when, "phone": phone, **more}


def put(cast: Cast, **columns: Any) -> None:
    """What the file said of the one call, or of all."""
    with backstage():
        CallRecord.objects.filter(engagement=cast.engagement).update(**columns)


def found(cast: Cast) -> list[tuple[str, str, list[str]]]:
    with as_person(cast, cast.client_lead):
        return [
            (each.get_verdict_display(), each.get_why_display() or "", each.broken)
            for each in WindowVerdict.objects.filter(engagement=cast.engagement).order_by("day", "call")
        ]


def counts(cast: Cast) -> dict[str, tuple[int, int, int, int]]:
    with as_person(cast, cast.client_lead):
        return {
            f"{each.day} {each.place}": (each.allowed, each.violations, each.possibles, each.unknowns)
            for each in WindowCount.objects.filter(engagement=cast.engagement)
        }


def test_an_import_is_judged_after_it_came_in(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(
        log(call("2026-03-12T10:00:00"), call("2026-03-12T07:59:59"), call("2026-03-12T21:00:00"),
            call("2026-03-12T08:00:00"), call("2026-03-12T10:00:00", "+18005550101"))
    )  # fmt: skip
    assert set(run_jobs()) == {"done"}
    assert found(cast) == [
        ("Violation", "outside of the hours", ["us-tcpa"]),
        ("Violation", "outside of the hours", ["us-tcpa"]),
        ("Unknown", "nothing tells where the person is", []),
    ]
    assert counts(cast) == {"2026-03-12 ": (0, 0, 0, 1), "2026-03-12 US-NY": (2, 2, 0, 0)}
    with as_person(cast, cast.client_lead):
        late = WindowVerdict.objects.filter(verdict=2).latest("local")
        assert late.local == ["America/New_York 2026-03-12 21:00:00"]
        assert late.get_zone_source_display() == "number"
        assert late.rules.content["rules"][0]["code"] == "us-tcpa"
        assert stale_days(cast.engagement.pk, late.rules_id) == {}


def test_a_second_run_adds_nothing_and_a_killed_one_goes_on(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(log(call("2026-03-12T07:00:00"), call("2026-03-13T07:00:00")))
    with as_person(cast, cast.campaign_manager):
        judging = windows.Judging.of(cast.engagement.pk)
        assert list(judging.days()) == [DAY, date(2026, 3, 13)]
        judging.judge(DAY)  # and then the worker is killed
        assert list(windows.Judging.of(cast.engagement.pk).days()) == [date(2026, 3, 13)]
    run_jobs()
    before = counts(cast), found(cast)
    with as_person(cast, cast.campaign_manager):
        assert windows.judge_stale(engagement_id=cast.engagement.pk).violations == 0
        windows.Judging.of(cast.engagement.pk).judge(DAY)
    assert (counts(cast), found(cast)) == before
    assert before[0] == {"2026-03-12 US-NY": (0, 1, 0, 0), "2026-03-13 US-NY": (0, 1, 0, 0)}


def test_judging_steps_aside_for_a_file_that_waits_and_goes_on_after_it(cast: Cast, desk: Desk) -> None:
    days = [date(2026, 3, day) for day in (12, 13, 14)]
    desk.bring_in(log(*(call(f"{day}T07:00:00") for day in days)))
    other = desk.upload(log(call("2026-03-12T09:00:00")))
    desk.start(other)
    waiting = desk.fresh(other).job_id

    def judged() -> list[date]:
        with as_worker():
            (asked,) = Job.objects.filter(handler=windows.HANDLER, state=JobState.QUEUED)
            assert jobs.run(asked.pk, shared=True) == JobState.DONE
        with backstage():
            return list(WindowDay.objects.order_by("day").values_list("day", flat=True))

    assert judged() == days[:1]
    assert judged() == days[:2], "each turn gets on by a day"
    with as_worker():
        assert jobs.run(waiting, shared=True) == JobState.DONE
    with as_worker():
        newest = Job.objects.filter(handler=windows.HANDLER, state=JobState.QUEUED).latest("pk")
        assert jobs.run(newest.pk, shared=True) == JobState.DONE
    assert judged() == days


def test_taking_an_import_back_takes_its_verdicts(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    batch = desk.bring_in(log(call("2026-03-12T07:00:00")))
    run_jobs()
    with desk.at():
        service.take_back(batch=Import.objects.get(pk=batch.pk), by=cast.seat(cast.campaign_manager))
    run_jobs()
    assert (found(cast), counts(cast)) == ([], {})
    with as_person(cast, cast.client_lead):
        assert not WindowDay.objects.exists()


def test_a_state_in_two_zones_is_possible_and_more_knowledge_decides(
    cast: Cast,
    desk: Desk,
    run_jobs: Run,
) -> None:
    # 20:30 in New York is 19:30 in the west of Tennessee; 8:30 is 7:30 there.
    desk.bring_in(log(call("2026-03-12T08:30:00", "")))
    put(cast, region="Tennessee")
    run_jobs()
    assert found(cast) == [("Possible", "outside of the hours", ["us-tcpa"])]
    put(cast, postal_code="38103")  # Memphis
    with as_person(cast, cast.campaign_manager):
        windows.Judging.of(cast.engagement.pk).judge(DAY)
    assert found(cast) == [("Violation", "outside of the hours", ["us-tcpa"])]
    put(cast, lead_zone="America/New_York")
    with as_person(cast, cast.campaign_manager):
        windows.Judging.of(cast.engagement.pk).judge(DAY)
    assert found(cast) == []


def test_a_conflict_is_listed_even_where_the_call_is_allowed(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(log(call("2026-03-12T12:00:00", "+12125550101")))
    put(cast, region="CA")
    run_jobs()
    with as_person(cast, cast.client_lead):
        (each,) = selectors.verdicts(cast.engagement, kind="conflict")
        assert each.get_verdict_display() == "Allowed"
        assert each.said == "The number points to America/New_York, the state is California."
        assert WindowCount.objects.get().conflicts == 1


def test_four_calls_in_24_hours_across_imports(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(log(*(call(f"2026-03-12T{hour}:00:00", "(305) 555-0101") for hour in (11, 12, 13))))
    put(cast, region="FL")
    run_jobs()
    assert found(cast) == []
    desk.bring_in(log(call("2026-03-13T10:59:59", "+13055550101"), call("2026-03-13T12:30:00", "3055550102")))
    put(cast, region="FL")
    run_jobs()
    assert found(cast) == [("Violation", "too many calls to one number", ["us-fl"])]
    with as_person(cast, cast.client_lead):
        assert WindowVerdict.objects.get().said == "call 4 to this number in 24 hours"
    # A file that comes late, of the day before, makes the next morning's call the fifth and one of noon the fourth.
    desk.bring_in(log(call("2026-03-12T14:00:00", "305-555-0101")))
    put(cast, region="FL")
    run_jobs()
    with as_person(cast, cast.client_lead):
        told = list(WindowVerdict.objects.order_by("day").values_list("day", "said"))
    assert told == [
        (DAY, "call 4 to this number in 24 hours"),
        (date(2026, 3, 13), "call 5 to this number in 24 hours"),
    ]


def test_the_brief_narrows_when_it_is_signed(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(log(call("2026-03-12T08:30:00"), call("2026-03-12T19:30:00")))
    run_jobs()
    assert found(cast) == []
    terms = {
        "calling_hours": {
            "rows": [{"region": "New York", "code": "US-NY", "days": [0, 1, 2, 3, 4], "hours": [[540, 1140]]}]
        }
    }
    with backstage():
        CampaignBrief.objects.create(
            engagement=cast.engagement, version=1, terms=terms, content_hash="b" * 64,
            created_by=cast.campaign_manager, signed_at=datetime(2026, 3, 4, tzinfo=UTC),
        )  # fmt: skip
    with as_person(cast, cast.campaign_manager):
        windows.judge_stale(engagement_id=cast.engagement.pk)
    # Only the number says that this is New York: the brief binds there and nowhere else.
    assert found(cast) == [("Possible", "outside of the hours", ["brief-us-ny"])] * 2
    put(cast, region="NY")
    with backstage():
        WindowDay.objects.all().delete()
    with as_person(cast, cast.campaign_manager):
        windows.judge_stale(engagement_id=cast.engagement.pk)
    assert found(cast) == [("Violation", "outside of the hours", ["brief-us-ny"])] * 2


def test_a_rule_changed_here_judges_again_with_its_reason(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(log(call("2026-03-12T20:30:00")))
    run_jobs()
    assert found(cast) == []
    federal = next(rule for rule in shipped() if rule.code == "us-tcpa")
    stricter = replace(federal, days=read_hours({"Mon-Sun": "9:00–20:00"}))
    seat = cast.seat(cast.client_lead)
    with as_person(cast, cast.client_lead):
        with pytest.raises(Refused, match="Say why"):
            windows.change_rule(
                engagement=cast.engagement, by=seat, code="us-tcpa", rule=stricter, reason=" ", seen=0
            )
        windows.change_rule(
            engagement=cast.engagement, by=seat, code="us-tcpa", rule=stricter, seen=0,
            reason="The client calls nobody after eight.",
        )  # fmt: skip
        with pytest.raises(Refused, match="since the page was loaded"):
            windows.change_rule(
                engagement=cast.engagement, by=seat, code="us-tcpa", rule=None, reason="No reason", seen=0
            )
    assert run_jobs() == ["done"]
    assert found(cast) == [("Violation", "outside of the hours", ["us-tcpa"])]
    with as_person(cast, cast.client_lead):
        kept = WindowVerdict.objects.get().rules.content["rules"][0]
        assert (kept["version"], kept["status"], kept["reason"]) == (
            1, "agreed", "The client calls nobody after eight.",
        )  # fmt: skip
        assert WindowRules.objects.count() == 2
        windows.restore_rule(
            engagement=cast.engagement, by=seat, code="us-tcpa", reason="After nine again", seen=1
        )
    run_jobs()
    assert found(cast) == []


def test_what_is_left_out_needs_a_reason_and_is_counted(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    desk.bring_in(log(call("2026-03-12T06:00:00"), call("2026-03-12T06:30:00", lead_source="Opt-in")))
    with backstage():
        first = CallRecord.objects.order_by("called_at").first()
        CallRecord.objects.filter(pk=first.pk).update(direction="inbound")
        assert LeadSource.objects.filter(name="Opt-in").exists()
    run_jobs()
    assert len(found(cast)) == 2
    seat = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        flags = Flags(inbound=True, consent_sources=frozenset({"Opt-in"}))
        windows.leave_out(
            engagement=cast.engagement,
            by=seat,
            flags=flags,
            reason="Written consent is kept by the client.",
            seen=0,
        )
    run_jobs()
    assert found(cast) == []
    with as_person(cast, cast.client_lead):
        count = WindowCount.objects.get()
        assert (count.allowed, count.exempt) == (2, 2)


def test_a_callback_that_was_asked_for_is_spared_only_where_that_is_said(
    cast: Cast,
    desk: Desk,
    run_jobs: Run,
) -> None:
    desk.bring_in(
        log(call("2026-03-12T12:00:00", lead_id="L1", disposition="callback"),
            call("2026-03-12T22:00:00", lead_id="L1"), call("2026-03-12T22:00:00", "+12125550199", lead_id="L2"))
    )  # fmt: skip
    run_jobs()
    assert len(found(cast)) == 2
    with as_person(cast, cast.campaign_manager):
        windows.leave_out(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), flags=Flags(callbacks=True),
            reason="Leads name the hour themselves.", seen=0,
        )  # fmt: skip
    run_jobs()
    assert len(found(cast)) == 1


def test_dates_without_a_time_are_unknown_and_never_a_violation(
    cast: Cast, desk: Desk, run_jobs: Run
) -> None:
    desk.bring_in(log(call("2026-03-12"), call("2026-03-12T00:00:00", "+12125550102")))
    run_jobs()
    assert {(verdict, why) for verdict, why, _ in found(cast)} == {
        ("Unknown", "the file gives no time of day")
    }


def test_live_answers_without_an_agent_are_counted_where_the_codes_tell(
    cast: Cast,
    desk: Desk,
    run_jobs: Run,
) -> None:
    rows = [call(f"2026-03-12T10:00:{n:02}", disposition="not_interested") for n in range(30)]
    rows.append(call("2026-03-12T11:00:00", disposition="abandoned"))
    rows.append(call("2026-03-12T11:01:00", disposition="no_answer"))
    desk.bring_in(log(*rows))
    run_jobs()
    with as_person(cast, cast.client_lead):
        newest = selectors.drops(cast.engagement).newest
        assert (newest.answered, newest.abandoned, newest.too_many) == (31, 1, True)
    with backstage():
        Disposition.objects.update(system="uci-bank")
        Disposition.objects.filter(outcome="abandoned").update(outcome="other")
    with as_person(cast, cast.campaign_manager):
        windows.count_drops(cast.engagement)
        assert selectors.drops(cast.engagement).newest is None
