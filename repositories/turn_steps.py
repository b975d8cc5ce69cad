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


# Inserts `steps` with their calls for the turn in the CTE `leased`. `turn_ends` uses it too, so that the end of a turn
# needs one statement.
INSERT_STEPS = """
given AS (
    SELECT * FROM jsonb_to_recordset(%(steps)s) AS step (
        step text, status text, discarded boolean, engine text, output jsonb, decision text, variables jsonb,
        started_at timestamptz, finished_at timestamptz, calls jsonb)),
inserted_steps AS (
    INSERT INTO turn_steps (turn_id, step, attempt, status, discarded, engine, output, decision, variables,
                            started_at, finished_at)
    SELECT %(turn_id)s, given.step,
           1 + (SELECT count(*) FROM turn_steps WHERE turn_id = %(turn_id)s AND step = given.step),
           given.status, given.discarded, given.engine, given.output, given.decision, given.variables,
           given.started_at, given.finished_at
    FROM leased, given
    RETURNING step, attempt),
inserted_calls AS (
    INSERT INTO llm_calls (turn_id, business_id, conversation_id, template_id, template_version, step, step_attempt,
        model, request, response, parsed, prompt_tokens, completion_tokens, cost_usd, latency_ms, first_token_ms,
        attempt, status, error, created_at)
    SELECT %(turn_id)s, %(business_id)s, leased.conversation_id,
        (SELECT template_id FROM templates
         WHERE business_id = %(business_id)s AND template_id = call.template_id FOR KEY SHARE),
        call.template_version, inserted_steps.step, inserted_steps.attempt, call.model, call.request, call.response,
        call.parsed, call.prompt_tokens, call.completion_tokens, call.cost_usd, call.latency_ms, call.first_token_ms,
        call.attempt, call.status, call.error, call.created_at
    FROM leased, inserted_steps JOIN given USING (step), jsonb_to_recordset(given.calls) AS call (
        template_id uuid, template_version integer, model text, request jsonb, response text, parsed jsonb,
        prompt_tokens integer, completion_tokens integer, cost_usd numeric, latency_ms integer, first_token_ms integer,
        attempt integer, status text, error text, created_at timestamptz))
"""
_LEASE_TURN = """
WITH leased AS (
    SELECT conversation_id FROM turns
    WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
      AND (%(epoch)s::integer IS NULL OR lease_epoch = %(epoch)s AND status = 'running')
    FOR NO KEY UPDATE),
"""
_IS_LEASED = "SELECT 1 FROM leased"
_CHECKPOINT_STEPS = _LEASE_TURN + INSERT_STEPS + _IS_LEASED
dump_steps = partial(json.dumps, default=str)  # UUIDs, decimals and times as text, which PostgreSQL casts


def checkpoint_steps(
    conn: Connection, business_id: UUID, turn_id: UUID, epoch: int | None, steps: list[StepRow]
) -> bool:
    """Insert finished steps with different names, and their calls, if the lease is still held; returns whether it is.

    Without an epoch no lease is needed: for discarded steps. Raises Conflict if a discarded step with the same name is
    inserted at the same moment.
    """
    parameters = {
        "business_id": business_id,
        "turn_id": turn_id,
        "epoch": epoch,
        "steps": Jsonb(steps, dumps=dump_steps),
    }
    return conn.execute(_CHECKPOINT_STEPS, parameters).fetchone() is not None


def completed_steps(conn: Connection, turn_id: UUID) -> dict[str, Any]:
    """The checkpoints of a turn: the output of each step by its name."""
    rows = conn.execute(
        "SELECT step, output FROM turn_steps WHERE turn_id = %(turn_id)s AND status = 'completed' AND NOT discarded",
        {"turn_id": turn_id},
    ).fetchall()
    return {row["step"]: row["output"] for row in rows}


def list_steps(conn: Connection, turn_id: UUID) -> list[Row]:
    """The trace of a turn, ordered by when its steps finished. The caller checks access with `turns.get_turn`."""
    return conn.execute(
        """
        SELECT step, attempt, status, discarded, engine, output, decision, variables, started_at, finished_at
        FROM turn_steps WHERE turn_id = %(turn_id)s ORDER BY finished_at, started_at
        """,
        {"turn_id": turn_id},
    ).fetchall()
