"""The requests to both servers: customers ask where their order is, always in the same conversation."""

from dataclasses import dataclass
from typing import Any

from dev.bench.load import MESSAGE, Request, send
from dev.bench.model_server import REPLY
from dev.bench.servers import MASTER_KEY

_EXPECTED = REPLY.encode()
_EARLIER = "Earlier messages:\n{{last_{history}_messages}}\n\n"
# Each prompt names its step for the model server and uses typical variables: history, stages, collected data.
_TEMPLATES = {
    "stage_selection": (
        "[[selection]] You sort the messages of {{business_name}}.",
        _EARLIER + "Stages: {{available_stages}}\nNow: {{current_stage}}\nMessage: {{user_message}}\nWhich stage?",
    ),
    "data_extraction": (
        "[[extraction]] You read the messages of {{business_name}}.",
        _EARLIER + "Message: {{user_message}}\nWhich facts does it state?",
    ),
    "response_generation": (
        "[[response]] You answer for {{business_name}}.",
        _EARLIER + "Stage: {{stage}}. Facts: {{collected_data}}\nCustomer {{user_name}}: {{user_message}}",
    ),
}
_EXAMPLES = {"Support": ["Where is my order?", "Has my parcel been sent?"], "Greeting": ["Hello", "Good morning"]}
_SCHEMA = {"type": "object", "properties": {"order_number": {"type": "string"}}, "required": ["order_number"]}


@dataclass(frozen=True)
class Shop:
    """A business in ICMP with its customers."""

    key: str
    customers: list[str]

    def request(self, number: int) -> Request:
        """The message of a customer."""
        return Request("/api/v1/messages", {"user_id": self.customers[number], "message": MESSAGE}, self.key, _EXPECTED)

    def streamed(self, number: int) -> Request:
        """The same message, with a streamed reply."""
        request = self.request(number)
        return Request(request.path, {**request.body, "stream": True}, self.key)


def open_shop(port: int, name: str, history: int, customers: int, speculation: str = "extraction") -> Shop:
    """Creates a business with two stages through the API. Its prompts contain `history` earlier messages."""

    def create(path: str, key: str, *bodies: dict[str, Any]) -> list[dict[str, Any]]:
        return send(port, [Request(f"/api/v1{path}", body, key) for body in bodies], min(len(bodies), 20))

    owner = {"first_name": "Olive", "last_name": "Owner", "email": f"{name.replace(' ', '-')}@example.com"}
    [business] = create("/businesses", MASTER_KEY, {"business_name": name, "owner": owner})
    key = business["api_key"]
    settings = Request(
        f"/api/v1/businesses/{business['business_id']}", {"settings": {"speculation": speculation}}, key, method="PUT"
    )
    send(port, [settings], 1)
    for stage_name, examples in _EXAMPLES.items():
        stage: dict[str, Any] = {
            "stage_name": stage_name,
            "stage_description": f"{stage_name} of customers",
            "example_messages": examples,
        }
        for template_type, (system_prompt, content) in _TEMPLATES.items():
            template = {
                "template_name": template_type,
                "template_type": template_type,
                "system_prompt": system_prompt.format(),
                "content": content.format(history=history),
            }
            [made] = create("/templates", key, template)
            stage[f"{template_type}_template_id"] = made["template_id"]
        create("/stages", key, {**stage, "extraction_schema": _SCHEMA})
    users = [{"first_name": f"Customer {number}", "external_id": str(number)} for number in range(customers)]
    return Shop(key, [made["user_id"] for made in create("/users", key, *users)])


def baseline_request(number: int, history: int) -> Request:
    """The same message for the baseline."""
    return Request("/message", {"user_id": number, "message": MESSAGE, "history": history}, "baseline-key", _EXPECTED)
