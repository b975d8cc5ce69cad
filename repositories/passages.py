"""The table `article_passages`: the parts of articles that are compared with questions."""

import re
import struct
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from db import Connection, JsonRows, Row

# PostgreSQL's text search configurations by language. Words of other languages are compared as they are.
DICTIONARIES = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_OTHER = "simple"
# Thai, Japanese and Chinese write no spaces between words, so each pair of characters counts as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")


def replace_passages(
    conn: Connection,
    business_id: UUID,
    article_id: UUID,
    language: str,
    title: str,
    passages: Iterable[tuple[str, str]],
) -> None:
    """Replace the passages of an article, which the caller has locked. A passage is a heading and a text."""
    conn.execute(
        "DELETE FROM article_passages WHERE business_id = %(business_id)s AND article_id = %(article_id)s",
        {"business_id": business_id, "article_id": article_id},
    )
    rows = [
        {
            "number": number,
            "heading": heading,
            "content": text,
            "heading_words": _with_spaces(heading),
            "content_words": _with_spaces(text),
        }
        for number, (heading, text) in enumerate(passages)
    ]
    conn.execute(
        """
        INSERT INTO article_passages (business_id, article_id, number, heading, content, dictionary, words)
        SELECT %(business_id)s, %(article_id)s, new.number, new.heading, new.content, %(dictionary)s,
               setweight(to_tsvector(%(dictionary)s::regconfig, %(title_words)s), 'A')
               || setweight(to_tsvector(%(dictionary)s::regconfig, new.heading_words), 'B')
               || to_tsvector(%(dictionary)s::regconfig, new.content_words)
        FROM jsonb_to_recordset(%(rows)s) AS new (
            number INTEGER, heading TEXT, content TEXT, heading_words TEXT, content_words TEXT)
        """,
        {
            "business_id": business_id,
            "article_id": article_id,
            "dictionary": DICTIONARIES.get(language, _OTHER),
            "title_words": _with_spaces(title),
            "rows": JsonRows(rows),
        },
    )


def list_passages(conn: Connection, business_id: UUID, article_id: UUID) -> list[Row]:
    """The passages of an article, in order: number, heading and text."""
    return conn.execute(
        """
        SELECT number, heading, content AS text FROM article_passages
        WHERE business_id = %(business_id)s AND article_id = %(article_id)s
        ORDER BY number
        """,
        {"business_id": business_id, "article_id": article_id},
    ).fetchall()


def count_passages(conn: Connection, business_id: UUID) -> int:
    """The number of passages of all articles of the business."""
    row = conn.execute(
        "SELECT count(*) AS count FROM article_passages WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return int(row["count"])


def _with_spaces(text: str) -> str:
    """The text as the dictionaries take it, with spaces between words also in scripts that write none."""
    return _UNSPACED.sub(lambda match: f" {' '.join(_pairs(match[0]))} ", text)


def _pairs(word: str) -> list[str]:
    return [word[index : index + 2] for index in range(max(1, len(word) - 1))]


def may_leave(conn: Connection, business_id: UUID) -> bool:
    """Whether texts of the business may be sent to the platform's model server: not if it has one of its own."""
    row = conn.execute(
        "SELECT settings ? 'model_server' AS has_own FROM businesses WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    ).fetchone()
    return row is not None and not row["has_own"]


def has_passages(conn: Connection, business_id: UUID) -> bool:
    """Whether the business has any articles."""
    row = conn.execute(
        "SELECT FROM article_passages WHERE business_id = %(business_id)s LIMIT 1", {"business_id": business_id}
    ).fetchone()
    return row is not None


def search_words(conn: Connection, business_id: UUID, question: str, limit: int) -> list[Row]:
    """The passages of valid articles that share words with the question, the best first: article_id, number, score and
    coverage.

    The words are compared in each article's language. A word counts more if fewer passages contain it, and more in the
    title. `coverage` is the share of the question that the passage contains, from 0 to 1.
    """
    return conn.execute(
        """
        WITH sizes AS MATERIALIZED (
            SELECT dictionary, count(*) AS passages FROM article_passages
            WHERE business_id = %(business_id)s
            GROUP BY dictionary),
        asked AS MATERIALIZED (
            SELECT sizes.dictionary, sizes.passages, quoted.word, quoted.word::tsquery AS query,
                   (quoted.word || ':A')::tsquery AS query_of_title
            FROM sizes
            CROSS JOIN LATERAL unnest(to_tsvector(sizes.dictionary::regconfig, %(question)s)) AS token
            CROSS JOIN LATERAL (
                SELECT '''' || replace(replace(token.lexeme, '\\', '\\\\'), '''', '''''') || '''' AS word) AS quoted),
        hits AS MATERIALIZED (
            SELECT p.article_id, p.number, p.dictionary, asked.word, p.words @@ asked.query_of_title AS is_in_title
            FROM article_passages p
            JOIN articles a ON a.business_id = p.business_id AND a.article_id = p.article_id
            JOIN asked ON asked.dictionary = p.dictionary AND p.words @@ asked.query
            WHERE p.business_id = %(business_id)s
              AND (a.valid_from IS NULL OR a.valid_from <= now()) AND (a.valid_until IS NULL OR a.valid_until > now())),
        weights AS MATERIALIZED (
            SELECT asked.dictionary, asked.word, ln(1 + asked.passages / GREATEST(count(hits.word), 0.5)) AS weight
            FROM asked
            LEFT JOIN hits ON hits.dictionary = asked.dictionary AND hits.word = asked.word
            GROUP BY asked.dictionary, asked.word, asked.passages),
        totals AS MATERIALIZED (
            SELECT dictionary, sum(weight) AS weight FROM weights GROUP BY dictionary)
        SELECT hits.article_id, hits.number,
               sum(weights.weight * CASE WHEN hits.is_in_title THEN 1.5 ELSE 1 END)::float AS score,
               (sum(weights.weight) / totals.weight)::float AS coverage
        FROM hits
        JOIN weights ON weights.dictionary = hits.dictionary AND weights.word = hits.word
        JOIN totals ON totals.dictionary = hits.dictionary
        GROUP BY hits.article_id, hits.number, totals.weight
        ORDER BY score DESC, hits.article_id, hits.number
        LIMIT %(limit)s
        """,
        {"business_id": business_id, "question": _with_spaces(question), "limit": limit},
    ).fetchall()


def search_similar(
    conn: Connection, business_id: UUID, model: str, vector: Sequence[float], limit: int
) -> list[tuple[UUID, int]]:
    """The article_id and the number of the passages of valid articles whose embeddings of this model have most signs in
    common with the vector. The candidates of the exact comparison."""
    rows = conn.execute(
        """
        SELECT p.article_id, p.number
        FROM article_passages p
        JOIN articles a ON a.business_id = p.business_id AND a.article_id = p.article_id
        WHERE p.business_id = %(business_id)s AND p.embedding_model = %(model)s
          AND length(p.embedding_signs) = length(%(signs)s::varbit)
          AND (a.valid_from IS NULL OR a.valid_from <= now()) AND (a.valid_until IS NULL OR a.valid_until > now())
        ORDER BY bit_count(p.embedding_signs # %(signs)s::varbit), p.article_id, p.number
        LIMIT %(limit)s
        """,
        {"business_id": business_id, "model": model, "signs": _signs(vector), "limit": limit},
    ).fetchall()
    return [(row["article_id"], row["number"]) for row in rows]


def get_passages(conn: Connection, business_id: UUID, keys: Sequence[tuple[UUID, int]], model: str | None) -> list[Row]:
    """The passages with these article_ids and numbers, in any order: article_id, number, title, language, heading, text
    and `vector`, the embedding of this model, None if there is none."""
    rows = conn.execute(
        """
        SELECT p.article_id, p.number, a.title, a.language, p.heading, p.content AS text,
               CASE WHEN p.embedding_model = %(model)s THEN p.embedding END AS vector
        FROM unnest(%(article_ids)s::uuid[], %(numbers)s::integer[]) AS wanted (article_id, number)
        JOIN article_passages p ON p.article_id = wanted.article_id AND p.number = wanted.number
        JOIN articles a ON a.business_id = p.business_id AND a.article_id = p.article_id
        WHERE p.business_id = %(business_id)s
        """,
        {
            "business_id": business_id,
            "article_ids": [article_id for article_id, _ in keys],
            "numbers": [number for _, number in keys],
            "model": model,
        },
    ).fetchall()
    return [{**row, "vector": _unpacked(row["vector"])} for row in rows]


def list_without_embedding(conn: Connection, business_id: UUID, model: str, limit: int) -> list[Row]:
    """Passages without an embedding of this model: article_id, number, title, heading, text, and `updated_at` of the
    article."""
    return conn.execute(
        """
        SELECT p.article_id, p.number, a.title, p.heading, p.content AS text, a.updated_at
        FROM article_passages p
        JOIN articles a ON a.business_id = p.business_id AND a.article_id = p.article_id
        WHERE p.business_id = %(business_id)s
          AND p.embedding_model IS DISTINCT FROM %(model)s
        ORDER BY p.article_id DESC, p.number LIMIT %(limit)s
        """,
        {"business_id": business_id, "model": model, "limit": limit},
    ).fetchall()


def set_embeddings(
    conn: Connection, business_id: UUID, model: str, rows: Sequence[Row], vectors: Sequence[Sequence[float]]
) -> None:
    """Store the embeddings of `rows`, which `list_without_embedding` has returned. Those of articles that were changed
    since are left out."""
    conn.execute(
        """
        UPDATE article_passages p SET embedding = new.embedding, embedding_signs = new.signs::varbit,
            embedding_model = %(model)s
        FROM unnest(%(article_ids)s::uuid[], %(numbers)s::integer[], %(times)s::timestamptz[], %(embeddings)s::bytea[],
                    %(signs)s::text[]) AS new (article_id, number, updated_at, embedding, signs)
        WHERE p.business_id = %(business_id)s AND p.article_id = new.article_id AND p.number = new.number
          AND EXISTS (
              SELECT FROM articles a
              WHERE a.business_id = p.business_id AND a.article_id = p.article_id AND a.updated_at = new.updated_at)
        """,
        {
            "business_id": business_id,
            "model": model,
            "article_ids": [row["article_id"] for row in rows],
            "numbers": [row["number"] for row in rows],
            "times": [row["updated_at"] for row in rows],
            "embeddings": [struct.pack(f"<{len(vector)}f", *vector) for vector in vectors],
            "signs": [_signs(vector) for vector in vectors],
        },
    )


def _signs(vector: Sequence[float]) -> str:
    return "".join("1" if value > 0 else "0" for value in vector)


def _unpacked(embedding: Any) -> tuple[float, ...] | None:
    if embedding is None:
        return None
    data = bytes(embedding)
    return struct.unpack(f"<{len(data) // 4}f", data)
