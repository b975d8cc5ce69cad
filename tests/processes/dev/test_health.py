"""The health check while the database does not respond."""

import os
import signal
from pathlib import Path

import pytest

from app import close_app, create_app
from dev.postgres import EmbeddedPostgres
from tests.conftest import make_config

pytestmark = pytest.mark.slow


@pytest.mark.soak
def test_health_reports_a_stopped_database_and_its_recovery(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database = EmbeddedPostgres(tmp_path / "database", durable=False)
    app = create_app(make_config(database.start(), OPENAI_BASE_URL="http://127.0.0.1:9/v1"))
    client = app.test_client()
    assert client.get("/health").status_code == 200
    pid = int((tmp_path / "database" / "postgres" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    stopped = [pid, *map(int, children)]
    try:
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        assert client.get("/health").status_code == 503
        assert client.get("/health").status_code == 503
    finally:
        for each in stopped:
            os.kill(each, signal.SIGCONT)
    assert client.get("/health").status_code == 200
    close_app(app)
    database.stop()
