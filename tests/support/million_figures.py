"""A year of a business with a million messages, and its figures."""

import uuid
from typing import Any


def ids() -> dict[str, Any]:
    """The IDs of the business and of what its turns name."""
    lists = {"stages": 8, "agents": 4, "releases": 40, "templates": 24}
    return {
        **{name: uuid.uuid4() for name in ("business_id", "other_id", "user_id")},
        **{name: [uuid.uuid4() for _ in range(count)] for name, count in lists.items()},
    }


# A turn every minute or so, in conversations of four, with what is counted of each. Every tenth belongs to another
# business.
_EACH = """
CREATE TEMP TABLE each AS
    SELECT n, at, lowest_uuidv7(at) AS turn_id, quarter_hour_v1(at) AS bucket, conversation,
           CASE WHEN conversation %% 10 = 9 THEN %(other_id)s::uuid ELSE %(business_id)s::uuid END AS business_id,
           md5('c' || conversation)::uuid AS conversation_id,
           (ARRAY['api', 'widget', 'whatsapp'])[1 + conversation * 7 %% 11 %% 3] AS channel,
           (ARRAY['en', 'de', NULL])[1 + conversation * 5 %% 13 %% 3] AS language,
           (%(stages)s::uuid[])[1 + n * 7 %% 17 %% 8] AS stage_id,
           CASE WHEN n %% 4 > 0 THEN (%(stages)s::uuid[])[1 + (n - 1) * 7 %% 17 %% 8] END AS stage_before,
           (%(agents)s::uuid[])[1 + n * 7 %% 17 %% 8 %% 4] AS agent_id,
           (%(releases)s::uuid[])[1 + (n * 40::bigint / (%(turns)s * 10 / 9 + 1))::int] AS release_id,
           CASE WHEN n %% 97 = 0 THEN 'failed' WHEN n %% 41 = 0 THEN 'held' ELSE 'completed' END AS status,
           n %% 4 = 0 AS is_first, n * 31 %% 101 AS draw
    FROM (SELECT n, n / 4 AS conversation,
                 '2025-01-01T00:00:00Z'::timestamptz + n * (interval '364 days' / (%(turns)s * 10 / 9)) AS at
          FROM generate_series(0, %(turns)s * 10 / 9) AS n) AS numbered
"""
_TURNS = """
INSERT INTO analytics_turns (business_id, period, bucket, channel, language, stage_before, stage_id, agent_id,
    release_id, turns, completed, failed, held, by_model, by_rules, by_fallback, handed_over, with_missing_fields,
    rated_good, rated_bad, marked_good, marked_bad, confidence, first_token, full_answer, queueing, calls, failed_calls,
    unpriced_calls, prompt_tokens, completion_tokens, cost_usd)
SELECT business_id, 'quarter_hour', bucket, channel, language, stage_before, stage_id, agent_id, release_id, count(*),
    count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'failed'),
    count(*) FILTER (WHERE status = 'held'), count(*) FILTER (WHERE status = 'completed'), 0,
    count(*) FILTER (WHERE draw = 3), 0, count(*) FILTER (WHERE draw < 20), count(*) FILTER (WHERE draw < 5),
    count(*) FILTER (WHERE draw > 98), 0, 0, histogram_v1(array_agg(5 + draw %% 5)),
    histogram_v1(array_agg(60 + draw %% 25)), histogram_v1(array_agg(75 + draw %% 25)),
    histogram_v1(array_agg(10 + draw %% 15)), 3 * count(*), 0, 0, 900 * count(*), 90 * count(*), 0.01 * count(*)
FROM each GROUP BY business_id, bucket, channel, language, stage_before, stage_id, agent_id, release_id
"""
_CALLS = """
INSERT INTO analytics_calls (business_id, period, bucket, channel, language, stage_id, agent_id, release_id, step,
    model, template_id, template_version, calls, failed, unpriced, prompt_tokens, completion_tokens, cost_usd, latency)
SELECT business_id, 'quarter_hour', bucket, channel, language, stage_id, agent_id, release_id, step, 'a model',
    (%(templates)s::uuid[])[1 + n * 7 %% 17 %% 8 * 3 + place], 1 + n / 20000, count(*), 0, 0, 300 * count(*),
    30 * count(*), 0.003 * count(*), histogram_v1(array_agg(60 + draw %% 25))
FROM each CROSS JOIN (VALUES ('selection', 0), ('extraction', 1), ('response', 2)) AS steps (step, place)
GROUP BY business_id, bucket, channel, language, stage_id, agent_id, release_id, step, 11, 12
"""
_FIELDS = """
INSERT INTO analytics_fields (business_id, period, bucket, channel, language, stage_id, agent_id, release_id, field,
    found, corrected, rejected, missing)
SELECT business_id, 'quarter_hour', bucket, channel, language, stage_id, agent_id, release_id,
    (ARRAY['city', 'order_number', 'email'])[1 + n %% 3], count(*) FILTER (WHERE draw >= 20), 0, 0,
    count(*) FILTER (WHERE draw < 20)
FROM each GROUP BY business_id, bucket, channel, language, stage_id, agent_id, release_id, 9
"""
_ACTIONS = """
INSERT INTO analytics_actions (business_id, period, bucket, channel, language, stage_id, agent_id, release_id, action,
    outcome, actions)
SELECT business_id, 'quarter_hour', bucket, channel, language, stage_id, agent_id, release_id, 'tag', 'done', count(*)
FROM each WHERE n %% 5 = 0 GROUP BY business_id, bucket, channel, language, stage_id, agent_id, release_id
"""
_CONVERSATIONS = """
INSERT INTO analytics_conversations (business_id, period, bucket, channel, language, stage_id, agent_id, release_id,
    conversations, resolved, handed_over, abandoned, open, reopened, customer_messages, assistant_messages,
    staff_messages, ratings)
SELECT business_id, 'quarter_hour', bucket, channel, language, stage_id, agent_id, release_id, count(*),
    count(*) FILTER (WHERE draw >= 20), 0, count(*) FILTER (WHERE draw < 20), 0, 0, 4 * count(*), 4 * count(*), 0,
    histogram_v1(array_agg(1 + draw %% 5))
FROM each WHERE is_first GROUP BY business_id, bucket, channel, language, stage_id, agent_id, release_id
"""
_PATHS = """
INSERT INTO analytics_paths (business_id, period, bucket, channel, language, release_id, path, conversations,
    entered_ms)
SELECT business_id, 'quarter_hour', bucket, channel, language, release_id, path, conversations,
    ARRAY(SELECT place * 60000::bigint * conversations FROM generate_subscripts(path, 1) AS place)
FROM (
    SELECT business_id, bucket, channel, language, release_id, path, count(*) AS conversations
    FROM (SELECT min(bucket) AS bucket, business_id, channel, language,
                 (array_agg(release_id ORDER BY n))[1] AS release_id, array_agg(DISTINCT stage_id) AS path
          FROM each GROUP BY business_id, conversation, channel, language) AS walked
    GROUP BY business_id, bucket, channel, language, release_id, path) AS grouped
"""
_HANDOVERS = """
INSERT INTO analytics_handovers (business_id, period, bucket, channel, language, reason, person_id, handovers, answered,
    waiting)
SELECT business_id, 'quarter_hour', bucket, channel, language, 'keyword', agent_id, count(*), count(*),
    histogram_v1(array_agg(90 + draw %% 30))
FROM each WHERE n %% 40 = 0 GROUP BY business_id, bucket, channel, language, agent_id
"""
_RAW = (
    """
    INSERT INTO businesses (business_id, owner_id, business_name)
    VALUES (%(business_id)s, %(user_id)s, 'The year'), (%(other_id)s, %(user_id)s, 'Another')
    """,
    """
    INSERT INTO users (user_id, business_id, external_id)
    SELECT md5('u' || number)::uuid, %(business_id)s, number::text FROM generate_series(0, 19999) AS number
    """,
    """
    INSERT INTO conversations (business_id, conversation_id, user_id, session_id, channel, language, start_time,
        last_updated, last_seq, stage_id)
    SELECT business_id, conversation_id, md5('u' || conversation %% 20000)::uuid, conversation::text, channel, language,
           at, at, 8, stage_id
    FROM each WHERE is_first
    """,
    """
    INSERT INTO turns (business_id, turn_id, conversation_id, seq, release_id, status, stage_before, stage_id, engine,
        confidence, decision, created_at, started_at, completed_at)
    SELECT business_id, turn_id, conversation_id, 1 + 2 * (n %% 4), release_id, status, stage_before, stage_id, 'model',
           CASE WHEN draw > 10 THEN 0.5 + draw / 200.0 END,
           jsonb_build_object('agent', jsonb_build_object('agent_id', agent_id)), at, at, at
    FROM each
    """,
    """
    INSERT INTO messages (business_id, conversation_id, seq, turn_id, message_content, sender_type, created_at)
    SELECT business_id, conversation_id, 1 + 2 * (n %% 4) + place, turn_id, 'Message ' || draw, sender, at
    FROM each CROSS JOIN (VALUES ('user', 0), ('assistant', 1)) AS senders (sender, place)
    """,
    """
    INSERT INTO turn_steps (business_id, turn_id, step, attempt, status, output, started_at, finished_at)
    SELECT business_id, turn_id, step, 1, 'completed',
           CASE step WHEN 'selection' THEN jsonb_build_object('named_stages', CASE WHEN draw > 10 THEN '["a"]'::jsonb
                                                                                  ELSE '[]' END)
                     ELSE jsonb_build_object('missing', CASE WHEN draw < 20 THEN '["city"]'::jsonb ELSE '[]' END) END,
           at, at
    FROM each CROSS JOIN (VALUES ('selection'), ('extraction')) AS steps (step)
    """,
)
STATEMENTS = (_EACH, _TURNS, _CALLS, _FIELDS, _ACTIONS, _CONVERSATIONS, _PATHS, _HANDOVERS, *_RAW)
