"""Replays sets of turns in the background."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import accumulate
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Interrupted, Job, Kind
from core.errors import DatabaseUnavailable, IcmpError
from db import Connection, Database, Row
from message_processing.release import Release, ReleaseCache, read_release
from message_processing.replay.choices import find_release, with_overrides
from message_processing.replay.recorded import load_turn
from message_processing.replay.replayer import Replayer
from message_processing.replay.result import compare, cost_of, tokens_of
from repositories import llm_calls, replayed_turns, replays

logger = logging.getLogger(__name__)

MAX_PARALLEL = 4  # turns of a replay
_KIND = "replay"


def start(conn: Connection, business_id: UUID, replay_id: UUID) -> None:
    """Start or continue a replay. Those of a business run one after the other."""
    replays.set_status(conn, business_id, replay_id, "running")
    jobs.add(
        conn, _KIND, business_id, {"replay_id": str(replay_id)}, queue_key=_KIND, unique_key=f"{_KIND} {replay_id}"
    )


class ReplaySets:
    """Replays turns, several at a time. After a restart, a replay continues with those that have no result yet."""

    def __init__(self, database: Database, replayer: Replayer, releases: ReleaseCache) -> None:
        self._database, self._replayer, self._releases = database, replayer, releases

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (Kind(_KIND, self._run, give_up=_give_up),)

    def _run(self, job: Job) -> None:
        replay_id = UUID(job.payload["replay_id"])
        with self._database.transaction() as conn:
            design = replays.get_design(conn, job.business_id, replay_id)
            found = self._release(conn, job.business_id, replay_id, design)
        while batch := self._next_batch(job, replay_id):
            with ThreadPoolExecutor(MAX_PARALLEL, "replay") as pool:
                futures = [pool.submit(self._replay, job, replay_id, turn_id, design, found) for turn_id in batch]
            for future in futures:
                future.result()

    def _release(
        self, conn: Connection, business_id: UUID, replay_id: UUID, design: Row
    ) -> tuple[Release, int | None] | None:
        """The release that answers and its number; None if it is that of each turn."""
        if design["draft"] is not None:
            return read_release(replay_id, design["draft"]), None
        if design["release_id"] is None:
            return None
        return find_release(conn, business_id, str(design["release_id"]), self._releases)

    def _next_batch(self, job: Job, replay_id: UUID) -> list[UUID]:
        """The turns to replay next; none if the replay has ended or paused, or has reached its limit."""
        with self._database.transaction() as conn:
            replay = replays.lock_replay(conn, job.business_id, replay_id)
            job.checkpoint(conn)
            if replay["status"] != "running":
                return []
            waiting = replays.list_waiting(conn, job.business_id, replay_id, MAX_PARALLEL)
            if not waiting:
                replays.set_status(conn, job.business_id, replay_id, "finished")
                return []
            if replay["limit_usd"] is None:
                return [turn["turn_id"] for turn in waiting]
            left = replay["limit_usd"] - replays.get_spent(conn, job.business_id, replay_id)
            batch = _affordable(waiting, left)
            if not batch:
                replays.set_status(conn, job.business_id, replay_id, "paused", is_limit_reached=True)
            return batch

    def _replay(
        self, job: Job, replay_id: UUID, turn_id: UUID, design: Row, found: tuple[Release, int | None] | None
    ) -> None:
        if job.is_stopping:
            raise Interrupted
        calls: list[dict[str, Any]] = []
        values: dict[str, Any]
        try:
            with self._database.transaction() as conn:
                recorded = load_turn(conn, job.business_id, turn_id, self._releases)
                own = str(recorded.release.release_id)
                release, number = found or find_release(conn, job.business_id, own, self._releases)
            release = with_overrides(release, design["overrides"])
            replayed = self._replayer.run(recorded, release, design["model"])
            calls = replayed.call_rows
            body = compare(recorded, replayed, release, number)
            values = {"difference": _difference(body), "result": _without_steps(body), "error": replayed.error}
        except DatabaseUnavailable:
            raise
        except Exception as error:  # the other turns can still be replayed
            message = error.message if isinstance(error, IcmpError) else f"The replay failed: {type(error).__name__}."
            logger.warning("replay failed", extra={"error_code": type(error).__name__, "turn_id": str(turn_id)})
            values = {"difference": "failed", "result": None, "error": message}
        values |= {"tokens": tokens_of(calls), "cost_usd": cost_of(calls)}
        with self._database.transaction() as conn:
            if replayed_turns.lock_customer(conn, job.business_id, turn_id):
                job.check_lease(conn)  # not whether the process is stopping: the calls have cost money
                llm_calls.insert_calls(conn, job.business_id, calls)
                replays.store_result(conn, job.business_id, replay_id, turn_id, values)


def _affordable(waiting: Iterable[Row], left: Decimal) -> list[UUID]:
    """The first turns that are expected to cost no more than what is left. An unknown price counts as none."""
    rows = list(waiting)
    totals = accumulate(turn["estimated_usd"] or Decimal(0) for turn in rows)
    return [turn["turn_id"] for turn, total in zip(rows, totals, strict=True) if total <= left]


def _difference(body: dict[str, Any]) -> str:
    """The first difference, which is the cause of the later ones."""
    if body["after"]["reply"] is None:
        return "failed"
    return f"different_{body['differences'][0]}" if body["differences"] else "unchanged"


def _without_steps(body: dict[str, Any]) -> dict[str, Any]:
    """The result without prompts, which would be much longer than the rest."""
    sides = {name: {key: body[name][key] for key in body[name] if key != "steps"} for name in ("before", "after")}
    return {**body, **sides}


def _give_up(conn: Connection, job: Job) -> None:
    replays.set_status(conn, job.business_id, UUID(job.payload["replay_id"]), "failed")
