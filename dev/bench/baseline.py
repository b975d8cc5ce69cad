"""The baseline: the plainest Flask application that answers a message with the same work.

One shared `OpenAI()` client, three `chat.completions.create` calls and six indexed SQL statements per message. No
trace, no checkpoints, no releases and no limits. gunicorn serves it with ICMP's own configuration.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, jsonify, request
from openai import OpenAI
from psycopg2.extensions import connection
from psycopg2.pool import ThreadedConnectionPool


class Baseline:
    """The objects of one process: a client that all threads share, as the SDK documents it, and a connection pool."""

    def __init__(self) -> None:
        size = int(os.environ["DB_POOL_SIZE"])
        self._model = OpenAI(api_key="bench", base_url=os.environ["OPENAI_BASE_URL"])
        self._pool = ThreadedConnectionPool(size, size, os.environ["DATABASE_URL"])
        self._free_connections = threading.Semaphore(size)  # the pool raises when it is exhausted

    def answer(self, body: dict[str, Any], key: str) -> dict[str, str]:
        """The reply to `{"user_id", "message", "history"}`: three prompts with `history` earlier messages each."""
        with self._transaction() as conn, conn.cursor() as cursor:
            cursor.execute(
                "SELECT business_id, name FROM baseline_businesses WHERE key_hash = %s",
                [hashlib.sha256(key.encode()).hexdigest()],
            )
            business_id, name = cursor.fetchone() or (None, "")
            cursor.execute(
                "SELECT user_id, first_name FROM baseline_customers WHERE user_id = %s AND business_id = %s",
                [body["user_id"], business_id],
            )
            user_id, first_name = cursor.fetchone() or (None, "")
            cursor.execute(
                "SELECT conversation_id FROM baseline_conversations WHERE user_id = %s ORDER BY started DESC LIMIT 1",
                [user_id],
            )
            conversation_id = (cursor.fetchone() or (None,))[0]
            cursor.execute(
                """SELECT sender, content FROM baseline_messages WHERE conversation_id = %s
                   ORDER BY message_id DESC LIMIT %s""",
                [conversation_id, body["history"]],
            )
            earlier = cursor.fetchall()
            _insert_message(conn, conversation_id, "user", body["message"])
        history = [{"role": sender, "content": content} for sender, content in reversed(earlier)]
        stage = self._complete(f"[[selection]] You sort the messages of {name}. Which stage?", history, body["message"])
        data = self._complete(f"[[extraction]] Which facts does {first_name} state? {stage}", history, body["message"])
        reply = self._complete(f"[[response]] Answer for {name}. {stage}. Facts: {data}", history, body["message"])
        with self._transaction() as conn:
            _insert_message(conn, conversation_id, "assistant", reply)
        return {"response": reply, "stage": stage, "data": data}

    @contextmanager
    def _transaction(self) -> Iterator[connection]:
        with self._free_connections:
            conn = self._pool.getconn()
            try:
                with conn:
                    yield conn
            finally:
                self._pool.putconn(conn)

    def _complete(self, instruction: str, history: list[dict[str, str]], message: str) -> str:
        messages: list[Any] = [
            {"role": "system", "content": instruction},
            *history,
            {"role": "user", "content": message},
        ]
        completion = self._model.chat.completions.create(model="bench", messages=messages)
        return completion.choices[0].message.content or ""


def _insert_message(conn: connection, conversation_id: int | None, sender: str, content: str) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            "INSERT INTO baseline_messages (conversation_id, sender, content) VALUES (%s, %s, %s)",
            [conversation_id, sender, content],
        )


def create_app() -> Flask:
    """The application; gunicorn calls this in each process."""
    app, baseline = Flask(__name__), Baseline()

    @app.get("/ping")
    def ping() -> Any:
        return jsonify({"message": "pong"})

    @app.post("/message")
    def answer() -> Any:
        return jsonify(baseline.answer(request.get_json(), request.headers["Authorization"].removeprefix("Bearer ")))

    return app
