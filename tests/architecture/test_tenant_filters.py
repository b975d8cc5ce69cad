"""Every statement on a table of tenants is limited to one business (see docs/decisions/0011-filters-by-business.md)."""

import pytest

from tests.architecture.tenant_filters import (
    function_statements,
    parse,
    statements,
    tenant_tables,
    unfiltered,
    without_filter,
)

# Statements that are not limited to one business, and why.
EXEMPT = {
    "account_links.get_member_without_password": "accounts of members belong to no business",
    "account_links.verify_account": "accounts of staff belong to no business",
    "accounts.insert_account": "accounts of staff belong to no business",
    "accounts.owns_too_many": "the businesses of a user",
    "businesses.insert_business": "a new business",
    "businesses.list_businesses": "for operators",
    "budgets.list_businesses": "those whose turns may have to be settled",
    "businesses.list_ids": "for the deletion of old data",
    "jobs.add_recurring_job": "a job of the platform",
    "jobs.claim_jobs": "a process runs the jobs of all businesses",
    "jobs.delete_job": "the process has claimed the job",
    "jobs.lock_job": "the process has claimed the job",
    "jobs.release_job": "the process has claimed the job",
    "key_by_hash_v1": "the key tells which business the request is for",
    "key_by_hash_v2": "the key tells which business the request is for",
    "channels.find_channel": "the channel tells which business a request is for",
    "channels.list_polled": "a process fetches the messages of all businesses",
    "channels.lock_some_of_other_keys": "of all businesses, to re-encrypt them",
    "hooks.find_hook": "the hook tells which business a delivery is for",
    "hooks.lock_some_of_other_keys": "of all businesses, to re-encrypt them",
    "leases.delete_stale_requests": "a process streams the turns of all businesses",
    "leases.release_orphaned_jobs": "a process runs the jobs of all businesses",
    "leases.hold_requests": "a process streams the turns of all businesses",
    "live.login_roles": "the clients of all businesses that are connected to a process",
    "live.valid_keys": "the clients of all businesses that are connected to a process",
    "member_invitations.describe_invitation": "the token tells which business the invitation is for",
    "member_invitations.find_invitation": "the token tells which business the invitation is for",
    "member_invitations.replace_token": "accounts of staff belong to no business",
    "members.delete_member": "an account is deleted only if no business uses it",
    "members.find_staff": "whether an account is used elsewhere",
    "members.get_member": "accounts of members belong to no business",
    "members.list_members": "accounts of members belong to no business",
    "members.list_memberships": "the businesses of a user",
    "platform.describe_platform": "for operators",
    "platform.list_businesses_with_usage": "for operators",
    "platform.list_staff": "for operators",
    "design_snapshot_v1": "reads the platform's default templates",
    "releases.publish_missing": "all businesses, at startup",
    "rollup_state.list_due_businesses": "the figures of all businesses",
    "sandboxes.insert_sandbox": "a new business, which is not kept",
    "secrets.lock_some_of_other_keys": "of all businesses, to re-encrypt them",
    "sessions.change_password": "logins belong to a user",
    "sessions.delete_session": "the ID is from a signed token or cookie",
    "sessions.end_other_sessions": "logins belong to a user",
    "sessions.find_key_session": "the cookie tells which business the request is for",
    "sessions.find_login": "logins belong to a user",
    "sessions.insert_session": "logins belong to a user",
    "sessions.renew_session": "logins belong to a user",
    "sessions.replace_password_hash": "accounts of staff belong to no business",
    "takeovers.list_takeovers": "accounts of members belong to no business",
    "take_over_turns_v1": "a process runs the turns of all businesses",
    "take_over_turns_v2": "a process runs the turns of all businesses",
    "templates.get_current_default": "the platform's template",
    "templates.ship_default": "the platform's template",
    "unfinished_turns_v1": "a process runs the turns of all businesses",
    "webhooks.lock_some_of_other_keys": "of all businesses, to re-encrypt them",
    "users.lock_sender": "whether a user without a business is used elsewhere",
}


def test_every_statement_is_limited_to_one_business() -> None:
    found = {name for name, text in statements() if (parsed := parse(text)) is None or unfiltered(parsed)}
    assert found - EXEMPT.keys() == set()
    assert EXEMPT.keys() - found == set(), "These need no exemption."


def test_a_removed_filter_is_found() -> None:
    """Removes each filter of each statement, one at a time."""
    removed = [
        (name, changed)
        for name, text in statements()
        if name not in EXEMPT and (parsed := parse(text)) is not None
        for changed in without_filter(parsed)
    ]
    assert len(removed) > 150
    assert [f"{name}: {changed.sql('postgres')}" for name, changed in removed if not unfiltered(changed)] == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT * FROM stages WHERE stage_id = %(stage_id)s", {"stages"}),
        ("SELECT * FROM stages WHERE business_id = %(other)s", {"stages"}),
        ("SELECT * FROM stages WHERE business_id = stage_id", {"stages"}),
        ("SELECT * FROM stages s JOIN turns t USING (stage_id) WHERE s.business_id = %(business_id)s", {"turns"}),
        ("SELECT * FROM stages s, turns t WHERE s.business_id = t.business_id", {"stages", "turns"}),
        ("SELECT * FROM stages WHERE business_id IS NULL OR stage_id = %(stage_id)s", {"stages"}),
        ("SELECT * FROM stages WHERE business_id = %(business_id)s AND EXISTS (SELECT FROM turns)", {"turns"}),
        ("UPDATE stages SET business_id = %(business_id)s", {"stages"}),
        ("DELETE FROM stages WHERE stage_name = %(business_id)s", {"stages"}),
        ("INSERT INTO products (product_name) VALUES (%(business_id)s)", {"products"}),
        ("WITH s AS (SELECT * FROM stages) SELECT * FROM s WHERE business_id = %(business_id)s", {"stages"}),
        ("SELECT * FROM processes", set()),
        ("SELECT * FROM stages s JOIN turns t USING (business_id) WHERE s.business_id = %(business_id)s", set()),
    ],
)
def test_other_mistakes_are_found(statement: str, tables: set[str]) -> None:
    parsed = parse(statement)
    assert parsed is not None
    assert unfiltered(parsed) == tables


def test_statements_in_functions_of_the_database_are_read() -> None:
    found = [(name, parse(text)) for name, text in function_statements()]
    assert [name for name, parsed in found if parsed is None] == []
    assert {"accept_message_v1", "claim_turn_v1", "insert_steps_v1", "finish_turn_v1"} <= {name for name, _ in found}
    assert len(found) > 30


def test_tenant_tables_are_read_from_the_schema() -> None:
    assert {"stages", "conversations", "turns", "messages", "orders", "api_keys", "users"} <= tenant_tables()
    assert len(tenant_tables()) > 15
