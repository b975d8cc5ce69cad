"""The table `secrets`: encrypted values for calls to other systems."""

from uuid import UUID

from core.encryption import Encrypted
from core.errors import NotFound
from db import Connection, Row


def insert_secret(conn: Connection, business_id: UUID, secret_id: UUID, name: str, value: Encrypted) -> None:
    """Create a secret. Raises Conflict if the name is taken."""
    conn.execute(
        """
        INSERT INTO secrets (business_id, secret_id, name, encrypted_value, key_id)
        VALUES (%(business_id)s, %(secret_id)s, %(name)s, %(data)s, %(key_id)s)
        """,
        {
            "business_id": business_id,
            "secret_id": secret_id,
            "name": name,
            "data": value.data,
            "key_id": value.key_id,
        },
    )


def list_secrets(conn: Connection, business_id: UUID, after_name: str, limit: int) -> list[Row]:
    """The business's secrets with a later name, in the order of their names, without their values."""
    return conn.execute(
        """
        SELECT secret_id, name, created_at, updated_at, last_used_at FROM secrets
        WHERE business_id = %(business_id)s AND name > %(after_name)s
        ORDER BY name LIMIT %(limit)s
        """,
        {"business_id": business_id, "after_name": after_name, "limit": limit},
    ).fetchall()


def count_secrets(conn: Connection, business_id: UUID) -> int:
    """The number of the business's secrets."""
    row = conn.execute(
        "SELECT count(*) AS count FROM secrets WHERE business_id = %(business_id)s", {"business_id": business_id}
    ).fetchone()
    return int(row["count"]) if row else 0


def has_secret(conn: Connection, business_id: UUID, name: str) -> bool:
    """Whether the business has a secret with this name."""
    row = conn.execute(
        "SELECT FROM secrets WHERE business_id = %(business_id)s AND name = %(name)s",
        {"business_id": business_id, "name": name},
    ).fetchone()
    return row is not None


def get_secret(conn: Connection, business_id: UUID, secret_id: UUID) -> Row:
    """One secret without its value. Raises NotFound."""
    row = conn.execute(
        """
        SELECT secret_id, name, created_at, updated_at, last_used_at FROM secrets
        WHERE business_id = %(business_id)s AND secret_id = %(secret_id)s
        """,
        {"business_id": business_id, "secret_id": secret_id},
    ).fetchone()
    if row is None:
        raise NotFound("Secret not found.")
    return row


def replace_value(conn: Connection, business_id: UUID, secret_id: UUID, value: Encrypted) -> None:
    """Set another value of an existing secret."""
    conn.execute(
        """
        UPDATE secrets SET encrypted_value = %(data)s, key_id = %(key_id)s, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND secret_id = %(secret_id)s
        """,
        {"business_id": business_id, "secret_id": secret_id, "data": value.data, "key_id": value.key_id},
    )


def delete_secret(conn: Connection, business_id: UUID, secret_id: UUID) -> None:
    """Delete a secret."""
    conn.execute(
        "DELETE FROM secrets WHERE business_id = %(business_id)s AND secret_id = %(secret_id)s",
        {"business_id": business_id, "secret_id": secret_id},
    )


def read_values(conn: Connection, business_id: UUID) -> list[Row]:
    """secret_id, name and the encrypted value with its key_id, of all secrets of the business."""
    return conn.execute(
        "SELECT secret_id, name, encrypted_value, key_id FROM secrets WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    ).fetchall()


def record_use(conn: Connection, business_id: UUID, names: list[str]) -> None:
    """Set `last_used_at`, at most once a minute per secret, because every write has a cost."""
    conn.execute(
        """
        UPDATE secrets SET last_used_at = now()
        WHERE business_id = %(business_id)s AND name = ANY(%(names)s)
          AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        """,
        {"business_id": business_id, "names": names},
    )


def lock_some_of_other_keys(conn: Connection, key_id: str, after: tuple[UUID, UUID], limit: int) -> list[Row]:
    """Lock up to `limit` secrets that are encrypted with another key, of all businesses, after a business and row.

    Returns business_id, the secret's ID as row_id, encrypted_value and key_id.
    """
    return conn.execute(
        """
        SELECT business_id, secret_id AS row_id, encrypted_value, key_id FROM secrets
        WHERE key_id <> %(key_id)s AND (business_id, secret_id) > (%(after_business)s, %(after_secret)s)
        ORDER BY business_id, secret_id LIMIT %(limit)s FOR NO KEY UPDATE
        """,
        {"key_id": key_id, "after_business": after[0], "after_secret": after[1], "limit": limit},
    ).fetchall()


def reencrypt(conn: Connection, business_id: UUID, secret_id: UUID, value: Encrypted) -> None:
    """Store the same value, encrypted with another key."""
    conn.execute(
        """
        UPDATE secrets SET encrypted_value = %(data)s, key_id = %(key_id)s
        WHERE business_id = %(business_id)s AND secret_id = %(secret_id)s
        """,
        {"business_id": business_id, "secret_id": secret_id, "data": value.data, "key_id": value.key_id},
    )
