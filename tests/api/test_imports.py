"""Imports of orders, products and customers from files."""

import json
from typing import Any

import pytest

from repositories.imports import MAX_LISTED_PROBLEMS
from routes.imports import MAX_UNFINISHED
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.imports import counts, run_import, upload, wait_for_end
from tests.support.staff import make_member, make_owner

NDJSON = "application/x-ndjson"
NOTHING = {"created": 0, "updated": 0, "unchanged": 0, "invalid": 0}
ORDERS = (
    "\ufefforder_number;user.external_id;user.first_name;status;order_total;shipping_address;items\r\n"
    'A-1;c-1;Zoë;paid;12.50;"Lange Straße 1\r\nBerlin 🏠";"[{""product_name"": ""Lamp"", ""quantity"": 2}]"\r\n'
    "A-2;c-2;شيماء;shipped;7;;\r\n"
)


def orders(shop: Shop) -> dict[str, Any]:
    return {row["order_number"]: row for row in shop.get("/orders").get_json()}


def test_orders_are_created_then_unchanged_then_updated(shop: Shop, sql: Connection) -> None:
    found = run_import(shop, "orders", ORDERS.encode())
    assert (found["status"], counts(found)) == ("finished", {**NOTHING, "created": 2})
    assert found["bytes_done"] == found["bytes"] > 0
    assert found["invalid_lines"] == []
    rows = orders(shop)
    assert rows["A-1"]["shipping_address"] == "Lange Straße 1\r\nBerlin 🏠"
    assert rows["A-1"]["items"] == [{"product_name": "Lamp", "quantity": 2}]
    customers = {row["external_id"]: row["first_name"] for row in shop.get("/users").get_json()}
    assert {**customers, "c-1": "Zoë", "c-2": "شيماء"} == customers

    assert counts(run_import(shop, "orders", ORDERS.encode())) == {**NOTHING, "unchanged": 2}
    assert orders(shop) == rows  # also updated_at
    changed = run_import(shop, "orders", ORDERS.replace("shipped", "delivered").encode())
    assert counts(changed) == {**NOTHING, "updated": 1, "unchanged": 1}
    assert orders(shop)["A-2"]["status"] == "delivered"
    stored = sql.execute("SELECT count(*) AS n FROM import_chunks").fetchone()
    assert stored == {"n": 0}  # the file is not kept


def test_products_and_customers_are_imported(shop: Shop) -> None:
    products = 'sku,product_name,price,kind,metadata\nL-1,Lamp,12.345,product,"{""a"": 1}"\nS-1,Repair,,service,\n'
    for expected in ("created", "unchanged"):
        assert counts(run_import(shop, "products", products)) == {**NOTHING, expected: 2}
    [lamp, _] = shop.get("/products").get_json()
    assert (lamp["price"], lamp["metadata"]) == (12.35, {"a": 1})

    customers = "external_id,first_name,email,timezone\nn-1,Mia,mia@example.com,Europe/Berlin\nn-2,Ben,,\n"
    for expected in ("created", "unchanged"):
        assert counts(run_import(shop, "users", customers)) == {**NOTHING, expected: 2}
    changed = run_import(shop, "users", customers.replace("Mia", "Maria"))
    assert counts(changed) == {**NOTHING, "updated": 1, "unchanged": 1}


def test_ndjson_can_also_remove_values(shop: Shop) -> None:
    line = {"order_number": "A-1", "user": {"external_id": "c-1"}, "tracking_number": "T-1", "order_total": 5}
    assert counts(run_import(shop, "orders", json.dumps(line), NDJSON)) == {**NOTHING, "created": 1}
    line |= {"tracking_number": None}
    assert counts(run_import(shop, "orders", json.dumps(line), NDJSON)) == {**NOTHING, "updated": 1}
    assert orders(shop)["A-1"]["tracking_number"] is None


def item(product_id: str) -> dict[str, str]:
    return {"product_name": "Lamp", "product_id": product_id}


def test_rows_that_the_database_rejects_are_reported_and_the_others_imported(shop: Shop, other_shop: Shop) -> None:
    assert run_import(shop, "orders", "order_number,user.external_id\nA-1,c-1\n")["created"] == 1
    shop.add_customer("c-mail", email="mail@example.com")
    products = [
        made["product_id"]
        for made in (
            shop.post("/products", {"product_name": "Lamp"}).get_json(),
            other_shop.post("/products", {"product_name": "X"}).get_json(),
        )
    ]
    lines = [
        {"order_number": "B-1", "user": {"external_id": "c-1"}, "items": [item(products[0])]},
        {"order_number": "A-1", "user": {"external_id": "c-other"}},
        {"order_number": "B-2", "user_id": other_shop.user_id},
        {"order_number": "B-3", "user_id": shop.user_id, "items": [item(products[1])]},
        {"order_number": "B-4", "user": {"external_id": "c-new", "email": "MAIL@example.com"}},
        {"order_number": "B-5", "user": {"external_id": "c-1", "metadata": {"a": "x" * 16_000}}},
        {"order_number": "B-6", "user": {"external_id": "c-1", "metadata": {"b": "x" * 16_000}}},
        {"order_number": "B-7", "user": {"external_id": "c-1", "metadata": {"c": "x" * 16_000}}},
        {"order_number": "B-8", "user": {"external_id": "c-last"}},
    ]  # fmt: skip
    found = run_import(shop, "orders", "\n".join(map(json.dumps, lines)), NDJSON)
    problems = {each["line"]: each["problems"][0]["message"] for each in found["invalid_lines"]}
    assert problems.pop(2) == "The order belongs to another customer."
    assert problems.pop(3) == "User not found."
    assert problems.pop(4) == "Product not found."
    assert problems.pop(5) == "A customer of this business with this email already exists."
    assert set(problems.values()) == {"A customer has at most 32 KB of metadata."}
    assert found["created"] + found["invalid"] == len(lines)
    assert {"A-1", "B-1", "B-8"} <= orders(shop).keys()
    external_ids = {row["external_id"] for row in shop.get("/users").get_json()}
    assert "c-last" in external_ids
    assert not external_ids & {"c-other", "c-new"}  # nothing of an invalid row is stored


def test_second_row_with_the_same_name_is_reported(shop: Shop) -> None:
    rows = [f"A-{n},c-1" for n in range(600)]
    file = "\n".join(["order_number,user.external_id", *rows, "A-0,c-1", "A-599,c-1", "A-600,c-1", "A-600,c-1"])
    found = run_import(shop, "orders", file)
    assert counts(found) == {**NOTHING, "created": 601, "invalid": 3}
    assert {each["line"]: each["problems"][0]["message"] for each in found["invalid_lines"]} == {
        602: "Line 2 has the same order_number.",
        603: "Line 601 has the same order_number.",
        605: "Line 604 has the same order_number.",
    }


def test_dry_run_changes_nothing(shop: Shop, sql: Connection) -> None:
    file = "order_number,user.external_id,status\nA-1,c-new,paid\nA-2,,paid\n"
    before = sql.execute("SELECT count(*) AS n FROM users").fetchone()
    found = run_import(shop, "orders", file, dry_run="true", notify_field="status", notify_text="{status}")
    assert (found["dry_run"], counts(found)) == (True, {**NOTHING, "created": 1, "invalid": 1})
    assert [each["line"] for each in found["invalid_lines"]] == [3]
    assert orders(shop) == {}
    assert sql.execute("SELECT count(*) AS n FROM users").fetchone() == before


def test_only_the_first_invalid_lines_are_listed_but_all_are_counted(shop: Shop) -> None:
    found = run_import(shop, "products", "sku,product_name\n" + "a,\n" * (MAX_LISTED_PROBLEMS + 300))
    assert found["invalid"] == MAX_LISTED_PROBLEMS + 300
    assert [each["line"] for each in found["invalid_lines"]] == list(range(2, MAX_LISTED_PROBLEMS + 2))


@pytest.mark.parametrize(
    ("file", "failure"),
    [
        ("", "The file has no row with the names of the columns."),
        ("sku,product_name,colour\n1,Lamp,red\n", "Unknown columns: colour."),
        ("sku,product_name\n1,Lamp\n2," + "x" * 600_000, "Line 3 has more than 256 KB."),
        ("sku,product_name\n1,Lamp\n".encode("utf-16-le"), "The first row cannot be read in this encoding."),
        ("sku,product_name,Größe\n1,Lamp,M\n".encode("cp1252"), "The first row cannot be read in this encoding."),
    ],
)
def test_unreadable_file_fails_with_the_reason(shop: Shop, file: str | bytes, failure: str) -> None:
    found = run_import(shop, "products", file)
    assert found["status"] == "failed"
    assert found["failure"].startswith(failure)


def test_unknown_columns_can_be_ignored(shop: Shop) -> None:
    file = "sku,product_name,colour\n1,Lamp,red\n"
    assert run_import(shop, "products", file, ignore_unknown="true")["created"] == 1


def test_upload_is_refused_before_it_is_read(shop: Shop) -> None:
    assert upload(shop, "orders", "{}", "application/json").status_code == 415
    assert upload(shop, "orders", "x", "text/csv; charset=utf-7").status_code == 400
    assert upload(shop, "orders", "x", notify_field="status").status_code == 400
    assert upload(shop, "orders", "x", notify_field="status", notify_text="{secret.a}").status_code == 400
    assert upload(shop, "shoes", "x").status_code == 405
    assert shop.get("/imports").get_json() == []


def test_file_above_the_limit_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("background.imports.uploads.MAX_BYTES", 1000)
    assert upload(shop, "orders", "x" * 2000).status_code == 413
    [found] = shop.get("/imports").get_json()
    assert (found["status"], found["failure"]) == ("failed", "The file has more than 0 MB.")


def test_imports_are_listed_newest_first(shop: Shop) -> None:
    ids = [run_import(shop, "products", "sku,product_name\n1,Lamp\n")["import_id"] for _ in range(3)]
    first = shop.get("/imports", limit=2)
    assert [row["import_id"] for row in first.get_json()] == [ids[2], ids[1]]
    assert 'rel="next"' in first.headers["Link"]


def test_business_has_a_limited_number_of_unfinished_imports(shop: Shop, sql: Connection) -> None:
    for _ in range(MAX_UNFINISHED):
        sql.execute(
            "INSERT INTO imports (business_id, import_id, resource, format, dry_run, ignore_unknown)"
            " VALUES (%(business_id)s, uuidv7(), 'orders', 'csv', false, false)",
            {"business_id": shop.business_id},
        )
    assert upload(shop, "orders", "x").status_code == 409


def test_only_owners_import_and_see_imports(shop: Shop, master: dict[str, str]) -> None:
    import_id = run_import(shop, "products", "sku,product_name\n1,Lamp\n")["import_id"]
    owner = make_owner(shop, master)
    assert owner.send("GET", f"/imports/{import_id}").status_code == 200
    for role in ("agent", "viewer"):
        member = make_member(shop, owner.headers, role, f"{role}-{shop.business_id[:13]}@example.com")
        for path in ("/imports", f"/imports/{import_id}"):
            assert member.send("GET", path).status_code == 403
        assert member.send("POST", "/imports/orders", {}).status_code == 403


def test_imports_of_a_business_run_one_after_another(shop: Shop) -> None:
    """The later file wins."""
    files = [f"sku,product_name\n1,Name {n}\n" for n in range(4)]
    ids = [upload(shop, "products", file).get_json()["import_id"] for file in files]
    assert [counts(wait_for_end(shop, each)) for each in ids][1:] == [{**NOTHING, "updated": 1}] * 3
    assert [row["product_name"] for row in shop.get("/products").get_json()] == ["Name 3"]
