"""The table `attachments`: photos and other things that customers send."""

from uuid import UUID

from core.errors import NotFound
from db import Connection, Row


def find_with_channel(conn: Connection, business_id: UUID, attachment_id: UUID | str) -> Row | None:
    """An attachment (media_type, name, reference, content and error) with the channel of its conversation: business_id,
    channel_id, channel_kind, kind (of the channel), settings, encrypted_secrets and key_id."""
    return conn.execute(
        """
        SELECT a.media_type, a.name, a.reference, a.content, a.error, c.business_id, c.channel_id,
               c.kind AS channel_kind, c.kind, c.settings, c.encrypted_secrets, c.key_id
        FROM attachments a
        JOIN channel_conversations cc ON cc.business_id = a.business_id AND cc.conversation_id = a.conversation_id
        JOIN channels c ON c.business_id = cc.business_id AND c.channel_id = cc.channel_id
        WHERE a.business_id = %(business_id)s AND a.attachment_id = %(attachment_id)s
        """,
        {"business_id": business_id, "attachment_id": attachment_id},
    ).fetchone()


def get_content(conn: Connection, business_id: UUID, attachment_id: UUID) -> bytes:
    """The content of an image. Raises NotFound, also if it is not stored."""
    row = conn.execute(
        """
        SELECT content FROM attachments
        WHERE business_id = %(business_id)s AND attachment_id = %(attachment_id)s AND content IS NOT NULL
        """,
        {"business_id": business_id, "attachment_id": attachment_id},
    ).fetchone()
    if row is None:
        raise NotFound("Attachment not found.", remediation="Only images that were fetched can be shown.")
    return bytes(row["content"])


def store_content(
    conn: Connection, business_id: UUID, attachment_id: UUID | str, content: bytes | None, error: str | None
) -> None:
    """Store an image that was fetched, or why that is not possible."""
    conn.execute(
        """
        UPDATE attachments SET content = %(content)s, error = %(error)s
        WHERE business_id = %(business_id)s AND attachment_id = %(attachment_id)s
        """,
        {"business_id": business_id, "attachment_id": attachment_id, "content": content, "error": error},
    )
