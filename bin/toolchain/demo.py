"""bin/demo: Tollgate with demo data on this machine alone, from nothing to a page that answers.

Its database, its Redis, its files and its secrets live in var/demo. It listens on loopback and takes free ports.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import FrameType

from honcho.manager import Manager
from honcho.printer import Message, Printer

from toolchain import options
from toolchain.paths import ROOT, VAR, VENV, VENV_PYTHON
from toolchain.processes import answers, environment_of, procfile, wait_until
from toolchain.progress import complain, say, step
from toolchain.services import ServiceError, Services, free_port

HOME = Path(os.environ.get("TOLLGATE_DEMO_HOME", VAR / "demo"))
RUNNING = HOME / "running.json"
LOG_INS = HOME / "log_ins.txt"
PREFERRED_PORTS = range(8000, 8010)


class DemoError(RuntimeError):
    """The demo cannot run; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run the demo until it is told to stop; return 0 when it was."""
    chosen = options.demo().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        refuse_second_start()
        stop_leftovers()
        if chosen.reset:
            reset()
        with running_services() as environment:
            prepare_data(environment, own_database="DATABASE_URL" not in os.environ)
            collect_static(environment)
            return serve(environment, chosen.port or free_port(PREFERRED_PORTS))
    except (DemoError, ServiceError) as error:
        complain(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# -- what an earlier demo left ---------------------------------------------------------------------------------


def refuse_second_start() -> None:
    """Raise when a demo of this checkout runs already.

    Raises:
        DemoError: it runs; the message names its address.
    """
    if not RUNNING.exists():
        return
    running = json.loads(RUNNING.read_text())
    if "demo" in _command_line(running["pid"]):
        raise DemoError(f"The demo is running already: {running['address']} (process {running['pid']}).")


def stop_leftovers() -> None:
    """End the processes of a demo that was killed before it could end them itself."""
    for pid_file in HOME.glob("*.pid"):
        pid = int(pid_file.read_text())
        if str(VENV) in _command_line(pid):
            os.killpg(pid, signal.SIGKILL)
        pid_file.unlink()


def _command_line(pid: int) -> str:
    """Return the command line of a process that still runs, else an empty string."""
    recorded = Path(f"/proc/{pid}/cmdline")
    if recorded.exists():
        return recorded.read_text().replace("\0", " ")
    ps = shutil.which("ps")
    if ps is None:
        return ""
    return subprocess.run(
        [ps, "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    ).stdout


def reset() -> None:
    """Throw the demo's data away.

    Raises:
        DemoError: the database is not the demo's own.
    """
    if "DATABASE_URL" in os.environ:
        raise DemoError("--reset empties only the demo's own database, and DATABASE_URL names another.")
    with step("Throwing the demo's data away"):
        Services(HOME / "services").remove()
        shutil.rmtree(HOME, ignore_errors=True)


# -- services and data -----------------------------------------------------------------------------------------


@contextmanager
def running_services() -> Iterator[dict[str, str]]:
    """Run what the environment does not name already, and stop it again at the end; yields the whole environment.

    Raises:
        DemoError: DATABASE_URL is given without the log-ins of the other roles.
    """
    given = dict(os.environ)
    own_database = "DATABASE_URL" not in given
    missing = [name for name in ("DATABASE_MIGRATE_URL", "DATABASE_WORKER_URL") if name not in given]
    if missing and not own_database:
        raise DemoError(
            f"DATABASE_URL is given; {' and '.join(missing)} must be given too, because the migrations, the pages "
            "and the jobs use different roles. Without DATABASE_URL the demo brings its own PostgreSQL."
        )
    if own_database:
        given = {name: value for name, value in given.items() if not name.startswith("DATABASE_")}
    own_redis = "REDIS_URL" not in given
    services = Services(HOME / "services")
    try:
        if own_database or own_redis:
            with step("PostgreSQL and Redis"):
                given.update(services.start(postgres=own_database, redis=own_redis))
        yield {**given, **demo_settings(given)}
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping is not interrupted
        if own_database or own_redis:
            with step("Stopping PostgreSQL and Redis"):
                services.stop()


def demo_settings(given: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of the demo: its own secret, files and folders."""
    secret = HOME / "secret_key"
    if not secret.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "TOLLGATE_DEMO": "1",
        "SECRET_KEY": secret.read_text(),
        "TOLLGATE_FILES": str(HOME / "files"),
        "STATIC_ROOT": str(HOME / "static"),
        "BEAT_SCHEDULE_FILE": str(HOME / "beat"),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


def prepare_data(environment: Mapping[str, str], *, own_database: bool) -> None:
    """Bring roles, tables and demo data up to date; nothing is done when no source has changed since the last time."""
    stamp, sources = HOME / "data.stamp", _fingerprint(_sources("*.py", "*.y*ml"))
    if own_database and stamp.exists() and stamp.read_text() == sources:
        return
    if "DATABASE_ADMIN_URL" in environment:
        with step("Database and roles"):
            manage(environment, "setup_database")
    with step("Tables"):
        manage({**environment, "DATABASE_URL": environment["DATABASE_MIGRATE_URL"]}, "migrate", "--no-input")
    say("  Demo data:")
    as_worker = {
        **environment,
        "DATABASE_URL": environment["DATABASE_WORKER_URL"],
    }  # it does background jobs, too
    manage(as_worker, "demo_data", on_line=_show)
    LOG_INS.write_text(manage(as_worker, "demo_data", "--print-logins"))
    stamp.write_text(sources)


def _show(line: str) -> None:
    if not line.startswith("{"):  # what is logged for machines
        say(f"    {line}")


def collect_static(environment: Mapping[str, str]) -> None:
    """Collect the static files; nothing is done when none of them, and no package, has changed."""
    stamp, sources = (
        HOME / "static.stamp",
        _fingerprint([*_sources("settings/*.py"), *(ROOT / "static").rglob("*")]),
    )
    if stamp.exists() and stamp.read_text() == sources:
        return
    with step("Static files"):
        manage(environment, "collectstatic", "--no-input", "--clear", "--verbosity", "0")
    stamp.write_text(sources)


def _sources(*patterns: str) -> list[Path]:
    """Return the lock files and the files of our Django packages that match."""
    locks = [ROOT / "requirements" / "base.txt", ROOT / "package-lock.json"]
    packages = [ROOT / "config", *(file.parent for file in ROOT.glob("*/apps.py"))]
    return locks + [file for package in packages for pattern in patterns for file in package.rglob(pattern)]


def _fingerprint(files: Iterable[Path]) -> str:
    states = [f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in sorted(files)]
    return sha256("\n".join(states).encode()).hexdigest()


def manage(
    environment: Mapping[str, str], *arguments: str, on_line: Callable[[str], None] | None = None
) -> str:
    """Run one management command, pass on each line as it comes, and return all that was printed.

    Raises:
        DemoError: it failed; the message holds what it said.
    """
    command = [str(VENV_PYTHON), "manage.py", *arguments]
    said = []
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            said.append(line)
            if on_line is not None:
                on_line(line.rstrip())
    if running.returncode != 0:
        raise DemoError(f"manage.py {shlex.join(arguments)} failed:\n{''.join(said)}")
    return "".join(said)


# -- the processes ---------------------------------------------------------------------------------------------


class WatchingPrinter(Printer):
    """Prints what the processes say; notes when they have all been started and when the worker is ready."""

    def __init__(self, once_started: Callable[[], None]) -> None:
        super().__init__(sys.stdout)
        self.once_started = once_started
        self.started = False
        self.worker_is_ready = threading.Event()

    def write(self, message: Message) -> None:
        super().write(message)
        if not self.started:
            self.started = True
            self.once_started()
        if message.name == "worker" and b" ready." in _bytes(message.data):
            self.worker_is_ready.set()


def _bytes(data: bytes | str) -> bytes:
    return data if isinstance(data, bytes) else data.encode()


def serve(environment: Mapping[str, str], port: int) -> int:
    """Run web server, worker and beat until a signal or the end of one of them; return the exit code."""
    address = f"http://127.0.0.1:{port}/"

    def announce() -> None:
        """Say where to go and how to log in, as soon as the pages answer and the worker listens."""
        if wait_until(lambda: answers(port), seconds=60) and printer.worker_is_ready.wait(timeout=60):
            say(f"\n{LOG_INS.read_text().rstrip()}\n\nTollgate is at {address}   Stop it with Ctrl-C.\n")

    # The thread starts after the processes: a process that has threads had better not fork.
    printer = WatchingPrinter(threading.Thread(target=announce, daemon=True).start)
    manager = Manager(printer)
    for name, command in procfile().items():
        pid_file = shlex.quote(str(HOME / f"{name}.pid"))
        own = environment_of(name, environment, port)
        manager.add_process(name, f"echo $$ > {pid_file}; exec {command}", env=own, cwd=str(ROOT))
    RUNNING.write_text(json.dumps({"pid": os.getpid(), "address": address}))
    say("  Starting the web server, the worker and the scheduler …")
    signal.signal(signal.SIGHUP, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
    try:
        manager.loop()
    finally:
        stop_leftovers()  # none, unless the terminal went away while we wrote to it
        RUNNING.unlink(missing_ok=True)
    asked = manager.returncode in (130, 143)
    return 0 if asked else manager.returncode or 1
