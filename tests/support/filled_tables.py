"""Fills tables with thousands of rows, for tests of what lists cost."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tests.support.database import Connection


class Filled(NamedTuple):
    conn: Connection
    business_id: UUID
    user_id: UUID
    conversation_id: UUID
    stage_id: UUID


def fill(conn: Connection, rows: int, tables: Sequence[str]) -> Filled:
    """Insert `rows` rows of a business into each table, alternating with rows of another business."""
    ids = {name: uuid.uuid4() for name in ("business_id", "other_id", "user_id", "conversation_id", "stage_id")}
    conn.response_timeout = 600  # seconds; for a million rows
    conn.execute(_WITHOUT_FOREIGN_KEYS)
    indexes = conn.execute(_INDEXES).fetchall()
    conn.execute("DROP INDEX " + ", ".join(index["name"] for index in indexes))
    for statement in (_EACH, *(TABLES[table] for table in tables)):
        conn.execute(statement, {**ids, "rows": rows})
    for index in indexes:  # faster than updating the indexes for each row
        conn.execute(index["definition"])
    conn.commit()
    conn.autocommit = True  # which VACUUM requires
    conn.execute("VACUUM ANALYZE")
    conn.autocommit = False
    return Filled(conn, ids["business_id"], ids["user_id"], ids["conversation_id"], ids["stage_id"])


_INDEXES = """
SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relkind = 'r' AND NOT relispartition AND relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""

# Foreign keys do not affect the plans, and checking them for every row would be slow.
_WITHOUT_FOREIGN_KEYS = """
DO $$
DECLARE
    key RECORD;
BEGIN
    FOR key IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
               WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.owner, key.conname);
    END LOOP;
END
$$
"""

# Every second row belongs to the other business. Rows are a second apart. Every fourth row has the values to filter by.
_EACH = """
CREATE TEMP TABLE each AS
    SELECT n, CASE WHEN n %% 2 = 0 THEN %(business_id)s::uuid ELSE %(other_id)s::uuid END AS business_id,
           '2025-01-01T00:00:00Z'::timestamptz + n * interval '1 second' AS at, n %% 4 = 0 AS one
    FROM generate_series(1, 2 * %(rows)s::int) AS n
"""
TABLES = {
    "users": """
        INSERT INTO users (user_id, business_id, first_name, created_at)
        SELECT CASE WHEN n = 4 THEN %(user_id)s ELSE gen_random_uuid() END, business_id, n::text, at FROM each
    """,
    "businesses": """
        INSERT INTO businesses (business_id, owner_id, business_name, created_at)
        SELECT gen_random_uuid(), %(user_id)s, n::text, at FROM each
    """,
    "agents": """
        INSERT INTO agents (business_id, agent_name, created_at) SELECT business_id, n::text, at FROM each
    """,
    "api_keys": """
        INSERT INTO api_keys (business_id, key_hash, key_prefix, created_at)
        SELECT business_id, n::text, n, at FROM each
    """,
    "templates": """
        INSERT INTO templates (business_id, template_name, template_type, created_at)
        SELECT business_id, n, CASE WHEN one THEN 'stage_selection' ELSE 'data_extraction' END, at FROM each
    """,
    "stages": """
        INSERT INTO stages (business_id, stage_name, stage_selection_template_id, data_extraction_template_id,
            response_generation_template_id, created_at)
        SELECT business_id, n, business_id, business_id, business_id, at FROM each
    """,
    "products": """
        INSERT INTO products (business_id, product_name, kind, created_at)
        SELECT business_id, n, CASE WHEN one THEN 'service' ELSE 'product' END, at FROM each
    """,
    "orders": """
        INSERT INTO orders (business_id, user_id, order_number, status, created_at)
        SELECT business_id, CASE WHEN one THEN %(user_id)s ELSE gen_random_uuid() END, n,
               CASE WHEN one THEN 'sent' ELSE 'placed' END, at FROM each
    """,
    "conversations": """
        WITH filled AS (
            INSERT INTO conversations (conversation_id, business_id, user_id, stage_id, session_id, status, handled_by,
                assignee_id, waiting_since, needs_person_reason, snoozed_until, start_time, last_updated)
            SELECT CASE WHEN n = 4 THEN %(conversation_id)s ELSE gen_random_uuid() END, business_id,
                   CASE WHEN one THEN %(user_id)s ELSE gen_random_uuid() END,
                   CASE WHEN one THEN %(stage_id)s ELSE gen_random_uuid() END, '',
                   CASE WHEN one THEN 'completed' ELSE 'active' END, CASE WHEN n %% 16 = 2 THEN 'human' ELSE 'ai' END,
                   CASE WHEN n %% 16 = 6 THEN %(user_id)s END, CASE WHEN n %% 16 = 2 THEN at END,
                   CASE WHEN n %% 16 = 2 THEN '' END,
                   CASE WHEN n %% 16 = 10 THEN '2100-01-01T00:00:00Z'::timestamptz END, at,
                   '2027-01-01T00:00:00Z'::timestamptz - n * interval '1 hour'
            FROM each
            RETURNING business_id, conversation_id, waiting_since)
        INSERT INTO conversation_tags (business_id, conversation_id, tag)
        SELECT business_id, conversation_id, 'vip' FROM filled WHERE waiting_since IS NOT NULL
    """,
    "messages": """
        INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type, created_at)
        SELECT business_id, CASE WHEN n %% 2 = 0 THEN %(conversation_id)s ELSE %(other_id)s END, n,
               'Hello number ' || n, 'user', at FROM each
    """,
    "turns": """
        INSERT INTO turns (business_id, conversation_id, seq, status, created_at)
        SELECT business_id, CASE WHEN n %% 2 = 0 THEN %(conversation_id)s ELSE %(other_id)s END, n, 'completed', at
        FROM each
    """,
    "llm_calls": """
        INSERT INTO llm_calls (business_id, call_id, conversation_id, step, model, request, latency_ms, attempt,
            status, created_at)
        SELECT business_id, lowest_uuidv7(at), CASE WHEN one THEN %(conversation_id)s ELSE gen_random_uuid() END,
               CASE WHEN one THEN 'selection' ELSE 'response' END, 'a', '{}', 1, 1,
               CASE WHEN one THEN 'completed' ELSE 'failed' END, at FROM each
    """,
    "events": """
        INSERT INTO events (business_id, event_type, user_id, event_timestamp, verified, created_at)
        SELECT business_id, CASE WHEN one THEN 'click' ELSE 'view' END,
               CASE WHEN one THEN %(user_id)s ELSE gen_random_uuid() END, at, true, at FROM each
    """,
    "audit_log": """
        INSERT INTO audit_log (business_id, actor_type, actor_id, action, resource, resource_id, created_at)
        SELECT business_id, 'business', CASE WHEN one THEN %(user_id)s ELSE gen_random_uuid() END,
               CASE WHEN one THEN 'create' ELSE 'update' END, CASE WHEN one THEN 'stage' ELSE 'agent' END,
               CASE WHEN one THEN %(stage_id)s ELSE gen_random_uuid() END, at FROM each
    """,
}
