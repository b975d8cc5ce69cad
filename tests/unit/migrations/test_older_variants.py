"""Older databases differ in their tables, columns and data; each of these variants is adopted as well."""

import pytest

from app import close_app, create_app
from tests.conftest import make_config
from tests.support.fake_model import FakeModel
from tests.unit.migrations.older_database import (
    ASSIST_OF_SECOND,
    DORA,
    FIRST,
    FIRST_KEY,
    OLGA,
    SECOND,
    SECOND_KEY,
    bearer,
)
from tests.unit.migrations.support import ROOT, Connection, adopt, query

pytestmark = pytest.mark.slow


def test_products_come_from_their_table_and_from_lists(older: Connection, empty_database_url: str) -> None:
    query(
        older,
        f"""
        CREATE TABLE products (product_id TEXT, business_id UUID, product_name TEXT, price TEXT, color TEXT);
        INSERT INTO products VALUES ('lamp', '{FIRST}', 'Lamp', '12.50', 'red'), ('lost', NULL, 'Lost', 'cheap', NULL);
        UPDATE businesses SET product_list = '["Lamp", {{"name": "Vase", "price": 7}}, {{"n": 1}}]',
            service_list = '["Repair"]', agent_list = '["Sales", "Night shift"]'
        WHERE business_id = '{FIRST}';
        """,
    )
    output = adopt(empty_database_url)
    assert query(older, "SELECT product_name, price::text, kind, metadata FROM products ORDER BY 1") == [
        ("Lamp", "12.50", "product", {"color": "red"}),
        ("Repair", None, "service", {}),
        ("Vase", "7.00", "product", {"name": "Vase", "price": 7}),
    ]
    assert query(older, "SELECT agent_name FROM agents ORDER BY 1") == [("Night shift",), ("Sales",)]
    kept = (
        "SELECT old_table, kept FROM adoption_notes WHERE old_table IN ('businesses', 'products') AND kept IS NOT NULL"
    )
    assert sorted(query(older, kept)) == [
        ("businesses", {"n": 1}),
        (
            "products",
            {"product_id": "lost", "business_id": None, "product_name": "Lost", "price": "cheap", "color": None},
        ),
    ]
    assert "products lost: its business does not exist: the row is kept in this note" in output


def test_orders_with_the_same_number_get_different_numbers(older: Connection, empty_database_url: str) -> None:
    query(
        older,
        f"""
        CREATE TABLE orders (order_id UUID PRIMARY KEY, business_id UUID, user_id UUID, order_number TEXT, note TEXT);
        INSERT INTO orders VALUES
            ('80000000-0000-4000-8000-000000000001', '{FIRST}', '{OLGA}', 'A-1', 'gift'),
            ('80000000-0000-4000-8000-000000000002', '{SECOND}', '{OLGA}', 'A-1', NULL),
            ('80000000-0000-4000-8000-000000000003', '{SECOND}', '{OLGA}', 'A-1', NULL);
        """,
    )
    adopt(empty_database_url)
    # Olga ordered from her own business as its owner, and is a customer of the other one.
    orders = """SELECT o.business_id, u.business_id, order_number LIKE 'A-1 (%'
                FROM orders o JOIN users u USING (user_id) ORDER BY order_id"""
    assert query(older, orders) == [(FIRST, None, False), (SECOND, SECOND, False), (SECOND, SECOND, True)]
    assert query(older, "SELECT kept FROM adoption_notes WHERE old_table = 'orders' AND kept IS NOT NULL") == [
        ({"note": "gift"},)
    ]


def test_owner_can_write_to_another_business_as_its_customer(
    older: Connection, empty_database_url: str, fake_model: FakeModel
) -> None:
    query(
        older,
        f"""INSERT INTO conversations (conversation_id, business_id, user_id, session_id)
            VALUES ('60000000-0000-4000-8000-000000000005', '{SECOND}', '{OLGA}', 's5')""",
    )
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    fake_model.respond = lambda body: "Assist"
    body = {"user": {"external_id": OLGA}, "message": "Hello"}
    answer = app.test_client().post("/message", json=body, headers=bearer(SECOND_KEY))
    assert answer.status_code == 200
    close_app(app)


def test_events_lose_references_to_other_businesses(older: Connection, empty_database_url: str) -> None:
    query(
        older,
        f"""
        CREATE TABLE products (product_id TEXT, business_id UUID, product_name TEXT);
        INSERT INTO products VALUES ('lamp', '{FIRST}', 'Lamp');
        CREATE TABLE events (event_id UUID, business_id UUID, event_type TEXT, user_id UUID, product_id TEXT,
                             stage_id UUID, custom_event_properties JSONB, browser TEXT);
        INSERT INTO events VALUES
            ('90000000-0000-4000-8000-000000000001', '{FIRST}', 'viewed', '{DORA}', 'lamp', '{ASSIST_OF_SECOND}',
             '{{"seconds": 3}}', 'lynx'),
            ('90000000-0000-4000-8000-000000000002', NULL, 'lost', NULL, NULL, NULL, NULL, NULL);
        """,
    )
    output = adopt(empty_database_url)
    events = """SELECT e.business_id, event_type, e.user_id, product_name, stage_id, custom_event_properties, verified
                FROM events e JOIN products USING (product_id)"""
    assert query(older, events) == [
        (FIRST, "viewed", DORA, "Lamp", None, {"seconds": 3, "browser": "lynx"}, False),
    ]
    assert (
        f"events 90000000-0000-4000-8000-000000000001: its stage_id {ASSIST_OF_SECOND} does not belong to its"
        " business: the reference was removed"
    ) in output
    kept = "SELECT jsonb_strip_nulls(kept) FROM adoption_notes WHERE old_table = 'events' AND kept IS NOT NULL"
    assert query(older, kept) == [({"event_id": "90000000-0000-4000-8000-000000000002", "event_type": "lost"},)]


def test_second_email_in_other_letter_case_is_kept_in_metadata(older: Connection, empty_database_url: str) -> None:
    query(
        older,
        f"""
        ALTER TABLE users ADD phone TEXT, ADD password TEXT, ADD city TEXT;
        INSERT INTO users VALUES
            ('10000000-0000-4000-8000-000000000004', 'Carla', 'Other', 'Carl@Example.com', NOW(), '+1', 'x', 'Ghent');
        INSERT INTO conversations (conversation_id, business_id, user_id, session_id, status) VALUES
            ('60000000-0000-4000-8000-000000000005', '{FIRST}', '10000000-0000-4000-8000-000000000004', '', 'weird');
        """,
    )
    output = adopt(empty_database_url)
    carla = "SELECT email, phone, metadata FROM users WHERE first_name = 'Carla'"  # without the password
    assert query(older, carla) == [(None, "+1", {"city": "Ghent", "older_email": "Carl@Example.com"})]
    assert not [sentence for sentence in output if "@" in sentence]
    # Without a session ID, the conversation's ID is used. An unknown status becomes active.
    conversation = "SELECT status FROM conversations WHERE session_id = conversation_id::text"
    assert query(older, conversation) == [("active",)]


def test_text_in_place_of_a_status_is_not_printed(older: Connection, empty_database_url: str) -> None:
    query(older, "UPDATE conversations SET status = 'Call me at home' WHERE session_id = 's1'")
    query(older, "UPDATE stages SET response_generation_template_id = E'Say\\nhello to her' WHERE stage_name = 'Greet'")
    output = "\n".join(adopt(empty_database_url))
    assert "conversations: 1 rows with the status (not printable) now have the status active" in output
    assert "its response_generation template (not printable) did not exist" in output
    assert "home" not in output
    assert "hello to her" not in output


def test_businesses_and_stages_with_the_same_name_get_different_names(
    older: Connection, empty_database_url: str
) -> None:
    query(
        older,
        f"""
        ALTER TABLE businesses DROP CONSTRAINT businesses_business_name_key;
        UPDATE businesses SET business_name = 'Shop';
        INSERT INTO stages (stage_id, business_id, stage_name, stage_description, stage_type)
        VALUES ('50000000-0000-4000-8000-000000000004', '{SECOND}', 'Assist', 'b', '');
        """,
    )
    adopt(empty_database_url)
    assert query(older, "SELECT business_name FROM businesses ORDER BY 1") == [("Shop",), (f"Shop ({SECOND})",)]
    stages = f"SELECT stage_name, stage_type FROM stages WHERE business_id = '{SECOND}' ORDER BY position"
    second_name = "Assist (50000000-0000-4000-8000-000000000004)"
    assert query(older, stages) == [("Assist", "conversation"), (second_name, "conversation")]


def test_template_of_another_business_is_copied(older: Connection, empty_database_url: str) -> None:
    query(
        older,
        f"""
        INSERT INTO stages (stage_id, business_id, stage_name, stage_description, stage_type,
                            response_generation_template_id)
        VALUES ('50000000-0000-4000-8000-000000000004', '{SECOND}', 'Reply', 'b', '',
                '40000000-0000-4000-8000-0000000000AA');
        """,
    )
    output = adopt(empty_database_url)
    used = """SELECT t.content, t.business_id FROM stages s
              JOIN templates t ON t.template_id = response_generation_template_id WHERE stage_name = 'Reply'"""
    assert query(older, used) == [("Hello {user_name}", SECOND)]
    assert (
        "stages 50000000-0000-4000-8000-000000000004: its response_generation template"
        " 40000000-0000-4000-8000-0000000000aa belongs to another business: the stage has a copy"
    ) in output


def test_template_that_was_already_moved_is_not_moved_again(older: Connection, empty_database_url: str) -> None:
    query(
        older,
        f"""
        INSERT INTO prompt_templates VALUES ('40000000-0000-4000-8000-0000000000bb', 'Bye', NULL, '{{}}', 'Moved', 'x');
        INSERT INTO templates (template_id, business_id, template_name, template_type, content)
        VALUES ('40000000-0000-4000-8000-0000000000bb', '{FIRST}', 'Moved', 'x', 'Bye');
        """,
    )
    output = adopt(empty_database_url)
    assert query(older, "SELECT business_id, content FROM templates WHERE template_name = 'Moved'") == [(FIRST, "Bye")]
    assert (
        "prompt_templates 40000000-0000-4000-8000-0000000000bb: the table templates has the same text under this ID:"
        " nothing was moved"
    ) in output


def test_stages_without_any_default_use_the_platforms(
    older: Connection, empty_database_url: str, fake_model: FakeModel
) -> None:
    query(older, "DROP TABLE default_templates")
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    empty = f"SELECT template_type FROM templates WHERE business_id = '{SECOND}' AND content = ''"
    assert query(older, empty) == [("data_extraction",)]
    fake_model.respond = lambda body: "Assist"
    body = {"user": {"external_id": DORA}, "message": "Hello"}
    answer = app.test_client().post("/message", json=body, headers=bearer(SECOND_KEY))
    assert answer.status_code == 200
    shipped = (ROOT / "templates" / "data_extraction_template.txt").read_text().partition("\n---\n")[0].splitlines()[-1]
    prompts = [request["messages"][0]["content"] for request in fake_model.requests]
    assert [prompt for prompt in prompts if shipped in prompt]
    close_app(app)


def test_views_on_old_tables_are_dropped_and_named(older: Connection, empty_database_url: str) -> None:
    query(older, "CREATE VIEW greetings AS SELECT * FROM messages")
    assert "drop cascades to view greetings" in adopt(empty_database_url)


def test_template_variables_are_kept_in_notes(older: Connection, empty_database_url: str) -> None:
    query(older, "CREATE TABLE template_variables (variable_name TEXT)")
    query(older, "INSERT INTO template_variables VALUES ('user_name')")
    adopt(empty_database_url)
    kept = "SELECT kept FROM adoption_notes WHERE old_table = 'template_variables'"
    assert query(older, kept) == [({"variable_name": "user_name"},)]


def test_other_tables_in_the_schema_legacy_are_not_dropped(older: Connection, empty_database_url: str) -> None:
    query(older, "CREATE SCHEMA legacy; CREATE TABLE legacy.reports (report_id INTEGER)")
    adopt(empty_database_url)
    assert query(older, "SELECT tablename FROM pg_tables WHERE schemaname = 'legacy'") == [("reports",)]


def test_stages_may_lack_columns(older: Connection, empty_database_url: str, fake_model: FakeModel) -> None:
    query(older, "ALTER TABLE stages DROP COLUMN stage_description, DROP COLUMN agent_id")
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    fake_model.respond = lambda body: "Greet"
    body = {"user": {"external_id": DORA}, "message": "Hello"}
    answer = app.test_client().post("/message", json=body, headers=bearer(FIRST_KEY))
    assert answer.get_json()["stage"]["stage_name"] == "Greet"
    close_app(app)
