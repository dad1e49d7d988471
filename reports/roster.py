"""The cleared roster: who may dial, what each of them has passed, who may not and why."""

from collections.abc import Sequence
from datetime import date

from common.wording import joined, plural
from engagements.clearance import CertificationKind, assessor_side
from reports import sentences as say
from reports import source_parts
from reports.paper import (
    Ask,
    Block,
    Bullets,
    Cell,
    Figure,
    Heading,
    Paper,
    Section,
    Table,
    Track,
    columns,
    row,
    texts,
)
from reports.snapshots import AgentStanding, Attempt, ScriptStanding, Snapshot

ON_PAGE_ONE = 12
METHOD = (
    "An agent is cleared whose newest attempt at each of the three certifications is passed, the one of the script on "
    "the version that is asked for or a later one. Everything counts from when it was recorded.",
    "Product knowledge is assessed by the client, script and systems by the operator. A failed attempt stays in the "
    "record; a passed one has every part assessed and reaches the pass mark.",
    "A call of an agent who was not cleared when it was made is a breach, whatever is recorded afterwards.",
)


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The roster as it stood when the facts were frozen."""
    del track  # who may dial is a matter of names
    agents, script = snapshot.agents, snapshot.script
    out = [agent for agent in agents if not agent.cleared]
    shown = agents if len(agents) <= ON_PAGE_ONE else out[:ON_PAGE_ONE]
    return Paper(
        title="Cleared roster",
        verdict=_verdict(agents, script),
        verdict_state="passed" if agents and not out else "blocked",
        second_sentence=" ".join(filter(None, (_out_line(agents, out), _launch_line(snapshot)))),
        figures=_figures(snapshot, out),
        picture=roster_table(shown, "" if shown == agents else "Who may not dial") if shown else None,
        decided=_decided(snapshot),
        asks=_asks(out, script),
        sections=(
            Section("Cleared to dial", _cleared([agent for agent in agents if agent.cleared])),
            Section("Not cleared, and why", _not_cleared(snapshot, out)),
            Section("The script", _script(snapshot)),
            source_parts.sources_section(snapshot, METHOD, numbers=False),
        ),
    )


def roster_table(agents: Sequence[AgentStanding], caption: str) -> Table:
    """Each agent with the three days on which they passed."""
    return Table(
        caption,
        columns(
            ("Agent", 28), ("Product knowledge", 18), ("Script", 18), ("System skills", 18), ("May dial", 18)
        ),
        tuple(
            row(
                agent.name,
                *(_day_of(agent, kind) for kind in CertificationKind),
                Cell("cleared", "passed") if agent.cleared else Cell("may not dial", "blocked"),
            )
            for agent in agents
        ),
        "Nobody is on the roster.",
    )


def _passed_on(agent: AgentStanding) -> dict[CertificationKind, date | None]:
    return dict(zip(CertificationKind, (agent.product, agent.script, agent.system), strict=True))


def _newest(agent: AgentStanding, kind: CertificationKind) -> Attempt | None:
    return next((attempt for attempt in agent.newest if attempt.kind == kind), None)


def _day_of(agent: AgentStanding, kind: CertificationKind) -> str:
    newest = _newest(agent, kind)
    missing = f"on version {newest.version} only" if newest and newest.passed else "not passed"
    return say.short_day(_passed_on(agent)[kind], missing=missing)


def _verdict(agents: Sequence[AgentStanding], script: ScriptStanding | None) -> str:
    on = f"on version {script.version} of the script" if script else "yet: no version of the script is in use"
    cleared = sum(agent.cleared for agent in agents)
    if not agents:
        return "Nobody is on the roster, so nobody may dial."
    if len(agents) == 1:
        return f"The one agent on the roster {'may' if cleared else 'may not'} dial {on}."
    if not cleared:
        return f"None of {plural(len(agents), 'agent')} may dial {on}."
    if cleared == len(agents):
        return f"{say.every(cleared)} agents on the roster may dial {on}."
    return f"{cleared} of {plural(len(agents), 'agent')} may dial {on}."


def _out_line(agents: Sequence[AgentStanding], out: Sequence[AgentStanding]) -> str:
    if not agents:
        return ""
    if not out:
        return "Each has passed product knowledge, script certification and system skills."
    if len(out) > 3:
        return f"{say.capital(say.spelled(len(out)))} agents may not, and stand below with what they lack."
    return f"{joined([agent.name for agent in out])} may not."


def _launch_line(snapshot: Snapshot) -> str:
    """Being cleared is one of two conditions: before the launch nobody dials."""
    if snapshot.launch_actual is not None:
        return ""
    launch = say.day_text(snapshot.launch_forecast or snapshot.launch_contracted)
    return f"Nobody dials before the day-10 gate has passed and the launch, {launch}, has come."


def _figures(snapshot: Snapshot, out: Sequence[AgentStanding]) -> tuple[Figure, ...]:
    agents, script = snapshot.agents, snapshot.script
    newest = [attempt for agent in agents for attempt in agent.newest]
    lacks = {
        "failed": sum(not attempt.passed for attempt in newest),
        "out of date": sum(attempt.passed and not attempt.counts for attempt in newest),
        "not taken": len(agents) * len(CertificationKind) - len(newest),
    }
    whole = bool(agents) and not out
    return (
        Figure(
            "May dial",
            f"{len(agents) - len(out)} of {len(agents)}",
            "agents on the roster",
            f"target {len(agents)} of {len(agents)}" if agents else "",
            "passed" if whole else "blocked",
            "all cleared" if whole else "not all cleared",
        ),
        Figure(
            "Script in use",
            f"Version {script.version}" if script else "none",
            f"since {say.moment(script.since, snapshot.zone)}" if script else "no version is final",
        ),
        Figure(
            "Certifications missing",
            str(sum(lacks.values())),
            ", ".join(f"{count} {word}" for word, count in lacks.items() if count),
            "target 0",
        ),
        *(
            (Figure("Unknown codes", str(len(snapshot.strangers)), "in call logs, on nobody’s name"),)
            if snapshot.strangers
            else ()
        ),
    )


def _decided(snapshot: Snapshot) -> tuple[str, ...]:
    script = snapshot.script
    rule = "Who is not cleared on this paper may not dial; each of their calls is a breach."
    if script is None:
        return (rule, "Agents are certified on the version of the script that the client has approved.")
    since = say.moment(script.since, snapshot.zone)
    asked = (
        f"Version {script.version} of the script is in use since {since}: a certification on an earlier one does not "
        "count."
        if script.required == script.version
        else f"Version {script.version} of the script is in use since {since} and changed wording only: certifications "
        f"from version {script.required} on count."
    )
    coming = (
        f"Version {script.coming} is final and comes into use next: who is not certified on it by then may not dial."
        if script.coming
        else ""
    )
    return tuple(filter(None, (rule, asked, coming)))


def _asks(out: Sequence[AgentStanding], script: ScriptStanding | None) -> tuple[Ask, ...]:
    """What each side has to assess, and for whom."""
    asks = []
    for kind in CertificationKind:
        names = [agent.name for agent in out if _passed_on(agent)[kind] is None]
        if not names:
            continue
        whom = joined(names) if len(names) <= 3 else plural(len(names), "agent")
        on = f" on version {script.version}" if script and kind is CertificationKind.SCRIPT else ""
        asks.append(Ask(f"Assess {kind.words}{on}: {whom}", f"the {assessor_side(kind)}", "before they dial"))
    return tuple(asks)


def _cleared(agents: Sequence[AgentStanding]) -> tuple[Block, ...]:
    table = Table(
        "",
        columns(("Agent", 19), *((kind.label, 27) for kind in CertificationKind)),
        tuple(
            row(_on_roster(agent), *(_told(agent, kind) for kind in CertificationKind)) for agent in agents
        ),
        "Nobody is cleared.",
    )
    return (texts("Day, score, and who assessed it; the score has to reach the pass mark."), table)


def _on_roster(agent: AgentStanding) -> str:
    since = f"on the roster since {say.short_day(agent.since)}" if agent.since else ""
    until = f"last day {say.short_day(agent.until)}" if agent.until else ""
    return "\n".join(filter(None, (agent.name, since, until)))


def _told(agent: AgentStanding, kind: CertificationKind) -> str:
    attempt = _newest(agent, kind)
    if attempt is None:
        return say.short_day(_passed_on(agent)[kind])
    version = f", version {attempt.version}" if attempt.version else ""
    return (
        f"{say.short_day(attempt.on)}{version}\n{attempt.score} of 100, pass mark {attempt.pass_mark}\n"
        f"{attempt.assessor} ({attempt.side})"
    )


def _not_cleared(snapshot: Snapshot, out: Sequence[AgentStanding]) -> tuple[Block, ...]:
    table = Table(
        "",
        columns(("Agent", 24), ("Certification", 22), ("Why it does not count", 54)),
        tuple(
            row(agent.name if first else "", kind.label, _why(_newest(agent, kind), snapshot.script))
            for agent in out
            for first, kind in _lacking(agent)
        ),
        "Everybody on the roster is cleared." if snapshot.agents else "Nobody is on the roster.",
    )
    if not snapshot.strangers:
        return (table,)
    return (
        table,
        Heading("Codes that call logs name and nobody on the roster has"),
        texts("Their calls are breaches until somebody on the roster has the code."),
        Bullets(snapshot.strangers),
    )


def _lacking(agent: AgentStanding) -> list[tuple[bool, CertificationKind]]:
    """What an agent lacks; the first is marked."""
    kinds = [kind for kind, on in _passed_on(agent).items() if on is None]
    return [(place == 0, kind) for place, kind in enumerate(kinds)]


def _why(newest: Attempt | None, script: ScriptStanding | None) -> Cell:
    if newest is None:
        return Cell("not assessed yet", "open")
    on = f"{say.short_day(newest.on)} by {newest.assessor}"
    if not newest.passed:
        return Cell(f"failed on {on}: {newest.score} of 100, pass mark {newest.pass_mark}", "late")
    asked = script.required if script else 0
    return Cell(f"passed on {on} on version {newest.version}; version {asked} is asked for", "late")


def _script(snapshot: Snapshot) -> tuple[Block, ...]:
    script = snapshot.script
    if script is None:
        return (texts("No version of the script is in use yet: the client approves it first."),)
    return (
        texts(
            f"Version {script.version} is in use since {say.moment(script.since, snapshot.zone)}. {script.approved_by} "
            f"approved it for the client on {say.moment(script.approved_at, snapshot.zone)}.",
            f"SHA-256 of what was approved: {script.content_hash}.",
            "There is no grace period: from the moment at which a version that asks for it comes into use, only "
            "agents certified on it may dial.",
        ),
    )
