"""The portfolio's rows are kept, and never older than the day and the newest line of the trail."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.code import code_number
from engagements.models import Engagement, Participant
from kpis.models import WindowDay, WindowRules
from milestones import services
from milestones.models import Glance
from tenancy import context
from tests.factories import Cast, EngagementFactory
from tests.milestones.scene import CALENDAR, locked, on_day, planned
from tests.milestones.test_pages import browser
from tests.stage import backstage
from workspace.selectors import kept as kept_rows
from workspace.selectors.duties import Duty
from workspace.selectors.glances import Look
from workspace.selectors.kept import renew
from workspace.selectors.work import my_work


def kept(cast: Cast) -> dict[int, Glance]:
    """The kept rows as somebody finds them who has just opened a page."""
    with context.entered(user_id=cast.campaign_manager.pk):
        renew()
        return {row.engagement_id: row for row in Glance.objects.all()}


def asked_by(client: Client, address: str) -> tuple[str, list[str]]:
    """A page, and what it asks the database as a request does: a test's own transaction adds the reading and putting
    back of what held before, and a savepoint.
    """
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).text
    own = ("SAVEPOINT", "_config(", "current_setting")
    return page, [row["sql"] for row in asked if not any(word in row["sql"] for word in own)]


def many_more(cast: Cast, number: int) -> None:
    """So many engagements more beside the one of the cast, each with its people, its trail and what is kept of it."""
    kept(cast)
    with backstage():
        row = Glance.objects.get(engagement=cast.engagement)
        people = list(Participant.objects.filter(engagement=cast.engagement))
        made = Engagement.objects.bulk_create(
            EngagementFactory.build(
                campaign=f"Campaign {n}", client=cast.client_organisation, operator=cast.operator_organisation,
                created_by=cast.campaign_manager, kickoff_on=cast.engagement.kickoff_on,
                launch_on=cast.engagement.launch_on,
            )
            for n in range(number)
        )  # fmt: skip
        Participant.objects.bulk_create(
            Participant(
                engagement=each, side=one.side, role=one.role, name=one.name, email=one.email, user=one.user
            )
            for each in made
            for one in people
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO app.trail (engagement_id, sequence, body, previous, hash)"
                " SELECT made, sequence, body, previous, hash FROM app.trail, unnest(%s) AS made"
                " WHERE engagement_id = %s",
                [[each.pk for each in made], cast.engagement.pk],
            )
        Glance.objects.bulk_create(
            Glance(
                engagement=each, day=row.day, sequence=row.sequence, beside=row.beside, code=row.code,
                facts=row.facts, drawn=row.drawn, duties=row.duties,
            )
            for each in made
        )  # fmt: skip


@pytest.mark.parametrize(("path", "most"), [("/portfolio/", 8), ("/", 6)])
def test_a_thousand_engagements_are_shown_as_fast_as_a_hundred(cast: Cast, path: str, most: int) -> None:
    with on_day(6):
        planned(cast)
        client = browser(cast.campaign_manager)
        many_more(cast, 99)
        few, asked = asked_by(client, path)
        many_more(cast, 900)
        page, still = asked_by(client, path)
    assert len(still) == len(asked) <= most
    assert not any("milestones_milestone" in sql for sql in still)
    assert len(page) < len(few) * 1.1


def test_the_portfolio_is_shown_a_page_at_a_time(cast: Cast) -> None:
    with on_day(6):
        planned(cast)
        client = browser(cast.campaign_manager)
        many_more(cast, 119)
        first = client.get("/portfolio/").text
        last = client.get("/portfolio/?show=us&page=3").text
        beyond = client.get("/portfolio/?show=us&page=9").text
        shown = [
            set(re.findall(r"/e/([0-9a-f-]{36})/", client.get(f"/portfolio/?all&page={n}").text))
            for n in (1, 2, 3)
        ]
    assert "in 120" in first
    assert first.count("<tr>") == 1 + 50
    assert "Page 1 of 3" in first
    assert "Page 3 of 3" in last
    assert 'href="?show=us&amp;page=2"' in last
    assert last.count("<tr>") == 1 + 20
    assert "Page 1 of 3" in beyond
    assert len(set.union(*shown)) == 120, "each once"


def test_my_work_shows_the_first_of_every_list_and_leads_to_the_rest(cast: Cast) -> None:
    with on_day(6):
        planned(cast)
        client = browser(cast.campaign_manager)
        many_more(cast, 59)
        first = client.get("/").text
        whole = client.get("/?list=waiting&page=2").text
        unknown = client.get("/?list=everything").text
    overdue = first.split("<h2>Overdue</h2>")[1].split("<h2>")[0]
    assert overdue.count("<tr>") == 1 + 12
    assert 'href="?list=overdue"' in overdue
    assert first.count('btn-primary"') == 1
    assert "<h1>What I wait for from others</h1>" in whole
    assert whole.count("<tr>") == 1 + 50
    assert "Page 2 of" in whole
    assert "<h2>Overdue</h2>" in unknown


def test_what_is_kept_is_what_was_computed(cast: Cast) -> None:
    locked(cast)
    with on_day(40):
        first = kept(cast)
        with backstage():
            Glance.objects.update(facts={**first[cast.engagement.pk].facts, "position": "as kept"})
        again = kept(cast)
    [look] = [Look.from_json(row.facts) for row in first.values()]
    assert look.launch is not None
    assert Look.from_json(json.loads(json.dumps(look.to_json()))) == look
    assert Look.from_json(again[cast.engagement.pk].facts).position == "as kept", "read, and not computed"


def test_a_duty_is_the_same_after_it_was_kept() -> None:
    least = Duty("Do", "Nothing more", "/", date(2026, 3, 2), roles=[], whys=[])
    for duty in (
        least,
        least._replace(side="client", roles=["client_lead"], masked=True),
        least._replace(owner=7, item=True, who="Clara", whys=["One.", "Two."], behind="That (Mara)"),
        least._replace(now=True, since=date(2026, 3, 1)),
    ):
        kept = Duty.from_json(json.loads(json.dumps(duty.to_json())))
        assert kept._replace(roles=list(kept.roles), whys=list(kept.whys)) == duty


def test_a_line_of_the_trail_makes_what_was_kept_old(cast: Cast) -> None:
    planned(cast)
    with on_day(3):
        before = kept(cast)[cast.engagement.pk]
        with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
            services.move_launch(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager),
                launch=CALENDAR.launch + timedelta(days=4), side="client", reason="The CRM is not ready.",
            )  # fmt: skip
        after = kept(cast)[cast.engagement.pk]
    assert after.sequence > before.sequence
    assert (before.drawn, before.duties) != (after.drawn, after.duties)


def test_another_day_makes_what_was_kept_old(cast: Cast) -> None:
    planned(cast)
    for day in (3, 4):
        with on_day(day):
            assert kept(cast)[cast.engagement.pk].facts["position"] == f"Day {day}"


def test_what_another_program_kept_is_not_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(cast)
    kept(cast)
    with backstage():
        Glance.objects.update(facts={"of": "another program"})
    monkeypatch.setattr(kept_rows, "code_number", lambda: code_number() ^ 1)
    assert kept(cast)[cast.engagement.pk].facts["waiting"]


def judged(cast: Cast, day: date, at: datetime) -> None:
    """The calls of a day are judged by the windows, which leaves no line."""
    with backstage():
        rules, _ = WindowRules.objects.get_or_create(
            engagement=cast.engagement, digest="0" * 64, defaults={"content": {}, "at": at}
        )
        WindowDay.objects.filter(engagement=cast.engagement, day=day).delete()
        WindowDay.objects.create(engagement=cast.engagement, day=day, rules=rules, calls=3, judged_at=at)


def test_new_verdicts_make_what_was_kept_old_from_the_launch_on(cast: Cast) -> None:
    locked(cast)
    with on_day(2):
        assert kept(cast)[cast.engagement.pk].beside == "", "nothing is asked of calls yet"
    with on_day(20):
        first = kept(cast)[cast.engagement.pk].beside
        judged(cast, CALENDAR.launch, datetime(2026, 3, 20, 9, tzinfo=UTC))
        second = kept(cast)[cast.engagement.pk].beside
        judged(cast, CALENDAR.launch, datetime(2026, 3, 20, 10, tzinfo=UTC))
        third = kept(cast)[cast.engagement.pk].beside
        assert kept(cast)[cast.engagement.pk].beside == third
    assert len({first, second, third}) == 3


def test_two_people_find_in_what_is_kept_what_is_theirs(cast: Cast) -> None:
    """Nothing in a kept row is one person's: the second reader finds their own work in what the first computed."""
    planned(cast)
    found = {}
    with on_day(5):
        for user in (cast.campaign_manager, cast.client_lead, cast.closer_lead, cast.supervisor):
            with context.entered(user_id=user.pk):
                alone = my_work(cast.seat(user))
                with backstage():
                    assert Glance.objects.count() == 1
                found[user] = [(task.verb, task.title) for task in alone.overdue + alone.blocked]
                with backstage():
                    Glance.objects.all().delete()
                fresh = my_work(cast.seat(user))
            assert alone == fresh
    assert ("Lock", "Timeline") in found[cast.client_lead]
    assert ("Lock", "Timeline") in found[cast.campaign_manager]
    assert ("Lock", "Timeline") not in found[cast.closer_lead]
    assert len({tuple(titles) for titles in found.values()}) == 4
