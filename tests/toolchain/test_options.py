"""What a command takes is told at once, on a machine where nothing is set up."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from toolchain.paths import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The commands alone, in a checkout where whoever begins to set something up fails."""
    home = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", home / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    with (home / "bin" / "toolchain" / "setup.py").open("a") as setup:
        setup.write(
            '\n\ndef prepare(needs: Needs) -> None:\n    raise SystemExit("began to set something up")\n'
        )
    return home


def run(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    command = [checkout / "bin" / words[0], *words[1:]]
    return subprocess.run(
        command, env=environment, cwd=checkout, capture_output=True, text=True, timeout=20, check=False
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("demo", "--help"), "--reset"),
        (("demo", "--reset", "-h"), "--port"),
        (("test", "--help"), "runs only pytest"),
        (("check", "--help"), "import layers"),
        (("docs", "--help"), "var/docs/html"),
        (("lock", "--help"), "--upgrade"),
        (("services", "--help"), "remove"),
    ],
)
def test_help_sets_nothing_up(checkout: Path, words: tuple[str, ...], told: str) -> None:
    answer = run(checkout, *words)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"usage: bin/{words[0]}")
    assert told in answer.stdout
    assert [path.name for path in checkout.iterdir()] == ["bin"]


@pytest.mark.parametrize("words", [("demo", "--rest"), ("check", "tests"), ("services", "begin")])
def test_a_slip_of_the_pen_is_told_before_the_set_up(checkout: Path, words: tuple[str, ...]) -> None:
    answer = run(checkout, *words)
    assert answer.returncode == 2
    assert f"usage: bin/{words[0]}" in answer.stderr
    assert "set something up" not in answer.stderr


def test_pytest_judges_its_own_arguments(checkout: Path) -> None:
    assert "began to set something up" in run(checkout, "test", "tests/kpis", "-k", "funnel").stderr
