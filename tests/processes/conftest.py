"""A server of two processes, shared by the tests of a module, and for each test a business of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.conftest import MASTER_KEY, own_database
from tests.support.database import connect
from tests.support.fake_model import FakeModel, Reply
from tests.support.server import Server

_names = count(1)


@dataclass
class Served:
    """A running server, the model behind it, and a business with the stages Greeting and Order help."""

    server: Server
    model: FakeModel
    business_id: str
    key: str
    database_url: str

    def say(self, external_id: str, message: str, **kwargs: Any) -> Any:
        return self.server.say(self.key, external_id, message, **kwargs)

    def select(self, statement: str) -> list[dict[str, Any]]:
        """A look behind the API: %(business_id)s is the business's."""
        with connect(self.database_url) as conn:
            return conn.execute(statement.encode(), {"business_id": self.business_id}).fetchall()

    def change(self, statement: str) -> None:
        with connect(self.database_url) as conn:
            conn.execute(statement.encode(), {"business_id": self.business_id})

    def turns(self) -> list[dict[str, Any]]:
        return self.select("SELECT * FROM turns WHERE business_id = %(business_id)s ORDER BY conversation_id, seq")

    def messages(self) -> list[dict[str, Any]]:
        return self.select("SELECT * FROM messages WHERE business_id = %(business_id)s ORDER BY conversation_id, seq")


Start = Callable[..., AbstractContextManager[tuple[Server, FakeModel, str]]]


@pytest.fixture(scope="module")
def start(server_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Starts a server over a database of its own, with a model of its own behind it."""

    folder, numbers = tmp_path_factory.mktemp("servers"), count(1)

    @contextmanager
    def start(**settings: Any) -> Iterator[tuple[Server, FakeModel, str]]:
        with (
            own_database(server_url, template_database) as url,
            FakeModel(echo) as model,
            Server(url, folder / f"{next(numbers)}.log", OPENAI_BASE_URL=model.base_url, **settings) as server,
        ):
            yield server, model, url

    return start


@pytest.fixture(scope="module")
def running(start: Start) -> Iterator[tuple[Server, FakeModel, str]]:
    with start() as parts:
        yield parts


@pytest.fixture
def served(running: tuple[Server, FakeModel, str]) -> Served:
    return serve_business(*running)


def serve_business(server: Server, model: FakeModel, database_url: str) -> Served:
    model.forget()
    model.respond = echo
    email = f"olive-{next(_names)}@example.com"
    business = {"business_name": f"Shop of {email}", "owner": {"first_name": "Olive", "last_name": "O", "email": email}}
    made = server.request("POST", "/businesses", MASTER_KEY, json=business).json()
    for name in ("Greeting", "Order help"):
        stage = {"stage_name": name, "stage_description": name}
        assert server.request("POST", "/stages", made["api_key"], json=stage).status_code == 201
    return Served(server, model, made["business_id"], made["api_key"], database_url)


def echo(body: dict[str, Any]) -> Reply:
    """Selection stays, extraction finds the words, and the reply tells which message it is to."""
    match step_of(body):
        case "selection":
            return '{"stage": "Greeting", "confidence": 0.9}'
        case "extraction":
            return f'{{"said": "{message_of(body)}"}}'
        case "summary":
            return '{"overview": "They talked."}'
    return f"Reply to {message_of(body)}"


def step_of(body: dict[str, Any]) -> str:
    """The step whose prompt a request holds, by the last line of the shipped templates."""
    last_lines = {
        "Which stage": "selection",
        "Which facts": "extraction",
        "Write the reply": "response",
        "Summarise the whole": "summary",
    }
    return next(step for line, step in last_lines.items() if line in prompt_of(body))


def prompt_of(body: dict[str, Any]) -> str:
    return "\n".join(message["content"] for message in body["messages"])


def message_of(body: dict[str, Any]) -> str:
    """The customer's message, which stands between the last two lines of quotes."""
    return prompt_of(body).rpartition('"""\n')[0].rpartition('"""\n')[2].strip()
