"""Agent hours: read from reports and files, taken in whole, and what a dial, a show and so on cost by them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.errors import Refused
from engagements.stages import Stage
from kpis.agent_hours import Stint, by_person, coverage
from kpis.costs import by_real_hours, costs
from kpis.hours_page import cost_rests_on, covers_sentence, gap_sentences
from kpis.imports.dates import DateOrder
from kpis.models import AgentHours, Sheet, SheetKind
from kpis.prices import Prices
from kpis.selectors.agent_hours import covered, told_hours
from kpis.services import agent_hours, sheets
from kpis.services.prices import set_prices
from kpis.sheets.hours import Said, Worked, read_file, read_worked
from tests.factories import Cast
from tests.kpis.test_imports_agent_reports import FIVE9, GENESYS, PERFORMANCE, TIME
from tests.kpis.test_outcomes import NOW, Desk, RunJobs

MON, TUE, WED, SUN = date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 22)
FIRST, TODAY = date(2026, 3, 2), date(2026, 5, 20)
AN_HOUR = Prices("USD", agent_hour=Decimal(18), dials_an_hour=Decimal(60), transfer=Decimal(5))


def read(text: str, **said: object) -> tuple[list[Worked], list[tuple[int, str]]]:
    return read_worked(read_file(text.encode()), Said(**said), first=FIRST, today=TODAY)


# What files say


@pytest.mark.parametrize(
    ("text", "one"),
    [
        (TIME, ("1001", 28_500, 120, 9_000, 1_800, 10_800, 6_900)),
        (PERFORMANCE, ("1001", 3_600, 12, 1_500, 300, 1_200, 600)),
    ],
)
def test_a_report_of_vicidial_says_its_day_in_its_title_and_its_sums_are_nobody(
    text: str, one: tuple[object, ...]
) -> None:
    (row,), refused = read(text)
    assert (row.agent, row.seconds, row.calls, row.talk, row.wrap, row.wait, row.pause) == one
    assert (row.first, row.last, refused) == (date(2026, 5, 4), date(2026, 5, 4), [])


def test_a_report_over_several_days_keeps_its_days_together() -> None:
    text = TIME.replace("to 2026-05-04 23:59:59", "to 2026-05-11 00:00:00")
    (row,), _ = read(text)
    assert (row.first, row.last) == (date(2026, 5, 4), date(2026, 5, 10))


def test_a_report_without_days_asks_for_them() -> None:
    with pytest.raises(Refused, match="Give its first and its last day"):
        read(FIVE9)
    (row,), _ = read(FIVE9, first=MON, last=WED)
    assert (row.name, row.seconds, row.first, row.last) == ("Jane", 25_200, MON, WED)


def test_a_view_of_genesys_says_hours_by_its_intervals_or_says_none() -> None:
    with pytest.raises(Refused, match="does not say how long agents were logged in"):
        read(GENESYS)
    head = "Interval Start,Interval End,Filters,Agent Id,Agent Name,Logged In,On Queue,Idle,Off Queue\n"
    rows = (
        "5/4/26 08:00 AM,5/4/26 08:30 AM,,a-1,Jane,1800000,1500000,300000,60000\n"
        "5/4/26 08:30 AM,5/4/26 09:00 AM,,a-1,Jane,900500,900000,0,0\n"
        "5/13/26 12:00 AM,5/14/26 12:00 AM,,a-1,Jane,28800000,0,0,0\n"
        "5/4/26 08:30 AM,5/4/26 09:00 AM,,a-1,Jane,900500,900000,0,0\n"
    )
    found, refused = read(head + rows)
    assert [(row.first, row.last, row.seconds) for row in found] == [
        (date(2026, 5, 4), date(2026, 5, 4), 2_700), (date(2026, 5, 13), date(2026, 5, 13), 28_800),
    ]  # fmt: skip
    assert refused == [(5, "“Jane” stands in the file twice for the same time.")]


def test_a_file_of_a_date_an_agent_and_hours() -> None:
    found, refused = read(
        "Date;Agent;Hours\n16/03/2026;ada;7,5\n16/03/2026;ben;7:30\n17/03/2026;ada;25\n17/03/2026;ben;\n"
        "16/03/2026;ADA;1\n01/02/2026;ada;8\nsoon;ada;8\nTotal;;16\n"
    )  # fmt: skip
    assert [(row.agent, row.first, row.seconds) for row in found] == [
        ("ada", MON, 27_000),
        ("ben", MON, 27_000),
    ]
    assert dict(refused) == {
        4: "25.0 hours are more than 1 day can have: choose another unit.",
        5: "The hours are missing.",
        6: "“ADA” stands in the file twice on Mon 16 Mar: add the shifts up.",
        7: "Sun 1 Feb lies outside of the campaign's days up to today.",
        8: "“soon” is no date: write it as 2026-03-12.",
    }


def test_columns_of_other_names_are_said() -> None:
    text = "tag,mitarbeiter,zeit\n03/04/2026,ada,90\n"
    with pytest.raises(Refused, match="Say which column holds the days"):
        read(text)
    columns = {"date": "tag", "agent": "mitarbeiter", "hours": "zeit"}
    (row,), _ = read(text, columns=columns, unit="minutes", order=DateOrder.DAY_FIRST)
    assert (row.first, row.seconds) == (date(2026, 4, 3), 5_400)
    with pytest.raises(Refused, match="a different one for each"):
        read(text, columns=columns | {"hours": "tag"}, order=DateOrder.DAY_FIRST)


# What they cover


def test_days_are_covered_where_everybody_who_dialled_has_hours() -> None:
    stints = [Stint(1, MON, MON, 3600, 7), Stint(2, MON, MON, 1800, 7), Stint(1, TUE, TUE, 3600, 8)]
    dialled = {MON: {1: 60, 2: 30, None: 4}, TUE: {1: 50, 2: 10}, WED: {1: 20}}
    found = coverage(stints, dialled, first=MON, last=WED)
    assert (found.seconds, found.days, found.partly, found.files) == (5400, 1, 1, 1)
    assert covers_sentence(found) == "1.5 agent hours from 1 report, 1 of 3 days with calls covered"
    assert gap_sentences(found) == [
        "1 day with calls has no data on hours.",
        "1 day has hours, but not of everybody who dialled, and is left out.",
    ]


def test_a_figure_for_a_week_counts_for_the_week_and_for_no_part_of_it() -> None:
    stints = [Stint(1, MON, SUN, 36_000, 7), Stint(2, TUE, TUE, 3600, 8)]
    dialled = {MON: {1: 100}, TUE: {1: 100, 2: 50}}
    whole = coverage(stints, dialled, first=MON, last=SUN)
    assert (whole.seconds, whole.days, whole.spans[0].dials) == (39_600, 2, 250)
    part = coverage(stints, dialled, first=MON, last=WED)
    assert (part.seconds, part.days, len(part.cut)) == (0, 0, 1)
    assert "cannot be divided" in gap_sentences(part)[-1]


def test_occupancy_is_told_only_where_the_reports_have_its_parts() -> None:
    full = Stint(1, MON, MON, 28_500, 1, 120, 9_000, 1_800, 10_800, 6_900)
    bare = Stint(2, MON, MON, 3_600)
    dialled = {MON: {1: 120, 2: 30}}
    ada, ben = by_person([full, bare], dialled, first=MON, last=MON)
    assert ada.occupancy == pytest.approx(10_800 / 21_600)
    assert (ada.dials_an_hour, ben.dials_an_hour) == (pytest.approx(120 / (28_500 / 3600)), 30)
    assert ben.occupancy is None


# What it costs


def test_an_hour_costs_what_was_paid_for_it_whatever_was_agreed() -> None:
    counts = (300, 30, 12, 6, 3, 1)
    stints = [Stint(1, MON, MON, 10 * 3600), Stint(1, WED, WED, 2 * 3600)]
    found = coverage(stints, {MON: {1: 300}, TUE: {1: 300}}, first=MON, last=WED)
    days = [(MON, counts), (TUE, counts), (WED, (None,) * 6)]
    told = costs(by_real_hours(days, lambda _: AN_HOUR, found))
    # Twelve hours were paid, two of them without a dial; Tuesday has no hours, and no data.
    assert told.stages[Stage.DIAL].paid == pytest.approx(12 * 18)
    assert (told.stages[Stage.DIAL].number, told.stages[Stage.DIAL].left_out) == (300, 1)
    assert told.stages[Stage.TRANSFER].each == pytest.approx((12 * 18 + 6 * 5) / 6)
    agreed = costs(by_real_hours(days, lambda _: AN_HOUR, coverage([], {MON: {1: 300}}, first=MON, last=WED)))
    assert agreed.stages[Stage.DIAL].paid == pytest.approx(600 * 18 / 60)
    assert cost_rests_on(found, [AN_HOUR]).startswith(
        "It rests on 12.0 agent hours from 1 report, 1 of 2 days with calls covered."
    )
    nothing = coverage([], {MON: {1: 300}}, first=MON, last=WED)
    assert cost_rests_on(nothing, [AN_HOUR]) == (
        "No agent hours are in for these days: an hour is counted at the agreed 60 dials."
    )
    assert cost_rests_on(found, [Prices("USD", dial=Decimal("0.2"))]) == ""


def test_hours_of_a_span_in_which_prices_changed_pay_for_nothing() -> None:
    found = coverage([Stint(1, MON, SUN, 36_000)], {MON: {1: 300}}, first=MON, last=SUN)
    dearer = Prices("USD", agent_hour=Decimal(20), dials_an_hour=Decimal(60))
    (day,) = by_real_hours(
        [(MON, (300, 30, 12, 6, 3, 1))], lambda day: AN_HOUR if day < WED else dearer, found
    )
    assert day.prices is None


# Into the database


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(cast: Cast, run_jobs: RunJobs) -> Desk:
    made = Desk(cast, run_jobs)
    made.calls_in()
    return made


def put(desk: Desk, text: str, name: str = "hours.csv") -> Sheet:
    user = desk.cast.supervisor
    with desk.at(user):
        return sheets.upload_sheet(
            engagement=desk.cast.engagement, by=desk.cast.seat(user), data=text.encode(), file_name=name,
            kind=SheetKind.HOURS,
        )[0]  # fmt: skip


def take(desk: Desk, text: str, name: str = "hours.csv", **said: object) -> Sheet:
    sheet = put(desk, text, name)
    with desk.at(desk.cast.supervisor):
        return agent_hours.take_in_hours(sheet=sheet, by=desk.cast.seat(desk.cast.supervisor), **said)


HEAD = "date,agent,hours\n"


def test_hours_come_in_whole_are_restated_and_go_as_one(desk: Desk) -> None:
    by = desk.cast.seat(desk.cast.supervisor)
    first = take(desk, HEAD + "2026-03-16,A1,7.5\n2026-03-17,a1,8\n")
    with desk.at(desk.cast.supervisor):
        assert (first.kept, first.known) == (2, 0)
        assert covered(desk.cast.engagement, MON, TUE).seconds == 55_800
    again = put(desk, HEAD + "2026-03-16,A1,7.5\n2026-03-17,A1,8\n\n", "again.csv")
    with desk.at(desk.cast.supervisor), pytest.raises(Refused, match="Nothing in this file is new"):
        agent_hours.take_in_hours(sheet=again, by=by)
    better = put(desk, HEAD + "2026-03-16,A1,8\n", "better.csv")
    with desk.at(desk.cast.supervisor):
        ahead = agent_hours.look_ahead(better)
        assert ("A1, Mon 16 Mar", "7.5 hours become 8.0 hours") in ahead.changes
        agent_hours.take_in_hours(sheet=better, by=by)
        told = told_hours(desk.cast.engagement)
        assert sorted(stint.seconds for stint in told.stints) == [28_800, 28_800]
        assert [(one.before, one.after, one.file_name) for one in told.restated] == [
            (27_000, 28_800, "better.csv")
        ]
        agent_hours.take_back_hours(sheet=better, by=by)
        assert sorted(stint.seconds for stint in told_hours(desk.cast.engagement).stints) == [27_000, 28_800]
        assert AgentHours.objects.count() == 3  # what was said stays on record


def test_agents_nobody_knows_are_listed_and_left_out_only_when_somebody_says_so(desk: Desk) -> None:
    sheet = put(desk, HEAD + "2026-03-16,A1,7.5\n2026-03-16,Zoe,4\n2026-03-17,Zoe,4\n")
    by = desk.cast.seat(desk.cast.supervisor)
    with desk.at(desk.cast.supervisor):
        assert ("Not known here: Zoe", "8.0 hours, lines 3, 4") in agent_hours.look_ahead(sheet).changes
        with pytest.raises(Refused, match="known neither from calls nor from the roster"):
            agent_hours.take_in_hours(sheet=sheet, by=by)
        assert not AgentHours.objects.exists()
        taken = agent_hours.take_in_hours(sheet=sheet, by=by, leave_out=True)
        assert (taken.kept, [line for line, _ in taken.refused]) == (1, [3, 4])


def test_hours_never_count_twice(desk: Desk) -> None:
    take(desk, HEAD + "2026-03-16,A1,7.5\n")
    week = TIME.replace("Jane Agent,1001", "Jane Agent,A1").replace(
        "2026-05-04 00:00:00 to 2026-05-04 23:59:59", "2026-03-16 00:00:00 to 2026-03-22 23:59:59"
    )
    with pytest.raises(Refused, match="the same hours would count twice"):
        take(desk, week, "week.csv")


def test_one_bad_line_leaves_all_as_it_was(desk: Desk) -> None:
    with pytest.raises(Refused, match="whole or not at all"):
        take(desk, HEAD + "2026-03-16,A1,7.5\n2026-03-17,A1,never\n")
    with desk.at():
        assert not AgentHours.objects.exists()


def test_the_entry_for_calls_takes_reports_and_both_sides_see_what_they_cover(desk: Desk) -> None:
    client, engagement = Client(), desk.cast.engagement
    client.force_login(desk.cast.supervisor)
    text = TIME.replace("Jane Agent,1001", "Jane Agent,A1").replace("2026-05-04", "2026-03-16")
    file = SimpleUploadedFile("time.txt", text.encode())
    place = client.post(f"/e/{engagement.public_id}/calls/upload/", {"file": file, "kind": ""})["Location"]
    looked = client.get(place).content.decode()
    assert "7.9 hours of 1 agent." in looked
    assert "Leave out agents who are not known here" in looked
    assert client.post(place + "take-in/", {"date_order": ""}).status_code == 302
    client.force_login(desk.cast.campaign_manager)
    with desk.at():
        set_prices(
            engagement=engagement,
            by=desk.cast.seat(desk.cast.campaign_manager),
            prices=AN_HOUR,
            from_on=date(2026, 3, 12),
        )
    client.force_login(desk.cast.client_lead)
    page = client.get(f"/e/{engagement.public_id}/kpis/agent-hours/").content.decode()
    assert "7.9 agent hours from 1 report, 1 of 2 days with calls covered." in page
    assert "50%" in page  # talk and wrap-up of what was not paused
    figures = " ".join(client.get(f"/e/{engagement.public_id}/kpis/").content.decode().split())
    assert "It rests on 7.9 agent hours from 1 report, 1 of 2 days with calls covered." in figures
    # 7.917 hours at 18; the files do not tell who qualified, so that nothing deeper is counted.
    assert "A contact cost 47.50 USD: 142.50 USD were paid on the way to 3." in figures


def test_a_file_with_columns_of_its_own_is_mapped_on_its_page_and_remembered(desk: Desk) -> None:
    client, calls = Client(), f"/e/{desk.cast.engagement.public_id}/calls/"
    client.force_login(desk.cast.supervisor)

    def send(text: str) -> str:
        file = SimpleUploadedFile("zeit.csv", text.encode())
        return client.post(calls + "upload/", {"file": file, "kind": "hours"})["Location"]

    place = send("tag,wer,zeit\n2026-03-16,A1,90\n")
    assert "Say which column holds the days." in client.get(place).content.decode()
    said = {
        "date_order": "",
        "date_column": "tag",
        "agent_column": "wer",
        "hours_column": "zeit",
        "unit": "minutes",
    }
    assert client.post(place + "take-in/", said | {"unit": "weeks"}).status_code == 422
    assert client.post(place + "take-in/", said).status_code == 302
    with desk.at():
        assert AgentHours.objects.get().worked_s == 5_400
    next_one = client.get(send("tag,wer,zeit\n2026-03-17,A1,90\n")).content.decode()
    assert "Say which column" not in next_one
    assert '<option value="tag" selected>' in next_one
