"""The table `hooks`: URLs to which other systems send changed rows."""

from typing import Any
from uuid import UUID

from core.encryption import Encrypted
from core.errors import NotFound
from db import Connection, Jsonb, Row


def insert_hook(conn: Connection, business_id: UUID, hook_id: UUID, values: dict[str, Any], secret: Encrypted) -> None:
    """Create a hook. Raises Conflict if the name is taken. `values`: name, resource, mapping, notify, signature_header,
    signature_encoding, delivery_header and is_enabled."""
    conn.execute(
        """
        INSERT INTO hooks (business_id, hook_id, name, resource, mapping, notify, signature_header, signature_encoding,
            delivery_header, encrypted_secret, key_id, is_enabled)
        VALUES (%(business_id)s, %(hook_id)s, %(name)s, %(resource)s, %(mapping)s, %(notify)s, %(signature_header)s,
            %(signature_encoding)s, %(delivery_header)s, %(data)s, %(key_id)s, %(is_enabled)s)
        """,
        {**_parameters(business_id, hook_id, values), "data": secret.data, "key_id": secret.key_id},
    )


def list_hooks(conn: Connection, business_id: UUID, after_name: str, limit: int) -> list[Row]:
    """The business's hooks with a later name, in the order of their names, without their secrets."""
    return conn.execute(
        """
        SELECT hook_id, business_id, name, resource, mapping, notify, signature_header, signature_encoding,
               delivery_header, is_enabled, created_at, updated_at
        FROM hooks WHERE business_id = %(business_id)s AND name > %(after_name)s
        ORDER BY name LIMIT %(limit)s
        """,
        {"business_id": business_id, "after_name": after_name, "limit": limit},
    ).fetchall()


def count_hooks(conn: Connection, business_id: UUID) -> int:
    """The number of the business's hooks."""
    row = conn.execute(
        "SELECT count(*) AS count FROM hooks WHERE business_id = %(business_id)s", {"business_id": business_id}
    ).fetchone()
    return int(row["count"]) if row else 0


def get_hook(conn: Connection, business_id: UUID, hook_id: UUID) -> Row:
    """One hook without its secret. Raises NotFound."""
    row = conn.execute(
        """
        SELECT hook_id, business_id, name, resource, mapping, notify, signature_header, signature_encoding,
               delivery_header, is_enabled, created_at, updated_at
        FROM hooks WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s
        """,
        {"business_id": business_id, "hook_id": hook_id},
    ).fetchone()
    if row is None:
        raise NotFound("Hook not found.")
    return row


def lock_hook(conn: Connection, business_id: UUID, hook_id: UUID) -> Row:
    """Like `get_hook`, and locks the row."""
    conn.execute(
        "SELECT FROM hooks WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s FOR NO KEY UPDATE",
        {"business_id": business_id, "hook_id": hook_id},
    )
    return get_hook(conn, business_id, hook_id)


def find_hook(conn: Connection, hook_id: UUID) -> Row | None:
    """The enabled hook to which a delivery was sent, with its business_id, encrypted_secret and key_id."""
    return conn.execute(
        """
        SELECT hook_id, business_id, resource, mapping, notify, signature_header, signature_encoding, delivery_header,
               encrypted_secret, key_id
        FROM hooks WHERE hook_id = %(hook_id)s AND is_enabled
        """,
        {"hook_id": hook_id},
    ).fetchone()


def update_hook(conn: Connection, business_id: UUID, hook_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing hook. `values` are all those of `insert_hook`; returns the changed row."""
    conn.execute(
        """
        UPDATE hooks SET name = %(name)s, resource = %(resource)s, mapping = %(mapping)s, notify = %(notify)s,
            signature_header = %(signature_header)s, signature_encoding = %(signature_encoding)s,
            delivery_header = %(delivery_header)s, is_enabled = %(is_enabled)s, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s
        """,
        _parameters(business_id, hook_id, values),
    )
    return get_hook(conn, business_id, hook_id)


def replace_secret(conn: Connection, business_id: UUID, hook_id: UUID, secret: Encrypted) -> None:
    """Set another secret of an existing hook."""
    conn.execute(
        """
        UPDATE hooks SET encrypted_secret = %(data)s, key_id = %(key_id)s
        WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s
        """,
        {"business_id": business_id, "hook_id": hook_id, "data": secret.data, "key_id": secret.key_id},
    )


def reencrypt(conn: Connection, business_id: UUID, hook_id: UUID, secret: Encrypted) -> None:
    """Store the same secret, encrypted with another key."""
    replace_secret(conn, business_id, hook_id, secret)


def delete_hook(conn: Connection, business_id: UUID, hook_id: UUID) -> None:
    """Delete a hook with its deliveries."""
    conn.execute(
        "DELETE FROM hooks WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s",
        {"business_id": business_id, "hook_id": hook_id},
    )


def lock_some_of_other_keys(conn: Connection, key_id: str, after: tuple[UUID, UUID], limit: int) -> list[Row]:
    """Lock up to `limit` hooks whose secret is encrypted with another key, of all businesses, after a business and
    hook. Returns business_id, the hook's ID as row_id, encrypted_value and key_id."""
    return conn.execute(
        """
        SELECT business_id, hook_id AS row_id, encrypted_secret AS encrypted_value, key_id FROM hooks
        WHERE key_id <> %(key_id)s AND (business_id, hook_id) > (%(after_business)s, %(after_hook)s)
        ORDER BY business_id, hook_id LIMIT %(limit)s FOR NO KEY UPDATE
        """,
        {"key_id": key_id, "after_business": after[0], "after_hook": after[1], "limit": limit},
    ).fetchall()


def _parameters(business_id: UUID, hook_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    return {
        **values,
        "business_id": business_id,
        "hook_id": hook_id,
        "mapping": Jsonb(values["mapping"]),
        "notify": Jsonb(values["notify"]) if values["notify"] else None,
    }
