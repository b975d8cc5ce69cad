"""Uploads files with articles."""

from typing import Any

from tests.support.factories import Shop, made
from tests.support.os_users import wait_for


def upload_articles(shop: Shop, file: str | bytes, content_type: str, **query: Any) -> Any:
    """The response to the upload."""
    headers = {**shop.headers, "Content-Type": content_type}
    return shop.client.post("/api/v1/articles/import", data=file, query_string=query, headers=headers)


def import_articles(shop: Shop, file: str | bytes, content_type: str, **query: Any) -> dict[str, Any]:
    """The articles of a file, and the rows that were skipped."""
    return made(upload_articles(shop, file, content_type, **query))


def wait_for_embeddings(shop: Shop) -> None:
    """Return when all passages have an embedding."""

    def done() -> bool:
        rows = []
        response = shop.get("/articles", limit=200)
        rows += response.get_json()
        return all(row["passages"] == row["embedded"] for row in rows)

    wait_for(done, "the embeddings", seconds=90, pause=0.1)
