"""The proof of setup as a report tells it."""

from milestones.models import CheckResult, Evidence, ReadinessCheck
from milestones.rules.setup import LEADS, TRANSFERS
from milestones.selectors.check_results import check_state
from milestones.selectors.setup import lead_rows
from milestones.selectors.standing import Standing
from reports.snapshots import Check, LeadTest, LineTest


def said(proof: Evidence) -> str:
    """The sentence of a proof, with the file or link that goes with it."""
    attached = proof.file_name or proof.url
    if not proof.text:
        return attached
    return f"{proof.text.rstrip()} [{attached}]" if attached else proof.text.rstrip()


def check_results(standing: Standing) -> tuple[Check, ...]:
    """Every test of every readiness check, oldest first, by area; a check without a test stands as open."""
    areas = {area.code: area.title for area in standing.playbook.areas}
    places = {code: place for place, code in enumerate(areas)}
    told: list[Check] = []
    for check in sorted(standing.checks, key=lambda check: places.get(check.area, len(places))):
        told += _tests(standing, check, areas.get(check.area, check.area))
    return tuple(told)


def _tests(standing: Standing, check: ReadinessCheck, area: str) -> list[Check]:
    results = list(check.results.all())  # newest first
    state, why = check_state(standing, check)
    owner = check.owner.name if check.owner else ""
    if (check.code == TRANSFERS and standing.lines) or (check.code in LEADS and standing.lead_tests):
        table = (
            "see the table of transfer lines" if check.code == TRANSFERS else "see the table of real leads"
        )
        if check.code == TRANSFERS:
            times = [test.at for test in line_tests(standing) if test.at]
        else:
            times = [test.at for test in real_leads(standing) if test.day == LEADS[check.code]]
        at = max(times, default=None)
        return [Check(area, check.title, state, owner, at=at, evidence=tuple(filter(None, (why, table))))]
    if not results:
        return [Check(area, check.title, "open", owner)]
    newest = results[0]
    return [_test(area, check.title, result, newest, state) for result in reversed(results)]


def _test(area: str, title: str, result: CheckResult, newest: CheckResult, state: str) -> Check:
    proofs = [said(proof) for proof in result.evidence.all()] or [result.note]
    expired = result == newest and state == "expired"
    return Check(
        area=area,
        title=title,
        result="expired" if expired else "passed" if result.passed else "failed",
        tester=result.tester_name,
        at=result.tested_at,
        evidence=tuple(filter(None, proofs)),
        superseded=result != newest,
        expires=result.expires_on,
    )


def line_tests(standing: Standing) -> tuple[LineTest, ...]:
    """Every test call on every line in use, oldest first; a line without one stands as open."""
    told = []
    for line in standing.lines:
        if line.retired_at:
            continue
        tests = list(line.tests.all())
        if not tests:
            told.append(LineTest(line.name, line.number, line.team))
        for test in reversed(tests):
            told.append(
                LineTest(
                    line.name, line.number, line.team, "passed" if test.passed else "failed", test.answered_by,
                    test.tester_name, test.tested_at, test.note, test != tests[0],
                )
            )  # fmt: skip
    return tuple(told)


def real_leads(standing: Standing) -> tuple[LeadTest, ...]:
    """Every real lead that was pushed through, oldest first."""
    told = [
        LeadTest(
            row.test.lead, row.test.source, row.test.day, "passed" if row.test.passed else "failed",
            tuple(row.test.steps), row.test.outcome, row.test.tester_name, row.test.tested_at, row.test.note, row.again,
            row.later,
        )
        for row in lead_rows(standing)
    ]  # fmt: skip
    return tuple(reversed(told))
