"""The table `articles`: what the business has written down for its assistant."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page, fetch_page


def insert_article(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create an article without passages and return its ID. `values` holds all its columns."""
    row = conn.execute(
        """
        INSERT INTO articles (business_id, title, content, language, tags, valid_from, valid_until, file_name)
        VALUES (%(business_id)s, %(title)s, %(content)s, %(language)s, %(tags)s, %(valid_from)s, %(valid_until)s,
                %(file_name)s)
        RETURNING article_id
        """,
        {**values, "business_id": business_id},
    ).fetchone()
    assert row is not None
    return UUID(str(row["article_id"]))


def list_articles(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """The business's articles without their contents, but with `excerpt`, and the numbers of their `passages` and of
    those with an embedding (`embedded`).

    `filters` may contain language, tag, and q: a text that the title, a tag or the content contains, ignoring case.
    """
    return fetch_page(
        conn,
        """
        SELECT a.business_id, a.article_id, a.title, left(a.content, 300) AS excerpt, a.language, a.tags, a.valid_from,
               a.valid_until, a.file_name, p.passages, p.embedded, a.created_at, a.updated_at
        FROM articles a
        CROSS JOIN LATERAL (
            SELECT count(*) AS passages, count(p.embedding_model) AS embedded FROM article_passages p
            WHERE p.business_id = a.business_id AND p.article_id = a.article_id) AS p
        WHERE a.business_id = %(business_id)s
          AND (%(is_newest_first)s OR (a.created_at, a.article_id) > (%(after_time)s, %(after_id)s))
          AND (NOT %(is_newest_first)s OR (a.created_at, a.article_id) < (%(after_time)s, %(after_id)s))
          AND (%(language)s::text IS NULL OR a.language = %(language)s)
          AND (%(tag)s::text IS NULL OR %(tag)s = ANY (a.tags))
          AND (%(q)s::text IS NULL OR strpos(lower(a.title), lower(%(q)s)) > 0 OR lower(%(q)s) = ANY (a.tags)
               OR strpos(lower(a.content), lower(%(q)s)) > 0)
        ORDER BY CASE WHEN NOT %(is_newest_first)s THEN a.created_at END,
                 CASE WHEN NOT %(is_newest_first)s THEN a.article_id END,
                 CASE WHEN %(is_newest_first)s THEN a.created_at END DESC,
                 CASE WHEN %(is_newest_first)s THEN a.article_id END DESC
        LIMIT %(limit)s
        """,
        {
            "language": None,
            "tag": None,
            "q": None,
            **filters,
            **page.parameters,
            "is_newest_first": page.is_newest_first,
            "business_id": business_id,
        },
    )


def get_article(conn: Connection, business_id: UUID, article_id: UUID) -> Row:
    """One article, with the numbers of its passages as in `list_articles`. Raises NotFound."""
    row = conn.execute(
        """
        SELECT a.*, p.passages, p.embedded
        FROM articles a
        CROSS JOIN LATERAL (
            SELECT count(*) AS passages, count(p.embedding_model) AS embedded FROM article_passages p
            WHERE p.business_id = a.business_id AND p.article_id = a.article_id) AS p
        WHERE a.business_id = %(business_id)s AND a.article_id = %(article_id)s
        """,
        {"business_id": business_id, "article_id": article_id},
    ).fetchone()
    if row is None:
        raise NotFound("Article not found.")
    return row


def lock_article(conn: Connection, business_id: UUID, article_id: UUID) -> Row:
    """Like `get_article`, and locks the row."""
    conn.execute(
        """
        SELECT FROM articles WHERE business_id = %(business_id)s AND article_id = %(article_id)s FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "article_id": article_id},
    )
    return get_article(conn, business_id, article_id)


def update_article(conn: Connection, business_id: UUID, article_id: UUID, values: dict[str, Any]) -> None:
    """Change an existing article. `values` holds all its columns."""
    conn.execute(
        """
        UPDATE articles SET title = %(title)s, content = %(content)s, language = %(language)s, tags = %(tags)s,
            valid_from = %(valid_from)s, valid_until = %(valid_until)s, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND article_id = %(article_id)s
        """,
        {**values, "business_id": business_id, "article_id": article_id},
    )


def delete_article(conn: Connection, business_id: UUID, article_id: UUID) -> None:
    """Delete an article with its passages."""
    conn.execute(
        "DELETE FROM articles WHERE business_id = %(business_id)s AND article_id = %(article_id)s",
        {"business_id": business_id, "article_id": article_id},
    )
