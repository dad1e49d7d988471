"""A believable call log in Tollgate's own CSV, the same for the same seed."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

COLUMNS = (
    "call_id",
    "called_at",
    "lead_id",
    "phone",
    "lead_source",
    "agent",
    "agent_name",
    "disposition",
    "duration_s",
)
NOT_REACHED = ("no_answer", "no_answer", "no_answer", "machine", "machine", "busy", "bad_number")


@dataclass(frozen=True)
class Campaign:
    """How a campaign behaves: the chance of each step of the funnel, and what bends it."""

    zone: str
    dials_a_day: int
    contact: float
    qualified: float
    transfer: float
    show: float
    close: float
    sources: Mapping[str, tuple[float, float]]  # share of the dials, factor on the contact rate
    agents: Mapping[str, float]  # factor on the qualification rate
    hours: tuple[int, ...] = (9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
    evening: float = 1.35  # factor on the contact rate from 17:00 on


def call_log(
    campaign: Campaign, first: date, last: date, seed: int, keep: tuple[date, date] | None = None
) -> bytes:
    """CSV of every weekday from `first` to `last`, both included; with `keep`, only its days of the same calls."""
    random = Random(seed)  # noqa: S311  (believable, not secret)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    day = first
    while day <= last:
        if day.weekday() < 5:
            rows = list(_rows_of(campaign, day, random))
            writer.writerows(rows if keep is None or keep[0] <= day <= keep[1] else ())
        day += timedelta(days=1)
    return out.getvalue().encode()


def _rows_of(campaign: Campaign, day: date, random: Random) -> Iterator[tuple[object, ...]]:
    volume = round(campaign.dials_a_day * random.uniform(0.85, 1.15))
    moments = sorted(
        time(random.choice(campaign.hours), random.randrange(60), random.randrange(60)) for _ in range(volume)
    )
    names, weights = list(campaign.sources), [share for share, _ in campaign.sources.values()]
    agents = list(campaign.agents)
    for number, moment in enumerate(moments, start=1):
        source = random.choices(names, weights)[0]
        agent = random.choice(agents)
        outcome = _outcome(campaign, source, agent, moment.hour, random)
        talked = outcome not in NOT_REACHED
        yield (
            f"{day:%y%m%d}-{number:04d}",
            datetime.combine(day, moment, ZoneInfo(campaign.zone)).isoformat(),
            f"L{random.randrange(10_000, 99_999)}",
            f"+1212555{random.randrange(100, 200):04d}",
            source,
            agent,
            agent.replace(".", " ").title(),
            outcome,
            random.randrange(40, 420) if talked else random.randrange(0, 35),
        )


def _outcome(campaign: Campaign, source: str, agent: str, hour: int, random: Random) -> str:
    """Walk down the funnel until a step fails."""
    contact = campaign.contact * campaign.sources[source][1] * (campaign.evening if hour >= 17 else 1.0)
    if random.random() >= contact:
        return random.choice(NOT_REACHED)
    if random.random() >= campaign.qualified * campaign.agents[agent]:
        return random.choice(("not_interested", "not_interested", "not_qualified", "callback", "dnc"))
    if random.random() >= campaign.transfer:
        return "qualified"
    if random.random() >= campaign.show:
        return "no_show"
    return "closed" if random.random() < campaign.close else "shown"
