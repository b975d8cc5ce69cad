"""Counts figures for tests, as the background job does."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from analytics.rebuild import attempt
from analytics.rolling_up import roll_up
from db import Database
from tests.support.database import Connection


@contextmanager
def counting(database_url: str) -> Iterator[Database]:
    """The connection to count with."""
    database = Database(database_url, 1)
    try:
        yield database
    finally:
        database.close()


def count_changes(database: Database, business_id: str) -> None:
    """Count everything that has changed."""
    while attempt(database, roll_up, UUID(business_id)):
        pass


def total(sql: Connection, business_id: str, table: str, column: str, period: str = "quarter_hour") -> int:
    """The sum of a column of all figures of a business."""
    [row] = sql.execute(
        f"""
        SELECT COALESCE(sum({column}), 0)::integer AS total FROM {table}
        WHERE business_id = %(id)s AND period = %(of)s
        """,
        {"id": business_id, "of": period},
    ).fetchall()
    return int(row["total"])
