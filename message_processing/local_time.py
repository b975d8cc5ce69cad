"""The customer's local time."""

from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from message_processing.release import Release
from repositories import users


def timezone_of(conn: Any, business_id: UUID, user_id: UUID | None, release: Release) -> tzinfo:
    """The customer's time zone, otherwise the business's, otherwise UTC. Unknown names, which rows of an older database
    may contain, are skipped."""
    user = users.find_sender(conn, business_id, user_id)
    for name in (user["timezone"] if user else None, release.settings.get("timezone")):
        try:
            return ZoneInfo(name or "")
        except (ValueError, OSError, LookupError):  # malformed, the name of a directory, or unknown
            continue
    return UTC
