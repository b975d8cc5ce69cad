"""The table `api_keys`: business keys, stored as SHA-256 hashes."""

from datetime import datetime
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def insert_key(
    conn: Connection,
    business_id: UUID,
    key_hash: str,
    key_prefix: str,
    expires_at: datetime | None = None,
    name: str | None = None,
    scope: str = "full",
) -> Row:
    """Store a new key; returns key_id, name, scope, key_prefix, created_at and expires_at."""
    row = conn.execute(
        """
        INSERT INTO api_keys (business_id, key_hash, key_prefix, expires_at, name, scope)
        VALUES (%(business_id)s, %(key_hash)s, %(prefix)s, %(expires_at)s, %(name)s, %(scope)s)
        RETURNING key_id, name, scope, key_prefix, created_at, expires_at
        """,
        {
            "business_id": business_id,
            "key_hash": key_hash,
            "prefix": key_prefix,
            "expires_at": expires_at,
            "name": name and name.strip(),
            "scope": scope,
        },
    ).fetchone()
    assert row is not None
    return row


def count_valid_keys(conn: Connection, business_id: UUID) -> int:
    """The number of the business's keys that have not expired."""
    row = conn.execute(
        """
        SELECT count(*) AS count FROM api_keys
        WHERE business_id = %(business_id)s AND (expires_at IS NULL OR expires_at > now())
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return int(row["count"])


def get_key(conn: Connection, business_id: UUID, key_id: UUID) -> Row:
    """The name and scope of a key, and whether it `is_expired` and `is_rotated`. Raises NotFound."""
    row = conn.execute(
        """
        SELECT name, scope, COALESCE(expires_at <= clock_timestamp(), false) AS is_expired,
               rotated_at IS NOT NULL AS is_rotated
        FROM api_keys
        WHERE business_id = %(business_id)s AND key_id = %(key_id)s
        """,
        {"business_id": business_id, "key_id": key_id},
    ).fetchone()
    if row is None:
        raise NotFound("Key not found.")
    return row


def set_rotated(conn: Connection, business_id: UUID, key_id: UUID, grace_seconds: int) -> None:
    """Record that a key was rotated. It expires in `grace_seconds`, unless it expires earlier."""
    conn.execute(
        """
        UPDATE api_keys
        SET rotated_at = clock_timestamp(),
            expires_at = least(expires_at, clock_timestamp() + make_interval(secs => %(grace)s))
        WHERE business_id = %(business_id)s AND key_id = %(key_id)s
        """,
        {"business_id": business_id, "key_id": key_id, "grace": grace_seconds},
    )


def expire_unnamed_keys(conn: Connection, business_id: UUID, grace_seconds: int) -> list[UUID]:
    """Let the business's keys without a name expire in `grace_seconds`, unless they expire earlier; returns the IDs of
    these keys."""
    rows = conn.execute(
        """
        UPDATE api_keys SET expires_at = clock_timestamp() + make_interval(secs => %(grace)s)
        WHERE business_id = %(business_id)s AND name IS NULL
          AND (expires_at IS NULL OR expires_at > clock_timestamp() + make_interval(secs => %(grace)s))
        RETURNING key_id
        """,
        {"business_id": business_id, "grace": grace_seconds},
    ).fetchall()
    return [row["key_id"] for row in rows]


def list_keys(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's keys without their hashes, including expired ones."""
    return conn.execute(
        """
        SELECT key_id, name, scope, key_prefix, created_at, expires_at, last_used_at FROM api_keys
        WHERE business_id = %(business_id)s AND (created_at, key_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, key_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def delete_key(conn: Connection, business_id: UUID, key_id: UUID) -> None:
    """Delete a key. Raises NotFound."""
    deleted = conn.execute(
        "DELETE FROM api_keys WHERE business_id = %(business_id)s AND key_id = %(key_id)s",
        {"business_id": business_id, "key_id": key_id},
    )
    if not deleted.rowcount:
        raise NotFound("Key not found.")


def find_key_by_hash(conn: Connection, key_hash: str) -> Row | None:
    """The valid key with this hash: key_id, business_id, scope and is_stale, which asks for `record_key_use`. This is
    how the business of a request is found, so it cannot be a parameter."""
    return conn.execute("SELECT * FROM key_by_hash_v2(p_key_hash => %(key_hash)s)", {"key_hash": key_hash}).fetchone()


def record_key_use(conn: Connection, business_id: UUID, key_id: UUID) -> None:
    """Set `last_used_at`. Called at most once a minute per key, because every write has a cost."""
    conn.execute(
        "UPDATE api_keys SET last_used_at = now() WHERE business_id = %(business_id)s AND key_id = %(key_id)s",
        {"business_id": business_id, "key_id": key_id},
    )
