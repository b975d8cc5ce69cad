"""The older system's database for tests: `tests/support/data/legacy_schema.sql` and the IDs in it."""

from dataclasses import dataclass

from flask import Flask

from tests.support.fake_model import FakeModel
from tests.unit.migrations.support import ROOT, Connection

OLDER_SCHEMA = (ROOT / "tests" / "support" / "data" / "legacy_schema.sql").read_text()
ADOPTION = "07_adopt_older_database"

OLGA, CARL, DORA = (f"10000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
MISSING_OWNER, MISSING_CUSTOMER = "10000000-0000-4000-8000-00000000dead", "10000000-0000-4000-8000-0000000000ff"
FIRST, SECOND = (f"20000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
FIRST_KEY, SECOND_KEY = "legacy-key-of-the-first", "legacy-key-of-the-second"
AGENT = "30000000-0000-4000-8000-000000000001"
GREET, ASSIST, ASSIST_OF_SECOND = (f"50000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
CONVERSATIONS = [f"60000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4)]


@dataclass
class Adopted:
    """The older system's database after the migration, with the application running on it."""

    url: str
    conn: Connection
    output: list[str]  # the sentences of the migration
    app: Flask
    model: FakeModel


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
