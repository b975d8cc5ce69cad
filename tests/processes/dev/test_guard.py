"""Processes end with their parent: the kernel signals its death on Linux, elsewhere it is polled."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.os_users import SECONDS, OsUser, kill_group, os_user_for, wait_until_group_is_gone
from tests.support.supervisor import Supervisor, kill_while_writing, remember

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def os_user() -> Iterator[OsUser]:
    """Not root: as root the embedded server needs Linux."""
    yield from os_user_for(as_root=False)


def test_kill_9_of_the_parent_stops_the_server_and_loses_no_row(os_user: OsUser, data_dir: Path) -> None:
    kill_while_writing(os_user, data_dir, "guarded")


def test_server_stops_on_request(os_user: OsUser, data_dir: Path) -> None:
    server = Supervisor(os_user, data_dir, "guarded")
    remember(server.wait(), 1)
    server.stop()
    assert "database system is shut down" in (data_dir / "postgres.log").read_text()
    kill_group(server.process.pid)


def test_process_ends_with_its_parent(os_user: OsUser, data_dir: Path) -> None:
    """Even if the parent is killed with -9, with and without the kernel's help."""
    for kernel_helps in (True, False):
        child = (
            "import os, sys, time, dev.parent as p;"
            " p.KERNEL_SIGNALS_DEATH = sys.argv[1] == 'True' and p.KERNEL_SIGNALS_DEATH;"
            " p.follow_parent(os.getppid()); print(os.getpid(), flush=True); time.sleep(3600)"
        )
        command = f'{os_user.python} -c "$0" {kernel_helps}; exit 0'
        parent = os_user.start(["/bin/sh", "-c", command, child], data_dir.parent)
        assert parent.stdout
        assert int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(SECONDS)
        wait_until_group_is_gone(parent.pid)
        parent.stdout.close()


def test_process_without_parent_does_not_start(os_user: OsUser, data_dir: Path) -> None:
    ended = os_user.run(
        [os_user.python, "-c", "from dev.parent import follow_parent; follow_parent(1 << 22); print('started')"],
        data_dir.parent,
    )
    if sys.platform == "linux":
        assert (ended.returncode, ended.stdout) == (1, "")
