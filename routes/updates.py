"""Live updates about conversations."""

from uuid import UUID

from flask import g

from core.context import current_context


def conversation_changed(conversation_id: UUID) -> None:
    """Tell clients that the conversation has changed. Call it after the commit."""
    frame = {"type": "conversation.changed", "conversation_id": conversation_id}
    current_context().live.publish(g.business_id, frame)
