"""Preview of files, assigned columns, and the undo of imports."""

from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.imports import counts, run_import, upload
from tests.support.os_users import wait_for

NOTHING = {"created": 0, "updated": 0, "unchanged": 0, "invalid": 0}
HEADER = "Artikel-Nr.;Bezeichnung;Preis;Lager;Währung\r\n"


def preview(shop: Shop, resource: str, file: bytes, content_type: str = "text/csv") -> Any:
    headers = {**shop.headers, "Content-Type": content_type}
    return shop.client.post(
        "/api/v1/imports/preview", data=file, query_string={"resource": resource}, headers=headers
    )  # fmt: skip


def undo(shop: Shop, import_id: str) -> dict[str, Any]:
    """The import after it was undone."""
    assert shop.post(f"/imports/{import_id}/undo").status_code == 202

    def ended() -> Any:
        found = shop.get(f"/imports/{import_id}").get_json()
        return found if found["undo_status"] == "finished" else None

    found: dict[str, Any] = wait_for(ended, "the end of the undo", pause=0.05)
    return found


@pytest.mark.parametrize(("encoding", "is_marked", "lines"), [("latin-1", False, 10_000), ("utf-8", True, 1_000)])
def test_file_of_a_spreadsheet_is_previewed_assigned_imported_and_undone(
    shop: Shop, encoding: str, is_marked: bool, lines: int
) -> None:
    rows = [f'L-{n};"Lampe ""Grün"" {n}; weiß";1.234,{n % 100:02};{n};EUR\r\n' for n in range(lines)]
    rows[500] = "L-500;zu;viele;Werte;hier;und;dort\r\n"
    rows[600] = "L-600;Lampe;zwölf;1;EUR\r\n"
    rows[700] = rows[0]  # again
    rows[-1] = ";ohne Nummer;1,00;1;EUR\r\n"
    mark = "\ufeff" if is_marked else ""
    file = (mark + HEADER + "".join(rows)).encode(encoding)
    kept = made(shop.post("/products", {"product_name": "Old", "sku": "L-1", "price": 5}))["product_id"]

    shown = preview(shop, "products", file).get_json()
    assert shown["encoding"] == ("utf-8" if is_marked else "windows-1252")
    assert (shown["delimiter"], shown["decimal_comma"]) == (";", True)
    assert [(each["name"], each["field"]) for each in shown["columns"]] == [
        ("Artikel-Nr.", "sku"), ("Bezeichnung", "product_name"), ("Preis", "price"), ("Lager", None),
        ("Währung", "currency"),
    ]  # fmt: skip
    assert shown["rows"][1] == ["L-1", 'Lampe "Grün" 1; weiß', "1.234,01", "1", "EUR"]
    assert {each["field"] for each in shown["fields"] if each["required"]} == {"sku", "product_name"}
    assert preview(shop, "products", file[:40_000]).get_json() == shown  # the start is enough

    query = {"columns": ",".join(each["field"] or "" for each in shown["columns"]), "decimal_comma": "true"}
    content_type = f"text/csv; charset={shown['encoding']}"
    found = run_import(shop, "products", file, content_type, **query)
    assert counts(found) == {**NOTHING, "created": lines - 5, "updated": 1, "invalid": 4}
    assert [each["line"] for each in found["invalid_lines"]] == [502, 602, 702, lines + 1]
    changed = shop.get(f"/products/{kept}").get_json()
    assert (changed["product_name"], changed["price"]) == ('Lampe "Grün" 1; weiß', 1234.01)

    edited = made(shop.post("/products", {"product_name": "Not imported"}))["product_id"]
    [row] = shop.get("/products", q="L-7").get_json()
    shop.put(f"/products/{row['product_id']}", {"price": 1})
    undone = undo(shop, found["import_id"])
    assert (undone["undone"], undone["kept"], undone["can_undo"]) == (lines - 5, 1, False)
    assert undone["kept_rows"] == [{"resource": "products", "row_id": row["product_id"], "name": "L-7"}]
    left = {each["product_id"]: each["price"] for each in shop.get("/products").get_json()}
    assert left == {kept: 5, edited: None, row["product_id"]: 1}
    assert shop.post(f"/imports/{found['import_id']}/undo").status_code == 409


def test_undo_of_orders_also_removes_the_customers_that_were_created_with_them(
    shop: Shop, fake_model: FakeModel
) -> None:
    fake_model.respond = lambda body: "Greeting"
    header = "order_number,user.external_id,user.first_name,status\n"
    run_import(shop, "orders", f"{header}A-1,c-1,Carla,paid\n")
    rows = [f"B-{n},new-{n % 100},Name{n},paid\n" for n in range(600)]  # each customer in several batches
    found = run_import(shop, "orders", "".join([header, "A-1,c-1,Clara,shipped\n", *rows]))
    assert counts(found) == {**NOTHING, "created": 600, "updated": 1}
    assert shop.say("Hi", user={"external_id": "new-7"}).status_code == 200
    undone = undo(shop, found["import_id"])
    assert {(row["resource"], row["name"]) for row in undone["kept_rows"]} == {("users", "new-7")}
    [order] = shop.get("/orders").get_json()
    assert (order["order_number"], order["status"], order["customer_name"]) == ("A-1", "paid", "Carla Customer")
    customers = {row["external_id"]: row["first_name"] for row in shop.get("/users").get_json()}
    assert customers.keys() == {"c-1", "new-7"}
    assert customers["c-1"] == "Carla"


def test_only_the_last_import_that_has_changed_something_can_be_undone(shop: Shop) -> None:
    first, second = (run_import(shop, "products", f"sku,product_name\n{sku},Lamp\n") for sku in ("A", "B"))
    run_import(shop, "products", "sku,product_name\nC,Lamp\n", dry_run="true")
    run_import(shop, "products", "sku,product_name\nB,Lamp\n")  # changes nothing
    run_import(shop, "users", "external_id\nc-9\n")
    listed = {row["import_id"]: row["can_undo"] for row in shop.get("/imports").get_json()}
    assert listed.pop(second["import_id"])
    assert sorted(listed.values()) == [False, False, False, True]  # that of customers
    assert shop.post(f"/imports/{first['import_id']}/undo").status_code == 409
    undo(shop, second["import_id"])
    assert [row["sku"] for row in shop.get("/products").get_json()] == ["A"]


def test_undo_that_has_failed_can_be_started_again(shop: Shop, sql: Connection) -> None:
    found = run_import(shop, "products", "sku,product_name\nA,Lamp\n")
    sql.execute("UPDATE imports SET undo_status = 'failed' WHERE import_id = %(id)s", {"id": found["import_id"]})
    undo(shop, found["import_id"])
    assert shop.get("/products").get_json() == []


def test_restored_email_that_another_customer_has_now_is_reported(shop: Shop) -> None:
    for external_id in ("c-2", "c-3"):
        shop.add_customer(external_id, email=f"{external_id}@example.com")
    file = "external_id,email\nc-2,other2@example.com\nc-3,other3@example.com\n"
    found = run_import(shop, "users", file)
    shop.add_customer("c-4", email="c-2@example.com")
    undone = undo(shop, found["import_id"])
    assert (undone["undone"], [row["name"] for row in undone["kept_rows"]]) == (1, ["c-2"])
    emails = {row["external_id"]: row["email"] for row in shop.get("/users").get_json()}
    assert (emails["c-2"], emails["c-3"]) == ("other2@example.com", "c-3@example.com")


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("sku,colour", "Unknown field colour."),
        ("sku,product_name,sku", "Each field can be assigned to one column only."),
        ("product_name", "One column must be sku."),
    ],
)
def test_columns_that_cannot_be_assigned_are_refused(shop: Shop, columns: str, problem: str) -> None:
    response = upload(shop, "products", "a,b\n", columns=columns)
    assert response.status_code == 400
    assert response.get_json()["details"][0]["message"].startswith(problem)


def test_file_with_another_number_of_columns_fails(shop: Shop) -> None:
    found = run_import(shop, "products", "a,b\n1,2\n", columns="sku,product_name,price")
    assert (found["status"], found["failure"]) == ("failed", "The file does not have 3 columns.")


def test_changes_of_imports_are_deleted_with_their_rows_of_a_customer(shop: Shop, sql: Connection) -> None:
    found = run_import(shop, "orders", "order_number,user.external_id\nA-1,c-1\nA-2,c-2\n")
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    rows = sql.execute("SELECT name FROM import_changes WHERE import_id = %s", [found["import_id"]]).fetchall()
    assert {row["name"] for row in rows} == {"A-2", "c-2"}
