"""Transactions that change a business's design, and the audit log entries of all changes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from core import logs
from core.context import current_context
from db import Connection
from repositories import audit_log, businesses, releases
from security.credentials import authenticate


@contextmanager
def editing(business_id: UUID) -> Iterator[Connection]:
    """A transaction that changes a business's design. Edits of one business follow one another, and what each leaves
    is the next release, live with the same commit."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        yield conn
        releases.publish(conn, business_id)


def audit(
    conn: Connection,
    business_id: UUID | None,
    action: str,
    resource: str,
    resource_id: UUID,
    fields: Iterable[str] = (),
) -> None:
    """Note in the audit log, in the transaction of the change itself, that the caller did `action` (create, update,
    delete, ...) to a row. `fields` are the names of what was set: values may be a customer's words, a prompt or a key,
    and stay out. `business_id` is None for what is the platform's own."""
    caller = authenticate()
    _note(conn, (caller.kind, caller.actor_id), business_id, action, resource, resource_id, fields)


def audit_as(
    conn: Connection,
    user_id: UUID,
    business_id: UUID | None,
    action: str,
    resource: str,
    resource_id: UUID,
    fields: Iterable[str] = (),
) -> None:
    """As `audit`, where the request itself signs somebody in."""
    _note(conn, ("login", user_id), business_id, action, resource, resource_id, fields)


def _note(
    conn: Connection,
    actor: tuple[str, UUID | None],
    business_id: UUID | None,
    action: str,
    resource: str,
    resource_id: UUID,
    fields: Iterable[str],
) -> None:
    actor_type, actor_id = actor
    audit_log.insert_entry(
        conn,
        business_id,
        {
            "actor_type": actor_type,
            "actor_id": actor_id,
            "action": action,
            "resource": resource,
            "resource_id": resource_id,
            "fields": sorted(set(fields) - {"business_id"}),
            "request_id": logs.request_id.get(),
        },
    )


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of a row's columns that a change gave another value, the clock's and the counter's own apart."""
    return [name for name, value in after.items() if name not in ("updated_at", "version") and before[name] != value]
