"""Leases: which processes are alive, and the unfinished turns and background jobs of those that are not. A process
serves all businesses, so these statements are not limited to one. Work of a living process is never taken over."""

from datetime import datetime
from uuid import UUID

from db import Connection, Jsonb, Row

MAX_TAKEOVERS = 3
MAX_TURNS_AT_ONCE = 50  # so that the remaining processes share the turns of a dead one
GIVEN_UP = {"error_code": "SERVER_ERROR", "message": "The turn was given up, because each process that ran it died."}


def record_heartbeat(conn: Connection, process_id: UUID) -> dict[UUID, datetime]:
    """Record that the process is alive. Returns the last heartbeat of each process, by the database's clock. The
    clock may be set to another time, so only a change of the heartbeat shows that a process is alive."""
    rows = conn.execute(
        "SELECT * FROM record_heartbeat_v1(p_process_id => %(process_id)s)", {"process_id": process_id}
    ).fetchall()
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
    rows = conn.execute(
        """
        SELECT * FROM take_over_turns_v2(p_process_id => %(process_id)s, p_dead => %(dead)s::uuid[],
            p_limit => %(limit)s, p_max_takeovers => %(max_takeovers)s, p_given_up => %(given_up)s)
        """,
        {
            "process_id": process_id,
            "dead": dead,
            "limit": MAX_TURNS_AT_ONCE,
            "max_takeovers": MAX_TAKEOVERS,
            "given_up": Jsonb(GIVEN_UP),
        },
    ).fetchall()
    for row in rows:
        if row["status"] == "failed":
            _note_unanswered(conn, row["business_id"], row["conversation_id"])
    return rows


def _note_unanswered(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """The customer waits, and the next turn of the conversation may start. In a statement of its own, because it locks
    the conversation, which comes before its turns."""
    conn.execute(
        """
        UPDATE conversations SET waiting_since = COALESCE(waiting_since, clock_timestamp())
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND status <> 'completed'
        RETURNING notify_if_waiting_v1(business_id, conversation_id)
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    )


def release_orphaned_jobs(conn: Connection, dead: list[UUID]) -> list[Row]:
    """End the leases of background jobs of the processes `dead`, and of those that have ended, so that other processes
    run them. Returns job_id, kind and business_id of each."""
    return conn.execute(
        """
        UPDATE jobs j SET lease_owner = NULL, takeovers = j.takeovers + 1
        WHERE j.lease_owner IS NOT NULL
          AND (j.lease_owner = ANY (%(dead)s::uuid[])
               OR NOT EXISTS (SELECT FROM processes p WHERE p.process_id = j.lease_owner))
        RETURNING j.job_id, j.kind, j.business_id
        """,
        {"dead": dead},
    ).fetchall()


def unfinished_turns(conn: Connection, process_id: UUID) -> list[Row]:
    """The unfinished turns of this process, as `take_over_orphaned_turns` returns them."""
    return conn.execute(
        "SELECT * FROM unfinished_turns_v1(p_process_id => %(process_id)s)", {"process_id": process_id}
    ).fetchall()


def listen_for_finished_turns(conn: Connection) -> None:
    """Receive the notifications of `turn_ends` on this connection."""
    conn.execute("LISTEN icmp_turns")


def hold_requests(conn: Connection, process_id: UUID) -> list[Row]:
    """The takeovers that a process has to confirm: business_id, conversation_id, process_id and created_at."""
    return conn.execute(
        """
        SELECT business_id, conversation_id, process_id, created_at FROM hold_requests
        WHERE process_id = %(process_id)s
        """,
        {"process_id": process_id},
    ).fetchall()


def delete_stale_requests(conn: Connection) -> None:
    """Delete what takeovers asked of processes that have ended."""
    conn.execute(
        """
        DELETE FROM hold_requests h
        WHERE NOT EXISTS (SELECT FROM processes p WHERE p.process_id = h.process_id
                            AND p.beat_at > clock_timestamp() - interval '10 seconds')
        """
    )
