"""What becomes of an organisation's colour: whether it can be read, and what is used where it cannot. Pure.

Contrast is that of WCAG 2.2 (relative luminance); lightness is moved in OKLCH, which keeps the hue (Björn Ottosson,
"A perceptual color space for image processing", 2020).
"""

import hashlib
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

# The least bright ground of a light page and the brightest of a dark one: what can be read here can be read anywhere.
LIGHT_GROUND = "#f5f5f5"
DARK_GROUND = "#262626"
READABLE = 4.5
# Below this a colour is a grey, and a link in it could not be told from text.
LEAST_CHROMA = 0.04
# How far its lightness may be moved: any further, and it would be another colour. A navy stays blue when it is lit up,
# a yellow made dark is brown.
FARTHEST = {LIGHT_GROUND: 0.3, DARK_GROUND: 0.45}
NEUTRAL = {LIGHT_GROUND: "#0a5fb4", DARK_GROUND: "#7db8f5"}
_STEP = 0.005


class Use(StrEnum):
    """What a ground makes of a colour."""

    AS_IS = "as it is"
    DARKER = "darker"
    LIGHTER = "lighter"
    GREY = "grey"
    FAR = "too far"


@dataclass(frozen=True, slots=True)
class Tone:
    """The colour for one ground: what text, links and buttons have there."""

    colour: str
    use: Use
    contrast: float  # of the colour as it was given, against the ground

    @property
    def own(self) -> bool:
        """Whether it is the organisation's colour, as it is or moved, and not Tollgate's."""
        return self.use not in (Use.GREY, Use.FAR)

    @property
    def sentence(self) -> str:
        """What happens on this ground, in the reader's words."""
        given = f"its contrast is {self.contrast:.1f} to 1"
        match self.use:
            case Use.AS_IS:
                return f"Text, links and buttons have it as it is: {given}."
            case Use.GREY:
                return f"Links in a grey cannot be told from text, so Tollgate’s own colour, {self.colour}, is used."
            case Use.FAR:
                return (
                    f"It cannot be read here ({given}) and would have to become another colour, "
                    f"so Tollgate’s own, {self.colour}, is used."
                )
            case _:
                return (
                    f"Text, links and buttons have it {self.use}, {self.colour}: "
                    f"{given}, and text needs {READABLE} to 1."
                )


@dataclass(frozen=True, slots=True)
class Accent:
    """An organisation's colour in use: on light pages and paper, and on dark pages."""

    light: Tone
    dark: Tone

    @property
    def hover(self) -> str:
        """The colour of a filled button under the pointer; white can be read on it as well."""
        lightness, chroma, hue = _oklch(self.light.colour)
        return _within_gamut(max(lightness - 0.06, 0.0), chroma, hue)


def parse_colour(text: str) -> str | None:
    """The colour as "#rrggbb", from "#0A5FB4", "0a5fb4" or "#05b"; None for anything else."""
    found = re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", text.strip().lower())
    if not found:
        return None
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


def accent_of(colour: str) -> Accent:
    """What is used of a colour ("#rrggbb") on light and on dark pages."""
    return Accent(_tone(colour, LIGHT_GROUND), _tone(colour, DARK_GROUND))


def _tone(colour: str, ground: str) -> Tone:
    given = contrast(colour, ground)
    lightness, chroma, hue = _oklch(colour)
    if chroma < LEAST_CHROMA:
        return Tone(NEUTRAL[ground], Use.GREY, given)
    if given >= READABLE:
        return Tone(colour, Use.AS_IS, given)
    down = ground == LIGHT_GROUND
    for moved in range(1, round(FARTHEST[ground] / _STEP) + 1):
        to = lightness + (-moved if down else moved) * _STEP
        candidate = _within_gamut(min(max(to, 0.0), 1.0), chroma, hue)
        if contrast(candidate, ground) >= READABLE:
            return Tone(candidate, Use.DARKER if down else Use.LIGHTER, given)
    return Tone(NEUTRAL[ground], Use.FAR, given)


@lru_cache(maxsize=256)
def stylesheet(colour: str) -> str:
    """The rules that give a page this colour as its accent."""
    accent = accent_of(colour)
    light = accent.light.colour
    channels = ",".join(str(channel) for channel in _channels(light))
    return (
        f":root{{--tg-accent:light-dark({light},{accent.dark.colour});--tg-fill:{light};"
        f"--tg-fill-hover:{accent.hover};--tblr-primary:{light};--tblr-primary-rgb:{channels}}}\n"
    )


@lru_cache(maxsize=256)
def sheet_name(colour: str) -> str:
    """The name of a colour's style sheet: the colour and a hash of what the sheet says, so that it never changes."""
    return f"{colour.removeprefix('#')}-{hashlib.sha256(stylesheet(colour).encode()).hexdigest()[:12]}"


def sheet_called(name: str) -> str | None:
    """The style sheet of this name; None where there is none (any more)."""
    colour = parse_colour(name.partition("-")[0])
    return stylesheet(colour) if colour and sheet_name(colour) == name else None


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1), chroma and hue (in radians)."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _within_gamut(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour that a screen has: as lively as it can be at this lightness."""
    slack = 1e-4
    while chroma > 0 and not all(-slack <= value <= 1 + slack for value in _rgb(lightness, chroma, hue)):
        chroma = max(chroma - 0.002, 0.0)
    return "#" + "".join(f"{_encoded(value):02x}" for value in _rgb(lightness, chroma, hue))


def _encoded(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    encoded = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(encoded * 255)
