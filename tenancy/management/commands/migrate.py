"""Django's own `migrate`, which begins an empty database in seconds: every first start and every test run does.

Between two operations Django makes the classes of a hundred models anew, of all that are related to the one that
changes; here all are, by way of the engagement. None of that reaches the database: an operation writes the statements
for one table from the class of that table. Migrations that work with the models (RunPython) still get all of them,
made anew when they ask. Where rows may be, migrations run as Django runs them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

CHOOSES = "_find_reload_model"  # Django's method that says which classes are made anew


def _itself(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    """Which classes are made anew: the one that changes. Django does the others when it is asked for all."""
    state.is_delayed = True
    return {(app_label, model_name)}


@contextmanager
def few_classes() -> Iterator[None]:
    """Let an operation make the class anew that it changes, and no other."""
    usual = getattr(ProjectState, CHOOSES)
    setattr(ProjectState, CHOOSES, _itself)
    try:
        yield
    finally:
        setattr(ProjectState, CHOOSES, usual)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if MigrationRecorder(connections[options["database"]]).applied_migrations():
            super().handle(*args, **options)
            return
        with few_classes():
            super().handle(*args, **options)
