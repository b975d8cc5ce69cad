"""Uploads files with articles."""

from typing import Any

from tests.support.factories import Shop, made


def upload_articles(shop: Shop, file: str | bytes, content_type: str, **query: Any) -> Any:
    """The response to the upload."""
    headers = {**shop.headers, "Content-Type": content_type}
    return shop.client.post("/api/v1/articles/import", data=file, query_string=query, headers=headers)


def import_articles(shop: Shop, file: str | bytes, content_type: str, **query: Any) -> dict[str, Any]:
    """The articles of a file, and the rows that were skipped."""
    return made(upload_articles(shop, file, content_type, **query))
