"""A conversation as text for a prompt."""

from typing import Any

_SPEAKERS = {"user": "Customer", "assistant": "Assistant", "agent": "Human agent"}


def as_transcript(rows: list[dict[str, Any]], most_characters: int | None = None) -> str:
    """Messages, oldest first, a speaker each. A message's further lines are set in, so that a customer cannot write
    a line that looks like another speaker's. Beyond `most_characters` the oldest are left out."""
    lines: list[str] = []
    room = most_characters
    for row in reversed(rows):
        line = f"{_SPEAKERS[row['sender_type']]}: {row['message_content']}".replace("\n", "\n    ")
        if room is not None:
            room -= len(line)
            if room < 0:
                break
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
