"""The embedded server's supervisor: started, killed, started twice, over strange folders."""

from pathlib import Path

from tests.support.people import SECONDS, Person, wait_for
from tests.support.supervisor import Supervisor, kill_while_writing, remember, remembered


def test_data_is_kept_from_start_to_start(person: Person, data_dir: Path) -> None:
    server = Supervisor(person, data_dir)
    remember(server.wait(), 1)
    server.stop()
    server = Supervisor(person, data_dir)
    assert remembered(server.wait()) == [1]
    server.stop()


def test_kill_9_of_the_supervisor_ends_the_server_and_loses_no_row(person: Person, made: Path) -> None:
    kill_while_writing(person, made)


def test_a_start_that_is_killed_within_initdb_leaves_nothing_to_trip_on(person: Person, data_dir: Path) -> None:
    server = Supervisor(person, data_dir)
    wait_for((data_dir / "postgres.draft" / "base").exists, "initdb at work")
    server.kill()
    assert not (data_dir / "postgres").exists()
    server = Supervisor(person, data_dir)
    remember(server.wait(), 1)
    server.stop()


def test_of_two_starters_the_second_is_told_of_the_first(person: Person, data_dir: Path) -> None:
    first, second = Supervisor(person, data_dir), Supervisor(person, data_dir)
    said = {starter: starter.process.stdout.readline() for starter in (first, second) if starter.process.stdout}
    winner, loser = sorted(said, key=lambda starter: said[starter], reverse=True)
    assert said[winner].startswith("postgresql://")
    assert said[loser] == (
        f"icmp: Another ICMP uses the database in {data_dir}: stop it, or set ICMP_DATA_DIR to another folder.\n"
    )
    assert loser.process.wait(SECONDS) == 1
    loser.process.communicate()
    remember(said[winner].strip(), 1)
    winner.stop()
