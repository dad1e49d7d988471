"""HTML in, tagged PDF out, for archives (PDF/A-2a) and for every reader (PDF/UA-1).

The only module that knows WeasyPrint.

Nothing is fetched: neither network nor files, whatever the HTML asks for. Stylesheets and fonts are read here, once per
process, and handed over as data.
"""

import base64
import gc
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

import pydyf
from django.conf import settings
from weasyprint import CSS, HTML, Document, cssselect2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reports.state_font import font_face

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


_TRUSTS_NOBODY = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # never used; the usual one reads all authorities each time


def fetcher() -> URLFetcher:
    """Opens data: addresses and refuses all others."""
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, ssl_context=_TRUSTS_NOBODY)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF, how many pages it has, and how many of them stand before its contents."""

    data: bytes
    pages: int
    front: int = 0


def render_pdf(
    html: str, *, paper: str = "A4", identifier: bytes = b"tollgate", most_front: int | None = None
) -> Rendered:
    """The PDF of one complete HTML document: PDF/A-2a and PDF/UA-1 in one file, with bookmarks from its headings.

    Title, author, language and dates come from the document's own head. `paper` is "A4" or "letter". The same HTML and
    `identifier` give the same bytes. With more than `most_front` pages before the contents no data are written.
    """
    styles = _styles(paper)
    with _collected_at_the_end():
        return _rendered(html, styles, identifier, most_front)


def _rendered(html: str, styles: "_Styles", identifier: bytes, most_front: int | None) -> Rendered:
    """The file; all that was made for it is out of use when this returns."""
    options = {"pdf_variant": "pdf/a-2a", "pdf_identifier": identifier}
    document = _read(html).render(font_config=styles.fonts, stylesheets=list(styles.sheets), **options)
    front = next((n for n, page in enumerate(document.pages) if "contents" in page.anchors), 0)
    if most_front is not None and front > most_front:
        return Rendered(b"", len(document.pages), front)
    return Rendered(document.write_pdf(finisher=_finished, **options), len(document.pages), front)


# Archives' tools look for a property as an element whose namespace its own description declares, PDFBox's validator for
# one; the engine declares them further out and writes some as attributes.
_DESCRIBED = re.compile(rb'<rdf:Description rdf:about=""((?: \w+:\w+="[^"]*")*) ?(/?)>')
_ATTRIBUTE = re.compile(rb' (\w+:\w+)="([^"]*)"')
_DECLARED = re.compile(rb' xmlns:(?!rdf=)\w+="[^"]*"')
# WeasyPrint writes one claim; a second one needs its property described, or the file is no PDF/A any more.
_ALSO_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
_POINTS = 0.75  # of a CSS pixel


def _finished(document: Document, pdf: pydyf.PDF) -> None:
    """What the two standards ask for beyond what the engine writes: both claims, scopes, boxes of figures."""
    objects = {thing.reference: thing for thing in pdf.objects}
    metadata = objects[pdf.catalog["Metadata"]]
    metadata.stream = [_told(metadata.stream[0])]
    metadata.compress = False  # an archive's tools find it without unpacking
    _without_runners(pdf, objects)
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and thing.extra.get("Subtype") == "/Image":
            thing.extra["Interpolate"] = "false"
        if not isinstance(thing, dict) or "S" not in thing:
            continue
        if thing["S"] == "/TH":
            head = objects[objects[thing["P"]]["P"]]["S"] == "/THead"
            thing["A"]["Scope"] = "/Column" if head else "/Row"
        elif thing["S"] == "/Figure":
            left, top, right, bottom = thing["A"]["BBox"]
            height = objects[thing["Pg"]]["MediaBox"][3]
            box = (left, height / _POINTS - bottom, right, height / _POINTS - top)
            thing["A"]["BBox"] = pydyf.Array([round(edge * _POINTS, 3) for edge in box])
    pdf.objects = [thing if thing.free == "f" else _Written(thing) for thing in pdf.objects]


def _told(properties: bytes) -> bytes:
    """The properties of the document with both claims, each as an element beside its namespace."""
    spaces = b"".join(_DECLARED.findall(properties))

    def described(found: re.Match[bytes]) -> bytes:
        told = _ATTRIBUTE.sub(rb"<\1>\2</\1>", found[1])
        return (
            b'<rdf:Description rdf:about=""'
            + spaces
            + b">"
            + told
            + (b"</rdf:Description>" if found[2] else b"")
        )

    return _DESCRIBED.sub(described, properties).replace(b"</rdf:RDF>", _ALSO_UA)


class _Written(pydyf.Object):
    """An object whose bytes stand: the writer asks for them twice, for the file and for its identifier."""

    def __init__(self, thing: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation = thing.number, thing.generation
        self._data: bytes = thing.data
        self._compressible: bool = thing.compressible

    @property
    def data(self) -> bytes:
        """What stands in the file."""
        return self._data

    @property
    def compressible(self) -> bool:
        """Whether it may stand in a stream of objects."""
        return self._compressible


def _without_runners(pdf: pydyf.PDF, objects: dict[bytes, pydyf.Object]) -> None:
    """Mark the running feet as artifacts: the engine tags them like text, but hangs them into no tree."""
    root = objects[pdf.catalog["StructTreeRoot"]]
    whole = root["K"][0]
    told = set(objects[whole]["K"])
    numbers = objects[root["ParentTree"]]["Nums"]
    for place, page in enumerate(pdf.page_references):
        owners = numbers[2 * place + 1]
        loose = set()
        for mark, owner in enumerate(owners):
            while objects[owner]["P"] != whole:
                owner = objects[owner]["P"]
            if owner not in told:
                loose.add(mark)
                owners[mark] = "null"
        stream = objects[objects[page]["Contents"]].stream
        for at, part in enumerate(stream):
            if isinstance(part, dict) and part.get("MCID") in loose:
                stream[at - 1 : at + 1] = [b"/Artifact", b"<</Type /Pagination /Subtype /Footer>>"]


class _Tree(HTML):
    """A document whose elements are there already."""

    def __init__(self, root: Element) -> None:
        # What the engine sets after it has read a document itself.
        self.base_url, self.url_fetcher, self.media_type = None, fetcher(), "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def _read(html: str) -> HTML:
    """The document to be laid out. Papers are well-formed, and XML is read in a twentieth of the time of HTML."""
    try:
        return _Tree(fromstring(html))  # noqa: S314  our own template, texts escaped; entities are not declared
    except ParseError:
        return HTML(string=html, url_fetcher=fetcher())


@dataclass(frozen=True, slots=True)
class _Styles:
    fonts: FontConfiguration
    sheets: tuple[CSS, ...]


@cache
def _styles(paper: str) -> _Styles:
    """Fonts and parsed stylesheets for one paper size, kept for the life of the process."""
    fonts = FontConfiguration()
    texts = (
        _font_faces(),
        font_face(),
        PRINT_CSS.read_text(encoding="utf-8"),
        f"@page {{ size: {PAPERS[paper]} }}",
    )
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
def _collected_at_the_end() -> Iterator[None]:
    """Hold the garbage collector while a report is made, then collect what was made for it.

    Layout makes many objects that all live to the end: to look through them over and over takes an eighth of the time.
    They hang in circles, so that left alone a worker grows by 15 MB with each report. None has grown old while the
    collector was held, so it is enough to look through the young: a tenth of the time that all objects would take.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if was_on:
            gc.enable()
