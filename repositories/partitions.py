"""The monthly partitions of the tables that contain the traces of turns."""

from db import Connection


def create_partitions(conn: Connection) -> list[str]:
    """Create the partitions of this month and the next two; returns the names of those that did not exist."""
    rows = conn.execute("SELECT create_partitions() AS name").fetchall()
    return [row["name"] for row in rows]
