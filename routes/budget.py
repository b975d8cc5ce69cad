"""What the calls to models cost: budgets and prices."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from db import Row
from llm.prices import PRICES, PRICES_DATE, price_of
from message_processing.accept import live_release
from message_processing.budgets import periods_of
from message_processing.local_time import business_timezone, current_time
from message_processing.release import Release
from repositories import budgets, businesses
from routes.decorators import returns

blueprint = Blueprint("budget", __name__)


@blueprint.get("/budget")
@require_business_api_key
@returns(200, "budget")
def read_budget() -> Response:
    """Retrieve what the business has spent on models today and this month, and which of its models have no price."""
    context = current_context()
    with context.database.transaction() as conn:
        settings = businesses.get_business(conn, g.business_id)["settings"]
        release = live_release(conn, g.business_id, context.releases)
        zone = business_timezone(release)
        rows = budgets.read_periods(conn, g.business_id, periods_of(current_time().astimezone(zone)))
    limits = settings.get("budget", {})
    unpriced = [name for name in _models_of(release) if price_of(name, settings.get("prices")) is None]
    return jsonify(
        {
            "time_zone": zone.key if isinstance(zone, ZoneInfo) else "UTC",
            **{row["period"]: _period(row, limits.get(f"per_{row['period']}")) for row in rows},
            "unpriced_models": unpriced,
        }
    )


@blueprint.get("/prices")
@require_business_viewer
@returns(200, "prices")
def read_prices() -> Response:
    """Retrieve the known prices of models. Those in the business's settings take precedence."""
    models = {
        name: {kind: float(amount) for kind, amount in price.items() if isinstance(amount, str)}
        for name, price in PRICES.items()
    }
    return jsonify({"date": PRICES_DATE, "models": models})


def _period(row: Row, limit: float | None) -> dict[str, Any]:
    percent = None if limit is None else float(row["spent_usd"]) * 100 / limit
    return {**row, "limit_usd": limit, "percent": percent}


def _models_of(release: Release) -> list[str]:
    """The models that the business's templates ask, and that of its budget."""
    chosen = current_context().models.choose(g.business_id, release.settings)
    if chosen is None:
        return []
    templates = [each for stage in release.stages for each in (stage.selection, stage.extraction, stage.response)]
    asked = [chosen.name_for(each.model_settings.get("model")) for each in (*templates, release.summary)]
    fallbacks = [chosen.fallback_for(each.model_settings.get("fallback_model")) for each in templates]
    cheaper = release.settings["budget"].get("cheaper_model") if "budget" in release.settings else None
    return sorted({name for name in (*asked, *fallbacks, cheaper) if name is not None})
