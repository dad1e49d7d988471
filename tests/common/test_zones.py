"""The time zones that people choose from."""

from zoneinfo import ZoneInfo

import pytest

from common.zones import choices, is_zone, label, zones
from kpis.forms.calls import StartForm
from kpis.imports.presets import PRESETS
from workspace.forms import NewEngagementForm


def test_every_zone_is_a_place_of_a_region_or_utc() -> None:
    assert len(zones()) > 400
    assert all("/" in zone for zone in zones() if zone != "UTC")
    assert {"America/New_York", "Europe/London", "Europe/Lisbon", "Asia/Kolkata", "UTC"} <= set(zones())
    assert all(ZoneInfo(zone) for zone in zones())


@pytest.mark.parametrize(
    "zone", ["localtime", "W-SU", "Zulu", "Factory", "EST", "US/Eastern", "GB", "Etc/GMT+5"]
)
def test_names_kept_for_old_files_are_not_offered(zone: str) -> None:
    assert not is_zone(zone)


def test_no_two_zones_read_alike() -> None:
    said = [text for _, zones_of in choices() for _, text in zones_of]
    assert len(set(said)) == len(said)
    assert label("America/Indiana/Knox") == "America / Indiana / Knox"
    assert dict(choices())["America"][0][1].startswith("America / ")


def test_both_forms_offer_the_same_zones() -> None:
    usual, *groups = list(StartForm(usual_zones=("US/Eastern", "UTC")).fields["source_zone"].widget.choices)
    assert usual == ("Usual", [("US/Eastern", "US / Eastern"), ("UTC", "UTC")])
    assert groups == choices()
    assert list(NewEngagementForm.base_fields["zone"].widget.choices) == choices()


def test_the_zones_of_the_presets_are_among_them() -> None:
    assert all(is_zone(preset.zone) for preset in PRESETS.values() if preset.zone)
