"""The business, customer and conversation of a test case, which exist only in its transaction."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from db import Connection
from message_processing.business_settings import BusinessSettings
from message_processing.release import Release
from repositories import conversations, orders, products, sandboxes, users

# Budgets do not apply to tests, a test is answered also while the AI is paused, and what a speculative step has cost
# would depend on chance.
_WITHOUT = ("budget", "ai_paused")


@dataclass(frozen=True)
class Conversation:
    """Where the messages of a test case are sent."""

    business_id: UUID
    user_id: UUID
    conversation_id: UUID

    @property
    def ids(self) -> dict[str, str]:
        """What the body of a message contains besides its text."""
        return {"user_id": str(self.user_id), "conversation_id": str(self.conversation_id)}


def settings_for_tests(settings: BusinessSettings) -> BusinessSettings:
    """Returns the settings of a release with which its test cases run."""
    kept = {name: value for name, value in settings.items() if name not in _WITHOUT}
    return cast(BusinessSettings, {**kept, "speculation": "off"})


def open_conversation(
    conn: Connection, business_id: UUID, release: Release, definition: dict[str, Any]
) -> Conversation:
    """Creates the rows that a test case needs, and its conversation."""
    stages = [{"stage_id": stage.stage_id, "stage_name": stage.stage_name} for stage in release.stages]
    sandbox_id = sandboxes.insert_sandbox(
        conn,
        release.release_id,
        dict(release.business),
        dict(release.settings),
        stages,
        [dict(agent) for agent in release.agents.values()],
    )
    sandboxes.copy_event_schemas(conn, business_id, sandbox_id)
    data = definition["data"]
    if "products" not in data:
        sandboxes.copy_products(conn, business_id, sandbox_id)
    for product in data.get("products", []):
        products.insert_product(conn, sandbox_id, product)
    user_id = users.insert_user(conn, sandbox_id, definition["customer"])
    for order in data.get("orders", []):
        orders.insert_order(conn, sandbox_id, {**order, "user_id": user_id})
    conversation_id = conversations.insert_conversation(conn, sandbox_id, user_id, "test")
    if data.get("fields"):
        sandboxes.insert_known_fields(conn, sandbox_id, conversation_id, data["fields"])
    return Conversation(sandbox_id, user_id, conversation_id)
