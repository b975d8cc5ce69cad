"""The users who start ICMP, their checkouts, and data of the embedded server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.postgres import EmbeddedPostgres
from tests.support.os_users import OsUser, make_checkout, os_user_for
from tests.support.supervisor import place_for_data, remember

# As root, the tests run as root, and in `make soak` also as an ordinary user.
_ORDINARY = pytest.param("ordinary", marks=pytest.mark.soak)


@pytest.fixture(scope="module", params=["root", _ORDINARY] if os.geteuid() == 0 else ["ordinary"])
def os_user(request: pytest.FixtureRequest) -> Iterator[OsUser]:
    yield from os_user_for(as_root=request.param == "root")


@pytest.fixture
def folder(os_user: OsUser) -> Iterator[Path]:
    """A temporary directory that belongs to the user."""
    path = Path(tempfile.mkdtemp(prefix="icmp-test-", dir=os_user.home))
    yield os_user.own(path)
    shutil.rmtree(path)


@pytest.fixture
def checkout(os_user: OsUser, folder: Path) -> Path:
    """A checkout as after `make install`, with the user's Python."""
    return make_checkout(os_user, folder / "checkout")


@pytest.fixture
def data_dir(os_user: OsUser, folder: Path) -> Path:
    """A path for data, next to a copy of `dev/` that the user can read."""
    return place_for_data(os_user, folder)


@pytest.fixture(scope="session")
def created_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of a stopped server, with the row 0."""
    folder = tmp_path_factory.mktemp("existing_data") / "data"
    server = EmbeddedPostgres(folder, durable=False)
    try:
        remember(server.start(), 0)
    finally:
        server.stop()
    return folder


@pytest.fixture
def existing_data(os_user: OsUser, data_dir: Path, created_data: Path) -> Path:
    """Data of an earlier start, with the row 0."""
    subprocess.run(["cp", "-a", created_data, data_dir], check=True)
    return os_user.own(data_dir)
