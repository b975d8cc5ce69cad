"""Business keys: 256 random bits, of which only the SHA-256 is stored."""

from datetime import datetime
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def insert_key(
    conn: Connection, business_id: UUID, key_hash: str, key_prefix: str, expires_at: datetime | None = None
) -> Row:
    row = conn.execute(
        """
        INSERT INTO api_keys (business_id, key_hash, key_prefix, expires_at)
        VALUES (%(business_id)s, %(key_hash)s, %(prefix)s, %(expires_at)s)
        RETURNING key_id, key_prefix, created_at, expires_at
        """,
        {"business_id": business_id, "key_hash": key_hash, "prefix": key_prefix, "expires_at": expires_at},
    ).fetchone()
    assert row is not None
    return row


def expire_keys(conn: Connection, business_id: UUID, grace_seconds: int) -> list[UUID]:
    """Let the business's present keys end after `grace_seconds`, unless they end before. Returns their ids."""
    rows = conn.execute(
        """
        UPDATE api_keys SET expires_at = clock_timestamp() + make_interval(secs => %(grace)s)
        WHERE business_id = %(business_id)s
          AND (expires_at IS NULL OR expires_at > clock_timestamp() + make_interval(secs => %(grace)s))
        RETURNING key_id
        """,
        {"business_id": business_id, "grace": grace_seconds},
    ).fetchall()
    return [row["key_id"] for row in rows]


def list_keys(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """Those that have ended too, until they are deleted. Never the hash."""
    return conn.execute(
        """
        SELECT key_id, key_prefix, created_at, expires_at, last_used_at FROM api_keys
        WHERE business_id = %(business_id)s AND (created_at, key_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, key_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def delete_key(conn: Connection, business_id: UUID, key_id: UUID) -> None:
    """Its holder is let in no more. Raises NotFound."""
    deleted = conn.execute(
        "DELETE FROM api_keys WHERE business_id = %(business_id)s AND key_id = %(key_id)s",
        {"business_id": business_id, "key_id": key_id},
    )
    if not deleted.rowcount:
        raise NotFound("Key not found.")


def find_key_by_hash(conn: Connection, key_hash: str) -> Row | None:
    """The key whose holder calls, of whichever business: here the tenant is what is being found out."""
    return conn.execute(
        """
        SELECT key_id, business_id, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS is_stale
        FROM api_keys WHERE key_hash = %(key_hash)s AND (expires_at IS NULL OR expires_at > now())
        """,
        {"key_hash": key_hash},
    ).fetchone()


def record_key_use(conn: Connection, business_id: UUID, key_id: UUID) -> None:
    """Remember that the key is in use; callers do so once a minute, since every write costs."""
    conn.execute(
        "UPDATE api_keys SET last_used_at = now() WHERE business_id = %(business_id)s AND key_id = %(key_id)s",
        {"business_id": business_id, "key_id": key_id},
    )


def find_key(conn: Connection, business_id: UUID, key_id: UUID) -> Row | None:
    """A key that is still good, by its id: a cookie's session names it."""
    return conn.execute(
        """
        SELECT key_id, business_id FROM api_keys
        WHERE business_id = %(business_id)s AND key_id = %(key_id)s AND (expires_at IS NULL OR expires_at > now())
        """,
        {"business_id": business_id, "key_id": key_id},
    ).fetchone()
