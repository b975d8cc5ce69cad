"""The server behind PgBouncer in transaction mode: migrations, turns, leases and their order across processes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from migrations import migrate
from tests.conftest import own_database, with_database
from tests.processes.conftest import Deployment, echo
from tests.support.database import connect
from tests.support.fake_model import FakeModel
from tests.support.pgbouncer import running_pgbouncer
from tests.support.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pooler_url(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_pgbouncer(server_url, tmp_path_factory.mktemp("pgbouncer")) as url:
        yield url


@pytest.mark.parametrize("has_direct_url", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_server_migrates_and_answers_in_order_through_pgbouncer(
    server_url: str, pooler_url: str, tmp_path: Path, has_direct_url: bool
) -> None:
    log = tmp_path / "server.log"
    with own_database(server_url, "template1") as direct_url, FakeModel(echo) as model:
        pooled_url = with_database(pooler_url, urlsplit(direct_url).path.strip("/"))
        settings = {"DATABASE_DIRECT_URL": direct_url} if has_direct_url else {}
        with Server(pooled_url, log, OPENAI_BASE_URL=model.base_url, **settings) as server:
            business = Deployment(server, model, direct_url).add_business()
            with ThreadPoolExecutor(12) as pool:
                answers = list(pool.map(lambda n: business.say(f"c-{n % 3}", f"message {n}"), range(12)))
            assert [answer.status_code for answer in answers] == [200] * 12
            assert business.texts("assistant") == sorted(f"Reply to message {n}" for n in range(12))
            assert server.http.get("/health").json().items() >= {"status": "ok", "database": "ok"}.items()
            with connect(direct_url) as conn:  # nothing is left behind in the pooler's sessions
                assert conn.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'").fetchall() == []
    assert "database unavailable" not in log.read_text()


def test_migrations_of_several_processes_wait_for_each_other_through_pgbouncer(
    server_url: str, pooler_url: str
) -> None:
    with own_database(server_url, "template1") as direct_url, ThreadPoolExecutor(3) as pool:
        pooled_url = with_database(pooler_url, urlsplit(direct_url).path.strip("/"))
        applied = list(pool.map(lambda _: migrate(pooled_url), range(3)))
        assert sorted(map(bool, applied)) == [False, False, True]
