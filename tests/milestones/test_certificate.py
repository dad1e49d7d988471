"""The record of a gate says what was open, since when, and who cleared it, from what people recorded."""

from datetime import datetime

from django.test import Client

from accounts.models import User
from accounts.roles import Side
from common import clock
from engagements.models import BriefSignature, CampaignBrief
from engagements.services import mask_agents
from engagements.services.agents import NewAgent, add_agents
from kpis.services.baseline import freeze_baseline
from milestones import services
from milestones.models import ReadinessCheck
from milestones.selectors.certificate import Certificate, certificate
from milestones.selectors.standing import standing_of
from tests.factories import Cast
from tests.kpis import scene as kpis
from tests.milestones.scene import (
    CALENDAR,
    as_person,
    brief_signed,
    finish_milestones,
    gate_of,
    locked,
    on_day,
    pass_checks,
    planned,
    present,
    roster_cleared,
    script_final,
)
from tests.stage import backstage

WHY = "The routing of Boston is not proved."


def note_result(cast: Cast, *, passed: bool, note: str) -> None:
    with as_person(cast, cast.supervisor):
        services.record_check(
            check=ReadinessCheck.objects.get(code="dialer-routing"), by=cast.seat(cast.supervisor), passed=passed,
            note=note, proof=services.Proof(),
        )  # fmt: skip


def passed_after_trouble(cast: Cast) -> None:
    """Passed on day 10 after a failed test, a hold, a decline and a new version."""
    with on_day(2):
        locked(cast)
        brief_signed(cast)
    with on_day(6):
        note_result(cast, passed=False, note="Route 2 is dead.")
        roster_cleared(cast)
        pass_checks(cast, but=("dialer-routing",))
    with on_day(7):
        note_result(cast, passed=True, note="All three routes connect.")
        finish_milestones(cast, "day-10")
    with on_day(8):
        present(cast)
        with as_person(cast, cast.client_lead):
            gate, by = gate_of(cast, "day-10"), cast.seat(cast.client_lead)
            services.hold_gate(gate=gate, by=by, reason=WHY, until=CALENDAR.date_of(9))
            services.decline_gate(gate=gate, by=by, seen=gate.document_sha256, reason=WHY)
    with on_day(10):
        present(cast, version=2)
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                gate = gate_of(cast, "day-10")
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)


def record_of(cast: Cast) -> Certificate:
    with as_person(cast, cast.client_lead):
        standing = standing_of(cast.engagement)
        return certificate(standing, standing.gates[0])


def day_of(moment: datetime | None) -> int:
    assert moment
    return CALENDAR.day_of(moment.date())


def test_each_item_says_since_when_and_by_whom(cast: Cast) -> None:
    passed_after_trouble(cast)
    record = record_of(cast)
    items = {item.what: item for part in record.conditions for item in part.items}
    assert all(item.cleared for item in items.values())
    lock = items["Timeline locked by the client"]
    assert (day_of(lock.cleared_at), lock.cleared_by) == (2, "Clara Lind")
    check = items["Calls are routed as agreed"]
    assert (day_of(check.opened_at), day_of(check.cleared_at), check.cleared_by) == (2, 7, "Sam Okafor")
    assert check.proof == "All three routes connect. failed before (Sam Okafor): Route 2 is dead"
    assert all(part.condition.owner for part in record.conditions)
    assert [line.words for line in record.history if line.stopped] == [
        "paused the gate until Tue 10 Mar", "declined version 1",
    ]  # fmt: skip
    assert [(d.version, d.passed_on_it) for d in record.documents] == [(1, False), (2, True)]
    assert record.slip == "on the contracted day"


def test_a_check_that_failed_after_it_had_passed_was_open_twice(cast: Cast) -> None:
    with on_day(2):
        locked(cast)
        brief_signed(cast)
    for day, passed, note in ((5, True, "Connects."), (6, False, "Dead again."), (7, True, "Repaired.")):
        with on_day(day):
            note_result(cast, passed=passed, note=note)
    with on_day(8):
        record = record_of(cast)
    items = [i for part in record.conditions for i in part.items if i.what == "Calls are routed as agreed"]
    assert [(day_of(i.opened_at), day_of(i.cleared_at)) for i in items] == [(2, 5), (6, 7)]
    assert items[1].opened_by == "Sam Okafor"


def test_the_page_tells_the_record_before_and_after(cast: Cast) -> None:
    passed_after_trouble(cast)
    client = Client()
    client.force_login(cast.client_lead)
    with as_person(cast, cast.client_lead):
        first, second = gate_of(cast, "day-10"), gate_of(cast, "day-30")
    with on_day(12):
        page = client.get(f"/e/{cast.engagement.public_id}/gates/{first.public_id}/certificate/")
        later = client.get(f"/e/{cast.engagement.public_id}/gates/{second.public_id}/certificate/")
    assert "each was cleared, none was waived" in page.text
    assert "Route 2 is dead" in page.text
    assert first.document_sha256 in page.text
    assert (later.status_code, "Record so far" in later.text) == (200, True)


def test_what_comes_after_a_gate_has_passed_is_not_in_its_record(cast: Cast) -> None:
    passed_after_trouble(cast)
    with on_day(11):
        before = [(part.condition.title, part.condition.proof) for part in record_of(cast).conditions]
        assert (
            "Every agent has passed all three certifications",
            "1 agent with all three certifications",
        ) in before
    with on_day(12), as_person(cast, cast.supervisor):
        add_agents(
            engagement=cast.engagement, by=cast.seat(cast.supervisor), agents=[NewAgent("Kai Brandt")],
            joined_on=CALENDAR.date_of(12),
        )  # fmt: skip
    with on_day(13):
        script_final(cast, version=2, at=clock.now())
        with backstage():
            later = CampaignBrief.objects.create(
                engagement=cast.engagement, version=2, content_hash="2" * 64, created_by=cast.client_lead, terms={},
            )  # fmt: skip
            for side in Side:
                BriefSignature.objects.create(
                    engagement=cast.engagement, brief=later, side=side, user=cast.client_lead, name="Clara Lind",
                    organisation_name="Harbour Homes", signed_at=clock.now(), content_hash="2" * 64, consent="yes",
                )  # fmt: skip
            CampaignBrief.objects.filter(pk=later.pk).update(signed_at=clock.now())
        after = [(part.condition.title, part.condition.proof) for part in record_of(cast).conditions]
    assert after == before


def certifications(record: Certificate) -> list[tuple[str, str, str]]:
    [items] = [part.items for part in record.conditions if part.condition.code == "agents"]
    return [(item.what, item.cleared_by, item.proof) for item in items]


def test_each_agent_s_three_certifications_are_listed_with_assessor_score_and_date(cast: Cast) -> None:
    passed_after_trouble(cast)
    with on_day(11):
        told = certifications(record_of(cast))
        assert told == [
            ("ana.ruiz: product knowledge", "Quinn Adler", "90 of 100, pass mark 80, assessed Mon 2 Mar"),
            (
                "ana.ruiz: script certification", "Quinn Adler",
                "90 of 100, pass mark 80, assessed Mon 2 Mar, on version 1 of the script",
            ),
            ("ana.ruiz: system skills", "Quinn Adler", "90 of 100, pass mark 80, assessed Mon 2 Mar"),
        ]  # fmt: skip
        script_final(cast, version=2, at=clock.now())
    with on_day(12):
        assert certifications(record_of(cast)) == told, "what comes after the gate is not in its record"


def test_a_script_that_is_passed_anew_was_open_twice(cast: Cast) -> None:
    with on_day(3):
        locked(cast)
        roster_cleared(cast)
    with on_day(5):
        script_final(cast, version=2, at=clock.now())
        waits = certifications(record_of(cast))
    assert waits[2] == ("ana.ruiz: script certification", "", "version 2 of the script came into use")


def test_the_client_reads_numbers_where_names_are_masked(cast: Cast) -> None:
    with on_day(3):
        locked(cast)
        roster_cleared(cast)
        with as_person(cast, cast.campaign_manager):
            mask_agents(engagement=cast.engagement, by=cast.seat(cast.campaign_manager), masked=True)
        with as_person(cast, cast.campaign_manager):
            url = f"/e/{cast.engagement.public_id}/gates/{gate_of(cast, 'day-10').public_id}/certificate/"
        told = {}
        for user in (cast.client_lead, cast.campaign_manager):
            client = Client()
            client.force_login(user)
            told[user] = client.get(url).text
    assert "Agent 1: system skills" in told[cast.client_lead]
    assert "ana.ruiz" not in told[cast.client_lead]
    assert "ana.ruiz: system skills" in told[cast.campaign_manager]


def test_whoever_froze_the_baseline_is_named_as_they_were_called_then(cast: Cast) -> None:
    """A new name leaves no line in an engagement's trail, and the record is kept as it was drawn."""
    manager = cast.campaign_manager
    passed_after_trouble(cast)
    kpis.write_facts(cast, kpis.WEAK_DAY, range(11, 31))
    with on_day(31):
        with as_person(cast, manager):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(manager))
        called = manager.name
        with backstage():
            User.objects.filter(pk=manager.pk).update(name="Somebody Else")
        with as_person(cast, manager):
            record = certificate(standing_of(cast.engagement), gate_of(cast, "day-30"))
    [item] = next(part.items for part in record.conditions if part.condition.code == "baseline")
    assert item.cleared_by == called


def test_the_record_lists_what_is_open_as_the_gate_s_own_page_does(cast: Cast) -> None:
    with on_day(5):
        planned(cast)
        with as_person(cast, cast.client_lead):
            standing = standing_of(cast.engagement)
            record = certificate(standing, standing.gates[0])
            later = certificate(standing, standing.gates[1])
    for of_gate in (record, later):
        for part in of_gate.conditions:
            if part.condition.code in ("milestones", "reviews"):
                still = [item.target for item in part.items if not item.cleared]
                assert len(still) == len(part.condition.items)
    (milestones,) = [part for part in record.conditions if part.condition.code == "milestones"]
    assert milestones.condition.closed_with, "what stands for locks and brief is counted with them"
