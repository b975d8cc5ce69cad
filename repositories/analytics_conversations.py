"""Figures of conversations: `analytics_conversations`, `analytics_paths` and `analytics_handovers`. `slot` is the
number of a period."""

from collections.abc import Sequence
from uuid import UUID

from db import Connection, Row
from repositories.analytics_scope import Scope


def sum_conversations(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """The sums per slot."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot, sum(conversations)::integer AS conversations,
               sum(resolved)::integer AS resolved, sum(handed_over)::integer AS handed_over,
               sum(abandoned)::integer AS abandoned, sum(open)::integer AS open, sum(reopened)::integer AS reopened,
               sum(customer_messages + assistant_messages + staff_messages)::integer AS messages
        FROM analytics_conversations
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
        GROUP BY 1
        ORDER BY 1
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()


def rating_bins(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """How many conversations customers rated 1, 2, 3, 4 or 5 (`bin`): `times`, per slot."""
    return conn.execute(
        """
        SELECT width_bucket(c.bucket, %(starts)s::timestamptz[]) AS slot, b.bin, sum(b.times)::integer AS times
        FROM analytics_conversations c CROSS JOIN LATERAL histogram_bins_v1(c.ratings) AS b
        WHERE c.business_id = %(business_id)s AND c.period = %(period)s
          AND c.bucket >= %(start)s AND c.bucket < %(end)s
          AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
          AND (%(language)s::text IS NULL OR c.language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR c.stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR c.agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR c.release_id = ANY (%(release_ids)s))
        GROUP BY 1, 2
        ORDER BY 1, 2
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()


def sum_conversions(conn: Connection, business_id: UUID, scope: Scope, stage_ids: Sequence[UUID]) -> list[Row]:
    """How many conversations reached each of these stages in this order, perhaps with others in between, per release:
    release_id, step (from 1), reached, and the sum of `milliseconds` since the previous one."""
    return conn.execute(
        """
        WITH grouped AS (
            SELECT p.release_id, p.path, s.step, array_position(p.path, s.stage_id) AS place,
                   sum(p.conversations) AS conversations,
                   sum(p.entered_ms[array_position(p.path, s.stage_id)]) AS entered_ms
            FROM analytics_paths p
            CROSS JOIN unnest(%(stage_ids)s::uuid[]) WITH ORDINALITY AS s (stage_id, step)
            WHERE p.business_id = %(business_id)s AND p.period = %(period)s
              AND p.bucket >= %(start)s AND p.bucket < %(end)s
              AND p.path @> (%(stage_ids)s::uuid[])[1:1]
              AND (%(channel)s::text IS NULL OR p.channel = %(channel)s)
              AND (%(language)s::text IS NULL OR p.language = %(language)s)
              AND (%(release_ids)s::uuid[] IS NULL OR p.release_id = ANY (%(release_ids)s))
            GROUP BY 1, 2, 3, 4),
        compared AS (
            SELECT *, place > lag(place, 1, 0) OVER steps AS is_next,
                   entered_ms - lag(entered_ms) OVER steps AS milliseconds
            FROM grouped WINDOW steps AS (PARTITION BY release_id, path ORDER BY step)),
        followed AS (
            SELECT *, bool_and(COALESCE(is_next, false)) OVER steps AS is_reached
            FROM compared WINDOW steps AS (PARTITION BY release_id, path ORDER BY step))
        SELECT release_id, step::integer AS step,
               COALESCE(sum(conversations) FILTER (WHERE is_reached), 0)::integer AS reached,
               COALESCE(sum(milliseconds) FILTER (WHERE is_reached), 0)::bigint AS milliseconds
        FROM followed
        GROUP BY 1, 2
        ORDER BY 1, 2
        """,
        {**scope.parameters, "business_id": business_id, "stage_ids": list(stage_ids)},
    ).fetchall()


def sum_handovers(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """How many conversations went to people, and how many of these a person answered, per slot, reason and person."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot, reason, person_id,
               sum(handovers)::integer AS handovers, sum(answered)::integer AS answered
        FROM analytics_handovers
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
        GROUP BY 1, 2, 3
        ORDER BY 1, 4 DESC, 2, 3
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()


def waiting_bins(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """The bins of the time until a person wrote, with how many handovers they contain (`times`), per slot, reason and
    person."""
    return conn.execute(
        """
        SELECT width_bucket(h.bucket, %(starts)s::timestamptz[]) AS slot, h.reason, h.person_id, b.bin,
               sum(b.times)::integer AS times
        FROM analytics_handovers h CROSS JOIN LATERAL histogram_bins_v1(h.waiting) AS b
        WHERE h.business_id = %(business_id)s AND h.period = %(period)s
          AND h.bucket >= %(start)s AND h.bucket < %(end)s
          AND (%(channel)s::text IS NULL OR h.channel = %(channel)s)
          AND (%(language)s::text IS NULL OR h.language = %(language)s)
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()
