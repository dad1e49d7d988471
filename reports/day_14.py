"""Day 14, the first review: the first live days against target, what stands apart in them, and the action plan."""

from common.wording import NO_DATA, interval_text, joined, percent_text, plural, rate_text
from kpis.charts.bars import RateBar, rate_bars
from kpis.funnel import wilson
from reports import funnel_parts, source_parts
from reports import sentences as say
from reports.day_30 import verdict_state
from reports.paper import (
    Ask,
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Heading,
    Paper,
    Section,
    Table,
    Track,
    columns,
    number,
    row,
    texts,
    without_empty,
)
from reports.plan_parts import state_cell
from reports.snapshots import Count, CoverageRow, Listening, Pattern, PatternRow, ReviewRecord, Snapshot

PLACES = {
    "above": ("above the rest", "passed"),
    "below": ("below the rest", "late"),
    "within": ("like the rest", ""),
    "too-few": ("too few to judge", "open"),
}
METHOD = (
    "Each source, hour, weekday and agent is compared with all others together by the test of two proportions with "
    "continuity correction (Fleiss, Levin and Paik, 2003), at 5% divided by the number of comparisons (Dunn, 1961). "
    "Under the minimum sample, or with fewer than five expected, nothing is judged (Cochran, 1954).",
    "Codes of calls that reached nobody are taken of all calls of an agent, the others of the contacts. A share that "
    "differs asks for a spot check; it proves no misuse.",
    source_parts.CALIBRATION_NOTE,
)


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The day-14 review, as the pre-read before it and with its minutes after it."""
    del track
    review = snapshot.review
    return Paper(
        title="Day-14 review",
        verdict=say.against_targets(snapshot.funnel),
        verdict_state=verdict_state(snapshot.funnel),
        second_sentence=" ".join(filter(None, (_standing(snapshot), say.unknown_clause(snapshot.funnel)))),
        figures=funnel_parts.stage_figures(snapshot.funnel),
        picture=_bars(_of(snapshot, "sources")) or _bars(_of(snapshot, "hours")),
        decided=_decided(snapshot, review),
        asks=_asks(snapshot, review),
        calibration=True,
        sections=(
            Section("Two weeks against target", _result(snapshot), calibration=True),
            Section("Lead sources", _part(snapshot, "sources"), calibration=True),
            Section("Time slots", _part(snapshot, "hours", "weekdays"), calibration=True),
            Section(
                "Agents against the average",
                _part(snapshot, "agents-contact", "agents-qualified"),
                calibration=True,
            ),
            Section("Disposition codes", _codes(snapshot), calibration=True),
            Section("What QA heard", _listening(snapshot), calibration=True),
            Section("Transfers", _transfers(snapshot), calibration=True),
            Section("What surprised", _surprises(snapshot, review), calibration=True),
            Section("Action plan", _plan(snapshot, review)),
            Section("Who attended" if review and review.held else "Who must attend", _chairs(review)),
            source_parts.sources_section(snapshot, METHOD),
        ),
    )


def _standing(snapshot: Snapshot) -> str:
    """Whether this is read before the meeting or tells of it."""
    review = snapshot.review
    if review is None:
        return "The plan holds no day-14 review."
    if not review.held:
        return f"This is the pre-read: the review is on {say.day_text(review.on)}, after this was made."
    missing = [chair.role for chair in review.chairs if not chair.name]
    stood = [chair for chair in review.chairs if chair.substitute]
    gone = f", without the {joined(missing)}" if missing else ""
    some = f", {plural(len(stood), 'chair')} by a substitute" if stood else ""
    actions = plural(len(snapshot.actions), "action")
    return f"The review took place on {say.day_text(review.on)}{gone}{some}; it ended in {actions}."


def _of(snapshot: Snapshot, key: str) -> Pattern | None:
    return next((one for one in snapshot.patterns if one.key == key), None)


def _decided(snapshot: Snapshot, review: ReviewRecord | None) -> tuple[str, ...]:
    if review is None or not review.held:
        return ("Nothing yet: the review decides, and its action plan names owners and deadlines.",)
    return review.decisions[:4] or ("The review took no decision besides its actions.",)


def _asks(snapshot: Snapshot, review: ReviewRecord | None) -> tuple[Ask, ...]:
    if review is None:
        return ()
    if not review.held:
        when = say.day_text(review.on)
        return tuple(
            Ask(
                f"Attend as {chair.role}, or name a substitute",
                f"{chair.holders or 'nobody yet'} ({chair.side})",
                when,
            )
            for chair in review.chairs[:5]
        )
    waiting = [action for action in snapshot.actions if action.state in ("open", "late")]
    return tuple(Ask(a.text, f"{a.owner} ({a.side})", say.day_text(a.due)) for a in waiting[:5])


def _result(snapshot: Snapshot) -> tuple[Block, ...]:
    dialled = [day for day in snapshot.by_day if day.dials]
    days = (
        f"The campaign dials since {say.day_text(snapshot.first)}: {plural(len(dialled), 'day')} with calls until day "
        f"{snapshot.last_day}. Days 1 to 10 were setup: two weeks of the engagement hold no more live days."
    )
    return without_empty(
        (
            texts(say.on_numbers(snapshot.funnel), days, source_parts.brief_line(snapshot)),
            funnel_parts.funnel_table(
                snapshot.funnel, f"All rates, days {snapshot.first_day} to {snapshot.last_day}"
            ),
            funnel_parts.trend_chart(snapshot),
        )
    )


def _part(snapshot: Snapshot, *keys: str) -> tuple[Block, ...]:
    """The patterns of these keys: the sentence, a chart where there are bars to draw, and the table."""
    blocks: list[Block | None] = []
    for key in keys:
        found = _of(snapshot, key)
        if found is None:
            continue
        blocks += [texts(found.sentence), _bars(found) if key == "hours" else None, _table(found)]
    return without_empty(blocks)


def _bars(found: Pattern | None) -> Chart | None:
    """The rate of each row as a bar with its interval; what stands below the rest is outlined."""
    known = [one for one in found.rows if one.value is not None] if found else []
    if found is None or not known:
        return None
    fills = {"above": "met", "below": "missed", "within": "no-target", "too-few": "too-few"}
    bars = [
        RateBar(
            one.label,
            one.value,
            f"{percent_text(one.value)} ({one.successes:,} of {one.trials:,})",
            one.low,
            one.high,
            None,
            fills[one.place],
        )
        for one in known
    ]
    title = f"{say.capital(found.rate)} by {found.by}. {found.sentence}"
    key = "Bars: the rate. Thin line: 95% interval. Outlined bar: below the rest by more than chance."
    return Chart(rate_bars(bars, title=title, step=26), f"{title} {key}", title)


def _table(found: Pattern) -> Table:
    return Table(
        f"{say.capital(found.rate)} by {found.by}",
        columns(
            (say.capital(found.by), 26),
            Column("Rate", 10, number=True),
            Column("Count", 18, number=True),
            Column("95% interval", 16, number=True),
            Column("The others", 12, number=True),
            ("Beside them", 18),
        ),
        tuple(_row(one) for one in found.rows),
        f"No data by {found.by}.",
    )


def _row(one: PatternRow) -> tuple[Cell, ...]:
    return row(
        one.label,
        number(percent_text(one.value)),
        number(f"{one.successes:,} of {one.trials:,}"),
        number(interval_text(one.low, one.high) or NO_DATA),
        number(percent_text(one.rest)),
        Cell(*PLACES[one.place]),
    )


def _codes(snapshot: Snapshot) -> tuple[Block, ...]:
    table = Table(
        "Codes that an agent gives more or less often than the others",
        columns(
            ("Agent", 18),
            ("Code", 17),
            ("Means", 22),
            Column("Share", 20, number=True),
            Column("The others", 11, number=True),
            ("Beside them", 12),
        ),
        tuple(
            row(
                one.agent,
                one.code,
                one.meaning,
                number(f"{percent_text(one.calls / one.of)}\n{one.calls:,} of {one.of:,} {one.of_what}"),
                number(percent_text(one.rest)),
                Cell("more often" if one.more else "less often", "open"),
            )
            for one in snapshot.suspicions
        ),
        "No code stands out.",
    )
    return (texts(snapshot.dispositions), *((table,) if snapshot.suspicions else ()))


def _listening(snapshot: Snapshot) -> tuple[Block, ...]:
    """The meter of the sample, its results, and what is still missing. Reports of before hold none."""
    told = snapshot.listening
    if told is None:
        return (texts("This report was made before samples were kept here."),)
    missing = f"Not done yet. {' '.join(told.gaps)}" if told.gaps else "The target of 25% is reached."
    blocks: list[Block | None] = [texts(told.meter, missing)]
    if told.days:
        blocks += [
            _coverage("Sample by day", "Day", told.days),
            _coverage("Sample by agent", "Agent", told.agents),
        ]
    if told.passed and told.right and told.right.denominator:
        blocks.append(texts(*_heard(told)))
        blocks += [Heading("Failed on a must-have point"), Bullets(told.auto_failed, "No call.")]
        if told.confusions:
            blocks.append(
                Table(
                    "Dispositions that were recorded otherwise than heard",
                    columns(("Recorded", 40), ("Heard", 40), Column("Calls", 20, number=True)),
                    tuple(row(recorded, heard, number(calls)) for recorded, heard, calls in told.confusions),
                    "None.",
                )
            )
    if told.agreement:
        blocks += [Heading("Between reviewers"), Bullets(told.agreement, "")]
    if told.seed:
        blocks.append(
            texts(
                f"Drawn by chance with the seed {told.seed}; SHA-256 of the calls {told.population_sha256}."
            )
        )
    return without_empty(blocks)


def _heard(told: Listening) -> tuple[str, ...]:
    mean = (
        ""
        if told.mean is None
        else f"The average score is {told.mean:.1f} of 100 over {plural(told.scored, 'call')}. "
    )
    passed = f"Passed: {_share(told.passed)}. " if told.passed and told.passed.denominator else ""
    return (_reviewed(told), f"{mean}{passed}Disposition as heard: {_share(told.right)}.")


def _reviewed(told: Listening) -> str:
    """Why fewer calls have a score than were reviewed; empty where all have one."""
    reviewed = told.right.denominator if told.right else 0
    if told.scored >= reviewed:
        return ""
    verb = "was a conversation" if told.scored == 1 else "were conversations"
    return (
        f"{told.scored:,} of {plural(reviewed, 'reviewed call')} {verb} and got a score; "
        "of the others only the disposition was checked."
    )


def _share(found: Count | None) -> str:
    if found is None or not found.denominator:
        return NO_DATA
    low, high = wilson(found.numerator, found.denominator)
    return f"{rate_text(found.numerator, found.denominator)}, 95% interval {interval_text(low, high)}"


def _coverage(title: str, name: str, found: tuple[CoverageRow, ...]) -> Table:
    return Table(
        title,
        columns(
            (name, 30), Column("Calls", 14, number=True), Column("Drawn", 14, number=True),
            Column("Reviewed", 14, number=True), Column("Not to be heard", 14, number=True),
            Column("Not reviewed", 14, number=True),
        ),
        tuple(
            row(one.label, *(number(f"{n:,}") for n in (one.calls, one.drawn, one.reviewed, one.unheard, one.open)))
            for one in found
        ),
        "No data.",
    )  # fmt: skip


def _transfers(snapshot: Snapshot) -> tuple[Block, ...]:
    told = snapshot.transfers
    if told is None:
        return (texts("This report was made before transfers were kept here."),)
    blocks: list[Block] = [texts(told.meter)]
    if told.open:
        blocks += [Heading("Not verified"), Bullets(told.open, "None.")]
    if told.failed:
        blocks += [Heading("Went wrong"), Bullets(told.failed, "None.")]
    return tuple(blocks)


def _surprises(snapshot: Snapshot, review: ReviewRecord | None) -> tuple[Block, ...]:
    said = tuple(filter(None, review.text.splitlines())) if review and review.held else ()
    blocks: list[Block] = [
        Bullets(snapshot.surprises, "In the data nothing stands apart by more than chance."),
    ]
    if review and review.held:
        blocks += [Heading("From the minutes"), Bullets(said, "The minutes say nothing more.")]
    return tuple(blocks)


def _plan(snapshot: Snapshot, review: ReviewRecord | None) -> tuple[Block, ...]:
    if review is None or not review.held:
        agenda = review.agenda if review else ()
        return (
            texts("The review has not taken place, so there is no action plan yet. On its agenda:"),
            Bullets(agenda, "No agenda."),
        )
    table = Table(
        "Actions with owner and deadline",
        columns(("Action", 46), ("Owner", 26), ("By", 14), ("State", 14)),
        tuple(
            row(a.text, f"{a.owner} ({a.side})", say.short_day(a.due), state_cell(a.state))
            for a in snapshot.actions
        ),
        "No action was undertaken.",
    )
    carry = "What is unfinished carries over to the next review by itself."
    return (texts(carry), table, Heading("Decisions"), Bullets(review.decisions, "No decision was taken."))


def _chairs(review: ReviewRecord | None) -> tuple[Block, ...]:
    if review is None:
        return (texts("The plan holds no day-14 review."),)
    held = review.held
    table = Table(
        "",
        columns(("Role", 28), ("Side", 16), ("On the team", 28), ("Attended" if held else "State", 28)),
        tuple(
            row(
                say.capital(chair.role),
                chair.side,
                chair.holders or "nobody",
                _attended(chair.name, substitute=chair.substitute)
                if held
                else Cell("asked to attend", "open"),
            )
            for chair in review.chairs
        ),
        "Nobody is required.",
    )
    also = f"Also there: {review.also_there}." if review.also_there else ""
    closed = (
        f"The minutes were closed by {review.closed_by}; SHA-256 {review.content_hash}. They do not change any more."
        if held
        else ""
    )
    return (table, *((texts(also, closed),) if also or closed else ()))


def _attended(name: str, *, substitute: bool) -> Cell:
    if not name:
        return Cell("missing", "late")
    return Cell(f"{name}, standing in" if substitute else name, "passed")
