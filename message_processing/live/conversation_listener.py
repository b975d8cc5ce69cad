"""Wakes up the stream of a conversation when a message is stored in it."""

import threading

from message_processing.live.listener import Credential, Ending, Frame


class ConversationListener:
    """Ignores all frames but those that announce a message of the conversation."""

    person = None  # a stream does not show that somebody is there

    def __init__(self, conversation_id: str, credential: Credential) -> None:
        self.credential = credential
        self.ending: Ending | None = None
        self._conversation_id = conversation_id
        self._event = threading.Event()

    def wait(self, seconds: float) -> None:
        """Wait until there may be a message, or until the stream has to end."""
        self._event.wait(seconds)
        self._event.clear()

    def add(self, frame: Frame, _text: str, /) -> None:
        """Wake up if it is a message of the conversation."""
        if frame["type"] == "message.created" and str(frame.get("conversation_id")) == self._conversation_id:
            self._event.set()

    def resynchronise(self) -> None:
        """Wake up: a frame may have been lost."""
        self._event.set()

    def end(self, ending: Ending) -> None:
        """End the stream."""
        self.ending = ending
        self._event.set()

    def check(self, now: float) -> None:
        """Nothing: the server limits how long a client may take to receive."""
