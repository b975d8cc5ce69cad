"""The conversations behind the figures.

The figures of quarters of an hour say where to look, so that a page reads few of them, also if a figure is rare. They
count what `rollup_conversations` and `rollup_turns` count.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from db import Connection, Row
from repositories.analytics_scope import Scope
from repositories.page import Page, fetch_page

QUARTER_HOUR = timedelta(minutes=15)


def list_conversations(conn: Connection, business_id: UUID, scope: Scope, page: Page, figure: str) -> list[Row]:
    """Conversations that one of the figures of `analytics_conversations` counts, the latest first."""
    return fetch_page(
        conn,
        """
        WITH quarters AS (
            SELECT bucket FROM analytics_conversations
            WHERE business_id = %(business_id)s AND period = 'quarter_hour'
              AND bucket >= %(start)s AND bucket < %(end)s AND bucket <= %(after_time)s
              AND CASE %(figure)s WHEN 'resolved' THEN resolved WHEN 'handed_over' THEN handed_over
                                  WHEN 'abandoned' THEN abandoned WHEN 'open' THEN open
                                  WHEN 'reopened' THEN reopened ELSE conversations END > 0
              AND (%(channel)s::text IS NULL OR channel = %(channel)s)
              AND (%(language)s::text IS NULL OR language = %(language)s)
              AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
              AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
              AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
            GROUP BY bucket ORDER BY bucket DESC LIMIT %(limit)s + 1)
        SELECT c.conversation_id, NULL::uuid AS turn_id, NULL::uuid AS takeover_id, c.start_time AS time,
               c.user_id, display_name(u.first_name, u.last_name, u.email, u.external_id) AS customer_name,
               c.channel, c.language, c.stage_id, c.outcome, opening.text
        FROM quarters q
        CROSS JOIN LATERAL (
            SELECT each.*
            FROM counted_conversations_v1(%(business_id)s, q.bucket, q.bucket + %(quarter_hour)s) AS each
            OFFSET 0) AS c  -- only those of the quarters of an hour, instead of a scan of all
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        LEFT JOIN LATERAL (
            SELECT left(m.message_content, 200) AS text FROM messages m
            WHERE m.business_id = %(business_id)s AND m.conversation_id = c.conversation_id
              AND m.sender_type <> 'note'
            ORDER BY m.seq LIMIT 1) AS opening ON true
        WHERE (c.start_time, c.conversation_id) < (%(after_time)s, %(after_id)s)
          AND (%(figure)s = 'conversations' OR c.outcome = %(figure)s OR %(figure)s = 'reopened' AND c.is_reopened)
          AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
          AND (%(language)s::text IS NULL OR c.language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR c.stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR c.agent_id = %(agent_id)s)
          AND (%(release_ids)s::uuid[] IS NULL OR c.release_id = ANY (%(release_ids)s))
        ORDER BY c.start_time DESC, c.conversation_id DESC LIMIT %(limit)s
        """,
        _parameters(business_id, scope, page, figure),
    )


def list_turns(
    conn: Connection, business_id: UUID, scope: Scope, page: Page, figure: str, details: dict[str, Any]
) -> list[Row]:
    """Turns that a figure of `analytics_turns`, `analytics_fields` (`found`, `corrected`, `rejected`, `missing`) or
    `analytics_actions` (`actions`) counts, the latest first. `started`: answered turns that began without a stage.

    `details` may contain from_stage_id, field, action and outcome.
    """
    return fetch_page(
        conn,
        """
        WITH quarters AS (
            SELECT bucket FROM (
                SELECT bucket FROM analytics_turns
                WHERE business_id = %(business_id)s AND period = 'quarter_hour'
                  AND bucket >= %(start)s AND bucket < %(end)s AND bucket <= %(after_time)s
                  AND %(figure)s NOT IN ('found', 'corrected', 'rejected', 'missing', 'actions')
                  AND CASE %(figure)s WHEN 'completed' THEN completed WHEN 'failed' THEN failed WHEN 'held' THEN held
                                      WHEN 'started' THEN completed
                                      WHEN 'by_model' THEN by_model WHEN 'by_rules' THEN by_rules
                                      WHEN 'by_fallback' THEN by_fallback
                                      WHEN 'with_missing_fields' THEN with_missing_fields
                                      WHEN 'rated_good' THEN rated_good WHEN 'rated_bad' THEN rated_bad
                                      WHEN 'marked_good' THEN marked_good WHEN 'marked_bad' THEN marked_bad
                                      ELSE turns END > 0
                  AND (%(figure)s <> 'started' OR stage_before IS NULL AND stage_id IS NOT NULL)
                  AND (%(from_stage_id)s::uuid IS NULL OR stage_before = %(from_stage_id)s)
                  AND (%(channel)s::text IS NULL OR channel = %(channel)s)
                  AND (%(language)s::text IS NULL OR language = %(language)s)
                  AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
                  AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s)
                  AND (%(release_ids)s::uuid[] IS NULL OR release_id = ANY (%(release_ids)s))
                UNION ALL
                SELECT bucket FROM analytics_fields
                WHERE business_id = %(business_id)s AND period = 'quarter_hour'
                  AND bucket >= %(start)s AND bucket < %(end)s AND bucket <= %(after_time)s
                  AND CASE %(figure)s WHEN 'found' THEN found WHEN 'corrected' THEN corrected
                                      WHEN 'rejected' THEN rejected WHEN 'missing' THEN missing ELSE 0 END > 0
                  AND (%(field)s::text IS NULL OR field = %(field)s)
                  AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
                UNION ALL
                SELECT bucket FROM analytics_actions
                WHERE business_id = %(business_id)s AND period = 'quarter_hour'
                  AND bucket >= %(start)s AND bucket < %(end)s AND bucket <= %(after_time)s
                  AND %(figure)s = 'actions'
                  AND (%(action)s::text IS NULL OR action = %(action)s)
                  AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
                  AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)) AS listed
            GROUP BY bucket ORDER BY bucket DESC LIMIT %(limit)s + 1)
        SELECT t.conversation_id, t.turn_id, NULL::uuid AS takeover_id, uuidv7_time_v1(t.turn_id) AS time, c.user_id,
               display_name(u.first_name, u.last_name, u.email, u.external_id) AS customer_name, c.channel, c.language,
               t.stage_id, t.status AS outcome, left(m.message_content, 200) AS text
        FROM quarters q
        CROSS JOIN LATERAL (
            SELECT each.* FROM turns each
            WHERE each.business_id = %(business_id)s AND each.turn_id >= lowest_uuidv7(q.bucket)
              AND each.turn_id < lowest_uuidv7(q.bucket + %(quarter_hour)s)
            OFFSET 0) AS t  -- only those of the quarters of an hour, instead of a scan of all
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        LEFT JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        WHERE t.turn_id < %(after_id)s AND t.status IN ('completed', 'failed', 'held')
          AND NOT c.is_copy AND NOT u.is_test
          AND (%(figure)s NOT IN ('completed', 'failed', 'held') OR t.status = %(figure)s)
          AND (%(figure)s NOT IN ('by_model', 'by_rules', 'by_fallback')
               OR t.status = 'completed' AND 'by_' || t.engine = %(figure)s)
          AND (%(figure)s NOT IN ('with_missing_fields', 'rejected', 'missing')
               OR t.status = 'completed' AND EXISTS (
                   SELECT FROM turn_steps s
                   WHERE s.business_id = t.business_id AND s.turn_id = t.turn_id AND s.step = 'extraction'
                     AND s.place = 0
                     AND CASE WHEN %(figure)s = 'rejected'
                              THEN COALESCE(s.output -> 'not_said' ? %(field)s, s.output -> 'not_said' <> '{}')
                              ELSE COALESCE(s.output -> 'missing' ? %(field)s, s.output -> 'missing' <> '[]') END))
          AND (%(figure)s NOT IN ('rated_good', 'rated_bad', 'marked_good', 'marked_bad') OR EXISTS (
                   SELECT FROM message_feedback f
                   WHERE f.business_id = t.business_id AND f.turn_id = t.turn_id
                     AND CASE f.source WHEN 'customer' THEN 'rated_' ELSE 'marked_' END || f.rating = %(figure)s))
          AND (%(figure)s <> 'started'
               OR t.status = 'completed' AND t.stage_before IS NULL AND t.stage_id IS NOT NULL)
          AND (%(figure)s NOT IN ('found', 'corrected') OR t.status = 'completed' AND EXISTS (
                   SELECT FROM collected_fields f
                   LEFT JOIN LATERAL (
                       SELECT e.value FROM collected_fields e
                       WHERE e.business_id = f.business_id AND e.conversation_id = f.conversation_id
                         AND e.field = f.field AND e.seq < f.seq AND e.created_at < f.created_at
                       ORDER BY e.seq DESC LIMIT 1) AS earlier ON true
                   WHERE f.business_id = t.business_id AND f.turn_id = t.turn_id
                     AND (%(field)s::text IS NULL OR f.field = %(field)s)
                     AND (%(figure)s = 'found' OR earlier.value <> f.value)))
          AND (%(figure)s <> 'actions' OR EXISTS (
                   SELECT FROM turn_steps s CROSS JOIN LATERAL jsonb_array_elements(s.output -> 'results') AS result
                   WHERE s.business_id = t.business_id AND s.turn_id = t.turn_id AND s.step = 'actions'
                     AND s.place = 0
                     AND (%(action)s::text IS NULL OR result ->> 'do' = %(action)s)
                     AND (%(outcome)s::text IS NULL OR result ->> 'status' = %(outcome)s)))
          AND (%(from_stage_id)s::uuid IS NULL OR t.stage_before = %(from_stage_id)s)
          AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
          AND (%(language)s::text IS NULL OR c.language = %(language)s)
          AND (%(stage_id)s::uuid IS NULL OR t.stage_id = %(stage_id)s)
          AND (%(agent_id)s::uuid IS NULL OR t.decision #>> '{agent,agent_id}' = %(agent_id)s::text)
          AND (%(release_ids)s::uuid[] IS NULL OR t.release_id = ANY (%(release_ids)s))
        ORDER BY t.turn_id DESC LIMIT %(limit)s
        """,
        {
            **_parameters(business_id, scope, page, figure),
            **{name: details.get(name) for name in ("from_stage_id", "field", "action", "outcome")},
        },
    )


def list_handovers(conn: Connection, business_id: UUID, scope: Scope, page: Page, details: dict[str, Any]) -> list[Row]:
    """Handovers that `analytics_handovers` counts, the latest first. `details` may contain reason and person_id."""
    return fetch_page(
        conn,
        """
        WITH quarters AS (
            SELECT bucket FROM analytics_handovers
            WHERE business_id = %(business_id)s AND period = 'quarter_hour'
              AND bucket >= %(start)s AND bucket < %(end)s AND bucket <= %(after_time)s
              AND (%(reason)s::text IS NULL OR reason = %(reason)s)
              AND (%(person_id)s::uuid IS NULL OR person_id = %(person_id)s)
              AND (%(channel)s::text IS NULL OR channel = %(channel)s)
              AND (%(language)s::text IS NULL OR language = %(language)s)
            GROUP BY bucket ORDER BY bucket DESC LIMIT %(limit)s + 1)
        SELECT o.conversation_id, NULL::uuid AS turn_id, o.takeover_id, uuidv7_time_v1(o.takeover_id) AS time,
               c.user_id, display_name(u.first_name, u.last_name, u.email, u.external_id) AS customer_name,
               c.channel, c.language, c.stage_id, o.reason AS outcome, said.text
        FROM quarters q
        JOIN takeovers o ON o.business_id = %(business_id)s AND o.takeover_id >= lowest_uuidv7(q.bucket)
            AND o.takeover_id < lowest_uuidv7(q.bucket + %(quarter_hour)s)
        JOIN conversations c ON c.business_id = o.business_id AND c.conversation_id = o.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        LEFT JOIN LATERAL (
            SELECT p.answer FROM takeovers p
            WHERE p.business_id = %(business_id)s AND p.conversation_id = o.conversation_id
              AND p.takeover_id < o.takeover_id
            ORDER BY p.takeover_id DESC LIMIT 1) AS previous ON true
        LEFT JOIN LATERAL (
            SELECT n.assignee_id, n.user_id FROM takeovers n
            WHERE n.business_id = %(business_id)s AND n.conversation_id = o.conversation_id
              AND n.takeover_id > o.takeover_id AND o.answer IS NULL
            ORDER BY n.takeover_id LIMIT 1) AS next ON true
        LEFT JOIN LATERAL (
            SELECT left(m.message_content, 200) AS text FROM messages m
            WHERE m.business_id = %(business_id)s AND m.conversation_id = o.conversation_id
              AND m.sender_type = 'user' AND m.created_at <= o.started_at
            ORDER BY m.seq DESC LIMIT 1) AS said ON true
        WHERE o.takeover_id < %(after_id)s AND NOT (previous IS NOT NULL AND previous.answer IS NULL)
          AND NOT c.is_copy AND NOT u.is_test
          AND (%(reason)s::text IS NULL OR o.reason = %(reason)s)
          AND (%(person_id)s::uuid IS NULL
               OR COALESCE(o.assignee_id, o.user_id, next.assignee_id, next.user_id) = %(person_id)s)
          AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
          AND (%(language)s::text IS NULL OR c.language = %(language)s)
        ORDER BY o.takeover_id DESC LIMIT %(limit)s
        """,
        {
            **_parameters(business_id, scope, page, "handovers"),
            **{name: details.get(name) for name in ("reason", "person_id")},
        },
    )


def _parameters(business_id: UUID, scope: Scope, page: Page, figure: str) -> dict[str, Any]:
    return {
        **scope.parameters,
        **page.parameters,
        "business_id": business_id,
        "figure": figure,
        "quarter_hour": QUARTER_HOUR,
    }
