"""Opening the demo business without a password."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from dev.demo import Demo, write_demo
from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel


@pytest.fixture
def client(database_url: str, fake_model: FakeModel, tmp_path: Path) -> Iterator[CheckedClient]:
    """A client of an application whose data directory is `tmp_path`."""
    config = make_config(database_url, OPENAI_BASE_URL=fake_model.base_url, ICMP_DATA_DIR=str(tmp_path))
    with running_app(config) as app:
        yield app.test_client()


def has_demo(client: CheckedClient) -> bool:
    answer: bool = client.get("/api/v1/auth/options").get_json()["demo"]
    return answer


@pytest.mark.usefixtures("empty_database")
def test_demo_is_opened_as_its_owner(client: CheckedClient, master: dict[str, str], tmp_path: Path) -> None:
    shop = make_shop(client, master, "Brindlewick Home", with_stages=False)
    assert not has_demo(client)
    assert client.post("/api/v1/auth/demo").status_code == 404
    write_demo(tmp_path, Demo("embedded", is_complete=False))
    assert not has_demo(client)
    write_demo(tmp_path, Demo("embedded", True, shop.business_id, shop.owner_id, shop.key))
    assert has_demo(client)
    for _ in range(2):  # the owner has a password only after the first time
        login = client.post("/api/v1/auth/demo")
        assert login.status_code == 200
        assert (login.get_json()["kind"], login.get_json()["role"]) == ("login", "owner")
        assert login.get_json()["business_id"] == shop.business_id
    assert client.get(f"/api/v1/businesses/{shop.business_id}").status_code == 200
    refused = client.post("/api/v1/auth/demo", headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403


@pytest.mark.usefixtures("empty_database")
def test_demo_of_another_database_is_not_offered(client: CheckedClient, shop: Shop, tmp_path: Path) -> None:
    write_demo(tmp_path, Demo("embedded", True, shop.business_id, str(uuid4()), shop.key))
    assert not has_demo(client)
    assert client.post("/api/v1/auth/demo").status_code == 404
