"""An organisation's own playbooks: copied, edited as a draft, published, retired; and what running plans keep."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from accounts.models import TrailEntry, User
from accounts.roles import OrganisationRole
from accounts.seat import Seat
from common.errors import Refused
from milestones import playbook
from milestones.models import Milestone, OwnPlaybook, Plan, PlaybookVersion
from milestones.playbook import PlaybookError, as_data, as_yaml
from milestones.selectors.playbooks import content_of, offers, own_playbooks
from milestones.selectors.standing import standing_of
from milestones.services import create_plan
from milestones.services import playbooks as services
from tenancy import context
from tests.factories import Cast

CALLING = playbook.load(playbook.USUAL)


@contextmanager
def at_home(cast: Cast, user: User | None = None) -> Iterator[Seat]:
    """Outside of any engagement, as the operator's administrator or as somebody else of the operator."""
    user = user or cast.operator_leader
    role = OrganisationRole.ADMIN if user == cast.operator_leader else OrganisationRole.MEMBER
    with context.entered(user_id=user.pk):
        yield Seat(user, cast.operator_organisation, role, "192.0.2.1")


def copied(seat: Seat, title: str = "Our way") -> PlaybookVersion:
    return services.copy_playbook(by=seat, source=CALLING, title=title)


def published(seat: Seat, title: str = "Our way") -> PlaybookVersion:
    draft = copied(seat, title)
    return services.publish(draft=draft, by=seat, news="", seen=draft.revision)


def kickoff(**changes: object) -> dict[str, object]:
    """The kickoff milestone's form with other values."""
    return {"title": "Kickoff held", "day": 1, "role": "campaign_manager", "side": "operator",
            "evidence": "Minutes", **changes}  # fmt: skip


def number_of(version: PlaybookVersion, part: str, code: str) -> int:
    return next(n for n, entry in enumerate(version.content[part], start=1) if entry["code"] == code)


def test_a_copy_is_a_draft_that_says_the_same(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        assert (draft.state, draft.version, draft.playbook.code) == ("draft", 1, "our-way")
        assert draft.book == replace(CALLING, code="our-way", version=1, title="Our way")
        assert draft.made_from == f"{CALLING.title}, version {CALLING.version}"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("", "Give the playbook a title."),
        ("???", "Give it a title with letters or digits."),
        ("Calling 90 days", "comes with the program"),
        ("t" * 200, "too long"),
    ],
)
def test_a_copy_needs_a_title_of_its_own(cast: Cast, title: str, reason: str) -> None:
    with at_home(cast) as seat, pytest.raises(Refused, match=reason):
        copied(seat, title)


def test_the_same_title_is_refused_a_second_time(cast: Cast) -> None:
    with at_home(cast) as seat:
        copied(seat)
        with pytest.raises(Refused, match="already"):
            copied(seat, "our WAY!")


def test_members_change_nothing(cast: Cast) -> None:
    with at_home(cast, cast.campaign_manager) as seat, pytest.raises(Refused, match="may not change"):
        copied(seat)


def test_another_organisation_never_sees_it(cast: Cast) -> None:
    with at_home(cast) as seat:
        version = published(seat)
    for user in (cast.client_lead, cast.client_leader, cast.outsider):
        with context.entered(user_id=user.pk):
            assert not OwnPlaybook.objects.exists() and not PlaybookVersion.objects.exists()
    with context.entered(user_id=cast.client_leader.pk):
        seat = Seat(cast.client_leader, cast.client_organisation, OrganisationRole.LEADER)
        assert all(not offer.own for offer in offers(cast.client_organisation))
        with pytest.raises(Refused, match="not offered"):
            services.choose(str(version.public_id), by=seat)
        with pytest.raises(OwnPlaybook.DoesNotExist):
            services.retire(version=version, by=seat)


def test_an_entry_is_changed_and_the_trail_says_how(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        number = number_of(draft, "milestones", "kickoff")
        saved = services.save_entry(
            draft=draft, by=seat, part="milestones", number=number, entry=kickoff(), seen=1
        )
        assert saved.book.milestone("kickoff").title == "Kickoff held"
        assert saved.revision == 2
        line = TrailEntry.objects.filter(action="playbook.edited").latest("sequence")
        assert line.after["Milestone “Kickoff held”, evidence"] == "Minutes"


def test_a_new_entry_gets_a_code_of_its_own(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        entry = kickoff(title="Kickoff")
        saved = services.save_entry(draft=draft, by=seat, part="milestones", number=None, entry=entry, seen=1)
        assert saved.content["milestones"][-1]["code"] == "kickoff-2"


@pytest.mark.parametrize(
    ("change", "key", "text"),
    [
        ({"day": 91}, "day", "outside days 1 to 90"),
        ({"start": 5}, "start", "after its due day 1"),
        ({"after": ["brief-signed"]}, "after", "before “brief-signed” of day 3"),
        ({"needs": ["luck"]}, "needs", "is unknown"),
        ({"title": ""}, "title", "is missing"),
        ({"evidence": "e" * 301}, "evidence", "longer than 300"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named_at_its_key(
    cast: Cast, change: dict[str, object], key: str, text: str
) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        with pytest.raises(PlaybookError) as refused:
            services.save_entry(
                draft=draft, by=seat, part="milestones", number=1, entry=kickoff(**change), seen=1
            )
        assert any(mistake.key == key and text in mistake.text for mistake in refused.value.mistakes)
        draft.refresh_from_db()
        assert draft.revision == 1


def test_what_an_entry_makes_wrong_elsewhere_is_marked_there_and_stops_publishing(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        number = number_of(draft, "milestones", "script-draft")
        draft = services.remove_entry(draft=draft, by=seat, part="milestones", number=number, seen=1)
        page = content_of(draft.content)
        [entry] = [e for part in page.phases for e in part.entries if e.item.code == "script-review"]
        assert entry.mistakes == ("it waits for “script-draft”, which is no milestone.",)
        assert page.mistakes == 1
        with pytest.raises(PlaybookError, match="which is no milestone"):
            services.publish(draft=draft, by=seat, news="", seen=draft.revision)


def test_an_older_page_changes_nothing(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        services.save_about(draft=draft, by=seat, title="Our way", line="For roofs", seen=1)
        for attempt in (
            lambda: services.save_about(draft=draft, by=seat, title="Mine", line="", seen=1),
            lambda: services.save_text(draft=draft, by=seat, text=as_yaml(CALLING), seen=1),
            lambda: services.publish(draft=draft, by=seat, news="", seen=1),
            lambda: services.discard_draft(draft=draft, by=seat, seen=1),
        ):
            with pytest.raises(Refused, match="has changed since"):
                attempt()


def test_text_names_every_mistake_and_keeps_code_and_version(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        text = (
            as_yaml(CALLING)
            .replace("title: Kickoff session held", "title: Kickoff day")
            .replace("version: 2", "version: 77")
        )
        saved = services.save_text(draft=draft, by=seat, text=text, seen=1)
        assert (saved.book.milestone("kickoff").title, saved.book.code, saved.book.version) == (
            "Kickoff day", "our-way", 1,
        )  # fmt: skip
        with pytest.raises(PlaybookError) as refused:
            services.save_text(
                draft=saved, by=seat, text=text.replace("role: supervisor", "role: boss"), seen=2
            )
        assert len(refused.value.errors) > 3


def test_a_published_version_never_changes_and_retires_the_one_before(cast: Cast) -> None:
    with at_home(cast) as seat:
        first = published(seat)
        with pytest.raises(Refused, match="is published and does not change"):
            services.save_about(draft=first, by=seat, title="x", line="", seen=first.revision)
        second = services.start_draft(by=seat, version=first)
        assert second.version == 2
        with pytest.raises(Refused, match="a draft of this playbook already"):
            services.start_draft(by=seat, version=first)
        services.publish(draft=second, by=seat, news="Shorter setup", seen=1)
        first.refresh_from_db()
        assert first.state == "retired"
        [row] = own_playbooks(cast.operator_organisation)
        assert (row.published, row.draft) == (second, None)


def test_a_plan_starts_with_a_published_playbook_and_outlives_it(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        draft = services.save_entry(
            draft=draft, by=seat, part="milestones", number=1, entry=kickoff(), seen=1
        )
        version = services.publish(draft=draft, by=seat, news="", seen=2)
        assert offers(cast.operator_organisation)[0].title == "Our way"
    with context.entered(user_id=cast.operator_leader.pk):
        plan = create_plan(
            engagement=cast.engagement, by=cast.seat(cast.operator_leader), playbook=str(version.public_id)
        )
        assert (plan.playbook, plan.playbook_version) == ("our-way", 1)
        assert Milestone.objects.get(engagement=cast.engagement, code="kickoff").title == "Kickoff held"
        assert own_playbooks(cast.operator_organisation)[0].uses == 1
    with at_home(cast) as seat:
        services.retire(version=version, by=seat)
        assert all(not offer.own for offer in offers(cast.operator_organisation))
    with context.entered(user_id=cast.client_lead.pk):
        assert standing_of(cast.engagement).playbook.milestone("kickoff").title == "Kickoff held"


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_only_what_is_published_starts_a_plan(cast: Cast, state: str) -> None:
    with at_home(cast) as seat:
        version = copied(seat)
        if state == "retired":
            version = services.retire(
                version=services.publish(draft=version, by=seat, news="", seen=1), by=seat
            )
    with context.entered(user_id=cast.operator_leader.pk), pytest.raises(Refused, match="not offered"):
        create_plan(
            engagement=cast.engagement, by=cast.seat(cast.operator_leader), playbook=str(version.public_id)
        )
    with context.entered(user_id=cast.operator_leader.pk):
        assert not Plan.objects.exists()


def test_a_discarded_draft_takes_a_playbook_without_versions_with_it(cast: Cast) -> None:
    with at_home(cast) as seat:
        services.discard_draft(draft=copied(seat), by=seat, seen=1)
        assert not OwnPlaybook.objects.exists()
        first = published(seat)
        services.discard_draft(draft=services.start_draft(by=seat, version=first), by=seat, seen=1)
        assert OwnPlaybook.objects.count() == 1


def test_a_draft_cannot_be_retired_and_the_last_entry_of_a_part_stays(cast: Cast) -> None:
    with at_home(cast) as seat:
        draft = copied(seat)
        with pytest.raises(Refused, match="Only a published version"):
            services.retire(version=draft, by=seat)
        for left in range(len(CALLING.reviews) - 1, 0, -1):
            draft = services.remove_entry(draft=draft, by=seat, part="reviews", number=1, seen=draft.revision)
            assert len(draft.content["reviews"]) == left
        with pytest.raises(Refused, match="at least one entry"):
            services.remove_entry(draft=draft, by=seat, part="reviews", number=1, seen=draft.revision)


def test_differences_say_what_changed_what_is_new_and_what_is_gone() -> None:
    data = as_data(CALLING)
    data["milestones"][0] |= {"day": 2, "title": "Kickoff"}
    gone = data["checks"].pop(0)
    data["reviews"].append({**data["reviews"][0], "code": "day-21", "title": "Day-21 review", "day": 21})
    found = {(c.label, c.before, c.after) for c in playbook.differences(CALLING, playbook.built(data))}
    assert found == {
        ("Milestone “Kickoff”, title", "Kickoff session held", "Kickoff"),
        ("Milestone “Kickoff”, due on day", "1", "2"),
        ("Review “Day-21 review”", "", "day 21, Day-21 review"),
        (f"Check “{gone['title']}”", f"day 5, campaign manager, {gone['title']}", ""),
    }


def test_a_mistake_in_text_is_named_with_its_line() -> None:
    text = as_yaml(CALLING).replace("role: supervisor", "role: boss", 1)
    line = next(n for n, each in enumerate(text.splitlines(), start=1) if "role: boss" in each)
    with pytest.raises(PlaybookError) as refused:
        playbook.parse(text)
    [said] = playbook.with_lines(text, refused.value.mistakes)
    assert said.startswith(f"Line {line}: ") and "role “boss” is unknown" in said
