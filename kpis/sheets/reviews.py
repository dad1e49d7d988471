"""Reviews of calls that QA made elsewhere: call, score or items, disposition heard, reviewer, date. Pure.

A file whose dialer has no call id names the call by its time, with the agent, the number or the lead.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from common.wording import cut_short, day_text
from kpis.imports.dates import DateOrder

from .outcomes import CALL, LEAD, PHONE
from .table import Row, Table
from .values import as_date, date_order
from .which_call import Called, Marks, as_called

SCORE = ("score", "total_score", "qa_score", "score_percent", "percent")
EARNED, POSSIBLE = (
    ("points", "points_earned", "earned"),
    ("points_possible", "possible", "out_of", "max_points"),
)
HEARD = ("disposition_heard", "heard", "disposition", "correct_disposition")
REVIEWER = ("reviewer", "reviewed_by", "qa_agent", "evaluator", "auditor")
DATE = ("date", "reviewed_on", "review_date", "date_completed", "on")
AGENT = ("agent", "agent_code", "agent_id", "user", "agent_name", "full_name", "user_name")
CALLED = (
    "called_at",
    "call_started",
    "call_start",
    "started_at",
    "call_datetime",
    "call_date_time",
    "interaction_start",
)
CALL_DAY, CALL_HOUR = ("call_date", "interaction_date"), ("call_time", "start_time", "time_of_call")
COMMENT = ("comment", "comments", "note", "notes")
COLUMNS = frozenset(
    {*CALL, *LEAD, *PHONE, *AGENT, *CALLED, *CALL_DAY, *CALL_HOUR, *SCORE, *EARNED, *POSSIBLE, *HEARD, *REVIEWER, *DATE,
     *COMMENT}
)  # fmt: skip
ITEM = re.compile(r"^item[ _:]+(.+)$")
MOST_ITEMS = 60
NUMBER = re.compile(r"^([0-9]{1,6}(?:\.[0-9]{1,4})?) ?%?$")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review as a file has it; the score in percent, None where it scores nothing."""

    row_no: int
    call: str
    score: Decimal | None
    heard: str
    reviewer: str
    on: date
    comment: str = ""
    called: Called | None = None
    agent: str = ""
    phone: str = ""
    lead: str = ""
    items: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> Marks | None:
        """By what the call can be found where its id does not tell; None without a time and something beside it."""
        if self.called is None or not (self.agent or self.phone or self.lead or self.call):
            return None
        return Marks(self.called, self.call, self.agent, self.phone, self.lead)


def _names_calls(names: frozenset[str]) -> bool:
    timed = names & {*CALLED, *CALL_DAY, *CALL_HOUR}
    return bool(names & set(CALL)) or bool(timed and names & {*AGENT, *PHONE, *LEAD})


def is_column(name: str) -> bool:
    """Whether a column of this name is read."""
    return name in COLUMNS or ITEM.match(name) is not None


def is_reviews(names: frozenset[str]) -> bool:
    """Whether a header is that of QA reviews, beyond doubt."""
    scored = bool(names & {*SCORE, *EARNED}) or any(ITEM.match(name) for name in names)
    return _names_calls(names) and bool(names & set(REVIEWER)) and scored


def reviews_gaps(names: frozenset[str]) -> list[str]:
    """Which columns a file of reviews lacks; empty: none."""
    gaps = []
    if not _names_calls(names):
        gaps.append(
            "Columns must say which call it is: call_id, or called_at with agent, phone or lead_id beside it."
        )
    if not (names & {*SCORE, *EARNED, *HEARD} or any(ITEM.match(name) for name in names)):
        gaps.append("A column must give the score, points, items or the disposition heard.")
    if not names & set(REVIEWER):
        gaps.append("A column must name the reviewer.")
    if not names & set(DATE):
        gaps.append("A column must say when: date.")
    return gaps


def read_reviews(
    table: Table, *, said: DateOrder | None, today: date, zone: str
) -> tuple[list[Reviewed], list[tuple[int, str]]]:
    """The reviews of a file, and the lines that cannot be used with the reason. Raises Refused for it as a whole.

    Times of calls without an offset are read in `zone`.
    """
    texts = [text for row in table.rows for text in (row.first(DATE), *_times(row)) if text]
    order = date_order(texts, said)
    found: dict[object, Reviewed] = {}
    refused = list(table.bad)
    for row in table.rows:
        read = _row(row, order, today, zone)
        if isinstance(read, str):
            refused.append((row.row_no, read))
            continue
        means = read.call or read.marks
        if means in found:
            which = f"The call {cut_short(read.call)}" if read.call else "This call"
            refused.append((row.row_no, f"{which} stands in the file twice."))
        else:
            found[means] = read
    return list(found.values()), sorted(refused)


def _times(row: Row) -> list[str]:
    """The time of the call as one cell has it, or a cell of the day with one of the hour."""
    day, hour = row.first(CALL_DAY), row.first(CALL_HOUR)
    return [text for text in (row.first(CALLED), f"{day} {hour}".strip(), hour, day) if text]


def _row(row: Row, order: DateOrder | None, today: date, zone: str) -> Reviewed | str:
    call, reviewer, text = row.first(CALL), row.first(REVIEWER), row.first(DATE)
    agent, phone, lead = row.first(AGENT), row.first(PHONE), row.first(LEAD)
    times = _times(row)
    called = next((read for written in times if (read := as_called(written, order, zone))), None)
    if not call and not times:
        return "The row names no call."
    if not call and called is None:
        return f"“{cut_short(times[0])}” is no time of a call: write it as 2026-03-12 14:05:33."
    if not call and not (agent or phone or lead):
        return "Beside the time, the row must name the agent, the number or the lead."
    if not reviewer:
        return "The reviewer is missing."
    if max(len(call), len(reviewer)) > 120:
        return "A call's id and a reviewer's name have at most 120 characters."
    on = as_date(text, order, zone)
    if on is None:
        return f"“{cut_short(text)}” is no date: write it as 2026-03-12." if text else "The date is missing."
    if on > today:
        return f"{day_text(on)} has not come yet."
    heard = row.first(HEARD)
    if len(heard) > 80:
        return "A disposition has at most 80 characters."
    score = _score(row)
    if isinstance(score, str):
        return score
    items = {match[1][:80]: cell for name, cell in row.cells.items() if cell and (match := ITEM.match(name))}
    if score is None and not heard and not items:
        return "The row has neither a score nor a disposition."
    return Reviewed(
        row.row_no,
        call,
        score,
        heard,
        reviewer,
        on,
        row.first(COMMENT),
        called,
        agent,
        phone,
        lead,
        dict(list(items.items())[:MOST_ITEMS]),
    )


def _score(row: Row) -> Decimal | str | None:
    """Percent: as written, or of points earned and possible; None where there is none."""
    if text := row.first(SCORE):
        number = NUMBER.match(text)
        if not number or Decimal(number[1]) > 100:
            return f"“{cut_short(text)}” is no score in percent, 0 to 100."
        return round(Decimal(number[1]), 2)
    earned, possible = row.first(EARNED), row.first(POSSIBLE)
    if not earned or not possible:
        return None
    above, below = NUMBER.match(earned), NUMBER.match(possible)
    if not above or not below or not Decimal(below[1]) or Decimal(above[1]) > Decimal(below[1]):
        return f"{cut_short(earned)} of {cut_short(possible)} points is no score."
    return round(100 * Decimal(above[1]) / Decimal(below[1]), 2)
