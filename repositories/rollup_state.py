"""What has to be counted: the tables `analytics_changes`, `analytics_due` and `analytics_state`."""

from datetime import datetime
from uuid import UUID

from db import Connection, Row


def list_due_businesses(conn: Connection, min_seconds: float, limit: int) -> list[UUID]:
    """The businesses with something to count that were last counted at least `min_seconds` ago, the longest ago
    first."""
    rows = conn.execute(
        """
        SELECT b.business_id FROM businesses b
        LEFT JOIN analytics_state s ON s.business_id = b.business_id
        WHERE s.business_id IS NULL
           OR s.rolled_up_at <= clock_timestamp() - make_interval(secs => %(min_seconds)s)
              AND (EXISTS (SELECT FROM analytics_changes c WHERE c.business_id = b.business_id)
                   OR EXISTS (SELECT FROM analytics_due d
                              WHERE d.business_id = b.business_id AND d.due_at <= clock_timestamp()))
        ORDER BY s.rolled_up_at NULLS FIRST LIMIT %(limit)s
        """,
        {"min_seconds": min_seconds, "limit": limit},
    ).fetchall()
    return [row["business_id"] for row in rows]


def lock_state(conn: Connection, business_id: UUID) -> Row:
    """Lock the state of a business, so that nothing else counts it; returns `time_zone`, `complete_from` and
    `settings_time_zone`. The first time, everything that the business has stored is noted as changed.

    Call it after `Connection.use_snapshot`. Raises Conflict if another transaction counts the business at the same
    time, and NotFound if the business was deleted.
    """
    parameters = {"business_id": business_id}
    inserted = conn.execute(
        """
        INSERT INTO analytics_state (business_id) VALUES (%(business_id)s)
        ON CONFLICT (business_id) DO NOTHING
        """,
        parameters,
    )
    if inserted.rowcount:
        note_everything(conn, business_id)
    row = conn.execute(
        """
        UPDATE analytics_state s SET rolled_up_at = clock_timestamp()
        FROM businesses b
        WHERE s.business_id = %(business_id)s AND b.business_id = %(business_id)s
        RETURNING s.time_zone, s.complete_from, b.settings ->> 'timezone' AS settings_time_zone
        """,
        parameters,
    ).fetchone()
    assert row is not None
    return row


def note_everything(conn: Connection, business_id: UUID) -> None:
    """Have everything counted that the business has stored."""
    for statement in _NOTE_EVERYTHING:
        conn.execute(statement, {"business_id": business_id})


# Oldest first, because the latest changes are taken first.
_NOTE_EVERYTHING = (
    """
    INSERT INTO analytics_changes (business_id, turn_bucket)
    SELECT t.business_id, quarter_hour_v1(uuidv7_time_v1(t.turn_id)) AS bucket FROM turns t
    WHERE t.business_id = %(business_id)s
    GROUP BY t.business_id, bucket
    UNION
    SELECT o.business_id, quarter_hour_v1(uuidv7_time_v1(o.takeover_id)) FROM takeovers o
    WHERE o.business_id = %(business_id)s
    ORDER BY bucket
    """,
    """
    INSERT INTO analytics_changes (business_id, conversation_bucket)
    SELECT c.business_id, quarter_hour_v1(c.start_time) AS bucket FROM conversations c
    WHERE c.business_id = %(business_id)s
    GROUP BY c.business_id, bucket ORDER BY bucket
    """,
    # What has figures although nothing is stored any more.
    """
    INSERT INTO analytics_changes (business_id, turn_bucket)
    SELECT t.business_id, t.bucket FROM analytics_turns t
    WHERE t.business_id = %(business_id)s AND t.period = 'quarter_hour'
    GROUP BY t.business_id, t.bucket
    UNION
    SELECT h.business_id, h.bucket FROM analytics_handovers h
    WHERE h.business_id = %(business_id)s AND h.period = 'quarter_hour'
    """,
    """
    INSERT INTO analytics_changes (business_id, conversation_bucket)
    SELECT c.business_id, c.bucket FROM analytics_conversations c
    WHERE c.business_id = %(business_id)s AND c.period = 'quarter_hour'
    GROUP BY c.business_id, c.bucket
    """,
)


def take_changes(conn: Connection, business_id: UUID, limit: int) -> list[Row]:
    """Take the latest changes of up to `limit` quarters of an hour: `bucket`, `has_turns` and `has_conversations`,
    which say what of it has changed. Changes of other quarters of an hour remain."""
    return conn.execute(
        """
        WITH buckets AS (
            SELECT c.turn_bucket AS bucket, c.change_id FROM analytics_changes c
            WHERE c.business_id = %(business_id)s AND c.turn_bucket IS NOT NULL
            UNION ALL
            SELECT c.conversation_bucket, c.change_id FROM analytics_changes c
            WHERE c.business_id = %(business_id)s AND c.conversation_bucket IS NOT NULL),
        left_over AS (
            SELECT max(b.change_id) AS last_id FROM buckets b
            GROUP BY b.bucket ORDER BY last_id DESC OFFSET %(limit)s LIMIT 1),
        taken AS (
            DELETE FROM analytics_changes c
            WHERE c.business_id = %(business_id)s
              AND c.change_id > COALESCE((SELECT left_over.last_id FROM left_over), -1)
            RETURNING c.turn_bucket, c.conversation_bucket, c.conversation_id),
        whole AS (
            SELECT DISTINCT taken.conversation_id FROM taken WHERE taken.conversation_id IS NOT NULL),
        named AS (
            SELECT taken.turn_bucket AS bucket, true AS has_turns, false AS has_conversations FROM taken
            UNION ALL
            SELECT taken.conversation_bucket, false, true FROM taken
            UNION ALL
            SELECT quarter_hour_v1(uuidv7_time_v1(t.turn_id)), true, false FROM whole
            JOIN turns t ON t.business_id = %(business_id)s AND t.conversation_id = whole.conversation_id
            UNION ALL
            SELECT quarter_hour_v1(uuidv7_time_v1(o.takeover_id)), true, false FROM whole
            JOIN takeovers o ON o.business_id = %(business_id)s AND o.conversation_id = whole.conversation_id)
        SELECT n.bucket, bool_or(n.has_turns) AS has_turns, bool_or(n.has_conversations) AS has_conversations
        FROM named n
        WHERE n.bucket IS NOT NULL
        GROUP BY n.bucket ORDER BY n.bucket
        """,
        {"business_id": business_id, "limit": limit},
    ).fetchall()


def take_due(conn: Connection, business_id: UUID, limit: int) -> list[datetime]:
    """Take up to `limit` quarters of an hour in which conversations have ended meanwhile."""
    rows = conn.execute(
        """
        DELETE FROM analytics_due d
        WHERE d.business_id = %(business_id)s AND d.conversation_bucket IN (
            SELECT o.conversation_bucket FROM analytics_due o
            WHERE o.business_id = %(business_id)s AND o.due_at <= now()
            ORDER BY o.due_at LIMIT %(limit)s)
        RETURNING d.conversation_bucket
        """,
        {"business_id": business_id, "limit": limit},
    ).fetchall()
    return [row["conversation_bucket"] for row in rows]


def has_more(conn: Connection, business_id: UUID) -> bool:
    """Whether there is something to count."""
    row = conn.execute(
        """
        SELECT EXISTS (SELECT FROM analytics_changes c WHERE c.business_id = %(business_id)s)
            OR EXISTS (SELECT FROM analytics_due d
                       WHERE d.business_id = %(business_id)s AND d.due_at <= now()) AS has_more
        """,
        {"business_id": business_id},
    ).fetchone()
    return row is not None and row["has_more"]


def delete_due(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Forget when conversations end that started from `since` to before `until`, because they are counted again."""
    conn.execute(
        """
        DELETE FROM analytics_due
        WHERE business_id = %(business_id)s AND conversation_bucket >= %(since)s AND conversation_bucket < %(until)s
        """,
        {"business_id": business_id, "since": since, "until": until},
    )


def set_time_zone(conn: Connection, business_id: UUID, name: str) -> None:
    """Store the time zone of the days."""
    conn.execute(
        "UPDATE analytics_state SET time_zone = %(name)s WHERE business_id = %(business_id)s",
        {"business_id": business_id, "name": name},
    )


def let_continue(conn: Connection, business_id: UUID) -> None:
    """Have the rest of the changes counted without waiting."""
    conn.execute(
        "UPDATE analytics_state SET rolled_up_at = '-infinity' WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    )


def set_complete_from(conn: Connection, business_id: UUID, time: datetime) -> None:
    """Keep the figures of earlier times as they are."""
    conn.execute(
        """
        UPDATE analytics_state SET complete_from = GREATEST(complete_from, %(time)s)
        WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id, "time": time},
    )


def get_extent(conn: Connection, business_id: UUID) -> Row:
    """`first` and `last`: the earliest and the latest quarter of an hour in which the business has something that is
    counted, or figures. NULL if there is none."""
    row = conn.execute(
        """
        SELECT quarter_hour_v1(min(at)) AS first, quarter_hour_v1(max(at)) AS last
        FROM (
            (SELECT uuidv7_time_v1(t.turn_id) AS at FROM turns t WHERE t.business_id = %(business_id)s
             ORDER BY t.turn_id LIMIT 1)
            UNION ALL
            (SELECT uuidv7_time_v1(t.turn_id) FROM turns t WHERE t.business_id = %(business_id)s
             ORDER BY t.turn_id DESC LIMIT 1)
            UNION ALL
            (SELECT uuidv7_time_v1(o.takeover_id) FROM takeovers o WHERE o.business_id = %(business_id)s
             ORDER BY o.takeover_id LIMIT 1)
            UNION ALL
            (SELECT uuidv7_time_v1(o.takeover_id) FROM takeovers o WHERE o.business_id = %(business_id)s
             ORDER BY o.takeover_id DESC LIMIT 1)
            UNION ALL
            (SELECT c.start_time FROM conversations c WHERE c.business_id = %(business_id)s
             ORDER BY c.start_time LIMIT 1)
            UNION ALL
            (SELECT c.start_time FROM conversations c WHERE c.business_id = %(business_id)s
             ORDER BY c.start_time DESC LIMIT 1)
            UNION ALL
            SELECT min(f.bucket) FROM analytics_turns f
            WHERE f.business_id = %(business_id)s AND f.period = 'quarter_hour'
            UNION ALL
            SELECT max(f.bucket) FROM analytics_turns f
            WHERE f.business_id = %(business_id)s AND f.period = 'quarter_hour'
            UNION ALL
            SELECT min(f.bucket) FROM analytics_conversations f
            WHERE f.business_id = %(business_id)s AND f.period = 'quarter_hour'
            UNION ALL
            SELECT max(f.bucket) FROM analytics_conversations f
            WHERE f.business_id = %(business_id)s AND f.period = 'quarter_hour') AS times
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return row
