"""What the result of a readiness check is, and why where it is not passed."""

from datetime import date

from milestones.models import ReadinessCheck, TransferLine
from milestones.rules import setup
from milestones.rules.setup import LeadFacts, LineFacts
from milestones.selectors.standing import Standing


def check_result(standing: Standing, check: ReadinessCheck) -> str:
    """passed, failed, open or expired."""
    return check_state(standing, check)[0]


def check_state(standing: Standing, check: ReadinessCheck) -> tuple[str, str]:
    """The result of a check, and why where it is not passed. The newest test counts, where its evidence holds
    now and when the launch comes.

    A check on transfer lines or real leads follows from these; what was recorded before there were any still counts.
    """
    if check.code == setup.TRANSFERS and standing.lines:
        return setup.transfer_result(
            [_line(standing, line) for line in standing.lines if not line.retired_at]
        )
    if check.code in setup.LEADS and standing.lead_tests:
        tests = [LeadFacts(test.day, test.lead, test.source, test.passed) for test in standing.lead_tests]
        return setup.lead_result(tests, day=setup.LEADS[check.code], sources=standing.lead_sources)
    newest = next(iter(check.results.all()), None)
    if newest is None:
        return "open", ""
    if newest.passed and (ends := _ends(standing, newest.expires_on)):
        return "expired", f"its evidence {ends}"
    return ("passed", "") if newest.passed else ("failed", "")


def _line(standing: Standing, line: TransferLine) -> LineFacts:
    tests = list(line.tests.all())
    days = [piece.expires_on for piece in tests[0].evidence.all() if piece.expires_on] if tests else []
    ends = _ends(standing, min(days, default=None))
    return LineFacts(line.name, tuple(test.passed for test in tests), ends)


def _ends(standing: Standing, expires_on: date | None) -> str:
    return setup.no_longer_holds(expires_on, today=standing.today, launch=standing.calendar.launch)
