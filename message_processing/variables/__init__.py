"""The registry of template variables. A provider lives in a file of this folder and is found by being there:

    @TemplateVariableProvider.register_provider('my_variable')
    def provide_my_variable(conn, **kwargs) -> str:
        return "my value"

That file is all a new variable needs. The first sentence of its docstring describes it in `GET /variables`, in the
editor and in the docs. `conn` is a read-only connection, opened when it is first used; `kwargs` are `ARGUMENTS`.
A provider returns text, a number, a list or an object, or None where there is no value.
"""

import importlib.util
import inspect
import logging
import re
import sys
from collections.abc import Callable, Iterable
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
    "stage": "the selected Stage; None before the selection",
    "current_stage": "the Stage in which the conversation stood, or begins",
    "release": "the Release: the business's design, by which the turn runs",
    "conversation": "the conversation's row as a dict; empty in a preview without one",
    "seq": "the number of the customer's message; history is every message with a smaller one",
    "extracted_data": "the fields found in this message",
    "collected_data": "every field found in the conversation so far",
    "missing_fields": "the names of required fields that are not known yet",
    "retrieved_data": "what data retrieval found",
    "action_result": "what the stage's actions did",
    "history": "a function: `history(10)` gives the latest 10 messages before the current one, oldest first, as dicts",
    "history_tokens": "how many tokens of history the template wants at most, if it says so",
}


@dataclass(frozen=True)
class Provider:
    """A variable: how it is called, what it is, and the function that supplies its value.

    `holds` says how long a value may be used: for the whole "turn", or for one "step" only. `pattern` lets one
    provider stand for a family of names; the groups it captures are given to the function by name.
    """

    name: str
    function: Callable[..., Any]
    aliases: tuple[str, ...]
    pattern: re.Pattern[str] | None
    fields: tuple[str, ...]
    description: str
    example: str
    holds: Literal["turn", "step"]


class TemplateVariableProvider:
    """The decorator under which providers register."""

    _providers: ClassVar[dict[str, Provider]] = {}
    _by_name: ClassVar[dict[str, Provider]] = {}

    @classmethod
    def register_provider(
        cls,
        name: str,
        *,
        aliases: Iterable[str] = (),
        pattern: str | None = None,
        fields: Iterable[str] = (),
        example: str = "",
        holds: Literal["turn", "step"] = "step",
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the function that supplies `{name}`; raises ValueError for a name that is taken or that no template
        could ask for. `fields` are what may follow a dot: `{user.first_name}`."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            names = [normalise(each) for each in (name, *aliases)]
            for each in names:
                if not is_name(each) or each in cls._by_name:
                    raise ValueError(f"the variable name {each!r} is taken or malformed")
            description = (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ")
            provider = Provider(
                name,
                function,
                tuple(aliases),
                re.compile(pattern) if pattern else None,
                tuple(fields),
                description,
                example,
                holds,
            )
            cls._providers[name] = provider
            cls._by_name.update(dict.fromkeys(names, provider))
            return function

        return register


_loading = RLock()


def _load(folder: Path) -> None:
    with _loading:  # of the first requests of a process only one runs the files, the others wait for it
        _load_once(folder)


@cache
def _load_once(folder: Path) -> None:
    """Run every file of the folder. One that is broken, or whose name is taken, is logged and left out; the others
    work on."""
    for path in sorted(folder.glob("[!_]*.py")):
        module_name = f"{__name__}.{path.stem}"
        spec = importlib.util.spec_from_file_location(module_name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # So that the three lines of the docstring above are a whole file, import or not.
        module.__dict__["TemplateVariableProvider"] = TemplateVariableProvider
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except Exception:  # anybody's code
            logger.exception("variable file %s cannot be used", path.name, extra={"error_code": "VARIABLE_FAILED"})


def all_providers() -> list[Provider]:
    """Every provider, in alphabetical order."""
    _load(FOLDER)
    return sorted(TemplateVariableProvider._providers.values(), key=lambda provider: provider.name.lower())


def find_provider(name: str) -> tuple[Provider, dict[str, str]] | None:
    """The provider that knows a normalised name, and the arguments that the name itself carries; None if none does."""
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
    """Whether one of the names is the customer's current message."""
    found = (find_provider(name) for name in names)
    return any(each and each[0].name == "user_message" for each in found)
