"""Before a draft is published, its test cases run. It is refused if one fails that passes with the live release.

The prompt of the stage Greeting names its design, which the model repeats.
"""

import re
import threading
from typing import Any

import pytest

from tests.support.cases import add_case, checked_release, get_run, publish
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply, Status
from tests.support.os_users import wait_for
from tests.support.staff import Staff


def design_in(body: dict[str, Any]) -> str:
    """The answer of the model."""
    named = re.search(r"Design ([\w ]+)", str(body["messages"]))
    return named[1] if named else '{"stage": "Greeting", "confidence": 1}'


@pytest.fixture(autouse=True)
def set_up(shop: Shop, fake_model: FakeModel) -> None:
    """The live design is "One", and drafts are reviewed."""
    fake_model.respond = design_in
    edit(shop, "One")
    settings = {"publishing": "reviewed", "speculation": "off"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200


def edit(shop: Shop, design: str) -> None:
    stage = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    path = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(path, {"content": f"Design {design}"}).status_code == 200


def expect_reply(shop: Shop, text: str, name: str = "A case") -> str:
    return add_case(shop, name, "Hello", expect={"reply": {"contains": [text]}})


def get_release(shop: Shop, release_id: str) -> dict[str, Any]:
    release: dict[str, Any] = shop.get(f"/releases/{release_id}").get_json()
    return release


def reply(shop: Shop) -> Any:
    return shop.say("Hello").get_json()["response"]


def test_release_is_refused_until_its_cases_pass(shop: Shop) -> None:
    case_id = expect_reply(shop, "One", "Passed before")
    expect_reply(shop, "Three", "Failed before")
    edit(shop, "Two")
    refused = checked_release(shop, publish(shop, note="Second design"))
    assert (refused["status"], refused["is_live"], refused["note"]) == ("refused", False, "Second design")
    check = refused["check"]
    assert (check["passed"], check["failed"], check["unstable"]) == (0, 2, 0)
    reason = "Message 1: the expectation `contains` was not met."
    assert check["failures"] == [{"test_case_id": case_id, "name": "Passed before", "reason": reason}]
    assert [result["status"] for result in get_run(shop, check["test_run_id"])["results"]] == ["failed", "failed"]
    assert reply(shop) == "One"
    assert shop.put("/releases/trial", {"release_id": refused["release_id"], "percent": 5}).status_code == 409

    edit(shop, "One again")
    published = checked_release(shop, publish(shop))
    assert (published["status"], published["is_live"], published["check"]["failures"]) == ("published", True, [])
    assert reply(shop) == "One again"
    assert shop.get("/releases/draft/changes").get_json()["changes"] == []
    entries = shop.get("/audit-log", resource="release").get_json()
    assert [entry["action"] for entry in entries] == ["check", "refuse", "check", "publish"]


def test_draft_that_was_never_published_is_not_tried_out(shop: Shop) -> None:
    expect_reply(shop, "One")
    edit(shop, "Two")
    assert shop.delete("/releases/draft").status_code == 204
    kept = shop.get("/releases").get_json()[0]
    assert kept["status"] == "draft"
    assert shop.put("/releases/trial", {"release_id": kept["release_id"], "percent": 5}).status_code == 409


def test_owner_overrides_a_check_with_a_reason(shop: Shop, owner: Staff) -> None:
    expect_reply(shop, "One")
    edit(shop, "Two")
    assert shop.post("/releases", {"override": "It is urgent"}).status_code == 403  # a key
    assert owner.send("POST", "/releases", {"override": " "}).status_code == 400
    release = made(owner.send("POST", "/releases", {"override": "It is urgent"}))
    assert reply(shop) == "Two"
    listed = get_release(shop, release["release_id"])
    assert (listed["status"], listed["override_reason"], listed["check"]) == ("published", "It is urgent", None)


@pytest.mark.parametrize("fixed_reply", [None, "Our team will answer soon."])
def test_case_without_an_answer_is_a_reason(shop: Shop, fake_model: FakeModel, fixed_reply: str | None) -> None:
    """It says nothing about the draft: the model server may be down."""
    expect_reply(shop, "One")
    stages = [f"/stages/{stage_id}" for stage_id in shop.stages.values()]
    assert {shop.put(stage, {"fixed_reply": fixed_reply}).status_code for stage in stages} == {200}
    edit(shop, "Two")
    fake_model.respond = lambda body: Status(400)
    check = checked_release(shop, publish(shop))["check"]
    assert [failure["reason"] for failure in check["failures"]] == [
        "Message 1: the expectation `answered` was not met."
    ]


def test_case_that_passes_when_it_is_repeated_is_no_reason(shop: Shop, fake_model: FakeModel) -> None:
    expect_reply(shop, "One")
    edit(shop, "Two")
    replies = iter(["Two", "One"])
    fake_model.respond = lambda body: next(replies) if "Two" in str(body["messages"]) else design_in(body)
    release = checked_release(shop, publish(shop))
    assert (release["status"], release["check"]["unstable"]) == ("published", 1)


def test_checked_draft_answers_a_share_of_new_conversations(shop: Shop) -> None:
    expect_reply(shop, "T")
    edit(shop, "Two")
    release = checked_release(shop, publish(shop, percent=99))
    assert (release["status"], release["is_live"], release["is_trial"]) == ("draft", False, True)
    assert shop.get("/releases/trial").get_json()["percent"] == 99


def test_design_is_protected_while_it_is_checked(shop: Shop, fake_model: FakeModel) -> None:
    """What happens meanwhile: edits, settings, and attempts to publish or discard."""
    first = shop.get("/releases").get_json()[0]
    expect_reply(shop, "Two")
    edit(shop, "Two")
    stage_id = shop.add_stage("Complaint")
    gate = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        return design_in(body) if "Design One" in str(body["messages"]) else Gated(design_in(body), gate)

    fake_model.respond = respond
    release_id = publish(shop)
    fake_model.wait_for_requests(1)
    assert shop.post("/releases").status_code == 409
    assert shop.delete("/releases/draft").status_code == 409
    assert shop.delete(f"/stages/{stage_id}").status_code == 409
    edit(shop, "One")  # now the draft is the same as the live release
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {}}).status_code == 400
    edit(shop, "Three")
    settings = {"publishing": "reviewed", "speculation": "off", "temperature": 0.3}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    gate.set()
    assert checked_release(shop, release_id)["is_live"]
    numbers = [release["number"] for release in shop.get("/releases").get_json()]
    assert numbers == sorted(numbers, reverse=True)  # although the settings were a release in between
    assert reply(shop) == "Two"
    assert fake_model.requests[-1]["temperature"] == 0.3
    assert [each["name"] for each in shop.get("/releases/draft/changes").get_json()["changes"]]  # the last edit

    gate.clear()
    fake_model.forget()
    fake_model.respond = respond
    stopped = publish(shop)
    fake_model.wait_for_requests(1)
    made(shop.post(f"/releases/{first['release_id']}/restore"))
    gate.set()
    assert reply(shop) == "One"
    assert get_release(shop, stopped)["status"] == "draft"
    assert [run["status"] for run in shop.get("/test-runs").get_json()] == ["cancelled", "finished"]


def test_cancelled_check_refuses_and_can_be_repeated(shop: Shop, fake_model: FakeModel) -> None:
    expect_reply(shop, "Two")
    edit(shop, "Two")
    gate = threading.Event()
    fake_model.respond = lambda body: Gated(design_in(body), gate)
    release_id = publish(shop)
    [run] = wait_for(lambda: shop.get("/test-runs").get_json(), "the test run", pause=0.05)
    assert run["checked_release_id"] == release_id
    assert shop.post(f"/test-runs/{run['test_run_id']}/cancel").status_code == 200
    gate.set()
    refused = checked_release(shop, release_id)
    assert (refused["status"], refused["check"]["reason"]) == ("refused", "The test run was cancelled.")
    restored = shop.post(f"/releases/{release_id}/restore")
    assert restored.status_code == 202  # it was never live, so that its test cases run
    assert checked_release(shop, restored.get_json()["release_id"])["is_live"]
    assert reply(shop) == "Two"
