"""The table `businesses`: the tenants."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from core.names import name_key
from db import Connection, Jsonb, Row
from repositories.page import Page


def insert_business(conn: Connection, values: dict[str, Any]) -> UUID:
    """Create a business with its owner as a member; returns its ID. Raises Conflict if the name is taken."""
    row = conn.execute(
        """
        WITH business AS (
            INSERT INTO businesses (owner_id, business_name, name_key, business_description, address, phone_number,
                                    website)
            VALUES (%(owner_id)s, %(business_name)s, %(name_key)s, %(business_description)s, %(address)s,
                    %(phone_number)s, %(website)s)
            RETURNING business_id, owner_id)
        INSERT INTO business_members (business_id, user_id, role)
        SELECT business_id, owner_id, 'owner' FROM business
        RETURNING business_id
        """,
        {**values, **_names(values)},
    ).fetchone()
    assert row is not None
    return UUID(str(row["business_id"]))


def list_ids(conn: Connection) -> list[UUID]:
    """The IDs of all businesses."""
    return [row["business_id"] for row in conn.execute("SELECT business_id FROM businesses").fetchall()]


def list_businesses(conn: Connection, page: Page) -> list[Row]:
    """All businesses, for operators."""
    return conn.execute(
        """
        SELECT business_id, owner_id, business_name, business_description, address, phone_number, website,
               default_stage_id, live_release_id, settings, version, created_at, updated_at
        FROM businesses
        WHERE (created_at, business_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, business_id LIMIT %(limit)s
        """,
        page.parameters,
    ).fetchall()


def get_business(conn: Connection, business_id: UUID) -> Row:
    """One business. Raises NotFound."""
    row = conn.execute(
        """
        SELECT business_id, owner_id, business_name, business_description, address, phone_number, website,
               default_stage_id, live_release_id, settings, version, created_at, updated_at
        FROM businesses WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()
    if row is None:
        raise NotFound("Business not found.")
    return row


def lock_business(conn: Connection, business_id: UUID) -> Row:
    """Like `get_business`, and locks the row. This serialises changes to one business's design."""
    row = conn.execute(
        """
        SELECT business_id, owner_id, business_name, business_description, address, phone_number, website,
               default_stage_id, live_release_id, settings, version, created_at, updated_at
        FROM businesses WHERE business_id = %(business_id)s FOR NO KEY UPDATE
        """,
        {"business_id": business_id},
    ).fetchone()
    if row is None:
        raise NotFound("Business not found.")
    return row


def update_business(conn: Connection, business_id: UUID, values: dict[str, Any]) -> Row:
    """Change a business that the caller has locked. `values` holds all its columns; returns the changed row."""
    row = conn.execute(
        """
        UPDATE businesses SET business_name = %(business_name)s, name_key = %(name_key)s,
            business_description = %(business_description)s, address = %(address)s, phone_number = %(phone_number)s,
            website = %(website)s,
            default_stage_id = %(default_stage_id)s, settings = %(settings)s,
            version = version + 1, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s
        RETURNING business_id, owner_id, business_name, business_description, address, phone_number, website,
                  default_stage_id, live_release_id, settings, version, created_at, updated_at
        """,
        {**values, **_names(values), "business_id": business_id, "settings": Jsonb(values["settings"])},
    ).fetchone()
    assert row is not None
    return row


_DELETE_SOME = """
    DELETE FROM {table} WHERE business_id = %(business_id)s AND {key} = ANY(ARRAY(
        SELECT {key} FROM {table} WHERE business_id = %(business_id)s LIMIT %(limit)s))
"""
# Tables with many rows per business, from the leaves up, and what identifies their rows: in a partitioned table, not
# the place. Deleting a turn deletes its messages, steps and fields.
_LARGE_TABLES = {
    "export_chunks": "ctid",
    "llm_calls": "call_id",
    "turns": "ctid",
    "messages": "ctid",
    "conversations": "ctid",
    "events": "ctid",
    "orders": "ctid",
    "users": "ctid",
    "products": "ctid",
    "audit_log": "ctid",
    "analytics_turns": "ctid",
    "analytics_calls": "ctid",
    "analytics_fields": "ctid",
    "analytics_actions": "ctid",
    "analytics_conversations": "ctid",
    "analytics_paths": "ctid",
    "analytics_handovers": "ctid",
    "analytics_changes": "ctid",
}
_DELETE_ROWS = [_DELETE_SOME.replace("{table}", table).replace("{key}", key) for table, key in _LARGE_TABLES.items()]
MAX_DELETED_ROWS = 1000  # per statement, so that none runs into the time limit or blocks others for long


def close_business(conn: Connection, business_id: UUID) -> None:
    """Revoke the keys and the memberships of a business that is about to be deleted, and end its use for messages."""
    for statement in (
        "DELETE FROM api_keys WHERE business_id = %(business_id)s",
        "DELETE FROM business_members WHERE business_id = %(business_id)s AND role <> 'owner'",
    ):
        conn.execute(statement, {"business_id": business_id})


def delete_rows(conn: Connection, business_id: UUID) -> int:
    """Delete some of the rows of a business; returns their number, 0 if only few are left."""
    for statement in _DELETE_ROWS:
        deleted = conn.execute(statement, {"business_id": business_id, "limit": MAX_DELETED_ROWS}).rowcount
        if deleted:
            return deleted
    return 0


def delete_business(conn: Connection, business_id: UUID) -> None:
    """Delete a business and everything that belongs to it, except its owner's account."""
    # Stages reference templates without a cascade, and calls need not have a turn, so these rows are deleted first.
    for statement in (
        "UPDATE businesses SET live_release_id = NULL, default_stage_id = NULL WHERE business_id = %(business_id)s",
        "DELETE FROM llm_calls WHERE business_id = %(business_id)s",
        "DELETE FROM conversations WHERE business_id = %(business_id)s",
        "DELETE FROM stages WHERE business_id = %(business_id)s",
        "DELETE FROM businesses WHERE business_id = %(business_id)s",
        "DELETE FROM analytics_changes WHERE business_id = %(business_id)s",  # what was deleted was noted there
    ):
        conn.execute(statement, {"business_id": business_id})


def _names(values: dict[str, Any]) -> dict[str, str]:
    name = values["business_name"].strip()
    return {"business_name": name, "name_key": name_key(name)}
