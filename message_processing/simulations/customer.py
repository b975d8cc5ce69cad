"""The customer of a simulation, played by a model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from llm.types import Call, ModelFailed, ModelSettings
from message_processing.engines.models import ChosenModel
from message_processing.release import Release
from message_processing.steps.lenient_json import read_json, unwrap
from message_processing.templates.braces import Placeholder, render
from message_processing.templates.history_budget import HistoryBudget

MAX_MESSAGE_LENGTH = 2_000  # characters
_MAX_TOKENS = 1_500
_MAX_HISTORY_TOKENS = 20_000
_SYSTEM, _, _CONTENT = (
    (Path(__file__).parents[2] / "templates" / "simulated_customer.txt").read_text().partition("\n---\n")
)
_LAST = "The conversation has ended here. Do not write a message; only say whether the goal is reached."
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "is_done": {"type": "boolean"},
        "goal_reached": {"type": "boolean"},
    },
    "required": ["message", "is_done", "goal_reached"],
    "additionalProperties": False,
}
_VALIDATOR = Draft202012Validator(_SCHEMA)


class UnusableAnswer(Exception):
    """The model that plays the customer gave no answer that can be used. The text says why."""


@dataclass(frozen=True)
class Words:
    """What the customer does next. With `is_done`, there is no further message."""

    message: str
    is_done: bool
    goal_reached: bool


class SimulatedCustomer:
    """A customer with a persona, a goal and facts. Collects the model calls."""

    def __init__(
        self, chosen: ChosenModel, release: Release, tenant: str, time_limit: float, role: dict[str, Any]
    ) -> None:
        """`role`: persona, goal and facts. `time_limit` is in seconds, for each answer of the model."""
        self._chosen, self._tenant, self._time_limit, self._role = chosen, tenant, time_limit, role
        self._settings = ModelSettings(
            model=chosen.name_for(None),
            max_tokens=_MAX_TOKENS,
            timeout=release.settings.get("timeout"),
            prices=release.settings.get("prices"),
        )
        self.calls: list[Call] = []

    def next(self, turns: list[dict[str, Any]]) -> Words:
        """Returns what the customer does after these turns. Raises UnusableAnswer."""
        words = self._ask(turns, "")
        if words.is_done and not turns:
            raise UnusableAnswer("The model that plays the customer ended the conversation before its first message.")
        if not words.is_done and not words.message:
            raise UnusableAnswer("The model that plays the customer wrote an empty message.")
        if len(words.message) > MAX_MESSAGE_LENGTH:
            raise UnusableAnswer(
                f"The model that plays the customer wrote a message of more than {MAX_MESSAGE_LENGTH} characters."
            )
        return words

    def has_reached_goal(self, turns: list[dict[str, Any]]) -> bool:
        """Returns whether the goal is reached after the last turn. Raises UnusableAnswer."""
        return self._ask(turns, _LAST).goal_reached

    def _ask(self, turns: list[dict[str, Any]], ending: str) -> Words:
        try:
            messages = self._prompt(turns, ending)
            answer = self._chosen.ask(messages, self._settings, _SCHEMA, tenant=self._tenant, seconds=self._time_limit)
        except ModelFailed as failure:
            self.calls += failure.calls
            raise UnusableAnswer("The model that plays the customer gave no answer.") from failure
        self.calls += answer.calls
        found = unwrap(read_json(answer.text), _SCHEMA["properties"])
        if not _VALIDATOR.is_valid(found):
            raise UnusableAnswer("The model that plays the customer did not answer with the required JSON.")
        return Words(found["message"].strip(), found["is_done"], found["goal_reached"])

    def _prompt(self, turns: list[dict[str, Any]], ending: str) -> list[dict[str, str]]:
        rows = []
        for turn in turns:
            rows.append({"sender_type": "user", "message_content": turn["message"]})
            if turn["reply"] is not None:
                rows.append({"sender_type": "assistant", "message_content": turn["reply"]})
        values = {
            "persona": self._role["persona"],
            "goal": self._role["goal"],
            "facts": "\n".join(f"- {name}: {value}" for name, value in self._role["facts"].items()),
            "conversation": HistoryBudget(_MAX_HISTORY_TOKENS).transcript(rows),
            "ending": ending,
        }

        def value_of(placeholder: Placeholder) -> str | None:
            return values[placeholder.name] or placeholder.fallback

        content = render(_CONTENT, value_of).strip()
        return [{"role": "system", "content": _SYSTEM.strip()}, {"role": "user", "content": content}]
