"""Ratings of the chat widget's visitors."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from auth import public
from channels.widget import allows_ratings
from core.context import current_context
from core.errors import Forbidden
from db import Row
from message_processing.ratings import check_recipient, masked_texts, rate_from_channel, rating_frame
from repositories import conversations, feedback
from routes.decorators import accepts, returns
from routes.limits import rate_limit
from routes.widget_access import allow_other_origins, enter_widget, read_visitor

blueprint = Blueprint("widget_feedback", __name__)
blueprint.after_request(allow_other_origins)


@blueprint.post("/widget/<channel_id>/messages/<message_id>/feedback")
@public
@rate_limit("widget")
@accepts("widget_feedback")
@returns(204, also=(401, 403, 404))
def rate_answer_as_visitor(channel_id: UUID, message_id: UUID, body: dict[str, Any]) -> tuple[str, int]:
    """Rate an answer as the visitor. A later rating replaces the earlier one."""
    channel = _enter(channel_id)
    visitor, context = read_visitor(channel), current_context()
    with context.database.transaction() as conn:
        comment = masked_texts(conn, channel["business_id"], context.releases, body)["comment"]
        reply = rate_from_channel(conn, channel, visitor.sender_id, message_id, body["rating"], comment)
    context.live.publish(channel["business_id"], rating_frame(reply))
    return "", 204


@blueprint.post("/widget/<channel_id>/conversations/<conversation_id>/rating")
@public
@rate_limit("widget")
@accepts("widget_rating")
@returns(204, also=(401, 403, 404))
def rate_conversation_as_visitor(channel_id: UUID, conversation_id: UUID, body: dict[str, Any]) -> tuple[str, int]:
    """Rate a conversation as the visitor. A later rating replaces the earlier one."""
    channel = _enter(channel_id)
    visitor, context, business_id = read_visitor(channel), current_context(), channel["business_id"]
    with context.database.transaction() as conn:
        check_recipient(conn, channel, conversation_id, visitor.sender_id)
        conversations.lock_conversation(conn, business_id, conversation_id)
        comment = masked_texts(conn, business_id, context.releases, body)["comment"]
        feedback.rate_conversation(conn, business_id, conversation_id, body["rating"], comment)
    context.live.publish(business_id, {"type": "conversation.changed", "conversation_id": str(conversation_id)})
    return "", 204


def _enter(channel_id: UUID) -> Row:
    """The channel of the widget. Raises Forbidden if its visitors cannot rate."""
    channel = enter_widget(channel_id)
    if not allows_ratings(channel["settings"]):
        raise Forbidden("Ratings are turned off.", remediation="Set `ratings` in the settings of the channel.")
    return channel
