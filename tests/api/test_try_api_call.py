"""POST /api-calls/try: sends the request of a stage that need not be saved, and shows what comes back."""

import json

from tests.support.calling import ORDER, call_of
from tests.support.factories import Shop
from tests.support.web_server import WebServer, http

VALUE = "sk-live-0123456789"


def test_try_shows_the_request_and_the_response(calling_shop: Shop, api: WebServer) -> None:
    calling_shop.post("/secrets", {"name": "crm", "value": VALUE})
    api.answers = [http(json.dumps({**ORDER, "echo": f"Bearer {VALUE}"}).encode())]
    config = call_of(api, headers={"Authorization": "Bearer {secret.crm}"}, result="/order/state")
    tried = calling_shop.post("/api-calls/try", {"config": config, "values": {"Order number": "A-1"}})
    body = tried.get_json()
    assert (body["outcome"], body["data"], body["body"]["order"]) == ("found", "shipped", ORDER["order"])
    assert body["request"]["headers"] == {"Authorization": "Bearer {secret.crm}"}
    assert body["body"]["echo"] == "Bearer {secret.crm}"
    assert (body["call"]["status"], body["call"]["cause"]) == (200, None)
    assert f"authorization: Bearer {VALUE}".encode() in api.requests[0]
    assert VALUE not in tried.text


def test_try_names_missing_values_and_unknown_secrets(calling_shop: Shop, api: WebServer) -> None:
    body = calling_shop.post("/api-calls/try", {"config": call_of(api)}).get_json()
    assert (body["outcome"], body["missing"], body["call"]) == ("missing", ["order_number"], None)
    config = call_of(api, "/{secret.unknown}")
    body = calling_shop.post("/api-calls/try", {"config": config}).get_json()
    assert (body["outcome"], body["call"]["cause"]) == ("failed", "secret_missing")
    assert body["call"]["message"] == "There is no secret named unknown."
    assert api.connections == 0


def test_try_shows_text_that_is_not_json(calling_shop: Shop, api: WebServer) -> None:
    api.answers = [http("<h1>Störung</h1>".encode(), "502 Bad Gateway")]
    body = calling_shop.post("/api-calls/try", {"config": call_of(api, "/")}).get_json()
    assert (body["outcome"], body["call"]["cause"], body["body"]) == ("failed", "status_502", "<h1>Störung</h1>")
