"""The engine interface, and the engine that answers with a language model. The pipeline is the same for all engines."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from core.limit_per_business import LimitPerBusiness
from message_processing.broadcast import Broadcast
from message_processing.budgets import Budgets, Level
from message_processing.business_data import BusinessData
from message_processing.engines.closeness import Closeness
from message_processing.engines.models import ChosenModel, Models
from message_processing.engines.prompting import PromptRunner
from message_processing.engines.rules.budget_spent import BudgetSpent
from message_processing.engines.rules.engine import RulesEngine
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.steps.confirmation import ask_model
from message_processing.steps.extraction import extract_data
from message_processing.steps.response import ResponseDraft, generate_response
from message_processing.steps.selection import select_stage
from message_processing.summary import SummaryUpdate, summarise
from message_processing.turn import Outcome, Turn

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel


class Engine(Protocol):
    """Makes the decisions of one turn. Each method raises StepFailed if it gets no answer.

    `calls_model` is whether the steps wait for a model, so that running two of them at once saves time. `runs_actions`
    is whether the stage's actions run, and `answers_from_articles` whether a passage of an article may be the reply.
    """

    name: str
    calls_model: bool
    runs_actions: bool
    answers_from_articles: bool

    def select_stage(self, turn: Turn) -> Outcome:
        """Decides which stage the message belongs to."""
        ...

    def read_answer(self, turn: Turn) -> Outcome:
        """Decides what the message answers to the question about `turn.pending`. The output is a `SelectionOutput`."""
        ...

    def extract_data(self, turn: Turn) -> Outcome:
        """Finds the fields that the message contains."""
        ...

    def generate_response(self, turn: Turn) -> Outcome:
        """Writes the reply."""
        ...

    def draft_response(self, turn: Turn, /) -> AbstractContextManager[ResponseDraft | None]:
        """Yields a reply that can be generated before it is certain that the turn stays in its stage; None if that is
        not likely enough, or if there is no capacity for it."""
        ...


class ModelEngine:
    """Runs the three prompts of a turn with a language model."""

    name = "model"
    calls_model = True
    runs_actions = True
    answers_from_articles = False  # the model answers with them

    def __init__(
        self,
        prompts: PromptRunner,
        fixed_replies: FixedReplies,
        broadcast: Broadcast,
        closeness: Closeness,
        draft_limit: LimitPerBusiness,
    ) -> None:
        """`fixed_replies` answers instead of a reply that must not be sent."""
        self._prompts = prompts
        self._fixed_replies = fixed_replies
        self._broadcast = broadcast
        self._closeness = closeness
        self._draft_limit = draft_limit

    def select_stage(self, turn: Turn) -> Outcome:
        return select_stage(turn, self._prompts, self._closeness)

    def read_answer(self, turn: Turn) -> Outcome:
        return ask_model(turn, self._prompts)

    def extract_data(self, turn: Turn) -> Outcome:
        return extract_data(turn, self._prompts)

    def generate_response(self, turn: Turn) -> Outcome:
        return generate_response(turn, self._prompts, self._fixed_replies, self._broadcast)

    @contextmanager
    def draft_response(self, turn: Turn) -> Iterator[ResponseDraft | None]:
        with self._draft_limit.slot(turn.business_id) as has_slot:
            # Other turns wait for the trial of a circuit breaker, so it must not be a call that may be discarded.
            is_answering = self._prompts.is_answering(turn, turn.chosen_stage.response)
            is_likely = has_slot and is_answering and self._closeness.is_close(turn)
            draft = ResponseDraft(turn, self._prompts, self._fixed_replies, self._broadcast) if is_likely else None
            yield draft


class Engines(Protocol):
    """Creates the engine of each turn. An application has one instance for its lifetime."""

    def for_turn(self, turn: Turn, business_data: BusinessData, broadcast: Broadcast, /) -> Engine:
        """Returns the engine of one turn."""
        ...

    def summarise(self, business_data: BusinessData, turn: Turn, rows: list[dict[str, Any]]) -> SummaryUpdate | None:
        """Returns the conversation's summary extended by `rows`, the messages since the last summary.

        Returns None if there is no model, because rules cannot write summaries, or no budget.
        """
        ...

    def settling(self, turn: Turn, /, *, is_end: bool = True) -> AbstractContextManager[None]:
        """When the context ends, counts what the turn has cost. `is_end` is whether that is all."""
        ...

    def close(self) -> None:
        """Releases connections."""
        ...


class TurnEngines:
    """Creates engines for the model of each business. Without one, rules answer; without budget, fixed replies."""

    def __init__(
        self,
        models: Models,
        budgets: Budgets,
        closeness: Closeness,
        draft_limit: LimitPerBusiness,
        similarity_model: "SimilarityModel | None" = None,
    ) -> None:
        """`draft_limit` limits the drafts that a business generates at the same time. A turn does not wait for one that
        it does not need, so without it a business with a slow model could have many more calls in flight than turns.

        `similarity_model` is that of rules mode. It may only be None if the platform has a model.
        """
        self._models = models
        self._budgets = budgets
        self._closeness = closeness
        self._draft_limit = draft_limit
        self._similarity_model = similarity_model

    def for_turn(self, turn: Turn, business_data: BusinessData, broadcast: Broadcast) -> Engine:
        chosen = self._models.choose(turn.business_id, turn.release.settings)
        if chosen is None:
            assert self._similarity_model is not None
            return RulesEngine(business_data, self._similarity_model)
        level, affordable = self._affordable(turn, chosen)
        if affordable is None:
            return BudgetSpent(business_data, hands_over=level == "person")
        prompts = PromptRunner(affordable, business_data.cache)
        return ModelEngine(prompts, FixedReplies(business_data), broadcast, self._closeness, self._draft_limit)

    def summarise(self, business_data: BusinessData, turn: Turn, rows: list[dict[str, Any]]) -> SummaryUpdate | None:
        chosen = self._models.choose(turn.business_id, turn.release.settings)
        affordable = None if chosen is None else self._affordable(turn, chosen)[1]
        return None if affordable is None else summarise(turn, PromptRunner(affordable, business_data.cache), rows)

    def settling(self, turn: Turn, *, is_end: bool = True) -> AbstractContextManager[None]:
        return self._budgets.settling(turn, is_end=is_end)

    def _affordable(self, turn: Turn, chosen: ChosenModel) -> tuple[Level, ChosenModel | None]:
        """Reserves the cost of the turn. Returns the model that the budget allows, None if no model is asked."""
        level = self._budgets.reserve(turn, chosen.default)
        if level == "normal":
            return level, chosen
        cheaper = turn.release.settings["budget"].get("cheaper_model") if level == "cheaper_model" else None
        return level, None if cheaper is None else chosen.cheaper(cheaper)

    def close(self) -> None:
        self._models.close()
