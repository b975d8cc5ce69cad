"""The pages of imports and hooks."""

from playwright.sync_api import expect

from tests.support.hooks import HOOK, an_order, deliver
from tests.support.visit import Visit, choose

FILE = (
    "order_number;user.external_id;status;order_total\nA-1;c-1;paid;12.50\nA-2;c-2;shipped;7\nA-3;;paid;many\n"
).encode("cp1252")


def test_command_palette_opens_each_integration(visit: Visit) -> None:
    page = visit.open("/variables")
    expect(page.get_by_role("heading", name="Variables", level=1)).to_be_visible()
    for name in ("Imports", "Hooks", "Webhooks", "Secrets"):
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox", name="Go to…")).to_be_focused()
        page.keyboard.type(name.lower())
        expect(page.get_by_role("option", name=name, exact=True)).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_file_is_checked_and_then_imported(visit: Visit) -> None:
    page = visit.open("/variables")
    visit.choose("Data")
    page.get_by_role("link", name="Imports", exact=True).click()
    expect(page.get_by_text("No imports yet")).to_be_visible()
    page.get_by_role("button", name="New import").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_text("Choose a file.")).to_be_visible()
    visit.check_accessibility()
    file = {"name": "orders.csv", "mimeType": "text/csv", "buffer": FILE}
    dialog.get_by_label("File", exact=True).set_input_files(file)
    expect(dialog.get_by_text("orders.csv")).to_be_visible()
    expect(
        dialog.get_by_role("combobox", name="Field of the column order_total").locator("option:checked")
    ).to_have_text("Order total")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Upload").click()
    rows = page.get_by_role("list", name="Imports").get_by_role("listitem")
    expect(rows).to_contain_text(["Finished"])
    expect(rows).to_contain_text(["Dry run"])
    expect(rows).to_contain_text(["2 rows would be created · 0 rows would be updated · 0 rows unchanged"])
    page.get_by_role("button", name="1 invalid line").click()
    lines = page.get_by_role("region", name="Invalid lines")
    expect(lines.get_by_role("row").nth(1)).to_contain_text("4order_total: Must be a number with a decimal point")
    visit.check_accessibility()
    assert visit.shop.get("/orders").get_json() == []

    page.get_by_role("button", name="New import").click()
    dialog.get_by_label("File", exact=True).set_input_files(file)
    dialog.get_by_label("Dry run: only check the file").uncheck()
    choose(dialog.get_by_role("combobox", name="Encoding"), "Windows-1252")
    choose(dialog.get_by_role("combobox", name="Tell customers about"), "Status")
    expect(dialog.get_by_label("Message")).to_have_value("News about your order {order_number}: it is now {status}.")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Upload").click()
    expect(rows.first).to_contain_text("2 rows created · 0 rows updated · 0 rows unchanged")
    expect(rows).to_have_count(2)
    assert len(visit.shop.get("/orders").get_json()) == 2


def test_file_that_cannot_be_read_is_explained(visit: Visit) -> None:
    visit.expect_problem("400")
    page = visit.open("/imports")
    page.get_by_role("button", name="New import").click()
    dialog = page.get_by_role("dialog")
    choose(dialog.get_by_role("combobox", name="Contains"), "Products")
    file = {"name": "x.csv", "mimeType": "text/csv", "buffer": b"\n"}
    dialog.get_by_label("File", exact=True).set_input_files(file)
    expect(dialog.get_by_role("alert")).to_contain_text("The file has no row with the names of the columns.")
    file = {"name": "x.ndjson", "mimeType": "", "buffer": b'{"sku": "1", "product_name": "Lamp", "colour": "red"}'}
    dialog.get_by_label("File", exact=True).set_input_files(file)
    dialog.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="1 invalid line").click()
    expect(page.get_by_role("region", name="Invalid lines")).to_contain_text("colour: Unknown field.")


def test_columns_with_other_names_are_assigned_and_the_import_is_undone(visit: Visit) -> None:
    page = visit.open("/data/products")
    expect(page.get_by_text("No products yet")).to_be_visible()
    page.get_by_role("link", name="Import", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Contains").locator("option:checked")).to_have_text("Products")
    text = 'Artikelnr;Was?;Preis;Größe\r\nL-1;"Lampe; ""grün""";1.234,50;M\r\nL-2;Tisch;7,00;L\r\n'
    file = {"name": "artikel.csv", "mimeType": "text/csv", "buffer": text.encode("latin-1")}
    dialog.get_by_label("File", exact=True).set_input_files(file)
    expect(dialog.get_by_role("combobox", name="Field of the column Artikelnr").locator("option:checked")).to_have_text(
        "SKU *"
    )
    expect(dialog.get_by_role("combobox", name="Encoding").locator("option:checked")).to_have_text(
        "Windows-1252 (Western European)"
    )
    expect(dialog.get_by_label("Numbers have a decimal comma")).to_be_checked()
    dialog.get_by_label("Dry run: only check the file").uncheck()
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_text("No column contains: Product name. Choose one.")).to_be_visible()
    choose(dialog.get_by_role("combobox", name="Field of the column Was?"), "Product name *")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Upload").click()
    row = page.get_by_role("list", name="Imports").get_by_role("listitem")
    expect(row).to_contain_text("2 rows created")
    [first, second] = visit.shop.get("/products").get_json()
    assert (first["product_name"], first["price"]) == ('Lampe; "grün"', 1234.5)
    visit.shop.put(f"/products/{second['product_id']}", {"price": 8})
    row.get_by_role("button", name="Undo").click()
    dialog.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Undone: 1 row · 1 row kept")
    row.get_by_role("button", name="1 row kept").click()
    visit.check_accessibility()
    page.get_by_role("link", name="L-2").click()
    expect(dialog.get_by_label("Price")).to_have_value("8")


def test_hook_is_created_from_a_recipe_and_shows_its_deliveries(visit: Visit) -> None:
    shop = visit.shop
    page = visit.open("/hooks")
    page.get_by_role("button", name="New hook").click()
    dialog = page.get_by_role("dialog")
    choose(dialog.get_by_role("combobox", name="Start with"), "WooCommerce orders")
    expect(dialog.get_by_label("Header with the signature")).to_have_value("X-WC-Webhook-Signature")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("The secret is not shown again.")).to_be_visible()
    visit.check_accessibility()
    secret = dialog.get_by_label("Secret", exact=True).input_value()
    hook_id = dialog.get_by_label("URL").input_value().rpartition("/")[2]
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("list", name="Hooks")).to_contain_text(f"/api/v1/hooks/{hook_id}")
    assert secret not in page.content()

    hook = {**shop.get(f"/hooks/{hook_id}").get_json(), "secret": secret}
    order = {"number": "727", "customer_id": 5, "status": "processing", "total": "12.50"}
    assert deliver(shop, hook_id, order, hook=hook).status_code == 200
    assert deliver(shop, hook_id, {"number": "728"}, hook=hook).status_code == 400
    page.get_by_role("button", name="Deliveries of WooCommerce orders").click()
    deliveries = page.get_by_role("list", name="Deliveries of WooCommerce orders").get_by_role("listitem")
    expect(deliveries).to_contain_text(["728", "727"])
    expect(deliveries.first).to_contain_text("One of these is required")
    expect(deliveries.nth(1)).to_contain_text("Created")
    visit.check_accessibility()

    page.get_by_role("button", name="Edit WooCommerce orders").click()
    dialog.get_by_label("Name", exact=True).fill("Shop")
    dialog.get_by_role("button", name="Remove user.phone").click()
    dialog.get_by_label("Enabled").uncheck()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Hooks")).to_contain_text("Disabled")
    changed = shop.get(f"/hooks/{hook_id}").get_json()
    assert changed["mapping"] == [rule for rule in hook["mapping"] if rule["field"] != "user.phone"]
    page.get_by_role("button", name="Delete Shop").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No hooks yet")).to_be_visible()


def test_mapping_is_written_in_the_form(visit: Visit) -> None:
    shop = visit.shop
    page = visit.open("/hooks")
    page.get_by_role("button", name="New hook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Warehouse")
    dialog.get_by_label("Secret").fill(str(HOOK["secret"]))
    rows = {
        "order_number": "/order/number",
        "user.external_id": "/buyer/id /buyer/email",
        "status": "/order/state",
    }
    for index, (field, paths) in enumerate(rows.items()):
        if index:
            dialog.get_by_role("button", name="Add field").click()
        dialog.get_by_role("combobox", name="Field").nth(index).fill(field)
        page.get_by_role("option", name=field, exact=True).click()
        dialog.get_by_label("Paths, separated by spaces").nth(index).fill(paths)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("The hook is ready")).to_be_visible()
    [hook] = shop.get("/hooks").get_json()
    assert hook["mapping"][1] == {"field": "user.external_id", "pointers": ["/buyer/id", "/buyer/email"]}
    assert deliver(shop, hook["hook_id"], an_order()).status_code == 200
