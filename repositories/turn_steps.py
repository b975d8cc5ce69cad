"""The steps of turns, at once checkpoints and trace, and the fields that they found. A checkpoint is written only by
the holder of the turn's lease (`lease_epoch`)."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from db import Connection, Row

_CHECKPOINT = """
WITH held AS (
    UPDATE turns SET lease_epoch = lease_epoch
    WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
      AND (%(epoch)s::integer IS NULL OR lease_epoch = %(epoch)s AND status = 'running')
    RETURNING turn_id)
INSERT INTO turn_steps (turn_id, step, attempt, status, discarded, engine, output, decision, variables,
                        started_at, finished_at)
SELECT turn_id, %(step)s, 1 + (SELECT count(*) FROM turn_steps WHERE turn_id = %(turn_id)s AND step = %(step)s),
       %(status)s, %(discarded)s, %(engine)s, %(output)s, %(decision)s, %(variables)s, %(started_at)s,
       clock_timestamp()
FROM held
ON CONFLICT (turn_id, step, attempt) DO NOTHING
RETURNING attempt
"""


def checkpoint_step(
    conn: Connection, business_id: UUID, turn_id: UUID, epoch: int | None, step: dict[str, Any]
) -> int | None:
    """Write a finished step, if the lease still holds; returns which attempt at it this was, None without the lease.

    `step`: step, status, discarded, engine, output, decision, variables, started_at. With None for the epoch no lease
    is asked for: a discarded step changes nothing.
    """
    parameters = {
        **step,
        "business_id": business_id,
        "turn_id": turn_id,
        "epoch": epoch,
        "output": Jsonb(step["output"]),
        "variables": Jsonb(step["variables"]),
    }
    for _ in range(2):
        # A dropped step may be written at the same moment and take the number; the second look sees it.
        row = conn.execute(_CHECKPOINT, parameters).fetchone()
        if row is not None:
            return int(row["attempt"])
    return None


def completed_steps(conn: Connection, turn_id: UUID) -> dict[str, Any]:
    """The checkpoints of a turn: step → output."""
    rows = conn.execute(
        "SELECT step, output FROM turn_steps WHERE turn_id = %(turn_id)s AND status = 'completed' AND NOT discarded",
        {"turn_id": turn_id},
    ).fetchall()
    return {row["step"]: row["output"] for row in rows}


def list_steps(conn: Connection, turn_id: UUID) -> list[Row]:
    """The trace of a turn that the caller may read (`get_turn`), in the order in which its steps ended."""
    return conn.execute(
        """
        SELECT step, attempt, status, discarded, engine, output, decision, variables, started_at, finished_at
        FROM turn_steps WHERE turn_id = %(turn_id)s ORDER BY finished_at
        """,
        {"turn_id": turn_id},
    ).fetchall()


def insert_collected_fields(
    conn: Connection,
    business_id: UUID,
    conversation_id: UUID,
    message_id: UUID,
    turn_id: UUID,
    seq: int,
    fields: dict[str, Any],
) -> None:
    for field, value in fields.items():
        conn.execute(
            """
            INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
            VALUES (%(business_id)s, %(conversation_id)s, %(field)s, %(value)s, %(message_id)s, %(turn_id)s, %(seq)s)
            """,
            {
                "business_id": business_id,
                "conversation_id": conversation_id,
                "field": field,
                "value": Jsonb(value),
                "message_id": message_id,
                "turn_id": turn_id,
                "seq": seq,
            },
        )
