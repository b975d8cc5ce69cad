"""Data for generated requests: a business with one row of every kind, callers, and odd answers of the model."""

import uuid
import zlib
from typing import Any

from flask import Flask

from tests.conftest import MASTER_KEY
from tests.support.factories import made, make_shop
from tests.support.hooks import HOOK
from tests.support.imports import upload
from tests.support.model_replies import Reply, Truncated
from tests.support.staff import PASSWORD, make_owner, secret_of

CALLERS = ("master", "key", "owner", "anonymous")
MASTER = {"Authorization": f"Bearer {MASTER_KEY}"}

# Answers of the model, chosen by the prompt.
REPLIES: tuple[Reply, ...] = (
    "OK",
    '{"stage": "Order help", "confidence": 0.9}',
    '```json\n{"order_number": "A-1", "city": null}\n```',
    "NUL \x00, half a pair \ud800, \u202e right to left, {user_name}",
    "[" * 2000,
    '{"stage": ["Greeting"], "confidence": 1e999, "order_number": {"a": [1]}}',
    Truncated('{"stage": "Greet'),
)


def reply_to(body: dict[str, Any]) -> Reply:
    """The same answer for the same prompt."""
    prompt = "".join(message["content"] for message in body["messages"])
    return REPLIES[zlib.crc32(prompt.encode("utf-8", "replace")) % len(REPLIES)]


class World:
    """A business with one row of every kind, its callers, and the IDs to use in requests."""

    def __init__(self, app: Flask) -> None:
        client = app.test_client(use_cookies=False)
        self.shop = make_shop(client, MASTER, f"Lantern Books {uuid.uuid4().hex[:8]}")
        owner = make_owner(self.shop, MASTER)
        self.callers = {"master": MASTER, "key": self.shop.headers, "owner": owner.headers, "anonymous": {}}
        self._ids: dict[str, list[str]] = {}
        self._known: dict[str, Any] = {
            "email": owner.email,
            "password": PASSWORD,
            "current_password": PASSWORD,
            "external_id": "c-1",
            "userId": self.shop.owner_id,
            "owner_id": self.shop.owner_id,
            "sender_user_id": self.shop.owner_id,
            "businessId": self.shop.business_id,
            "businessApiKey": self.shop.key,
            "apiKey": MASTER_KEY,
            "version": 1,
            "url": "http://127.0.0.1:9/{order_number}",  # refused, so that nothing leaves the machine
        }
        self._create_rows()

    def is_usable(self) -> bool:
        """Whether the credentials are still valid. A case may have revoked them or deleted the business."""
        return all(
            self.shop.client.get("/api/v1/auth/me", headers=self.callers[caller]).status_code == 200
            for caller in ("key", "owner")
        )

    def values_for(self, name: str) -> list[Any]:
        """Existing values for a field of this name, the most suitable first."""
        if name in self._known:
            return [self._known[name]]
        if name == "business_id":  # further businesses are created to be deleted
            return [self.shop.business_id, *self._ids.get(name, [])[-1:]]
        name = "stage_id" if name == "reassign_to" else name
        return next((ids[::-1] for known, ids in self._ids.items() if name.endswith(known) and ids), [])

    def learn(self, answer: Any) -> None:
        """Remember the IDs and the link in a response."""
        for row in answer[:3] if isinstance(answer, list) else [answer]:
            for name, value in row.items() if isinstance(row, dict) else ():
                if name.endswith("_id") and isinstance(value, str) and len(value) == 36:
                    ids = [*(each for each in self._ids.get(name, []) if each != value), value]
                    self._ids[name] = [*ids[:2], *ids[2:][-6:]]
                if name == "url":
                    self._known["token"] = secret_of(row)

    def forget(self, value: str) -> None:
        """Remove the ID of a deleted row."""
        for ids in self._ids.values():
            if value in ids:
                ids.remove(value)

    def _create_rows(self) -> None:
        shop = self.shop
        self.learn({"user_id": shop.user_id})
        bodies: dict[str, dict[str, Any]] = {
            "/agents": {
                "agent_name": "Ada",
                "agent_type": "human",
                "instructions": "Be brief.",
                "languages": ["de"],
                "working_hours": [{"day": "monday", "start": "09:00", "end": "17:00"}],
            },
            "/products": {"product_name": "Lantern", "price": 12.5},
            "/orders": {"user_id": shop.user_id, "order_number": "A-1"},
            "/canned-replies": {"shortcut": "hello", "title": "Greeting", "content": "Hello {user_name}"},
            "/analytics/views": {"name": "July", "page": "overview", "query": {"by": "day"}},
            "/webhooks": {"url": "http://127.0.0.1:9/", "events": ["message.created"]},  # refused
            "/secrets": {"name": "crm", "value": "the key of an API"},
            "/hooks": HOOK,
            "/channels": {"kind": "generic", "name": "Chat", "settings": {"url": "http://127.0.0.1:9/"}},
            "/variables": {"name": "opening_hours", "value": "9 to 18"},
            "/event-property-schemas": {"event_type": "viewed", "property_schema": {"type": "object"}},
            "/events": {"event_type": "viewed", "user_id": shop.user_id},
            "/templates": {"template_name": "Reply", "template_type": "response_generation", "content": "{user_name}"},
        }
        for path, body in bodies.items():
            self.learn(made(shop.post(path, body)))
        self.learn(upload(shop, "orders", "order_number,user.external_id\nA-1,c-1\n").get_json())
        for stage_id in shop.stages.values():
            self.learn({"stage_id": stage_id})
        greeting = f"/stages/{shop.stages['Greeting']}"
        listed = [{"agent_id": each, "conditions": ["language", "hours"]} for each in self.values_for("agent_id")]
        assert shop.put(f"/stages/{shop.stages['Order help']}", {"agents": listed}).status_code == 200
        # A conversation handled by a human agent, and one handled by the AI.
        for agent_id in [*self.values_for("agent_id"), None]:
            assert shop.put(greeting, {"agent_id": agent_id}).status_code == 200
            answer = shop.say("Hello", session_id=str(agent_id))
            assert answer.status_code == 200, answer.text
            self.learn(answer.get_json())
        self.learn(shop.get("/llm-calls").get_json())
        path = f"/api/v1/businesses/{shop.business_id}"
        self.learn(made(shop.client.post(f"{path}/api-keys", json={"grace_seconds": 86_400}, headers=MASTER)))
        body = {"email": f"{uuid.uuid4().hex}@example.com", "first_name": "A", "last_name": "B", "role": "viewer"}
        member = made(shop.client.post(f"{path}/members", json=body, headers=MASTER))
        self.learn(member)
        self.learn(member["invitation"])
