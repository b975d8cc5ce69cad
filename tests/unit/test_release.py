"""Releases: parsed once from the snapshot of their row."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from message_processing.release import Release, ReleaseCache, read_release
from tests.support.pipeline import make_release, make_stage, make_turn


def test_default_stage() -> None:
    first, second, closed = make_stage("First"), make_stage("Second"), make_stage("Closed", is_active=False)
    assert make_release(closed, first, second).default_stage is first
    assert make_release(first, second, default_stage_id=second.stage_id).default_stage is second
    assert make_release(first, closed, default_stage_id=closed.stage_id).default_stage is first
    assert make_release(first, default_stage_id=str(uuid4())).default_stage is first
    assert make_release(closed).default_stage is None
    assert make_release().default_stage is None


SNAPSHOT: dict[str, Any] = {
    "business": {}, "settings": {}, "default_stage_id": None, "stages": [], "templates": [], "defaults": {},
    "agents": [], "variables": {},
}  # fmt: skip


def test_release_of_an_older_version_has_one_agent_per_stage() -> None:
    agent_id, template_id = str(uuid4()), str(uuid4())
    template = {
        "template_id": template_id, "template_name": "", "template_type": "", "version": 1, "content": "Hello",
        "system_prompt": None, "model_settings": {},
    }  # fmt: skip
    stage = {
        "stage_id": str(uuid4()), "stage_name": "Help", "stage_description": "", "stage_type": "", "agent_id": agent_id,
        "stage_selection_template_id": template_id, "data_extraction_template_id": template_id,
        "response_generation_template_id": template_id, "extraction_schema": None, "data_retrieval": {}, "actions": [],
        "example_messages": [], "fixed_reply": None, "confidence_threshold": None, "is_active": True,
    }  # fmt: skip
    agent = {"agent_id": agent_id, "agent_name": "Bob", "agent_type": "human", "description": None}
    release = read_release(
        uuid4(),
        {**SNAPSHOT, "stages": [stage, {**stage, "agent_id": None}], "templates": [template], "agents": [agent]},
    )
    assert [each.agents for each in release.stages] == [[{"agent_id": agent_id, "conditions": []}], []]
    # The selection of a turn that the older version has started names no agent.
    selection: Any = {"stage_id": stage["stage_id"], "stage_name": "Help", "confidence": None, "reason": ""}
    assert make_turn(release).with_selection(selection).agent == agent


def test_release_is_loaded_once_and_least_recently_used_are_evicted() -> None:
    cache, loaded = ReleaseCache(size=2), []

    def get(release_id: UUID) -> Release:
        def load() -> dict[str, Any]:
            loaded.append(release_id)
            return SNAPSHOT

        return cache.get(release_id, load)

    one, two, three = uuid4(), uuid4(), uuid4()
    assert get(one) is get(one)
    get(two)
    get(one)
    get(three)  # two is the least used now
    get(one)
    assert loaded == [one, two, three]
    get(two)
    assert loaded == [one, two, three, two]


def test_failed_load_is_retried() -> None:
    cache, release_id = ReleaseCache(), uuid4()

    def fail() -> dict[str, Any]:
        raise LookupError

    with pytest.raises(LookupError):
        cache.get(release_id, fail)
    assert cache.get(release_id, lambda: SNAPSHOT).release_id == release_id


def test_concurrent_loads_return_the_release() -> None:
    cache, release_id, all_here = ReleaseCache(), uuid4(), threading.Barrier(8)

    def get() -> Release:
        all_here.wait(10)
        return cache.get(release_id, lambda: SNAPSHOT)

    with ThreadPoolExecutor(8) as threads:
        releases = [future.result() for future in [threads.submit(get) for _ in range(8)]]
    assert {release.release_id for release in releases} == {release_id}
