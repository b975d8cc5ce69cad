"""The messages between processes: JSON objects that contain several frames, or say what a process does."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from message_processing.live.listener import Frame
from message_processing.live.presence import Person

MAX_PAYLOAD = 7_900  # bytes; PostgreSQL allows 7,999
MAX_PEOPLE = 25  # in a part of an announcement, which must fit into one payload


@dataclass(frozen=True)
class Payload:
    """What a process has received from another. `frames` are (business_id, frame)."""

    process_id: UUID
    frames: list[tuple[UUID, Frame]] = field(default_factory=list)
    has_lost_frames: bool = False  # the process could not send all frames
    asks: bool = False  # the process has started, and asks the others for their announcements
    has_clients: bool | None = None  # whether clients are connected to the process; None: not announced here
    business_id: UUID | None = None  # `people` are connected to the process for this business
    part: int = 0
    people: list[Person] = field(default_factory=list)


def as_item(business_id: UUID, text: str) -> str:
    """One frame, whose JSON is `text`, in the list of a payload."""
    return f'["{business_id}",{text}]'


def pack(process_id: UUID, items: Iterable[str], has_lost_frames: bool = False) -> Iterator[str]:
    """The items in as few payloads as possible."""
    start = f'{{"process_id":"{process_id}","has_lost_frames":{"true" if has_lost_frames else "false"},"frames":['
    batch: list[str] = []
    size = len(start) + 2
    for item in items:
        length = len(item.encode()) + 1
        if batch and size + length > MAX_PAYLOAD:
            yield f"{start}{','.join(batch)}]}}"
            batch, size = [], len(start) + 2
        batch.append(item)
        size += length
    if batch or has_lost_frames:
        yield f"{start}{','.join(batch)}]}}"


def announcements(
    process_id: UUID, has_clients: bool, people: dict[UUID, list[Person]], asks: bool = False
) -> Iterator[str]:
    """Payloads that say who is connected to the process."""
    yield _dumps({"process_id": str(process_id), "has_clients": has_clients, "asks": asks})
    for business_id, connected in people.items():
        for start in range(0, max(1, len(connected)), MAX_PEOPLE):
            part = {
                "process_id": str(process_id),
                "business_id": str(business_id),
                "part": start // MAX_PEOPLE,
                "people": [
                    [str(each.user_id), each.name, str(each.conversation_id) if each.conversation_id else None]
                    for each in connected[start : start + MAX_PEOPLE]
                ],
            }
            yield _dumps(part)


def unpack(text: str) -> Payload:
    """The payload that another process has sent. Raises ValueError, KeyError or TypeError if it is malformed."""
    body: dict[str, Any] = json.loads(text)
    return Payload(
        process_id=UUID(body["process_id"]),
        frames=[(UUID(business_id), frame) for business_id, frame in body.get("frames", ())],
        has_lost_frames=body.get("has_lost_frames", False),
        asks=body.get("asks", False),
        has_clients=body.get("has_clients"),
        business_id=UUID(body["business_id"]) if "business_id" in body else None,
        part=body.get("part", 0),
        people=[
            Person(UUID(user_id), name, UUID(conversation_id) if conversation_id else None)
            for user_id, name, conversation_id in body.get("people", ())
        ],
    )


def _dumps(body: dict[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
