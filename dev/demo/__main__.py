"""`python -m dev.demo [DATABASE [PARENT]]`: creates the demo business in a database without businesses.

It uses the API as a client does, so the same rules apply to the demo as to any business. The rules engine answers its
past conversations even if a model is connected, so that their traces are real.
"""

import dataclasses
import json
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from app import close_app, create_app
from config import Config, ConfigError
from core.context import AppContext
from core.settings import load_environment
from dev.demo import FOLDER, Demo, name_database, read_demo, write_demo
from dev.parent import follow_parent
from message_processing.templates.starters import StarterStage, with_templates
from repositories import backdating

_UNLIMITED = "1000000 per minute"


class Api:
    """A client of the API that raises an error for every response except success."""

    def __init__(self, app: Flask, key: str) -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> Any:
        return self._read(self._client.get(f"/api/v1{path}", headers=self._headers))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._read(self._client.post(f"/api/v1{path}", json=body, headers=self._headers))

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._read(self._client.put(f"/api/v1{path}", json=body, headers=self._headers))

    def delete(self, path: str) -> None:
        self._read(self._client.delete(f"/api/v1{path}", headers=self._headers))

    def _read(self, response: TestResponse) -> Any:
        if response.status_code >= 400:
            raise RuntimeError(f"{response.request.method} {response.request.path}: {response.text}")
        return response.get_json(silent=True)


def create_demo(app: Flask, config: Config, database: str) -> Demo:
    """Creates and returns the demo business, after removing an incomplete one. In a database with other businesses none
    is created, which is stored too. Raises ConfigError in production."""
    if config.in_production:
        raise ConfigError("The demo business cannot be created in production.")
    master, shop = Api(app, config.master_key), json.loads((FOLDER / "shop.json").read_text())
    earlier = read_demo(config.data_dir)
    if earlier is not None and earlier.database == database and not earlier.is_complete:
        _remove(master, shop)
    if master.get("/businesses?limit=1"):
        demo = Demo(database, is_complete=True)
    else:
        # So that the next start finds an incomplete demo if this one is killed.
        write_demo(config.data_dir, Demo(database, is_complete=False))
        demo = _create(app, master, shop, database)
    write_demo(config.data_dir, demo)
    return demo


def _create(app: Flask, master: Api, shop: dict[str, Any], database: str) -> Demo:
    owner_id = master.post("/users", shop["owner"])["user_id"]
    business = master.post("/businesses", {**shop["business"], "owner_id": owner_id})
    business_id, key = business["business_id"], business["api_key"]
    api = Api(app, key)
    agents = {agent["agent_name"]: api.post("/agents", agent)["agent_id"] for agent in shop["agents"]}
    for variable in shop["variables"]:
        api.post("/variables", variable)
    stages = json.loads((FOLDER / "stages.json").read_text())
    stage_ids = [_create_stage(api, stage, agents) for stage in with_templates(stages, "en")]
    api.put(f"/businesses/{business_id}", {"default_stage_id": stage_ids[0]})
    products = {product["product_name"]: product for product in shop["products"]}
    for product in products.values():
        api.post("/products", product)
    customers = {each["external_id"]: api.post("/users", each)["user_id"] for each in shop["customers"]}
    for order in shop["orders"]:
        api.post("/orders", order_body(order, customers, products))
    for number, conversation in enumerate(shop["conversations"], 1):
        _play_conversation(app, api, UUID(business_id), conversation, customers, owner_id, f"demo-{number}")
    return Demo(database, is_complete=True, business_id=business_id, user_id=owner_id, business_key=key)


def _create_stage(api: Api, stage: StarterStage, agents: dict[str, str]) -> str:
    """Creates a stage with its three templates and returns its ID."""
    values = {**stage["values"], "agent_id": agents[stage["agent"] or ""]}
    for template in stage["templates"]:
        template_type = template["template_type"]
        name = f"{values['stage_name']}: {template_type.replace('_', ' ')}"
        created = api.post("/templates", {**template, "template_name": name})
        values[f"{template_type}_template_id"] = created["template_id"]
    return str(api.post("/stages", values)["stage_id"])


def order_body(order: dict[str, Any], customers: dict[str, str], products: dict[str, Any]) -> dict[str, Any]:
    """The request body for an order of shop.json, with dates relative to today and the products' prices."""
    values = {name: value for name, value in order.items() if name not in ("customer", "days_ago")}
    values["items"] = [
        {"product_name": name, "quantity": quantity, "price": products[name]["price"]}
        for name, quantity in order["items"].items()
    ]
    values["user_id"] = customers[order["customer"]]
    values["order_total"] = round(sum(item["quantity"] * item["price"] for item in values["items"]), 2)
    values["currency"] = "GBP"
    values["billing_address"] = order["shipping_address"]
    values["order_date"] = (datetime.now(UTC) - timedelta(days=order["days_ago"])).isoformat()
    return values


def _play_conversation(
    app: Flask,
    api: Api,
    business_id: UUID,
    conversation: dict[str, Any],
    customers: dict[str, str],
    owner_id: str,
    session_id: str,
) -> None:
    """Sends a customer's messages and then moves the whole conversation into the past."""
    answer: dict[str, Any] = {}
    for message in conversation["messages"]:
        text = message.replace("{pottery_evening}", next_evening(date.today()).isoformat())
        user_id = customers[conversation["customer"]]
        answer = api.post("/messages", {"user_id": user_id, "message": text, "session_id": session_id})
    conversation_id = answer["conversation_id"]
    if "agent_says" in conversation:
        path = f"/conversations/{conversation_id}/messages"
        api.post(path, {"message": conversation["agent_says"], "sender_user_id": owner_id})
    context: AppContext = app.extensions["icmp"]
    with context.database.transaction() as conn:
        backdating.backdate_conversation(
            conn, business_id, UUID(conversation_id), timedelta(days=conversation["days_ago"])
        )


def next_evening(today: date) -> date:
    """The second Friday of next month."""
    first = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 7)


def _remove(master: Api, shop: dict[str, Any]) -> None:
    """Removes what an interrupted creation left behind."""
    for business in master.get("/businesses?limit=200"):
        if business["business_name"] == shop["business"]["business_name"]:
            master.delete(f"/businesses/{business['business_id']}")
    for user in master.get("/users?limit=200"):
        if user["email"] == shop["owner"]["email"] and user["business_id"] is None:
            master.delete(f"/users/{user['user_id']}")


def main(database: str | None) -> None:
    environment = {name: value for name, value in load_environment().items() if not name.startswith("OPENAI_")}
    config = dataclasses.replace(
        Config.from_env(environment),
        db_pool_size=2,
        rate_limit_messages=_UNLIMITED,
        rate_limit_business=_UNLIMITED,
        rate_limit_default=_UNLIMITED,
    )
    app = create_app(config)
    try:
        create_demo(app, config, database or name_database(config.database_url))
    finally:
        close_app(app)


if __name__ == "__main__":
    try:
        if len(sys.argv) > 2:
            follow_parent(int(sys.argv[2]))
        main(sys.argv[1] if len(sys.argv) > 1 else None)
    except (ConfigError, RuntimeError) as error:
        sys.exit(f"icmp: {error}")
