"""What benchmarks.reports runs in processes of their own: one report, as a worker makes it and as one would at first.

A process reads "go SEED" from its input and answers each with a line of JSON; "end" brings its peak memory. The content
of a turn follows from its seed.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.template import Context, Engine  # noqa: E402

from kpis.charts.bars import RateBar, rate_bars  # noqa: E402
from kpis.charts.trend import DayPoint, daily_trend  # noqa: E402
from reports.paper import (  # noqa: E402
    Ask,
    Cell,
    Chart,
    Column,
    Figure,
    Paper,
    Section,
    Table,
    columns,
    number,
    row,
    texts,
)
from reports.render import build_pdf  # noqa: E402
from reports.snapshots import Kind, Snapshot  # noqa: E402

ROWS = 40
STATES = (("on target", "passed"), ("below target", "late"), ("too few to judge", "open"))


def paper_of(seed: int) -> Paper:
    """Six pages with five figures, four charts and two tables of 40 rows; another seed, other figures throughout."""
    chance = random.Random(seed)  # noqa: S311  the same every time is the point
    rates = [
        ("Contact rate", 0.12), ("Qualification rate", 0.33), ("Transfer-set rate", 0.6), ("Show rate", 0.65),
        ("Close rate", 0.2),
    ]  # fmt: skip
    bars = [_bar(chance, label, target) for label, target in rates]
    funnel = Chart(rate_bars(bars, title="The funnel"), "The funnel against its targets.", "Five rates.")
    sources = [_bar(chance, f"Source {n}", 0.12) for n in range(1, 9)]
    by_source = Chart(
        rate_bars(sources, title="By source", step=28), "Contact rate by source.", "Eight rates."
    )
    trends = [_trend(chance, label, target) for label, target in rates[:2]]
    return Paper(
        title="Baseline report",
        verdict="Two of five judged metrics miss their targets: contact rate and show rate.",
        verdict_state="late",
        second_sentence="Both findings have a root cause and a fix that is done or dated.",
        figures=tuple(
            Figure(bar.label, f"{bar.value:.1%}", bar.note, "target 12%", "passed", "on target")
            for bar in bars
        ),
        picture=funnel,
        decided=("The baseline was frozen on 3 Apr 2026, 10:05.", "Days 31 to 60 work on contact rate."),
        asks=tuple(Ask(f"Fix number {n}", "Wei Sun (operator)", "Tue 7 Apr 2026") for n in range(3)),
        sections=(
            Section("Result", (texts(*["A sentence about the result of these days."] * 6), trends[0])),
            Section("By agent", (_table(chance, "Agent"),)),
            Section("By source", (by_source, trends[1])),
            Section("By hour and source", (_table(chance, "Hour and source"),)),
            Section("Sources and method", (texts(*["A note about the method of this report."] * 10),)),
        ),
    )


def _bar(chance: random.Random, label: str, target: float) -> RateBar:
    of = chance.randrange(200, 3000)
    value = chance.uniform(0.6, 1.4) * target
    verdict = "met" if value >= target else "missed"
    note = f"{value:.1%} ({round(of * value):,} of {of:,})"
    return RateBar(label, value, note, value * 0.9, value * 1.1, target, verdict)


def _trend(chance: random.Random, label: str, target: float) -> Chart:
    points = [
        DayPoint(day, None if day % 7 == 0 else chance.uniform(0.7, 1.3) * target) for day in range(11, 91)
    ]
    said = f"{label} by day."
    return Chart(daily_trend(points, title=said, target=target), said, f"{said} 69 days with data.")


def _table(chance: random.Random, head: str) -> Table:
    heads = (
        Column("Calls", 12, number=True), Column("Contacts", 12, number=True), Column("Rate", 12, number=True),
        Column("95% interval", 18, number=True), Column("Verdict", 18),
    )  # fmt: skip
    rows = []
    for n in range(ROWS):
        calls = chance.randrange(500, 4000)
        share = chance.uniform(0.05, 0.2)
        words, state = chance.choice(STATES)
        rows.append(
            row(
                f"{head} {n + 1}", number(f"{calls:,}"), number(f"{round(calls * share):,}"),
                number(f"{share:.1%}"), number(f"{share * 0.9:.1%}–{share * 1.1:.1%}"), Cell(words, state),
            )
        )  # fmt: skip
    return Table(f"All figures by {head.lower()}", columns((head, 28), *heads), tuple(rows))


SNAPSHOT = Snapshot(
    kind=Kind.DAY_30, version=1, generated_at=datetime(2026, 4, 3, 14, 5, tzinfo=UTC), engagement_id="e",
    campaign="Solar quotes Midwest", client="Solvang Home Energy", operator="Brightline Contact",
    zone="America/New_York", day=30, kickoff=date(2026, 3, 2), first=date(2026, 3, 12), last=date(2026, 3, 31),
    first_day=11, last_day=30,
)  # fmt: skip


def ours(seed: int) -> int:
    """As a worker makes it."""
    return build_pdf(replace(SNAPSHOT, version=seed), paper_of(seed)).pages


# The peer: what one writes first. The same words, figures and charts, Inter as well, tagged as well; nothing held back
# on purpose: SVG by <img>, which is quicker than inline, and no variable font.
NAIVE = Path(__file__).resolve().parent / "naive"


def naive(seed: int) -> int:
    """The peer: Vega by vl-convert, a Django template, WeasyPrint as its first page says."""
    import base64

    import vl_convert
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    def drawn(block: Any) -> str:
        if not isinstance(block, Chart):
            return ""
        svg = vl_convert.vegalite_to_svg(block.spec, vl_version="6.4")
        return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()

    paper = paper_of(seed)
    context = {
        "paper": paper,
        "snapshot": replace(SNAPSHOT, version=seed),
        "picture": drawn(paper.picture),
        "sections": [(part, [(block, drawn(block)) for block in part.blocks]) for part in paper.sections],
    }
    html = Engine(dirs=[str(NAIVE)]).get_template("report.html").render(Context(context))
    fonts = FontConfiguration()
    folder = f"file://{settings.NODE_MODULES}/@fontsource/inter/files"
    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight};"
        f" src: url({folder}/inter-latin-{weight}-normal.woff2) }}"
        for weight in (400, 700)
    )
    sheet = CSS(string=faces + (NAIVE / "report.css").read_text(), font_config=fonts)
    document = HTML(string=html).render(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    document.write_pdf(pdf_variant="pdf/ua-1")
    return len(document.pages)


CONTENDERS: dict[str, Callable[[int], int]] = {"ours": ours, "naive": naive}


def _resident() -> float:
    """The memory of this process at the moment, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    chosen = CONTENDERS[sys.argv[1]]
    for line in sys.stdin:
        word, _, seed = line.strip().partition(" ")
        if word == "end":
            break
        started, used = time.perf_counter(), time.process_time()
        pages = chosen(int(seed))
        told: dict[str, Any] = {
            "seconds": time.perf_counter() - started,
            "processor": time.process_time() - used,
            "pages": pages,
            "memory_mb": _resident(),
        }
        print(json.dumps(told), flush=True)
    print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)


if __name__ == "__main__":
    main()
