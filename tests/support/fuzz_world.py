"""What the fuzzed API is about: a business with one of everything, those who call, and a model that talks nonsense."""

import uuid
import zlib
from typing import Any

from flask import Flask

from tests.conftest import MASTER_KEY
from tests.support.factories import made, make_shop
from tests.support.fake_model import Reply, Truncated
from tests.support.staff import PASSWORD, make_owner, secret_of

CALLERS = ("master", "key", "owner", "nobody")
MASTER = {"Authorization": f"Bearer {MASTER_KEY}"}

# What a model may say, chosen by what it is asked.
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
    asked = "".join(message["content"] for message in body["messages"])
    return REPLIES[zlib.crc32(asked.encode("utf-8", "replace")) % len(REPLIES)]


class World:
    """A business with one of everything, its callers, and the ids that a request may mean."""

    def __init__(self, app: Flask) -> None:
        client = app.test_client(use_cookies=False)
        self.shop = make_shop(client, MASTER, f"Lantern Books {uuid.uuid4().hex[:8]}")
        owner = make_owner(self.shop, MASTER)
        self.callers = {"master": MASTER, "key": self.shop.headers, "owner": owner.headers, "nobody": {}}
        self._live: dict[str, list[str]] = {}
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
        }
        self._furnish()

    def is_whole(self) -> bool:
        """Whether its callers are still let in: a case may have ended the key, the login or the business."""
        return all(
            self.shop.client.get("/api/v1/auth/me", headers=self.callers[caller]).status_code == 200
            for caller in ("key", "owner")
        )

    def live(self, name: str) -> list[Any]:
        """What a field of this name may hold, the likeliest first."""
        if name in self._known:
            return [self._known[name]]
        if name == "business_id":  # others are made to be deleted
            return [self.shop.business_id, *self._live.get(name, [])[-1:]]
        name = "stage_id" if name == "reassign_to" else name
        return next((ids[::-1] for known, ids in self._live.items() if name.endswith(known) and ids), [])

    def learn(self, answer: Any) -> None:
        for row in answer[:3] if isinstance(answer, list) else [answer]:
            for name, value in row.items() if isinstance(row, dict) else ():
                if name.endswith("_id") and isinstance(value, str) and len(value) == 36:
                    ids = [*(each for each in self._live.get(name, []) if each != value), value]
                    self._live[name] = [*ids[:2], *ids[2:][-6:]]
                if name == "url":
                    self._known["token"] = secret_of(row)

    def forget(self, value: str) -> None:
        for ids in self._live.values():
            if value in ids:
                ids.remove(value)

    def _furnish(self) -> None:
        shop = self.shop
        self.learn({"user_id": shop.user_id})
        bodies: dict[str, dict[str, Any]] = {
            "/agents": {"agent_name": "Ada", "agent_type": "human"},
            "/products": {"product_name": "Lantern", "price": 12.5},
            "/orders": {"user_id": shop.user_id, "order_number": "A-1"},
            "/variables": {"name": "opening_hours", "value": "9 to 18"},
            "/event-property-schemas": {"event_type": "viewed", "property_schema": {"type": "object"}},
            "/events": {"event_type": "viewed", "user_id": shop.user_id},
            "/templates": {"template_name": "Reply", "template_type": "response_generation", "content": "{user_name}"},
        }
        for path, body in bodies.items():
            self.learn(made(shop.post(path, body)))
        for stage_id in shop.stages.values():
            self.learn({"stage_id": stage_id})
        greeting = f"/stages/{shop.stages['Greeting']}"
        for agent_id in [*self.live("agent_id"), None]:  # a conversation that a person has, and one that none has
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
