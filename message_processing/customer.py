"""The customer who sent the message, for variable providers."""

from typing import Any
from uuid import UUID

from db import Row
from message_processing.templates.lazy_connection import LazyConnection
from repositories import users


def find_customer(conn: LazyConnection, business_id: UUID, user_id: UUID | None) -> Row | None:
    """The customer's profile. A single statement without a transaction saves two round trips."""
    with conn.for_one_statement() as connection:
        row: dict[str, Any] | None = users.find_sender(connection, business_id, user_id)
    return row
