"""Bytes in: what is taken for text, and the sentence that says why the rest is not."""

import gzip
import tempfile
import zlib

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from kpis.imports import reading, rows, spool
from kpis.imports.layout import look
from kpis.imports.notes import notes
from kpis.imports.parse import parse_calls
from kpis.imports.presets import TOLLGATE, UCI_BANK, VICIDIAL
from tests.kpis.samples import UCI_FILE, own, settings, vicidial

TEXT = "call_id,called_at,disposition,agent\nc1,2026-05-04 10:00:00,closed,Zoë\n"


def packed(data: bytes) -> bytes:
    """gzip without the moment: these bytes are in the tests' names, which two workers must agree on."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (packed(TEXT.encode()), "UTF-8"),
        (packed(TEXT[:20].encode()) + packed(TEXT[20:].encode()) + b"\0\0", "UTF-8"),
    ],
)
def test_the_encodings_that_exports_come_in(data: bytes, encoding: str) -> None:
    parsed = parse_calls(data, settings())
    assert parsed.layout.encoding == encoding
    assert parsed.accepted["agent"].to_list() == ["Zoë"]


@pytest.mark.parametrize("chunk", [1, 5, 1_000])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_cut_within_a_letter_keeps_its_encoding(
    chunk: int, mark: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHUNK", chunk)
    data = mark + f"{TEXT}c2,2026-05-04 10:00:00,closed,José ".encode() + "€".encode()[:2]
    parsed = parse_calls(data, settings())
    assert (parsed.layout.encoding, parsed.layout.cut) == ("UTF-8", True)
    assert parsed.accepted["agent"].to_list() == ["Zoë"]
    assert parsed.rejected["reason"].to_list() == [rows.CUT]
    assert parsed.rejected["raw"].to_list() == ["c2,2026-05-04 10:00:00,closed,José "]
    assert "was cut off" in " ".join(notes(settings(), parsed))


@pytest.mark.parametrize(
    ("end", "agent", "encoding"),
    [(b"Zo\xe9", ["Zoé"], "Windows-1252"), (b"Zo\xe2\x82", [], "UTF-8"), (b"Zoe", ["Zoe"], "UTF-8")],
)
def test_one_odd_byte_at_the_end_of_plain_letters_is_a_letter(
    end: bytes, agent: list[str], encoding: str
) -> None:
    """Two are the beginning of a letter that was cut through."""
    parsed = parse_calls(
        b"call_id,called_at,disposition,agent\nc1,2026-05-04 10:00:00,closed," + end, settings()
    )
    assert (parsed.layout.encoding, parsed.accepted["agent"].to_list()) == (encoding, agent)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_three_line_ends(end: str) -> None:
    parsed = parse_calls(TEXT.replace("\n", end).encode(), settings())
    assert parsed.accepted.height == parsed.rows == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04rest of a workbook", "Excel workbook or a zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"\0" * 5_000, "not a text file"),
        (packed(b"PK\x03\x04inside"), "Excel workbook or a zip"),
        (packed(TEXT.encode())[:-12], "cut off"),
        (packed(TEXT.encode())[:10] + b"\xff" * 40, "damaged"),
        (b"call_id,agent\n1,\x81\xe9\n", "Windows-1252"),
        (b"\xff\xfea", "UTF-16"),
        (b"call_id,called_at,disposition\n", "no rows"),
        (b",".join(b"c%d" % n for n in range(600)) + b"\n1\n", "600 columns"),
    ],
)
def test_a_file_that_is_no_call_log_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        look(data)
    assert words in refused.value.reasons[0]


def test_an_archive_is_unpacked_only_up_to_the_limit() -> None:
    bomb = gzip.compress(b"0" * 20_000_000)
    assert len(bomb) < 25_000
    with pytest.raises(Refused, match="unpacks to more than 1 MB"):
        reading.read_text(bomb, max_unpacked=1024 * 1024)


def test_what_packs_like_no_call_log_is_refused() -> None:
    one_cell = TEXT.encode() + b"c2,2026-05-04 10:00:00,closed," + b"a" * 8_000_000
    with pytest.raises(Refused, match="more than 100 times its size, as no call log does"):
        look(gzip.compress(one_cell))


def test_a_small_file_may_pack_as_well_as_it_can() -> None:
    assert look(gzip.compress(TEXT.encode() + b"c1,2026-05-04 10:00:00,closed,Ann\n" * 20_000)).rows == 20_001


def test_an_endless_cell_is_shown_by_its_beginning_and_its_row_rejected() -> None:
    data = TEXT.encode() + b"c2,2026-05-04 10:00:00,closed," + b"a" * 200_000 + b"\n"
    assert max(len(cell) for row in look(data).sample for cell in row) == 81
    parsed = parse_calls(data, settings())
    assert parsed.accepted.height == parsed.rejected.height == 1
    assert "longer than 131,072" in parsed.rejected["reason"][0]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"call_id\0,called_at,disposition", "control characters"),
        (b"call_id,called_at,disposition," + b"x" * 600, "name in the first line has 600"),
        (b"call_id,called_at,disposition," + b"x" * 200_000, "first line is longer than 131,072"),
    ],
)
def test_what_cannot_be_a_header_is_no_call_log(header: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        look(header + b"\nc1,2026-05-04,closed\n")


def test_unpacking_keeps_no_more_than_the_limit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = zlib.decompressobj

    class Spy:
        eof = False

        def __init__(self, **kwargs: int) -> None:
            self.reader = real(**kwargs)

        def decompress(self, data: bytes, limit: int) -> bytes:
            asked.append(limit)
            return self.reader.decompress(data, limit)

    monkeypatch.setattr(zlib, "decompressobj", Spy)
    with pytest.raises(Refused):
        list(reading.unpack(gzip.compress(b"0" * 1_000_000), 1_000))
    assert asked == [1_001]


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(Refused, match="The limit is 100 bytes"):
        reading.read_text(b"x" * 101, max_unpacked=100)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    layout = look(own([{"lead_source": "a b"}], delimiter=delimiter))
    assert (layout.delimiter, layout.preset, layout.rows) == (delimiter, TOLLGATE, 1)


def test_each_preset_knows_its_own_header() -> None:
    assert look(own([{}])).preset is TOLLGATE
    assert look(vicidial([{}])).preset is VICIDIAL
    assert look(vicidial([{}], delimiter=",")).preset is VICIDIAL
    assert look(UCI_FILE.read_bytes()).preset is UCI_BANK
    assert look(b"name,age\nPat,40\n").preset is None


def test_the_hint_that_spreadsheets_write_is_passed_over() -> None:
    parsed = parse_calls(b"sep=;\n\n" + own([{}], delimiter=";"), settings())
    assert parsed.accepted["row_no"].to_list() == [4]


def test_a_header_is_found_whatever_its_case_and_spaces() -> None:
    data = b'"Call ID" ,Called At,DISPOSITION\n1,2026-05-04 10:00:00,closed\n'
    assert parse_calls(data, settings()).accepted.height == 1


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Refused) as refused:
        parse_calls(b"call_id,when\n1,2026-05-04\n", settings())
    assert "lacks the columns called_at, disposition" in refused.value.reasons[0]


def test_a_column_that_comes_twice_is_not_guessed() -> None:
    with pytest.raises(Refused, match="agent is there twice"):
        parse_calls(b"call_id,called_at,disposition,agent,Agent\n1,2026-05-04,closed,a,b\n", settings())


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Whatever comes, the answer is a layout or a reason."""
    try:
        layout = look(data)
    except Refused as refused:
        assert refused.reasons[0].endswith(".")
    else:
        assert layout.rows >= 1


@given(st.binary(max_size=200))
def test_no_bytes_below_a_header_break_the_parser(data: bytes) -> None:
    """Whatever stands below a good header, every row is accounted for."""
    try:
        parsed = parse_calls(b"call_id,called_at,disposition\nx,2026-05-04,closed\n" + data, settings())
    except Refused:
        return
    assert parsed.rows == parsed.accepted.height + parsed.rejected.height + parsed.duplicates.height


SEAMS = own(
    [
        {"lead_source": "Zoë"}, {"lead_source": "a\nb"}, {"disposition": "what?"}, {"call_id": "c1"},
        {"duration_s": "x"}, *[{"lead_source": f"list {n}", "phone": "+1 613 555 0199"} for n in range(40)],
        {"lead_source": 'say "hi"\n\n\nthere'}, {"call_id": "c2", "agent": "=1"},
    ]
) + b"\nTotal,48\n"  # fmt: skip


@pytest.mark.parametrize(
    ("piece", "chunk"),
    [*((piece, 7) for piece in (150, 151, 152, 200, 333, 1_000)), (150, 1), (152, 1), (151, 64), (200, 64)],
)
@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\r\n"), ("utf-16", "\r"), ("cp1252", "\n")])
def test_a_file_read_in_small_pieces_is_the_same_calls(
    piece: int, chunk: int, encoding: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = SEAMS.decode().replace("\n", end).encode(encoding)
    whole = parse_calls(data, settings())
    monkeypatch.setattr(reading, "PIECE", piece)
    monkeypatch.setattr(reading, "CHUNK", chunk)
    monkeypatch.setattr(spool, "IN_MEMORY", 100)
    for packed in (data, gzip.compress(data)):
        parsed = parse_calls(packed, settings())
        assert parsed.accepted.equals(whole.accepted)
        assert parsed.rejected.equals(whole.rejected)
        assert parsed.duplicates.equals(whole.duplicates)
        assert (parsed.rows, parsed.layout.tail) == (47, ("Total,48",)) == (whole.rows, whole.layout.tail)


def test_a_line_longer_than_a_piece_is_one_bad_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PIECE", 300_000)
    data = own([{"lead_source": "é" * 900_000}, {}, {}])
    parsed = parse_calls(data, settings())
    assert (parsed.calls, parsed.rejected["reason"].to_list()) == (2, [rows.TOO_LONG])


def test_members_of_a_gzip_file_are_joined_and_zeros_behind_them_skipped() -> None:
    data = own([{}, {}])
    packed = gzip.compress(data[:50]) + gzip.compress(data[50:]) + b"\0" * 200_000
    assert parse_calls(packed, settings()).calls == 2
    with pytest.raises(Refused, match="cut off"):
        parse_calls(packed[:60], settings())


def test_a_disk_without_room_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"row_no": [1, 2, 3]})
    waiting = spool.Spool(frame.schema)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    monkeypatch.setattr(reading, "PIECE", 10)
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    with pytest.raises(Refused, match="could not be stored just now"):
        look(own([{}]))
    small = spool.Spool(frame.schema)
    with pytest.raises(Refused, match="could not be stored just now"):
        small.add(frame)
    waiting.add(frame)
    assert waiting.whole().equals(frame)
