"""What must never change: each trigger is asked directly, and dropped once to see that it was the one who refused."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from psycopg import sql

from accounts import trail
from accounts.models import Invitation, Organisation, User
from accounts.roles import Side
from accounts.seat import OrganisationRole, Seat
from engagements.models import (
    Agent,
    BriefMetric,
    BriefSignature,
    CampaignBrief,
    Engagement,
    Pseudonym,
    Script,
    ScriptApproval,
)
from kpis.models import ForwardAgreement, OptimisationPlan, PlanAgreement, QaScorecard
from milestones.models import (
    ActionItem,
    DateProposal,
    Decision,
    Gate,
    GateEvent,
    GateEventKind,
    Minutes,
    Plan,
    PlaybookVersion,
    Review,
    SignOff,
)
from reports.models import Deliverable
from tenancy import context
from tests.factories import EngagementFactory
from tests.stage import backstage
from tests.tenancy.breaking import FRESH, Promises, broken, copy_of, execute, refusal, refused_by_trigger
from tests.tenancy.catalogue import rows
from tests.tenancy.scenes import NOON, Scene, models_by_table

DIGEST = "d" * 64


@pytest.fixture
def scene(db: None) -> Scene:
    with backstage():
        made = Scene("Amber")
        for model in models_by_table().values():
            if _in_engagement(model):
                made.row(model)
        return made


def _in_engagement(model: type[models.Model]) -> bool:
    return any(field.attname == "engagement_id" for field in model._meta.concrete_fields)


def _update(row: models.Model, change: str) -> sql.Composable:
    table, key = sql.Identifier(row._meta.db_table), sql.Literal(row.pk)
    return sql.SQL("UPDATE {} SET {} WHERE id = {}").format(table, sql.SQL(change), key)


def _delete(row: models.Model) -> sql.Composable:
    return sql.SQL("DELETE FROM {} WHERE id = {}").format(
        sql.Identifier(row._meta.db_table), sql.Literal(row.pk)
    )


def _append_only(scene: Scene, table: str) -> Promises:
    """Not even backstage."""
    with backstage():
        row = scene.row(models_by_table()[table])
        return {
            "cannot be changed": refused_by_trigger(_update(row, "id = id")),
            "cannot be deleted": refused_by_trigger(_delete(row)),
        }


def _trail_append_only(scene: Scene, table: str) -> Promises:
    seat = Seat(scene.leader, scene.operator, OrganisationRole.ADMIN)
    with context.entered(user_id=scene.leader.pk):
        trail.record(by=seat, action="test.done", subject="one", engagement_id=scene.engagement.pk)
    with backstage():
        return {
            "cannot be changed": refused_by_trigger(sql.SQL("UPDATE app.trail SET body = '{}'")),
            "cannot be deleted": refused_by_trigger(sql.SQL("DELETE FROM app.trail")),
        }


def _trail_not_emptied(scene: Scene, table: str) -> Promises:
    with backstage():
        return {"cannot be emptied": refused_by_trigger(sql.SQL("TRUNCATE app.trail"))}


def _signed(scene: Scene, brief: CampaignBrief, *sides: Side) -> None:
    for side in sides:
        BriefSignature.objects.create(
            engagement=scene.engagement, brief=brief, side=side, user=scene.leader, name="n",
            organisation_name="o", signed_at=NOON, content_hash=brief.content_hash, consent="c",
        )  # fmt: skip


def _signed_brief(scene: Scene, table: str) -> Promises:
    with backstage():
        half = scene.row(CampaignBrief)
        _signed(scene, half, Side.CLIENT)
        promises = {
            "half signed: its terms cannot change": refused_by_trigger(
                _update(half, """terms = '{"a": 1}'""")
            ),
            "half signed: its hash cannot change": refused_by_trigger(_update(half, "content_hash = 'x'")),
            "half signed: it cannot be deleted": refused_by_trigger(_delete(half)),
            "half signed: it cannot come into force": refused_by_trigger(_update(half, "signed_at = now()")),
        }
        promises |= {
            f"half signed: its {column} cannot change": refused_by_trigger(_update(half, f"{column} = {value}"))
            for column, value in [
                ("schema", "7"), ("edited", """'{"a": 1}'"""), ("version", "9"),
                ("created_by_id", str(scene.manager.pk)),
                ("created_at", "now()"), ("updated_at", "now()"), ("proposed_at", "now()"),
                ("discard_reason", "'r', discarded_by_id = created_by_id, superseded_at = now()"),
            ]
        }  # fmt: skip
        assert not refused_by_trigger(_update(half, "superseded_at = now()"))
        _signed(scene, half, Side.OPERATOR)
        assert not refused_by_trigger(_update(half, "signed_at = now()"))
        CampaignBrief.objects.filter(pk=half.pk).update(signed_at=NOON)
        return promises | {
            "signed: it cannot be unsigned": refused_by_trigger(_update(half, "signed_at = NULL")),
            "signed: its moment cannot change": refused_by_trigger(_update(half, "signed_at = now()")),
            "signed: it cannot be replaced": refused_by_trigger(_update(half, "superseded_at = now()")),
            "discarded: it stays as it was": _discarded(scene),
        }


def _discarded(scene: Scene) -> bool:
    row = CampaignBrief.objects.create(
        engagement=scene.engagement, version=50, created_by=scene.leader, content_hash=DIGEST,
        superseded_at=NOON, discarded_by=scene.leader, discard_reason="r",
    )  # fmt: skip
    return refused_by_trigger(_update(row, "discard_reason = 'other'")) and refused_by_trigger(_delete(row))


def _signed_metric(scene: Scene, table: str) -> Promises:
    with backstage():
        metric = scene.row(BriefMetric)
        assert not refused_by_trigger(_update(metric, "target = 0.1"))
        _signed(scene, metric.brief, Side.CLIENT)
        return {
            "its target cannot change": refused_by_trigger(_update(metric, "target = 0.2")),
            "it cannot be deleted": refused_by_trigger(_delete(metric)),
            "none can be added": refused_by_trigger(*copy_of(metric, key="another")),
        }


def _script(scene: Scene, table: str) -> Promises:
    with backstage():
        script = scene.row(Script)
        assert not refused_by_trigger(_update(script, "text = 'x'"))
        Script.objects.filter(pk=script.pk).update(sent_at=NOON)
        returned = "returned_at = now(), return_note = 'n'"
        promises = {
            "sent: its words cannot change": refused_by_trigger(_update(script, "text = 'x'")),
            "sent: it cannot be unsent": refused_by_trigger(_update(script, "sent_at = NULL")),
            "sent: it cannot be deleted": refused_by_trigger(_delete(script)),
            "not approved without the approval of this content": refused_by_trigger(
                _update(script, "approved_at = now()")
            ),
            "not born approved": refused_by_trigger(
                *copy_of(script, version=9, approved_at="2026-03-02T12:00Z")
            ),
        }
        assert not refused_by_trigger(_update(script, returned))
        ScriptApproval.objects.create(
            engagement=scene.engagement, script=script, side=Side.CLIENT, user=scene.client_lead, name="n",
            organisation_name="o", signed_at=NOON, content_hash=script.content_hash, consent="c",
        )  # fmt: skip
        Script.objects.filter(pk=script.pk).update(approved_at=NOON)
        return promises | {
            "final: nothing of it changes": refused_by_trigger(_update(script, "created_by_name = 'x'")),
            "final: it cannot be reopened": refused_by_trigger(_update(script, "approved_at = NULL")),
            "final: it cannot be deleted": refused_by_trigger(_delete(script)),
        }


def _scorecard(scene: Scene, table: str) -> Promises:
    with backstage():
        card = scene.row(QaScorecard)
        assert not refused_by_trigger(_update(card, "name = 'x'"))
        assert not refused_by_trigger(_delete(card))
        QaScorecard.objects.filter(pk=card.pk).update(used_at=NOON)
        return {
            "in use: nothing of it changes": refused_by_trigger(_update(card, "pass_mark = 2")),
            "in use: it cannot be a draft again": refused_by_trigger(_update(card, "used_at = NULL")),
            "in use: it cannot be deleted": refused_by_trigger(_delete(card)),
        }


def _event(scene: Scene, gate: Gate, kind: GateEventKind) -> None:
    """The side that holds the gate in the scene says something else about it, about its report as it is."""
    held = scene.row(GateEvent)
    GateEvent.objects.create(
        engagement=gate.engagement, gate=gate, kind=kind, side=held.side, user=held.user, name=held.name,
        organisation_name=held.organisation_name, at=NOON + timedelta(seconds=1), document_sha256=DIGEST,
    )  # fmt: skip


def _gate(scene: Scene, table: str) -> Promises:
    with backstage():
        gate = scene.row(Gate)
        unsigned = refused_by_trigger(_update(gate, "passed_at = now()"))
        undocumented = refused_by_trigger(_update(gate, "passed_at = now(), document_sha256 = ''"))
        Gate.objects.filter(pk=gate.pk).update(document_sha256=DIGEST)
        _sign_off(scene, gate, Side.CLIENT, DIGEST)
        _sign_off(scene, gate, Side.OPERATOR, "e" * 64)
        promises = {
            "not without signatures": unsigned,
            "not without a document": undocumented,
            "not while one side signed another document": refused_by_trigger(
                _update(gate, "passed_at = now()")
            ),
            "not born passed": refused_by_trigger(
                *copy_of(gate, code="born", passed_at="2026-03-02T12:00:00Z")
            ),
        }
        _sign_off(scene, gate, Side.OPERATOR, DIGEST)
        noon = f"passed_at = '{NOON.isoformat()}'"
        promises["not while a side holds it"] = refused_by_trigger(_update(gate, noon))
        _event(scene, gate, GateEventKind.RELEASE)
        _event(scene, gate, GateEventKind.DECLINE)
        promises["not on a report that a side has declined"] = refused_by_trigger(_update(gate, noon))
        _event(scene, gate, GateEventKind.TAKE_BACK)
        Gate.objects.filter(pk=gate.pk).update(passed_at=NOON)
        return promises | {
            "once passed it cannot change": refused_by_trigger(_update(gate, "title = 'x'")),
            "once passed it cannot be reopened": refused_by_trigger(_update(gate, "passed_at = NULL")),
            "once passed it cannot be deleted": refused_by_trigger(_delete(gate)),
        }


def _sign_off(scene: Scene, gate: Gate, side: Side, digest: str) -> None:
    SignOff.objects.create(
        engagement=scene.engagement, gate=gate, side=side, user=scene.leader, name="n", organisation_name="o",
        signed_at=NOON, content_hash=digest, consent="c",
    )  # fmt: skip


def _contracted(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(models_by_table()[table])
        models_by_table()[table]._base_manager.filter(pk=row.pk).update(contracted_on="2026-03-12")
        assert not refused_by_trigger(_update(row, "forecast_on = forecast_on + 1"))
        return {
            "the contracted date cannot move": refused_by_trigger(
                _update(row, "contracted_on = '2026-03-13'")
            ),
            "the contracted date cannot vanish": refused_by_trigger(_update(row, "contracted_on = NULL")),
        }


def _closed(scene: Scene) -> None:
    Minutes.objects.filter(pk=scene.row(Minutes).pk).update(
        text="said", closed_at=NOON, closed_by=scene.leader, closed_by_name="n", content_hash=DIGEST
    )


def _minutes(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(Minutes)
        assert not refused_by_trigger(_update(row, "text = 'a draft'"))
        _closed(scene)
        return {
            "closed: the text cannot change": refused_by_trigger(_update(row, "text = 'other'")),
            "closed: it cannot be opened": refused_by_trigger(_update(row, "closed_at = NULL")),
            "closed: it cannot be deleted": refused_by_trigger(_delete(row)),
        }


def _held_review(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(Review)
        execute(_update(row, "held_on = '2026-03-20'"))
        return {
            "its day stands": refused_by_trigger(_update(row, "held_on = NULL")),
            "it cannot be deleted": refused_by_trigger(_delete(row)),
        }


def _decision(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(Decision)
        assert not refused_by_trigger(_update(row, "text = 'better'"))
        _closed(scene)
        return {
            "closed: it cannot change": refused_by_trigger(_update(row, "text = 'other'")),
            "closed: it cannot be deleted": refused_by_trigger(_delete(row)),
            "closed: none can be added": refused_by_trigger(*copy_of(row)),
        }


def _decided_action(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(ActionItem)
        _closed(scene)
        return {
            "closed: it cannot be deleted": refused_by_trigger(_delete(row)),
            "closed: none can be added": refused_by_trigger(*copy_of(row)),
        }


def _agreed_action(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(ActionItem)
        assert not refused_by_trigger(_update(row, "due_on = due_on + 1"))
        _closed(scene)
        return {
            "closed: its words stand": refused_by_trigger(_update(row, "text = 'other'")),
            "closed: its deadline stands": refused_by_trigger(_update(row, "due_on = due_on + 1")),
        }


def _ended_action(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(ActionItem)
        execute(_update(row, f"done_on = '2026-03-20', done_by_id = {scene.leader.pk}, proof = 'seen'"))
        return {
            "done: its proof stands": refused_by_trigger(_update(row, "proof = 'other'")),
            "done: it is not opened again": refused_by_trigger(
                _update(row, "done_on = NULL, done_by_id = NULL, proof = ''")
            ),
        }


def _engagement(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.engagement
        execute(_update(row, "contracted_launch_on = '2026-03-12'"))
        other = Scene("Cobalt").client
        return {
            "the client cannot be exchanged": refused_by_trigger(_update(row, f"client_id = {other.pk}")),
            "the operator cannot be exchanged": refused_by_trigger(_update(row, f"operator_id = {other.pk}")),
            "the contracted launch cannot move": refused_by_trigger(
                _update(row, "contracted_launch_on = NULL")
            ),
        }


def _deliverable(scene: Scene, table: str) -> Promises:
    with backstage():
        report = scene.row(Deliverable)
        frozen = {
            f"its {name} is frozen": refused_by_trigger(_update(report, f"{name} = {value}"))
            for name, value in [
                ("snapshot", """'{"a": 1}'"""), ("snapshot_sha256", "'x'"), ("kind", "'day-90'"), ("version", "9"),
            ]
        }  # fmt: skip
        built = "path = 'p', sha256 = 'x', built_at = now()"
        assert not refused_by_trigger(_update(report, built))
        execute(_update(report, built))
        return frozen | {
            "once built its file cannot change": refused_by_trigger(_update(report, "sha256 = 'y'")),
            "it cannot be deleted": refused_by_trigger(_delete(report)),
        }


def _playbook(scene: Scene, table: str) -> Promises:
    with backstage():
        plan = scene.row(Plan)
        return {
            f"its {name} stays": refused_by_trigger(_update(plan, f"{name} = {value}"))
            for name, value in [("playbook", "'other'"), ("playbook_version", "99")]
        }


def _agreed(scene: Scene, table: str) -> Promises:
    """Plans for what comes next: agreed by both sides' agreements to this very content, and then for good."""
    with backstage():
        plan = scene.row(models_by_table()[table])
        agreement = PlanAgreement if isinstance(plan, OptimisationPlan) else ForwardAgreement
        assert not refused_by_trigger(_update(plan, "drafted_by_name = 'x'"))
        type(plan)._base_manager.filter(pk=plan.pk).update(content_hash=DIGEST)
        alone = refused_by_trigger(_update(plan, "agreed_at = now()"))
        _agree(scene, agreement, plan, Side.CLIENT, DIGEST)
        promises = {
            "not agreed without agreements": alone,
            "not while one side agreed to something else": refused_by_trigger(
                _update(plan, "agreed_at = now()")
            ),
        }
        _agree(scene, agreement, plan, Side.OPERATOR, DIGEST)
        type(plan)._base_manager.filter(pk=plan.pk).update(agreed_at=NOON)
        return promises | {
            "once agreed its content cannot change": refused_by_trigger(
                _update(plan, """content = '{"a": 1}'""")
            ),
            "once agreed it cannot be taken back": refused_by_trigger(_update(plan, "agreed_at = NULL")),
            "once agreed it cannot be deleted": refused_by_trigger(_delete(plan)),
        }


def _agree(scene: Scene, agreement: type[models.Model], plan: models.Model, side: Side, digest: str) -> None:
    agreement._base_manager.create(
        engagement=scene.engagement, plan=plan, side=side, user=scene.leader, name="n", organisation_name="o",
        signed_at=NOON, content_hash=digest, consent="c",
    )  # fmt: skip


def _date_proposal(scene: Scene, table: str) -> Promises:
    with backstage():
        proposal = scene.row(DateProposal)
        promises = {
            "what is proposed stands": refused_by_trigger(_update(proposal, "to_on = to_on + 1")),
            "its reason stands": refused_by_trigger(_update(proposal, "reason = 'x'")),
            "it cannot be deleted": refused_by_trigger(_delete(proposal)),
        }
        DateProposal.objects.filter(pk=proposal.pk).update(
            answer="declined", answered_side=Side.OPERATOR, answered_at=NOON
        )
        return promises | {
            "an answer is given once": refused_by_trigger(_update(proposal, "answer = 'accepted'")),
        }


def _playbook_version(scene: Scene, table: str) -> Promises:
    with backstage():
        version = scene.row(PlaybookVersion)
        assert not refused_by_trigger(_update(version, "content = '{}'"))
        assert not refused_by_trigger(_delete(version))
        draft_retired = refused_by_trigger(_update(version, "state = 'retired'"))
        PlaybookVersion.objects.filter(pk=version.pk).update(state="published", published_at=NOON)
        promises = {
            "a draft cannot be retired": draft_retired,
            "published: what it says stays": refused_by_trigger(_update(version, """content = '{"a": 1}'""")),
            "published: its number stays": refused_by_trigger(_update(version, "version = 99")),
            "published: it cannot be a draft again": refused_by_trigger(
                _update(version, "state = 'draft', published_at = NULL")
            ),
            "published: it cannot be deleted": refused_by_trigger(_delete(version)),
        }
        retired = "state = 'retired', retired_at = now()"
        assert not refused_by_trigger(_update(version, retired))
        PlaybookVersion.objects.filter(pk=version.pk).update(state="retired", retired_at=NOON)
        return promises | {
            "retired: it cannot be offered again": refused_by_trigger(
                _update(version, "state = 'published', retired_at = NULL")
            ),
        }


def _bell(scene: Scene, table: str) -> Promises:
    """Nothing to refuse here: the bell rings on commit, so ask whether it was rung at all."""
    with backstage():
        job = scene.row(apps.get_model("tenancy.Job"))
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN (ANALYZE, COSTS OFF) UPDATE tenancy_job SET queued_at = now() WHERE id = %s",
                [job.pk],
            )
            return {"the bell is rung": any("Trigger ring" in line for (line,) in cursor.fetchall())}


def _numbered(scene: Scene, table: str) -> Promises:
    with backstage():
        agent = Agent.objects.create(engagement=scene.engagement, name="Newcomer")
        return {"an agent has a number": Pseudonym.objects.filter(agent=agent).exists()}


Probe = Callable[[Scene, str], Promises]


def _same_engagement(scene: Scene, table: str) -> Promises:
    """Each of its columns, with a row of another engagement."""
    model = models_by_table()[table]
    keys = _keys_within_an_engagement(model)
    with backstage():
        row = scene.row(model)
        return {
            f"{key.attname} cannot point into another engagement": _names_the_key(
                refusal(*_pointing_abroad(scene, row, key)), table, key.attname
            )
            for key in keys
        }


def _pointing_abroad(scene: Scene, row: models.Model, key: models.Field) -> tuple[sql.Composable, str]:
    """A row of a fresh engagement, but for one thing that it points at in the scene's."""
    fresh = Scene(f"Jade {uuid4().hex[:8]}")
    changes = {"engagement_id": fresh.engagement.pk, key.attname: scene.row(key.related_model).pk}
    for other in _keys_within_an_engagement(type(row)):
        if other is not key:
            changes[other.attname] = None if other.null else fresh.row(other.related_model).pk
    return copy_of(row, **changes)


def _names_the_key(error: Exception | None, table: str, column: str) -> bool:
    return f"{table}_{column}_same_engagement"[:63] in str(error)


def _stays(scene: Scene, table: str) -> Promises:
    model = models_by_table()[table]
    with backstage():
        row = scene.row(model)
        other = Scene(f"Jade {uuid4().hex[:8]}")
        return {
            f"{key.attname} stays": refused_by_trigger(
                _update(row, f"{key.attname} = {other.row(key.related_model).pk}")
            )
            for key in _keys_within_an_engagement(model)
        } | {
            "its engagement stays": refused_by_trigger(_update(row, f"engagement_id = {other.engagement.pk}"))
        }


def _referred(name: str) -> Probe:
    """A parent at which one row points, and nothing else does."""
    child, key = next(
        (model, field)
        for model in models_by_table().values()
        if _in_engagement(model)
        for field in _keys_within_an_engagement(model)
        if name == f"referred_by_{model._meta.db_table}_{field.attname}"[:63]
    )

    def probe(scene: Scene, table: str) -> Promises:
        with backstage():
            parent = scene.row(key.related_model)
            fresh, values = copy_of(parent, **_another(parent))
            execute(fresh, values)
            new = key.related_model._base_manager.get(pk=FRESH)
            execute(*copy_of(scene.row(child), **{key.attname: FRESH}, **_another(scene.row(child))))
            elsewhere = Scene(f"Jade {uuid4().hex[:8]}").engagement.pk
            return {
                "it cannot be deleted": refused_by_trigger(_delete(new)),
                "it cannot move": refused_by_trigger(_update(new, f"engagement_id = {elsewhere}")),
            }

    return probe


def _another(row: models.Model) -> dict[str, object]:
    """What makes a copy another one, where the original says what it is only once."""
    own = {"name": "another", "code": "another", "sha256": "a" * 64, "call_key": 99}
    names = {field.name for field in row._meta.concrete_fields}
    return {name: value for name, value in own.items() if name in names}


def _made_up(scene: Scene) -> tuple[Organisation, User]:
    """An organisation that is made up for the scene's operator, and somebody of it."""
    organisation = Organisation.objects.create(name="Made up", sample_of=scene.operator)
    person = User.objects.create_user(
        email=f"{uuid4().hex}@example.org", name="Made up", sample_of=scene.operator
    )
    return organisation, person


def _sample(scene: Scene, organisation: Organisation) -> Engagement:
    return EngagementFactory(
        client=organisation, operator=scene.operator, created_by=scene.leader, is_sample=True
    )


def _organisation_made_up(scene: Scene, table: str) -> Promises:
    with context.entered(user_id=scene.leader.pk):
        own = context.new_organisation_id(own=True)
        made = copy_of(scene.client, id=own, sample_of_id=scene.operator.pk)
        return {"a web request makes none up": refusal(*made) is not None}


def _person_made_up(scene: Scene, table: str) -> Promises:
    changes = {"email": "made-up@example.org", "password": "!", "sample_of_id": scene.operator.pk}
    with context.entered(user_id=scene.leader.pk):
        return {"a web request makes nobody up": refusal(*copy_of(scene.client_lead, **changes)) is not None}


def _stays_made_up(scene: Scene, table: str) -> Promises:
    row = scene.client if table == "accounts_organisation" else scene.client_lead
    change = f"sample_of_id = {scene.operator.pk}" + ("" if row is scene.client else ", password = '!'")
    with backstage():
        return {"what is real stays real": refused_by_trigger(_update(row, change))}


def _made_up_member(scene: Scene, table: str) -> Promises:
    with backstage():
        organisation, person = _made_up(scene)
        row = scene.leader.memberships.get()
        real = copy_of(row, user_id=scene.manager.pk, organisation_id=organisation.pk)
        return {
            "nobody real comes in": refused_by_trigger(*real),
            "nobody made up goes elsewhere": refused_by_trigger(
                *copy_of(row, user_id=person.pk, organisation_id=scene.client.pk)
            ),
        }


def _sample_invitation(scene: Scene, table: str) -> Promises:
    with backstage():
        organisation, _ = _made_up(scene)
        row, sample = scene.row(Invitation), _sample(scene, organisation)
        return {
            "nobody is invited to who is made up": refused_by_trigger(
                *copy_of(row, organisation_id=organisation.pk)
            ),
            "nobody is invited to a sample": refused_by_trigger(*copy_of(row, engagement_id=sample.pk)),
        }


def _sample_engagement(scene: Scene, table: str) -> Promises:
    with backstage():
        organisation, _ = _made_up(scene)
        sample = _sample(scene, organisation)
        promises = {
            "two real ones have none": refused_by_trigger(*copy_of(scene.engagement, is_sample=True)),
            "nothing else with who is made up": refused_by_trigger(*copy_of(sample, is_sample=False)),
        }
    with context.entered(user_id=scene.leader.pk):
        made = copy_of(sample, id=context.new_engagement_id())
        return promises | {"a web request opens none": refusal(*made) is not None}


def _stays_sample(scene: Scene, table: str) -> Promises:
    with backstage():
        return {"what is real stays real": refused_by_trigger(_update(scene.engagement, "is_sample = true"))}


def _sample_participant(scene: Scene, table: str) -> Promises:
    with backstage():
        organisation, person = _made_up(scene)
        row, sample = scene.engagement.participants.get(user=scene.manager), _sample(scene, organisation)
        to = {"email": "another@example.org"}
        return {
            "nobody is only named in a sample": refused_by_trigger(
                *copy_of(row, engagement_id=sample.pk, user_id=None, **to)
            ),
            "nobody of elsewhere is in it": refused_by_trigger(
                *copy_of(row, engagement_id=sample.pk, user_id=scene.client_lead.pk, **to)
            ),
            "nobody made up is in what is real": refused_by_trigger(*copy_of(row, user_id=person.pk, **to)),
        }


PROBES: dict[tuple[str, str], Probe] = {
    ("accounts_invitation", "sample"): _sample_invitation,
    ("accounts_membership", "made_up"): _made_up_member,
    ("accounts_organisation", "made_up"): _organisation_made_up,
    ("accounts_organisation", "stays_made_up"): _stays_made_up,
    ("accounts_user", "made_up"): _person_made_up,
    ("accounts_user", "stays_made_up"): _stays_made_up,
    ("engagements_engagement", "sample"): _sample_engagement,
    ("engagements_engagement", "stays_sample"): _stays_sample,
    ("engagements_participant", "sample"): _sample_participant,
    ("app.trail", "append_only"): _trail_append_only,
    ("app.trail", "no_truncate"): _trail_not_emptied,
    ("engagements_agent", "numbered"): _numbered,
    ("engagements_briefmetric", "signed"): _signed_metric,
    ("engagements_campaignbrief", "signed"): _signed_brief,
    ("engagements_engagement", "guard"): _engagement,
    ("engagements_script", "guard"): _script,
    ("kpis_forwardplan", "guard"): _agreed,
    ("kpis_optimisationplan", "guard"): _agreed,
    ("kpis_qascorecard", "guard"): _scorecard,
    ("milestones_gate", "guard"): _gate,
    ("milestones_dateproposal", "guard"): _date_proposal,
    ("milestones_plan", "keep_playbook"): _playbook,
    ("milestones_actionitem", "agreed"): _agreed_action,
    ("milestones_actionitem", "decided"): _decided_action,
    ("milestones_actionitem", "ended"): _ended_action,
    ("milestones_decision", "decided"): _decision,
    ("milestones_minutes", "guard"): _minutes,
    ("milestones_review", "held"): _held_review,
    ("milestones_playbookversion", "guard"): _playbook_version,
    ("reports_deliverable", "frozen"): _deliverable,
    ("tenancy_job", "ring"): _bell,
}
BY_NAME: dict[str, Probe] = {
    "append_only": _append_only,
    "contracted": _contracted,
    "same_engagement": _same_engagement,
    "stays": _stays,
}


def test_each_trigger_keeps_its_promise_and_nothing_else_does(scene: Scene) -> None:
    triggers = rows(
        "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
    )
    assert set(PROBES) <= set(triggers)
    for table, name in triggers:
        found = PROBES.get((table, name)) or BY_NAME.get(name) or _referred(name)

        def probe(found: Probe = found, table: str = table) -> Promises:
            return found(scene, table)

        def drop(table: str = table, name: str = name) -> None:
            with backstage():
                execute(sql.SQL("SET CONSTRAINTS ALL IMMEDIATE"))
                relation = sql.Identifier(*table.split("."))
                execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), relation))

        promises: set[str] = set()

        def remember(probe: Callable[[], Promises] = probe, promises: set[str] = promises) -> Promises:
            kept = probe()
            promises.update(kept)
            return kept

        assert broken(lambda: None, remember) == set(), (table, name)
        assert broken(drop, probe) == promises, (table, name)


def _keys_within_an_engagement(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.attname != "engagement_id" and _in_engagement(field.related_model)
    ]


def test_a_key_into_another_engagement_is_refused(scene: Scene) -> None:
    """For every composite key: a row of a fresh engagement that points into the scene's."""
    keys = [
        (model, key)
        for model in models_by_table().values()
        if _in_engagement(model)
        for key in _keys_within_an_engagement(model)
    ]
    assert len(keys) > 10
    with backstage():
        for model, key in keys:
            error = refusal(*_pointing_abroad(scene, scene.row(model), key))
            assert _names_the_key(error, model._meta.db_table, key.attname), (model, key.name, error)
