"""The current time, and the time zones in which it is shown."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from message_processing.release import Release
from repositories import users

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def current_time() -> datetime:
    """The current time in UTC; in a replay, that of the recorded turn."""
    return _replayed.get() or datetime.now(UTC)


@contextmanager
def time_of_replay(moment: datetime) -> Iterator[None]:
    """In this context, `current_time` returns the moment."""
    token = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(token)


def timezone_of(conn: Any, business_id: UUID, user_id: UUID | None, release: Release) -> tzinfo:
    """The customer's time zone, otherwise the business's, otherwise UTC."""
    user = users.find_sender(conn, business_id, user_id)
    return (_zone(user["timezone"]) if user else None) or business_timezone(release)


def business_timezone(release: Release) -> tzinfo:
    """The business's time zone, otherwise UTC."""
    return timezone_of_settings(release.settings)


def timezone_of_settings(settings: Mapping[str, Any]) -> tzinfo:
    """The time zone in the settings of a business, otherwise UTC."""
    return _zone(settings.get("timezone")) or UTC


def _zone(name: str | None) -> tzinfo | None:
    """None for unknown names, which rows of an older database may contain."""
    try:
        return ZoneInfo(name or "")
    except (ValueError, OSError, LookupError):  # malformed, the name of a directory, or unknown
        return None
