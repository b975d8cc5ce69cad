"""Disconnects clients whose login or key has ended."""

import logging
import threading
from datetime import UTC, datetime
from uuid import UUID

from core.errors import DatabaseUnavailable
from db import Database
from message_processing.live.hub import Hub
from message_processing.live.listener import Credential, Listener
from repositories import live

logger = logging.getLogger(__name__)

CHECK_INTERVAL = 4.0  # seconds


class CredentialChecks:
    """A thread that checks the credentials of all clients of a process with one statement per kind."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-credentials", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._closed.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._closed.wait(CHECK_INTERVAL):
            try:
                for listener in self._find_ended(self._hub.all_listeners()):
                    listener.end("credential ended")
            except DatabaseUnavailable:
                logger.warning("credentials of live connections not checked")
            except Exception:  # the next run tries again
                logger.exception("credentials of live connections not checked")

    def _find_ended(self, listeners: list[Listener]) -> list[Listener]:
        """The listeners whose credential is no longer valid, or whose role has changed."""
        now = datetime.now(UTC)
        ended, logins, keys = [], [], []
        for listener in listeners:
            match listener.credential:
                case Credential(expires_at=datetime() as expires_at) if expires_at <= now:
                    ended.append(listener)
                case Credential(business_id, session_id=UUID() as session_id, user_id=UUID() as user_id):
                    logins.append((listener, (session_id, user_id, business_id)))
                case Credential(business_id, key_id=UUID() as key_id, session_id=session_id):
                    keys.append((listener, (business_id, key_id, session_id)))
        if logins:
            with self._database.statement() as conn:
                roles = live.login_roles(conn, [login for _, login in logins])
            ended += [
                each
                for (each, _), role in zip(logins, roles, strict=True)
                if role is None or role != each.credential.role
            ]
        if keys:
            with self._database.statement() as conn:
                valid = live.valid_keys(conn, [key for _, key in keys])
            ended += [each for (each, _), is_valid in zip(keys, valid, strict=True) if not is_valid]
        return ended
