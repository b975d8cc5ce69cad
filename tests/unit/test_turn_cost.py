"""What a turn costs the database. The tests count records, scans and blocks, because other load on the machine does not
change them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from repositories import conversations, leases, turn_ends, turn_steps, turns
from repositories.acceptance import accept_in_open
from tests.conftest import MASTER_KEY, make_config, own_database, running_app
from tests.support.database import Connection, connect
from tests.support.factories import make_shop
from tests.support.fake_model import FakeModel
from tests.support.filled_tables import fill
from tests.support.os_users import wait_for

MAX_WAL_RECORDS = 60  # per turn
TURNS = 10
ROWS = 3_000
MILLION = 1_000_000
MAX_BLOCKS = 400  # of a whole turn, which reads and writes about 20 rows

# All records of the transactions that write turns. Heartbeats and the autovacuum have transactions of their own.
_RECORDS = """
WITH records AS (
    SELECT xid::text, pg_filenode_relation(split_part(path, '/', 1)::oid, split_part(path, '/', 3)::oid) AS relation
    FROM pg_get_wal_records_info(%(start)s, %(end)s)
    LEFT JOIN LATERAL (SELECT substring(block_ref FROM 'rel ([0-9/]+)') AS path) AS block
        ON split_part(path, '/', 2)::oid = (SELECT oid FROM pg_database WHERE datname = current_database()))
SELECT count(*) AS records FROM records
WHERE xid IN (SELECT xid FROM records WHERE relation IN ('turns'::regclass, 'conversations'::regclass))
"""


@pytest.fixture
def app_database(new_database_url: str, fake_model: FakeModel) -> Iterator[tuple[Any, Connection]]:
    """A client of an application of its own, and its database."""
    with (
        running_app(make_config(new_database_url, OPENAI_BASE_URL=fake_model.base_url)) as app,
        connect(new_database_url) as sql,
    ):
        yield app.test_client(), sql


def test_turn_writes_few_wal_records(app_database: tuple[Any, Connection], fake_model: FakeModel) -> None:
    client, sql = app_database
    if not sql.execute("SELECT FROM pg_available_extensions WHERE name = 'pg_walinspect'").fetchall():
        pytest.skip("The PostgreSQL server does not have pg_walinspect.")
    sql.execute("CREATE EXTENSION pg_walinspect")
    shop = make_shop(client, {"Authorization": f"Bearer {MASTER_KEY}"}, "Lantern Books")
    replies = ('{"stage": "Greeting", "confidence": 1}', '{"order_number": "A-1"}', "Hello.")

    def ask_each_customer_once() -> None:
        for number in range(TURNS):
            fake_model.reply(*replies)
            answer = shop.say("Where is my order A-1?", user={"external_id": f"c-{number}"})
            assert answer.status_code == 200, answer.text

    ask_each_customer_once()  # the first message of a conversation creates it
    start = _flushed_position(sql)
    ask_each_customer_once()
    row = sql.execute(_RECORDS, {"start": start, "end": _flushed_position(sql)}).fetchone()
    assert row is not None
    assert 20 < row["records"] / TURNS <= MAX_WAL_RECORDS


def _flushed_position(sql: Connection) -> str:
    """The end of the WAL, once it can be read."""
    [row] = sql.execute("SELECT pg_current_wal_insert_lsn()::text AS lsn").fetchall()
    is_flushed = "SELECT WHERE pg_current_wal_flush_lsn() >= %(lsn)s"
    wait_for(lambda: bool(sql.execute(is_flushed, row).fetchall()), "the WAL to be written")
    return str(row["lsn"])


class Customer(NamedTuple):
    """A customer with a conversation of many messages."""

    conn: Connection
    business_id: UUID
    user_id: UUID
    conversation_id: UUID
    release_id: UUID
    stage_id: UUID


@pytest.fixture(
    scope="module",
    params=[ROWS, pytest.param(MILLION, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])],
)
def customer(request: pytest.FixtureRequest, server_url: str, template_database: str) -> Iterator[Customer]:
    with own_database(server_url, template_database) as url, connect(url, autocommit=False) as conn:
        filled = fill(conn, request.param, ["users", "conversations", "messages", "turns", "llm_calls"])
        ids = {**filled._asdict(), "release_id": uuid.uuid4(), "rows": request.param}
        for statement in _PREPARE:
            conn.execute(statement, ids)
        conn.commit()
        yield Customer(
            conn, filled.business_id, filled.user_id, filled.conversation_id, ids["release_id"], filled.stage_id
        )


_PREPARE = (
    """
    INSERT INTO businesses (business_id, owner_id, business_name, live_release_id)
    VALUES (%(business_id)s, %(user_id)s, 'Lantern Books', %(release_id)s)
    """,
    """
    INSERT INTO releases (business_id, release_id, number, snapshot)
    VALUES (%(business_id)s, %(release_id)s, 1, '{}')
    """,
    "UPDATE users SET external_id = 'c-1' WHERE user_id = %(user_id)s",
    """
    UPDATE conversations SET status = 'active', stage_id = %(stage_id)s, last_seq = 2 * %(rows)s,
        last_updated = clock_timestamp()
    WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
    """,
    """
    INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
    SELECT business_id, conversation_id, 'order_number', to_jsonb(seq), turn_id, turn_id, seq
    FROM turns WHERE conversation_id = %(conversation_id)s
    """,
    "ANALYZE",
)


def accept(customer: Customer, **body: Any) -> Any:
    values = {
        "message": "Hello",
        "owner": uuid.uuid4(),
        "idempotency_key": uuid.uuid4().hex,
        "request_hash": "",
        "max_unfinished": 50,
        "language": "en",
        "guessed_language": None,
    }
    idle = timedelta(minutes=30)
    row = accept_in_open(customer.conn, customer.business_id, values, body, customer.release_id, idle)
    assert row is not None
    assert row["conversation_id"] == customer.conversation_id
    return {**row, "owner": values["owner"]}


def step(name: str) -> turn_steps.StepRow:
    now = datetime.now(UTC)
    call = {
        "template_id": None,
        "template_version": 1,
        "parsed": {},
        "model": "m",
        "request": {},
        "response": "",
        "latency_ms": 1,
        "attempt": 1,
        "status": "completed",
        "created_at": now,
    }
    return turn_steps.StepRow(
        step=name,
        status="completed",
        discarded=False,
        engine="model",
        output={},
        decision="",
        variables=[],
        started_at=now,
        finished_at=now,
        calls=[call],
    )


def answer(customer: Customer) -> None:
    row = accept(customer, user={"external_id": "c-1"})
    assert row["status"] == "running"
    assert row["collected"].keys() == {"order_number"} or row["seq"] == 1
    ids = customer.business_id, row["turn_id"], row["lease_epoch"]
    assert turn_steps.save_steps(customer.conn, *ids, [step("selection"), step("extraction")])
    end = turn_ends.TurnEnd(
        conversation_id=customer.conversation_id,
        message_id=row["message_id"],
        reply_id=uuid.uuid4(),
        reply="Hello",
        fields={"order_number": "A-1"},
        stage_id=str(customer.stage_id),
        agent_id=None,
        handover=None,
        trouble=None,
        confidence=1.0,
        decision={},
        engine="model",
        answer={},
    )
    ended = turn_ends.finish_turn(customer.conn, *ids, [step("response")], end)
    assert ended is not None
    assert ended["result"] == "completed"


def wait_and_fail(customer: Customer) -> None:
    first = accept(customer, user_id=str(customer.user_id))
    waiting = accept(customer, user_id=str(customer.user_id), conversation_id=str(customer.conversation_id))
    assert waiting["status"] == "accepted"
    assert turns.claim_turn(customer.conn, customer.business_id, waiting["turn_id"], waiting["owner"]) is None
    ids = customer.business_id, customer.conversation_id, first["turn_id"], first["lease_epoch"]
    assert turn_ends.fail_turn(customer.conn, *ids, {})
    assert turns.claim_turn(customer.conn, customer.business_id, waiting["turn_id"], waiting["owner"]) is not None


def take_over(customer: Customer) -> None:
    row = accept(customer, user_id=str(customer.user_id))
    heir, dead = uuid.uuid4(), row["owner"]
    assert leases.record_heartbeat(customer.conn, dead).keys() == {dead}
    assert leases.take_over_orphaned_turns(customer.conn, heir, []) == []
    assert [turn["turn_id"] for turn in leases.take_over_orphaned_turns(customer.conn, heir, [dead])] == [
        row["turn_id"]
    ]
    assert [turn["turn_id"] for turn in leases.unfinished_turns(customer.conn, heir)] == [row["turn_id"]]


def find_conversation(customer: Customer) -> None:
    found = conversations.lock_latest_open(
        customer.conn, customer.business_id, customer.user_id, None, timedelta(minutes=30)
    )
    assert found == customer.conversation_id


@pytest.mark.parametrize("run", [answer, wait_and_fail, take_over, find_conversation])
def test_functions_use_their_indexes(customer: Customer, run: Callable[[Customer], None]) -> None:
    for _ in range(7):  # PostgreSQL plans the first five executions for their parameters
        before = _counters(customer.conn)
        run(customer)
        scans, blocks = (now - then for now, then in zip(_counters(customer.conn), before, strict=True))
        customer.conn.rollback()
        assert scans == 0
        assert blocks < MAX_BLOCKS


def test_plans_of_an_empty_database_do_not_get_slower(server_url: str, template_database: str) -> None:
    """A session keeps the plans that it made while the tables were empty until they are analysed."""
    with own_database(server_url, template_database) as url, connect(url, autocommit=False) as conn:
        conn.execute("ALTER TABLE turns SET (autovacuum_enabled = false)")
        ids = {name: uuid.uuid4() for name in ("business_id", "user_id", "conversation_id", "release_id", "stage_id")}
        for statement in _NEW_BUSINESS:
            conn.execute(statement, ids)
        conn.commit()
        blocks = []
        for _ in range(100):
            _, before = _counters(conn)
            answer(Customer(conn, **ids))
            blocks.append(_counters(conn)[1] - before)
            conn.commit()
    assert sum(blocks[-10:]) < 1.5 * sum(blocks[10:20])


_NEW_BUSINESS = (
    "INSERT INTO users (user_id) VALUES (%(user_id)s)",
    """
    INSERT INTO businesses (business_id, owner_id, business_name)
    VALUES (%(business_id)s, %(user_id)s, 'Lantern Books')
    """,
    "UPDATE users SET business_id = %(business_id)s, external_id = 'c-1' WHERE user_id = %(user_id)s",
    """
    INSERT INTO releases (business_id, release_id, number, snapshot)
    VALUES (%(business_id)s, %(release_id)s, 1, '{}')
    """,
    "UPDATE businesses SET live_release_id = %(release_id)s WHERE business_id = %(business_id)s",
    """
    INSERT INTO conversations (business_id, conversation_id, user_id, session_id)
    VALUES (%(business_id)s, %(conversation_id)s, %(user_id)s, 's')
    """,
)


def _counters(conn: Connection) -> tuple[int, int]:
    """The sequential scans of large tables and the blocks read so far."""
    row = conn.execute(
        """
        SELECT sum(CASE WHEN relkind = 'r' AND reltuples > 1000
                        THEN pg_stat_get_xact_numscans(oid) ELSE 0 END) AS scans,
               sum(pg_stat_get_xact_blocks_fetched(oid)) AS blocks
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        """
    ).fetchone()
    assert row is not None
    return int(row["scans"]), int(row["blocks"])
