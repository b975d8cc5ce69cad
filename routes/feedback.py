"""Ratings of answers and conversations, and the list of bad answers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import for_messages, require_business_agent, require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict, Forbidden, InvalidRequest, NotFound
from db import Connection
from message_processing.ratings import masked_texts, rating_frame
from repositories import conversations, feedback, stages
from repositories.page import Page
from routes.conversations import calling_member
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, editing
from routes.pagination import creation_cursor, page_response, read_filters, read_page
from security.credentials import authenticate

blueprint = Blueprint("feedback", __name__)

_MAX_STAGES = 1_000
_MAX_EXAMPLES, _MAX_EXAMPLE_LENGTH = 100, 1000  # of a stage, as in schemas/stages_update.json


@blueprint.post("/messages/<message_id>/feedback")
@require_business_agent
@for_messages
@accepts("messages_feedback")
@returns(200, "feedback")
def rate_answer(message_id: UUID, body: dict[str, Any]) -> Response:
    """Rate an answer of the assistant, for the customer or as staff.

    A later rating of the same source replaces the earlier one."""
    source = _read_source(body)
    _check_values(source, body)
    context = current_context()
    with context.database.transaction() as conn:
        reply = feedback.lock_reply(conn, g.business_id, message_id)
        author_id = calling_member(conn) if source == "staff" else None
        texts = masked_texts(conn, g.business_id, context.releases, body)
        feedback.rate(conn, g.business_id, reply, source, {**body, **texts, "author_id": author_id})
        rows = feedback.list_of_turn(conn, g.business_id, reply["turn_id"])
    context.live.publish(g.business_id, rating_frame(reply))
    return jsonify(next(row for row in rows if row["source"] == source))


@blueprint.post("/conversations/<conversation_id>/rating")
@require_business_agent
@for_messages
@accepts("conversations_rating")
@returns(200, "conversation_rating")
def rate_conversation(conversation_id: UUID, body: dict[str, Any]) -> Response:
    """Rate a conversation from 1 to 5 for its customer. A later rating replaces the earlier one."""
    context = current_context()
    with context.database.transaction() as conn:
        conversations.lock_conversation(conn, g.business_id, conversation_id)
        comment = masked_texts(conn, g.business_id, context.releases, body)["comment"]
        return jsonify(feedback.rate_conversation(conn, g.business_id, conversation_id, body["rating"], comment))


@blueprint.get("/feedback")
@require_business_viewer
@accepts_query("feedback_list")
@returns(200, "rated_answers")
def list_feedback(query: dict[str, Any]) -> Response:
    """List rated answers, the latest rated ones first. `open=true` lists the bad ones that nobody has dealt with."""
    page, filters = read_page({**query, "order": "newest"}), read_filters(query)
    with current_context().database.transaction() as conn:
        rows = feedback.list_answers(conn, g.business_id, page, filters)
    return page_response(rows, page.limit, creation_cursor("created_at", "turn_id"))


@blueprint.post("/feedback/<turn_id>/resolve")
@require_business_api_key
@accepts("feedback_resolve", optional=True)
@returns(204, also=(409,))
def resolve_feedback(turn_id: UUID, body: dict[str, Any]) -> tuple[str, int]:
    """Remove a bad answer from the list of open ones.

    With `stage_id`, the customer's message becomes an example message of this stage, so that messages like it are
    answered there. To write an article instead, send `answers_turn_id` with `POST /articles`."""
    context = current_context()
    if "stage_id" in body:
        with editing(g.business_id) as conn:
            _move_example(conn, turn_id, UUID(body["stage_id"]))
            _resolve(conn, turn_id, "stage")
    else:
        with context.database.transaction() as conn:
            _resolve(conn, turn_id, "dismissed")
    with context.database.statement() as conn:
        reply = feedback.find_reply_of_turn(conn, g.business_id, turn_id)
    if reply is not None:
        context.live.publish(g.business_id, rating_frame(reply))
    return "", 204


def _read_source(body: dict[str, Any]) -> feedback.Source:
    """Who rates. Raises Forbidden if the caller cannot rate for them."""
    caller = authenticate()
    is_person = caller.user_id is not None and not caller.is_operator
    source: feedback.Source = body.get("source", "staff" if is_person else "customer")
    if is_person and source == "customer":
        raise Forbidden("Signed-in users cannot rate for customers.", remediation="Omit `source`.")
    if caller.scope == "messages" and source == "staff":
        raise Forbidden("Keys with the scope `messages` can only rate for customers.")
    return source


def _check_values(source: str, body: dict[str, Any]) -> None:
    """Raises InvalidRequest for values that the source or the rating does not have."""
    for name in ("correct_answer", "is_example"):
        if source == "customer" and body.get(name):
            raise InvalidRequest.at(f"$.{name}", "Only of staff.")
    if body["rating"] == "good" and body.get("correct_answer"):
        raise InvalidRequest.at("$.correct_answer", "Only of bad answers.")
    if body["rating"] == "bad" and body.get("is_example") and not body.get("correct_answer"):
        raise InvalidRequest.at("$.is_example", "A bad answer needs `correct_answer` to be an example.")


def _resolve(conn: Connection, turn_id: UUID, resolution: feedback.Resolution) -> None:
    if not feedback.resolve(conn, g.business_id, turn_id, resolution):
        raise NotFound("There is no open feedback of this turn.")
    audit(conn, g.business_id, "resolve", "feedback", turn_id, ["resolution"])


def _move_example(conn: Connection, turn_id: UUID, stage_id: UUID) -> None:
    """Make the customer's message the first example of the stage, and remove it from the others. Raises NotFound, and
    Conflict if the stage has too many examples."""
    example = feedback.find_rated(conn, g.business_id, turn_id)["message_content"].strip()[:_MAX_EXAMPLE_LENGTH]
    stage = stages.get_stage(conn, g.business_id, stage_id)
    for row in stages.list_stages(conn, g.business_id, Page(_MAX_STAGES), None):
        is_target = row["stage_id"] == stage["stage_id"]
        others = [each for each in row["example_messages"] if each != example]
        examples = [example, *others] if is_target else others
        if len(examples) > _MAX_EXAMPLES:
            raise Conflict(
                f"The stage has {_MAX_EXAMPLES} example messages already.", remediation="Remove one of them first."
            )
        if examples != row["example_messages"]:
            stages.update_stage(conn, g.business_id, row["stage_id"], {**row, "example_messages": examples})
            audit(conn, g.business_id, "update", "stage", row["stage_id"], ["example_messages"])
