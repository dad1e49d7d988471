"""How the mails look: mail programs drop style sheets, so that every element carries its own style.

Text and ground are always set together, so that a program which darkens by itself darkens both; one that knows how to
ask for dark colours finds them in the head of the template, under the class names used here.
"""

from dataclasses import dataclass

FONT = "font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif"
INK, MUTED, HAIR, GROUND, CARD, LINK = "#1b2430", "#55606e", "#d5dae1", "#f3f4f6", "#ffffff", "#1d4ed8"
_TEXT = f"{FONT};font-size:15px;line-height:22px;color:{INK}"
_SMALL = f"{FONT};font-size:13px;line-height:19px;color:{MUTED}"
_CELL = f"{_TEXT};padding:7px 10px 7px 0;border-top:1px solid {HAIR};vertical-align:top"
_HEAD = f"{_SMALL};font-weight:normal;text-align:left;padding:0 10px 5px 0;vertical-align:bottom"
_FIGURES = "text-align:right;font-variant-numeric:tabular-nums"

STYLES = {
    "page": f"margin:0;padding:0;background-color:{GROUND};color:{INK}",
    "wide": f"width:100%;background-color:{GROUND}",
    "around": "padding:16px 0",
    "card": f"width:100%;max-width:600px;background-color:{CARD};border:1px solid {HAIR}",
    "inside": "padding:24px 20px",
    "hidden": "display:none;max-height:0;overflow:hidden",
    "brand": f"{_SMALL};margin:0 0 16px;font-weight:bold",
    "h1": f"{FONT};font-size:20px;line-height:27px;font-weight:bold;color:{INK};margin:0 0 4px",
    "h2": f"{FONT};font-size:18px;line-height:25px;font-weight:bold;color:{INK};margin:0",
    "h3": f"{FONT};font-size:15px;line-height:22px;font-weight:bold;color:{INK};margin:0 0 8px",
    "h4": f"{FONT};font-size:14px;line-height:20px;font-weight:bold;color:{INK};margin:18px 0 4px",
    "text": f"{_TEXT};margin:0 0 8px",
    "small": f"{_SMALL};margin:0 0 8px",
    "section_table": "margin:20px 0 0",
    "section": f"padding:22px 0 0;border-top:2px solid {INK}",
    "part": "padding:16px 0 6px",
    "mark": f"{FONT};font-size:13px;line-height:20px;font-weight:bold;color:#9a3412;"
    "border:1px solid #9a3412;padding:1px 7px",
    "calibration": f"{FONT};font-size:13px;line-height:20px;color:{MUTED};border:1px dashed {MUTED};padding:1px 7px",
    "marks": "margin:0 0 10px",
    "verdict": f"{FONT};font-size:17px;line-height:24px;font-weight:bold;color:{INK};padding:2px 0 2px 12px;"
    f"border-left:4px solid {INK}",
    "gap": "height:10px;line-height:10px",
    "warn": "color:#9a3412;font-weight:bold",
    "note": f"{_SMALL};margin:14px 0 0",
    "act": "margin:18px 0 8px",
    "list": f"{_TEXT};margin:0;padding:0 0 0 20px",
    "item": f"{_TEXT};margin:0 0 4px",
    "table": "width:100%;border-collapse:collapse;margin:0",
    "caption": f"{FONT};font-size:14px;line-height:20px;font-weight:bold;color:{INK};text-align:left;"
    "padding:16px 0 6px",
    "head": _HEAD,
    "head_number": f"{_HEAD};text-align:right",
    "cell": _CELL,
    "cell_number": f"{_CELL};{_FIGURES}",
    "value": f"{_CELL};{_FIGURES};font-weight:bold;white-space:nowrap",
    "detail": f"{FONT};font-size:13px;line-height:18px;font-weight:normal;color:{MUTED}",
    "button": f"{FONT};font-size:15px;line-height:20px;font-weight:bold;color:#ffffff;background-color:{LINK};"
    f"text-decoration:none;display:inline-block;padding:10px 16px;border:1px solid {LINK};border-radius:4px",
    "link": f"color:{LINK};text-decoration:underline",
    "foot": f"padding:18px 0 0;border-top:1px solid {HAIR}",
}


@dataclass(frozen=True, slots=True)
class Look:
    """A state in a mail: its shape, and its class and colour beside the word."""

    shape: str
    css: str
    style: str


def _look(shape: str, css: str, colour: str) -> Look:
    return Look(shape, css, f"color:{colour};font-weight:bold")


STATES = {
    "passed": _look("✓", "good", "#166534"),
    "late": _look("!", "bad", "#9a3412"),
    "open": _look("○", "muted", MUTED),
}
