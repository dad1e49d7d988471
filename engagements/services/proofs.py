"""Evidence is taken in, checked and kept under a name that the server makes, whatever it proves."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.db.models import Sum

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import MIN_LETTERS, WORDS, letters
from common.uploads import HEAD_BYTES, MAX_BYTES, file_type, upload_blockers
from engagements.models import Engagement, ProofPiece


class Upload(Protocol):
    """As much of an uploaded file as is needed here."""

    name: str | None
    size: int | None

    def read(self, num_bytes: int | None = None, /) -> bytes: ...

    def seek(self, position: int, whence: int = 0, /) -> object: ...


@dataclass(frozen=True)
class Proof:
    """What a person brings as evidence: any of a sentence, a link and a file."""

    text: str = ""
    url: str = ""
    file: Upload | None = None

    @property
    def pieces(self) -> int:
        return sum((bool(self.text.strip()), bool(self.url.strip()), self.file is not None))


def check_words(text: str) -> None:
    """Raise Refused for a sentence of evidence that says nothing; none at all is for the rules to judge."""
    if text.strip() and letters(text) < MIN_LETTERS:
        raise Refused(WORDS)


def check_upload(engagement: Engagement, file: Upload) -> None:
    """Raise Refused when this file cannot be evidence."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    name = Path(file.name or "file").name
    if reasons := upload_blockers(name=name, size=file.size or 0, head=head, used=bytes_held(engagement)):
        raise Refused(reasons)


def digest_of(file: Upload) -> str:
    """SHA-256 of an uploaded file, which can be read again afterwards."""
    file.seek(0)
    digest = hashlib.sha256(file.read(MAX_BYTES + 1)).hexdigest()
    file.seek(0)
    return digest


def pieces_of(engagement: Engagement, by: Seat, proof: Proof) -> list[dict[str, Any]]:
    """Each piece of a proof as the fields of a row of its own; the file is stored and has been checked before."""
    kept = {"engagement": engagement, "by": by.user, "by_name": by.user.name, "at": clock.now()}
    rows: list[dict[str, Any]] = []
    if proof.text.strip():
        rows.append({**kept, "text": proof.text.strip()})
    if proof.url.strip():
        rows.append({**kept, "url": proof.url.strip()})
    if proof.file is not None:
        rows.append({**kept, **_store(engagement, proof.file)})
    return rows


def bytes_held(engagement: Engagement) -> int:
    """How much the files of an engagement hold already: every kind of evidence counts towards one quota."""
    return sum(
        kind._default_manager.filter(engagement=engagement).aggregate(total=Sum("size"))["total"] or 0
        for kind in ProofPiece.__subclasses__()
    )


def _store(engagement: Engagement, file: Upload) -> dict[str, object]:
    """Write the file under its hash, so that a second try of the same request changes nothing."""
    name = Path(file.name or "file").name
    kind = file_type(name)
    if kind is None:
        raise Refused(f"“{name}” is of a kind that is not taken.")
    content = file.read(MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    path = f"evidence/{engagement.public_id}/{digest}{kind.extension}"
    target = Path(settings.FILES_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: the same bytes may be stored by two requests at once.
    partial = target.with_suffix(f".{uuid4().hex}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Refused("The file could not be stored. Nothing was saved; try again later.") from error
    return {
        "file_name": name[-200:],
        "path": path,
        "content_type": kind.content_type,
        "sha256": digest,
        "size": len(content),
    }


def file_of(evidence: ProofPiece) -> Path:
    """Where the file of an evidence lies; its path was made by the server."""
    return Path(settings.FILES_ROOT) / evidence.path
