"""The documentation, built once for all tests of a run."""

from pathlib import Path

import pytest
from toolchain.documentation import build

from .reading import HtmlPage


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site. That it is here says that Sphinx had nothing to complain about."""
    into = tmp_path_factory.mktemp("documentation") / "html"
    assert build(into) == 0
    return into


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, HtmlPage]:
    """Every built page by its path."""
    return {path: HtmlPage(path) for path in site.rglob("*.html")}
