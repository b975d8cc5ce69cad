"""The language model of a business: what it may choose, and a test of its choice."""

import dataclasses
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict, InvalidRequest, RateLimited
from core.limit_per_business import LimitPerBusiness
from core.model_url import model_base_url
from core.outgoing.failures import CallFailed
from core.outgoing.urls import parse_url
from db import Connection
from llm.prices import price_of
from message_processing.business_settings import BusinessSettings
from message_processing.engines.tried_model import try_model
from repositories import businesses, secrets
from routes.decorators import accepts, returns

blueprint = Blueprint("model", __name__)

_tests = LimitPerBusiness(2)  # in each process, because tests take long and are not recorded


@blueprint.get("/model")
@require_business_viewer
@returns(200, "model")
def read_model() -> Response:
    """Retrieve the platform's model, and the models that the business may choose."""
    config = current_context().config
    return jsonify(
        {
            "is_connected": config.has_model,
            "default_model": config.openai_model if config.has_model else None,
            "allowed_models": None if config.allowed_models is None else sorted(config.allowed_models),
            "timeout": config.model_timeout,
        }
    )


@blueprint.post("/model/test")
@require_business_api_key
@accepts("model_test")
@returns(200, "model_tested", also=(409,))
def test_model(body: dict[str, Any]) -> Response:
    """Ask the model of these settings for a short answer, and show how long it takes. Nothing is stored."""
    key = body.pop("api_key", None)
    body.pop("business_id", None)
    settings = checked_settings({}, cast(BusinessSettings, body))
    with _tests.slot(g.business_id) as has_slot:
        if not has_slot:
            raise RateLimited("Other tests of this business are still running.", headers={"Retry-After": "5"})
        result = try_model(current_context().models, g.business_id, settings, key)
    if result is None:
        raise Conflict(
            "No model is connected: rules answer.", remediation="Send `model_server` to test a server of your own."
        )
    return jsonify({"status": "failed" if result.error else "answered", **dataclasses.asdict(result)})


def checked_settings(before: dict[str, Any], after: BusinessSettings, path: str = "$") -> BusinessSettings:
    """Returns the settings with the URL of the model server in its usual form.

    Raises InvalidRequest if the settings of the model have changed and cannot work.
    """
    server = after.get("model_server")
    _check_budget(after, path)
    if server is None:
        _check_model(after.get("model"), None if "model_server" in before else before.get("model"), f"{path}.model")
        cheaper = after["budget"].get("cheaper_model") if "budget" in after else None
        _check_model(cheaper, before.get("budget", {}).get("cheaper_model"), f"{path}.budget.cheaper_model")
        return after
    if server == before.get("model_server"):
        return after
    try:
        url = model_base_url(server["url"])
        parse_url(url)
    except ValueError as error:
        raise InvalidRequest.at(f"{path}.model_server.url", f"The URL {error}") from error
    except CallFailed as failure:
        raise InvalidRequest.at(f"{path}.model_server.url", failure.message) from failure
    return {**after, "model_server": {**server, "url": url}}


def check_template_models(
    conn: Connection, business_id: UUID | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Raises InvalidRequest if the model settings of a template have changed to models that are not allowed.

    The models of a server of the business are not limited. `business_id` is None for default templates.
    """
    if business_id is not None and "model_server" in businesses.get_business(conn, business_id)["settings"]:
        return
    check_models(before, after)


def check_models(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Raises InvalidRequest if these model settings of a template have changed to models that are not allowed."""
    for name in ("model", "fallback_model"):
        _check_model(after.get(name), before.get(name), f"$.model_settings.{name}")


def _check_budget(settings: BusinessSettings, path: str) -> None:
    """Raises InvalidRequest if a cheaper model is to answer, but is missing, or would never reach the limit because its
    price is not known."""
    if "budget" not in settings or settings["budget"]["then"] != "cheaper_model":
        return
    model = settings["budget"].get("cheaper_model")
    if model is None:
        raise InvalidRequest.at(f"{path}.budget.cheaper_model", "Required if the cheaper model answers.")
    if price_of(model, settings.get("prices")) is None:
        raise InvalidRequest.at(f"{path}.budget.cheaper_model", "The price of this model is not known. Enter it first.")


def _check_model(model: str | None, before: str | None, path: str) -> None:
    allowed = current_context().config.allowed_models
    if allowed is not None and model is not None and model not in allowed and model != before:
        raise InvalidRequest.at(path, f"The operator of this server allows only: {', '.join(sorted(allowed))}.")


def check_secret(conn: Connection, business_id: UUID, settings: BusinessSettings, path: str) -> None:
    """Raises InvalidRequest if the model server's secret does not exist."""
    name = settings["model_server"].get("secret") if "model_server" in settings else None
    if name is not None and not secrets.has_secret(conn, business_id, name):
        raise InvalidRequest.at(f"{path}.model_server.secret", f"There is no secret named {name}.")
