"""Files that a reading needs for itself: what to say when the disk has no room for them."""

from collections.abc import Iterator
from contextlib import contextmanager

from common.errors import Refused

NO_SPACE = (
    "The file could not be stored just now. Nothing was changed; try again, or ask for help if it stays so."
)


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Raise Refused where what is written inside finds no room, or nowhere to go."""
    try:
        yield
    except OSError as error:
        raise Refused(NO_SPACE) from error
