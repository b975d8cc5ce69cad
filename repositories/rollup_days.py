"""The figures of days, which are the sums of those of their quarters of an hour; and what both have in common."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from db import Connection, Row

TABLES = (
    "analytics_turns",
    "analytics_calls",
    "analytics_fields",
    "analytics_actions",
    "analytics_handovers",
    "analytics_conversations",
    "analytics_paths",
)
TABLES_OF_TURNS = TABLES[:5]
TABLES_OF_CONVERSATIONS = TABLES[5:]

_DELETE = """
    DELETE FROM {table}
    WHERE business_id = %(business_id)s AND period = ANY (%(periods)s) AND bucket >= %(since)s AND bucket < %(until)s
"""
_DELETES = {table: _DELETE.replace("{table}", table) for table in TABLES}
# The digest of a bucket's rows, whatever their order. The IDs of rows differ each time.
_DIGEST = """
    SELECT period, bucket, md5(string_agg(line, E'\n' ORDER BY line COLLATE "C")) AS digest
    FROM (SELECT t.period, t.bucket, (to_jsonb(t) - 'row_id')::text AS line FROM {table} t
          WHERE t.business_id = %(business_id)s AND t.bucket >= %(since)s AND t.bucket < %(until)s) AS lines
    GROUP BY period, bucket
"""
_DIGESTS = {table: _DIGEST.replace("{table}", table) for table in TABLES}

Digests = dict[tuple[str, str, datetime], str]


def delete_quarter_hours(
    conn: Connection, business_id: UUID, tables: Sequence[str], since: datetime, until: datetime
) -> None:
    """Delete the figures of the quarters of an hour from `since` to before `until` from some of TABLES."""
    parameters = {"business_id": business_id, "periods": ["quarter_hour"], "since": since, "until": until}
    for statement in map(_DELETES.__getitem__, tables):
        conn.execute(statement, parameters)


def delete_days(conn: Connection, business_id: UUID) -> None:
    """Delete the figures of all days."""
    parameters = {
        "business_id": business_id,
        "periods": ["day", "day_total"],
        "since": "-infinity",
        "until": "infinity",
    }
    for statement in _DELETES.values():
        conn.execute(statement, parameters)


def read_digests(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> Digests:
    """A digest of the figures of each table, period and bucket from `since` to before `until`."""
    parameters = {"business_id": business_id, "since": since, "until": until}
    return {
        (table, row["period"], row["bucket"]): row["digest"]
        for table, statement in _DIGESTS.items()
        for row in conn.execute(statement, parameters).fetchall()
    }


def get_extent(conn: Connection, business_id: UUID) -> Row:
    """`first` and `last`: the earliest and the latest quarter of an hour with figures. NULL without figures."""
    row = conn.execute(
        """
        SELECT LEAST(turns.first, conversations.first, handovers.first) AS first,
               GREATEST(turns.last, conversations.last, handovers.last) AS last
        FROM (SELECT min(bucket) AS first, max(bucket) AS last FROM analytics_turns
              WHERE business_id = %(business_id)s AND period = 'quarter_hour') AS turns,
             (SELECT min(bucket) AS first, max(bucket) AS last FROM analytics_conversations
              WHERE business_id = %(business_id)s AND period = 'quarter_hour') AS conversations,
             (SELECT min(bucket) AS first, max(bucket) AS last FROM analytics_handovers
              WHERE business_id = %(business_id)s AND period = 'quarter_hour') AS handovers
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return row


def replace_day(conn: Connection, business_id: UUID, start: datetime, end: datetime) -> None:
    """Add up the quarters of an hour of the day from `start` to before `end`."""
    parameters = {"business_id": business_id, "periods": ["day"], "since": start, "until": end}
    for statement in (*_DELETES.values(), *_INSERT_DAY):
        conn.execute(statement, {**parameters, "start": start, "end": end})
    replace_totals(conn, business_id, start, end)


def replace_totals(conn: Connection, business_id: UUID, start: datetime, end: datetime) -> None:
    """Add up the rows of the day from `start` to before `end`, for reports without filters."""
    parameters = {"business_id": business_id, "periods": ["day_total"], "since": start, "until": end}
    for statement in (*_DELETES.values(), *_INSERT_TOTALS):
        conn.execute(statement, {**parameters, "start": start})


_INSERT_DAY = (
    """
    INSERT INTO analytics_turns (business_id, period, bucket, channel, language, stage_before, stage_id, agent_id,
        release_id, turns, completed, failed, held, by_model, by_rules, by_fallback, handed_over, with_missing_fields,
        rated_good, rated_bad, marked_good, marked_bad, confidence, first_token, full_answer, queueing, calls,
        failed_calls, unpriced_calls, prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost_usd)
    SELECT business_id, 'day', %(start)s, channel, language, stage_before, stage_id, agent_id, release_id, sum(turns),
        sum(completed), sum(failed), sum(held), sum(by_model), sum(by_rules), sum(by_fallback), sum(handed_over),
        sum(with_missing_fields), sum(rated_good), sum(rated_bad), sum(marked_good), sum(marked_bad),
        merged_histogram_v1(confidence), merged_histogram_v1(first_token),
        merged_histogram_v1(full_answer), merged_histogram_v1(queueing), sum(calls), sum(failed_calls),
        sum(unpriced_calls), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens), sum(reasoning_tokens),
        sum(cost_usd)
    FROM analytics_turns
    WHERE business_id = %(business_id)s AND period = 'quarter_hour' AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY business_id, channel, language, stage_before, stage_id, agent_id, release_id
    """,
    """
    INSERT INTO analytics_calls (business_id, period, bucket, channel, language, stage_id, agent_id, release_id, step,
        model, template_id, template_version, calls, failed, unpriced, prompt_tokens, completion_tokens,
        cached_tokens, reasoning_tokens, cost_usd, latency)
    SELECT business_id, 'day', %(start)s, channel, language, stage_id, agent_id, release_id, step, model, template_id,
        template_version, sum(calls), sum(failed), sum(unpriced), sum(prompt_tokens), sum(completion_tokens),
        sum(cached_tokens), sum(reasoning_tokens), sum(cost_usd), merged_histogram_v1(latency)
    FROM analytics_calls
    WHERE business_id = %(business_id)s AND period = 'quarter_hour' AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY business_id, channel, language, stage_id, agent_id, release_id, step, model, template_id,
        template_version
    """,
    """
    INSERT INTO analytics_fields (business_id, period, bucket, channel, language, stage_id, agent_id, release_id, field,
        found, corrected, rejected, missing)
    SELECT business_id, 'day', %(start)s, channel, language, stage_id, agent_id, release_id, field, sum(found),
        sum(corrected), sum(rejected), sum(missing)
    FROM analytics_fields
    WHERE business_id = %(business_id)s AND period = 'quarter_hour' AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY business_id, channel, language, stage_id, agent_id, release_id, field
    """,
    """
    INSERT INTO analytics_actions (business_id, period, bucket, channel, language, stage_id, agent_id, release_id,
        action, outcome, actions)
    SELECT business_id, 'day', %(start)s, channel, language, stage_id, agent_id, release_id, action, outcome,
        sum(actions)
    FROM analytics_actions
    WHERE business_id = %(business_id)s AND period = 'quarter_hour' AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY business_id, channel, language, stage_id, agent_id, release_id, action, outcome
    """,
    """
    INSERT INTO analytics_conversations (business_id, period, bucket, channel, language, stage_id, agent_id, release_id,
        conversations, resolved, handed_over, abandoned, open, reopened, customer_messages, assistant_messages,
        staff_messages, ratings)
    SELECT business_id, 'day', %(start)s, channel, language, stage_id, agent_id, release_id, sum(conversations),
        sum(resolved), sum(handed_over), sum(abandoned), sum(open), sum(reopened), sum(customer_messages),
        sum(assistant_messages), sum(staff_messages), merged_histogram_v1(ratings)
    FROM analytics_conversations
    WHERE business_id = %(business_id)s AND period = 'quarter_hour' AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY business_id, channel, language, stage_id, agent_id, release_id
    """,
    """
    INSERT INTO analytics_paths (business_id, period, bucket, channel, language, release_id, path, conversations,
        entered_ms)
    SELECT s.business_id, 'day', %(start)s, s.channel, s.language, s.release_id, s.path, max(s.conversations),
        array_agg(s.entered_ms ORDER BY s.place)
    FROM (
        SELECT p.business_id, p.channel, p.language, p.release_id, p.path, reached.place,
               sum(p.conversations) AS conversations, sum(reached.entered_ms)::bigint AS entered_ms
        FROM analytics_paths p
        CROSS JOIN LATERAL unnest(p.entered_ms) WITH ORDINALITY AS reached (entered_ms, place)
        WHERE p.business_id = %(business_id)s AND p.period = 'quarter_hour' AND p.bucket >= %(start)s
          AND p.bucket < %(end)s
        GROUP BY p.business_id, p.channel, p.language, p.release_id, p.path, reached.place) AS s
    GROUP BY s.business_id, s.channel, s.language, s.release_id, s.path
    """,
    """
    INSERT INTO analytics_handovers (business_id, period, bucket, channel, language, reason, person_id, handovers,
        answered, waiting)
    SELECT business_id, 'day', %(start)s, channel, language, reason, person_id, sum(handovers), sum(answered),
        merged_histogram_v1(waiting)
    FROM analytics_handovers
    WHERE business_id = %(business_id)s AND period = 'quarter_hour' AND bucket >= %(start)s AND bucket < %(end)s
    GROUP BY business_id, channel, language, reason, person_id
    """,
)

_INSERT_TOTALS = (
    """
    INSERT INTO analytics_turns (business_id, period, bucket, channel, turns, completed, failed, held, by_model,
        by_rules, by_fallback, handed_over, with_missing_fields, rated_good, rated_bad, marked_good, marked_bad,
        confidence, first_token, full_answer, queueing, calls, failed_calls, unpriced_calls, prompt_tokens,
        completion_tokens, cached_tokens, reasoning_tokens, cost_usd)
    SELECT business_id, 'day_total', bucket, '', sum(turns), sum(completed), sum(failed), sum(held), sum(by_model),
        sum(by_rules), sum(by_fallback), sum(handed_over), sum(with_missing_fields), sum(rated_good), sum(rated_bad),
        sum(marked_good), sum(marked_bad), merged_histogram_v1(confidence), merged_histogram_v1(first_token),
        merged_histogram_v1(full_answer), merged_histogram_v1(queueing), sum(calls), sum(failed_calls),
        sum(unpriced_calls), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens), sum(reasoning_tokens),
        sum(cost_usd)
    FROM analytics_turns
    WHERE business_id = %(business_id)s AND period = 'day' AND bucket = %(start)s
    GROUP BY business_id, bucket
    """,
    """
    INSERT INTO analytics_calls (business_id, period, bucket, channel, step, model, calls, failed, unpriced,
        prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost_usd, latency)
    SELECT business_id, 'day_total', bucket, '', step, '', sum(calls), sum(failed), sum(unpriced), sum(prompt_tokens),
        sum(completion_tokens), sum(cached_tokens), sum(reasoning_tokens), sum(cost_usd), merged_histogram_v1(latency)
    FROM analytics_calls
    WHERE business_id = %(business_id)s AND period = 'day' AND bucket = %(start)s
    GROUP BY business_id, bucket, step
    """,
)
