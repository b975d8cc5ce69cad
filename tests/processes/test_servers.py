"""The ways to start the server besides `make run`."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.support.fake_model import FakeModel
from tests.support.launched import MASTER_KEY, Launched, messages
from tests.support.model_replies import Gated
from tests.support.os_users import ROOT, SECONDS, OsUser

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(new_database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": new_database_url, "ICMP_API_KEY": MASTER_KEY, "ICMP_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def with_model(settings: dict[str, str], fake_model: FakeModel) -> dict[str, str]:
    return {**settings, "OPENAI_BASE_URL": fake_model.base_url}


def launch(words: str, settings: dict[str, str], home: Path, checkout: Path = ROOT) -> Launched:
    return Launched(OsUser(None, home, sys.executable, ""), [sys.executable, *words.split()], checkout, **settings)


COMMANDS = [
    "-m gunicorn -c gunicorn.conf.py app:app",
    "-m gunicorn app:app",
    "-m gunicorn application:application",
    "-m flask run",
    "app.py",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_command_serves(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    with launch(words, settings, tmp_path) as server:
        server.wait_until_ready()
        assert server.add_business("Lantern-Books") in server.businesses()
        with server.open("GET", f"/api/v1/ping?{'x' * 8000}") as answer:  # a long URL
            assert answer.status == 200
        output = server.end(server.process.pid, signal.SIGTERM)
        assert "flask" in words or f"ICMP serves on http://127.0.0.1:{server.port}" in messages(output)
    assert list(tmp_path.iterdir()) == []  # neither the home directory nor the data directory is used


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a deployment: a copy of the production code, without `dev/` and without a built front-end."""
    copy = tmp_path_factory.mktemp("deployed") / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "dev", "tests", "front-end", "build", "docs"))
    return copy


def test_checkout_without_dev_serves(checkout: Path, tmp_path: Path, with_model: dict[str, str]) -> None:
    assert not (checkout / "dev").exists()
    for words in ("-m gunicorn application:application", "-m flask run"):
        with launch(words, with_model, tmp_path, checkout) as server:
            server.wait_until_ready().end(server.process.pid, signal.SIGTERM)
    with launch("-m gunicorn app:app", {"OPENAI_API_KEY": "sk-none"}, tmp_path, checkout) as server:
        assert server.error_line() == "icmp: DATABASE_URL is not set: it must point to PostgreSQL 15 or later."


class TestEnvFile:
    """Configuration from `.env` alone."""

    READS_ENV_FILE: ClassVar = {"PYTHON_DOTENV_DISABLED": "", "FLASK_SKIP_DOTENV": ""}

    @pytest.fixture
    def env_file(self, checkout: Path, with_model: dict[str, str]) -> Iterator[Path]:
        path = checkout / ".env"
        path.write_text("".join(f"{name}={value}\n" for name, value in with_model.items()))
        yield path
        path.unlink()

    @pytest.mark.parametrize("words", ["-m gunicorn app:app", "-m flask run", "app.py"])
    def test_command_reads_it(self, checkout: Path, tmp_path: Path, env_file: Path, words: str) -> None:
        with launch(words, self.READS_ENV_FILE, tmp_path, checkout) as server:
            server.wait_until_ready()
            assert server.request("GET", "/api")["engine"] == "model"
            assert server.businesses() == set()  # the master key is the one in the file
            server.end(server.process.pid, signal.SIGTERM)

    def test_migrations_read_it(self, checkout: Path, tmp_path: Path, env_file: Path) -> None:
        ran = OsUser(None, tmp_path, sys.executable, "").run(
            [sys.executable, "-m", "migrations"], checkout, **self.READS_ENV_FILE
        )
        assert (ran.returncode, messages(ran.stdout)) == (0, ["icmp: the schema is up to date"])

    @pytest.mark.parametrize("words", COMMANDS)
    def test_malformed_file_stops_the_start_in_one_sentence(
        self, checkout: Path, tmp_path: Path, env_file: Path, words: str
    ) -> None:
        env_file.write_text("PORT=5000\nOPENAI_API_KEY: sk-secret\n")
        with launch(words, self.READS_ENV_FILE, tmp_path, checkout) as server:
            assert server.process.wait(SECONDS) == 1
            server.wait_until_all_processes_ended()
            # Flask parses the file before it loads the application, and python-dotenv logs a warning.
            output = [
                line for line in server.output.splitlines() if not line.startswith("python-dotenv could not parse")
            ]
            assert output == [f"icmp: Line 2 of {env_file} is malformed: write NAME=value."]


def test_processes_of_flask_reloader_share_one_embedded_server(tmp_path: Path) -> None:
    settings = {"ICMP_API_KEY": MASTER_KEY, "ICMP_DATA_DIR": str(tmp_path / "data")}
    with launch("-m flask run --debug", settings, tmp_path) as server:
        server.wait_until_ready()
        assert server.add_business("Lantern-Books") in server.businesses()
        server.end(server.process.pid, signal.SIGINT, group=True)


def test_sigterm_lets_a_turn_finish_and_ctrl_c_does_not(
    tmp_path: Path, with_model: dict[str, str], fake_model: FakeModel
) -> None:
    for number, is_answered in ((signal.SIGTERM, True), (signal.SIGINT, False)):
        gate = threading.Event()
        answers: list[Any] = []
        with launch("-m gunicorn app:app", with_model, tmp_path) as server:
            key = add_shop(server.wait_until_ready(), f"Shop-{number}")
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
            server.wait_until_all_processes_ended()
            gate.set()
            customer.join(SECONDS)
        assert (answers == ["It is on its way."]) is is_answered, answers


def test_cookies_of_manually_created_service_survive_a_redeploy(
    tmp_path: Path, settings: dict[str, str], with_model: dict[str, str]
) -> None:
    """On Render, with only a database, a model and a master key set."""
    settings = {name: settings[name] for name in ("DATABASE_URL", "ICMP_API_KEY")}
    settings |= {"RENDER": "true", "OPENAI_API_KEY": "sk-not-asked"}
    with launch("-m gunicorn app:app", settings, tmp_path) as server:
        server.wait_until_ready()
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
        server.wait_until_ready()
        with server.open("GET", "/api/v1/stages", headers={"Cookie": cookie.partition(";")[0]}) as stages:
            assert stages.status == 200
        server.end(server.process.pid, signal.SIGTERM)


def test_stop_signal_during_a_migration_is_not_lost(database_url: str) -> None:
    """psycopg2 discards the exception of a signal handler while it receives a notice."""
    script = """
import os, signal, sys, threading, psycopg2
from core.server import signals
signals.exit_on_stop_signals()
conn = psycopg2.connect(sys.argv[1])
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
conn.cursor().execute("DO $$ BEGIN PERFORM pg_sleep(0.5); RAISE NOTICE 'a notice'; END $$")
signals.exit_if_stopped()
"""
    ended = subprocess.run([sys.executable, "-c", script, database_url], cwd=ROOT, check=False, timeout=SECONDS)
    assert ended.returncode == 128 + signal.SIGTERM


def add_shop(server: Launched, name: str) -> str:
    """The key of a business with one stage."""
    owner = {"first_name": "Olive", "last_name": "Owner", "email": f"{name}@example.com"}
    key: str = server.request("POST", "/api/v1/businesses", {"business_name": name, "owner": owner})["api_key"]
    server.request("POST", "/api/v1/stages", {"stage_name": "Greeting", "stage_description": "Hello"}, key=key)
    return key


def say(server: Launched, key: str) -> Any:
    body = {"user": {"external_id": "c-1"}, "message": "Where is my order?"}
    return server.request("POST", "/api/v1/messages", body, key=key)
