"""Hours in which a figure was unusual. docs/analytics.md describes the rule."""

from typing import Any

from flask import Blueprint, Response, g

from auth import require_business_api_key
from core.context import current_context
from repositories import anomalies
from routes.decorators import accepts_query, returns
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("anomalies", __name__)


@blueprint.get("/anomalies")
@require_business_api_key
@accepts_query("anomalies_list")
@returns(200, "anomalies")
def list_anomalies(query: dict[str, Any]) -> Response:
    """List hours in which errors, hand-overs, cost or latency were unusual, compared with the weeks before."""
    page = read_page(query)
    list_rows = anomalies.list_latest_anomalies if page.is_newest_first else anomalies.list_anomalies
    with current_context().database.transaction() as conn:
        rows = list_rows(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "anomaly_id"))
