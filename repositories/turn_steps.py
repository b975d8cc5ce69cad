"""Steps of turns: each row is both a checkpoint and part of the trace. Only the holder of the turn's lease writes a
checkpoint."""

import json
from datetime import datetime
from functools import partial
from typing import Any, TypedDict
from uuid import UUID

from db import Connection, Jsonb, Row


class StepRow(TypedDict):
    """A step to save. `calls` are its model calls as `llm_calls.insert_calls` takes them."""

    step: str
    status: str
    discarded: bool
    engine: str | None
    output: dict[str, Any]
    decision: str
    variables: list[dict[str, Any]]
    started_at: datetime
    finished_at: datetime
    calls: list[dict[str, Any]]


dump_steps = partial(json.dumps, default=str)  # UUIDs, decimals and times as text, which PostgreSQL casts


def save_steps(conn: Connection, business_id: UUID, turn_id: UUID, epoch: int | None, steps: list[StepRow]) -> bool:
    """Store finished steps with different names, and their calls, if the lease is still held; returns whether it is
    (`migrations/18_save_steps_v2.sql`). Without an epoch no lease is needed: for discarded steps."""
    row = conn.execute(
        """
        SELECT save_steps_v2(p_business_id => %(business_id)s, p_turn_id => %(turn_id)s, p_epoch => %(epoch)s,
            p_steps => %(steps)s) AS is_leased
        """,
        {
            "business_id": business_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "steps": Jsonb(steps, dumps=dump_steps),
        },
    ).fetchone()
    return row is not None and bool(row["is_leased"])


def completed_steps(conn: Connection, business_id: UUID, turn_id: UUID) -> dict[str, Any]:
    """The checkpoints of a turn: the output of each step by its name."""
    rows = conn.execute(
        """
        SELECT step, output FROM turn_steps
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND status = 'completed' AND NOT discarded
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchall()
    return {row["step"]: row["output"] for row in rows}


def list_steps(conn: Connection, business_id: UUID, turn_id: UUID) -> list[Row]:
    """The trace of a turn, ordered by when its steps finished."""
    return conn.execute(
        """
        SELECT step, attempt, status, discarded, engine, output, decision, variables, started_at, finished_at
        FROM turn_steps WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s ORDER BY finished_at, started_at
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchall()
