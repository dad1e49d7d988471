"""Uploaded files on disk, below FILES_ROOT, under names that the server makes."""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from common.errors import Refused
from kpis.imports.reading import GZIP
from kpis.imports.room import room_on_disk


def save_upload(engagement: UUID, data: bytes) -> str:
    """Write an uploaded call log; returns its path below FILES_ROOT."""
    name = f"imports/{engagement}/{uuid4()}.csv" + (".gz" if data.startswith(GZIP) else "")
    _write(name, [data])
    return name


def save_rejects(upload: str, lines: Iterable[str]) -> str:
    """Write the rejected rows of an upload beside it; returns the path. A later reading replaces them."""
    name = upload.removesuffix(".gz").removesuffix(".csv") + "-rejected.csv"
    _write(name, (line.encode() for line in lines))
    return name


def read(name: str) -> bytes:
    """The bytes of a stored file. Raises Refused when it is gone."""
    try:
        return located(name).read_bytes()
    except FileNotFoundError as error:
        raise Refused(
            "The uploaded file is no longer there. Remove this import and upload it again."
        ) from error


def located(name: str) -> Path:
    """Where a stored file is. Names come from the database, yet none may lead out of FILES_ROOT."""
    root = Path(settings.FILES_ROOT).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"{name} lies outside of FILES_ROOT")
    return path


def remove(*names: str) -> None:
    """Delete stored files; one that is gone already does not matter."""
    for name in names:
        if name:
            located(name).unlink(missing_ok=True)


def _write(name: str, parts: Iterable[bytes]) -> None:
    """Whole or nothing: a reader never sees half a file, and a full disk leaves none behind."""
    path = located(name)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    with room_on_disk():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
