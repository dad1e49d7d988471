"""A plan comes from the playbook, is locked by both sides, and moves only with a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from accounts.models import TrailEntry
from common.days import WhenOff, local_date
from common.errors import Refused
from engagements.models import Engagement, Participant
from engagements.work import WorkRules
from milestones import playbook, services
from milestones.models import Gate, Milestone, Plan, PlanLock, ReadinessCheck, Review, Slip
from milestones.selectors.standing import standing_of
from tests.factories import Cast, ParticipantFactory
from tests.milestones.scene import (
    CALENDAR,
    agree_date,
    as_person,
    locked,
    on_day,
    pass_checks,
    planned,
    ready_for_day_10,
)
from tests.stage import backstage

BOOK = playbook.load("calling-90-days")
REASON = "Transfer line 2 does not connect."


def test_a_plan_holds_every_item_of_its_playbook_with_date_and_owner(cast: Cast) -> None:
    plan = planned(cast)
    with as_person(cast, cast.client_lead):
        assert (plan.playbook, plan.playbook_version) == (BOOK.code, BOOK.version)
        milestones = list(Milestone.objects.all())
        assert {item.code for item in milestones} == {spec.code for spec in BOOK.milestones}
        assert all(item.forecast_on == CALENDAR.date_of(item.day) for item in milestones)
        assert all(item.contracted_on is None for item in milestones)
        assert {item.owner.role for item in milestones if item.owner} == {item.role for item in BOOK.owned()}
        assert all(item.owner and item.owner.side == item.side for item in milestones)
        assert ReadinessCheck.objects.count() == len(BOOK.checks)
        assert Review.objects.count() == len(BOOK.reviews)
        assert [gate.code for gate in Gate.objects.all()] == ["day-10", "day-30", "day-60", "day-90"]


def test_an_engagement_has_one_plan(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="has its launch plan already"):
        planned(cast)


def test_only_who_may_edit_plans_or_open_engagements_makes_one(cast: Cast) -> None:
    for user in (cast.supervisor, cast.closer_lead):
        with as_person(cast, user), pytest.raises(Refused, match="may not change the plan"):
            services.create_plan(engagement=cast.engagement, by=cast.seat(user))
    with as_person(cast, cast.operator_leader):
        assert services.create_plan(engagement=cast.engagement, by=cast.seat(cast.operator_leader)).pk


def test_owners_join_later_and_are_filled_in_by_role(cast: Cast) -> None:
    with backstage():
        Participant.objects.filter(user=cast.closer_lead).update(ended_at="2026-03-01T00:00:00Z")
    planned(cast)
    with as_person(cast, cast.campaign_manager):
        assert Milestone.objects.filter(owner=None).count() == 1
        seat = cast.seat(cast.campaign_manager)
        assert services.fill_owners(engagement=cast.engagement, by=seat) == 0
    with backstage():
        Participant.objects.filter(user=cast.closer_lead).update(ended_at=None)
    with as_person(cast, cast.campaign_manager):
        assert services.fill_owners(engagement=cast.engagement, by=seat) == 2
        assert not Milestone.objects.filter(owner=None).exists()


def test_both_sides_lock_and_the_contracted_dates_are_frozen(cast: Cast) -> None:
    plan = locked(cast)
    with as_person(cast, cast.client_lead):
        assert plan.locked_at
        engagement = Engagement.objects.get(pk=cast.engagement.pk)
        assert engagement.contracted_launch_on == CALENDAR.launch
        for model in (Milestone, ReadinessCheck, Review, Gate):
            assert all(item.contracted_on == CALENDAR.date_of(item.day) for item in model.objects.all())
        actions = list(TrailEntry.objects.order_by("sequence").values_list("action", flat=True))
        assert actions == ["plan.created", "plan.locked", "plan.locked", "plan.frozen", "milestone.completed"]
        asked = Milestone.objects.get(code="timeline-locked")
        locks = [(lock.name, local_date(lock.signed_at, engagement.zone)) for lock in plan.locks.all()]
        assert asked.done_on == max(on for _, on in locks), "the plan and the milestone tell one day"
        (proof,) = asked.evidence.all()
        assert all(name in str(proof) for name, _ in locks)


def test_one_side_alone_does_not_lock_the_timeline(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead):
        seat, seen = cast.seat(cast.client_lead), standing_of(cast.engagement).digest
        plan = services.lock_plan(engagement=cast.engagement, by=seat, seen=seen)
        assert plan.locked_at is None
        assert standing_of(cast.engagement).locked_by == {"client"}
        with pytest.raises(Refused, match="The client has locked the timeline already"):
            services.lock_plan(engagement=cast.engagement, by=seat, seen=seen)


def test_a_lock_on_a_stale_page_is_refused(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead):
        with pytest.raises(Refused, match="The plan has changed since this page was opened"):
            services.lock_plan(engagement=cast.engagement, by=cast.seat(cast.client_lead), seen="0" * 64)
        assert not PlanLock.objects.exists()


def test_a_change_after_one_lock_asks_that_side_again(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead):
        seat, seen = cast.seat(cast.client_lead), standing_of(cast.engagement).digest
        services.lock_plan(engagement=cast.engagement, by=seat, seen=seen)
        review = Milestone.objects.select_related("owner").get(code="script-review")
        services.change_milestone(milestone=review, by=seat, owner=review.owner, day=6, start=5)
        assert standing_of(cast.engagement).locked_by == frozenset()
        seen = standing_of(cast.engagement).digest
        services.lock_plan(engagement=cast.engagement, by=seat, seen=seen)
        assert standing_of(cast.engagement).locked_by == {"client"}


def test_a_plan_with_an_item_that_nobody_owns_is_not_locked(cast: Cast) -> None:
    with backstage():
        Participant.objects.filter(user=cast.closer_lead).update(ended_at="2026-03-01T00:00:00Z")
    planned(cast)
    with as_person(cast, cast.client_lead):
        seen = standing_of(cast.engagement).digest
        with pytest.raises(Refused) as refused:
            services.lock_plan(engagement=cast.engagement, by=cast.seat(cast.client_lead), seen=seen)
    assert refused.value.reasons == [
        "“Early close feedback from the closers” has no named owner.",
        "“A transferred lead reaches a closer with the right briefing” has no named owner.",
    ]


def test_what_is_done_needs_no_owner_for_the_lock(cast: Cast) -> None:
    planned(cast)
    with backstage():
        Milestone.objects.filter(code="dialer-built").update(
            owner=None, done_on=CALENDAR.date_of(1), done_by=cast.campaign_manager
        )
    with as_person(cast, cast.client_lead):
        seen = standing_of(cast.engagement).digest
        services.lock_plan(engagement=cast.engagement, by=cast.seat(cast.client_lead), seen=seen)
        assert standing_of(cast.engagement).locked_by == {"client"}


def test_a_side_changes_only_what_is_its_own(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.client_lead), pytest.raises(Refused, match="somebody of the operator changes"):
        item = Milestone.objects.select_related("owner").get(code="dialer-built")
        services.change_milestone(
            milestone=item, by=cast.seat(cast.client_lead), owner=item.owner, day=7, start=4
        )
    with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="instead of nobody"):
        services.change_milestone(
            milestone=item, by=cast.seat(cast.campaign_manager), owner=None, day=7, start=4
        )


def test_who_may_lock(cast: Cast) -> None:
    planned(cast)
    for user in (cast.supervisor, cast.closer_lead, cast.client_leader):
        with as_person(cast, user), pytest.raises(Refused, match="may not lock the plan"):
            services.lock_plan(engagement=cast.engagement, by=cast.seat(user), seen="x")


def test_owner_and_day_change_before_the_lock_and_not_after(cast: Cast) -> None:
    planned(cast)
    seat = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        item = Milestone.objects.get(code="dialer-built")
        qa = Participant.objects.get(user=cast.qa_lead)
        changed = services.change_milestone(milestone=item, by=seat, owner=qa, day=7, start=4)
        assert (changed.owner, changed.day, changed.forecast_on) == (qa, 7, CALENDAR.date_of(7))
        with pytest.raises(Refused, match="The day has to lie in its phase"):
            services.change_milestone(milestone=item, by=seat, owner=qa, day=12, start=4)
        with pytest.raises(Refused, match="its owner belongs to the operator"):
            client = Participant.objects.get(user=cast.client_lead)
            services.change_milestone(milestone=item, by=seat, owner=client, day=7, start=4)
    for user in (cast.campaign_manager, cast.client_lead):
        with as_person(cast, user):
            seen = standing_of(cast.engagement).digest
            services.lock_plan(engagement=cast.engagement, by=cast.seat(user), seen=seen)
    with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="locked the timeline"):
        services.change_milestone(milestone=item, by=seat, owner=qa, day=6, start=4)


def test_a_locked_milestone_is_handed_over_within_its_role_and_its_dates_stand(cast: Cast) -> None:
    locked(cast)
    with backstage():
        item = Milestone.objects.get(code="dialer-built")
        second = ParticipantFactory(engagement=cast.engagement, role=item.owner_role, side=item.side)
        other = Participant.objects.filter(side=item.side).exclude(role=item.owner_role).first()
    seat = cast.seat(cast.campaign_manager)
    same = {"day": item.day, "start": item.start_day}
    with as_person(cast, cast.campaign_manager):
        with pytest.raises(Refused, match="can take this over"):
            services.change_milestone(milestone=item, by=seat, owner=other, **same)
        changed = services.change_milestone(milestone=item, by=seat, owner=second, **same)
        assert (changed.owner, changed.contracted_on, changed.forecast_on) == (
            second, item.contracted_on, item.forecast_on,
        )  # fmt: skip
        assert TrailEntry.objects.filter(action="milestone.handed_over").count() == 1
        assert standing_of(cast.engagement).locked


def test_a_moved_launch_moves_everything_after_it_and_keeps_the_slip(cast: Cast) -> None:
    locked(cast)
    seat = cast.seat(cast.campaign_manager)
    to = CALENDAR.launch + timedelta(days=3)
    with as_person(cast, cast.campaign_manager), on_day(11):
        days = services.move_launch(
            engagement=cast.engagement, by=seat, launch=to, reason=REASON, side="operator"
        )
        slip = Slip.objects.get()
        assert days == 3
        assert (slip.days, slip.side, slip.reason) == (3, "operator", REASON)
        moved = CALENDAR.with_launch(to)
        for model in (Milestone, ReadinessCheck, Review, Gate):
            for item in model.objects.all():
                assert item.forecast_on == moved.date_of(item.day)
                assert item.contracted_on == CALENDAR.date_of(item.day)
        standing = standing_of(Engagement.objects.get(pk=cast.engagement.pk))
        assert standing.locked_by == {"client", "operator"}
        assert standing.calendar.slip == 3
        entry = TrailEntry.objects.get(action="launch.moved")
        assert (entry.before, entry.after) == (
            {"launch": "2026-03-12"}, {"launch": "2026-03-15", "side": "operator", "days": 3},
        )  # fmt: skip


MONDAY_TO_FRIDAY = WorkRules(weekdays=(1, 2, 3, 4, 5), when_off=WhenOff.NEXT)


def test_other_working_days_date_everything_anew_until_the_first_lock(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.campaign_manager), on_day(1):
        by = cast.seat(cast.campaign_manager)
        assert services.change_work(engagement=cast.engagement, by=by, rules=MONDAY_TO_FRIDAY)
        assert not services.change_work(engagement=cast.engagement, by=by, rules=MONDAY_TO_FRIDAY)
        engagement = Engagement.objects.get(pk=cast.engagement.pk)
        assert engagement.calendar.due(6) == date(2026, 3, 9), "day 6 is Saturday 7 March"
        for model in (Milestone, ReadinessCheck, Review, Gate):
            for item in model.objects.all():
                assert item.forecast_on == engagement.calendar.due(item.day)
        [line] = TrailEntry.objects.filter(action="plan.work_changed")
        assert "Monday to Friday" in line.after["working days"]
        assert "any day of the week" in line.before["working days"]
        with pytest.raises(Refused, match="no country"):
            services.change_work(engagement=engagement, by=by, rules=WorkRules(country="XX"))
    with as_person(cast, cast.client_lead), on_day(1):
        seen = standing_of(engagement).digest
        services.lock_plan(engagement=engagement, by=cast.seat(cast.client_lead), seen=seen)
    with (
        as_person(cast, cast.campaign_manager),
        pytest.raises(Refused, match="A side has locked the timeline"),
    ):
        services.change_work(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), rules=WorkRules()
        )
    with as_person(cast, cast.supervisor), pytest.raises(Refused, match="may not"):
        services.change_work(engagement=cast.engagement, by=cast.seat(cast.supervisor), rules=WorkRules())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reason": "late"}, "Say in a sentence why the date moves"),
        ({"side": "weather"}, "Say whose side the delay was on"),
        ({"launch": date(2026, 3, 12)}, "That is its date already"),
        ({"launch": date(2026, 3, 9)}, "The launch cannot come before 12 March 2026"),
    ],
)
def test_the_launch_does_not_move_without_reason_side_and_a_later_date(
    cast: Cast, change: dict[str, object], reason: str
) -> None:
    locked(cast)
    wish = {"launch": date(2026, 3, 15), "reason": REASON, "side": "client", **change}
    with as_person(cast, cast.campaign_manager), on_day(10):
        with pytest.raises(Refused, match=reason):
            services.move_launch(engagement=cast.engagement, by=cast.seat(cast.campaign_manager), **wish)
        assert not Slip.objects.exists()


def test_what_both_sides_lock_is_contracted_and_a_move_before_that_is_no_slip(cast: Cast) -> None:
    planned(cast)
    to = CALENDAR.launch + timedelta(days=5)
    with on_day(2):
        with as_person(cast, cast.client_lead):
            seat, seen = cast.seat(cast.client_lead), standing_of(cast.engagement).digest
            services.lock_plan(engagement=cast.engagement, by=seat, seen=seen)
        with as_person(cast, cast.campaign_manager):
            services.move_launch(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager), launch=to,
                reason="The client asked to start later.", side="client",
            )  # fmt: skip
            standing = standing_of(Engagement.objects.get(pk=cast.engagement.pk))
            assert (standing.locked_by, standing.calendar.slip) == (frozenset(), 0)
            assert not Slip.objects.exists()
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                engagement = Engagement.objects.get(pk=cast.engagement.pk)
                seen = standing_of(engagement).digest
                services.lock_plan(engagement=engagement, by=cast.seat(user), seen=seen)
        with as_person(cast, cast.campaign_manager):
            engagement = Engagement.objects.get(pk=cast.engagement.pk)
            assert engagement.contracted_launch_on == to
            agreed = CALENDAR.with_launch(to)
            assert all(item.contracted_on == agreed.date_of(item.day) for item in Milestone.objects.all())
        agree_date(cast, "launch", to - timedelta(days=3), reason="Everything is ready sooner.")
        with as_person(cast, cast.campaign_manager):
            standing = standing_of(Engagement.objects.get(pk=cast.engagement.pk))
            assert (standing.calendar.slip, standing.slip_text) == (-3, "3 days earlier")


def test_after_clearance_the_launch_date_stands(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    with on_day(10):
        for user in (cast.campaign_manager, cast.client_lead):
            with as_person(cast, user):
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
        with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="the launch date stands"):
            services.move_launch(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager), launch=date(2026, 3, 20),
                reason=REASON, side="operator",
            )  # fmt: skip


def test_two_thirds_of_a_plan_are_no_plan(cast: Cast) -> None:
    """A plan that cannot be made whole is not made at all."""
    with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="not offered"):
        services.create_plan(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), playbook="unknown"
        )
    with backstage():
        assert not Plan.objects.exists()
    pass_checks(cast)


def test_a_plan_keeps_the_whole_playbook_that_it_started_with(cast: Cast) -> None:
    plan = planned(cast)
    with as_person(cast, cast.campaign_manager):
        kept = Plan.objects.get(pk=plan.pk)
        assert kept.book == BOOK == standing_of(cast.engagement).playbook


def test_a_later_edition_of_the_file_changes_no_running_engagement(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(cast)
    later = replace(BOOK, version=BOOK.version + 1, phases=BOOK.phases[:1], milestones=BOOK.milestones[:1])
    monkeypatch.setattr(playbook, "load", lambda code: later)
    with as_person(cast, cast.campaign_manager):
        assert standing_of(cast.engagement).playbook == BOOK


def test_the_database_keeps_the_playbook_of_a_plan(cast: Cast) -> None:
    plan = planned(cast)
    with backstage(), pytest.raises(DatabaseError, match="keeps the playbook"):
        Plan.objects.filter(pk=plan.pk).update(playbook_content={})
