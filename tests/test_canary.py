"""What belongs to one tenant turns up nowhere else: pages, files, mails, cache, log."""

import json
import logging
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction

from accounts.models import TrailEntry
from accounts.roles import Side
from engagements.access import seat_for
from engagements.services.comments import say, withdraw
from reports.models import Deliverable, Kind
from reports.services import request_deliverable
from tenancy import context
from tenancy.models import Job
from tests.access_matrix import ROWS
from tests.access_matrix import Kind as RowKind
from tests.stage import as_worker, backstage
from tests.tenancy.asking import Actor, Address, Target, browser, content_of, every_address
from tests.tenancy.scenes import NOON
from tests.tenancy.world import PRIVATE, World, build_worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def worlds(db: None) -> tuple[World, World]:
    """Two tenants whose client organisations share nothing; the second is also the first operator's other client."""
    with backstage():
        amber = World("Amberstone")
        return amber, World("Cobaltine", operator=amber.operator)


def _inside() -> list[Address]:
    return [
        address
        for address in every_address()
        if ROWS[address.name].get and ROWS[address.name].kind is not RowKind.OPEN
    ]


def _read(address: Address, actor: Actor, target: Target, worlds: tuple[World, World]) -> str:
    """Everything of the answer that a person can read, its headers too."""
    cache.clear()
    with transaction.atomic():
        response = browser(actor, *worlds).get(address.path(target, *worlds))
        text = content_of(response).decode(errors="replace") + json.dumps(dict(response.headers))
        transaction.set_rollback(True)
    return text


def test_an_operators_two_clients_never_learn_of_each_other(worlds: tuple[World, World]) -> None:
    """The hardest pair: both are clients of one operator, and ask for everything, their own and the other's."""
    amber, cobalt = worlds
    leaks = []
    shown = 0
    for address in _inside():
        for target in address.targets:
            text = _read(address, Actor.CLIENT, target, worlds)
            shown += amber.name in text
            if cobalt.name in text or cobalt.name.lower() in text:
                leaks.append(f"{address.name}: {target}")
    assert leaks == []
    assert shown > 20, "the canary sings in its own cage"


@pytest.mark.parametrize(
    ("reader", "own", "others"),
    [
        (Actor.CLIENT, Side.CLIENT, Side.OPERATOR),
        (Actor.OPERATOR, Side.OPERATOR, Side.CLIENT),
        (Actor.ADMINISTRATOR, Side.OPERATOR, Side.CLIENT),
    ],
)
def test_what_one_side_notes_for_itself_the_other_never_reads(
    worlds: tuple[World, World], reader: Actor, own: Side, others: Side
) -> None:
    leaks = []
    shown = set()
    for address in _inside():
        text = _read(address, reader, Target.OWN, worlds)
        if PRIVATE[others] in text:
            leaks.append(address.name)
        if PRIVATE[own] in text:
            shown.add(address.name)
    assert leaks == []
    assert shown >= {
        "engagements:comments", "kpis:finding", "milestones:check", "milestones:gate", "milestones:milestone",
        "milestones:plan", "reports:deliverable",
    }, "each side reads its own"  # fmt: skip


@pytest.mark.parametrize("side", list(Side))
def test_no_report_and_no_trail_holds_what_a_side_notes_for_itself(
    worlds: tuple[World, World], run_jobs: Callable[[], list[str]], side: Side
) -> None:
    """Not even a report that the side itself asks for: a report is one document for both."""
    amber, _ = worlds
    user = {Side.CLIENT: amber.client_lead, Side.OPERATOR: amber.manager}[side]
    organisation = amber.engagement.organisation_of(side)
    with context.entered(user_id=user.pk, organisation_id=organisation.pk):
        seat = seat_for(user, amber.engagement)
        note = say(engagement=amber.engagement, by=seat, about="plan", text=PRIVATE[side], private=True)
        withdraw(comment=note, by=seat)
        asked = request_deliverable(engagement=amber.engagement, kind=Kind.LAUNCH_PLAN, by=seat)
    run_jobs()
    with backstage():
        report = Deliverable.objects.get(pk=asked.pk)
    assert PRIVATE[side] not in json.dumps([report.snapshot, report.summary])
    other = {Side.CLIENT: amber.manager, Side.OPERATOR: amber.client_lead}[side]
    with context.entered(user_id=other.pk):
        lines = [json.dumps([e.action, e.subject, e.before, e.after]) for e in TrailEntry.objects.all()]
    assert not [line for line in lines if PRIVATE[side] in line or "note." in line or "private" in line]


def test_with_masked_agents_the_client_reads_no_agents_name_anywhere(worlds: tuple[World, World]) -> None:
    amber, _ = worlds
    name = amber.agent.name
    asked = [Actor.CLIENT, Actor.READ_TOKEN]
    named = {a.name for a in _inside() for who in asked if name in _read(a, who, Target.OWN, worlds)}
    assert "kpis:rows" in named, "unmasked, the client reads it"
    amber.mask_agents()
    leaks = [
        f"{address.name} by {actor.name}"
        for actor in asked
        for address in _inside()
        if name.lower() in _read(address, actor, Target.OWN, worlds).lower()
    ]
    assert leaks == []
    assert amber.mask.of(amber.agent) in _read(_address("kpis:rows"), Actor.CLIENT, Target.OWN, worlds)
    assert name in _read(_address("kpis:rows"), Actor.OPERATOR, Target.OWN, worlds)


@pytest.mark.parametrize("kind", [Kind.LAUNCH_PLAN, Kind.DAY_10, Kind.DAY_30])
def test_with_masked_agents_no_new_report_names_one(
    worlds: tuple[World, World], run_jobs: Callable[[], list[str]], kind: Kind
) -> None:
    """A report is one paper for both sides: whoever asks for it, it carries numbers."""
    amber, _ = worlds
    amber.mask_agents()
    with context.entered(user_id=amber.manager.pk, organisation_id=amber.operator.pk):
        asked = request_deliverable(engagement=amber.engagement, kind=kind, by=amber.seat)
    assert set(run_jobs()) == {"done"}
    with backstage():
        report = Deliverable.objects.get(pk=asked.pk)
    assert amber.agent.name.lower() not in json.dumps([report.snapshot, report.summary]).lower()


def test_a_report_made_before_the_mask_is_kept_back_unless_it_was_handed_over(
    worlds: tuple[World, World],
) -> None:
    amber, _ = worlds
    report = amber.row(Deliverable)
    amber.mask_agents()
    with backstage():
        plain = Deliverable.objects.create(
            engagement=amber.engagement, kind=Kind.BRIEF, version=3, snapshot={}, snapshot_sha256="p",
            path=report.path, sha256="e" * 64, size=1, pages=1, created_by=amber.manager, built_at=NOON,
        )  # fmt: skip
    download = f"/e/{amber.engagement.public_id}/deliverables/{plain.public_id}/file/"
    client, operator = browser(Actor.CLIENT, *worlds), browser(Actor.OPERATOR, *worlds)
    assert client.get(download).status_code == 200, "it names no agent"
    with backstage():
        named = {**Deliverable.objects.get(pk=report.pk).snapshot, "notes": [_note(amber.agent.name)]}
        later = Deliverable.objects.create(
            engagement=amber.engagement, kind=Kind.BRIEF, version=2, snapshot=named, snapshot_sha256="s",
            path=report.path, sha256="f" * 64, size=1, pages=1, created_by=amber.manager, built_at=NOON,
        )  # fmt: skip
    base = f"/e/{amber.engagement.public_id}/deliverables/{later.public_id}/"
    refused = client.get(base + "file/")
    assert refused.status_code == 422
    assert "the operator has masked their names since it was made" in refused.text
    assert "A new version carries numbers instead." in client.get(base).text
    assert amber.agent.name not in client.get(base).text
    assert operator.get(base + "file/").status_code == 200
    assert client.get(base + "file/").status_code == 422, "that the operator took it hands nothing over"
    amber.mask_agents(False)
    assert client.get(base + "file/").status_code == 200
    amber.mask_agents()
    assert client.get(base + "file/").status_code == 200, "what was handed over stays handed over"


def _note(said: str) -> dict[str, str]:
    return {"about": "patterns", "text": f"{said} calls best before noon", "by": "Mara", "on": "2026-03-02"}


def _address(name: str) -> Address:
    return next(address for address in every_address() if address.name == name)


def test_people_outside_read_nothing(worlds: tuple[World, World]) -> None:
    with backstage():
        strange = World("Jadeite")
    leaks = []
    for actor in (Actor.OUTSIDER, Actor.EX_MEMBER, Actor.ANONYMOUS, Actor.REVOKED_TOKEN):
        for address in _inside():
            text = _read(address, actor, Target.OWN, (worlds[0], strange))
            # Somebody who has left still reads their own name.
            if worlds[0].name in text.replace(worlds[0].ex_member.name, ""):
                leaks.append(f"{address.name} by {actor.name}")
    assert leaks == []


def test_both_tenants_at_work_leave_nothing_of_one_in_the_cache_of_the_other(
    worlds: tuple[World, World],
) -> None:
    """Warm the cache as one tenant, then ask as the other."""
    amber, cobalt = worlds
    for address in _inside():
        own_path, foreign_path = (
            address.path(Target.OWN, amber, cobalt),
            address.path(Target.OWN, cobalt, amber),
        )
        cache.clear()
        browser(Actor.CLIENT, cobalt, amber).get(foreign_path)
        text = content_of(browser(Actor.CLIENT, amber, cobalt).get(own_path)).decode(errors="replace")
        assert cobalt.name not in text, address.name


def test_a_built_report_and_its_mail_carry_one_tenant_only(
    db: None, run_jobs: Callable[[], list[str]]
) -> None:
    strangers = build_worlds()
    for own, other in (strangers, strangers[::-1]):
        with context.entered(user_id=own.manager.pk, organisation_id=own.operator.pk):
            asked = request_deliverable(engagement=own.engagement, kind=Kind.LAUNCH_PLAN, by=own.seat)
        assert run_jobs() == ["done"]
        with backstage():
            report = Deliverable.objects.get(pk=asked.pk)
        assert own.name in json.dumps(report.snapshot)
        assert other.name not in json.dumps(report.snapshot)
        assert all(other.name not in letter.body for letter in mail.outbox if own.name in letter.body)


def test_jobs_carry_ids_only(worlds: tuple[World, World]) -> None:
    with as_worker():
        for job in Job.objects.all():
            assert worlds[0].name not in json.dumps(job.arguments)
            assert worlds[1].name not in json.dumps(job.arguments)


def test_the_trail_of_one_engagement_names_nobody_of_the_other(worlds: tuple[World, World]) -> None:
    amber, cobalt = worlds
    with context.entered(user_id=amber.client_lead.pk):
        lines = [
            json.dumps([entry.subject, entry.before, entry.after, entry.actor_name])
            for entry in TrailEntry.objects.all()
        ]
    assert any(amber.name in line for line in lines)
    assert not any(cobalt.name in line for line in lines)


def test_what_is_asked_and_refused_leaves_no_tenants_words_in_the_log(
    worlds: tuple[World, World], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for address in _inside():
        _read(
            address, Actor.CLIENT, Target.FOREIGN if Target.FOREIGN in address.targets else Target.OWN, worlds
        )
    assert worlds[1].name not in caplog.text
    assert worlds[0].name not in caplog.text
