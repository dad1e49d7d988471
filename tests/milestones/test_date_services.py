"""A locked date changes by a proposal that the other side accepts, and by nothing else."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import TrailEntry, User
from accounts.seat import Seat
from common.errors import Refused
from common.wording import day_text
from engagements.models import Engagement
from milestones import services
from milestones.models import DateProposal, Gate, Milestone, ReadinessCheck, Review, Slip
from milestones.selectors.dates import item_dates, open_proposals
from milestones.selectors.plan import plan_page
from milestones.selectors.reviews import period_of_review, rows_of
from milestones.selectors.standing import standing_of
from milestones.services.reviews import Appointment, schedule
from tests.factories import Cast
from tests.milestones.scene import (
    CALENDAR,
    LATE,
    agree_date,
    as_person,
    finish_milestones,
    gate_of,
    listed,
    locked,
    on_day,
    planned,
    present,
    ready_for_day_10,
)
from tests.stage import backstage

LAUNCH_TO = CALENDAR.launch + timedelta(days=3)
DIALER = "milestone-dialer-built"


@pytest.fixture(autouse=True)
def _day_4() -> Iterator[None]:
    with on_day(4):
        yield


def propose(cast: Cast, user: User, item: str = DIALER, day: int = 7, **change: object) -> DateProposal:
    with as_person(cast, user):
        wish = {"to_on": CALENDAR.date_of(day), "reason": LATE, "side": "client", **change}
        return services.propose_date(engagement=cast.engagement, by=cast.seat(user), item=item, **wish)


def answer(
    cast: Cast, user: User, proposal: DateProposal, how: str = "accept", **reason: str
) -> DateProposal:
    with as_person(cast, user):
        said = {"seen": listed(cast, proposal)} if how == "accept" else reason
        return getattr(services, f"{how}_date")(proposal=proposal, by=cast.seat(user), **said)


def dialer(cast: Cast) -> Milestone:
    with backstage():
        return Milestone.objects.get(code="dialer-built")


def test_an_accepted_date_moves_what_waits_for_it_and_keeps_the_slip(cast: Cast) -> None:
    locked(cast)
    proposal = propose(cast, cast.campaign_manager)
    assert dialer(cast).forecast_on == CALENDAR.date_of(6), "nothing moves before the other side has accepted"
    with as_person(cast, cast.client_lead):
        also = open_proposals(standing_of(cast.engagement))[0].also
    answer(cast, cast.client_lead, proposal)
    with backstage():
        moved = {item.code: item for item in Milestone.objects.all()}
        slip = Slip.objects.get()
        assert moved["dialer-built"].forecast_on == CALENDAR.date_of(7)
        assert moved["dialer-built"].contracted_on == CALENDAR.date_of(6)
        assert {move.key for move in also} == {row[0] for row in slip.moved}
        for move in also:
            assert moved[move.key.removeprefix("milestone-")].forecast_on == move.to_on
        assert (slip.item, slip.days, slip.side, slip.reason, slip.word) == (
            DIALER,
            1,
            "client",
            LATE,
            "accepted",
        )
    with as_person(cast, cast.client_lead):
        line = TrailEntry.objects.get(action="date.accepted")
    assert line.before == {"date": "2026-03-07"}
    assert line.after["proposed_by"] == "Mara Voss"
    with as_person(cast, cast.client_lead):
        page = item_dates(standing_of(cast.engagement), DIALER)
    assert page is not None
    told = page.history[0]
    assert (told.by_name, told.from_on, told.to_on, told.reason, told.answer, told.answer_name) == (
        "Mara Voss", CALENDAR.date_of(6), CALENDAR.date_of(7), LATE, "accepted", "Clara Lind",
    )  # fmt: skip


def test_a_launch_by_agreement_moves_every_date_from_day_11_on(cast: Cast) -> None:
    locked(cast)
    agree_date(cast, "launch", LAUNCH_TO)
    moved = CALENDAR.with_launch(LAUNCH_TO)
    with backstage():
        for model in (Milestone, ReadinessCheck, Review, Gate):
            for item in model.objects.all():
                assert item.forecast_on == moved.date_of(item.day), item
                assert item.contracted_on == CALENDAR.date_of(item.day)
        engagement = Engagement.objects.get()
        assert (engagement.launch_on, engagement.contracted_launch_on) == (LAUNCH_TO, CALENDAR.launch)
        assert Slip.objects.get().item == "launch"


def test_an_item_beyond_the_gate_takes_gate_and_launch_along(cast: Cast) -> None:
    locked(cast)
    to_on = CALENDAR.date_of(10) + timedelta(days=2)
    agree_date(cast, DIALER, to_on)
    with backstage():
        late = max(Milestone.objects.filter(gate_code="day-10").values_list("forecast_on", flat=True))
        assert Gate.objects.get(code="day-10").forecast_on == late > CALENDAR.date_of(10)
        assert Engagement.objects.get().launch_on == late + timedelta(days=1)
        assert list(Slip.objects.values_list("item", flat=True)) == [DIALER, "launch"]
        days = (late + timedelta(days=1) - CALENDAR.launch).days
        assert Gate.objects.get(code="day-30").forecast_on == CALENDAR.date_of(30) + timedelta(days=days)


def test_a_review_and_the_milestone_that_stands_for_it_have_one_date(cast: Cast) -> None:
    locked(cast)
    with backstage():
        code = next(
            item.code for item in Milestone.objects.filter(code__startswith="review-").order_by("day")
            if Review.objects.filter(code=item.code.removeprefix("review-")).exists()
        )  # fmt: skip
        before = Milestone.objects.get(code=code).forecast_on
    agree_date(cast, f"milestone-{code}", before + timedelta(days=1))
    with backstage():
        assert Review.objects.get(code=code.removeprefix("review-")).forecast_on == before + timedelta(days=1)


def test_one_open_proposal_per_item_and_only_once_both_have_locked(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Refused, match="Until both sides have locked"):
        propose(cast, cast.campaign_manager)


def test_the_second_proposal_waits_for_an_answer_to_the_first(cast: Cast) -> None:
    locked(cast)
    first = propose(cast, cast.campaign_manager)
    with pytest.raises(Refused, match="has to be answered first"):
        propose(cast, cast.client_lead, day=10)
    with backstage(), pytest.raises(IntegrityError), transaction.atomic():
        DateProposal.objects.create(
            engagement=cast.engagement, item=DIALER, title="x", from_on=first.from_on, to_on=first.to_on, reason="x",
            side="client", by_side="client", by=cast.client_lead, by_name="x", at=first.at,
        )  # fmt: skip
    answer(cast, cast.campaign_manager, first, "withdraw")
    assert propose(cast, cast.client_lead, day=10).open


def test_declined_with_a_reason_nothing_moves_and_the_answer_stands(cast: Cast) -> None:
    locked(cast)
    proposal = propose(cast, cast.campaign_manager)
    with pytest.raises(Refused, match="Say in a sentence why"):
        answer(cast, cast.client_lead, proposal, "decline", reason="no")
    answer(cast, cast.client_lead, proposal, "decline", reason="Our brand review is on that day.")
    with pytest.raises(Refused, match="has been declined already by Clara Lind"):
        answer(cast, cast.client_lead, proposal)
    assert dialer(cast).forecast_on == CALENDAR.date_of(6)
    with backstage(), pytest.raises(IntegrityError, match="stands as it is"), transaction.atomic():
        DateProposal.objects.filter(pk=proposal.pk).update(answer="accepted")


def test_nothing_is_accepted_but_the_moves_that_were_listed(cast: Cast) -> None:
    locked(cast)
    proposal = propose(cast, cast.campaign_manager)
    with as_person(cast, cast.client_lead):
        seen = listed(cast, proposal)
    agree_date(cast, "milestone-stack-ready", CALENDAR.date_of(8))  # what follows now moves from elsewhere
    with as_person(cast, cast.client_lead):
        by = cast.seat(cast.client_lead)
        for stale in (seen, ""):
            with pytest.raises(Refused, match="What moves with it has changed"):
                services.accept_date(proposal=proposal, by=by, seen=stale)
        assert Milestone.objects.get(code="dialer-built").forecast_on == CALENDAR.date_of(6)
        assert (
            services.accept_date(proposal=proposal, by=by, seen=listed(cast, proposal)).answer == "accepted"
        )
    assert dialer(cast).forecast_on == CALENDAR.date_of(7)


def test_nobody_answers_their_own_side_or_withdraws_the_other_s(cast: Cast) -> None:
    locked(cast)
    proposal = propose(cast, cast.campaign_manager)
    with pytest.raises(Refused, match="the other side answers"):
        answer(cast, cast.campaign_manager, proposal)
    with pytest.raises(Refused, match="Only the side that has proposed"):
        answer(cast, cast.client_lead, proposal, "withdraw")
    with pytest.raises(Refused, match="may not lock the plan"):
        answer(cast, cast.closer_lead, proposal)
    with pytest.raises(Refused, match="may not change the plan"):
        propose(cast, cast.supervisor, item="launch", to_on=LAUNCH_TO)


def test_a_proposal_is_stale_once_the_date_has_changed_or_the_gate_has_passed(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    with backstage():
        Milestone.objects.filter(code__in=("dialer-built", "dialer-chosen")).update(
            done_on=None, done_by=None
        )
    proposal = propose(cast, cast.campaign_manager)
    agree_date(cast, "milestone-dialer-chosen", CALENDAR.date_of(6))
    with pytest.raises(Refused, match="The date has changed since this was proposed"):
        answer(cast, cast.client_lead, proposal)
    answer(cast, cast.campaign_manager, proposal, "withdraw")
    launch = propose(cast, cast.campaign_manager, item="launch", to_on=LAUNCH_TO)
    finish_milestones(cast, "day-10")
    with on_day(10):
        for user in (cast.campaign_manager, cast.client_lead):
            with as_person(cast, user):
                gate = present(cast, version=2) if user == cast.campaign_manager else gate_of(cast, "day-10")
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
        with pytest.raises(Refused, match="the launch date stands"):
            answer(cast, cast.client_lead, launch)
    with backstage():
        assert Engagement.objects.get().launch_on == CALENDAR.launch


def test_a_launch_that_cannot_be_kept_moves_on_one_word_and_the_other_side_has_its_say(cast: Cast) -> None:
    locked(cast)
    waiting = propose(cast, cast.client_lead, item="launch", to_on=CALENDAR.launch + timedelta(days=9))
    with on_day(9), as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="propose the new"):
        move(cast)
    with on_day(10):
        with as_person(cast, cast.campaign_manager):
            assert move(cast) == 3
            waiting.refresh_from_db()
            assert waiting.answer == "overtaken"
            moved = DateProposal.objects.get(in_effect=True)
            assert Slip.objects.get().word == "open"
        answer(cast, cast.client_lead, moved, "decline", reason="The access was there on day 3.")
    with backstage():
        slip = Slip.objects.get()
        assert (slip.word, slip.proposal.answer_reason) == ("contested", "The access was there on day 3.")
        assert Engagement.objects.get().launch_on == LAUNCH_TO, "contested is the reason, not the day"
    with as_person(cast, cast.client_lead):
        assert TrailEntry.objects.filter(action="date.contested").exists()


def move(cast: Cast) -> int:
    return services.move_launch(
        engagement=cast.engagement,
        by=cast.seat(cast.campaign_manager),
        launch=LAUNCH_TO,
        reason=LATE,
        side="client",
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["accept", "decline"])
def test_two_answers_at_once_count_once(cast: Cast, other: str) -> None:
    locked(cast)
    proposal = propose(cast, cast.campaign_manager)
    with as_person(cast, cast.client_lead):
        seen = listed(cast, proposal)
    barrier = Barrier(2)

    def give(how: str) -> Callable[[], str]:
        def run() -> str:
            try:
                with on_day(4), as_person(cast, cast.client_lead):
                    barrier.wait(5)
                    seat: Seat = cast.seat(cast.client_lead)
                    if how == "accept":
                        services.accept_date(proposal=proposal, by=seat, seen=seen)
                    else:
                        services.decline_date(
                            proposal=proposal, by=seat, reason="We need that day ourselves."
                        )
                return "done"
            except Refused as refused:
                return refused.reasons[0]
            finally:
                connection.close()

        return run

    with ThreadPoolExecutor(max_workers=2) as pool:
        results = [future.result() for future in [pool.submit(give("accept")), pool.submit(give(other))]]
    assert results.count("done") == 1
    assert "already by Clara Lind" in next(each for each in results if each != "done")
    with backstage():
        assert Slip.objects.count() == (DateProposal.objects.get().answer == "accepted")


def test_a_milestone_waits_for_those_before_it(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.campaign_manager):
        item = Milestone.objects.get(code="script-draft")
        with pytest.raises(Refused, match="It waits for “Campaign rules decided”, which is still open"):
            services.complete_milestone(
                milestone=item, by=cast.seat(cast.campaign_manager), proof=services.Proof(text="Sent to all.")
            )


def test_a_done_milestone_is_opened_again_with_a_reason_until_others_stand_on_it(cast: Cast) -> None:
    planned(cast)
    finish_milestones(cast, "day-10")

    def reopen(code: str, reason: str = "The minutes were of another session.") -> Milestone:
        user = cast.client_lead if code == "campaign-rules" else cast.campaign_manager
        with as_person(cast, user):
            item = Milestone.objects.get(code=code)
            return services.reopen_milestone(milestone=item, by=cast.seat(user), reason=reason)

    with pytest.raises(Refused, match="is done and waits for this one: open that again first"):
        reopen("script-draft")
    with pytest.raises(Refused, match="Say in a sentence why"):
        reopen("live-test", reason="x")
    assert reopen("live-test").done_on is None
    with pytest.raises(Refused, match="is not done"):
        reopen("live-test")
    with as_person(cast, cast.client_lead):
        assert TrailEntry.objects.get(action="milestone.reopened").after["reason"].startswith("The minutes")


def test_behind_a_passed_gate_nothing_is_opened_again(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    with on_day(10):
        for user in (cast.campaign_manager, cast.client_lead):
            with as_person(cast, user):
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
        with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="its record cannot change"):
            services.reopen_milestone(
                milestone=Milestone.objects.get(code="live-test"), by=cast.seat(cast.campaign_manager),
                reason="It was not tested on all lines.",
            )  # fmt: skip


def test_an_agreed_date_of_a_review_counts_everywhere_and_invites_anew(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    locked(cast)
    day_14, agreed = CALENDAR.date_of(14), CALENDAR.date_of(16)
    by = cast.seat(cast.campaign_manager)
    with as_person(cast, cast.campaign_manager):
        review = Review.objects.get(code="day-14")
        to = Appointment(on=day_14 - timedelta(days=1), starts=time(10), reason="Clara is away")
        schedule(review=review, by=by, to=to)
        assert run_jobs() == ["done"]
    agree_date(cast, "milestone-review-day-14", agreed)
    assert run_jobs() == ["done"]
    [invitation] = [
        part for part in mail.outbox[-1].message().walk() if part.get_content_subtype() == "calendar"
    ]
    said = invitation.get_payload(decode=True).decode()
    assert "SEQUENCE:2" in said
    assert f"{agreed:%Y%m%d}T" in said
    with as_person(cast, cast.client_lead):
        standing = standing_of(cast.engagement)
        [row] = [row for row in rows_of(standing) if row.review.code == "day-14"]
        assert (row.on, row.state) == (agreed, "planned")
        plan = {line.key: line.forecast for part in plan_page(standing).phases for line in part.rows}
        assert plan["milestone-review-day-14"] == agreed
        assert period_of_review(standing_of(cast.engagement, agreed), row.review) == (CALENDAR.launch, agreed)
    client = Client()
    client.force_login(cast.client_lead)
    base = f"/e/{cast.engagement.public_id}"
    assert day_text(agreed) in client.get(f"{base}/reviews/").text
    page = client.get(f"{base}/reviews/{row.review.public_id}/").text
    assert day_text(agreed) in page
    assert day_text(to.on) not in page
    assert f"{agreed:%Y%m%d}T" in client.get(f"{base}/reviews/{row.review.public_id}/calendar/").text


def test_the_appointment_of_a_review_goes_along_with_the_launch(cast: Cast) -> None:
    locked(cast)
    with as_person(cast, cast.campaign_manager):
        to = Appointment(on=CALENDAR.date_of(13), starts=time(10), reason="Clara is away")
        schedule(review=Review.objects.get(code="day-14"), by=cast.seat(cast.campaign_manager), to=to)
    agree_date(cast, "launch", LAUNCH_TO)
    with backstage():
        review = Review.objects.get(code="day-14")
        assert (review.planned_on, review.forecast_on, review.sequence) == (
            CALENDAR.date_of(16), CALENDAR.date_of(17), 2,
        )  # fmt: skip


PLAN = "milestone-bottleneck-plan"


def test_no_date_is_agreed_before_the_gate_that_has_to_pass_first(cast: Cast) -> None:
    locked(cast)
    proposal = propose(cast, cast.campaign_manager, PLAN, day=36)
    until = CALENDAR.date_of(38)
    with as_person(cast, cast.client_lead):
        baseline = gate_of(cast, "day-30")
        services.hold_gate(
            gate=baseline, by=cast.seat(cast.client_lead), until=until, reason="Our closers read it first."
        )
        standing = standing_of(cast.engagement)
        for code, forecast in (("milestone-bottleneck-plan", until), ("gate-day-30", until), (DIALER, None)):
            page = item_dates(standing, code)
            assert page is not None
            assert page.forecast == (forecast or CALENDAR.date_of(6))
        why = (
            f"This date lies before the gate “{baseline.title}” ({until:%-d %B %Y}), which has to pass first."
        )
        (opened,) = open_proposals(standing)
        assert opened.blockers == (why,)
    with pytest.raises(Refused, match="which has to pass first"):
        answer(cast, cast.client_lead, proposal)
    answer(cast, cast.client_lead, proposal, "decline", reason="The gate is paused until later.")
    with pytest.raises(Refused, match="which has to pass first"):
        propose(cast, cast.campaign_manager, PLAN, day=37)
    answer(cast, cast.client_lead, propose(cast, cast.campaign_manager, PLAN, day=38))
