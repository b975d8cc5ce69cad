"""What the modules that create or update many rows at once have in common."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from db import Connection, Row

Values = dict[str, dict[str, Any]]  # the fields to set, by the name of the row, such as an order number


@dataclass
class BulkResult:
    """What was done, by the name of the row. Rows that are in none of these have not changed."""

    created: dict[str, UUID] = field(default_factory=dict)  # their IDs
    updated: dict[str, tuple[Row, Row]] = field(default_factory=dict)  # as it was and as it is
    problems: dict[str, str] = field(default_factory=dict)  # why it was not changed
    customers: "BulkResult | None" = None  # of orders: what was done to their customers

    def add(self, other: "BulkResult") -> None:
        """Include the result of other rows."""
        self.created |= other.created
        self.updated |= other.updated
        self.problems |= other.problems
        if self.customers is None:
            self.customers = other.customers
        elif other.customers is not None:
            self.customers.add(other.customers)


def lock_names(conn: Connection, business_id: UUID, kind: str, names: Iterable[str]) -> None:
    """Until the transaction ends, no other one creates or updates rows of these names. In order, so that two
    transactions do not wait for each other."""
    conn.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(':', %(kind)s, %(business_id)s, name), 0))
        FROM unnest(%(names)s::text[]) AS name
        """,
        {"kind": kind, "business_id": business_id, "names": sorted(names)},
    )
