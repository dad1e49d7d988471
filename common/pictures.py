"""A picture that somebody brought, made again as one that is safe to show anywhere. Knows no app."""

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, ImageStat

from .errors import Refused

MAX_BYTES = 1024 * 1024
MAX_SIDE = 4000
MAX_PIXELS = 8_000_000  # decides before anything is unpacked: some 32 MB of memory
MIN_SIDE = 16
SLIMMEST = 12  # how many times wider than high, or higher than wide, a logo may be
# What a page shows at most, three times as fine; on paper some 40 mm at 300 dots an inch.
SHOWN = (480, 160)
KINDS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
LIGHT_PLATE, DARK_PLATE = (255, 255, 255), (27, 36, 48)
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    struct.error,
    zlib.error,
    MemoryError,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG without anything that came with the file: no names, no places, no second picture."""

    content: bytes
    width: int
    height: int


def as_logo(content: bytes) -> Picture:
    """The picture of a file as an opaque PNG of at most 480 × 160 pixels. Raises Refused with what is wrong.

    What is transparent gets a plate on which the rest can be seen, so that it looks the same on every page and paper.
    """
    if not content:
        raise Refused("The file is empty.")
    if len(content) > MAX_BYTES:
        raise Refused(f"The file is larger than {MAX_BYTES // 1024**2} MB. Save the logo smaller.")
    if not any(content.startswith(signature) for signature in KINDS.values()):
        raise Refused(
            "The file is neither a PNG nor a JPEG picture, whatever its name says. Save the logo as PNG."
        )
    try:
        with Image.open(io.BytesIO(content), formats=list(KINDS)) as picture:
            _check_size(*picture.size)
        with Image.open(io.BytesIO(content), formats=list(KINDS)) as picture:
            picture.verify()
        with Image.open(io.BytesIO(content), formats=list(KINDS)) as picture:
            if picture.format == "JPEG":
                picture.draft("RGB", (SHOWN[0] * 2, SHOWN[1] * 2))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except Image.DecompressionBombError as bomb:
        raise Refused(_too_many_pixels()) from bomb
    except _BROKEN as broken:
        raise Refused("The picture cannot be read: the file is damaged. Save the logo again.") from broken
    upright.thumbnail(SHOWN, Image.Resampling.LANCZOS)
    flat = Image.new("RGB", upright.size, _plate(upright))
    flat.paste(upright, mask=upright.getchannel("A"))
    made = io.BytesIO()
    flat.save(made, "PNG", optimize=True)
    return Picture(made.getvalue(), *flat.size)


def _too_many_pixels() -> str:
    return (
        f"The picture has more than {MAX_SIDE:,} pixels on a side or {MAX_PIXELS // 10**6} million in all. "
        "Save the logo smaller."
    )


def _check_size(width: int, height: int) -> None:
    """By what the file says of itself, before anything of it is unpacked."""
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Refused(_too_many_pixels())
    if min(width, height) < MIN_SIDE:
        raise Refused(
            f"The picture is {width} × {height} pixels; a logo needs at least {MIN_SIDE} on each side."
        )
    if max(width, height) > SLIMMEST * min(width, height):
        raise Refused(
            f"The picture is {width} × {height} pixels: too slim to be seen. Cut it to at most {SLIMMEST} to 1."
        )


def _plate(picture: Image.Image) -> tuple[int, int, int]:
    """Dark where what is drawn is light, else white."""
    alpha = picture.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return LIGHT_PLATE
    if not alpha.getbbox():
        raise Refused("The picture is transparent throughout: there is nothing to see.")
    light = ImageStat.Stat(picture.convert("L"), mask=alpha.point(lambda value: 255 if value > 127 else 0))
    return DARK_PLATE if light.count[0] and light.mean[0] > 200 else LIGHT_PLATE
