"""What changes after the facts of a report were frozen makes it stale."""

from typing import Any

import pytest

from milestones.selectors.gates import fingerprint
from reports import services
from reports.selectors.snapshot import take_snapshot
from reports.snapshots import Kind, Snapshot
from tests.factories import Cast
from tests.kpis import scene as kpis
from tests.milestones.scene import as_person, gate_of, on_day, planned
from tests.reports.scene import asked


def test_calls_that_land_while_the_facts_are_frozen_make_the_report_stale(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_day(30):
        planned(cast)
        kpis.sign_brief(cast)

        def meanwhile(*args: Any, **options: Any) -> Snapshot:
            frozen = take_snapshot(*args, **options)
            kpis.write_facts(cast, kpis.WEAK_DAY, [12])
            return frozen

        monkeypatch.setattr(services.deliverables, "take_snapshot", meanwhile)
        made = asked(cast, Kind.DAY_30)
        with as_person(cast, cast.campaign_manager):
            assert made.fingerprint != fingerprint(cast.engagement, gate_of(cast, "day-30"))
