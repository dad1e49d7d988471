"""How fast a call log goes in: `python -m benchmarks.imports`, beside psql and django-import-export in the same run.

Ends in one JSON line: the median ratio to raw `\\copy` of the same rows into the same table, the ratio to
django-import-export with `use_bulk` at 100,000 rows, the peak memory of the importing process in MB, and the ratio of
the time with nine million rows present, in a database of their own, to the time with none. Contenders take turns, each
in a process that has done a small piece of its work before, as a worker has; only ratios of one run mean something.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.place import ROOT, database

SEED = 20260312
SOURCES = [f"Source {n:02d}" for n in range(20)]
AGENTS = [f"agent{n:03d}" for n in range(60)]
CODES = ["no_answer"] * 4 + [
    "machine",
    "busy",
    "not_interested",
    "callback",
    "qualified",
    "transfer_set",
    "closed",
]
GOALS = {"against_copy": 2.5, "against_import_export": 0.05, "peak_rss_mb": 800, "with_rows_present": 2.0}
SUMS = (
    "kpis_dailyfact, kpis_hourfact, kpis_agentfact, kpis_codefact, kpis_usefact, kpis_attemptfact, "
    "kpis_sourcewait, kpis_hourwait, kpis_sourcetalk, kpis_agenttalk, kpis_breach"
)


def write_file(path: Path, rows: int, first_day: date) -> None:
    """A call log in Tollgate's own layout, always the same: 0.5% bad rows, 1% of the call ids twice."""
    chance = random.Random(SEED)  # noqa: S311  the same every time is the point
    start = datetime(first_day.year, first_day.month, first_day.day, 12, tzinfo=UTC)
    with path.open("w") as out:
        out.write(
            "call_id,called_at,disposition,lead_id,phone,lead_source,agent,agent_name,duration_s,dials\n"
        )
        for number in range(rows):
            call = number if chance.random() >= 0.01 or not number else chance.randrange(number)
            moment = start + timedelta(days=number * 75 // rows, seconds=chance.randrange(36_000))
            code = "what?" if chance.random() < 0.005 else chance.choice(CODES)
            agent = chance.randrange(len(AGENTS))
            out.write(
                f"{call * 2654435761 % 2**64:016x}-{call:012d},{moment:%Y-%m-%dT%H:%M:%SZ},{code},"
                f"L-{number % 400_000:08d},+1613{number % 10_000_000:07d},{chance.choice(SOURCES)},{AGENTS[agent]},"
                f"Agent {agent},{chance.randrange(300)},1\n"
            )


def child(address: str, *arguments: str) -> dict[str, Any]:
    """Run one contender of this module in a process of its own; returns what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contenders", *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "TEST_DATABASE_URL": address,
            "SECRET_KEY": "only-for-measuring",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The contender {' '.join(arguments)} failed.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class Run:
    """One measurement: the database, the files, and the contenders on them."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.peak, self.present = 0.0, 0
        child(address, "prepare")
        self.first_day = date.fromisoformat(child(address, "first-day")["day"])

    def file(self, rows: int) -> Path:
        path = self.folder / f"calls-{rows}.csv"
        if not path.exists():
            write_file(path, rows, self.first_day)
        return path

    def empty(self) -> None:
        with psycopg.connect(self.address, autocommit=True) as server:
            server.execute(f"TRUNCATE kpis_callrecord, {SUMS} CASCADE")
            server.execute("UPDATE kpis_import SET size = 0")  # an engagement has room for 2 GB of files
            server.execute("CHECKPOINT")

    def ours(self, rows: int) -> float:
        """Seconds of the background job: from the stored file to the committed calls and sums."""
        found = child(self.address, "ours", str(self.file(rows)), str(self.folder))
        self.peak = max(self.peak, found["rss_mb"])
        beside = f" beside {self.present:,}" if self.present else ""
        told = f"  tollgate {rows:>9,} rows{beside}: {found['seconds']:6.2f} s, {found['rss_mb']:.0f} MB"
        print(
            f"{told}, {found['accepted']:,} in, {found['rejected']:,} bad, {found['duplicates']:,} twice",
            flush=True,
        )
        return float(found["seconds"])

    def take_rows(self) -> Path:
        """What an import left in the table, for psql to load again."""
        path = self.folder / "rows.copy"
        self._psql(f"\\copy kpis_callrecord to '{path}'")
        return path

    def raw(self, rows: Path) -> float:
        started = time.perf_counter()
        self._psql(f"\\copy kpis_callrecord from '{rows}'")
        took = time.perf_counter() - started
        print(f"  raw \\copy: {took:6.2f} s", flush=True)
        return took

    def import_export(self, rows: int, work: str = "least") -> float:
        found = child(self.address, "import-export", str(self.file(rows)), work)
        print(
            f"  django-import-export {rows:,} rows, {work} work: {found['seconds']:6.2f} s, {found['rss_mb']:.0f} MB",
            flush=True,
        )
        return float(found["seconds"])

    def fill(self, rows: int) -> None:
        print(f"Filling in {rows:,} rows", flush=True)
        child(self.address, "fill", str(rows))
        self.present = rows

    def forget(self) -> None:
        """Take the newest import's calls away again, so that the next is one of new calls."""
        with psycopg.connect(self.address, autocommit=True) as server:
            server.execute("DELETE FROM kpis_callrecord WHERE batch_id = (SELECT max(id) FROM kpis_import)")
            server.execute(f"TRUNCATE {SUMS} CASCADE")
            server.execute("UPDATE kpis_import SET size = 0")
            server.execute("VACUUM kpis_callrecord")
            server.execute("CHECKPOINT")

    def _psql(self, command: str) -> None:
        subprocess.run(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.address, "-c", command],
            check=True,
            cwd=ROOT,
        )


def measure(run: Run, full_run: Run | None, *, rows: int, peer_rows: int, rounds: int) -> dict[str, float]:
    """The four figures; `full_run` is the database in which rows are present."""
    ours, raw, small, peer, full = [], [], [], [], []
    for turn in range(rounds):
        print(f"Round {turn + 1}", flush=True)
        run.empty()
        ours.append(run.ours(rows))
        if full_run:
            full.append(full_run.ours(rows))
            full_run.forget()
        left = run.take_rows()
        run.empty()
        raw.append(run.raw(left))
        left.unlink()
        if turn < max(1, rounds - 1):
            run.empty()
            small.append(run.ours(peer_rows))
            run.empty()
            peer.append(run.import_export(peer_rows))
    # Told beside the figures: the goal is against the peer at its best.
    run.empty()
    run.import_export(peer_rows, "same")
    return {
        "against_copy": _ratio(ours, raw),
        "against_import_export": _ratio(small, peer),
        "peak_rss_mb": round(max(run.peak, full_run.peak if full_run else 0)),
        "with_rows_present": _ratio(full, ours) if full else 0.0,
    }


def _ratio(one: Sequence[float], other: Sequence[float]) -> float:
    return round(statistics.median(one) / statistics.median(other), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peer-rows", type=int, default=100_000)
    parser.add_argument(
        "--present",
        type=int,
        default=9_000_000,
        help="rows there already beside which it imports again; 0: none",
    )
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tollgate-bench-")))
        name = f"tollgate_bench_imports_{os.getpid()}"
        full = None
        if chosen.present:
            full = Run(stack.enter_context(database(f"{name}_full")), folder)
            full.ours(10_000)  # an import, with its agents and codes, for the rows to belong to
            full.empty()
            full.fill(chosen.present)
        figures = measure(
            Run(stack.enter_context(database(name)), folder), full,
            rows=chosen.rows, peer_rows=chosen.peer_rows, rounds=chosen.rounds,
        )  # fmt: skip
    print(f"\n{'figure':<24}{'reached':>10}{'goal':>8}")
    for name, value in figures.items():
        print(f"{name:<24}{value:>10}{GOALS[name]:>8}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
