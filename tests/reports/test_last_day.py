"""A report that is made on the last day of its period says that this day is not over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reports import plan_parts
from reports.paper import Section
from reports.render import compose
from reports.snapshots import Finding, Snapshot
from reports.source_parts import last_day_line
from tests.reports import samples


def taken(snapshot: Snapshot, day: int) -> Snapshot:
    """The same facts, taken in the afternoon of a day of the engagement."""
    moment = samples.at(samples.on_day(day), 15)
    return replace(
        snapshot,
        generated_at=moment,
        baseline_frozen_at=moment if day <= 30 else snapshot.baseline_frozen_at,
        last=samples.on_day(snapshot.last_day),
    )


@pytest.mark.parametrize(("name", "day"), [("day_30", 30), ("day_60", 60), ("day_90", 90)])
def test_the_last_day_is_said_to_be_partial_until_it_is_over(name: str, day: int) -> None:
    made = samples.ALL[name]()
    line = last_day_line(taken(made, day))
    assert line.startswith(f"Day {day} was not over when these figures were taken (")
    sections: tuple[Section, ...] = compose(taken(made, day)).sections
    assert sum(line in repr(section) for section in sections) == 2, "beside the figures and on the last page"
    later = replace(taken(made, day), generated_at=samples.at(samples.on_day(day) + timedelta(days=1), 9))
    if day == 30:
        later = replace(later, baseline_frozen_at=later.generated_at)
    assert last_day_line(later) == ""


def test_a_finding_tells_of_which_day_its_figure_is() -> None:
    found = Finding("Show rate", "50.0%", "at least 65%", found_on=samples.on_day(30))
    table = plan_parts.findings_table([found], "Causes and fixes")
    day = samples.on_day(30)
    assert f"Show rate: 50.0% against at least 65%, as found on {day.day} {day:%b %Y}" in repr(table)
    assert "as found on" not in repr(plan_parts.findings_table([replace(found, found_on=None)], "Causes"))
