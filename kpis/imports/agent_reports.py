"""Reports on agents: not call logs, told apart from them, and read as sums per agent.

Seen: VICIdial's AST_agent_time_detail and AST_agent_performance_detail (titles above, a TOTALS row below whose second
cell is the number of agents, a column per status) and AST_VDADstats (stacked sections); an agent report of Five9;
Genesys Cloud's agent performance and productivity views.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, islice

import polars as pl

from common.errors import Refused

from .presets import column_name
from .reading import read_text
from .rows import split_cells, split_lines

FIELDS = ("agent", "agent_name", "start", "end", "calls", "login", "wait", "talk", "wrap", "pause", "dead")
TEXTS = ("agent", "agent_name", "start", "end")
HEAD_LINES = 20
# A row is an agent, or an agent and a day: no report of a campaign has more.
MAX_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 50_000
CLOCK = r"^([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])$"


@dataclass(frozen=True, slots=True)
class AgentReport:
    """A kind of report: the columns that tell it, and which of them is what."""

    label: str
    signature: frozenset[str]
    columns: Mapping[str, str]
    milliseconds: bool = False

    @property
    def tells_hours(self) -> bool:
        """Whether it says how long each agent was logged in."""
        return "login" in self.columns

    @property
    def sentence(self) -> str:
        return (
            f"This is {self.label}: each row is one agent's sum over a time, not a call. Upload the export that has "
            "one row per call."
        )


REPORTS = (
    AgentReport(
        "VICIdial's agent time report",
        frozenset({"user", "id", "calls", "time_clock", "login_time", "wait", "talk", "dispo", "pause"}),
        {
            "agent": "id", "agent_name": "user", "calls": "calls", "login": "login_time", "wait": "wait",
            "talk": "talk", "wrap": "dispo", "pause": "pause", "dead": "dead",
        },
    ),
    AgentReport(
        "VICIdial's agent performance report",
        frozenset({"user_name", "id", "current_user_group", "calls", "pausavg", "waitavg", "talkavg"}),
        {
            "agent": "id", "agent_name": "user_name", "calls": "calls", "login": "time", "wait": "wait",
            "talk": "talk", "wrap": "dispo", "pause": "pause", "dead": "dead",
        },
    ),
    AgentReport(
        "Five9's agent report",
        frozenset({"agent_name", "login_time", "not_ready_time"}),
        {
            "agent": "agent", "agent_name": "agent_name", "calls": "calls_count", "login": "login_time",
            "talk": "talk_time", "wrap": "after_call_work_time", "pause": "not_ready_time",
        },
    ),
    AgentReport(
        "Genesys Cloud's agent performance view",
        frozenset({"interval_start", "interval_end", "agent_id", "handle"}),
        {
            "agent": "agent_id", "agent_name": "agent_name", "start": "interval_start", "end": "interval_end",
            "calls": "handle", "talk": "total_talk", "wrap": "total_acw",
        },
        milliseconds=True,
    ),
    AgentReport(
        "Genesys Cloud's agent productivity view",
        frozenset({"interval_start", "interval_end", "agent_id", "logged_in", "on_queue"}),
        {
            "agent": "agent_id", "agent_name": "agent_name", "start": "interval_start", "end": "interval_end",
            "login": "logged_in", "wait": "idle", "pause": "off_queue",
        },
        milliseconds=True,
    ),
)  # fmt: skip
END_OF_DAY = "outbound calling stats"
END_OF_DAY_SENTENCE = (
    "This is VICIdial's end-of-day sheet: sums over a time. Upload the export that has one row per call."
)


def told_apart(lines: Iterable[str], delimiters: Iterable[str]) -> str:
    """Why these first lines are of another kind of file, in a sentence; empty when they are not known as one."""
    for line in lines:
        if END_OF_DAY in line.lower():
            return END_OF_DAY_SENTENCE
        for delimiter in delimiters:
            if report := _of_header(split_cells(line, delimiter) or line.split(delimiter)):
                return report.sentence
    return ""


def _of_header(header: Iterable[str]) -> AgentReport | None:
    names = {column_name(cell) for cell in header}
    return next((report for report in REPORTS if report.signature <= names), None)


@dataclass(frozen=True, slots=True)
class AgentSums:
    """What a report on agents holds: `above` are the lines over its header, `agents` a row for each of its rows.

    The frame has FIELDS and `row_no`, the line in the file; times in whole seconds, null where it does not say; sums
    below are left out.
    """

    report: AgentReport
    above: tuple[str, ...]
    agents: pl.DataFrame


def recognised(data: bytes) -> AgentReport | None:
    """Which report on agents a file is; None for any other file."""
    try:
        lines = (
            line for piece in read_text(data).pieces() for line in split_lines(piece)["raw"] if line.strip()
        )
        found = (_header(line) for line in islice(lines, HEAD_LINES))
        return next((told[1] for told in found if told), None)
    except Refused:
        return None


def read_agents(data: bytes) -> tuple[AgentReport, pl.DataFrame]:
    """The report and its agents, see `AgentSums`. Raises Refused when this is no report on agents."""
    found = read_report(data)
    return found.report, found.agents


def read_report(data: bytes) -> AgentSums:
    """The report that a file is. Raises Refused when this is no report on agents, or one far too long."""
    text = read_text(data, max_unpacked=MAX_UNPACKED)
    every = (line for piece in text.pieces() for line in split_lines(piece)["raw"])
    lines = ((number, line) for number, line in enumerate(every, start=1) if line.strip())
    head = list(islice(lines, HEAD_LINES))
    for at, (_, line) in enumerate(head):
        if told := _header(line):
            delimiter, report, header = told
            above = tuple(text for _, text in head[:at])
            return AgentSums(report, above, _frame(report, header, delimiter, chain(head[at + 1 :], lines)))
    raise Refused("This is no report on agents that is known here.")


def _header(line: str) -> tuple[str, AgentReport, list[str]] | None:
    """The delimiter, the report and the names of the columns, where a line is the header of a report."""
    for delimiter in (",", "\t", ";", "|"):
        header = [column_name(cell) for cell in split_cells(line, delimiter) or line.split(delimiter)]
        if report := _of_header(header):
            return delimiter, report, header
    return None


def _frame(
    report: AgentReport, header: list[str], delimiter: str, lines: Iterable[tuple[int, str]]
) -> pl.DataFrame:
    """A report has as many rows as there are agents, so these may be walked one by one."""
    places = {
        field: header.index(name)
        for field in FIELDS
        if (name := report.columns.get(field, "")) and name in header
    }
    kept: list[tuple[int | str | None, ...]] = []
    for number, line in lines:
        row = split_cells(line, delimiter) or line.split(delimiter)
        if len(row) < len(report.signature) or row[0].strip().upper().startswith("TOTAL"):
            continue
        if len(kept) == MOST_ROWS:
            raise Refused(f"The report has more than {MOST_ROWS:,} rows: split it by month.")
        told = (
            row[places[field]].strip() if places.get(field, len(row)) < len(row) else "" for field in FIELDS
        )
        kept.append((number, *(cell or None for cell in told)))
    frame = pl.DataFrame(kept, schema={"row_no": pl.Int64, **dict.fromkeys(FIELDS, pl.String)}, orient="row")
    clocks = [name for name in FIELDS if name not in (*TEXTS, "calls")]
    return frame.with_columns(
        pl.col("calls").str.extract(r"^([0-9]{1,9})$").cast(pl.Int64),
        *(_seconds(name, report) for name in clocks),
    )


def _seconds(name: str, report: AgentReport) -> pl.Expr:
    clock = pl.col(name).str.extract_groups(CLOCK)
    hours, minutes, seconds = (clock.struct.field(str(group)).cast(pl.Int64) for group in (1, 2, 3))
    number = pl.col(name).str.extract(r"^([0-9]{1,12})(?:\.[0-9]+)?$").cast(pl.Int64)
    whole = (number / 1000).round().cast(pl.Int64) if report.milliseconds else number
    return pl.coalesce(hours * 3600 + minutes * 60 + seconds, whole).alias(name)
