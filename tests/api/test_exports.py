"""Exports of all data of a business, and its planned deletion: what is in the file, and what remains afterwards."""

import io
import json
import zipfile
from typing import Any

import pytest

from background.exports import exporter
from repositories.exported_rows import FILES
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.imports import run_import
from tests.support.os_users import wait_for
from tests.support.staff import Staff, make_member, make_owner
from tests.support.turns import in_background

pytestmark = pytest.mark.usefixtures("empty_database")

Master = dict[str, str]

# Tables with a business_id that are not in the file, and why.
NOT_EXPORTED = {
    "analytics_actions": "computed from the turns",
    "analytics_calls": "computed from the calls to models",
    "analytics_changes": "work in progress",
    "analytics_conversations": "computed from the conversations",
    "analytics_due": "work in progress",
    "analytics_fields": "computed from the turns",
    "analytics_handovers": "computed from the takeovers",
    "analytics_paths": "computed from the turns",
    "analytics_state": "work in progress",
    "analytics_turns": "computed from the turns",
    "anomalies": "computed from the turns",
    "article_passages": "computed from the articles",
    "conversation_reads": "how far each member has read",
    "event_usage": "a counter for the daily limit",
    "budget_periods": "counters for the budget",
    "budget_turns": "reservations of the last days",
    "jobs": "work in progress",
    "hold_requests": "work in progress",
    "import_changes": "for the undo of the last import",
    "import_chunks": "deleted when the import has ended",
    "import_names": "deleted when the import has ended",
    "retention_progress": "what the deletion of old data has reached",
    "sessions": "who is signed in at the moment",
    "exports": "the file itself",
    "export_chunks": "the file itself",
    "business_deletions": "about the business's future, not its data",
}
SECRETS = ("key_hash", "token_hash", "password_hash", "encrypted_value", "encrypted_secret")


def fill(shop: Shop, owner: Staff, fake_model: FakeModel) -> None:
    """Create rows with recognisable texts in many tables."""
    fake_model.reply('{"stage": "Order help", "confidence": 1}', '{"order_number": "A-1"}', "Marked reply")
    assert shop.say("Marked question about A-1").status_code == 200
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "Marked-1"}))
    made(shop.post("/events", {"event_type": "click", "user_id": shop.user_id}))
    made(shop.post("/variables", {"name": "motto", "value": "Marked motto"}))
    made(shop.post("/agents", {"agent_name": "Marked agent"}))
    made(shop.post("/secrets", {"name": "crm_key", "value": "the value of a secret"}))
    made(shop.post("/canned-replies", {"shortcut": "m", "title": "Marked title", "content": "Marked content"}))
    run_import(shop, "products", "sku,product_name\nL-1,Marked lamp\nL-2,Marked desk\n")
    invited = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Agent", "role": "agent"}
    made(owner.send("POST", f"/businesses/{shop.business_id}/members", invited))


def finished_export(owner: Staff) -> dict[str, Any]:
    """An export, after its file is complete."""
    started = owner.send("POST", "/exports")
    assert started.status_code == 202, started.text
    path = f"/exports/{started.get_json()['export_id']}"

    def ended() -> Any:
        found = owner.send("GET", path).get_json()
        return found if found["status"] in ("finished", "failed") else None

    found: dict[str, Any] = wait_for(ended, "the end of the export", pause=0.05)
    assert found["status"] == "finished"
    return found


def test_export_contains_every_row_and_no_secrets(
    shop: Shop,
    other_shop: Shop,
    owner: Staff,
    fake_model: FakeModel,
    sql: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporter, "CHUNK_BYTES", 1000)
    monkeypatch.setattr("repositories.exported_rows.MAX_ROWS", 2)
    fill(shop, owner, fake_model)
    found = finished_export(owner)
    assert owner.send("GET", "/exports").get_json() == [found]
    answer = owner.send("GET", f"/exports/{found['export_id']}/file")
    assert answer.headers["Content-Disposition"].endswith(".zip")
    assert len(answer.data) == found["bytes"] > 1000
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    rows = {
        name.removesuffix(".jsonl"): [json.loads(line) for line in archive.read(name).splitlines()]
        for name in archive.namelist()
        if name.endswith(".jsonl")
    }
    assert set(rows) == set(FILES)
    assert sum(map(len, rows.values())) == found["rows"]
    assert [row["business_id"] for row in rows["business"]] == [shop.business_id]
    assert sorted(row["product_name"] for row in rows["products"]) == ["Marked desk", "Marked lamp"]
    assert [row["message_content"] for row in rows["messages"]] == ["Marked question about A-1", "Marked reply"]
    assert [row["step"] for row in rows["llm_calls"]] == ["selection", "extraction", "response"]
    assert [row["name"] for row in rows["secrets"]] == ["crm_key"]
    assert {row["email"] for row in rows["members"]} == {owner.email}
    everything = json.dumps(rows)
    assert other_shop.business_id not in everything
    assert "the value of a secret" not in everything
    assert not [name for name in SECRETS if f'"{name}"' in everything]
    for file, statement in FILES.items():
        table = statement.partition(" FROM ")[2].split()[0]
        if table in ("businesses", "template_versions", "business_members"):
            continue
        counted = sql.execute(f"SELECT count(*) FROM {table} WHERE business_id = %s", [shop.business_id]).fetchone()
        added = 1 if file == "audit_log" else 0  # the download
        assert counted == {"count": len(rows[file]) + added}, file


def test_every_table_of_a_business_is_exported_or_left_out_on_purpose(sql: Connection) -> None:
    tables = {
        row["relname"]
        for row in sql.execute(
            """
            SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            WHERE attname = 'business_id' AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
              AND NOT relispartition
            """
        ).fetchall()
    }
    exported = {statement.partition(" FROM ")[2].split()[0] for statement in FILES.values()}
    assert tables == (exported - {"template_versions"}) | set(NOT_EXPORTED)


def test_only_owners_export(shop: Shop, owner: Staff, anna: Staff, sql: Connection) -> None:
    assert anna.send("POST", "/exports").status_code == 403
    assert shop.post("/exports").status_code == 403  # the key
    found = finished_export(owner)
    assert anna.send("GET", f"/exports/{found['export_id']}/file").status_code == 403
    sql.execute("UPDATE exports SET status = 'running'")
    assert owner.send("POST", "/exports").status_code == 409
    assert owner.send("GET", f"/exports/{found['export_id']}/file").status_code == 409
    sql.execute("UPDATE exports SET status = 'finished'")
    again = finished_export(owner)
    assert owner.send("GET", "/exports").get_json() == [again]  # the previous file is deleted
    assert owner.send("DELETE", f"/exports/{again['export_id']}").status_code == 204
    assert sql.execute("SELECT count(*) FROM export_chunks").fetchone() == {"count": 0}
    assert owner.send("DELETE", f"/exports/{again['export_id']}").status_code == 404
    entries = shop.get("/audit-log", resource="export").get_json()
    assert [entry["action"] for entry in entries] == ["create", "create", "delete"]


def test_export_is_deleted_after_its_time(owner: Staff, sql: Connection) -> None:
    finished_export(owner)
    sql.execute("UPDATE jobs SET run_at = clock_timestamp() WHERE kind = 'export_expiry'")
    wait_for(lambda: not owner.send("GET", "/exports").get_json(), "the deletion of the export", pause=0.05)


def plan_deletion(owner: Staff, shop: Shop) -> Any:
    name = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    return owner.send("POST", f"/businesses/{shop.business_id}/deletion", {"business_name": name})


def let_time_pass(sql: Connection) -> None:
    """Act as if the seven days were over."""
    sql.execute("UPDATE business_deletions SET delete_at = clock_timestamp()")
    sql.execute("UPDATE jobs SET run_at = clock_timestamp() WHERE kind = 'business_deletion'")


def test_only_the_audit_entry_remains_of_a_deleted_business(
    shop: Shop,
    other_shop: Shop,
    owner: Staff,
    client: CheckedClient,
    master: Master,
    fake_model: FakeModel,
    sql: Connection,
) -> None:
    fill(shop, owner, fake_model)
    fill(other_shop, make_owner(other_shop, master), fake_model)
    make_member(shop, owner.headers, "agent", "anna@example.com")
    finished_export(owner)
    name = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    of_business = [row for row in _all_rows(sql) if shop.business_id in row]
    assert len({row.partition(" ")[0] for row in of_business}) > 15  # tables
    planned = plan_deletion(owner, shop)
    assert planned.status_code == 201
    assert owner.send("GET", "/stages").status_code == 200  # until then, everything works

    let_time_pass(sql)
    path = f"/api/v1/businesses/{shop.business_id}"
    wait_for(lambda: client.get(path, headers=master).status_code == 404, "the deletion", pause=0.05)
    wait_for(lambda: not sql.execute("SELECT FROM jobs WHERE kind = 'business_deletion'").fetchall(), "the job's end")
    left = [row for row in _all_rows(sql) if shop.business_id in row or name in row or shop.user_id in row]
    assert len(left) == 1, left
    assert left[0].startswith("audit_log ")
    query = {"resource_id": shop.business_id}
    (entry,) = client.get("/api/v1/audit-log", query_string=query, headers=master).get_json()
    assert (entry["action"], entry["resource"], entry["business_id"]) == ("delete", "business", None)
    assert (entry["actor_type"], entry["actor_id"], entry["fields"]) == ("login", owner.user_id, [])
    texts = [row for row in _all_rows(sql) if "Marked" in row]
    assert texts
    assert all(other_shop.business_id in row or row.startswith("template_versions ") for row in texts), texts
    assert other_shop.get("/stages").status_code == 200
    assert owner.send("GET", "/auth/me").get_json()["businesses"] == []  # the person keeps the account


def _all_rows(sql: Connection) -> list[str]:
    """Every row of the database as text, after the name of its table."""
    tables = sql.execute(
        """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        """
    ).fetchall()
    return [
        f"{table['relname']} {row['text']}"
        for table in tables
        for row in sql.execute(f"SELECT t::text AS text FROM {table['relname']} t").fetchall()
    ]


def test_planned_deletion_can_be_cancelled_and_planned_again(
    shop: Shop, owner: Staff, anna: Staff, sql: Connection
) -> None:
    path = f"/businesses/{shop.business_id}/deletion"
    assert anna.send("GET", path).get_json() == {"delete_at": None, "created_at": None}
    wrong = owner.send("POST", path, {"business_name": "Another shop"})
    assert (wrong.status_code, wrong.get_json()["details"][0]["path"]) == (400, "$.business_name")
    first = plan_deletion(owner, shop).get_json()
    assert plan_deletion(owner, shop).get_json() == first  # not postponed
    assert anna.send("GET", path).get_json() == first
    for other in (anna, None):
        sent = other.send("DELETE", path) if other else shop.delete(path)
        assert sent.status_code == 403
    assert owner.send("DELETE", path).status_code == 204
    assert owner.send("DELETE", path).status_code == 404
    sql.execute("UPDATE jobs SET run_at = clock_timestamp() WHERE kind = 'business_deletion'")
    wait_for(lambda: not sql.execute("SELECT FROM jobs WHERE kind = 'business_deletion'").fetchall(), "the job's end")
    assert shop.get("/stages").status_code == 200
    second = plan_deletion(owner, shop).get_json()
    sql.execute("UPDATE business_deletions SET delete_at = clock_timestamp()")  # it begins
    assert second["delete_at"] >= first["delete_at"]
    assert owner.send("DELETE", path).status_code == 404
    entries = shop.get("/audit-log", resource="business_deletion").get_json()
    assert [entry["action"] for entry in entries] == ["create", "delete", "create"]


def test_cancelling_waits_for_a_request_that_plans_the_deletion(
    shop: Shop, owner: Staff, sql: Connection, database_url: str
) -> None:
    plan_deletion(owner, shop)
    path = f"/businesses/{shop.business_id}/deletion"
    waits = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connect(database_url, autocommit=False) as planning:
        planning.execute("SELECT FROM businesses WHERE business_id = %s FOR NO KEY UPDATE", [shop.business_id])
        with in_background(lambda: owner.send("DELETE", path)) as cancelled:
            wait_for(lambda: cancelled.done() or sql.execute(waits).fetchall(), "the cancellation", pause=0.01)
            assert not cancelled.done()
            planning.commit()
            assert cancelled.result().status_code == 204
