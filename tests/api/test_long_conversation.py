"""A turn after 10,000 messages costs the same as one after 200. The test counts the blocks that PostgreSQL reads and
the characters that the model receives, because other load on the machine does not change them."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dev.postgres import EmbeddedPostgres
from tests.conftest import make_config, running_app
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel

FEW, MANY = 200, 10_000  # messages; 200 already fill the history of a prompt
MAX_RATIO = 1.5  # of the longer conversation's blocks to those of the shorter one
WARM_UP_TURNS = 8
MEASURED_TURNS = 10
_PLAN = re.compile(r"plan:\n\t(\{.*?\n\t\})\n", re.DOTALL)


class Cost(NamedTuple):
    """The plans of a turn's statements, the blocks they read, characters sent to the model, and processor time."""

    plans: list[dict[str, Any]]
    blocks: int
    characters: int
    cpu_ms: float


@pytest.fixture
def logging_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A PostgreSQL server that writes the plan of every statement into its log; returns its URL and the log."""
    server = EmbeddedPostgres(tmp_path / "database", durable=False)
    tmp_path.chmod(0o755)
    try:
        url = server.start()
        with connect(url) as conn:
            for name, value in {
                "session_preload_libraries": "auto_explain",
                "auto_explain.log_min_duration": "0",
                "auto_explain.log_analyze": "on",
                "auto_explain.log_buffers": "on",
                "auto_explain.log_format": "json",
            }.items():
                conn.execute(f"ALTER DATABASE postgres SET {name} = '{value}'")
        yield url, tmp_path / "database" / "postgres.log"
    finally:
        server.stop()


def test_turn_after_ten_thousand_messages_costs_no_more_than_an_early_one(
    logging_server: tuple[str, Path],
    fake_model: FakeModel,
    capsys: pytest.CaptureFixture[str],
    master: dict[str, str],
) -> None:
    url, log = logging_server
    fake_model.respond = lambda _body: "Greeting"
    with running_app(make_config(url, OPENAI_BASE_URL=fake_model.base_url)) as app, connect(url) as sql:
        shop = make_shop(app.test_client(), master, "Lantern Books")
        customers = {messages: _conversation(shop, sql, messages) for messages in (FEW, MANY)}
        sql.execute("VACUUM ANALYZE")
        costs = {messages: _costs(shop, user_id, fake_model, log) for messages, user_id in customers.items()}
    # The number of statements varies: on a slow machine, a step that ends late is saved on its own.
    fewest = min(costs[FEW].keys() & costs[MANY].keys())
    few, many = costs[FEW][fewest], costs[MANY][fewest]
    with capsys.disabled():
        print(f"\nA turn after {FEW} and after {MANY} messages: {_figures(few)}; {_figures(many)}. Its statements:")
        for plan in many.plans:
            print(f"  {plan['Plan']['blocks']:4} blocks  {_first_words(plan)}  <-  {', '.join(sorted(_scans(plan)))}")
    assert fewest > 5
    assert many.blocks <= MAX_RATIO * few.blocks
    assert many.characters <= 1.1 * few.characters  # the turns with the fewest statements have different histories
    assert not [scan for plan in many.plans for scan in _scans(plan) if scan.startswith("Seq Scan on messages")]


def _conversation(shop: Shop, sql: Connection, messages: int) -> str:
    """A customer whose conversation has this many messages, two per turn; returns the user_id."""
    user_id = shop.add_customer(f"after-{messages}")
    begun = shop.say("Hello", user_id=user_id).get_json()["conversation_id"]
    parameters = {"conversation_id": begun, "business_id": shop.business_id, "turns": messages // 2 - 1}
    sql.execute(
        """
        INSERT INTO turns (business_id, conversation_id, seq, status, release_id, lease_owner, stage_id, answer,
                           started_at, completed_at)
        SELECT business_id, conversation_id, 1 + 2 * number, 'completed', release_id, lease_owner, stage_id, '{}',
               now(), now()
        FROM turns, generate_series(1, %(turns)s) AS number WHERE conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    sql.execute(
        """
        INSERT INTO messages (business_id, conversation_id, seq, turn_id, message_content, sender_type)
        SELECT business_id, conversation_id, seq + place, turn_id, 'What I ordered in May has not come. ' || seq %% 10,
               CASE place WHEN 0 THEN 'user' ELSE 'assistant' END
        FROM turns, generate_series(0, 1) AS place WHERE conversation_id = %(conversation_id)s AND seq > 1
        ORDER BY turns.seq, place
        """,
        parameters,
    )
    sql.execute(
        """
        INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
        SELECT business_id, conversation_id, 'city', to_jsonb('Leeds ' || seq), message_id, turn_id, seq
        FROM messages WHERE conversation_id = %(conversation_id)s AND seq > 1 AND sender_type = 'user'
        """,
        parameters,
    )
    sql.execute(
        """
        UPDATE conversations SET last_seq = 2 * (%(turns)s + 1), summarised_through = 2 * (%(turns)s + 1)
        WHERE conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    return user_id


def _costs(shop: Shop, user_id: str, fake_model: FakeModel, log: Path) -> dict[int, Cost]:
    """The costs of several turns by their number of statements."""
    for _ in range(WARM_UP_TURNS):
        assert shop.say("Where is it?", user_id=user_id).status_code == 200
    turns = [_one_turn(shop, user_id, fake_model, log) for _ in range(MEASURED_TURNS)]
    return {len(cost.plans): cost for cost in turns}


def _one_turn(shop: Shop, user_id: str, fake_model: FakeModel, log: Path) -> Cost:
    fake_model.forget()
    fake_model.respond = lambda _body: "Greeting"
    begins, began = log.stat().st_size, time.process_time()
    assert shop.say("Where is it?", user_id=user_id).status_code == 200
    cpu_ms = (time.process_time() - began) * 1000
    said = log.read_bytes()[begins:].decode()
    plans = [json.loads(plan) for plan in _PLAN.findall(said)]
    for plan in plans:
        plan["Plan"]["blocks"] = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    # Leave out periodic statements: of the lease monitor, and the last use of a key once a minute.
    plans = [plan for plan in plans if not re.search("processes|hold_requests|UPDATE api_keys", plan["Query Text"])]
    characters = sum(len(json.dumps(body["messages"])) for body in fake_model.requests)
    return Cost(plans, sum(plan["Plan"]["blocks"] for plan in plans), characters, cpu_ms)


def _figures(cost: Cost) -> str:
    return f"{cost.blocks} blocks, {cost.characters} characters to the model, {cost.cpu_ms:.0f} ms of processor"


def _first_words(plan: dict[str, Any]) -> str:
    return " ".join(plan["Query Text"].split())[:70]


def _scans(plan: dict[str, Any]) -> set[str]:
    """How each table is read: `Index Scan on messages by messages_seq_key`."""

    def walk(node: dict[str, Any]) -> Iterator[str]:
        if "Relation Name" in node and node["Node Type"] != "ModifyTable":
            by = f" by {node['Index Name']}" if "Index Name" in node else ""
            yield f"{node['Node Type']} on {node['Relation Name']}{by}"
        for child in node.get("Plans", []):
            yield from walk(child)

    return set(walk(plan["Plan"]))
