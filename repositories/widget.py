"""What a visitor of the chat widget sees of the conversations of a channel."""

from uuid import UUID

from db import Connection, Row


def find_conversation(conn: Connection, business_id: UUID, channel_id: UUID, recipient_id: str) -> Row | None:
    """The visitor's latest conversation in the channel: conversation_id, status, handled_by, rating and `is_answering`,
    which is whether a message waits for its answer. None if there is none."""
    return conn.execute(
        """
        SELECT c.conversation_id, c.status, c.handled_by, r.rating,
               EXISTS (SELECT FROM turns t
                       WHERE t.business_id = %(business_id)s AND t.conversation_id = c.conversation_id
                         AND t.status = 'running')
               OR EXISTS (SELECT FROM turns t
                          WHERE t.business_id = %(business_id)s AND t.conversation_id = c.conversation_id
                            AND t.status = 'accepted') AS is_answering
        FROM channel_conversations cc
        JOIN conversations c ON c.business_id = %(business_id)s AND c.conversation_id = cc.conversation_id
        LEFT JOIN conversation_ratings r
            ON r.business_id = %(business_id)s AND r.conversation_id = c.conversation_id
        WHERE cc.business_id = %(business_id)s AND cc.channel_id = %(channel_id)s
          AND cc.recipient_id = %(recipient_id)s
        ORDER BY c.start_time DESC LIMIT 1
        """,
        {"business_id": business_id, "channel_id": channel_id, "recipient_id": recipient_id},
    ).fetchone()
