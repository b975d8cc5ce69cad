"""Who of a business's team is connected, in all processes."""

import threading
import time
from uuid import UUID

LIFETIME = 15.0  # seconds after which the announcement of a process no longer counts: it may have died


class Presence:
    """The announcements of all processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched_until: dict[UUID, float] = {}  # by process, as time.monotonic()
        self._users: dict[UUID, dict[UUID, tuple[frozenset[UUID], float]]] = {}  # by business and process

    def note_watched(self, process_id: UUID, is_watched: bool) -> None:
        """Clients are, or are no longer, connected to a process."""
        with self._lock:
            if is_watched:
                self._watched_until[process_id] = time.monotonic() + LIFETIME
            else:
                self._watched_until.pop(process_id, None)

    def is_any_watched(self) -> bool:
        """Whether clients are connected to any process."""
        now = time.monotonic()
        with self._lock:
            return any(until > now for until in self._watched_until.values())

    def note_users(self, process_id: UUID, business_id: UUID, users: list[UUID]) -> bool:
        """Note which users are connected to a process. Returns whether that changes who is connected at all."""
        before = self.users(business_id)
        with self._lock:
            processes = self._users.setdefault(business_id, {})
            if users:
                processes[process_id] = (frozenset(users), time.monotonic() + LIFETIME)
            else:
                processes.pop(process_id, None)
            if not processes:
                del self._users[business_id]
        return self.users(business_id) != before

    def users(self, business_id: UUID) -> list[UUID]:
        """The users of a business who are connected, in the order of their IDs."""
        with self._lock:
            connected = self._users.get(business_id, {}).values()
            return sorted({user_id for users, _ in connected for user_id in users})

    def forget_dead(self) -> list[UUID]:
        """Forget processes that no longer announce anything. Returns the businesses for which that changes who is
        connected."""
        now, changed = time.monotonic(), []
        with self._lock:
            for process_id in [each for each, until in self._watched_until.items() if until <= now]:
                del self._watched_until[process_id]
            for business_id, processes in list(self._users.items()):
                dead = [process_id for process_id, (_, until) in processes.items() if until <= now]
                for process_id in dead:
                    del processes[process_id]
                if dead:
                    changed.append(business_id)
                if not processes:
                    del self._users[business_id]
        return changed
