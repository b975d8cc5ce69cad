"""The embedded server is started, stopped, killed and started twice."""

from pathlib import Path

from tests.support.people import SECONDS, Person, wait_for
from tests.support.supervisor import Supervisor, kill_while_writing, remember, remembered


def test_data_is_kept_between_starts(person: Person, data_dir: Path) -> None:
    server = Supervisor(person, data_dir)
    remember(server.wait(), 1)
    server.stop()
    server = Supervisor(person, data_dir)
    assert remembered(server.wait()) == [1]
    server.stop()


def test_kill_9_of_the_parent_stops_the_server_and_loses_no_row(person: Person, made: Path) -> None:
    kill_while_writing(person, made)


def test_start_killed_during_initdb_does_not_prevent_the_next(person: Person, data_dir: Path) -> None:
    server = Supervisor(person, data_dir)
    wait_for((data_dir / "postgres.draft" / "base").exists, "initdb to run")
    server.kill()
    assert not (data_dir / "postgres").exists()
    server = Supervisor(person, data_dir)
    remember(server.wait(), 1)
    server.stop()


def test_second_start_reports_the_first(person: Person, data_dir: Path) -> None:
    first, second = Supervisor(person, data_dir), Supervisor(person, data_dir)
    said = {starter: starter.process.stdout.readline() for starter in (first, second) if starter.process.stdout}
    winner, loser = sorted(said, key=lambda starter: said[starter], reverse=True)
    assert said[winner].startswith("postgresql://")
    assert said[loser] == (
        f"icmp: Another ICMP uses the database in {data_dir}: stop it, or set ICMP_DATA_DIR to another directory.\n"
    )
    assert loser.process.wait(SECONDS) == 1
    loser.process.communicate()
    remember(said[winner].strip(), 1)
    winner.stop()
