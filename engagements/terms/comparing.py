"""What changed from one version of a brief to another: words within a text, rows added, removed and changed. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from .metrics import MetricContract
from .shape import TERMS
from .words import METRIC_HEADS, Shown, metric_row, show

METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: `how` is "same", "gone" or "new"; `instead` of the words before them, which are gone."""

    how: str
    text: str
    instead: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was added, removed or changed; of a changed one only the cells that differ."""

    how: str
    head: str
    cells: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One term or the metrics, where the newer version reads otherwise."""

    key: str
    label: str
    words: tuple[Piece, ...] = ()
    rows: tuple[RowChange, ...] = ()
    order: tuple[Piece, ...] = ()

    @property
    def before(self) -> str:
        """The text as it was."""
        return "".join(piece.text for piece in self.words if piece.how != "new")

    @property
    def after(self) -> str:
        """The text as it is now."""
        return "".join(piece.text for piece in self.words if piece.how != "gone")


def term_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Term by term, what reads otherwise."""
    found = []
    for term in TERMS:
        was, now = show(term, before.get(term.key)), show(term, after.get(term.key))
        if was != now:
            start = 1 if term.ordered else 0  # a step's number is its place, not its name
            rows, order = _tables(_cut(was, start), _cut(now, start))
            words = compared(was.text, now.text) if was.text != now.text else ()
            found.append(Difference(term.key, term.label, words, rows, order))
    return found


def metric_differences(before: Sequence[MetricContract], after: Sequence[MetricContract]) -> list[Difference]:
    """What reads otherwise in the metrics, as one difference; none when nothing does."""
    if list(before) == list(after):
        return []
    was = [(metric.key, metric_row(metric)) for metric in before]
    now = [(metric.key, metric_row(metric)) for metric in after]
    rows, order = _changes(METRIC_HEADS, was, METRIC_HEADS, now)
    return [Difference(METRICS, "Metrics and targets", (), rows, order)]


type _Keyed = list[tuple[str, tuple[str, ...]]]


def _cut(term: Shown, start: int) -> tuple[tuple[str, ...], _Keyed]:
    """The table without its first `start` columns, each row under a key that no other row has."""
    keyed: _Keyed = []
    seen: dict[str, int] = {}
    for row in term.rows:
        head = row[start].lower()
        seen[head] = seen.get(head, 0) + 1
        keyed.append((f"{head}\n{seen[head]}", row[start:]))
    return term.heads[start:], keyed


def _tables(
    was: tuple[tuple[str, ...], _Keyed], now: tuple[tuple[str, ...], _Keyed]
) -> tuple[tuple[RowChange, ...], tuple[Piece, ...]]:
    return _changes(was[0], was[1], now[0], now[1])


def _changes(
    old_heads: Sequence[str], was: _Keyed, heads: Sequence[str], now: _Keyed
) -> tuple[tuple[RowChange, ...], tuple[Piece, ...]]:
    old, new = dict(was), dict(now)
    changes = []
    for key, row in now:
        if key not in old:
            changes.append(_whole("added", heads, row, "new"))
        elif old[key] != row:
            cells = tuple(
                (head, compared(before, after))
                for head, before, after in zip(heads, old[key], row, strict=True)
                if before != after
            )
            changes.append(RowChange("changed", row[0], cells))
    changes += [_whole("removed", old_heads, row, "gone") for key, row in was if key not in new]
    return tuple(changes), _order(was, now, old, new)


def _whole(how: str, heads: Sequence[str], row: Sequence[str], piece: str) -> RowChange:
    cells = tuple(
        (head, (Piece(piece, text),)) for head, text in zip(heads[1:], row[1:], strict=True) if text
    )
    return RowChange(how, row[0], cells)


def _order(
    was: _Keyed, now: _Keyed, old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]
) -> tuple[Piece, ...]:
    """The rows that both have, where they stand in another order."""
    before = [row[0] for key, row in was if key in new]
    after = [row[0] for key, row in now if key in old]
    if [key for key, _ in was if key in new] == [key for key, _ in now if key in old]:
        return ()
    return (
        Piece("gone", ", ".join(before)),
        Piece("same", " "),
        Piece("new", ", ".join(after), instead=True),
    )


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one: words that stayed, words that are gone, words that are new."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal":
            pieces.append(Piece("same", gone))
            continue
        if gone:
            pieces.append(Piece("gone", gone))
        if came:
            pieces.append(Piece("new", came))
    return _calm(pieces)


def _calm(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Replaced words that only a blank divides are one replacement: easier to read than word by word."""
    out: list[Piece] = []
    gone: list[str] = []
    new: list[str] = []

    def flush() -> None:
        if gone:
            out.append(Piece("gone", "".join(gone)))
        if new:
            out.append(Piece("new", "".join(new), instead=bool(gone)))
        gone.clear()
        new.clear()

    for place, piece in enumerate(pieces):
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        if piece.how == "gone":
            gone.append(piece.text)
        elif piece.how == "new":
            new.append(piece.text)
        elif gone and new and not piece.text.strip() and following is not None:
            gone.append(piece.text)
            new.append(piece.text)
        else:
            flush()
            out.append(piece)
    flush()
    return tuple(out)
