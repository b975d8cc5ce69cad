"""The design of a business as files. docs/design-as-code.md describes them."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from auth import json_body, require_business_api_key, require_business_viewer
from core.concurrency import run_in_thread
from core.context import current_context
from core.validation import validate
from db import Connection
from design.apply import Application
from design.archives import read_archive, write_archive
from design.model import Kind
from design.plan import Change, describe, make_plan
from design.present import Present, read_present
from design.problems import Problems
from design.reading import DesignReader
from design.writing import write_design
from repositories import articles, businesses, designs, releases
from routes.articles import Prepared, complete_article, insert_article, prepare_article, store_passages
from routes.decorators import accepts_query, reads_body, returns
from routes.design_checks import check_design
from routes.drafts import has_reviews
from routes.editing import audit, author
from routes.test_cases import check_size

blueprint = Blueprint("design", __name__)

ZIP = "application/zip"
MAX_BODY_KB = 2_048


@blueprint.get("/design")
@require_business_viewer
@accepts_query("design_read_query")
@returns(200, "design_files", file_type=ZIP)
def read_design(query: dict[str, Any]) -> Response:
    """Retrieve the design as files, in a ZIP archive or as JSON. Secrets are only named, never contained."""
    with current_context().database.read_only() as conn:
        present = read_present(conn, g.business_id)
    files = run_in_thread(write_design, present.design)
    if query.get("format") == "json":
        return jsonify({"files": files})
    headers = {"Content-Disposition": 'attachment; filename="design.zip"'}
    return Response(run_in_thread(write_archive, files), mimetype=ZIP, headers=headers)


@blueprint.put("/design")
@require_business_api_key
@accepts_query("design_apply_query")
@reads_body("design_files", max_kb=MAX_BODY_KB, file_types=(ZIP,))
@returns(200, "design_applied", also=(409,))
def apply_design(query: dict[str, Any]) -> Response:
    """Change the design to that of the files, all of it or nothing. With `dry_run`, only list what would change.

    What the files do not contain is removed. Stages that conversations are in, or that the live release needs while
    drafts are reviewed, are switched off instead."""
    problems = Problems()
    reader = run_in_thread(DesignReader, _files(), problems)
    problems.refuse()
    with current_context().database.read_only() as conn:
        present = read_present(conn, g.business_id)
        check_design(conn, g.business_id, reader, present, problems)
        problems.refuse()
        changes = _plan(conn, present, reader)
    if query.get("dry_run"):
        return _response(changes, present, reader, applied=False)
    prepared = _prepare(changes, reader, problems)
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        present = read_present(conn, g.business_id)
        changes = _plan(conn, present, reader)
        prepared |= _prepare([each for each in changes if each.key not in prepared], reader, problems)
        Application(conn, g.business_id, present, partial(audit, conn, g.business_id)).apply(reader.design, changes)
        for change in changes:
            if change.kind == "article":
                _apply_article(conn, present, change, prepared.get(change.key))
        check_size(conn)
        if any(change.kind != "article" for change in changes):
            releases.publish_edit(conn, g.business_id, author())
    current_context().jobs.wake_up()
    return _response(changes, present, reader, applied=bool(changes))


def _files() -> dict[str, str]:
    if request.mimetype == ZIP:
        return run_in_thread(read_archive, request.get_data())
    body = json_body()
    validate(body, "design_files")
    files: dict[str, str] = body["files"]
    return files


def _plan(conn: Connection, present: Present, reader: DesignReader) -> list[Change]:
    return make_plan(present.design, reader.design, _needed(conn, present, reader))


def _needed(conn: Connection, present: Present, reader: DesignReader) -> set[tuple[Kind, str]]:
    """The stages and agents that the files do not contain, but that must not be deleted."""
    reviewed = has_reviews(conn, g.business_id)
    with_conversations = set(designs.list_stages_with_conversations(conn, g.business_id))
    return {
        (kind, key)
        for (kind, key), row_id in present.ids.items()
        if kind in ("stage", "agent") and key not in reader.design.parts[kind]
        if row_id in with_conversations
        or (reviewed and kind == "stage" and releases.has_stage(conn, g.business_id, row_id))
        or (reviewed and kind == "agent" and releases.has_agent(conn, g.business_id, row_id))
    }


def _prepare(changes: list[Change], reader: DesignReader, problems: Problems) -> dict[str, Prepared]:
    """The passages of the articles that are added or changed. Their embeddings are computed in the background."""
    prepared = {}
    for change in changes:
        if change.kind == "article" and change.after is not None:
            with problems.collected(reader.places["article", change.key]):
                prepared[change.key] = prepare_article(complete_article(change.after), embeds=False)
    problems.refuse()
    return prepared


def _apply_article(conn: Connection, present: Present, change: Change, prepared: Prepared | None) -> None:
    article_id = present.ids.get(("article", change.key))
    if prepared is None:
        assert article_id is not None
        articles.delete_article(conn, g.business_id, article_id)
        audit(conn, g.business_id, "delete", "article", article_id)
    elif article_id is None:
        article_id = insert_article(conn, g.business_id, prepared)
        audit(conn, g.business_id, "create", "article", article_id, change.fields)
    else:
        articles.update_article(conn, g.business_id, article_id, prepared.values)
        if not {"title", "content", "language"}.isdisjoint(change.fields):
            store_passages(conn, g.business_id, article_id, prepared)
        audit(conn, g.business_id, "update", "article", article_id, change.fields)


def _response(changes: list[Change], present: Present, reader: DesignReader, *, applied: bool) -> Response:
    described = [describe(change, present.design, reader.design) for change in changes]
    return jsonify({"changes": described, "applied": applied})
