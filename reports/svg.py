"""Vega-Lite specs as SVG for the PDF, drawn once per spec."""

import base64
import tempfile
from functools import cache
from pathlib import Path

import structlog
import vl_convert
from django.conf import settings
from django.core.cache import cache as django_cache
from fontTools.ttLib import TTFont
from redis.exceptions import RedisError

from common.hashing import content_hash
from kpis.charts.base import Spec
from reports.pdf import inter_file

log = structlog.get_logger(__name__)

VEGA_LITE = "6.4"  # as in package.json: the browser draws with the same
_KEPT_FOR = 60 * 60 * 24 * 30
_WEIGHTS = (400, 700)


def chart_svg(spec: Spec) -> str:
    """The drawing of a spec. The cache key is a hash of the whole spec, data included.

    The cache only saves time: while Redis is away every chart is drawn anew.
    """
    key = f"chart-svg:{VEGA_LITE}:{content_hash(spec)}"
    try:
        drawn = django_cache.get(key)
        if drawn is None:
            drawn = _draw(spec)
            django_cache.set(key, drawn, _KEPT_FOR)
    except RedisError as away:
        log.warning("chart cache is away", error=str(away))
        drawn = _draw(spec)
    return str(drawn)


def _draw(spec: Spec) -> str:
    _register_inter()
    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])


def chart_data_uri(spec: Spec) -> str:
    """The drawing as a data: address, for an <img> in a document that may fetch nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(chart_svg(spec).encode()).decode()


@cache
def _register_inter() -> None:
    """Give the chart engine our Inter, so that texts are measured alike on every machine."""
    folder = Path(settings.FILES_ROOT) / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for weight in _WEIGHTS:
        _keep_plain(inter_file("latin", weight), folder / f"inter-{weight}.ttf")
    vl_convert.register_font_directory(str(folder))


def _keep_plain(web_font: Path, plain: Path) -> None:
    """Turn a web font into the TrueType file that the engine reads; the next process finds it there."""
    if plain.exists():
        return
    font = TTFont(web_font)
    font.flavor = None
    with tempfile.NamedTemporaryFile(dir=plain.parent, delete=False) as written:
        font.save(written.name)
    Path(written.name).replace(plain)  # whole or not at all: another process may be at it
