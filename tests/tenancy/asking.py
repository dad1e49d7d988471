"""Every address of the resolver, asked by every kind of person for what is theirs, others' and missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from common.brand import sheet_name
from reports.digests import unsubscribe_link
from tests.tenancy.world import World


class Actor(StrEnum):
    """Who asks. The letter is what the table of tests/access_matrix.py writes."""

    CLIENT = "c"  # client lead of the engagement
    OPERATOR = "o"  # campaign manager of the engagement
    ADMINISTRATOR = "a"  # administrator of the operator, no participant
    OUTSIDER = "u"  # administrator of an organisation that has nothing to do with it
    EX_MEMBER = "x"  # was an administrator of the operator
    ANONYMOUS = "n"
    READ_TOKEN = "r"  # API token of the client lead, without the right to write
    REVOKED_TOKEN = "v"


class Target(StrEnum):
    """What they ask for: whose engagement, and within it whose object."""

    OWN = "own"
    FOREIGN = "foreign"
    MISSING = "missing"
    FOREIGN_WITHIN = "foreign object in the own engagement"
    MISSING_WITHIN = "missing object in the own engagement"


# The object that each part of an address names, and the field that it is found by.
OBJECTS: dict[str, tuple[str, str]] = {
    "engagement_id": ("engagements.Engagement", "public_id"),
    "participant_id": ("engagements.Participant", "public_id"),
    "version": ("engagements.CampaignBrief", "version"),
    "comment_id": ("engagements.Comment", "public_id"),
    "agent_id": ("engagements.Agent", "public_id"),
    "breach_id": ("kpis.Breach", "public_id"),
    "script_id": ("engagements.Script", "public_id"),
    "milestone_id": ("milestones.Milestone", "public_id"),
    "proposal_id": ("milestones.DateProposal", "public_id"),
    "check_id": ("milestones.ReadinessCheck", "public_id"),
    "gate_id": ("milestones.Gate", "public_id"),
    "line_id": ("milestones.TransferLine", "public_id"),
    "event_id": ("milestones.GateEvent", "public_id"),
    "review_id": ("milestones.Review", "public_id"),
    "action_id": ("milestones.ActionItem", "public_id"),
    "evidence_id": ("milestones.Evidence", "public_id"),
    "import_id": ("kpis.Import", "public_id"),
    "finding_id": ("kpis.Finding", "public_id"),
    "fix_id": ("kpis.Fix", "public_id"),
    "cause_id": ("kpis.Cause", "public_id"),
    "plan_id": ("kpis.OptimisationPlan", "public_id"),
    "scaling_id": ("kpis.ScalingProposal", "public_id"),
    "proof_id": ("kpis.FindingEvidence", "public_id"),
    "sample_id": ("kpis.QaSample", "public_id"),
    "drawn_id": ("kpis.QaCall", "public_id"),
    "round_id": ("kpis.QaRound", "public_id"),
    "card_id": ("kpis.QaScorecard", "public_id"),
    "sheet_id": ("kpis.Sheet", "public_id"),
    "link_id": ("kpis.CloserLink", "public_id"),
    "deliverable_id": ("reports.Deliverable", "public_id"),
    "logo": ("accounts.Logo", "sha256"),
    "user_id": ("accounts.User", "public_id"),
    "invitation_id": ("accounts.Invitation", "public_id"),
    "view_id": ("accounts.SavedView", "public_id"),
    "token_id": ("accounts.ApiToken", "public_id"),
    "job_id": ("tenancy.Job", "public_id"),
    "playbook_id": ("milestones.OwnPlaybook", "public_id"),
}
# Parts of an address that are secrets, and where a world keeps its own.
TOKENS = {"token": "invitation_token", "closer_token": "closer_token"}
# Parts of an address that name nothing of a tenant's.
PLAIN: dict[str, object] = {
    "day": 30,
    "uidb36": "1",
    "key": "abc",
    "code": "calling-90-days",
    "number": 1,
    "part": "milestones",
    "item": "launch",
    "kind": "script",
    "rule": "us-tcpa",
    "sheet": sheet_name("#1a6b34"),
    "link": unsubscribe_link(0),
}
# Numbers count within an engagement, so that those of another are never foreign to it.
COUNTED = {"version": 99}
# What an address needs beyond its path.
QUERIES = {"kpis:rows": "?first=2026-03-12&last=2026-03-31&stage=dial"}


@dataclass(frozen=True)
class Address:
    """One named URL with the names of its parts."""

    name: str
    parts: tuple[str, ...]

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(part for part in self.parts if part in OBJECTS or part in TOKENS)

    @property
    def targets(self) -> list[Target]:
        inner = [part for part in self.objects if part != "engagement_id"]
        if not self.objects:
            return [Target.OWN]
        if "engagement_id" in self.parts and inner:
            return list(Target)
        return [Target.OWN, Target.FOREIGN, Target.MISSING]

    def path(self, target: Target, own: World, foreign: World) -> str:
        kwargs = {part: self._part(part, target, own, foreign) for part in self.parts}
        return reverse(self.name, kwargs=kwargs) + QUERIES.get(self.name, "")

    def _part(self, part: str, target: Target, own: World, foreign: World) -> object:
        if part in PLAIN:
            return PLAIN[part]
        within = target in (Target.FOREIGN_WITHIN, Target.MISSING_WITHIN)
        if target is Target.OWN or (within and part == "engagement_id"):
            return _value(part, own)
        if target in (Target.FOREIGN, Target.FOREIGN_WITHIN) and not (within and part in COUNTED):
            return _value(part, foreign)
        return COUNTED.get(part, "missing" if part in TOKENS else uuid4())


def _value(part: str, world: World) -> object:
    if part in TOKENS:
        return getattr(world, TOKENS[part])
    if part == "user_id":
        return world.manager.public_id
    label, field = OBJECTS[part]
    row = world.row(apps.get_model(label))
    return getattr(
        type(row)._base_manager.get(pk=row.pk) if getattr(row, field, None) is None else row, field
    )


def every_address() -> list[Address]:
    """Every named URL that the resolver knows; an unnamed one fails."""
    return sorted(_walk(get_resolver()), key=lambda address: address.name)


def _walk(
    resolver: URLResolver, spaces: tuple[str, ...] = (), parts: tuple[str, ...] = ()
) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = (*parts, *_parts_of(pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, (*spaces, *([pattern.namespace] if pattern.namespace else [])), here)
        else:
            assert pattern.name, f"{pattern} has no name."
            yield Address(":".join([*spaces, pattern.name]), here)


def _parts_of(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    return tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)


@dataclass(frozen=True)
class Answer:
    """What came back, without what differs by chance."""

    status: int
    location: str
    kind: str
    body: str

    @property
    def to_login(self) -> bool:
        return self.status == 302 and self.location.startswith(reverse("account_login"))


def people(own: World, foreign: World) -> dict[Actor, User | None]:
    return {
        Actor.CLIENT: own.client_lead,
        Actor.OPERATOR: own.manager,
        Actor.ADMINISTRATOR: own.leader,
        Actor.OUTSIDER: foreign.leader,
        Actor.EX_MEMBER: own.ex_member,
        Actor.ANONYMOUS: None,
        Actor.READ_TOKEN: None,
        Actor.REVOKED_TOKEN: None,
    }


# One for all that ask: its middleware is made once, not for each of the many thousand questions.
HANDLER = Client().handler


def browser(actor: Actor, own: World, foreign: World) -> Client:
    """A client that asks as this actor. An unforeseen error is an answer of 500."""
    tokens = {Actor.READ_TOKEN: own.lead_token, Actor.REVOKED_TOKEN: own.revoked_token}
    headers: dict[str, Any] = {}
    if actor in tokens:
        headers["Authorization"] = f"Bearer {tokens[actor]}"
    client = Client(headers=headers)
    client.handler = HANDLER
    if user := people(own, foreign)[actor]:
        if user.pk in own.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = own.sessions[user.pk]
        else:
            client.force_login(user)
    return client


def log_everybody_in(own: World, foreign: World) -> None:
    """Keep a session of everybody who asks for what is in `own`: many thousand questions need no log-in each."""
    for user in people(own, foreign).values():
        if user:
            client = Client()
            client.force_login(user)
            own.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value


def content_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


_CHANCE = re.compile(
    r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|[Xx]-CSRF[^"]*"\s*:\s*"[^"]*"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?<=\?next=)\S+"  # the log-in page is told the address that was asked for, whatever lies there
)


def answer_of(response: HttpResponseBase) -> Answer:
    def plain(text: str) -> str:
        return _CHANCE.sub("…", text)

    return Answer(
        status=response.status_code,
        location=plain(response.headers.get("Location", "")),
        kind=response.headers.get("Content-Type", ""),
        body=plain(content_of(response).decode(errors="replace")),
    )
