"""The data of a business that a turn can read: texts with variables, and look-ups in its orders and products, and in
other systems."""

import time
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from db import Database
from message_processing.agents import AgentChoice
from message_processing.api_calls.calls import ApiCalls, CallResult
from message_processing.api_calls.config import texts_of
from message_processing.api_calls.request import ApiRequest
from message_processing.channels.images import ImageLoader
from message_processing.engines.closeness import Closeness
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.local_time import timezone_of
from message_processing.release import LookUp
from message_processing.step_outputs import FoundPassage
from message_processing.templates.template_service import (
    Prompt,
    VariableCache,
    provider_arguments,
    render_prompt,
    values_for,
)
from message_processing.turn import Turn
from repositories import actions, events, orders, products, users

MAX_EARLIER_TURNS = 20  # with actions, in which a repeated one is searched for
# The columns by which the rows of each source can be matched.
MATCHABLE = {
    "orders": ("order_number", "status", "tracking_number"),
    "products": ("product_name", "sku"),
    "customer": (),
}


class BusinessData:
    """The data that one turn can read. A connection is held only while a query runs."""

    def __init__(
        self,
        database: Database,
        api_calls: ApiCalls,
        search: KnowledgeSearch | None = None,
        closeness: Closeness | None = None,
        images: ImageLoader | None = None,
    ) -> None:
        self._database = database
        self._images = images
        self._api_calls = api_calls
        self.cache = VariableCache(database.read_only, database.statement, search, closeness)

    def with_images(self, turn: Turn) -> Turn:
        """Returns the turn with the images of its message, if the business's model accepts images."""
        if self._images is None or not turn.attachments or not turn.release.settings.get("images"):
            return turn
        return replace(turn, images=self._images.load(turn))

    def render(self, turn: Turn, text: str, given: dict[str, Any] | None = None) -> Prompt:
        """Returns the text with its variables rendered. `given` values take precedence over all others."""
        return render_prompt(text, "", provider_arguments(turn), turn.release.variables, self.cache, given=given)

    def choose_agent(self, turn: Turn) -> AgentChoice:
        """Returns the responsible agent of the turn's stage, which has agents."""
        conn = self.cache.connection()
        try:
            return self.cache.choose_agent(conn, provider_arguments(turn), turn.chosen_stage)
        finally:
            conn.give_back()

    def local_time(self, turn: Turn, moment: datetime) -> datetime:
        """Returns a time in the customer's time zone, otherwise in the business's."""
        with self._database.statement() as conn:
            return moment.astimezone(timezone_of(conn, turn.business_id, turn.user_id, turn.release))

    def look_up(self, turn: Turn, source: str, match: dict[str, str], limit: int) -> list[dict[str, Any]]:
        """Returns the matching rows of "orders" (only the customer's own), "products" or "customer" as plain JSON.

        Raises LookupError if the source cannot be matched by one of the names.
        """
        unknown = [name for name in match if name not in MATCHABLE[source]]
        if unknown:
            raise LookupError(f"{source} cannot be matched by {', '.join(unknown)}")
        with self._database.read_only() as conn:
            if source == "orders":
                rows = orders.match_orders(conn, turn.business_id, turn.user_id, match, limit)
            elif source == "products":
                rows = products.match_products(conn, turn.business_id, match, limit)
            else:
                person = users.find_sender(conn, turn.business_id, turn.user_id)
                rows = [person] if person else []
        plain = [{name: _plain(value) for name, value in row.items() if name != "user_id"} for row in rows]
        return plain if source == "products" else turn.release.masking.members(plain)

    def find_passages(self, turn: Turn, question: str, limit: int) -> list[FoundPassage]:
        """Returns the passages of the business's articles that are closest to a question, the closest first."""
        return self.cache.find_passages(turn.business_id, question, limit)

    def find_order(self, turn: Turn, order_number: str) -> dict[str, Any] | None:
        """Returns the customer's own order with this number, ignoring case."""
        with self._database.read_only() as conn:
            return orders.find_own_order(conn, turn.business_id, turn.user_id, order_number)

    def find_event_schema(self, turn: Turn, event_type: str) -> dict[str, Any] | None:
        """Returns the JSON Schema for the properties of an event type."""
        with self._database.statement() as conn:
            return events.find_property_schema(conn, turn.business_id, event_type)

    def turn_state(self, turn: Turn) -> actions.TurnState:
        """Returns whether the turn may carry out actions now."""
        with self._database.statement() as conn:
            return actions.get_turn_state(conn, turn.business_id, turn.turn_id)

    def earlier_results(self, turn: Turn) -> list[dict[str, Any]]:
        """Returns the results of the stage's actions in the last turns, newest first: `turn_id` and `results`."""
        stage_id = turn.chosen_stage.stage_id
        with self._database.read_only() as conn:
            return actions.list_earlier_results(conn, turn.business_id, turn.turn_id, stage_id, MAX_EARLIER_TURNS)

    def request(
        self,
        turn: Turn,
        config: LookUp,
        given: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> ApiRequest:
        """Returns the request that a stage declares, with the turn's variables, over which `given` take precedence."""
        known = provider_arguments(turn)
        values = values_for(texts_of(config), known, turn.release.variables, self.cache, given)
        return ApiRequest(config, values, idempotency_key)

    def call(self, turn: Turn, request: ApiRequest) -> CallResult:
        """Sends a request to another system, before the turn's deadline. The result is masked like messages."""
        result = self._api_calls.run(turn.business_id, request, turn.deadline - time.monotonic())
        masking = turn.release.masking
        return replace(
            result,
            data=masking.value(result.data),
            body=masking.value(result.body),
            record=masking.members({**result.record, "request": masking.members(result.record["request"])}),
        )


def _plain(value: Any) -> Any:
    """Converts a value to JSON. Amounts become strings, so that they keep their decimal places."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
