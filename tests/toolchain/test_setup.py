"""The set-up says plainly what is missing, and does nothing twice."""

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from toolchain import setup
from toolchain.paths import ROOT
from toolchain.setup import Needs, SetUpError, SystemPackage

ABSENT = SystemPackage("a thing that is not there", lambda: False, ("the-package",), ("the-formula",))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Nothing is installed: what would have been run is listed instead."""
    commands: list[list[str]] = []

    def remember(command: Sequence[str], *, may_fail: bool = False) -> None:
        commands.append(list(command))

    monkeypatch.setattr(setup, "_run", remember)
    monkeypatch.setattr(setup, "VAR", tmp_path)
    monkeypatch.setattr(setup, "LOG", tmp_path / "log" / "setup.log")
    return commands


def on(monkeypatch: pytest.MonkeyPatch, system: str, *programs: str, user: int = 1000) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(
        setup.shutil, "which", lambda name, **_: f"/usr/bin/{name}" if name in programs else None
    )
    monkeypatch.setattr(os, "geteuid", lambda: user)


def test_what_is_there_is_not_installed(ran: list[list[str]]) -> None:
    setup._bring_system_packages([SystemPackage("a thing", lambda: True, ("the-package",), ("the-formula",))])
    assert ran == []


def test_root_installs_with_apt(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "Linux", "apt-get", user=0)
    with pytest.raises(SetUpError, match="Still missing after installing: a thing that is not there"):
        setup._bring_system_packages([ABSENT])
    assert [command[2:4] for command in ran] == [["apt-get", "update"], ["apt-get", "install"]]
    assert ran[-1][-1] == "the-package"


def test_anybody_else_installs_with_sudo(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "Linux", "apt-get", "sudo")
    monkeypatch.setattr(setup.sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(SetUpError):
        setup._bring_system_packages([ABSENT])
    assert [command[:2] for command in ran] == [["sudo", "--non-interactive"]] * 2


@pytest.mark.parametrize(
    ("system", "programs", "said"),
    [
        ("Linux", (), "There is no apt-get here; on Debian the packages are called the-package"),
        ("Linux", ("apt-get",), "As root, run: apt-get install --yes --no-install-recommends the-package"),
        ("Darwin", (), "Install Homebrew, then run: brew install the-formula"),
    ],
)
def test_it_says_what_to_do_where_it_cannot_help(
    ran: list[list[str]], monkeypatch: pytest.MonkeyPatch, system: str, programs: tuple[str, ...], said: str
) -> None:
    on(monkeypatch, system, *programs)
    with pytest.raises(SetUpError, match="a thing that is not there") as refused:
        setup._bring_system_packages([ABSENT])
    assert said in str(refused.value)
    assert ran == []


def test_macos_installs_with_brew(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "Darwin", "brew")
    with pytest.raises(SetUpError):
        setup._bring_system_packages([ABSENT])
    assert ran == [["brew", "install", "the-formula"]]


def test_packages_are_installed_once_per_lock(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "find_npm", lambda: "npm")
    setup._bring_front_end_packages()
    setup._bring_front_end_packages()
    assert ran == [["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]]


def test_a_second_set_up_runs_nothing(ran: list[list[str]]) -> None:
    setup.prepare(Needs(node=True))
    first = len(ran)
    setup.prepare(Needs(node=True))
    assert first > 0
    assert len(ran) == first


@pytest.mark.parametrize(("version", "wheel_s"), [("v20.1.0", False), ("v18.20.0", True), ("", True)])
def test_an_old_node_is_passed_over(monkeypatch: pytest.MonkeyPatch, version: str, wheel_s: bool) -> None:
    on(monkeypatch, "Linux", "node", "npm")
    said = subprocess.CompletedProcess(["node"], 0, stdout=f"{version}\n")
    monkeypatch.setattr(setup.subprocess, "run", lambda *_, **__: said)
    assert (setup.find_npm() == str(ROOT / ".venv" / "bin" / "npm")) == wheel_s


def test_chromium_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert setup.find_chromium() == str(program)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "not there"))
    assert setup.find_chromium() is None


def test_a_failing_step_shows_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    with pytest.raises(SetUpError, match="no such mirror"):
        setup._run(["sh", "-c", "echo no such mirror; exit 1"])
    assert "no such mirror" in (tmp_path / "setup.log").read_text()


@pytest.mark.parametrize("module", ["paths", "progress", "setup"])
def test_what_runs_before_the_environment_needs_nothing_of_it(module: str) -> None:
    """Without site-packages, as the system's own Python sees it."""
    command = [setup.sys.executable, "-S", "-c", f"import toolchain.{module}"]
    done = subprocess.run(command, cwd=ROOT / "bin", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
