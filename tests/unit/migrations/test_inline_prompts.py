"""Prompts that an older stage contains itself, as text or as JSON, become templates of that stage."""

import json
from typing import Any

import pytest

from app import close_app, create_app
from tests.conftest import make_config
from tests.support.fake_model import FakeModel
from tests.unit.migrations.older_database import FIRST, FIRST_KEY, bearer
from tests.unit.migrations.support import Connection, adopt, everything, query

pytestmark = pytest.mark.slow

KINDS = ("stage_selection", "data_extraction", "response_generation")
LONG_TEXT = "Ünïcode 😀 " * 140_000  # 2 MB in UTF-8


def add_columns(older: Connection, *types: str) -> None:
    for kind in KINDS:
        if "TEXT" in types:
            query(older, f"ALTER TABLE stages ADD {kind}_prompt TEXT")
        if "JSONB" in types:
            query(older, f"ALTER TABLE stages ADD {kind} JSONB")


@pytest.fixture
def both_shapes(older: Connection) -> Connection:
    """An older database whose stages have the text columns and the JSON columns."""
    add_columns(older, "TEXT", "JSONB")
    return older


def add_stage(older: Connection, n: int = 0, **columns: Any) -> str:
    """Add a stage to the first business; returns its ID. Dicts, lists and numbers are stored as JSON."""
    stage_id = f"50000000-0000-4000-8000-0000000001{n:02}"
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in columns.items()}
    names = "".join(f", {name}" for name in values)
    places = "".join(f", %({name})s" for name in values)
    query(
        older,
        f"""INSERT INTO stages (stage_id, business_id, stage_name, stage_description, stage_type{names})
            VALUES ('{stage_id}', '{FIRST}', 'Inline {n}', '', ''{places})""",
        values,
    )
    return stage_id


def template_of_stage(older: Connection, stage_id: str, kind: str) -> tuple[Any, ...]:
    """Business, type, content and system prompt of the stage's template."""
    statement = f"""SELECT t.business_id, t.template_type, t.content, t.system_prompt
                    FROM stages s JOIN templates t ON t.template_id = s.{kind}_template_id
                    WHERE s.stage_id = %(stage_id)s"""
    [template] = query(older, statement, {"stage_id": stage_id})
    return template


def uses_default(older: Connection, stage_id: str, kind: str = "response_generation") -> bool:
    return bool(template_of_stage(older, stage_id, kind)[2].startswith("Answer for intent"))


def notes_with_content(older: Connection, stage_id: str) -> list[tuple[Any, ...]]:
    statement = "SELECT note, kept FROM adoption_notes WHERE old_id = %(stage_id)s AND kept IS NOT NULL ORDER BY note"
    return query(older, statement, {"stage_id": stage_id})


@pytest.mark.parametrize("types", [("TEXT",), ("TEXT", "JSONB")], ids=str)
@pytest.mark.parametrize("has_template_ids", [True, False])
def test_text_becomes_the_template(
    older: Connection, empty_database_url: str, types: tuple[str, ...], has_template_ids: bool
) -> None:
    add_columns(older, *types)
    if not has_template_ids:
        query(older, "".join(f"ALTER TABLE stages DROP COLUMN {kind}_template_id;" for kind in KINDS))
    texts = [
        "Hello {user_name}",
        "  Two\n lines\t",
        "مرحبا {user_name} 😀",
        '{"prompt": "JSON in a text column"}',
        "100 % 'quoted' \\ $$",
        LONG_TEXT,
    ]
    stages = [
        add_stage(older, n, **{f"{kind}_prompt": f"{kind} {text}" for kind in KINDS}) for n, text in enumerate(texts)
    ]
    output = adopt(empty_database_url)
    for stage_id, text in zip(stages, texts, strict=True):
        assert notes_with_content(older, stage_id) == []
        for kind in KINDS:
            assert template_of_stage(older, stage_id, kind) == (FIRST, kind, f"{kind} {text}", None)
            start = f"stages {stage_id}: the inline prompt in its column {kind}_prompt is now the template "
            assert len([sentence for sentence in output if sentence.startswith(start)]) == 1
    assert max(map(len, output)) < 400


@pytest.mark.parametrize("types", [("JSONB",), ("TEXT", "JSONB")], ids=str)
def test_json_becomes_the_template(older: Connection, empty_database_url: str, types: tuple[str, ...]) -> None:
    add_columns(older, *types)
    cases: list[tuple[Any, str, str | None]] = [
        ('"Hello {user_name}"', "Hello {user_name}", None),
        ({"prompt": "Hello"}, "Hello", None),
        ({"prompt_text": "Hello"}, "Hello", None),
        ({"content": "Hello"}, "Hello", None),
        ({"template": "Hello"}, "Hello", None),
        ({"template_text": "Hello"}, "Hello", None),
        ({"content": "مرحبا 😀", "system_prompt": "Be kind"}, "مرحبا 😀", "Be kind"),
        ({"prompt": "", "content": "Hello", "system_prompt": None}, "Hello", None),
        ({"system_prompt": "Be kind"}, "", "Be kind"),  # an empty content means the platform's default
        ({"prompt": LONG_TEXT}, LONG_TEXT, None),
    ]
    stages = [add_stage(older, n, **dict.fromkeys(KINDS, value)) for n, (value, _, _) in enumerate(cases)]
    adopt(empty_database_url)
    for stage_id, (_, content, system_prompt) in zip(stages, cases, strict=True):
        assert notes_with_content(older, stage_id) == []
        for kind in KINDS:
            assert template_of_stage(older, stage_id, kind) == (FIRST, kind, content, system_prompt)


def test_empty_prompt_leaves_the_default(both_shapes: Connection, empty_database_url: str) -> None:
    empty_json = ["null", '""', '" \\n\\t "', {}, [], {"prompt": None}, {"prompt": " ", "model": ""}]
    stages = [add_stage(both_shapes, n, response_generation=value) for n, value in enumerate(empty_json)]
    stages += [add_stage(both_shapes, 20 + n, response_generation_prompt=text) for n, text in enumerate(["", "\n\t "])]
    output = adopt(empty_database_url)
    for stage_id in stages:
        assert uses_default(both_shapes, stage_id)
        assert notes_with_content(both_shapes, stage_id) == []
        assert not [sentence for sentence in output if stage_id in sentence]


def test_json_without_a_text_is_kept_in_a_note(both_shapes: Connection, empty_database_url: str) -> None:
    odd_json = [5, True, ["Hello"], {"steps": ["Hello"]}, {"prompt": {"deep": "Hello"}}, {"prompt": 5}]
    stages = [add_stage(both_shapes, n, response_generation=value) for n, value in enumerate(odd_json)]
    output = adopt(empty_database_url)
    note = "its column response_generation contains no text that could be a prompt: its value is kept in this note"
    for stage_id, value in zip(stages, odd_json, strict=True):
        assert uses_default(both_shapes, stage_id)
        assert notes_with_content(both_shapes, stage_id) == [(note, value)]
        assert f"stages {stage_id}: {note}" in output
    assert not [sentence for sentence in output if "Hello" in sentence]


def test_settings_beside_the_prompt_are_kept_in_a_note(both_shapes: Connection, empty_database_url: str) -> None:
    value = {"prompt": "Hello", "content": "Second text", "temperature": 0.2, "max_tokens": 50, "stop": []}
    stage_id = add_stage(both_shapes, data_extraction=value)
    output = adopt(empty_database_url)
    assert template_of_stage(both_shapes, stage_id, "data_extraction")[2] == "Hello"
    kept = {"content": "Second text", "temperature": 0.2, "max_tokens": 50}
    assert [row[1] for row in notes_with_content(both_shapes, stage_id)] == [kept]
    assert not [sentence for sentence in output if "Second text" in sentence]


def test_text_comes_before_json_and_both_are_kept(both_shapes: Connection, empty_database_url: str) -> None:
    stage_id = add_stage(both_shapes, stage_selection_prompt="As text", stage_selection={"prompt": "As JSON"})
    output = adopt(empty_database_url)
    assert template_of_stage(both_shapes, stage_id, "stage_selection")[2] == "As text"
    names = "SELECT business_id, template_name FROM templates WHERE content = 'As JSON'"
    assert query(both_shapes, names) == [(FIRST, "Inline 0: stage selection")]
    start = f"stages {stage_id}: the inline prompt in its column stage_selection is not used,"
    assert len([sentence for sentence in output if sentence.startswith(start)]) == 1


def test_same_text_in_both_columns_becomes_one_template(both_shapes: Connection, empty_database_url: str) -> None:
    stage_id = add_stage(both_shapes, stage_selection_prompt="Same", stage_selection='"Same"')
    output = adopt(empty_database_url)
    assert query(both_shapes, "SELECT count(*) FROM templates WHERE content = 'Same'") == [(1,)]
    assert (
        f"stages {stage_id}: the prompt in its column stage_selection is the same as in its template: nothing was moved"
    ) in output


def test_named_template_comes_before_the_inline_prompt(both_shapes: Connection, empty_database_url: str) -> None:
    stage_id = add_stage(both_shapes, stage_selection_template_id="shared", stage_selection_prompt="Not used")
    output = adopt(empty_database_url)
    assert template_of_stage(both_shapes, stage_id, "stage_selection")[2] == "Both shops point here: {message}"
    ids = """SELECT stage_selection_template_id, template_id FROM stages, templates
             WHERE stage_id = %(stage_id)s AND content = 'Not used'"""
    [(used, kept)] = query(both_shapes, ids, {"stage_id": stage_id})
    assert (
        f"stages {stage_id}: the inline prompt in its column stage_selection_prompt is not used,"
        f" because the stage uses the template {used}: it is kept as the template {kept}"
    ) in output
    assert not [sentence for sentence in output if "Not used" in sentence]


def test_inline_prompt_comes_before_the_id_of_a_default(both_shapes: Connection, empty_database_url: str) -> None:
    """The older system filled in the default's ID if no template was chosen."""
    default_id = "default_generation_id"
    stage_id = add_stage(both_shapes, response_generation_template_id=default_id, response_generation_prompt="Hello")
    adopt(empty_database_url)
    assert template_of_stage(both_shapes, stage_id, "response_generation")[2] == "Hello"


def test_inline_prompt_replaces_a_missing_template(both_shapes: Connection, empty_database_url: str) -> None:
    stage_id = add_stage(both_shapes, data_extraction_template_id="gone", data_extraction='"Hello"')
    output = adopt(empty_database_url)
    assert template_of_stage(both_shapes, stage_id, "data_extraction")[2] == "Hello"
    repair = f"stages {stage_id}: its data_extraction template gone did not exist: its inline prompt is used"
    assert repair in output


def test_each_stage_gets_its_own_template(both_shapes: Connection, empty_database_url: str) -> None:
    query(both_shapes, "UPDATE stages SET response_generation_template_id = 'default_generation_id'")
    query(both_shapes, "UPDATE stages SET response_generation_prompt = 'Same for all'")
    adopt(empty_database_url)
    statement = """SELECT count(DISTINCT template_id), count(DISTINCT t.business_id)
                   FROM stages s JOIN templates t ON t.template_id = response_generation_template_id
                   WHERE content = 'Same for all' AND t.business_id = s.business_id"""
    assert query(both_shapes, statement) == [(3, 2)]


def test_model_receives_the_inline_prompts(
    both_shapes: Connection, empty_database_url: str, fake_model: FakeModel
) -> None:
    query(both_shapes, "DELETE FROM conversations; DELETE FROM stages")
    extraction, response = "Extract from {message}", {"prompt": "Greet {user_name}", "system_prompt": "Be kind"}
    add_stage(both_shapes, data_extraction_prompt=extraction, response_generation=response)
    app = create_app(make_config(empty_database_url, OPENAI_BASE_URL=fake_model.base_url))
    fake_model.respond = lambda body: "Good morning"
    body = {"user": {"external_id": "c-1", "first_name": "Carl", "last_name": "Customer"}, "message": "Hello"}
    answer = app.test_client().post("/message", json=body, headers=bearer(FIRST_KEY))
    assert answer.get_json()["response"] == "Good morning"
    prompts = [message["content"] for request in fake_model.requests for message in request["messages"]]
    assert {"Extract from Hello", "Greet Carl Customer"} <= set(prompts)
    assert [prompt for prompt in prompts if prompt.startswith("Be kind")]
    close_app(app)


def test_second_run_changes_nothing(both_shapes: Connection, empty_database_url: str) -> None:
    add_stage(both_shapes, stage_selection_prompt="As text", stage_selection={"prompt": "As JSON"}, data_extraction=5)
    adopt(empty_database_url)
    before = everything(both_shapes)
    assert adopt(empty_database_url) == []
    assert everything(both_shapes) == before
