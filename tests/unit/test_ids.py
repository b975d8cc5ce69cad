from datetime import UTC, datetime, timedelta

from core.ids import new_id
from tests.support.database import Connection


def test_ids_are_those_of_the_database(sql: Connection) -> None:
    row = sql.execute("SELECT uuidv7() AS id").fetchone()
    assert row is not None
    for new in (new_id(), row["id"]):
        assert (new.version, new.variant) == (7, "specified in RFC 4122")
        created_at = datetime.fromtimestamp((new.int >> 80) / 1000, UTC)
        assert abs(datetime.now(UTC) - created_at) < timedelta(minutes=10)
    assert len({new_id() for _ in range(1000)}) == 1000
