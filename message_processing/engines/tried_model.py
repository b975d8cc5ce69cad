"""Asks a model once, to try settings before messages use them."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.outgoing.failures import CallFailed
from llm.types import ModelFailed, ModelSettings
from message_processing.business_settings import BusinessSettings
from message_processing.engines.models import Model, Models

MAX_SECONDS = 20.0
_MAX_CHARACTERS = 500  # of the answer
_MESSAGES = [
    {"role": "system", "content": "You answer the customers of a business in chat. Answer in one short sentence."},
    {"role": "user", "content": "Hello! Can you hear me?"},
]


@dataclass(frozen=True)
class TriedModel:
    """The result: the answer, or the error as in `llm.types.Call`. The time is that of the last request."""

    model: str
    duration_ms: int
    answer: str | None
    error: str | None


def try_model(models: Models, business_id: UUID, settings: BusinessSettings, key: str | None) -> TriedModel | None:
    """Returns the result for these settings, None if there is no model. `key` is used instead of the server's secret.

    Nothing is stored. Raises DatabaseUnavailable.
    """
    server = settings.get("model_server")
    if server is None:
        chosen = models.choose(business_id, settings)
        return None if chosen is None else _ask(chosen.model, chosen.default, business_id, settings)
    try:
        client = models.own.new_client(business_id, server["url"], key or models.own.key_of(business_id, server))
    except CallFailed as failure:
        return TriedModel(server["model"], 0, None, f"{failure.cause}: {failure.message}")
    try:
        return _ask(client, server["model"], business_id, settings)
    finally:
        client.close()


def _ask(model: Model, name: str, business_id: UUID, settings: BusinessSettings) -> TriedModel:
    wanted = ModelSettings(name, settings.get("temperature"), settings.get("max_tokens"), settings.get("timeout"))
    deadline = time.monotonic() + MAX_SECONDS
    options: dict[str, Any] = dict.fromkeys(("json_schema", "on_delta", "on_reset", "shorten"))
    try:
        answer = model.complete(_MESSAGES, wanted, deadline=deadline, tenant=str(business_id), **options)
    except ModelFailed as failure:
        return TriedModel(name, failure.calls[-1].latency_ms if failure.calls else 0, None, failure.error)
    return TriedModel(name, answer.calls[-1].latency_ms, answer.text[:_MAX_CHARACTERS], None)
