"""The rows of an export: one statement per file, all with the same parameters.

Each statement reads a page in the order of the table's key. It returns the key of each row under the names of the
parameters after which the next page starts, and the row as JSON in `line`, without what gives access to something:
passwords, hashes of keys and links, and encrypted secrets.
"""

from typing import Any
from uuid import UUID

from db import Connection
from repositories import exported_runs
from repositories.page import FIRST_ID, fetch_page

MAX_ROWS = 500  # per statement; fewer if they are large

Key = dict[str, Any]
_FIRST_KEY: Key = {
    "after_time": "-infinity",
    "after_id": FIRST_ID,
    "after_other_id": FIRST_ID,
    "after_number": -1,
    "after_text": "",
}

# The name of a file, without .jsonl → its statement.
FILES = {
    "business": """
        SELECT business_id AS after_id, (to_jsonb(t) - 'name_key')::text AS line FROM businesses t
        WHERE business_id = %(business_id)s AND business_id > %(after_id)s
        ORDER BY business_id LIMIT %(limit)s
        """,
    "members": """
        SELECT m.user_id AS after_id,
               (to_jsonb(m) || jsonb_build_object('first_name', u.first_name, 'last_name', u.last_name,
                                                  'email', u.email))::text AS line
        FROM business_members m LEFT JOIN users u ON u.user_id = m.user_id AND u.business_id IS NULL
        WHERE m.business_id = %(business_id)s AND m.user_id > %(after_id)s
        ORDER BY m.user_id LIMIT %(limit)s
        """,
    "template_versions": """
        SELECT v.template_id AS after_id, v.version AS after_number, to_jsonb(v)::text AS line
        FROM template_versions v JOIN templates t ON t.template_id = v.template_id
        WHERE t.business_id = %(business_id)s AND (v.template_id, v.version) > (%(after_id)s, %(after_number)s)
        ORDER BY v.template_id, v.version LIMIT %(limit)s
        """,
    "customers": """
        SELECT created_at AS after_time, user_id AS after_id, (to_jsonb(t) - 'password_hash')::text AS line FROM users t
        WHERE business_id = %(business_id)s AND (created_at, user_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, user_id LIMIT %(limit)s
        """,
    "conversations": """
        SELECT conversation_id AS after_id, to_jsonb(t)::text AS line FROM conversations t
        WHERE business_id = %(business_id)s AND conversation_id > %(after_id)s
        ORDER BY conversation_id LIMIT %(limit)s
        """,
    "messages": """
        SELECT conversation_id AS after_id, seq AS after_number, to_jsonb(t)::text AS line FROM messages t
        WHERE business_id = %(business_id)s AND (conversation_id, seq) > (%(after_id)s, %(after_number)s)
        ORDER BY conversation_id, seq LIMIT %(limit)s
        """,
    "turns": """
        SELECT turn_id AS after_id, (to_jsonb(t) - 'lease_owner' - 'request_hash')::text AS line FROM turns t
        WHERE business_id = %(business_id)s AND turn_id > %(after_id)s
        ORDER BY turn_id LIMIT %(limit)s
        """,
    "turn_steps": """
        SELECT turn_id AS after_id, step AS after_text, place AS after_number, to_jsonb(t)::text AS line
        FROM turn_steps t
        WHERE business_id = %(business_id)s
          AND (turn_id, step, place) > (%(after_id)s, %(after_text)s, %(after_number)s)
        ORDER BY turn_id, step, place LIMIT %(limit)s
        """,
    "collected_fields": """
        SELECT turn_id AS after_id, field AS after_text, to_jsonb(t)::text AS line FROM collected_fields t
        WHERE business_id = %(business_id)s AND (turn_id, field) > (%(after_id)s, %(after_text)s)
        ORDER BY turn_id, field LIMIT %(limit)s
        """,
    "llm_calls": """
        SELECT call_id AS after_id, to_jsonb(t)::text AS line FROM llm_calls t
        WHERE business_id = %(business_id)s AND call_id > %(after_id)s
        ORDER BY call_id LIMIT %(limit)s
        """,
    "takeovers": """
        SELECT takeover_id AS after_id, to_jsonb(t)::text AS line FROM takeovers t
        WHERE business_id = %(business_id)s AND takeover_id > %(after_id)s
        ORDER BY takeover_id LIMIT %(limit)s
        """,
    "message_feedback": """
        SELECT turn_id AS after_id, source AS after_text, to_jsonb(t)::text AS line FROM message_feedback t
        WHERE business_id = %(business_id)s AND (turn_id, source) > (%(after_id)s, %(after_text)s)
        ORDER BY turn_id, source LIMIT %(limit)s
        """,
    "conversation_ratings": """
        SELECT conversation_id AS after_id, to_jsonb(t)::text AS line FROM conversation_ratings t
        WHERE business_id = %(business_id)s AND conversation_id > %(after_id)s
        ORDER BY conversation_id LIMIT %(limit)s
        """,
    "pending_actions": """
        SELECT conversation_id AS after_id, to_jsonb(t)::text AS line FROM pending_actions t
        WHERE business_id = %(business_id)s AND conversation_id > %(after_id)s
        ORDER BY conversation_id LIMIT %(limit)s
        """,
    "conversation_tags": """
        SELECT conversation_id AS after_id, tag AS after_text, to_jsonb(t)::text AS line FROM conversation_tags t
        WHERE business_id = %(business_id)s AND (conversation_id, tag) > (%(after_id)s, %(after_text)s)
        ORDER BY conversation_id, tag LIMIT %(limit)s
        """,
    "orders": """
        SELECT order_id AS after_id, to_jsonb(t)::text AS line FROM orders t
        WHERE business_id = %(business_id)s AND order_id > %(after_id)s
        ORDER BY order_id LIMIT %(limit)s
        """,
    "order_notifications": """
        SELECT notification_id AS after_id, to_jsonb(t)::text AS line FROM order_notifications t
        WHERE business_id = %(business_id)s AND notification_id > %(after_id)s
        ORDER BY notification_id LIMIT %(limit)s
        """,
    "scheduled_messages": """
        SELECT scheduled_message_id AS after_id, (to_jsonb(t) - 'request_hash')::text AS line FROM scheduled_messages t
        WHERE business_id = %(business_id)s AND scheduled_message_id > %(after_id)s
        ORDER BY scheduled_message_id LIMIT %(limit)s
        """,
    "products": """
        SELECT product_id AS after_id, to_jsonb(t)::text AS line FROM products t
        WHERE business_id = %(business_id)s AND product_id > %(after_id)s
        ORDER BY product_id LIMIT %(limit)s
        """,
    "events": """
        SELECT event_id AS after_id, to_jsonb(t)::text AS line FROM events t
        WHERE business_id = %(business_id)s AND event_id > %(after_id)s
        ORDER BY event_id LIMIT %(limit)s
        """,
    "event_schemas": """
        SELECT schema_id AS after_id, to_jsonb(t)::text AS line FROM event_property_schemas t
        WHERE business_id = %(business_id)s AND schema_id > %(after_id)s
        ORDER BY schema_id LIMIT %(limit)s
        """,
    "stages": """
        SELECT stage_id AS after_id, to_jsonb(t)::text AS line FROM stages t
        WHERE business_id = %(business_id)s AND stage_id > %(after_id)s
        ORDER BY stage_id LIMIT %(limit)s
        """,
    "stage_agents": """
        SELECT stage_id AS after_id, agent_id AS after_other_id, to_jsonb(t)::text AS line FROM stage_agents t
        WHERE business_id = %(business_id)s AND (stage_id, agent_id) > (%(after_id)s, %(after_other_id)s)
        ORDER BY stage_id, agent_id LIMIT %(limit)s
        """,
    "templates": """
        SELECT created_at AS after_time, template_id AS after_id, to_jsonb(t)::text AS line FROM templates t
        WHERE business_id = %(business_id)s AND (created_at, template_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, template_id LIMIT %(limit)s
        """,
    "variables": """
        SELECT variable_id AS after_id, to_jsonb(t)::text AS line FROM business_variables t
        WHERE business_id = %(business_id)s AND variable_id > %(after_id)s
        ORDER BY variable_id LIMIT %(limit)s
        """,
    "releases": """
        SELECT release_id AS after_id, to_jsonb(t)::text AS line FROM releases t
        WHERE business_id = %(business_id)s AND release_id > %(after_id)s
        ORDER BY release_id LIMIT %(limit)s
        """,
    "agents": """
        SELECT agent_id AS after_id, to_jsonb(t)::text AS line FROM agents t
        WHERE business_id = %(business_id)s AND agent_id > %(after_id)s
        ORDER BY agent_id LIMIT %(limit)s
        """,
    "agent_members": """
        SELECT agent_id AS after_id, user_id AS after_other_id, to_jsonb(t)::text AS line FROM agent_members t
        WHERE business_id = %(business_id)s AND (agent_id, user_id) > (%(after_id)s, %(after_other_id)s)
        ORDER BY agent_id, user_id LIMIT %(limit)s
        """,
    "articles": """
        SELECT article_id AS after_id, to_jsonb(t)::text AS line FROM articles t
        WHERE business_id = %(business_id)s AND article_id > %(after_id)s
        ORDER BY article_id LIMIT %(limit)s
        """,
    "unanswered_questions": """
        SELECT turn_id AS after_id, to_jsonb(t)::text AS line FROM unanswered_questions t
        WHERE business_id = %(business_id)s AND turn_id > %(after_id)s
        ORDER BY turn_id LIMIT %(limit)s
        """,
    "canned_replies": """
        SELECT canned_reply_id AS after_id, to_jsonb(t)::text AS line FROM canned_replies t
        WHERE business_id = %(business_id)s AND canned_reply_id > %(after_id)s
        ORDER BY canned_reply_id LIMIT %(limit)s
        """,
    "analytics_views": """
        SELECT view_id AS after_id, to_jsonb(t)::text AS line FROM analytics_views t
        WHERE business_id = %(business_id)s AND view_id > %(after_id)s
        ORDER BY view_id LIMIT %(limit)s
        """,
    "invitations": """
        SELECT invitation_id AS after_id, (to_jsonb(t) - 'token_hash')::text AS line FROM member_invitations t
        WHERE business_id = %(business_id)s AND invitation_id > %(after_id)s
        ORDER BY invitation_id LIMIT %(limit)s
        """,
    "api_keys": """
        SELECT key_id AS after_id, (to_jsonb(t) - 'key_hash')::text AS line FROM api_keys t
        WHERE business_id = %(business_id)s AND key_id > %(after_id)s
        ORDER BY key_id LIMIT %(limit)s
        """,
    "secrets": """
        SELECT secret_id AS after_id, (to_jsonb(t) - 'encrypted_value')::text AS line FROM secrets t
        WHERE business_id = %(business_id)s AND secret_id > %(after_id)s
        ORDER BY secret_id LIMIT %(limit)s
        """,
    "imports": """
        SELECT import_id AS after_id, to_jsonb(t)::text AS line FROM imports t
        WHERE business_id = %(business_id)s AND import_id > %(after_id)s
        ORDER BY import_id LIMIT %(limit)s
        """,
    "import_problems": """
        SELECT import_id AS after_id, line AS after_number, to_jsonb(t)::text AS line FROM import_problems t
        WHERE business_id = %(business_id)s AND (import_id, line) > (%(after_id)s, %(after_number)s)
        ORDER BY import_id, line LIMIT %(limit)s
        """,
    "hooks": """
        SELECT hook_id AS after_id, (to_jsonb(t) - 'encrypted_secret')::text AS line FROM hooks t
        WHERE business_id = %(business_id)s AND hook_id > %(after_id)s
        ORDER BY hook_id LIMIT %(limit)s
        """,
    "hook_deliveries": """
        SELECT delivery_id AS after_id, to_jsonb(t)::text AS line FROM hook_deliveries t
        WHERE business_id = %(business_id)s AND delivery_id > %(after_id)s
        ORDER BY delivery_id LIMIT %(limit)s
        """,
    "channels": """
        SELECT channel_id AS after_id, (to_jsonb(t) - 'encrypted_secrets')::text AS line FROM channels t
        WHERE business_id = %(business_id)s AND channel_id > %(after_id)s
        ORDER BY channel_id LIMIT %(limit)s
        """,
    "channel_conversations": """
        SELECT conversation_id AS after_id, to_jsonb(t)::text AS line FROM channel_conversations t
        WHERE business_id = %(business_id)s AND conversation_id > %(after_id)s
        ORDER BY conversation_id LIMIT %(limit)s
        """,
    "channel_sends": """
        SELECT send_id AS after_id, to_jsonb(t)::text AS line FROM channel_sends t
        WHERE business_id = %(business_id)s AND send_id > %(after_id)s
        ORDER BY send_id LIMIT %(limit)s
        """,
    "attachments": """
        SELECT attachment_id AS after_id,
               (to_jsonb(t) || jsonb_build_object('content', encode(t.content, 'base64')))::text AS line
        FROM attachments t
        WHERE business_id = %(business_id)s AND attachment_id > %(after_id)s
        ORDER BY attachment_id LIMIT %(limit)s
        """,
    "webhooks": """
        SELECT webhook_id AS after_id, (to_jsonb(t) - 'encrypted_secret')::text AS line FROM webhooks t
        WHERE business_id = %(business_id)s AND webhook_id > %(after_id)s
        ORDER BY webhook_id LIMIT %(limit)s
        """,
    "webhook_events": """
        SELECT event_id AS after_id, to_jsonb(t)::text AS line FROM outbox_events t
        WHERE business_id = %(business_id)s AND event_id > %(after_id)s
        ORDER BY event_id LIMIT %(limit)s
        """,
    "webhook_deliveries": """
        SELECT delivery_id AS after_id, to_jsonb(t)::text AS line FROM webhook_deliveries t
        WHERE business_id = %(business_id)s AND delivery_id > %(after_id)s
        ORDER BY delivery_id LIMIT %(limit)s
        """,
    "audit_log": """
        SELECT created_at AS after_time, entry_id AS after_id, to_jsonb(t)::text AS line FROM audit_log t
        WHERE business_id = %(business_id)s AND (created_at, entry_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, entry_id LIMIT %(limit)s
        """,
    "test_cases": """
        SELECT test_case_id AS after_id, to_jsonb(t)::text AS line FROM test_cases t
        WHERE business_id = %(business_id)s AND test_case_id > %(after_id)s
        ORDER BY test_case_id LIMIT %(limit)s
        """,
    **exported_runs.FILES,
    "adoption_notes": """
        SELECT note_id AS after_id, to_jsonb(t)::text AS line FROM adoption_notes t
        WHERE business_id = %(business_id)s AND note_id > %(after_id)s
        ORDER BY note_id LIMIT %(limit)s
        """,
}


def read_lines(
    conn: Connection, business_id: UUID, file: str, after: Key | None = None
) -> tuple[list[str], Key | None]:
    """The next rows of a file as texts of JSON, and the key after which to continue; None at the end."""
    key = after or _FIRST_KEY
    rows = fetch_page(conn, FILES[file], {**key, "business_id": business_id, "limit": MAX_ROWS})
    if not rows:
        return [], None
    return [row["line"] for row in rows], {name: rows[-1].get(name, value) for name, value in key.items()}
