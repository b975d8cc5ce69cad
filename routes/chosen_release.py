"""What answers in a test run or a simulation: the draft, the live release or another one."""

from typing import Any
from uuid import UUID

from db import Connection
from repositories import businesses, releases


def chosen_release(conn: Connection, business_id: UUID, which: str) -> tuple[UUID | None, dict[str, Any] | None]:
    """The ID of the release, or the snapshot of the draft. Raises NotFound for an unknown release."""
    if which == "draft":
        return None, releases.draft_design(conn, business_id)
    if which == "live":
        return businesses.get_business(conn, business_id)["live_release_id"], None
    return releases.get_release(conn, business_id, UUID(which))["release_id"], None
