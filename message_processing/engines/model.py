"""Who answers: the three parts of a turn that are somebody's judgement. The pipeline is the same with each of them."""

from typing import TYPE_CHECKING, Any, Protocol

from message_processing.business_data import BusinessData
from message_processing.engines.prompting import Ask, Prompter
from message_processing.steps.extraction import extract_data
from message_processing.steps.response import generate_response
from message_processing.steps.selection import select_stage
from message_processing.summary import Renewal, summarise
from message_processing.turn import Outcome, Shown, Turn

if TYPE_CHECKING:
    from llm.client import ModelClient


class Engine(Protocol):
    """Raises StepFailed when no answer could be had. `waits`: whether judging is waiting, so that two of its steps may
    as well wait at once."""

    waits: bool

    def select_stage(self, turn: Turn) -> Outcome: ...

    def extract_data(self, turn: Turn) -> Outcome: ...

    def generate_response(self, turn: Turn) -> Outcome: ...


class ModelEngine:
    """The three prompts, answered by a language model."""

    waits = True

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def select_stage(self, turn: Turn) -> Outcome:
        return select_stage(turn, self._ask)

    def extract_data(self, turn: Turn) -> Outcome:
        return extract_data(turn, self._ask)

    def generate_response(self, turn: Turn) -> Outcome:
        return generate_response(turn, self._ask)


class Engines(Protocol):
    """What a runner is given for its life: an engine for each of its turns."""

    def for_turn(self, business_data: BusinessData, shown: Shown, /) -> Engine: ...

    def summarise(self, business_data: BusinessData, turn: Turn, rows: list[dict[str, Any]]) -> Renewal | None:
        """The conversation's summary renewed by `rows`, the messages since the last one; None where nobody can."""

    def close(self) -> None: ...


class ModelEngines:
    """A model's client, and the model where neither template nor business names one."""

    def __init__(self, model: "ModelClient", default_model: str) -> None:
        self._model = model
        self._default_model = default_model

    def for_turn(self, business_data: BusinessData, shown: Shown) -> Engine:
        return ModelEngine(Prompter(self._model, self._default_model, business_data.cache, shown))

    def summarise(self, business_data: BusinessData, turn: Turn, rows: list[dict[str, Any]]) -> Renewal | None:
        return summarise(turn, Prompter(self._model, self._default_model, business_data.cache), rows)

    def close(self) -> None:
        self._model.close()
