"""`create_app` assembles the application; `app` is the WSGI application that a server loads."""

import dataclasses
import re
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from analytics.rolling_up import RollingUp
from background.anomalies import AnomalyDetection
from background.articles.embedding import ArticleEmbedding
from background.business_deletion import BusinessDeletion
from background.channels.opening import Channels
from background.channels.sending import ChannelSending
from background.exports.exporter import Exporter
from background.imports.importer import Importer
from background.mails import Mailer
from background.maintenance import Maintenance
from background.notifications import Notifier
from background.retention import Retention
from background.runner import Runner
from background.webhooks.delivery import WebhookDelivery
from background.webhooks.sender import WebhookSender
from config import Config, StartupError, check_engine_available
from core import logs
from core.context import AppContext
from core.database_errors import own_words
from core.development import load_development
from core.embeddings import Embedder
from core.encryption import Cipher
from core.errors import DatabaseUnavailable
from core.limit_per_business import LimitPerBusiness
from core.outgoing.client import OutgoingClient
from core.outgoing.urls import parse_url
from core.server.client_socket import ReceiveBodyFirst
from db import Database
from llm.recent_calls import RecentCalls
from message_processing.api_calls.calls import ApiCalls
from message_processing.budgets import Budgets
from message_processing.business_data import BusinessData
from message_processing.channels.images import ImageLoader
from message_processing.channels.polling import ChannelPolling
from message_processing.channels.proactive import ScheduledMessages
from message_processing.channels.receiving import Receiver
from message_processing.channels.retries import ChannelRetries
from message_processing.engines.closeness import Closeness
from message_processing.engines.model import TurnEngines
from message_processing.engines.models import Models
from message_processing.engines.own_models import OwnModels
from message_processing.knowledge.embedding_calls import record_embedding
from message_processing.knowledge.reference_texts import REFERENCE_TEXTS
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.live.updates import LiveUpdates
from message_processing.live.visitor_streams import VisitorStreams
from message_processing.release import ReleaseCache
from message_processing.replay.replayer import Replayer
from message_processing.replay.sets import ReplaySets
from message_processing.simulations.simulator import Simulator
from message_processing.templates.defaults import load_default_templates
from message_processing.test_cases.conversation import Sandboxes
from message_processing.test_cases.release_checks import ReleaseChecks
from message_processing.test_cases.runner import CaseRunner
from message_processing.test_cases.runs import CaseRuns
from message_processing.worker.capacity import Capacity, max_turns_of_business
from message_processing.worker.scheduler import Scheduler
from migrations import SchemaError, migrate
from repositories.releases import publish_missing
from routes import PREFIX, register_routes
from routes.error_handlers import register_error_handlers
from routes.json_provider import JSONProvider
from routes.limits import LIMIT_HEADERS, register_rate_limits
from routes.request_log import register_request_log
from routes.security_headers import register_security_headers
from security.tokens import register_login_tokens

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel

MAX_BODY_BYTES = 2 * 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """The application, after migrating its database. Raises StartupError or SchemaError, with one sentence that says
    what to do."""
    config = config or Config.from_env()
    context = open_context(config)
    app = Flask("icmp", static_folder=None)
    app.json = JSONProvider(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["icmp"] = context
    register_login_tokens(app, config)
    register_routes(app)
    register_error_handlers(app)
    register_request_log(app)
    register_security_headers(app)
    register_rate_limits(app, config)
    if config.cors_origins:
        CORS(
            app,
            resources=rf"(?!{PREFIX}/widget/)/.*",  # those have origins of their own
            # As patterns of literal text: flask-cors takes any string with a bracket, as in IPv6, for a pattern.
            origins=[re.compile(rf"{re.escape(origin)}\Z") for origin in config.cors_origins],
            supports_credentials=True,
            max_age=600,
            expose_headers=["Link", "ETag", "Retry-After", "X-Request-Id", *LIMIT_HEADERS],
        )
    wsgi: Any = ReceiveBodyFirst(app.wsgi_app, MAX_BODY_BYTES)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        wsgi = ProxyFix(wsgi, x_for=hops, x_proto=hops, x_host=hops)
    app.wsgi_app = wsgi  # type: ignore[method-assign]
    return app


def open_context(config: Config) -> AppContext:
    """The objects that the application's requests share, after migrating the database."""
    check_engine_available(config)
    database_url = config.database_url or load_development(config).start_database()
    config = dataclasses.replace(config, database_url=database_url)
    migrate(config.database_direct_url or database_url)
    releases = ReleaseCache()
    try:
        database = Database(database_url, config.db_pool_size, direct_url=config.database_direct_url)
        with database.transaction() as conn:
            load_default_templates(conn)
            publish_missing(conn)
    except DatabaseUnavailable as error:
        words = own_words(error.__cause__ or error)
        raise StartupError(f"The database cannot be used ({words}): check DATABASE_URL and its limits.") from error
    recent_calls = RecentCalls()
    live = LiveUpdates(database, config.redis_url, config.live_connections, config.live_connections_per_business)
    cipher = Cipher(config.encryption_keys)
    client = OutgoingClient(config.api_call_allowed_hosts)
    api_calls = ApiCalls(database, cipher, client)
    webhook_sender = WebhookSender(cipher, client)
    knowledge = KnowledgeSearch(database, _embedder(config, database))
    rules = None if config.has_model else _similarity_model(config)
    closeness = Closeness((lambda: rules) if rules else partial(_similarity_model_if_installed, config))
    channels = _channels(config, cipher)
    images = ImageLoader(database, channels)
    new_business_data = partial(BusinessData, database, api_calls, knowledge, closeness, images)
    models = _models(config, recent_calls, OwnModels(database, cipher, client, config.model_timeout))
    engines = _engines(config, models, Budgets(database, live.publish), closeness, rules)
    scheduler = Scheduler(database, releases, engines, new_business_data, config.turn_time_limit, live.publish)
    live.start()
    capacity = Capacity(config.web_threads, config.max_turns_per_business, scheduler.turns_in_flight)
    maintenance = Maintenance(database, config.webhook_retention_days)
    receiver = Receiver(database, releases, scheduler, channels, live.publish)
    sandboxes = Sandboxes(database, models, api_calls, knowledge, closeness, rules, config.turn_time_limit)
    case_runs = CaseRuns(database, CaseRunner(database, sandboxes))
    replayer = Replayer(database, models, api_calls, knowledge, closeness, images, rules, config.turn_time_limit)
    kinds = (
        *maintenance.kinds(),
        *Retention(database, config.event_retention_days).kinds(),
        *AnomalyDetection(database).kinds(),
        *ChannelSending(database, channels, live.publish).kinds(),
        *ChannelPolling(database, channels, receiver).kinds(),
        *ChannelRetries(database, scheduler).kinds(),
        *WebhookDelivery(database, webhook_sender).kinds(),
        *Importer(database).kinds(),
        *Exporter(database).kinds(),
        *BusinessDeletion(database).kinds(),
        *Notifier(database, live.publish).kinds(),
        *ScheduledMessages(database, live.publish).kinds(),
        *ArticleEmbedding(database, knowledge.embedder).kinds(),
        *Mailer(database, config.mail_server, config.public_url).kinds(),
        *RollingUp(database).kinds(),
        *case_runs.kinds(),
        *ReplaySets(database, replayer, releases).kinds(),
        *ReleaseChecks(database, case_runs).kinds(),
        *Simulator(database, sandboxes).kinds(),
    )
    jobs = Runner(database, scheduler.process_id, kinds)
    return AppContext(
        config,
        database,
        releases,
        scheduler,
        capacity,
        jobs,
        models,
        recent_calls,
        live,
        cipher,
        api_calls,
        webhook_sender,
        knowledge,
        channels,
        receiver,
        closeness,
        VisitorStreams(config.live_connections, config.live_connections_per_business),
        replayer,
    )


def close_app(app: Flask, seconds: float = 0) -> None:
    """Stop the application's threads and close its connections. Turns in flight have `seconds` to finish."""
    context: AppContext = app.extensions["icmp"]
    context.jobs.close()
    context.scheduler.close(seconds)
    context.live.close()
    context.database.close()


def _channels(config: Config, cipher: Cipher) -> Channels:
    """The channels of all businesses. The addresses of providers in the settings need not be public."""
    providers = [parse_url(url).authority for url in (config.graph_api_url, config.telegram_api_url)]
    client = OutgoingClient((*config.api_call_allowed_hosts, *providers))
    return Channels(cipher, client, config.graph_api_url, config.telegram_api_url, config.public_url)


def _models(config: Config, recent_calls: RecentCalls, own: OwnModels) -> Models:
    """The connected model, and those of businesses."""
    if not config.has_model:
        return Models(None, config.openai_model, None, own)
    from openai_helper import ModelClient  # loading the SDK takes longer than everything else

    platform = ModelClient(
        config.openai_api_key, config.openai_base_url, config.model_timeout, recent_calls=recent_calls
    )
    return Models(platform, config.openai_model, config.allowed_models, own)


def _engines(
    config: Config, models: Models, budgets: Budgets, closeness: Closeness, rules: "SimilarityModel | None"
) -> TurnEngines:
    """What creates the engines that answer messages. Without a model, rules answer."""
    # Half of its turns, so that drafts do not multiply the calls that a business has in flight.
    max_drafts = max(1, max_turns_of_business(config.web_threads, config.max_turns_per_business) // 2)
    return TurnEngines(models, budgets, closeness, LimitPerBusiness(max_drafts), rules)


def _similarity_model(config: Config) -> "SimilarityModel":
    """The embedding model, which needs packages that production does not install."""
    from message_processing.engines.rules.similarity import SimilarityModel

    return SimilarityModel(None if config.in_production else config.data_dir)


def _embedder(config: Config, database: Database) -> Embedder | None:
    """What computes the embeddings of articles: the model that is set, otherwise the small one where it is installed,
    otherwise OpenAI's. None for another server, whose models are not known."""
    model = config.openai_embedding_model
    if model is None:
        with suppress(ImportError):
            from message_processing.knowledge.local_embedder import LocalEmbedder

            return LocalEmbedder()
    if not config.has_model or (model is None and config.openai_base_url):
        return None
    from llm.embeddings import OPENAI_MODEL, ServerEmbedder

    name, record = model or OPENAI_MODEL, partial(record_embedding, database)
    return ServerEmbedder(config.openai_api_key, config.openai_base_url, name, *REFERENCE_TEXTS, record=record)


def _similarity_model_if_installed(config: Config) -> "SimilarityModel | None":
    try:
        return _similarity_model(config)
    except ImportError:
        return None


def _create_app_or_exit() -> Flask:
    """The application that a server loads. When it cannot start, exits with one sentence instead of a traceback."""
    try:
        config = Config.from_env()
        logs.configure_logging(config.log_level)
        return create_app(config)
    except (StartupError, SchemaError) as error:
        sys.exit(f"icmp: {error}")


def __getattr__(name: str) -> Flask:
    """Creates `app` when a server asks for it, so that importing `create_app` starts nothing."""
    if name == "app":
        globals()["app"] = app = _create_app_or_exit()
        return app
    raise AttributeError(name)


if __name__ == "__main__":
    from core.server.run import run_server

    run_server()
