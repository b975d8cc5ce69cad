"""Uploads files and waits for imports."""

import time
from typing import Any

from tests.support.factories import Shop

ENDED = ("finished", "failed")
_TIMEOUT = 30.0  # seconds
_INTERVAL = 0.05


def upload(shop: Shop, resource: str, file: str | bytes, content_type: str = "text/csv", **query: Any) -> Any:
    """The response to the upload."""
    headers = {**shop.headers, "Content-Type": content_type}
    return shop.client.post(f"/api/v1/imports/{resource}", data=file, query_string=query, headers=headers)


def run_import(shop: Shop, resource: str, file: str | bytes, content_type: str = "text/csv", **query: Any) -> Any:
    """The import after it has ended."""
    response = upload(shop, resource, file, content_type, **query)
    assert response.status_code == 202, response.text
    return wait_for_end(shop, response.get_json()["import_id"])


def wait_for_end(shop: Shop, import_id: str) -> Any:
    """The import after it has ended."""
    deadline = time.monotonic() + _TIMEOUT
    while (found := shop.get(f"/imports/{import_id}").get_json())["status"] not in ENDED:
        assert time.monotonic() < deadline, found
        time.sleep(_INTERVAL)
    return found


def counts(found: dict[str, Any]) -> dict[str, int]:
    """What the import did."""
    return {name: found[name] for name in ("created", "updated", "unchanged", "invalid")}
