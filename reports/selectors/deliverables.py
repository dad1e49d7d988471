"""What the deliverables page reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import TrailEntry
from accounts.seat import Seat
from common import clock
from engagements.masks import mask_of
from engagements.models import CampaignBrief, Engagement, RosterEntry
from milestones.models import SignOff
from milestones.selectors.standing import Standing, standing_of
from reports.models import Deliverable
from reports.rules import HandingFacts, ReportFacts, handing_blockers, report_blockers
from reports.selectors.snapshot import PERIODS
from reports.snapshots import PERIODIC, Kind
from tenancy.models import JobState

OPENED_SHOWN = 20
OF_A_DAY = (Kind.DAY_14, Kind.DAY_30, Kind.DAY_45, Kind.DAY_60, Kind.DAY_90)
HOW = {"deliverable.opened": "downloaded", "deliverable.read": "opened"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """All versions of one kind, newest first; `reasons` say why no new one can be made now."""

    kind: Kind
    versions: Sequence[Deliverable] = ()
    reasons: Sequence[str] = ()
    due: bool = False  # the next gate asks for it and has none yet
    from_on: date | None = None  # its day, where that lies ahead: what is made before is a preview

    @property
    def newest(self) -> Deliverable | None:
        return self.versions[0] if self.versions else None

    @property
    def finished(self) -> Deliverable | None:
        """The newest version with a file."""
        return next((version for version in self.versions if version.built_at), None)

    @property
    def older(self) -> Sequence[Deliverable]:
        return [version for version in self.versions if version != self.finished]

    @property
    def working(self) -> bool:
        return self.newest is not None and state_of(self.newest) in ("waiting", "running")


@dataclass(frozen=True, slots=True)
class HashAnswer:
    """What is known about a hash: the deliverables whose file or whose content has it."""

    asked: str
    files: Sequence[Deliverable] = ()
    contents: Sequence[Deliverable] = field(default_factory=tuple)

    @property
    def whole(self) -> bool:
        """Whether all digits were given: a beginning can name a file but cannot prove that it is unchanged."""
        return len(self.asked) == 64

    @property
    def known(self) -> bool:
        return bool(self.files or self.contents)


@dataclass(frozen=True, slots=True)
class Opening:
    """Who read a file or took it away, and when."""

    name: str
    organisation: str
    at: datetime
    how: str


def state_of(deliverable: Deliverable) -> str:
    """done, waiting, running or failed."""
    if deliverable.built_at:
        return "done"
    job = deliverable.job
    if job is None or job.state == JobState.QUEUED:
        return "waiting"
    return "failed" if job.state == JobState.FAILED else "running"


def report_facts(engagement: Engagement, kind: Kind) -> ReportFacts:
    """What decides whether this report can be made now."""
    return _facts(standing_of(engagement), kind, has_brief=_has_brief(engagement))


def _facts(standing: Standing, kind: Kind, *, has_brief: bool) -> ReportFacts:
    first_day = PERIODS[kind][0]
    return ReportFacts(
        kind=kind,
        first=standing.calendar.date_of(first_day),
        first_day=first_day,
        today=standing.today,
        has_plan=standing.plan is not None,
        has_brief=has_brief,
        any_gate_passed=any(gate.passed_at for gate in standing.gates),
        has_roster=kind is Kind.ROSTER
        and RosterEntry.objects.filter(engagement=standing.engagement).exists(),
    )


def _has_brief(engagement: Engagement) -> bool:
    return CampaignBrief.objects.filter(engagement=engagement, discard_reason="").exists()


def shelves(engagement: Engagement) -> list[Shelf]:
    """Every kind of report that people ask for, in the order of the days, with its versions. Five queries."""
    versions: dict[str, list[Deliverable]] = {}
    # The snapshots are large and no list shows them.
    for version in _listed(engagement).filter(about=None):
        versions.setdefault(version.kind, []).append(version)
    standing, has_brief = standing_of(engagement), _has_brief(engagement)
    gate = standing.next_gate
    return [
        Shelf(
            kind,
            versions.get(kind, []),
            report_blockers(_facts(standing, kind, has_brief=has_brief)),
            due=gate is not None and gate.deliverable_kind == kind.value and gate.needs_report,
            from_on=_ahead(standing, kind),
        )
        for kind in Kind
        if kind not in PERIODIC
    ]


def _ahead(standing: Standing, kind: Kind) -> date | None:
    """The day that a report of a day is about, while it lies ahead."""
    if kind not in OF_A_DAY:
        return None
    on = standing.calendar.date_of(PERIODS[kind][1])
    return on if standing.today < on else None


def _listed(engagement: Engagement) -> QuerySet[Deliverable]:
    found = Deliverable.objects.filter(engagement=engagement).defer("snapshot")
    return found.select_related("job", "created_by").order_by("kind", "-version")


def find_hash(engagement: Engagement, asked: str) -> HashAnswer:
    """Which of the engagement's reports have this SHA-256, as a file or as frozen content.

    A beginning is enough: lists show the first twelve digits of the file's hash, page 1 those of the content's.
    """
    listed = _listed(engagement)
    return HashAnswer(
        asked,
        [version for version in listed if version.sha256.startswith(asked)],
        [version for version in listed if version.snapshot_sha256.startswith(asked)],
    )


def kept_back(deliverable: Deliverable, seat: Seat) -> list[str]:
    """Why this reader may not take the file away; empty when they may. No query where nothing is masked."""
    mask = mask_of(deliverable.engagement, seat)
    if not mask.finds([deliverable.snapshot, deliverable.summary]):
        return []
    return handing_blockers(
        HandingFacts(
            names_agents=True,
            taken=_taken_by(deliverable, seat.organisation.name),
            signed=SignOff.objects.filter(
                engagement=deliverable.engagement_id, side=seat.side, content_hash=deliverable.sha256
            ).exists(),
        )
    )


def openings(deliverable: Deliverable) -> list[Opening]:
    """The last people who read the file or took it away, newest first."""
    lines = _lines(deliverable, *HOW).order_by("-sequence")[:OPENED_SHOWN]
    return [Opening(line.actor_name, line.actor_organisation, line.at, HOW[line.action]) for line in lines]


def read_today(deliverable: Deliverable, seat: Seat) -> bool:
    """Whether this person has read the file in the page since the engagement's midnight."""
    engagement = deliverable.engagement
    midnight = datetime.combine(clock.today(engagement.zone), time.min, ZoneInfo(engagement.zone))
    return _lines(deliverable, "deliverable.read").filter(actor_id=seat.user.pk, at__gte=midnight).exists()


def _taken_by(deliverable: Deliverable, organisation: str) -> bool:
    return _lines(deliverable, "deliverable.opened").filter(actor_organisation=organisation).exists()


def _lines(deliverable: Deliverable, *actions: str) -> QuerySet[TrailEntry]:
    return TrailEntry.objects.filter(
        engagement_id=deliverable.engagement_id, action__in=actions, after__sha256=deliverable.sha256
    )
