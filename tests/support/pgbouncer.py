"""A real PgBouncer in transaction mode, the mode in which nothing may depend on the session."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import pytest

from tests.support.database import OperationalError, connect
from tests.support.server import free_port

# Debian installs it where only root's PATH leads.
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
START_SECONDS = 20


def require_pgbouncer() -> None:
    """Skips the test where PgBouncer is not installed; with REQUIRE_PGBOUNCER, as in CI, fails it."""
    if PROGRAM is None:
        assert not os.environ.get("REQUIRE_PGBOUNCER"), "pgbouncer is not installed"
        pytest.skip("pgbouncer is not installed")


@contextmanager
def running_pgbouncer(server_url: str, folder: Path) -> Iterator[str]:
    """A pooler before all databases of the server; yields the server's URL with the pooler's address."""
    require_pgbouncer()
    assert PROGRAM
    server, port = urlsplit(server_url), free_port()
    folder.chmod(0o755)
    settings = folder / "pgbouncer.ini"
    password = f" password='{unquote(server.password)}'" if server.password else ""
    settings.write_text(
        f"""
        [databases]
        * = host={server.hostname} port={server.port or 5432} user={unquote(server.username or "")}{password}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        max_client_conn = 500
        default_pool_size = 30
        """.replace("\n        ", "\n")
    )
    as_other_user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to run as root
    with (folder / "pgbouncer.log").open("wb") as log:
        pooler = subprocess.Popen([PROGRAM, *as_other_user, str(settings)], stdout=log, stderr=log)
    try:
        login = server.netloc.rpartition("@")[0]
        url = urlunsplit(server._replace(netloc=f"{login}@127.0.0.1:{port}"))
        _wait_until_ready(url, folder / "pgbouncer.log")
        yield url
    finally:
        pooler.terminate()
        pooler.wait(20)


def _wait_until_ready(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with connect(url):
                return
        except OperationalError as error:
            assert time.monotonic() < deadline, f"{error}\n{log.read_text()}"
            time.sleep(0.05)  # it does not say when it is ready
