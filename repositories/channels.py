"""The table `channels`: where customers write. The secrets are encrypted by the caller."""

from typing import Any
from uuid import UUID

from core.encryption import Encrypted
from core.errors import NotFound
from db import Connection, Jsonb, Row

_MIN_SECONDS = 5  # between two records of the same kind, so that a busy channel's row is not written with each message


def insert_channel(
    conn: Connection, business_id: UUID, channel_id: UUID, values: dict[str, Any], secrets: Encrypted
) -> None:
    """Create a channel. Raises Conflict if the name is taken. `values`: kind, name, settings, enabled, pushes and
    polls."""
    conn.execute(
        """
        INSERT INTO channels (business_id, channel_id, kind, name, settings, enabled, pushes, polls, encrypted_secrets,
            key_id)
        VALUES (%(business_id)s, %(channel_id)s, %(kind)s, %(name)s, %(settings)s, %(enabled)s, %(pushes)s, %(polls)s,
            %(data)s, %(key_id)s)
        """,
        {
            **values,
            "settings": Jsonb(values["settings"]),
            "business_id": business_id,
            "channel_id": channel_id,
            "data": secrets.data,
            "key_id": secrets.key_id,
        },
    )


def list_channels(conn: Connection, business_id: UUID, after_name: str, limit: int) -> list[Row]:
    """The business's channels with a later name, in the order of their names, with the columns of `get_channel`."""
    return conn.execute(
        """
        SELECT business_id, channel_id, kind, name, settings, encrypted_secrets, key_id, enabled, poll_state,
               last_error, last_error_at, last_inbound_at, last_sent_at, created_at, updated_at,
               (SELECT count(*) FROM channel_sends s
                WHERE s.business_id = c.business_id AND s.channel_id = c.channel_id AND s.status = 'pending') AS pending
        FROM channels c WHERE business_id = %(business_id)s AND name > %(after_name)s
        ORDER BY name LIMIT %(limit)s
        """,
        {"business_id": business_id, "after_name": after_name, "limit": limit},
    ).fetchall()


def count_channels(conn: Connection, business_id: UUID) -> int:
    """The number of the business's channels."""
    row = conn.execute(
        "SELECT count(*) AS count FROM channels WHERE business_id = %(business_id)s", {"business_id": business_id}
    ).fetchone()
    return int(row["count"]) if row else 0


def get_channel(conn: Connection, business_id: UUID, channel_id: UUID) -> Row:
    """One channel with its encrypted secrets, and the number of `pending` parts of messages. Raises NotFound."""
    row = conn.execute(
        """
        SELECT business_id, channel_id, kind, name, settings, encrypted_secrets, key_id, enabled, poll_state,
               last_error, last_error_at, last_inbound_at, last_sent_at, created_at, updated_at,
               (SELECT count(*) FROM channel_sends s
                WHERE s.business_id = c.business_id AND s.channel_id = c.channel_id AND s.status = 'pending') AS pending
        FROM channels c WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s
        """,
        {"business_id": business_id, "channel_id": channel_id},
    ).fetchone()
    if row is None:
        raise NotFound("Channel not found.")
    return row


def lock_channel(conn: Connection, business_id: UUID, channel_id: UUID) -> Row:
    """Like `get_channel`, and locks the row."""
    conn.execute(
        """
        SELECT FROM channels WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "channel_id": channel_id},
    )
    return get_channel(conn, business_id, channel_id)


def find_channel(conn: Connection, channel_id: UUID) -> Row | None:
    """The channel to which a request was sent, also if it is not enabled, with its encrypted secrets."""
    return conn.execute(
        """
        SELECT business_id, channel_id, kind, name, settings, encrypted_secrets, key_id, enabled, poll_state
        FROM channels WHERE channel_id = %(channel_id)s
        """,
        {"channel_id": channel_id},
    ).fetchone()


def list_polled(conn: Connection) -> list[Row]:
    """The enabled channels of all businesses whose messages are fetched: business_id and channel_id."""
    return conn.execute(
        "SELECT business_id, channel_id FROM channels WHERE polls AND enabled ORDER BY channel_id"
    ).fetchall()


def update_channel(conn: Connection, business_id: UUID, channel_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing channel; returns the changed row. `values`: name, settings and enabled."""
    conn.execute(
        """
        UPDATE channels SET name = %(name)s, settings = %(settings)s, enabled = %(enabled)s,
            updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s
        """,
        {
            "name": values["name"],
            "settings": Jsonb(values["settings"]),
            "enabled": values["enabled"],
            "business_id": business_id,
            "channel_id": channel_id,
        },
    )
    return get_channel(conn, business_id, channel_id)


def reencrypt(conn: Connection, business_id: UUID, channel_id: UUID, secrets: Encrypted) -> None:
    """Replace the secrets, or store the same ones, encrypted with another key."""
    conn.execute(
        """
        UPDATE channels SET encrypted_secrets = %(data)s, key_id = %(key_id)s
        WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s
        """,
        {"business_id": business_id, "channel_id": channel_id, "data": secrets.data, "key_id": secrets.key_id},
    )


def delete_channel(conn: Connection, business_id: UUID, channel_id: UUID) -> None:
    """Delete a channel. Its conversations stay, without what was to be sent in them."""
    conn.execute(
        "DELETE FROM channels WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s",
        {"business_id": business_id, "channel_id": channel_id},
    )


def save_poll_state(conn: Connection, business_id: UUID, channel_id: UUID, state: dict[str, Any]) -> None:
    """Store how far the messages of a channel have been fetched."""
    conn.execute(
        """
        UPDATE channels SET poll_state = %(state)s
        WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s AND poll_state <> %(state)s
        """,
        {"business_id": business_id, "channel_id": channel_id, "state": Jsonb(state)},
    )


def record_error(conn: Connection, business_id: UUID, channel_id: UUID, error: str) -> None:
    """Store what went wrong, a sentence for the owner. The same error is stored once in a few seconds."""
    conn.execute(
        """
        UPDATE channels SET last_error = %(error)s, last_error_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s
          AND (last_error IS DISTINCT FROM %(error)s
               OR last_error_at < clock_timestamp() - make_interval(secs => %(min_seconds)s))
        """,
        {"business_id": business_id, "channel_id": channel_id, "error": error, "min_seconds": _MIN_SECONDS},
    )


def record_inbound(conn: Connection, business_id: UUID, channel_id: UUID) -> None:
    """A genuine request or message has arrived."""
    conn.execute(
        """
        UPDATE channels SET last_inbound_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s
          AND (last_inbound_at IS NULL OR last_inbound_at < last_error_at
               OR last_inbound_at < clock_timestamp() - make_interval(secs => %(min_seconds)s))
        """,
        {"business_id": business_id, "channel_id": channel_id, "min_seconds": _MIN_SECONDS},
    )


def record_sent(conn: Connection, business_id: UUID, channel_id: UUID) -> None:
    """The provider has accepted a message."""
    conn.execute(
        """
        UPDATE channels SET last_sent_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND channel_id = %(channel_id)s
          AND (last_sent_at IS NULL OR last_sent_at < last_error_at
               OR last_sent_at < clock_timestamp() - make_interval(secs => %(min_seconds)s))
        """,
        {"business_id": business_id, "channel_id": channel_id, "min_seconds": _MIN_SECONDS},
    )


def lock_some_of_other_keys(conn: Connection, key_id: str, after: tuple[UUID, UUID], limit: int) -> list[Row]:
    """Lock up to `limit` channels whose secrets are encrypted with another key, of all businesses, after a business and
    channel. Returns business_id, the channel's ID as row_id, encrypted_value and key_id."""
    return conn.execute(
        """
        SELECT business_id, channel_id AS row_id, encrypted_secrets AS encrypted_value, key_id FROM channels
        WHERE key_id <> %(key_id)s AND (business_id, channel_id) > (%(after_business)s, %(after_channel)s)
        ORDER BY business_id, channel_id LIMIT %(limit)s FOR NO KEY UPDATE
        """,
        {"key_id": key_id, "after_business": after[0], "after_channel": after[1], "limit": limit},
    ).fetchall()
