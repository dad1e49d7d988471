"""Charts for paper: drawn once, drawn without a cache, never from elsewhere."""

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from kpis.charts.bars import RateBar, rate_bars
from reports import svg

BARS = rate_bars([RateBar("Contact rate", 0.12, "12.0% (12 of 100)")], title="One bar")


@pytest.fixture
def own_cache(settings: LazySettings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "svg"}
    }
    cache.clear()


@pytest.mark.usefixtures("own_cache")
def test_a_spec_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = svg.chart_svg(BARS)
    monkeypatch.setattr(svg, "_draw", lambda spec: "drawn again")
    assert svg.chart_svg(BARS) == first
    assert "12.0% (12 of 100)" in first
    other = rate_bars([RateBar("Contact rate", 0.13, "13.0% (13 of 100)")], title="One bar")
    assert svg.chart_svg(other) == "drawn again"


def test_charts_are_drawn_while_redis_is_away(settings: LazySettings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert "<svg" in svg.chart_svg(BARS)


@pytest.mark.usefixtures("own_cache")
def test_a_spec_cannot_fetch() -> None:
    spec = {**BARS, "data": {"url": "http://127.0.0.1:9/data.json"}}
    with pytest.raises(ValueError, match="not allowed"):
        svg.chart_svg(spec)
