"""The certificate as a deliverable: there is none before a gate has passed, and it is laid before no gate."""

from collections.abc import Callable

import pytest

from common.errors import Refused
from milestones import services
from reports.models import Deliverable
from reports.services import request_deliverable
from reports.snapshots import Kind, thaw
from tests.factories import Cast
from tests.milestones.scene import as_person, gate_of, on_day, ready_for_day_10


def test_the_certificate_comes_with_the_first_passed_gate(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    with on_day(10):
        ready_for_day_10(cast)
        with as_person(cast, cast.client_lead):
            by = cast.seat(cast.client_lead)
            with pytest.raises(Refused, match="No gate has passed yet"):
                request_deliverable(engagement=cast.engagement, kind=Kind.CERTIFICATE, by=by)
        for user in (cast.client_lead, cast.campaign_manager):
            with as_person(cast, user):
                gate = gate_of(cast, "day-10")
                services.sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
        with as_person(cast, cast.client_lead):
            request_deliverable(engagement=cast.engagement, kind=Kind.CERTIFICATE, by=by)
        assert run_jobs() == ["done"]
    with as_person(cast, cast.client_lead):
        made = Deliverable.objects.get()
        (record,) = thaw(made.snapshot).certificates
        assert (record.day, record.sha256, len(record.signatures)) == (10, gate.document_sha256, 2)
        assert all(item.cleared for item in record.items)
        assert gate_of(cast, "day-10").document_sha256 == gate.document_sha256 != made.sha256
