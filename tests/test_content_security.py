"""What the browser may run: our own files and what bears the page's nonce. No page asks for more."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.access_matrix import ROWS
from tests.tenancy.asking import Actor, Address, Target, browser, content_of, every_address
from tests.tenancy.world import World

# Templates of PDFs: no browser reads them.
PRINT = {"reports/paper.html", "reports/block.html"}
MAILS = {"reports/email/evening.html"}  # no page: mail programs know no style sheets, and run nothing


class Page(HTMLParser):
    """Collects whatever a strict policy would block."""

    def __init__(self, nonce: str) -> None:
        super().__init__()
        self.nonce = nonce
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        data = named.get("type") == "application/json"  # data for a script is no script
        if (
            tag in ("script", "style")
            and "src" not in named
            and not data
            and named.get("nonce") != self.nonce
        ):
            self.faults.append(f"<{tag}> without the nonce")
        for name, value in named.items():
            if name == "style" or (name.startswith("on") and name != "on"):
                self.faults.append(f"<{tag} {name}=…>")
            if name in ("href", "src", "action", "formaction") and re.match(
                r"\s*(javascript|data:text)", value or "", re.I
            ):
                self.faults.append(f"<{tag} {name}={value}>")
            if name.startswith("hx-on") or (name == "hx-vals" and (value or "").startswith("js:")):
                self.faults.append(f"<{tag} {name}=…> is run by eval")
        if tag in ("script", "link", "img", "iframe") and re.match(
            r"(https?:)?//", named.get("src") or named.get("href") or ""
        ):
            self.faults.append(f"<{tag}> from another place")


def _pages() -> Iterator[Address]:
    return (address for address in every_address() if ROWS[address.name].get)


@pytest.mark.parametrize("actor", [Actor.OPERATOR, Actor.ANONYMOUS])
def test_no_page_holds_what_the_policy_forbids(worlds: tuple[World, World], actor: Actor) -> None:
    faults, seen = [], 0
    for address in _pages():
        with transaction.atomic():
            response = browser(actor, *worlds).get(address.path(Target.OWN, *worlds))
            transaction.set_rollback(True)
        policy = response.headers.get("Content-Security-Policy", "")
        if "script-src" not in policy and "default-src 'none'" not in policy:
            faults.append(f"{address.name}: no policy")
        if "unsafe" in policy:
            faults.append(f"{address.name}: {policy}")
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        seen += 1
        nonce = re.search(r"'nonce-([^']+)'", policy)
        page = Page(nonce[1] if nonce else "none")
        page.feed(content_of(response).decode())
        faults += [f"{address.name}: {fault}" for fault in page.faults]
    assert faults == []
    assert seen > 5


@pytest.mark.parametrize(
    "directive", ["default-src", "script-src", "style-src", "object-src", "base-uri", "frame-ancestors"]
)
def test_the_policy_names_no_stranger_and_nothing_unsafe(directive: str) -> None:
    sources = [str(source) for source in settings.SECURE_CSP[directive]]
    assert sources
    assert not [
        source for source in sources if "unsafe" in source or "*" in source or source.startswith("http")
    ]


def test_no_template_of_a_page_holds_a_style_or_a_handler() -> None:
    """Also the parts that no page of the test shows."""
    forbidden = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*(nonce|src|application/json))|javascript:", re.I
    )
    root = Path(settings.ROOT) / "templates"
    faults = [
        f"{path.relative_to(root)}: {found[0]}"
        for path in sorted(root.rglob("*.html"))
        if str(path.relative_to(root)) not in PRINT | MAILS
        for found in [forbidden.search(path.read_text())]
        if found
    ]
    assert faults == []
