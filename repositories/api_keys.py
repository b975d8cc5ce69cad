"""Business keys: 256 random bits, of which only the SHA-256 is stored."""

from uuid import UUID

from db import Connection, Row


def insert_key(conn: Connection, business_id: UUID, key_hash: str, key_prefix: str) -> None:
    conn.execute(
        "INSERT INTO api_keys (business_id, key_hash, key_prefix) VALUES (%(business_id)s, %(key_hash)s, %(prefix)s)",
        {"business_id": business_id, "key_hash": key_hash, "prefix": key_prefix},
    )


def find_key_by_hash(conn: Connection, key_hash: str) -> Row | None:
    """The key whose holder calls, of whichever business: here the tenant is what is being found out."""
    return conn.execute(
        """
        SELECT key_id, business_id, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS is_stale
        FROM api_keys WHERE key_hash = %(key_hash)s AND (expires_at IS NULL OR expires_at > now())
        """,
        {"key_hash": key_hash},
    ).fetchone()


def touch_key(conn: Connection, business_id: UUID, key_id: UUID) -> None:
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
