"""Health check of the database."""

from db import Connection


def check(conn: Connection) -> None:
    """Run a trivial query."""
    conn.execute("SELECT 1")
