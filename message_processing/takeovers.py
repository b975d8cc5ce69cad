"""People take over conversations from the AI, and hand them back.

The functions take a connection on which the caller has opened a transaction; they lock the conversation. A takeover has
ended what the AI says only when `wait_until_silent` returns.
"""

import time
from typing import Literal
from uuid import UUID

from core.errors import Conflict, DatabaseUnavailable, InvalidRequest
from db import Connection, Database, Row
from message_processing.accept import Accepted
from repositories import conversation_state, conversations, members, takeovers, turn_ends, turns

# Seconds: longer than it takes until a process that has died counts as dead.
_CONFIRMATION_TIMEOUT = 20.0
_POLL_INTERVAL = 0.05

Answer = Literal["last", "none"]


def take_over(
    conn: Connection,
    business_id: UUID,
    conversation_id: UUID,
    *,
    user_id: UUID | None,
    assignee_id: UUID | None,
    reason: str,
    force: bool,
) -> bool:
    """A person handles the conversation from now on, and its unfinished turns are held. Returns whether that is new.

    `user_id` is who takes over, None for an API key, and `assignee_id` the member who handles it. Raises Conflict with
    the name of the colleague who handles the conversation, unless forced, and the errors of `assign`.
    """
    conversation = _lock_open(conn, business_id, conversation_id)
    if assignee_id is not None:
        check_can_handle(conn, business_id, assignee_id, "$.assignee_id")
    colleague = conversation["assignee_id"]
    is_taken = conversation["handled_by"] == "human"
    # Who handles a conversation may give it to a colleague.
    if is_taken and colleague not in (None, user_id, assignee_id) and not force:
        name = members.get_name(conn, business_id, colleague)
        raise Conflict(
            f"{name} is handling this conversation.", remediation="Send `force=true` to take it over anyway."
        )
    is_new = not is_taken or colleague != assignee_id
    if is_new:
        values = {"user_id": user_id, "assignee_id": assignee_id, "reason": reason}
        takeovers.record_takeover(conn, business_id, conversation_id, values)
        takeovers.give_to_person(conn, business_id, conversation_id, assignee_id)
    takeovers.hold_turns(conn, business_id, conversation_id)
    return is_new


def assign(
    conn: Connection, business_id: UUID, conversation_id: UUID, user_id: UUID | None, assignee_id: UUID | None
) -> bool:
    """Assign the conversation to a member, or to nobody; returns whether that is new. If a person handles it, the
    assignee takes over from them.

    Raises NotFound if the assignee is not a member, and InvalidRequest if they may only read.
    """
    conversation = conversations.lock_conversation(conn, business_id, conversation_id)
    if assignee_id is not None:
        check_can_handle(conn, business_id, assignee_id, "$.assignee_id")
    if assignee_id == conversation["assignee_id"]:
        return False
    if conversation["handled_by"] == "human" and conversation["status"] in ("active", "paused"):
        values = {"user_id": user_id, "assignee_id": assignee_id, "reason": "assigned"}
        takeovers.record_takeover(conn, business_id, conversation_id, values)
    conversation_state.assign(conn, business_id, conversation_id, assignee_id)
    return True


def check_can_handle(conn: Connection, business_id: UUID, user_id: UUID, path: str) -> None:
    """Raises NotFound if the user is not a member, and InvalidRequest at `path` if they may only read."""
    if members.get_member(conn, business_id, user_id)["role"] == "viewer":
        raise InvalidRequest.at(path, "A viewer cannot handle conversations.")


def pause(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """The AI writes nothing in the conversation until `resume`. Its unfinished turns are held."""
    conversation = _lock_open(conn, business_id, conversation_id)
    takeovers.set_handler(conn, business_id, conversation_id, conversation["handled_by"], "paused")
    takeovers.hold_turns(conn, business_id, conversation_id)


def release(
    conn: Connection, business_id: UUID, conversation_id: UUID, user_id: UUID | None, answer: Answer, process_id: UUID
) -> Accepted | None:
    """The AI handles the conversation again.

    With `last`, one turn answers the messages that were held; returns it, to be run by the process. With `none`, they
    stay unanswered.
    """
    conversation = _lock_open(conn, business_id, conversation_id)
    takeovers.end_takeover(conn, business_id, conversation_id, user_id, answer)
    takeovers.set_handler(conn, business_id, conversation_id, "ai", conversation["status"])
    return _end_held(conn, business_id, conversation_id, answer, process_id)


def resume(
    conn: Connection, business_id: UUID, conversation_id: UUID, answer: Answer, process_id: UUID
) -> Accepted | None:
    """End `pause`. If the AI handles the conversation, messages that were held are treated as by `release`."""
    conversation = _lock_open(conn, business_id, conversation_id)
    takeovers.set_handler(conn, business_id, conversation_id, conversation["handled_by"], "active")
    return _end_held(conn, business_id, conversation_id, answer, process_id)


def wait_until_silent(database: Database, business_id: UUID, conversation_id: UUID) -> None:
    """Wait until no living process streams a turn of the conversation. Raises DatabaseUnavailable if that is not
    confirmed in time; the takeover itself is stored, and may be repeated."""
    deadline = time.monotonic() + _CONFIRMATION_TIMEOUT
    while time.monotonic() < deadline:
        with database.statement() as conn:
            if takeovers.is_hold_confirmed(conn, business_id, conversation_id):
                return
        time.sleep(_POLL_INTERVAL)
    raise DatabaseUnavailable("The conversation is taken over, but not all processes have confirmed it.")


def _lock_open(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    conversation = conversations.lock_conversation(conn, business_id, conversation_id)
    if conversation["status"] not in ("active", "paused"):
        raise Conflict("The conversation is closed.")
    takeovers.end_answered_turns(conn, business_id, conversation_id)
    turn_ends.hold_failed_answer(conn, business_id, conversation_id)
    return conversation


def _end_held(
    conn: Connection, business_id: UUID, conversation_id: UUID, answer: Answer, process_id: UUID
) -> Accepted | None:
    """End the held turns, unless the AI still does not answer in the conversation."""
    if not takeovers.is_ai_active(conn, business_id, conversation_id):
        return None
    held = takeovers.held_turns(conn, business_id, conversation_id)
    turn_ids = [row["turn_id"] for row in held]
    if answer == "none" or not held:
        takeovers.end_held_turns(conn, business_id, conversation_id, turn_ids)
        return None
    # A person has dealt with what was written before their last message; it is in the prompts, but not the question.
    unanswered = [row for row in held if row["is_after_staff"]] or [held[-1]]
    first_seq = unanswered[0]["message_seq"]
    takeovers.answer_held_turns(conn, business_id, conversation_id, turn_ids, first_seq, process_id)
    progress = turns.get_progress(conn, business_id, turn_ids[-1])
    names = ("turn_id", "business_id", "conversation_id", "message_id", "session_id", "seq", "status", "handled_by")
    return Accepted(**{name: progress[name] for name in names}, is_new=True)
