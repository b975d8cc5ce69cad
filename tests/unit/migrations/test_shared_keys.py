"""API keys of older businesses: two that share one, and keys that are too short."""

import pytest

from app import close_app, create_app
from tests.conftest import MASTER_KEY, make_config
from tests.support.fake_model import FakeModel
from tests.unit.migrations.older_database import FIRST, FIRST_KEY, SECOND, SECOND_KEY, bearer
from tests.unit.migrations.support import Connection, adopt, query

pytestmark = pytest.mark.slow

SHARED_KEY = "one-key-of-several-businesses"


def share_key(older: Connection, key: str) -> None:
    query(older, "ALTER TABLE businesses DROP CONSTRAINT businesses_api_key_key")
    query(older, "UPDATE businesses SET api_key = %(key)s", {"key": key})


@pytest.mark.parametrize(("keeper", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_business_created_first_keeps_the_shared_key(
    older: Connection, empty_database_url: str, keeper: str, other: str
) -> None:
    share_key(older, SHARED_KEY)
    query(
        older,
        "UPDATE businesses SET created_at = created_at - interval '1 day' WHERE business_id = %(keeper)s",
        {"keeper": keeper},
    )
    output = adopt(empty_database_url)
    assert query(older, "SELECT business_id FROM api_keys") == [(keeper,)]
    assert [sentence for sentence in output if "key" in sentence] == [
        *sorted(
            [
                f"businesses {keeper}: keeps the API key that it shared with 1 other businesses: to shut them out,"
                f" replace it with POST /api/v1/businesses/{keeper}/api-keys",
                f"businesses {other}: needs a new API key, because business {keeper} keeps the one that they shared:"
                f" create it with the master key, POST /api/v1/businesses/{other}/api-keys",
            ]
        )
    ]
    assert not [sentence for sentence in output if SHARED_KEY in sentence]


def test_route_in_the_output_creates_the_new_key(
    older: Connection, empty_database_url: str, fake_model: FakeModel
) -> None:
    share_key(older, SHARED_KEY)
    [sentence] = [sentence for sentence in adopt(empty_database_url) if "needs a new API key" in sentence]
    method, route = sentence.split()[-2:]
    assert method == "POST"
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    client = app.test_client()
    assert client.get(f"/api/v1/businesses/{SECOND}", headers=bearer(SHARED_KEY)).status_code == 403
    created = client.post(route, headers=bearer(MASTER_KEY))
    assert created.status_code == 201
    new_key = created.get_json()["api_key"]
    assert client.get(f"/api/v1/businesses/{SECOND}", headers=bearer(new_key)).status_code == 200
    assert client.get(f"/api/v1/businesses/{FIRST}", headers=bearer(SHARED_KEY)).status_code == 200
    close_app(app)


def test_three_businesses_share_a_key(older: Connection, empty_database_url: str) -> None:
    third = "20000000-0000-4000-8000-000000000003"
    share_key(older, SHARED_KEY)
    query(
        older,
        """INSERT INTO businesses (business_id, api_key, owner_id, business_name)
           SELECT %(third)s, api_key, owner_id, 'Third Shop' FROM businesses LIMIT 1""",
        {"third": third},
    )
    output = adopt(empty_database_url)
    assert query(older, "SELECT business_id FROM api_keys") == [(FIRST,)]
    assert len([sentence for sentence in output if "needs a new API key" in sentence]) == 2
    assert [sentence for sentence in output if "shared with 2 other businesses" in sentence]


def test_short_key_continues_to_work_and_is_reported(
    older: Connection, empty_database_url: str, fake_model: FakeModel
) -> None:
    query(older, "UPDATE businesses SET api_key = 'short' WHERE business_id = %(first)s", {"first": FIRST})
    output = adopt(empty_database_url)
    assert (
        f"businesses {FIRST}: its API key is short and could be guessed: replace it with"
        f" POST /api/v1/businesses/{FIRST}/api-keys"
    ) in output
    assert query(older, "SELECT key_prefix FROM api_keys ORDER BY 1") == [("legacy-key-o",), ("sh",)]
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    assert app.test_client().get(f"/api/v1/businesses/{FIRST}", headers=bearer("short")).status_code == 200
    close_app(app)


def test_keys_that_differ_are_all_kept(older: Connection, empty_database_url: str) -> None:
    output = adopt(empty_database_url)
    assert query(older, "SELECT business_id FROM api_keys ORDER BY 1") == [(FIRST,), (SECOND,)]
    assert not [
        sentence for sentence in output if "API key" in sentence or FIRST_KEY in sentence or SECOND_KEY in sentence
    ]
