"""The operator keeps the names of its agents to itself: who decides, what stays, what the client sees."""

import threading
from types import SimpleNamespace

import pytest
from django.db import connections
from django.template import Context, Template
from django.test import Client

from accounts.models import TrailEntry, User
from common.errors import Refused
from engagements.masking import KnownAgent, masked
from engagements.masks import full_mask, mask_for
from engagements.models import Agent, Engagement, Pseudonym
from engagements.services import mask_agents
from tenancy import context
from tests.factories import Cast
from tests.stage import backstage


def mask(cast: Cast, user: User, masked: bool = True) -> Engagement:
    with context.entered(user_id=user.pk, engagement_id=cast.engagement.pk):
        return mask_agents(engagement=cast.engagement, by=cast.seat(user), masked=masked)


def numbers(cast: Cast) -> dict[str, str]:
    with backstage():
        return full_mask(cast.engagement).by_pk and {
            agent.name: full_mask(cast.engagement).of(agent) for agent in Agent.objects.all()
        }


def test_the_campaign_manager_and_the_operators_administrator_decide(cast: Cast) -> None:
    for user in (cast.campaign_manager, cast.operator_leader):
        assert mask(cast, user).agents_masked_at is not None
        assert mask(cast, user, masked=False).agents_masked_at is None


@pytest.mark.parametrize("who", ["supervisor", "qa_lead", "client_lead", "client_leader"])
def test_nobody_else_decides(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="mask the names of agents"):
        mask(cast, getattr(cast, who))


def test_an_administrator_of_the_client_decides_nothing(cast: Cast) -> None:
    with backstage():
        cast.client_leader.memberships.update(role="admin")
    client = Client()
    client.force_login(cast.client_leader)
    answer = client.post(f"/e/{cast.engagement.public_id}/team/agents/", {"agents": "names"})
    assert answer.status_code == 422
    assert "The operator decides whether the names of its agents are shown." in answer.text


def test_twice_is_as_once_and_each_change_leaves_its_line(cast: Cast) -> None:
    first = mask(cast, cast.campaign_manager).agents_masked_at
    assert mask(cast, cast.campaign_manager).agents_masked_at == first
    mask(cast, cast.campaign_manager, masked=False)
    with context.entered(user_id=cast.client_lead.pk):
        actions = list(TrailEntry.objects.order_by("sequence").values_list("action", flat=True))
    assert actions == ["agents.masked", "agents.unmasked"]


def test_the_client_and_papers_look_through_the_mask_and_the_operator_does_not(cast: Cast) -> None:
    with backstage():
        agent = Agent.objects.create(engagement=cast.engagement, name="ann")
        assert not mask_for(cast.engagement, "client")
        cast.engagement.agents_masked_at = cast.engagement.created_at
        for side, said in [("client", "Agent 1"), (None, "Agent 1"), ("operator", "ann")]:
            assert mask_for(cast.engagement, side).of(agent) == said


def test_who_comes_later_changes_no_number(cast: Cast) -> None:
    with backstage():
        Agent.objects.bulk_create(
            Agent(engagement=cast.engagement, name=name) for name in ("zoe", "max", "kim")
        )
        before = numbers(cast)
        assert sorted(before.values()) == ["Agent 1", "Agent 2", "Agent 3"]
        Agent.objects.create(engagement=cast.engagement, name="abe")
    after = numbers(cast)
    assert after == before | {"abe": "Agent 4"}


def test_the_numbers_of_one_file_do_not_follow_its_names(cast: Cast) -> None:
    names = [f"agent{number:02}" for number in range(40)]
    with backstage():
        Agent.objects.bulk_create(Agent(engagement=cast.engagement, name=name) for name in names)
        drawn = list(Pseudonym.objects.order_by("number").values_list("agent__name", flat=True))
    assert sorted(drawn) == names
    assert drawn != names
    assert drawn != names[::-1]


def test_the_team_page_says_what_the_client_sees(cast: Cast) -> None:
    path = f"/e/{cast.engagement.public_id}/team/"
    operator, client = Client(), Client()
    operator.force_login(cast.campaign_manager)
    client.force_login(cast.client_lead)
    assert "Mask the names for the client" in operator.get(path).text
    assert "Names of agents" not in client.get(path).text
    answer = operator.post(path + "agents/", {"agents": "numbers"}, follow=True)
    assert "The client sees the numbers of agents from now on." in answer.text
    assert "Show the names to the client" in answer.text
    assert "the client sees numbers instead of names" in client.get(path).text
    assert "Show the names" not in client.get(path).text
    assert operator.post(path + "agents/", {"agents": "both"}).status_code == 422
    assert client.post(path + "agents/", {"agents": "names"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_give_no_number_twice(transactional_db: None) -> None:
    with backstage():
        cast = Cast()
    ready = threading.Barrier(2)
    faults: list[BaseException] = []

    def import_agents(letter: str) -> None:
        try:
            ready.wait(5)
            with context.entered(user_id=cast.campaign_manager.pk):
                Agent.objects.bulk_create(
                    Agent(engagement=cast.engagement, name=f"{letter}{number}") for number in range(50)
                )
        except BaseException as fault:  # noqa: BLE001  (shown by the test itself)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=import_agents, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with context.entered(user_id=cast.campaign_manager.pk):
        assert sorted(Pseudonym.objects.values_list("number", flat=True)) == list(range(1, 101))


def test_what_people_wrote_keeps_its_lines_and_brings_no_markup() -> None:
    mask = masked([KnownAgent(pk=1, number=3, names=("Ana Ruiz",))])
    context = Context({"request": SimpleNamespace(agent_mask=mask), "text": "Ana Ruiz <b>\n\nwas late"})
    page = Template(
        '{% load agents %}{% unnamed text "paragraphs" %}|{% unnamed text "lines" %}|{% unnamed text %}'
    )
    paragraphs, lines, plain = page.render(context).split("|")
    assert paragraphs == "<p>Agent 3 &lt;b&gt;</p>\n\n<p>was late</p>"
    assert lines == "Agent 3 &lt;b&gt;<br><br>was late"
    assert plain == "Agent 3 &lt;b&gt;\n\nwas late"
