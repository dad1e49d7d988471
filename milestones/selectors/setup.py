"""The setup page: readiness checks by area with every test."""

from dataclasses import dataclass
from datetime import date

from milestones.models import CheckResult, ReadinessCheck
from milestones.selectors.gates import check_result
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
    state, due = check_result(check), check.forecast_on
    if state == "open" and due < standing.today:
        state = "late"
    return CheckRow(
        check=check,
        state=state,
        due=due,
        results=tuple(check.results.all()),
        technical=check.area in standing.playbook.technical_areas(),
        closed=standing.gates[0].passed_at is not None,
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
