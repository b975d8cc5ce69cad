"""The tables `totp` and `recovery_codes`: second factors of staff accounts, which belong to no business."""

from uuid import UUID

from core.encryption import Encrypted
from db import Connection, Row


def find_totp(conn: Connection, user_id: UUID) -> Row | None:
    """The user's encrypted_secret, key_id, is_enabled, and the number of recovery_codes that are left."""
    return conn.execute(
        """
        SELECT t.encrypted_secret, t.key_id, t.is_enabled,
               (SELECT count(*) FROM recovery_codes c WHERE c.user_id = t.user_id) AS recovery_codes
        FROM totp t WHERE t.user_id = %(user_id)s
        """,
        {"user_id": user_id},
    ).fetchone()


def save_secret(conn: Connection, user_id: UUID, secret: Encrypted) -> bool:
    """Store a secret that is not enabled yet, replacing a previous one. Returns False if one is enabled already."""
    row = conn.execute(
        """
        INSERT INTO totp AS t (user_id, encrypted_secret, key_id) VALUES (%(user_id)s, %(data)s, %(key_id)s)
        ON CONFLICT (user_id) DO UPDATE
            SET encrypted_secret = EXCLUDED.encrypted_secret, key_id = EXCLUDED.key_id, last_step = 0
            WHERE NOT t.is_enabled
        RETURNING user_id
        """,
        {"user_id": user_id, "data": secret.data, "key_id": secret.key_id},
    ).fetchone()
    return row is not None


def use_step(conn: Connection, user_id: UUID, step: int) -> bool:
    """Record that the code of a time step was used. Returns False if it, or a later one, was used before."""
    row = conn.execute(
        """
        UPDATE totp SET last_step = %(step)s WHERE user_id = %(user_id)s AND last_step < %(step)s RETURNING user_id
        """,
        {"user_id": user_id, "step": step},
    ).fetchone()
    return row is not None


def use_recovery_code(conn: Connection, user_id: UUID, code_hash: str) -> bool:
    """Delete a recovery code. Returns False if the user has no such code."""
    row = conn.execute(
        """
        DELETE FROM recovery_codes WHERE user_id = %(user_id)s AND code_hash = %(code_hash)s RETURNING user_id
        """,
        {"user_id": user_id, "code_hash": code_hash},
    ).fetchone()
    return row is not None


def enable(conn: Connection, user_id: UUID) -> None:
    """Ask the user for codes from now on."""
    conn.execute("UPDATE totp SET is_enabled = true WHERE user_id = %(user_id)s", {"user_id": user_id})


def replace_recovery_codes(conn: Connection, user_id: UUID, code_hashes: list[str]) -> None:
    """Store new recovery codes. The previous ones end."""
    conn.execute("DELETE FROM recovery_codes WHERE user_id = %(user_id)s", {"user_id": user_id})
    conn.execute(
        "INSERT INTO recovery_codes (user_id, code_hash) SELECT %(user_id)s, unnest(%(hashes)s)",
        {"user_id": user_id, "hashes": code_hashes},
    )


def delete_totp(conn: Connection, user_id: UUID) -> bool:
    """Delete the user's secret and recovery codes. Returns whether there was a secret."""
    row = conn.execute(
        "DELETE FROM totp WHERE user_id = %(user_id)s RETURNING user_id", {"user_id": user_id}
    ).fetchone()
    return row is not None


def reencrypt(conn: Connection, _business_id: UUID, user_id: UUID, secret: Encrypted) -> None:
    """Store the same secret, encrypted with another key."""
    conn.execute(
        "UPDATE totp SET encrypted_secret = %(data)s, key_id = %(key_id)s WHERE user_id = %(user_id)s",
        {"user_id": user_id, "data": secret.data, "key_id": secret.key_id},
    )


def lock_some_of_other_keys(conn: Connection, key_id: str, after: tuple[UUID, UUID], limit: int) -> list[Row]:
    """Lock up to `limit` secrets that are encrypted with another key, after a user. Returns the zero ID as business_id,
    the user's ID as row_id, encrypted_value and key_id."""
    return conn.execute(
        """
        SELECT '00000000-0000-0000-0000-000000000000'::uuid AS business_id, user_id AS row_id,
               encrypted_secret AS encrypted_value, key_id
        FROM totp WHERE key_id <> %(key_id)s AND user_id > %(after_user)s
        ORDER BY user_id LIMIT %(limit)s FOR NO KEY UPDATE
        """,
        {"key_id": key_id, "after_user": after[1], "limit": limit},
    ).fetchall()
