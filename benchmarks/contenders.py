"""What benchmarks.imports runs in a process of its own each time; each prints what it measured as JSON."""

import csv
import gzip
import json
import resource
import sys
import time
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import django
from django.conf import settings

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import User  # noqa: E402
from common import clock  # noqa: E402
from engagements.access import seat_for  # noqa: E402
from engagements.models import Agent, Engagement  # noqa: E402
from engagements.outcomes import Outcome  # noqa: E402
from kpis.imports import service  # noqa: E402
from kpis.imports.keys import key  # noqa: E402
from kpis.imports.parse import parse_calls  # noqa: E402
from kpis.imports.presets import PRESETS  # noqa: E402
from kpis.imports.result import Settings  # noqa: E402
from kpis.models import CallRecord, Disposition, Import, LeadSource  # noqa: E402
from tenancy import context, jobs  # noqa: E402
from tenancy.roles import MIGRATE, WORKER, assert_plain_role  # noqa: E402

MANAGER = "mara@example.org"
WARM_ROWS = 1_000
PEER_COLUMNS = (
    "engagement_id", "batch_id", "call_key", "row_no", "called_at", "day", "hour", "source_id", "agent_id",
    "disposition_id", "depth", "duration_s", "lead_ref", "phone", "call_ref",
)  # fmt: skip


def become(role: str) -> None:
    connection.close()
    options = {**connection.settings_dict["OPTIONS"], "options": f"-c role={role}"}
    connection.settings_dict["OPTIONS"] = options


def become_administrator() -> None:
    """Outside of the wall and of the foreign keys' checks: to set the scene, never to be measured."""
    connection.close()
    connection.settings_dict["OPTIONS"].pop("options", None)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def here() -> tuple[User, Engagement]:
    user = User.objects.get(email=MANAGER)
    with context.entered(user_id=user.pk):
        return user, Engagement.objects.order_by("pk")[0]


def prepare() -> dict[str, Any]:
    from tests.factories import Cast

    become(MIGRATE)
    call_command("migrate", verbosity=0, interactive=False)
    cast = Cast()
    kickoff = clock.now().date() - timedelta(days=100)
    Engagement.objects.filter(pk=cast.engagement.pk).update(
        kickoff_on=kickoff, launch_on=kickoff + timedelta(days=10)
    )
    return {}


def first_day() -> dict[str, Any]:
    become(WORKER)
    return {"day": here()[1].launch_on.isoformat()}


def ours(file: str, folder: str) -> dict[str, Any]:
    settings.FILES_ROOT = Path(folder) / "files"
    _warm_up(file)
    become(WORKER)
    assert_plain_role()
    user, engagement = here()
    with context.entered(user_id=user.pk, engagement_id=engagement.pk):
        # A file is the same import by its content: each run is one that has not been seen.
        data = gzip.compress(Path(file).read_bytes(), 1, mtime=int(time.time()))
        by = seat_for(user, engagement)
        batch, _ = service.upload(engagement=engagement, by=by, data=data, file_name=Path(file).name)
        job = service.start(batch=batch, by=by, preset="tollgate", source_zone="UTC").job_id
    del data
    started = time.perf_counter()
    state = jobs.run(job)
    took = time.perf_counter() - started
    with context.entered(user_id=user.pk, engagement_id=engagement.pk):
        done = Import.objects.get(pk=batch.pk)
        if done.accepted is None:
            sys.exit(f"The import ended as {state}: {done.job and done.job.error}")
        counts = {"accepted": done.accepted, "rejected": done.rejected, "duplicates": done.duplicates}
    return {"seconds": took, **memory(), **counts}


def _warm_up(file: str) -> None:
    """Read some lines, and forget them: a worker lives long, and does not load its libraries for each import."""
    with Path(file).open("rb") as lines:
        few = b"".join(islice(lines, WARM_ROWS))
    outcomes = {outcome.value: outcome for outcome in Outcome}
    parse_calls(few, Settings(PRESETS["tollgate"], "UTC", clock.now(), outcomes, source_zone="UTC"))


def import_export(file: str, work: str = "least") -> dict[str, Any]:
    """The peer, by the fastest means that its documentation names.

    With the least work: ids instead of names, no look at what is there, good rows only, one bulk insert. With the
    `same` work as ours, but for sums and breaches: names looked up, a call once in the file and beside what is there.
    """
    import tablib
    from import_export import fields, resources
    from import_export.instance_loaders import CachedInstanceLoader
    from import_export.widgets import CachedForeignKeyWidget, IntegerWidget

    def number(name: str) -> fields.Field:
        return fields.Field(column_name=name, attribute=name, widget=IntegerWidget())

    def named(name: str, model: type, by: str = "name") -> fields.Field:
        return fields.Field(
            column_name=f"{name}_id", attribute=name, widget=CachedForeignKeyWidget(model, by)
        )

    class Least(resources.ModelResource):
        engagement_id, batch_id = number("engagement_id"), number("batch_id")
        source_id, agent_id = number("source_id"), number("agent_id")
        disposition_id = number("disposition_id")

        def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
            """It would set the sequence anew, which the plain role may not."""

        class Meta:
            model = CallRecord
            use_bulk = True
            batch_size = 5_000
            skip_diff = True
            force_init_instance = True
            use_transactions = True
            import_id_fields = ("call_key",)
            fields = PEER_COLUMNS

    class Same(resources.ModelResource):
        engagement_id, batch_id = number("engagement_id"), number("batch_id")
        source, agent = named("source", LeadSource), named("agent", Agent)
        disposition = named("disposition", Disposition, "code")

        def before_import(self, dataset: Any, **kwargs: Any) -> None:
            self.seen: set[int] = set()

        def skip_row(
            self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
        ) -> bool:
            again = instance.pk is not None or row["call_key"] in self.seen
            self.seen.add(row["call_key"])
            return again

        def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
            """As above."""

        class Meta(Least.Meta):
            force_init_instance = False
            instance_loader_class = CachedInstanceLoader
            fields = tuple(
                name.removesuffix("_id") if name.startswith(("source", "agent", "disposition")) else name
                for name in PEER_COLUMNS
            )

    whole = work == "same"
    calls = Same if whole else Least
    become(WORKER)
    user, engagement = here()
    with context.entered(user_id=user.pk, engagement_id=engagement.pk):
        batch = Import.objects.filter(engagement=engagement).order_by("pk")[0]
        source = dict(LeadSource.objects.values_list("name", "pk"))
        agent = dict(Agent.objects.values_list("name", "pk"))
        code = dict(Disposition.objects.values_list("code", "pk"))
        started = time.perf_counter()
        data = tablib.Dataset(headers=PEER_COLUMNS)
        with Path(file).open() as lines:
            for line, row in enumerate(csv.DictReader(lines), start=2):
                if row["disposition"] in code:
                    at = datetime.fromisoformat(row["called_at"])
                    said = (row["lead_source"], row["agent"], row["disposition"])
                    data.append(
                        (
                            *(engagement.pk, batch.pk, key(row["call_id"]) if whole else line),
                            *(line, at, at.date(), at.hour),
                            *(said if whole else (source[said[0]], agent[said[1]], code[said[2]])),
                            *(0, row["duration_s"], row["lead_id"], row["phone"], row["call_id"]),
                        )
                    )
        # Its own small piece, outside of the clock.
        reading = time.perf_counter() - started
        few = tablib.Dataset(*data[:WARM_ROWS], headers=PEER_COLUMNS)
        calls().import_data(few, dry_run=True, raise_errors=True)
        started = time.perf_counter()
        result = calls().import_data(data, raise_errors=True)
        took = reading + time.perf_counter() - started
        wanted = len(set(data["call_key"]))
        if result.has_errors() or CallRecord.objects.count() != wanted:
            sys.exit("django-import-export did not take the rows.")
    return {"seconds": took, **memory()}


def fill(rows: str) -> dict[str, Any]:
    """Rows that are there already, a third of them this engagement's and on the same days, the others of neighbours."""
    become_administrator()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO kpis_callrecord (engagement_id, batch_id, call_key, row_no, called_at, day, hour,
                                         disposition_id, depth, dials, lead_ref, phone)
            SELECT CASE WHEN n %% 3 = 0 THEN e.id ELSE e.id + 1 + n %% 20 END, b.id,
                   ('x' || substr(md5(n::text), 1, 16))::bit(64)::bigint, n,
                   e.launch_on + (n %% 75)::integer + time '15:00',
                   e.launch_on + (n %% 75)::integer, 15, d.id, 0, 1, 'L-' || n, '+1613' || n
              FROM (SELECT * FROM engagements_engagement ORDER BY id LIMIT 1) e,
                   (SELECT id FROM kpis_import ORDER BY id LIMIT 1) b,
                   (SELECT id FROM kpis_disposition ORDER BY id LIMIT 1) d,
                   generate_series(1, %s) n
            """,
            [int(rows)],
        )
        cursor.execute("VACUUM ANALYZE kpis_callrecord")
    return {}


def memory() -> dict[str, float]:
    """The most that this process ever held, in MB."""
    return {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    contenders = {
        "prepare": prepare, "first-day": first_day, "ours": ours, "import-export": import_export, "fill": fill,
    }  # fmt: skip
    print(json.dumps(contenders[what](*given)))
