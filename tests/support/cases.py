"""Test cases of businesses, and their runs."""

from typing import Any

from tests.support.factories import Shop, made
from tests.support.os_users import wait_for


def add_case(shop: Shop, name: str = "A case", message: str = "Where is A-10433?", **values: Any) -> str:
    """Create a test case with one message; `values` may contain what is expected of its answer, and further fields."""
    expect = values.pop("expect", {})
    body = {"name": name, "turns": [{"message": message, "expect": expect}], **values}
    test_case_id: str = made(shop.post("/test-cases", body))["test_case_id"]
    return test_case_id


def start_run(shop: Shop, **body: Any) -> str:
    """Start a run and return its ID."""
    response = shop.post("/test-runs", body)
    assert response.status_code == 202, response.text
    test_run_id: str = response.get_json()["test_run_id"]
    return test_run_id


def get_run(shop: Shop, test_run_id: str) -> dict[str, Any]:
    """A run with its results."""
    run: dict[str, Any] = shop.get(f"/test-runs/{test_run_id}").get_json()
    return run


def wait_for_run(shop: Shop, test_run_id: str) -> dict[str, Any]:
    """The run with its results, once it has ended."""
    wait_for(lambda: get_run(shop, test_run_id)["finished_at"], "the test run", pause=0.05)
    return get_run(shop, test_run_id)


def finished_run(shop: Shop, **body: Any) -> dict[str, Any]:
    """Run test cases, and return the run with its results."""
    return wait_for_run(shop, start_run(shop, **body))


def checked_release(shop: Shop, release_id: str) -> dict[str, Any]:
    """The release, once its check has ended."""

    def release() -> dict[str, Any]:
        found: dict[str, Any] = shop.get(f"/releases/{release_id}").get_json()
        return found

    wait_for(lambda: release()["status"] != "checking", "the check", pause=0.05)
    return release()


def publish(shop: Shop, **body: Any) -> str:
    """Start the check of the draft and return the ID of the release."""
    response = shop.post("/releases", body)
    assert response.status_code == 202, response.text
    release_id: str = response.get_json()["release_id"]
    return release_id


def published(shop: Shop) -> str:
    """Publish the draft, and return the ID of the release once its test cases have passed."""
    release = checked_release(shop, publish(shop))
    assert release["status"] == "published", release["check"]
    return str(release["release_id"])
