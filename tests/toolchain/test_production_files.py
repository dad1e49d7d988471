"""What the image and docker-compose.yml say is what the demo and the journeys run; no lock names a registry."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from toolchain.paths import ROOT
from toolchain.processes import ONLY_FOR_SET_UP, environment_of, procfile

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("roles", "migrate", *procfile())
LOCKS = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]


@pytest.mark.parametrize("name", procfile())
def test_compose_runs_the_commands_of_the_demo(name: str) -> None:
    assert SERVICES[name]["command"] == procfile()[name]


def test_the_image_starts_the_web_server_of_the_demo() -> None:
    command = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert command is not None
    assert json.loads(command[1]) == shlex.split(procfile()["web"])


def test_the_one_shot_services_run_the_demo_s_management_commands() -> None:
    assert SERVICES["roles"]["command"] == "python manage.py setup_database"
    assert SERVICES["migrate"]["command"] == "python manage.py migrate --no-input"


def test_nobody_serves_before_the_tables_are_there() -> None:
    for name in procfile():
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["roles"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OURS)
def test_a_process_knows_its_own_database_role_and_no_other(name: str) -> None:
    environment = SERVICES[name]["environment"]
    role = {"web": "app_web", "worker": "app_worker", "beat": "app_worker", "migrate": "tollgate_migrate"}
    if name == "roles":
        assert environment["DATABASE_ADMIN_URL"].startswith("postgresql://postgres:")
        return
    assert environment["DATABASE_URL"].startswith(f"postgresql://{role[name]}:")
    assert not set(environment) & set(ONLY_FOR_SET_UP)


@pytest.mark.parametrize("name", procfile())
def test_a_process_of_the_demo_knows_its_own_database_role_and_no_other(name: str) -> None:
    known = {variable: variable for variable in (*ONLY_FOR_SET_UP, "DATABASE_URL")}
    environment = environment_of(name, known, port=8000)
    assert environment["DATABASE_URL"] == ("DATABASE_URL" if name == "web" else "DATABASE_WORKER_URL")
    assert not set(environment) & set(ONLY_FOR_SET_UP)
    assert environment["GRANIAN_HOST"] == "127.0.0.1"


def test_whatever_stays_up_has_a_health_check() -> None:
    staying = {name: service for name, service in SERVICES.items() if "restart" in service}
    assert set(staying) == {"postgres", "valkey", *procfile()}
    assert all("test" in service["healthcheck"] for service in staying.values())


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_is_built_in_stages_and_does_not_run_as_root() -> None:
    stages = re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert len(stages) == 3
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE) == ["tollgate"]
    assert "HEALTHCHECK" in last


def test_the_image_installs_nothing_without_a_hash() -> None:
    assert "npm ci --ignore-scripts" in DOCKERFILE
    assert DOCKERFILE.count("--require-hashes") == 2


def test_files_outlive_their_containers_and_are_shared() -> None:
    assert {"database", "files"} <= set(COMPOSE["volumes"])
    for name in ("web", "worker"):
        assert "files:/files" in SERVICES[name]["volumes"]


def test_the_example_names_every_variable_that_compose_reads() -> None:
    read = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == named


def test_the_example_holds_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if re.match(r"\w*(PASSWORD|SECRET)\w*=.", line)] == []


def test_the_client_accepts_the_compose_file(tmp_path: Path) -> None:
    """As far as a client is at hand; without one the tests above are what there is."""
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        return
    filled = re.sub(r"=$", "=filled", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    (tmp_path / "env").write_text(filled)
    command = [
        docker,
        "compose",
        "--file",
        str(ROOT / "docker-compose.yml"),
        "--env-file",
        str(tmp_path / "env"),
    ]
    done = subprocess.run([*command, "config", "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_registry(lock: Path) -> None:
    addresses = re.findall(r"https?://[^\s\"']+", lock.read_text())
    if lock.suffix == ".json":  # what a package says of its own funding is no place to fetch from
        packages = json.loads(lock.read_text())["packages"].values()
        addresses = [package["resolved"] for package in packages if "resolved" in package]
    assert addresses == []


@pytest.mark.parametrize(
    "lock", [lock for lock in LOCKS if lock.suffix == ".txt"], ids=lambda lock: lock.name
)
def test_every_python_package_is_pinned_with_a_hash(lock: Path) -> None:
    entries = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", lock.read_text(), re.MULTILINE | re.DOTALL)
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_every_front_end_package_is_pinned_with_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_everybody_means_the_same_python() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert set(re.findall(r"^FROM python:(\S+)-slim", DOCKERFILE, re.MULTILINE)) == {version}
    assert f'requires-python = ">={version},' in (ROOT / "pyproject.toml").read_text()
