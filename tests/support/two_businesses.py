"""Two businesses that have one row of every kind, for tests that one business cannot access the data of the other."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MASTER_KEY
from tests.support import hooks
from tests.support.cases import finished_run
from tests.support.channels import Chat, unsent_messages
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.imports import run_import
from tests.support.openapi_requests import Request
from tests.support.os_users import wait_for
from tests.support.simulations import a_simulation
from tests.support.staff import make_member


def mark(shop: Shop) -> str:
    """Text in every row of a shop. A response that contains it shows data of that shop."""
    return f"mark-{shop.business_id[-8:]}"


def make(path: str, id_field: str, **values: Any) -> Callable[[Shop], str]:
    """Returns a function that creates a row with a new name."""

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


def a_secret(shop: Shop) -> str:
    body = {"name": f"s{uuid.uuid4().hex}", "value": f"{mark(shop)} of a secret"}
    return str(made(shop.post("/secrets", body))["secret_id"])


def a_webhook(shop: Shop) -> str:
    body = {"url": f"http://127.0.0.1:9/{mark(shop)}/{uuid.uuid4().hex}", "events": ["turn.failed"]}
    return str(made(shop.post("/webhooks", body))["webhook_id"])


def a_delivery(shop: Shop) -> str:
    """Of the latest webhook, in which its test event failed."""
    webhook_id = shop.get("/webhooks").get_json()[-1]["webhook_id"]
    return str(shop.post(f"/webhooks/{webhook_id}/test").get_json()["delivery_id"])


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
    """The ID of the shop's API key, from its audit log."""
    return str(shop.get("/audit-log", resource="stage").get_json()[0]["actor_id"])


def a_key(shop: Shop) -> str:
    """Another API key, with a grace period for the current one."""
    master = {"Authorization": f"Bearer {MASTER_KEY}"}
    path = f"/api/v1/businesses/{shop.business_id}/api-keys"
    return str(made(shop.client.post(path, json={"grace_seconds": 86_400}, headers=master))["key_id"])


def an_event_schema(shop: Shop) -> str:
    body = {"event_type": f"{mark(shop)} {uuid.uuid4().hex[:12]}", "property_schema": {}}
    return str(made(shop.post("/event-property-schemas", body))["schema_id"])


def a_member(shop: Shop, role: str = "viewer") -> str:
    body = {"email": f"{uuid.uuid4().hex}@example.com", "first_name": mark(shop), "last_name": "M", "role": role}
    master = {"Authorization": f"Bearer {MASTER_KEY}"}
    path = f"/api/v1/businesses/{shop.business_id}/members"
    return str(made(shop.client.post(path, json=body, headers=master))["user_id"])


def an_invitation(shop: Shop) -> str:
    owner = make_member(shop, {"Authorization": f"Bearer {MASTER_KEY}"}, "owner", f"{uuid.uuid4().hex}@example.com")
    body = {"email": f"{uuid.uuid4().hex}@example.com", "first_name": mark(shop), "last_name": "M", "role": "viewer"}
    return str(made(owner.send("POST", f"/businesses/{shop.business_id}/members", body))["invitation_id"])


def a_session(shop: Shop) -> str:
    """A page that is connected with the business's key."""
    config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    page = shop.client.application.test_client()
    assert page.post("/api/save-config", json=config).status_code == 200
    sessions = page.get("/api/v1/auth/sessions").get_json()
    return next(str(row["session_id"]) for row in sessions if row["is_current"])


a_customer = make("/users", "user_id", first_name="NEW", external_id="NEW")
an_agent = make("/agents", "agent_id", agent_name="NEW", agent_type="human", instructions="NEW")
a_stage = make("/stages", "stage_id", stage_name="NEW", stage_description="NEW")
a_product = make("/products", "product_id", product_name="NEW")
a_test_case = make("/test-cases", "test_case_id", name="NEW", turns=[{"message": "Hello"}])


def a_canned_reply(shop: Shop) -> str:
    body = {"shortcut": uuid.uuid4().hex, "title": mark(shop), "content": mark(shop)}
    return str(made(shop.post("/canned-replies", body))["canned_reply_id"])


def an_import(shop: Shop) -> str:
    file = f"sku,product_name\n{mark(shop)},{mark(shop)}\n{mark(shop)},{mark(shop)}\n"
    return str(run_import(shop, "products", file)["import_id"])


def an_export(shop: Shop) -> str:
    """An export with a complete file. It replaces the previous one."""
    owner = make_member(shop, {"Authorization": f"Bearer {MASTER_KEY}"}, "owner", f"{uuid.uuid4().hex}@example.com")

    def are_finished() -> bool:
        return all(row["status"] == "finished" for row in owner.send("GET", "/exports").get_json())

    wait_for(are_finished, "the end of an earlier export", pause=0.05)
    export_id = str(owner.send("POST", "/exports").get_json()["export_id"])
    wait_for(are_finished, "the end of the export", pause=0.05)
    return export_id


def a_hook(shop: Shop) -> str:
    """A hook that has received an order, and a delivery with a wrong signature."""
    hook_id = hooks.make_hook(shop, name=f"{mark(shop)} {uuid.uuid4().hex}")
    for headers in ({}, {"X-Signature": "wrong"}):
        hooks.deliver(shop, hook_id, hooks.an_order(f"{mark(shop)} {uuid.uuid4().hex}"), headers)
    return hook_id


def a_channel(shop: Shop) -> str:
    """A channel to an address that may not be called."""
    with Chat() as chat:
        chat.connect_to(shop, f"{mark(shop)} {uuid.uuid4().hex}")
        return chat.channel_id


def in_a_channel(shop: Shop) -> list[dict[str, Any]]:
    """A customer's message and a reply that could not be sent."""
    with Chat() as chat:
        chat.connect_to(shop, f"{mark(shop)} {uuid.uuid4().hex}")
        return unsent_messages(shop, chat)


a_conversation = in_a_turn("conversation_id")
a_replay = make("/replays", "replay_id", name="NEW", turns={"last": 1})  # of an earlier turn


def a_scheduled_message(shop: Shop) -> str:
    """A message that waits for the end of quiet hours, which are only set for that."""
    business = f"/businesses/{shop.business_id}"
    settings, now = shop.get(business).get_json()["settings"], datetime.now(UTC)
    start, end = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (-2, 2))
    quiet = {**settings, "quiet_hours": {"start": start, "end": end}}
    assert shop.put(business, {"settings": quiet}).status_code == 200
    body = {"message": mark(shop), "as": "assistant"}
    scheduled = shop.post(f"/conversations/{a_conversation(shop)}/messages", body)
    assert scheduled.status_code == 202
    assert shop.put(business, {"settings": settings}).status_code == 200
    return str(scheduled.get_json()["scheduled_message_id"])


def a_template(template_type: str) -> Callable[[Shop], str]:
    return make("/templates", "template_id", template_name="NEW", content="NEW", template_type=template_type)


MAKERS: dict[str, Callable[[Shop], str]] = {  # for the name of every field with an ID: how to create such a row
    "business_id": lambda shop: shop.business_id,
    "businessId": lambda shop: shop.business_id,
    "businessApiKey": lambda shop: shop.key,
    "user_id": a_customer,
    "userId": a_customer,
    "other_user_id": a_customer,
    "owner_id": lambda shop: shop.owner_id,
    "sender_user_id": lambda shop: shop.owner_id,
    "assignee_id": lambda shop: a_member(shop, "agent"),
    "member_ids": lambda shop: a_member(shop, "agent"),
    "canned_reply_id": a_canned_reply,
    "test_case_id": a_test_case,
    "test_case_ids": a_test_case,
    "test_run_id": lambda shop: str(finished_run(shop, test_case_ids=[a_test_case(shop)])["test_run_id"]),
    "simulation_id": lambda shop: a_simulation(shop, mark(shop)),
    "view_id": make("/analytics/views", "view_id", name="NEW", page="overview", query={}),
    "article_id": make("/articles", "article_id", title="NEW", content="NEW"),
    "answers_turn_id": in_a_turn("turn_id"),
    "agent_id": an_agent,
    "stage_id": a_stage,
    "stage_ids": a_stage,
    "from_stage_id": a_stage,
    "release_id": lambda shop: str(shop.get(f"/turns/{in_a_turn('turn_id')(shop)}").get_json()["release_id"]),
    "person_id": lambda shop: shop.owner_id,
    "default_stage_id": a_stage,
    "reassign_to": a_stage,
    "template_id": a_template("response_generation"),
    "stage_selection_template_id": a_template("stage_selection"),
    "data_extraction_template_id": a_template("data_extraction"),
    "response_generation_template_id": a_template("response_generation"),
    "variable_id": a_variable,
    "secret_id": a_secret,
    "webhook_id": a_webhook,
    "delivery_id": a_delivery,
    "product_id": a_product,
    "import_id": an_import,
    "export_id": an_export,
    "hook_id": a_hook,
    "order_id": an_order,
    "channel_id": a_channel,
    "message_id": lambda shop: in_a_channel(shop)[-1]["message_id"],
    "attachment_id": lambda shop: in_a_channel(shop)[0]["metadata"]["attachments"][0]["attachment_id"],
    "conversation_id": a_conversation,
    "scheduled_message_id": a_scheduled_message,
    "turn_id": in_a_turn("turn_id"),
    "replay_id": a_replay,
    "same_as": a_replay,
    "call_id": a_call,
    "schema_id": an_event_schema,
    "key_id": a_key,
    "invitation_id": an_invitation,
    "auth_session_id": a_session,
    "actor_id": an_actor,
    "resource_id": a_stage,
}

PEOPLE = ("user_id", "userId", "sender_user_id")  # fields that may name a customer or a staff user


@dataclass
class World:
    """Two businesses with one row of every kind. `ours` and `theirs` are IDs by the name of the field."""

    app: Flask
    us: Shop
    them: Shop
    sql: Connection
    cookie: str = ""
    owner: dict[str, str] = field(default_factory=dict)  # headers of our signed-in owner
    ours: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, list[str]] = field(default_factory=dict)

    def send(self, request: Request, headers: dict[str, str]) -> TestResponse:
        client = self.app.test_client(use_cookies=False)
        return client.open(**request.arguments, headers=headers)

    def secrets(self) -> set[str]:
        """Texts that no response to us may contain."""
        return {mark(self.them), *(each for ids in self.theirs.values() for each in ids)}

    def tables(self) -> list[str]:
        """All tables except those to which background work, a failed login or a wrong signature may write."""
        rows = self.sql.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT LIKE '%yoyo%'"
            " AND (tablename NOT LIKE 'analytics_%' OR tablename = 'analytics_views')"
            " AND tablename NOT IN ('processes', 'jobs', 'anomalies', 'retention_progress', 'login_failures',"
            " 'hook_deliveries', 'channels', 'test_runs', 'test_results', 'replays', 'replay_results', 'simulations')"
        ).fetchall()
        return [row["tablename"] for row in rows]

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table as text, without `last_used_at`, which requests update."""
        rows = "SELECT (to_jsonb(t) - 'last_used_at')::text AS row FROM {} t ORDER BY 1"
        return {table: [row["row"] for row in self.sql.execute(rows.format(table))] for table in self.tables()}

    def writes(self) -> dict[str, Any]:
        """The number of rows and the latest writing transaction of each table. Shows writes faster than `dump`."""
        counts = " UNION ALL ".join(
            f"SELECT '{table}' AS name, count(*), max(xmin::text::bigint) FROM {table}"
            for table in self.tables()
            if table != "api_keys"
        )
        return {row["name"]: row for row in self.sql.execute(counts)}
