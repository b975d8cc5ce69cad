"""Figures of turns: `analytics_turns`, `analytics_fields` and `analytics_actions`. `slot` is the number of a period."""

from typing import Literal
from uuid import UUID

from db import Connection, Row
from repositories.analytics_scope import Scope

Histogram = Literal["first_token", "full_answer", "queueing", "confidence"]


def sum_turns(conn: Connection, business_id: UUID, scope: Scope, *, by_stage: bool = False) -> list[Row]:
    """The sums per slot, and per stage if `by_stage`; otherwise `stage_id` is None. Not the histograms."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot,
               CASE WHEN %(by_stage)s THEN stage_id END AS stage_id,
               sum(turns)::integer AS turns, sum(completed)::integer AS completed, sum(failed)::integer AS failed,
               sum(held)::integer AS held, sum(by_model)::integer AS by_model, sum(by_rules)::integer AS by_rules,
               sum(by_fallback)::integer AS by_fallback, sum(with_missing_fields)::integer AS with_missing_fields,
               sum(rated_good)::integer AS rated_good, sum(rated_bad)::integer AS rated_bad,
               sum(marked_good)::integer AS marked_good, sum(marked_bad)::integer AS marked_bad,
               sum(unpriced_calls)::integer AS unpriced_calls, sum(prompt_tokens)::bigint AS prompt_tokens,
               sum(completion_tokens)::bigint AS completion_tokens, sum(cost_usd) AS cost_usd
        FROM analytics_turns
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
        GROUP BY 1, 2
        ORDER BY 1, 2
        """,
        {**(scope.parameters if by_stage else scope.totals), "business_id": business_id, "by_stage": by_stage},
    ).fetchall()


def turn_bins(
    conn: Connection, business_id: UUID, scope: Scope, histogram: Histogram, *, by_stage: bool = False
) -> list[Row]:
    """The bins of a histogram, with how many turns they contain (`times`), per slot, and per stage if `by_stage`."""
    return conn.execute(
        """
        SELECT h.slot, h.stage_id, h.bins[h.place][1] AS bin, sum(h.bins[h.place][2])::integer AS times
        FROM (
            SELECT t.slot, t.stage_id, t.bins, generate_subscripts(t.bins, 1) AS place
            FROM (
                SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot,
                       CASE WHEN %(by_stage)s THEN stage_id END AS stage_id,
                       CASE %(histogram)s WHEN 'first_token' THEN first_token
                                          WHEN 'full_answer' THEN full_answer
                                          WHEN 'queueing' THEN queueing
                                          ELSE confidence END AS bins
                FROM analytics_turns
                WHERE business_id = %(business_id)s AND period = %(period)s
                  AND bucket >= %(start)s AND bucket < %(end)s
                  AND (%(channel)s::text IS NULL OR channel = %(channel)s)
                  AND (%(language)s::text IS NULL OR language = %(language)s)
                  AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
                  AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
                  AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))) AS t) AS h
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3
        """,
        {
            **(scope.parameters if by_stage else scope.totals),
            "business_id": business_id,
            "by_stage": by_stage,
            "histogram": histogram,
        },
    ).fetchall()


def sum_transitions(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """How many answered turns led from one stage (None: the conversation started) to another, or stayed in it."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot, stage_before AS from_stage_id,
               stage_id AS to_stage_id, sum(completed)::integer AS turns
        FROM analytics_turns
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND completed > 0 AND stage_id IS NOT NULL
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
        GROUP BY 1, 2, 3
        ORDER BY 1, 4 DESC, 3, 2
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()


def sum_fields(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """What extraction found, per slot, stage and field."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot, stage_id, field, sum(found)::integer AS found,
               sum(corrected)::integer AS corrected, sum(rejected)::integer AS rejected,
               sum(missing)::integer AS missing
        FROM analytics_fields
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()


def sum_actions(conn: Connection, business_id: UUID, scope: Scope) -> list[Row]:
    """What became of actions, per slot, stage, action and outcome."""
    return conn.execute(
        """
        SELECT width_bucket(bucket, %(starts)s::timestamptz[]) AS slot, stage_id, action, outcome,
               sum(actions)::integer AS actions
        FROM analytics_actions
        WHERE business_id = %(business_id)s AND period = %(period)s AND bucket >= %(start)s AND bucket < %(end)s
          AND (%(channel)s::text IS NULL OR channel = %(channel)s)
          AND (%(language)s::text IS NULL OR language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,
        {**scope.parameters, "business_id": business_id},
    ).fetchall()
