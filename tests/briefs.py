"""Whole briefs for tests, and what a browser sends when somebody types one."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from common.hashing import content_hash
from engagements.brief_form import Typed
from engagements.rules import BriefContent
from engagements.terms import STANDARD_METRICS, TERMS, Shape
from engagements.terms.shape import Term

ROWS: dict[str, list[dict[str, Any]]] = {
    "calling_hours": [
        {"region": "New York", "code": "US-NY", "days": [0, 1, 2, 3, 4], "hours": [[540, 720], [780, 1200]]},
        {"region": "New York", "code": "US-NY", "days": [5], "hours": [[600, 960]]},
    ],
    "lead_sources": [{"name": "Web form", "origin": "Form on the client's site", "volume": "60 a day"}],
    "dispositions": [
        {"code": "QUAL", "meaning": "qualified", "note": "Fits all conditions"},
        {"code": "NA", "meaning": "no_answer", "note": ""},
    ],
    "systems": [{"what": "CRM", "decision": "The client's, by webhook", "access": "Clara Lind"}],
    "contacts": [{"person": "Clara Lind", "channel": "e-mail", "answers": "a day"}],
    "escalation": [
        {"step": "Transfers fail", "who": "Supervisor", "after": "at once", "channel": "phone"},
        {"step": "Still failing", "who": "Client lead", "after": "2 hours", "channel": "phone"},
    ],
}
FIGURES = {"dials": 260, "dials_per_lead": 2, "transfers": "none"}


def whole_term(term: Term, words: str) -> Any:
    """A value that fills this term; its text is `words`."""
    match term.shape:
        case Shape.TEXT:
            return words
        case Shape.FIGURES:
            return {"figures": dict(FIGURES), "words": words}
    return {"rows": [dict(row) for row in ROWS[term.key]], "words": words}


def whole_brief(name: str = "About", **terms: Any) -> BriefContent:
    """A brief that can be signed: "About Geography" and so on, a target for the contact rate."""
    filled = {term.key: whole_term(term, f"{name} {term.label}") for term in TERMS}
    metrics = [replace(STANDARD_METRICS[0], target=Decimal("0.12")), *STANDARD_METRICS[1:]]
    return BriefContent({**filled, **terms}, metrics)


def typed(content: BriefContent, seen: str = "", **changes: Any) -> dict[str, Any]:
    """The form of the brief as a browser sends it with this content typed in."""
    form = Typed.of(content)
    sent: dict[str, Any] = {name: value for name, value in form.initial().items() if value is not False}
    sent |= {f"{key}-rows": str(len(rows)) for key, rows in form.rows.items()}
    sent = {name: "on" if value is True else value for name, value in sent.items()}
    parts = " ".join(f"{key}:{_short(part)}" for key, part in content.parts().items())
    return sent | {"seen": seen, "parts": parts} | changes


def _short(part: object) -> str:
    return content_hash(part)[:16]
