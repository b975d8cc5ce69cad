"""The application context: everything a view needs that `create_app` has set up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:  # core is the lowest layer; at runtime it only carries these objects
    from config import Config
    from db import Database
    from message_processing.release import ReleaseCache
    from message_processing.worker.scheduler import Runner


@dataclass(frozen=True)
class AppContext:
    """The objects that all requests of one application share."""

    config: "Config"
    database: "Database"
    releases: "ReleaseCache"
    runner: "Runner"


def current_context() -> AppContext:
    """The context of the application that handles the current request."""
    return cast(AppContext, current_app.extensions["icmp"])
