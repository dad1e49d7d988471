"""The PDFs of the samples, each made once in a test process: several files of tests look at them."""

from dataclasses import replace
from functools import cache

from reports.render import build_pdf
from reports.snapshots import Snapshot
from tests.reports import samples
from tests.reports.test_day_14_paper import held

MADE = samples.ALL | {"day_14": held}


def snapshot_of(name: str, size: str = "") -> Snapshot:
    """A sample by its name, in its own paper size or another."""
    made = MADE[name]()
    return replace(made, paper=size or made.paper)


def pdf_of(name: str, size: str = "") -> bytes:
    """The PDF of a sample."""
    return _pdf_of(name, size or MADE[name]().paper)


@cache
def _pdf_of(name: str, size: str) -> bytes:
    return build_pdf(snapshot_of(name, size)).data
