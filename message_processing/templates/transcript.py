"""A conversation as text for a prompt."""

import re
from typing import Any

_NEW_LINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
MOST_CHARACTERS = 100_000  # more than most models read; a prompt that wants less says so
_SPEAKERS = {"user": "Customer", "assistant": "Assistant", "agent": "Human agent"}


def as_transcript(rows: list[dict[str, Any]], most_characters: int = MOST_CHARACTERS) -> str:
    """Messages, oldest first, a speaker each. A message's further lines are set in, so that a customer cannot write
    a line that looks like another speaker's."""
    lines = [_NEW_LINE.sub("\n    ", f"{_SPEAKERS[row['sender_type']]}: {row['message_content']}") for row in rows]
    return latest_that_fit(lines, most_characters)


def latest_that_fit(lines: list[str], most_characters: int = MOST_CHARACTERS) -> str:
    """The last of the lines, as many as there is room for; of the very last at least the beginning."""
    kept: list[str] = []
    room = most_characters
    for line in reversed(lines):
        room -= len(line) + 1
        if room < 0:
            kept = kept or [f"{line[: most_characters - 1]}…"]
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def as_summary(summary: dict[str, Any] | None) -> str | None:
    """A stored summary as sentences: its overview, then its lists."""
    if not summary:
        return None
    lists = {"key_points": "Key points", "decisions": "Decisions", "pending_items": "Pending", "next_steps": "Next"}
    parts = [str(summary.get("overview") or "")]
    parts += [f"{label}: {'; '.join(map(str, summary[name]))}" for name, label in lists.items() if summary.get(name)]
    return "\n".join(part for part in parts if part) or None
