"""The frames that one process has yet to send to the others."""

import threading
import time
from collections import deque

MAX_FRAMES = 5_000  # more than that are lost
KEPT_SECONDS = 5.0  # frames from so long before somebody connects are sent then


class Outbox:
    """While nobody is connected, it keeps only the latest frames: another process may have a client of which this one
    does not know yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: deque[tuple[float, str]] = deque()
        self._has_lost_frames = False

    def add(self, item: str) -> None:
        """Add a frame (see `payloads.as_item`)."""
        with self._lock:
            if len(self._frames) >= MAX_FRAMES:
                self._has_lost_frames = True
            else:
                self._frames.append((time.monotonic(), item))

    def take(self) -> tuple[list[str], bool]:
        """Remove all frames. Returns them without repetitions, and whether others were lost."""
        with self._lock:
            items = dict.fromkeys(item for _, item in self._frames)
            self._frames.clear()
            has_lost_frames, self._has_lost_frames = self._has_lost_frames, False
            return list(items), has_lost_frames

    def note_lost_frames(self) -> None:
        """Frames that were taken could not be sent. The next `take` says so."""
        with self._lock:
            self._has_lost_frames = True

    def drop_old(self) -> None:
        """Remove all but the latest frames."""
        oldest = time.monotonic() - KEPT_SECONDS
        with self._lock:
            while self._frames and self._frames[0][0] < oldest:
                self._frames.popleft()
