"""A file of outcomes: which call or lead, what became of it, when, and for how much. Pure.

Either one column names the stage reached (show, close, no-show), or columns of yes and no say whether the lead was
shown and closed. Which call is meant is found elsewhere; here a row only has to name one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from common.wording import cut_short, day_text, joined
from engagements.stages import Stage
from kpis.imports.dates import DateOrder

from .table import Row, Table
from .values import as_amount, as_date, as_yes, date_order

CALL = ("call_id", "callid", "call_ref", "uniqueid", "conversation_id", "interaction_id")
LEAD = ("lead_id", "leadid", "lead_ref", "lead", "contact_id")
PHONE = ("phone", "phone_number", "phone_number_dialed", "number_dialed", "customer_number")
STAGE = ("stage", "outcome", "stage_reached", "result", "status")
SHOWN = ("showed", "shown", "show", "attended")
CLOSED = ("closed", "close", "sold", "sale", "won")
DATE = ("date", "day", "on", "outcome_date", "stage_date", "closed_on", "close_date", "shown_on", "show_date")
AMOUNT = ("amount", "value", "deal_value", "deal_amount", "revenue")
COLUMNS = frozenset({*CALL, *LEAD, *PHONE, *STAGE, *SHOWN, *CLOSED, *DATE, *AMOUNT})
# Words under which CRMs write a stage; compared without case, spaces, underscores and hyphens.
WORDS = {
    **dict.fromkeys(("noshow", "missed", "didnotshow", "didntshow"), Stage.TRANSFER),
    **dict.fromkeys(("show", "shown", "showed", "attended", "met", "demo", "demoheld"), Stage.SHOW),
    **dict.fromkeys(("close", "closed", "closedwon", "won", "sale", "sold"), Stage.CLOSE),
}
NAMES = {Stage.TRANSFER: "no-show", Stage.SHOW: "shown", Stage.CLOSE: "closed"}
LONGEST_REF = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row says. `final` says that a call that is shown was not closed, so it can take a close back."""

    row_no: int
    call: str
    lead: str
    phone: str
    stage: Stage
    tells_close: bool
    final: bool
    on: date
    value: Decimal | None = None


def is_outcomes(names: frozenset[str]) -> bool:
    """Whether a header is that of a file of outcomes, beyond doubt."""
    told = bool(names & {"stage", "stage_reached", "outcome"} or names & set(SHOWN) or names & set(CLOSED))
    return bool(names & {*CALL, *LEAD, *PHONE}) and told and bool(names & set(DATE))


def outcome_gaps(names: frozenset[str]) -> list[str]:
    """Which columns a file of outcomes lacks; empty: none."""
    gaps = []
    if not names & {*CALL, *LEAD, *PHONE}:
        gaps.append("A column must say which call it is: call_id, lead_id or phone.")
    if not names & {*STAGE, *SHOWN, *CLOSED}:
        gaps.append("A column must say what became of it: stage, or showed and closed with yes and no.")
    if not names & set(DATE):
        gaps.append("A column must say when: date.")
    return gaps


def read_outcomes(
    table: Table, *, said: DateOrder | None, today: date, zone: str
) -> tuple[list[Outcome], list[tuple[int, str]]]:
    """What the rows say, and the lines that cannot be used with the reason. Raises Refused for the file as a whole.

    Moments with an offset are days in `zone`.
    """
    order = date_order((row.first(DATE) for row in table.rows), said)
    found: list[Outcome] = []
    refused = list(table.bad)
    for row in table.rows:
        read = _row(row, frozenset(table.names), order, today, zone)
        if isinstance(read, str):
            refused.append((row.row_no, read))
        else:
            found.append(read)
    return found, sorted(refused)


def _row(row: Row, names: frozenset[str], order: DateOrder | None, today: date, zone: str) -> Outcome | str:
    call, lead, phone = row.first(CALL), row.first(LEAD), row.first(PHONE)
    if not (call or lead or phone):
        return "The row names no call, no lead and no number."
    if max(len(call), len(lead)) > LONGEST_REF:
        return f"An id has at most {LONGEST_REF} characters."
    told = _stage(row, names)
    if isinstance(told, str):
        return told
    stage, tells_close, final = told
    text = row.first(DATE)
    on = as_date(text, order, zone)
    if on is None:
        return f"“{cut_short(text)}” is no date: write it as 2026-03-12." if text else "The date is missing."
    if on > today:
        return f"{day_text(on)} has not come yet."
    value = None
    if amount := row.first(AMOUNT):
        read = as_amount(amount)
        if isinstance(read, str):
            return read
        value = read
    return Outcome(row.row_no, call, lead, phone, stage, tells_close, final, on, value)


def _stage(row: Row, names: frozenset[str]) -> tuple[Stage, bool, bool] | str:
    """The stage, whether the file says anything of closes, and whether it says that there was none."""
    if written := row.first(STAGE):
        folded = "".join(letter for letter in written.casefold() if letter.isalnum())
        stage = WORDS.get(folded)
        if stage is None:
            return f"“{cut_short(written)}” is no outcome: write show, close or no-show."
        return stage, True, stage is not Stage.SHOW
    shown_text, closed_text = row.first(SHOWN), row.first(CLOSED)
    shown, closed = as_yes(shown_text), as_yes(closed_text)
    for text, read in ((shown_text, shown), (closed_text, closed)):
        if text and read is None:
            return f"“{cut_short(text)}” is neither yes nor no."
    if closed:
        if shown is False:
            return "The row says closed and not shown at once."
        return Stage.CLOSE, True, True
    if shown:
        return Stage.SHOW, closed is not None or not names.isdisjoint(CLOSED), closed is not None
    if shown is None:
        return (
            "The row does not say whether the lead was shown."
            if closed is False
            else "The row does not say what became of the call."
        )
    return Stage.TRANSFER, True, True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that a row may mean; `transferred` says that its own code makes it a transfer."""

    key: int
    day: date
    transferred: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """A row with the one call that it means."""

    row: Outcome
    key: int
    day: date


def match(
    rows: list[Outcome],
    *,
    by_call: dict[str, list[Candidate]],
    by_lead: dict[str, list[Candidate]],
    by_phone: dict[str, list[Candidate]],
) -> tuple[list[Matched], list[tuple[int, str]]]:
    """The call of each row: by call id where the row has one that is known, else by lead, else by number.

    Never a guess: a row that fits no transfer or several, and rows that contradict each other, come back with the
    reason. Of rows that say the same call reached several stages, the furthest counts.
    """
    found: dict[int, Matched] = {}
    refused: dict[int, str] = {}
    contradicted: set[int] = set()
    for row in rows:
        one = _match(row, by_call, by_lead, by_phone)
        if isinstance(one, str):
            refused[row.row_no] = one
            continue
        if row.on < one.day:
            refused[row.row_no] = f"{day_text(row.on)} lies before the call of {day_text(one.day)}."
            continue
        other = found.get(one.key)
        if one.key in contradicted or (other and _contradict(other.row, row)):
            contradicted.add(one.key)
            places = [row] if other is None else [other.row, row]
            for each in places:
                refused[each.row_no] = (
                    "Rows of this file say of this call both that it was shown and that it was not."
                )
            found.pop(one.key, None)
        elif other is None or (row.stage, row.on) > (other.row.stage, other.row.on):
            found[one.key] = Matched(row, one.key, one.day)
    return sorted(found.values(), key=lambda each: each.row.row_no), sorted(refused.items())


def _contradict(one: Outcome, other: Outcome) -> bool:
    return (one.stage is Stage.TRANSFER) != (other.stage is Stage.TRANSFER)


def _match(
    row: Outcome,
    by_call: dict[str, list[Candidate]],
    by_lead: dict[str, list[Candidate]],
    by_phone: dict[str, list[Candidate]],
) -> Candidate | str:
    for text, where, called in (
        (row.call, by_call, "call"),
        (row.lead, by_lead, "lead"),
        (digits(row.phone), by_phone, "number"),
    ):
        if not text:
            continue
        here = where.get(text, [])
        fits = [one for one in here if one.transferred]
        if len(fits) > 1:
            return f"{len(fits)} transfers have this {called}: name the one that is meant by its call id."
        if fits:
            return fits[0]
        if called == "call" and here:
            return "This call was no transfer, so there was nothing to show or to close."
    named = [
        word for word, text in (("call id", row.call), ("lead", row.lead), ("number", row.phone)) if text
    ]
    return f"No transfer with this {joined(named, 'or')} is in."


def digits(phone: str) -> str:
    """A number as it is compared: its digits, without the country code of North America."""
    found = "".join(letter for letter in phone if "0" <= letter <= "9")
    return found[1:] if len(found) == 11 and found.startswith("1") else found
