"""Creates businesses, stages and customers for tests through the API."""

from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from tests.support.checked_client import CheckedClient

# The prepared answers of the model contain values that are in no message.
ORDER_SCHEMA = {
    "type": "object",
    "properties": {
        "order_number": {"type": "string", "x-grounded": False},
        "city": {"type": "string", "x-grounded": False},
    },
    "required": ["order_number"],
}


@dataclass
class Shop:
    """A business with its API key and, by default, the stages Greeting and Order help."""

    client: CheckedClient
    business_id: str
    key: str
    owner_id: str
    stages: dict[str, str] = field(default_factory=dict)  # stage_id by name
    user_id: str = ""
    order_id: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body, headers={**self.headers, **(headers or {})})

    def put(self, path: str, body: Any, headers: dict[str, str] | None = None) -> TestResponse:
        return self.client.put(f"/api/v1{path}", json=body, headers={**self.headers, **(headers or {})})

    def delete(self, path: str, **query: Any) -> TestResponse:
        return self.client.delete(f"/api/v1{path}", query_string=query, headers=self.headers)

    def add_stage(self, stage_name: str, **values: Any) -> str:
        stage_id: str = made(self.post("/stages", {"stage_name": stage_name, **values}))["stage_id"]
        self.stages[stage_name] = stage_id
        return stage_id

    def add_customer(self, external_id: str, **values: Any) -> str:
        user_id: str = made(self.post("/users", {"external_id": external_id, **values}))["user_id"]
        return user_id

    def say(self, message: str, **values: Any) -> TestResponse:
        """Send a message as the shop's customer, or as the one that `values` name."""
        sender = {} if "user" in values or "user_id" in values else {"user_id": self.user_id}
        return self.post("/messages", {"message": message, **sender, **values})

    def trace(self, turn_id: str) -> dict[str, Any]:
        """The turn with its steps, which are also listed by name under `by_step`."""
        turn: dict[str, Any] = self.get(f"/turns/{turn_id}").get_json()
        return {**turn, "by_step": {step["step"]: step for step in turn["steps"]}}


def make_shop(client: CheckedClient, master: dict[str, str], name: str, *, with_stages: bool = True) -> Shop:
    """Create a business with its owner and, if `with_stages`, two stages and a customer."""
    email = f"{name.lower().replace(' ', '-')}@example.com"
    owner = {"first_name": "Olive", "last_name": "Owner", "email": email}
    owner_id = made(client.post("/api/v1/users", json=owner, headers=master))["user_id"]
    body = {"business_name": name, "owner_id": owner_id}
    business = made(client.post("/api/v1/businesses", json=body, headers=master))
    shop = Shop(client, business["business_id"], business["api_key"], owner_id)
    # Without speculative extraction the model is asked in the order of the steps, which prepared answers rely on.
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": "off"}}).status_code == 200
    if with_stages:
        shop.add_stage("Greeting", stage_description="The customer says hello")
        shop.add_stage("Order help", stage_description="Where an order is", extraction_schema=ORDER_SCHEMA)
        shop.user_id = shop.add_customer("c-1", first_name="Carla", last_name="Customer", language="en")
    return shop


def made(response: TestResponse) -> dict[str, Any]:
    """The body of a 201 response. Any other status fails the test and shows the response."""
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.get_json()
    return body
