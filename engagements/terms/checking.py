"""What is wrong with the value of a term, and what still lacks before anybody can sign. Pure: reasons out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engagements.outcomes import Outcome

from .hours import overlaps
from .shape import Column, Kind, Shape, Term

_REGION = re.compile(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
MOST_OF_A_FIGURE = 10_000_000


def parse_region(text: str) -> str:
    """Read an ISO 3166 code such as "us-ny". Raises ValueError for anything that cannot be one."""
    code = text.strip().upper()
    if code and not _REGION.match(code):
        raise ValueError("Write an ISO code such as US or US-NY, or leave it empty.")
    return code


def row_faults(term: Term, rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, str, str]]:
    """Say what is wrong within and between the rows of a term: (row from 0, column, reason)."""
    faults = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        faults += [
            (number, column.key, reason) for column in term.columns if (reason := cell_fault(column, row))
        ]
        if term.once:
            name = str(row.get(term.once, "")).strip().lower()
            if name and name in seen:
                faults.append((number, term.once, f"“{row[term.once]}” stands in an earlier row already."))
            seen.add(name)
    if any(column.kind is Kind.SPANS for column in term.columns):
        faults += [(number, "hours", reason) for number, reason in overlaps(rows)]
    return faults


def cell_fault(column: Column, row: Mapping[str, Any]) -> str:
    """Say what is wrong with one cell; nothing when it is right."""
    value = row.get(column.key)
    if column.required and not value:
        return "Choose at least one weekday." if column.kind is Kind.DAYS else f"“{column.label}” is empty."
    if column.kind is Kind.OUTCOME and value not in Outcome.values:
        return "Choose what the code means for the funnel."
    return ""


def term_faults(term: Term, value: Any) -> list[str]:
    """Say what cannot be kept of a term, not even in a draft."""
    if isinstance(value, str) or not value:
        return []
    if term.shape is Shape.TEXT:
        return [f"“{term.label}” is a text."]
    rows = value.get("rows", [])
    faults = [f"“{term.label}”, {term.row} {n + 1}: {reason}" for n, _, reason in row_faults(term, rows)]
    if len(rows) > term.most:
        faults.append(f"“{term.label}” holds {term.most} rows at most.")
    for figure in value.get("figures", {}).values():
        if figure != "none" and not (isinstance(figure, int) and 0 < figure <= MOST_OF_A_FIGURE):
            faults.append(f"“{term.label}” takes whole numbers above 0.")
    return faults


def term_gap(term: Term, value: Any) -> str:
    """Say what a term lacks before anybody can sign; nothing when it is whole."""
    if term.shape is Shape.TEXT:
        return "" if isinstance(value, str) and value.strip() else f"“{term.label}” is still empty."
    if isinstance(value, str) or not value:
        rewritten = isinstance(value, str) and value.strip()
        return f"“{term.label}” is still {'a text only: say it in ' if rewritten else 'empty'}" + (
            f"{'figures' if term.shape is Shape.FIGURES else 'rows'}." if rewritten else "."
        )
    if term.shape is Shape.FIGURES:
        open_figures = [f.label.lower() for f in term.figures if value.get("figures", {}).get(f.key) is None]
        if not open_figures:
            return ""
        return (
            f"“{term.label}” does not say: {', '.join(open_figures)}. Give a number, or that none is agreed."
        )
    rows = value.get("rows", [])
    if not rows:
        return (
            f"“{term.label}” is still empty."
            if not value.get("words")
            else f"“{term.label}” has no {term.row} yet."
        )
    if term.key == "calling_hours" and not any(row.get("hours") for row in rows):
        return "“Calling hours” lets nobody be called: no row has hours."
    return ""
