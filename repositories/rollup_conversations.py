"""The figures of conversations per quarter of an hour: `analytics_conversations`, `analytics_paths` and
`analytics_handovers`.

Each function inserts the rows of the quarters of an hour from `since` to before `until`, after these have been deleted.
A conversation belongs to the quarter of an hour in which it started. `counted_conversations_v1`
(migrations/53_conversation_outcome.sql) decides which conversations count, and as what.
"""

from datetime import datetime
from uuid import UUID

from db import Connection


def insert_conversations(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count conversations by their outcome, and note when open ones will have ended."""
    conn.execute(
        """
        WITH counted AS (
            SELECT quarter_hour_v1(c.start_time) AS bucket, c.*, rated.rating
            FROM counted_conversations_v1(%(business_id)s, %(since)s, %(until)s) AS c
            LEFT JOIN conversation_ratings rated ON rated.business_id = %(business_id)s
                AND rated.conversation_id = c.conversation_id),
        due AS (
            INSERT INTO analytics_due (business_id, conversation_bucket, due_at)
            SELECT %(business_id)s, c.bucket, min(c.ends_at) FROM counted c
            WHERE c.outcome = 'open'
            GROUP BY c.bucket)
        INSERT INTO analytics_conversations (business_id, period, bucket, channel, language, stage_id, agent_id,
            release_id, conversations, resolved, handed_over, abandoned, open, reopened, customer_messages,
            assistant_messages, staff_messages, ratings)
        SELECT %(business_id)s, 'quarter_hour', c.bucket, c.channel, c.language, c.stage_id, c.agent_id, c.release_id,
            count(*), count(*) FILTER (WHERE c.outcome = 'resolved'),
            count(*) FILTER (WHERE c.outcome = 'handed_over'), count(*) FILTER (WHERE c.outcome = 'abandoned'),
            count(*) FILTER (WHERE c.outcome = 'open'), count(*) FILTER (WHERE c.is_reopened), sum(c.by_customer),
            sum(c.by_assistant), sum(c.by_staff), histogram_v1(array_agg(c.rating::integer))
        FROM counted c
        GROUP BY c.bucket, c.channel, c.language, c.stage_id, c.agent_id, c.release_id
        """,
        {"business_id": business_id, "since": since, "until": until},
    )


def insert_paths(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count conversations by the stages that answered turns have entered, in the order of the first time."""
    conn.execute(
        """
        WITH entered AS (
            SELECT quarter_hour_v1(c.start_time) AS bucket, c.conversation_id, c.channel, c.language, t.stage_id,
                   min(t.seq) AS first_seq, min(t.created_at) AS first_at,
                   GREATEST(0, round(extract(epoch FROM min(t.created_at) - c.start_time) * 1000))::bigint AS after_ms
            FROM conversations c
            JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
            JOIN turns t ON t.business_id = c.business_id AND t.conversation_id = c.conversation_id
            WHERE c.business_id = %(business_id)s AND c.start_time >= %(since)s AND c.start_time < %(until)s
              AND NOT c.is_copy AND NOT u.is_test AND t.status = 'completed' AND t.stage_id IS NOT NULL
            GROUP BY c.start_time, c.conversation_id, c.channel, c.language, t.stage_id),
        walked AS (
            SELECT e.bucket, e.channel, e.language, first.release_id,
                   array_agg(e.stage_id ORDER BY e.first_at, e.first_seq) AS path,
                   array_agg(e.after_ms ORDER BY e.first_at, e.first_seq) AS after_ms
            FROM entered e
            LEFT JOIN LATERAL (
                SELECT t.release_id FROM turns t
                WHERE t.business_id = %(business_id)s AND t.conversation_id = e.conversation_id
                  AND t.status IN ('completed', 'failed', 'held') AND t.release_id IS NOT NULL
                ORDER BY t.seq LIMIT 1) AS first ON true
            GROUP BY e.bucket, e.conversation_id, e.channel, e.language, first.release_id),
        summed AS (
            SELECT w.bucket, w.channel, w.language, w.release_id, w.path, reached.place, count(*) AS conversations,
                   sum(reached.after_ms) AS after_ms
            FROM walked w
            CROSS JOIN LATERAL unnest(w.after_ms) WITH ORDINALITY AS reached (after_ms, place)
            GROUP BY w.bucket, w.channel, w.language, w.release_id, w.path, reached.place)
        INSERT INTO analytics_paths (business_id, period, bucket, channel, language, release_id, path, conversations,
            entered_ms)
        SELECT %(business_id)s, 'quarter_hour', s.bucket, s.channel, s.language, s.release_id, s.path,
            max(s.conversations), array_agg(s.after_ms::bigint ORDER BY s.place)
        FROM summed s
        GROUP BY s.bucket, s.channel, s.language, s.release_id, s.path
        """,
        {"business_id": business_id, "since": since, "until": until},
    )


def insert_handovers(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count when conversations went from the AI to people, and how long it took until one of them wrote. A takeover
    that follows another one without a release in between continues it."""
    conn.execute(
        """
        WITH handed AS (
            SELECT quarter_hour_v1(uuidv7_time_v1(o.takeover_id)) AS bucket, c.channel, c.language, o.reason,
                   COALESCE(o.assignee_id, o.user_id, next.assignee_id, next.user_id) AS person_id,
                   extract(epoch FROM written.at - o.started_at) * 1000 AS waiting_ms
            FROM takeovers o
            JOIN conversations c ON c.business_id = o.business_id AND c.conversation_id = o.conversation_id
            JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
            LEFT JOIN LATERAL (
                SELECT p.takeover_id, p.answer FROM takeovers p
                WHERE p.business_id = %(business_id)s AND p.conversation_id = o.conversation_id
                  AND p.takeover_id < o.takeover_id
                ORDER BY p.takeover_id DESC LIMIT 1) AS previous ON true
            LEFT JOIN LATERAL (
                SELECT n.assignee_id, n.user_id FROM takeovers n
                WHERE n.business_id = %(business_id)s AND n.conversation_id = o.conversation_id
                  AND n.takeover_id > o.takeover_id AND o.answer IS NULL
                ORDER BY n.takeover_id LIMIT 1) AS next ON true
            LEFT JOIN LATERAL (
                SELECT r.ended_at FROM takeovers r
                WHERE r.business_id = %(business_id)s AND r.conversation_id = o.conversation_id
                  AND r.takeover_id >= o.takeover_id AND r.answer IS NOT NULL
                ORDER BY r.takeover_id LIMIT 1) AS released ON true
            LEFT JOIN LATERAL (
                SELECT m.created_at AS at FROM messages m
                WHERE m.business_id = %(business_id)s AND m.conversation_id = o.conversation_id
                  AND m.sender_type = 'agent' AND m.created_at >= o.started_at
                  AND m.created_at <= COALESCE(released.ended_at, 'infinity')
                ORDER BY m.seq LIMIT 1) AS written ON true
            WHERE o.business_id = %(business_id)s
              AND o.takeover_id >= lowest_uuidv7(%(since)s) AND o.takeover_id < lowest_uuidv7(%(until)s)
              AND NOT (previous.takeover_id IS NOT NULL AND previous.answer IS NULL)
              AND NOT c.is_copy AND NOT u.is_test)
        INSERT INTO analytics_handovers (business_id, period, bucket, channel, language, reason, person_id, handovers,
            answered, waiting)
        SELECT %(business_id)s, 'quarter_hour', h.bucket, h.channel, h.language, h.reason, h.person_id, count(*),
            count(h.waiting_ms), histogram_v1(array_agg(duration_bin_v1(h.waiting_ms)))
        FROM handed h
        GROUP BY h.bucket, h.channel, h.language, h.reason, h.person_id
        """,
        {"business_id": business_id, "since": since, "until": until},
    )
