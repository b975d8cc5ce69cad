"""The frames of a turn while it runs."""

from collections.abc import Callable
from uuid import UUID

from message_processing.accept import Accepted
from message_processing.events import Answered, Failed, Held, StepFinished, StepStarted, TakenOver, TurnEvent
from message_processing.live.listener import Frame

Publish = Callable[[UUID, Frame], None]


def publish_accepted(publish: Publish, accepted: Accepted) -> None:
    """Say that a message is stored. What happens in its turn is published while it runs; a held turn does not run."""
    conversation = {"conversation_id": str(accepted.conversation_id)}
    ids = {**conversation, "turn_id": str(accepted.turn_id)}
    if accepted.is_new or accepted.status == "held":
        message = {"message_id": str(accepted.message_id), "seq": accepted.seq, "sender_type": "user"}
        publish(accepted.business_id, {"type": "message.created", **ids, **message})
    if accepted.status == "held":
        publish(accepted.business_id, {"type": "turn.held", **ids})
        publish(accepted.business_id, {"type": "conversation.changed", **conversation})


class TurnFrames:
    """Follows the events of a turn and publishes what they mean for clients. Each event comes after its commit."""

    def __init__(self, publish: Publish, accepted: Accepted) -> None:
        self._publish = publish
        self._business_id = accepted.business_id
        self._ids = {"conversation_id": str(accepted.conversation_id), "turn_id": str(accepted.turn_id)}
        self._reply_seq = accepted.seq + 1
        self._has_started = False
        self._has_new_calls = False  # which are saved before the next call to a model, and with the result

    def __call__(self, event: TurnEvent) -> None:
        """Publish the frames of an event."""
        match event:
            case StepStarted(step, waits=waits):
                if not self._has_started:
                    self._has_started = True
                    self._send("turn.started")
                if waits:
                    self._send_calls()
                self._send("turn.step", step=step)
            case StepFinished():
                self._has_new_calls = True
            case Answered(body):
                reply = {"message_id": body["response_message_id"], "seq": self._reply_seq, "sender_type": "assistant"}
                self._send("message.created", **reply)
                self._end("turn.finished")
            case Held():
                self._end("turn.held")
            case Failed():
                self._has_new_calls = True
                self._end("turn.failed")
            case TakenOver():
                pass

    def _end(self, kind: str) -> None:
        self._send(kind)
        self._send_calls()
        self._publish(
            self._business_id, {"type": "conversation.changed", "conversation_id": self._ids["conversation_id"]}
        )

    def _send_calls(self) -> None:
        if self._has_new_calls:
            self._has_new_calls = False
            self._send("call.recorded")

    def _send(self, kind: str, **values: str | int | None) -> None:
        self._publish(self._business_id, {"type": kind, **self._ids, **values})
