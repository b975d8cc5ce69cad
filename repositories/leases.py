"""Leases: which processes are alive, and the unfinished turns of those that are not. A process serves all businesses,
so these statements are not limited to one. Turns of a living process are never taken over."""

from datetime import datetime
from uuid import UUID

from db import Connection, Jsonb, Row

MAX_TAKEOVERS = 3
MAX_TURNS_AT_ONCE = 50  # so that the remaining processes share the turns of a dead one
GIVEN_UP = {"error_code": "SERVER_ERROR", "message": "The turn was given up, because each process that ran it died."}


def record_heartbeat(conn: Connection, process_id: UUID) -> None:
    """Record that the process is alive."""
    conn.execute(
        """
        INSERT INTO processes (process_id) VALUES (%(process_id)s)
        ON CONFLICT (process_id) DO UPDATE SET beat_at = clock_timestamp()
        """,
        {"process_id": process_id},
    )


def list_heartbeats(conn: Connection) -> dict[UUID, datetime]:
    """The last heartbeat of each process, by the database's clock. The clock may be set to another time, so only a
    change of the heartbeat shows that a process is alive."""
    rows = conn.execute("SELECT process_id, beat_at FROM processes").fetchall()
    return {row["process_id"]: row["beat_at"] for row in rows}


def delete_process(conn: Connection, process_id: UUID) -> None:
    """Remove a process that ends, and those that died long ago. Other processes may take over its turns immediately."""
    conn.execute(
        "DELETE FROM processes WHERE process_id = %(process_id)s OR beat_at < clock_timestamp() - interval '1 day'",
        {"process_id": process_id},
    )


def take_over_orphaned_turns(conn: Connection, process_id: UUID, dead: list[UUID]) -> list[Row]:
    """Take over turns of the processes `dead`, and of those that have ended, with a new epoch. A turn that was running
    in too many processes that died fails.

    Returns turn_id, business_id, conversation_id, message_id, session_id, seq and status of each.
    """
    return conn.execute(
        """
        WITH orphans AS (
            SELECT t.turn_id FROM turns t LEFT JOIN processes p ON p.process_id = t.lease_owner
            WHERE t.status IN ('accepted', 'running') AND t.lease_owner IS DISTINCT FROM %(process_id)s
              AND (p.process_id = ANY(%(dead)s::uuid[])
                   -- A process without a row has ended, unless it has just started.
                   OR p.process_id IS NULL AND t.created_at NOT BETWEEN clock_timestamp() - interval '10 seconds'
                                                                    AND clock_timestamp() + interval '10 seconds')
            ORDER BY t.conversation_id, t.seq LIMIT %(limit)s
            FOR NO KEY UPDATE OF t SKIP LOCKED)
        UPDATE turns t SET lease_owner = %(process_id)s, lease_epoch = lease_epoch + 1,
            takeovers = takeovers + (t.status = 'running')::int,  -- a turn that only waited did no harm
            status = CASE WHEN t.status = 'running' AND takeovers >= %(max_takeovers)s THEN 'failed'
                          ELSE 'accepted' END,
            error = CASE WHEN t.status = 'running' AND takeovers >= %(max_takeovers)s THEN %(given_up)s
                         ELSE error END
        FROM orphans o, conversations c, messages m
        WHERE t.turn_id = o.turn_id AND c.business_id = t.business_id AND c.conversation_id = t.conversation_id
          AND m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        RETURNING t.turn_id, t.business_id, t.conversation_id, m.message_id, c.session_id, t.seq, t.status
        """,
        {
            "process_id": process_id,
            "dead": dead,
            "limit": MAX_TURNS_AT_ONCE,
            "max_takeovers": MAX_TAKEOVERS,
            "given_up": Jsonb(GIVEN_UP),
        },
    ).fetchall()


def unfinished_turns(conn: Connection, process_id: UUID) -> list[Row]:
    """The unfinished turns of this process, as `take_over_orphaned_turns` returns them."""
    return conn.execute(
        """
        SELECT t.turn_id, t.business_id, t.conversation_id, m.message_id, c.session_id, t.seq, t.status
        FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        WHERE t.status IN ('accepted', 'running') AND t.lease_owner = %(process_id)s
        """,
        {"process_id": process_id},
    ).fetchall()


def listen_for_finished_turns(conn: Connection) -> None:
    """Receive the notifications of `turn_ends` on this connection."""
    conn.execute("LISTEN icmp_turns")
