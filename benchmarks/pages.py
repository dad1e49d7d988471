"""How fast every page is: `python -m benchmarks.pages`, on the demo's shape a hundred times over.

The demo is played through its services and copied in the database with new ids; row level security is on and the role
is the web's. Links are followed from the first page on; of each kind of page the slowest of three stands for it. All
pages and what they are held against take turns in one process; only ratios of one run mean something. Ends in one
JSON line: of every page the ratio to the empty view of somebody who is logged in, and the figures with a goal.

The peers cannot run here. They are compared through the bare prototype of a portfolio of 50 (four queries and a table)
that was once measured beside them: DefectDojo's dashboard took 77/17 of its time, its engagement page 98/17.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.place import ROOT, database

PAGE, PART = 5.0, 3.0
DASHBOARD, ENGAGEMENT = 77 / 17, 98 / 17
GOALS = {
    "portfolio_data_against_raw": 5.0,
    "series_against_raw": 3.0,
    "table_against_f_string": 4.0,
    "portfolio_sql": 8,
    "portfolio_against_defectdojo": 0.4,
    "engagement_against_defectdojo": 0.3,
}
OVERVIEW = "e/<uuid:engagement_id>/"


def run(arguments: list[str], address: str, folder: Path, **environment: str) -> str:
    """A command of ours in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **os.environ, "DATABASE_URL": address, "TEST_DATABASE_URL": address, "SECRET_KEY": "only-for-measuring",
            "DJANGO_SETTINGS_MODULE": "config.settings.test", "TOLLGATE_FILES": str(folder / "files"), **environment,
        },
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        print(done.stdout)
        sys.exit(f"{' '.join(arguments)} failed.")
    return done.stdout


def prepare(address: str, folder: Path, *, played: bool) -> None:
    """The database up to date, with the demo in it: played by its services where nobody has played it yet."""
    run(
        ["manage.py", "migrate", "--verbosity", "0"], address, folder,
        DJANGO_SETTINGS_MODULE="config.settings.base", PGOPTIONS="-c role=tollgate_migrate",
    )  # fmt: skip
    if played:
        return
    run(
        ["manage.py", "demo_data"], address, folder,
        DJANGO_SETTINGS_MODULE="config.settings.dev", PGOPTIONS="-c role=app_worker", TOLLGATE_DEMO="1",
    )  # fmt: skip


def report(found: dict[str, Any]) -> dict[str, Any]:
    """Print a line per page and per figure; return them as they go into the JSON line."""
    ms, told = found["ms"], found["told"]
    empty, frame = ms["/bench/empty/"], ms["/bench/frame/"]
    pages = {kind: ms[kind] / empty for kind in told if not kind.startswith("/bench/")}
    goals = {kind: PART if kind in found["parts"] else PAGE for kind in pages}
    print(
        f"\nAgainst an empty answer to somebody logged in ({empty:.1f} ms), and the empty frame ({frame:.1f} ms):"
    )
    print(
        "Anew is the first look after a line of the trail, of a day or of a release: nothing of it is kept."
    )
    print(f"{'page':<78}{'ms':>8}{'anew':>8}{'SQL':>5}{'bytes':>9}{'brotli':>8}{'ratio':>7}{'anew':>7}  goal")
    for kind, ratio in sorted(pages.items(), key=lambda one: -one[1]):
        goal, row = goals[kind], told[kind]
        said = f"{goal:g} {'met' if ratio <= goal else 'missed'}"
        print(
            f"{kind:<78}{ms[kind]:>8.1f}{ms[f'{kind} anew']:>8.1f}{row['sql']:>5}{row['bytes']:>9,}"
            f"{row['brotli']:>8,}{ratio:>7.1f}{ms[f'{kind} anew'] / empty:>7.1f}  {said}"
        )
    prototype = ms["/bench/prototype/"]
    figures = {
        "portfolio_data_against_raw": round(ms["data/portfolio"] / ms["data/portfolio raw"], 2),
        "series_against_raw": round(ms["data/series"] / ms["data/series raw"], 2),
        "table_against_f_string": round(ms["/bench/table/"] / ms["/bench/table-floor/"], 2),
        "portfolio_sql": told["portfolio/"]["sql"],
        "portfolio_against_defectdojo": round(ms["portfolio/"] / (prototype * DASHBOARD), 3),
        "engagement_against_defectdojo": round(ms[OVERVIEW] / (prototype * ENGAGEMENT), 3),
    }
    print(f"\n{'figure':<34}{'reached':>9}{'goal':>7}")
    for name, value in figures.items():
        print(f"{name:<34}{value:>9}{GOALS[name]:>7}  {'met' if value <= GOALS[name] else 'missed'}")
    met = sum(ratio <= goals[kind] for kind, ratio in pages.items())
    near = sum(ms[kind] / frame <= goals[kind] for kind in pages)
    print(
        f"{met} of {len(pages)} pages within their goal; {near} if the empty frame is the view they are held against"
    )
    anew = sorted(ms[f"{kind} anew"] / empty for kind in pages)
    middle = anew[len(anew) // 2]
    print(
        f"Anew the page in the middle takes {middle:.1f} times the empty answer, the slowest {anew[-1]:.1f}"
    )
    return {
        **figures,
        "anew_median": round(middle, 2),
        "anew_slowest": round(anew[-1], 2),
        "pages_met": met,
        "pages_met_against_frame": near,
        "pages": {kind: round(ratio, 2) for kind, ratio in pages.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=100, help="how often the demo is there, calls and all")
    parser.add_argument("--engagements", type=int, default=0, help="fill up to so many, without calls")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--demo", default="", help="a database of the server in which the demo was played already, to copy"
    )
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tollgate-bench-") as folder,
        database(f"tollgate_bench_pages_{os.getpid()}", chosen.demo or "template0") as address,
    ):
        print("Taking the demo" if chosen.demo else "Playing the demo", flush=True)
        prepare(address, Path(folder), played=bool(chosen.demo))
        print("Copying it", flush=True)
        told = run(
            ["-m", "benchmarks.looking", "fill", str(chosen.copies), str(chosen.engagements)],
            address,
            Path(folder),
        )
        print(told.strip())
        found = json.loads(
            run(["-m", "benchmarks.looking", "look", str(chosen.rounds)], address, Path(folder)).splitlines()[
                -1
            ]
        )
    print(json.dumps(report(found)))


if __name__ == "__main__":
    main()
