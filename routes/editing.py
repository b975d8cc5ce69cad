"""Transactions that change a business's configuration, and audit log entries for all changes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import UUID

from core import logs
from core.context import current_context
from db import Connection
from repositories import audit_log, businesses, releases
from security.credentials import authenticate


@contextmanager
def editing(business_id: UUID) -> Iterator[Connection]:
    """A transaction that changes a business's configuration. It locks the business, so that changes are made one after
    another, and publishes the result as the live release, unless the business reviews its drafts."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        yield conn
        releases.publish_edit(conn, business_id, author())


def author() -> dict[str, Any]:
    """The caller as the author of a release."""
    caller = authenticate()
    return {"author_type": caller.kind, "author_id": caller.actor_id}


def audit(
    conn: Connection,
    business_id: UUID | None,
    action: str,
    resource: str,
    resource_id: UUID,
    fields: Iterable[str] = (),
) -> None:
    """Record in the audit log, in the same transaction as the change itself, that the caller did `action` (create,
    update, delete, ...). `fields` are the names of the fields that were set. Values are not recorded, because they may
    be customer messages, prompts or keys. `business_id` is None for resources of the platform."""
    caller = authenticate()
    audit_as(conn, caller.kind, caller.actor_id, business_id, action, resource, resource_id, fields)


def audit_as(
    conn: Connection,
    actor_type: Literal["master", "business", "login", "anonymous"],
    actor_id: UUID | None,
    business_id: UUID | None,
    action: str,
    resource: str,
    resource_id: UUID,
    fields: Iterable[str] = (),
) -> None:
    """Like `audit`, but with this actor instead of the caller, for requests that sign a user in or out."""
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
    """The names of the columns whose values differ, except `updated_at` and `version`."""
    return [name for name, value in after.items() if name not in ("updated_at", "version") and before[name] != value]
