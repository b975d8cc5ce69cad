"""The plain floor: what answering a message costs when nothing but the work itself is done, the way one would write it
in an afternoon: Flask, one shared `OpenAI()` client, three `chat.completions.create` and six indexed SQL statements.
No trace, no checkpoints, no release, no limits. Served by gunicorn with ICMP's own configuration.
"""

import hashlib
import os
from typing import Any

from flask import Flask, jsonify, request
from openai import OpenAI
from psycopg import Connection
from psycopg_pool import ConnectionPool


class Floor:
    """What a process holds: one client for all threads, as the SDK's documentation has it, and a pool."""

    def __init__(self) -> None:
        size = int(os.environ["DB_POOL_SIZE"])
        self._model = OpenAI(api_key="bench", base_url=os.environ["OPENAI_BASE_URL"])
        self._pool: ConnectionPool[Connection[tuple[Any, ...]]] = ConnectionPool(
            os.environ["DATABASE_URL"], min_size=size, max_size=size, timeout=60, open=True
        )

    def answer(self, body: dict[str, Any], key: str) -> dict[str, str]:
        """`{"user_id", "message", "history"}`: the reply, from three prompts that hold so many messages of history."""
        with self._pool.connection() as conn:
            found = conn.execute(
                "SELECT business_id, name FROM floor_businesses WHERE key_hash = %s",
                [hashlib.sha256(key.encode()).hexdigest()],
            )
            business_id, name = found.fetchone() or (None, "")
            found = conn.execute(
                "SELECT user_id, first_name FROM floor_customers WHERE user_id = %s AND business_id = %s",
                [body["user_id"], business_id],
            )
            user_id, first_name = found.fetchone() or (None, "")
            found = conn.execute(
                "SELECT conversation_id FROM floor_conversations WHERE user_id = %s ORDER BY started DESC LIMIT 1",
                [user_id],
            )
            conversation_id = (found.fetchone() or [None])[0]
            earlier = conn.execute(
                """SELECT sender, content FROM floor_messages WHERE conversation_id = %s
                   ORDER BY message_id DESC LIMIT %s""",
                [conversation_id, body["history"]],
            ).fetchall()
            self._insert(conn, conversation_id, "user", body["message"])
        history = [{"role": sender, "content": content} for sender, content in reversed(earlier)]
        stage = self._ask(f"[[selection]] You sort the messages of {name}. Which stage?", history, body["message"])
        data = self._ask(f"[[extraction]] Which facts does {first_name} state? {stage}", history, body["message"])
        reply = self._ask(f"[[response]] Answer for {name}. {stage}. Facts: {data}", history, body["message"])
        with self._pool.connection() as conn:
            self._insert(conn, conversation_id, "assistant", reply)
        return {"response": reply, "stage": stage, "data": data}

    def _ask(self, instruction: str, history: list[dict[str, str]], message: str) -> str:
        messages: list[Any] = [
            {"role": "system", "content": instruction},
            *history,
            {"role": "user", "content": message},
        ]
        completion = self._model.chat.completions.create(model="bench", messages=messages)
        return completion.choices[0].message.content or ""

    def _insert(self, conn: Connection[Any], conversation_id: int | None, sender: str, content: str) -> None:
        conn.execute(
            "INSERT INTO floor_messages (conversation_id, sender, content) VALUES (%s, %s, %s)",
            [conversation_id, sender, content],
        )


def create_app() -> Flask:
    """For gunicorn, in each of its processes."""
    app, floor = Flask(__name__), Floor()

    @app.get("/ping")
    def ping() -> Any:
        return jsonify({"message": "pong"})

    @app.post("/message")
    def answer() -> Any:
        return jsonify(floor.answer(request.get_json(), request.headers["Authorization"].removeprefix("Bearer ")))

    return app
