"""Processes what another system sends to a hook."""

from typing import Any
from uuid import UUID

from background.hooks import mapping
from background.imports.batches import write_rows
from background.imports.records import NAMES, InvalidRow, Problems
from background.notifications import notify_customers
from core import logs
from core.errors import InvalidRequest
from db import Connection, Database, Row
from repositories import audit_log, hook_deliveries

KEPT_DAYS = 30


def process_delivery(database: Database, hook: Row, sender_id: str | None, body: Any) -> dict[str, Any]:
    """Create or update the row that a delivery describes. Returns the delivery_id and result: created, updated or
    unchanged. A delivery that was processed before has the result that it had then.

    Raises InvalidRequest, after recording why, if the row is not valid.
    """
    business_id, hook_id = hook["business_id"], hook["hook_id"]
    try:
        row = mapping.map_row(hook["resource"], hook["mapping"], body)
        with database.transaction() as conn:
            delivery_id = hook_deliveries.start_delivery(conn, business_id, hook_id, sender_id)
            if delivery_id is None and sender_id is not None:
                known = hook_deliveries.find_delivery(conn, business_id, hook_id, sender_id)
                if known is not None:
                    return known
            assert delivery_id is not None
            result = _write(conn, hook, row)
            values = {"result": result, "row_name": row.name, "problems": []}
            hook_deliveries.end_delivery(conn, business_id, delivery_id, values)
            hook_deliveries.delete_expired(conn, business_id, hook_id, KEPT_DAYS)
        return {"delivery_id": delivery_id, "result": result}
    except InvalidRow as error:
        name = mapping.name_of(hook["resource"], hook["mapping"], body)
        _record_invalid(database, hook, sender_id, name, error.problems)
        raise InvalidRequest("The row is invalid.", details=error.problems) from error


def record_unreadable(database: Database, hook: Row, sender_id: str | None, error: InvalidRequest) -> None:
    """Record a delivery whose body is not JSON."""
    _record_invalid(database, hook, sender_id, None, error.details)


def _write(conn: Connection, hook: Row, row: Any) -> str:
    """Raises InvalidRow."""
    business_id, resource = hook["business_id"], hook["resource"]
    result = write_rows(conn, business_id, resource, {row.name: row.values})
    if row.name in result.problems:
        raise InvalidRow([{"path": "$", "message": result.problems[row.name]}])
    if row.name in result.created:
        _audit(conn, hook, "create", result.created[row.name], [*row.values, NAMES[resource][0]])
        return "created"
    if row.name not in result.updated:
        return "unchanged"
    before, after = result.updated[row.name]
    changed = [name for name, value in after.items() if name != "updated_at" and before[name] != value]
    _audit(conn, hook, "update", after[f"{resource.removesuffix('s')}_id"], changed)
    if hook["notify"]:
        notify_customers(conn, business_id, hook["notify"], [(before, after)])
    return "updated"


def _audit(conn: Connection, hook: Row, action: str, row_id: UUID, fields: list[str]) -> None:
    values = {
        "actor_type": "hook",
        "actor_id": hook["hook_id"],
        "action": action,
        "resource": hook["resource"].removesuffix("s"),
        "resource_id": row_id,
        "fields": sorted(fields),
        "request_id": logs.request_id.get(),
    }
    audit_log.insert_entry(conn, hook["business_id"], values)


def _record_invalid(database: Database, hook: Row, sender_id: str | None, name: str | None, problems: Problems) -> None:
    with database.transaction() as conn:
        values = {"row_name": name, "problems": problems}
        hook_deliveries.insert_invalid(conn, hook["business_id"], hook["hook_id"], sender_id, values)
        hook_deliveries.delete_expired(conn, hook["business_id"], hook["hook_id"], KEPT_DAYS)
