"""Calls of agents who were not cleared: found on import, never lost in hindsight, answered and accepted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import TrailEntry
from common import clock
from common.errors import Refused
from engagements import services as engagements
from engagements.clearance import Lack
from engagements.masks import full_mask
from engagements.models import Agent, Engagement
from kpis.imports import service
from kpis.imports.breaches import refresh as recount
from kpis.models import Breach, Import
from kpis.selectors import breaches as selectors
from kpis.selectors.patterns import patterns
from kpis.services import breaches as services
from milestones.selectors.gates import breaches_before
from milestones.selectors.standing import standing_of
from tests.factories import Cast
from tests.kpis.samples import own
from tests.kpis.test_imports_service import Desk, _today, desk  # noqa: F401  (fixtures)
from tests.milestones.scene import as_person, planned, roster_cleared
from tests.milestones.test_pages import at, browser
from tests.stage import backstage

pytestmark = pytest.mark.django_db
LAUNCHED = datetime(2026, 3, 11, 21, tzinfo=UTC)


def launched(cast: Cast, moment: datetime = LAUNCHED) -> None:
    with backstage():
        Engagement.objects.filter(pk=cast.engagement.pk).update(cleared_at=moment, passed_day=10)


def calls(*rows: tuple[str, str]) -> bytes:
    """A log of calls: when (New York) and by whom."""
    return own(
        [{"call_id": str(n), "called_at": when, "agent": agent} for n, (when, agent) in enumerate(rows)]
    )


def found(cast: Cast) -> list[tuple[str, str, str, int]]:
    with as_person(cast, cast.client_lead):
        return [
            (str(each.agent), each.day.isoformat(), Lack(each.reason).label, each.calls)
            for each in selectors.breaches(cast.engagement).order_by("day", "agent__name")
        ]


def proved(cast: Cast) -> bool:
    with as_person(cast, cast.client_lead):
        return selectors.check_breaches(cast.engagement) == []


def test_only_calls_of_who_was_not_cleared_are_breaches(cast: Cast, desk: Desk) -> None:  # noqa: F811
    roster_cleared(cast, "ana")
    launched(cast)
    desk.bring_in(
        calls(
            ("2026-03-11T10:00:00", "ana"), ("2026-03-12T10:00:00", "ana"), ("2026-03-12T11:00:00", "kai"),
            ("2026-03-12T12:00:00", "kai"), ("2026-03-13T12:00:00", "kai"), ("2026-03-13T12:30:00", ""),
        )
    )  # fmt: skip
    assert found(cast) == [
        ("ana", "2026-03-11", "before launch clearance", 1),
        ("kai", "2026-03-12", "not on the roster", 2),
        ("kai", "2026-03-13", "not on the roster", 1),
    ]
    assert proved(cast)
    with as_person(cast, cast.client_lead):
        assert TrailEntry.objects.filter(action="breach.found").count() == 1
        assert selectors.unnamed_calls(cast.engagement) == 1


def test_hindsight_changes_nothing(cast: Cast, desk: Desk) -> None:  # noqa: F811
    roster_cleared(cast, "ana")
    launched(cast)
    batch = desk.bring_in(calls(("2026-03-12T10:00:00", "kai")))
    before = found(cast)
    with backstage():
        kai = Agent.objects.get(name="kai")
        ana = Agent.objects.get(name="ana")
    with as_person(cast, cast.supervisor):
        engagements.link_code(agent=ana, by=cast.seat(cast.supervisor), code=kai.name)
    with desk.at():
        service.take_back(batch=batch, by=cast.seat(cast.campaign_manager))
    desk.bring_in(calls(("2026-03-12T10:00:00", "kai")))
    assert found(cast) == before
    assert proved(cast)


def test_calls_of_a_linked_code_count_for_the_agent_from_then_on(cast: Cast, desk: Desk) -> None:  # noqa: F811
    (ana,) = roster_cleared(cast, "ana")
    launched(cast)
    with backstage():
        Agent.objects.create(
            engagement=cast.engagement,
            name="ana.2",
            belongs_to=ana,
            linked_at=datetime(2026, 3, 13, 4, tzinfo=UTC),
        )
    desk.bring_in(calls(("2026-03-12T10:00:00", "ana.2"), ("2026-03-13T10:00:00", "ana.2")))
    assert found(cast) == [("ana.2", "2026-03-12", "not on the roster", 1)]


def test_taking_an_import_back_leaves_the_breach_without_calls(cast: Cast, desk: Desk) -> None:  # noqa: F811
    batch = desk.bring_in(calls(("2026-03-12T10:00:00", "kai")))
    with desk.at():
        service.take_back(batch=Import.objects.get(pk=batch.pk), by=cast.seat(cast.campaign_manager))
    with as_person(cast, cast.client_lead):
        (breach,) = selectors.breaches(cast.engagement)
        assert (breach.calls, selectors.state_of(breach)) == (0, "withdrawn")
    assert proved(cast)


def test_a_difference_between_breaches_and_rows_is_found(cast: Cast, desk: Desk) -> None:  # noqa: F811
    desk.bring_in(calls(("2026-03-12T10:00:00", "kai")))
    with backstage():
        Breach.objects.update(calls=7)
    assert not proved(cast)


def state(cast: Cast) -> str:
    with as_person(cast, cast.client_lead):
        return selectors.state_of(selectors.breaches(cast.engagement).get())


def answered(cast: Cast, **how: Any) -> None:
    with as_person(cast, cast.supervisor):
        known: dict[str, Any] = {
            "chosen": [Breach.objects.get().public_id], "cause": "The dialer let an old code log in.",
            "action": "The code is locked.", "done_on": clock.today("America/New_York"),
        }  # fmt: skip
        services.answer_breaches(
            engagement=cast.engagement, by=cast.seat(cast.supervisor), **{**known, **how}
        )


def settled(cast: Cast, accepted: bool, note: str = "") -> None:
    with as_person(cast, cast.client_lead):
        services.settle_breaches(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), accepted=accepted, note=note,
            chosen=[Breach.objects.get().public_id],
        )  # fmt: skip


def test_a_breach_is_answered_sent_back_answered_again_and_accepted(cast: Cast, desk: Desk) -> None:  # noqa: F811
    desk.bring_in(calls(("2026-03-12T10:00:00", "kai")))
    assert state(cast) == "open"
    for wrong, why in [
        ({"cause": "."}, "Say how it came about"), ({"action": " "}, "Say what was done"),
        ({"done_on": clock.today("UTC") + timedelta(days=3)}, "between the day of the calls and today"),
        ({"chosen": []}, "Tick at least one day"),
    ]:  # fmt: skip
        with pytest.raises(Refused, match=why):
            answered(cast, **wrong)
    answered(cast)
    assert state(cast) == "answered"
    with pytest.raises(Refused, match="has changed since this page was loaded"):
        answered(cast)
    with pytest.raises(Refused, match="Say why the answer is not enough"):
        settled(cast, accepted=False)
    settled(cast, accepted=False, note="Which code was it?")
    assert state(cast) == "returned"
    answered(cast, cause="The code kai was left from another campaign.")
    settled(cast, accepted=True)
    assert state(cast) == "accepted"
    desk.bring_in(own([{"call_id": "late", "called_at": "2026-03-12T15:00:00", "agent": "kai"}]))
    assert state(cast) == "open"


def test_the_pages_answer_and_accept(cast: Cast, desk: Desk) -> None:  # noqa: F811
    desk.bring_in(calls(("2026-03-12T10:00:00", "kai"), ("2026-03-13T10:00:00", "kai")))
    supervisor, lead = browser(cast.supervisor), browser(cast.client_lead)
    page = supervisor.get(at(cast, "kpis/breaches/")).text
    assert "2 of 2 breaches not answered" in page
    assert "The gate of day 30 waits for 2 of them." in page
    assert "2 calls while not cleared" in supervisor.get(at(cast, "setup/agents/")).text
    with backstage():
        ids = [str(pk) for pk in Breach.objects.values_list("public_id", flat=True)]
    form = {"chosen": ids, "cause": "An old code.", "action": "", "done_on": "2026-03-13"}
    bad = supervisor.post(at(cast, "kpis/breaches/answer/"), form)
    assert (bad.status_code, "An old code." in bad.text) == (422, True)
    good = supervisor.post(at(cast, "kpis/breaches/answer/"), {**form, "action": "Locked it."}, follow=True)
    assert "2 breaches answered" in good.text
    assert (
        lead.post(at(cast, "kpis/breaches/settle/"), {"chosen": ids[:1], "accepted": "no"}).status_code == 422
    )
    lead.post(at(cast, "kpis/breaches/settle/"), {"chosen": ids, "accepted": "yes"})
    assert "Every breach is answered" in lead.get(at(cast, "kpis/breaches/")).text
    assert "calls.csv" in lead.get(at(cast, f"kpis/breaches/{ids[0]}/")).text
    assert lead.get(at(cast, f"kpis/breaches/{ids[0]}/?after=x")).status_code == 404


def test_a_breach_waits_at_the_next_gate_from_its_day_on() -> None:
    assert [selectors.gate_of(day, 10) for day in (8, 30, 31, 60, 91)] == [30, 30, 60, 60, None]
    assert selectors.gate_of(14, 30) == 60


def test_calls_that_come_in_after_a_gate_passed_open_their_breach_for_the_next(
    cast: Cast,
    desk: Desk,  # noqa: F811
) -> None:
    roster_cleared(cast, "ana")
    launched(cast)
    planned(cast)
    desk.bring_in(calls(("2026-03-12T10:00:00", "kai")))
    with as_person(cast, cast.campaign_manager):
        [breach] = selectors.breaches(cast.engagement)
        services.answer_breaches(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), chosen=[breach.public_id],
            cause="The seat of another was used", action="The log-in was closed", done_on=breach.day,
        )  # fmt: skip
    with as_person(cast, cast.client_lead):
        services.settle_breaches(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), chosen=[breach.public_id], accepted=True,
            note="",
        )  # fmt: skip

    def asked_at_day_60() -> list[str]:
        with as_person(cast, cast.client_lead):
            standing = standing_of(cast.engagement)
            for gate in standing.gates[:2]:
                gate.passed_at = breach.found_at + timedelta(days=1)
            return [selectors.state_of(each) for each in breaches_before(standing, standing.gates[2])]

    assert asked_at_day_60() == []
    desk.bring_in(calls(("2026-03-12T10:00:00", "kai"), ("2026-03-12T11:00:00", "kai")))
    assert asked_at_day_60() == ["open"]


def test_all_dialer_codes_of_one_person_are_one_agent_in_patterns(cast: Cast, desk: Desk) -> None:  # noqa: F811
    ana, _ = roster_cleared(cast, "ana", "kai")
    launched(cast)
    with backstage():
        Agent.objects.create(engagement=cast.engagement, name="ana2", belongs_to=ana, linked_at=LAUNCHED)
    desk.bring_in(
        calls(
            ("2026-03-12T10:00:00", "ana"), ("2026-03-12T11:00:00", "ana2"), ("2026-03-12T12:00:00", "kai"),
        )
    )  # fmt: skip
    with as_person(cast, cast.client_lead):
        day = date(2026, 3, 12)
        for names in ({}, full_mask(cast.engagement).by_code):
            rows = patterns(cast.engagement, day, day, names).agents_contact.rows
            assert sorted(row.trials for row in rows) == [1, 2]


def test_a_further_file_adds_to_the_breaches_as_counting_all_would(cast: Cast, desk: Desk) -> None:  # noqa: F811
    roster_cleared(cast, "ana")
    launched(cast)
    files = (
        calls(("2026-03-12 10:00:00", "zed"), ("2026-03-12 12:00:00", "zed")),
        own([{"call_id": "more", "called_at": "2026-03-12 09:00:00", "agent": "zed"}]),
        own([{"call_id": "bare", "called_at": "2026-03-12", "agent": "zed"}]),
    )
    for data in files:
        desk.bring_in(data)
    with as_person(cast, cast.client_lead):
        added = list(
            Breach.objects.values_list("agent__name", "day", "reason", "calls", "first_at", "last_at")
        )
        recount(cast.engagement.pk, [date(2026, 3, 12)])
        counted = list(
            Breach.objects.values_list("agent__name", "day", "reason", "calls", "first_at", "last_at")
        )
    assert added == counted
    assert [row[3] for row in added] == [4]
