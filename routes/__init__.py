"""One blueprint per resource, registered at /api/v1. The documented paths of the older system lead to the same
views."""

import functools
from typing import Any

from flask import Flask, make_response, redirect
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug.wrappers import Response

from auth import public
from core.view_spec import View
from routes import (
    account_links,
    agents,
    analytics,
    analytics_conversations,
    analytics_views,
    anomalies,
    api_calls,
    api_keys,
    article_imports,
    articles,
    attachments,
    audit_log,
    budget,
    business_deletions,
    businesses,
    canned_replies,
    channel_webhooks,
    channels,
    conversation_messages,
    conversation_streams,
    conversations,
    customers,
    demo,
    design,
    events,
    exports,
    feedback,
    hooks,
    imports,
    inbox,
    invitations,
    live,
    login,
    members,
    messages,
    model,
    orders,
    pages,
    platform,
    previews,
    products,
    release_trials,
    releases,
    replays,
    second_factor,
    secrets,
    session,
    sessions,
    signup,
    simulations,
    stages,
    starters,
    system,
    takeovers,
    templates,
    test_cases,
    test_runs,
    turns,
    users,
    variables,
    webhooks,
    widget,
    widget_feedback,
    widget_pages,
)

PREFIX = "/api/v1"

BLUEPRINTS = (
    businesses.blueprint,
    business_deletions.blueprint,
    api_keys.blueprint,
    users.blueprint,
    customers.blueprint,
    agents.blueprint,
    stages.blueprint,
    starters.blueprint,
    templates.blueprint,
    previews.blueprint,
    variables.blueprint,
    releases.blueprint,
    design.blueprint,
    release_trials.blueprint,
    webhooks.blueprint,
    secrets.blueprint,
    api_calls.blueprint,
    model.blueprint,
    budget.blueprint,
    products.blueprint,
    orders.blueprint,
    articles.blueprint,
    article_imports.blueprint,
    imports.blueprint,
    exports.blueprint,
    hooks.blueprint,
    analytics.blueprint,
    analytics_conversations.blueprint,
    analytics_views.blueprint,
    channels.blueprint,
    channel_webhooks.blueprint,
    messages.blueprint,
    feedback.blueprint,
    widget.blueprint,
    widget_feedback.blueprint,
    conversations.blueprint,
    attachments.blueprint,
    conversation_messages.blueprint,
    conversation_streams.blueprint,
    inbox.blueprint,
    canned_replies.blueprint,
    takeovers.blueprint,
    test_cases.blueprint,
    test_runs.blueprint,
    simulations.blueprint,
    turns.blueprint,
    replays.blueprint,
    live.blueprint,
    events.blueprint,
    audit_log.blueprint,
    anomalies.blueprint,
    login.blueprint,
    demo.blueprint,
    signup.blueprint,
    account_links.blueprint,
    second_factor.blueprint,
    members.blueprint,
    invitations.blueprint,
    session.blueprint,
    sessions.blueprint,
    platform.blueprint,
    system.blueprint,
)

# Paths of the older system, available with and without the prefix /api → the current path.
OLDER_PATHS = {
    "/businesses": "/businesses",
    "/businesses/<business_id>": "/businesses/<business_id>",
    "/users": "/users",
    "/stages": "/stages",
    "/stages/<stage_id>": "/stages/<stage_id>",
    "/templates": "/templates",
    "/templates/<template_id>": "/templates/<template_id>",
    "/templates/default-templates": "/templates/default-templates",
    "/templates/defaultTemplates": "/templates/default-templates",
    "/defaultTemplates": "/templates/default-templates",
    "/templates/by-type/<template_type>": "/templates/by-type/<template_type>",
    "/templates/by-business/<business_id>": "/templates/by-business/<business_id>",
    "/message": "/messages",
    "/conversations/<user_id>": "/users/<user_id>/conversations",
    "/health": "/health",
    "/ping": "/ping",
    "/validate_config": "/validate_config",
    "/save-config": "/save-config",
    "/openapi.json": "/openapi.json",
    "/metrics": "/metrics",
}


def register_routes(app: Flask) -> None:
    """Register every blueprint and path of the application."""
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    for older, canonical in OLDER_PATHS.items():
        rules = [rule for rule in app.url_map.iter_rules() if rule.rule == PREFIX + canonical]
        for prefix in ("", "/api"):
            for rule in rules:
                app.add_url_rule(
                    prefix + older,
                    endpoint=f"older{prefix}{older}:{rule.endpoint}".replace(".", " "),
                    view_func=app.view_functions[rule.endpoint],
                    methods=sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                )
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(widget_pages.blueprint)
    app.add_url_rule("/", "welcome", system.welcome)
    app.add_url_rule("/api", "product", system.read_product)
    app.add_url_rule(PREFIX, "product_v1", system.read_product)
    _mount_docs(app)


# The package's page contains a script, and styles that the script adds.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _mount_docs(app: Flask) -> None:
    """Serve the interactive API documentation. A package contains all of its files."""
    docs = f"{PREFIX}/docs"
    app.register_blueprint(get_swaggerui_blueprint(docs, f"{PREFIX}/openapi.json", {"app_name": "ICMP"}))
    for endpoint in [name for name in app.view_functions if name.startswith("swagger_ui.")]:
        app.view_functions[endpoint] = public(_with_docs_policy(app.view_functions[endpoint]))

    @public
    def redirect_to_docs() -> Response:
        return redirect(f"{docs}/")

    for path in ("/docs", "/api/docs"):
        app.add_url_rule(path, f"docs:{path}", redirect_to_docs)


def _with_docs_policy(view: View) -> View:
    @functools.wraps(view)
    def with_policy(**kwargs: Any) -> Response:
        response: Response = make_response(view(**kwargs))
        response.headers["Content-Security-Policy"] = _DOCS_POLICY
        return response

    return with_policy
