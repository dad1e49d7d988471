"""A report is frozen when it is asked for, made once in the background, and laid before its gate."""

import hashlib
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.models import TrailEntry
from common import clock
from common.errors import Refused
from engagements.models import CampaignBrief
from engagements.services import save_brief, sign_brief
from kpis.services.baseline import freeze_baseline
from milestones import services as milestones
from milestones.models import Evidence, Milestone
from reports import sentences as say
from reports import services, tasks
from reports.models import Deliverable
from reports.pdf import Rendered
from reports.render import compose
from reports.selectors.snapshot import take_snapshot
from reports.snapshots import Kind, digest, thaw
from tenancy import jobs
from tenancy.models import Job, JobState
from tests.briefs import whole_brief
from tests.factories import Cast
from tests.kpis import scene as kpis
from tests.milestones.scene import (
    CALENDAR,
    LATE,
    agree_date,
    as_person,
    brief_signed,
    finish_milestones,
    gate_of,
    locked,
    on_day,
    pass_checks,
    planned,
    roster_cleared,
)
from tests.reports.scene import asked, reloaded
from tests.stage import as_worker, backstage

RunJobs = Callable[[], list[str]]


def test_the_launch_plan_is_made_before_anything_is_signed(
    cast: Cast, run_jobs: RunJobs, files_root: Path
) -> None:
    with on_day(0):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        assert run_jobs() == ["done"]
    made = reloaded(cast, made)
    data = (files_root / made.path).read_bytes()
    assert data.startswith(b"%PDF-1.7")
    assert made.sha256 == hashlib.sha256(data).hexdigest()
    assert (made.size, made.version) == (len(data), 1)
    assert made.pages and made.pages > 3
    snapshot = thaw(made.snapshot)
    assert snapshot.locked_on is None
    assert snapshot.brief is None
    assert digest(snapshot) == made.snapshot_sha256
    with as_person(cast, cast.client_lead):
        actions = list(TrailEntry.objects.values_list("action", flat=True)[:2])
    assert actions == ["deliverable.built", "deliverable.requested"]


def test_the_launch_plan_tells_each_slip_with_who_accepted_it(cast: Cast) -> None:
    with on_day(4):
        locked(cast)
        agree_date(cast, "milestone-dialer-built", CALENDAR.date_of(7))
        with as_person(cast, cast.client_lead):
            taken = take_snapshot(cast.engagement, Kind.LAUNCH_PLAN, version=1)
    [slip] = taken.moved
    item = next(item for item in taken.plan if item.code == "dialer-built")
    assert (slip.title, slip.days, slip.side, slip.reason, slip.by) == (
        item.title,
        1,
        "client",
        LATE,
        "Mara Voss",
    )
    assert (slip.answer, slip.answered_by, slip.answered_on) == (
        "accepted",
        "Clara Lind",
        CALENDAR.date_of(4),
    )
    assert slip.along > 0
    assert (item.contracted, item.forecast, item.actual) == (CALENDAR.date_of(6), CALENDAR.date_of(7), None)


def test_a_job_that_runs_twice_makes_one_report(cast: Cast, run_jobs: RunJobs, files_root: Path) -> None:
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        run_jobs()
        first = reloaded(cast, made)
        with as_worker():
            Job.objects.filter(pk=first.job_id).update(state=JobState.QUEUED)
            assert jobs.run(first.job_id) == JobState.DONE
    second = reloaded(cast, made)
    assert (second.sha256, second.built_at) == (first.sha256, first.built_at)
    assert [path.suffix for path in (files_root / "reports").rglob("*") if path.is_file()] == [".pdf"]
    with as_person(cast, cast.client_lead):
        assert TrailEntry.objects.filter(action="deliverable.built").count() == 1


def test_a_worker_killed_after_the_file_was_written_makes_the_same_file_again(
    cast: Cast, run_jobs: RunJobs, files_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        with monkeypatch.context() as patched, as_worker(), pytest.raises(KeyboardInterrupt):
            patched.setattr(services.deliverables.trail, "record", _killed)
            jobs.run(made.job_id)
        before = next((files_root / "reports").rglob("*.pdf")).read_bytes()
        assert reloaded(cast, made).built_at is None
    with on_day(1, hour=12), as_worker():  # the dead worker's lease has run out
        assert made.job_id in dict(jobs.due())
        assert jobs.run(made.job_id) == JobState.DONE
    assert (files_root / reloaded(cast, made).path).read_bytes() == before


def _killed(**_: object) -> None:
    raise KeyboardInterrupt


def test_asking_twice_while_it_is_being_made_gives_one_version(cast: Cast, run_jobs: RunJobs) -> None:
    with on_day(1):
        planned(cast)
        assert asked(cast, Kind.LAUNCH_PLAN) == asked(cast, Kind.LAUNCH_PLAN)
        run_jobs()
        assert asked(cast, Kind.LAUNCH_PLAN).version == 2


def test_the_file_says_what_stood_when_it_was_asked_for(cast: Cast, run_jobs: RunJobs) -> None:
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        with backstage():
            cast.engagement.campaign = "Renamed later"
            cast.engagement.save()
        run_jobs()
    assert thaw(reloaded(cast, made).snapshot).campaign == "Spring windows"


def test_the_day_10_report_is_laid_before_its_gate_and_both_sides_pass_it(
    cast: Cast, run_jobs: RunJobs
) -> None:
    with on_day(10):
        locked(cast)
        brief_signed(cast)
        roster_cleared(cast)
        pass_checks(cast)
        finish_milestones(cast, "day-10")
        made = asked(cast, Kind.DAY_10)
        run_jobs()
        made = reloaded(cast, made)
        assert thaw(made.snapshot).gate is not None
        assert thaw(made.snapshot).gate.blockers == ()
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                gate = gate_of(cast, "day-10")
                assert gate.document_sha256 == made.sha256
                gate = milestones.sign_off(gate=gate, by=cast.seat(user), seen=made.sha256)
        assert gate.passed_at is not None
    with on_day(40):
        later = thaw(asked(cast, Kind.DAY_10).snapshot).gate
    assert later is not None
    assert later.passed_on == gate.passed_at
    assert later.blockers == ()
    assert [signature.side for signature in later.signatures] == ["client", "operator"]


def test_an_open_setup_is_told_and_not_hidden(cast: Cast) -> None:
    with on_day(9):
        locked(cast)
        made = asked(cast, Kind.DAY_10)
    snapshot = thaw(made.snapshot)
    assert snapshot.gate is not None
    assert "There is no campaign brief yet." in snapshot.gate.blockers
    assert not any("has not been made" in blocker for blocker in snapshot.gate.blockers)
    assert {check.result for check in snapshot.checks} == {"open"}


def test_the_day_30_report_holds_the_numbers_of_the_calls(cast: Cast, run_jobs: RunJobs) -> None:
    with on_day(30):
        planned(cast)
        kpis.sign_brief(cast)
        kpis.write_import(cast, [11, 30])
        kpis.write_facts(cast, kpis.WEAK_DAY, [11, 12, 15])
        kpis.write_facts(cast, kpis.GOOD_DAY, [13], "Referral")
        made = asked(cast, Kind.DAY_30)
        assert run_jobs() == ["done"]
    snapshot = thaw(made.snapshot)
    contact = snapshot.funnel[0]
    assert (contact.numerator, contact.denominator) == (220, 2000)
    assert (contact.target, contact.verdict) == (0.12, "missed")
    assert [source.source for source in snapshot.by_source] == ["Web form", "Referral"]
    assert [day.day for day in snapshot.by_day if day.dials is not None] == [11, 12, 13, 15]
    assert len(snapshot.by_day) == 20
    assert snapshot.imports[0].file_name == "march.csv"
    assert snapshot.brief is not None
    assert snapshot.brief.version == 1


def test_a_miss_stands_in_the_report_before_anybody_has_opened_a_finding(cast: Cast) -> None:
    with on_day(30):
        planned(cast)
        kpis.sign_brief(cast)
        kpis.write_facts(cast, kpis.WEAK_DAY, [11, 12, 15])
        snapshot = thaw(asked(cast, Kind.DAY_30).snapshot)
    assert [(f.metric, f.cause, f.review_day) for f in snapshot.findings] == [
        ("Contact rate", "", 30),
        ("Show rate", "", 30),
    ]
    assert "2 findings still lack a root cause" in compose(snapshot).second_sentence


def test_a_frozen_baseline_is_told_whole_and_by_the_brief_that_judged_it(cast: Cast) -> None:
    with on_day(30):
        planned(cast)
        kpis.sign_brief(cast)
        kpis.write_import(cast, [11, 30])
        kpis.write_facts(cast, kpis.WEAK_DAY, [11, 12, 15])
        with as_person(cast, cast.campaign_manager):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        kpis.sign_brief(cast, version=2, targets={"contact_rate": "0.01"})
        kpis.write_import(cast, [13, 13], "late.csv")
        kpis.write_facts(cast, kpis.GOOD_DAY, [13], "Referral")
        early = thaw(asked(cast, Kind.DAY_30).snapshot)
    with on_day(31):
        later = thaw(asked(cast, Kind.DAY_60).snapshot)
    assert early.funnel == early.baseline == later.baseline
    assert (early.funnel[0].numerator, early.funnel[0].denominator) == (150, 1500)
    assert [source.source for source in early.by_source] == ["Web form"]
    assert [fact.file_name for fact in early.imports] == ["march.csv"]
    assert early.brief is not None
    assert early.brief.version == 1
    assert later.brief is not None
    assert (later.brief.version, later.baseline_brief) == (2, 1)
    assert early.bottleneck is not None
    assert (early.bottleneck.code, later.bottleneck) == ("show_rate", early.bottleneck)


def test_the_bottleneck_is_a_rate_that_should_be_high(cast: Cast) -> None:
    """Bringing a ceiling down to its target says nothing about the cost per outcome."""
    with on_day(30):
        planned(cast)
        brief = kpis.sign_brief(cast)
        with backstage():
            brief.metrics.filter(key="show_rate").update(direction="down", target="0.01")
        kpis.write_facts(cast, kpis.WEAK_DAY, [11, 12, 15])
        with as_person(cast, cast.campaign_manager):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        told = thaw(asked(cast, Kind.DAY_30).snapshot)
    assert told.bottleneck is not None
    assert told.bottleneck.code == "contact_rate"
    assert told.bottleneck.saving == pytest.approx(1 / 6)
    assert [one.label for one in told.bottleneck.candidates if one.saving > 0] == ["Contact rate"]


def test_reports_quote_what_people_wrote_as_proof(cast: Cast) -> None:
    with on_day(29):
        planned(cast)
        with backstage():
            milestone = Milestone.objects.get(engagement=cast.engagement, code="closer-feedback")
            Evidence.objects.create(
                engagement=cast.engagement, milestone=milestone, text="They expect a price at once.",
                by=cast.closer_lead, by_name="Caleb Ross", at=clock.now(),
            )  # fmt: skip
        snapshot = thaw(asked(cast, Kind.DAY_30).snapshot)
    assert say.noted(snapshot, "closer-feedback") == (
        "They expect a price at once. (Caleb Ross, 30 Mar 2026)",
    )


@pytest.mark.parametrize("kind", [Kind.DAY_60, Kind.DAY_90])
def test_later_reports_are_made_without_any_data_and_say_so(
    cast: Cast, run_jobs: RunJobs, kind: Kind
) -> None:
    with on_day(90):
        planned(cast)
        made = asked(cast, kind)
        assert run_jobs() == ["done"]
    assert {stage.value for stage in thaw(made.snapshot).funnel} == {None}


def test_what_cannot_be_reported_yet_is_refused(cast: Cast) -> None:
    with on_day(5):
        with pytest.raises(Refused, match="There is no plan yet"):
            asked(cast, Kind.LAUNCH_PLAN)
        with pytest.raises(Refused, match="There is no campaign brief yet"):
            asked(cast, Kind.BRIEF)
        planned(cast)
        with pytest.raises(Refused, match="Day 11 is Thu 12 Mar: before it there is nothing to report"):
            asked(cast, Kind.DAY_30)


def test_only_those_who_may_make_reports_do(cast: Cast) -> None:
    with on_day(1):
        planned(cast)
        with pytest.raises(Refused, match="may not make deliverables"):
            asked(cast, Kind.LAUNCH_PLAN, cast.supervisor)
        assert asked(cast, Kind.LAUNCH_PLAN, cast.client_lead).version == 1


def test_a_failed_report_says_so_and_runs_again(
    cast: Cast, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        with monkeypatch.context() as patched:
            patched.setattr(tasks, "build_pdf", _full_disk)
            assert run_jobs() == ["failed"]
        assert reloaded(cast, made).job.error == "The disk is full."
        with as_person(cast, cast.client_lead):
            services.run_again(deliverable=made, by=cast.seat(cast.client_lead))
        assert run_jobs() == ["done"]
        with as_person(cast, cast.client_lead), pytest.raises(Refused, match="finished already"):
            services.run_again(deliverable=made, by=cast.seat(cast.client_lead))


def _full_disk(*_: object) -> Rendered:
    raise Refused("The disk is full.")


def test_nobody_changes_a_frozen_report(cast: Cast, run_jobs: RunJobs) -> None:
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        with as_person(cast, cast.client_lead), pytest.raises(DatabaseError), transaction.atomic():
            Deliverable.objects.filter(pk=made.pk).update(snapshot={})
        run_jobs()
    with as_person(cast, cast.client_lead), pytest.raises(DatabaseError), transaction.atomic():
        Deliverable.objects.filter(pk=made.pk).update(sha256="0" * 64)
    with as_person(cast, cast.client_lead), pytest.raises(DatabaseError), transaction.atomic():
        Deliverable.objects.filter(pk=made.pk).delete()


def test_who_may_no_longer_see_the_engagement_gets_no_report(cast: Cast, run_jobs: RunJobs) -> None:
    with on_day(1):
        planned(cast)
        made = asked(cast, Kind.LAUNCH_PLAN)
        with backstage():
            cast.engagement.participants.filter(user=cast.campaign_manager).update(
                ended_at="2026-03-02T00:00Z"
            )
            cast.campaign_manager.memberships.update(ended_at="2026-03-02T00:00Z")
        assert run_jobs() == ["failed"]
    assert reloaded(cast, made).built_at is None


def test_the_command_prints_path_and_hash(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.management.commands.build_deliverable.work_as_worker", lambda: None)
    out = StringIO()
    with on_day(1):
        planned(cast)
        with as_worker():
            call_command(
                "build_deliverable", engagement=str(cast.engagement.public_id), kind="launch-plan",
                as_user=cast.campaign_manager.email, stdout=out,
            )  # fmt: skip
    told = json.loads(out.getvalue().strip().splitlines()[-1])
    assert hashlib.sha256(Path(told["path"]).read_bytes()).hexdigest() == told["sha256"]
    assert (told["kind"], told["version"]) == ("launch-plan", 1)


def test_the_command_says_why_not(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.management.commands.build_deliverable.work_as_worker", lambda: None)
    here = {"engagement": str(cast.engagement.public_id), "kind": "day-30"}
    with on_day(5), as_worker():
        with pytest.raises(CommandError, match="There is no plan yet"):
            call_command("build_deliverable", **here, as_user=cast.campaign_manager.email)
        with pytest.raises(CommandError, match="sees no engagement"):
            call_command("build_deliverable", **here, as_user=cast.outsider.email)
        with pytest.raises(CommandError, match="nobody with the address"):
            call_command("build_deliverable", **here, as_user="nobody@example.org")
        with pytest.raises(CommandError, match="Say who asks: --as-user EMAIL"):
            call_command("build_deliverable", **here, as_user="")


def test_an_earlier_version_of_the_brief_gets_its_own_paper_once(cast: Cast, run_jobs: RunJobs) -> None:
    first = signed_version(cast, "About")
    signed_version(cast, "Otherwise")
    with as_person(cast, cast.campaign_manager):
        seat = cast.seat(cast.campaign_manager)
        old = services.request_deliverable(
            engagement=cast.engagement, kind=Kind.BRIEF, by=seat, brief_version=first.version
        )
        new = services.request_deliverable(engagement=cast.engagement, kind=Kind.BRIEF, by=seat)
    assert set(run_jobs()) == {"done"}
    said = thaw(reloaded(cast, old).snapshot).brief
    assert said is not None
    assert (said.version, said.content_hash) == (1, first.content_hash)
    assert len(said.signatures) == 2
    assert thaw(reloaded(cast, new).snapshot).brief.version == 2
    with as_person(cast, cast.campaign_manager):
        again = services.request_deliverable(
            engagement=cast.engagement, kind=Kind.BRIEF, by=seat, brief_version=1
        )
    assert again == old, "nothing more is to be said about it"


def signed_version(cast: Cast, words: str) -> CampaignBrief:
    """A next version of the brief with these words, signed by both sides."""
    with as_person(cast, cast.client_lead):
        newest = cast.engagement.briefs.order_by("-version").first()
        brief = save_brief(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), content=whole_brief(words),
            seen=newest.content_hash if newest else "",
        )  # fmt: skip
    for user in (cast.client_lead, cast.campaign_manager):
        with as_person(cast, user):
            sign_brief(
                engagement=cast.engagement, by=cast.seat(user), version=brief.version, seen=brief.content_hash
            )
    return brief
