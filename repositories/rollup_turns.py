"""The figures of turns per quarter of an hour: `analytics_turns`, `analytics_calls`, `analytics_fields` and
`analytics_actions`.

Each function inserts the rows of the quarters of an hour from `since` to before `until`, after these have been deleted.
Only turns that have ended count, those of test customers do not. A turn belongs to the quarter of an hour in its ID.
"""

from datetime import datetime
from uuid import UUID

from db import Connection


def insert_turns(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count turns, with their calls and how long they took.

    The first token of a turn counts when the customer sees it: not before the other steps are done. Durations of turns
    that waited for a person are left out, and so are those that a later turn answered.
    """
    conn.execute(
        """
        WITH counted AS (
            SELECT quarter_hour_v1(uuidv7_time_v1(t.turn_id)) AS bucket, t.turn_id, t.status, t.engine,
                   t.stage_before, t.stage_id, t.release_id, t.confidence, t.created_at, t.started_at,
                   t.decision @> '{"handed_over": true}' AS is_handed_over,
                   (t.decision #>> '{agent,agent_id}')::uuid AS agent_id, c.channel, c.language,
                   t.first_message_seq IS NULL AND t.answered_by IS NULL AND t.status <> 'held' AS is_timed,
                   CASE WHEN t.status = 'completed' AND t.first_message_seq IS NULL AND t.answered_by IS NULL
                        THEN t.completed_at END AS answered_at
            FROM turns t
            JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
            JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
            WHERE t.business_id = %(business_id)s
              AND t.turn_id >= lowest_uuidv7(%(since)s) AND t.turn_id < lowest_uuidv7(%(until)s)
              AND t.status IN ('completed', 'failed', 'held') AND NOT c.is_copy AND NOT u.is_test),
        measured AS (
            SELECT t.*, steps.has_missing, calls.*, customer.rating AS customer_rating, staff.rating AS staff_rating,
                   extract(epoch FROM t.answered_at - t.created_at) * 1000 AS answer_ms,
                   CASE WHEN calls.first_token_at IS NULL THEN extract(epoch FROM t.answered_at - t.created_at) * 1000
                        ELSE extract(epoch FROM GREATEST(calls.first_token_at, steps.others_finished_at)
                                                - t.created_at) * 1000 END AS token_ms,
                   CASE WHEN t.is_timed THEN extract(epoch FROM t.started_at - t.created_at) * 1000 END AS queueing_ms
            FROM counted t
            CROSS JOIN LATERAL (
                SELECT max(s.finished_at) FILTER (WHERE s.step <> 'response') AS others_finished_at,
                       max(s.attempt) FILTER (WHERE s.step = 'response') AS response_attempt,
                       bool_or(s.step = 'extraction' AND s.output -> 'missing' <> '[]') AS has_missing
                FROM turn_steps s
                WHERE s.business_id = %(business_id)s AND s.turn_id = t.turn_id AND s.place = 0
                  AND s.turn_id >= lowest_uuidv7(%(since)s) AND s.turn_id < lowest_uuidv7(%(until)s)) AS steps
            CROSS JOIN LATERAL (
                SELECT count(*) AS calls, count(*) FILTER (WHERE l.status = 'failed') AS failed_calls,
                       count(*) FILTER (WHERE l.status = 'completed' AND l.cost_usd IS NULL) AS unpriced_calls,
                       COALESCE(sum(l.prompt_tokens), 0) AS prompt_tokens,
                       COALESCE(sum(l.completion_tokens), 0) AS completion_tokens,
                       COALESCE(sum(l.cached_tokens), 0) AS cached_tokens,
                       COALESCE(sum(l.reasoning_tokens), 0) AS reasoning_tokens,
                       COALESCE(sum(l.cost_usd), 0) AS cost_usd,
                       min(l.created_at + l.first_token_ms * interval '1 millisecond') FILTER (
                           WHERE l.step = 'response' AND l.status = 'completed'
                             AND l.step_attempt = steps.response_attempt) AS first_token_at
                FROM llm_calls l
                WHERE l.business_id = %(business_id)s AND l.turn_id = t.turn_id
                  AND l.call_id >= lowest_uuidv7(%(since)s)) AS calls
            LEFT JOIN message_feedback customer ON customer.business_id = %(business_id)s
                AND customer.turn_id = t.turn_id AND customer.source = 'customer'
            LEFT JOIN message_feedback staff ON staff.business_id = %(business_id)s
                AND staff.turn_id = t.turn_id AND staff.source = 'staff')
        INSERT INTO analytics_turns (business_id, period, bucket, channel, language, stage_before, stage_id, agent_id,
            release_id, turns, completed, failed, held, by_model, by_rules, by_fallback, handed_over,
            with_missing_fields, rated_good, rated_bad, marked_good, marked_bad, confidence, first_token, full_answer,
            queueing, calls, failed_calls, unpriced_calls, prompt_tokens, completion_tokens, cached_tokens,
            reasoning_tokens, cost_usd)
        SELECT %(business_id)s, 'quarter_hour', m.bucket, m.channel, m.language, m.stage_before, m.stage_id,
            m.agent_id, m.release_id, count(*), count(*) FILTER (WHERE m.status = 'completed'),
            count(*) FILTER (WHERE m.status = 'failed'), count(*) FILTER (WHERE m.status = 'held'),
            count(*) FILTER (WHERE m.status = 'completed' AND m.engine = 'model'),
            count(*) FILTER (WHERE m.status = 'completed' AND m.engine = 'rules'),
            count(*) FILTER (WHERE m.status = 'completed' AND m.engine = 'fallback'),
            count(*) FILTER (WHERE m.status = 'completed' AND m.is_handed_over),
            count(*) FILTER (WHERE m.status = 'completed' AND m.has_missing),
            count(*) FILTER (WHERE m.customer_rating = 'good'), count(*) FILTER (WHERE m.customer_rating = 'bad'),
            count(*) FILTER (WHERE m.staff_rating = 'good'), count(*) FILTER (WHERE m.staff_rating = 'bad'),
            histogram_v1(array_agg(LEAST(9, floor(m.confidence * 10))::integer)
                FILTER (WHERE m.status = 'completed' AND m.confidence IS NOT NULL)),
            histogram_v1(array_agg(duration_bin_v1(
                CASE WHEN m.answer_ms IS NOT NULL THEN LEAST(m.token_ms, m.answer_ms) END))),
            histogram_v1(array_agg(duration_bin_v1(m.answer_ms))),
            histogram_v1(array_agg(duration_bin_v1(m.queueing_ms))),
            sum(m.calls), sum(m.failed_calls), sum(m.unpriced_calls), sum(m.prompt_tokens), sum(m.completion_tokens),
            sum(m.cached_tokens), sum(m.reasoning_tokens), sum(m.cost_usd)
        FROM measured m
        GROUP BY m.bucket, m.channel, m.language, m.stage_before, m.stage_id, m.agent_id, m.release_id
        """,
        {"business_id": business_id, "since": since, "until": until},
    )


def insert_calls(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count the calls of turns by step, model and template."""
    conn.execute(
        """
        INSERT INTO analytics_calls (business_id, period, bucket, channel, language, stage_id, agent_id, release_id,
            step, model, template_id, template_version, calls, failed, unpriced, prompt_tokens, completion_tokens,
            cached_tokens, reasoning_tokens, cost_usd, latency)
        SELECT %(business_id)s, 'quarter_hour', quarter_hour_v1(uuidv7_time_v1(t.turn_id)) AS bucket, c.channel,
            c.language, t.stage_id, (t.decision #>> '{agent,agent_id}')::uuid AS turn_agent_id, t.release_id, l.step,
            l.model, l.template_id, l.template_version, count(*), count(*) FILTER (WHERE l.status = 'failed'),
            count(*) FILTER (WHERE l.status = 'completed' AND l.cost_usd IS NULL),
            COALESCE(sum(l.prompt_tokens), 0), COALESCE(sum(l.completion_tokens), 0),
            COALESCE(sum(l.cached_tokens), 0), COALESCE(sum(l.reasoning_tokens), 0), COALESCE(sum(l.cost_usd), 0),
            histogram_v1(array_agg(duration_bin_v1(l.latency_ms)) FILTER (WHERE l.status = 'completed'))
        FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        CROSS JOIN LATERAL (
            SELECT calls.* FROM llm_calls calls
            WHERE calls.business_id = %(business_id)s AND calls.turn_id = t.turn_id
              AND calls.call_id >= lowest_uuidv7(%(since)s)
            OFFSET 0) AS l  -- one look-up per turn instead of a scan of all later calls
        WHERE t.business_id = %(business_id)s
          AND t.turn_id >= lowest_uuidv7(%(since)s) AND t.turn_id < lowest_uuidv7(%(until)s)
          AND t.status IN ('completed', 'failed', 'held') AND NOT c.is_copy AND NOT u.is_test
        GROUP BY bucket, c.channel, c.language, t.stage_id, turn_agent_id, t.release_id, l.step, l.model, l.template_id,
            l.template_version
        """,
        {"business_id": business_id, "since": since, "until": until},
    )


def insert_fields(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count the fields that turns have found, rejected, and still miss.

    A field that was found counts as corrected if the conversation had another value at that time.
    """
    conn.execute(
        """
        WITH counted AS (
            SELECT quarter_hour_v1(uuidv7_time_v1(t.turn_id)) AS bucket, t.turn_id, t.stage_id, t.release_id,
                   (t.decision #>> '{agent,agent_id}')::uuid AS agent_id, c.channel, c.language
            FROM turns t
            JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
            JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
            WHERE t.business_id = %(business_id)s
              AND t.turn_id >= lowest_uuidv7(%(since)s) AND t.turn_id < lowest_uuidv7(%(until)s)
              AND t.status = 'completed' AND NOT c.is_copy AND NOT u.is_test),
        extraction AS (
            SELECT t.*, s.output FROM counted t
            JOIN turn_steps s ON s.business_id = %(business_id)s AND s.turn_id = t.turn_id
            WHERE s.turn_id >= lowest_uuidv7(%(since)s) AND s.turn_id < lowest_uuidv7(%(until)s)
              AND s.step = 'extraction' AND s.place = 0),
        named AS (
            SELECT t.bucket, t.channel, t.language, t.stage_id, t.agent_id, t.release_id, f.field, 1 AS found,
                   (earlier.value <> f.value)::integer AS corrected, 0 AS rejected, 0 AS missing
            FROM counted t
            JOIN collected_fields f ON f.business_id = %(business_id)s AND f.turn_id = t.turn_id
            LEFT JOIN LATERAL (
                SELECT e.value FROM collected_fields e
                WHERE e.business_id = %(business_id)s AND e.conversation_id = f.conversation_id AND e.field = f.field
                  AND e.seq < f.seq AND e.created_at < f.created_at
                ORDER BY e.seq DESC LIMIT 1) AS earlier ON true
            UNION ALL
            SELECT t.bucket, t.channel, t.language, t.stage_id, t.agent_id, t.release_id, name, 0, 0, 1, 0
            FROM extraction t CROSS JOIN LATERAL jsonb_object_keys(t.output -> 'not_said') AS name
            UNION ALL
            SELECT t.bucket, t.channel, t.language, t.stage_id, t.agent_id, t.release_id, name, 0, 0, 0, 1
            FROM extraction t CROSS JOIN LATERAL jsonb_array_elements_text(t.output -> 'missing') AS name)
        INSERT INTO analytics_fields (business_id, period, bucket, channel, language, stage_id, agent_id, release_id,
            field, found, corrected, rejected, missing)
        SELECT %(business_id)s, 'quarter_hour', n.bucket, n.channel, n.language, n.stage_id, n.agent_id, n.release_id,
            n.field, sum(n.found), COALESCE(sum(n.corrected), 0), sum(n.rejected), sum(n.missing)
        FROM named n
        GROUP BY n.bucket, n.channel, n.language, n.stage_id, n.agent_id, n.release_id, n.field
        """,
        {"business_id": business_id, "since": since, "until": until},
    )


def insert_actions(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Count the actions of turns by what became of them."""
    conn.execute(
        """
        INSERT INTO analytics_actions (business_id, period, bucket, channel, language, stage_id, agent_id, release_id,
            action, outcome, actions)
        SELECT %(business_id)s, 'quarter_hour', quarter_hour_v1(uuidv7_time_v1(t.turn_id)) AS bucket, c.channel,
            c.language, t.stage_id, (t.decision #>> '{agent,agent_id}')::uuid AS turn_agent_id, t.release_id,
            result ->> 'do' AS action, result ->> 'status' AS outcome, count(*)
        FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        JOIN turn_steps s ON s.business_id = t.business_id AND s.turn_id = t.turn_id
        CROSS JOIN LATERAL jsonb_array_elements(s.output -> 'results') AS result
        WHERE t.business_id = %(business_id)s
          AND t.turn_id >= lowest_uuidv7(%(since)s) AND t.turn_id < lowest_uuidv7(%(until)s)
          AND s.turn_id >= lowest_uuidv7(%(since)s) AND s.turn_id < lowest_uuidv7(%(until)s)
          AND t.status IN ('completed', 'failed', 'held') AND s.step = 'actions' AND s.place = 0
          AND NOT c.is_copy AND NOT u.is_test
        GROUP BY bucket, c.channel, c.language, t.stage_id, turn_agent_id, t.release_id, action, outcome
        """,
        {"business_id": business_id, "since": since, "until": until},
    )
