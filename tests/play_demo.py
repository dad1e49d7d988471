"""Plays the demo up to NOW into the database of the tests' settings; its last word is the closer's token.

`python -m tests.play_demo`, run once for all tests that look at the demo (tests.databases.with_demo). That
`manage.py demo_data` does the same at the hour at which it is started is what tests/toolchain/test_demo.py sees.
"""

from datetime import UTC, datetime

import django
from django.db import transaction
from django.test import override_settings

NOW = datetime(2026, 10, 14, 15, tzinfo=UTC)  # a Wednesday morning in New York


def main() -> None:
    django.setup()
    from tests.stage import as_worker
    from workspace.demo import courses
    from workspace.management.commands.demo_data import SILENT, quiet_jobs

    with override_settings(MAILERS=SILENT), quiet_jobs(), transaction.atomic(), as_worker():
        token = courses.play_all(courses.begin(NOW), lambda line: None)
    print(token)  # noqa: T201


if __name__ == "__main__":
    main()
