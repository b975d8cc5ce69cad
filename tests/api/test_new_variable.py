"""A new template variable needs only a new file. The test adds one to a copy of the product and runs it in another
process, so that the registry of this process does not change."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

# The example from the documentation.
PROVIDER = """\
@TemplateVariableProvider.register_provider('my_variable')
def provide_my_variable(conn, **kwargs) -> str:
    return "my value"
"""
WITH_EVERYTHING = '''\
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("order_count", aliases=["orders so far"], example="3", scope="turn")
def provide_order_count(conn, business_id, user_id, **kwargs):
    """How many orders
    the customer has made.

    Not shown."""
    query = "SELECT count(*) AS count FROM orders WHERE business_id = %s AND user_id = %s"
    return conn.execute(query, [business_id, user_id]).fetchone()["count"]
'''
SCRIPT = """
import json, sys
from app import close_app, create_app
from tests.conftest import MASTER_KEY, make_config
from tests.support.factories import made, make_shop
from tests.support.fake_model import FakeModel

with FakeModel() as model:
    app = create_app(make_config(sys.argv[1], OPENAI_BASE_URL=model.base_url))
    shop = make_shop(app.test_client(), {"Authorization": f"Bearer {MASTER_KEY}"}, "New Variables")
    shown = [each for each in shop.get("/variables").get_json() if each["name"] in ("my_variable", "order_count")]
    content = "{my_variable}, {{ My Variable }}, {order_count}, {orders so far}, {broken|-}, {user_name}"
    template = {"template_name": "t", "template_type": "response_generation", "content": content}
    created = made(shop.post("/templates", template))
    stage_id = shop.stages["Greeting"]
    changed = shop.put(f"/stages/{stage_id}", {"response_generation_template_id": created["template_id"]})
    assert changed.status_code == 200, changed.text
    answer = shop.say("Hello").get_json()
    steps = shop.trace(answer["turn_id"])["by_step"]
    print(json.dumps({
        "shown": shown,
        "created": created,
        "prompt": model.requests[-1]["messages"][0]["content"],
        "trace": steps["response"]["variables"],
    }))
    close_app(app)
"""


def test_new_variable_needs_only_a_file(database_url: str, tmp_path: Path) -> None:
    product = tmp_path / "product"
    shutil.copytree(ROOT, product, ignore=shutil.ignore_patterns(".*", "__pycache__", "front-end", "build"))
    folder = product / "message_processing" / "variables"
    (folder / "my_variable.py").write_text(PROVIDER)
    (folder / "order_count.py").write_text(WITH_EVERYTHING)
    (folder / "broken.py").write_text("this is no Python")
    (folder / "zz_taken.py").write_text(PROVIDER.replace("my_variable", "user_name"))

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, database_url], cwd=product, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    mine, count = result["shown"]
    assert mine["name"] == "my_variable"
    assert (mine["source"], mine["aliases"], mine["description"]) == ("built_in", [], "")
    assert count["description"] == "How many orders the customer has made."
    assert (count["aliases"], count["example"]) == (["orders so far"], "3")
    assert result["created"]["unknown_variables"] == ["broken"]
    assert result["prompt"] == "my value, my value, 0, 0, -, Carla Customer"
    assert {"name": "my_variable", "value": "my value"} in result["trace"]
    assert {"name": "order_count", "value": 0} in result["trace"]
    assert "variable file broken.py cannot be used" in done.stderr
    assert "the variable name 'user_name' is malformed or already used" in done.stderr
