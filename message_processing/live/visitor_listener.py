"""Tells the stream of a visitor what happens in their conversation."""

import threading
from dataclasses import dataclass, field
from uuid import UUID

from message_processing.live.listener import Credential, Ending, Frame

_SIGNALS = {
    "turn.started": "working",
    "turn.finished": "idle",
    "turn.failed": "idle",
    "turn.held": "changed",
    "conversation.changed": "changed",
}


@dataclass
class Signals:
    """What has happened since they were last taken."""

    has_messages: bool = False  # there may be new ones
    names: list[str] = field(default_factory=list)  # `working`, `idle` and `changed`, in order, each at most once
    typist: str | None = None  # the name of a person who types


class VisitorListener:
    """Collects what a visitor may know. Names are those of people of the business's team."""

    person = None  # visitors are not shown to the team

    def __init__(self, business_id: UUID, conversation_id: UUID) -> None:
        self.credential = Credential(business_id)
        self.ending: Ending | None = None
        self._conversation_id = str(conversation_id)
        self._signals = Signals()
        self._event = threading.Event()
        self._lock = threading.Lock()

    def wait(self, seconds: float) -> Signals:
        """What has happened, at the latest after so many seconds."""
        self._event.wait(seconds)
        with self._lock:
            self._event.clear()
            signals, self._signals = self._signals, Signals()
        return signals

    def add(self, frame: Frame, _text: str, /) -> None:
        """Note a frame about the conversation."""
        if str(frame.get("conversation_id")) != self._conversation_id:
            return
        kind = frame["type"]
        with self._lock:
            if kind == "message.created":
                self._signals.has_messages = True
            elif kind == "typing":
                self._signals.typist = str(frame.get("name") or "")
            elif name := _SIGNALS.get(kind):
                self._signals.names = [*(each for each in self._signals.names if each != name), name]
            else:
                return
            self._event.set()

    def resynchronise(self) -> None:
        """Frames may have been lost: look for messages."""
        with self._lock:
            self._signals.has_messages = True
            self._event.set()

    def end(self, ending: Ending) -> None:
        """End the stream."""
        self.ending = ending
        self._event.set()

    def check(self, now: float) -> None:
        """Nothing: the server limits how long a client may take to receive."""
