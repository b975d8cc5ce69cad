"""The registry of template variables. Each provider is a file in this folder and is discovered automatically:

    @TemplateVariableProvider.register_provider('my_variable')
    def provide_my_variable(conn, **kwargs) -> str:
        return "my value"

A new variable needs only this file. The first paragraph of its docstring describes it in `GET /variables`, in the
editor and in the documentation. `conn` is a read-only connection that opens on first use; `kwargs` are `ARGUMENTS`.
A provider returns text, a number, a list or an object, or None if there is no value.
"""

import importlib.util
import inspect
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar, Literal

from message_processing.templates.braces import is_name, normalise

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent

ARGUMENTS = {
    "business_id": "UUID of the business",
    "user_id": "UUID of the customer",
    "conversation_id": "UUID of the conversation; None in a preview without one",
    "turn_id": "UUID of the turn; None in a preview",
    "message_content": "the customer's message",
    "stage": "the selected Stage; None before selection",
    "current_stage": "the Stage of the conversation before selection; at its start the default stage",
    "release": "the Release of the turn: stages, templates, agents and variables of the business",
    "agent": "a function: `agent()` returns the responsible agent of the stage as a dict, None if it has none",
    "conversation": "the conversation's row as a dict; empty in a preview without one",
    "seq": "the sequence number of the customer's message; the history consists of the messages with smaller numbers",
    "extracted_data": "the fields found in this message",
    "collected_data": "every field found in the conversation so far",
    "missing_fields": "the names of the required fields that are still missing",
    "retrieved_data": "what data retrieval found",
    "passages": "the passages of articles that are closest to the message; None if they were not searched",
    "closest_examples": "a function: `closest_examples(message, stages, 8)` returns the closest example messages",
    "action_result": "the results of the stage's actions",
    "history": "a function: `history(10)` returns the latest 10 messages before the current one as dicts, oldest first",
    "history_tokens": "the maximum number of tokens of each history variable",
    "budget": "limits the variable to that number: `budget.latest(lines)` returns as many of the last lines as fit",
}


# The variables that contain what the business has entered, or what was masked when it was read. All others are masked
# as messages are: they may contain data that was stored before the business masked anything.
UNMASKED = frozenset(
    ("N", "action_result", "agent_available_at", "agent_instructions", "agent_name", "agent_stages", "available_stages",
     "business", "business_hours", "business_info", "business_name", "conversation_id", "current_date", "current_stage",
     "current_time", "handed_over_to", "knowledge", "language", "language_name", "last_updated", "missing_fields",
     "previous_stage", "products", "retrieved_data", "services", "stage", "stage_descriptions",
     "stage_examples", "stage_list", "start_time", "timestamp")
)  # fmt: skip


@dataclass(frozen=True)
class Provider:
    """A variable: its names, its description and the function that supplies its value.

    `scope` is how long a value is valid: for the whole "turn" or only for one "step". With a `pattern`, one provider
    supplies a family of names; the function gets the named groups of the pattern as arguments.
    """

    name: str
    function: Callable[..., Any]
    aliases: tuple[str, ...]
    pattern: re.Pattern[str] | None
    fields: Mapping[str, str]
    description: str
    example: str
    scope: Literal["turn", "step"]


class TemplateVariableProvider:
    """Registers providers with the decorator `register_provider`."""

    _providers: ClassVar[dict[str, Provider]] = {}
    _by_name: ClassVar[dict[str, Provider]] = {}

    @classmethod
    def register_provider(
        cls,
        name: str,
        *,
        aliases: Iterable[str] = (),
        pattern: str | None = None,
        fields: Mapping[str, str] | Iterable[str] = (),
        example: str = "",
        scope: Literal["turn", "step"] = "step",
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Registers the function that supplies `{name}`. Raises ValueError if a name is malformed or already used.

        `fields` are the names that may follow a dot, as in `{user.first_name}`, if possible with their descriptions.
        `example` is shown in the editor.
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            names = [normalise(each) for each in (name, *aliases)]
            for each in names:
                if not is_name(each) or each in cls._by_name:
                    raise ValueError(f"the variable name {each!r} is malformed or already used")
            description = (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ")
            provider = Provider(
                name,
                function,
                tuple(aliases),
                re.compile(pattern) if pattern else None,
                dict(fields) if isinstance(fields, Mapping) else dict.fromkeys(fields, ""),
                description,
                example,
                scope,
            )
            cls._providers[name] = provider
            cls._by_name.update(dict.fromkeys(names, provider))
            return function

        return register


_loading = RLock()


def _load(folder: Path) -> None:
    with _loading:  # the first request of a process loads the files, and the others wait for it
        _load_once(folder)


@cache
def _load_once(folder: Path) -> None:
    """Runs each file of the folder. A file that fails is logged and left out; the others still work."""
    for path in sorted(folder.glob("[!_]*.py")):
        module_name = f"{__name__}.{path.stem}"
        spec = importlib.util.spec_from_file_location(module_name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # A provider file may use the decorator without importing it.
        module.__dict__["TemplateVariableProvider"] = TemplateVariableProvider
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except Exception:  # provider files are extensions and may raise anything
            logger.exception("variable file %s cannot be used", path.name, extra={"error_code": "VARIABLE_FAILED"})


def all_providers() -> list[Provider]:
    """Returns all providers in alphabetical order."""
    _load(FOLDER)
    return sorted(TemplateVariableProvider._providers.values(), key=lambda provider: provider.name.lower())


def find_provider(name: str) -> tuple[Provider, dict[str, str]] | None:
    """Returns the provider of a normalised name and the arguments contained in the name, or None."""
    _load(FOLDER)
    provider = TemplateVariableProvider._by_name.get(name)
    if provider:
        return provider, {}
    for provider in TemplateVariableProvider._providers.values():
        match = provider.pattern.fullmatch(name) if provider.pattern else None
        if match:
            return provider, match.groupdict()
    return None


def names_user_message(names: Iterable[str]) -> bool:
    """Returns whether one of the names is the customer's current message."""
    found = (find_provider(name) for name in names)
    return any(each and each[0].name == "user_message" for each in found)
