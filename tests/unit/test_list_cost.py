"""The cost of a page depends on its rows, not on its position or on the size of the list. The tests count blocks."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from core.ids import lowest_id
from db import Row
from repositories import (
    agents,
    api_keys,
    audit_log,
    businesses,
    events,
    inbox,
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
from tests.support.filled_tables import TABLES, Filled, fill

ROWS = 3_000
LIMIT = 50
MAX_RATIO = 1.5  # of the cost of a page to that of the first page
BLOCKS_OF_A_SCAN = 3 * LIMIT  # far fewer than any of the tables has


@pytest.fixture(scope="module")
def filled(server_url: str, template_database: str) -> Iterator[Filled]:
    """A business with 3,000 rows in every list, and as many of another business."""
    with own_database(server_url, template_database) as url, connect(url, autocommit=False) as conn:
        yield fill(conn, ROWS, list(TABLES))


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


def _by(order: inbox.Order) -> Any:
    """The list of conversations in this order, for the viewer `user_id`."""

    def list_conversations(
        conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any], viewer_id: UUID | None = None
    ) -> list[Row]:
        return inbox.list_conversations(conn, business_id, page, order, filters, viewer_id=viewer_id)

    return list_conversations


def _mine(f: Filled, page: Page) -> list[Row]:
    return inbox.list_conversations(f.conn, f.business_id, page, "oldest", {"mine": True}, viewer_id=f.user_id)


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
    "conversations": _filtered(_by("oldest")),
    "conversations of a user": _filtered(_by("oldest"), "user_id"),
    "conversations in a stage": _filtered(_by("oldest"), "stage_id"),
    "conversations completed": _filtered(_by("oldest"), status="completed"),
    "conversations of the AI": _filtered(_by("oldest"), handled_by="ai"),
    "conversations of a user in a stage": _filtered(
        _by("oldest"), "user_id", "stage_id", status="completed", handled_by="ai"
    ),
    "conversations of a member": _mine,
    "conversations without a member": _filtered(_by("oldest"), unassigned=True),
    "conversations that need a person": _filtered(_by("oldest"), needs_person=True),
    "conversations that are snoozed": _filtered(_by("oldest"), snoozed=True),
    "conversations that wait": _filtered(_by("oldest"), waiting=True),
    "conversations by waiting time": _filtered(_by("waiting")),
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


@pytest.mark.parametrize("listed", [_by("newest"), llm_calls.list_latest_calls])
@pytest.mark.parametrize("filters", [{}, {"status": "completed"}])
def test_newest_first_page_costs_no_more_than_the_first(filled: Filled, listed: Any, filters: dict[str, str]) -> None:
    deep = datetime.fromisoformat("2025-01-01T00:05:00Z")
    for position in (("infinity", LAST_ID), (deep, lowest_id(deep))):
        page = Page(LIMIT, *position, is_newest_first=True)
        assert len(listed(filled.conn, filled.business_id, page, filters)) == LIMIT + 1
        assert blocks_of(filled, partial(listed, filled.conn, filled.business_id, page, filters)) < BLOCKS_OF_A_SCAN


@pytest.mark.parametrize("name", ["users", "products", "orders", "orders of a user", "events"])
def test_newest_first_page_of_data_costs_no_more_than_the_first(filled: Filled, name: str) -> None:
    deep = datetime.fromisoformat("2025-01-01T00:20:00Z")
    for position in (("infinity", LAST_ID), (deep, lowest_id(deep))):
        page = Page(LIMIT, *position, is_newest_first=True)
        rows = LISTS[name](filled, page)
        assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
        assert len(rows) == LIMIT + 1
        assert blocks_of(filled, partial(LISTS[name], filled, page)) < BLOCKS_OF_A_SCAN


def test_search_for_customers_and_products_costs_only_what_it_finds(filled: Filled) -> None:
    # One customer by name, and one by the number of an order. Rows with odd numbers belong to the other business.
    for listed, matches in ((users.list_users, 2), (products.list_products, 1)):
        for words, found in ((f"{ROWS}", matches), (f"{ROWS + 1}", 0), ("nothing like it", 0)):
            read = partial(listed, filled.conn, filled.business_id, Page(LIMIT), None, words)
            assert len(read()) == found, words
            assert blocks_of(filled, read) < LIMIT, words


@pytest.mark.parametrize("filters", [{}, {"status": "completed"}, {"handled_by": "ai"}, {"unassigned": True}])
def test_page_in_the_order_of_activity_costs_no_more_than_the_first(filled: Filled, filters: dict[str, Any]) -> None:
    deep = datetime.fromisoformat("2026-06-01T12:00:00Z")
    for position in (("infinity", LAST_ID), (deep, lowest_id(deep))):
        read = partial(_by("latest"), filled.conn, filled.business_id, Page(LIMIT, *position), filters)
        assert len(read()) == LIMIT + 1
        assert blocks_of(filled, read) < (BLOCKS_OF_A_SCAN if "unassigned" not in filters else 10 * LIMIT)


@pytest.mark.parametrize("is_newest_first", [False, True])
@pytest.mark.parametrize("listed", [messages.list_messages, turns.list_turns])
def test_deep_page_of_a_conversation_costs_no_more_than_the_first(
    filled: Filled, listed: Any, is_newest_first: bool
) -> None:
    listed = partial(listed, is_newest_first=is_newest_first)
    first, deep = (
        blocks_of(filled, partial(listed, filled.conn, filled.business_id, filled.conversation_id, seq, LIMIT))
        for seq in (10 * LIMIT, 2 * ROWS - 10 * LIMIT)
    )
    assert deep <= MAX_RATIO * max(first, LIMIT)
    assert first < BLOCKS_OF_A_SCAN


def test_recent_calls_cost_only_what_they_find(filled: Filled) -> None:
    since = datetime.fromisoformat("2025-01-01T00:00:00Z") + timedelta(seconds=2 * ROWS - 600)
    read = partial(llm_calls.list_ended_since, filled.conn, filled.business_id, since, 20)
    assert len(read()) == 20 and blocks_of(filled, read) < LIMIT


def test_deep_page_of_a_tag_costs_no_more_than_the_first(filled: Filled) -> None:
    first, deep = (
        partial(_by("oldest"), filled.conn, filled.business_id, page, {"tag": "vip"})
        for page in (Page(LIMIT), deep_page(ROWS))
    )
    assert len(first()) == len(deep()) == LIMIT + 1
    # For each tag, its conversation is looked up, or for each conversation its tag.
    assert max(blocks_of(filled, first), blocks_of(filled, deep)) < 5 * BLOCKS_OF_A_SCAN


def test_long_conversation_is_described_without_reading_all_its_messages(filled: Filled) -> None:
    filled.conn.execute(
        "INSERT INTO business_members (business_id, user_id, role) VALUES (%(business_id)s, %(user_id)s, 'agent')",
        {"business_id": filled.business_id, "user_id": filled.user_id},
    )
    filled.conn.commit()
    ids = [filled.conversation_id]
    (row,) = inbox.describe(filled.conn, filled.business_id, ids, filled.user_id)
    assert (row["unread"], row["last_message"]["seq"]) == (inbox.MAX_UNREAD, 2 * ROWS)
    # 100 messages with as many of another conversation between them
    assert blocks_of(filled, lambda: inbox.describe(filled.conn, filled.business_id, ids, filled.user_id)) < 2 * LIMIT
    listed = inbox.list_conversations(filled.conn, filled.business_id, Page(LIMIT), "oldest", {})
    ids = [row["conversation_id"] for row in listed]
    blocks = blocks_of(filled, lambda: inbox.describe(filled.conn, filled.business_id, ids, filled.user_id))
    assert blocks < 20 * len(ids)  # of seven tables and their indexes


def test_counts_stop_at_the_maximum(filled: Filled) -> None:
    read = partial(inbox.count_conversations, filled.conn, filled.business_id, filled.user_id, LIMIT)
    counts = read()
    assert counts.pop("unread") == 0  # the messages belong to another conversation
    assert set(counts.values()) == {LIMIT}
    assert blocks_of(filled, read) < 3 * BLOCKS_OF_A_SCAN


def test_search_costs_only_what_it_finds(filled: Filled) -> None:
    def search(words: str) -> list[Row]:
        return _by("oldest")(filled.conn, filled.business_id, Page(LIMIT), {"words": words})

    assert [row["conversation_id"] for row in search(f"number {ROWS}")] == [filled.conversation_id]
    assert search("number 3") == []  # belongs to the other business
    for words in (f"number {ROWS}", "number 3", "nothing like it"):
        # The trigrams are looked up in several indexes, whose pages depend on the random IDs.
        assert blocks_of(filled, lambda words=words: search(words)) < 2 * LIMIT, words


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
