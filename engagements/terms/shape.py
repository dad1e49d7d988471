"""The terms of a brief: what each is called, what has to stand in it, and in which shape it is kept. Pure.

A text term is a string. A term with rows is `{"rows": [{column: value}], "words": text}`, one with figures
`{"figures": {name: number | "none"}, "words": text}`. Briefs of schema 1 hold a string for every term; what was
signed so stays so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SCHEMA = 2
TEXT_LENGTH = 5000


class Shape(StrEnum):
    """In which shape a term is agreed."""

    TEXT = "text"
    FIGURES = "figures"
    ROWS = "rows"


class Kind(StrEnum):
    """What stands in one column of a term's rows."""

    TEXT = "text"
    REGION = "region"  # ISO 3166 code of a country or a part of one
    DAYS = "days"  # weekdays, Monday is 0
    SPANS = "spans"  # intervals of the day, see `hours`
    OUTCOME = "outcome"  # a meaning for the funnel, see `engagements.outcomes`


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a term's rows. `share` is its part of the line on paper, in percent."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    most: int = 120
    help: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is agreed, or expressly not."""

    key: str
    label: str
    none: str


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the brief: what it is called and what has to stand in it before anybody signs.

    `once` names the columns that no two rows may share; `ordered` says that the order of the rows counts.
    """

    key: str
    label: str
    asks: str
    section: str
    shape: Shape = Shape.TEXT
    columns: Sequence[Column] = ()
    figures: Sequence[Figure] = ()
    row: str = "row"
    most: int = 20
    once: str = ""
    ordered: bool = False
    words: str = "In words, where more is to be said"

    @property
    def empty(self) -> object:
        """The value of a term in which nothing stands."""
        match self.shape:
            case Shape.TEXT:
                return ""
            case Shape.FIGURES:
                return {"figures": {}, "words": ""}
        return {"rows": [], "words": ""}


WHOM, HOW, WHO = "Whom we call", "How we call", "Who does what"

TERMS = (
    Term(
        "target_market",
        "Target market",
        "Who is called: kind of business or household, size, role of the person.",
        WHOM,
    ),
    Term(
        "geography",
        "Geography",
        "Countries, states or regions that are called, and those that are not.",
        WHOM,
    ),
    Term("qualifies", "Who qualifies", "Every condition that a lead must meet to count as qualified.", WHOM),
    Term(
        "does_not_qualify", "Who does not qualify", "What rules a lead out, however interested it is.", WHOM
    ),
    Term(
        "daily_caps",
        "Daily volume caps",
        "The most dials a day, in all and per lead, and the most transfers a day.",
        HOW,
        Shape.FIGURES,
        figures=(
            Figure("dials", "Dials a day in all", "no limit agreed"),
            Figure("dials_per_lead", "Dials per lead and day", "no limit agreed"),
            Figure("transfers", "Transfers a day", "no limit agreed"),
        ),
    ),
    Term(
        "calling_hours",
        "Calling hours",
        "Per region and weekday, in the local time of the person called. A day without hours is not called.",
        HOW,
        Shape.ROWS,
        columns=(
            Column("region", "Region", most=80, help="Country, state or region"),
            Column("code", "ISO code", Kind.REGION, required=False, most=6, help="Such as US-NY"),
            Column("days", "Weekdays", Kind.DAYS),
            Column(
                "hours",
                "Hours",
                Kind.SPANS,
                required=False,
                help="Such as 9:00–12:00, 13:30–20:00. Empty: not called.",
            ),
        ),
        row="region or weekdays",
        words="Public holidays and other exceptions",
    ),
    Term(
        "lead_sources",
        "Lead sources",
        "Where leads come from, by the names that the call log uses.",
        HOW,
        Shape.ROWS,
        columns=(
            Column("name", "Name in the call log", share=28),
            Column("origin", "Where it comes from", most=200, share=50),
            Column("volume", "Expected volume", required=False, most=80, help="Optional", share=22),
        ),
        row="lead source",
        most=30,
        once="name",
    ),
    Term(
        "dispositions",
        "Disposition codes",
        "Each code of the dialer and what it means for the funnel. An import reads the codes by this list.",
        HOW,
        Shape.ROWS,
        columns=(
            Column("code", "Code", most=40, share=20),
            Column("meaning", "Means", Kind.OUTCOME, share=38),
            Column("note", "When it is used", required=False, most=200, share=42),
        ),
        row="code",
        most=60,
        once="code",
    ),
    Term(
        "systems",
        "CRM, dialer and API",
        "Which systems are used, how leads move between them, who gives access.",
        WHO,
        Shape.ROWS,
        columns=(
            Column("what", "What", share=22, help="CRM, dialer, webhook …"),
            Column("decision", "Decision", most=300, share=50),
            Column("access", "Who gives access", required=False, most=120, share=28),
        ),
        row="decision",
    ),
    Term(
        "contacts",
        "Contacts and communication",
        "Who speaks for each side, by which channel, how fast.",
        WHO,
        Shape.ROWS,
        columns=(
            Column("person", "Person or role", share=38),
            Column("channel", "Channel", share=34),
            Column("answers", "Answers within", most=60, share=28),
        ),
        row="contact",
        words="Rules for speaking with each other",
    ),
    Term(
        "escalation",
        "Escalation path",
        "Who is told when something goes wrong, in which order, how soon.",
        WHO,
        Shape.ROWS,
        columns=(
            Column("step", "When", most=200, share=34, help="What has happened"),
            Column("who", "Who is told", share=26),
            Column("after", "After how long", most=60, share=20),
            Column("channel", "Channel", share=20),
        ),
        row="step",
        most=12,
        ordered=True,
    ),
)

_BY_KEY = {term.key: term for term in TERMS}

CONSENT = (
    "I sign version {version} of the campaign brief for {organisation}. Its terms and targets are what our side "
    "agreed to, and it cannot be changed after this signature."
)


def term_of(key: str) -> Term:
    """The term with this key. Raises KeyError for any other."""
    return _BY_KEY[key]
