"""The setup page: readiness checks by area with every test."""

from dataclasses import dataclass
from datetime import date

from common.days import local_date
from milestones.models import CheckResult, Evidence, LeadTest, ReadinessCheck, TransferLine, TransferTest
from milestones.rules.setup import LEADS, TRANSFERS, logged_later
from milestones.selectors.check_results import check_state
from milestones.selectors.standing import Standing


@dataclass(frozen=True)
class CheckRow:
    """One check; `results` are its tests, newest first; `closed` once the day-10 gate has passed."""

    check: ReadinessCheck
    state: str
    due: date
    results: tuple[CheckResult, ...]
    technical: bool
    closed: bool
    why: str = ""
    computed: str = ""

    @property
    def latest(self) -> CheckResult | None:
        return self.results[0] if self.results else None


@dataclass(frozen=True)
class AreaRows:
    """One area with its checks."""

    title: str
    rows: tuple[CheckRow, ...]

    @property
    def passed(self) -> int:
        return sum(row.state == "passed" for row in self.rows)


@dataclass(frozen=True)
class SetupPage:
    """All checks with their counts."""

    areas: tuple[AreaRows, ...]

    @property
    def rows(self) -> list[CheckRow]:
        return [row for area in self.areas for row in area.rows]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def passed(self) -> int:
        return sum(row.state == "passed" for row in self.rows)

    @property
    def failed(self) -> int:
        return sum(row.state == "failed" for row in self.rows)


def check_row(standing: Standing, check: ReadinessCheck) -> CheckRow:
    """One check as the pages show it."""
    (state, why), due = check_state(standing, check), check.forecast_on
    if state == "open" and due < standing.today:
        state = "late"
    return CheckRow(
        check=check,
        state=state,
        due=due,
        results=tuple(check.results.all()),
        technical=check.area in standing.playbook.technical_areas(),
        closed=standing.gates[0].passed_at is not None,
        why=why,
        computed="lines" if check.code == TRANSFERS else "leads" if check.code in LEADS else "",
    )


def setup_page(standing: Standing) -> SetupPage:
    """Checks by area in the playbook's order."""
    areas = []
    for area in standing.playbook.areas:
        rows = sorted(
            (check_row(standing, check) for check in standing.checks if check.area == area.code),
            key=lambda row: row.check.day,
        )
        if rows:
            areas.append(AreaRows(area.title, tuple(rows)))
    return SetupPage(tuple(areas))


@dataclass(frozen=True)
class LineRow:
    """One transfer line with its tests, newest first; `state` is passed, failed, open or retired."""

    line: TransferLine
    state: str
    tests: tuple[TransferTest, ...]

    @property
    def latest(self) -> TransferTest | None:
        return self.tests[0] if self.tests else None


def line_row(line: TransferLine) -> LineRow:
    """One line as the pages show it."""
    tests = tuple(line.tests.all())
    if line.retired_at:
        return LineRow(line, "superseded", tests)
    return LineRow(line, "passed" if tests and tests[0].passed else "failed" if tests else "open", tests)


def line_rows(standing: Standing) -> list[LineRow]:
    """Lines in use first, then those out of use."""
    return sorted(map(line_row, standing.lines), key=lambda row: row.line.retired_at is not None)


@dataclass(frozen=True)
class LeadRow:
    """One test with a real lead; `again` where the same lead was pushed through once more later.

    `later` where it was written down after the day that it is of.
    """

    test: LeadTest
    again: bool
    later: bool
    evidence: tuple[Evidence, ...] = ()


def lead_rows(standing: Standing, *, evidence: bool = False) -> list[LeadRow]:
    """Every test with a real lead, newest first; with `evidence` each with its proof, in one more query."""
    proofs: dict[int, list[Evidence]] = {}
    if evidence:
        for piece in Evidence.objects.filter(engagement=standing.engagement, lead_test__isnull=False):
            proofs.setdefault(piece.lead_test_id or 0, []).append(piece)
    seen: set[str] = set()
    rows = []
    for test in standing.lead_tests:
        on = local_date(test.tested_at, standing.engagement.zone)
        later = logged_later(test.day, on, standing.calendar)
        rows.append(LeadRow(test, test.lead in seen, later, tuple(proofs.get(test.pk, ()))))
        seen.add(test.lead)
    return rows
