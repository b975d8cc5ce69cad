"""A business that exists only in one transaction, which is rolled back: in it, a test case has its conversation.

Its rows refer only to each other. So the transaction locks no row of a real business, whose design may be edited and
whose customers may write at the same time.
"""

from typing import Any
from uuid import UUID

from db import Connection, Jsonb, JsonRows, Row

MAX_PRODUCTS = 1_000  # of the real business, the oldest ones


def insert_sandbox(
    conn: Connection,
    release_id: UUID,
    profile: dict[str, Any],
    settings: dict[str, Any],
    stages: list[dict[str, Any]],
    agents: list[dict[str, Any]],
) -> UUID:
    """Create the business with the stages (stage_id, stage_name) and agents of a release, and return its ID. Turns read
    the release from the cache."""
    row = conn.execute(
        """
        WITH owner AS (INSERT INTO users (first_name) VALUES ('Test') RETURNING user_id)
        INSERT INTO businesses (owner_id, business_name, business_description, address, phone_number, website, settings)
        SELECT user_id, %(business_name)s, %(business_description)s, %(address)s, %(phone_number)s, %(website)s,
               %(settings)s FROM owner
        RETURNING business_id
        """,
        {**profile, "settings": Jsonb(settings)},
    ).fetchone()
    assert row is not None
    business_id = UUID(str(row["business_id"]))
    conn.execute(
        """
        INSERT INTO releases (business_id, release_id, number, snapshot)
        VALUES (%(business_id)s, %(release_id)s, 1, '{}');
        UPDATE businesses SET live_release_id = %(release_id)s WHERE business_id = %(business_id)s;
        INSERT INTO agents (business_id, agent_id, agent_name, agent_type)
        SELECT %(business_id)s, agent_id, agent_name, agent_type
        FROM jsonb_to_recordset(%(agents)s) AS a (agent_id UUID, agent_name TEXT, agent_type TEXT);
        WITH template AS (
            INSERT INTO templates (business_id, template_name, template_type)
            VALUES (%(business_id)s, '', 'response_generation') RETURNING template_id)
        INSERT INTO stages (business_id, stage_id, stage_name, stage_selection_template_id,
            data_extraction_template_id, response_generation_template_id)
        SELECT %(business_id)s, s.stage_id, s.stage_name, template_id, template_id, template_id
        FROM jsonb_to_recordset(%(stages)s) AS s (stage_id UUID, stage_name TEXT), template
        """,
        {
            "business_id": business_id,
            "release_id": release_id,
            "agents": JsonRows(agents),
            "stages": JsonRows(stages),
        },
    )
    return business_id


def copy_event_schemas(conn: Connection, business_id: UUID, sandbox_id: UUID) -> None:
    """Copy what events of the business must look like."""
    conn.execute(
        """
        INSERT INTO event_property_schemas (business_id, event_type, property_schema, description)
        SELECT %(sandbox_id)s, event_type, property_schema, description
        FROM event_property_schemas WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id, "sandbox_id": sandbox_id},
    )


def copy_products(conn: Connection, business_id: UUID, sandbox_id: UUID) -> None:
    """Copy the first MAX_PRODUCTS products of the business."""
    conn.execute(
        """
        INSERT INTO products (business_id, product_id, product_name, description, price, currency, kind, sku, metadata,
            created_at, updated_at)
        SELECT %(sandbox_id)s, product_id, product_name, description, price, currency, kind, sku, metadata, created_at,
            updated_at
        FROM products WHERE business_id = %(business_id)s
        ORDER BY created_at, product_id LIMIT %(limit)s
        """,
        {"business_id": business_id, "sandbox_id": sandbox_id, "limit": MAX_PRODUCTS},
    )


def insert_known_fields(conn: Connection, business_id: UUID, conversation_id: UUID, fields: dict[str, Any]) -> None:
    """Store fields that are known before the first message of the conversation, with a turn that has no message."""
    conn.execute(
        """
        WITH turn AS (
            INSERT INTO turns (business_id, conversation_id, seq, status, completed_at)
            VALUES (%(business_id)s, %(conversation_id)s, 0, 'completed', clock_timestamp())
            RETURNING turn_id)
        INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
        SELECT %(business_id)s, %(conversation_id)s, key, value, turn_id, turn_id, 0
        FROM turn, jsonb_each(%(fields)s)
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "fields": Jsonb(fields)},
    )


def list_calls(conn: Connection, business_id: UUID) -> list[Row]:
    """The model calls of the sandbox with all columns, in the order in which they were made."""
    return conn.execute(
        "SELECT * FROM llm_calls WHERE business_id = %(business_id)s ORDER BY created_at, call_id",
        {"business_id": business_id},
    ).fetchall()
