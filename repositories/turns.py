"""Turns, from their acceptance to their answer, and their steps. Every write checks `lease_epoch`: a process that was
thought dead cannot write over what another one did."""

from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Json, Jsonb

from db import Connection, Row
from errors import NotFound


def insert_turn(conn: Connection, business_id: UUID, conversation_id: UUID, seq: int, owner: UUID, status: str) -> UUID:
    row = conn.execute(
        """
        INSERT INTO turns (business_id, conversation_id, seq, lease_owner, status)
        VALUES (%(business_id)s, %(conversation_id)s, %(seq)s, %(owner)s, %(status)s)
        RETURNING turn_id
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "seq": seq, "owner": owner, "status": status},
    ).fetchone()
    assert row is not None
    return UUID(str(row["turn_id"]))


def claim_turn(conn: Connection, business_id: UUID, turn_id: UUID, owner: UUID) -> Row | None:
    """Make an accepted turn the running one of its conversation: a new epoch, and its release if it has none yet.

    None while an earlier turn of the conversation is accepted or running, or when this one is no longer accepted.
    Returns what running it needs: the turn, its message and its conversation.
    """
    try:
        with conn.transaction():
            return conn.execute(
                """
                UPDATE turns t SET status = 'running', lease_owner = %(owner)s, lease_epoch = lease_epoch + 1,
                    attempts = attempts + 1, started_at = COALESCE(t.started_at, clock_timestamp()),
                    release_id = COALESCE(t.release_id, b.live_release_id),
                    stage_before = CASE WHEN t.attempts = 0 THEN c.stage_id ELSE t.stage_before END
                FROM businesses b, conversations c, messages m
                WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND t.status = 'accepted'
                  AND b.business_id = t.business_id
                  AND c.business_id = t.business_id AND c.conversation_id = t.conversation_id
                  AND m.turn_id = t.turn_id AND m.sender_type = 'user'
                  AND NOT EXISTS (
                      SELECT 1 FROM turns earlier
                      WHERE earlier.conversation_id = t.conversation_id AND earlier.seq < t.seq
                        AND earlier.status IN ('accepted', 'running'))
                RETURNING t.turn_id, t.business_id, t.conversation_id, t.seq, t.release_id, t.lease_epoch,
                    t.stage_before, m.message_id, m.message_content, c.user_id, c.session_id, c.stage_id,
                    c.conversation_summary, c.start_time, c.last_updated
                """,
                {"business_id": business_id, "turn_id": turn_id, "owner": owner},
            ).fetchone()
    except UniqueViolation:  # another process's turn of this conversation began a moment ago
        return None


def checkpoint_step(conn: Connection, business_id: UUID, turn_id: UUID, epoch: int, step: dict[str, Any]) -> bool:
    """Write a finished step, if the lease still holds; returns whether it does.

    `step`: step, status, engine, output, decision, variables, started_at.
    """
    written = conn.execute(
        """
        WITH held AS (
            UPDATE turns SET lease_epoch = lease_epoch
            WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND lease_epoch = %(epoch)s
              AND status = 'running'
            RETURNING turn_id)
        INSERT INTO turn_steps (turn_id, step, attempt, status, engine, output, decision, variables, started_at,
                                finished_at)
        SELECT turn_id, %(step)s, 1 + (SELECT count(*) FROM turn_steps WHERE turn_id = %(turn_id)s AND step = %(step)s),
               %(status)s, %(engine)s, %(output)s, %(decision)s, %(variables)s, %(started_at)s, clock_timestamp()
        FROM held
        """,
        {
            **step,
            "business_id": business_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "output": Jsonb(step["output"]),
            "variables": Jsonb(step["variables"]),
        },
    )
    return written.rowcount == 1


def finish_turn(conn: Connection, business_id: UUID, turn_id: UUID, epoch: int, values: dict[str, Any]) -> bool:
    """The turn's end, if the lease still holds; returns whether it does.

    `values`: status, stage_id, confidence, decision, engine, error, answer (the body as sent).
    """
    written = conn.execute(
        """
        UPDATE turns SET status = %(status)s, confidence = %(confidence)s, decision = %(decision)s,
            stage_id = (SELECT stage_id FROM stages
                        WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s FOR KEY SHARE),
            engine = %(engine)s, error = %(error)s, answer = %(answer)s, completed_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND lease_epoch = %(epoch)s
          AND status = 'running'
        """,
        {
            "stage_id": None,
            "confidence": None,
            "engine": None,
            **values,
            "business_id": business_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "decision": _optional(Jsonb, values.get("decision")),
            "error": _optional(Jsonb, values.get("error")),
            "answer": _optional(Json, values.get("answer")),
        },
    )
    return written.rowcount == 1


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


def completed_steps(conn: Connection, turn_id: UUID) -> dict[str, Any]:
    """The checkpoints of a turn: step → output."""
    rows = conn.execute(
        "SELECT step, output FROM turn_steps WHERE turn_id = %(turn_id)s AND status = 'completed' AND NOT discarded",
        {"turn_id": turn_id},
    ).fetchall()
    return {row["step"]: row["output"] for row in rows}


def announce_free(conn: Connection, conversation_id: UUID) -> None:
    """Tell every process, where a turn of this conversation waits, that its next one may begin. Only then: each NOTIFY
    makes commits queue. The conversation's row is held, so a turn accepted later sees this one finished."""
    conn.execute(
        """
        SELECT pg_notify('icmp_turns', %(conversation_id)s::text)
        WHERE EXISTS (SELECT 1 FROM turns WHERE conversation_id = %(conversation_id)s AND status = 'accepted')
        """,
        {"conversation_id": conversation_id},
    )


def listen_for_free(conn: Connection) -> None:
    """Be told on this connection what `announce_free` announces."""
    conn.execute("LISTEN icmp_turns")


def list_turns(conn: Connection, business_id: UUID, conversation_id: UUID, after_seq: int, limit: int) -> list[Row]:
    return conn.execute(
        """
        SELECT turn_id, conversation_id, seq, release_id, status, stage_before, stage_id, confidence, decision, engine,
               error, attempts, created_at, started_at, completed_at
        FROM turns
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND seq > %(after_seq)s
        ORDER BY seq LIMIT %(limit)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "after_seq": after_seq, "limit": limit},
    ).fetchall()


def get_turn(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    row = conn.execute(
        """
        SELECT turn_id, conversation_id, seq, release_id, status, stage_before, stage_id, confidence, decision, engine,
               error, attempts, created_at, started_at, completed_at, answer
        FROM turns WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    if row is None:
        raise NotFound("There is no such turn.")
    return row


def list_steps(conn: Connection, turn_id: UUID) -> list[Row]:
    """The trace of a turn that the caller may read (`get_turn`), in the order in which its steps ended."""
    return conn.execute(
        """
        SELECT step, attempt, status, discarded, engine, output, decision, variables, started_at, finished_at
        FROM turn_steps WHERE turn_id = %(turn_id)s ORDER BY finished_at
        """,
        {"turn_id": turn_id},
    ).fetchall()


def _optional(wrap: type[Json] | type[Jsonb], value: Any) -> Json | Jsonb | None:
    return None if value is None else wrap(value)
