"""Functions of the database for turns, in situations that are rare in practice."""

import threading
import uuid
from datetime import UTC, datetime

import pytest

from repositories import turn_steps
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for
from tests.support.turns import by_step, in_background

pytestmark = pytest.mark.usefixtures("empty_database")


def test_turn_is_given_up_after_too_many_processes_have_died(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    gate = threading.Event()
    fake_model.respond = by_step(response=Gated("Too late.", gate))
    with in_background(lambda: shop.say("Where is A-7?")) as answer:
        fake_model.wait_for_requests(3)
        sql.execute(
            "UPDATE turns SET lease_owner = %(owner)s, takeovers = 3, created_at = now() - interval '1 minute'",
            {"owner": uuid.uuid4()},
        )
        (turn,) = wait_for(
            lambda: sql.execute("SELECT * FROM turns WHERE status = 'failed'").fetchall(), "the turn", pause=0.05
        )
        gate.set()
        assert answer.result(10).status_code == 500
    assert turn["completed_at"] is not None
    (conversation,) = sql.execute("SELECT waiting_since FROM conversations").fetchall()
    assert conversation["waiting_since"] is not None
    assert shop.get(f"/conversations/{turn['conversation_id']}/messages").get_json()[-1]["sender_type"] == "user"


@pytest.mark.parametrize(("status", "discarded"), [("failed", False), ("completed", True), ("completed", False)])
def test_step_is_stored_once_if_the_answer_to_its_commit_was_lost(
    shop: Shop, sql: Connection, status: str, discarded: bool
) -> None:
    turn_id = shop.say("hello").get_json()["turn_id"]
    now = datetime.now(UTC)
    call = {"model": "m", "request": {}, "latency_ms": 1, "attempt": 1, "status": "completed", "created_at": now}
    step = turn_steps.StepRow(
        step="actions",  # which no turn runs
        status=status,
        discarded=discarded,
        engine="model",
        output={},
        decision="",
        variables=[],
        started_at=now,
        finished_at=now,
        calls=[call],
    )
    for _ in range(2):
        assert turn_steps.save_steps(sql, uuid.UUID(shop.business_id), turn_id, None, [step])
    for table in ("turn_steps", "llm_calls"):
        rows = sql.execute(f"SELECT FROM {table} WHERE step = 'actions'").fetchall()
        assert len(rows) == 1, table
