"""Templates with their variables: `build_context` computes what a template names, `apply_template` renders the prompt.

Only variables that a template names are computed; a connection is opened when the first provider touches it, and given
back before the model is asked. A provider that fails renders as missing and breaks nothing else. (SPEC 8)
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from core.storable import storable_text, storable_value
from db import Connections, LazyConnection, Row
from message_processing import variables
from message_processing.release import Template
from message_processing.templates.braces import Placeholder, normalise, placeholders, render
from message_processing.turn import Turn
from repositories import messages

logger = logging.getLogger(__name__)

# Where a single word that is no variable is looked up, in this order.
FACTS = ("extracted_data", "collected_data", "retrieved_data", "action_result")
_ABSENT = object()
# All values of a prompt together: more than any model reads, and no template of any length makes more of them.
MOST_CHARACTERS = 1_000_000
MOST_MESSAGES = 200  # of a conversation's history


@dataclass(frozen=True)
class Prompt:
    """A rendered template: `messages` as sent, `variables` as {name, value} in order, `missing` the names without a
    value. `content` and `system_prompt` are the template's own two texts, rendered."""

    messages: tuple[dict[str, str], ...]
    content: str
    system_prompt: str
    variables: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]


class VariableCache:
    """The values that hold for a whole turn, and the connections to compute more with. Two of a turn's prompts may be
    rendered at once: the second then waits for the first one's values instead of asking for them again."""

    def __init__(self, read_only: Connections, statement: Connections | None = None) -> None:
        self._connections = read_only, statement
        self.values: dict[tuple[str, int | None], Any] = {}  # by name and the template's budget for history
        self.lock = Lock()
        self._history: list[Row] = []
        self._read = 0  # messages that were asked for

    def connection(self) -> LazyConnection:
        return LazyConnection(*self._connections)

    def history(self, conn: LazyConnection, known: dict[str, Any], count: int = MOST_MESSAGES) -> list[Row]:
        """The latest `count` messages before the current one, MOST_MESSAGES at most, oldest first. Read once a turn,
        unless a later prompt wants more of them than those before."""
        count = min(count, MOST_MESSAGES)
        if count > self._read:
            business_id, conversation_id, before = known["business_id"], known["conversation_id"], known["seq"]
            with conn.for_one_statement() as one:
                self._history = messages.list_latest(one, business_id, conversation_id, before_seq=before, limit=count)
            self._read = count
        return self._history[max(len(self._history) - count, 0) :]


def build_context(names: Iterable[str], known: dict[str, Any], cache: VariableCache) -> dict[str, Any]:
    """The values of those of the named variables that a provider knows: {name: value}, None for one without a value.

    `known` is what providers are given as keyword arguments: see `variables.ARGUMENTS`.
    """
    found = {name: each for name in names if (each := variables.find_provider(name))}
    context: dict[str, Any] = {}
    conn = cache.connection()
    known = {**known, "history": partial(cache.history, conn, known)}
    try:
        with cache.lock:  # these first: whoever waits here must not hold a connection, or all of them might
            for name, (provider, arguments) in found.items():
                if provider.holds == "turn":
                    key = name, known.get("history_tokens")
                    if key not in cache.values:
                        cache.values[key] = _provide(provider, conn, {**known, **arguments})
                    context[name] = cache.values[key]
        for name, (provider, arguments) in found.items():
            if provider.holds == "step":
                context[name] = _provide(provider, conn, {**known, **arguments})
    finally:
        conn.give_back()
    return context


def _provide(provider: variables.Provider, conn: LazyConnection, arguments: dict[str, Any]) -> Any:
    """The provider's value as JSON can say it, dates and amounts as text; None where it fails."""
    try:
        value = provider.function(conn, **arguments)
        if isinstance(value, str):
            return storable_text(value)
        return storable_value(json.loads(json.dumps(value, default=str)))
    except Exception as error:  # a provider is anybody's code, and may raise anything
        logger.warning(
            "variable %s failed: %s",
            provider.name,
            type(error).__name__,
            extra={"error_code": "VARIABLE_FAILED"},
        )
        return None


class Values:
    """What a template's placeholders stand for. Remembers what was used and what was missing."""

    def __init__(self, context: dict[str, Any], own: dict[str, str], facts: dict[str, Any]) -> None:
        self._context = context
        self._own = own
        self._facts = facts
        self._room = MOST_CHARACTERS
        self.used: dict[str, Any] = {}
        self.missing: dict[str, None] = {}

    def __call__(self, placeholder: Placeholder) -> str | None:
        value = self._value(placeholder)
        if value is _ABSENT and not placeholder.is_one_word:
            return None
        if value is _ABSENT or value is None or value == "" or value == [] or value == {}:
            if placeholder.fallback is not None:
                value = placeholder.fallback
            elif value is _ABSENT or value is None:
                self.missing[placeholder.written] = None
                value = None
        text = as_text(value)[: self._room]
        self._room -= len(text)
        self.used[placeholder.written] = value
        return text

    def _value(self, placeholder: Placeholder) -> Any:
        name = placeholder.name
        if name in self._context:
            return self._context[name]
        if name in self._own:
            return self._own[name]
        root, *path = name.split(".")
        if path and root in self._context:
            return _field(self._context[root], path)
        if not placeholder.is_one_word:
            return _ABSENT
        for source in FACTS:
            value = _field(self._facts.get(source), [root, *path])
            if value is not None:
                return value
        return _ABSENT


def as_text(value: Any) -> str:
    """Text as it is, nothing for None, everything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _field(value: Any, path: list[str]) -> Any:
    for part in path:
        if not isinstance(value, dict):
            return None
        value = next((item for name, item in value.items() if normalise(name) == part), None)
    return value


def names_in(*texts: str) -> list[str]:
    """The variable names that the texts ask for, in the registered form, each with the root of its dotted name."""
    names: dict[str, None] = {}
    for text in texts:
        for placeholder in placeholders(text):
            names[placeholder.name] = None
            names[placeholder.name.partition(".")[0]] = None
    return list(names)


def apply_template(
    template: Template, turn: Turn, cache: VariableCache, contract: str = "", given: dict[str, Any] | None = None
) -> Prompt:
    """The prompt of a step: the system message is the rendered system prompt and the step's contract, the content is
    the user message; a template that nowhere names the customer's message gets it as a further user message."""
    known = known_of(turn) | {"history_tokens": template.model_settings.get("history_tokens")}
    return compose(template.content, template.system_prompt, known, turn.release.variables, cache, contract, given)


def compose(
    content: str,
    system_prompt: str,
    known: dict[str, Any],
    own: dict[str, str],
    cache: VariableCache,
    contract: str = "",
    given: dict[str, Any] | None = None,
) -> Prompt:
    """As `apply_template`, of texts and of what is known, so that a preview is made by the same code as a turn.
    `given` values come before any other."""
    names = names_in(content, system_prompt)
    context = build_context([name for name in names if name not in (given or {})], known, cache)
    values = Values({**context, **(given or {})}, own, known)
    rendered, rendered_system = render(content, values), render(system_prompt, values)
    messages = []
    system = "\n\n".join(part for part in (rendered_system.strip(), contract) if part)
    if system:
        messages.append({"role": "system", "content": system})
    names_message = variables.names_user_message(
        placeholder.name for text in (content, system_prompt) for placeholder in placeholders(text)
    )
    if rendered.strip():  # servers refuse an empty message
        messages.append({"role": "user", "content": rendered})
    if not rendered.strip() or not names_message:
        messages.append({"role": "user", "content": known["message_content"] or ""})
    used = tuple({"name": name, "value": value} for name, value in values.used.items())
    return Prompt(tuple(messages), rendered, rendered_system, used, tuple(values.missing))


def known_of(turn: Turn) -> dict[str, Any]:
    """What providers are told of a turn: `variables.ARGUMENTS`, by name."""
    return {
        "business_id": turn.business_id,
        "user_id": turn.user_id,
        "conversation_id": turn.conversation_id,
        "turn_id": turn.turn_id,
        "message_content": turn.message,
        "stage": turn.stage,
        "current_stage": turn.current_stage,
        "release": turn.release,
        "conversation": {**turn.conversation, "stage_id": turn.stage_before},  # a late retry: it has moved on since
        "seq": turn.seq,
        "extracted_data": turn.extracted_data,
        "collected_data": turn.collected_data,
        "missing_fields": turn.missing_fields,
        "retrieved_data": turn.retrieved_data,
        "action_result": turn.action_result,
    }


def used_in(content: str, system_prompt: str, own: Iterable[str]) -> tuple[list[str], list[str]]:
    """The variables that a template names, as written, and those of them that no provider and no variable of the
    business knows. Several words between braces that are no variable are prose, and listed in neither."""
    own = set(own)
    named: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for text in (content, system_prompt):
        for placeholder in placeholders(text):
            root = placeholder.name.partition(".")[0]
            is_known = placeholder.name in own or any(
                variables.find_provider(name) for name in (placeholder.name, root)
            )
            if is_known or placeholder.is_one_word:
                named[placeholder.written] = None
                if not is_known:
                    unknown[placeholder.written] = None
    return list(named), list(unknown)
