"""The documentation builds without a warning; its links lead somewhere, and it asks no other host for anything."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from toolchain.paths import ROOT

from .reading import DOCS, HtmlPage

ADDRESS_IN_STYLE = re.compile(r"(?:url\(|@import\s+)[\"']?(https?:)?//", re.IGNORECASE)
MARKDOWN_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
MOST_BYTES = 4 * 1024 * 1024


def test_every_link_within_leads_somewhere(pages: dict[Path, HtmlPage]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists():
                broken.append(f"{path.name}: {link}")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                broken.append(f"{path.name}: nothing in {target.name} is called {parts.fragment}")
    assert broken == []


def test_no_page_loads_anything_from_another_host(site: Path, pages: dict[Path, HtmlPage]) -> None:
    foreign = [
        f"{path.name}: {one}" for path, page in pages.items() for one in page.loaded if urlsplit(one).netloc
    ]
    styles = [style.name for style in site.rglob("*.css") if ADDRESS_IN_STYLE.search(style.read_text())]
    assert (foreign, styles) == ([], [])


def test_every_picture_is_there_and_says_what_it_shows(pages: dict[Path, HtmlPage]) -> None:
    wrong = [
        f"{path.name}: {source}"
        for path, page in pages.items()
        for source, alt in page.pictures
        if len(alt.split()) < 3 or not (path.parent / unquote(source)).exists()
    ]
    assert wrong == []


def test_every_page_has_one_first_heading(pages: dict[Path, HtmlPage]) -> None:
    assert [
        path.name for path, page in pages.items() if page.headings != 1 and path.name != "search.html"
    ] == []


def test_every_picture_of_the_repository_is_shown_and_they_are_small() -> None:
    pictures = {path.name for path in (DOCS / "pictures").iterdir()}
    text = (ROOT / "README.md").read_text() + "".join(path.read_text() for path in DOCS.rglob("*.md"))
    assert {name for name in pictures if f"pictures/{name}" not in text} == set()
    assert sum(path.stat().st_size for path in (DOCS / "pictures").iterdir()) < MOST_BYTES


def test_every_picture_is_taken_by_the_script() -> None:
    script = (DOCS / "pictures.py").read_text().partition("SHOTS: ")[2]
    taken = set(re.findall(r'^    "([a-z-]+)": ', script, re.MULTILINE))
    assert taken == {path.stem for path in (DOCS / "pictures").iterdir()}


def test_the_links_of_the_readme_and_the_architecture_lead_somewhere() -> None:
    broken = []
    for source in (ROOT / "README.md", ROOT / "ARCHITECTURE.md"):
        for picture, text, link in MARKDOWN_LINK.findall(source.read_text()):
            if not urlsplit(link).scheme and not (ROOT / link.split("#")[0]).exists():
                broken.append(f"{source.name}: {link}")
            if picture and len(text.split()) < 3:
                broken.append(f"{source.name}: {link} does not say what it shows")
    assert broken == []
