"""`create_app` wires the parts and nothing else; `app` is what a server loads."""

import atexit
import dataclasses
import os
import sys

from flask import Flask
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config, ConfigError, check_engine_available
from core import logs
from core.context import AppContext
from db import Database
from dev import EmbeddedError
from message_processing.engines.model import Engines, ModelEngines
from message_processing.engines.rules.engine import RulesEngines
from message_processing.release import ReleaseCache
from message_processing.templates.defaults import load_default_templates
from message_processing.worker.scheduler import Runner
from migrations import SchemaError, migrate
from repositories.releases import publish_missing
from routes import register_routes
from routes.error_handlers import register_error_handlers
from routes.json_provider import JSONProvider
from routes.limits import LIMIT_HEADERS, register_rate_limits
from routes.request_log import register_request_log
from security.tokens import register_login_tokens

MOST_BODY_BYTES = 2 * 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """The application over a database that is brought up to date first. Raises ConfigError, EmbeddedError or
    SchemaError, each with one sentence that says what to do."""
    config = config or Config.from_env()
    context = open_context(config)
    app = Flask("icmp", static_folder=None)
    app.json = JSONProvider(app)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    app.extensions["icmp"] = context
    register_login_tokens(app, config)
    register_routes(app)
    register_error_handlers(app)
    register_request_log(app)
    register_rate_limits(app, config)
    if config.cors_origins:
        CORS(
            app,
            origins=list(config.cors_origins),
            supports_credentials=True,
            max_age=600,
            expose_headers=["Link", "ETag", "Retry-After", "X-Request-Id", *LIMIT_HEADERS],
        )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def open_context(config: Config) -> AppContext:
    """What an application works with, over a database that is brought up to date first."""
    check_engine_available(config)
    database_url = config.database_url or _start_embedded_database(config)
    config = dataclasses.replace(config, database_url=database_url)
    migrate(database_url)
    database, releases = Database(database_url, config.db_pool_size), ReleaseCache()
    with database.transaction() as conn:
        load_default_templates(conn)
        publish_missing(conn)
    return AppContext(config, database, releases, Runner(database, releases, _engines(config), config.turn_time_limit))


def close_app(app: Flask, seconds: float = 0) -> None:
    """Give back what the application holds, its threads and connections; turns in flight have so many seconds left."""
    context: AppContext = app.extensions["icmp"]
    context.runner.close(seconds)
    context.database.close()


def _engines(config: Config) -> Engines:
    """Who answers: the connected model, else the rules."""
    if config.has_model:
        from openai_helper import ModelClient  # the SDK takes longer to load than all the rest

        return ModelEngines(ModelClient(config.openai_api_key, config.openai_base_url), config.openai_model)
    from message_processing.engines.rules.similarity import (
        SimilarityModel,
    )  # needs packages that production does not install

    return RulesEngines(SimilarityModel(None if config.in_production else config.data_dir))


def _start_embedded_database(config: Config) -> str:
    """For `flask run` and other servers than ours, which starts it before its workers."""
    from dev.postgres import EmbeddedPostgres

    server = EmbeddedPostgres(config.data_dir)
    atexit.register(server.stop)
    os.environ["DATABASE_URL"] = url = server.start()  # for the reloader's process, which uses the same server
    return url


def _app_or_sentence() -> Flask:
    """What a server loads; a start that cannot be is one sentence, not a traceback."""
    try:
        config = Config.from_env()
        logs.configure_logging(config.log_level)
        return create_app(config)
    except (ConfigError, EmbeddedError, SchemaError) as error:
        sys.exit(f"icmp: {error}")


def __getattr__(name: str) -> Flask:
    """`app` is made when a server asks for it, so that importing `create_app` starts nothing."""
    if name == "app":
        globals()["app"] = app = _app_or_sentence()
        return app
    raise AttributeError(name)


if __name__ == "__main__":
    from dev.__main__ import main

    main()
