"""The API of gates: the same facts and the same service as the page, and no way around either."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from rest_framework import serializers, status
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from accounts.models import User
from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from engagements.access import open_engagement
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from milestones import services
from milestones.models import Gate
from milestones.selectors.gate_standing import GateStanding, gate_standing
from milestones.selectors.standing import standing_of

NO_GATE = "There is no such gate."


class SignThrottle(UserRateThrottle):
    """A signature asks for the password, so guesses are few."""

    scope = "sign"
    rate = "10/hour"


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    """What declining and sending back need: the hash of the report that was read, and why."""

    document_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="of the report that was read")
    reason = serializers.CharField(max_length=1000)


class HoldSerializer(serializers.Serializer[dict[str, Any]]):
    """Until which day a gate is held, and why."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=1000)


class DocumentSerializer(serializers.Serializer[dict[str, Any]]):
    """The hash of the report on the table, as the caller saw it."""

    document_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class NothingSerializer(serializers.Serializer[dict[str, Any]]):
    """Nothing needs to be said."""


class SignOffSerializer(serializers.Serializer[dict[str, Any]]):
    """What a signature needs: the hash of the report that was read, and the signer's password once more."""

    document_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="of the report that was read")
    password = serializers.CharField(max_length=200, write_only=True, trim_whitespace=False)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


def _opened(
    request: Request, engagement_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[Engagement, Seat]:
    """The engagement and the seat, by the request as the seat middleware left it; DRF wraps it."""
    try:
        return open_engagement(cast(TenantRequest, request._request), engagement_id, permission)
    except Http404 as missing:
        raise NotFound(NO_GATE) from missing


def _gate(engagement: Engagement, gate_id: UUID) -> Gate:
    """A gate of this engagement; what is missing and what belongs to others is answered alike."""
    found = Gate.objects.filter(engagement=engagement, public_id=gate_id).first()
    if found is None:
        raise NotFound(NO_GATE)
    return found


def gate_data(row: GateStanding, mask: Mask) -> dict[str, Any]:
    """One gate as JSON, as a reader behind `mask` sees it: state, conditions, what is open, report and signatures."""
    gate = row.gate
    return {
        "id": gate.public_id,
        "code": gate.code,
        "title": gate.title,
        "day": gate.day,
        "state": row.state,
        "date": row.on,
        "contracted": gate.contracted_on,
        "passed_at": gate.passed_at,
        "conditions": [
            {
                "code": condition.code,
                "title": condition.title,
                "met": condition.proved,
                "proof": condition.proof if condition.met else "",
                "owner": condition.owner,
                "open": [
                    {"text": blocker.text, "kind": blocker.kind, "side": blocker.side}
                    for blocker in condition.blockers
                ],
            }
            for condition in row.conditions
        ],
        "in_the_way": [
            {"text": blocker.text, "kind": blocker.kind, "side": blocker.side}
            for blocker in row.standing_in_the_way
        ],
        "history": [
            {
                "kind": event.kind,
                "side": event.side,
                "name": event.name,
                "at": event.at,
                "reason": mask.text(event.text),
                "until": event.until,
                "version": event.document_version,
            }
            for event in gate.events.all()
        ],
        "document": {"sha256": gate.document_sha256, "version": gate.document_version}
        if gate.document_sha256
        else None,
        "signatures": [
            {"side": s.side, "name": s.name, "organisation": s.organisation_name, "at": s.signed_at}
            for s in row.signed.values()
        ],
    }


@api_view(["GET"])
def gates(request: Request, engagement_id: UUID) -> Response:
    """The gates of an engagement in their order."""
    engagement, seat = _opened(request, engagement_id)
    standing, mask = standing_of(engagement), mask_of(engagement, seat)
    return Response([gate_data(gate_standing(standing, gate), mask) for gate in standing.gates])


@api_view(["GET"])
def gate(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """One gate."""
    engagement, seat = _opened(request, engagement_id)
    standing = standing_of(engagement)
    found = _gate(engagement, gate_id)
    current = next(each for each in standing.gates if each.pk == found.pk)
    return Response(gate_data(gate_standing(standing, current), mask_of(engagement, seat)))


@api_view(["POST"])
@throttle_classes([SignThrottle])
def sign_off(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """Sign a gate for one's own side; 422 with every reason when something is open."""
    engagement, seat = _opened(request, engagement_id, Permission.SIGN_GATE)
    found = _gate(engagement, gate_id)
    wish = SignOffSerializer(data=request.data)
    wish.is_valid(raise_exception=True)
    if not isinstance(request.user, User) or not request.user.check_password(wish.validated_data["password"]):
        raise PermissionDenied("The password is not right, so nothing was signed.")
    try:
        services.sign_off(
            gate=found, by=seat, seen=wish.validated_data["document_sha256"], note=wish.validated_data["note"]
        )
    except Refused as refusal:
        return Response({"reasons": refusal.reasons}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    standing = standing_of(engagement)
    current = next(each for each in standing.gates if each.pk == found.pk)
    return Response(gate_data(gate_standing(standing, current), mask_of(engagement, seat)))


def _verb(
    request: Request,
    engagement_id: UUID,
    gate_id: UUID,
    wish: type[serializers.Serializer[dict[str, Any]]],
    act: Callable[[Gate, Seat, dict[str, Any]], object],
) -> Response:
    """One of the signer's other verbs; 422 with every reason when it is refused."""
    engagement, seat = _opened(request, engagement_id, Permission.SIGN_GATE)
    found = _gate(engagement, gate_id)
    said = wish(data=request.data)
    said.is_valid(raise_exception=True)
    try:
        act(found, seat, said.validated_data)
    except Refused as refusal:
        return Response({"reasons": refusal.reasons}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    standing = standing_of(engagement)
    current = next(each for each in standing.gates if each.pk == found.pk)
    return Response(gate_data(gate_standing(standing, current), mask_of(engagement, seat)))


@api_view(["POST"])
def hold(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """Put a gate on hold until a day, with the reason."""
    return _verb(
        request, engagement_id, gate_id, HoldSerializer,
        lambda gate, by, said: services.hold_gate(gate=gate, by=by, until=said["until"], reason=said["reason"]),
    )  # fmt: skip


@api_view(["POST"])
def release(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """End the hold of one's own side."""
    return _verb(
        request, engagement_id, gate_id, NothingSerializer,
        lambda gate, by, _: services.release_gate(gate=gate, by=by),
    )  # fmt: skip


@api_view(["POST"])
def decline(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """Decline the report on the table, with the reason."""
    return _verb(
        request, engagement_id, gate_id, ReasonSerializer,
        lambda gate, by, said: services.decline_gate(
            gate=gate, by=by, seen=said["document_sha256"], reason=said["reason"]
        ),
    )  # fmt: skip


@api_view(["POST"])
def take_back(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """Take back the decline of one's own side."""
    return _verb(
        request, engagement_id, gate_id, NothingSerializer,
        lambda gate, by, _: services.take_back_decline(gate=gate, by=by),
    )  # fmt: skip


@api_view(["POST"])
def send_back(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """Send a gate back to work on a named finding."""
    return _verb(
        request, engagement_id, gate_id, ReasonSerializer,
        lambda gate, by, said: services.send_back(
            gate=gate, by=by, seen=said["document_sha256"], reason=said["reason"]
        ),
    )  # fmt: skip


@api_view(["POST"])
def ask(request: Request, engagement_id: UUID, gate_id: UUID) -> Response:
    """Ask the other side's signers to sign the report on the table."""
    link = request.build_absolute_uri(reverse("milestones:gate", args=[engagement_id, gate_id]))
    return _verb(
        request, engagement_id, gate_id, DocumentSerializer,
        lambda gate, by, said: services.request_signatures(
            gate=gate, by=by, seen=said["document_sha256"], link=link
        ),
    )  # fmt: skip
