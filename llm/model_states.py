"""The state of each model of a server: whether it is down, and what it has rejected."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from core import metrics
from core.circuit_breaker import CircuitBreaker
from llm.rejections import MessageForm

MAX_MODELS = 1_000  # businesses choose the names, so their number has to be limited
# After an answer whose reasoning had no opening tag, answers are held back until their closing tag arrives. This ends
# after so many answers without a closing tag.
CLOSING_TAG_MEMORY = 20


@dataclass
class ModelState:
    """The state of one model, for the lifetime of the process.

    `rejected` are parameters that the model does not support, `merged` the forms of messages that it does not accept.
    """

    circuit_breaker: CircuitBreaker
    rejected: set[str] = field(default_factory=set)
    merged: set[MessageForm] = field(default_factory=set)
    # By tenant, because a prompt can make any model write a closing tag.
    _closing_tags_expected: dict[str, int] = field(default_factory=dict)

    def expects_closing_tag(self, tenant: str) -> bool:
        """Returns whether the model's answers to a tenant start with reasoning that has no opening tag."""
        return tenant in self._closing_tags_expected

    def record_answer(self, tenant: str, has_closing_tag_only: bool) -> None:
        """Records whether an answer contained a closing tag without an opening tag."""
        left = CLOSING_TAG_MEMORY if has_closing_tag_only else self._closing_tags_expected.pop(tenant, 0) - 1
        if left > 0:
            self._closing_tags_expected[tenant] = left


class ModelStates:
    """The states of the models of one server. Thread-safe; the models used least recently are forgotten."""

    def __init__(self, cool_down: float, kind: metrics.CircuitKind = "model") -> None:
        """`cool_down` is that of the circuit breakers, `kind` the metric that counts those that are open."""
        self._cool_down = cool_down
        self._kind = kind
        self._lock = threading.Lock()
        self._by_model: OrderedDict[str, ModelState] = OrderedDict()

    def of(self, model: str) -> ModelState:
        """Returns the state of a model."""
        with self._lock:
            state = self._by_model.get(model)
            if state is None:
                log_fields = {"error_code": "LLM_UNAVAILABLE", "model": model}
                state = self._by_model[model] = ModelState(CircuitBreaker(self._kind, log_fields, self._cool_down))
            self._by_model.move_to_end(model)
            if len(self._by_model) > MAX_MODELS:
                _, forgotten = self._by_model.popitem(last=False)
                forgotten.circuit_breaker.forget()  # the metrics count open circuit breakers
            return state

    def forget(self) -> None:
        """Forgets all models."""
        with self._lock:
            states = list(self._by_model.values())
            self._by_model.clear()
        for state in states:
            state.circuit_breaker.forget()  # the metrics count open circuit breakers
