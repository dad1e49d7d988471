"""Later stages: files of outcomes and closers' links, what they change, and that sums stay equal to the rows."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.db.models import Sum

from accounts.models import Membership, TrailEntry, User
from common.errors import Refused
from common.hashing import token_hash
from engagements.models import Participant
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.imports import meanings
from kpis.imports import service as imports
from kpis.models import (
    CallRecord,
    CloserLink,
    DailyFact,
    Import,
    RestatedBy,
    Restatement,
    Sheet,
    SheetKind,
    ToldOutcome,
)
from kpis.selectors import outcomes as reads
from kpis.selectors.checking import check_facts
from kpis.selectors.closer_links import find_link, linked_transfers
from kpis.services import closer_links, outcomes, sheets
from kpis.services.outcomes import Told
from tenancy import context
from tests.factories import Cast
from tests.stage import backstage

RunJobs = Callable[[], list[str]]
NOW = datetime(2026, 4, 10, 16, tzinfo=UTC)
DAY = date(2026, 3, 16)
HEADER = "call_id,called_at,disposition,lead_id,phone,closer,agent\n"
# Two transfers of one day, one of the next, and calls that came to less.
CALLS = HEADER + (
    "c1,2026-03-16T10:00:00,transfer_set,L1,+16135550101,Rita Stone,A1\n"
    "c2,2026-03-16T11:00:00,transfer_set,L2,+16135550102,Omar Diaz,A1\n"
    "c3,2026-03-16T12:00:00,not_interested,L3,+16135550103,,A1\n"
    "c4,2026-03-17T10:00:00,transfer_set,L4,+16135550104,Rita Stone,A1\n"
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


class Desk:
    """People of the cast at the page of outcomes, without the page."""

    def __init__(self, cast: Cast, run_jobs: RunJobs) -> None:
        self.cast, self.run_jobs = cast, run_jobs

    @contextmanager
    def at(self, user: User | None = None) -> Iterator[None]:
        user = user or self.cast.campaign_manager
        with context.entered(user_id=user.pk, engagement_id=self.cast.engagement.pk):
            yield

    def calls_in(self, text: str = CALLS) -> Import:
        with self.at():
            seat = self.cast.seat(self.cast.campaign_manager)
            batch, _ = imports.upload(
                engagement=self.cast.engagement, by=seat, data=text.encode(), file_name="calls.csv"
            )
            imports.start(batch=batch, by=seat, preset="tollgate", source_zone="America/New_York")
        self.run_jobs()
        return batch

    def upload(self, text: str, name: str = "crm.csv", user: User | None = None) -> Sheet:
        user = user or self.cast.campaign_manager
        with self.at(user):
            return sheets.upload_sheet(
                engagement=self.cast.engagement, by=self.cast.seat(user), data=text.encode(), file_name=name,
                kind=SheetKind.OUTCOMES,
            )[0]  # fmt: skip

    def take_in(self, text: str, name: str = "crm.csv") -> Sheet:
        sheet = self.upload(text, name)
        with self.at():
            return outcomes.take_in_outcomes(sheet=sheet, by=self.cast.seat(self.cast.campaign_manager))

    def take_back(self, sheet: Sheet) -> None:
        with self.at():
            outcomes.take_back_outcomes(sheet=sheet, by=self.cast.seat(self.cast.campaign_manager))

    def link(
        self, closer: str = "Rita Stone", user: User | None = None, days: int = 14
    ) -> tuple[CloserLink, str]:
        user = user or self.cast.closer_lead
        with self.at(user):
            return closer_links.make_link(
                engagement=self.cast.engagement, by=self.cast.seat(user), name="Rita", closer=closer,
                first=DAY, last=date(2026, 3, 17), days=days,
            )  # fmt: skip

    def depths(self) -> dict[str, int]:
        with self.at():
            return dict(CallRecord.objects.values_list("call_ref", "depth"))

    def day(self, day: date = DAY) -> tuple[int | None, ...]:
        with self.at():
            found = DailyFact.objects.filter(day=day).aggregate(Sum("transfers"), Sum("shows"), Sum("closes"))
            return tuple(found.values())

    def true(self) -> bool:
        with self.at():
            return not check_facts(self.cast.engagement).mismatches

    def restated(self) -> list[tuple[date, str, str]]:
        with self.at():
            found = Restatement.objects.filter(
                cause__in=[RestatedBy.OUTCOMES, RestatedBy.WITHDRAWN]
            ).order_by("pk")
            return list(found.values_list("day", "cause", "by_name"))


@pytest.fixture
def desk(cast: Cast, run_jobs: RunJobs) -> Desk:
    return Desk(cast, run_jobs)


def test_a_day_tells_its_shows_once_every_transfer_of_it_was_told_of(desk: Desk) -> None:
    desk.calls_in()
    assert desk.day() == (2, None, None)
    desk.take_in("call_id,stage,date\nc1,show,2026-03-18\n", "one.csv")
    assert desk.day() == (2, None, None)  # what became of c2 nobody knows
    assert desk.true()
    assert desk.restated() == []
    desk.take_in("lead_id,showed,closed,date,amount\nL2,yes,yes,2026-03-20,1250.50\n", "two.csv")
    assert desk.day() == (2, 2, 1)
    assert desk.depths() == {"c1": 4, "c2": 5, "c3": 1, "c4": 3}
    assert desk.day(date(2026, 3, 17)) == (1, None, None)
    assert desk.true()
    assert desk.restated() == [(DAY, "outcomes", desk.cast.campaign_manager.name)]


def test_a_file_is_taken_back_whole_and_what_stood_before_stands_again(desk: Desk) -> None:
    desk.calls_in()
    desk.take_in("call_id,showed,closed,date\nc1,no,no,2026-03-16\nc2,yes,no,2026-03-16\n", "first.csv")
    assert desk.day() == (2, 1, 0)
    second = desk.take_in("call_id,showed,closed,date\nc1,yes,yes,2026-03-25\n", "second.csv")
    assert desk.day() == (2, 2, 1)
    desk.take_back(second)
    assert desk.day() == (2, 1, 0)
    assert desk.true()
    assert [cause for _, cause, _ in desk.restated()] == ["outcomes", "outcomes", "withdrawn"]
    with pytest.raises(Refused):
        desk.take_back(second)
    again = desk.take_in("call_id,showed,closed,date\nc1,yes,yes,2026-03-25\n", "second.csv")
    assert again.pk != second.pk
    assert desk.day() == (2, 2, 1)


def test_the_same_file_and_the_same_words_add_nothing(desk: Desk) -> None:
    desk.calls_in()
    sheet = desk.take_in("call_id,stage,date\nc1,close,2026-03-18\n")
    assert desk.upload("call_id,stage,date\nc1,close,2026-03-18\n").pk == sheet.pk
    with pytest.raises(Refused, match="already"), desk.at():
        outcomes.take_in_outcomes(sheet=sheet, by=desk.cast.seat(desk.cast.campaign_manager))
    with pytest.raises(Refused, match="Nothing in this file is new"):
        desk.take_in("call_id,stage,date\nc1,close,2026-03-18\n\n", "with-a-blank-line.csv")
    # A show of a call that was closed since says nothing new either.
    with pytest.raises(Refused, match="Nothing in this file is new"):
        desk.take_in("call_id,stage,date\nc1,show,2026-03-17\n", "events.csv")
    with desk.at():
        assert ToldOutcome.objects.count() == 1


def test_rows_that_fit_no_transfer_or_several_are_listed_and_never_guessed(desk: Desk) -> None:
    desk.calls_in(CALLS + "c5,2026-03-18T10:00:00,transfer_set,L1,+16135550101,Rita Stone,A1\n")
    sheet = desk.take_in(
        "call_id,lead_id,phone,stage,date\n"
        ",L1,,show,2026-03-20\n"
        "c3,,,show,2026-03-20\n"
        "c3,L2,,show,2026-03-20\n"
        "zzz,,,close,2026-03-20\n"
        "c2,,,show,2026-03-15\n"
        ",,613-555-0104,show,2026-03-20\n"
    )
    assert sheet.kept == 1
    reasons = dict(sheet.refused)
    assert reasons == {
        2: "2 transfers have this lead: name the one that is meant by its call id.",
        3: "This call was no transfer, so there was nothing to show or to close.",
        4: "This call was no transfer, so there was nothing to show or to close.",
        5: "No transfer with this call id is in.",
        6: "Sun 15 Mar lies before the call of Mon 16 Mar.",
    }
    assert desk.depths()["c4"] == Stage.SHOW
    assert desk.true()


def test_what_was_told_waits_for_calls_that_are_read_again(desk: Desk) -> None:
    batch = desk.calls_in()
    desk.take_in("call_id,stage,date\nc1,no-show,2026-03-18\nc2,close,2026-03-18\n")
    assert desk.day() == (2, 1, 1)
    with desk.at():
        imports.take_back(batch=batch, by=desk.cast.seat(desk.cast.campaign_manager))
    assert desk.day() == (None, None, None)
    desk.calls_in(CALLS + "c6,2026-03-18T10:00:00,no_answer,L6,+16135550106,,A1\n")
    assert desk.day() == (2, 1, 1)
    assert desk.true()


def test_another_meaning_of_a_code_keeps_what_was_told(desk: Desk) -> None:
    desk.calls_in()
    desk.take_in("call_id,stage,date\nc1,close,2026-03-18\nc2,show,2026-03-18\n")
    with desk.at():
        seat = desk.cast.seat(desk.cast.campaign_manager)
        for outcome in (Outcome.QUALIFIED, Outcome.TRANSFER_SET):
            meanings.give_meaning(
                engagement=desk.cast.engagement,
                by=seat,
                system="tollgate",
                code="transfer_set",
                outcome=outcome,
            )
            assert desk.true()
    assert desk.depths() == {"c1": 5, "c2": 4, "c3": 1, "c4": 3}


def test_who_may_and_who_may_not(desk: Desk) -> None:
    desk.calls_in()
    desk.upload("call_id,stage,date\nc1,close,2026-03-18\n", user=desk.cast.closer_lead)
    with pytest.raises(Refused, match="may not bring in"):
        desk.upload("call_id,stage,date\nc2,close,2026-03-18\n", user=desk.cast.operator_leader)
    with pytest.raises(Refused, match="A column must say when"):
        desk.upload("call_id,stage\nc2,close\n")


def test_two_at_once_take_a_file_in_once(cast: Cast, run_jobs: RunJobs, transactional_db: None) -> None:
    desk = Desk(cast, run_jobs)
    desk.calls_in()
    sheet = desk.upload("call_id,stage,date\nc1,close,2026-03-18\n")

    def act() -> str:
        try:
            with time_machine.travel(NOW, tick=False), desk.at():
                outcomes.take_in_outcomes(sheet=sheet, by=cast.seat(cast.campaign_manager))
            return "done"
        except Refused as refused:
            return refused.reasons[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        said = sorted(future.result() for future in [pool.submit(act), pool.submit(act)])
    assert said == ["What this file says is in already.", "done"]
    with desk.at():
        assert ToldOutcome.objects.count() == 1


# Closers' links


def told(token: str, **stages: tuple[Stage, date]) -> int:
    listed = {one.lead: one for one in linked_transfers(token)}
    said = [
        Told(listed[lead].key, stage, on, seen=listed[lead].told_id) for lead, (stage, on) in stages.items()
    ]
    return closer_links.tell_by_link(token=token, said=said, address="192.0.2.9")


def test_a_link_shows_its_closer_the_transfers_of_its_days_and_nothing_else(desk: Desk) -> None:
    desk.calls_in()
    link, token = desk.link()
    assert link.token_hash == token_hash(token)
    assert token not in str(CloserLink.__dict__)
    shown = linked_transfers(token)
    assert [(one.lead, one.number_ends) for one in shown] == [("L1", "0101"), ("L4", "0104")]
    _, everybody = desk.link(closer="")
    assert [one.lead for one in linked_transfers(everybody)] == ["L1", "L2", "L4"]
    assert linked_transfers("nothing") == []
    assert find_link("nothing") is None


def test_what_a_closer_tells_counts_and_bears_the_name_of_the_link(desk: Desk) -> None:
    desk.calls_in()
    desk.take_in("call_id,stage,date\nc2,no-show,2026-03-16\n")
    _, token = desk.link()
    assert told(token, L1=(Stage.CLOSE, date(2026, 3, 19))) == 1
    assert told(token, L1=(Stage.CLOSE, date(2026, 3, 19))) == 0
    assert desk.day() == (2, 1, 1)
    assert desk.true()
    assert desk.restated() == [(DAY, "outcomes", "Rita (closer’s link)")]
    with desk.at():
        line = TrailEntry.objects.get(action="closer_link.told")
        assert (line.actor_name, line.subject, line.address) == (
            "Rita (closer’s link)",
            "1 transfer",
            "192.0.2.9",
        )
    assert told(token, L1=(Stage.TRANSFER, date(2026, 3, 16))) == 1  # a correction
    assert desk.day() == (2, 0, 0)


def test_a_link_writes_only_on_its_own_transfers_and_never_over_what_it_has_not_seen(desk: Desk) -> None:
    desk.calls_in()
    _, rita = desk.link()
    _, everybody = desk.link(closer="")
    other = {one.lead: one for one in linked_transfers(everybody)}
    with pytest.raises(Refused, match="not among those"):
        closer_links.tell_by_link(
            token=rita, said=[Told(other["L2"].key, Stage.SHOW, DAY)], address="192.0.2.9"
        )
    told(everybody, L1=(Stage.SHOW, DAY))
    with pytest.raises(Refused, match="since this page was loaded"):
        closer_links.tell_by_link(
            token=rita, said=[Told(other["L1"].key, Stage.CLOSE, DAY)], address="192.0.2.9"
        )
    for wrong in (date(2026, 3, 15), date(2026, 4, 11)):
        with pytest.raises(Refused, match="between the call and today"):
            told(rita, L4=(Stage.SHOW, wrong))
    assert desk.depths() == {"c1": 4, "c2": 3, "c3": 1, "c4": 3}


@pytest.mark.parametrize("how", ["revoked", "expired", "left", "out"])
def test_a_link_that_has_ended_opens_and_writes_nothing(desk: Desk, how: str) -> None:
    desk.calls_in()
    link, token = desk.link()
    before = linked_transfers(token)
    if how == "revoked":
        with desk.at():
            closer_links.revoke_link(link=link, by=desk.cast.seat(desk.cast.campaign_manager))
    with backstage():
        if how == "expired":
            CloserLink.objects.filter(pk=link.pk).update(expires_at=NOW)
        elif how == "left":
            Membership.objects.filter(user=desk.cast.closer_lead).update(ended_at=NOW)
        elif how == "out":
            Participant.objects.filter(user=desk.cast.closer_lead).update(ended_at=NOW)
    found = find_link(token)
    assert found is not None
    assert found.state == {"out": "left"}.get(how, how)
    assert linked_transfers(token) == []
    with pytest.raises(Refused, match="does not work any more"):
        closer_links.tell_by_link(token=token, said=[Told(before[0].key, Stage.SHOW, DAY)], address="x")
    with backstage():
        assert not ToldOutcome.objects.exists()


def test_what_a_link_may_be(desk: Desk) -> None:
    with pytest.raises(Refused, match="1 to 60 days"):
        desk.link(days=90)
    with pytest.raises(Refused, match="may not bring in"):
        desk.link(user=desk.cast.operator_leader)


def test_amounts_of_closes_are_summed(desk: Desk) -> None:
    desk.calls_in()
    desk.take_in('call_id,stage,date,amount\nc1,close,2026-03-18,"1,250.00"\nc2,close,2026-03-18,$99\n')
    with desk.at():
        days = reads.told_days(desk.cast.engagement)
        found = reads.meter(desk.cast.engagement, days)
    assert (found.transfers, found.told, found.closed, found.value) == (3, 2, 2, Decimal("1349.00"))
