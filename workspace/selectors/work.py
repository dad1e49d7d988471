"""My work: what waits for a person, one verb each, and what they wait for from others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import F
from django.urls import reverse

from accounts.roles import BY_PARTICIPANT_ROLE, ParticipantRole, Permission, Side
from accounts.seat import Seat
from common.days import local_date
from common.wording import plural
from engagements.masks import mask_for
from engagements.models import CampaignBrief, Engagement, Mention, Participant
from kpis.models import Baseline, Finding, FindingState, Fix
from kpis.selectors.breaches import owed_by, state_of
from milestones.models import Milestone, ReadinessCheck
from milestones.rules.events import declines_now, standing_blockers
from milestones.rules.plans import ResultFacts, milestone_completion_blockers, result_blockers
from milestones.selectors.gates import check_result, signed_sides
from milestones.selectors.many import standings_of
from milestones.selectors.reviews import next_reviews, open_actions_of
from milestones.selectors.signers import signing_roles
from milestones.selectors.standing import Standing
from milestones.services.proof import completion_facts
from reports.models import ReportSubscription
from reports.selectors.rounds import unread_of
from workspace.selectors.next_work import next_items
from workspace.selectors.waiting import owed_in_numbers, waiting_by_side

SOON = timedelta(days=7)
BRIEF = "Campaign brief, version"
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
    whys: tuple[str, ...] = ()  # what it waits for, the first thing first: it cannot be done before
    stands_in: str = ""  # whose it is, for their substitute
    behind: str = ""  # the first thing that it waits for, by name and owner, where that is a milestone
    proves_brief: bool = False  # the milestone that stands for the signed brief

    @property
    def why(self) -> str:
        return " ".join(self.whys)

    @property
    def then(self) -> str:
        """What it waits for beside the first thing, in few words where there is much."""
        more = self.whys[1:]
        return " ".join(more) if len(more) < 3 else f"{len(more)} more things are open before it."

    @property
    def when(self) -> str:
        if self.due < self.today:
            return "overdue"
        return "today" if self.due == self.today else "week"


@dataclass(frozen=True)
class Held:
    """Tasks of one engagement that wait for the same thing first, the earliest due first."""

    why: str
    engagement: Engagement
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Work:
    """A person's tasks by urgency; `later` counts what is not due within a week."""

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    week: tuple[Task, ...]
    blocked: tuple[Task, ...]
    waiting: tuple[Task, ...]
    later: int
    next: Task | None = None  # the first of what is later
    engagements: int = 0  # how many the person sees
    roles: frozenset[str] = frozenset()  # the roles that the person has in them
    place: Engagement | None = None  # the newest of them in which they have one

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.today) + len(self.week)

    @property
    def idle(self) -> bool:
        """Whether nothing is shown at all."""
        return not (self.count or self.blocked or self.waiting)

    @property
    def soon(self) -> int:
        """What is due before tomorrow."""
        return len(self.overdue) + len(self.today)

    @property
    def fresh(self) -> bool:
        """Whether there is no work at all, now or later: the page says what will stand there."""
        return self.idle and not self.later

    @property
    def held(self) -> tuple[Held, ...]:
        """What cannot be done yet, grouped by what it waits for first."""
        groups: dict[tuple[int, str], list[Task]] = {}
        for task in self.blocked:
            groups.setdefault((task.engagement.pk, task.whys[0]), []).append(task)
        return tuple(
            Held(tasks[0].behind or why, tasks[0].engagement, tuple(tasks))
            for (_, why), tasks in groups.items()
        )


def tasks_of(seat: Seat) -> tuple[list[Task], list[Task]]:
    """What waits for this person, however far ahead, the earliest first; and what they wait for from others."""
    engagements = _engagements()
    return _all_tasks(seat, engagements, _roles(seat, engagements))


def _engagements() -> list[Engagement]:
    return list(Engagement.objects.select_related("client", "operator").order_by("kickoff_on", "pk"))


def _all_tasks(
    seat: Seat, engagements: Sequence[Engagement], roles: dict[int, frozenset[str]]
) -> tuple[list[Task], list[Task]]:
    standings = standings_of(engagements)
    numbers = owed_in_numbers(standings, {})
    frozen = set(Baseline.objects.filter(engagement__in=engagements).values_list("engagement_id", flat=True))
    tasks: list[Task] = []
    waiting: list[Task] = []
    for standing in standings:
        pk = standing.engagement.pk
        held = roles.get(pk, frozenset())
        mine, others = _tasks(standing, seat, held, frozen=pk in frozen)
        mine += _gate(
            standing, seat, held, open_items=sum(waiting_by_side(standing, numbers.get(pk)).values())
        )
        tasks += mine
        waiting += others
    by_id = {standing.engagement.pk: standing for standing in standings}
    tasks += [*_briefs(seat, roles, by_id), *_findings(seat, roles, by_id), *_fixes(seat, by_id)]
    tasks += _breaches(seat, roles, by_id)
    tasks += [*_mentions(seat, by_id), *_unread(seat, by_id)]
    signing = {
        pk: by_id[pk] for pk, held in roles.items() if SIGNERS[side_of(seat, by_id[pk].engagement)] in held
    }
    tasks += [
        Task(verb, title, url, due, engagement, standing.today)
        for verb, title, url, due, engagement, standing in next_items(seat, signing)
    ]
    tasks += [*_actions(seat, roles, by_id), *_reviews(seat, roles, by_id)]
    tasks = _without_twins(tasks)
    tasks.sort(key=lambda task: (task.due, task.title))
    return tasks, waiting


def my_work(seat: Seat) -> Work:
    """Everything that waits for this person in the engagements that the seat sees. A fixed number of queries."""
    engagements = _engagements()
    roles = _roles(seat, engagements)
    tasks, waiting = _all_tasks(seat, engagements, roles)
    due = [task for task in tasks if task.due <= task.today + SOON]
    near = [task for task in due if not task.whys]
    return Work(
        overdue=tuple(task for task in near if task.when == "overdue"),
        today=tuple(task for task in near if task.when == "today"),
        week=tuple(task for task in near if task.when == "week"),
        blocked=tuple(task for task in due if task.whys),
        waiting=tuple(sorted(waiting, key=lambda task: task.due)),
        later=len(tasks) - len(due),
        next=next((task for task in tasks if task not in due), None),
        engagements=len(engagements),
        roles=frozenset().union(*roles.values()),
        place=next((engagement for engagement in reversed(engagements) if roles.get(engagement.pk)), None),
    )


def side_of(seat: Seat, engagement: Engagement) -> Side:
    """The side of an engagement on which a seat's organisation stands."""
    return Side.CLIENT if engagement.client_id == seat.organisation.pk else Side.OPERATOR


def _roles(seat: Seat, engagements: Sequence[Engagement]) -> dict[int, frozenset[str]]:
    """The roles that the person holds or stands in for, by engagement."""
    found: dict[int, frozenset[str]] = {}
    rows = Participant.objects.held_by(seat.user).filter(engagement__in=engagements)
    for row in rows:
        found[row.engagement_id] = found.get(row.engagement_id, frozenset()) | {row.role}
    return found


def _tasks(
    standing: Standing, seat: Seat, roles: frozenset[str], *, frozen: bool
) -> tuple[list[Task], list[Task]]:
    """Tasks of one engagement: the person's own, and those of others that are near."""
    mine, others = [], []
    briefs = {spec.code for spec in standing.playbook.milestones if "brief_signed" in spec.needs}
    for item, url, verb in _open_items(standing):
        due, whys = item.forecast_on, _why_not(standing, item, frozen=frozen)
        task = Task(
            verb=verb, title=item.title, url=url, due=due, engagement=standing.engagement, today=standing.today,
            who=item.owner.name if item.owner else "nobody yet", whys=whys,
            behind=_behind(standing, item, whys), proves_brief=isinstance(item, Milestone) and item.code in briefs,
        )  # fmt: skip
        if item.owner and item.owner.answers(seat.user):
            mine.append(replace(task, stands_in=_stands_in(item.owner, seat)))
        elif roles and due <= standing.today:
            others.append(task)
    mine += _signatures(standing, seat, roles)
    mine += _launch(standing, roles)
    mine += _proposed_dates(standing, seat, roles)
    return mine, others


def _without_twins(tasks: list[Task]) -> list[Task]:
    """The same without the milestone of the signed brief where the brief itself is to be signed now."""
    signing = {task.engagement.pk for task in tasks if task.verb == "Sign" and task.title.startswith(BRIEF)}
    return [task for task in tasks if not (task.proves_brief and task.engagement.pk in signing)]


def _behind(standing: Standing, item: Milestone | ReadinessCheck, whys: Sequence[str]) -> str:
    """The open milestone that an item waits for first, with who owns it; empty where it waits for anything else."""
    waited = standing.waits_for(item)[:1] if isinstance(item, Milestone) else []
    for before in waited:
        if whys and f"“{before.title}”" in whys[0]:
            return f"{before.title} ({before.owner.name if before.owner else 'nobody yet'})"
    return ""


def _stands_in(owner: Participant, seat: Seat) -> str:
    """Whose item it is, when the person only stands in for them."""
    return "" if owner.user_id == seat.user.pk else owner.name


def _open_items(standing: Standing) -> Iterable[tuple[Milestone | ReadinessCheck, str, str]]:
    """Open milestones and checks before the next gate: what lies behind a shut gate cannot be done yet."""
    gate = standing.next_gate
    if gate is None:
        return
    public_id = standing.engagement.public_id
    for item in standing.milestones:
        if item.gate_code == gate.code and not item.done_on and not standing.review_behind(item):
            yield item, reverse("milestones:milestone", args=[public_id, item.public_id]), "Complete"
    if gate == standing.gates[0]:
        for check in standing.checks:
            if check_result(standing, check) != "passed":
                yield check, reverse("milestones:check", args=[public_id, check.public_id]), "Test"


def _why_not(standing: Standing, item: Milestone | ReadinessCheck, *, frozen: bool) -> tuple[str, ...]:
    """What an item waits for, by the same rule that would refuse it; none when its owner can do it now."""
    if isinstance(item, Milestone):
        facts = completion_facts(standing, item, by_side=item.side, brought=1, frozen=frozen)
        blockers = milestone_completion_blockers(facts)
    else:
        blockers = result_blockers(
            ResultFacts(
                title=item.title, side=item.side, by_side=item.side, brief=standing.brief, passed=True, note="",
                technical=item.area in standing.playbook.technical_areas(), gate_passed=False, evidence=1,
            )
        )  # fmt: skip
    return tuple(blocker.text for blocker in blockers)


def _signatures(standing: Standing, seat: Seat, roles: frozenset[str]) -> Iterable[Task]:
    """The plan to be locked, for the person who signs for the side."""
    side = side_of(seat, standing.engagement)
    if SIGNERS[side] not in roles or standing.plan is None:
        return
    if not standing.locked and side not in standing.locked_by:
        url = reverse("milestones:plan", args=[standing.engagement.public_id])
        yield Task("Lock", "Timeline", url, standing.calendar.due(3), standing.engagement, standing.today)


def _gate(standing: Standing, seat: Seat, roles: frozenset[str], *, open_items: int) -> Iterable[Task]:
    """The report of the next gate to be built once nothing else is open, and the gate to be signed on it."""
    gate, engagement, side = standing.next_gate, standing.engagement, side_of(seat, standing.engagement)
    if gate is None or signing_roles(standing, gate).get(side) not in roles:
        return
    title, due = f"Gate day {gate.day}: {gate.title}", gate.forecast_on
    events = standing.events(gate)
    declines = declines_now(events, gate.document_sha256)
    if gate.needs_report or declines:
        if side is Side.OPERATOR and not open_items:
            url = reverse("reports:deliverables", args=[engagement.public_id])
            yield Task(
                "Build", f"Report of {title[0].lower()}{title[1:]}", url, due, engagement, standing.today
            )
        return
    if side not in signed_sides(gate):
        url = reverse("milestones:gate", args=[engagement.public_id, gate.public_id])
        still = "is" if open_items == 1 else "are"
        whys = [f"{plural(open_items, 'item')} {still} still open before it."] if open_items else []
        whys = whys or [str(each) for each in standing_blockers(standing.holds(gate), (), gate.code)]
        asked = [
            e for e in events if e.kind == "request" and e.document == gate.document_sha256 and e.side != side
        ]
        title += f", asked by {asked[-1].by}" if asked else ""
        yield Task("Sign", title, url, due, engagement, standing.today, whys=tuple(whys))


def _launch(standing: Standing, roles: frozenset[str]) -> Iterable[Task]:
    """The launch that has to move because day 10 went by."""
    gate = standing.next_gate
    if not gate or gate != standing.gates[0] or ParticipantRole.CAMPAIGN_MANAGER not in roles:
        return
    if standing.today >= standing.calendar.launch:
        url = reverse("milestones:plan", args=[standing.engagement.public_id]) + "#launch"
        launch = standing.calendar.launch
        yield Task("Move", "Launch date", url, launch, standing.engagement, standing.today)


def _proposed_dates(standing: Standing, seat: Seat, roles: frozenset[str]) -> Iterable[Task]:
    """Dates that the other side has proposed, or a launch that it had to move, for who answers for the side."""
    side = side_of(seat, standing.engagement)
    if SIGNERS[side] not in roles:
        return
    for proposal in standing.proposals:
        if proposal.open and proposal.by_side != side:
            url = reverse("milestones:dates", args=[standing.engagement.public_id, proposal.item])
            title = f"{'Moved' if proposal.in_effect else 'New'} date of “{proposal.title}”"
            yield Task("Answer", title, url, standing.today, standing.engagement, standing.today)


def _briefs(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Versions of the brief that wait for this person's signature."""
    waiting = CampaignBrief.objects.filter(signed_at=None, superseded_at=None)
    waiting = waiting.select_related("proposed_by").prefetch_related("signatures")
    for brief in waiting.filter(engagement__in=list(roles)):
        standing = by_id[brief.engagement_id]
        side = side_of(seat, standing.engagement)
        if SIGNERS[side] not in roles[brief.engagement_id]:
            continue
        if side not in {signature.side for signature in brief.signatures.all()}:
            url = reverse("engagements:brief", args=[standing.engagement.public_id])
            asked = f", asked by {brief.proposed_by}" if brief.proposed_by else ""
            title = f"{BRIEF} {brief.version}{asked}"
            due = max(standing.calendar.due(3), standing.today) if brief.version > 1 else None
            due = due or standing.calendar.due(3)
            yield Task("Sign", title, url, due, standing.engagement, standing.today)


def _breaches(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Breaches that wait for the operator's answer, or for the client to accept it; one line per engagement."""
    for pk, held in roles.items():
        standing = by_id[pk]
        side = side_of(seat, standing.engagement)
        permission = {Side.OPERATOR: Permission.ANSWER_BREACH, Side.CLIENT: Permission.SETTLE_BREACH}[side]
        if not any(permission in BY_PARTICIPANT_ROLE[ParticipantRole(role)] for role in held):
            continue
        waiting = [each for each in standing.breaches if owed_by(state_of(each)) == side]
        if waiting:
            url = reverse("kpis:breaches", args=[standing.engagement.public_id])
            verb = "Answer" if side is Side.OPERATOR else "Decide"
            title = f"{plural(len(waiting), 'breach', 'breaches')} by agents who were not cleared"
            due = min(
                standing.today, min(local_date(b.found_at, standing.engagement.zone) for b in waiting) + SOON
            )
            yield Task(verb, title, url, due, standing.engagement, standing.today)


def _findings(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Metrics below target that nobody has answered, for the person who answers for the operator."""
    ids = [pk for pk, held in roles.items() if ParticipantRole.CAMPAIGN_MANAGER in held]
    for finding in Finding.objects.filter(engagement__in=ids, answered_at=None):
        standing = by_id[finding.engagement_id]
        url = reverse("kpis:finding", args=[standing.engagement.public_id, finding.public_id])
        reopened = finding.state == FindingState.REOPENED
        due = standing.today if reopened else standing.calendar.due(finding.review_day)
        title = f"{finding.metric_label} {_wrong(finding, reopened=reopened)}"
        yield Task("Answer", title, url, due, standing.engagement, standing.today)


def _wrong(finding: Finding, *, reopened: bool) -> str:
    if reopened:
        return "is open again: its fix did not hold"
    return "is below target" if finding.metric_key else "waits for its cause and fix"


def _actions(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Actions out of reviews that this person owes, and those that the other side asks to drop. One query."""
    for action in open_actions_of(by_id):
        standing = by_id[action.engagement_id]
        engagement = standing.engagement
        side = side_of(seat, engagement)
        url = f"{reverse('milestones:reviews', args=[engagement.public_id])}#action-{action.public_id}"
        said = mask_for(engagement, side).text(action.text)
        if action.owner.answers(seat.user):
            task = Task("Do", said, url, action.due_on, engagement, standing.today)
            yield replace(task, stands_in=_stands_in(action.owner, seat))
        if (
            action.drop_side
            and action.drop_side != side
            and SIGNERS[side] in roles.get(engagement.pk, frozenset())
        ):
            yield Task("Answer", f"Drop “{said}”?", url, standing.today, engagement, standing.today)


def _reviews(seat: Seat, roles: dict[int, frozenset[str]], by_id: dict[int, Standing]) -> Iterable[Task]:
    """Reviews that are near, for the two who run them: the next one of each engagement. One query."""
    live = {
        pk: held for pk, held in roles.items() if by_id[pk].engagement.cleared
    }  # before that nothing is to review
    ids = [pk for pk, held in live.items() if SIGNERS[side_of(seat, by_id[pk].engagement)] in held]
    for pk, row in next_reviews([by_id[pk] for pk in ids]).items():
        standing = by_id[pk]
        url = reverse("milestones:review", args=[standing.engagement.public_id, row.review.public_id])
        due, verb = row.on, "Run" if row.on <= standing.today else "Prepare"
        if due <= standing.today + SOON:
            yield Task(verb, row.review.title, url, due, standing.engagement, standing.today)


def _fixes(seat: Seat, by_id: dict[int, Standing]) -> Iterable[Task]:
    """Fixes that this person owns, or stands in for."""
    held = Participant.objects.held_by(seat.user)
    open_fixes = Fix.objects.filter(engagement__in=list(by_id), owner__in=held, done_on=None)
    for fix in open_fixes.filter(cause__round=F("finding__round")).select_related("owner", "finding"):
        standing = by_id[fix.engagement_id]
        url = reverse("kpis:finding", args=[standing.engagement.public_id, fix.finding.public_id])
        url += f"#fix-{fix.public_id}"
        stands_in = _stands_in(fix.owner, seat)
        said = mask_for(standing.engagement, side_of(seat, standing.engagement)).text(fix.action)
        yield Task("Fix", said, url, fix.due_on, standing.engagement, standing.today, stands_in=stands_in)


def _unread(seat: Seat, by_id: dict[int, Standing]) -> Iterable[Task]:
    """Evening reports that nobody of this person's side has read, where they have subscribed to them."""
    subscribed = set(
        ReportSubscription.objects.filter(user=seat.user).values_list("engagement_id", flat=True)
    )
    if not subscribed:
        return
    found = unread_of(by_id[pk].engagement for pk in subscribed & by_id.keys())
    for pk, unread in found.items():
        standing = by_id[pk]
        for each in unread:
            if each.side is side_of(seat, standing.engagement):
                url = reverse(
                    "reports:deliverable", args=[standing.engagement.public_id, each.report.public_id]
                )
                due = local_date(each.report.created_at, standing.engagement.zone) + timedelta(days=1)
                yield Task("Read", str(each.report), url, due, standing.engagement, standing.today)


def _mentions(seat: Seat, by_id: dict[int, Standing]) -> Iterable[Task]:
    """Comments that name this person, until they have read or answered them."""
    unread = Mention.objects.filter(
        engagement__in=list(by_id), user=seat.user, read_at=None, comment__withdrawals=None
    )
    for mention in unread.select_related("comment").order_by("comment__at", "pk"):
        standing, said = by_id[mention.engagement_id], mention.comment
        mask = mask_for(standing.engagement, side_of(seat, standing.engagement))
        title = f"{said.by_name} mentioned you: {mask.text(said.title)}"
        yield Task("Read", title, said.address, standing.today, standing.engagement, standing.today)
