"""The variables of a replay: the recorded values of what was read at that time, and new ones of what follows from the
release and from the steps before."""

import inspect
from collections.abc import Iterable
from typing import Any

from db import Database
from message_processing import variables
from message_processing.agents import AgentChoice
from message_processing.engines.closeness import Closeness
from message_processing.knowledge.search import KnowledgeSearch
from message_processing.release import Stage
from message_processing.replay.recorded import RecordedTurn
from message_processing.templates.braces import placeholders
from message_processing.templates.history_budget import DEFAULT_TOKENS
from message_processing.templates.lazy_connection import LazyConnection
from message_processing.templates.template_service import VariableCache

# What a provider gets from the release, the message and earlier steps. With any other argument, it reads data.
_KNOWN = frozenset(
    ("release", "message_content", "stage", "current_stage", "agent", "extracted_data", "collected_data",
     "missing_fields", "retrieved_data", "passages", "action_result", "closest_examples")
)  # fmt: skip


class RecordedValues(VariableCache):
    """`step` is the one that runs. `not_recorded` are the names of what cannot be known any more."""

    def __init__(
        self, recorded: RecordedTurn, database: Database, search: KnowledgeSearch, closeness: Closeness
    ) -> None:
        super().__init__(database.read_only, database.statement, search, closeness)
        self._recorded = recorded
        self.step = "selection"
        self._computed_now: dict[tuple[str, str], None] = {}  # the step and the name
        self.not_recorded: dict[str, None] = {}

    @property
    def computed_now(self) -> list[str]:
        """The names of what was not recorded, so that today's data was used."""
        return list(dict.fromkeys(name for _, name in self._computed_now))

    def note_computed(self, name: str) -> None:
        """Notes that the step uses today's data."""
        self._computed_now[self.step, name] = None

    def recorded_values(self, texts: Iterable[str], known: dict[str, Any]) -> dict[str, Any]:
        """Returns the recorded values of the variables in the texts, by their normalised names."""
        found: dict[str, Any] = {}
        for name in {each.name: None for text in texts for each in placeholders(text)}:
            root = name.partition(".")[0]
            provider = variables.find_provider(name) or variables.find_provider(root)
            if provider is None or not self._is_as_recorded(provider[0], known):
                continue
            for each in (name, root):
                values = self._recorded_in_steps(each, provider[0], known.get("history_tokens", DEFAULT_TOKENS))
                if values:
                    found[each] = values[0]
                    self._computed_now.pop((self.step, name), None)  # of a longer prompt, which the model rejected
                    break
            else:
                self._note_missing(name, provider[0])
        return found

    def choose_agent(self, conn: LazyConnection, known: dict[str, Any], stage: Stage) -> AgentChoice:
        """Returns the recorded agent of a stage, unless the agents of the stage have changed."""
        recorded = self._recorded.agent_of(stage, known["release"])
        return recorded or super().choose_agent(conn, known, stage)

    def _is_as_recorded(self, provider: variables.Provider, known: dict[str, Any]) -> bool:
        """Whether the value of that time is wanted: it depends on data or on the agent, and the agents are the same."""
        used = _arguments(provider)
        if "agent" in used:
            stage = known["stage"] or known["current_stage"]
            return self._recorded.has_same_agents(self.step, stage, known["release"])
        return not used or not used <= _KNOWN or ("passages" in used and known["passages"] is None)

    def _note_missing(self, name: str, provider: variables.Provider) -> None:
        used = _arguments(provider)
        if provider.name == "conversation_summary" and self._recorded.has_lost_summary:
            self.not_recorded[name] = None
        elif not used or not used <= _KNOWN or "passages" in used:
            self.note_computed(name)

    def _recorded_in_steps(self, name: str, provider: variables.Provider, history_tokens: int) -> list[Any]:
        """The recorded values, that of the current step first. Values that are the same in the whole turn may come from
        other steps. A history counts if it was limited to as many tokens."""
        steps = [self.step, *self._recorded.steps] if provider.scope == "turn" else [self.step]
        values = [self._recorded.values[step][name] for step in steps if name in self._recorded.values.get(step, {})]
        return [each.value for each in values if each.history_tokens in (None, history_tokens)]


def _arguments(provider: variables.Provider) -> set[str]:
    """What the provider says that it uses. One that says nothing may read anything."""
    return set(inspect.signature(provider.function).parameters) - {"conn", "kwargs"}
