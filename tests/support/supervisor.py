"""An embedded server in a separate process, which tests can kill, and rows that must not be lost."""

import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from tests.support.database import OperationalError, connect
from tests.support.os_users import (
    ROOT,
    SECONDS,
    OsUser,
    kill_group,
    wait_for,
    wait_until_server_is_gone,
)

# Starts a server in a directory, prints its URL, and stops it at the end of standard input. "guarded" simulates a
# system whose kernel cannot signal a parent's death; a child process lives on, as a gunicorn worker does for a while.
SUPERVISE = """
import os, sys, time
from pathlib import Path
import dev.postgres
from dev import EmbeddedError
dev.postgres.KERNEL_SIGNALS_DEATH = "guarded" not in sys.argv
server = dev.postgres.EmbeddedPostgres(Path(sys.argv[1]), durable=False)
try:
    url = server.start()
except EmbeddedError as error:
    sys.exit(f"icmp: {error}")
if "guarded" in sys.argv and os.fork() == 0:
    os.closerange(0, 3)
    time.sleep(3600)
print(url, flush=True)
sys.stdin.read()
server.stop()
"""


class Supervisor:
    """The process that starts an embedded server."""

    def __init__(self, os_user: OsUser, data_dir: Path, *words: str, **settings: object) -> None:
        self.data_dir = data_dir
        self.process = os_user.start(
            [os_user.python, "-c", SUPERVISE, str(data_dir), *words],
            cwd=data_dir.parent,
            stdin=subprocess.PIPE,
            **{**settings, "PYTHONPATH": f"{settings.get('PYTHONPATH', os_user.python_path)}:{data_dir.parent}"},
        )

    def wait(self) -> str:
        """The URL, when the server is up."""
        assert self.process.stdout
        line = self.process.stdout.readline().strip()
        assert line.startswith("postgresql://"), line + self.process.stdout.read()
        return line

    def stop(self) -> None:
        assert self.process.communicate(timeout=SECONDS)[0] == ""
        assert self.process.returncode == 0
        wait_until_server_is_gone(self.data_dir)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=SECONDS)
        wait_until_server_is_gone(self.data_dir)

    def error_line(self) -> str:
        """The error of a start that failed: one line."""
        output, _ = self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == 1
        assert output.startswith("icmp: ")
        assert output.count("\n") == 1, output
        return output


def place_for_data(os_user: OsUser, folder: Path) -> Path:
    shutil.copytree(ROOT / "dev", folder / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    os_user.own(folder)
    return folder / "data"


def remember(url: str, value: int) -> None:
    with connect(url) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS remembered (value INT)")
        conn.execute("INSERT INTO remembered VALUES (%(value)s)", {"value": value})


def remembered(url: str) -> list[int]:
    with connect(url) as conn:
        return [row["value"] for row in conn.execute("SELECT value FROM remembered ORDER BY value").fetchall()]


def kill_while_writing(os_user: OsUser, data_dir: Path, *words: str) -> None:
    server = Supervisor(os_user, data_dir, *words)
    url, committed = server.wait(), []
    remember(url, 0)

    def write_until_the_end() -> None:
        with pytest.raises(OperationalError), connect(url) as conn:
            while True:
                conn.execute("INSERT INTO remembered VALUES (%(value)s)", {"value": len(committed) + 1})
                committed.append(len(committed) + 1)

    writer = threading.Thread(target=write_until_the_end)
    writer.start()
    wait_for(lambda: len(committed) > 100, "a hundred rows")
    server.kill()
    writer.join(SECONDS)
    assert not writer.is_alive()
    kill_group(server.process.pid)  # the child of a guarded server
    server = Supervisor(os_user, data_dir)
    assert set(committed) <= set(remembered(server.wait()))
    server.stop()
