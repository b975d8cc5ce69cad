"""Renders templates: `build_context` computes the variables that a template names, `apply_template` renders the prompt.

Only variables that a template names are computed. A database connection is opened when the first provider uses it, and
returned before the model is called. A variable whose provider fails renders as missing; the others still work.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any
from uuid import UUID

from core.errors import DatabaseUnavailable
from core.storable import storable_value
from db import Connections, Row
from message_processing import variables
from message_processing.agents import AgentChoice, choose_agent, language_for_agents
from message_processing.engines.closeness import Closeness
from message_processing.knowledge.prompt_text import PASSAGE_RULES, has_passages
from message_processing.knowledge.search import DEFAULT_LIMIT, KnowledgeSearch
from message_processing.local_time import current_time
from message_processing.release import Agent, Stage, Template
from message_processing.step_outputs import FoundPassage
from message_processing.templates.braces import normalise, placeholders, render
from message_processing.templates.history_budget import DEFAULT_TOKENS, HistoryBudget
from message_processing.templates.lazy_connection import LazyConnection
from message_processing.templates.names import names_in
from message_processing.templates.values import Values
from message_processing.turn import Turn
from repositories import messages

logger = logging.getLogger(__name__)

MAX_HISTORY_MESSAGES = 200


@dataclass(frozen=True)
class Prompt:
    """A rendered template.

    `messages` are sent to the model. `content` and `system_prompt` are the template's two texts, rendered. `variables`
    are {name, value} in order of appearance, with the budget of history variables as `history`; `missing` are the names
    of those without a value.
    """

    messages: tuple[dict[str, str], ...]
    content: str
    system_prompt: str
    variables: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]


class VariableCache:
    """The variables computed for a turn, and the database connections to compute more.

    Two prompts of a turn may be rendered at the same time: the second waits for the values of the first instead of
    computing them again.
    """

    def __init__(
        self,
        read_only: Connections,
        statement: Connections | None = None,
        search: KnowledgeSearch | None = None,
        closeness: Closeness | None = None,  # by words only, if there is none
    ) -> None:
        self._connections = read_only, statement
        self._search = search
        self.closeness = closeness or Closeness()
        self._passages: dict[tuple[str, int], list[FoundPassage]] = {}  # by question and limit
        # By name and the template's history_tokens:
        self.values: dict[tuple[str, int], Any] = {}
        self.history_usage: dict[tuple[str, int], dict[str, int]] = {}
        self.lock = Lock()
        self._agents: dict[str, AgentChoice] = {}  # by stage
        self._history: list[Row] = []
        self._requested = 0  # number of messages

    def connection(self) -> LazyConnection:
        """Returns a connection that opens on first use."""
        return LazyConnection(*self._connections)

    def recorded_values(self, _texts: Iterable[str], _known: dict[str, Any]) -> dict[str, Any]:
        """Returns values that variables in the texts have instead of those of their providers: none, but in replays."""
        return {}

    def find_passages(self, business_id: UUID, question: str, limit: int = DEFAULT_LIMIT) -> list[FoundPassage]:
        """Returns the best passages of the business's articles. They are searched once per turn and question."""
        if self._search is None:
            return []
        key = question, limit
        if key not in self._passages:
            self._passages[key] = self._search.find(business_id, question, limit)
        return self._passages[key]

    def agent(self, conn: LazyConnection, known: dict[str, Any]) -> Agent | None:
        """Returns the agent chosen with the stage; before that, the one of the current stage."""
        if known["agent"] is not None:
            chosen: Agent = known["agent"]
            return chosen
        stage: Stage | None = known["stage"] or known["current_stage"]
        return self.choose_agent(conn, known, stage).agent if stage and stage.agents else None

    def choose_agent(self, conn: LazyConnection, known: dict[str, Any], stage: Stage) -> AgentChoice:
        """Returns the responsible agent of a stage with agents.

        It is chosen once per turn and stage, so that all prompts show the same agent.
        """
        if stage.stage_id not in self._agents:
            language = partial(language_for_agents, conn, **known)
            choice = choose_agent(known["release"], stage, current_time(), language)
            self._agents.setdefault(stage.stage_id, choice)
        return self._agents[stage.stage_id]

    def history(self, conn: LazyConnection, known: dict[str, Any], count: int = MAX_HISTORY_MESSAGES) -> list[Row]:
        """Returns the latest `count` messages before the current one, oldest first.

        They are read once per turn, unless a later prompt needs more of them.
        """
        count = min(count, MAX_HISTORY_MESSAGES)
        if count > self._requested:
            with conn.for_one_statement() as connection:
                rows = messages.list_latest(
                    connection, known["business_id"], known["conversation_id"], before_seq=known["seq"], limit=count
                )
            self._history = known["release"].masking.messages(rows)
            self._requested = count
        return self._history[max(len(self._history) - count, 0) :]


def build_context(names: Iterable[str], known: dict[str, Any], cache: VariableCache) -> dict[str, Any]:
    """Returns {name: value} of the named variables that have a provider; None for those without a value.

    `known` are the keyword arguments of providers, see `variables.ARGUMENTS`.
    """
    providers = {name: found for name in names if (found := variables.find_provider(name))}
    context: dict[str, Any] = {}
    if "knowledge" in providers and known["passages"] is None:  # before any connection is taken
        passages = cache.find_passages(known["business_id"], known["message_content"] or "")
        known = {**known, "passages": passages}
    conn = cache.connection()
    history_tokens = known.get("history_tokens", DEFAULT_TOKENS)
    known = {
        **known,
        "agent": partial(cache.agent, conn, known),
        "history": partial(cache.history, conn, known),
        "history_tokens": history_tokens,
        "closest_examples": cache.closeness.examples,
    }
    try:
        with cache.lock:  # before any connection is taken, so that no thread waits here while holding one
            for name, (provider, arguments) in providers.items():
                if provider.scope == "turn":
                    key = name, history_tokens
                    if key not in cache.values:
                        budget = HistoryBudget(history_tokens)
                        cache.values[key] = _provide(provider, conn, {**known, **arguments, "budget": budget})
                        if budget.is_used:
                            cache.history_usage[key] = budget.usage
                    context[name] = cache.values[key]
        for name, (provider, arguments) in providers.items():
            if provider.scope == "step":
                budget = HistoryBudget(history_tokens)
                context[name] = _provide(provider, conn, {**known, **arguments, "budget": budget})
    finally:
        conn.give_back()
    return context


def _provide(provider: variables.Provider, conn: LazyConnection, arguments: dict[str, Any]) -> Any:
    """Returns the provider's value as JSON, with dates and amounts as text; None if the provider fails."""
    try:
        value = provider.function(conn, **arguments)
        value = storable_value(value if isinstance(value, str) else json.loads(json.dumps(value, default=str)))
        is_masked = provider.name not in variables.UNMASKED
        return arguments["release"].masking.members(value) if is_masked else value
    except DatabaseUnavailable:  # a reply without the history would be worse than a later one
        raise
    except Exception as error:  # providers are extensions and may raise anything
        fields = {"error_code": "VARIABLE_FAILED"}
        logger.warning("variable %s failed: %s", provider.name, type(error).__name__, extra=fields)
        return None


def apply_template(
    template: Template,
    turn: Turn,
    cache: VariableCache,
    contract: str = "",
    given: dict[str, Any] | None = None,
    history_share: float = 1.0,
) -> Prompt:
    """Returns the prompt of a step.

    The system message is the rendered system prompt plus the step's output contract; the content is the user message.
    If the template does not name the customer's message, the message follows as a further user message.
    `history_share` reduces the budget of the history variables, for a model that rejected the prompt as too long.
    """
    history_tokens = template.model_settings.get("history_tokens", DEFAULT_TOKENS)
    known = provider_arguments(turn) | {"history_tokens": int(history_tokens * history_share)}
    return render_prompt(
        template.content, template.system_prompt, known, turn.release.variables, cache, contract, given
    )


def render_prompt(
    content: str,
    system_prompt: str,
    known: dict[str, Any],
    business_variables: dict[str, str],
    cache: VariableCache,
    contract: str = "",
    given: dict[str, Any] | None = None,
) -> Prompt:
    """Like `apply_template`, but for given texts and provider arguments, so that previews use the same code as turns.

    `given` values take precedence over all others.
    """
    values = values_for([content, system_prompt], known, business_variables, cache, given)
    rendered, rendered_system = render(content, values), render(system_prompt, values)
    rules = PASSAGE_RULES if has_passages(rendered_system + rendered) else ""
    system = "\n\n".join(part for part in (rendered_system.strip(), rules, contract) if part)
    messages = [{"role": "system", "content": system}] if system else []
    names_message = variables.names_user_message(
        placeholder.name for text in (content, system_prompt) for placeholder in placeholders(text)
    )
    if rendered.strip():  # servers reject an empty message
        messages.append({"role": "user", "content": rendered})
    if not rendered.strip() or not names_message:
        messages.append({"role": "user", "content": known["message_content"] or ""})
    used = []
    for name, value in values.used.items():
        usage = cache.history_usage.get((normalise(name), known.get("history_tokens", DEFAULT_TOKENS)))
        used.append({"name": name, "value": value, **({"history": usage} if usage else {})})
    return Prompt(tuple(messages), rendered, rendered_system, tuple(used), tuple(values.missing))


def values_for(
    texts: Iterable[str],
    known: dict[str, Any],
    business_variables: dict[str, str],
    cache: VariableCache,
    given: dict[str, Any] | None = None,
) -> Values:
    """Returns the values of the placeholders in the texts. `given` values take precedence over all others."""
    texts = list(texts)
    given = {**cache.recorded_values(texts, known), **(given or {})}
    context = build_context([name for name in names_in(*texts) if name not in given], known, cache)
    return Values({**context, **given}, business_variables, known)


def provider_arguments(turn: Turn) -> dict[str, Any]:
    """Returns the keyword arguments that providers get for a turn, see `variables.ARGUMENTS`."""
    return {
        "business_id": turn.business_id,
        "user_id": turn.user_id,
        "conversation_id": turn.conversation_id,
        "turn_id": turn.turn_id,
        "message_content": turn.message,
        "stage": turn.stage,
        "current_stage": turn.current_stage,
        "release": turn.release,
        "agent": turn.agent if turn.selection and "agent" in turn.selection else None,
        "conversation": {**turn.conversation, "stage_id": turn.stage_before},  # a late retry must not see a later stage
        "seq": turn.seq,
        "extracted_data": turn.extracted_data,
        "collected_data": turn.collected_data,
        "missing_fields": turn.missing_fields,
        "retrieved_data": turn.retrieved_data,
        "passages": turn.passages,
        "action_result": turn.action_result,
    }
