"""A refusal that still knows what each reason is about, so that pages can link to what clears it."""

from collections.abc import Sequence

from common.errors import Refused
from milestones.rules.facts import Blocker


class Blocked(Refused):
    """Refused, with the blockers behind the sentences."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = list(blockers)
        super().__init__([blocker.text for blocker in blockers])
