"""What leans on the rows of an import, so that they stay. Apps above say so here; this one knows none of them."""

from collections.abc import Callable, Iterable, Sequence

from common.errors import Refused
from common.ui import Reason
from kpis.models import Import

type Leaning = Callable[[Import], Iterable[Reason]]
_asked: list[Leaning] = []


class InUse(Refused):
    """A file cannot be taken back; `places` say what leans on it, each with its page."""

    def __init__(self, places: Sequence[Reason]) -> None:
        self.places = list(places)
        super().__init__([str(place) for place in places])


def leans_on_imports(ask: Leaning) -> Leaning:
    """Register a function that says what leans on an import, in sentences; nothing where nothing does."""
    _asked.append(ask)
    return ask


def places_of(batch: Import) -> list[Reason]:
    """Everything that leans on the rows of this import at present."""
    return [place for ask in _asked for place in ask(batch)]
