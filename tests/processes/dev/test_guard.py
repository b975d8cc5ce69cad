"""Processes that end with their parent: by the kernel's word on Linux, watched over elsewhere."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.people import SECONDS, Person, kill_group, person_of, wait_until_group_is_gone
from tests.support.supervisor import Supervisor, kill_while_writing, remember


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Where the kernel tells nobody, root has no embedded server at all."""
    yield from person_of(as_root=False)


def test_kill_9_of_the_supervisor_ends_the_server_and_loses_no_row(person: Person, data_dir: Path) -> None:
    kill_while_writing(person, data_dir, "guarded")


def test_the_server_stops_when_told(person: Person, data_dir: Path) -> None:
    server = Supervisor(person, data_dir, "guarded")
    remember(server.wait(), 1)
    server.stop()
    assert "database system is shut down" in (data_dir / "postgres.log").read_text()
    kill_group(server.process.pid)


def test_a_process_follows_its_parent(person: Person, data_dir: Path) -> None:
    """make, killed with -9, takes what it started with it; so it does where the kernel tells nobody."""
    for tells in (True, False):
        follower = (
            "import os, sys, time, dev.parent as p; p.KERNEL_TELLS = sys.argv[1] == 'True' and p.KERNEL_TELLS;"
            " p.follow_parent(os.getppid()); print(os.getpid(), flush=True); time.sleep(3600)"
        )
        parent = person.start(["/bin/sh", "-c", f'{person.python} -c "$0" {tells}; exit 0', follower], data_dir.parent)
        assert parent.stdout
        assert int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(SECONDS)
        wait_until_group_is_gone(parent.pid)
        parent.stdout.close()


def test_a_process_whose_parent_is_gone_does_not_begin(person: Person, data_dir: Path) -> None:
    ended = person.run(
        [person.python, "-c", "from dev.parent import follow_parent; follow_parent(1 << 22); print('began')"],
        data_dir.parent,
    )
    if sys.platform == "linux":
        assert (ended.returncode, ended.stdout) == (1, "")
