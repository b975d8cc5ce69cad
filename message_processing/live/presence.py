"""Who of a business's team is connected, in all processes, and which conversation each has open."""

import threading
import time
from dataclasses import dataclass
from uuid import UUID

LIFETIME = 15.0  # seconds after which the announcement of a process no longer counts: it may have died


@dataclass(frozen=True)
class Person:
    """A connected user, and the conversation that they have open."""

    user_id: UUID
    name: str
    conversation_id: UUID | None = None


# A process announces many people in several parts.
Part = tuple[UUID, int]
People = dict[UUID, Person]


class Presence:
    """The announcements of all processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients_until: dict[UUID, float] = {}  # by process, as time.monotonic()
        self._people: dict[UUID, dict[Part, tuple[list[Person], float]]] = {}  # by business

    def note_clients(self, process_id: UUID, has_clients: bool) -> None:
        """Clients are, or are no longer, connected to a process."""
        with self._lock:
            if has_clients:
                self._clients_until[process_id] = time.monotonic() + LIFETIME
            else:
                self._clients_until.pop(process_id, None)

    def has_any_clients(self) -> bool:
        """Whether clients are connected to any process."""
        now = time.monotonic()
        with self._lock:
            return any(until > now for until in self._clients_until.values())

    def note_people(self, business_id: UUID, part: Part, people: list[Person]) -> tuple[People, People]:
        """Note who is connected to a process. Returns who was connected to any process before, and who is now."""
        with self._lock:
            before = self._merged(business_id)
            parts = self._people.setdefault(business_id, {})
            if people:
                parts[part] = people, time.monotonic() + LIFETIME
            else:
                parts.pop(part, None)
            if not parts:
                del self._people[business_id]
            return before, self._merged(business_id)

    def people(self, business_id: UUID) -> People:
        """Who of a business is connected, by user."""
        with self._lock:
            return self._merged(business_id)

    def forget_dead(self) -> list[tuple[UUID, People, People]]:
        """Forget processes that no longer announce anything. Returns the businesses for which that changes who is
        connected, with who was before, and who is now."""
        now = time.monotonic()
        changes = []
        with self._lock:
            for process_id in [each for each, until in self._clients_until.items() if until <= now]:
                del self._clients_until[process_id]
            for business_id, parts in list(self._people.items()):
                dead = [part for part, (_, until) in parts.items() if until <= now]
                if not dead:
                    continue
                before = self._merged(business_id)
                for part in dead:
                    del parts[part]
                if not parts:
                    del self._people[business_id]
                changes.append((business_id, before, self._merged(business_id)))
        return changes

    def _merged(self, business_id: UUID) -> People:
        """A user with several clients has the conversation open that one of them has."""
        merged: People = {}
        for people, _ in self._people.get(business_id, {}).values():
            for person in people:
                if person.conversation_id or person.user_id not in merged:
                    merged[person.user_id] = person
        return merged


def presence_frames(before: People, after: People) -> list[dict[str, str | bool | None]]:
    """The frames that tell clients what has changed."""
    gone = [_frame(person, False) for user_id, person in before.items() if user_id not in after]
    return gone + [_frame(person, True) for user_id, person in after.items() if before.get(user_id) != person]


def _frame(person: Person, is_connected: bool) -> dict[str, str | bool | None]:
    return {
        "type": "presence",
        "user_id": str(person.user_id),
        "name": person.name,
        "conversation_id": str(person.conversation_id) if is_connected and person.conversation_id else None,
        "is_connected": is_connected,
    }
