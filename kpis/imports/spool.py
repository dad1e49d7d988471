"""Rows of a reading that wait on disk for the end of the file, so that no reading holds them all in memory."""

import io
import tempfile
from collections.abc import Iterator

import polars as pl

from kpis.imports.room import room_on_disk

# So much waits in memory before it goes to disk.
IN_MEMORY = 16 * 1024 * 1024


class Spool:
    """Frames of one schema in the order in which they came; to be walked as often as one likes.

    Raises Refused where the disk has no room for them.
    """

    def __init__(self, schema: pl.Schema) -> None:
        self.schema, self.height = schema, 0
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  it goes with the Spool
        self._lengths: list[int] = []

    def add(self, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        packed = io.BytesIO()
        frame.write_ipc(packed, compression="lz4")
        with room_on_disk():
            self._file.seek(0, io.SEEK_END)
            self._lengths.append(self._file.write(packed.getvalue()))
            self._file.flush()
        self.height += frame.height

    def __iter__(self) -> Iterator[pl.DataFrame]:
        at = 0
        for length in self._lengths:
            self._file.seek(at)
            yield pl.read_ipc(io.BytesIO(self._file.read(length)))
            at += length

    def whole(self) -> pl.DataFrame:
        """All rows at once: for a short file."""
        rows: pl.DataFrame = pl.concat([self.schema.to_frame(), *self])
        return rows
