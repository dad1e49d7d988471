"""Somebody stands in for a role's holder: with its rights, under both names, and no further than that."""

from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import TrailEntry, User
from accounts.roles import ParticipantRole, Permission
from accounts.seat import Seat
from common.errors import Refused
from engagements import services
from engagements.access import take_seat
from engagements.models import BriefSignature, Participant
from engagements.rules import SubstituteFacts, substitute_blockers
from milestones import services as milestones
from tests.briefs import whole_brief
from tests.factories import Cast, ParticipantFactory
from tests.milestones.scene import as_person
from tests.stage import backstage

FINE = SubstituteFacts(
    holder="Mara Voss", holder_side="operator", ended=False, by_side="operator", by_holder=True, manages=False,
    substitute="Sam Okafor", substitute_side="operator", substitute_here=True, same_person=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"by_holder": False, "manages": True}, ""),
        ({"substitute": "", "substitute_here": False}, ""),
        ({"by_side": "client"}, "Each side names its own substitutes only."),
        ({"ended": True}, "Mara Voss does not take part any more."),
        ({"by_holder": False}, "names their own substitute, or whoever manages the team"),
        ({"same_person": True}, "cannot be their own substitute"),
        ({"substitute_side": "client"}, "Sam Okafor is the other side's"),
        ({"substitute_here": False}, "Sam Okafor does not take part"),
    ],
)
def test_who_may_be_named(change: dict[str, object], reason: str) -> None:
    blockers = substitute_blockers(replace(FINE, **change))
    assert (reason in " ".join(blockers)) if reason else not blockers


def part_of(user: User) -> Participant:
    with backstage():
        return Participant.objects.filter(user=user, ended_at=None).earliest("pk")


def seated(cast: Cast, user: User) -> Seat:
    """The seat as a request would take it."""
    return take_seat(cast.seat(user), cast.engagement)


def name(cast: Cast, user: User, holder: User, substitute: User | None) -> None:
    with as_person(cast, user):
        services.name_substitute(
            engagement=cast.engagement, by=seated(cast, user), participant=part_of(holder),
            substitute=part_of(substitute) if substitute else None,
        )  # fmt: skip


def test_a_substitute_has_the_role_and_says_for_whom(cast: Cast) -> None:
    with as_person(cast, cast.supervisor):
        assert not seated(cast, cast.supervisor).may(Permission.SIGN_BRIEF)
    name(cast, cast.campaign_manager, cast.campaign_manager, cast.supervisor)
    with as_person(cast, cast.supervisor):
        seat = seated(cast, cast.supervisor)
        assert seat.participant_roles == {ParticipantRole.SUPERVISOR, ParticipantRole.CAMPAIGN_MANAGER}
        assert seat.acting_for == {ParticipantRole.CAMPAIGN_MANAGER: "Mara Voss"}
        assert seat.written_name(Permission.SIGN_BRIEF) == "Sam Okafor for Mara Voss"
        assert seat.written_name(Permission.IMPORT_CALLS) == "Sam Okafor", "a supervisor's own right"


def test_signature_and_trail_name_both(cast: Cast) -> None:
    name(cast, cast.campaign_manager, cast.campaign_manager, cast.supervisor)
    content = whole_brief("As agreed.")
    with as_person(cast, cast.supervisor):
        seat = seated(cast, cast.supervisor)
        brief = services.save_brief(engagement=cast.engagement, by=seat, content=content, seen="")
        with backstage():
            brief.metrics.update(target="0.1")
        brief.refresh_from_db()
        services.sign_brief(engagement=cast.engagement, by=seat, version=1, seen=brief.content_hash)
        assert BriefSignature.objects.get().name == "Sam Okafor for Mara Voss"
        entry = TrailEntry.objects.get(action="brief.signed")
        assert (entry.actor_name, entry.actor_id) == ("Sam Okafor for Mara Voss", cast.supervisor.pk)


def test_it_ends_with_the_naming_and_with_either_participation(cast: Cast) -> None:
    name(cast, cast.operator_leader, cast.campaign_manager, cast.supervisor)
    name(cast, cast.operator_leader, cast.campaign_manager, None)
    with as_person(cast, cast.supervisor):
        assert not seated(cast, cast.supervisor).acting_for
    name(cast, cast.operator_leader, cast.campaign_manager, cast.supervisor)
    with as_person(cast, cast.operator_leader):
        services.end_participation(
            engagement=cast.engagement,
            by=cast.seat(cast.operator_leader),
            participant=part_of(cast.supervisor),
        )
    assert part_of(cast.campaign_manager).substitute_id is None
    name(cast, cast.operator_leader, cast.qa_lead, cast.campaign_manager)
    with as_person(cast, cast.operator_leader):
        services.end_participation(
            engagement=cast.engagement, by=cast.seat(cast.operator_leader), participant=part_of(cast.qa_lead)
        )
    with as_person(cast, cast.campaign_manager):
        assert not seated(cast, cast.campaign_manager).acting_for


def test_another_role_of_the_substitute_keeps_them_standing_in(cast: Cast) -> None:
    name(cast, cast.operator_leader, cast.campaign_manager, cast.supervisor)
    with backstage():
        ParticipantFactory(engagement=cast.engagement, user=cast.supervisor, role=ParticipantRole.QA_LEAD)
    with as_person(cast, cast.operator_leader):
        services.end_participation(
            engagement=cast.engagement,
            by=cast.seat(cast.operator_leader),
            participant=part_of(cast.supervisor),
        )
    with as_person(cast, cast.supervisor):
        assert ParticipantRole.CAMPAIGN_MANAGER in seated(cast, cast.supervisor).acting_for


def test_a_chain_and_a_circle_give_nobody_a_second_role(cast: Cast) -> None:
    name(cast, cast.operator_leader, cast.campaign_manager, cast.supervisor)
    name(cast, cast.operator_leader, cast.supervisor, cast.qa_lead)
    name(cast, cast.operator_leader, cast.qa_lead, cast.supervisor)
    with as_person(cast, cast.qa_lead):
        seat = seated(cast, cast.qa_lead)
        assert seat.participant_roles == {ParticipantRole.QA_LEAD, ParticipantRole.SUPERVISOR}
        assert not seat.may(Permission.SIGN_GATE)


def test_a_substitute_hands_the_role_on_to_nobody(cast: Cast) -> None:
    name(cast, cast.operator_leader, cast.campaign_manager, cast.supervisor)
    with pytest.raises(Refused, match="names their own substitute"):
        name(cast, cast.supervisor, cast.campaign_manager, cast.qa_lead)


def test_somebody_only_invited_stands_in_for_nobody(cast: Cast) -> None:
    with backstage():
        invited = ParticipantFactory(
            engagement=cast.engagement,
            role=ParticipantRole.QA_LEAD,
            user=None,
            name="Ines Ito",
            email="i@new.example",
        )
    with as_person(cast, cast.campaign_manager), pytest.raises(Refused, match="Ines Ito does not take part"):
        services.name_substitute(
            engagement=cast.engagement, by=seated(cast, cast.campaign_manager),
            participant=part_of(cast.campaign_manager), substitute=invited,
        )  # fmt: skip


def test_the_team_page_names_a_substitute_and_my_work_shows_what_is_theirs(cast: Cast) -> None:
    with as_person(cast, cast.campaign_manager):
        milestones.create_plan(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
    manager, supervisor = Client(), Client()
    manager.force_login(cast.campaign_manager)
    supervisor.force_login(cast.supervisor)
    assert "for Mara Voss" not in supervisor.get("/").text
    team = f"/e/{cast.engagement.public_id}/team/"
    url = f"{team}{part_of(cast.campaign_manager).public_id}/substitute/"
    assert f'action="{url}"' in manager.get(team).text
    assert f'action="{url}"' not in supervisor.get(team).text
    assert supervisor.post(url, {"substitute": part_of(cast.qa_lead).public_id}).status_code == 422
    assert manager.post(url, {"substitute": part_of(cast.client_lead).public_id}).status_code == 422
    done = manager.post(url, {"substitute": part_of(cast.supervisor).public_id}, follow=True)
    assert "Sam Okafor stands in for Mara Voss as campaign manager." in done.text
    assert "for Mara Voss" in supervisor.get("/").text
