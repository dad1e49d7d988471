"""A font of five shapes, one for each state: as text they are tagged and read aloud, and cost less than pictures."""

import base64
from functools import cache
from io import BytesIO
from math import cos, pi, sin

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from reports.paper import SHAPES

FAMILY = "tollgate-states"
_EM, _SIZE = 1000, 0.84  # the shapes stand a little smaller than the letters beside them
_ADVANCE, _SPACE = (
    round(900 * _SIZE),
    281,
)  # a space after a shape is set in the shape's font: as wide as Inter's
_ASCENT, _DESCENT = 969, 241  # as Inter's: a line stands on the same base line with a shape as without
type Contour = list[tuple[float, float]]


@cache
def font_face() -> str:
    """The @font-face rule of the shapes, with the font as data."""
    data = base64.b64encode(_font()).decode()
    return f"@font-face {{ font-family: {FAMILY}; src: url(data:font/ttf;base64,{data}) }}"


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
    spaces = {ord(space): "space" for space in " \u00a0"}
    builder.setupCharacterMap(spaces | {ord(shape): state for state, shape in SHAPES.items()})
    glyphs = {name: _glyph(contours) for name, contours in drawn.items()}
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(
        {
            name: (_SPACE if name == "space" else _ADVANCE, getattr(glyph, "xMin", 0))
            for name, glyph in glyphs.items()
        }
    )
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=-_DESCENT)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY})
    builder.setupOS2(
        sTypoAscender=_ASCENT, sTypoDescender=-_DESCENT, usWinAscent=_ASCENT, usWinDescent=_DESCENT
    )
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    written = BytesIO()
    builder.save(written)
    return written.getvalue()


def _glyph(contours: list[Contour]) -> object:
    pen = TTGlyphPen(None)
    for contour in contours:
        points = [(round(x * _SIZE), round(y * _SIZE)) for x, y in contour]
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
