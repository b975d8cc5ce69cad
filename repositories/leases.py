"""Who runs which turn: the processes that live, and the turns of those that do not. Rows of every tenant, since a
process serves them all. A turn of a living process is never touched here."""

from uuid import UUID

from db import Connection, Jsonb, Row

SILENCE = "10 seconds"  # by the database's clock; then a process counts as dead (SPEC 7.2)
MOST_TAKEOVERS = 3
MOST_AT_ONCE = 50  # so that siblings share what a dead process leaves
GIVEN_UP = {"error_code": "SERVER_ERROR", "message": "The turn was given up, as each process that ran it ended."}


def beat(conn: Connection, process_id: UUID) -> None:
    """A sign of life."""
    conn.execute(
        """
        INSERT INTO processes (process_id) VALUES (%(process_id)s)
        ON CONFLICT (process_id) DO UPDATE SET beat_at = clock_timestamp()
        """,
        {"process_id": process_id},
    )


def forget_process(conn: Connection, process_id: UUID) -> None:
    """The process ends, or is long gone: what it left is anybody's at once."""
    conn.execute(
        "DELETE FROM processes WHERE process_id = %(process_id)s OR beat_at < clock_timestamp() - interval '1 day'",
        {"process_id": process_id},
    )


def take_over_orphans(conn: Connection, process_id: UUID) -> list[Row]:
    """Turns whose process is dead become this one's, with a new epoch; one that was taken over too often has failed.

    Returns turn_id, business_id, conversation_id, message_id, session_id, seq and status of each.
    """
    return conn.execute(
        """
        WITH orphans AS (
            SELECT t.turn_id FROM turns t LEFT JOIN processes p ON p.process_id = t.lease_owner
            WHERE t.status IN ('accepted', 'running') AND t.lease_owner IS DISTINCT FROM %(process_id)s
              AND GREATEST(p.beat_at, t.created_at) < clock_timestamp() - %(silence)s::interval
            ORDER BY t.conversation_id, t.seq LIMIT %(most)s
            FOR NO KEY UPDATE OF t SKIP LOCKED)
        UPDATE turns t SET lease_owner = %(process_id)s, lease_epoch = lease_epoch + 1, takeovers = takeovers + 1,
            status = CASE WHEN takeovers < %(most_takeovers)s THEN 'accepted' ELSE 'failed' END,
            error = CASE WHEN takeovers < %(most_takeovers)s THEN error ELSE %(given_up)s END
        FROM orphans o, conversations c, messages m
        WHERE t.turn_id = o.turn_id AND c.business_id = t.business_id AND c.conversation_id = t.conversation_id
          AND m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        RETURNING t.turn_id, t.business_id, t.conversation_id, m.message_id, c.session_id, t.seq, t.status
        """,
        {
            "process_id": process_id,
            "silence": SILENCE,
            "most": MOST_AT_ONCE,
            "most_takeovers": MOST_TAKEOVERS,
            "given_up": Jsonb(GIVEN_UP),
        },
    ).fetchall()


def list_own(conn: Connection, process_id: UUID) -> list[Row]:
    """The unfinished turns of this process, as `take_over_orphans` returns them."""
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


def listen_for_free(conn: Connection) -> None:
    """Be told on this connection what `turn_ends` announces."""
    conn.execute("LISTEN icmp_turns")
