"""What receives frames: a client's WebSocket, or the stream of a conversation."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from message_processing.live.presence import Person

Frame = dict[str, Any]
Ending = Literal["stopping", "too slow", "credential ended"]  # why a connection has to end


@dataclass(frozen=True)
class Credential:
    """With what a client has authenticated. Without a key and a session, it is the master key."""

    business_id: UUID
    key_id: UUID | None = None
    session_id: UUID | None = None
    user_id: UUID | None = None
    role: str | None = None  # of a user, or `operator`
    expires_at: datetime | None = None


class Listener(Protocol):
    """Receives the frames of a business. The calls are short and never raise."""

    @property
    def credential(self) -> Credential:
        """With what the client has authenticated."""
        ...

    @property
    def person(self) -> Person | None:
        """The user who is connected, if it is one and others see that."""
        ...

    def add(self, frame: Frame, text: str, /) -> None:
        """Receive a frame; `text` is its JSON."""
        ...

    def resynchronise(self) -> None:
        """Frames may have been lost."""
        ...

    def end(self, ending: Ending) -> None:
        """End the connection."""
        ...

    def check(self, now: float) -> None:
        """Called about once per second."""
        ...


def as_text(frame: Frame) -> str:
    """The JSON of a frame."""
    return json.dumps(frame, separators=(",", ":"), default=str)
