"""The one way in which a rule says no."""

from collections.abc import Iterable


class Refused(Exception):
    """A rule does not allow this. `reasons` are sentences in the reader's words, never empty."""

    def __init__(self, reasons: Iterable[str] | str) -> None:
        self.reasons: list[str] = (
            [reasons] if isinstance(reasons, str) else [str(reason) for reason in reasons]
        )
        super().__init__(" ".join(self.reasons))
