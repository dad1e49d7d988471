"""Bytes to UTF-8 text with plain line ends, or a sentence about why this is not a call log."""

import zlib
from dataclasses import dataclass

from common.errors import Refused

MAX_PACKED = 100 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
# Real call logs pack ten to thirty times; what packs far better is one character over and over.
MAX_RATIO = 100
FREE_UNPACKED = 1024 * 1024
SAMPLE = 65_536

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
    """A file as UTF-8 bytes without byte-order mark, its lines ended by LF, and how it had been written."""

    data: bytes
    encoding: str
    packed: bool


def read_text(data: bytes, *, max_unpacked: int = MAX_UNPACKED) -> Text:
    """Unpack, decode and straighten line ends. Raises Refused with one sentence when this cannot be a text file."""
    if not data:
        raise Refused("The file is empty.")
    packed = data.startswith(GZIP)
    if packed:
        data = unpack(data, max_unpacked)
    if len(data) > max_unpacked:
        raise Refused(
            f"The file holds {size(len(data))}. The limit is {size(max_unpacked)}: split it by month."
        )
    for magic, reason in FOREIGN:
        if data.startswith(magic):
            raise Refused(reason)
    encoding, data = decode(data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data.strip():
        raise Refused("The file is empty.")
    return Text(data, encoding, packed)


def unpack(data: bytes, limit: int) -> bytes:
    """The content of a gzip file, members joined. Stops reading as soon as it grows too large for its own size.

    That is beyond `limit` bytes, or beyond FREE_UNPACKED and MAX_RATIO times what the packed file has.
    """
    fair = max(FREE_UNPACKED, MAX_RATIO * len(data))
    too_large = f"The file unpacks to more than {size(limit)}. Split it by month."
    if fair < limit:
        limit = fair
        too_large = f"The file unpacks to more than {MAX_RATIO} times its size, as no call log does."
    parts: list[bytes] = []
    left = limit + 1
    while data:
        reader = zlib.decompressobj(wbits=31)
        try:
            part = reader.decompress(data, left)
        except zlib.error as error:
            raise Refused(
                "The gzip file is damaged and cannot be unpacked. Pack and upload it again."
            ) from error
        parts.append(part)
        left -= len(part)
        if left <= 0:
            raise Refused(too_large)
        if not reader.eof:
            raise Refused("The gzip file ends in the middle: it was cut off. Pack and upload it again.")
        # Some writers pad the end with zeros, which are no further member.
        data = reader.unused_data.lstrip(b"\0")
    return b"".join(parts)


def decode(data: bytes) -> tuple[str, bytes]:
    """The encoding's name and the text as UTF-8: by its mark, else by trying."""
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            return name, _recode(data, codec, name)
    if bare := _bare_utf16(data[:SAMPLE]):
        return "UTF-16", _recode(data, bare, "UTF-16")
    _refuse_binary(data[:SAMPLE])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "Windows-1252", _recode(data, "cp1252", "Windows-1252")
    return "UTF-8", data


def _recode(data: bytes, codec: str, name: str) -> bytes:
    try:
        return data.decode(codec).encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        where = (
            f"near byte {error.start:,}" if isinstance(error, UnicodeDecodeError) else "in a broken character"
        )
        raise Refused(
            f"The file cannot be read as {name} text: it breaks {where}. Export it again as CSV in UTF-8."
        ) from error


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
