"""The steps of turns, at once checkpoints and trace. A checkpoint is written only by the holder of the turn's lease
(`lease_epoch`)."""

import json
from functools import partial
from typing import Any
from uuid import UUID

from db import Connection, Jsonb, Row

# Steps with their calls, for a turn that the statement has `held`.
WRITTEN = """
given AS (
    SELECT * FROM jsonb_to_recordset(%(steps)s) AS step (
        step text, status text, discarded boolean, engine text, output jsonb, decision text, variables jsonb,
        started_at timestamptz, finished_at timestamptz, calls jsonb)),
written AS (
    INSERT INTO turn_steps (turn_id, step, attempt, status, discarded, engine, output, decision, variables,
                            started_at, finished_at)
    SELECT %(turn_id)s, given.step,
           1 + (SELECT count(*) FROM turn_steps WHERE turn_id = %(turn_id)s AND step = given.step),
           given.status, given.discarded, given.engine, given.output, given.decision, given.variables,
           given.started_at, given.finished_at
    FROM held, given
    RETURNING step, attempt),
recorded AS (
    INSERT INTO llm_calls (turn_id, business_id, conversation_id, template_id, template_version, step, step_attempt,
        model, request, response, parsed, prompt_tokens, completion_tokens, cost_usd, latency_ms, first_token_ms,
        attempt, status, error, created_at)
    SELECT %(turn_id)s, %(business_id)s, held.conversation_id,
        (SELECT template_id FROM templates
         WHERE business_id = %(business_id)s AND template_id = call.template_id FOR KEY SHARE),
        call.template_version, written.step, written.attempt, call.model, call.request, call.response, call.parsed,
        call.prompt_tokens, call.completion_tokens, call.cost_usd, call.latency_ms, call.first_token_ms, call.attempt,
        call.status, call.error, call.created_at
    FROM held, written JOIN given USING (step), jsonb_to_recordset(given.calls) AS call (
        template_id uuid, template_version integer, model text, request jsonb, response text, parsed jsonb,
        prompt_tokens integer, completion_tokens integer, cost_usd numeric, latency_ms integer, first_token_ms integer,
        attempt integer, status text, error text, created_at timestamptz))
"""
dump_steps = partial(json.dumps, default=str)  # ids, amounts and moments, which PostgreSQL reads as such
_LEASED = """
WITH held AS (
    SELECT conversation_id FROM turns
    WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
      AND (%(epoch)s::integer IS NULL OR lease_epoch = %(epoch)s AND status = 'running')
    FOR NO KEY UPDATE),
"""
_WHETHER_LEASED = "SELECT 1 FROM held"
_CHECKPOINT = _LEASED + WRITTEN + _WHETHER_LEASED


def checkpoint_steps(
    conn: Connection, business_id: UUID, turn_id: UUID, epoch: int | None, steps: list[dict[str, Any]]
) -> bool:
    """Write finished steps, each of another name, with the calls that they took, if the lease still holds; returns
    whether it does. Conflict where another step of a name, a dropped one, is written at the same moment.

    A step: step, status, discarded, engine, output, decision, variables, started_at, finished_at, calls (as
    `llm_calls.insert_calls` takes them). With None for the epoch no lease is asked for: a discarded step changes
    nothing.
    """
    parameters = {
        "business_id": business_id,
        "turn_id": turn_id,
        "epoch": epoch,
        "steps": Jsonb(steps, dumps=dump_steps),
    }
    return conn.execute(_CHECKPOINT, parameters).fetchone() is not None


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
        FROM turn_steps WHERE turn_id = %(turn_id)s ORDER BY finished_at, started_at
        """,
        {"turn_id": turn_id},
    ).fetchall()
