"""The roster and its certifications, through services and pages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import TrailEntry
from common import clock
from common.errors import Refused
from engagements import services
from engagements.clearance import CertificationKind, Renaming
from engagements.models import Agent, Certification, RosterEntry
from engagements.roster import roster
from engagements.services import NewAgent, Result
from tests.engagements.test_scripts import approved, used
from tests.factories import Cast
from tests.milestones.scene import KICKOFF, as_person, on_day
from tests.milestones.test_pages import at, browser
from tests.stage import backstage

pytestmark = pytest.mark.django_db
PRODUCT, SCRIPT, SYSTEMS = CertificationKind


@pytest.fixture(autouse=True)
def _day_8() -> Iterator[None]:
    with on_day(8):
        yield


def listed(cast: Cast, *agents: NewAgent) -> list[Agent]:
    with as_person(cast, cast.supervisor):
        return services.add_agents(
            engagement=cast.engagement, by=cast.seat(cast.supervisor), agents=agents, joined_on=KICKOFF
        )


def attempt(cast: Cast, agent: Agent, kind: CertificationKind, **how: Any) -> Certification:
    user = cast.client_lead if kind is PRODUCT else cast.qa_lead
    known: dict[str, Any] = {
        "kind": kind, "passed": True, "score": 90, "parts": frozenset(kind.parts),
        "assessed_on": clock.today("America/New_York"), "version": 1 if kind is SCRIPT else None,
    }  # fmt: skip
    with as_person(cast, user):
        return services.certify(agent=agent, by=cast.seat(user), result=Result(**{**known, **how}))


def certified(cast: Cast, agent: Agent) -> None:
    for kind in CertificationKind:
        attempt(cast, agent, kind)


def why_not(cast: Cast, agent: Agent) -> list[str]:
    with as_person(cast, cast.client_lead):
        standing = roster(cast.engagement)
        return standing.why_not(next(each for each in standing.people if each.agent == agent))


def test_an_agent_is_cleared_by_three_certifications_and_a_new_script_asks_again(cast: Cast) -> None:
    approved(cast)
    (ana,) = listed(cast, NewAgent("Ana Ruiz", ("ana.ruiz",)))
    assert len(why_not(cast, ana)) == 3
    certified(cast, ana)
    assert why_not(cast, ana) == []
    second = approved(cast, "Other words.")
    assert why_not(cast, ana) == []
    used(cast, second)
    assert why_not(cast, ana) == [
        "Ana Ruiz has not passed script certification since version 2 of the script."
    ]
    with pytest.raises(Refused, match="Version 2 of the script is in use"):
        attempt(cast, ana, SCRIPT)
    attempt(cast, ana, SCRIPT, version=2)
    assert why_not(cast, ana) == []


def test_failed_attempts_stay_and_the_newest_counts(cast: Cast) -> None:
    approved(cast)
    (ana,) = listed(cast, NewAgent("Ana Ruiz"))
    certified(cast, ana)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        attempt(cast, ana, SYSTEMS, passed=False, score=50, note="Wrong disposition twice.")
        assert why_not(cast, ana) == ["Ana Ruiz has not passed system skills."]
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        attempt(cast, ana, SYSTEMS)
        assert why_not(cast, ana) == []
    with as_person(cast, cast.client_lead):
        assert Certification.objects.filter(kind=SYSTEMS).count() == 3


def test_the_same_form_twice_is_one_attempt(cast: Cast) -> None:
    (ana,) = listed(cast, NewAgent("Ana Ruiz"))
    assert attempt(cast, ana, PRODUCT) == attempt(cast, ana, PRODUCT)


def test_each_side_assesses_its_own(cast: Cast) -> None:
    (ana,) = listed(cast, NewAgent("Ana Ruiz"))
    wrong = Result(PRODUCT, True, 90, clock.today("UTC"), frozenset(PRODUCT.parts))
    with as_person(cast, cast.qa_lead), pytest.raises(Refused, match="is not assessed by the operator"):
        services.certify(agent=ana, by=cast.seat(cast.qa_lead), result=wrong)


def test_nobody_is_certified_on_a_script_that_is_not_final(cast: Cast) -> None:
    (ana,) = listed(cast, NewAgent("Ana Ruiz"))
    with pytest.raises(Refused, match="Agents are certified on a final version"):
        attempt(cast, ana, SCRIPT)


def test_a_list_is_taken_whole_or_not_at_all(cast: Cast) -> None:
    listed(cast, NewAgent("Ana Ruiz", ("ana",)))
    with pytest.raises(Refused) as refused:
        listed(cast, NewAgent("Dev Patel", ("dev",)), NewAgent("Ana R", ("ANA",)), NewAgent("Eve", ("dev",)))
    assert refused.value.reasons == [
        "Ana Ruiz is on the roster already, with the dialer code “ANA”.",
        "The dialer code “dev” is given to two agents.",
    ]
    with as_person(cast, cast.client_lead):
        assert Agent.objects.count() == 1


def test_a_code_first_seen_in_an_import_is_a_stranger_until_somebody_has_it(cast: Cast) -> None:
    with backstage():
        cast.engagement.agents.create(name="ana.2")
    (ana,) = listed(cast, NewAgent("Ana Ruiz", ("ana",)))
    with as_person(cast, cast.supervisor):
        assert [str(each.agent) for each in roster(cast.engagement).strangers] == ["ana.2"]
        seat = cast.seat(cast.supervisor)
        services.link_code(agent=ana, by=seat, code="ANA.2")
        services.link_code(agent=ana, by=seat, code="ana.2")
        standing = roster(cast.engagement)
        assert (standing.strangers, [c.name for c in standing.listed[0].codes]) == ([], ["ana.2"])
        with pytest.raises(Refused, match="is that of Ana Ruiz already"):
            services.link_code(agent=ana, by=seat, code="ana")
        assert TrailEntry.objects.filter(action="agent.linked").count() == 1


def test_who_leaves_may_come_back_and_both_stay_in_the_record(cast: Cast) -> None:
    (ana,) = listed(cast, NewAgent("Ana Ruiz", ("ana",)))
    with as_person(cast, cast.supervisor):
        seat = cast.seat(cast.supervisor)
        services.end_agent(agent=ana, by=seat, left_on=clock.today("America/New_York"))
        with pytest.raises(Refused, match="their last day is told already"):
            services.end_agent(agent=ana, by=seat, left_on=clock.today("America/New_York"))
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert why_not(cast, ana) == ["Ana Ruiz is not on the roster."]
        listed(cast, NewAgent("Ana Ruiz", ("ana",)))
        assert len(why_not(cast, ana)) == 3
    with as_person(cast, cast.supervisor):
        assert RosterEntry.objects.count() == 3


def test_the_pages_add_paste_and_certify(cast: Cast) -> None:
    approved(cast)
    manager, lead = browser(cast.campaign_manager), browser(cast.client_lead)
    page = manager.post(
        at(cast, "setup/agents/list/"),
        {"lines": "Ana Ruiz\tana.ruiz\n\nDev Patel; dev", "joined_on": "2026-03-09"},
    )
    assert page.status_code == 302
    refused = manager.post(at(cast, "setup/agents/list/"), {"lines": ", x", "joined_on": "2026-03-09"})
    assert (refused.status_code, "Line 1 does not begin with a name." in refused.text) == (422, True)
    with backstage():
        ana = Agent.objects.get(name="ana.ruiz")
    url = at(cast, f"setup/agents/{ana.public_id}/")
    form = {"passed": "passed", "score": "88", "parts": list(PRODUCT.parts), "assessed_on": "2026-03-09"}
    assert lead.post(f"{url}certify/product/", form).status_code == 302
    low = lead.post(f"{url}certify/product/", {**form, "score": "60", "note": "kept words"})
    assert low.status_code == 422
    assert "A score of 60 is below the pass mark of 80" in low.text
    assert "kept words" in low.text
    assert lead.post(f"{url}certify/nothing/", form).status_code == 404
    assert manager.post(f"{url}certify/product/", form).status_code == 422
    grid = lead.get(at(cast, "setup/agents/")).text
    assert "0 of 2 agents may dial." in grid
    assert "Ana Ruiz" in grid


def test_the_script_goes_from_draft_to_use_by_its_pages(cast: Cast) -> None:
    manager, lead = browser(cast.campaign_manager), browser(cast.client_lead)
    assert "No script yet" in lead.get(at(cast, "setup/script/")).text
    bad = manager.post(at(cast, "setup/script/save/"), {"text": ".", "seen": ""})
    assert bad.status_code == 422
    manager.post(at(cast, "setup/script/save/"), {"text": "Hello, this is Ana.", "seen": ""})
    with backstage():
        script = cast.engagement.scripts.get()
    url = at(cast, f"setup/script/{script.public_id}/")
    seen = {"seen": script.content_hash}
    assert manager.post(f"{url}send/", seen).status_code == 302
    no_note = lead.post(f"{url}return/", {**seen, "note": ""})
    assert no_note.status_code == 422
    assert lead.post(f"{url}approve/", {"seen": "0" * 64}).status_code == 422
    assert "is final" in lead.post(f"{url}approve/", seen, follow=True).text
    assert "In use" in manager.get(at(cast, "setup/script/")).text


def test_a_renamed_agent_is_the_same_person_and_the_record_says_so(cast: Cast) -> None:
    approved(cast)
    (ana,) = listed(cast, NewAgent("Ana Riuz", ("ana.ruiz",)))
    certified(cast, ana)
    with as_person(cast, cast.supervisor):
        by = cast.seat(cast.supervisor)
        with pytest.raises(Refused, match="stay with Ana Riuz"):
            services.rename_agent(agent=ana, by=by, name="Kai Brandt", why=Renaming.SOMEBODY_ELSE)
        services.rename_agent(agent=ana, by=by, name="Ana Ruiz", why=Renaming.SPELLING)
        told = TrailEntry.objects.get(action="agent.changed")
    assert (told.before["name"], told.after["name"]) == ("Ana Riuz", "Ana Ruiz")
    assert told.after["why"] == "The same person: the name was spelled wrong"
    assert why_not(cast, ana) == []


def test_a_code_of_somebody_who_has_left_hands_nothing_on(cast: Cast) -> None:
    (ana,) = listed(cast, NewAgent("Ana Ruiz", ("ana",)))
    with as_person(cast, cast.supervisor):
        services.end_agent(agent=ana, by=cast.seat(cast.supervisor), left_on=KICKOFF)
    with on_day(12):
        with pytest.raises(Refused, match="is that of Ana Ruiz, who was on the roster"):
            listed(cast, NewAgent("Kai Brandt", ("ana",)))
        assert listed(cast, NewAgent("Ana Ruiz", ("ana",))) == [ana]


def test_the_page_asks_who_bears_the_new_name(cast: Cast) -> None:
    (ana,) = listed(cast, NewAgent("Ana Ruiz", ("ana",)))
    url, client = at(cast, f"setup/agents/{ana.public_id}/rename/"), browser(cast.supervisor)
    silent = client.post(url, {"name": "Ana Ruiz-Brandt"})
    assert (silent.status_code, "Say whether it is the same person." in silent.text) == (422, True)
    other = client.post(url, {"name": "Kai Brandt", "why": "somebody else"})
    assert (other.status_code, "as a new agent" in other.text) == (422, True)
    assert (
        "The name is changed."
        in client.post(url, {"name": "Ana Ruiz-Brandt", "why": "new name"}, follow=True).text
    )
