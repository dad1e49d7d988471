"""The proof of setup as a report tells it."""

from milestones.models import CheckResult, Evidence, ReadinessCheck
from milestones.selectors.standing import Standing
from reports.snapshots import Check


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
        told += _tests(check, areas.get(check.area, check.area))
    return tuple(told)


def _tests(check: ReadinessCheck, area: str) -> list[Check]:
    results = list(check.results.all())  # newest first
    if not results:
        owner = check.owner.name if check.owner else ""
        return [Check(area, check.title, "open", owner)]
    newest = results[0]
    return [_test(area, check.title, result, newest) for result in reversed(results)]


def _test(area: str, title: str, result: CheckResult, newest: CheckResult) -> Check:
    proofs = [said(proof) for proof in result.evidence.all()] or [result.note]
    return Check(
        area=area,
        title=title,
        result="passed" if result.passed else "failed",
        tester=result.tester_name,
        at=result.tested_at,
        evidence=tuple(filter(None, proofs)),
        superseded=result != newest,
    )
