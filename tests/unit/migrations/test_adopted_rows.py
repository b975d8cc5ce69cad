"""Which rows the older system's database has after its adoption, and what the migration prints."""

import pytest

from app import close_app, create_app
from migrations import migrate
from tests.conftest import make_config
from tests.unit.migrations.older_database import (
    AGENT,
    ASSIST,
    ASSIST_OF_SECOND,
    CARL,
    CONVERSATIONS,
    DORA,
    FIRST,
    GREET,
    MISSING_CUSTOMER,
    MISSING_OWNER,
    OLGA,
    SECOND,
    Adopted,
)
from tests.unit.migrations.support import everything, query

pytestmark = pytest.mark.slow


def test_users_become_customers_of_the_businesses_they_wrote_to(adopted: Adopted) -> None:
    people = query(
        adopted.conn, "SELECT business_id, external_id, first_name, last_name, email FROM users ORDER BY 4, 1, 2"
    )
    assert people == [
        (FIRST, CARL, "Carl", "Customer", "carl@example.com"),
        (FIRST, DORA, "Dora", "Of-Both", "dora@example.com"),
        (SECOND, DORA, "Dora", "Of-Both", "dora@example.com"),
        (None, None, "Olga", "Owner", "olga@example.com"),
        (SECOND, MISSING_CUSTOMER, "Unknown", "customer", None),
        (None, None, "Unknown", "owner", None),
    ]
    user_ids = {row[0] for row in query(adopted.conn, "SELECT user_id FROM users")}
    assert {OLGA, CARL, DORA, MISSING_OWNER, MISSING_CUSTOMER} < user_ids


def test_businesses_keep_their_owners_and_agents(adopted: Adopted) -> None:
    assert query(adopted.conn, "SELECT business_id, owner_id, business_name FROM businesses ORDER BY 1") == [
        (FIRST, OLGA, "First Shop"),
        (SECOND, MISSING_OWNER, "Second Shop, its owner gone"),
    ]
    assert query(adopted.conn, "SELECT business_id, user_id, role FROM business_members ORDER BY 1") == [
        (FIRST, OLGA, "owner"),
        (SECOND, MISSING_OWNER, "owner"),
    ]
    assert query(adopted.conn, "SELECT agent_id, business_id, agent_name FROM agents") == [(AGENT, FIRST, "Sales")]


def test_templates_belong_to_the_businesses_that_use_them(adopted: Adopted) -> None:
    statement = """SELECT business_id, template_type, template_name, content FROM templates
                   WHERE shipped_type IS NULL ORDER BY business_id NULLS FIRST, template_type, template_name"""
    extraction = "Extract key information from this message: {message}"
    selection = (
        "Of {stage list} and {summary of last conversations}, which is it? Reply with {current stage}",
        "Both shops point here: {message}",
    )
    reply = "Answer for intent {intent} with {extracted_data}"
    assert query(adopted.conn, statement) == [
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
    template_ids = {row[0] for row in query(adopted.conn, "SELECT template_id FROM templates")}
    assert {"40000000-0000-4000-8000-000000000001", "40000000-0000-4000-8000-0000000000aa"} < template_ids


def test_stages_use_templates_of_their_business(adopted: Adopted) -> None:
    statement = """
        SELECT s.stage_id, s.business_id, s.agent_id, s.stage_name, s.stage_description, s.stage_type, s.position
        FROM stages s ORDER BY 1"""
    assert query(adopted.conn, statement) == [
        (GREET, FIRST, AGENT, "Greet", "g", "response", 0),
        (ASSIST, FIRST, None, "Assist", "a", "conversation", 1),
        (ASSIST_OF_SECOND, SECOND, None, "Assist", "a foreign agent", "conversation", 0),  # its agent is the first's
    ]
    statement = """
        SELECT s.stage_id, selection.template_name, extraction.template_name, response.template_name
        FROM stages s
        JOIN templates selection ON selection.template_id = s.stage_selection_template_id
        JOIN templates extraction ON extraction.template_id = s.data_extraction_template_id
        JOIN templates response ON response.template_id = s.response_generation_template_id
        ORDER BY 1"""
    assert query(adopted.conn, statement) == [
        (GREET, "255544", "Entities", "Already moved"),
        (ASSIST, "Shared", "Default extraction", "Reply"),
        (ASSIST_OF_SECOND, "Shared", "Default extraction", "Reply"),  # its response template did not exist
    ]


def test_conversations_and_messages_keep_their_order(adopted: Adopted) -> None:
    statement = """SELECT c.conversation_id, c.business_id, u.external_id, u.business_id, stage_id, session_id,
                          status, last_seq
                   FROM conversations c JOIN users u USING (user_id) ORDER BY 1"""
    assert query(adopted.conn, statement) == [
        (CONVERSATIONS[0], FIRST, CARL, FIRST, GREET, "s1", "active", 2),
        (CONVERSATIONS[1], FIRST, DORA, FIRST, None, "s2", "active", 0),
        (CONVERSATIONS[2], SECOND, DORA, SECOND, None, "s3", "completed", 2),
        (CONVERSATIONS[3], SECOND, MISSING_CUSTOMER, SECOND, None, "s4", "active", 0),
    ]
    statement = """SELECT right(message_id::text, 1), conversation_id, seq, message_content, sender_type,
                          (created_at AT TIME ZONE 'UTC')::text, sender_user_id = c.user_id
                   FROM messages JOIN conversations c USING (conversation_id) ORDER BY 2, 3"""
    assert query(adopted.conn, statement) == [
        ("1", CONVERSATIONS[0], 1, "Hello", "user", "2025-04-01 10:00:00", True),
        ("2", CONVERSATIONS[0], 2, "Hi Carl", "assistant", "2025-04-01 10:00:00", None),
        ("3", CONVERSATIONS[2], 1, "Anyone?", "user", "2025-04-02 10:00:00", True),
        ("4", CONVERSATIONS[2], 2, "Answered by ai", "assistant", "2025-04-02 10:01:00", None),
    ]


def test_old_tables_are_dropped_and_their_rows_counted(adopted: Adopted) -> None:
    assert query(adopted.conn, "SELECT 1 FROM pg_namespace WHERE nspname = 'legacy'") == []
    assert query(adopted.conn, "SELECT 1 FROM pg_class WHERE relname = 'prompt_templates'") == []
    assert [sentence for sentence in adopted.output if " adopted" in sentence] == [
        "agents: 1 rows adopted",
        "businesses: 2 rows adopted",
        "conversations: 4 rows adopted",
        "default_templates: 2 rows adopted",
        "messages: 4 rows adopted",
        "prompt_templates: 5 rows adopted",
        "stages: 3 rows adopted",
        "templates: 1 rows adopted",
        "users: 3 rows adopted, and 2 placeholders created for missing ones",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        f"businesses {SECOND}: its owner {MISSING_OWNER} did not exist: a placeholder user was created",
        f"conversations {CONVERSATIONS[3]}: its user {MISSING_CUSTOMER} did not exist: a placeholder user was created",
        f"conversations {CONVERSATIONS[2]}: its stage 50000000-0000-4000-8000-00000000dead does not belong to its"
        " business: the reference was removed",
        f"stages {ASSIST_OF_SECOND}: its response_generation template points-nowhere did not exist:"
        " the default is used",
        f"stages {ASSIST_OF_SECOND}: its agent {AGENT} does not belong to its business: the reference was removed",
        "conversations: 1 rows with the status closed now have the status completed",
        "messages: 1 rows with the sender ai now have the sender assistant",
    ],
)
def test_output_names_each_repair(adopted: Adopted, sentence: str) -> None:
    assert sentence in adopted.output


def test_output_contains_no_message_prompt_key_or_email(adopted: Adopted) -> None:
    output = "\n".join(adopted.output)
    for text in ("Hello", "Extract key", "Both shops", "legacy-key", "@", "Carl", "First Shop"):
        assert text not in output


def test_columns_without_a_place_are_kept_in_a_note(adopted: Adopted) -> None:
    assert query(adopted.conn, "SELECT old_table, old_id, kept FROM adoption_notes WHERE kept IS NOT NULL") == [
        ("prompt_templates", "255544", {"description": "selection"})
    ]


def test_no_table_contains_an_api_key(adopted: Adopted) -> None:
    for table, rows in everything(adopted.conn).items():
        assert [row for row in rows if "legacy-key-of-the-" in row] == [], table


def test_second_run_changes_nothing(adopted: Adopted) -> None:
    close_app(create_app(make_config(adopted.url)))  # publishes the first releases, unless that has been done
    before = everything(adopted.conn)
    output: list[str] = []
    assert migrate(adopted.url, on_notice=output.append) == []
    close_app(create_app(make_config(adopted.url)))
    assert output == []
    assert everything(adopted.conn) == before
