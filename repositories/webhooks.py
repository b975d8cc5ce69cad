"""Outgoing webhooks of businesses. Their signing secrets are encrypted by the caller."""

from typing import Any
from uuid import UUID

from core.encryption import Encrypted
from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def insert_webhook(
    conn: Connection, business_id: UUID, webhook_id: UUID, values: dict[str, Any], secret: Encrypted
) -> None:
    """Create a webhook. `values`: url and events."""
    conn.execute(
        """
        INSERT INTO webhooks (business_id, webhook_id, url, events, encrypted_secret, key_id)
        VALUES (%(business_id)s, %(webhook_id)s, %(url)s, %(events)s, %(data)s, %(key_id)s)
        """,
        {
            "business_id": business_id,
            "webhook_id": webhook_id,
            "url": values["url"],
            "events": values["events"],
            "data": secret.data,
            "key_id": secret.key_id,
        },
    )


def list_webhooks(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's webhooks, without their secrets, oldest first."""
    return conn.execute(
        """
        SELECT webhook_id, url, events, enabled, failing_since, disabled_reason, disabled_at, created_at, updated_at
        FROM webhooks
        WHERE business_id = %(business_id)s AND (created_at, webhook_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, webhook_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def count_webhooks(conn: Connection, business_id: UUID) -> int:
    """The number of the business's webhooks."""
    row = conn.execute(
        "SELECT count(*) AS count FROM webhooks WHERE business_id = %(business_id)s", {"business_id": business_id}
    ).fetchone()
    return int(row["count"]) if row else 0


def get_webhook(conn: Connection, business_id: UUID, webhook_id: UUID) -> Row:
    """One webhook without its secret. Raises NotFound."""
    row = conn.execute(
        """
        SELECT webhook_id, url, events, enabled, failing_since, disabled_reason, disabled_at, created_at, updated_at
        FROM webhooks WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s
        """,
        {"business_id": business_id, "webhook_id": webhook_id},
    ).fetchone()
    if row is None:
        raise NotFound("Webhook not found.")
    return row


def lock_webhook(conn: Connection, business_id: UUID, webhook_id: UUID) -> Row:
    """Like `get_webhook`, and locks the row."""
    conn.execute(
        "SELECT FROM webhooks WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s FOR NO KEY UPDATE",
        {"business_id": business_id, "webhook_id": webhook_id},
    )
    return get_webhook(conn, business_id, webhook_id)


def update_webhook(conn: Connection, business_id: UUID, webhook_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing webhook; returns the changed row. `values`: url, events and enabled.

    A webhook that is enabled again starts without failures.
    """
    conn.execute(
        """
        UPDATE webhooks SET url = %(url)s, events = %(events)s, enabled = %(enabled)s, updated_at = clock_timestamp(),
            failing_since = CASE WHEN %(enabled)s AND NOT enabled THEN NULL ELSE failing_since END,
            disabled_at = CASE WHEN %(enabled)s THEN NULL ELSE COALESCE(disabled_at, clock_timestamp()) END,
            disabled_reason = CASE WHEN %(enabled)s THEN NULL ELSE disabled_reason END
        WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s
        """,
        {
            "business_id": business_id,
            "webhook_id": webhook_id,
            "url": values["url"],
            "events": values["events"],
            "enabled": values["enabled"],
        },
    )
    return get_webhook(conn, business_id, webhook_id)


def delete_webhook(conn: Connection, business_id: UUID, webhook_id: UUID) -> None:
    """Delete a webhook with its deliveries."""
    conn.execute(
        "DELETE FROM webhooks WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s",
        {"business_id": business_id, "webhook_id": webhook_id},
    )


def read_target(conn: Connection, business_id: UUID, webhook_id: UUID) -> Row | None:
    """Where to send events: webhook_id, url, enabled, encrypted_secret and key_id; None if it was deleted."""
    return conn.execute(
        """
        SELECT webhook_id, url, enabled, encrypted_secret, key_id FROM webhooks
        WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s
        """,
        {"business_id": business_id, "webhook_id": webhook_id},
    ).fetchone()


def record_success(conn: Connection, business_id: UUID, webhook_id: UUID) -> None:
    """The webhook works."""
    conn.execute(
        """
        UPDATE webhooks SET failing_since = NULL
        WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s AND failing_since IS NOT NULL
        """,
        {"business_id": business_id, "webhook_id": webhook_id},
    )


def record_failure(conn: Connection, business_id: UUID, webhook_id: UUID, is_gone: bool, max_days: int) -> str | None:
    """The webhook has failed. Disable it if it `is_gone`, or if it has failed for `max_days`. Returns the reason if it
    was disabled."""
    row = conn.execute(
        """
        WITH failing AS (
            UPDATE webhooks SET failing_since = COALESCE(failing_since, clock_timestamp())
            WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s
              AND enabled AND failing_since IS NULL AND NOT %(is_gone)s)
        UPDATE webhooks SET enabled = false, disabled_at = clock_timestamp(), updated_at = clock_timestamp(),
            failing_since = COALESCE(failing_since, clock_timestamp()),
            disabled_reason = CASE WHEN %(is_gone)s THEN 'gone' ELSE 'failing' END
        WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s AND enabled
          AND (%(is_gone)s OR failing_since < clock_timestamp() - make_interval(days => %(max_days)s))
        RETURNING disabled_reason
        """,
        {"business_id": business_id, "webhook_id": webhook_id, "is_gone": is_gone, "max_days": max_days},
    ).fetchone()
    return str(row["disabled_reason"]) if row else None


def lock_some_of_other_keys(conn: Connection, key_id: str, after: tuple[UUID, UUID], limit: int) -> list[Row]:
    """Lock up to `limit` webhooks whose secret is encrypted with another key, of all businesses, after a business and
    row."""
    return conn.execute(
        """
        SELECT business_id, webhook_id AS row_id, encrypted_secret AS encrypted_value, key_id FROM webhooks
        WHERE key_id <> %(key_id)s AND (business_id, webhook_id) > (%(after_business)s, %(after_webhook)s)
        ORDER BY business_id, webhook_id LIMIT %(limit)s FOR NO KEY UPDATE
        """,
        {"key_id": key_id, "after_business": after[0], "after_webhook": after[1], "limit": limit},
    ).fetchall()


def reencrypt(conn: Connection, business_id: UUID, webhook_id: UUID, secret: Encrypted) -> None:
    """Store the same secret, encrypted with another key."""
    conn.execute(
        """
        UPDATE webhooks SET encrypted_secret = %(data)s, key_id = %(key_id)s
        WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s
        """,
        {"business_id": business_id, "webhook_id": webhook_id, "data": secret.data, "key_id": secret.key_id},
    )
