"""JSON Schemas for the properties of events: managed by the business, applied to each event."""

import uuid
from typing import Any

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made

PURCHASE = {
    "type": "object",
    "properties": {
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
        "note": {"type": "string", "pattern": "^[A-Za-zÀ-ÿ ]*$"},
    },
    "required": ["amount"],
    "additionalProperties": False,
    "$defs": {"item": {"type": "object", "required": ["sku"]}},
}


def test_event_that_violates_its_schema_is_rejected_with_the_paths(shop: Shop) -> None:
    _keep(shop, "purchase", PURCHASE)
    properties = {"amount": "12", "items": [{"sku": "a"}, {}], "note": "Größe", "colour": "red"}
    response = shop.post("/events", {"event_type": "purchase", "custom_event_properties": properties})
    assert response.status_code == 400
    assert [problem["path"] for problem in response.get_json()["details"]] == [
        "$.custom_event_properties.amount",
        "$.custom_event_properties.colour",
        "$.custom_event_properties.items[1].sku",
    ]
    response = shop.post("/events", {"event_type": "purchase"})
    assert [problem["path"] for problem in response.get_json()["details"]] == ["$.custom_event_properties.amount"]
    made(shop.post("/events", {"event_type": "purchase", "custom_event_properties": {"amount": 12}}))
    made(shop.post("/events", {"event_type": "refund", "custom_event_properties": {"amount": "12"}}))
    assert [row["event_type"] for row in shop.get("/events").get_json()] == ["purchase", "refund"]


def test_unverified_event_that_violates_its_schema_is_dropped(shop: Shop, client: CheckedClient) -> None:
    _keep(shop, "purchase", PURCHASE)
    event = {"business_id": shop.business_id, "event_type": "purchase", "custom_event_properties": {"amount": -1}}
    assert made(client.post("/api/v1/events", json=event))["verified"] is False
    assert shop.get("/events").get_json() == []


def test_schema_applies_only_to_its_business(shop: Shop, other_shop: Shop) -> None:
    schema_id = _keep(shop, "purchase", PURCHASE)
    made(other_shop.post("/events", {"event_type": "purchase"}))
    path = f"/event-property-schemas/{schema_id}"
    assert other_shop.get(path).status_code == 404
    assert other_shop.put(path, {"description": "mine"}).status_code == 404
    assert other_shop.delete(path).status_code == 404
    assert shop.get(path).get_json()["description"] is None


def test_create_read_update_and_delete(shop: Shop) -> None:
    schema_id = _keep(shop, "purchase", PURCHASE)
    path = f"/event-property-schemas/{schema_id}"
    assert shop.get(path).get_json()["property_schema"] == PURCHASE
    assert [row["schema_id"] for row in shop.get("/event-property-schemas").get_json()] == [schema_id]
    again = shop.post("/event-property-schemas", {"event_type": "purchase", "property_schema": {}})
    assert again.status_code == 409
    changed = shop.put(path, {"property_schema": {"required": ["total"]}}).get_json()
    assert (changed["event_type"], changed["property_schema"]) == ("purchase", {"required": ["total"]})
    assert shop.put(path, {"event_type": "refund"}).status_code == 400
    assert shop.post("/events", {"event_type": "purchase"}).status_code == 400
    assert shop.delete(path).status_code == 204
    assert shop.get(path).status_code == 404
    made(shop.post("/events", {"event_type": "purchase"}))
    assert shop.delete(f"/event-property-schemas/{uuid.uuid4()}").status_code == 404


# Each refers to the previous one twice; expanding all of them gives a billion parts.
BILLION = {f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(30)} | {"l30": {}}

TREE = {"properties": {"tree": {"type": "array", "items": {"$ref": "#/properties/tree"}}}}


def test_recursive_schema_is_accepted(shop: Shop) -> None:
    _keep(shop, "tree", TREE)
    tree: list[Any] = []
    for _ in range(90):
        tree = [tree, []]
    made(shop.post("/events", {"event_type": "tree", "custom_event_properties": {"tree": tree}}))
    tree[0][1].append(7)
    response = shop.post("/events", {"event_type": "tree", "custom_event_properties": {"tree": tree}})
    assert [problem["path"] for problem in response.get_json()["details"]] == [
        "$.custom_event_properties.tree[0][1][0]"
    ]


REFUSED: tuple[tuple[Any, str], ...] = (
    ({"type": "objekt"}, "$.property_schema.type"),
    ({"properties": {"a": {"minimum": "1"}}}, "$.property_schema.properties.a.minimum"),
    ({"properties": {"a": {"pattern": "("}}}, "$.property_schema.properties.a.pattern"),
    ({"properties": {"a": {"$ref": "http://127.0.0.1/schema.json"}}}, "$.property_schema"),
    ({"properties": {"a": {"$ref": "#/$defs/nowhere"}}}, "$.property_schema"),
    ({"$id": "http://example.com/a", "properties": {}}, "$.property_schema"),
    ({"$ref": "#"}, "$.property_schema"),
    ({"patternProperties": {"^x-": {}}}, "$.property_schema"),
    ({"anyOf": [{"properties": {}}], "unevaluatedProperties": False}, "$.property_schema"),
    ({"properties": {"a": {"unevaluatedItems": False}}}, "$.property_schema"),
    ({"$defs": {"a": {"items": {"$ref": "#/$defs/a"}, "contains": {"$ref": "#/$defs/a"}}}}, "$.property_schema"),
    ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}}, "$.property_schema"),
    ({"$defs": BILLION, "$ref": "#/$defs/l0"}, "$.property_schema"),
    ([], "$.property_schema"),
)


def test_unusable_schema_is_rejected(shop: Shop) -> None:
    for schema, path in REFUSED:
        response = shop.post("/event-property-schemas", {"event_type": "purchase", "property_schema": schema})
        assert response.status_code == 400, schema
        assert [problem["path"] for problem in response.get_json()["details"]] == [path]
    assert shop.get("/event-property-schemas").get_json() == []


def test_value_that_crashes_a_format_check_is_invalid(shop: Shop) -> None:
    for name, value in (("regex", "a{99999999}"), ("relative-json-pointer", "²²²²-01-01")):
        _keep(shop, name, {"properties": {"a": {"format": name}}})
        event = {"event_type": name, "custom_event_properties": {"a": value}}
        response = shop.post("/events", event)
        assert response.status_code == 400, response.text
        assert response.get_json()["details"][0]["path"] == "$.custom_event_properties.a"


def _keep(shop: Shop, event_type: str, schema: dict[str, Any]) -> str:
    body = {"event_type": event_type, "property_schema": schema}
    schema_id: str = made(shop.post("/event-property-schemas", body))["schema_id"]
    return schema_id
