"""How fast a report is made: `python -m benchmarks.reports`, beside the pipeline that one writes first.

Six pages with five figures, four Vega charts and two tables of 40 rows, from worded parts to the PDF; the peer sets the
same words and charts with vl-convert, a Django template and WeasyPrint as their first pages say (`benchmarks/naive`).
Contenders are processes that have made one report before, as a worker has, and take turns; each turn has figures of its
own. Ends in one JSON line: the ratio of ours to the peer by the clock and by processor time, milliseconds a page, peak
memory in MB, what a process grows by with each report and the seconds of one that has made none yet, ours and the
peer's, and how many times as many reports two processes make as one. Only ratios of one run mean something.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.place import ROOT

GOALS = {"against_naive": 0.6}


class Contender:
    """One process of benchmarks.report_contenders, asked for one report at a time."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.report_contenders", name],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "SECRET_KEY": "only-for-measuring",
                "TOLLGATE_FILES": str(folder),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def make(self, seed: int) -> dict[str, Any]:
        """Seconds, processor seconds and pages of one report."""
        return self._ask(f"go {seed}")

    def end(self) -> float:
        """Stop it; returns its peak memory in MB."""
        return float(self._ask("end")["peak_mb"])

    def _ask(self, words: str) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout  # noqa: S101
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"The contender {self.name} failed.")
        told: dict[str, Any] = json.loads(line)
        return told


def cold(name: str, folder: Path) -> float:
    """Seconds from starting a process to its first finished report."""
    one = Contender(name, folder)
    one.make(1)
    took = time.perf_counter() - one.started
    one.end()
    return took


def measure(folder: Path, *, rounds: int, together: int) -> dict[str, float]:
    """All figures of one run."""
    first = {name: cold(name, folder) for name in ("ours", "naive")}
    here = {name: Contender(name, folder) for name in ("ours", "naive")}
    for one in here.values():
        one.make(1)
    turns: dict[str, list[dict[str, Any]]] = {name: [] for name in here}
    for turn in range(rounds):
        for name in ("ours", "naive") if turn % 2 else ("naive", "ours"):
            turns[name].append(here[name].make(turn + 2))
        told = ", ".join(f"{name} {turns[name][-1]['seconds']:.2f} s" for name in here)
        print(f"  turn {turn + 1}: {told}", flush=True)
    gained = _two_at_once(here["ours"], folder, together)
    peaks = {name: one.end() for name, one in here.items()}
    pages = {name: turns[name][-1]["pages"] for name in here}
    print(f"  pages {pages}, peak MB { {name: round(peak) for name, peak in peaks.items()} }", flush=True)
    ours = _median(turns["ours"], "seconds")
    return {
        "against_naive": _ratio(turns, "ours", "seconds"),
        "against_naive_processor": _ratio(turns, "ours", "processor"),
        "ms_a_page": round(1000 * ours / pages["ours"]),
        "peak_rss_mb": round(peaks["ours"]),
        "naive_peak_rss_mb": round(peaks["naive"]),
        "grows_mb_a_report": _growth(turns["ours"]),
        "naive_grows_mb_a_report": _growth(turns["naive"]),
        "cold_s": round(first["ours"], 2),
        "naive_cold_s": round(first["naive"], 2),
        "two_processes": gained,
    }


def _two_at_once(one: Contender, folder: Path, reports: int) -> float:
    """How many times as many reports two warm processes make as one."""
    other = Contender("ours", folder)
    other.make(1)

    def many(contender: Contender, seed: int) -> None:
        for number in range(reports):
            contender.make(seed + number)

    started = time.perf_counter()
    many(one, 1000)
    alone = time.perf_counter() - started
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(many, (one, other), (2000, 3000)))
    both = time.perf_counter() - started
    other.end()
    return round(2 * alone / both, 2)


def _growth(turns: Sequence[dict[str, Any]]) -> float:
    """By how many MB a process is larger with each report."""
    return round((turns[-1]["memory_mb"] - turns[0]["memory_mb"]) / max(len(turns) - 1, 1), 1)


def _median(turns: Sequence[dict[str, Any]], what: str) -> float:
    return statistics.median(turn[what] for turn in turns)


def _ratio(turns: dict[str, list[dict[str, Any]]], name: str, what: str) -> float:
    return round(_median(turns[name], what) / _median(turns["naive"], what), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="turns of each contender")
    parser.add_argument(
        "--together", type=int, default=4, help="reports that each of two processes makes at once"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tollgate-bench-") as folder:
        figures = measure(Path(folder), rounds=chosen.rounds, together=chosen.together)
    print(f"\n{'figure':<26}{'reached':>10}{'goal':>8}")
    for name, value in figures.items():
        print(f"{name:<26}{value:>10}{GOALS.get(name, ''):>8}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
