"""Publishes frames to the clients of all processes."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from core.concurrency import USES_GREENLETS
from core.server.signals import stopping
from db import Database
from message_processing.live.buses import Bus, BusFailed, OpenBus, postgres_bus, redis_bus
from message_processing.live.credentials import CredentialChecks
from message_processing.live.hub import Hub
from message_processing.live.listener import Frame, Listener, as_text
from message_processing.live.outbox import Outbox
from message_processing.live.payloads import Payload, announcements, as_item, pack, unpack
from message_processing.live.presence import LIFETIME, People, Person, Presence, presence_frames

logger = logging.getLogger(__name__)

_BATCH_SECONDS = 0.05  # frames of so long are sent to the other processes together
_SILENT_SECONDS = 0.25  # between checks for clients while nobody is connected anywhere
_ANNOUNCE_SECONDS = 5.0  # between announcements of who is connected to this process
_CHECK_SECONDS = 1.0  # between checks for clients that do not read
_RETRY_SECONDS = 1.0  # between attempts to connect to the bus
_MAX_FRAME = 4_000  # bytes


class LiveUpdates:
    """The live updates of one process. Create it after the fork, and call `start` once.

    A thread exchanges frames with the other processes. It sends nothing while no client is connected to any of them.
    """

    def __init__(
        self,
        database: Database,
        redis_url: str | None,
        max_clients: int,
        max_clients_per_business: int,
        hint_seconds: float = 15.0,
    ) -> None:
        """The limits are those of this process. They include streams of conversations.

        `hint_seconds` is the time between hints to read the API again, if frames of other processes do not arrive.
        """
        self.process_id = uuid4()
        self.hub = Hub(max_clients, max_clients_per_business)
        self._open_bus: OpenBus = redis_bus(redis_url) if redis_url else postgres_bus(database)
        self._outbox = Outbox()
        self._presence = Presence()
        self._changed: set[UUID] = set()  # businesses whose people have changed since the last announcement
        self._lock = threading.Lock()
        self._assume_clients_until = 0.0  # until the other processes have answered
        self._next_announcement = self._next_check = self._next_hint = 0.0
        self._hint_seconds = hint_seconds
        self._received_at = 0.0
        self._database = database
        self._credentials: CredentialChecks | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-updates", daemon=True)

    def start(self) -> None:
        """Start to exchange frames with the other processes."""
        self._thread.start()
        self._credentials = CredentialChecks(self._database, self.hub)
        if USES_GREENLETS:  # elsewhere, nothing sets it
            threading.Thread(target=self._close_when_stopping, name="live-updates-end", daemon=True).start()

    def close(self) -> None:
        """Disconnect all clients, and stop the thread."""
        self.hub.close()
        self._closed.set()
        if self._credentials is not None:
            self._credentials.close()
            self._thread.join(5)

    def publish(self, business_id: UUID, frame: Frame) -> None:
        """Send a frame (its `type` and IDs) to everyone who is connected for the business.

        Call it after the commit of what has changed. It is cheap, returns at once and never raises.
        """
        try:
            text = as_text(frame)
            if len(text.encode()) > _MAX_FRAME:
                raise ValueError("the frame is too long")
            self.hub.deliver(business_id, frame, text)
            self._outbox.add(as_item(business_id, text))
        except Exception:
            logger.exception("frame not published", extra={"business_id": str(business_id)})

    @contextmanager
    def listening(self, business_id: UUID, listener: Listener) -> Iterator[None]:
        """The listener receives the business's frames until the block ends. Raises RateLimited."""
        try:
            with self.hub.listening(business_id, listener):
                for frame in presence_frames({}, self._presence.people(business_id)):
                    if listener.person is None or frame["user_id"] != str(listener.person.user_id):
                        listener.add(frame, as_text(frame))
                self.note_people(business_id)
                yield
        finally:
            self.note_people(business_id)

    def note_people(self, business_id: UUID) -> None:
        """Who is connected to this process has changed, or which conversation they have open."""
        self._presence.note_clients(self.process_id, not self.hub.is_empty)
        self._apply_people(business_id, self.process_id, 0, self.hub.people(business_id))
        with self._lock:
            self._changed.add(business_id)

    def _apply_people(self, business_id: UUID, process_id: UUID, part: int, people: list[Person]) -> None:
        self._show_change(business_id, *self._presence.note_people(business_id, (process_id, part), people))

    def _show_change(self, business_id: UUID, before: People, after: People) -> None:
        for frame in presence_frames(before, after):
            self.hub.deliver(business_id, frame, as_text(frame))

    def _close_when_stopping(self) -> None:
        stopping.wait()
        self.hub.close()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with self._open_bus() as bus:
                    self._begin(bus)
                    while not self._closed.is_set():
                        self._exchange(bus)
                    self._announce(bus)
            except BusFailed:
                self._closed.wait(_RETRY_SECONDS)
            except Exception:  # without this thread, the process would be cut off
                logger.exception("live updates failed")
                self._closed.wait(_RETRY_SECONDS)

    def _begin(self, bus: Bus) -> None:
        """Ask the other processes who is connected to them, and let clients catch up on what they have missed."""
        if not bus.reaches_others:
            logger.warning("live updates do not reach other processes: set DATABASE_DIRECT_URL or REDIS_URL")
        now = time.monotonic()
        self._received_at = now
        self._assume_clients_until = now + LIFETIME
        self._next_announcement = now + _ANNOUNCE_SECONDS
        bus.send(list(announcements(self.process_id, not self.hub.is_empty, self.hub.all_people(), asks=True)))
        self.hub.resynchronise()

    def _exchange(self, bus: Bus) -> None:
        """One round: send what is due, and receive."""
        now = time.monotonic()
        has_clients = self._presence.has_any_clients() or now < self._assume_clients_until
        if now >= self._next_announcement or self._changed:
            self._announce(bus)
        if has_clients:
            self._send_frames(bus)
        else:
            self._outbox.drop_old()
        for text in bus.receive(_BATCH_SECONDS if has_clients else _SILENT_SECONDS):
            self._receive(bus, text)
        if now >= self._next_check:
            self._next_check = now + _CHECK_SECONDS
            self._check(bus, now)

    def _send_frames(self, bus: Bus) -> None:
        items, has_lost_frames = self._outbox.take()
        if items or has_lost_frames:
            try:
                bus.send(list(pack(self.process_id, items, has_lost_frames)))
            except BusFailed:
                self._outbox.note_lost_frames()
                raise

    def _announce(self, bus: Bus) -> None:
        """Tell the other processes who is connected to this one. Says nothing if that is nobody, and was before."""
        with self._lock:
            changed, self._changed = self._changed, set()
        people = {business_id: self.hub.people(business_id) for business_id in changed}
        if time.monotonic() >= self._next_announcement:
            self._next_announcement = time.monotonic() + _ANNOUNCE_SECONDS
            people |= self.hub.all_people()
            self._presence.note_clients(self.process_id, not self.hub.is_empty)
            for business_id, connected in people.items():
                self._presence.note_people(business_id, (self.process_id, 0), connected)
        if changed or not self.hub.is_empty:
            bus.send(list(announcements(self.process_id, not self.hub.is_empty, people)))

    def _receive(self, bus: Bus, text: str) -> None:
        try:
            payload = unpack(text)
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.warning("malformed live update")
            return
        if payload.process_id == self.process_id:
            self._received_at = time.monotonic()
        else:
            self._apply(bus, payload)

    def _apply(self, bus: Bus, payload: Payload) -> None:
        """Pass on what another process has sent."""
        for business_id, frame in payload.frames:
            self.hub.deliver(business_id, frame, as_text(frame))
        if payload.has_lost_frames:
            self.hub.resynchronise()
        if payload.has_clients is not None:
            self._presence.note_clients(payload.process_id, payload.has_clients)
        if payload.business_id is not None:
            self._apply_people(payload.business_id, payload.process_id, payload.part, payload.people)
        if payload.asks and not self.hub.is_empty:
            bus.send(list(announcements(self.process_id, True, self.hub.all_people())))

    def _check(self, bus: Bus, now: float) -> None:
        """Find clients that do not read, processes that have died, and a bus that is silently broken."""
        self.hub.check(now)
        for business_id, before, after in self._presence.forget_dead():
            self._show_change(business_id, before, after)
        if not bus.reaches_others:
            if now >= self._next_hint:
                self._next_hint = now + self._hint_seconds
                self.hub.resynchronise()
        elif self.hub.is_empty:
            self._received_at = now
        elif now - self._received_at > LIFETIME:  # not even its own announcements
            raise BusFailed("nothing arrives")
