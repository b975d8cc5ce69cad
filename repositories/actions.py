"""What actions of stages change, and the table `pending_actions` of those that the customer has to confirm."""

from collections.abc import Mapping
from typing import Any, TypedDict, cast
from uuid import UUID

from db import Connection, Jsonb, Row


class TurnState(TypedDict):
    """Whether a turn may carry out actions: the AI handles the conversation, no later message has been answered, and
    the customer is a real one."""

    is_active: bool
    is_late: bool
    is_test: bool


def apply_actions(
    conn: Connection,
    business_id: UUID,
    conversation_id: UUID,
    turn_id: UUID,
    epoch: int,
    changes: list[dict[str, Any]],
    pending: Mapping[str, Any] | None,
) -> Row | None:
    """Make the changes of a turn's actions, and store the action that waits (`migrations/24_actions.sql`).

    Returns `result` ("applied", "stored", "held" or "late"), `output` of the stored step, and `failures`; None if the
    lease is lost. The caller saves the step in the same transaction.
    """
    return conn.execute(
        """
        SELECT * FROM apply_actions_v1(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
            p_turn_id => %(turn_id)s, p_epoch => %(epoch)s, p_changes => %(changes)s, p_pending => %(pending)s)
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "changes": Jsonb(changes),
            "pending": None if pending is None else Jsonb(pending),
        },
    ).fetchone()


def find_pending(conn: Connection, business_id: UUID, turn_id: UUID, idle_minutes: int) -> Row | None:
    """The action about which the customer was asked in the last message before this turn; None if there is none, if the
    question was not sent, or if the turn's message came more than `idle_minutes` later. `is_early` is whether it came
    before the question, and so cannot be an answer."""
    return conn.execute(
        """
        SELECT p.stage_id::text, p.action_index, p.action, p.given, p.question, p.times_asked,
               t.created_at < q.created_at AS is_early
        FROM turns t
        JOIN pending_actions p ON p.business_id = t.business_id AND p.conversation_id = t.conversation_id
        JOIN messages q ON q.business_id = p.business_id AND q.turn_id = p.turn_id AND q.sender_type = 'assistant'
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND q.seq < t.seq
          AND t.created_at < q.created_at + make_interval(mins => %(idle_minutes)s)
          AND NOT EXISTS (
              SELECT FROM messages m
              WHERE m.business_id = t.business_id AND m.conversation_id = t.conversation_id AND m.seq > q.seq
                AND m.seq < t.seq AND m.sender_type IN ('assistant', 'agent'))
        """,
        {"business_id": business_id, "turn_id": turn_id, "idle_minutes": idle_minutes},
    ).fetchone()


def get_turn_state(conn: Connection, business_id: UUID, turn_id: UUID) -> TurnState:
    """Whether the turn may carry out actions now."""
    row = conn.execute(
        """
        SELECT t.status = 'running' AND may_act_v1(t.business_id, t.conversation_id) AS is_active,
               is_answered_later_v1(t.business_id, t.conversation_id, t.seq) AS is_late,
               COALESCE(u.is_test, false) AS is_test
        FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        LEFT JOIN users u ON u.business_id = c.business_id AND u.user_id = c.user_id
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    return cast(TurnState, row) if row else TurnState(is_active=False, is_late=False, is_test=False)


def list_earlier_results(conn: Connection, business_id: UUID, turn_id: UUID, stage_id: str, limit: int) -> list[Row]:
    """The results of the stage's actions in the last turns of the conversation, newest first: `turn_id` and `results`.

    Those of this turn are included, if a person held it after its actions, and it runs again.
    """
    return conn.execute(
        """
        SELECT earlier.turn_id, s.output -> 'results' AS results
        FROM turns t
        JOIN turns earlier ON earlier.business_id = t.business_id AND earlier.conversation_id = t.conversation_id
            AND earlier.seq <= t.seq
        JOIN turn_steps s ON s.business_id = earlier.business_id AND s.turn_id = earlier.turn_id
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND s.step = 'actions'
          AND s.status = 'completed' AND s.output ->> 'stage_id' = %(stage_id)s
        ORDER BY earlier.seq DESC, s.attempt DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "turn_id": turn_id, "stage_id": stage_id, "limit": limit},
    ).fetchall()
