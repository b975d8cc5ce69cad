"""What views work with: the parts that `app.create_app` wired, and a transaction on a business's design."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import current_app

from config import Config
from db import Connection, Database
from message_processing.release import ReleaseCache
from message_processing.runner import Runner
from repositories import businesses, releases


@dataclass(frozen=True)
class Parts:
    config: Config
    database: Database
    releases: ReleaseCache
    runner: Runner | None  # None: no model is connected


def parts() -> Parts:
    return cast(Parts, current_app.extensions["icmp"])


def database() -> Database:
    return parts().database


@contextmanager
def editing(business_id: UUID) -> Iterator[Connection]:
    """A transaction that changes a business's design. Edits of one business follow one another, and what each leaves
    is the next release, live with the same commit. (SPEC 4)"""
    with database().transaction() as conn:
        businesses.lock_business(conn, business_id)
        yield conn
        releases.publish(conn, business_id)
