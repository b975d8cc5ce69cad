"""Concurrent edits: `ETag` and `If-Match` prevent lost updates."""

from threading import Barrier, Thread
from typing import Any

import pytest

from tests.support.factories import Shop


@pytest.fixture(params=["template", "stage", "business"])
def row(request: pytest.FixtureRequest, shop: Shop) -> tuple[str, str]:
    """The path and an editable field of a resource with an ETag."""
    stage_id = shop.stages["Greeting"]
    if request.param == "stage":
        return f"/stages/{stage_id}", "stage_description"
    if request.param == "business":
        return f"/businesses/{shop.business_id}", "business_description"
    template_id = shop.get(f"/stages/{stage_id}").get_json()["response_generation_template_id"]
    return f"/templates/{template_id}", "content"


def test_second_editor_gets_412_and_the_current_etag(shop: Shop, row: tuple[str, str]) -> None:
    path, field = row
    seen = shop.get(path).headers["ETag"]
    first = shop.put(path, {field: "The first editor's"}, {"If-Match": seen})
    assert (first.status_code, first.get_json()[field]) == (200, "The first editor's")
    second = shop.put(path, {field: "The second editor's"}, {"If-Match": seen})
    assert (second.status_code, second.get_json()["error_code"]) == (412, "PRECONDITION_FAILED")
    present = shop.get(path)
    assert present.get_json()[field] == "The first editor's"
    assert second.headers["ETag"] == first.headers["ETag"] == present.headers["ETag"] != seen
    again = shop.put(path, {field: "Both"}, {"If-Match": second.headers["ETag"]})
    assert (again.status_code, again.get_json()[field]) == (200, "Both")


def test_if_match_is_optional_and_accepts_a_star(shop: Shop, row: tuple[str, str]) -> None:
    path, field = row
    assert shop.put(path, {field: "a"}).status_code == 200
    assert shop.put(path, {field: "b"}, {"If-Match": "*"}).status_code == 200
    assert shop.put(path, {field: "c"}, {"If-Match": 'W/"x", "y"'}).status_code == 412
    assert shop.get(path).get_json()[field] == "b"


def test_one_of_several_concurrent_edits_succeeds(shop: Shop, row: tuple[str, str]) -> None:
    path, field = row
    seen, start = shop.get(path).headers["ETag"], Barrier(4)
    answers: list[Any] = []

    def edit(number: int) -> None:
        client = shop.client.application.test_client()
        start.wait()
        headers = {**shop.headers, "If-Match": seen}
        answers.append(client.put(f"/api/v1{path}", json={field: f"Editor {number}"}, headers=headers))

    threads = [Thread(target=edit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    (winner,) = [answer for answer in answers if answer.status_code == 200]
    assert shop.get(path).get_json()[field] == winner.get_json()[field]
    for answer in answers:
        assert answer.headers["ETag"] == winner.headers["ETag"]


def test_deletion_checks_if_match(shop: Shop) -> None:
    path = f"/stages/{shop.stages['Greeting']}"
    seen = shop.get(path).headers["ETag"]
    shop.put(path, {"stage_description": "changed"})
    headers = {**shop.headers, "If-Match": seen}
    assert shop.client.delete(f"/api/v1{path}", headers=headers).status_code == 412
    assert shop.get(path).status_code == 200
