"""A conversation as text for a prompt."""

import re
from typing import Any

_NEW_LINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPEAKERS = {"user": "Customer", "assistant": "Assistant", "agent": "Human agent"}


def as_transcript(rows: list[dict[str, Any]], most_characters: int | None = None) -> str:
    """Messages, oldest first, a speaker each. A message's further lines are set in, so that a customer cannot write
    a line that looks like another speaker's. Beyond `most_characters` the oldest are left out; of the latest message
    at least the beginning is kept."""
    lines: list[str] = []
    room = most_characters
    for row in reversed(rows):
        line = _NEW_LINE.sub("\n    ", f"{_SPEAKERS[row['sender_type']]}: {row['message_content']}")
        if room is not None and len(line) > room:
            if not lines:
                lines.append(f"{line[: room - 1]}…")
            break
        room = None if room is None else room - len(line)
        lines.append(line)
    return "\n".join(reversed(lines))


def as_summary(summary: dict[str, Any] | None) -> str | None:
    """A stored summary as sentences: its overview, then its lists."""
    if not summary:
        return None
    lists = {"key_points": "Key points", "decisions": "Decisions", "pending_items": "Pending", "next_steps": "Next"}
    parts = [str(summary.get("overview") or "")]
    parts += [f"{label}: {'; '.join(map(str, summary[name]))}" for name, label in lists.items() if summary.get(name)]
    return "\n".join(part for part in parts if part) or None
