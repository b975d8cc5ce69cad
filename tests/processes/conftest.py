"""A server with two processes, shared by the tests of a module, and a new business for each test."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.conftest import MASTER_KEY, own_database
from tests.support.database import connect
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Reply
from tests.support.pgbouncer import running_pgbouncer
from tests.support.server import POOLERS, Server

STEPS = ("selection", "extraction", "retrieval", "response")

_numbers = count(1)


@dataclass
class Deployment:
    """A running server, the model that it asks, and its database."""

    server: Server
    model: FakeModel
    database_url: str

    def add_business(self) -> "Business":
        """Create a business with the stages Greeting and Order help."""
        name = f"Shop {next(_numbers)}"
        email = f"{name.lower().replace(' ', '-')}@example.com"
        body = {"business_name": name, "owner": {"first_name": "Olive", "last_name": "O", "email": email}}
        response = self.server.request("POST", "/businesses", MASTER_KEY, json=body)
        assert response.status_code == 201, response.text
        business = Business(self.server, self.model, self.database_url, **_ids(response))
        for stage in ("Greeting", "Order help"):
            business.request("POST", "/stages", json={"stage_name": stage, "stage_description": stage})
        return business


def _ids(response: httpx2.Response) -> dict[str, str]:
    body = response.json()
    return {"business_id": body["business_id"], "key": body["api_key"]}


@dataclass
class Business:
    """A business with its API key, and the deployment that serves it."""

    server: Server
    model: FakeModel
    database_url: str
    business_id: str
    key: str

    def request(self, method: str, path: str, **kwargs: Any) -> Any:
        """The body of a successful response."""
        response = self.server.request(method, path, self.key, **kwargs)
        assert response.is_success, response.text
        return response.json()

    def say(self, external_id: str, message: str, **kwargs: Any) -> httpx2.Response:
        """Send a customer's message (see `Server.say`)."""
        return self.server.say(self.key, external_id, message, **kwargs)

    def change_stages(self, **values: Any) -> None:
        """Set these fields of every stage."""
        for stage in self.request("GET", "/stages"):
            self.request("PUT", f"/stages/{stage['stage_id']}", json=values)

    def trace(self, turn_id: str) -> dict[str, dict[str, Any]]:
        """The steps of a turn by name."""
        return {step["step"]: step for step in self.request("GET", f"/turns/{turn_id}")["steps"]}

    def select(self, statement: str) -> list[dict[str, Any]]:
        """The rows of a query, in which %(business_id)s is the ID of this business."""
        with connect(self.database_url) as conn:
            return conn.execute(statement, {"business_id": self.business_id}).fetchall()

    def hand_over_conversations(self) -> None:
        """Let a person take over all conversations."""
        with connect(self.database_url) as conn:
            conn.execute(
                "UPDATE conversations SET handled_by = 'human' WHERE business_id = %(business_id)s",
                {"business_id": self.business_id},
            )

    def turns(self) -> list[dict[str, Any]]:
        return self.select("SELECT * FROM turns WHERE business_id = %(business_id)s ORDER BY conversation_id, seq")

    def messages(self) -> list[dict[str, Any]]:
        return self.select("SELECT * FROM messages WHERE business_id = %(business_id)s ORDER BY conversation_id, seq")

    def texts(self, sender_type: str) -> list[str]:
        """The sorted texts of all messages of a kind of sender."""
        return sorted(row["message_content"] for row in self.messages() if row["sender_type"] == sender_type)


@pytest.fixture(scope="session", autouse=True)
def pooler(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """With TEST_THROUGH_PGBOUNCER=1, all servers reach their databases through PgBouncer."""
    if not os.environ.get("TEST_THROUGH_PGBOUNCER"):
        yield
        return
    with running_pgbouncer(server_url, tmp_path_factory.mktemp("pgbouncer")) as url:
        addresses = [urlsplit(each).netloc.rpartition("@")[2] for each in (server_url, url)]
        with patch.dict(POOLERS, {addresses[0]: addresses[1]}):
            yield


StartDeployment = Callable[..., AbstractContextManager[Deployment]]


@pytest.fixture(scope="module")
def start_deployment(
    server_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> StartDeployment:
    """Starts a server with its own database and model. Accepts the arguments of `Server`."""
    folder, numbers = tmp_path_factory.mktemp("servers"), count(1)

    @contextmanager
    def start(**settings: Any) -> Iterator[Deployment]:
        with (
            own_database(server_url, template_database) as url,
            FakeModel(echo) as model,
            Server(url, folder / f"{next(numbers)}.log", OPENAI_BASE_URL=model.base_url, **settings) as server,
        ):
            yield Deployment(server, model, url)

    return start


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    """The server that the tests of a module share."""
    with start_deployment() as deployment:
        yield deployment


@pytest.fixture
def business(deployment: Deployment) -> Business:
    """A new business. The model answers with `echo` and has not been asked anything yet."""
    business = deployment.add_business()
    deployment.model.forget()
    deployment.model.respond = echo
    return business


def echo(body: dict[str, Any]) -> Reply:
    """A model that stays in the stage Greeting, extracts the message, and repeats it in the reply."""
    match step_of(body):
        case "selection":
            return '{"stage": "Greeting", "confidence": 0.9}'
        case "extraction":
            return f'{{"said": "{message_of(body)}"}}'
        case "summary":
            return '{"overview": "They talked."}'
    return f"Reply to {message_of(body)}"


def step_of(body: dict[str, Any]) -> str:
    """The step of a model request, recognised by the last line of the shipped templates."""
    last_lines = {
        "Which stage": "selection",
        "Does the message answer": "confirmation",
        "Which facts": "extraction",
        "Write the reply": "response",
        "Summarise the whole": "summary",
    }
    return next(step for line, step in last_lines.items() if line in prompt_of(body))


def prompt_of(body: dict[str, Any]) -> str:
    """The text of all messages of a model request."""
    return "\n".join(message["content"] for message in body["messages"])


def message_of(body: dict[str, Any]) -> str:
    """The customer's message, which the prompt contains between its last two lines of quotes."""
    return prompt_of(body).rpartition('"""\n')[0].rpartition('"""\n')[2].strip()
