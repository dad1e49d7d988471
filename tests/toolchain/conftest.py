"""The demo takes longest of all: it starts first, while another process drives the browser."""

from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path != Path(__file__).with_name("test_demo.py"))
