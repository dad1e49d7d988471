"""What a dial, a contact and so on cost, and what may be entered as such. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from common.wording import day_text

# The price of one of a rate's denominators, by the key of the rate.
PRICED = {
    "contact_rate": "dial",
    "qualification_rate": "contact",
    "transfer_set_rate": "qualified",
    "show_rate": "transfer",
    "close_rate": "show",
}
LABELS = {
    "dial": "A dial",
    "contact": "A contact",
    "qualified": "A qualified lead",
    "transfer": "A transfer",
    "show": "A show",
    "agent_hour": "An agent hour",
    "dials_an_hour": "Dials that an agent makes in an hour",
}


@dataclass(frozen=True, slots=True)
class Prices:
    """What each costs, in one currency; 0: nothing is paid for it. `dials_an_hour` shares an hour among its dials."""

    currency: str = "USD"
    dial: Decimal = Decimal(0)
    contact: Decimal = Decimal(0)
    qualified: Decimal = Decimal(0)
    transfer: Decimal = Decimal(0)
    show: Decimal = Decimal(0)
    agent_hour: Decimal = Decimal(0)
    dials_an_hour: Decimal = Decimal(0)

    def by_rate(self) -> dict[str, float]:
        """The price of one denominator of each rate, as `kpis.bottleneck` takes it; an hour is part of its dials."""
        told = {key: float(getattr(self, name)) for key, name in PRICED.items()}
        if self.dials_an_hour:
            told["contact_rate"] += float(self.agent_hour / self.dials_an_hour)
        return told


def price_gaps(prices: Prices, *, from_on: date, kickoff_on: date, last: date) -> list[str]:
    """Say why these prices cannot be kept; `last` is the last day from which prices may hold."""
    gaps = []
    figures: Mapping[str, object] = asdict(prices)
    wrong = [label for name, label in LABELS.items() if Decimal(str(figures[name])) < 0]
    if wrong:
        gaps.append("A price is 0 or more.")
    if len(prices.currency) != 3 or not prices.currency.isascii() or not prices.currency.isalpha():
        gaps.append("Name the currency by its three letters, such as USD.")
    if bool(prices.agent_hour) != bool(prices.dials_an_hour):
        gaps.append("An agent hour and the dials made in it are given together.")
    if not any(prices.by_rate().values()):
        gaps.append("Give at least one price.")
    if not kickoff_on <= from_on <= last:
        gaps.append(f"Prices hold from a day between {day_text(kickoff_on)} and {day_text(last)}.")
    return gaps
