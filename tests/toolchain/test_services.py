"""A private PostgreSQL and Redis: private, kept, and gone when told."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from toolchain.services import Services, free_port


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user whom PostgreSQL runs as can reach; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="tollgate-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def services(folder: Path) -> Iterator[Services]:
    ours = Services(folder / "services", for_tests=True)
    yield ours
    ours.remove()


def rows(url: str) -> list[tuple[int]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT number FROM kept").fetchall()


def test_it_starts_keeps_its_data_and_stops(services: Services) -> None:
    environment = services.start()
    admin = environment["DATABASE_ADMIN_URL"]
    with psycopg.connect(admin) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert connection.info.server_version // 10_000 == 18
    assert redis.Redis.from_url(environment["REDIS_URL"]).ping()

    services.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(admin)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(environment["REDIS_URL"]).ping()

    again = services.start()
    assert again == environment
    assert rows(admin) == [(7,)]


def test_starting_twice_is_starting_once(services: Services) -> None:
    first = services.start()
    assert Services(services.home, for_tests=True).start() == first


def test_it_takes_another_port_when_somebody_took_its_own(services: Services) -> None:
    before = services.start()
    services.stop()
    stranger = Services(services.home.with_name("stranger"), for_tests=True)
    try:
        stranger.home.mkdir()
        stranger._keep(services._secrets())
        stranger.start()
        assert services.start()["DATABASE_ADMIN_URL"] != before["DATABASE_ADMIN_URL"]
    finally:
        stranger.remove()


def test_nobody_comes_in_without_a_password(services: Services) -> None:
    environment = services.start()
    port = environment["DATABASE_ADMIN_URL"].rpartition(":")[2].partition("/")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres")
    redis_port = int(environment["REDIS_URL"].rpartition(":")[2].partition("/")[0])
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=redis_port).ping()


def test_it_listens_on_loopback_only(services: Services) -> None:
    environment = services.start()
    with psycopg.connect(environment["DATABASE_ADMIN_URL"]) as connection:
        heard = connection.execute("SHOW listen_addresses").fetchone()
        sockets = connection.execute("SHOW unix_socket_directories").fetchone()
    assert (heard, sockets) == (("127.0.0.1",), ("",))
    assert redis.Redis.from_url(environment["REDIS_URL"]).config_get("bind") == {"bind": "127.0.0.1"}


def test_its_passwords_are_its_owner_s_alone(services: Services) -> None:
    services.start()
    assert stat.S_IMODE((services.home / "services.json").stat().st_mode) == 0o600


def test_only_what_is_wanted_is_started(services: Services) -> None:
    assert set(services.start(postgres=False)) == {"REDIS_URL"}


def test_a_free_port_is_the_preferred_one_when_that_is_free(services: Services) -> None:
    redis_port = int(services.start(postgres=False)["REDIS_URL"].rpartition(":")[2].partition("/")[0])
    free = free_port(())
    assert free_port([redis_port, free]) == free


def test_removed_is_removed(services: Services) -> None:
    services.start()
    services.remove()
    assert not services.home.exists()
    assert not services.data.exists()


@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_data_of_postgres_lies_where_its_user_can_go(folder: Path, mode: int) -> None:
    """As root, a closed folder of root's is left alone: PostgreSQL's own user gets a folder elsewhere."""
    folder.chmod(mode)
    home = folder / "services"
    here = Services(home, for_tests=True).server_home == home / "server"
    assert here == (os.geteuid() != 0 or mode == 0o755)
