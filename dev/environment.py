"""The development environment as the server uses it: see `core.development`."""

import atexit
import os
import signal
import sys
import time
from typing import TYPE_CHECKING
from uuid import UUID

from config import Config
from core.concurrency import start_thread
from core.development import DevelopmentEnvironment
from core.settings import StartupError
from dev import FIRST_RUN_DEMO, EmbeddedError
from dev.demo import describe_demo, name_database, read_demo, set_up_demo
from dev.parent import signal_at_death_of

if TYPE_CHECKING:
    from dev.postgres import EmbeddedPostgres

_WATCH_SECONDS = 0.5  # between checks of the embedded database


class Environment(DevelopmentEnvironment):
    """Embedded PostgreSQL and the demo business."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._database = name_database(config.database_url)
        self._has_lost_database = False
        self._wants_demo = config.database_url is None or FIRST_RUN_DEMO in os.environ

    def start_database(self) -> str:
        """Starts the embedded PostgreSQL. DATABASE_URL is set for the processes that this one starts."""
        from dev.postgres import EmbeddedPostgres  # only here, because most starts do not need it

        server, starter = EmbeddedPostgres(self._config.data_dir), os.getpid()
        # Forked workers inherit the exit handler and must not stop the database.
        atexit.register(lambda: server.stop() if os.getpid() == starter else None)
        try:
            url = server.start()
        except EmbeddedError as error:
            raise StartupError(str(error)) from error
        os.environ["DATABASE_URL"] = url
        start_thread(self._watch, server)
        return url

    def has_lost_database(self) -> bool:
        """Whether the embedded PostgreSQL has ended. Then this process was interrupted, as with Ctrl-C."""
        return self._has_lost_database

    def set_up_demo(self) -> None:
        """Creates the demo business where the database is ICMP's own."""
        if self._wants_demo:
            set_up_demo(self._config.data_dir, self._database)

    def describe_demo(self, address: str) -> list[str]:
        """A link that opens the demo business, its credentials and an example request."""
        return describe_demo(self._config.data_dir, address, self._database)

    def find_demo(self) -> tuple[UUID, UUID] | None:
        """The IDs in `demo.json`."""
        demo = read_demo(self._config.data_dir)
        if demo is None or not demo.is_complete or demo.business_id is None or demo.user_id is None:
            return None
        return UUID(demo.business_id), UUID(demo.user_id)

    def end_with_server(self, server: int) -> None:
        """Kills this worker with the server: the embedded database ends too, so there is nothing to finish."""
        signal_at_death_of(server, signal.SIGKILL)

    def _watch(self, server: "EmbeddedPostgres") -> None:
        while not server.has_ended():
            time.sleep(_WATCH_SECONDS)
        self._has_lost_database = True
        print(
            f"icmp: The embedded PostgreSQL has ended, and the server with it: see {server.log}, and start it again.",
            file=sys.stderr,
            flush=True,
        )
        os.kill(os.getpid(), signal.SIGINT)
