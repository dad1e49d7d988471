"""Files that prove something are stored under their hash, also by two requests at once."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest

from engagements.models import ScriptFile
from engagements.services.proofs import Proof, file_of, pieces_of
from tests.factories import Cast

pytestmark = pytest.mark.django_db
TOGETHER = 4


class Waiting(BytesIO):
    """An upload whose bytes come to all who store it at the same moment."""

    name, size = "minutes.pdf", 400_000

    def __init__(self, barrier: Barrier) -> None:
        super().__init__(b"%PDF-1.7 " + b"x" * self.size)
        self.barrier = barrier

    def read(self, size: int | None = -1, /) -> bytes:
        self.barrier.wait(timeout=10)
        return super().read(size)


def test_the_same_bytes_stored_by_several_at_once_are_stored_once(cast: Cast, files_root: Path) -> None:
    by = cast.seat(cast.supervisor)
    with ThreadPoolExecutor(TOGETHER) as pool:
        for _ in range(10):
            barrier = Barrier(TOGETHER)
            stored = [
                pool.submit(pieces_of, cast.engagement, by, Proof(file=Waiting(barrier)))
                for _ in range(TOGETHER)
            ]
            pieces = [one.result()[0] for one in stored]
    assert len({piece["path"] for piece in pieces}) == 1
    kept = file_of(ScriptFile(**pieces[0]))
    assert kept.stat().st_size == len(b"%PDF-1.7 ") + Waiting.size
    assert list(kept.parent.iterdir()) == [kept], "no partial file is left behind"
