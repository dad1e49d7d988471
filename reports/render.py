"""From a snapshot to its paper, its HTML and its PDF. Reads the snapshot and nothing else."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.template import Context, Engine

from common.brand import contrast, parse_colour
from common.days import Calendar, contracted_launch
from common.wording import cut_short
from milestones import track
from reports import (
    brief,
    certificate,
    day_10,
    day_14,
    day_30,
    day_45,
    day_60,
    day_90,
    end_of_day,
    launch_plan,
    roster,
    weekly_trend,
)
from reports import sentences as say
from reports.paper import Block, Chart, Paper, Track
from reports.pdf import Rendered, render_pdf
from reports.snapshots import Kind, PlanItem, Snapshot, digest, work_days
from reports.svg import chart_data_uri

# Page 1 is an executive's: what is longer stands in the body in full.
LONGEST = {"second": 420, "decided": 260, "ask": 180}  # characters
WHITE, VISIBLE = "#ffffff", 3.0  # what WCAG 2.2 asks of a thing that is no text
TIGHTNESS = ("", "close", "close closest")
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PAPERS: dict[Kind, Callable[[Snapshot, Track | None], Paper]] = {
    Kind.LAUNCH_PLAN: launch_plan.paper,
    Kind.BRIEF: brief.paper,
    Kind.ROSTER: roster.paper,
    Kind.DAY_10: day_10.paper,
    Kind.DAY_14: day_14.paper,
    Kind.DAY_30: day_30.paper,
    Kind.DAY_45: day_45.paper,
    Kind.DAY_60: day_60.paper,
    Kind.DAY_90: day_90.paper,
    Kind.CERTIFICATE: certificate.paper,
    Kind.DAILY: end_of_day.paper,
    Kind.WEEKLY: weekly_trend.paper,
}


_SIGNS = {
    "done": "filled: done",
    "open": "open circle: open",
    "late": "triangle: late",
    "blocked": "square: waits for the brief",
}


def compose(snapshot: Snapshot) -> Paper:
    """The worded paper of a snapshot."""
    return PAPERS[snapshot.kind](snapshot, _track(snapshot))


def paper_html(snapshot: Snapshot, paper: Paper | None = None, *, tightness: str = "") -> str:
    """The complete HTML document that the PDF is made from; `tightness` sets page 1 closer."""
    paper = paper or compose(snapshot)
    made = snapshot.generated_at.astimezone(ZoneInfo("UTC"))
    context = Context(
        {
            "paper": paper,
            "snapshot": snapshot,
            "short_hash": digest(snapshot)[:12],
            "period": say.period_line(snapshot),
            "made": say.moment(snapshot.generated_at, snapshot.zone),
            "created": f"{made:%Y-%m-%dT%H:%M:%SZ}",
            "today_line": _day_line(snapshot),
            "tightness": tightness,
            "brands": _brands(snapshot),
            "second_sentence": cut_short(paper.second_sentence, LONGEST["second"]),
            "decided": [cut_short(line, LONGEST["decided"]) for line in paper.decided],
            "asks": [replace(ask, what=cut_short(ask.what, LONGEST["ask"])) for ask in paper.asks],
            "picture": _drawn(paper.picture) if paper.picture else None,
            "sections": [
                (section, [_drawn(block) for block in section.blocks]) for section in paper.sections
            ],
        }
    )
    return _engine().get_template("reports/paper.html").render(context)


def build_pdf(snapshot: Snapshot, paper: Paper | None = None) -> Rendered:
    """The report as PDF, set from `paper` when it has been worded already.

    The same snapshot gives the same bytes with the same versions of the libraries. A front page that runs over is set
    again, closer.
    """
    paper, identifier = paper or compose(snapshot), digest(snapshot)[:32].encode()
    for tightness in TIGHTNESS:
        html = paper_html(snapshot, paper, tightness=tightness)
        most = None if tightness == TIGHTNESS[-1] else 1
        rendered = render_pdf(html, paper=snapshot.paper, identifier=identifier, most_front=most)
        if rendered.data:
            break
    return rendered


def paper_colour(colour: str) -> str:
    """A colour as a bar on white paper: as it is where it can be seen there, else none, and the neutral ink is used."""
    known = parse_colour(colour)
    return known if known and contrast(known, WHITE) >= VISIBLE else ""


def _brands(snapshot: Snapshot) -> list[dict[str, str]]:
    """Both organisations as the head of page 1 shows them: the colour only where it can be seen on white."""
    sides = (
        ("Client", snapshot.client, snapshot.client_brand),
        ("Operator", snapshot.operator, snapshot.operator_brand),
    )
    return [
        {
            "side": side,
            "name": name,
            "logo": brand.logo if brand else "",
            "accent": paper_colour(brand.colour) if brand else "",
        }
        for side, name, brand in sides
    ]


def _day_line(snapshot: Snapshot) -> str:
    """ "Day 33" at the time of writing; before kickoff it says so."""
    return "Before kickoff" if snapshot.day is None else f"Written on day {snapshot.day}"


def _drawn(block: Block) -> tuple[Block, str]:
    """A block with the address of its drawing, where it has one."""
    return block, chart_data_uri(block.spec) if isinstance(block, Chart) else ""


@cache
def _engine() -> Engine:
    """An engine of its own: paper templates take no context processors and no tags of the pages."""
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


def _track(snapshot: Snapshot) -> Track | None:
    """The 90-day track of the snapshot's plan; None without phases."""
    launch = snapshot.launch_actual or snapshot.launch_forecast or contracted_launch(snapshot.kickoff)
    if not snapshot.phases:
        return None
    contracted = snapshot.launch_contracted or launch
    work = work_days(snapshot)
    drawing = track.draw(
        Calendar(snapshot.kickoff, launch, work=work),
        phases=[
            track.PhaseIn(phase.code, phase.name, phase.first_day, phase.last_day)
            for phase in snapshot.phases
        ],
        ticks=[
            track.TickIn(on, item.title, item.owner, _tick_state(item))
            for item, on in _placed(snapshot, "milestone")
        ],
        gates=[track.GateIn(item.day, on, item.title, item.state) for item, on in _placed(snapshot, "gate")],
        today=snapshot.generated_at.astimezone(ZoneInfo(snapshot.zone)).date(),
        size=track.Size.PAPER,
        agreed=Calendar(snapshot.kickoff, contracted, work=work),
    )
    svg = _engine().get_template("ui/track_paper.html").render(Context({"track": drawing}))
    uri = "data:image/svg+xml;base64," + base64.b64encode(svg.strip().encode()).decode()
    signs = [sign for state, sign in _SIGNS.items() if state in drawing.states]
    says = (
        f"The 90 days: phases as bands, milestones as ticks ({', '.join(signs)}), gates as diamonds, days 11 to 30 "
        f"hatched{'; below, the dates as contracted' if drawing.slipped else ''}."
        if signs
        else "The 90 days: phases as bands, gates as diamonds, days 11 to 30 hatched."
    )
    return Track(uri, says, drawing.sentence)


def _placed(snapshot: Snapshot, kind: str) -> list[tuple[PlanItem, date]]:
    """The plan's items of one kind that have a date, with the one to draw."""
    dated = [(item, item.actual or item.forecast) for item in snapshot.plan if item.kind == kind]
    return [(item, on) for item, on in dated if on is not None]


def _tick_state(item: PlanItem) -> str:
    return "done" if item.actual else item.state
