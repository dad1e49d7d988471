"""A roster's file is taken back whole, and only while nothing stands on what it wrote."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import TrailEntry
from common.errors import Refused
from engagements.clearance import Renaming, RosterMove, UndoFacts, standing_moves, undo_blockers
from engagements.models import Agent, RosterEntry
from engagements.roster import roster
from engagements.services import NewAgent, add_agents, link_code, rename_agent
from kpis.models import Sheet, SheetKind
from kpis.services import rosters, sheets
from tests.factories import Cast
from tests.kpis.samples import own
from tests.kpis.test_imports_service import Desk

RunJobs = Callable[[], list[str]]
MORNING = datetime(2026, 4, 6, 12, tzinfo=UTC)
HEAD = "code,name,start_date,end_date\n"
NEW = f"{HEAD}B1,Ann Bell,2026-04-06,\nB2,Bo Carr,2026-04-06,\n"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as moved:
        yield moved


@pytest.fixture
def desk(cast: Cast, run_jobs: RunJobs) -> Desk:
    return Desk(cast, run_jobs)


def take_in(desk: Desk, text: str, who: dict[int, Renaming] | None = None) -> Sheet:
    user = desk.cast.supervisor
    with desk.at(user):
        by = desk.cast.seat(user)
        sheet, _ = sheets.upload_sheet(
            engagement=desk.cast.engagement, by=by, data=text.encode(), file_name="roster.csv", kind=SheetKind.ROSTER
        )  # fmt: skip
        return rosters.take_in_roster(sheet=sheet, by=by, who=who)


def take_back(desk: Desk, sheet: Sheet) -> None:
    with desk.at(desk.cast.supervisor):
        rosters.take_back_roster(sheet=sheet, by=desk.cast.seat(desk.cast.supervisor))


def refused(desk: Desk, sheet: Sheet) -> list[str]:
    with pytest.raises(Refused) as refusal:
        take_back(desk, sheet)
    return refusal.value.reasons


def names(desk: Desk, kind: str = "listed") -> list[str]:
    with desk.at():
        return [str(person.agent) for person in getattr(roster(desk.cast.engagement), kind)]


def agent(desk: Desk, code: str) -> Agent:
    with desk.at():
        return Agent.objects.get(name=code)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (UndoFacts("Ann", RosterMove.JOINED, newest=True), []),
        (
            UndoFacts("Ann", RosterMove.LEFT, newest=False, calls=3),
            ["Ann: the roster was changed again since. Take that back first, or change it by hand."],
        ),
        (
            UndoFacts("Ann", RosterMove.JOINED, newest=True, attempts=1, codes=["A9"], calls=2),
            [
                "Ann: 1 attempt at a certification is on record.",
                "Ann was given the dialer code A9 since.",
                "Ann: 2 calls made since they are on the roster.",
            ],
        ),
        (UndoFacts("Ann", RosterMove.LEFT, newest=True, attempts=2, codes=["A9"]), []),
        (
            UndoFacts("Ann", RosterMove.LEFT, newest=True, calls=1),
            ["Ann: 1 call made since they are off the roster."],
        ),
    ],
)
def test_what_stands_on_a_line_of_the_roster(facts: UndoFacts, reasons: list[str]) -> None:
    assert undo_blockers(facts) == reasons


def test_a_line_taken_back_counts_for_nothing_and_what_stood_before_it_does() -> None:
    def lines(*moves: str) -> list[RosterEntry]:
        return [RosterEntry(move=move) for move in moves]

    told = lines("joined", "left", "undone", "left")
    assert standing_moves(told) == ([told[0], told[3]], [(told[1], told[2])])
    twice = lines("joined", "undone", "joined", "undone")
    assert standing_moves(twice) == ([], [(twice[0], twice[1]), (twice[2], twice[3])])


@pytest.mark.django_db
def test_what_a_file_changed_of_the_roster_is_undone_and_the_file_comes_in_again(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    first = take_in(desk, NEW)
    clock.shift(timedelta(hours=1))
    second = take_in(
        desk,
        f"{HEAD}B1,Anne Bell,2026-04-06,\nB2,Bo Carr,2026-04-06,2026-04-30\nB3,Cy Dahl,2026-04-07,\n",
        {2: Renaming.SPELLING},
    )
    assert names(desk) == ["Anne Bell", "Bo Carr"] and names(desk, "gone") == ["Cy Dahl"]
    assert refused(desk, first) == [
        "Bo Carr: the roster was changed again since. Take that back first, or change it by hand.",
        "Ann Bell is called Anne Bell by now: change it by hand.",
    ]
    clock.shift(timedelta(hours=1))
    take_back(desk, second)
    assert names(desk) == ["Ann Bell", "Bo Carr"]
    with desk.at():
        assert [person.left_on for person in roster(desk.cast.engagement).listed] == [None, None]
    take_back(desk, first)
    for kind in ("listed", "gone", "strangers"):
        assert names(desk, kind) == []
    assert names(desk, "taken_back") == ["B1", "B2", "B3"]
    assert refused(desk, first) == ["Nothing of this file is in."]
    with desk.at():
        told = [line.action for line in TrailEntry.objects.order_by("sequence")]
        assert told.count("roster.undone") == 4 and told.count("sheet.taken_back") == 2
    clock.shift(timedelta(hours=1))
    assert take_in(desk, NEW).pk != first.pk
    assert names(desk) == ["Ann Bell", "Bo Carr"] and names(desk, "taken_back") == ["B3"]


@pytest.mark.django_db
def test_a_file_stays_while_something_stands_on_it(desk: Desk, clock: time_machine.Traveller) -> None:
    sheet = take_in(desk, NEW)
    with desk.at():
        by = desk.cast.seat(desk.cast.campaign_manager)
        link_code(agent=agent(desk, "B2"), by=by, code="B2-old")
        rename_agent(agent=agent(desk, "B2"), by=by, name="Bo Carter", why=Renaming.NEW_NAME)
    clock.shift(timedelta(days=1))
    desk.bring_in(own([
        {"agent": "B1", "called_at": "2026-04-06 10:00:00", "disposition": "no_answer"},
        {"agent": "B2-old", "called_at": "2026-04-06 10:05:00", "disposition": "no_answer"},
    ]))  # fmt: skip
    assert sorted(refused(desk, sheet)) == [
        "Ann Bell: 1 call made since they are on the roster.",
        "Bo Carr is called Bo Carter by now: change it by hand.",
        "Bo Carter was given the dialer code B2-old since.",
        "Bo Carter: 1 call made since they are on the roster.",
    ]
    assert names(desk) == ["Ann Bell", "Bo Carter"]
    client = Client()
    client.force_login(desk.cast.supervisor)
    place = f"/e/{desk.cast.engagement.public_id}/kpis/files/{sheet.public_id}/"
    page = client.get(place)
    assert "Take the file back" in page.text
    assert "Ann Bell</a> joined the roster" in page.text
    page = client.post(f"{place}take-back/")
    assert page.status_code == 422
    link = f"/e/{desk.cast.engagement.public_id}/setup/agents/{agent(desk, 'B1').public_id}/"
    assert f'<a href="{link}">Ann Bell: 1 call made' in page.text.replace("’", "'") or link in page.text


@pytest.mark.django_db
def test_calls_from_before_stand_on_nothing_and_the_code_is_nobodys_again(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    desk.bring_in(own([{"agent": "B1", "called_at": "2026-04-03 10:00:00", "disposition": "no_answer"}]))
    assert names(desk, "strangers") == ["B1"]
    sheet = take_in(desk, f"{HEAD}B1,Ann Bell,2026-04-06,\nB2,Bo Carr,2026-04-06,\n")
    assert names(desk) == ["Ann Bell", "Bo Carr"]
    take_back(desk, sheet)
    assert names(desk) == []
    # A code whose name was wrong can be given to somebody who is on the roster.
    with desk.at():
        by = desk.cast.seat(desk.cast.campaign_manager)
        [ann] = add_agents(
            engagement=desk.cast.engagement, by=by, agents=[NewAgent("Ann Bell", ("ann",))], joined_on=date(2026, 4, 6)
        )  # fmt: skip
        link_code(agent=ann, by=by, code="B2")
    assert names(desk) == ["Ann Bell"]
    page = Client()
    page.force_login(desk.cast.supervisor)
    seen = page.get(f"/e/{desk.cast.engagement.public_id}/setup/agents/").text
    assert "Taken back with their file: 1 agent" in seen


@pytest.mark.django_db
def test_a_code_that_somebody_else_has_now_hands_nothing_on(desk: Desk) -> None:
    take_in(desk, NEW)
    client = Client()
    client.force_login(desk.cast.supervisor)
    with desk.at(desk.cast.supervisor):
        other, _ = sheets.upload_sheet(
            engagement=desk.cast.engagement, by=desk.cast.seat(desk.cast.supervisor), file_name="next.csv",
            data=f"{HEAD}B1,Viktor Brandt,2026-04-06,\n".encode(), kind=SheetKind.ROSTER,
        )  # fmt: skip
    place = f"/e/{desk.cast.engagement.public_id}/kpis/files/{other.public_id}/"
    assert "Line 2: Ann Bell becomes Viktor Brandt" in client.get(place).text
    silent = client.post(f"{place}take-in/", {"date_order": ""})
    assert silent.status_code == 422 and "Say whether this is the same person." in silent.text
    other_person = client.post(f"{place}take-in/", {"date_order": "", "who_2": "somebody else"})
    assert other_person.status_code == 422 and "stay with Ann Bell" in other_person.text
    assert names(desk) == ["Ann Bell", "Bo Carr"]
    assert client.post(f"{place}take-in/", {"date_order": "", "who_2": "new name"}).status_code == 302
    assert names(desk) == ["Bo Carr", "Viktor Brandt"]


@pytest.mark.django_db
def test_the_preview_knows_what_taking_in_asks_and_every_file_may_come_again(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    file = f"{HEAD}B1,Ann Bell,2024-05-01,\nB2,Bo Carr,2026-04-06,2026-04-30\nB3,Fay Ray,2026-04-20,\n"
    first = file.replace("2026-04-30", "")
    take_in(desk, first)
    with desk.at():
        by = desk.cast.seat(desk.cast.campaign_manager)
        link_code(agent=agent(desk, "B1"), by=by, code="B1-old")
        assert roster(desk.cast.engagement).listed[0].joined_on == desk.cast.engagement.kickoff_on
    assert take_in(desk, file).kept == 1
    for text, why in (
        (f"{file}B1-old,Ann Bell,2024-05-01,\n", ["Nothing in this file is new."]),
        (f"{HEAD}B1-old,Somebody New,,2026-04-29\nB9,X,,\n", None),
        (file.replace("2026-04-30", "2026-05-30"), None),
    ):
        with desk.at(desk.cast.supervisor):
            seat = desk.cast.seat(desk.cast.supervisor)
            sheet, _ = sheets.upload_sheet(
                engagement=desk.cast.engagement, by=seat, data=text.encode(), file_name="r.csv", kind=SheetKind.ROSTER
            )  # fmt: skip
            ahead = rosters.look_ahead(sheet, "")
            with pytest.raises(Refused):
                rosters.take_in_roster(sheet=sheet, by=seat)
        if why:
            assert ahead.reasons == why
        else:
            assert ahead.reasons[0].startswith("A roster is taken in whole or not at all")
    with desk.at():
        assert RosterEntry.objects.filter(agent__name="B3").count() == 1
    many = HEAD + "".join(f"M{n},Agent Number {n},2026-04-06,\n" for n in range(201))
    assert take_in(desk, many).kept == 201
