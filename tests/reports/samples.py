"""Realistic snapshots for the tests of the papers: one engagement at each of its milestones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from random import Random
from typing import Any

from kpis.signals.limits import Counted, chart
from reports.snapshots import (
    Action,
    AgentLine,
    AgentStanding,
    Attempt,
    Bottleneck,
    Brief,
    Candidate,
    Cause,
    CauseLine,
    Check,
    CheckFact,
    CodeLine,
    Condition,
    Count,
    DayRate,
    DayRow,
    DaySignal,
    Evening,
    Finding,
    FixLine,
    ForwardTarget,
    GateFacts,
    GateRecord,
    HeardCalls,
    HourCount,
    HourRate,
    ImportFact,
    Kind,
    LevelShift,
    LimitDay,
    MetricTerm,
    MovedDate,
    NewLevel,
    Note,
    Person,
    PlanFact,
    PlanItem,
    PlanPhase,
    RateLimits,
    RateSignal,
    RecordDocument,
    RecordItem,
    RecordLine,
    ScriptStanding,
    Signature,
    Slip,
    Snapshot,
    SourceRow,
    Stage,
    Term,
    Told,
    Verdict,
)

KICKOFF = date(2026, 3, 2)
LAUNCH = date(2026, 3, 15)
ZONE = "America/Chicago"
METRICS = (
    ("contact_rate", "Contact rate", "Contacts", "Dials", 0.12),
    ("qualification_rate", "Qualification rate", "Qualified", "Contacts", 0.32),
    ("transfer_set_rate", "Transfer-set rate", "Transfers set", "Qualified", 0.60),
    ("show_rate", "Show rate", "Shows", "Transfers set", 0.65),
    ("close_rate", "Close rate", "Closes", "Shows", 0.20),
)
PEOPLE = (
    Person("Maya Lindqvist", "Client lead", "client"),
    Person("Tomás Ferreira", "Closer lead", "client"),
    Person("Ruth Achterberg", "Executive", "client"),
    Person("Dana Ortiz", "Campaign manager", "operator"),
    Person("Wei Sun", "Supervisor", "operator"),
    Person("Ifeoma Balogun", "QA lead", "operator"),
)
PHASES = (
    PlanPhase("setup", "Setup", 1, 10),
    PlanPhase("launch", "Launch and baseline", 11, 30),
    PlanPhase("optimisation", "Optimisation", 31, 60),
    PlanPhase("steady", "Steady state", 61, 90),
)
# day, title, side, index of the owner in PEOPLE, evidence asked for
_PLAN = (
    (1, "Kickoff session held", "operator", 3, "Minutes with who attended and every decision taken"),
    (
        2,
        "Campaign rules decided",
        "client",
        0,
        "Target market, geography, who qualifies, caps, hours and sources in writing",
    ),
    (3, "CRM access granted", "client", 0, "Name of the account that the operator uses"),
    (3, "Campaign brief signed by both sides", "client", 0, "Signed version of the brief"),
    (5, "Draft script sent", "operator", 5, "The draft"),
    (7, "CRM link proved with a real lead", "operator", 4, "Lead id in the CRM"),
    (7, "Script reviewed by the client", "client", 0, "Comments on the draft"),
    (7, "Reporting dashboard checked with the client's login", "operator", 3, "Screenshot after log-in"),
    (8, "Final script sent", "operator", 5, "The final version"),
    (9, "Real leads pushed through the whole system", "operator", 4, "Log of leads, path and outcome"),
    (10, "Agents certified", "operator", 5, "Three certifications for each agent"),
    (14, "Supervised launch closed", "operator", 4, "QA sample of the first three days"),
    (21, "Patterns of two weeks written down", "operator", 5, "Sources, time slots, agents, dispositions"),
    (30, "Baseline frozen", "operator", 3, "Frozen baseline"),
    (31, "Plan against the bottleneck agreed", "operator", 3, "The plan"),
    (50, "Scaling assessed", "operator", 3, "All KPIs against targets"),
    (75, "Weekly trend summaries in place", "operator", 3, "Five summaries"),
    (88, "Targets for days 91 to 180 proposed", "client", 0, "Targets per metric"),
)
_REVIEWS = (
    (14, "Day-14 review"),
    (30, "Day-30 review"),
    (45, "Day-45 review"),
    (60, "Day-60 review"),
    (90, "Day-90 review"),
)
_GATES = ((10, "Launch clearance"), (30, "Baseline"), (60, "Optimisation"), (90, "Summary and forward plan"))


def at(day: date, hour: int = 15) -> datetime:
    """A moment on a day."""
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=UTC)


def on_day(day: int, launch: date = LAUNCH) -> date:
    """The date of an engagement day."""
    return KICKOFF + timedelta(days=day - 1) if day <= 10 else launch + timedelta(days=day - 11)


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95% Wilson interval."""
    z, share = 1.96, successes / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


def stage(
    code: str, numerator: int | None, denominator: int | None, *, minimum: int = 30, aimed: bool = True
) -> Stage:
    """A stage of the funnel with its verdict."""
    _, label, above, below, target = next(metric for metric in METRICS if metric[0] == code)
    made = Stage(
        code, label, above, below, numerator, denominator, minimum=minimum, target=target if aimed else None
    )
    if not denominator or numerator is None:
        return made
    low, high = wilson(numerator, denominator)
    share = numerator / denominator
    if denominator < minimum:
        verdict = Verdict.TOO_FEW
    elif not aimed:
        verdict = Verdict.NO_TARGET
    else:
        verdict = Verdict.MET if share >= target else Verdict.MISSED
    return replace(made, value=share, low=low, high=high, verdict=verdict)


def funnel(*counts: int | None) -> tuple[Stage, ...]:
    """The five stages from six counts, dials first."""
    return tuple(stage(metric[0], counts[place + 1], counts[place]) for place, metric in enumerate(METRICS))


def by_source(scale: int = 1) -> tuple[SourceRow, ...]:
    """Four lead sources, the last with almost nothing."""
    rows = (
        ("Web form", 2400, 420, 150, 90, 58, 12),
        ("Comparison portal", 3100, 350, 101, 60, 34, 6),
        ("Aged list, January to March", 4200, 310, 80, 41, 20, 2),
        ("Referral", 40, 9, 4, 3, 2, None),
    )
    return tuple(
        SourceRow(
            name, counts[0] * scale, funnel(*(None if count is None else count * scale for count in counts))
        )
        for name, *counts in rows
    )


def by_day(first: int, last: int) -> tuple[DayRow, ...]:
    """Days with calls on working days only."""
    random = Random(7)  # noqa: S311  (a sample must come out the same each time)
    rows = []
    for day in range(first, last + 1):
        on = on_day(day)
        if on.weekday() > 4:
            rows.append(DayRow(on, day))
            continue
        dials = random.randint(420, 620)
        contacts = int(dials * (0.105 + 0.03 * (day > 31) + random.uniform(-0.02, 0.02)))
        qualified = int(contacts * random.uniform(0.25, 0.36))
        transfers = int(qualified * random.uniform(0.5, 0.7))
        rates = (
            DayRate("contact_rate", contacts, dials),
            DayRate("qualification_rate", qualified, contacts),
            DayRate("transfer_set_rate", transfers, qualified),
        )
        rows.append(DayRow(on, day, dials, rates))
    return tuple(rows)


def by_hour() -> HourRate:
    """Contact rate from nine to six on working days, best on Tuesday mornings, too few at the ends of the week."""
    random = Random(11)  # noqa: S311
    hours = []
    for hour in range(9, 18):
        for weekday in range(1, 6):
            calls = random.randint(190, 320) if (weekday, hour) != (5, 17) else 12
            share = 0.13 + 0.05 * (weekday == 2 and hour < 12) - 0.03 * (hour == 12)
            hours.append(HourCount(weekday, hour, int(calls * (share + random.uniform(-0.02, 0.02))), calls))
    return HourRate("contact_rate", "Contact rate", 30, tuple(hours))


def limits(days: tuple[DayRow, ...], code: str = "contact_rate") -> RateLimits:
    """The days of a rate as they are judged, with one that lies far above the others."""
    counts = {row.day: next((rate for rate in row.rates if rate.code == code), None) for row in days}
    counted = [
        Counted(day, rate.numerator * (2 if day == 55 else 1), rate.denominator, base=day > 30)
        if rate
        else Counted(day, None, None, base=day > 30)
        for day, rate in counts.items()
    ]
    made = chart(counted)
    when = {row.day: row.on for row in days}
    label = next(metric[1] for metric in METRICS if metric[0] == code)
    return RateLimits(
        code,
        label,
        tuple(
            LimitDay(
                when[day.day],
                day.day,
                day.signal.value,
                day.numerator,
                day.denominator,
                day.centre,
                day.low,
                day.high,
            )
            for day in made.days
        ),
        tuple(LevelShift(one.first, one.seen, one.before, one.after, one.up) for one in made.shifts),
    )


def plan(today: int, launch: date = LAUNCH) -> tuple[PlanItem, ...]:
    """The plan as it stands on a day: everything due before it is done."""
    items = []
    for kind, rows in (
        ("milestone", _PLAN),
        ("review", tuple((day, title, "operator", 3, "Minutes") for day, title in _REVIEWS)),
        (
            "gate",
            tuple(
                (day, f"Gate of day {day}: {title}", "client", 0, "Both signatures") for day, title in _GATES
            ),
        ),
    ):
        for number, (day, title, side, who, evidence) in enumerate(rows):
            phase = next(phase.name for phase in PHASES if phase.first_day <= day <= phase.last_day)
            done = day < today
            items.append(
                PlanItem(
                    code=f"{kind}-{number}",
                    title=title,
                    kind=kind,
                    day=day,
                    phase=phase,
                    side=side,
                    owner=PEOPLE[who].name,
                    owner_role=PEOPLE[who].role,
                    contracted=on_day(day, date(2026, 3, 12)),
                    forecast=on_day(day, launch),
                    actual=on_day(day, launch) if done else None,
                    state="passed" if done else "open",
                    evidence_asked=evidence,
                )
            )
    return tuple(sorted(items, key=lambda item: item.day))


def signatures(day: date, hashed: str = "") -> tuple[Signature, ...]:
    """Both sides."""
    return (
        Signature("Maya Lindqvist", "Solvang Home Energy", "client", at(day), hashed),
        Signature("Dana Ortiz", "Brightline Contact", "operator", at(day, 16), hashed),
    )


BRIEF = Brief(
    version=2,
    terms=(
        Term(
            "Market", "Target market", "Owners of detached houses who asked for a solar quote within 90 days"
        ),
        Term("Market", "Geography", "Illinois, Indiana and Wisconsin"),
        Term("Market", "Who qualifies", "Owns the roof, bill above $120 a month, decides within six months"),
        Term("Market", "Who does not", "Tenants, mobile homes, houses with panels"),
        Term("Calling", "Daily volume cap", "650 dials a day, at most 6 per lead"),
        Term(
            "Calling",
            "Calling hours",
            "Mon to Fri 09:00 to 20:00, Sat 10:00 to 16:00, in the callee's local time",
        ),
        Term("Calling", "Lead sources", "Web form, comparison portal, aged list, referral"),
        Term("People", "Escalation path", "Supervisor, campaign manager, client lead; two hours each"),
        Term("People", "Communication rules", ""),
    ),
    metrics=tuple(
        MetricTerm(
            code,
            label,
            above,
            below,
            target=target,
            source_system="Dialer export",
            dispute_rule="Client CRM decides",
        )
        for code, label, above, below, target in METRICS
    ),
    signatures=signatures(date(2026, 3, 4)),
    content_hash="9f2c7d1be0aa4416c1d0f3a4b5c6d7e8f90112233445566778899aabbccddeeff"[:64],
)
AGENTS = tuple(
    AgentStanding(name, date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11))
    for name in ("Amara Nwosu", "Ben Castillo", "Chloe Dube", "Deepa Rao", "Emil Novák", "Farah Aziz")
)


def attempt(kind: str, score: int, *, version: int = 0, **told: Any) -> Attempt:
    """The newest attempt at one certification, passed and counted unless told otherwise."""
    assessor, side = ("Maya Lindqvist", "client") if kind == "product" else ("Ifeoma Balogun", "operator")
    made = Attempt(kind, True, True, date(2026, 3, 9), score, 80, assessor, side, version)
    return replace(made, **told)


CHECKS = (
    Check(
        "CRM",
        "Record is created from a real lead",
        "failed",
        "Wei Sun",
        at(date(2026, 3, 5)),
        ("crm-error.png",),
        True,
    ),
    Check(
        "CRM",
        "Record is created from a real lead",
        "passed",
        "Wei Sun",
        at(date(2026, 3, 6)),
        ("lead-88213.png",),
    ),
    Check(
        "CRM",
        "Disposition reaches the lead record",
        "passed",
        "Wei Sun",
        at(date(2026, 3, 6)),
        ("lead-88213-after.png",),
    ),
    Check(
        "Dialer",
        "Calling hours by time zone",
        "passed",
        "Wei Sun",
        at(date(2026, 3, 7)),
        ("https://dialer.example/rules/12",),
    ),
    Check("Dialer", "Disposition codes", "passed", "Ifeoma Balogun", at(date(2026, 3, 7)), ("codes.csv",)),
    Check("Dialer", "Routing", "passed", "Wei Sun", at(date(2026, 3, 7)), ("routing.pdf",)),
    Check(
        "Transfer lines",
        "Line 1, closers east",
        "passed",
        "Wei Sun",
        at(date(2026, 3, 8)),
        ("transfer-1.wav",),
    ),
    Check(
        "Transfer lines",
        "Line 2, closers west",
        "passed",
        "Wei Sun",
        at(date(2026, 3, 8)),
        ("transfer-2.wav",),
    ),
    Check(
        "SMS and voicemail",
        "Auto-SMS trigger",
        "passed",
        "Ifeoma Balogun",
        at(date(2026, 3, 8)),
        ("sms.png",),
    ),
    Check(
        "SMS and voicemail",
        "Voicemail files",
        "passed",
        "Ifeoma Balogun",
        at(date(2026, 3, 8)),
        ("voicemail.wav",),
    ),
    Check("Dashboard", "Client log-in", "passed", "Maya Lindqvist", at(date(2026, 3, 8)), ("dashboard.png",)),
)
FINDINGS = (
    Finding(
        "Contact rate", "11.2%", "at least 12.0%",
        "The aged list is dialled in the morning, when its owners are at work", "operator",
        "Dial the aged list from 17:00 to 20:00 local time", "Wei Sun", date(2026, 4, 7), None, "planned",
        date(2026, 4, 3),
    ),
    Finding(
        "Show rate", "58.3%", "at least 65.0%",
        "No closer is free between 17:00 and 19:00 on weekdays", "client",
        "Two closers cover 17:00 to 19:00", "Tomás Ferreira", date(2026, 4, 6), date(2026, 4, 3), "done",
        date(2026, 4, 3),
    ),
)  # fmt: skip
IMPORTS = (
    ImportFact(
        "calls_march.csv",
        "3b1f" * 16,
        9740,
        12,
        3,
        "Dana Ortiz",
        at(date(2026, 4, 3)),
        date(2026, 3, 16),
        date(2026, 4, 3),
    ),
    ImportFact(
        "crm_outcomes_march.csv",
        "a07e" * 16,
        1089,
        0,
        0,
        "Dana Ortiz",
        at(date(2026, 4, 3), 16),
        date(2026, 3, 16),
        date(2026, 4, 3),
    ),
)


def base(kind: Kind, today: int, first: int, last: int) -> Snapshot:
    """What all snapshots of the sample share."""
    return Snapshot(
        kind=kind,
        version=1,
        generated_at=at(on_day(today), 22),
        engagement_id="019af0aa-1111-7000-8000-000000000001",
        campaign="Solar quotes Midwest",
        client="Solvang Home Energy",
        operator="Brightline Contact",
        zone=ZONE,
        day=today,
        kickoff=KICKOFF,
        first=on_day(first),
        last=on_day(last),
        first_day=first,
        last_day=last,
        launch_contracted=date(2026, 3, 12),
        launch_forecast=LAUNCH,
        launch_actual=LAUNCH if today > 10 else None,
        locked_on=at(date(2026, 3, 3)),
        paper="letter",
        people=PEOPLE,
        phases=PHASES,
        plan=plan(today),
        slips=(Slip(3, "The CRM access came late", "client", date(2026, 3, 9)),),
        brief=BRIEF,
        trail_head="c4d1" * 16,
    )


MOVED = (
    MovedDate("Dialer built", date(2026, 3, 7), date(2026, 3, 9), 2, "The numbers were ported two days late.",
              "operator", "Dana Ortiz", "accepted", "Tomás Ferreira", "client", date(2026, 3, 6), along=3),
    MovedDate("Launch", date(2026, 3, 12), date(2026, 3, 15), 3, "The CRM access came late.", "client", "Dana Ortiz",
              "contested", "Tomás Ferreira", "client", date(2026, 3, 12), "The access was there on day 4."),
    MovedDate("Day-14 review", date(2026, 3, 18), date(2026, 3, 19), 1, "The client lead is away.", "shared",
              "Dana Ortiz", "open"),
)  # fmt: skip


def locked_plan() -> Snapshot:
    """Day 20 of a locked plan: dates that slipped, some done."""
    return replace(base(Kind.LAUNCH_PLAN, 20, 1, 90), moved=MOVED)


def launch_plan() -> Snapshot:
    """Before anything is signed: two items without an owner, no brief, no lock."""
    made = base(Kind.LAUNCH_PLAN, 1, 1, 90)
    items = tuple(
        replace(item, contracted=None, forecast=on_day(item.day, date(2026, 3, 12)), actual=None, state="open",
                owner="" if item.day in (75, 88) else item.owner)
        for item in made.plan
    )  # fmt: skip
    return replace(
        made, day=None, plan=items, slips=(), brief=None, locked_on=None, trail_head="", paper="A4",
        launch_forecast=date(2026, 3, 12), last=on_day(90, date(2026, 3, 12)), generated_at=at(date(2026, 2, 24)),
    )  # fmt: skip


def brief() -> Snapshot:
    """Version 2, signed by both sides."""
    return base(Kind.BRIEF, 3, 1, 90)


def day_10(*, blocked: bool = False) -> Snapshot:
    """Clear, or with three open items."""
    made = base(Kind.DAY_10, 10, 1, 10)
    gate = GateFacts(
        "Launch clearance", 10,
        conditions=(
            Condition("Campaign brief signed by both sides", True, "Maya Lindqvist", "Version 2"),
            Condition("Every readiness check passed", not blocked, "Wei Sun", "" if blocked else "10 of 10"),
            Condition("Every agent holds three certifications", not blocked, "Ifeoma Balogun",
                      "" if blocked else "6 of 6"),
        ),
        blockers=("Check “Line 2, closers west” failed and is not tested again.", "Check “Client log-in” is open.",
                  "Agent Farah Aziz has not passed script certification.") if blocked else (),
    )  # fmt: skip
    agents = (*AGENTS[:-1], replace(AGENTS[-1], script=None)) if blocked else AGENTS
    checks = (
        (
            *CHECKS[:7],
            replace(CHECKS[7], result="failed"),
            *CHECKS[8:10],
            replace(CHECKS[10], result="open", tester="", at=None, evidence=()),
        )
        if blocked
        else CHECKS
    )
    done = tuple(
        replace(i, actual=on_day(10), state="passed") if i.day == 10 and i.kind == "milestone" else i
        for i in made.plan
    )
    return replace(made, gate=gate, agents=agents, checks=checks, plan=made.plan if blocked else done)


def day_30() -> Snapshot:
    """Two misses with causes and fixes, one stage with too few cases."""
    made = base(Kind.DAY_30, 30, 11, 30)
    return replace(
        made,
        funnel=funnel(9740, 1089, 355, 216, 126, 28),
        baseline=funnel(9740, 1089, 355, 216, 126, 28),
        baseline_frozen_at=at(on_day(30)),
        by_source=by_source(),
        by_day=by_day(11, 30),
        findings=FINDINGS,
        bottleneck=Bottleneck("contact_rate", "Contact rate"),
        notes=(
            Note("patterns", "The aged list answers after 17:00.", "Ifeoma Balogun", on_day(20)),
            Note(
                "closer-feedback",
                "Leads from the comparison portal expect a price at once.",
                "Tomás Ferreira",
                on_day(28),
            ),
        ),
        imports=IMPORTS,
        gate=GateFacts("Baseline", 30),
    )


def day_45() -> Snapshot:
    """The plan of day 31 is judged: the contact rate has moved."""
    made = day_30()
    plan = PlanFact(
        1, "Contact rate", 0.12, Count(1089, 9740),
        (CauseLine("operator", "The aged list is dialled in the morning", True, (
            FixLine("Dial the aged list from 17:00 to 20:00", "Wei Sun", date(2026, 4, 10)),)),),
        agreed_on=on_day(31), agreed_by=("Maya Lindqvist (client)", "Dana Ortiz (operator)"),
        checks=(
            CheckFact(
                "Contact rate", Count(1089, 9740), Count(870, 6200), on_day(34), on_day(44), 0.12, "moved",
                "Dana Ortiz", at(on_day(45)), 0.0285, 0.0179, 0.0393,
            ),
        ),
    )  # fmt: skip
    return replace(
        base(Kind.DAY_45, 45, 31, 45),
        baseline=made.baseline,
        funnel=funnel(6200, 870, 285, 175, 110, 22),
        by_day=by_day(11, 45),
        findings=FINDINGS,
        bottleneck=Bottleneck(
            "contact_rate", "Contact rate", "", "Contact rate", 0.07, 0.84,
            (Candidate("Contact rate", 0.112, 0.12, 0.07, 0.02, 0.12, 0.84),),
        ),
        plans=(plan,),
        imports=IMPORTS,
    )  # fmt: skip


def day_60() -> Snapshot:
    """The bottleneck moved; one stage still misses."""
    made = day_30()
    return replace(
        base(Kind.DAY_60, 60, 31, 60),
        baseline=made.baseline,
        funnel=funnel(12400, 1735, 570, 350, 219, 45),
        by_source=by_source(2),
        by_day=by_day(11, 60),
        findings=(replace(FINDINGS[0], done=date(2026, 4, 7), state="done"), FINDINGS[1]),
        bottleneck=made.bottleneck,
        imports=IMPORTS,
        gate=GateFacts("Optimisation", 60),
        by_hour=by_hour(),
        limits=(limits(by_day(11, 60)),),
    )


def day_90() -> Snapshot:
    """Everything on target but the show rate."""
    made = day_60()
    return replace(
        base(Kind.DAY_90, 90, 61, 90),
        baseline=made.baseline,
        funnel=funnel(13100, 1900, 640, 401, 255, 54),
        by_source=by_source(3),
        by_day=by_day(11, 90),
        findings=made.findings,
        bottleneck=made.bottleneck,
        notes=(
            Note(
                "client-feedback",
                "Owners with a bill above $180 close twice as often.",
                "Maya Lindqvist",
                on_day(87),
            ),
            Note(
                "recommendations",
                "Drop the aged list from day 91; add Michigan from day 100.",
                "Dana Ortiz",
                on_day(87),
            ),
        ),
        actions=(
            Action("Agree the targets for days 91 to 180", "Maya Lindqvist", "client", date(2026, 6, 8)),
            Action("Calling hours for Michigan built and tested", "Wei Sun", "operator", date(2026, 6, 15)),
        ),
        forward_targets=tuple(
            ForwardTarget(label, "up", now.value, target, target + 0.02 if code != "close_rate" else None)
            for (code, label, _, _, target), now in zip(
                METRICS, funnel(13100, 1900, 640, 401, 255, 54), strict=True
            )
        ),
        imports=IMPORTS,
        gate=GateFacts("Summary and forward plan", 90),
        limits=(limits(by_day(11, 90)),),
    )


def certificate() -> Snapshot:
    """The day-10 gate: held once, declined once, one check failed before it passed."""
    made = base(Kind.CERTIFICATE, 14, 1, 90)
    passed = at(on_day(10), 17)
    signed = tuple(
        Signature(name, organisation, side, passed, "b" * 64)
        for name, organisation, side in (
            ("Maya Lindqvist", "Solvang Home Energy", "client"), ("Dana Ortiz", "Brightline Contact", "operator"),
        )
    )  # fmt: skip
    record = GateRecord(
        "Launch clearance", 10, passed, "day-10 launch clearance", 2, "b" * 64, "3 days later than contracted",
        ("3 days later, client: The CRM access came late (Dana Ortiz)",),
        conditions=(Condition("Every readiness check is passed", True, "Wei Sun", "23 of 23 passed"),),
        items=(
            RecordItem("Timeline locked by the client", at(KICKOFF), "", at(date(2026, 3, 3)), None, "Maya Lindqvist"),
            RecordItem("Every transfer line connects", at(on_day(6)), "Wei Sun", at(on_day(7)), None, "Wei Sun",
                       "recording.mp3. failed before (Wei Sun): line 2 rang out"),
        ),
        documents=(RecordDocument(1, "a" * 64, at(on_day(9)), "Dana Ortiz"),
                   RecordDocument(2, "b" * 64, at(on_day(10)), "Dana Ortiz", passed_on_it=True)),
        history=(RecordLine(at(on_day(9)), "Maya Lindqvist", "client", "declined version 1", "The roster was short.",
                            stopped=True),),
        signatures=signed,
    )  # fmt: skip
    return replace(made, certificates=(record,))


def roster() -> Snapshot:
    """Nine of ten may dial on version 2 of the script; the tenth was certified on version 1."""
    made = base(Kind.ROSTER, 24, 1, 90)
    on = date(2026, 3, 27)
    names = (
        "Amara Nwosu",
        "Ben Castillo",
        "Chloe Dube",
        "Deepa Rao",
        "Emil Novák",
        "Farah Aziz",
        "Goran Ilić",
        "Hana Sato",
        "Ines Duarte",
        "Jonas Weber",
    )
    agents = tuple(
        AgentStanding(
            name,
            date(2026, 3, 9),
            on,
            date(2026, 3, 9),
            since=date(2026, 3, 8),
            newest=(
                attempt("product", 82 + n),
                attempt("script", 84 + n, version=2, on=on),
                attempt("systems", 90),
            ),
        )
        for n, name in enumerate(names)
    )
    late = replace(
        agents[-1],
        script=None,
        newest=(
            attempt("product", 88),
            attempt("script", 91, version=1, counts=False),
            attempt("systems", 85),
        ),
    )
    return replace(
        made,
        agents=(*agents[:-1], late),
        script=ScriptStanding(2, at(on, 13), 2, "Maya Lindqvist", at(date(2026, 3, 25)), "5e" * 32),
        strangers=("dialer-07",),
    )  # fmt: skip


EVENING = Evening(
    counts=(900, 108, 41, 30, 19, 6),
    rates=(DayRate("contact_rate", 108, 900),),
    signals=(
        RateSignal(
            "contact_rate",
            "Contact rate",
            days=(DaySignal(on_day(63), 63, "below", 108, 900, 0.131, 0.189),),
        ),
        RateSignal(
            "qualification_rate",
            "Qualification rate",
            days=(DaySignal(on_day(63), 63, "within", 41, 108, 0.25, 0.51),),
        ),
        RateSignal("show_rate", "Show rate", why="Show rate is not judged by day: a day has too few cases."),
    ),
    codes=(CodeLine("XFER", "Transfer set", 30), CodeLine("NI", "Not interested", 41)),
    agents=(AgentLine("Agent 1", 450, (DayRate("contact_rate", 50, 450),)), AgentLine("Agent 2", 450)),
    heard=HeardCalls(12, Count(10, 12), 91.5),
)


def end_of_day(evening: Evening = EVENING, day: int = 63) -> Snapshot:
    """An evening on which one rate shifted."""
    made = base(Kind.DAILY, day, day, day)
    rates = (DayRate("contact_rate", 108, 900),)
    return replace(
        made,
        phases=(),
        plan=(),
        funnel=funnel(*evening.counts),
        by_day=tuple(DayRow(on_day(n), n, 900, rates) for n in range(50, day + 1)),
        imports=IMPORTS,
        evening=evening,
    )


def missing_upload() -> Snapshot:
    """An evening without calls, in the calibration."""
    return end_of_day(Evening(news="missing", calibration=True, counts=(None,) * 6), day=23)


def restated_day() -> Snapshot:
    """The same evening, told again."""
    told = Told(1, at(on_day(63), 22), (870, 104, 41, 30, 19, 6), (DayRate("contact_rate", 104, 870),))
    cause = Cause("Calls added", "late_dialer_file.csv", "Dana Ortiz", at(on_day(64), 12))
    return end_of_day(replace(EVENING, news="restated", earlier=told, causes=(cause,)))


def weekly_trend() -> Snapshot:
    """A week with a drift, beside the week before."""
    signals = (
        RateSignal(
            "contact_rate",
            "Contact rate",
            days=tuple(DaySignal(on_day(n), n, "within", 130, 900, 0.10, 0.19) for n in range(59, 65)),
            levels=(NewLevel(on_day(55), 55, Count(1300, 9000), Count(1010, 8100), up=False),),
            drift="down",
            slope=-0.004,
            low=-0.007,
            high=-0.001,
            weeks=6,
        ),
        RateSignal("show_rate", "Show rate", why="Show rate is not judged by day: a day has too few cases.",
                   drift="too-little"),
    )  # fmt: skip
    before = (5400, 700, 260, 190, 120, 30)
    evening = replace(
        EVENING, signals=signals, agents=(),
        before=funnel(*before), before_counts=before,
        without_calls=(on_day(61),),
    )  # fmt: skip
    return replace(
        end_of_day(evening), kind=Kind.WEEKLY, first=on_day(58), last=on_day(64), first_day=58, last_day=64
    )


ALL = {
    "end_of_day": end_of_day,
    "missing_upload": missing_upload,
    "restated_day": restated_day,
    "weekly_trend": weekly_trend,
    "roster": roster,
    "certificate": certificate,
    "launch_plan": launch_plan,
    "locked_plan": locked_plan,
    "brief": brief,
    "day_10": day_10,
    "day_10_blocked": lambda: day_10(blocked=True),
    "day_30": day_30,
    "day_45": day_45,
    "day_60": day_60,
    "day_90": day_90,
}
