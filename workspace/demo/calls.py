"""A believable call log in Tollgate's own CSV, the same for the same seed."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from math import exp
from random import Random
from zoneinfo import ZoneInfo

COLUMNS = (
    "call_id",
    "called_at",
    "lead_id",
    "phone",
    "region",
    "lead_source",
    "lead_created_at",
    "attempt",
    "agent",
    "agent_name",
    "disposition",
    "closer",
    "duration_s",
    "talk_s",
)
STATES = {
    "NY": "212",
    "NJ": "201",
    "CT": "203",
    "MA": "617",
    "RI": "401",
}  # with an area code of each; the numbers are nobody's
EARLY_DAYS = 2
TRANSFERRED = ("no_show", "shown", "closed")
CALLED_AGAIN = ("no_answer", "machine", "busy", "callback")
NOT_REACHED = ("no_answer", "no_answer", "no_answer", "machine", "machine", "busy", "bad_number")


EVERY_DAY, WORKDAYS = frozenset(range(7)), frozenset(range(5))
EVENING = 17


@dataclass(frozen=True)
class Campaign:
    """How a campaign behaves: the chance of each step of the funnel, and what bends it.

    What bends one step for one lead source, agent or hour is the true bottleneck that the program has to find.
    """

    zone: str
    dials_a_day: int
    contact: float
    qualified: float
    transfer: float
    show: float
    close: float
    sources: Mapping[str, tuple[float, float]]  # share of the dials, factor on the contact rate
    agents: Mapping[str, float]  # factor on the qualification rate
    hours: tuple[int, ...] = (9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)  # as often as they stand here
    days: frozenset[int] = WORKDAYS  # Monday is 0
    weekend_hours: tuple[int, ...] = (12, 13, 14, 15, 16, 17)
    evening: float = 1.35  # factor on the contact rate from 17:00 on
    evening_show: float = 1.0  # factor on the show rate from 17:00 on
    fits: Mapping[str, float] = field(
        default_factory=dict
    )  # factor on the qualification rate, by lead source
    hand_over: Mapping[str, float] = field(default_factory=dict)  # factor on the transfer-set rate, by agent
    dead: Mapping[str, float] = field(
        default_factory=dict
    )  # by lead source: share of not reached out of service
    states: tuple[str, ...] = ("NY", "NJ", "CT")
    early: int = 0  # dials of the first two days made before the agreed hour, by a clock that was not set
    # Median minutes to the first call of a lead, and how widely they spread.
    waits: tuple[float, float] = (4.0, 0.8)
    slow: Mapping[str, tuple[float, float]] = field(
        default_factory=dict
    )  # the same of lead sources that wait longer
    closers: tuple[str, ...] = ()  # who take the transfers over


def call_log(
    campaign: Campaign,
    first: date,
    last: date,
    seed: int,
    keep: tuple[date, date] | None = None,
    turns: Sequence[tuple[date, Campaign]] = (),
) -> bytes:
    """CSV of every day with calls from `first` to `last`, both included; with `keep`, only its days of the same calls.

    From the date of a turn on it behaves as that turn says.
    """
    random = Random(seed)  # noqa: S311  (believable, not secret)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    again: Waiting = {}
    taken: set[int] = set()
    day = first
    while day <= last:
        now = next((turned for since, turned in reversed(turns) if since <= day), campaign)
        if day.weekday() in now.days:
            early = now.early if day < first + timedelta(days=EARLY_DAYS) else 0
            rows = list(_rows_of(now, day, random, early, again, taken))
            writer.writerows(rows if keep is None or keep[0] <= day <= keep[1] else ())
        day += timedelta(days=1)
    return out.getvalue().encode()


@dataclass(frozen=True)
class Lead:
    """A lead that was called and not reached: it is called again on a later day, for its next attempt."""

    number: int
    phone: str
    came_in: datetime


# Leads to be called again, by lead source, state and the attempt that comes next.
type Waiting = dict[tuple[str, str, int], list[Lead]]


def _rows_of(
    campaign: Campaign, day: date, random: Random, early: int, again: Waiting, taken: set[int]
) -> Iterator[tuple[object, ...]]:
    """The calls of one day; who was not reached joins those of `again` for the days after.

    `taken` are the numbers of the leads so far: a new lead has one of its own.
    """
    missed: Waiting = {}
    volume = round(campaign.dials_a_day * random.uniform(0.85, 1.15))
    hours = campaign.hours if day.weekday() in WORKDAYS else campaign.weekend_hours
    moments = sorted(
        time(random.choice(hours), random.randrange(60), random.randrange(60)) for _ in range(volume)
    )
    moments[:early] = [time(8, 51 + number, 7 * number) for number in range(early)]
    leads = Random(day.toordinal())  # noqa: S311  (beside the calls, so that these stay what they are)
    names, weights = list(campaign.sources), [share for share, _ in campaign.sources.values()]
    agents, closers = list(campaign.agents), campaign.closers or ("",)
    for number, moment in enumerate(moments, start=1):
        source = random.choices(names, weights)[0]
        agent = random.choice(agents)
        outcome = _outcome(campaign, source, agent, moment.hour, random)
        talked = outcome not in NOT_REACHED
        if not talked and source in campaign.dead:
            outcome = _silence(outcome, campaign.dead[source], leads)
        lead, line = random.randrange(10_000, 99_999), random.randrange(100, 200)
        # The second early dial goes to somebody who has moved and kept the number.
        state = "IN" if early and number == 2 else campaign.states[lead % len(campaign.states)]
        called = datetime.combine(day, moment, ZoneInfo(campaign.zone))
        attempt = leads.choices((1, 2, 3, 4), (45, 28, 17, 10))[0]
        usual, spread = campaign.slow.get(source, campaign.waits)
        waited = usual * exp(leads.gauss(0, spread))
        waiting = again.get((source, state, attempt), [])
        if attempt > 1 and waiting:
            whom = waiting.pop(leads.randrange(len(waiting)))
        else:
            phone = f"+1{STATES.get(state, STATES['NY'])}555{line:04d}"
            own = next(number for number in count(lead, 90_000) if number not in taken)
            taken.add(own)
            attempt, whom = 1, Lead(own, phone, called - timedelta(minutes=waited))
        if outcome in CALLED_AGAIN and attempt < 4:
            missed.setdefault((source, state, attempt + 1), []).append(whom)
        lasted = random.randrange(40, 420) if talked else random.randrange(0, 35)
        yield (
            f"{day:%y%m%d}-{number:04d}",
            called.isoformat(),
            f"L{whom.number}",
            whom.phone,
            state,
            source,
            whom.came_in.isoformat(timespec="seconds"),
            attempt,
            agent,
            agent.replace(".", " ").title(),
            outcome,
            closers[lead % len(closers)] if outcome in TRANSFERRED else "",
            lasted,
            lasted - 6 - lead % 17 if talked else "",  # less the ringing
        )
    for key, found in missed.items():
        again.setdefault(key, []).extend(found)


def _outcome(campaign: Campaign, source: str, agent: str, hour: int, random: Random) -> str:
    """Walk down the funnel until a step fails."""
    late = hour >= EVENING
    contact = campaign.contact * campaign.sources[source][1] * (campaign.evening if late else 1.0)
    if random.random() >= contact:
        return random.choice(NOT_REACHED)
    if random.random() >= campaign.qualified * campaign.agents[agent] * campaign.fits.get(source, 1.0):
        return random.choice(("not_interested", "not_interested", "not_qualified", "callback", "dnc"))
    if random.random() >= campaign.transfer * campaign.hand_over.get(agent, 1.0):
        return "qualified"
    if random.random() >= campaign.show * (campaign.evening_show if late else 1.0):
        return "no_show"
    return "closed" if random.random() < campaign.close else "shown"


def _silence(outcome: str, dead: float, random: Random) -> str:
    """Why nobody was reached: so often a number that is out of service, else anything else."""
    if random.random() < dead:
        return "bad_number"
    return "no_answer" if outcome == "bad_number" else outcome
