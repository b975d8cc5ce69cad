"""What the database itself refuses, read from its catalogue, so that a new table is held to it as well. (SPEC 4)"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.conftest import own_database

Catalogue = psycopg.Connection[dict[str, Any]]

# People belong to no one business: `user_id` refers to `users(user_id)` alone, and accept checks who may write.
OF_NO_ONE_TENANT = {"users", "businesses"}


@pytest.fixture(scope="module")
def catalogue(server_url: str, template_database: str) -> Iterator[Catalogue]:
    with (
        own_database(server_url, template_database) as url,
        psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row) as conn,
    ):
        yield conn


def foreign_keys(catalogue: Catalogue) -> list[dict[str, Any]]:
    """name, child, child_columns, parent, parent_columns."""
    return catalogue.execute(
        """
        SELECT conname AS name, conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
               (SELECT array_agg(attname::text ORDER BY at) FROM unnest(conkey) WITH ORDINALITY AS k(number, at)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS child_columns,
               (SELECT array_agg(attname::text ORDER BY at) FROM unnest(confkey) WITH ORDINALITY AS k(number, at)
                JOIN pg_attribute ON attrelid = confrelid AND attnum = number) AS parent_columns
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
        """
    ).fetchall()


def columns_of(catalogue: Catalogue, table: str) -> dict[str, str]:
    rows = catalogue.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %(table)s",
        {"table": table},
    ).fetchall()
    return {row["column_name"]: row["data_type"] for row in rows}


def tables(catalogue: Catalogue) -> list[str]:
    rows = catalogue.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%yoyo%' ORDER BY tablename"
    ).fetchall()
    return [row["tablename"] for row in rows]


def test_a_link_between_a_tenants_tables_names_the_tenant(catalogue: Catalogue) -> None:
    loose = [
        f"{key['child']}.{key['name']}"
        for key in foreign_keys(catalogue)
        if key["parent"] not in OF_NO_ONE_TENANT
        and {"business_id"} <= columns_of(catalogue, key["child"]).keys() & columns_of(catalogue, key["parent"]).keys()
        and not ("business_id" in key["child_columns"] and "business_id" in key["parent_columns"])
    ]
    assert loose == []


def test_there_is_an_index_under_every_foreign_key(catalogue: Catalogue) -> None:
    indexes = catalogue.execute(
        """
        SELECT indrelid::regclass::text AS on_table,
               (SELECT array_agg(attname::text ORDER BY at) FROM unnest(indkey::int[]) WITH ORDINALITY AS k(number, at)
                JOIN pg_attribute ON attrelid = indrelid AND attnum = number) AS columns
        FROM pg_index WHERE indpred IS NULL
        """
    ).fetchall()
    bare = [
        f"{key['child']} {key['child_columns']}"
        for key in foreign_keys(catalogue)
        if not any(
            index["on_table"] == key["child"]
            and set(index["columns"][: len(key["child_columns"])]) == set(key["child_columns"])
            for index in indexes
        )
    ]
    assert bare == []


def test_times_have_an_offset_and_every_table_a_key(catalogue: Catalogue) -> None:
    for table in tables(catalogue):
        assert "timestamp without time zone" not in columns_of(catalogue, table).values(), table
        keyed = catalogue.execute(
            "SELECT 1 FROM pg_constraint WHERE contype = 'p' AND conrelid = %(table)s::regclass", {"table": table}
        ).fetchall()
        assert keyed, f"{table} has no primary key"
    assert len(tables(catalogue)) > 15


def test_names_that_the_contract_fixes(catalogue: Catalogue) -> None:
    contract = {
        "businesses": "business_id owner_id business_name business_description address phone_number website"
        " default_stage_id live_release_id settings created_at updated_at",
        "api_keys": "key_id business_id key_hash key_prefix expires_at last_used_at created_at",
        "users": "user_id business_id external_id first_name last_name email phone language timezone password_hash"
        " is_admin metadata created_at updated_at",
        "business_members": "business_id user_id role",
        "agents": "agent_id business_id agent_name agent_type description created_at",
        "templates": "template_id business_id template_name template_type content system_prompt model_settings version"
        " created_at updated_at",
        "stages": "stage_id business_id agent_id stage_name stage_description stage_type stage_selection_template_id"
        " data_extraction_template_id response_generation_template_id extraction_schema data_retrieval actions"
        " example_messages fixed_reply confidence_threshold position is_active version created_at updated_at",
        "releases": "release_id business_id number snapshot created_at",
        "conversations": "conversation_id business_id user_id agent_id stage_id session_id channel status handled_by"
        " conversation_summary summarised_through last_seq start_time last_updated",
        "messages": "message_id conversation_id seq turn_id message_content sender_type sender_user_id metadata"
        " created_at",
        "turns": "turn_id business_id conversation_id seq release_id status stage_before stage_id confidence decision"
        " engine error request_hash idempotency_key answer lease_owner lease_epoch attempts created_at started_at"
        " completed_at",
        "turn_steps": "turn_id step attempt status discarded engine output decision variables started_at finished_at",
        "collected_fields": "conversation_id field value message_id turn_id seq created_at",
        "llm_calls": "call_id turn_id business_id conversation_id template_id template_version step model request"
        " response parsed prompt_tokens completion_tokens cost_usd latency_ms first_token_ms attempt status error"
        " created_at",
        "products": "product_id product_name description price currency kind sku metadata",
        "orders": "order_id user_id order_number status items order_total currency shipping_address billing_address"
        " payment_method tracking_number shipping_carrier order_date",
    }
    for table, names in contract.items():
        assert set(names.split()) - columns_of(catalogue, table).keys() == set(), table
