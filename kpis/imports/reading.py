"""Bytes to UTF-8 text with plain line ends, or a sentence about why this is not a call log."""

import codecs
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

from common.errors import Refused
from kpis.imports.room import room_on_disk

MAX_PACKED = 100 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
# Real call logs pack ten to thirty times; what packs far better is one character over and over.
MAX_RATIO = 100
FREE_UNPACKED = 1024 * 1024
SAMPLE = 65_536
# What is unpacked and decoded at a time, and what is read of the text at a time.
CHUNK = 1024 * 1024
PIECE = 8 * 1024 * 1024

# Stands where the last letter was cut through: CAN, which no text has.
CUT_MARK = "\x18"

GZIP = b"\x1f\x8b"
FOREIGN = (
    (b"PK\x03\x04", "This is an Excel workbook or a zip archive. Save the sheet as CSV and upload that."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save the sheet as CSV and upload that."),
    (b"%PDF", "This is a PDF. Export the call log as CSV and upload that."),
    (b"BZh", "This is a bzip2 archive. Upload the file unpacked, or packed with gzip."),
    (b"\xfd7zXZ", "This is an xz archive. Upload the file unpacked, or packed with gzip."),
    (b"7z\xbc\xaf", "This is a 7-Zip archive. Upload the file unpacked, or packed with gzip."),
    (b"(\xb5/\xfd", "This is a Zstandard archive. Upload the file unpacked, or packed with gzip."),
    (b"\x89PNG", "This is a picture. Export the call log as CSV and upload that."),
    (b"\xff\xd8\xff", "This is a picture. Export the call log as CSV and upload that."),
    (b"SQLite format 3", "This is a database file. Export the call log as CSV and upload that."),
    (b"PAR1", "This is a Parquet file. Export the call log as CSV and upload that."),
)
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A file as UTF-8 without byte-order mark, its lines ended by LF, and how it had been written.

    A long one lies on disk: only pieces of it are ever in memory. `cut` says that it ended within a letter, in the
    place of which CUT_MARK stands.
    """

    file: IO[bytes]
    size: int
    encoding: str
    packed: bool
    cut: bool = False

    def pieces(self, end: int | None = None) -> Iterator[bytes]:
        """Whole lines, about PIECE bytes at a time, up to the byte `end`.

        A line longer than that comes without its middle: it is no row in any case.
        """
        at, rest, end, cut = 0, b"", self.size if end is None else end, False
        while at < end:
            self.file.seek(at)
            found = self.file.read(min(PIECE, end - at))
            at += len(found)
            whole, line_end, begun = found.rpartition(b"\n")
            if not line_end:
                cut = cut or len(rest) > PIECE
                rest += b"" if cut else begun
                continue
            lines = rest + whole + line_end
            yield lines.decode("utf-8", "ignore").encode() if cut else lines
            rest, cut = begun, False
        if rest:
            yield rest.decode("utf-8", "ignore").encode() if cut else rest

    def last(self, most: int) -> bytes:
        """The whole lines among the last `most` bytes."""
        self.file.seek(max(0, self.size - most))
        found = self.file.read(most)
        return found if self.size <= most else found.partition(b"\n")[2]


def read_text(data: bytes, *, max_unpacked: int = MAX_UNPACKED) -> Text:
    """Unpack, decode and straighten line ends. Raises Refused with one sentence when this cannot be a text file."""
    if not data:
        raise Refused("The file is empty.")
    packed = data.startswith(GZIP)
    if not packed and len(data) > max_unpacked:
        raise Refused(
            f"The file holds {size(len(data))}. The limit is {size(max_unpacked)}: split it by month."
        )

    def content() -> Iterator[bytes]:
        return unpack(data, max_unpacked) if packed else _slices(data)

    sample = b""
    for piece in content():
        sample += piece
        if len(sample) >= SAMPLE:
            break
    for magic, reason in FOREIGN:
        if sample.startswith(magic):
            raise Refused(reason)
    for codec, encoding in _codecs(sample[:SAMPLE]):
        try:
            return _straightened(content(), codec, encoding, packed=packed)
        except UnicodeError as error:
            if codec != "utf-8":
                where = (
                    f"near byte {error.start:,}"
                    if isinstance(error, UnicodeDecodeError)
                    else "in a broken character"
                )
                raise Refused(
                    f"The file cannot be read as {encoding} text: it breaks {where}. Export it again as CSV in UTF-8."
                ) from error
    raise AssertionError("the last codec returns or refuses")


def _slices(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]


def unpack(data: bytes, limit: int) -> Iterator[bytes]:
    """The content of a gzip file, members joined. Stops reading as soon as it grows too large for its own size.

    That is beyond `limit` bytes, or beyond FREE_UNPACKED and MAX_RATIO times what the packed file has.
    """
    fair = max(FREE_UNPACKED, MAX_RATIO * len(data))
    too_large = f"The file unpacks to more than {size(limit)}. Split it by month."
    if fair < limit:
        limit = fair
        too_large = f"The file unpacks to more than {MAX_RATIO} times its size, as no call log does."
    at, left = 0, limit + 1
    while at < len(data):
        reader, fed = zlib.decompressobj(wbits=31), b""
        while not reader.eof:
            if not fed:
                fed = data[at : at + SAMPLE]
                at += len(fed)
            try:
                part = reader.decompress(fed, min(left, CHUNK))
            except zlib.error as error:
                raise Refused(
                    "The gzip file is damaged and cannot be unpacked. Pack and upload it again."
                ) from error
            left -= len(part)
            if left <= 0:
                raise Refused(too_large)
            fed = reader.unconsumed_tail
            if part:
                yield part
            elif not fed and at == len(data) and not reader.eof:
                raise Refused("The gzip file ends in the middle: it was cut off. Pack and upload it again.")
        at -= len(reader.unused_data)
        # Some writers pad the end with zeros, which are no further member.
        while zeros := _leading_zeros(data[at : at + SAMPLE]):
            at += zeros


def _leading_zeros(data: bytes) -> int:
    return len(data) - len(data.lstrip(b"\0"))


def _codecs(sample: bytes) -> list[tuple[str, str]]:
    """The encodings to try in turn, each with its name: by the file's mark, else what it looks like."""
    for mark, codec, name in BOMS:
        if sample.startswith(mark):
            return [(codec, name)]
    if bare := _bare_utf16(sample):
        return [(bare, "UTF-16")]
    _refuse_binary(sample)
    return [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]


def _straightened(pieces: Iterable[bytes], codec: str, encoding: str, *, packed: bool) -> Text:
    """The text on disk. Raises UnicodeError where this is not its encoding, Refused where it is empty or too much."""
    file = tempfile.SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115  it goes with the Text
    decoder = codecs.getincrementaldecoder(codec)()
    read = written = 0
    filled, wide, held, cut = False, codec == "utf-8-sig", "", False
    for piece in chain(pieces, [b""]):
        pending = len(decoder.getstate()[0])
        # A single odd byte behind nothing but ASCII is as likely a whole letter of another encoding.
        cut = not piece and codec.startswith("utf-8") and pending > (not wide)
        try:
            text = held + (CUT_MARK if cut else decoder.decode(piece, final=not piece))
        except UnicodeDecodeError as error:
            error.start += read - pending
            raise
        read += len(piece)
        # The line feed that belongs to a carriage return may come with the next piece.
        held = "\r" if piece and text.endswith("\r") else ""
        text = text.removesuffix(held)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        filled = filled or bool(text.strip())
        wide = wide or not text.isascii()
        with room_on_disk():
            written += file.write(text.encode())
            file.flush()
    if not filled:
        raise Refused("The file is empty.")
    return Text(file, written, encoding, packed, cut)


def _bare_utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero in every other byte, because call logs are mostly ASCII."""
    half = len(sample) // 2
    if half < 2:
        return None
    if sample[1::2].count(0) > 0.6 * half and sample[0::2].count(0) == 0:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * half and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _refuse_binary(sample: bytes) -> None:
    """A few control characters spoil single rows; many of them mean that this is no text at all."""
    controls = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\f")
    if controls > max(2, len(sample) // 200):
        raise Refused("This is not a text file. Export the call log as CSV and upload that.")


def size(count: int) -> str:
    """Bytes as people read them: "300 MB"."""
    return f"{count / 1024 / 1024:,.0f} MB" if count >= 1024 * 1024 else f"{count:,} bytes"
