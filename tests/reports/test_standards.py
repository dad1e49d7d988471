"""Every paper in both sizes, judged by tools of others: PDF/UA-1 by outloud, syntax by qpdf, what PDF/A-2a shows."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pymupdf
import pytest
from toolchain.setup import PDFBOX_JARS

from reports.pdf import render_pdf
from reports.render import build_pdf, compose, paper_html
from tests.reports.printed import MADE, pdf_of, snapshot_of

SIZES = {"A4": (595, 842), "letter": (612, 792)}
# One paper of each kind; the others differ in what they say, not in what they are made of.
VARIANTS = {"missing_upload", "restated_day", "locked_plan", "day_10_blocked"}
PAPERS = [name for name in MADE if name not in VARIANTS]
# What is read from packages; whatever else a paper is set in, the next server may not have.
OUR_FONTS = {
    f"{cut}{weight}"
    for cut in ("inter-latin", "inter-latin-ext", "tollgate-states")
    for weight in ("", "-Bold")
}
# What the checker guesses by looks, and why it does not hold here.
NOT_HERE = {
    "TBL-014": "an axis with its hatching looks like the rules of a table; its numbers stand in a table of their own",
    "PAG-001": "the heads of a table that goes on are said again on the next page, on purpose",
    "LNK-010": "an address that somebody typed as evidence is quoted, not offered to be followed",
    "ORD-001": "a caption is read before its table and painted after it",
}
EVERY = pytest.mark.parametrize(
    ("name", "size"), [(name, size) for name in PAPERS for size in SIZES], ids=lambda value: value
)


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """All elements of the structure tree below a node, in reading order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


@EVERY
def test_every_reader_can_read_it(name: str, size: str, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf_of(name, size))
    found = outloud.check(str(file), skip=NOT_HERE)
    assert not found.error
    foot = f"{compose(snapshot_of(name, size)).title} · "  # no prose, however long the names are
    assert [
        (each.rule, each.page, each.message, each.evidence)
        for each in found.findings
        if not (each.rule == "TAG-002" and str(each.evidence).startswith(foot))
    ] == []


@EVERY
def test_an_archive_can_keep_it(name: str, size: str) -> None:
    with pikepdf.open(BytesIO(pdf_of(name, size))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert not pdf.is_encrypted
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == str(pdf.docinfo["/Title"])
        extension = pdf.Root.Metadata.read_bytes()
        assert b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<" in extension, "else no PDF/A"
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert len(intent.DestOutputProfile.read_bytes()) > 1000
        assert "/Names" not in pdf.Root or "/EmbeddedFiles" not in pdf.Root.Names
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                assert not thing.get("/Interpolate", False)
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(thing.keys()), thing.get("/FontName")
                assert str(thing.FontName).partition("+")[2] in OUR_FONTS
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font":
                assert "/ToUnicode" in thing or str(thing.Subtype).startswith("/CIDFont"), thing.get(
                    "/BaseFont"
                )
            assert not (isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/JavaScript")


@EVERY
def test_what_it_is_made_of_is_told(name: str, size: str) -> None:
    with pikepdf.open(BytesIO(pdf_of(name, size))) as pdf:
        assert pdf.Root.Lang == "en-GB"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_outline() as outline:
            sections = [each for first in outline.root for each in (first, *first.children)]
        assert len(sections) >= len(compose(snapshot_of(name, size)).sections)
        tree = list(elements(pdf.Root.StructTreeRoot))
        levels = [int(str(each.S)[2:]) for each in tree if str(each.S) in ("/H1", "/H2", "/H3", "/H4")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels
        for each in tree:
            if each.S == "/Figure":
                assert len(str(each.Alt)) > 20
                left, bottom, right, top = (float(edge) for edge in each.A.BBox)
                box = each.Pg.MediaBox
                assert 0 <= left < right <= float(box[2]) + 1
                assert 0 <= bottom < top <= float(box[3]) + 1
            if each.S == "/TH":
                assert each.A.Scope in ("/Column", "/Row")
            if each.S == "/Table":
                assert any(inner.S == "/TH" for inner in elements(each))


@EVERY
def test_page_one_stands_on_one_page_and_nothing_is_cut_off(name: str, size: str) -> None:
    with pikepdf.open(BytesIO(pdf_of(name, size))) as pdf:
        pages = [(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in pdf.pages]
        assert set(pages) == {SIZES[size]}
    assert words_outside(pdf_of(name, size)) == []


def test_a_front_page_that_runs_over_is_set_again_closer() -> None:
    made = snapshot_of("day_30", "letter")
    said = "Dial the aged list from 17:00 to 20:00 local time, and say on each evening what came of it. " * 4
    long = replace(made, findings=tuple(replace(made.findings[0], fix=said) for _ in range(6)))
    long = replace(long, campaign="Solar quotes Midwest and all of the states around it " * 2)
    assert render_pdf(paper_html(long), paper="letter").front == 2
    assert build_pdf(long).front == 1


def words_outside(data: bytes) -> list[str]:
    """Words that reach into the outer 8 mm of a page, where printers cut."""
    edge = 8 * 72 / 25.4
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return [
            word[4]
            for page in document
            for word in page.get_text("words")
            if word[0] < edge
            or word[1] < edge
            or word[2] > page.rect.width - edge
            or word[3] > page.rect.height - edge
        ]


poppler = pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler is not installed")


@poppler
@pytest.mark.parametrize("size", SIZES)
def test_poppler_reads_the_structure(size: str, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf_of("day_30", size))
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in told
    read = subprocess.run(["pdfinfo", "-struct", file], capture_output=True, text=True, check=True)
    assert read.stderr == ""
    assert {"H1", "Table", "TH", "Figure:"} <= {
        line.split()[0] for line in read.stdout.splitlines()[1:] if line.strip()
    }
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    embedded = [line.split()[-5] for line in fonts.splitlines()[2:]]
    assert set(embedded) == {"yes"}, fonts


@poppler
def test_poppler_reads_the_words_of_the_structure(tmp_path: Path) -> None:
    """On the shortest paper: poppler reads a whole page for each element, so that a long one takes half a minute."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf_of("missing_upload"))
    read = subprocess.run(["pdfinfo", "-struct-text", file], capture_output=True, text=True, check=True)
    assert read.stderr == ""
    assert '"End-of-day report"' in read.stdout


# What PDF/A-1 forbids and PDF/A-2 allows: PDFBox judges by the first, and has no other.
LATER = re.compile(
    r"1\.4 : .*cross reference streams|2\.2\.1 : Invalid graphics transparency|3\.1\.11 : .*CIDSet entry is missing"
    r"|4\.1\.2 : Transparency error, (ca|CA) entry|7\.11\.2 : .*part must be 1"
)


@pytest.mark.skipif(
    not (shutil.which("java") and all(map(os.path.exists, PDFBOX_JARS))),
    reason="PDFBox or Java is not installed",
)
@pytest.mark.parametrize("name", ["launch_plan", "day_30", "day_90", "certificate"])
def test_pdfbox_objects_to_nothing_but_what_its_older_standard_forbids(name: str, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf_of(name))
    command = ["java", "-cp", ":".join(PDFBOX_JARS), "org.apache.pdfbox.preflight.Validator_A1b", file]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.stderr == ""
    head, *objections = told.stdout.strip().splitlines()
    assert head.startswith("The file paper.pdf is not a valid PDF/A-1b file"), told.stdout  # it is a PDF/A-2a
    assert "part must be 1" in told.stdout
    assert [one for one in objections if not LATER.match(one)] == []
