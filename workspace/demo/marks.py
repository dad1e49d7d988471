"""The colours of the demo's organisations, and a logo for each, drawn of a few shapes and the name."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from .cast import BRIGHTWELL, HARBOUR, LAKESIDE, NORTHLINE, RIDGEWAY

COLOURS = {
    NORTHLINE: "#1d5fa6",
    RIDGEWAY: "#0f7264",
    HARBOUR: "#8a3b12",
    BRIGHTWELL: "#6b3fa0",
    LAKESIDE: "#0b6b8f",
}
SIDE, GAP, EDGE, TYPE = 120, 22, 14, 52

type Shape = Sequence[tuple[int, int]]

# In a square of 120: a needle, two ridges, the panes of a window, rays, a roof over waves.
SHAPES: dict[str, Sequence[Shape]] = {
    NORTHLINE: [[(60, 14), (88, 106), (60, 84), (32, 106)]],
    RIDGEWAY: [[(10, 96), (46, 34), (70, 74), (58, 96)], [(64, 96), (86, 52), (112, 96)]],
    HARBOUR: [
        [(24, 22), (56, 22), (56, 56), (24, 56)],
        [(64, 22), (96, 22), (96, 56), (64, 56)],
        [(24, 64), (56, 64), (56, 98), (24, 98)],
        [(64, 64), (96, 64), (96, 98), (64, 98)],
    ],
    BRIGHTWELL: [[(66, 10), (28, 68), (56, 68), (48, 110), (92, 48), (62, 48)]],
    LAKESIDE: [[(60, 16), (104, 52), (16, 52)], [(28, 60), (92, 60), (92, 100), (28, 100)]],
}


def logo_of(organisation: str) -> bytes:
    """A PNG: the organisation's mark, and beside it the first word of its name."""
    word = organisation.partition(" ")[0]
    font = ImageFont.load_default(TYPE)
    width = round(font.getlength(word))
    picture = Image.new("RGB", (SIDE + GAP + width + 2 * EDGE, SIDE + 2 * EDGE), "white")
    pen = ImageDraw.Draw(picture)
    colour = COLOURS[organisation]
    pen.rounded_rectangle((EDGE, EDGE, EDGE + SIDE, EDGE + SIDE), radius=18, fill=colour)
    for shape in SHAPES[organisation]:
        pen.polygon([(EDGE + x, EDGE + y) for x, y in shape], fill="white")
    pen.text((EDGE + SIDE + GAP, EDGE + SIDE / 2), word, font=font, fill=colour, anchor="lm")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
