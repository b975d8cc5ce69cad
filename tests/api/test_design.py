"""The design of a business as files: exported, imported and compared."""

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from dev.demo import __main__ as demo
from message_processing.templates.starters import with_templates
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.designs import FILES, changes, fill, pull, push, push_archive
from tests.support.factories import Shop, made, make_shop
from tests.support.staff import make_member

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def other(client: CheckedClient, master: dict[str, str]) -> Shop:
    """An empty business."""
    shop = make_shop(client, master, "Empty Shop", with_stages=False)
    for name in ("crm", "own_model"):
        made(shop.post("/secrets", {"name": name, "value": "another value"}))
    return shop


def releases(shop: Shop) -> list[str]:
    return [row["release_id"] for row in shop.get("/releases").get_json()]


def test_imported_design_is_exported_as_the_same_files(shop: Shop, other: Shop) -> None:
    fill(shop)
    exported = shop.get("/design")
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert files == pull(shop)
    assert "hidden-value" not in str(files) and "{secret.crm}" in str(files)
    assert "publishing" not in files["business.yaml"]
    assert changes(push_archive(other, exported.data))
    assert other.get("/design").data == exported.data
    before = releases(other)
    for shop_again in (shop, other):
        again = push(shop_again, files)
        assert changes(again) == []
        assert not again.get_json()["applied"]
    assert releases(other) == before


def test_names_become_names_of_files_on_every_system(shop: Shop) -> None:
    fill(shop)
    paths = list(pull(shop))
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert path.isascii() and not set(path) & set('<>:"\\|?*')
        assert not any(re.match(r"(con|nul|aux)(\.|$)", part, re.IGNORECASE) for part in path.split("/"))
        assert max(map(len, path.split("/"))) <= 80
    assert {"stages/Greeting/stage.yaml", "stages/Order help/response.md", "articles/FAQ.md"} <= {*paths}


@pytest.mark.parametrize("language", ["de", "es"])
def test_design_of_a_starter_is_the_same_in_another_business(shop: Shop, other: Shop, language: str) -> None:
    body = {"starter": "online_shop", "language": language, "replace": True}
    assert shop.post(f"/businesses/{shop.business_id}/starter", body).status_code == 200
    files = pull(shop)
    assert changes(push(other, files))
    assert pull(other) == files


def test_design_of_the_demo_is_the_same_in_another_business(shop: Shop, other: Shop) -> None:
    stages = json.loads((demo.FOLDER / "stages.json").read_text())
    for stage in with_templates(stages, "en"):
        shop.add_stage(f"Demo {stage['values'].pop('stage_name')}", **stage["values"])
    files = pull(shop)
    assert changes(push(other, files))
    assert pull(other) == files


def test_plan_lists_changes_and_changes_nothing(shop: Shop) -> None:
    before = pull(shop)
    assert shop.client.put("/api/v1/design?dryrun=true", json={"files": {}}, headers=shop.headers).status_code == 400
    planned = push(shop, FILES, dry_run="true")
    assert not planned.get_json()["applied"]
    assert pull(shop) == before
    applied = push(shop, FILES)
    assert applied.get_json()["applied"]
    assert changes(applied) == changes(planned)
    assert ("removed", "stage", "Greeting") in changes(planned)
    assert {("added", kind) for kind in ("variable", "agent", "stage", "template", "article", "test_case")} <= {
        (change, kind) for change, kind, _ in changes(planned)
    }
    assert pull(shop).keys() == {*FILES, "stages/Returns/selection.md", "stages/Returns/extraction.md"}


def test_files_are_the_same_whatever_was_created_first(shop: Shop, other: Shop) -> None:
    article = FILES["articles/Terms.md"]
    lower = {"agents.yaml": "- agent_name: Bob\n", "articles/terms.md": article.replace("title: Terms", "title: terms")}
    last = {
        **FILES,
        "agents.yaml": "- agent_name: Bob\n- agent_name: Ada\n",
        "articles/terms-2.md": lower["articles/terms.md"],
    }
    stages = {path: text for path, text in FILES.items() if not path.startswith(("stages/", "articles/", "tests/"))}
    for files in ({**stages, **lower, "business.yaml": "stages: []\n"}, last):
        assert changes(push(shop, files))
    assert changes(push(other, last))
    assert pull(shop) == pull(other)


def test_change_of_one_file_changes_one_row(shop: Shop) -> None:
    push(shop, FILES)
    stages = shop.get("/stages").get_json()
    files = {**pull(shop), "stages/Returns/response.md": "Another answer\n"}
    applied = push(shop, files)
    assert changes(applied) == [("changed", "template", "Returns: response generation")]
    change = applied.get_json()["changes"][0]
    assert change["stage_name"] == "Returns"
    assert change["fields"] == [{"field": "content", "before": "Answer: {user_message}", "after": "Another answer"}]
    assert shop.get("/stages").get_json() == stages
    logged = shop.get("/audit-log", resource="template").get_json()
    assert [(row["action"], row["fields"]) for row in logged if row["action"] == "update"] == [("update", ["content"])]


def test_push_is_one_release_and_simultaneous_pushes_are_applied_one_after_another(shop: Shop) -> None:
    before = releases(shop)
    assert changes(push(shop, FILES))
    assert releases(shop)[1:] == before
    designs = [{**FILES, "variables.yaml": f"- name: v{number}\n  value: x\n"} for number in range(4)]
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda files: push(shop, files), [*designs, *designs]))
    applied = [response.get_json()["applied"] for response in responses if changes(response)]
    assert set(applied) == {True}
    assert len(releases(shop)) == len(before) + 1 + len(applied)
    assert pull(shop)["variables.yaml"] in [files["variables.yaml"] for files in designs]


def test_template_of_several_stages_is_changed_only_in_the_stage_whose_file_changes(shop: Shop) -> None:
    fill(shop)
    files = pull(shop)
    folders = {path.split("/")[1] for path, text in files.items() if "keep: this" in text}
    assert len(folders) == 3
    path = f"stages/{min(folders)}/response.md"
    files[path] = "Only here\n"
    assert len(changes(push(shop, files))) == 1
    assert pull(shop) == files | {path: pull(shop)[path]}
    assert pull(shop)[path].endswith("Only here\n")


def test_stage_with_conversations_is_switched_off(shop: Shop) -> None:
    name = shop.say("Hello").get_json()["stage"]["stage_name"]
    assert changes(push(shop, FILES))
    assert not shop.get(f"/stages/{shop.stages[name]}").get_json()["is_active"]
    files = {path: text for path, text in pull(shop).items() if not path.startswith(f"stages/{name}/")}
    files["business.yaml"] = files["business.yaml"].replace(f"- {name}\n", "")
    assert changes(push(shop, files)) == []


def test_push_changes_only_the_draft_while_drafts_are_reviewed(shop: Shop) -> None:
    settings = {"publishing": "reviewed", "speculation": "off"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    before = releases(shop)
    files = {**pull(shop), "stages/Greeting/response.md": "Hello!\n"}
    del files["stages/Order help/stage.yaml"]
    files = {path: text for path, text in files.items() if not path.startswith("stages/Order help")}
    files["business.yaml"] = files["business.yaml"].replace("- Order help\n", "")
    assert changes(push(shop, files))
    assert releases(shop) == before
    drafted = {(row["kind"], row["name"]) for row in shop.get("/releases/draft/changes").get_json()["changes"]}
    assert {("stage", "Order help"), ("template", "Greeting: response generation")} <= drafted
    assert not shop.get(f"/stages/{shop.stages['Order help']}").get_json()["is_active"]
    assert changes(push(shop, files)) == []
    business = shop.get(f"/businesses/{shop.business_id}").get_json()
    assert business["settings"]["publishing"] == "reviewed"


def test_design_has_a_hundred_stages(shop: Shop, other: Shop, sql: Connection) -> None:
    files = {**FILES, "business.yaml": "stages:\n" + "".join(f"- Part {number}\n" for number in range(100))}
    del files["tests/return.yaml"], files["stages/Returns/stage.yaml"], files["stages/Returns/response.md"]
    for number in range(100):
        files[f"stages/Part {number}/stage.yaml"] = f"stage_name: Part {number}\nstage_description: Of {number}\n"
        files[f"stages/Part {number}/response.md"] = f"Answer {number}\n"
    assert changes(push(shop, files))
    exported = pull(shop)
    assert [line for line in exported["business.yaml"].splitlines() if "Part" in line][2] == "- Part 2"
    assert changes(push(other, exported))
    assert pull(other) == exported
    assert changes(push(other, exported)) == []


def test_only_owners_and_keys_push(shop: Shop, other: Shop, master: dict[str, str]) -> None:
    files = pull(shop)
    for role, reads in (("viewer", 200), ("agent", 200)):
        member = make_member(shop, master, role)
        assert member.send("GET", "/design?format=json").status_code == reads
        assert member.send("PUT", "/design", {"files": files}).status_code == 403
    theirs = {"business_id": other.business_id}
    assert shop.get("/design", **theirs).status_code == 403
    assert push(shop, files, **theirs).status_code == 403
    assert shop.post("/design", {"files": files}).status_code == 405
