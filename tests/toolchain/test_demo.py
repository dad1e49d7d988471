"""bin/demo from its first start to its last breath: it answers, keeps its data and leaves nothing behind."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from toolchain.demo import reset
from toolchain.paths import ROOT
from toolchain.processes import answers
from toolchain.services import Services

GIVEN = ("DATABASE_", "TEST_DATABASE_", "REDIS_", "DJANGO_", "TOLLGATE_", "SECRET_KEY", "PYTEST_")


class Demo:
    """bin/demo with a home of its own, started and stopped as from a terminal."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(GIVEN)}
        self.environment = {**kept, "TOLLGATE_DEMO_HOME": str(home), **more}

    def start(self, *arguments: str) -> None:
        """Start it and wait until it has said where it is."""
        self.lines: list[str] = []
        is_up = threading.Event()
        self.process = subprocess.Popen(
            [ROOT / "bin" / "demo", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=_listen, args=(self.process, self.lines, is_up), daemon=True).start()
        assert is_up.wait(timeout=420), self.said  # it plays six engagements, here beside other tests
        assert "Tollgate is at" in self.said, self.said

    @property
    def said(self) -> str:
        return "".join(self.lines)

    @property
    def address(self) -> str:
        return self.said.partition("Tollgate is at ")[2].split()[0]

    def stop(self, number: signal.Signals) -> int:
        """Send a signal as a terminal does, to the whole group, and return the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=60)

    def left_behind(self) -> list[str]:
        """Return the command lines of processes that know this demo's home."""
        mark = f"TOLLGATE_DEMO_HOME={self.home}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    mark in (process / "environ").read_bytes()
                    or str(self.home) in (process / "cmdline").read_text()
                ):
                    found.append((process / "cmdline").read_text().replace("\0", " "))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found


def _listen(process: subprocess.Popen[str], lines: list[str], is_up: threading.Event) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if "Tollgate is at" in line:
            is_up.set()
    is_up.set()  # it has ended


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tollgate-demo-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "home"


def test_it_answers_keeps_its_data_and_leaves_nothing_behind(home: Path) -> None:
    demo = Demo(home)
    demo.start()
    assert answers(int(demo.address.rstrip("/").rpartition(":")[2]))
    assert demo.address.startswith("http://127.0.0.1:")
    again = subprocess.run(
        [ROOT / "bin" / "demo"], env=demo.environment, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert f"The demo is running already: {demo.address}" in again.stderr
    assert demo.stop(signal.SIGINT) == 0
    assert demo.left_behind() == []

    demo.start()
    assert "Demo data" not in demo.said  # kept from the first time
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait(timeout=20)

    demo.start()  # clears away what the killed one could not
    assert "Demo data" not in demo.said
    assert demo.stop(signal.SIGTERM) == 0
    assert demo.left_behind() == []


def test_reset_throws_the_data_away(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("toolchain.demo.HOME", home)
    Services(home / "services", for_tests=True).start(postgres=False)
    (home / "data.stamp").touch()
    reset()
    assert not home.exists()


def test_it_asks_for_the_other_roles_when_a_database_is_given(home: Path) -> None:
    demo = Demo(
        home, DATABASE_URL="postgresql://app_web@127.0.0.1:1/tollgate", REDIS_URL="redis://127.0.0.1:1/0"
    )
    done = subprocess.run(
        [ROOT / "bin" / "demo"], env=demo.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "DATABASE_MIGRATE_URL and DATABASE_WORKER_URL must be given too" in done.stderr


def test_it_does_not_empty_a_database_that_is_not_its_own(home: Path) -> None:
    demo = Demo(home, DATABASE_URL="postgresql://app_web@127.0.0.1:1/tollgate")
    command = [ROOT / "bin" / "demo", "--reset"]
    done = subprocess.run(command, env=demo.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--reset empties only the demo's own database" in done.stderr
