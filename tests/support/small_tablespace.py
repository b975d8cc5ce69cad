"""A disk that can be filled, with a database on it."""

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.database import connect

BYTES = 48 * 1024 * 1024


class SmallDisk:
    """A file system in memory that holds one database."""

    def __init__(self, folder: Path, tablespace: str) -> None:
        self._filler = folder / "filler"
        self.tablespace = tablespace

    def fill(self) -> None:
        """Leave no free space."""
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return

    def free(self) -> None:
        self._filler.unlink()


@contextmanager
def disk_for_a_database(server_url: str) -> Iterator[SmallDisk]:
    """Skips the test where it may not mount a file system, or cannot give it to the database server."""
    # Not in pytest's own directory, which each start of pytest makes private again.
    with TemporaryDirectory(prefix="icmp-disk-") as name, connect(server_url) as conn:
        folder = Path(name)
        folder.chmod(0o711)  # the database server runs as another user
        row = conn.execute("SELECT pg_backend_pid() AS pid").fetchone()
        process = Path(f"/proc/{row['pid']}") if row else folder
        if os.geteuid() != 0 or not process.exists():
            pytest.skip("needs root and a local database server")
        mount = ["mount", "-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs", str(folder)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("may not mount a file system")
        tablespace = f"small_{uuid.uuid4().hex[:8]}"
        location = folder / "data"
        location.mkdir(0o700)
        os.chown(location, process.stat().st_uid, process.stat().st_gid)
        try:
            conn.execute(f"CREATE TABLESPACE {tablespace} LOCATION '{location}'")
            try:
                yield SmallDisk(folder, tablespace)
            finally:
                conn.execute(f"DROP TABLESPACE {tablespace}")
        finally:
            subprocess.run(["umount", str(folder)], check=False)
