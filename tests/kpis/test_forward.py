"""Day 90: four questions, the next targets, and an agreement that binds both sides to the same words."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common.errors import Refused
from engagements.models import Engagement
from kpis.models import ForwardAgreement, ForwardPlan
from kpis.selectors import forward as reads
from kpis.services.baseline import freeze_baseline
from kpis.services.forward import agree_forward, hear_closers, save_forward
from tenancy import context
from tenancy.context import Scope
from tests.factories import Cast
from tests.kpis.scene import DAY_30, WEAK_DAY, sign_brief, write_facts
from tests.milestones.test_pages import browser
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]
DAY_90 = "2026-05-30T16:00:00Z"
LEARNED = {
    "customer": "Owners of older houses decide faster",
    "closers": "Closers need the roof age beforehand",
    "leads": "Referred leads show up twice as often",
}
CHANGES = {
    "volume": "Two agents more from June",
    "vertical": "Nothing changes here",
    "campaign_type": "Nothing changes here",
    "targets": "Contact rate goes to 13%",
}
TARGETS = {
    "contact_rate": Decimal("0.1300"),
    "qualification_rate": Decimal("0.3"),
    "transfer_set_rate": Decimal("0.6"),
    "show_rate": Decimal("0.65"),
    "close_rate": None,
}


def arrange(cast: Cast) -> None:
    """A baseline with two misses, and days 61 to 90 on which the show rate is still below target."""
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    write_facts(cast, (500, 70, 28, 20, 9, 2), range(61, 90))
    manager = context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk)
    with time_machine.travel(DAY_30, tick=False), manager:
        freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
    with backstage():
        Engagement.objects.update(passed_day=60)
        cast.engagement.refresh_from_db()


@pytest.fixture
def day_90(cast: Cast) -> Iterator[None]:
    arrange(cast)
    with time_machine.travel(DAY_90, tick=False):
        yield


def saved(cast: Cast, user: User, **changes: Any) -> ForwardPlan:
    present = ForwardPlan.objects.filter(engagement=cast.engagement).first()
    asked: dict[str, Any] = {
        "learned": LEARNED, "changes": CHANGES, "targets": TARGETS, "next_steps": "",
        "seen": present.content_hash if present else "",
    }  # fmt: skip
    return save_forward(engagement=cast.engagement, by=cast.seat(user), **(asked | changes))


def complete(cast: Cast, entered: Enter) -> ForwardPlan:
    for user in (cast.campaign_manager, cast.client_lead):
        with entered(user):
            plan = saved(cast, user)
    return plan


def test_the_first_two_questions_are_answered_by_the_data(cast: Cast, entered: Enter, day_90: None) -> None:
    with entered(cast.client_lead):
        told = {one.key: one for one in reads.standing_of_metrics(cast.engagement)}
    assert (told["contact_rate"].position, told["contact_rate"].fix) == ("above", "")
    show = told["show_rate"]
    assert (show.position, show.value, show.cause_known, show.fix) == ("below", "45.0%", False, "none")
    assert told["close_rate"].position == "unknown"


def test_each_side_answers_for_itself_and_what_is_missing_is_named(
    cast: Cast, entered: Enter, day_90: None
) -> None:
    with entered(cast.campaign_manager):
        plan = saved(cast, cast.campaign_manager, changes={}, targets={**TARGETS, "show_rate": None})
        lacks = reads.forward(cast.engagement).lacks
        assert "The client has not said what was learned about the closers." in lacks
        assert (
            "Say what changes in volume, vertical, campaign type and targets, or that nothing does." in lacks
        )
        assert "There is no target for days 91 to 180 for Show rate." in lacks
        with pytest.raises(Refused, match="The client has not said"):
            agree_forward(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager), seen=plan.content_hash
            )
    with entered(cast.client_lead):
        saved(cast, cast.client_lead, learned={"leads": "The web form brings the wrong town"})
        kept = reads.forward(cast.engagement).content.learned
    assert kept["leads"] == {
        "operator": LEARNED["leads"],
        "client": "The web form brings the wrong town",
    }


def test_a_change_makes_an_agreement_void_and_a_stale_page_is_refused(
    cast: Cast, entered: Enter, day_90: None
) -> None:
    plan = complete(cast, entered)
    manager, lead = cast.seat(cast.campaign_manager), cast.seat(cast.client_lead)
    with entered(cast.campaign_manager):
        agree_forward(engagement=cast.engagement, by=manager, seen=plan.content_hash)
    with entered(cast.client_lead):
        with pytest.raises(Refused, match="Somebody has saved the forward plan since"):
            saved(cast, cast.client_lead, seen="0" * 64, next_steps="Clara orders nothing")
        again = saved(cast, cast.client_lead, seen="0" * 64)
        assert again.drafted_at == plan.drafted_at, "the same form sent twice is saved, and once"
        assert reads.forward(cast.engagement).agreed_by == {"operator"}
        saved(cast, cast.client_lead, next_steps="Clara orders the list by 5 June")
        assert reads.forward(cast.engagement).agreed_by == frozenset()
        with pytest.raises(Refused, match="has changed since this page was opened"):
            agree_forward(engagement=cast.engagement, by=lead, seen=plan.content_hash)


def test_once_both_agree_nothing_of_it_changes(cast: Cast, entered: Enter, day_90: None) -> None:
    plan = complete(cast, entered)
    for user in (cast.client_lead, cast.campaign_manager):
        with entered(user):
            plan = agree_forward(engagement=cast.engagement, by=cast.seat(user), seen=plan.content_hash)
    assert plan.agreed_at is not None
    with entered(cast.client_lead):
        with pytest.raises(Refused, match="does not change any more"):
            saved(cast, cast.client_lead)
        with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
            ForwardPlan.objects.update(content={})
        assert reads.forward(cast.engagement).content.targets["contact_rate"] == "0.1300"


def test_new_figures_ask_for_a_new_version_before_anybody_agrees(
    cast: Cast, entered: Enter, day_90: None
) -> None:
    plan = complete(cast, entered)
    write_facts(cast, (500, 5, 2, 1, 1, 0), range(61, 90), source_name="Late file")
    with entered(cast.client_lead), pytest.raises(Refused, match="Figures have changed since it was saved"):
        agree_forward(engagement=cast.engagement, by=cast.seat(cast.client_lead), seen=plan.content_hash)


def test_it_is_drafted_from_day_61_and_agreed_from_day_90(cast: Cast, entered: Enter) -> None:
    arrange(cast)
    with (
        entered(cast.campaign_manager),
        time_machine.travel("2026-04-30T16:00:00Z", tick=False),
        pytest.raises(Refused, match="Day 61 is"),
    ):
        saved(cast, cast.campaign_manager)
    with time_machine.travel("2026-05-29T16:00:00Z", tick=False):
        plan = complete(cast, entered)
        with entered(cast.client_lead), pytest.raises(Refused, match="Day 90 is"):
            agree_forward(engagement=cast.engagement, by=cast.seat(cast.client_lead), seen=plan.content_hash)


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_the_same_instant_put_it_into_force_once(cast: Cast, entered: Enter) -> None:
    arrange(cast)
    with time_machine.travel(DAY_90, tick=False):
        plan = complete(cast, entered)

        def agree(user: User) -> str:
            try:
                with context.entered(user_id=user.pk, engagement_id=cast.engagement.pk):
                    agree_forward(engagement=cast.engagement, by=cast.seat(user), seen=plan.content_hash)
                return "agreed"
            except Refused as refusal:
                return refusal.reasons[0]
            finally:
                connection.close()

        people = [cast.client_lead, cast.campaign_manager, cast.client_lead, cast.campaign_manager]
        with ThreadPoolExecutor(max_workers=4) as pool:
            told = sorted(pool.map(agree, people))
    assert told[:1] + told[-2:] != ["agreed", "agreed", "agreed"]
    assert told.count("agreed") == 2
    with backstage():
        assert ForwardPlan.objects.get().agreed_at is not None
        assert ForwardAgreement.objects.count() == 2


def test_the_page_saves_keeps_what_was_typed_and_takes_both_agreements(
    cast: Cast, client: Client, day_90: None
) -> None:
    page = reverse("kpis:forward", args=[cast.engagement.public_id])
    save = reverse("kpis:save_forward", args=[cast.engagement.public_id])
    agree = reverse("kpis:agree_forward", args=[cast.engagement.public_id])

    def form(**changes: str) -> dict[str, str]:
        with backstage():
            present = ForwardPlan.objects.first()
        sent = {f"learned_{key}": text for key, text in LEARNED.items()}
        sent |= {f"change_{key}": text for key, text in CHANGES.items()}
        sent |= {f"target_{key}": f"{value * 100:.2f}" for key, value in TARGETS.items() if value}
        return sent | {"seen": present.content_hash if present else ""} | changes

    client.force_login(cast.campaign_manager)
    refused = client.post(save, form(target_show_rate="140"))
    assert refused.status_code == 422
    assert "A rate is at most 100%." in refused.content.decode()
    assert LEARNED["leads"] in refused.content.decode()
    assert client.post(save, form()).status_code == 302
    assert "The client has not said what was learned" in client.get(page).content.decode()
    client.force_login(cast.client_lead)
    assert client.post(save, form()).status_code == 302
    long_ago = client.post(agree, {"seen": form()["seen"]})
    assert long_ago["Location"].startswith("/account/reauthenticate/"), "an agreement bears a name"
    with backstage():
        assert not ForwardAgreement.objects.exists()
    for user in (cast.client_lead, cast.campaign_manager):
        client = browser(user)
        assert client.post(agree, {"seen": form()["seen"]})["Location"] == page
    told = client.get(page).content.decode()
    steady = told.partition('data-label="Days 61 to 90">')[2].partition("</td>")[0]
    assert " of " in steady and "–" in steady, "a rate stands with its counts and its interval"
    assert "at least 13%" in told
    assert "Both sides have agreed to the answers" in told
    client.force_login(cast.supervisor)
    assert client.post(save, form()).status_code == 403


def test_what_the_closers_say_is_written_down_by_their_side(
    cast: Cast, entered: Enter, client: Client, day_90: None
) -> None:
    with entered(cast.closer_lead), pytest.raises(Refused):
        hear_closers(engagement=cast.engagement, by=cast.seat(cast.closer_lead), text=" . ")
    client.force_login(cast.closer_lead)
    path = reverse("kpis:hear_closers", args=[cast.engagement.public_id])
    assert client.post(path, {"text": ""}).status_code == 422
    page = client.post(path, {"text": "Every fifth household had signed elsewhere."}, follow=True)
    assert "Every fifth household had signed elsewhere." in page.content.decode()
    client.force_login(cast.campaign_manager)
    assert client.post(path, {"text": "We think they like it."}).status_code == 403
