"""Who may dial, as reports freeze it."""

from dataclasses import replace
from datetime import date

from engagements import roster as engagements_roster
from engagements.clearance import CertificationKind
from engagements.masks import mask_for
from engagements.models import Certification, Engagement
from engagements.roster import Person, Roster
from reports.snapshots import AgentStanding, Attempt, ScriptStanding, Snapshot


def with_roster(base: Snapshot, engagement: Engagement) -> Snapshot:
    """The snapshot with everybody on the roster, by number where names are masked, and with the script in use."""
    found = engagements_roster.roster(engagement, mask=mask_for(engagement, None))
    return replace(
        base,
        agents=tuple(_standing(found, person) for person in found.listed),
        script=_script(found),
        strangers=tuple(str(person.agent) for person in found.strangers),
    )


def _standing(found: Roster, person: Person) -> AgentStanding:
    lacking = {each.kind for each in found.missing(person)}
    newest = {kind: attempt for kind in CertificationKind if (attempt := person.newest(kind))}

    def passed_on(kind: CertificationKind) -> date | None:
        return None if kind in lacking else newest[kind].assessed_on

    return AgentStanding(
        name=str(person.agent),
        product=passed_on(CertificationKind.PRODUCT),
        script=passed_on(CertificationKind.SCRIPT),
        system=passed_on(CertificationKind.SYSTEMS),
        since=person.joined_on,
        until=person.left_on,
        newest=tuple(_attempt(attempt, counts=kind not in lacking) for kind, attempt in newest.items()),
    )


def _attempt(attempt: Certification, *, counts: bool) -> Attempt:
    return Attempt(
        kind=attempt.kind,
        passed=attempt.passed,
        counts=counts,
        on=attempt.assessed_on,
        score=attempt.score,
        pass_mark=attempt.pass_mark,
        assessor=attempt.assessor_name,
        side=attempt.assessor_side,
        version=attempt.script.version if attempt.script else 0,
    )


def _script(found: Roster) -> ScriptStanding | None:
    """The version in use with its approval; None before there is one."""
    script = next((each for each in found.scripts if each.version == found.in_use), None)
    if script is None or script.approval is None or script.use is None:
        return None
    newest = found.approved_version
    return ScriptStanding(
        version=script.version,
        since=script.use.at,
        required=found.required,
        approved_by=script.approval.name,
        approved_at=script.approval.signed_at,
        content_hash=script.content_hash,
        coming=newest if newest > script.version else 0,
    )
