"""A font of five shapes, one for each state: as text they are tagged and read aloud, and cost less than pictures."""

import base64
from functools import cache
from io import BytesIO
from math import cos, pi, sin

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

FAMILY = "tollgate-states"
SHAPES = {"passed": "✓", "open": "○", "blocked": "■", "held": "‖", "late": "!"}
_EM, _ADVANCE, _SPACE = 1000, 900, 300
type Contour = list[tuple[float, float]]


@cache
def font_face() -> str:
    """The @font-face rule of the shapes, with the font as data."""
    return (
        f"@font-face {{ font-family: {FAMILY}; src: url(data:font/ttf;base64,{base64.b64encode(_font()).decode()}) }}\n"
        + "\n".join(f'.state.{state}::before {{ content: "{shape} "; }}' for state, shape in SHAPES.items())
    )


def _font() -> bytes:
    """The TrueType file. Made from the numbers below alone, it has the same bytes every time."""
    drawn: dict[str, list[Contour]] = {
        ".notdef": [],
        "space": [],
        "passed": [
            [(350.0, 60.0), (920.0, 670.0), (780.0, 800.0), (350.0, 330.0), (140.0, 540.0), (0.0, 400.0)]
        ],
        "open": [_ring(440, 430, 440), _ring(440, 430, 300)[::-1]],
        "blocked": [_box(60, 50, 820, 810)],
        "held": [_box(160, 20, 350, 840), _box(530, 20, 720, 840)],
        "late": [_box(350, 330, 550, 880), _ring(450, 120, 130)],
    }
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(list(drawn))
    builder.setupCharacterMap({ord(" "): "space", **{ord(shape): state for state, shape in SHAPES.items()}})
    glyphs = {name: _glyph(contours) for name, contours in drawn.items()}
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(
        {
            name: (_SPACE if name == "space" else _ADVANCE, getattr(glyph, "xMin", 0))
            for name, glyph in glyphs.items()
        }
    )
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY})
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-200, usWinAscent=900, usWinDescent=200)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    written = BytesIO()
    builder.save(written)
    return written.getvalue()


def _glyph(contours: list[Contour]) -> object:
    pen = TTGlyphPen(None)
    for contour in contours:
        points = [(round(x), round(y)) for x, y in contour]
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def _box(left: float, bottom: float, right: float, top: float) -> Contour:
    return [(left, bottom), (left, top), (right, top), (right, bottom)]


def _ring(x: float, y: float, radius: float, steps: int = 40) -> Contour:
    """A circle as a polygon, so fine that no eye sees it at the size of text."""
    return [
        (x + radius * sin(2 * pi * step / steps), y + radius * cos(2 * pi * step / steps))
        for step in range(steps)
    ]
