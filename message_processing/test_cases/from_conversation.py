"""Makes a test case from a conversation: its messages, what they need, and what happened as the expectations."""

from typing import Any
from uuid import UUID

from core.errors import Conflict
from db import Connection, Row
from repositories import conversations, feedback, recorded_turns, turns, users

MAX_TURNS = 20
_MAX_ORDERS = 20
_MAX_NAME = 80  # characters of the first message
_MAX_SENTENCE = 2_000  # characters, as in schemas/test_case_expectations.json


def read_case(conn: Connection, business_id: UUID, conversation_id: UUID, turn_id: UUID | None) -> dict[str, Any]:
    """Returns a test case with the last turns of a conversation, perhaps only up to one turn.

    The customer's name and addresses are not part of it, but the messages are. Raises NotFound, and Conflict if no
    message was answered.
    """
    conversation = conversations.get_conversation(conn, business_id, conversation_id)
    if turn_id is not None and turns.get_turn(conn, business_id, turn_id)["conversation_id"] != conversation_id:
        raise Conflict("The turn is not part of the conversation.")
    rows = recorded_turns.list_recorded(conn, business_id, conversation_id, turn_id, MAX_TURNS + 1)
    before, recorded = (rows[0], rows[1:]) if len(rows) > MAX_TURNS else (None, rows)
    if not recorded or (turn_id is not None and recorded[-1]["turn_id"] != turn_id):
        raise Conflict("The assistant has not answered this message.")
    last = recorded[-1]
    ratings = feedback.list_of_turn(conn, business_id, last["turn_id"])
    bad = [rating for rating in ratings if rating["rating"] == "bad"]
    expected = [_what_happened(row) for row in recorded]
    if bad:
        expected[-1] = _better_answer(bad)
    customer = users.find_sender(conn, business_id, conversation["user_id"])
    return {
        "name": _name(recorded[0]["message"]),
        "stage_id": None if last["stage_id"] is None else str(last["stage_id"]),
        "customer": {"language": customer["language"]} if customer and customer.get("language") else {},
        "data": _data(conn, business_id, conversation["user_id"], before),
        "lookups": _lookups(recorded),
        "turns": [
            {"message": row["message"], "expect": expect} for row, expect in zip(recorded, expected, strict=True)
        ],
    }


def _what_happened(row: Row) -> dict[str, Any]:
    """The stage and the fields. Another reply may be as good."""
    expect: dict[str, Any] = {"stage": row["stage_name"]} if row["stage_name"] else {}
    fields = row["answer"]["extracted_data"]
    return {**expect, "fields": fields} if fields else expect


def _better_answer(bad: list[dict[str, Any]]) -> dict[str, Any]:
    """What the reply should have been, if the staff have written it."""
    correct = next((rating["correct_answer"] for rating in bad if rating["correct_answer"]), None)
    if correct is None:
        return {}
    sentence = f"The reply says the same as: {correct}"
    return {"reply": {"judged": {"sentence": sentence[:_MAX_SENTENCE]}}}


def _data(conn: Connection, business_id: UUID, user_id: UUID, before: Row | None) -> dict[str, Any]:
    placed = recorded_turns.list_orders(conn, business_id, user_id, _MAX_ORDERS)
    known = before["answer"]["collected_data"] if before else {}
    return ({"orders": placed} if placed else {}) | ({"fields": known} if known else {})


def _lookups(recorded: list[Row]) -> dict[str, Any]:
    """What the API calls of the stages returned last."""
    lookups: dict[str, Any] = {}
    for row in recorded:
        retrieval = row["retrieval"] or {}
        if "call" in retrieval and row["stage_name"]:
            lookups[row["stage_name"]] = retrieval["data"] if retrieval["status"] == "found" else None
    return lookups


def _name(message: str) -> str:
    words = " ".join(message.split())
    return words if len(words) <= _MAX_NAME else f"{words[: _MAX_NAME - 1]}…"
