"""What becomes of a file that is to be a logo."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image, PngImagePlugin

from common.errors import Refused
from common.pictures import DARK_PLATE, LIGHT_PLATE, MAX_BYTES, as_logo


def png(
    size: tuple[int, int] = (64, 32), colour: object = "#1a6b34", mode: str = "RGB", **how: object
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, colour).save(made, "PNG", **how)
    return made.getvalue()


def jpeg(size: tuple[int, int] = (64, 32), mode: str = "RGB", **how: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size).save(made, "JPEG", **how)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    "content", [png(), jpeg(), jpeg(mode="CMYK"), png(mode="L", colour=9), png(mode="P", colour=1)]
)
def test_a_picture_becomes_an_opaque_png(content: bytes) -> None:
    made = as_logo(content)
    assert made.content.startswith(b"\x89PNG")
    assert (
        (opened(made.content).mode, opened(made.content).size)
        == ("RGB", (made.width, made.height))
        == ("RGB", (64, 32))
    )


def test_a_large_picture_is_made_small_and_keeps_its_form() -> None:
    made = as_logo(png((2000, 1000)))
    assert (made.width, made.height) == (320, 160)


def test_nothing_that_came_with_the_file_stays() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Somebody")
    turned = Image.Exif()
    turned[0x0112] = 6  # lies on its side
    turned[0x010E] = "Somebody's house"
    assert b"Somebody" not in as_logo(png(pnginfo=notes)).content
    made = as_logo(jpeg(exif=turned.tobytes()))
    assert b"Somebody" not in made.content
    assert (made.width, made.height) == (32, 64), "turned as it was meant"


@pytest.mark.parametrize(("drawn", "plate"), [((255, 255, 255), DARK_PLATE), ((10, 20, 90), LIGHT_PLATE)])
def test_what_is_transparent_gets_a_plate_on_which_the_rest_can_be_seen(
    drawn: tuple[int, int, int], plate: tuple[int, int, int]
) -> None:
    picture = Image.new("RGBA", (64, 32), (0, 0, 0, 0))
    picture.paste((*drawn, 255), (8, 8, 56, 24))
    file = io.BytesIO()
    picture.save(file, "PNG")
    made = opened(as_logo(file.getvalue()).content)
    assert (made.getpixel((0, 0)), made.getpixel((30, 16))) == (plate, drawn)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a PNG nor a JPEG"),
        (b"GIF89a" + b"\0" * 100, "neither a PNG nor a JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MAX_BYTES, "larger than 1 MB"),
        (bomb(50_000, 50_000), "pixels on a side"),
        (bomb(3_900, 3_900), "million in all"),
        (png()[:-40], "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 100, "damaged"),
        (png((15, 200)), "at least 16"),
        (png((1000, 20)), "too slim"),
        (png(mode="RGBA", colour=(0, 0, 0, 0)), "nothing to see"),
    ],
)
def test_a_file_that_is_no_logo_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        as_logo(content)


def test_a_text_that_unpacks_into_a_lot_is_left_behind_or_refused() -> None:
    """Which of the two depends on what else the process has imported: the library has one switch for all."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "a" * 20_000_000, zip=True)
    with suppress(Refused):
        assert len(as_logo(png(pnginfo=notes)).content) < 1000
