"""The health checks of the containers tell the truth about the processes that they watch."""

import subprocess

import pytest
from toolchain.paths import ROOT, VENV_PYTHON
from toolchain.processes import environment_of, procfile

from .site import Site


def is_healthy(site: Site, name: str) -> bool:
    command = [VENV_PYTHON, "-m", "config.health", name]
    environment = environment_of(name, site.environment, site.port)
    del (
        environment["MOVED_CLOCK"],
        environment["PYTHONPATH"],
    )  # it asks from outside, at the hour of the machine
    return (
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.parametrize("name", procfile())
def test_a_running_process_is_healthy(site: Site, name: str) -> None:
    assert is_healthy(site, name)


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_stopped_process_is_not(site: Site, name: str) -> None:
    site.stop(name)
    try:
        assert not is_healthy(site, name)
    finally:
        site.start(name)
