"""The record of a gate: what was open, since when, who cleared it and when, read from what people recorded.

Locks, signatures, tests, evidence, findings and fixes carry their own moments; only what has none is kept as an event
of the gate (`GateEvent`), and which report lay on the table when is told by the trail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.db.models import prefetch_related_objects

from accounts.models import TrailEntry
from accounts.roles import Side
from common.wording import day_text, shift_text
from engagements.clearance import CertificationKind, InUse, RosterMove
from engagements.masking import OPEN, Mask
from engagements.models import CampaignBrief, Certification
from engagements.roster import Person, roster
from kpis.models import Baseline, Finding, FindingState
from kpis.selectors import said
from milestones.models import Evidence, Gate, Milestone, ReadinessCheck, TransferLine
from milestones.rules.facts import Condition
from milestones.rules.setup import LEADS, TRANSFERS
from milestones.selectors.gate_history import HistoryLine, history
from milestones.selectors.gate_standing import shown_conditions
from milestones.selectors.gates import DOCUMENTS, carried_to, findings_of_gate
from milestones.selectors.standing import Standing, passed_on


@dataclass(frozen=True)
class OpenItem:
    """One thing that kept the gate shut: since when, and who cleared it, when and with what."""

    what: str
    opened_at: datetime | None = None
    opened_by: str = ""
    cleared_at: datetime | None = None
    cleared_on: date | None = None
    cleared_by: str = ""
    proof: str = ""
    target: str = ""  # the id by which a condition names it

    @property
    def cleared(self) -> bool:
        return self.cleared_at is not None or self.cleared_on is not None


@dataclass(frozen=True)
class ConditionRecord:
    """One condition of the gate with everything that was open under it."""

    condition: Condition
    items: tuple[OpenItem, ...]


@dataclass(frozen=True)
class DocumentLine:
    """A version of the gate's report that lay on the table, and whether the gate passed on it."""

    version: int
    sha256: str
    at: datetime
    by: str
    passed_on_it: bool


@dataclass(frozen=True)
class Certificate:
    """The whole record of one gate, before and after it has passed."""

    gate: Gate
    report: str
    conditions: tuple[ConditionRecord, ...]
    documents: tuple[DocumentLine, ...]
    history: tuple[HistoryLine, ...]
    slip: str
    slips: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(len(record.items) for record in self.conditions)


def certificate(standing: Standing, gate: Gate, mask: Mask = OPEN) -> Certificate:
    """The record of a gate as it stands, as a reader behind `mask` sees it. Once the gate has passed, nothing in it
    changes any more.
    """
    until = gate.passed_at
    readers: dict[str, Callable[[Standing, Gate], list[OpenItem]]] = {
        "plan": _locks, "brief": _brief, "checks": _checks, "launch": _launch,
        "baseline": _baseline, "findings": _findings, "carried": _carried,
        "agents": partial(_agents, mask=mask), "milestones": partial(_milestones, reviews=False),
        "reviews": partial(_milestones, reviews=True),
    }  # fmt: skip
    conditions = shown_conditions(standing, gate)
    slips = [slip for slip in standing.slips if until is None or slip.at <= until]
    return Certificate(
        gate=gate,
        report=DOCUMENTS.get(gate.deliverable_kind, "report"),
        conditions=tuple(
            ConditionRecord(
                c,
                tuple(
                    replace(item, what=mask.text(item.what), proof=mask.text(item.proof))
                    for item in (readers[c.code](standing, gate) if c.code in readers else ())
                    if item.cleared or item.target not in told_elsewhere(c)
                ),
            )
            for c in conditions
        ),
        documents=tuple(_documents(gate)),
        history=tuple(history(standing, gate)),
        slip=_slip(standing, gate),
        slips=tuple(
            f"{shift_text(slip.days)}, {slip.get_side_display().lower()}: {slip.reason} ({slip.by_name})"
            for slip in slips
        ),
    )


def told_elsewhere(condition: Condition) -> frozenset[str]:
    """The ids of what a condition only names, since another one counts the same act: the gate's page leaves it out."""
    return frozenset(each.target for each in condition.blockers if each.told_by and each.target)


def _slip(standing: Standing, gate: Gate) -> str:
    """How the day on which the gate passed stands to the contracted one."""
    on = passed_on(gate, standing.engagement.zone)
    if on is None or gate.contracted_on is None:
        return ""
    days = (on - gate.contracted_on).days
    return f"{shift_text(days)} than contracted" if days else "on the contracted day"


def _made_at(standing: Standing) -> datetime | None:
    """When the plan was made: from then on everything in it was open."""
    return standing.plan.created_at if standing.plan else None


def _locks(standing: Standing, gate: Gate) -> list[OpenItem]:
    locks = list(standing.plan.locks.all()) if standing.plan else []
    newest = {lock.side: lock for lock in sorted(locks, key=lambda lock: lock.signed_at)}
    return [
        OpenItem(
            f"Timeline locked by the {side}", _made_at(standing),
            cleared_at=lock.signed_at if (lock := newest.get(side)) else None,
            cleared_by=lock.name if lock else "", proof=f"check code {lock.content_hash[:12]}" if lock else "",
        )
        for side in Side.values
    ]  # fmt: skip


def _brief(standing: Standing, gate: Gate) -> list[OpenItem]:
    briefs = CampaignBrief.objects.filter(engagement=standing.engagement, signed_at__isnull=False)
    if gate.passed_at:
        briefs = briefs.filter(signed_at__lte=gate.passed_at)
    brief = briefs.prefetch_related("signatures").order_by("-version").first()
    if brief is None:
        return [OpenItem("Campaign brief signed by both sides", _made_at(standing))]
    return [
        OpenItem(
            f"Version {brief.version} signed by the {signature.side}", brief.created_at,
            cleared_at=signature.signed_at, cleared_by=signature.name, proof=f"check code {brief.content_hash[:12]}",
        )
        for signature in brief.signatures.all()
    ]  # fmt: skip


def _milestones(standing: Standing, gate: Gate, *, reviews: bool) -> list[OpenItem]:
    """The milestones of a gate; those that stand for `reviews`, or all others."""
    return [
        _milestone(standing, item)
        for item in standing.milestones
        if item.gate_code == gate.code and (standing.review_behind(item) is not None) == reviews
    ]


def _said(proof: Evidence) -> str:
    """A piece of evidence in full: its words, else its file or link."""
    return proof.text or proof.file_name or proof.url


def _milestone(standing: Standing, item: Milestone) -> OpenItem:
    proofs = list(item.evidence.all())
    return OpenItem(
        item.title, _made_at(standing), cleared_at=proofs[0].at if proofs and item.done_on else None,
        cleared_on=item.done_on, cleared_by=proofs[0].by_name if proofs else "",
        proof="; ".join(_said(proof) for proof in proofs), target=str(item.public_id),
    )  # fmt: skip


@dataclass(frozen=True)
class _Test:
    """One test of whatever is tested again and again."""

    at: datetime
    by: str
    passed: bool
    proof: str
    note: str

    @property
    def setback(self) -> str:
        """Why it was open after this test."""
        return f"failed before ({self.by}): {self.note}" if self.by else self.note


def _checks(standing: Standing, gate: Gate) -> list[OpenItem]:
    return [item for check in standing.checks if check.hard for item in _tests(standing, check)]


def _tests(standing: Standing, check: ReadinessCheck) -> list[OpenItem]:
    """Each stretch in which a check was open; of one that follows from lines or leads, each line and lead."""
    if check.code == TRANSFERS and standing.lines:
        return [
            item
            for line in standing.lines
            for item in _stretches(f"Transfer line {line.name}", line.created_at, _line_tests(line))
            if item.cleared or not line.retired_at
        ]
    if check.code in LEADS and standing.lead_tests:
        day = LEADS[check.code]
        leads = dict.fromkeys(test.lead for test in reversed(standing.lead_tests) if test.day == day)
        return [
            item
            for lead in leads
            for item in _stretches(f"Real lead {lead}", _made_at(standing), _lead_tests(standing, lead))
        ]
    tests = [
        _Test(
            result.tested_at,
            result.tester_name,
            result.passed,
            "; ".join(_said(piece) for piece in result.evidence.all()) or result.note,
            result.note,
        )
        for result in reversed(list(check.results.all()))
    ]
    return _stretches(check.title, _made_at(standing), tests)


def _line_tests(line: TransferLine) -> list[_Test]:
    return [
        _Test(test.tested_at, test.tester_name, test.passed, f"answered by {test.answered_by}", test.note)
        for test in reversed(list(line.tests.all()))
    ]


def _lead_tests(standing: Standing, lead: str) -> list[_Test]:
    return [
        _Test(test.tested_at, test.tester_name, test.passed, f"{test.source}: {test.outcome}", test.note)
        for test in reversed(standing.lead_tests)
        if test.lead == lead
    ]


def _stretches(what: str, opened: datetime | None, tests: list[_Test]) -> list[OpenItem]:
    """Each stretch in which something was open: from the start or from a failed test to the next passed one."""
    items: list[OpenItem] = []
    by, failed, still = "", [], True
    for test in tests:
        if not test.passed:
            failed.append(test.setback)
            if not still:
                opened, by, still = test.at, test.by, True
        elif still:
            proof = ". ".join([part.rstrip(".") for part in (test.proof, "; ".join(failed)) if part])
            items.append(OpenItem(what, opened, by, test.at, cleared_by=test.by, proof=proof))
            failed, still = [], False
    if still:
        items.append(OpenItem(what, opened, by, proof="; ".join(failed)))
    return items


def _agents(standing: Standing, gate: Gate, mask: Mask) -> list[OpenItem]:
    """The three certifications of everybody on the roster: of a passed gate, of who was on it then."""
    people = roster(standing.engagement, mask=mask) if mask else standing.roster
    now = gate.passed_at or people.now
    return [
        item
        for person in replace(people, now=now).listed
        for kind in CertificationKind
        for item in _stretches(
            f"{person.agent}: {kind.words}",
            next(
                (e.at for e in reversed(person.entries) if e.move == RosterMove.JOINED and e.at <= now), None
            ),
            _attempts(person, kind, people.uses, now),
        )
    ]


def _attempts(person: Person, kind: CertificationKind, uses: Sequence[InUse], until: datetime) -> list[_Test]:
    """One agent's attempts at a certification in their order. A script that has to be passed anew opens it again."""
    tests = [
        _Test(each.at, each.assessor_name, each.passed, _scored(each), each.note)
        for each in person.attempts
        if each.kind == kind and each.at <= until
    ]
    if kind is CertificationKind.SCRIPT:
        passed = {each.at: each.script.version for each in person.attempts if each.passed and each.script}
        tests += [
            _Test(use.at, "", False, "", f"version {use.required} of the script came into use")
            for use in uses
            if use.at <= until and not any(at <= use.at and version >= use.required for at, version in passed.items())
            and any(at <= use.at for at in passed)
        ]  # fmt: skip
    return sorted(tests, key=lambda test: test.at)


def _scored(attempt: Certification) -> str:
    version = f", on version {attempt.script.version} of the script" if attempt.script else ""
    return f"{attempt.score} of 100, pass mark {attempt.pass_mark}, assessed {day_text(attempt.assessed_on)}{version}"


def _launch(standing: Standing, gate: Gate) -> list[OpenItem]:
    slips = [slip for slip in standing.slips if gate.passed_at is None or slip.at <= gate.passed_at]
    return [
        OpenItem(
            f"Launch stood at {day_text(slip.from_on)}", cleared_at=slip.at, cleared_by=slip.by_name,
            proof=f"moved to {day_text(slip.to_on)}: {slip.reason}",
        )
        for slip in slips
    ]  # fmt: skip


def _baseline(standing: Standing, gate: Gate) -> list[OpenItem]:
    frozen = Baseline.objects.filter(engagement=standing.engagement).first()
    lines = TrailEntry.objects.filter(engagement_id=standing.engagement.pk, action="baseline.frozen")
    line = lines.order_by("sequence").last() if frozen else None
    return [
        OpenItem(
            "Baseline frozen", _made_at(standing), cleared_at=frozen.frozen_at if frozen else None,
            cleared_by=line.actor_name if line else "",
            proof=f"check code {frozen.content_hash[:12]}" if frozen else "",
        )
    ]  # fmt: skip


def _findings(standing: Standing, gate: Gate) -> list[OpenItem]:
    found = findings_of_gate(standing, gate)
    prefetch_related_objects(found, "events")
    answers = TrailEntry.objects.filter(engagement_id=standing.engagement.pk, action="finding.answered")
    who = {entry.subject: entry.actor_name for entry in answers.order_by("sequence")} if found else {}
    return [_finding(item, who.get(str(item)[:200], ""), gate.passed_at) for item in found]


def _finding(item: Finding, answered_by: str, until: datetime | None) -> OpenItem:
    """A finding with its answer; of a passed gate the answer of then, whatever was reopened since."""
    answered_at, causes_then = item.answered_at, said(item)
    events = [event for event in item.events.all() if until and event.at <= until]
    if events:
        turns = [e for e in events if e.state in (FindingState.ANSWERED, FindingState.REOPENED)]
        last = turns[-1] if turns and turns[-1].state == FindingState.ANSWERED else None
        answered_at, answered_by = (last.at, last.by_name) if last else (None, "")
        number = 1 + sum(event.state == FindingState.REOPENED for event in turns)
        causes_then = [cause for cause in item.causes.all() if cause.round == number]
    fixes = [
        f"{fix.action} ({fix.owner}, {'done' if fix.done_on else 'due'} {day_text(fix.done_on or fix.due_on)})"
        for cause in causes_then
        for fix in cause.fixes.all()
    ]
    causes = "; ".join(cause.text.rstrip(".") for cause in causes_then if cause.found)
    title = f"{item.metric_label} below target" if item.metric_key else item.metric_label
    return OpenItem(
        title, item.opened_at, cleared_at=answered_at, cleared_by=answered_by,
        proof=". ".join(filter(None, [causes, "; ".join(fixes)])),
    )  # fmt: skip


def _carried(standing: Standing, gate: Gate) -> list[OpenItem]:
    keys = {item.key for item in carried_to(standing, gate)}
    items = []
    for earlier in standing.gates:
        events = list(earlier.events.all())
        answers = {event.about_id: event for event in events if event.about_id}
        for event in events:
            if str(event.pk) in keys:
                answer = answers.get(event.pk)
                items.append(
                    OpenItem(
                        event.text, event.at, event.name, answer.at if answer else None,
                        cleared_by=answer.name if answer else "", proof=answer.text if answer else "",
                    )
                )  # fmt: skip
    return items


def _documents(gate: Gate) -> list[DocumentLine]:
    """Each version of the report that was laid on the table, as the trail tells it."""
    lines = TrailEntry.objects.filter(
        engagement_id=gate.engagement_id, action="gate.document_presented", subject=gate.title[:200]
    )
    return [
        DocumentLine(
            int(line.after["version"]), line.after["sha256"], line.at, line.actor_name,
            gate.passed_at is not None and line.after["sha256"] == gate.document_sha256,
        )
        for line in lines.order_by("sequence")
        if line.after
    ]  # fmt: skip
