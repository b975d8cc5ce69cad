"""Two businesses that have one row of every kind, for tests that one cannot reach what the other has."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MASTER_KEY
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.openapi_requests import Request
from tests.support.staff import make_member


def mark(shop: Shop) -> str:
    """Stands in every text of a shop, so that an answer that holds it has shown something of theirs."""
    return f"mark-{shop.business_id[:8]}"


def make(path: str, id_field: str, **values: Any) -> Callable[[Shop], str]:
    """A maker of a row with a new name of its own."""

    def new(shop: Shop) -> str:
        named = {
            name: value.replace("NEW", f"{mark(shop)} {uuid.uuid4().hex[:12]}") if isinstance(value, str) else value
            for name, value in values.items()
        }
        return str(made(shop.post(path, named))[id_field])

    return new


def a_variable(shop: Shop) -> str:
    name = f"own_{uuid.uuid4().hex[:12]}"
    return str(made(shop.post("/variables", {"name": name, "value": mark(shop)}))["variable_id"])


def an_order(shop: Shop) -> str:
    body = {"user_id": a_customer(shop), "order_number": f"{mark(shop)}-{uuid.uuid4().hex[:8]}"}
    return str(made(shop.post("/orders", body))["order_id"])


def in_a_turn(id_field: str) -> Callable[[Shop], str]:
    def new(shop: Shop) -> str:
        answer = shop.say(f"{mark(shop)}, hello", session_id=uuid.uuid4().hex)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()[id_field])

    return new


def a_call(shop: Shop) -> str:
    turn_id = in_a_turn("turn_id")(shop)
    return str(shop.get("/llm-calls", turn_id=turn_id).get_json()[0]["call_id"])


def an_actor(shop: Shop) -> str:
    """The id of the shop's key, as its audit log names it."""
    return str(shop.get("/audit-log", resource="stage").get_json()[0]["actor_id"])


def a_key(shop: Shop) -> str:
    """Another key, which leaves the one in use as it is for a while."""
    master = {"Authorization": f"Bearer {MASTER_KEY}"}
    path = f"/api/v1/businesses/{shop.business_id}/api-keys"
    return str(made(shop.client.post(path, json={"grace_seconds": 86_400}, headers=master))["key_id"])


def an_event_schema(shop: Shop) -> str:
    body = {"event_type": f"{mark(shop)} {uuid.uuid4().hex[:12]}", "property_schema": {}}
    return str(made(shop.post("/event-property-schemas", body))["schema_id"])


def a_member(shop: Shop) -> str:
    body = {"email": f"{uuid.uuid4().hex}@example.com", "first_name": mark(shop), "last_name": "M", "role": "viewer"}
    master = {"Authorization": f"Bearer {MASTER_KEY}"}
    path = f"/api/v1/businesses/{shop.business_id}/members"
    return str(made(shop.client.post(path, json=body, headers=master))["user_id"])


def an_invitation(shop: Shop) -> str:
    owner = make_member(shop, {"Authorization": f"Bearer {MASTER_KEY}"}, "owner", f"{uuid.uuid4().hex}@example.com")
    body = {"email": f"{uuid.uuid4().hex}@example.com", "first_name": mark(shop), "last_name": "M", "role": "viewer"}
    return str(made(owner.send("POST", f"/businesses/{shop.business_id}/members", body))["invitation_id"])


a_customer = make("/users", "user_id", first_name="NEW", external_id="NEW")


an_agent = make("/agents", "agent_id", agent_name="NEW", agent_type="human")


a_stage = make("/stages", "stage_id", stage_name="NEW", stage_description="NEW")


a_product = make("/products", "product_id", product_name="NEW")


a_conversation = in_a_turn("conversation_id")


def a_template(template_type: str) -> Callable[[Shop], str]:
    return make("/templates", "template_id", template_name="NEW", content="NEW", template_type=template_type)


# Every kind of id that a request may hold, by the name of its field, and how a business gets a new one.
MAKERS: dict[str, Callable[[Shop], str]] = {
    "business_id": lambda shop: shop.business_id,
    "businessId": lambda shop: shop.business_id,
    "businessApiKey": lambda shop: shop.key,
    "user_id": a_customer,
    "userId": a_customer,
    "owner_id": lambda shop: shop.owner_id,
    "sender_user_id": lambda shop: shop.owner_id,
    "agent_id": an_agent,
    "stage_id": a_stage,
    "default_stage_id": a_stage,
    "reassign_to": a_stage,
    "template_id": a_template("response_generation"),
    "stage_selection_template_id": a_template("stage_selection"),
    "data_extraction_template_id": a_template("data_extraction"),
    "response_generation_template_id": a_template("response_generation"),
    "variable_id": a_variable,
    "product_id": a_product,
    "order_id": an_order,
    "conversation_id": a_conversation,
    "turn_id": in_a_turn("turn_id"),
    "call_id": a_call,
    "schema_id": an_event_schema,
    "key_id": a_key,
    "invitation_id": an_invitation,
    "actor_id": an_actor,
    "resource_id": a_stage,
}


# The other tenant's staff, beside its customer.
PEOPLE = ("user_id", "userId", "sender_user_id")


@dataclass
class World:
    """Two businesses that have one of everything. `ours` and `theirs`: ids by the name of the field."""

    app: Flask
    us: Shop
    them: Shop
    sql: Connection
    cookie: str = ""
    owner: dict[str, str] = field(default_factory=dict)  # the headers of our owner, signed in
    ours: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, list[str]] = field(default_factory=dict)

    def send(self, request: Request, headers: dict[str, str]) -> TestResponse:
        client = self.app.test_client(use_cookies=False)
        return client.open(**request.arguments, headers=headers)

    def secrets(self) -> set[str]:
        """What no answer to us may hold."""
        return {mark(self.them), *(each for ids in self.theirs.values() for each in ids)}

    def tables(self) -> list[str]:
        """All of ours but `processes`, which hold the server's own signs of life."""
        rows = self.sql.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT LIKE '%yoyo%' AND tablename <> 'processes'"
        ).fetchall()
        return [row["tablename"] for row in rows]

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table as text. `last_used_at` of a key is renewed once a minute by whoever calls."""
        rows = "SELECT (to_jsonb(t) - 'last_used_at')::text AS row FROM {} t ORDER BY 1"
        return {table: [row["row"] for row in self.sql.execute(rows.format(table))] for table in self.tables()}

    def writes(self) -> dict[str, Any]:
        """What tells, for less than `dump` costs, whether a table was written to: how many rows it has, and the latest
        transaction that wrote one."""
        counts = " UNION ALL ".join(
            f"SELECT '{table}' AS name, count(*), max(xmin::text::bigint) FROM {table}"
            for table in self.tables()
            if table != "api_keys"
        )
        return {row["name"]: row for row in self.sql.execute(counts)}
