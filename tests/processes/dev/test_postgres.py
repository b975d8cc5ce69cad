"""The embedded server is started, stopped, killed and started twice."""

from pathlib import Path

import pytest

from tests.support.os_users import SECONDS, OsUser, wait_for
from tests.support.supervisor import Supervisor, kill_while_writing, remember, remembered

pytestmark = pytest.mark.slow


def test_data_is_kept_between_starts(os_user: OsUser, data_dir: Path) -> None:
    server = Supervisor(os_user, data_dir)
    remember(server.wait(), 1)
    server.stop()
    server = Supervisor(os_user, data_dir)
    assert remembered(server.wait()) == [1]
    server.stop()


def test_kill_9_of_the_parent_stops_the_server_and_loses_no_row(os_user: OsUser, existing_data: Path) -> None:
    kill_while_writing(os_user, existing_data)


def test_start_killed_during_initdb_does_not_prevent_the_next(os_user: OsUser, data_dir: Path) -> None:
    server = Supervisor(os_user, data_dir)
    wait_for((data_dir / "postgres.draft" / "base").exists, "initdb to run")
    server.kill()
    assert not (data_dir / "postgres").exists()
    server = Supervisor(os_user, data_dir)
    remember(server.wait(), 1)
    server.stop()


def test_second_start_reports_the_first(os_user: OsUser, data_dir: Path) -> None:
    first, second = Supervisor(os_user, data_dir), Supervisor(os_user, data_dir)
    output = {starter: starter.process.stdout.readline() for starter in (first, second) if starter.process.stdout}
    winner, loser = sorted(output, key=lambda starter: output[starter], reverse=True)
    assert output[winner].startswith("postgresql://")
    assert output[loser] == (
        f"icmp: Another ICMP uses the database in {data_dir}: stop it, or set ICMP_DATA_DIR to another directory.\n"
    )
    assert loser.process.wait(SECONDS) == 1
    loser.process.communicate()
    remember(output[winner].strip(), 1)
    winner.stop()
