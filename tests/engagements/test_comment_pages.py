"""Comments as a browser uses them, with and without JavaScript."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from engagements.models import Comment, Mention, Withdrawal
from engagements.threads import Spot, shown
from milestones.models import Gate, Milestone, ReadinessCheck
from milestones.services.plans import create_plan
from tenancy import context
from tests.factories import Cast
from tests.stage import backstage

SECRET = "Zanzibar"


@pytest.fixture
def planned(cast: Cast) -> Cast:
    with context.entered(user_id=cast.campaign_manager.pk):
        create_plan(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
    return cast


def base(cast: Cast) -> str:
    return f"/e/{cast.engagement.public_id}/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seal_on(page: str) -> str:
    found = re.search(r'name="place" value="([^"]+)"', page)
    assert found, "the page has no place to say something"
    return found[1]


def places(cast: Cast) -> list[str]:
    with backstage():
        return [
            reverse(f"milestones:{name}", args=[cast.engagement.public_id, *args])
            for name, args in [
                ("plan", []),
                ("milestone", [Milestone.objects.first().public_id]),
                ("check", [ReadinessCheck.objects.first().public_id]),
                ("gate", [Gate.objects.first().public_id]),
            ]
        ]


def test_every_place_takes_a_comment_and_shows_it_to_both_sides(planned: Cast) -> None:
    writer, reader = browser(planned.client_lead), browser(planned.campaign_manager)
    for number, path in enumerate(places(planned)):
        answer = writer.post(
            base(planned) + "comments/say/",
            {"place": seal_on(writer.get(path).text), "text": f"Said <b>{number}</b>"},
        )
        with backstage():
            said = Comment.objects.latest("pk")
        assert answer.headers["Location"] == f"{path}#comment-{said.public_id}"
        for page in (writer.get(path), reader.get(path)):
            assert f"Said &lt;b&gt;{number}&lt;/b&gt;" in page.text
            assert f'id="comment-{said.public_id}"' in page.text
    everything = reader.get(base(planned) + "comments/").text
    assert everything.count("Said &lt;b&gt;") == len(places(planned))


def test_a_private_note_is_marked_and_shown_to_its_own_side_only(planned: Cast) -> None:
    writer = browser(planned.campaign_manager)
    path = base(planned) + "plan/"
    form = {"place": seal_on(writer.get(path).text), "text": SECRET, "private": "yes"}
    assert (
        "Your private note is kept." in writer.post(base(planned) + "comments/say/", form, follow=True).text
    )
    for page in (path, base(planned) + "comments/"):
        own, other = browser(planned.qa_lead).get(page).text, browser(planned.client_lead).get(page).text
        assert SECRET in own
        assert "Private</span> to Northline Calling" in own
        assert SECRET not in other
        assert "</span> to Northline Calling" not in other
        assert 'data-state="private"' not in other


def test_a_refused_comment_keeps_what_was_typed(planned: Cast) -> None:
    writer = browser(planned.client_lead)
    form = {"place": seal_on(writer.get(base(planned) + "plan/").text), "text": "Ask @Nobody about it"}
    answer = writer.post(base(planned) + "comments/say/", form)
    assert answer.status_code == 422
    assert "Ask @Nobody about it</textarea>" in answer.text
    assert "You can mention: Caleb Ross, Clara Lind, Mara Voss, Quinn Adler, Sam Okafor." in answer.text
    assert f'<a href="{base(planned)}plan/">Plan</a>' in answer.text
    again = {"place": seal_on(answer.text), "text": "Ask @Mara about it"}
    assert (
        writer.post(base(planned) + "comments/say/", again)
        .headers["Location"]
        .startswith(base(planned) + "plan/#comment-")
    )


@pytest.mark.parametrize("seal", ["", "made-up", "\x00"])
def test_a_place_that_we_did_not_name_is_refused(planned: Cast, seal: str) -> None:
    answer = browser(planned.client_lead).post(
        base(planned) + "comments/say/", {"place": seal, "text": "x" * 10}
    )
    assert answer.status_code == 422
    assert "This form belongs to another page." in answer.text


def test_a_place_of_another_engagement_is_refused(planned: Cast) -> None:
    other = type(planned.engagement)(pk=planned.engagement.pk + 1)
    form = {"place": Spot("plan", "Plan", "//evil.example/").sealed(other), "text": "Go there"}
    assert browser(planned.client_lead).post(base(planned) + "comments/say/", form).status_code == 422


def test_with_javascript_only_the_place_is_drawn_again(planned: Cast) -> None:
    writer = browser(planned.client_lead)
    form = {"place": seal_on(writer.get(base(planned) + "plan/").text), "text": "Quick"}
    say = base(planned) + "comments/say/"
    part = writer.post(say, form, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "Quick" in part.text
    assert "<html" not in part.text
    assert part.text.strip().startswith("<section")
    wrong = writer.post(say, {**form, "text": "@Nobody"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "@Nobody</textarea>" in wrong.text
    assert "Quick" in wrong.text


def test_its_author_withdraws_a_comment(planned: Cast) -> None:
    writer, reader = browser(planned.client_lead), browser(planned.campaign_manager)
    path = base(planned) + "plan/"
    writer.post(
        base(planned) + "comments/say/", {"place": seal_on(writer.get(path).text), "text": "Regretted words"}
    )
    with backstage():
        said = Comment.objects.get()
    withdraw = base(planned) + f"comments/{said.public_id}/withdraw/"
    assert withdraw in writer.get(path).text
    assert withdraw not in reader.get(path).text
    assert reader.post(withdraw).status_code == 422
    assert writer.post(withdraw).status_code == 302
    for page in (writer.get(path), reader.get(path), reader.get(base(planned) + "comments/")):
        assert "Regretted words" not in page.text
        assert "Withdrawn by its author." in page.text
    with backstage():
        assert Withdrawal.objects.count() == 1


def test_a_mention_is_marked_until_it_is_read(planned: Cast) -> None:
    writer, reader = browser(planned.client_lead), browser(planned.campaign_manager)
    path = base(planned) + "plan/"
    writer.post(base(planned) + "comments/say/", {"place": seal_on(writer.get(path).text), "text": "@Mara?"})
    with backstage():
        said = Comment.objects.get()
    read = base(planned) + f"comments/{said.public_id}/read/"
    assert read in reader.get(path).text
    assert read not in writer.get(path).text
    assert reader.post(read).status_code == 302
    assert read not in reader.get(path).text
    with backstage():
        assert Mention.objects.get().read_at is not None


def test_of_a_long_thread_the_latest_stand_open() -> None:
    comments = [Comment(pk=number) for number in range(9)]
    earlier, latest = shown(comments)
    assert (len(earlier), len(latest)) == (4, 5)
    assert shown(comments[:6]) == ([], comments[:6]), "one more click for one comment helps nobody"
    comments[1].waits = True
    assert shown(comments)[0] == []


def test_the_names_that_can_be_mentioned_stand_below_the_form(planned: Cast) -> None:
    path = places(planned)[1]
    page = browser(planned.client_lead).get(path).text
    names = re.findall(r"<span data-name>@([^<]+)</span>", page)
    assert planned.campaign_manager.name in names
    assert planned.client_lead.name not in names
    assert len(names) == len(set(names))
    refused = browser(planned.client_lead).post(
        base(planned) + "comments/say/", {"place": seal_on(page), "text": "@Nobody please look"}
    )
    assert refused.status_code == 422
    assert f"<span data-name>@{planned.campaign_manager.name}</span>" in refused.text
