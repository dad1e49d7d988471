"""The demo is made once and looked at: who stands where, what the program finds in it, that it is the same again."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import structlog
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Membership, Organisation, TrailEntry, User
from accounts.roles import ParticipantRole
from common.days import Calendar
from common.hashing import content_hash
from common.wording import plural
from engagements.clearance import Lack
from engagements.kept import PAGE
from engagements.models import Agent, Comment, Engagement, Kept, Mention
from engagements.outcomes import Outcome
from engagements.roster import roster
from engagements.selectors import brief_in_force
from engagements.stages import Stage as Step
from kpis.bottleneck import Bottleneck, StageCounts, bottleneck, stages_of
from kpis.funnel import STAGE_OF_METRIC
from kpis.models import (
    CallRecord,
    EffectCheck,
    Finding,
    QaSample,
    Restatement,
    ScalingProposal,
    SheetKind,
)
from kpis.patterns import Count
from kpis.selectors import baseline, outcomes
from kpis.selectors.breaches import breaches, state_of
from kpis.selectors.closer_links import linked_transfers
from kpis.selectors.numbers import funnel
from kpis.selectors.optimisation import baseline_prices, computed
from kpis.selectors.qa import calibration, launch_sample, live_days, meter, results_of, rounds, sample_gaps
from kpis.selectors.signals import where_inside
from kpis.selectors.transfers import transfer_gaps
from kpis.signals.inside import inside
from milestones.models import Glance, Milestone
from milestones.selectors.agenda import MOST, agenda_of
from milestones.selectors.dates import key_of
from milestones.selectors.gate_standing import conditions_of
from milestones.selectors.gates import facts_of
from milestones.selectors.many import standings_of
from milestones.selectors.playbooks import own_playbooks
from milestones.selectors.reviews import next_of
from milestones.selectors.reviews import rows_of as rows_of_reviews
from milestones.selectors.standing import standing_of
from milestones.selectors.waits import shown_waiting, waits_of
from tenancy import context
from tests.databases import with_demo
from tests.play_demo import NOW
from tests.stage import backstage
from workspace.demo.calls import call_log
from workspace.demo.cast import BEN, CLARA, HELEN, LENA, MARA, NORA, PEOPLE, QUINN, Person
from workspace.demo.own_playbook import TITLE
from workspace.demo.plot import Script
from workspace.demo.scripts import ALARM, AUTUMN, BATTERY, HEAT, PATIO, SCRIPTS, SPRING, spring
from workspace.demo.story.scene import by_now
from workspace.management.commands.demo_data import Command, quiet_jobs
from workspace.selectors.duties import duties_of
from workspace.selectors.glances import all_waiting
from workspace.selectors.kept import renew
from workspace.selectors.operators import operators

JUDGED = [script for script in SCRIPTS if script.bottleneck]
NAMES = [script.campaign for script in JUDGED]


@dataclass(frozen=True)
class Demo:
    """The demo as it was made; `token` is that of the closer's link that waits."""

    users: Mapping[Person, User]
    token: str

    @contextmanager
    def seen_by(self, person: Person, script: Script | None = None) -> Iterator[Engagement]:
        """What this person sees now, in one engagement or (then any will do) outside of all."""
        with time_machine.travel(NOW, tick=False), context.entered(user_id=self.users[person].pk):
            found = Engagement.objects.select_related("client", "operator")
            engagement = found.get(campaign=script.campaign) if script else found.first()
            assert engagement is not None
            with context.entered(
                user_id=self.users[person].pk, engagement_id=engagement.pk if script else None
            ):
                yield engagement


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """All of it, in a database of its own."""
    usual = connection.settings_dict["NAME"]
    name = usual.replace("test_tollgate", "test_demo")
    with with_demo(name, tmp_path_factory.mktemp("files")) as token, django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            with backstage():
                by_address = {user.email: user for user in User.objects.all()}
            yield Demo({person: by_address[person.email] for person in PEOPLE}, token)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual


@pytest.mark.django_db
def test_everybody_has_the_role_and_the_organisation_of_the_cast(demo: Demo) -> None:
    with backstage():
        members = Membership.objects.select_related("user", "organisation")
        held = {member.user.email: (member.organisation.name, member.role) for member in members}
        names = Counter(Organisation.objects.values_list("name", flat=True))
    assert held == {person.email: (person.organisation, person.role) for person in PEOPLE}
    assert len(members) == len(PEOPLE), "nobody belongs to two organisations"
    assert set(names.values()) == {1}, "an organisation that is known is not made again"
    with demo.seen_by(CLARA):
        [line] = TrailEntry.objects.filter(action="member.role_changed")
    assert (line.subject, line.actor_name, held[LENA.email][1]) == (LENA.name, CLARA.name, "leader")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "day", "passed", "late"),
    [
        (AUTUMN, 93, 4, 0),
        (PATIO, 58, 2, 3),
        (SPRING, 34, 1, 0),
        (BATTERY, 12, 1, 0),
        (ALARM, 6, 0, 0),
        (HEAT, -2, 0, 0),
    ],
    ids=lambda value: value.campaign if isinstance(value, Script) else str(value),
)
def test_each_engagement_stands_on_its_day(
    demo: Demo, script: Script, day: int, passed: int, late: int
) -> None:
    with demo.seen_by(script.client_team[ParticipantRole.CLIENT_LEAD], script) as engagement:
        standing = standing_of(engagement)
        assert (engagement.client.name, engagement.operator.name) == (
            script.client_name,
            script.operator_name,
        )
        assert standing.calendar.day_of(standing.today) == day
        assert sum(gate.passed_at is not None for gate in standing.gates) == passed
        assert standing.calendar.slip == late


@pytest.mark.django_db
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.campaign)
def test_each_person_acts_as_themselves_and_time_never_goes_back(demo: Demo, script: Script) -> None:
    own = {person.name for person in (*script.operator_team.values(), *script.client_team.values())}
    with demo.seen_by(script.client_team[ParticipantRole.CLIENT_LEAD], script) as engagement:
        lines = list(TrailEntry.objects.filter(engagement_id=engagement.pk).order_by("sequence"))
    at = [line.at for line in lines]
    assert at and at == sorted(at) and at[-1] <= NOW
    by_link = {f"{name} (closer’s link)" for name in spring.CLOSERS}
    assert {line.actor_name for line in lines} <= own | by_link


@pytest.mark.django_db
@pytest.mark.parametrize("script", JUDGED, ids=NAMES)
def test_the_program_finds_the_bottleneck_that_was_put_in(demo: Demo, script: Script) -> None:
    true = script.bottleneck
    assert true is not None
    with demo.seen_by(script.operator_team[ParticipantRole.CAMPAIGN_MANAGER], script) as engagement:
        frozen = baseline(engagement)
        if frozen:
            numbers, found = frozen.funnel, computed(frozen, baseline_prices(engagement, frozen))
        else:
            day = engagement.calendar.launch
            numbers = funnel(engagement, day, NOW.date(), brief_in_force(engagement))
            found = bottleneck(stages_of(numbers.stages), seed=1)
        assert found.first is not None
        assert (found.first.key, found.clear) == (true.metric, True)
        rate = numbers.stage(true.metric)
        assert rate is not None
        [sits] = [
            one.most
            for one in where_inside(engagement, numbers.first, numbers.last, found.first, rate, {})
            if one.by == true.kind
        ]
        agents = Agent.objects.filter(engagement=engagement, name__in=true.places)
        places = true.places | set(agents.values_list("display_name", flat=True))
    assert sits is not None and sits.label in places


def test_the_true_bottleneck_differs_from_engagement_to_engagement() -> None:
    assert len({script.bottleneck.metric for script in JUDGED if script.bottleneck}) == len(JUDGED) == 4


@pytest.mark.parametrize("weekday", range(7), ids=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
@pytest.mark.parametrize("script", JUDGED, ids=NAMES)
def test_it_is_found_on_whichever_weekday_the_demo_is_made(script: Script, weekday: int) -> None:
    true = script.bottleneck
    assert true is not None
    today = date(2026, 10, 12) + timedelta(days=weekday)
    calendar = Calendar.contracted(today - timedelta(days=11 if script is BATTERY else 40))
    until = calendar.date_of(11 if script is BATTERY else 30).isoformat()
    rows = [row for row in _rows(script, calendar, 11, 30) if row["called_at"][:10] <= until]
    found = _found(script, rows)
    assert found.first is not None
    assert (found.first.key, found.clear) == (true.metric, True)
    target, stage = float(script.targets[true.metric]), STAGE_OF_METRIC[true.metric]
    groups: dict[str, list[int]] = {}
    for row in rows:
        depth = Outcome(row["disposition"]).stage
        if stage.before is not None and depth >= stage.before:
            counted = groups.setdefault(_place(row, true.kind), [0, 0])
            counted[0] += depth >= stage
            counted[1] += 1
    most = inside(true.kind, [Count(name, *counted) for name, counted in groups.items()], target, 30).most
    assert most is not None and most.label in true.places


def _rows(script: Script, calendar: Calendar, first: int, last: int) -> list[dict[str, str]]:
    """The calls of a period, made as the story makes them."""
    log = call_log(
        script.behaviour, calendar.date_of(first), calendar.date_of(last), script.seed + first,
        turns=[(calendar.date_of(day), turned) for day, turned in script.turns],
    )  # fmt: skip
    return list(csv.DictReader(io.StringIO(log.decode())))


def _found(script: Script, rows: list[dict[str, str]]) -> Bottleneck:
    reached = Counter(Outcome(row["disposition"]).stage for row in rows)
    counts = [sum(number for stage, number in reached.items() if stage >= depth) for depth in Step]
    return bottleneck(
        [
            StageCounts(key, key, counts[stage], counts[stage - 1], float(script.targets[key]))
            for key, stage in STAGE_OF_METRIC.items()
        ],
        seed=1,
    )


def _place(row: Mapping[str, str], kind: str) -> str:
    hour = int(row["called_at"][11:13])
    return {
        "lead source": row["lead_source"],
        "agent": row["agent"],
        "hour": f"{hour:02d}:00–{hour + 1:02d}:00",
    }[kind]


PERIODS = {
    AUTUMN.campaign: ((11, 30), (31, 60), (61, 90)),
    PATIO.campaign: ((11, 30), (31, 57)),
    SPRING.campaign: ((11, 30), (31, 33)),
    BATTERY.campaign: ((11, 30),),
}


@pytest.mark.django_db
@pytest.mark.parametrize("script", JUDGED, ids=NAMES)
def test_the_calls_are_the_same_when_they_are_made_again(demo: Demo, script: Script) -> None:
    with demo.seen_by(script.operator_team[ParticipantRole.CAMPAIGN_MANAGER], script) as engagement:
        calendar = engagement.calendar
        calls = CallRecord.objects.filter(engagement=engagement).select_related("agent")
        kept = Counter(
            (call.day, call.agent.name, call.depth >= Step.CONTACT) for call in calls if call.agent
        )
    last = max(day for day, _, _ in kept)
    again = Counter[tuple[date, str, bool]]()
    for first, end in PERIODS[script.campaign]:
        for row in _rows(script, calendar, first, end):
            day = date.fromisoformat(row["called_at"][:10])
            again[day, row["agent"], Outcome(row["disposition"]).stage >= Step.CONTACT] += day <= last
    assert kept == +again


def test_the_calls_are_those_of_every_other_machine() -> None:
    rows = [
        sorted(row.items())
        for script in JUDGED
        for row in _rows(script, Calendar.contracted(date(2026, 3, 2)), 11, 30)
    ]
    assert content_hash(rows)[:16] == "1f78e7b11a6080ad"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "engagements", "organisations"),
    [
        (MARA, (AUTUMN, SPRING, HEAT, BATTERY), 3),
        (NORA, (PATIO, ALARM), 3),
        (CLARA, (AUTUMN, SPRING, PATIO), 3),
        (LENA, (AUTUMN, SPRING, PATIO), 3),
        (BEN, (HEAT, BATTERY), 2),
        (HELEN, (ALARM,), 2),
    ],
    ids=lambda value: value.name if isinstance(value, Person) else "",
)
def test_the_wall_stands_between_the_operators_and_between_the_clients(
    demo: Demo, person: Person, engagements: tuple[Script, ...], organisations: int
) -> None:
    with demo.seen_by(person):
        seen = set(Engagement.objects.values_list("campaign", flat=True))
        known = set(Organisation.objects.values_list("name", flat=True))
    assert seen == {script.campaign for script in engagements}
    assert known == {name for script in engagements for name in (script.client_name, script.operator_name)}
    assert len(known) == organisations


@pytest.mark.django_db
def test_a_client_compares_its_two_operators_by_what_they_did(demo: Demo) -> None:
    with demo.seen_by(LENA):
        told = {row.operator.name: (row.on_time.on_time, row.on_time.due, row.sides) for row in operators()}
    assert told == {
        "Northline Calling": (2, 2, ()),
        "Ridgeway Outreach": (0, 1, (("Operator", 3),)),
    }


@pytest.mark.django_db
def test_the_first_plan_moved_nothing_and_the_second_one_stands(demo: Demo) -> None:
    with demo.seen_by(NORA, PATIO) as engagement:
        [check] = EffectCheck.objects.filter(engagement=engagement)
        finding = Finding.objects.get(engagement=engagement, metric_key="transfer_set_rate", review_day=30)
        plans = list(finding.plans.order_by("number"))
        assert (check.verdict, finding.round) == ("not_moved", 2)
        assert [plan.ended_at is None and plan.agreed_at is not None for plan in plans] == [False, True]


@pytest.mark.django_db
def test_the_plan_of_the_finished_engagement_moved_and_scaling_was_agreed(demo: Demo) -> None:
    with demo.seen_by(MARA, AUTUMN) as engagement:
        assert "moved" in EffectCheck.objects.filter(engagement=engagement).values_list("verdict", flat=True)
        [proposal] = ScalingProposal.objects.filter(engagement=engagement)
        assert proposal.answer == "accepted"
        assert engagement.agents_masked_at is not None


@pytest.mark.django_db
def test_day_6_has_blockers_on_both_sides(demo: Demo) -> None:
    with demo.seen_by(NORA, ALARM) as engagement:
        standing = standing_of(engagement)
        gate = standing.gates[0]
        conditions = conditions_of(facts_of(standing, gate), gate)
    sides = {blocker.side for condition in conditions for blocker in condition.blockers}
    assert sides >= {"client", "operator"}


@pytest.mark.django_db
def test_people_of_both_sides_talk_where_the_work_is(demo: Demo) -> None:
    with backstage():
        said = Comment.objects.filter(engagement__campaign=SPRING.campaign)
        assert {comment.side for comment in said} == {"", "client", "operator"}
        assert Mention.objects.filter(mailed_at=None).count() == 0


@pytest.mark.django_db
def test_one_engagement_runs_on_the_operators_own_playbook_while_its_next_version_is_a_draft(
    demo: Demo,
) -> None:
    with demo.seen_by(MARA, HEAT) as engagement:
        [row] = own_playbooks(engagement.operator)
        book = engagement.plan.book
    assert (row.uses, row.published and row.published.version, row.draft and row.draft.version) == (1, 1, 2)
    assert book.title == TITLE and book.milestone("notice-to-the-energy-regulator-sent").day == 4


@pytest.mark.django_db
def test_qa_hears_a_sample_of_the_first_live_days_and_every_transfer_is_verified(demo: Demo) -> None:
    with demo.seen_by(MARA, SPRING) as engagement:
        sample = launch_sample(engagement)
        assert sample is not None
        found = meter(sample)
        told = results_of(found.calls)
        (pair, *_) = calibration(rounds(engagement))
        assert (sample_gaps(engagement), transfer_gaps(engagement), len(live_days(engagement))) == ([], [], 3)
    assert found.total.open and found.total.unheard == 1
    assert (told.auto_fails, pair.calls, pair.too_few) == (1, 2, True)


@pytest.mark.django_db
@pytest.mark.parametrize("script", [AUTUMN, PATIO, SPRING], ids=lambda script: script.campaign)
def test_the_sample_of_the_first_live_days_is_heard_once_they_are_over(demo: Demo, script: Script) -> None:
    with demo.seen_by(script.operator_team[ParticipantRole.CAMPAIGN_MANAGER], script) as engagement:
        days = live_days(engagement)
        [heard] = Milestone.objects.filter(engagement=engagement, code="qa-sample")
        assert heard.done_on is not None and heard.done_on >= days[2], "a weekend may lie among them"


@pytest.mark.django_db
def test_what_became_of_transfers_comes_by_a_file_and_by_a_closers_link(demo: Demo) -> None:
    told_by, open_to = spring.CLOSERS
    with time_machine.travel(NOW, tick=False):
        untold = {bool(one.stage) for one in linked_transfers(demo.token)}
    with demo.seen_by(MARA, SPRING) as engagement:
        [file] = outcomes.sheets(engagement, SheetKind.OUTCOMES)
        told = {shown.link.closer: shown.told for shown in outcomes.links(engagement)}
        days = list(Restatement.objects.filter(engagement=engagement, cause="outcomes"))
    assert file.kept and [reason for _, reason in file.refused] == ["No transfer with this lead is in."]
    assert untold == {False}
    assert told[told_by] and not told[open_to]
    assert days


@pytest.mark.django_db
def test_a_late_agent_is_a_breach_answered_and_a_new_script_leaves_one_behind_uncleared(demo: Demo) -> None:
    with demo.seen_by(MARA, SPRING) as engagement:
        people = roster(engagement)
        states = {(str(b.agent), b.get_reason_display(), state_of(b)) for b in breaches(engagement)}
        assert Agent.objects.filter(engagement=engagement).count() == 5
    assert (people.in_use, len(people.cleared), len(people.listed)) == (2, 4, 5)
    assert [str(each.agent) for each in people.listed if people.missing(each)] == ["Tomas Beck"]
    assert states == {
        ("Wren Hall", Lack.NOT_LISTED.label, "accepted"),
        ("Tomas Beck", Lack.OUTDATED.label, "open"),
    }


def test_the_last_day_is_over_by_now_and_keeps_its_order() -> None:
    early = datetime(2026, 10, 14, 6, tzinfo=UTC)
    hours = [by_now(early.replace(hour=hour), early) for hour in (8, 9, 12, 17)]
    assert hours == sorted(hours) and hours[-1] == early and len(set(hours)) == 3
    late, before = early.replace(hour=19), early - timedelta(days=1)
    assert by_now(early, late) == early
    assert by_now(before, early) == before


def test_the_list_of_log_ins_names_everybody_once(capsys: pytest.CaptureFixture[str]) -> None:
    Command()._print_logins()
    said = capsys.readouterr().out
    assert all(said.count(person.email) == 1 and person.what in said for person in PEOPLE)
    assert "Ridgeway Outreach (operator)" in said and "Lakeside Home Security (client)" in said


def test_jobs_say_nothing_between_the_lines_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger("tenancy.jobs")
    with quiet_jobs():
        log.info("job started", job="reports.build")
        log.warning("job put off", job="reports.build")
    said = capsys.readouterr().out
    assert "job started" not in said
    assert "job put off" in said
    log.info("job ended", job="reports.build")
    assert "job ended" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.campaign)
def test_every_page_names_the_same_number_of_what_waits_for_each_side(demo: Demo, script: Script) -> None:
    """Overview, plan, gate, portfolio, agenda and My work count by one rule, for whoever of the two looks."""
    leads = (
        script.client_team[ParticipantRole.CLIENT_LEAD],
        script.operator_team[ParticipantRole.CAMPAIGN_MANAGER],
    )
    for person in leads:
        with demo.seen_by(person, script) as engagement:
            standing = standing_of(engagement)
            waiting, waits = shown_waiting(standing), waits_of(standing)
            tally, by_side = waiting.tally, waiting.tally.by_side
            [alone] = standings_of([engagement])
            assert all_waiting([alone])[engagement.pk] == waiting, "read for many as read for one"
            assert {part.side.value: len(part.items) for part in waits.sides} == by_side
            assert len(waits.both) == tally.calendar
            duties = duties_of([standing], {engagement.pk: waiting})[engagement.pk]
            told = [duty for duty in duties if duty.counts]
            assert {
                side: sum(duty.counts for duty in told if side == duty.side) for side in by_side
            } == by_side
            assert all(duty.roles or duty.owner for duty in told), "each is on somebody's My work"
            if coming := next_of(rows_of_reviews(standing)):
                points = [point.kind for point in agenda_of(standing, coming.review)]
                assert points.count("blocker") == min(tally.total, MOST + 1)
            gate = standing.next_gate
        with time_machine.travel(NOW, tick=False), override_settings(DEMO=True):
            seen = Client()
            seen.force_login(demo.users[person])
            base = f"/e/{engagement.public_id}/"
            pages = [seen.get(base).text, seen.get(f"{base}plan/").text]
            if gate:
                pages.append(seen.get(f"{base}gates/{gate.public_id}/").text)
            for page in pages:
                assert tally.text in page
            for page in pages[:2]:
                for side, count in by_side.items():
                    assert f"Waits on the {side}: {plural(count, 'open item')}" in page
        with demo.seen_by(person):
            renew()
            row = Glance.objects.get(engagement=engagement)
            assert row.facts["waiting"] == by_side


# The pages of an engagement that keep pieces as HTML and are named by it alone.
KEPT_PAGES = (
    "workspace:overview", "milestones:plan", "milestones:setup", "kpis:numbers", "kpis:signals", "kpis:moved",
    "kpis:compare", "kpis:response", "kpis:hours", "kpis:optimisation", "kpis:qa", "kpis:windows",
    "kpis:forward",
)  # fmt: skip
BY_CHANCE = re.compile(r'((?:name="csrfmiddlewaretoken" value|nonce)=)"[^"]*"')


def _kept_pages(engagement: Engagement) -> list[str]:
    """Their addresses, and those of the next gate's record, of the next review and of a sample."""
    standing = standing_of(engagement)
    gate, coming = standing.next_gate, next_of(rows_of_reviews(standing))
    sample = QaSample.objects.filter(engagement=engagement).earliest("pk")
    assert gate is not None and coming is not None
    # One that is done, one that is open.
    milestones = [standing.milestones[0], next(one for one in standing.milestones if not one.done_on)]
    return [
        *(reverse(name, args=[engagement.public_id]) for name in KEPT_PAGES),
        *(
            reverse("milestones:milestone", args=[engagement.public_id, item.public_id])
            for item in milestones
        ),
        reverse("milestones:dates", args=[engagement.public_id, key_of(milestones[-1])]),
        reverse("milestones:dates", args=[engagement.public_id, "launch"]),
        reverse("milestones:check", args=[engagement.public_id, standing.checks[0].public_id]),
        reverse("milestones:gate_certificate", args=[engagement.public_id, gate.public_id]),
        reverse("milestones:review", args=[engagement.public_id, coming.review.public_id]),
        reverse("kpis:qa_queue", args=[engagement.public_id, sample.public_id]),
    ]


@pytest.mark.django_db
def test_a_page_is_the_same_whether_it_was_drawn_for_oneself_or_for_somebody_else(demo: Demo) -> None:
    """Of the other side, of another role: what is kept knows nothing of who looked first."""
    people = (MARA, QUINN, LENA, CLARA)
    with demo.seen_by(MARA, SPRING) as engagement:
        addresses = _kept_pages(engagement)
    with time_machine.travel(NOW, tick=False), override_settings(DEMO=True):
        seen = {person: Client() for person in people}
        for person, client in seen.items():
            client.force_login(demo.users[person])

        def look(person: Person, address: str, *, fresh: bool = False) -> str:
            if fresh:
                with backstage():
                    Kept.objects.all().delete()
            answer = seen[person].get(address)
            assert answer.status_code == 200, address
            return BY_CHANCE.sub(r"\1", answer.text)

        for address in addresses:
            own = {person: look(person, address, fresh=True) for person in people}
            with backstage():
                assert Kept.objects.filter(part__startswith=PAGE).exists(), f"{address} keeps pieces"
            for person in people[:-1]:
                assert look(person, address) == own[person], f"{address}: {person.name} after {CLARA.name}"
            look(MARA, address, fresh=True)
            assert look(CLARA, address) == own[CLARA], f"{address}: {CLARA.name} after {MARA.name}"


@pytest.mark.django_db
def test_what_lets_a_script_run_is_of_each_answer_alone(demo: Demo) -> None:
    """A page with a chart that is kept for its reader: its header names what its inline script carries."""
    with demo.seen_by(NORA, PATIO) as engagement:
        address = reverse("kpis:optimisation", args=[engagement.public_id])
    with time_machine.travel(NOW, tick=False), override_settings(DEMO=True):
        client = Client()
        client.force_login(demo.users[NORA])
        answers = [client.get(address) for _ in range(3)]
    told = [re.findall(r' nonce="([^"]*)"', answer.text) for answer in answers]
    assert all(told), "the effect of a plan is drawn"
    for answer, nonces in zip(answers, told, strict=True):
        assert all(
            nonce and f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"] for nonce in nonces
        )
    assert len({nonce for nonces in told for nonce in nonces}) == len(answers)
