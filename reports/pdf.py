"""HTML in, tagged PDF out. The only module that knows WeasyPrint.

Nothing is fetched: neither network nor files, whatever the HTML asks for. Stylesheets and fonts are read here, once per
process, and handed over as data.
"""

import base64
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

PRINT_CSS = Path(__file__).resolve().parent.parent / "templates" / "reports" / "print.css"
PAPERS = {"A4": "A4", "letter": "letter"}

# The subsets that Inter is published in, with the characters that each one holds (as its own stylesheet says).
_SUBSETS = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,"
    "U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,"
    "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2C60-2C7F,U+A720-A7FF",
}
_WEIGHTS = (400, 700)


def fetcher() -> URLFetcher:
    """Opens data: addresses and refuses all others."""
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF and how many pages it has."""

    data: bytes
    pages: int


def render_pdf(html: str, *, paper: str = "A4", identifier: bytes = b"tollgate") -> Rendered:
    """The PDF of one complete HTML document: tagged (PDF/UA-1), with bookmarks from its headings.

    Title, author, language and dates come from the document's own head. `paper` is "A4" or "letter". The same HTML and
    `identifier` give the same bytes.
    """
    styles = _styles(paper)
    with _uncollected():
        options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": identifier}
        document = HTML(string=html, url_fetcher=fetcher()).render(
            font_config=styles.fonts, stylesheets=list(styles.sheets), **options
        )
        return Rendered(document.write_pdf(**options), len(document.pages))


@dataclass(frozen=True, slots=True)
class _Styles:
    fonts: FontConfiguration
    sheets: tuple[CSS, ...]


@cache
def _styles(paper: str) -> _Styles:
    """Fonts and parsed stylesheets for one paper size, kept for the life of the process."""
    fonts = FontConfiguration()
    texts = (_font_faces(), PRINT_CSS.read_text(encoding="utf-8"), f"@page {{ size: {PAPERS[paper]} }}")
    sheets = tuple(CSS(string=text, font_config=fonts, url_fetcher=fetcher()) for text in texts)
    return _Styles(fonts, sheets)


def inter_file(subset: str, weight: int) -> Path:
    """Where the package keeps one static cut of Inter."""
    return Path(settings.NODE_MODULES) / "@fontsource/inter/files" / f"inter-{subset}-{weight}-normal.woff2"


def _font_faces() -> str:
    """A family for each subset: of two files of one family and weight the PDF would keep one, and lose letters."""
    return "\n".join(
        f"@font-face {{ font-family: inter-{subset}; font-weight: {weight}; unicode-range: {characters};"
        f" src: url(data:font/woff2;base64,{base64.b64encode(inter_file(subset, weight).read_bytes()).decode()}) }}"
        for subset, characters in _SUBSETS.items()
        for weight in _WEIGHTS
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the garbage collector: layout makes many objects that all live to the end (an eighth of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
