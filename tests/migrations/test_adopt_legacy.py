"""A database of the older system is adopted whole: `tests/legacy_schema.sql`, and rows of further kinds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg.rows import dict_row

from app import close_app, create_app
from migrations import SchemaError, migrate
from tests.conftest import MASTER_KEY, make_config, own_database
from tests.support.checked_client import CheckedClient
from tests.support.fake_model import FakeModel

ROOT = Path(__file__).parent.parent.parent
LEGACY = (ROOT / "tests" / "legacy_schema.sql").read_text()

OLGA, CARL, DORA = (f"10000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
MISSING_OWNER, MISSING_CUSTOMER = "10000000-0000-4000-8000-00000000dead", "10000000-0000-4000-8000-0000000000ff"
FIRST, SECOND = (f"20000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
AGENT = "30000000-0000-4000-8000-000000000001"
GREET, ASSIST, ASSIST_OF_SECOND = (f"50000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
CONVERSATIONS = [f"60000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4)]

Sql = psycopg.Connection[dict[str, Any]]


@pytest.fixture
def old(empty_database_url: str) -> Iterator[Sql]:
    """The older system's database, before anything of ours has run on it."""
    with _older_database(empty_database_url) as conn:
        yield conn


@dataclass
class Adopted:
    """The older system's database after the migration, with the application over it."""

    url: str
    sql: Sql
    told: list[str]  # by the migration
    app: Flask
    model: FakeModel


@pytest.fixture(scope="module")
def adopted(server_url: str) -> Iterator[Adopted]:
    told: list[str] = []
    with own_database(server_url, "template1") as url, _older_database(url) as conn, FakeModel() as model:
        migrate(url, tell=told.append)
        app = create_app(make_config(url, OPENAI_BASE_URL=model.base_url))
        app.test_client_class = CheckedClient
        yield Adopted(url, conn, told, app, model)
        close_app(app)


@contextmanager
def _older_database(url: str) -> Iterator[Sql]:
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as conn:
        conn.execute(LEGACY.encode())
        yield conn


def rows(conn: Sql, query: str) -> list[tuple[Any, ...]]:
    return [
        tuple(str(v) if hasattr(v, "hex") and not isinstance(v, float) else v for v in row.values())
        for row in conn.execute(query.encode())
    ]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_every_person_is_there(adopted: Adopted) -> None:
    people = rows(
        adopted.sql, "SELECT business_id, external_id, first_name, last_name, email FROM users ORDER BY 4, 1, 2"
    )
    assert people == [
        (FIRST, CARL, "Carl", "Customer", "carl@example.com"),
        (FIRST, DORA, "Dora", "Of-Both", "dora@example.com"),
        (SECOND, DORA, "Dora", "Of-Both", "dora@example.com"),
        (None, None, "Olga", "Owner", "olga@example.com"),
        (SECOND, MISSING_CUSTOMER, "Unknown", "customer", None),
        (None, None, "Unknown", "owner", None),
    ]
    kept = {row[0] for row in rows(adopted.sql, "SELECT user_id FROM users")}
    assert {OLGA, CARL, DORA, MISSING_OWNER, MISSING_CUSTOMER} < kept


def test_businesses_keep_their_owners_and_agents(adopted: Adopted) -> None:
    assert rows(adopted.sql, "SELECT business_id, owner_id, business_name FROM businesses ORDER BY 1") == [
        (FIRST, OLGA, "First Shop"),
        (SECOND, MISSING_OWNER, "Second Shop, its owner gone"),
    ]
    assert rows(adopted.sql, "SELECT business_id, user_id, role FROM business_members ORDER BY 1") == [
        (FIRST, OLGA, "owner"),
        (SECOND, MISSING_OWNER, "owner"),
    ]
    assert rows(adopted.sql, "SELECT agent_id, business_id, agent_name FROM agents") == [(AGENT, FIRST, "Sales")]


def test_every_template_goes_to_who_uses_it(adopted: Adopted) -> None:
    query = """SELECT business_id, template_type, template_name, content FROM templates
               WHERE shipped_type IS NULL ORDER BY business_id NULLS FIRST, template_type, template_name"""
    extraction = "Extract key information from this message: {message}"
    selection = (
        "Of {stage list} and {summary of last conversations}, which is it? Reply with {current stage}",
        "Both shops point here: {message}",
    )
    reply = "Answer for intent {intent} with {extracted_data}"
    assert rows(adopted.sql, query) == [
        (None, "default_stage_selection", "Default selection", "Determine the intent of this message: {message}"),
        (None, "default_stage_selection", "Unused", "Nobody points here {message}"),
        (FIRST, "data_extraction", "Default extraction", extraction),
        (FIRST, "data_extraction", "Entities", "Extract key entities: {message}"),
        (FIRST, "response_generation", "Already moved", "Hello {user_name}"),
        (FIRST, "response_generation", "Reply", reply),
        (FIRST, "stage_selection", "255544", selection[0]),
        (FIRST, "stage_selection", "Shared", selection[1]),
        (SECOND, "data_extraction", "Default extraction", extraction),
        (SECOND, "response_generation", "Reply", reply),
        (SECOND, "stage_selection", "Shared", selection[1]),
    ]
    kept = {"40000000-0000-4000-8000-000000000001", "40000000-0000-4000-8000-0000000000aa"}
    assert kept < {row[0] for row in rows(adopted.sql, "SELECT template_id FROM templates")}


def test_every_stage_points_to_its_own_templates(adopted: Adopted) -> None:
    query = """
        SELECT s.stage_id, s.business_id, s.agent_id, s.stage_name, s.stage_description, s.stage_type, s.position,
               selection.template_name, extraction.template_name, response.template_name AS reply
        FROM stages s
        JOIN templates selection ON selection.template_id = s.stage_selection_template_id
        JOIN templates extraction ON extraction.template_id = s.data_extraction_template_id
        JOIN templates response ON response.template_id = s.response_generation_template_id
        ORDER BY 1"""
    with adopted.sql.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        found = [tuple(map(str, row)) for row in cursor.execute(query)]
    default = "Default extraction"
    assert found == [
        (GREET, FIRST, AGENT, "Greet", "g", "response", "0", "255544", "Entities", "Already moved"),
        (ASSIST, FIRST, "None", "Assist", "a", "conversation", "1", "Shared", default, "Reply"),
        # A foreign agent is none, and what pointed nowhere is what the older system had as a default.
        (
            ASSIST_OF_SECOND,
            SECOND,
            "None",
            "Assist",
            "a foreign agent",
            "conversation",
            "0",
            "Shared",
            default,
            "Reply",
        ),
    ]


def test_every_conversation_and_message_is_there(adopted: Adopted) -> None:
    query = """SELECT c.conversation_id, c.business_id, u.external_id, u.business_id AS of, stage_id, session_id,
                      status, last_seq
               FROM conversations c JOIN users u USING (user_id) ORDER BY 1"""
    assert rows(adopted.sql, query) == [
        (CONVERSATIONS[0], FIRST, CARL, FIRST, GREET, "s1", "active", 2),
        (CONVERSATIONS[1], FIRST, DORA, FIRST, None, "s2", "active", 0),
        (CONVERSATIONS[2], SECOND, DORA, SECOND, None, "s3", "completed", 2),
        (CONVERSATIONS[3], SECOND, MISSING_CUSTOMER, SECOND, None, "s4", "active", 0),
    ]
    query = """SELECT right(message_id::text, 1), conversation_id, seq, message_content, sender_type,
                      created_at::timestamp::text, sender_user_id = c.user_id AS by_customer
               FROM messages JOIN conversations c USING (conversation_id) ORDER BY 2, 3"""
    assert rows(adopted.sql, query) == [
        ("1", CONVERSATIONS[0], 1, "Hello", "user", "2025-04-01 10:00:00", True),
        ("2", CONVERSATIONS[0], 2, "Hi Carl", "assistant", "2025-04-01 10:00:00", None),
        ("3", CONVERSATIONS[2], 1, "Anyone?", "user", "2025-04-02 10:00:00", True),
        ("4", CONVERSATIONS[2], 2, "Answered by ai", "assistant", "2025-04-02 10:01:00", None),
    ]


def test_the_old_tables_are_gone_and_their_rows_counted(adopted: Adopted) -> None:
    assert rows(adopted.sql, "SELECT nspname FROM pg_namespace WHERE nspname = 'legacy'") == []
    assert rows(adopted.sql, "SELECT relname FROM pg_class WHERE relname = 'prompt_templates'") == []
    counted = [sentence for sentence in adopted.told if " adopted: " in sentence]
    assert counted == [
        "agents adopted: 1 rows",
        "businesses adopted: 2 rows",
        "conversations adopted: 4 rows",
        "default_templates adopted: 2 rows",
        "messages adopted: 4 rows",
        "prompt_templates adopted: 5 rows",
        "stages adopted: 3 rows",
        "templates adopted: 1 rows",
        "users adopted: 3 rows, and 2 placeholders for missing ones",
    ]


def test_what_was_repaired_is_named(adopted: Adopted) -> None:
    for sentence in (
        f"businesses {SECOND}: its owner {MISSING_OWNER} did not exist: a placeholder user stands in",
        f"conversations {CONVERSATIONS[3]}: its user {MISSING_CUSTOMER} did not exist: a placeholder user stands in",
        f"conversations {CONVERSATIONS[2]}: its stage 50000000-0000-4000-8000-00000000dead is none of this business's:"
        " it stands in none now",
        f"stages {ASSIST_OF_SECOND}: its response_generation template points-nowhere did not exist:"
        " the default stands in",
        f"stages {ASSIST_OF_SECOND}: its agent {AGENT} is none of this business's: it has no agent now",
        'conversations : 1 rows with the status "closed" are "completed" now',
        'messages : 1 rows of the sender "ai" are of "assistant" now',
    ):
        assert sentence in adopted.told
    assert not [
        sentence for sentence in adopted.told if "Hello" in sentence or "legacy-key" in sentence or "@" in sentence
    ]


def test_what_has_no_place_is_kept(adopted: Adopted) -> None:
    assert rows(adopted.sql, "SELECT old_table, old_id, kept FROM adoption_notes WHERE kept IS NOT NULL") == [
        ("prompt_templates", "255544", {"description": "selection"})
    ]


def test_no_key_is_readable_any_more(adopted: Adopted) -> None:
    for table in rows(
        adopted.sql, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ):
        assert rows(adopted.sql, f"SELECT 1 FROM {table[0]} t WHERE t::text LIKE '%legacy-key-of-the-%'") == []


def test_a_second_run_changes_nothing(adopted: Adopted) -> None:
    def everything() -> dict[str, list[str]]:
        tables = rows(
            adopted.sql, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {t[0]: sorted(r[0] for r in rows(adopted.sql, f"SELECT t::text FROM {t[0]} t")) for t in tables}

    before, sentences = everything(), []
    assert migrate(adopted.url, tell=sentences.append) == []
    close_app(create_app(make_config(adopted.url)))
    assert sentences == []
    assert everything() == before


def test_both_keys_still_let_their_holders_in(adopted: Adopted) -> None:
    client = adopted.app.test_client()
    for key, business_id in (("legacy-key-of-the-first", FIRST), ("legacy-key-of-the-second", SECOND)):
        assert client.get(f"/api/v1/businesses/{business_id}", headers=bearer(key)).status_code == 200
        other = FIRST if business_id == SECOND else SECOND
        assert client.get(f"/api/v1/businesses/{other}", headers=bearer(key)).status_code == 403
        cookie = {"userId": OLGA if business_id == FIRST else MISSING_OWNER, "businessId": business_id}
        assert client.post("/api/save-config", json={**cookie, "businessApiKey": key}).get_json()["success"]


def test_the_customer_of_both_is_a_customer_of_each(adopted: Adopted) -> None:
    client = adopted.app.test_client()
    for key, session in (("legacy-key-of-the-first", "s2"), ("legacy-key-of-the-second", "s3")):
        people = client.get("/api/v1/users", headers=bearer(key)).get_json()
        [dora] = [person for person in people if person["email"] == "dora@example.com"]
        found = client.get(f"/api/v1/users/{dora['user_id']}/conversations", headers=bearer(key)).get_json()
        assert [conversation["session_id"] for conversation in found] == [session]


def test_adopted_businesses_answer(old: Sql, empty_database_url: str, fake_model: FakeModel) -> None:
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    app.test_client_class = CheckedClient
    client, key = app.test_client(), bearer("legacy-key-of-the-first")
    fake_model.respond = lambda body: "Assist"
    body = {"user_id": CARL, "message": "And now?", "conversation_id": CONVERSATIONS[0]}
    answer = client.post("/message", json=body, headers=key)
    assert answer.status_code == 200
    assert answer.get_json()["stage"]["stage_id"] == ASSIST
    # The older wording of variables: {stage list}, {summary of last conversations}, {current stage}.
    asked = [message["content"] for request in fake_model.requests for message in request["messages"]]
    assert "Of Greet, Assist and , which is it? Reply with Greet" in asked
    said = client.get(f"/api/v1/conversations/{CONVERSATIONS[0]}/messages", headers=key).get_json()
    assert [(message["seq"], message["message_content"]) for message in said] == [
        (1, "Hello"),
        (2, "Hi Carl"),
        (3, "And now?"),
        (4, "Assist"),
    ]
    second = bearer("legacy-key-of-the-second")
    for who in ({"user": {"external_id": DORA}}, {"user_id": DORA}):  # a customer of both, named as the second knew her
        answer = client.post("/message", json={**who, "message": "Still there?"}, headers=second)
        assert answer.get_json()["stage"]["stage_id"] == ASSIST_OF_SECOND
    listed = client.get(f"/conversations/{DORA}", headers=second).get_json()
    assert answer.get_json()["conversation_id"] in [conversation["conversation_id"] for conversation in listed]
    close_app(app)


def test_what_one_installation_has_and_another_lacks(old: Sql, empty_database_url: str, fake_model: FakeModel) -> None:
    """Orders, products, names in lists, two stages of one name, addresses that differ in case, a template pointing to
    another business's, one that was moved already, and further columns."""
    old.execute(
        f"""
        CREATE TABLE products (product_id TEXT, business_id UUID, product_name TEXT, price TEXT, color TEXT);
        INSERT INTO products VALUES ('lamp', '{FIRST}', 'Lamp', '12.50', 'red'), ('lost', NULL, 'Lost', 'cheap', NULL);
        CREATE TABLE orders (order_id UUID PRIMARY KEY, business_id UUID, user_id UUID, order_number TEXT, note TEXT);
        INSERT INTO orders VALUES
            ('80000000-0000-4000-8000-000000000001', '{FIRST}', '{OLGA}', 'A-1', 'gift'),
            ('80000000-0000-4000-8000-000000000002', '{SECOND}', '{OLGA}', 'A-1', NULL),
            ('80000000-0000-4000-8000-000000000003', '{SECOND}', '{OLGA}', 'A-1', NULL);
        CREATE TABLE events (event_id UUID, business_id UUID, event_type TEXT, user_id UUID, product_id TEXT,
                             stage_id UUID, custom_event_properties JSONB, browser TEXT);
        INSERT INTO events VALUES
            ('90000000-0000-4000-8000-000000000001', '{FIRST}', 'viewed', '{DORA}', 'lamp', '{ASSIST_OF_SECOND}',
             '{{"seconds": 3}}', 'lynx'),
            ('90000000-0000-4000-8000-000000000002', NULL, 'lost', NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE template_variables (variable_name TEXT);
        INSERT INTO template_variables VALUES ('user_name');
        CREATE VIEW greetings AS SELECT * FROM messages;
        DROP TABLE default_templates;
        ALTER TABLE users ADD phone TEXT, ADD password TEXT, ADD city TEXT;
        INSERT INTO users VALUES
            ('10000000-0000-4000-8000-000000000004', 'Carla', 'Other', 'Carl@Example.com', NOW(), '+1', 'x', 'Ghent');
        INSERT INTO conversations (conversation_id, business_id, user_id, session_id, status) VALUES
            ('60000000-0000-4000-8000-000000000005', '{FIRST}', '10000000-0000-4000-8000-000000000004', '', 'weird');
        UPDATE businesses SET api_key = 'short', product_list = '["Lamp", {{"name": "Vase", "price": 7}}, {{"n": 1}}]',
            service_list = '["Repair"]', agent_list = '["Sales", "Night shift"]'
        WHERE business_id = '{FIRST}';
        INSERT INTO prompt_templates VALUES ('40000000-0000-4000-8000-0000000000bb', 'Bye', NULL, '{{}}', 'Moved', 'x');
        INSERT INTO templates (template_id, business_id, template_name, template_type, content)
        VALUES ('40000000-0000-4000-8000-0000000000bb', '{FIRST}', 'Moved', 'x', 'Bye');
        INSERT INTO stages (stage_id, business_id, stage_name, stage_description, stage_type,
                            response_generation_template_id)
        VALUES ('50000000-0000-4000-8000-000000000004', '{SECOND}', 'Assist', 'b', '',
                '40000000-0000-4000-8000-0000000000AA');
        """.encode()
    )
    told: list[str] = []
    migrate(empty_database_url, tell=told.append)

    assert rows(old, "SELECT product_name, price::text, kind, metadata FROM products ORDER BY 1") == [
        ("Lamp", "12.50", "product", {"color": "red"}),
        ("Repair", None, "service", {}),
        ("Vase", "7.00", "product", {"name": "Vase", "price": 7}),
    ]
    assert rows(old, "SELECT agent_name FROM agents ORDER BY 1") == [("Night shift",), ("Sales",)]
    orders = """SELECT o.business_id, u.business_id AS of, order_number LIKE 'A-1 (%%' AS again
                FROM orders o JOIN users u USING (user_id) ORDER BY order_id"""
    events = """SELECT e.business_id, event_type, e.user_id, product_name, stage_id, custom_event_properties, verified
                FROM events e JOIN products USING (product_id)"""
    assert rows(old, events) == [
        (FIRST, "viewed", DORA, "Lamp", None, {"seconds": 3, "browser": "lynx"}, False),
    ]
    # Olga wrote to her own shop as its owner, and is the other's customer.
    assert rows(old, orders) == [(FIRST, None, False), (SECOND, SECOND, False), (SECOND, SECOND, True)]
    carla = "SELECT email, phone, metadata FROM users WHERE first_name = 'Carla'"
    assert rows(old, carla) == [(None, "+1", {"city": "Ghent", "older_email": "Carl@Example.com"})]
    assert rows(
        old, "SELECT status, session_id <> '' AS named FROM conversations WHERE session_id = conversation_id::text"
    ) == [("active", True)]
    second = """SELECT stage_name LIKE 'Assist (%%' AS told_apart, stage_type, t.content, t.business_id
                FROM stages s JOIN templates t ON t.template_id = response_generation_template_id
                WHERE stage_id = '50000000-0000-4000-8000-000000000004'"""
    assert rows(old, second) == [(True, "conversation", "Hello {user_name}", SECOND)]
    # No default of the older system is left for selection and extraction: the platform's stand in.
    empty = f"SELECT template_type FROM templates WHERE business_id = '{SECOND}' AND content = '' ORDER BY 1"
    assert rows(old, empty) == [("data_extraction",), ("stage_selection",)]
    kept = """SELECT old_table, jsonb_strip_nulls(kept) - '{product_id,product_name}'::text[]
              FROM adoption_notes WHERE kept IS NOT NULL ORDER BY 1, 2"""
    assert rows(old, kept) == [
        ("businesses", {"n": 1}),
        ("events", {"event_id": "90000000-0000-4000-8000-000000000002", "event_type": "lost"}),
        ("orders", {"note": "gift"}),
        ("products", {"price": "cheap"}),
        ("prompt_templates", {"description": "selection"}),
        ("template_variables", {"variable_name": "user_name"}),
    ]
    for sentence in (
        f"businesses {FIRST}: its key is short, and may be guessed: give it a new one",
        "prompt_templates 40000000-0000-4000-8000-0000000000bb: a row of templates holds the same: nothing to move",
        "stages 50000000-0000-4000-8000-000000000004: its response_generation template"
        " 40000000-0000-4000-8000-0000000000aa is another business's: it has a copy",
        f"events 90000000-0000-4000-8000-000000000001: its stage_id {ASSIST_OF_SECOND} is none of this business's:"
        " it names none now",
        "drop cascades to view greetings",
    ):
        assert sentence in told
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    fake_model.respond = lambda body: "Assist"
    body = {"user": {"external_id": OLGA}, "message": "Hello"}
    answer = app.test_client().post("/message", json=body, headers=bearer("legacy-key-of-the-second"))
    assert answer.status_code == 200
    shipped = (ROOT / "templates" / "data_extraction_template.txt").read_text().partition("\n---\n")[0].splitlines()[-1]
    asked = [request["messages"][0]["content"] for request in fake_model.requests]
    assert [content for content in asked if shipped in content]
    close_app(app)


def test_a_row_that_finds_no_place_stops_it_and_nothing_is_lost(old: Sql, empty_database_url: str) -> None:
    old.execute(b"ALTER TABLE messages DROP CONSTRAINT messages_conversation_id_fkey")
    old.execute(b"UPDATE messages SET conversation_id = gen_random_uuid() WHERE message_content = 'Hello'")
    with pytest.raises(SchemaError, match="1 of 4 rows of the older table messages could not be adopted"):
        migrate(empty_database_url)
    assert rows(old, "SELECT count(*) FROM legacy.messages") == [(4,)]
    assert rows(old, "SELECT count(*) FROM users") == [(0,)]


def test_a_killed_run_leaves_the_old_rows_whole(old: Sql, empty_database_url: str) -> None:
    """Killed when all is copied and dropped and only the migration's mark is left to write."""
    old.execute(b"ALTER SCHEMA public RENAME TO aside; CREATE SCHEMA public")
    migrate(empty_database_url)
    old.execute(
        b"DELETE FROM _yoyo_migration WHERE migration_id = '07_adopt_older_database'; DROP TABLE adoption_notes"
    )
    old.execute(b"ALTER SCHEMA aside RENAME TO legacy")
    with psycopg.connect(empty_database_url) as blocker:
        blocker.execute("LOCK TABLE _yoyo_migration IN SHARE MODE")
        run = _run_migrations(empty_database_url)
        _wait_for_a_lock(old)
        run.kill()
        run.communicate()
    _wait_for_idle(old)
    assert rows(old, "SELECT count(*) FROM legacy.messages") == [(4,)]
    assert rows(old, "SELECT count(*) FROM messages") == [(0,)]
    assert rows(old, "SELECT to_regclass('adoption_notes')") == [(None,)]
    assert migrate(empty_database_url) == ["07_adopt_older_database"]
    assert rows(old, "SELECT count(*) FROM messages") == [(4,)]


def test_two_processes_at_once(old: Sql, empty_database_url: str) -> None:
    runs = [_run_migrations(empty_database_url) for _ in range(2)]
    said = sorted((run.communicate(timeout=60)[0] for run in runs), key=len)
    assert [run.returncode for run in runs] == [0, 0]
    assert said[0] == "icmp: the schema is up to date\n"
    assert f"icmp: stages {ASSIST_OF_SECOND}: its response_generation template points-nowhere did not exist" in said[1]
    assert rows(old, "SELECT count(*) FROM messages") == [(4,)]


def _run_migrations(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "migrations"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "ICMP_API_KEY": MASTER_KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _wait_for_a_lock(conn: Sql) -> None:
    _wait_until(conn, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '_yoyo_migration'::regclass")


def _wait_for_idle(conn: Sql) -> None:
    """Until the server has noticed that its client was killed."""
    _wait_until(
        conn,
        """SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')""",
    )


def _wait_until(conn: Sql, query: str) -> None:
    deadline = time.monotonic() + 30
    while not conn.execute(query.encode()).fetchall():
        assert time.monotonic() < deadline, query
        time.sleep(0.02)
