"""The demo's people hold in their organisations the roles that the list of log-ins tells of them."""

from dataclasses import replace
from datetime import date
from unittest.mock import patch

import pytest
import structlog

from accounts.founding import found_organisation
from accounts.models import Membership, TrailEntry, User
from engagements.clearance import Lack
from engagements.models import Comment, Engagement, Mention
from engagements.roster import roster
from kpis.models import Restatement, SheetKind
from kpis.selectors import outcomes
from kpis.selectors.breaches import breaches, state_of
from kpis.selectors.closer_links import linked_transfers
from kpis.selectors.qa import calibration, launch_sample, live_days, meter, results_of, rounds, sample_gaps
from kpis.selectors.transfers import transfer_gaps
from milestones.selectors.playbooks import own_playbooks
from tenancy import context
from tests.stage import backstage, role
from workspace.demo import scripts
from workspace.demo.cast import CALEB, CLARA, HARBOUR, LENA, MARA, PEOPLE
from workspace.demo.own_playbook import TITLE
from workspace.demo.story import Story
from workspace.management.commands.demo_data import Command, quiet_jobs


@pytest.mark.django_db
def test_everybody_has_the_role_of_the_cast_once_the_first_engagement_is_open() -> None:
    users = {person: User.objects.create_user(email=person.email, name=person.name) for person in PEOPLE}
    seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    story = Story(scripts.AUTUMN, kickoff=date(2026, 9, 1), users=users)
    story.open(-6, seat)
    story.promote(-6, LENA, by=CLARA)
    with backstage():
        held = {member.user.email: member.role for member in Membership.objects.select_related("user")}
    with context.entered(user_id=users[CLARA].pk):
        [line] = TrailEntry.objects.filter(action="member.role_changed")
    assert held == {person.email: person.role for person in PEOPLE if person.email in held}
    assert {person.email for person in PEOPLE if person.organisation == HARBOUR} <= set(held)
    assert (line.subject, line.actor_name) == (LENA.name, CLARA.name)
    assert held[LENA.email] == "leader"


@pytest.mark.django_db
def test_the_demo_makes_its_ops_leader_one_once() -> None:
    done: list[str] = []
    verbs = [name for name in dir(Story) if not name.startswith("_") and name not in ("at", "acting")]
    with patch.multiple(Story, **{name: _noting(done, name) for name in verbs}):
        Command()._play()
    assert done[:2] == ["open", "promote"]
    assert done.count("promote") == 1


def _noting(done: list[str], name: str):  # type: ignore[no-untyped-def]  # stands in for methods of every shape
    return lambda *_, **__: done.append(name)


@pytest.mark.django_db
def test_people_of_both_sides_talk_where_the_work_is() -> None:
    users = {person: User.objects.create_user(email=person.email, name=person.name) for person in PEOPLE}
    seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    story = Story(scripts.SPRING, kickoff=date(2026, 9, 1), users=users)
    story.open(-4, seat)
    with role("app_worker"):
        for said in scripts.SPRING_SAID:
            story.say(*said[:4], private=said[4])
        story.mask_agents(11)
    with backstage():
        assert {comment.side for comment in Comment.objects.all()} == {"", "client", "operator"}
        assert Mention.objects.filter(mailed_at=None).count() == 0
        assert Engagement.objects.get().agents_masked_at is not None


@pytest.mark.django_db
def test_one_engagement_runs_on_the_operators_own_playbook_while_its_next_version_is_a_draft() -> None:
    users = {person: User.objects.create_user(email=person.email, name=person.name) for person in PEOPLE}
    seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    story = Story(scripts.HEAT, kickoff=date(2026, 9, 1), users=users)
    story.prepare_playbook(-2, seat)
    story.open(-1, seat)
    story.improve_playbook(2, seat)
    with context.entered(user_id=users[MARA].pk):
        [row] = own_playbooks(seat.organisation)
        book = story.engagement.plan.book
    assert (row.uses, row.published and row.published.version, row.draft and row.draft.version) == (1, 1, 2)
    assert book.title == TITLE and book.milestone("notice-to-the-energy-regulator-sent").day == 4


@pytest.mark.django_db
def test_qa_hears_a_sample_of_the_first_live_days_and_every_transfer_is_verified() -> None:
    users = {person: User.objects.create_user(email=person.email, name=person.name) for person in PEOPLE}
    seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    script = replace(scripts.SPRING, behaviour=replace(scripts.SPRING.behaviour, dials_a_day=80))
    story = Story(script, kickoff=date(2026, 9, 1), users=users)  # days 11 to 14 are a Friday to a Monday
    story.open(-4, seat)
    with role("app_worker"):
        story.pass_setup()
        story.write_scorecard(11)
        story.import_calls(14, 11, 14, hour=15, of=(11, 30))
        story.listen(14)
        story.verify_transfers(14)
        with story.at(14, 16), story.acting(MARA):
            sample = launch_sample(story.engagement)
            assert sample is not None
            found = meter(sample)
            assert (sample_gaps(story.engagement), transfer_gaps(story.engagement)) == ([], [])
            told = results_of(found.calls)
            (pair, *_) = calibration(rounds(story.engagement))
        story.import_calls(30, 15, 30, hour=20, of=(11, 30))
        story.listen(30, hour=20)
        with story.at(30, 21), story.acting(MARA):
            assert sample_gaps(story.engagement) == [] and len(live_days(story.engagement)) == 3
    assert found.total.open and found.total.unheard == 1
    assert (told.auto_fails, pair.calls, pair.too_few) == (1, 2, True)


@pytest.mark.django_db
def test_what_became_of_transfers_comes_by_a_file_and_by_a_closers_link() -> None:
    users = {person: User.objects.create_user(email=person.email, name=person.name) for person in PEOPLE}
    seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    script = replace(scripts.SPRING, behaviour=replace(scripts.SPRING.behaviour, dials_a_day=150))
    story = Story(script, kickoff=date(2026, 9, 1), users=users)
    story.open(-4, seat)
    ivo, nadia = scripts.CLOSERS
    with role("app_worker"):
        story.import_calls(24, 21, 24, hour=7, of=(11, 30))
        story.tell_outcomes(24, CALEB, first=21, last=22)
        used = story.link_for(24, CALEB, closer=ivo, first=23, last=24)
        story.closer_tells(24, used, but=1)
        unused = story.link_for(24, CALEB, closer=nadia, first=23, last=24)
        with story.at(24, 9):
            waiting = {bool(one.stage) for one in linked_transfers(used)}
            untold = {bool(one.stage) for one in linked_transfers(unused)}
            with story.acting(MARA):
                [file] = outcomes.sheets(story.engagement, SheetKind.OUTCOMES)
                told = {shown.link.closer: shown.told for shown in outcomes.links(story.engagement)}
                days = list(Restatement.objects.filter(engagement=story.engagement))
    assert file.kept and [reason for _, reason in file.refused] == ["No transfer with this lead is in."]
    assert waiting == {True, False} and untold == {False}
    assert told[ivo] and not told[nadia]
    assert {restated.cause for restated in days} == {"outcomes"}


@pytest.mark.django_db
def test_a_late_agent_is_a_breach_answered_and_a_new_script_leaves_one_behind_uncleared() -> None:
    users = {person: User.objects.create_user(email=person.email, name=person.name) for person in PEOPLE}
    seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    script = replace(scripts.SPRING, behaviour=replace(scripts.SPRING.behaviour, dials_a_day=20))
    story = Story(script, kickoff=date(2026, 9, 1), users=users)
    story.open(-4, seat)
    with role("app_worker"):
        story.pass_setup()
        story.import_calls(14, 11, 14, hour=15, of=(11, 30))
        story.admit_late(14)
        story.change_script(17, script.words[1], but={"tomas.beck"})
        story.import_calls(24, 21, 23)
        with story.at(24, 12), story.acting(MARA):
            people = roster(story.engagement)
            states = {(str(b.agent), b.get_reason_display(), state_of(b)) for b in breaches(story.engagement)}
    assert (people.in_use, len(people.cleared), len(people.listed)) == (2, 4, 5)
    assert [str(each.agent) for each in people.listed if people.missing(each)] == ["Tomas Beck"]
    assert states == {
        ("Wren Hall", Lack.NOT_LISTED.label, "accepted"),
        ("Tomas Beck", Lack.OUTDATED.label, "open"),
    }


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
