"""How often one number may be called: at most so many calls in any span of so many hours. Pure.

The span is half-open and ends with the call: a call exactly 24 hours ago no longer counts against one of now.
"""

from collections import defaultdict, deque
from collections.abc import Iterable


class Counter:
    """Counts calls by number over a rolling window, in the order of time; remembers no more than the window."""

    def __init__(self, hours: int) -> None:
        self.window = hours * 3600
        self.recent: defaultdict[str, deque[int]] = defaultdict(deque)

    def add(self, number: str, at: int) -> int:
        """Note a call (seconds since the epoch) and say how many fall into the window that ends with it."""
        seen = self.recent[number]
        while seen and seen[0] <= at - self.window:
            seen.popleft()
        seen.append(at)
        return len(seen)

    def forget(self, before: int) -> None:
        """Drop numbers whose calls no window from `before` on can reach."""
        for number in [n for n, seen in self.recent.items() if seen[-1] <= before - self.window]:
            del self.recent[number]


def over_cap(calls: Iterable[tuple[str, int]], most: int, hours: int) -> list[bool]:
    """For calls (number, seconds) in the order of time: whether each is one too many; one without a number is not."""
    counter = Counter(hours)
    return [bool(number) and counter.add(number, at) > most for number, at in calls]
