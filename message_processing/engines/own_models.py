"""Clients for the model servers of businesses. Each server of each business has its own client and circuit breakers, so
that a slow or broken one affects no other business."""

import threading
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.encryption import Cipher
from core.outgoing.client import OutgoingClient
from core.outgoing.failures import CallFailed
from db import Database
from llm.types import Answer, ModelFailed, ModelSettings
from message_processing.business_settings import ModelServerSettings
from message_processing.secret_values import read_secrets

if TYPE_CHECKING:
    from llm.client import ModelClient

MAX_CLIENTS = 100  # in memory; those used least recently are closed


class OwnModels:
    """The clients of this process. Thread-safe."""

    def __init__(self, database: Database, cipher: Cipher, outgoing: OutgoingClient, timeout: float) -> None:
        """`timeout` is in seconds, for calls whose settings have none."""
        self._database, self._cipher, self._outgoing, self._timeout = database, cipher, outgoing, timeout
        self._lock = threading.Lock()
        self._clients: OrderedDict[tuple[UUID, str], tuple[str | None, ModelClient]] = OrderedDict()

    def model_of(self, business_id: UUID, server: ModelServerSettings) -> "OwnModel":
        """Returns the models of a server, for one turn."""
        return OwnModel(self, business_id, server)

    def new_client(self, business_id: UUID, url: str, key: str | None) -> "ModelClient":
        """Returns a client for a server, which the caller closes. Raises CallFailed if the URL is not valid, or if the
        key cannot be sent in a header."""
        from llm.client import ModelClient  # loading the SDK takes long, and most servers in rules mode do not need it
        from llm.transport import CheckedTransport
        from llm.wire import completions_url

        # Keys are often pasted with a line break, which a header must not contain.
        key = None if key is None else key.strip()
        if key is not None and not (key.isascii() and key.isprintable()):
            raise CallFailed("invalid_request", "The key contains characters that cannot be sent.")
        find_addresses = partial(self._outgoing.checked_addresses, str(business_id))
        transport = CheckedTransport(completions_url(url), find_addresses, self._outgoing.ssl_context)
        return ModelClient(key, url, self._timeout, own_transport=transport)

    def key_of(self, business_id: UUID, server: ModelServerSettings) -> str | None:
        """Returns the key of a server, None if it needs none. Raises CallFailed, and DatabaseUnavailable."""
        name = server.get("secret")
        return None if name is None else read_secrets(self._database, self._cipher, business_id, {name})[name]

    def client_of(self, business_id: UUID, server: ModelServerSettings) -> "ModelClient":
        """Returns the client for a server. Raises CallFailed, and DatabaseUnavailable."""
        key, name = self.key_of(business_id, server), (business_id, server["url"])
        closed: list[ModelClient] = []
        with self._lock:
            known = self._clients.pop(name, None)
            if known is None or known[0] != key:
                closed += [known[1]] if known else []
                known = key, self.new_client(business_id, server["url"], key)
            self._clients[name] = known
            if len(self._clients) > MAX_CLIENTS:
                closed.append(self._clients.popitem(last=False)[1][1])
        for client in closed:
            client.close()
        return known[1]

    def close(self) -> None:
        """Closes the connections of all clients."""
        with self._lock:
            clients = list(self._clients.values())
            self._clients.clear()
        for _, client in clients:
            client.close()


class OwnModel:
    """The models of a business's server, for one turn. The key is read when a model is first asked."""

    def __init__(self, models: OwnModels, business_id: UUID, server: ModelServerSettings) -> None:
        self._models, self._business_id, self._server = models, business_id, server
        self._client: ModelClient | None = None

    def complete(self, messages: list[dict[str, str]], settings: ModelSettings, **options: Any) -> Answer:
        """Returns the model's answer. Raises ModelFailed, also if the key cannot be read, and DatabaseUnavailable."""
        try:
            client = self._find_client()
        except CallFailed as failure:
            raise ModelFailed(f"{failure.cause}: {failure.message}", (), timed_out=False) from failure
        return client.complete(messages, settings, **options)

    def is_answering(self, model: str, tenant: str = "") -> bool:
        """Returns False while the circuit breaker of the model is open, and if the key cannot be read."""
        try:
            return self._find_client().is_answering(model, tenant)
        except CallFailed:
            return False

    def _find_client(self) -> "ModelClient":
        if self._client is None:
            self._client = self._models.client_of(self._business_id, self._server)
        return self._client
