"""IDs of new rows, where the database does not create them."""

import secrets
import time
from datetime import datetime
from uuid import UUID


def new_id() -> UUID:
    """A UUIDv7 like those of the database's `uuidv7()`: the time in milliseconds, then random bits. Rows of the same
    time are neighbours in indexes."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62))


def lowest_id(time: datetime) -> UUID:
    """The lowest UUIDv7 of a time, to find the rows that were created since."""
    return UUID(int=int(time.timestamp() * 1000) << 80)
