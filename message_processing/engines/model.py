"""The engine interface, and the engine that answers with a language model. The pipeline is the same for all engines."""

from typing import TYPE_CHECKING, Any, Protocol

from message_processing.broadcast import Broadcast
from message_processing.business_data import BusinessData
from message_processing.engines.prompting import PromptRunner
from message_processing.steps.extraction import extract_data
from message_processing.steps.response import generate_response
from message_processing.steps.selection import select_stage
from message_processing.summary import SummaryUpdate, summarise
from message_processing.turn import Outcome, Turn

if TYPE_CHECKING:
    from llm.client import ModelClient


class Engine(Protocol):
    """Makes the decisions of one turn. Each method raises StepFailed if it gets no answer.

    `calls_model` is whether the steps wait for a model, so that running two of them at once saves time.
    """

    calls_model: bool

    def select_stage(self, turn: Turn) -> Outcome:
        """Decides which stage the message belongs to."""
        ...

    def extract_data(self, turn: Turn) -> Outcome:
        """Finds the fields that the message contains."""
        ...

    def generate_response(self, turn: Turn) -> Outcome:
        """Writes the reply."""
        ...


class ModelEngine:
    """Runs the three prompts of a turn with a language model."""

    calls_model = True

    def __init__(self, prompts: PromptRunner) -> None:
        self._prompts = prompts

    def select_stage(self, turn: Turn) -> Outcome:
        return select_stage(turn, self._prompts)

    def extract_data(self, turn: Turn) -> Outcome:
        return extract_data(turn, self._prompts)

    def generate_response(self, turn: Turn) -> Outcome:
        return generate_response(turn, self._prompts)


class Engines(Protocol):
    """Creates the engine of each turn. An application has one instance for its lifetime."""

    def for_turn(self, business_data: BusinessData, broadcast: Broadcast, /) -> Engine:
        """Returns the engine of one turn."""
        ...

    def summarise(self, business_data: BusinessData, turn: Turn, rows: list[dict[str, Any]]) -> SummaryUpdate | None:
        """Returns the conversation's summary extended by `rows`, the messages since the last summary.

        Returns None if the engine cannot write summaries.
        """
        ...

    def close(self) -> None:
        """Releases connections."""
        ...


class ModelEngines:
    """Creates model engines. `default_model` is used if neither the template nor the business names a model."""

    def __init__(self, model: "ModelClient", default_model: str) -> None:
        self._model = model
        self._default_model = default_model

    def for_turn(self, business_data: BusinessData, broadcast: Broadcast) -> Engine:
        return ModelEngine(PromptRunner(self._model, self._default_model, business_data.cache, broadcast))

    def summarise(self, business_data: BusinessData, turn: Turn, rows: list[dict[str, Any]]) -> SummaryUpdate | None:
        return summarise(turn, PromptRunner(self._model, self._default_model, business_data.cache), rows)

    def close(self) -> None:
        self._model.close()
