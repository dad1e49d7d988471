"""Reviews are dated, held and closed; their actions end or carry over."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from accounts.models import Membership
from common import clock
from common.errors import Refused
from engagements.clearance import Lack
from engagements.models import Agent
from kpis.models import Breach
from milestones.models import ActionItem, CarryOver, Evidence, Milestone, Review
from milestones.selectors.agenda import agenda_of
from milestones.selectors.reminders import owed_on
from milestones.selectors.reviews import (
    actions_of,
    date_of,
    draft_digest,
    minutes_of,
    moment_of,
    open_actions,
)
from milestones.selectors.standing import standing_of
from milestones.selectors.waits import waits_of
from milestones.services import actions, complete_milestone, propose_date
from milestones.services import reviews as services
from milestones.services.reviews import Appointment
from tenancy.models import Job
from tests.factories import Cast
from tests.milestones.reviewing import add_action, hold, launched, person, review_of
from tests.milestones.scene import CALENDAR, NOTE, agree_date, as_person, on_day
from tests.stage import backstage

TEN = time(10)
DAY_14, DAY_18, DAY_25 = (CALENDAR.date_of(day) for day in (14, 18, 25))
MOVE = ("Move the second attempts to the evening.", DAY_18)


@pytest.fixture(autouse=True)
def _launched(cast: Cast) -> Iterator[None]:
    with on_day(9):
        launched(cast)
    with on_day(14):
        yield


def test_the_signed_gate_makes_the_weekly_reviews_once(cast: Cast) -> None:
    with as_person(cast, cast.campaign_manager):
        weekly = Review.objects.filter(engagement=cast.engagement, kind="weekly")
        assert [review.day for review in weekly] == [18, 25, 39, 53, 67, 74, 81]
        assert services.plan_rhythm(engagement=cast.engagement, by=cast.seat(cast.campaign_manager)) == 0


def test_a_date_invites_everybody_who_must_attend(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    with as_person(cast, cast.campaign_manager):
        to = Appointment(on=DAY_14, starts=TEN, place="Room 4")
        done = services.schedule(
            review=review_of(cast), by=cast.seat(cast.campaign_manager), to=to, link="https://t/r"
        )
        moment = moment_of(done)
        assert moment is not None
        assert moment.isoformat() == "2026-03-15T10:00:00-04:00"
        again = services.schedule(review=review_of(cast), by=cast.seat(cast.campaign_manager), to=to)
        assert again.sequence == 1
    assert run_jobs()[-1] == "done"
    [message] = [m for m in mail.outbox if "Day-14 review" in m.subject]
    assert set(message.to) == {
        "mara@example.org",
        "sam@example.org",
        "quinn@example.org",
        "clara@example.org",
    }
    raw = message.message().as_string()
    assert "text/calendar" in raw
    assert 'method="REQUEST"' in raw.replace("'", '"') or "method=REQUEST" in raw
    with as_person(cast, cast.campaign_manager):
        assert review_of(cast).invited_sequence == 1


def test_another_date_needs_a_reason_and_raises_the_number(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    by = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        weekly = review_of(cast, "week-1")
        services.schedule(review=weekly, by=by, to=Appointment(on=DAY_18, starts=TEN))
        later = Appointment(on=DAY_18 + timedelta(days=2), starts=TEN)
        with pytest.raises(Refused, match="Say why it moves"):
            services.schedule(review=weekly, by=by, to=later)
        moved = services.schedule(
            review=weekly, by=by, to=Appointment(on=later.on, starts=TEN, reason="Clara is away")
        )
        assert (moved.sequence, moved.move_reason) == (2, "Clara is away")
        assert date_of(moved) == later.on
    run_jobs()
    # The first invitation was overtaken before it was sent.
    assert [m.subject for m in mail.outbox if "week 1" in m.subject] == [
        "Weekly review, week 1 after launch: Spring windows: new date or place"
    ]


def test_the_review_of_a_day_comes_later_only_by_agreement(cast: Cast) -> None:
    by, late = cast.seat(cast.campaign_manager), DAY_14 + timedelta(days=1)
    wish = Appointment(on=late, starts=TEN, reason="Clara is away")
    with as_person(cast, cast.campaign_manager):
        with pytest.raises(Refused, match="both sides have locked it: propose a later date"):
            services.schedule(review=review_of(cast), by=by, to=wish)
        assert (review_of(cast).planned_on, review_of(cast).sequence) == (None, 0)
    agree_date(cast, "milestone-review-day-14", late)
    with as_person(cast, cast.campaign_manager):
        done = services.schedule(review=review_of(cast), by=by, to=wish)
        assert (date_of(done), done.starts) == (late, TEN)


def test_only_the_two_leads_put_reviews_on_dates(cast: Cast) -> None:
    with as_person(cast, cast.supervisor), pytest.raises(Refused, match="may not hold reviews"):
        services.schedule(
            review=review_of(cast), by=cast.seat(cast.supervisor), to=Appointment(on=DAY_14, starts=TEN)
        )


def test_weekly_reviews_can_be_cancelled_and_those_of_days_cannot(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    by = cast.seat(cast.client_lead)
    with as_person(cast, cast.client_lead):
        services.schedule(review=review_of(cast, "week-1"), by=by, to=Appointment(on=DAY_18, starts=TEN))
        with pytest.raises(Refused, match="not cancelled"):
            services.cancel(review=review_of(cast), by=by, reason="no time")
        gone = services.cancel(review=review_of(cast, "week-1"), by=by, reason="Public holiday")
        assert gone.cancel_reason == "Public holiday"
    run_jobs()
    assert mail.outbox[-1].subject.endswith("is cancelled")
    assert "CANCEL" in mail.outbox[-1].message().as_string()


def test_a_held_review_freezes_everything_and_proves_its_milestone(cast: Cast) -> None:
    minutes = hold(cast, "day-14", DAY_14, MOVE)
    with as_person(cast, cast.client_lead):
        review = review_of(cast)
        milestone = Milestone.objects.get(engagement=cast.engagement, code="review-day-14")
        assert (review.held_on, milestone.done_on) == (DAY_14, DAY_14)
        assert minutes.content_hash[:12] in Evidence.objects.get(milestone=milestone).text
        assert {point["kind"] for point in minutes.agenda} >= {"fixed", "metric"}
        for change in (
            lambda: services.save_minutes(
                review=review, by=cast.seat(cast.client_lead), text="other", attended={}, seen=1
            ),
            lambda: services.add_decision(review=review, by=cast.seat(cast.client_lead), text="One more"),
            lambda: services.close(review=review, by=cast.seat(cast.client_lead), held_on=DAY_14, seen=""),
        ):
            with pytest.raises(Refused, match="addendum"):
                change()
        services.add_addendum(review=review, by=cast.seat(cast.client_lead), text="It was the second line.")
        with pytest.raises(DatabaseError), transaction.atomic():
            ActionItem.objects.filter(review=review).update(text="something else")


def test_minutes_that_changed_meanwhile_are_neither_saved_over_nor_closed(cast: Cast) -> None:
    by = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        review = review_of(cast)
        names = {role: person(cast, role).name for role in review.attendee_roles}
        services.save_minutes(review=review, by=by, text="Mine.", attended=names, seen=0)
        with pytest.raises(Refused, match="Somebody saved these minutes"):
            services.save_minutes(review=review, by=by, text="Theirs.", attended=names, seen=0)
        seen = draft_digest(review, minutes_of(review))
        add_action(cast, "day-14", *MOVE)
        with pytest.raises(Refused, match="have changed since"):
            services.close(review=review, by=by, held_on=DAY_14, seen=seen)


def test_somebody_of_the_other_side_cannot_sit_in_a_chair(cast: Cast) -> None:
    with (
        as_person(cast, cast.campaign_manager),
        pytest.raises(Refused, match="does not take part on this side"),
    ):
        services.save_minutes(
            review=review_of(cast), by=cast.seat(cast.campaign_manager), text="x",
            attended={"qa_lead": "Clara Lind"}, seen=0,
        )  # fmt: skip


def test_its_milestone_is_completed_by_the_review_and_not_by_hand(cast: Cast) -> None:
    with as_person(cast, cast.campaign_manager):
        item = Milestone.objects.get(engagement=cast.engagement, code="review-day-14")
        with pytest.raises(Refused, match="Day-14 review has not taken place yet"):
            complete_milestone(milestone=item, by=cast.seat(cast.campaign_manager), proof=NOTE)


def test_what_is_unfinished_carries_over_and_counts_how_often(cast: Cast) -> None:
    hold(cast, "day-14", DAY_14, MOVE, ("Replace the numbers that are out of service.", DAY_25))
    with as_person(cast, cast.campaign_manager):
        assert {a.times for a in open_actions(cast.engagement)} == {0}
    with on_day(18):
        with as_person(cast, cast.supervisor):
            mine = ActionItem.objects.get(text=MOVE[0])
            actions.finish(action=mine, by=cast.seat(cast.supervisor), proof="Seen in the dialer plan.")
        with as_person(cast, cast.campaign_manager):
            points = agenda_of(standing_of(cast.engagement), review_of(cast, "week-1"))
            [carried] = [point.text for point in points if point.kind == "action"]
            assert "from the Day-14 review" in carried
        hold(cast, "week-1", DAY_18)
    with on_day(25):
        hold(cast, "week-2", DAY_25)
        with as_person(cast, cast.campaign_manager):
            assert {a.text: a.times for a in actions_of(cast.engagement)} == {
                MOVE[0]: 0, "Replace the numbers that are out of service.": 2
            }  # fmt: skip
            assert CarryOver.objects.count() == 2


def test_an_action_is_dropped_once_the_other_side_agrees(cast: Cast) -> None:
    hold(cast, "day-14", DAY_14, MOVE)
    with as_person(cast, cast.campaign_manager):
        action = ActionItem.objects.get()
        asked = actions.drop(action=action, by=cast.seat(cast.campaign_manager), reason="The list is gone.")
        assert asked.is_open
        with pytest.raises(Refused, match="asked for this already"):
            actions.drop(action=action, by=cast.seat(cast.campaign_manager), reason="again")
    with as_person(cast, cast.client_lead):
        dropped = actions.drop(action=action, by=cast.seat(cast.client_lead), reason="")
        assert (dropped.is_open, dropped.dropped_by) == (False, "Clara Lind")
        with pytest.raises(Refused, match="has ended already"):
            actions.finish(action=action, by=cast.seat(cast.client_lead), proof="done")


def test_an_action_of_a_draft_cannot_end(cast: Cast) -> None:
    with as_person(cast, cast.campaign_manager):
        action = add_action(cast, "day-14", *MOVE)
        with pytest.raises(Refused, match="not closed yet"):
            actions.finish(action=action, by=cast.seat(cast.campaign_manager), proof="done")
        services.strike(item=action, by=cast.seat(cast.campaign_manager))
        assert not ActionItem.objects.exists()


def test_dates_of_their_own_follow_the_launch(cast: Cast) -> None:
    by = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        to = Appointment(on=DAY_18 + timedelta(days=1), starts=TEN, reason="Clara is away")
        services.schedule(review=review_of(cast, "week-1"), by=by, to=to)
        services.follow_launch(engagement=cast.engagement, by=by, days=3)
        moved = review_of(cast, "week-1")
        assert (moved.planned_on, moved.sequence) == (to.on + timedelta(days=3), 2)
    with backstage():
        assert Job.objects.filter(handler="milestones.invite").count() == 2


def test_nobody_who_has_left_is_invited(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    with as_person(cast, cast.campaign_manager):
        to = Appointment(on=DAY_14, starts=TEN)
        services.schedule(review=review_of(cast), by=cast.seat(cast.campaign_manager), to=to)
    with backstage():
        Membership.objects.filter(user=cast.client_lead).update(ended_at=clock.now())
    run_jobs()
    [message] = [m for m in mail.outbox if "Day-14 review" in m.subject]
    assert sorted(message.to) == ["mara@example.org", "quinn@example.org", "sam@example.org"]


def test_no_draft_with_actions_is_cancelled_and_nobody_is_reminded_of_a_draft(cast: Cast) -> None:
    by = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        action = add_action(cast, "week-1", *MOVE)
        with pytest.raises(Refused, match="Its minutes hold actions already"):
            services.cancel(review=review_of(cast, "week-1"), by=by, reason="Everybody is on holiday")
    with as_person(cast, cast.supervisor):
        assert action.text not in [each.title for each in owed_on(cast.supervisor, DAY_18)]
    with as_person(cast, cast.campaign_manager):
        services.strike(item=action, by=by)
        services.cancel(review=review_of(cast, "week-1"), by=by, reason="Everybody is on holiday")


def test_a_date_that_both_sides_agree_on_is_that_of_the_review_too(cast: Cast) -> None:
    agreed = CALENDAR.date_of(17)
    with on_day(12), as_person(cast, cast.campaign_manager):
        to = Appointment(on=CALENDAR.date_of(13), starts=TEN, reason="Clara is away")
        services.schedule(review=review_of(cast), by=cast.seat(cast.campaign_manager), to=to)
    agree_date(cast, "milestone-review-day-14", agreed)
    with as_person(cast, cast.campaign_manager):
        moved = review_of(cast)
        assert date_of(moved) == moved.forecast_on == agreed
        assert moved.sequence == 2  # whoever was invited hears of it


def test_the_agenda_tells_open_breaches_and_what_each_side_owes_as_the_plan_does(cast: Cast) -> None:
    with backstage():
        agent = Agent.objects.create(engagement=cast.engagement, name="kai")
        Breach.objects.create(
            engagement=cast.engagement, agent=agent, day=CALENDAR.date_of(12), calls=3, reason=Lack.NOT_LISTED,
            found_at=clock.now(),
        )  # fmt: skip
    agree = {"item": "milestone-review-day-30", "reason": "Clara is away for that week.", "side": "client"}
    with as_person(cast, cast.campaign_manager):
        propose_date(
            engagement=cast.engagement,
            by=cast.seat(cast.campaign_manager),
            to_on=CALENDAR.date_of(32),
            **agree,
        )
    with as_person(cast, cast.client_lead):
        standing = standing_of(cast.engagement)
        points = agenda_of(standing, review_of(cast))
        waits = waits_of(standing)
    waited = [point for point in points if point.kind == "blocker"]
    assert (waited[0].side, waited[0].text) == (
        "client", "Answer the new date that the operator proposes for “Day-30 review”."
    )  # fmt: skip
    listed = {reason.text for part in waits.sides for reason in part.items} | {r.text for r in waits.both}
    assert {point.text for point in waited[:-1]} <= listed, "the plan and the agenda say the same"
    breach = "3 calls of kai on Fri 13 Mar: not on the roster, not answered."
    assert breach in listed
    assert [point.kind for point in points if point.text == breach] in ([], ["blocker"]), (
        "nothing is said twice"
    )
