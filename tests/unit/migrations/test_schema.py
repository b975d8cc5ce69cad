"""Rules that every table of the schema follows, read from the catalog so that they cover new tables as well."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import own_database
from tests.unit.migrations.support import Connection, connect, query

# Users may be members of several businesses, so foreign keys to them do not contain business_id.
NOT_OF_ONE_BUSINESS = {"users", "businesses"}


@pytest.fixture(scope="module")
def migrated(server_url: str, template_database: str) -> Iterator[Connection]:
    """A database with the complete schema. Tests share it and only read the catalog."""
    with own_database(server_url, template_database) as url, connect(url) as conn:
        yield conn


def foreign_keys(migrated: Connection) -> list[tuple[Any, ...]]:
    """Name, child table, its columns, parent table, its columns."""
    return query(
        migrated,
        """
        SELECT conname, conrelid::regclass::text,
               (SELECT array_agg(attname::text ORDER BY at) FROM unnest(conkey) WITH ORDINALITY AS k(number, at)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
               confrelid::regclass::text,
               (SELECT array_agg(attname::text ORDER BY at) FROM unnest(confkey) WITH ORDINALITY AS k(number, at)
                JOIN pg_attribute ON attrelid = confrelid AND attnum = number)
        FROM pg_constraint
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0
        """,
    )


def columns_of(migrated: Connection, table: str) -> dict[str, str]:
    """The data type of each column."""
    statement = """SELECT column_name, data_type FROM information_schema.columns
                   WHERE table_schema = 'public' AND table_name = %(table)s"""
    return dict(query(migrated, statement, {"table": table}))


def tables(migrated: Connection) -> list[str]:
    statement = """SELECT relname FROM pg_class
                   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                     AND relname NOT LIKE '%yoyo%' ORDER BY relname"""
    return [row[0] for row in query(migrated, statement)]


def test_foreign_keys_between_tables_of_a_business_contain_its_id(migrated: Connection) -> None:
    without_business_id = [
        f"{child}.{name}"
        for name, child, child_columns, parent, parent_columns in foreign_keys(migrated)
        if parent not in NOT_OF_ONE_BUSINESS
        and {"business_id"} <= columns_of(migrated, child).keys() & columns_of(migrated, parent).keys()
        and not ("business_id" in child_columns and "business_id" in parent_columns)
    ]
    assert without_business_id == []


# Hashes that tell which business a request is for, and names of businesses.
GLOBAL_KEYS = {
    "api_keys_key_hash_key",
    "businesses_business_name_key",
    "hooks_hook_id_key",
    "channels_channel_id_key",  # likewise, of a request to a channel
    "member_invitations_token_hash_key",
}


def test_unique_keys_of_a_business_start_with_its_id(migrated: Connection) -> None:
    keys = query(
        migrated,
        """
        SELECT indexrelid::regclass::text, first.attname::text
        FROM pg_index
        JOIN pg_class ON pg_class.oid = indrelid AND NOT relispartition
        JOIN pg_attribute first ON first.attrelid = indrelid AND first.attnum = indkey[0]
        JOIN pg_attribute business ON business.attrelid = indrelid AND business.attname = 'business_id'
        WHERE indisunique AND relnamespace = 'public'::regnamespace AND business.attnotnull
        """,
    )
    assert len(keys) > 15
    assert {key for key, first in keys if first != "business_id"} == GLOBAL_KEYS


def test_every_foreign_key_has_an_index(migrated: Connection) -> None:
    indexes = query(
        migrated,
        r"""
        SELECT indrelid::regclass::text, indisunique AND indpred IS NULL,
               (SELECT array_agg(attname::text ORDER BY at) FROM unnest(indkey::int[]) WITH ORDINALITY AS k(number, at)
                JOIN pg_attribute ON attrelid = indrelid AND attnum = number)
        FROM pg_index
        -- The statements of foreign keys compare the column with a value, so it is not NULL.
        WHERE indpred IS NULL OR pg_get_expr(indpred, indrelid) ~ '^\(\w+ IS NOT NULL\)$'
        """,
    )
    without_index = [
        f"{child} {child_columns}"
        for _, child, child_columns, _, _ in foreign_keys(migrated)
        if not any(
            set(columns[: len(child_columns)]) == set(child_columns)
            or (is_unique and set(columns) < set(child_columns))  # finds at most one row
            for table, is_unique, columns in indexes
            if table == child and columns
        )
    ]
    assert without_index == []


def test_times_have_an_offset_and_tables_a_primary_key(migrated: Connection) -> None:
    for table in tables(migrated):
        assert "timestamp without time zone" not in columns_of(migrated, table).values(), table
        primary_key = query(
            migrated,
            "SELECT 1 FROM pg_constraint WHERE contype = 'p' AND conrelid = %(table)s::regclass",
            {"table": table},
        )
        assert primary_key, f"{table} has no primary key"
    assert len(tables(migrated)) > 15


def test_tables_have_the_documented_columns(migrated: Connection) -> None:
    documented = {
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
    for table, names in documented.items():
        assert set(names.split()) - columns_of(migrated, table).keys() == set(), table
