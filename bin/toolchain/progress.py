"""One line per step: what is being done, and how long it took.

Steps go to the error stream, so that a command's own output can be read by a program.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show `what` while it is done, then its seconds."""
    _print(f"  {what} …", end="", file=sys.stderr)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        complain(" stopped")
        raise
    complain(f" {time.monotonic() - began:.1f} s")


def say(text: str = "") -> None:
    """Print a line to the reader at once."""
    _print(text, file=sys.stdout)


def complain(text: str) -> None:
    """Print a line to the error stream."""
    _print(text, file=sys.stderr)


def _print(text: str, *, file: TextIO, end: str = "\n") -> None:
    with suppress(OSError):  # a terminal that was closed does not keep us from cleaning up
        print(text, end=end, file=file, flush=True)
