"""What a campaign brief consists of: its terms, and the metrics that a new one starts with. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from common.wording import target_text


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the brief: what it is called and what has to stand in it."""

    key: str
    label: str
    asks: str


@dataclass(frozen=True, slots=True)
class MetricContract:
    """A metric as both sides agree to count it. `target` is a fraction (0.12 is 12%); None: none agreed."""

    key: str
    label: str
    numerator: str
    denominator: str
    unit: str = "percent"
    direction: str = "up"
    target: Decimal | None = None
    minimum_sample: int = 30
    source_system: str = ""
    dispute_rule: str = ""

    @property
    def target_words(self) -> str:
        """Say the target: "at least 12%"; without one, say so."""
        return target_text(self.target, self.direction, missing="no target agreed")


TERMS = (
    Term(
        "target_market",
        "Target market",
        "Who is called: kind of business or household, size, role of the person.",
    ),
    Term("geography", "Geography", "Countries, states or regions that are called, and those that are not."),
    Term("qualifies", "Who qualifies", "Every condition that a lead must meet to count as qualified."),
    Term("does_not_qualify", "Who does not qualify", "What rules a lead out, however interested it is."),
    Term(
        "daily_caps",
        "Daily volume caps",
        "The most dials a day, in all and per lead, and the most transfers a day.",
    ),
    Term("calling_hours", "Calling hours", "Per region and weekday, in the local time of the person called."),
    Term("lead_sources", "Lead sources", "Where leads come from, by the names that the call log uses."),
    Term("dispositions", "Disposition codes", "Each code and what it means for the funnel."),
    Term("systems", "CRM, dialer and API", "Which systems are used, who gives access, how leads move."),
    Term("contacts", "Contacts and communication", "Who speaks for each side, by which channel, how fast."),
    Term("escalation", "Escalation path", "Who is told when something goes wrong, in which order, how soon."),
)

STANDARD_METRICS = (
    MetricContract("contact_rate", "Contact rate", "Contacts", "Dials"),
    MetricContract("qualification_rate", "Qualification rate", "Qualified", "Contacts"),
    MetricContract("transfer_set_rate", "Transfer-set rate", "Transfers", "Qualified"),
    MetricContract("show_rate", "Show rate", "Shows", "Transfers"),
    MetricContract("close_rate", "Close rate", "Closes", "Shows"),
)

CONSENT = (
    "I sign version {version} of the campaign brief for {organisation}. Its terms and targets are what our side "
    "agreed to, and it cannot be changed after this signature."
)
