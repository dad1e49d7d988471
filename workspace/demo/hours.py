"""How long the demo's agents were logged in: files that go with the calls that were made."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from random import Random

# Dials that an agent really makes in an hour, from the slowest day to the fastest.
DIALS_AN_HOUR = (49, 58)


def hours_file(dials: Mapping[date, Mapping[str, int]], seed: int) -> bytes:
    """A file of a date, an agent and hours, for these dials of each day by agent."""
    random = Random(seed)  # noqa: S311  (believable, not secret)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("date", "agent", "hours"))
    for day, by_agent in sorted(dials.items()):
        for agent, number in sorted(by_agent.items()):
            writer.writerow((day.isoformat(), agent, f"{number / random.uniform(*DIALS_AN_HOUR):.2f}"))
    return out.getvalue().encode()


def time_report(dials: Mapping[date, Mapping[str, int]], seed: int) -> bytes:
    """A dialer's agent time report over all of these days, with one figure for each agent."""
    random = Random(seed)  # noqa: S311  (believable, not secret)
    sums: dict[str, int] = {}
    for by_agent in dials.values():
        for agent, number in by_agent.items():
            sums[agent] = sums.get(agent, 0) + number
    lines = [
        f"Agent Time Detail  {max(dials)} 20:00:00",
        f"Time range: {min(dials)} 00:00:00 to {max(dials)} 23:59:59",
        "",
        "USER,ID,CALLS,TIME CLOCK,LOGIN TIME,WAIT,TALK,DISPO,PAUSE,DEAD",
    ]
    for agent, number in sorted(sums.items()):
        login = round(number / random.uniform(*DIALS_AN_HOUR) * 3600)
        parts = [round(login * share) for share in (0.44, 0.29, 0.11, 0.16)]
        clocks = ",".join(_clock(seconds) for seconds in (login, login, *parts, 0))
        lines.append(f"{agent.replace('.', ' ').title()},{agent},{number},{clocks}")
    lines.append(f"TOTALS,{len(sums)},{sum(sums.values())},,,,,,,")
    return "\r\n".join(lines).encode()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
