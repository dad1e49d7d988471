"""Evidence files are judged by what is in them."""

import io
import zipfile

import pytest

from common.uploads import MAX_BYTES, QUOTA_BYTES, TYPES, file_type, upload_blockers


def office(part: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{part}/document.xml", "<x/>")
    return buffer.getvalue()


GOOD = {
    "a.pdf": b"%PDF-1.7",
    "a.PNG": b"\x89PNG\r\n\x1a\n0000",
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.jpeg": b"\xff\xd8\xff\xe1",
    "a.webp": b"RIFF0000WEBPVP8 ",
    "a.wav": b"RIFF0000WAVEfmt ",
    "a.mp3": b"ID3\x04",
    "b.mp3": b"\xff\xfb\x90\x00",
    "a.ogg": b"OggS\x00",
    "a.csv": "a;b\nä;ö\n".encode(),
    "a.txt": b"Seen and noted.",
    "a.xlsx": office("xl"),
    "a.docx": office("word"),
}


def refusal(name: str, content: bytes, *, used: int = 0, size: int | None = None) -> list[str]:
    return upload_blockers(name=name, size=len(content) if size is None else size, head=content, used=used)


@pytest.mark.parametrize("name", GOOD)
def test_files_that_are_what_they_say_are_taken(name: str) -> None:
    assert refusal(name, GOOD[name]) == []


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.zip", "a.pdf.js", "a", ".htaccess"])
def test_other_kinds_are_not_taken(name: str) -> None:
    (reason,) = refusal(name, b"%PDF-1.7")
    assert "is of a kind that is not taken" in reason


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_page_under_another_name_is_seen_through(name: str) -> None:
    (reason,) = refusal(f"a{name}", b"<!doctype html><script>alert(1)</script>")
    assert reason.endswith("whatever its name says.")


@pytest.mark.parametrize("content", [b"a\x00b", b"\xff\xfe\xfa\xfb and more", b"  \n<svg onload=x>"])
def test_what_is_no_plain_text_is_no_table(content: bytes) -> None:
    assert refusal("a.csv", content)


def test_text_that_is_cut_within_a_character_is_still_text() -> None:
    assert refusal("a.txt", "Grüße".encode()[:-2]) == []


def test_empty_and_large_files_are_refused() -> None:
    assert refusal("a.pdf", b"") == ["“a.pdf” is empty."]
    assert refusal("a.pdf", GOOD["a.pdf"], size=MAX_BYTES) == []
    assert refusal("a.pdf", GOOD["a.pdf"], size=MAX_BYTES + 1) == [
        "“a.pdf” is larger than 15 MB. Link it instead."
    ]


def test_an_engagement_has_a_quota() -> None:
    assert refusal("a.pdf", GOOD["a.pdf"], used=QUOTA_BYTES) == [
        "The files of this engagement would exceed 500 MB. Link it instead."
    ]


def test_the_content_type_never_comes_from_the_browser() -> None:
    kind = file_type("Voice.MP3")
    assert kind is not None
    assert (kind.content_type, kind.extension) == ("audio/mpeg", ".mp3")
