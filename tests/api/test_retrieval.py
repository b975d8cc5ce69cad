"""Data retrieval, as the prompts and the trace show it."""

from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel

ORDER = {"order_number": "A-10433", "status": "shipped", "order_total": 36.5, "currency": "EUR"}


def look_up(shop: Shop, fake_model: FakeModel, config: Any, fields: str = "{}", **stage: Any) -> dict[str, Any]:
    """The trace of a turn in a stage with this data retrieval, with the last `prompt` and the `retrieved` data."""
    values = {"data_retrieval": config, "stage_description": "", **stage}
    changed = shop.put(f"/stages/{shop.stages['Order help']}", values)
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["data_retrieval"] == config
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', fields, "Done.")
    answer = shop.say("A message.")
    assert answer.status_code == 200, answer.text
    trace = shop.trace(answer.get_json()["turn_id"])
    prompt = "\n".join(message["content"] for message in fake_model.requests[-1]["messages"])
    return {**trace, "prompt": prompt, "retrieved": trace["by_step"]["retrieval"]["output"]}


def query(source: str, **config: Any) -> dict[str, Any]:
    return {"method": "database_query", "config": {"source": source, **config}}


BY_NUMBER = {"match": {"order_number": "{order_number}"}}


@pytest.fixture
def ordered(shop: Shop) -> Shop:
    assert shop.post("/orders", {"user_id": shop.user_id, **ORDER}).status_code == 201
    return shop


def test_stage_without_data_retrieval(shop: Shop, fake_model: FakeModel) -> None:
    trace = look_up(shop, fake_model, {"method": "none"})
    assert (trace["retrieved"]["status"], trace["retrieved"]["data"]) == ("none", None)
    assert "Looked up for this message: nothing" in trace["prompt"]


def test_order_status_is_in_the_response_prompt(ordered: Shop, fake_model: FakeModel) -> None:
    trace = look_up(ordered, fake_model, query("orders", **BY_NUMBER), '{"order_number": "a-10433"}')
    assert trace["retrieved"]["status"] == "found"
    assert (trace["retrieved"]["data"]["status"], trace["retrieved"]["data"]["order_total"]) == ("shipped", "36.50")
    assert '"status": "shipped"' in trace["prompt"]
    step = trace["by_step"]["retrieval"]
    assert (step["engine"], step["decision"]) == (None, "Searched orders for order_number a-10433: 1 found.")
    assert step["variables"] == [{"name": "order_number", "value": "a-10433"}]


def test_only_the_customers_own_orders_are_found(ordered: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    """Neither another customer's order nor one with the same number at another business is found."""
    assert other_shop.post("/orders", {"user_id": other_shop.user_id, **ORDER}).status_code == 201
    ordered.user_id = ordered.add_customer("somebody-else")
    for config in (query("orders", **BY_NUMBER), query("orders"), query("orders", match={"status": "shipped"})):
        trace = look_up(ordered, fake_model, config, '{"order_number": "A-10433"}')
        assert trace["retrieved"]["status"] == "not_found"
        assert "36.50" not in trace["prompt"]
        assert '"found": false' in trace["prompt"]


def test_missing_fields_are_requested(ordered: Shop, fake_model: FakeModel) -> None:
    trace = look_up(ordered, fake_model, query("orders", ask="Which order, {user.first_name}?", **BY_NUMBER))
    assert (trace["retrieved"]["status"], trace["retrieved"]["missing"]) == ("missing", ["order_number"])
    assert "Still needed (ask for one at a time): order_number" in trace["prompt"]
    assert "Which order, Carla?" in trace["prompt"]
    # Also where the schema does not require it.
    trace = look_up(ordered, fake_model, query("orders", **BY_NUMBER), extraction_schema=None)
    assert (trace["retrieved"]["missing"], trace["retrieved"]["data"]) == (["order_number"], None)
    assert "Still needed (ask for one at a time): order_number" in trace["prompt"]


def test_prompt_user_uses_the_text_of_the_stage(shop: Shop, fake_model: FakeModel) -> None:
    config = {"method": "prompt_user", "config": {"prompt": "Please give {missing_fields}."}}
    assert "Please give order_number." in look_up(shop, fake_model, config)["prompt"]
    trace = look_up(shop, fake_model, config, '{"order_number": "A-1"}')
    assert (trace["retrieved"]["status"], trace["retrieved"]["data"]) == ("none", None)


def test_several_rows_are_returned_as_a_list(ordered: Shop, fake_model: FakeModel) -> None:
    second = {"user_id": ordered.user_id, **ORDER, "order_number": "A-10434"}
    assert ordered.post("/orders", second).status_code == 201
    trace = look_up(ordered, fake_model, query("orders"))
    assert {row["order_number"] for row in trace["retrieved"]["data"]} == {"A-10433", "A-10434"}


def test_look_up_of_products_and_the_customer(shop: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    for each, price in ((shop, 18), (other_shop, 99)):
        product = {"product_name": "Tideline mug", "sku": "MUG", "price": price, "currency": "EUR"}
        assert each.post("/products", product).status_code == 201
    trace = look_up(shop, fake_model, query("products", match={"sku": "{sku|mug}"}))
    assert (trace["retrieved"]["data"]["product_name"], trace["retrieved"]["data"]["price"]) == (
        "Tideline mug",
        "18.00",
    )
    trace = look_up(shop, fake_model, query("customer"))
    assert trace["retrieved"]["data"]["first_name"] == "Carla"
    assert "password" not in str(trace["retrieved"])


def test_customer_text_is_only_used_as_a_value(ordered: Shop, fake_model: FakeModel) -> None:
    for written in ("' OR '1'='1", "{user.first_name}", "%", "A-10433\\u0000", "🙂"):
        trace = look_up(ordered, fake_model, query("orders", **BY_NUMBER), f'{{"order_number": "{written}"}}')
        assert trace["retrieved"]["status"] in ("not_found", "found")
        assert trace["retrieved"]["status"] == ("found" if written.startswith("A-10433") else "not_found")


def test_failed_look_up_is_reported_and_does_not_fail_the_turn(
    ordered: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    sql.execute("ALTER TABLE orders RENAME TO orders_gone")
    try:
        trace = look_up(ordered, fake_model, query("orders", **BY_NUMBER), '{"order_number": "A-10433"}')
    finally:
        sql.execute("ALTER TABLE orders_gone RENAME TO orders")
    assert trace["status"] == "completed"
    assert (trace["retrieved"]["status"], trace["by_step"]["retrieval"]["decision"]) == (
        "failed",
        "Searching orders failed.",
    )
    assert "cannot be looked up right now" in trace["prompt"]


def test_invalid_look_up_is_rejected(shop: Shop) -> None:
    for config in (
        query("orders", match={"order_total": "1"}),
        query("products", match={"order_number": "1"}),
        query("customer", match={"email": "a"}),
        query("secrets"),
        {"method": "database_query"},
        {"method": "sql", "config": {"query": "SELECT 1"}},
    ):
        refused = shop.put(f"/stages/{shop.stages['Order help']}", {"data_retrieval": config})
        assert refused.status_code == 400, config
