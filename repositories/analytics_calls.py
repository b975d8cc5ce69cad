"""Figures of calls to models: `analytics_calls`. `slot` is the number of a period."""

from typing import Literal
from uuid import UUID

from db import Connection, Row
from repositories.analytics_scope import Scope

GroupBy = Literal["step", "model", "template", "channel"]


def sum_calls(conn: Connection, business_id: UUID, scope: Scope, group_by: GroupBy) -> list[Row]:
    """The sums per slot and step, model, version of a template, or channel. The other names are None."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot,
               CASE WHEN %(group_by)s = 'step' THEN step END AS step,
               CASE WHEN %(group_by)s = 'model' THEN model END AS model,
               CASE WHEN %(group_by)s = 'template' THEN template_id END AS template_id,
               CASE WHEN %(group_by)s = 'template' THEN template_version END AS template_version,
               CASE WHEN %(group_by)s = 'channel' THEN channel END AS channel,
               sum(calls)::integer AS calls, sum(failed)::integer AS failed, sum(unpriced)::integer AS unpriced_calls,
               sum(prompt_tokens)::bigint AS prompt_tokens, sum(completion_tokens)::bigint AS completion_tokens,
               sum(cost_usd) AS cost_usd
        FROM analytics_calls
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
        GROUP BY 1, 2, 3, 4, 5, 6
        ORDER BY 1, 12 DESC, 7 DESC, 2, 3, 4, 5, 6
        """,
        {**scope.parameters, "business_id": business_id, "group_by": group_by},
    ).fetchall()


def latency_bins(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """The bins of the time that calls took, with how many calls they contain (`times`), per slot and step."""
    return conn.execute(
        """
        SELECT h.slot, h.step, h.latency[h.place][1] AS bin, sum(h.latency[h.place][2])::integer AS times
        FROM (
            SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot, step, latency,
                   generate_subscripts(latency, 1) AS place
            FROM analytics_calls
            WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
              AND (%(channel)s::text IS NULL OR channel = %(channel)s)
              AND (%(language)s::text IS NULL OR language = %(language)s)
              AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
              AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
              AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))) AS h
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3
        """,
        {**scope.totals, "business_id": business_id},
    ).fetchall()
