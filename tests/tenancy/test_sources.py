"""What the wall asks of the code itself: few hands on raw SQL, no setting that outlives its transaction."""

import ast
import re
from collections.abc import Iterator

from tests.paths import ROOT

APPS = (
    "accounts",
    "common",
    "config",
    "engagements",
    "kpis",
    "milestones",
    "reports",
    "tenancy",
    "workspace",
)

# Modules that speak SQL themselves, each with the reason. Row level security binds them all the same.
SPEAKS_SQL = {
    "accounts/chairs.py": "asks a door: where a person may sit",
    "accounts/management/commands/verify_trail.py": "asks a door: whether the chains hold",
    "accounts/middleware.py": "asks a door: whose token this is",
    "accounts/selectors.py": "asks a door: what an invitation says",
    "accounts/services.py": "asks a door: take an invitation",
    "accounts/trail.py": "asks a door: append to the trail",
    "common/together.py": "queries of Django's wording in one SELECT",
    "common/views.py": "SELECT 1 for the health check",
    "engagements/access.py": "one SELECT narrows to an engagement and reads what its pages begin with",
    "engagements/kept.py": "what is kept of an engagement, beside a door that says how long its chain is",
    "kpis/imports/breaches.py": "one UPDATE and one INSERT … SELECT for the calls of who was not cleared",
    "kpis/imports/facts.py": "one INSERT … SELECT for the daily facts",
    "kpis/imports/heard.py": "one UPDATE … FROM for the calls that something was told of later",
    "kpis/imports/talks.py": "two INSERT … SELECT for how many calls were spoken how long",
    "kpis/imports/waits.py": "the first call of each lead, counted by how long it waited",
    "kpis/imports/writing.py": "COPY into a temporary table, then INSERT … SELECT",
    "kpis/selectors/closer_links.py": "asks a door: what a closer may see by a link",
    "kpis/selectors/window_rules.py": "which days were judged by other calls or rules",
    "kpis/services/windows.py": "one UPDATE … FROM for the abandoned calls of all days",
    "milestones/selectors/reminders.py": "asks a door: whom to remind today",
    "reports/selectors/rounds.py": "asks two doors: which rounds are due, and whom reports wait for",
    "reports/services/mails.py": "a lock, so that nobody is worded two mails at once",
    "tenancy/console.py": "asks which role it is",
    "tenancy/context.py": "enters the tenant",
    "tenancy/jobs.py": "asks what the context sees",
    "tenancy/roles.py": "asks which role it is; grants after a migration",
    "workspace/management/commands/demo_data.py": "TRUNCATE as the tables' owner, where nobody but the demo is",
    "workspace/services.py": "asks two doors: remove the sample, and whether an engagement is gone",
    "workspace/selectors/portfolio.py": "one SELECT for what all kept rows add up to",
    "workspace/selectors/kept.py": "which kept rows are old, beside a door that says how long the chains are",
    "workspace/demo/story/agreement.py": "asks a door: what an invitation says",
}


def _sources() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def test_raw_sql_is_spoken_in_listed_places_only() -> None:
    found = {
        name
        for name, text in _sources()
        if re.search(r"connection\.cursor\(|\.raw\(|RawSQL\(|\.extra\(", text)
    }
    assert found == set(SPEAKS_SQL)


def test_no_setting_outlives_its_transaction() -> None:
    """A session-level SET stays on a pooled or persistent connection, for the next tenant to find."""
    lasting = re.compile(
        r"set_config\([^)]*,\s*false\)|\bSET\s+(SESSION\s+)?(app\.|ROLE|SESSION AUTHORIZATION)", re.I
    )
    migrations = [
        (str(path.relative_to(ROOT)), path.read_text())
        for app in APPS
        for path in (ROOT / app).glob("migrations/*.py")
    ]
    assert [name for name, text in [*_sources(), *migrations] if lasting.search(text)] == []


def test_background_work_has_one_task_only_which_enters_the_tenant() -> None:
    """A task of its own would run without asking whether the person may still see what it is about."""
    tasks = {
        f"{name}:{node.name}"
        for name, text in _sources()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and any("task" in ast.unparse(one) for one in node.decorator_list)
    }
    # These ask doors for ids and put jobs into the outbox; each of the jobs enters.
    asking = {"milestones/tasks.py:remind_people", "reports/tasks.py:evenings"}
    # This one asks a door to let go of copies, whosever they are, and is told how many they were.
    sweeping = {"engagements/tasks.py:sweep_pages"}
    assert tasks - asking - sweeping == {"tenancy/tasks.py:run_job", "tenancy/tasks.py:sweep"}


def test_a_request_never_talks_to_the_broker() -> None:
    """`delay` in a request fails or blocks while the broker is down; the outbox does not."""
    calls = {name for name, text in _sources() if re.search(r"\.(delay|apply_async|send_task)\(", text)}
    assert calls == {"tenancy/relay.py", "tenancy/tasks.py"}


def test_every_handler_enters_the_tenant() -> None:
    careless = [
        f"{name}:{node.name}"
        for name, text in _sources()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and any("jobs.handler" in ast.unparse(one) for one in node.decorator_list)
        and "run.entered" not in ast.unparse(node)
    ]
    assert careless == []
