"""The ways to serve beside `make run`: what `pip install -r requirements.txt` is for, and what a host does."""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_model import FakeModel, Gated
from tests.support.launched import MASTER_KEY, Launched, messages
from tests.support.people import ROOT, SECONDS, Person


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "ICMP_API_KEY": MASTER_KEY, "ICMP_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def with_model(settings: dict[str, str], fake_model: FakeModel) -> dict[str, str]:
    return {**settings, "OPENAI_BASE_URL": fake_model.base_url}


def launch(words: str, settings: dict[str, str], home: Path) -> Launched:
    return Launched(Person(None, home, sys.executable, ""), [sys.executable, *words.split()], ROOT, **settings)


@pytest.mark.parametrize(
    "words",
    [
        "-m gunicorn -c gunicorn.conf.py app:app",
        "-m gunicorn app:app",
        "-m gunicorn application:application",
        "-m flask run",
        "app.py",
    ],
)
def test_a_way_to_serve(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    with launch(words, settings, tmp_path) as server:
        server.wait_until_it_serves()
        assert server.add_business("Lantern-Books") in server.businesses()
        with server.open("GET", f"/api/v1/ping?{'x' * 8000}") as answer:  # an address may be long
            assert answer.status == 200
        said = server.end(server.process.pid, signal.SIGTERM)
        assert "flask" in words or f"ICMP serves on http://127.0.0.1:{server.port}" in messages(said)
    assert list(tmp_path.iterdir()) == []  # it needs neither a home nor a folder for data


def test_the_processes_of_flasks_reloader_share_one_embedded_server(tmp_path: Path) -> None:
    settings = {"ICMP_API_KEY": MASTER_KEY, "ICMP_DATA_DIR": str(tmp_path / "data")}
    with launch("-m flask run --debug", settings, tmp_path) as server:
        server.wait_until_it_serves()
        assert server.add_business("Lantern-Books") in server.businesses()
        server.end(server.process.pid, signal.SIGINT, group=True)


def test_sigterm_lets_a_turn_in_flight_finish_and_ctrl_c_does_not_wait_for_it(
    tmp_path: Path, with_model: dict[str, str], fake_model: FakeModel
) -> None:
    for number, is_answered in ((signal.SIGTERM, True), (signal.SIGINT, False)):
        gate = threading.Event()
        answers: list[Any] = []
        with launch("-m gunicorn app:app", with_model, tmp_path) as server:
            key = add_shop(server.wait_until_it_serves(), f"Shop-{number}")
            asked = len(fake_model.requests)
            fake_model.respond = lambda body, gate=gate: Gated("It is on its way.", gate)

            def ask(server: Launched = server, key: str = key, answers: list[Any] = answers) -> None:
                try:
                    answers.append(say(server, key)["response"])
                except OSError as error:
                    answers.append(type(error).__name__)

            customer = threading.Thread(target=ask)
            customer.start()
            fake_model.wait_for_requests(asked + 1, SECONDS)
            server.process.send_signal(number)
            if is_answered:
                gate.set()
            server.wait_until_nothing_is_left()
            gate.set()
            customer.join(SECONDS)
        assert (answers == ["It is on its way."]) is is_answered, answers


def test_a_hand_made_service_keeps_its_cookies_over_a_redeploy(
    tmp_path: Path, settings: dict[str, str], with_model: dict[str, str]
) -> None:
    """On Render, with a database, a model and a master key set, and nothing else."""
    settings = {name: settings[name] for name in ("DATABASE_URL", "ICMP_API_KEY")}
    settings |= {"RENDER": "true", "OPENAI_API_KEY": "sk-not-asked"}
    with launch("-m gunicorn app:app", settings, tmp_path) as server:
        server.wait_until_it_serves()
        owner = {"first_name": "Olive", "last_name": "Owner", "email": "olive@example.com"}
        business = server.request("POST", "/api/v1/businesses", {"business_name": "Lantern Books", "owner": owner})
        business_id, key = business["business_id"], business["api_key"]
        owner_id = server.request("GET", f"/api/v1/businesses/{business_id}")["owner_id"]
        answer = server.open(
            "POST", "/api/save-config", {"userId": owner_id, "businessId": business_id, "businessApiKey": key}
        )
        cookie = answer.headers["Set-Cookie"]
        assert "Secure" in cookie
        assert "Master key" not in server.end(server.process.pid, signal.SIGTERM)
    with launch("-m gunicorn app:app", settings, tmp_path) as server:
        server.wait_until_it_serves()
        with server.open("GET", "/api/v1/stages", headers={"Cookie": cookie.partition(";")[0]}) as stages:
            assert stages.status == 200
        server.end(server.process.pid, signal.SIGTERM)


def add_shop(server: Launched, name: str) -> str:
    """The key of a business with one stage."""
    owner = {"first_name": "Olive", "last_name": "Owner", "email": f"{name}@example.com"}
    key: str = server.request("POST", "/api/v1/businesses", {"business_name": name, "owner": owner})["api_key"]
    server.request("POST", "/api/v1/stages", {"stage_name": "Greeting", "stage_description": "Hello"}, key=key)
    return key


def say(server: Launched, key: str) -> Any:
    body = {"user": {"external_id": "c-1"}, "message": "Where is my order?"}
    return server.request("POST", "/api/v1/messages", body, key=key)
