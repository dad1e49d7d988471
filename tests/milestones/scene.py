"""Short ways to a plan in a given state, for the tests of services and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from accounts.models import User
from accounts.roles import Side
from common.days import Calendar
from common.hashing import content_hash
from engagements.clearance import CertificationKind
from engagements.models import (
    Agent,
    BriefSignature,
    CampaignBrief,
    Certification,
    Engagement,
    Kept,
    RosterEntry,
    Script,
    ScriptApproval,
    ScriptUse,
)
from milestones import services
from milestones.models import CheckResult, DateProposal, Gate, Glance, Milestone, Plan, ReadinessCheck
from milestones.selectors.dates import open_proposals
from milestones.selectors.gates import fingerprint
from milestones.selectors.standing import standing_of
from milestones.services.evidence import Proof
from tenancy import context
from tests.factories import Cast
from tests.stage import backstage

KICKOFF = date(2026, 3, 2)
CALENDAR = Calendar.contracted(KICKOFF)
BEFORE = datetime(2026, 3, 2, 13, tzinfo=UTC)  # on the first day, before whatever a test does
NOTE = Proof(text="Seen and noted.")
LATE = "CRM access came three days late."


@contextmanager
def on_day(day: int, hour: int = 10) -> Iterator[None]:
    """The clock stands at an hour of a day of the cast's engagement, in its zone."""
    on = CALENDAR.date_of(day)
    moment = datetime(on.year, on.month, on.day, hour, tzinfo=ZoneInfo("America/New_York"))
    with time_machine.travel(moment.astimezone(UTC), tick=False):
        yield


@contextmanager
def as_person(cast: Cast, user: User) -> Iterator[None]:
    """Inside the cast's engagement, as this person."""
    with context.entered(user_id=user.pk, engagement_id=cast.engagement.pk):
        yield


def planned(cast: Cast) -> Plan:
    """The cast's engagement with its launch plan."""
    with as_person(cast, cast.campaign_manager):
        return services.create_plan(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))


def locked(cast: Cast) -> Plan:
    """A plan that both sides have locked."""
    plan = planned(cast)
    for user in (cast.campaign_manager, cast.client_lead):
        with as_person(cast, user):
            seen = standing_of(cast.engagement).digest
            plan = services.lock_plan(engagement=cast.engagement, by=cast.seat(user), seen=seen)
    return plan


def brief_signed(
    cast: Cast, sides: tuple[Side, ...] = (Side.CLIENT, Side.OPERATOR), **terms: object
) -> CampaignBrief:
    """A brief with the signatures of these sides."""
    now = timezone.now()
    with backstage():
        brief = CampaignBrief.objects.create(
            engagement=cast.engagement,
            version=1,
            content_hash=content_hash({}),
            created_by=cast.client_lead,
            terms=terms,
        )
        for side in sides:
            BriefSignature.objects.create(
                engagement=cast.engagement, brief=brief, side=side, user=cast.client_lead, name="Clara Lind",
                organisation_name="Harbour Homes", signed_at=now, content_hash=brief.content_hash, consent="yes",
            )  # fmt: skip
        if len(sides) == 2:
            CampaignBrief.objects.filter(pk=brief.pk).update(signed_at=now)
    return brief


def script_final(cast: Cast, version: int = 1, *, at: datetime | None = None) -> Script:
    """A version of the script that the client has approved, in use since the kickoff or a later moment."""
    now = at or BEFORE
    who = {"by": cast.campaign_manager, "by_name": "Mara Voss"}
    with backstage():
        script = Script.objects.create(
            engagement=cast.engagement, version=version, text="Hello, this is Ana.", content_hash=f"{version:064d}",
            created_by=cast.campaign_manager, created_by_name="Mara Voss", created_at=now, sent_at=now,
        )  # fmt: skip
        approval = ScriptApproval.objects.create(
            engagement=cast.engagement, script=script, side=Side.CLIENT, user=cast.client_lead, name="Clara Lind",
            organisation_name="Harbour Homes", signed_at=now, content_hash=script.content_hash, consent="yes",
        )  # fmt: skip
        Script.objects.filter(pk=script.pk).update(approved_at=now)
        ScriptUse.objects.create(engagement=cast.engagement, approval=approval, at=now, **who)
    return script


def roster_cleared(cast: Cast, *codes: str, at: datetime | None = None) -> list[Agent]:
    """Agents on the roster with all three certifications on the script in use; arranged without playing each one."""
    now = at or BEFORE
    with backstage():
        script = Script.objects.filter(engagement=cast.engagement).first() or script_final(cast)
        agents = []
        for code in codes or ("ana.ruiz",):
            agent, _ = Agent.objects.get_or_create(engagement=cast.engagement, name=code)
            RosterEntry.objects.create(
                engagement=cast.engagement, agent=agent, move="joined", on=KICKOFF, at=now,
                by=cast.supervisor, by_name="Sam Okafor",
            )  # fmt: skip
            Certification.objects.bulk_create(
                Certification(
                    engagement=cast.engagement, agent=agent, kind=kind, passed=True, score=90, pass_mark=80,
                    parts=list(kind.parts), script=script if kind == "script" else None, assessed_on=KICKOFF,
                    assessor=cast.qa_lead, assessor_name="Quinn Adler", assessor_side="operator", at=now,
                )
                for kind in CertificationKind
            )  # fmt: skip
            agents.append(agent)
    return agents


def owner_of(cast: Cast, item: Milestone | ReadinessCheck) -> User:
    """Somebody who may settle an item."""
    return cast.client_lead if item.side == "client" else cast.campaign_manager


def pass_checks(cast: Cast, *, but: tuple[str, ...] = ()) -> None:
    """Every readiness check passed, except for these codes; arranged without playing each test."""
    with backstage():
        CheckResult.objects.bulk_create(
            CheckResult(
                engagement=cast.engagement, check_tested=check, passed=True, tester=cast.supervisor,
                tester_name="Sam Okafor", tested_at=timezone.now(),
            )
            for check in ReadinessCheck.objects.filter(engagement=cast.engagement).exclude(code__in=but)
        )  # fmt: skip


def finish_milestones(cast: Cast, gate: str, *, but: tuple[str, ...] = ()) -> None:
    """Every milestone of a gate done, except for these codes; arranged without playing each one."""
    with backstage():
        # What is kept of an engagement counts until its trail has a new line; this leaves none.
        for copies in (Glance, Kept):
            copies.objects.filter(engagement=cast.engagement).delete()
        Milestone.objects.filter(engagement=cast.engagement, gate_code=gate).exclude(code__in=but).update(
            done_on=KICKOFF, done_by=cast.campaign_manager
        )


def gate_of(cast: Cast, code: str) -> Gate:
    return Gate.objects.get(engagement=cast.engagement, code=code)


def present(cast: Cast, code: str = "day-10", *, version: int = 1) -> Gate:
    """The gate's report, built from the present facts, on the table."""
    with as_person(cast, cast.campaign_manager):
        gate = gate_of(cast, code)
        return services.present_document(
            gate=gate, by=cast.seat(cast.campaign_manager), sha256=f"{version:064d}", version=version,
            fingerprint=fingerprint(cast.engagement, gate),
        )  # fmt: skip


def agree_date(
    cast: Cast, item: str, to_on: date, *, reason: str = LATE, side: str = "client"
) -> DateProposal:
    """Another date for a locked item, proposed by the operator and accepted by the client."""
    with as_person(cast, cast.campaign_manager):
        proposal = services.propose_date(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), item=item, to_on=to_on, reason=reason,
            side=side,
        )  # fmt: skip
    with as_person(cast, cast.client_lead):
        return services.accept_date(
            proposal=proposal, by=cast.seat(cast.client_lead), seen=listed(cast, proposal)
        )


def listed(cast: Cast, proposal: DateProposal) -> str:
    """The digest of what the page lists as moving with a proposal; empty for one that is not listed."""
    opened = open_proposals(standing_of(Engagement.objects.get(pk=cast.engagement.pk)))
    return next((each.digest for each in opened if each.proposal.pk == proposal.pk), "")


def ready_for_day_10(cast: Cast) -> Gate:
    """Everything that the day-10 gate asks for is there; only the signatures are missing."""
    locked(cast)
    brief_signed(cast)
    roster_cleared(cast)
    pass_checks(cast)
    finish_milestones(cast, "day-10")
    return present(cast)
