"""Writes `tests/data/<version>.sql`: a small database as a release leaves it, from which later versions test upgrades.

Run it once for each release, and do not change the file afterwards: `python -m tests.support.release_dump 0.1.0`.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from dev.binaries import find_binaries
from dev.postgres import EmbeddedPostgres
from migrations import migrate
from tests.conftest import MASTER_KEY, make_config, running_app
from tests.support.database import connect
from tests.support.factories import ORDER_SCHEMA, Shop, made, make_shop
from tests.support.fake_model import FakeModel

FOLDER = Path(__file__).parents[1] / "data"
BUSINESS = "Lantern Books"
CUSTOMER = "c-1"
MESSAGE = "Where is my order A-1?"
REPLY = "It is on its way to Leeds."


def write_dump(version: str) -> Path:
    """The dump of a new database with one business, one conversation and a row in most tables."""
    path = FOLDER / f"{version}.sql"
    with TemporaryDirectory() as folder, FakeModel() as model:
        server = EmbeddedPostgres(Path(folder) / "data", durable=False)
        url = server.start()
        try:
            migrate(url)
            with running_app(make_config(url, OPENAI_BASE_URL=model.base_url)) as app:
                shop = make_shop(app.test_client(), {"Authorization": f"Bearer {MASTER_KEY}"}, BUSINESS)
                _fill(shop, model)
            with connect(url) as conn:
                conn.execute("DELETE FROM processes")
            options = ["--inserts", "--no-owner", "--no-privileges", "--restrict-key=release"]
            dump = subprocess.run(
                [find_binaries() / "pg_dump", *options, url], check=True, capture_output=True, text=True
            ).stdout
        finally:
            server.stop()
    # Lines that start with a backslash are commands of psql. Without the search path of the dump, names are qualified.
    lines = [line for line in dump.splitlines() if not line.startswith("\\")]
    FOLDER.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def _fill(shop: Shop, model: FakeModel) -> None:
    made(shop.post("/products", {"product_name": "Paper lantern"}))
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))
    made(shop.post("/variables", {"name": "opening_hours", "value": "We are open from 9 to 5."}))
    made(shop.post("/event-property-schemas", {"event_type": "visit", "property_schema": ORDER_SCHEMA}))
    made(
        shop.post(
            "/events",
            {"event_type": "visit", "custom_event_properties": {"order_number": "A-1"}, "user_id": shop.user_id},
        )
    )
    model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "A-1"}', REPLY)
    assert shop.say(MESSAGE).status_code == 200


if __name__ == "__main__":
    print(write_dump(*sys.argv[1:]))
