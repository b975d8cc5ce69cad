"""Runs one test case: a conversation in a sandbox, and what was expected of each answer."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from db import Database
from message_processing.release import Release
from message_processing.test_cases.conversation import SandboxConversation, Sandboxes, stored_calls
from message_processing.test_cases.expectations import check_turn
from message_processing.test_cases.judge import Judge
from message_processing.test_cases.result import CaseResult, TurnResult, failed_to_run, result_of
from message_processing.test_cases.sandbox import settings_for_tests
from repositories import llm_calls

logger = logging.getLogger(__name__)

STEP = "test"  # of model calls


class Stopped(Exception):
    """The process is stopping. The test case runs again in another one."""


class CaseRunner:
    """Runs test cases in sandboxes."""

    def __init__(self, database: Database, sandboxes: Sandboxes) -> None:
        self._database, self._sandboxes = database, sandboxes

    def run(
        self, business_id: UUID, release: Release, definition: dict[str, Any], is_stopping: Callable[[], bool]
    ) -> CaseResult:
        """Runs a test case once. Its model calls are stored, nothing else. Raises Stopped, and DatabaseUnavailable."""
        release = replace(release, settings=settings_for_tests(release.settings))
        started_at = time.monotonic()
        chosen = self._sandboxes.models.choose(business_id, release.settings)
        judge = Judge(chosen, release, str(business_id), self._sandboxes.time_limit)
        with self._sandboxes.transaction() as conn:
            try:
                conversation = SandboxConversation(self._sandboxes, conn, business_id, release, definition)
                turns = _converse(conversation, definition["turns"], judge, is_stopping)
            except Stopped:
                raise
            except Exception as error:
                if conn.closed:
                    raise
                logger.exception("test case failed", extra={"business_id": str(business_id)})
                return failed_to_run(type(error).__name__, started_at)
            calls = stored_calls(conversation.calls(), judge.calls, STEP)
        with self._database.transaction() as conn:
            llm_calls.insert_calls(conn, business_id, calls)
        return result_of(turns, calls, started_at)


def _converse(
    conversation: SandboxConversation, turns: list[dict[str, Any]], judge: Judge, is_stopping: Callable[[], bool]
) -> list[TurnResult]:
    """Returns what became of each turn."""
    results: list[TurnResult] = []
    for turn in turns:
        if is_stopping():
            raise Stopped
        observed = conversation.say(turn["message"])
        checks = check_turn(turn.get("expect", {}), observed, turn["message"], judge)
        results.append(
            {
                "message": turn["message"],
                "stage_name": observed.stage_name,
                "fields": observed.fields,
                "reply": observed.reply,
                "checks": checks,
            }
        )
    return results
