"""The optional development environment: embedded PostgreSQL and demo data.

Production code uses only this interface. The implementation, `dev/environment.py`, is loaded by name and only outside
production, so that a deployment works without `dev/`.
"""

import importlib
from typing import TYPE_CHECKING, cast
from uuid import UUID

from core.settings import StartupError

if TYPE_CHECKING:
    from config import Config


class DevelopmentEnvironment:
    """The additions of development to the server. None here, as in production; `dev.environment` overrides this class.

    All methods but `find_demo` and `end_with_server` are called in the process that starts the server, before it forks.
    """

    def start_database(self) -> str:
        """Starts a database that ends with this process, and returns its URL. Raises StartupError."""
        raise StartupError("DATABASE_URL is not set: it must point to PostgreSQL 15 or later.")

    def has_lost_database(self) -> bool:
        """Whether the database that this process started has ended. Then this process was interrupted."""
        return False

    def set_up_demo(self) -> None:
        """Creates the demo business on the first run. A failure is announced and not raised."""

    def describe_demo(self, address: str) -> list[str]:  # noqa: ARG002
        """The lines that show how to use the demo business at this address; none when there is no demo."""
        return []

    def find_demo(self) -> tuple[UUID, UUID] | None:
        """The IDs of the demo business and its owner as last created, perhaps in another database; None if there is no
        demo."""
        return None

    def end_with_server(self, server: int) -> None:
        """In a worker: ends this process when the server process with this ID is killed."""


def load_development(config: "Config") -> DevelopmentEnvironment:
    """The development environment; outside development, or without `dev/`, one that adds nothing."""
    if config.in_production:
        return DevelopmentEnvironment()
    try:
        module = importlib.import_module("dev.environment")
    except ModuleNotFoundError as error:
        if error.name not in ("dev", "dev.environment"):
            raise
        return DevelopmentEnvironment()
    return cast(DevelopmentEnvironment, module.Environment(config))
