"""Files that are no design: each error has its file and line, and nothing is changed."""

import io
import stat
import zipfile

import pytest

from tests.support.designs import FILES, Files, archive, errors, pull, push, push_archive
from tests.support.factories import Shop

pytestmark = pytest.mark.usefixtures("empty_database")

STAGE = "stages/Returns/stage.yaml"
# (file, its text, line of the error)
ERRORS = {
    "unknown setting": ("business.yaml", "settings:\n  timezone: UTC\n  colour: red\n", 3),
    "setting of the business itself": ("business.yaml", "settings:\n  publishing: direct\n", 2),
    "unknown stage in the order": ("business.yaml", "stages:\n- Returns\n- Bills\n", 3),
    "stage named twice": ("business.yaml", "website: x\nstages:\n- Returns\n- returns\n", 2),
    "unknown default stage": ("business.yaml", "settings: {}\ndefault_stage: Bills\n", 2),
    "secret that does not exist": (
        "business.yaml",
        "settings:\n  model_server:\n    url: https://example.com/v1\n    model: m\n    secret: none\n",
        5,
    ),
    "no fields": ("business.yaml", "- a\n", 1),
    "name of a built-in variable": ("variables.yaml", "- name: a\n  value: b\n- name: stage\n  value: c\n", 3),
    "variable named twice": ("variables.yaml", "- name: a b\n  value: b\n- name: a_b\n  value: c\n", 3),
    "missing value": ("variables.yaml", "- name: a\n  value: b\n- name: c\n", 3),
    "kind of agent": ("agents.yaml", "- agent_name: Ada\n  agent_type: robot\n", 2),
    "working hours of no time": (
        "agents.yaml",
        "- agent_name: Ada\n  working_hours:\n  - day: monday\n    start: 10:30\n    end: 10:30\n",
        5,
    ),
    "syntax": (STAGE, "stage_name: Returns\nagents: [\n", 3),
    "duplicate field": (STAGE, "stage_name: Returns\nis_active: true\nis_active: false\n", 3),
    "alias": (STAGE, "stage_name: Returns\nactions: &a [*a]\n", 2),
    "tag": (STAGE, "stage_name: Returns\nfixed_reply: !!python/object:os.system x\n", 2),
    "an ID": (STAGE, "stage_name: Returns\nagent_id: x\n", 2),
    "unknown agent": (STAGE, "stage_name: Returns\nagents:\n- agent: Ada\n- agent: Bob\n", 4),
    "invalid extraction schema": (
        STAGE,
        "stage_name: Returns\nextraction_schema:\n  type: object\n  properties:\n    a:\n      type: nothing\n",
        6,
    ),
    "action that cannot work": (
        STAGE,
        "stage_name: Returns\nactions:\n- do: complete\n- do: update_order\n  with:\n    order_number: x\n"
        "    status: y\n",
        7,
    ),
    "model setting": ("stages/Returns/selection.md", "---\nmodel_settings:\n  temperature: 9\n---\nText\n", 3),
    "fields without an end": ("stages/Returns/response.md", "---\ntemplate_name: x\n", 1),
    "field of a summary": ("summary.md", "---\ntitle: x\n---\nText\n", 2),
    "validity of an article": (
        "articles/Terms.md",
        "---\ntitle: Terms\nvalid_from: 2030-01-01T00:00:00Z\nvalid_until: 2029-01-01T00:00:00Z\n---\nText\n",
        4,
    ),
    "unknown stage of a test": ("tests/return.yaml", "name: a\nstage: Bills\nturns:\n- message: x\n", 2),
    "pattern of a test": (
        "tests/return.yaml",
        "name: a\nturns:\n- message: x\n  expect:\n    reply:\n      matches: '('\n",
        6,
    ),
    "file with an unknown name": ("stages/Returns/answer.md", "Text\n", 1),
    "path out of the folder": ("stages/../stage.yaml", "stage_name: x\n", 1),
}


@pytest.fixture
def prepared(shop: Shop) -> Files:
    assert push(shop, FILES).status_code == 200
    return pull(shop)


def test_each_error_is_reported_with_its_file_and_line_and_changes_nothing(shop: Shop, prepared: Files) -> None:
    releases = shop.get("/releases").get_json()
    wrong = {}
    for name, (file, text, line) in ERRORS.items():
        # Besides the error, every other file would change something.
        found = errors(push(shop, {**FILES, "variables.yaml": "- name: new\n  value: x\n", file: text}))
        if found != [(file, line)]:
            wrong[name] = found
    assert wrong == {}
    assert pull(shop) == prepared
    assert shop.get("/releases").get_json() == releases


def test_all_errors_are_reported_together(shop: Shop) -> None:
    texts = ("business.yaml", "variables.yaml", "agents.yaml", STAGE, "tests/return.yaml")
    response = push(shop, {**FILES, **dict.fromkeys(texts, "x: [\n")})
    assert {file for file, _ in errors(response)} >= {*texts}
    missing = push(shop, {})
    assert errors(missing) == [(name, 1) for name in ("agents.yaml", "business.yaml", "variables.yaml")]


def test_hostile_archives_are_refused(shop: Shop, prepared: Files) -> None:
    files = {path: text.encode() for path, text in FILES.items()}
    link = zipfile.ZipInfo("articles/link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    many = {f"articles/{number}.md": b"x" for number in range(5001)}
    bomb = {**files, "articles/bomb.md": b"0" * (1024 * 1024 + 1)}
    bombs = {**files, **{f"articles/{number}.md": b"0" * 1024 * 1024 for number in range(11)}}
    outside = [{**files, path: b"x"} for path in ("../etc/passwd", "/etc/passwd", "articles/../../x.md", "C:\\x.md")]
    for each in (many, bomb, bombs, *outside, {**files, "articles/a.md": b"\xff\xfe"}):
        assert errors(push_archive(shop, archive(each)))
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert errors(push_archive(shop, archive({"summary.md": b"x"}, method))) == [("summary.md", 1)]
    assert errors(push_archive(shop, archive({link: b"/etc/passwd"}))) == [("articles/link.md", 1)]
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = archive_twice("business.yaml")
    cut = archive(files)[:-30]
    for raw in (twice, cut, b"", b"PK\x03\x04"):
        assert push_archive(shop, raw).status_code == 400
    assert push_archive(shop, bytes(10 * 1024 * 1024)).status_code == 413
    long = "".join(f"{' ' * level}{'k' * 1000}:\n" for level in range(45)) + " " * 45 + f"x: [{'1,' * 20_000}]"
    values = (f"actions: {'[' * 10_000}\n", f"actions: [{'1,' * 100_000}]\n", 'fixed_reply: "\\0"\n')
    for value in (*values, "confidence_threshold: 1e999\n", f"confidence_threshold: {'9' * 5000}\n"):
        assert errors(push(shop, {**FILES, STAGE: f"stage_name: Returns\n{value}"})) == [(STAGE, 2)]
    assert [file for file, _ in errors(push(shop, {**FILES, "tests/return.yaml": long}))] == ["tests/return.yaml"]
    assert pull(shop) == prepared


def archive_twice(path: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for _ in range(2):
            written.writestr(path, "settings: {}\n")
    return buffer.getvalue()
