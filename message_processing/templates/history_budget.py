"""Limits the history in a prompt to a number of tokens, which are estimated because each model counts differently.

Tokenizers work on bytes and know English best: four characters of ASCII text are about one token, and so are two bytes
of any other text. A Chinese character has three bytes, so it counts as one and a half tokens; a Cyrillic letter counts
as one. The estimate is rather too high than too low.
"""

from dataclasses import dataclass, field
from typing import Any

from message_processing.templates.transcript import transcript_lines

DEFAULT_TOKENS = 3_000  # unless the template's model settings have history_tokens
_UNITS_PER_TOKEN = 4
_ELLIPSIS = "…"


def estimate_tokens(text: str) -> int:
    """Returns approximately how many tokens a model counts for the text."""
    return -(-_units(text) // _UNITS_PER_TOKEN)


@dataclass
class HistoryBudget:
    """The budget of one history variable. Each method returns what fits into the rest of it."""

    max_tokens: int = DEFAULT_TOKENS
    left_out: int = 0  # messages
    is_used: bool = False
    _units_used: int = field(default=0, init=False)

    @property
    def usage(self) -> dict[str, int]:
        """Returns what the trace shows: the estimated tokens, the budget and how many messages were left out."""
        tokens = -(-self._units_used // _UNITS_PER_TOKEN)
        return {"tokens": tokens, "max_tokens": self.max_tokens, "left_out": self.left_out}

    def transcript(self, rows: list[dict[str, Any]]) -> str:
        """Returns as many of the latest messages as fit, oldest first, each with its speaker."""
        return self.latest(transcript_lines(rows))

    def latest(self, lines: list[str]) -> str:
        """Returns as many of the last lines as fit, and at least the beginning of the last one."""
        kept: list[str] = []
        for line in reversed(lines):
            units = _units(line) + 1
            if units > self._units_left:
                beginning = "" if kept else self.beginning(line)
                kept += [beginning] if beginning else []
                break
            self._use(units)
            kept.append(line)
        self.left_out += len(lines) - len(kept)
        self.is_used = True
        return "\n".join(reversed(kept))

    def beginning(self, text: str) -> str:
        """Returns the text, or its beginning and an ellipsis if it is too long."""
        self.is_used = True
        units_left = self._units_left
        if _units(text) > units_left:
            units_left -= _units(_ELLIPSIS)
            end = 0
            while end < len(text) and (units_left := units_left - _units(text[end])) >= 0:
                end += 1
            text = text[:end] + _ELLIPSIS if end else ""
        self._use(_units(text))
        return text

    @property
    def _units_left(self) -> int:
        return self.max_tokens * _UNITS_PER_TOKEN - self._units_used

    def _use(self, units: int) -> None:
        self._units_used += units


def _units(text: str) -> int:
    """Returns the length in quarters of a token."""
    if text.isascii():
        return len(text)
    ascii_characters = len(text.encode("ascii", "ignore"))
    return ascii_characters + 2 * (len(text.encode("utf-8", "replace")) - ascii_characters)
