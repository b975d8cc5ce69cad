"""What the processes of a run use: CPU time and memory from /proc (Linux), and WAL from PostgreSQL's statistics."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg2
from psycopg2 import sql

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """CPU time in seconds of the server's and of the database's processes, and the WAL written, since some start."""

    server_cpu: float = 0.0
    database_cpu: float = 0.0
    wal_bytes: float = 0.0
    wal_records: float = 0.0

    def __sub__(self, earlier: "Usage") -> "Usage":
        return Usage(*(now - before for now, before in zip(self._values(), earlier._values(), strict=True)))

    def __truediv__(self, count: int) -> "Usage":
        return Usage(*(value / count for value in self._values()))

    def _values(self) -> tuple[float, ...]:
        return self.server_cpu, self.database_cpu, self.wal_bytes, self.wal_records


class DatabaseMeter:
    """Context manager: reads the database's usage over a connection of its own. Needs a superuser.

    CPU time is 0 if the server runs on another machine.
    """

    def __init__(self, url: str) -> None:
        self._conn = psycopg2.connect(url)
        self._conn.autocommit = True
        [[text]] = self._rows("SELECT pg_read_file('postmaster.pid')")
        pid = int(str(text).partition("\n")[0])
        self._pid = pid if Path(f"/proc/{pid}").exists() else None

    def cpu_seconds(self) -> float:
        """CPU time of all processes of the server so far, also of those that have ended."""
        if self._pid is None:
            return 0.0
        return (sum(map(_ticks, children_of(self._pid))) + _ticks(self._pid, with_ended_children=True)) / _TICKS

    def wal(self) -> tuple[float, float]:
        """The bytes and the records of WAL written so far. PostgreSQL updates them about once per second."""
        [[size, records]] = self._rows("SELECT wal_bytes, wal_records FROM pg_stat_wal")
        return float(str(size)), float(str(records))

    def table_sizes(self) -> dict[str, int]:
        """The bytes of each of ICMP's tables with its indexes. Partitions count for their table."""
        rows = self._rows(
            """
            SELECT COALESCE(pg_partition_root(c.oid), c.oid)::regclass::text AS name, sum(pg_total_relation_size(c.oid))
            FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname !~ '^baseline_'
            GROUP BY 1 ORDER BY 1
            """
        )
        return {str(name): int(str(size)) for name, size in rows}

    def row_counts(self, tables: list[str]) -> dict[str, int]:
        """The exact number of rows of each table."""
        count = sql.SQL("SELECT count(*) FROM {}")
        return {table: int(str(self._rows(count.format(sql.Identifier(table)))[0][0])) for table in tables}

    def _rows(self, query: str | sql.Composable) -> list[tuple[object, ...]]:
        with self._conn.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._conn.close()


def cpu_seconds(pids: list[int]) -> float:
    """CPU time (user and system) of these processes so far."""
    return sum(map(_ticks, pids)) / _TICKS


def memory(pids: list[int]) -> int:
    """Memory in bytes; pages that processes share are counted once (PSS)."""
    return sum(map(_pss, pids))


def threads(pids: list[int]) -> int:
    """The number of threads of these processes."""
    return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in pids)


def descriptors(pids: list[int]) -> int:
    """The number of open file descriptors of these processes."""
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)


def children_of(pid: int) -> list[int]:
    """The process IDs of the children of a process with one thread."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _ticks(pid: int, with_ended_children: bool = False) -> int:
    """utime and stime, with cutime and cstime: the 12th to 15th field after the name, which may contain spaces.

    0 for a process that has ended: its parent counts it.
    """
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11 : 15 if with_ended_children else 13]))
    return 0


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) * 1024
