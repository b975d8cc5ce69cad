"""Stages that call another system, for tests of the API."""

from typing import Any

from tests.support.web_server import WebServer

ORDER = {"order": {"number": "A-1", "state": "shipped", "lines": [{"sku": "MUG", "qty": 2}, {"sku": "CUP", "qty": 1}]}}


def call_of(api: WebServer, path: str = "/orders/{order_number}", **config: Any) -> dict[str, Any]:
    return {"method": "GET", "url": f"http://127.0.0.1:{api.port}{path}", **config}
