"""Redis is away: who is logged in goes on reading and writing, and a closer's door stays open."""

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from structlog.testing import capture_logs

from common import without_cache
from kpis.selectors.closer_links import linked_transfers
from tests.factories import Cast
from tests.kpis.test_outcomes import NOW, Desk, RunJobs
from tests.milestones.test_pages import browser

pytestmark = pytest.mark.django_db


def redis_goes_away(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(without_cache, "away", without_cache.Away())
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }


def test_who_is_logged_in_stays_so(
    cast: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(cast.campaign_manager)
    overview = f"/e/{cast.engagement.public_id}/"
    assert client.get(overview).status_code == 200
    redis_goes_away(settings, monkeypatch)
    with capture_logs() as told:
        assert [client.get(overview).status_code for _ in range(3)] == [200, 200, 200]
    assert [line["event"] for line in told if line["log_level"] == "warning"] == ["cache is away"]
    client.cookies["sessionid"] = "0" * 32
    assert client.get(overview).status_code == 302


def test_the_closers_door_stays_open(
    cast: Cast, run_jobs: RunJobs, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=True):
        desk = Desk(cast, run_jobs)
        desk.calls_in()
        _, token = desk.link()
        one = linked_transfers(token)[0]
        redis_goes_away(settings, monkeypatch)
        assert Client().get(f"/c/{token}/").status_code == 200
        said = {f"t{one.key}-said": "shown", f"t{one.key}-on": "2026-03-20", f"t{one.key}-seen": "0"}
        assert Client().post(f"/c/{token}/tell/", said).status_code == 302
