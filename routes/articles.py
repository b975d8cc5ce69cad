"""Articles: what a business has written down for its assistant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from background.articles.embedding import embed_later, embed_now
from core.concurrency import run_in_thread
from core.context import current_context
from core.embeddings import Vector
from core.errors import Conflict, InvalidRequest, NotFound
from core.tags import normalise_tag
from core.validation import read_time
from db import Connection
from message_processing.knowledge.splitting import Passage, split_article
from message_processing.languages import recognise
from repositories import articles, feedback, passages, turns, unanswered_questions
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import creation_cursor, page_response, read_filters, read_page

blueprint = Blueprint("articles", __name__)

MAX_PASSAGES_OF_ARTICLE = 1_000
MAX_PASSAGES = 10_000  # of a business: all are compared with each question
MAX_BODY_KB = 1_024
_SPLIT_FROM = ("title", "content", "language")
_TIMES = ("valid_from", "valid_until")
_EMPTY: dict[str, Any] = {"language": None, "tags": [], "valid_from": None, "valid_until": None, "file_name": None}
_COLUMNS = ("title", "content", *_EMPTY)


@dataclass(frozen=True)
class Prepared:
    """An article that is ready to be stored. Without `vectors`, they are computed in the background."""

    values: dict[str, Any]
    split: list[Passage]
    vectors: Sequence[Vector] | None


@blueprint.post("/articles")
@require_business_api_key
@accepts("articles_create", max_kb=MAX_BODY_KB)
@returns(201, "article_created", also=(409,))
def create_article(body: dict[str, Any]) -> tuple[Response, int]:
    """Create an article. The next message can be answered with it."""
    values = complete_article(body)
    prepared = prepare_article(values)
    turn_id = body.get("answers_turn_id")
    with current_context().database.transaction() as conn:
        article_id = insert_article(conn, g.business_id, prepared)
        if turn_id is not None:
            turns.get_turn(conn, g.business_id, UUID(turn_id))
            unanswered_questions.resolve_question(conn, g.business_id, UUID(turn_id), article_id)
            feedback.resolve(conn, g.business_id, UUID(turn_id), "article", article_id)
        audit(conn, g.business_id, "create", "article", article_id, body)
    current_context().jobs.wake_up()
    return jsonify({"article_id": article_id}), 201


@blueprint.get("/articles")
@require_business_viewer
@accepts_query("articles_list")
@returns(200, "articles")
def list_articles(query: dict[str, Any]) -> Response:
    """List articles without their contents."""
    page, filters = read_page(query), read_filters(query)
    if "tag" in filters:
        filters["tag"] = _read_tags([filters["tag"]], "$.tag")[0]
    with current_context().database.transaction() as conn:
        rows = articles.list_articles(conn, g.business_id, page, filters)
    return page_response(rows, page.limit, creation_cursor("created_at", "article_id"))


@blueprint.get("/articles/<article_id>")
@require_business_viewer
@returns(200, "article")
def read_article(article_id: UUID) -> Response:
    """Retrieve an article."""
    with current_context().database.transaction() as conn:
        return jsonify(articles.get_article(conn, g.business_id, article_id))


@blueprint.get("/articles/<article_id>/passages")
@require_business_viewer
@returns(200, "article_passages")
def list_passages(article_id: UUID) -> Response:
    """List the passages of an article, which are searched."""
    with current_context().database.transaction() as conn:
        articles.get_article(conn, g.business_id, article_id)
        return jsonify(passages.list_passages(conn, g.business_id, article_id))


@blueprint.put("/articles/<article_id>")
@require_business_api_key
@accepts("articles_update", max_kb=MAX_BODY_KB)
@returns(200, "article", also=(409,))
def update_article(article_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of an article. The next message is answered with the new text."""
    database = current_context().database
    with database.transaction() as conn:
        before = articles.get_article(conn, g.business_id, article_id)
    values = complete_article({**before, **body})
    is_split_again = any(values[name] != before[name] for name in _SPLIT_FROM)
    prepared = prepare_article(values) if is_split_again else None
    with database.transaction() as conn:
        row = articles.lock_article(conn, g.business_id, article_id)
        if any(row[name] != before[name] for name in _SPLIT_FROM):
            raise Conflict("The article was changed by another request at the same time.")
        changes = {name: values[name] for name in body if name != "business_id"}
        articles.update_article(conn, g.business_id, article_id, {**row, **changes})
        if prepared is not None:
            store_passages(conn, g.business_id, article_id, prepared)
        changed = articles.get_article(conn, g.business_id, article_id)
        fields = changed_fields(*({name: each[name] for name in _COLUMNS} for each in (row, changed)))
        audit(conn, g.business_id, "update", "article", article_id, fields)
    current_context().jobs.wake_up()
    return jsonify(changed)


@blueprint.delete("/articles/<article_id>")
@require_business_api_key
@returns(204)
def delete_article(article_id: UUID) -> tuple[str, int]:
    """Delete an article. The next message is answered without it."""
    with current_context().database.transaction() as conn:
        articles.lock_article(conn, g.business_id, article_id)
        articles.delete_article(conn, g.business_id, article_id)
        audit(conn, g.business_id, "delete", "article", article_id)
    return "", 204


@blueprint.get("/unanswered-questions")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "unanswered_questions")
def list_unanswered_questions(query: dict[str, Any]) -> Response:
    """List the questions for which no article had a close passage, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = unanswered_questions.list_questions(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "turn_id"))


@blueprint.delete("/unanswered-questions/<turn_id>")
@require_business_api_key
@returns(204)
def dismiss_unanswered_question(turn_id: UUID) -> tuple[str, int]:
    """Remove a question from the list, without an article."""
    with current_context().database.transaction() as conn:
        if not unanswered_questions.resolve_question(conn, g.business_id, turn_id, None):
            raise NotFound("Unanswered question not found.")
        audit(conn, g.business_id, "delete", "unanswered_question", turn_id)
    return "", 204


def complete_article(body: dict[str, Any]) -> dict[str, Any]:
    """All columns of an article, from a valid body. Raises InvalidRequest."""
    values = {**_EMPTY, **{name: value for name, value in body.items() if name in _COLUMNS}}
    tags = _read_tags(values["tags"], "$.tags")
    times = [read_time(values[name], f"$.{name}") if isinstance(values[name], str) else values[name] for name in _TIMES]
    if None not in times and times[0] >= times[1]:
        raise InvalidRequest.at("$.valid_until", "Must be later than valid_from.")
    values |= {"tags": list(dict.fromkeys(tags)), **dict(zip(_TIMES, times, strict=True))}
    if not values["language"]:
        found = recognise(values["content"]) or recognise(values["title"])
        values["language"] = found.language if found else "en"
    return values


def _read_tags(texts: list[str], path: str) -> list[str]:
    tags = [normalise_tag(text) for text in texts]
    if None in tags:
        raise InvalidRequest.at(path, "A tag must have 1 to 40 characters, without control characters.")
    return [tag for tag in tags if tag is not None]


def prepare_article(values: dict[str, Any], embeds: bool = True) -> Prepared:
    """The passages of an article. Raises InvalidRequest if there are too many.

    With `embeds`, those of a short article also get their embeddings, which may need a request to a model server. No
    connection may be held.
    """
    split = run_in_thread(split_article, values["title"], values["content"])
    if len(split) > MAX_PASSAGES_OF_ARTICLE:
        raise InvalidRequest.at(
            "$.content", f"Has more than {MAX_PASSAGES_OF_ARTICLE:,} passages. Write several articles instead."
        )
    rows = [{"title": values["title"], "heading": each.heading, "text": each.text} for each in split]
    embedder = current_context().knowledge.embedder_of(g.business_id) if embeds else None
    return Prepared(values, split, embed_now(embedder, g.business_id, rows))


def too_many_passages() -> Conflict:
    """The error if the articles of a business have more than MAX_PASSAGES passages."""
    return Conflict(
        f"The articles have more than {MAX_PASSAGES:,} passages together.", remediation="Delete other articles."
    )


def insert_article(conn: Connection, business_id: UUID, prepared: Prepared) -> UUID:
    """Create an article with its passages and return its ID. Raises Conflict if the business has too many."""
    article_id = articles.insert_article(conn, business_id, prepared.values)
    store_passages(conn, business_id, article_id, prepared)
    return article_id


def store_passages(conn: Connection, business_id: UUID, article_id: UUID, prepared: Prepared) -> None:
    """Replace the passages of an article. Raises Conflict if the business has too many."""
    values, vectors, embedder = prepared.values, prepared.vectors, current_context().knowledge.embedder
    rows = [(passage.heading, passage.text) for passage in prepared.split]
    passages.replace_passages(conn, business_id, article_id, values["language"], values["title"], rows)
    if passages.count_passages(conn, business_id) > MAX_PASSAGES:
        raise too_many_passages()
    if embedder is None:
        return
    if vectors is None:
        embed_later(conn, business_id)
        return
    updated_at = articles.get_article(conn, business_id, article_id)["updated_at"]
    keys = [{"article_id": article_id, "number": number, "updated_at": updated_at} for number in range(len(rows))]
    passages.set_embeddings(conn, business_id, embedder.name, keys, vectors)
