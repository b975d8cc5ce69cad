"""The application context: the objects that `create_app` sets up and views use."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:  # core is the lowest layer, so it must not import these at runtime
    from background.channels.opening import Channels
    from background.runner import Runner
    from background.webhooks.sender import WebhookSender
    from config import Config
    from core.encryption import Cipher
    from db import Database
    from llm.recent_calls import RecentCalls
    from message_processing.api_calls.calls import ApiCalls
    from message_processing.channels.receiving import Receiver
    from message_processing.engines.closeness import Closeness
    from message_processing.engines.models import Models
    from message_processing.knowledge.search import KnowledgeSearch
    from message_processing.live.updates import LiveUpdates
    from message_processing.live.visitor_streams import VisitorStreams
    from message_processing.release import ReleaseCache
    from message_processing.replay.replayer import Replayer
    from message_processing.worker.capacity import Capacity
    from message_processing.worker.scheduler import Scheduler


@dataclass(frozen=True)
class AppContext:
    """The objects that all requests of one application share."""

    config: "Config"
    database: "Database"
    releases: "ReleaseCache"
    scheduler: "Scheduler"
    capacity: "Capacity"
    jobs: "Runner"
    models: "Models"
    recent_calls: "RecentCalls"
    live: "LiveUpdates"
    cipher: "Cipher"
    api_calls: "ApiCalls"
    webhook_sender: "WebhookSender"
    knowledge: "KnowledgeSearch"
    channels: "Channels"
    receiver: "Receiver"
    closeness: "Closeness"
    visitor_streams: "VisitorStreams"
    replayer: "Replayer"


def current_context() -> AppContext:
    """The context of the application that handles the current request."""
    return cast(AppContext, current_app.extensions["icmp"])
