"""Which files may be evidence, judged by what is in them and not by what they call themselves. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

MAX_BYTES = 15 * 1024 * 1024
QUOTA_BYTES = 500 * 1024 * 1024
HEAD_BYTES = 8192


@dataclass(frozen=True)
class FileType:
    """A kind of file that is taken: what it is served as, and how its first bytes look."""

    label: str
    content_type: str
    extension: str
    matches: Callable[[bytes], bool]


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(b"RIFF") and head[8:12] == kind


def _office(part: bytes) -> Callable[[bytes], bool]:
    """Office files are ZIP archives whose first entries name what they hold."""
    return lambda head: head.startswith(b"PK\x03\x04") and (part in head or b"[Content_Types].xml" in head)


def _mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


def _text(head: bytes) -> bool:
    """UTF-8 text, cut anywhere, without NUL bytes and without markup that a browser would run."""
    if b"\x00" in head:
        return False
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode("utf-8")
    return not text.lstrip("\ufeff \t\r\n").startswith("<")


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# By the extension that a person's file has. Scripts, archives and anything that a browser would run are not here.
TYPES: dict[str, FileType] = {
    ".pdf": FileType("PDF", "application/pdf", ".pdf", _starts(b"%PDF-")),
    ".png": FileType("PNG picture", "image/png", ".png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".jpg": FileType("JPEG picture", "image/jpeg", ".jpg", _starts(b"\xff\xd8\xff")),
    ".jpeg": FileType("JPEG picture", "image/jpeg", ".jpg", _starts(b"\xff\xd8\xff")),
    ".webp": FileType("WebP picture", "image/webp", ".webp", _riff(b"WEBP")),
    ".wav": FileType("WAV recording", "audio/wav", ".wav", _riff(b"WAVE")),
    ".mp3": FileType("MP3 recording", "audio/mpeg", ".mp3", _mp3),
    ".ogg": FileType("Ogg recording", "audio/ogg", ".ogg", _starts(b"OggS")),
    ".csv": FileType("CSV table", "text/csv", ".csv", _text),
    ".txt": FileType("text", "text/plain", ".txt", _text),
    ".xlsx": FileType("Excel workbook", _XLSX, ".xlsx", _office(b"xl/")),
    ".docx": FileType("Word document", _DOCX, ".docx", _office(b"word/")),
}
ACCEPT = ",".join(TYPES)


def file_type(name: str) -> FileType | None:
    """The kind that a file claims to be by its name, if that kind is taken."""
    return next((kind for extension, kind in TYPES.items() if name.lower().endswith(extension)), None)


def upload_blockers(*, name: str, size: int, head: bytes, used: int) -> list[str]:
    """Say why a file cannot be evidence; `head` is its beginning, `used` what the engagement holds already."""
    kind = file_type(name)
    if kind is None:
        kinds = ", ".join(extension.removeprefix(".") for extension in TYPES)
        return [f"“{name}” is of a kind that is not taken. Taken are: {kinds}."]
    if not size:
        return [f"“{name}” is empty."]
    reasons = []
    if size > MAX_BYTES:
        reasons.append(f"“{name}” is larger than {MAX_BYTES // 1024**2} MB. Link it instead.")
    if used + size > QUOTA_BYTES:
        reasons.append(
            f"The files of this engagement would exceed {QUOTA_BYTES // 1024**2} MB. Link it instead."
        )
    if not kind.matches(head):
        reasons.append(f"“{name}” is not a {kind.label}, whatever its name says.")
    return reasons
