"""What the files of a design contain in addition to a snapshot, and what must not be deleted when they are applied."""

from uuid import UUID

from db import Connection, Row


def list_articles(conn: Connection, business_id: UUID) -> list[Row]:
    """All articles of the business with their contents."""
    return conn.execute(
        """
        SELECT article_id, title, content, language, tags, valid_from, valid_until FROM articles
        WHERE business_id = %(business_id)s ORDER BY created_at, article_id
        """,
        {"business_id": business_id},
    ).fetchall()


def list_stages_with_conversations(conn: Connection, business_id: UUID) -> list[UUID]:
    """The IDs of the stages that conversations are in."""
    rows = conn.execute(
        """
        SELECT s.stage_id FROM stages s
        WHERE s.business_id = %(business_id)s AND EXISTS (
            SELECT FROM conversations c WHERE c.business_id = %(business_id)s AND c.stage_id = s.stage_id)
        """,
        {"business_id": business_id},
    ).fetchall()
    return [row["stage_id"] for row in rows]


def delete_summary_templates(conn: Connection, business_id: UUID) -> list[UUID]:
    """Delete the business's templates for summaries, of which only the oldest is used. Returns their IDs."""
    rows = conn.execute(
        """
        DELETE FROM templates WHERE business_id = %(business_id)s AND template_type = 'conversation_summary'
        RETURNING template_id
        """,
        {"business_id": business_id},
    ).fetchall()
    return [row["template_id"] for row in rows]
