"""How far the log of transfers is: verified, and what was seen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.wording import plural


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one transfer; `briefed` is None where nobody was reached."""

    connected: bool
    briefed: bool | None


@dataclass(frozen=True, slots=True)
class TransferMeter:
    """How many transfers there are, how many are verified, and how many of these went as they should."""

    transfers: int
    verified: int
    connected: int
    good: int

    @property
    def open(self) -> int:
        """Transfers of which nobody knows anything."""
        return self.transfers - self.verified

    @property
    def sentence(self) -> str:
        """The meter in words."""
        if not self.transfers:
            return "No transfer is in for these days."
        said = f"{self.verified:,} of {plural(self.transfers, 'transfer')} verified"
        if not self.verified:
            return f"{said}."
        said += f": {self.connected:,} connected, {self.good:,} of them with a briefed closer"
        return f"{said}; {self.open:,} not verified." if self.open else f"{said}."


def meter(seen: Sequence[Seen | None]) -> TransferMeter:
    """Count the transfers, None for one that nobody has verified."""
    told = [one for one in seen if one is not None]
    return TransferMeter(
        transfers=len(seen),
        verified=len(told),
        connected=sum(one.connected for one in told),
        good=sum(one.connected and one.briefed is True for one in told),
    )


def launch_gaps(found: TransferMeter, *, calls: bool, over: bool) -> list[str]:
    """Say what is missing before every transfer of the supervised launch is verified; empty: nothing.

    `calls` says that calls of these days are in, `over` that their last has come.
    """
    if not calls:
        return ["No call of days 11 to 14 is in yet, so nobody knows which transfers there were."]
    gaps = []
    if not over:
        gaps.append("The launch is supervised until day 14: transfers can still come.")
    if found.open:
        verb = "is" if found.open == 1 else "are"
        gaps.append(
            f"{found.open:,} of {plural(found.transfers, 'transfer')} of days 11 to 14 {verb} not verified."
        )
    return gaps


def check_gaps(*, connected: bool | None, briefed: bool | None, note: str) -> list[str]:
    """Say why this is no verification of a transfer."""
    if connected is None:
        return ["Say whether the transfer connected."]
    if not connected and briefed is not None:
        return ["Nobody was reached, so nobody was briefed: leave that open."]
    if connected and briefed is None:
        return ["Say whether the closer was briefed."]
    if not (connected and briefed) and not note.strip():
        return ["Say what went wrong."]
    return []
