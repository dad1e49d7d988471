"""The PDF engine: nothing is fetched, the structure is there, the bytes come out again."""

import gc
import http.server
import re
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.pdf import render_pdf

HEAD = '<!doctype html><html lang="en-GB"><head><title>Paper</title><meta name=author content="Two firms">'


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that writes down every request; a paper must leave it in peace."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"leaked-from-network")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_hostile_html_reaches_no_network_and_embeds_no_file(
    listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("leaked-from-disk")
    picture = tmp_path / "secret.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><text>leaked-from-disk</text></svg>'
    )
    nested = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='{address}/nested'/></svg>"
    )
    html = f"""{HEAD}
        <base href="file://{tmp_path}/">
        <link rel=stylesheet href="{address}/style.css"><link rel=attachment href="file://{secret}">
        <link rel=attachment href="{address}/attachment">
        <style>@import url({address}/import.css);
        @font-face {{ font-family: Stolen; src: url({address}/font.woff2) }}
        body {{ background: url({address}/background.png); font-family: Stolen }}
        p::before {{ content: url(file://{picture}) }}</style></head>
        <body><p>Honest text</p><img src="{address}/image.png"><img src="file://{picture}"><img src="secret.svg">
        <img src="data:image/svg+xml,{nested.replace("#", "%23")}"><object data="file://{picture}"></object>
        <embed src="{address}/embed"><iframe src="{address}/frame"></iframe><img src="ftp://127.0.0.1/x">
        <svg width="9" height="9"><image href="{address}/inline"/><use href="file://{picture}#x"/></svg></body></html>"""
    pdf = render_pdf(html).data
    reader = PdfReader(BytesIO(pdf))
    assert asked == []
    assert reader.attachments == {}
    assert "Honest text" in text_of(pdf)
    assert "leaked" not in text_of(pdf)


def test_a_redirect_inside_a_data_address_goes_nowhere(listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    refresh = f"data:text/html,<meta http-equiv=refresh content=0;url={address}>"
    render_pdf(f'{HEAD}</head><body><p>x</p><img src="{refresh}"></body></html>')
    assert asked == []


def test_tags_bookmarks_language_and_title_are_there() -> None:
    table = "<table><tr><th scope=col>A</th></tr><tr><td>1</td></tr></table>"
    html = f"{HEAD}</head><body><h1>First</h1><h2>Second</h2>{table}</body></html>"
    reader = PdfReader(BytesIO(render_pdf(html).data))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]["/K"]
    assert catalog["/Lang"] == "en-GB"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    assert reader.metadata.title == "Paper"
    assert reader.metadata.author == "Two firms"
    titles = re.findall(r"'/Title': '(\w+)'", str(reader.outline))
    assert titles == ["First", "Second"]


def test_the_type_is_inter_embedded() -> None:
    reader = PdfReader(
        BytesIO(render_pdf(f"{HEAD}</head><body><p>Łódź <b>and</b> Porto</p></body></html>").data)
    )
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    kept = {font.partition("+")[2] for font in fonts}
    assert kept == {"inter-latin", "inter-latin-Bold", "inter-latin-ext"}, "of each subset what is needed"


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("letter", (612, 792))])
def test_both_paper_sizes(paper: str, size: tuple[int, int]) -> None:
    page = PdfReader(BytesIO(render_pdf(f"{HEAD}</head><body>x</body></html>", paper=paper).data)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_the_collector_is_running_again_afterwards() -> None:
    render_pdf(f"{HEAD}</head><body>x</body></html>")
    assert gc.isenabled()


def test_a_page_comes_out_the_same_whether_it_is_read_as_xml_or_html() -> None:
    body = "<h1>Łódź &amp; Porto</h1><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    page = f'<html lang="en"><head><title>t</title></head><body>{body}</body></html>'
    assert render_pdf(page).data == render_pdf(f"<!doctype html>{page}").data  # no XML has a small doctype
    assert render_pdf(page.replace("Porto", "a \x0b tab")).pages == 1


def test_nothing_that_was_laid_out_outlives_its_report() -> None:
    def boxes() -> int:
        return sum(
            type(each).__module__ == "weasyprint.formatting_structure.boxes" for each in gc.get_objects()
        )

    gc.collect()
    before = boxes()
    render_pdf(f"{HEAD}</head><body>{'<p>x</p>' * 50}</body></html>")
    assert boxes() == before
