"""The database of each released version can be upgraded to the current schema, without losing anything."""

from pathlib import Path

import pytest

from migrations import migrate
from tests.conftest import MASTER_KEY, make_config, running_app
from tests.support.database import connect
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.release_dump import CUSTOMER, FOLDER, MESSAGE, REPLY
from tests.unit.migrations.support import schema_of

DUMPS = sorted(FOLDER.glob("*.sql"))


def test_there_is_a_dump_of_each_release() -> None:
    assert [dump.stem for dump in DUMPS] == ["0.1.0"]


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_database_of_a_release_is_upgraded(dump: Path, empty_database_url: str, new_database_url: str) -> None:
    with connect(empty_database_url) as conn:
        conn.execute(dump.read_text())
    migrate(empty_database_url)
    assert schema_of(empty_database_url) == schema_of(new_database_url)

    with FakeModel() as model, running_app(make_config(empty_database_url, OPENAI_BASE_URL=model.base_url)) as app:
        client = app.test_client()
        master = {"Authorization": f"Bearer {MASTER_KEY}"}
        (business,) = client.get("/api/v1/businesses", headers=master).get_json()
        path = f"/api/v1/businesses/{business['business_id']}/api-keys"
        key = client.post(path, json={}, headers=master).get_json()["api_key"]
        shop = Shop(client, business["business_id"], key, business["owner_id"])
        (conversation,) = shop.get("/conversations").get_json()
        (turn,) = shop.get(f"/conversations/{conversation['conversation_id']}/turns").get_json()
        assert [step["step"] for step in shop.trace(turn["turn_id"])["steps"]] == [
            "selection",
            "extraction",
            "retrieval",
            "response",
        ]
        model.reply('{"stage": "Order help", "confidence": 0.9}', "{}", "Tomorrow.")
        # Named, because it has been idle for so long that a new message would start another conversation.
        sender = {"user": {"external_id": CUSTOMER}, "conversation_id": conversation["conversation_id"]}
        answer = shop.say("When will it arrive?", **sender).get_json()
        assert (answer["response"], answer["conversation_id"]) == ("Tomorrow.", conversation["conversation_id"])
        prompt = str(model.requests[-1]["messages"])
        assert MESSAGE in prompt
        assert REPLY in prompt


def test_business_with_many_releases_is_upgraded(empty_database_url: str) -> None:
    """Those that no turn has used are deleted with the next edit, except the latest 20, which can be restored."""
    with connect(empty_database_url) as conn:
        conn.execute(DUMPS[-1].read_text())  # it changes the search path of its connection
    with connect(empty_database_url) as conn:
        conn.execute(
            """
            INSERT INTO releases (business_id, number, snapshot)
            SELECT business_id, 1000 + n, snapshot FROM releases, generate_series(1, 500) AS n
            WHERE number = (SELECT max(number) FROM releases)
            """
        )
        used = conn.execute("SELECT DISTINCT release_id FROM turns").fetchall()
    migrate(empty_database_url)
    with (
        FakeModel() as model,
        running_app(make_config(empty_database_url, OPENAI_BASE_URL=model.base_url)) as app,
        connect(empty_database_url) as conn,
    ):
        client = app.test_client()
        master = {"Authorization": f"Bearer {MASTER_KEY}"}
        (business,) = client.get("/api/v1/businesses", headers=master).get_json()
        path = f"/api/v1/businesses/{business['business_id']}"
        assert client.put(path, json={"settings": {"publishing": "reviewed"}}, headers=master).status_code == 200
        releases = f"/api/v1/releases?business_id={business['business_id']}&limit=100"
        listed = client.get(releases, headers=master).get_json()
        assert [row["number"] for row in listed if row["number"] > 1000] == list(range(1501, 1481, -1))
        kept = conn.execute("SELECT release_id FROM releases").fetchall()
        assert {row["release_id"] for row in used} < {row["release_id"] for row in kept}
        oldest = f"/api/v1/releases/{listed[-1]['release_id']}/restore"
        assert client.post(oldest, json={"business_id": business["business_id"]}, headers=master).status_code == 201
