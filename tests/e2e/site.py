"""Tollgate as it runs for people: Procfile's own web server, worker and beat, on a database of the demo's making."""

import os
import shlex
import signal
import subprocess
import urllib.request
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from toolchain.paths import ROOT, VENV_PYTHON
from toolchain.processes import answers, environment_of, procfile, wait_until
from toolchain.services import free_port
from toolchain.suite import ONE_THREAD

from tests.databases import migrated, with_demo
from tests.play_demo import NOW

MOVED_CLOCK = Path(__file__).parent / "moved_clock"
DATABASE_URLS = ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_MIGRATE_URL")


@dataclass(frozen=True)
class Site:
    """A running Tollgate."""

    port: int
    environment: Mapping[str, str]
    home: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def move_clock(self, moment: datetime) -> None:
        """Let all processes live at this moment from now on; only on a site with a moved clock."""
        clock = Path(self.environment["MOVED_CLOCK"])
        written = clock.with_suffix(".new")
        written.write_text(moment.isoformat())
        written.replace(clock)  # never half written
        # Several processes answer for the web server; all of them have to have moved.
        soon = moment + timedelta(minutes=5)
        moved = wait_until(lambda: all(moment <= self._lives_at() < soon for _ in range(6)), seconds=10)
        assert moved, f"The clock did not move to {moment}."

    def _lives_at(self) -> datetime:
        """The moment that the web server believes it is: its log-in page expires at once."""
        with urllib.request.urlopen(f"{self.url}/account/login/") as answer:  # noqa: S310  (our own loopback)
            return parsedate_to_datetime(answer.headers["Expires"])

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str, role: str = "DATABASE_URL", **more: str) -> str:
        """Run a management command with the database address in `role`, and what else its environment shall have.

        Returns what it printed.
        """
        done = subprocess.run(
            [VENV_PYTHON, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, "DATABASE_URL": self.environment[role], **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {shlex.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def log(self, name: str) -> str:
        """Return what the process `name` of Procfile has said so far."""
        return (self.home / f"{name}.log").read_text(errors="replace")

    def start(self, name: str) -> None:
        """Start one process of Procfile and wait until it is ready."""
        with (self.home / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                shlex.split(procfile()[name]),
                cwd=ROOT,
                env=environment_of(name, self.environment, self.port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        ready = {
            "web": lambda: answers(self.port),
            "worker": lambda: " ready." in self.log("worker"),
            "beat": lambda: "beat: Starting" in self.log("beat"),
        }[name]
        process = self.processes[name]
        wait_until(lambda: ready() or process.poll() is not None, seconds=60)
        assert ready() and process.poll() is None, f"{name} did not start:\n{self.log(name)[-4000:]}"

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop one process and its children; at once when it does not go within 20 seconds."""
        process = self.processes.pop(name)
        os.killpg(process.pid, number)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running_site(home: Path, suffix: str, *, demo: bool = True, moment: datetime = NOW) -> Iterator[Site]:
    """Run Tollgate on a fresh database, with the demo's data as they stand at NOW or empty; gone afterwards.

    `suffix` tells apart what runs at the same time. All processes live at `moment` (see moved_clock). The
    addresses come from the environment, as bin/test sets them.
    """
    database = f"tollgate_e2e_{suffix}"
    moved = {
        name: urlsplit(os.environ[name])._replace(path=f"/{database}").geturl() for name in DATABASE_URLS
    }
    # Redis has 16 databases; 0 is the unit tests', and two sites of one run must not share one.
    queue = 1 + zlib.crc32(suffix.encode()) % 7 * 2 + (not demo)
    environment = {
        **os.environ,
        **moved,
        "REDIS_URL": urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{queue}").geturl(),
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "TOLLGATE_DEMO": "1",
        "SECRET_KEY": "only-for-tests",
        "TOLLGATE_FILES": str(home / "files"),
        "STATIC_ROOT": str(home / "static"),
        "BEAT_SCHEDULE_FILE": str(home / "beat"),
        "PATH": f"{VENV_PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
    }
    clock = home / "clock"
    clock.write_text(moment.isoformat())
    environment |= {"MOVED_CLOCK": str(clock), "PYTHONPATH": str(MOVED_CLOCK)}
    environment.pop(ONE_THREAD, None)  # people's imports are read by all cores
    site = Site(free_port(()), environment, home)
    with with_demo(database, home / "files") if demo else migrated(database):
        try:
            site.manage("setup_database")
            site.manage("collectstatic", "--no-input", "--verbosity", "0")
            for name in procfile():
                site.start(name)
            yield site
        finally:
            for name in list(site.processes):
                site.stop(name)
