"""The table `users`. A customer belongs to one business (`business_id`); staff accounts have no `business_id`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg2.errors import ForeignKeyViolation

from core.errors import Conflict, InvalidRequest, NotFound
from core.search import prefix_query
from db import Connection, Jsonb, Row
from repositories.page import Page, fetch_page

MAX_METADATA_BYTES = 32 * 1024  # of a customer; each message may add to it


def insert_user(conn: Connection, business_id: UUID | None, values: dict[str, Any]) -> UUID:
    """Create a customer of the business, or with None a user without a business; returns the ID.

    Raises Conflict if the email or external_id is taken.
    """
    row = conn.execute(
        """
        INSERT INTO users (business_id, external_id, first_name, last_name, email, phone, language, timezone, metadata,
            is_test)
        VALUES (%(business_id)s, %(external_id)s, %(first_name)s, %(last_name)s, %(email)s, %(phone)s, %(language)s,
            %(timezone)s, %(metadata)s, %(is_test)s)
        RETURNING user_id
        """,
        _parameters(business_id, values),
    ).fetchone()
    assert row is not None
    return UUID(str(row["user_id"]))


def list_users(
    conn: Connection, business_id: UUID | None, page: Page, is_test: bool | None = None, words: str | None = None
) -> list[Row]:
    """The business's customers, or only those who are test customers, or who are not; with None (for operators) all
    users. `words` finds customers of a business whose names contain words that start like these, and those with this
    email, external_id or order number."""
    return fetch_page(
        conn,
        """
        SELECT user_id, business_id, external_id, first_name, last_name, email, phone, language, timezone, is_admin,
               is_verified, is_test, metadata, created_at, updated_at
        FROM users
        WHERE (%(business_id)s::uuid IS NULL OR business_id = %(business_id)s)
          AND (%(is_test)s::boolean IS NOT TRUE OR is_test)
          AND (%(is_test)s::boolean IS NOT FALSE OR NOT is_test)
          AND (%(words)s::text IS NULL OR user_id = ANY (ARRAY(
              SELECT named.user_id FROM users named
              WHERE named.business_id = %(business_id)s AND numnode(to_tsquery('simple', %(prefixes)s)) > 0
                AND user_words(named.business_id, named.first_name, named.last_name)
                    @@ (to_tsquery('simple', %(prefixes)s) && quote_literal(%(business_id)s::text)::tsquery)
              UNION
              SELECT mailed.user_id FROM users mailed
              WHERE mailed.business_id = %(business_id)s AND lower(mailed.email) = lower(%(words)s)
              UNION
              SELECT known.user_id FROM users known
              WHERE known.business_id = %(business_id)s AND known.external_id = %(words)s
              UNION
              SELECT o.user_id FROM orders o
              WHERE o.business_id = %(business_id)s AND o.order_number = %(words)s)))
          AND (%(is_newest_first)s OR (created_at, user_id) > (%(after_time)s, %(after_id)s))
          AND (NOT %(is_newest_first)s OR (created_at, user_id) < (%(after_time)s, %(after_id)s))
        ORDER BY
            CASE WHEN NOT %(is_newest_first)s THEN created_at END,
            CASE WHEN NOT %(is_newest_first)s THEN user_id END,
            CASE WHEN %(is_newest_first)s THEN created_at END DESC,
            CASE WHEN %(is_newest_first)s THEN user_id END DESC
        LIMIT %(limit)s
        """,
        {
            **page.parameters,
            "business_id": business_id,
            "is_test": is_test,
            "words": words,
            "prefixes": prefix_query(words or ""),
        },
    )


def customer_names(conn: Connection, business_id: UUID, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """How customers are called, by user_id: by their name, otherwise by their address or external_id."""
    rows = conn.execute(
        """
        SELECT user_id, display_name(first_name, last_name, email, external_id) AS name FROM users
        WHERE business_id = %(business_id)s AND user_id = ANY(%(user_ids)s)
        """,
        {"business_id": business_id, "user_ids": list(user_ids)},
    ).fetchall()
    return {row["user_id"]: row["name"] for row in rows}


def get_user(conn: Connection, business_id: UUID | None, user_id: UUID) -> Row:
    """A customer of the business; with None (for operators) any user. Raises NotFound."""
    row = conn.execute(
        """
        SELECT user_id, business_id, external_id, first_name, last_name, email, phone, language, timezone, is_admin,
               is_verified, is_test, metadata, created_at, updated_at
        FROM users
        WHERE user_id = %(user_id)s AND (%(business_id)s::uuid IS NULL OR business_id = %(business_id)s)
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    if row is None:
        raise NotFound("User not found.")
    return row


def lock_user(conn: Connection, business_id: UUID | None, user_id: UUID) -> Row:
    """Like `get_user`, and locks the row."""
    conn.execute(
        """
        SELECT FROM users
        WHERE user_id = %(user_id)s AND (%(business_id)s::uuid IS NULL OR business_id = %(business_id)s)
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "user_id": user_id},
    )
    return get_user(conn, business_id, user_id)


def update_user(conn: Connection, business_id: UUID | None, user_id: UUID, values: dict[str, Any]) -> Row:
    """Change a user that the caller has locked (`lock_user`, with the same `business_id`); returns the changed row."""
    row = conn.execute(
        """
        UPDATE users SET external_id = %(external_id)s, first_name = %(first_name)s, last_name = %(last_name)s,
            email = %(email)s, is_verified = is_verified AND lower(email) IS NOT DISTINCT FROM lower(%(email)s),
            phone = %(phone)s, language = %(language)s, timezone = %(timezone)s,
            metadata = %(metadata)s, is_test = %(is_test)s, updated_at = clock_timestamp()
        WHERE user_id = %(user_id)s AND (%(business_id)s::uuid IS NULL OR business_id = %(business_id)s)
        RETURNING user_id, business_id, external_id, first_name, last_name, email, phone, language, timezone, is_admin,
                  is_verified, is_test, metadata, created_at, updated_at
        """,
        {**_parameters(business_id, values), "user_id": user_id},
    ).fetchone()
    assert row is not None
    return row


def set_operator(conn: Connection, user_id: UUID, is_admin: bool) -> bool:
    """Grant or revoke operator access. Returns False and changes nothing if the user is a customer."""
    row = conn.execute(
        """
        UPDATE users SET is_admin = %(is_admin)s WHERE user_id = %(user_id)s AND business_id IS NULL RETURNING user_id
        """,
        {"user_id": user_id, "is_admin": is_admin},
    ).fetchone()
    return row is not None


def delete_user(conn: Connection, business_id: UUID | None, user_id: UUID) -> None:
    """Delete a customer of the business, or with None (for operators) any user, with their conversations.

    Raises Conflict for the owner of a business.
    """
    try:
        conn.execute(
            """
            DELETE FROM users
            WHERE user_id = %(user_id)s AND (%(business_id)s::uuid IS NULL OR business_id = %(business_id)s)
            """,
            {"business_id": business_id, "user_id": user_id},
        )
    except ForeignKeyViolation as error:
        raise Conflict("This user owns a business. Delete the business first.") from error


def find_sender(conn: Connection, business_id: UUID, user_id: UUID | None) -> Row | None:
    """The user who sent a message to the business: one of its customers, or a staff account."""
    return conn.execute(
        "SELECT * FROM sender_v1(p_business_id => %(business_id)s, p_user_id => %(user_id)s)",
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()


def lock_staff(conn: Connection, user_id: UUID) -> Row | None:
    """Find and lock the user, unless they are a customer; returns user_id and `needs_proof`: whether somebody has set a
    password who may not be the owner of the email."""
    return conn.execute(
        """
        SELECT user_id, password_hash IS NOT NULL AND NOT is_verified AS needs_proof FROM users
        WHERE user_id = %(user_id)s AND business_id IS NULL
        FOR NO KEY UPDATE
        """,
        {"user_id": user_id},
    ).fetchone()


def lock_sender(conn: Connection, business_id: UUID, user_id: UUID) -> Row | None:
    """Find and lock a user who may send messages to the business; returns user_id and is_unassigned, or None.

    These are its customers, its members, and unassigned users: those without a business, membership or password.
    """
    return conn.execute(
        """
        SELECT u.user_id, u.business_id IS NULL AND NOT EXISTS (
                   SELECT 1 FROM business_members m
                   WHERE m.user_id = u.user_id AND m.business_id = %(business_id)s) AS is_unassigned
        FROM users u
        WHERE u.user_id = %(user_id)s AND (
            u.business_id = %(business_id)s
            OR u.business_id IS NULL AND (
                EXISTS (SELECT 1 FROM business_members m
                        WHERE m.user_id = u.user_id AND m.business_id = %(business_id)s)
                OR u.password_hash IS NULL AND NOT u.is_admin
                   AND NOT EXISTS (SELECT 1 FROM business_members m WHERE m.user_id = u.user_id)))
        FOR NO KEY UPDATE OF u
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()


def check_belongs_to_business(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Raises NotFound unless the user is a customer or member of the business."""
    if not belongs_to_business(conn, business_id, user_id):
        raise NotFound("User not found.")


def assign_to_business(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Make an unassigned user a customer of the business."""
    conn.execute(
        """
        UPDATE users SET business_id = %(business_id)s, updated_at = clock_timestamp()
        WHERE user_id = %(user_id)s AND business_id IS NULL
        """,
        {"business_id": business_id, "user_id": user_id},
    )


def find_or_insert_customer(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create the customer with an external_id, or update the fields that `values` contains; returns the user's ID.

    The row stays locked until the transaction ends. Raises InvalidRequest if the metadata, to which that of `values` is
    added, becomes too large.
    """
    row = conn.execute(
        """
        INSERT INTO users (business_id, external_id, first_name, last_name, email, phone, language, timezone, metadata)
        VALUES (%(business_id)s, %(external_id)s, %(first_name)s, %(last_name)s, %(email)s, %(phone)s, %(language)s,
                %(timezone)s, %(metadata)s)
        ON CONFLICT (business_id, external_id) DO UPDATE SET
            first_name = COALESCE(EXCLUDED.first_name, users.first_name),
            last_name = COALESCE(EXCLUDED.last_name, users.last_name),
            email = COALESCE(EXCLUDED.email, users.email),
            phone = COALESCE(EXCLUDED.phone, users.phone),
            language = COALESCE(EXCLUDED.language, users.language),
            timezone = COALESCE(EXCLUDED.timezone, users.timezone),
            metadata = users.metadata || EXCLUDED.metadata
        RETURNING user_id, octet_length(metadata::text) AS metadata_bytes
        """,
        _parameters(business_id, values),
    ).fetchone()
    assert row is not None
    if values.get("metadata") and row["metadata_bytes"] > MAX_METADATA_BYTES:
        raise InvalidRequest.at(
            "$.user.metadata", f"A customer has at most {MAX_METADATA_BYTES // 1024} KB of metadata."
        )
    return UUID(str(row["user_id"]))


def find_by_external_id(conn: Connection, business_id: UUID, external_id: str) -> UUID | None:
    """The ID of the customer with this external_id, or None."""
    row = conn.execute(
        "SELECT user_id FROM users WHERE business_id = %(business_id)s AND external_id = %(external_id)s",
        {"business_id": business_id, "external_id": external_id},
    ).fetchone()
    return row["user_id"] if row else None


def belongs_to_business(conn: Connection, business_id: UUID, user_id: UUID) -> bool:
    """Whether the user is a customer or member of the business."""
    row = conn.execute(
        """
        SELECT EXISTS (SELECT 1 FROM users WHERE user_id = %(user_id)s AND business_id = %(business_id)s)
            OR EXISTS (SELECT 1 FROM business_members WHERE user_id = %(user_id)s AND business_id = %(business_id)s)
            AS belongs
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    return bool(row and row["belongs"])


def _parameters(business_id: UUID | None, values: dict[str, Any]) -> dict[str, Any]:
    names = ("external_id", "first_name", "last_name", "email", "phone", "language", "timezone")
    return {
        **{name: values.get(name) for name in names},
        "email": email.strip() if (email := values.get("email")) else None,
        "business_id": business_id,
        "is_test": values.get("is_test", False),
        "metadata": Jsonb(values.get("metadata") or {}),
    }
