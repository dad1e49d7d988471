"""My work: what waits for a person, one verb each, and what they wait for from others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from accounts.roles import ParticipantRole, Side
from accounts.seat import Seat
from engagements.models import CampaignBrief, Engagement, Participant
from kpis.models import Finding, Fix
from milestones.models import Milestone, ReadinessCheck
from milestones.selectors.gates import check_result
from milestones.selectors.many import standings_of
from milestones.selectors.standing import Standing

SOON = timedelta(days=7)
SIGNERS = {Side.CLIENT: ParticipantRole.CLIENT_LEAD, Side.OPERATOR: ParticipantRole.CAMPAIGN_MANAGER}


@dataclass(frozen=True)
class Task:
    """One thing to do: a verb that leads straight to its form."""

    verb: str
    title: str
    url: str
    due: date
    engagement: Engagement
    today: date
    who: str = ""

    @property
    def when(self) -> str:
        if self.due < self.today:
            return "overdue"
        return "today" if self.due == self.today else "week"


@dataclass(frozen=True)
class Work:
    """A person's tasks by urgency; `later` counts what is not due within a week."""

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    week: tuple[Task, ...]
    waiting: tuple[Task, ...]
    later: int

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.today) + len(self.week)


def my_work(seat: Seat) -> Work:
    """Everything that waits for this person in the engagements that the seat sees. A fixed number of queries."""
    engagements = list(Engagement.objects.select_related("client", "operator").order_by("kickoff_on", "pk"))
    roles = _roles(seat, engagements)
    standings = standings_of(engagements)
    tasks: list[Task] = []
    waiting: list[Task] = []
    for standing in standings:
        mine, others = _tasks(standing, seat, roles.get(standing.engagement.pk, frozenset()))
        tasks += mine
        waiting += others
    by_id = {standing.engagement.pk: standing for standing in standings}
    tasks += [*_briefs(seat, roles, by_id), *_findings(seat, roles, by_id), *_fixes(seat, by_id)]
    tasks.sort(key=lambda task: (task.due, task.title))
    near = [task for task in tasks if task.due <= task.today + SOON]
    return Work(
        overdue=tuple(task for task in near if task.when == "overdue"),
        today=tuple(task for task in near if task.when == "today"),
        week=tuple(task for task in near if task.when == "week"),
        waiting=tuple(sorted(waiting, key=lambda task: task.due)),
        later=len(tasks) - len(near),
    )


def side_of(seat: Seat, engagement: Engagement) -> Side:
    """The side of an engagement on which a seat's organisation stands."""
    return Side.CLIENT if engagement.client_id == seat.organisation.pk else Side.OPERATOR


def _roles(seat: Seat, engagements: Sequence[Engagement]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = {}
    rows = Participant.objects.filter(engagement__in=engagements, user=seat.user, ended_at=None)
    for row in rows:
        found[row.engagement_id] = found.get(row.engagement_id, frozenset()) | {row.role}
    return found


def _tasks(standing: Standing, seat: Seat, roles: frozenset[str]) -> tuple[list[Task], list[Task]]:
    """Tasks of one engagement: the person's own, and those of others that are near."""
    mine, others = [], []
    for item, url, verb in _open_items(standing):
        due = standing.calendar.date_of(item.day)
        task = Task(
            verb=verb, title=item.title, url=url, due=due, engagement=standing.engagement, today=standing.today,
            who=item.owner.name if item.owner else "nobody yet",
        )  # fmt: skip
        if item.owner and item.owner.user_id == seat.user.pk:
            mine.append(task)
        elif roles and due <= standing.today:
            others.append(task)
    mine += _signatures(standing, seat, roles)
    mine += _launch(standing, roles)
    return mine, others


def _open_items(standing: Standing) -> Iterable[tuple[Milestone | ReadinessCheck, str, str]]:
    """Open milestones and checks before the next gate: what lies behind a shut gate cannot be done yet."""
    gate = standing.next_gate
    if gate is None:
        return
    public_id = standing.engagement.public_id
    for item in standing.milestones:
        if item.gate_code == gate.code and not item.done_on:
            yield item, reverse("milestones:milestone", args=[public_id, item.public_id]), "Complete"
    if gate == standing.gates[0]:
        for check in standing.checks:
            if check_result(check) != "passed":
                yield check, reverse("milestones:check", args=[public_id, check.public_id]), "Test"


def _signatures(standing: Standing, seat: Seat, roles: frozenset[str]) -> Iterable[Task]:
    """The plan to be locked and the gate to be signed, for the person who signs for the side."""
    side = side_of(seat, standing.engagement)
    if SIGNERS[side] not in roles or standing.plan is None:
        return
    engagement, today = standing.engagement, standing.today
    if not standing.locked and side not in standing.locked_by:
        url = reverse("milestones:plan", args=[engagement.public_id])
        yield Task("Lock", "Timeline", url, standing.calendar.date_of(3), engagement, today)
    gate = standing.next_gate
    if gate and gate.document_sha256:
        signed = {s.side for s in gate.sign_offs.all() if s.content_hash == gate.document_sha256}
        if side not in signed:
            url = reverse("milestones:gate", args=[engagement.public_id, gate.public_id])
            title = f"Gate day {gate.day}: {gate.title}"
            yield Task("Sign", title, url, standing.calendar.date_of(gate.day), engagement, today)


def _launch(standing: Standing, roles: frozenset[str]) -> Iterable[Task]:
    """The launch that has to move because day 10 went by."""
    gate = standing.next_gate
    if not gate or gate != standing.gates[0] or ParticipantRole.CAMPAIGN_MANAGER not in roles:
        return
    if standing.today >= standing.calendar.launch:
        url = reverse("milestones:plan", args=[standing.engagement.public_id]) + "#launch"
        launch = standing.calendar.launch
        yield Task("Move", "Launch date", url, launch, standing.engagement, standing.today)


def _briefs(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Versions of the brief that wait for this person's signature."""
    waiting = CampaignBrief.objects.filter(signed_at=None, superseded_at=None).prefetch_related("signatures")
    for brief in waiting.filter(engagement__in=list(roles)):
        standing = by_id[brief.engagement_id]
        side = side_of(seat, standing.engagement)
        if SIGNERS[side] not in roles[brief.engagement_id]:
            continue
        if side not in {signature.side for signature in brief.signatures.all()}:
            url = reverse("engagements:brief", args=[standing.engagement.public_id])
            title = f"Campaign brief, version {brief.version}"
            due = max(standing.calendar.date_of(3), standing.today) if brief.version > 1 else None
            due = due or standing.calendar.date_of(3)
            yield Task("Sign", title, url, due, standing.engagement, standing.today)


def _findings(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Metrics below target that nobody has answered, for the person who answers for the operator."""
    ids = [pk for pk, held in roles.items() if ParticipantRole.CAMPAIGN_MANAGER in held]
    for finding in Finding.objects.filter(engagement__in=ids, answered_at=None):
        standing = by_id[finding.engagement_id]
        url = reverse("kpis:findings", args=[standing.engagement.public_id])
        due = standing.calendar.date_of(finding.review_day)
        title = f"{finding.metric_label} is below target"
        yield Task("Answer", title, url, due, standing.engagement, standing.today)


def _fixes(seat: Seat, by_id: dict[int, Standing]) -> Iterable[Task]:
    """Fixes that this person owns."""
    open_fixes = Fix.objects.filter(engagement__in=list(by_id), owner__user=seat.user, done_on=None)
    for fix in open_fixes:
        standing = by_id[fix.engagement_id]
        url = reverse("kpis:findings", args=[standing.engagement.public_id])
        yield Task("Fix", fix.action, url, fix.due_on, standing.engagement, standing.today)
