"""The users who start ICMP, their checkouts, and data of the embedded server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.postgres import EmbeddedPostgres
from tests.support.people import Person, make_checkout, person_of
from tests.support.supervisor import place_for_data, remember

# As root, every test runs as root. test_run also runs as an ordinary user, and so do all others in `make soak`.
_ORDINARY = pytest.param("ordinary", marks=pytest.mark.soak)


@pytest.fixture(scope="module", params=["root", _ORDINARY] if os.geteuid() == 0 else ["ordinary"])
def person(request: pytest.FixtureRequest) -> Iterator[Person]:
    yield from person_of(as_root=request.param == "root")


@pytest.fixture
def folder(person: Person) -> Iterator[Path]:
    """A temporary directory that belongs to the person."""
    path = Path(tempfile.mkdtemp(prefix="icmp-test-", dir=person.home))
    yield person.own(path)
    shutil.rmtree(path)


@pytest.fixture
def checkout(person: Person, folder: Path) -> Path:
    """A checkout as after `make install`, with the person's Python."""
    return make_checkout(person, folder / "checkout")


@pytest.fixture
def data_dir(person: Person, folder: Path) -> Path:
    """A path for data, next to a copy of `dev/` that the person can read."""
    return place_for_data(person, folder)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of a stopped server, with the row 0."""
    folder = tmp_path_factory.mktemp("made") / "data"
    server = EmbeddedPostgres(folder, durable=False)
    try:
        remember(server.start(), 0)
    finally:
        server.stop()
    return folder


@pytest.fixture
def made(person: Person, data_dir: Path, made_once: Path) -> Path:
    """Data of an earlier start, with the row 0."""
    subprocess.run(["cp", "-a", made_once, data_dir], check=True)
    return person.own(data_dir)
