"""Freezing the baseline and reviewing days 60 and 90: once, from its day on, with what follows from it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.models import TrailEntry
from common.errors import Refused
from common.hashing import content_hash
from kpis import selectors
from kpis.funnel_json import from_json
from kpis.models import Baseline, Finding
from kpis.services.baseline import freeze_baseline, review_targets
from tenancy import context
from tenancy.context import Scope
from tests.factories import Cast
from tests.kpis.scene import (
    DAY_30,
    DAY_60,
    GOOD_DAY,
    TARGETS,
    WEAK_DAY,
    sign_brief,
    write_facts,
    write_import,
)
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]


@pytest.fixture
def at_day_30() -> Iterator[None]:
    with time_machine.travel(DAY_30, tick=False):
        yield


@pytest.mark.usefixtures("at_day_30")
def test_the_baseline_freezes_days_11_to_30_and_opens_a_finding_per_missed_metric(
    cast: Cast, entered: Enter
) -> None:
    brief = sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    write_facts(cast, GOOD_DAY, [31])
    write_import(cast, [11, 30])
    with entered(cast.campaign_manager):
        made = freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        numbers = from_json(made.numbers["funnel"])
        assert (made.first_day.isoformat(), made.last_day.isoformat()) == ("2026-03-12", "2026-03-31")
        assert numbers == selectors.funnel(cast.engagement, made.first_day, made.last_day, brief)
        assert numbers.dials == 20 * 500
        assert made.content_hash == content_hash(made.numbers)
        assert made.numbers["imports"][0]["file_name"] == "march.csv"
        found = Finding.objects.order_by("pk")
        assert [(f.metric_key, f.numerator, f.denominator, f.review_day, f.brief_id) for f in found] == [
            ("contact_rate", 1000, 10_000, 30, brief.pk),
            ("show_rate", 160, 300, 30, brief.pk),
        ]
        actions = list(TrailEntry.objects.order_by("sequence").values_list("action", flat=True))
        assert actions == ["baseline.frozen", "finding.opened", "finding.opened"]


@pytest.mark.usefixtures("at_day_30")
def test_it_is_frozen_once_and_a_later_import_does_not_change_it(cast: Cast, entered: Enter) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    seat = cast.seat(cast.campaign_manager)
    with entered(cast.campaign_manager):
        before = freeze_baseline(engagement=cast.engagement, by=seat)
    write_facts(cast, GOOD_DAY, range(11, 31), "Referral")
    with entered(cast.campaign_manager):
        with pytest.raises(Refused, match="was frozen on Tue 31 Mar"):
            freeze_baseline(engagement=cast.engagement, by=seat)
        frozen = selectors.baseline(cast.engagement)
        assert frozen is not None
        assert frozen.calls == 10_000
        assert frozen.content_hash == before.content_hash
        assert Finding.objects.count() == 2
        assert selectors.gate_verdicts(cast.engagement, 30)[0].denominator == 10_000


@pytest.mark.usefixtures("at_day_30")
def test_nobody_can_change_or_delete_it(cast: Cast, entered: Enter) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    with entered(cast.campaign_manager):
        freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        for change in (lambda: Baseline.objects.update(numbers={}), lambda: Baseline.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.parametrize(
    ("brief", "days", "moment", "words"),
    [
        (True, range(11, 30), "2026-03-30T16:00:00Z", "Day 30 is Tue 31 Mar"),
        (False, range(11, 31), "2026-03-31T16:00:00Z", "No campaign brief is signed"),
        (True, [], "2026-03-31T16:00:00Z", "No dials are imported"),
        # 02:00 UTC on the 31st is still the 30th in New York
        (True, range(11, 30), "2026-03-31T02:00:00Z", "Day 30 is Tue 31 Mar"),
    ],
)
def test_it_waits_for_its_day_the_brief_and_data(
    cast: Cast, entered: Enter, brief: bool, days: range, moment: str, words: str
) -> None:
    if brief:
        sign_brief(cast)
    write_facts(cast, WEAK_DAY, days)
    with (
        time_machine.travel(moment, tick=False),
        entered(cast.campaign_manager),
        pytest.raises(Refused, match=words),
    ):
        freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))


@pytest.mark.usefixtures("at_day_30")
def test_only_the_campaign_manager_freezes(cast: Cast, entered: Enter) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    for user in (cast.client_lead, cast.supervisor, cast.operator_leader):
        with entered(user), pytest.raises(Refused, match="may not freeze the baseline"):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(user))


@pytest.mark.usefixtures("at_day_30")
def test_too_few_and_no_data_are_not_findings_but_are_named(cast: Cast, entered: Enter) -> None:
    sign_brief(cast, targets=TARGETS | {"close_rate": "0.2"})
    write_facts(cast, (500, 70, 28, 20, 5, None), [12])
    with entered(cast.campaign_manager):
        freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
        assert not Finding.objects.exists()
        verdicts = {rate.key: rate.verdict for rate in selectors.gate_verdicts(cast.engagement, 30)}
    assert verdicts == {
        "contact_rate": "met",
        "qualification_rate": "met",
        "transfer_set_rate": "too-few",
        "show_rate": "too-few",
        "close_rate": "no-data",
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_freezes(cast: Cast) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    together = Barrier(2, timeout=20)

    def press(_: int) -> str:
        try:
            with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
                together.wait()
                freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
                return "frozen"
        except Refused as refusal:
            return refusal.reasons[0]
        finally:
            connection.close()

    with time_machine.travel(DAY_30, tick=True), ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, range(2)))
    assert answers[1] == "frozen"
    assert "does not change any more" in answers[0]
    with backstage():
        assert (Baseline.objects.count(), Finding.objects.count()) == (1, 2)


def test_the_review_of_day_60_judges_its_own_days_and_can_be_done_again(cast: Cast, entered: Enter) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    write_facts(cast, (500, 70, 28, 20, 8, 3), range(31, 61))
    seat = cast.seat(cast.client_lead)
    with time_machine.travel(DAY_60, tick=False), entered(cast.client_lead):
        assert [rate.key for rate in selectors.missing_findings(cast.engagement, 60)] == ["show_rate"]
        opened = review_targets(engagement=cast.engagement, by=seat, day=60)
        assert [(f.metric_key, f.denominator) for f in opened] == [("show_rate", 600)]
        assert selectors.missing_findings(cast.engagement, 60) == []
        assert review_targets(engagement=cast.engagement, by=seat, day=60) == []
        assert Finding.objects.count() == 1


def test_a_gate_sees_a_missed_metric_that_nobody_opened_and_nothing_before_the_day(
    cast: Cast, entered: Enter
) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(31, 61))
    with time_machine.travel("2026-04-29T16:00:00Z", tick=False), entered(cast.client_lead):
        assert selectors.gate_verdicts(cast.engagement, 60) == []
        with pytest.raises(Refused, match="Day 60 is"):
            review_targets(engagement=cast.engagement, by=cast.seat(cast.client_lead), day=60)
    with time_machine.travel(DAY_60, tick=False), entered(cast.client_lead):
        missed = [
            rate.key for rate in selectors.gate_verdicts(cast.engagement, 60) if rate.verdict == "missed"
        ]
        assert missed == ["contact_rate", "show_rate"]
        assert selectors.gate_verdicts(cast.engagement, 30) == []
        assert selectors.gate_verdicts(cast.engagement, 10) == []


def test_day_30_is_frozen_not_reviewed(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead), pytest.raises(Refused, match="Only the reviews of day 60"):
        review_targets(engagement=cast.engagement, by=cast.seat(cast.client_lead), day=30)


@pytest.mark.usefixtures("at_day_30")
def test_nothing_is_frozen_while_the_launch_may_still_move(cast: Cast, entered: Enter) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    with backstage():
        type(cast.engagement).objects.update(passed_day=0)
    with entered(cast.campaign_manager), pytest.raises(Refused) as refused:
        freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
    assert refused.value.reasons == [
        "The day-10 gate has not passed: the launch may still move, and with it every later day."
    ]
