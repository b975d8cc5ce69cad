"""The language model of each turn: the platform's, or that of the business if it has a model server of its own."""

import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from llm.types import Answer, ModelSettings
from message_processing.business_settings import BusinessSettings
from message_processing.engines.own_models import OwnModels


class Model(Protocol):
    """Asks the models of one server, like `llm.client.ModelClient`."""

    def complete(
        self,
        messages: list[dict[str, str]],
        settings: ModelSettings,
        *,
        deadline: float,
        tenant: str,
        json_schema: dict[str, Any] | None,
        images: Sequence[str],
        on_delta: Callable[[str], None] | None,
        on_reset: Callable[[], None] | None,
        shorten: Callable[[], list[dict[str, str]] | None] | None,
    ) -> Answer:
        """Returns the model's answer. Raises ModelFailed."""
        ...

    def is_answering(self, model: str, tenant: str = "") -> bool:
        """Returns False while the circuit breaker of the model is open for the tenant."""
        ...


class PlatformModel(Model, Protocol):
    """The client of the platform's server."""

    def close(self) -> None:
        """Closes the connections."""
        ...


@dataclass(frozen=True)
class ChosenModel:
    """The server that a turn asks. `default` is the model for templates that name none. Only `allowed` models are asked
    for; None: all of them. `own_host` is the host of a server of the business. `is_cheaper` is whether a cheaper model
    answers because the budget is used up."""

    model: Model
    default: str
    allowed: frozenset[str] | None = None
    own_host: str | None = None
    is_cheaper: bool = False

    def cheaper(self, model: str) -> "ChosenModel | None":
        """Returns the same server with a cheaper model for all templates, None if the operator does not allow it."""
        if self.fallback_for(model) is None:
            return None
        return replace(self, default=model, allowed=frozenset((model,)), is_cheaper=True)

    def name_for(self, wanted: str | None) -> str:
        """Returns the wanted model, or the default one if none is wanted or the operator does not allow it."""
        return self.fallback_for(wanted) or self.default

    def ask(
        self,
        messages: list[dict[str, str]],
        settings: ModelSettings,
        json_schema: dict[str, Any],
        *,
        tenant: str,
        seconds: float,
    ) -> Answer:
        """Returns the answer to a question that belongs to no step of a turn, within `seconds`. Raises ModelFailed."""
        return self.model.complete(
            messages,
            settings,
            deadline=time.monotonic() + seconds,
            tenant=tenant,
            json_schema=json_schema,
            images=(),
            on_delta=None,
            on_reset=None,
            shorten=None,
        )

    def fallback_for(self, wanted: str | None) -> str | None:
        """Returns the wanted model, None if the operator does not allow it."""
        return wanted if self.allowed is None or wanted in self.allowed else None


class Models:
    """Chooses the model of each turn."""

    def __init__(
        self, platform: PlatformModel | None, default: str, allowed: frozenset[str] | None, own: OwnModels
    ) -> None:
        """`platform` is None in rules mode. `default` and `allowed` are models of the platform."""
        self._platform = None if platform is None else ChosenModel(platform, default, allowed)
        self._client = platform
        self._business_id: UUID | None = None
        self.own = own

    def of_business(self, business_id: UUID) -> "Models":
        """Returns the same models, always chosen for this business, whichever asks for one."""
        models = copy(self)
        models._business_id = business_id
        return models

    def choose(self, business_id: UUID, settings: BusinessSettings) -> ChosenModel | None:
        """Returns the model for a business with these settings, None if rules have to answer."""
        server = settings.get("model_server")
        if server is not None:
            own_host = urlsplit(server["url"]).hostname
            business_id = self._business_id or business_id
            return ChosenModel(self.own.model_of(business_id, server), server["model"], own_host=own_host)
        if self._platform is None:
            return None
        default = self._platform.name_for(settings.get("model"))
        return ChosenModel(self._platform.model, default, self._platform.allowed)

    def close(self) -> None:
        """Closes the connections to all servers."""
        if self._client is not None:
            self._client.close()
        self.own.close()
