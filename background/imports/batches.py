"""Writes the rows of a batch. The rows that cannot be written are reported, and do not keep the others from it."""

from collections.abc import Callable
from uuid import UUID

from background.imports.records import Resource
from core.database_errors import translate_errors
from core.errors import Conflict, InvalidRequest, NotFound
from db import Connection
from repositories.bulk_customers import upsert_customers
from repositories.bulk_orders import upsert_orders
from repositories.bulk_products import upsert_products
from repositories.bulk_rows import BulkResult, Values

_UPSERTS: dict[Resource, Callable[[Connection, UUID, Values], BulkResult]] = {
    "orders": upsert_orders,
    "products": upsert_products,
    "users": upsert_customers,
}


class _Rejected(Exception):
    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("rejected rows")
        self.problems = problems


class _DryRun(Exception):
    pass


def write_rows(conn: Connection, business_id: UUID, resource: Resource, values: Values) -> BulkResult:
    """Create or update the rows, whose fields `values` contains by name, in the caller's transaction."""
    if not values:
        return BulkResult()
    try:
        with conn.savepoint(), translate_errors():
            result = _UPSERTS[resource](conn, business_id, values)
            if result.problems:
                raise _Rejected(result.problems)
            return result
    except _Rejected as rejected:
        result = write_rows(
            conn,
            business_id,
            resource,
            {name: row for name, row in values.items() if name not in rejected.problems},
        )
        result.problems |= rejected.problems
        return result
    except (Conflict, InvalidRequest, NotFound) as error:
        if len(values) == 1:
            return BulkResult(problems=dict.fromkeys(values, error.message))
    # The database does not say which of the rows it has rejected.
    names, result = list(values), BulkResult()
    for half in (names[: len(names) // 2], names[len(names) // 2 :]):
        result.add(write_rows(conn, business_id, resource, {name: values[name] for name in half}))
    return result


def try_rows(conn: Connection, business_id: UUID, resource: Resource, values: Values) -> BulkResult:
    """What `write_rows` would do. Changes nothing."""
    result = BulkResult()
    try:
        with conn.savepoint():
            result = write_rows(conn, business_id, resource, values)
            raise _DryRun
    except _DryRun:
        return result
