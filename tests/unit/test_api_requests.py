"""Requests of calls to other systems, as they are shown and sent."""

import json

from message_processing.api_calls.request import ApiRequest
from message_processing.release import LookUp
from message_processing.templates.values import Values


def test_large_body_is_sent_completely_however_often_it_is_shown() -> None:
    config: LookUp = {"method": "POST", "url": "https://example.com/", "body": {"data": "{retrieved_data}"}}
    data = "x" * 260_000
    request = ApiRequest(config, Values({"retrieved_data": data}, {}, {}))
    for _ in range(3):
        assert request.shown["body"] == {"data": data}
    body = request.with_secrets({}).body
    assert body is not None and json.loads(body) == {"data": data}
