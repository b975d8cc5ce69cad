"""Whether the database answers."""

from db import Connection


def check(conn: Connection) -> None:
    conn.execute("SELECT 1")
