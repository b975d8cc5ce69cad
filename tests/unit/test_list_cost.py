"""The cost of a page depends on its rows, not on its position or on the size of the list. The tests count blocks."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from core.ids import lowest_id
from db import Row
from repositories import (
    agents,
    api_keys,
    audit_log,
    businesses,
    conversations,
    events,
    llm_calls,
    messages,
    orders,
    products,
    stages,
    templates,
    turns,
    users,
)
from repositories.page import LAST_ID, Page
from tests.conftest import own_database
from tests.support.database import Connection, connect

ROWS = 3_000
LIMIT = 50
MAX_RATIO = 1.5  # of the cost of a page to that of the first page
BLOCKS_OF_A_SCAN = 3 * LIMIT  # far fewer than any of the tables has


class Filled(NamedTuple):
    conn: Connection
    business_id: UUID
    user_id: UUID
    conversation_id: UUID
    stage_id: UUID


@pytest.fixture(scope="module")
def filled(server_url: str, template_database: str) -> Iterator[Filled]:
    """A business with 3,000 rows in every list, and as many of another business."""
    with own_database(server_url, template_database) as url, connect(url, autocommit=False) as conn:
        yield fill(conn, ROWS, list(_FILL))


def fill(conn: Connection, rows: int, tables: Sequence[str]) -> Filled:
    """Insert `rows` rows of a business into each table, alternating with rows of another business."""
    ids = {name: uuid.uuid4() for name in ("business_id", "other_id", "user_id", "conversation_id", "stage_id")}
    conn.response_timeout = 600  # seconds; for a million rows
    conn.execute(_WITHOUT_FOREIGN_KEYS)
    indexes = conn.execute(_INDEXES).fetchall()
    conn.execute("DROP INDEX " + ", ".join(index["name"] for index in indexes))
    for statement in (_EACH, *(_FILL[table] for table in tables)):
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
_FILL = {
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
        INSERT INTO conversations (conversation_id, business_id, user_id, stage_id, session_id, status, start_time)
        SELECT CASE WHEN n = 4 THEN %(conversation_id)s ELSE gen_random_uuid() END, business_id,
               CASE WHEN one THEN %(user_id)s ELSE gen_random_uuid() END,
               CASE WHEN one THEN %(stage_id)s ELSE gen_random_uuid() END, n,
               CASE WHEN one THEN 'completed' ELSE 'active' END, at FROM each
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

Read = Callable[[Filled, Page], list[Row]]


def _filtered(function: Any, *names: str, **values: Any) -> Read:
    """`names` are the filters to set to the values that `fill` used."""
    return lambda f, page: function(
        f.conn, f.business_id, page, {**{name: getattr(f, name) for name in names}, **values}
    )


def _events(*names: str, offset: int = 0, **values: Any) -> Read:
    return lambda f, page: events.list_events(
        f.conn, f.business_id, page, {**{name: getattr(f, name) for name in names}, **values}, offset
    )


_EARLY, _LATE = datetime.fromisoformat("2024-12-31T00:00:00Z"), datetime.fromisoformat("2026-01-01T00:00:00Z")
LISTS: dict[str, Read] = {
    "businesses": lambda f, page: businesses.list_businesses(f.conn, page),
    "users": lambda f, page: users.list_users(f.conn, f.business_id, page),
    "users of all": lambda f, page: users.list_users(f.conn, None, page),
    "agents": lambda f, page: agents.list_agents(f.conn, f.business_id, page),
    "api keys": lambda f, page: api_keys.list_keys(f.conn, f.business_id, page),
    "templates": lambda f, page: templates.list_templates(f.conn, f.business_id, page, None),
    "templates of a type": lambda f, page: templates.list_templates(f.conn, f.business_id, page, "stage_selection"),
    "stages": lambda f, page: stages.list_stages(f.conn, f.business_id, page, None),
    "products": lambda f, page: products.list_products(f.conn, f.business_id, page),
    "services": lambda f, page: products.list_products(f.conn, f.business_id, page, "service"),
    "orders": _filtered(orders.list_orders),
    "orders of a user": _filtered(orders.list_orders, "user_id"),
    "orders in a state": _filtered(orders.list_orders, status="sent"),
    "orders of a user in a state": _filtered(orders.list_orders, "user_id", status="sent"),
    "conversations": _filtered(conversations.list_conversations),
    "conversations of a user": _filtered(conversations.list_conversations, "user_id"),
    "conversations in a stage": _filtered(conversations.list_conversations, "stage_id"),
    "conversations completed": _filtered(conversations.list_conversations, status="completed"),
    "conversations of the AI": _filtered(conversations.list_conversations, handled_by="ai"),
    "conversations of a user in a stage": _filtered(
        conversations.list_conversations, "user_id", "stage_id", status="completed", handled_by="ai"
    ),
    "calls": _filtered(llm_calls.list_calls),
    "calls of a conversation": _filtered(llm_calls.list_calls, "conversation_id"),
    "calls of a step": _filtered(llm_calls.list_calls, step="selection"),
    "calls that failed": _filtered(llm_calls.list_calls, status="failed"),
    "events": _events(),
    "events of a type": _events(event_type="click"),
    "events of a user": _events("user_id"),
    "events of a time": _events(from_time=_EARLY, to_time=_LATE),
    "audit log": _filtered(audit_log.list_entries),
    "audit log of all": lambda f, page: audit_log.list_entries(f.conn, None, page, {}),
    "audit log of a kind": _filtered(audit_log.list_entries, resource="stage"),
    "audit log of an action": _filtered(audit_log.list_entries, action="create"),
    "audit log of a row": lambda f, page: audit_log.list_entries(
        f.conn, f.business_id, page, {"resource_id": f.stage_id}
    ),
    "audit log of a user": lambda f, page: audit_log.list_entries(f.conn, f.business_id, page, {"actor_id": f.user_id}),
}


@pytest.mark.parametrize("name", LISTS)
def test_deep_page_costs_no_more_than_the_first(filled: Filled, name: str) -> None:
    read = LISTS[name]
    first, deep = Page(LIMIT), deep_page(ROWS)
    assert len(read(filled, first)) == len(read(filled, deep)) == LIMIT + 1
    blocks = blocks_of(filled, lambda: read(filled, first))
    assert blocks < BLOCKS_OF_A_SCAN
    allowed = max(blocks, LIMIT)  # one block per row is acceptable
    assert blocks_of(filled, lambda: read(filled, deep)) <= MAX_RATIO * allowed


@pytest.mark.parametrize("listed", [conversations.list_latest_conversations, llm_calls.list_latest_calls])
@pytest.mark.parametrize("filters", [{}, {"status": "completed"}])
def test_newest_first_page_costs_no_more_than_the_first(filled: Filled, listed: Any, filters: dict[str, str]) -> None:
    deep = datetime.fromisoformat("2025-01-01T00:05:00Z")
    for position in (("infinity", LAST_ID), (deep, lowest_id(deep))):
        page = Page(LIMIT, *position, is_newest_first=True)
        assert len(listed(filled.conn, filled.business_id, page, filters)) == LIMIT + 1
        assert blocks_of(filled, partial(listed, filled.conn, filled.business_id, page, filters)) < BLOCKS_OF_A_SCAN


@pytest.mark.parametrize("listed", [messages.list_messages, turns.list_turns])
def test_deep_page_of_a_conversation_costs_no_more_than_the_first(filled: Filled, listed: Any) -> None:
    first, deep = (
        blocks_of(filled, partial(listed, filled.conn, filled.business_id, filled.conversation_id, after_seq, LIMIT))
        for after_seq in (0, 2 * ROWS - 10 * LIMIT)
    )
    assert deep <= MAX_RATIO * max(first, LIMIT)
    assert first < BLOCKS_OF_A_SCAN


def test_recent_calls_cost_only_what_they_find(filled: Filled) -> None:
    since = datetime.fromisoformat("2025-01-01T00:00:00Z") + timedelta(seconds=2 * ROWS - 600)
    read = partial(llm_calls.list_ended_since, filled.conn, filled.business_id, since, 20)
    assert len(read()) == 20 and blocks_of(filled, read) < LIMIT


def test_search_costs_only_what_it_finds(filled: Filled) -> None:
    def search(words: str) -> list[Row]:
        return conversations.search_conversations(filled.conn, filled.business_id, Page(LIMIT), {}, words)

    assert [row["conversation_id"] for row in search(f"number {ROWS}")] == [filled.conversation_id]
    assert search("number 3") == []  # belongs to the other business
    for words in (f"number {ROWS}", "number 3", "nothing like it"):
        assert blocks_of(filled, lambda words=words: search(words)) < LIMIT, words


def deep_page(rows: int) -> Page:
    """A page near the end of the rows that `fill` inserted."""
    time = datetime.fromisoformat("2025-01-01T00:00:00Z") + timedelta(seconds=2 * rows - 20 * LIMIT)
    return Page(LIMIT, time, lowest_id(time))


def blocks_of(filled: Filled, read: Callable[[], Any]) -> int:
    """How many blocks of tables and indexes a second run reads."""
    read()
    before = _blocks(filled.conn)
    read()
    blocks = _blocks(filled.conn) - before
    filled.conn.rollback()
    return blocks


def _blocks(conn: Connection) -> int:
    statement = """SELECT sum(pg_stat_get_xact_blocks_fetched(oid)) AS blocks FROM pg_class
        WHERE relnamespace = 'public'::regnamespace"""
    row = conn.execute(statement).fetchone()
    assert row is not None
    return int(row["blocks"])
