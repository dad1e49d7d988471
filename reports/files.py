"""Where finished reports lie: below FILES_ROOT, under names that the server makes."""

import os
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from common.errors import Refused

NO_SPACE = "The file could not be stored just now. Nothing was changed; run it again, or ask for help if it stays so."


def keep(data: bytes, *, engagement: UUID, deliverable: UUID) -> str:
    """Write a finished PDF whole or not at all; returns its path below FILES_ROOT. Raises Refused on a full disk.

    The name follows from the deliverable: writing it again replaces it with the same content.
    """
    relative = Path("reports") / str(engagement) / f"{deliverable}.pdf"
    target = settings.FILES_ROOT / relative
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Refused(NO_SPACE) from error
    return str(relative)


def location(path: str) -> Path:
    """The file at a path that `keep` returned; raises ValueError for one that leads out of FILES_ROOT."""
    root = settings.FILES_ROOT.resolve()
    found = (root / path).resolve()
    if not found.is_relative_to(root):
        raise ValueError("The path leads out of the place for files.")
    return found
