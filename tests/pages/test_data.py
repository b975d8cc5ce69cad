"""The pages about customers, orders, products and events."""

import json
from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.visit import Visit, choose


def test_customer_is_found_changed_exported_merged_and_erased(visit: Visit) -> None:
    shop = visit.shop
    said = shop.say("Where is my order A-10433?").get_json()
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-10433", "order_total": 12.5}))
    shop.put(f"/users/{shop.user_id}", {"metadata": {"shoe_size": 42}})
    other = shop.add_customer("c-other", first_name="Carl", last_name="Double", email="carl@example.com")
    page = visit.open("/health")
    page.get_by_role("link", name="Data").click()
    rows = page.get_by_role("list", name="Customers").get_by_role("listitem")
    expect(rows).to_contain_text(["Carl Double", "Carla Customer"])
    page.get_by_label("Name, email, your ID or order number").fill("carla")
    expect(rows).to_have_count(1)
    visit.check_accessibility()
    rows.get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", name="Carla Customer", level=1)).to_be_visible()
    main = page.get_by_role("main")
    for words in ("Shoe size", "A-10433", "Your order A-10433"):
        expect(main.get_by_text(words).first).to_be_visible()
    visit.check_accessibility()

    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Phone").fill("+44 20 7946 0000")
    dialog.get_by_role("button", name="Save").click()
    expect(main.get_by_text("+44 20 7946 0000")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    lines = download.value.path().read_text().splitlines()
    assert [json.loads(line)["type"] for line in lines][:2] == ["customer", "order"]

    page.get_by_role("button", name="Merge…").click()
    dialog.get_by_role("combobox", name="The other customer").fill("carl@example.com")
    page.get_by_role("option", name="Carl Double").click()
    expect(dialog.get_by_role("note")).to_contain_text("c-other")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Merge").click()
    expect(main.get_by_text("carl@example.com")).to_be_visible()
    assert shop.get(f"/users/{other}").status_code == 404

    visit.expect_problem("404")  # the live update about the deletion may arrive before its response
    page.get_by_role("button", name="Erase…").click()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_text("No customers yet")).to_be_visible()
    assert shop.get(f"/conversations/{said['conversation_id']}").status_code == 404


def test_orders_products_and_schemas_are_created_changed_and_deleted(visit: Visit) -> None:
    shop = visit.shop
    page = visit.open("/data/orders")
    page.get_by_role("button", name="New order").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Customer").fill("carla")
    page.get_by_role("option", name="Carla Customer").click()
    dialog.get_by_label("Order number").fill("A-1")
    dialog.get_by_label("Total").fill("many")
    dialog.get_by_role("button", name="Add item").click()
    dialog.get_by_label("Name of item 1").fill("Lamp")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Enter a number, such as 12.50.")).to_be_visible()
    dialog.get_by_label("Total").fill("12,50")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="A-1").click()
    expect(dialog.get_by_role("link", name="Carla Customer")).to_be_visible()
    dialog.get_by_label("Status").fill("shipped")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Orders")).to_contain_text("shipped")
    [order] = shop.get("/orders").get_json()
    assert (order["order_total"], order["items"]) == (12.5, [{"product_name": "Lamp", "quantity": 1}])
    page.get_by_label("Order number").fill("A-2")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Clear search and filters").click()
    page.get_by_role("link", name="A-1").click()
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No orders yet")).to_be_visible()

    page.get_by_role("link", name="Products").click()
    page.get_by_role("button", name="New product").click()
    dialog.get_by_label("Name").fill("Repair")
    choose(dialog.get_by_role("combobox", name="Kind"), "Service")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="Repair").click()
    dialog.get_by_label("Price").fill("30")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Products and services")).to_contain_text("Service30")

    event = {"event_type": "page_view", "user_id": shop.user_id, "custom_event_properties": {"path": "/lamps"}}
    made(shop.post("/events", event))
    page.get_by_role("link", name="Events").click()
    page.get_by_role("button", name="Details of page_view").click()
    expect(page.get_by_role("region", name="Values of the event")).to_contain_text("/lamps")
    visit.check_accessibility()
    page.get_by_role("link", name="Schemas").click()
    page.get_by_role("button", name="New schema").click()
    dialog.get_by_label("Type of the events").fill("page_view")
    dialog.get_by_label("JSON Schema of the properties").fill("[]")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("This is not valid JSON.")).to_be_visible()
    dialog.get_by_label("JSON Schema of the properties").fill('{"required": ["path"]}')
    visit.check_accessibility()
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("list", name="Event schemas")).to_contain_text("page_view")
    [schema] = shop.get("/event-property-schemas").get_json()
    assert schema["property_schema"] == {"required": ["path"]}


def test_lists_of_ten_thousand_rows_are_read_in_pages(
    visits: Callable[..., Visit], empty_business: Shop, sql: Connection
) -> None:
    shop = empty_business
    parameters = {"business_id": shop.business_id, "user_id": shop.add_customer("c-1")}
    for statement in (
        """
        INSERT INTO users (business_id, external_id, first_name)
        SELECT %(business_id)s, 'n-' || n, 'Customer ' || n FROM generate_series(1, 10000) AS n
        """,
        """
        INSERT INTO orders (business_id, user_id, order_number)
        SELECT %(business_id)s, %(user_id)s, 'O-' || n FROM generate_series(1, 10000) AS n
        """,
        """
        INSERT INTO products (business_id, product_name) SELECT %(business_id)s, 'Product ' || n
        FROM generate_series(1, 10000) AS n
        """,
        """
        INSERT INTO events (business_id, event_type, verified)
        SELECT %(business_id)s, 'type_' || n, true FROM generate_series(1, 10000) AS n
        """,
    ):
        sql.execute(statement, parameters)
    visit = visits(shop)
    visit.open("/health")
    for address, name, words in (
        ("customers", "Customers", "Customer 10000"),
        ("orders", "Orders", "O-10000"),
        ("products", "Products and services", "Product 10000"),
        ("events", "Events", "type_10000"),
    ):
        page = visit.go(f"/data/{address}")
        rows = page.get_by_role("list", name=name).get_by_role("listitem")
        expect(rows).to_have_count(50)
        expect(rows.first).to_contain_text(words)
        page.get_by_role("button", name="Load more").click()
        expect(rows).to_have_count(100)
