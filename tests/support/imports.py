"""Uploads files and waits for imports."""

from typing import Any

from tests.support.factories import Shop
from tests.support.os_users import wait_for

ENDED = ("finished", "failed")


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

    def ended() -> Any:
        found = shop.get(f"/imports/{import_id}").get_json()
        return found if found["status"] in ENDED else None

    return wait_for(ended, "the end of the import", pause=0.05)


def counts(found: dict[str, Any]) -> dict[str, int]:
    """What the import did."""
    return {name: found[name] for name in ("created", "updated", "unchanged", "invalid")}
