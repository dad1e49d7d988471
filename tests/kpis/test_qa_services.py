"""Samples, reviews, calibration and the transfer log against the database, as the people who do it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import TrailEntry, User
from common.errors import Refused
from engagements.models import Agent
from engagements.outcomes import Outcome
from kpis.models import Import, QaCall, QaClaim, QaDraw, QaReview, QaSample, TransferCheck
from kpis.qa import sampling
from kpis.qa.coverage import State
from kpis.selectors import qa as selectors
from kpis.selectors.transfers import supervised_days, transfer_gaps, transfer_meter, transfers
from kpis.services import qa
from kpis.services.qa import Said
from kpis.services.transfers import Check, verify_transfers
from tests.factories import Cast
from tests.kpis.qa_scene import ITEMS, card_in_use, log_calls
from tests.milestones.scene import as_person, on_day
from tests.stage import backstage

SHARE = Decimal("0.275")
FULL = {"greeting": 5, "consent": 5}


@pytest.fixture(autouse=True)
def _day_13() -> Iterator[None]:
    with on_day(13, 18):
        yield


def draw(cast: Cast, user: User | None = None, share: Decimal = SHARE) -> QaDraw:
    user = user or cast.qa_lead
    with as_person(cast, user):
        return qa.draw_launch(engagement=cast.engagement, by=cast.seat(user), share=share)


def drawn(cast: Cast) -> list[selectors.DrawnCall]:
    return [selectors.standing(call) for call in selectors.calls_of(cast.engagement)]


def review(cast: Cast, call: QaCall, user: User | None = None, **said: Any) -> QaReview:
    """Take a call in hand and score it."""
    user = user or cast.qa_lead
    told = Said(**{"given": FULL, "code": call.code, **said})
    with as_person(cast, user):
        qa.claim(call=call, by=cast.seat(user))
        return qa.review_call(call=call, by=cast.seat(user), said=told)


@pytest.mark.django_db
def test_the_sample_of_the_first_three_live_days_can_be_drawn_again_by_anybody(cast: Cast) -> None:
    for day in (11, 12, 13, 14):
        log_calls(cast, day, {"ana": 30, "kai": 20, "": 2})
    made = draw(cast)
    with as_person(cast, cast.client_lead):
        kept = QaDraw.objects.get(pk=made.pk)
        calls = list(QaCall.objects.filter(draw=kept))
        counts = {agent: len(keys) for agent, keys in kept.population.items()}
        parts = sampling.allocate(counts, sampling.sample_size(kept.calls, Fraction(SHARE)))
        again = sampling.draw(kept.population, parts, kept.seed)
        assert [(one.place, one.key) for one in again] == [(call.place, call.call_key) for call in calls]
        assert (kept.calls, kept.drawn, len(kept.by_day)) == (156, 43, 3)
        assert kept.population_sha256 == sampling.population_hash(kept.population)
        assert {call.day.isoformat() for call in calls} <= set(kept.by_day)
        assert {str(call.agent) for call in calls} == {"ana", "kai", "None"}
        assert TrailEntry.objects.get(action="qa.drawn").after["seed"] == kept.seed


@pytest.mark.django_db
def test_a_call_that_comes_later_tops_the_sample_up_and_redraws_nothing(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 20, "kai": 20})
    draw(cast)
    with as_person(cast, cast.qa_lead):
        first = set(QaCall.objects.values_list("pk", flat=True))
        with pytest.raises(Refused, match="no call came in since"):
            qa.top_up(sample=QaSample.objects.get(), by=cast.seat(cast.qa_lead))
    log_calls(cast, 11, {"ana": 10}, name="late.csv")
    log_calls(cast, 12, {"lou": 10})
    with as_person(cast, cast.qa_lead):
        sample = selectors.launch_sample(cast.engagement)
        assert sample is not None
        found = selectors.meter(sample)
        assert (found.total.calls, found.total.drawn, found.new) == (40, 11, 20)
        made = qa.top_up(sample=sample, by=cast.seat(cast.qa_lead))
        assert (made.number, made.calls, made.drawn) == (2, 20, 6)
        assert first < set(QaCall.objects.values_list("pk", flat=True))
        found = selectors.meter(selectors.samples(cast.engagement)[0])
        assert (found.total.calls, found.total.drawn, found.new) == (60, 17, 0)
        assert 0.25 <= (found.total.drawn_share or 0) <= 0.30
        assert {row.label: row.coverage.calls for row in found.agents} == {"ana": 30, "kai": 20, "lou": 10}
        assert all(row.coverage.drawn for row in found.agents)


@pytest.mark.django_db
def test_who_may_draw_and_how_much(cast: Cast) -> None:
    with pytest.raises(Refused, match="no calls of these days"):
        draw(cast)
    log_calls(cast, 11, {"ana": 20})
    with pytest.raises(Refused, match="between 25% and 30%"):
        draw(cast, share=Decimal("0.2"))
    with pytest.raises(Refused, match="may not draw samples"):
        draw(cast, cast.client_lead)
    with as_person(cast, cast.qa_lead):
        days = supervised_days(cast.engagement)
        made = qa.draw_free(
            engagement=cast.engagement, by=cast.seat(cast.qa_lead), name="After the new script", first=days[0],
            last=days[1], share=Decimal("0.1"),
        )  # fmt: skip
        assert (made.drawn, made.sample.launch) == (2, False)


@pytest.mark.django_db
def test_a_person_with_two_dialer_codes_is_one_agent(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 20, "ana2": 20})
    with backstage():
        ana = Agent.objects.get(name="ana")
        Agent.objects.filter(name="ana2").update(belongs_to=ana, linked_at="2026-03-12T12:00Z")
    made = draw(cast)
    assert made.by_agent == {str(ana.pk): 40}


@pytest.mark.django_db
def test_a_taken_back_import_takes_no_review_with_it(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 8})
    card_in_use(cast)
    draw(cast)
    with as_person(cast, cast.qa_lead):
        call = QaCall.objects.select_related("engagement").first()
        assert call is not None
    review(cast, call)
    with backstage():
        Import.objects.all().delete()
    with as_person(cast, cast.qa_lead):
        assert QaReview.objects.count() == 1 and drawn(cast)[0].state is State.REVIEWED


@pytest.mark.django_db
def test_a_scorecard_in_use_never_changes(cast: Cast) -> None:
    card = card_in_use(cast)
    seat = cast.seat(cast.qa_lead)
    with as_person(cast, cast.qa_lead):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(card).objects.filter(pk=card.pk).update(pass_mark=1)
        with pytest.raises(Refused, match="Somebody has changed the scorecard"):
            qa.save_scorecard(
                engagement=cast.engagement, by=seat, name="Card", items=ITEMS, pass_mark=50, seen=""
            )
        following = qa.save_scorecard(
            engagement=cast.engagement,
            by=seat,
            name="Second card",
            items=ITEMS[:1],
            pass_mark=50,
            seen=card.content_hash,
        )
        assert (following.version, following.used_at) == (2, None)
        assert selectors.scorecard_in_use(cast.engagement) == card
        with pytest.raises(Refused, match="Somebody has changed"):
            qa.use_scorecard(scorecard=following, by=seat, seen=card.content_hash)
        qa.use_scorecard(scorecard=following, by=seat, seen=following.content_hash)
        assert selectors.scorecard_in_use(cast.engagement) == following


@pytest.mark.django_db
def test_a_call_in_hand_is_scored_once_and_corrected_with_a_reason(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 8}, Outcome.CALLBACK)
    log_calls(cast, 12, {"ana": 1}, Outcome.DNC)
    card_in_use(cast)
    draw(cast)
    seat = cast.seat(cast.qa_lead)
    with as_person(cast, cast.qa_lead):
        call = next(one.call for one in drawn(cast) if one.call.code == "callback")
        said = Said(given=FULL, code="callback", comment="Clear.")
        with pytest.raises(Refused, match="Take the call in hand first"):
            qa.review_call(call=call, by=seat, said=said)
        qa.claim(call=call, by=seat)
        with pytest.raises(Refused, match="Choose the disposition"):
            qa.review_call(call=call, by=seat, said=Said(given=FULL))
        with pytest.raises(Refused, match="1 item of the scorecard lack"):
            qa.review_call(call=call, by=seat, said=Said(given={"greeting": 5}, code="callback"))
        made = qa.review_call(call=call, by=seat, said=said)
        assert qa.review_call(call=call, by=seat, said=said) == made
        assert (made.score, made.passed, QaClaim.objects.count()) == (100.0, True, 0)
        with pytest.raises(DatabaseError), transaction.atomic():
            QaReview.objects.update(passed=False)
        worse = Said(given={"greeting": 5, "consent": 0}, code="dnc")
        with pytest.raises(Refused, match="Say why"):
            qa.correct_review(review=made, by=seat, said=worse, reason="")
        again = qa.correct_review(review=made, by=seat, said=worse, reason="The consent was not asked for.")
        assert qa.correct_review(review=made, by=seat, said=worse, reason=again.reason) == again
        with pytest.raises(Refused, match="corrected already"):
            qa.correct_review(review=made, by=seat, said=said, reason="No, it was.")
        now = next(one for one in drawn(cast) if one.call == call)
        assert (now.review, now.review and now.review.passed) == (again, False)
        told = selectors.results_of(drawn(cast))
        assert (told.auto_fails, told.codes.part, told.codes.of, told.mean) == (1, 0, 1, 0.0)


@pytest.mark.django_db
def test_a_recording_that_cannot_be_heard_is_visible_and_replaced(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 12})
    card_in_use(cast)
    draw(cast)
    seat = cast.seat(cast.supervisor)
    with as_person(cast, cast.supervisor):
        call = drawn(cast)[0].call
    with pytest.raises(Refused, match="Say why the recording"):
        review(cast, call, cast.supervisor, heard=False)
    review(cast, call, cast.supervisor, heard=False, comment="The file is empty.")
    with as_person(cast, cast.supervisor):
        sample = QaSample.objects.get()
        made = qa.top_up(sample=sample, by=seat)
        assert (made.calls, made.drawn) == (0, 1)
        with pytest.raises(Refused, match="Nothing to draw"):
            qa.top_up(sample=sample, by=seat)
        found = selectors.meter(selectors.samples(cast.engagement)[0]).total
        assert (found.calls, found.drawn, found.unheard, found.reviewed) == (12, 4, 1, 0)
    made_later = review(cast, call, cast.supervisor)
    assert made_later.supersedes_id and made_later.reason == "The recording could be heard after all."


@pytest.mark.django_db
def test_calls_that_reached_nobody_are_confirmed_together(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 40})
    log_calls(cast, 12, {"ana": 20}, Outcome.CALLBACK)
    draw(cast)
    seat = cast.seat(cast.qa_lead)
    with as_person(cast, cast.qa_lead):
        silent = [one.call.public_id for one in drawn(cast) if selectors.unreached(one)]
        spoken = [one.call.public_id for one in drawn(cast) if not selectors.unreached(one)]
        for chosen, why in ((spoken[:1], "scored by itself"), ([], "Tick at least one")):
            with pytest.raises(Refused, match=why):
                qa.confirm_unreached(engagement=cast.engagement, by=seat, chosen=chosen)
        made = qa.confirm_unreached(engagement=cast.engagement, by=seat, chosen=silent)
        assert len(qa.confirm_unreached(engagement=cast.engagement, by=seat, chosen=silent)) == len(made)
        assert QaReview.objects.count() == len(silent)
        assert selectors.results_of(drawn(cast)).scored == 0


@pytest.mark.django_db
def test_the_first_live_days_are_reviewed_at_a_quarter_of_their_calls(cast: Cast) -> None:
    with as_person(cast, cast.qa_lead):
        assert selectors.sample_gaps(cast.engagement) == ["No call of the first three live days is in yet."]
    for day in (11, 12, 13):
        log_calls(cast, day, {"ana": 10})
    draw(cast)
    with as_person(cast, cast.qa_lead):
        (gap,) = selectors.sample_gaps(cast.engagement)
        assert gap.startswith("0 of 30 calls")
        calls = [one.call.public_id for one in drawn(cast)]
        qa.confirm_unreached(engagement=cast.engagement, by=cast.seat(cast.qa_lead), chosen=calls)
        assert selectors.sample_gaps(cast.engagement) == []


@pytest.mark.django_db
def test_scores_of_a_calibration_are_blind_until_it_is_closed(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 8}, Outcome.CALLBACK)
    card_in_use(cast)
    draw(cast)
    with as_person(cast, cast.qa_lead):
        seat = cast.seat(cast.qa_lead)
        call = drawn(cast)[0].call
        together = qa.open_round(call=call, by=seat)
        with pytest.raises(Refused, match="scored in a calibration"):
            qa.claim(call=call, by=seat)
        said = Said(given=FULL, code="callback")
        made = qa.score_round(together=together, by=seat, said=said)
        assert qa.score_round(together=together, by=seat, said=said) == made
        with pytest.raises(Refused, match="stays"):
            qa.score_round(
                together=together, by=seat, said=Said(given=FULL, code="callback", comment="Other")
            )
        with pytest.raises(Refused, match="at least two scores"):
            qa.close_round(together=together, by=seat)
        assert (drawn(cast)[0].state, drawn(cast)[0].review) == (State.REVIEWED, None)
        assert selectors.results_of(drawn(cast)).calls == 0
    with as_person(cast, cast.client_lead):
        listener = cast.seat(cast.client_lead)
        low = Said(given={"greeting": 0, "consent": 5}, code="callback")
        qa.score_round(together=together, by=listener, said=low)
        with pytest.raises(Refused, match="may not review calls"):
            qa.claim(call=drawn(cast)[1].call, by=listener)
    with as_person(cast, cast.qa_lead):
        qa.close_round(together=together, by=seat)
        (pair,) = selectors.calibration(selectors.rounds(cast.engagement))
        assert (pair.calls, pair.passing.agreed, pair.difference, pair.too_few) == (1, 0, 50, True)
        assert selectors.results_of(drawn(cast)).mean == 100.0


@pytest.mark.django_db
def test_every_transfer_is_verified_or_visibly_not(cast: Cast) -> None:
    rows = log_calls(cast, 11, {"ana": 3}, Outcome.TRANSFER_SET)
    log_calls(cast, 12, {"ana": 5}, Outcome.CALLBACK)
    seat = cast.seat(cast.supervisor)
    with as_person(cast, cast.supervisor):
        days = supervised_days(cast.engagement)
        assert transfer_gaps(cast.engagement)[1:] == ["3 of 3 transfers of days 11 to 14 are not verified."]
        good, bad, callback = rows[0].call_key, rows[1].call_key, rows[-1].call_key + 1
        for check, why in (
            (Check(bad, connected=False, briefed=None), "Say what went wrong"),
            (Check(callback, connected=True, briefed=True), "no transfer any more"),
        ):
            with pytest.raises(Refused, match=why):
                verify_transfers(engagement=cast.engagement, by=seat, checks=[check])
        checks = [Check(good, True, True), Check(bad, False, None, "The line was engaged.")]
        assert len(verify_transfers(engagement=cast.engagement, by=seat, checks=checks)) == 2
        assert verify_transfers(engagement=cast.engagement, by=seat, checks=checks) == []
        with pytest.raises(Refused, match="somebody has verified it"):
            verify_transfers(
                engagement=cast.engagement, by=seat, checks=[Check(good, True, False, "Not told.")]
            )
        seen = TransferCheck.objects.get(call_key=good).pk
        changed = Check(good, True, False, "The closer said so.", seen=seen)
        verify_transfers(engagement=cast.engagement, by=seat, checks=[changed])
        found = transfer_meter(cast.engagement, *days)
        assert (found.transfers, found.verified, found.connected, found.good) == (3, 2, 1, 0)
        first = transfers(cast.engagement, *days)[0]
        assert first.check is None and transfer_gaps(cast.engagement)[1:] == [
            "1 of 3 transfers of days 11 to 14 is not verified."
        ]
    with as_person(cast, cast.client_lead), pytest.raises(Refused, match="may not verify"):
        verify_transfers(engagement=cast.engagement, by=cast.seat(cast.client_lead), checks=checks)


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_cannot_take_the_same_call(cast: Cast) -> None:
    log_calls(cast, 11, {"ana": 8})
    draw(cast)
    with as_person(cast, cast.qa_lead):
        call = drawn(cast)[0].call

    def take(user: User) -> str:
        try:
            with on_day(13, 18), as_person(cast, user):
                qa.claim(call=call, by=cast.seat(user))
            return "done"
        except Refused as refused:
            return refused.reasons[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        said = sorted(pool.map(take, [cast.qa_lead, cast.supervisor]))
    assert said[1] == "done" and said[0].endswith("has this call in hand.")
    with as_person(cast, cast.supervisor):
        mine = QaClaim.objects.get()
        other = cast.supervisor if mine.by_id == cast.qa_lead.pk else cast.qa_lead
        qa.hand_back(call=call, by=cast.seat(other))
        assert not QaClaim.objects.exists()
