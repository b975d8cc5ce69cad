"""`python -m design` against a running server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.processes.conftest import Business, Deployment
from tests.support.server import ROOT, free_port


def run(business: Business, *arguments: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the address and the key of the business in the environment."""
    settings = {"ICMP_URL": business.server.base_url, "ICMP_KEY": business.key, **environment}
    command = [sys.executable, "-m", "design", *arguments]
    result = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == code, result.stdout + result.stderr
    return result


def as_json(business: Business, *arguments: str, code: int = 0) -> Any:
    return json.loads(run(business, "--json", *arguments, code=code).stdout)


def test_folder_is_pulled_planned_and_pushed(deployment: Deployment, tmp_path: Path) -> None:
    business, folder = deployment.add_business(), tmp_path / "design"
    (tmp_path / "design").mkdir()
    (folder / "README.md").write_text("Ours")
    assert "stages/Greeting/stage.yaml" in run(business, "pull", str(folder)).stdout
    assert run(business, "pull", str(folder)).stdout == "No changes.\n"
    assert run(business, "plan", "--check", str(folder)).stdout == "No changes.\n"
    (folder / "stages/Greeting/response.md").write_text("Welcome!\n")
    expected = "~ template Greeting / Greeting: response generation: system_prompt, content\n1 change planned.\n"
    assert run(business, "plan", str(folder)).stdout == expected
    assert run(business, "plan", "--check", str(folder), code=1).stdout == expected
    assert "1 change applied." in run(business, "push", str(folder)).stdout
    assert as_json(business, "push", str(folder)) == {"changes": [], "applied": False}
    (folder / "tests").mkdir()
    (folder / "tests/old.yaml").write_text("name: old\nturns:\n- message: x\n")
    assert as_json(business, "pull", str(folder)) == {"changed": ["tests/old.yaml"]}
    assert (folder / "README.md").read_text() == "Ours"
    assert not (folder / "tests").exists()
    (tmp_path / "other/tests").mkdir(parents=True)
    (tmp_path / "other/tests/ours.yaml").write_text("")
    assert "not the folder of a design" in run(business, "pull", str(tmp_path / "other"), code=1).stderr
    assert (tmp_path / "other/tests/ours.yaml").exists()


def test_errors_have_messages_and_exit_codes(deployment: Deployment, tmp_path: Path) -> None:
    business = deployment.add_business()
    run(business, "pull", str(tmp_path))
    (tmp_path / "agents.yaml").write_text("- agent_name: Ada\n  colour: red\n")
    refused = run(business, "push", str(tmp_path), code=1)
    assert "agents.yaml:2: colour: Unknown field." in refused.stderr
    assert as_json(business, "push", str(tmp_path), code=1)["details"][0]["line"] == 2
    (tmp_path / "agents.yaml").write_bytes(b"- agent_name: \xff\n")
    assert "agents.yaml:1" in run(business, "plan", str(tmp_path), code=1).stderr
    (tmp_path / "agents.yaml").unlink()
    (tmp_path / "agents.yaml").symlink_to(tmp_path / "business.yaml")
    assert "agents.yaml is a symbolic link" in run(business, "push", str(tmp_path), code=1).stderr
    nowhere = f"http://127.0.0.1:{free_port()}"
    unreachable = run(business, "pull", str(tmp_path), code=1, ICMP_URL=nowhere)
    assert f"Cannot reach the server at {nowhere}" in unreachable.stderr
    assert "Error:" in run(business, "pull", str(tmp_path), code=1, ICMP_KEY="wrong").stderr
    assert "no business.yaml" in run(business, "push", str(tmp_path / "stages"), code=1).stderr
    assert "Traceback" not in refused.stderr + unreachable.stderr
    run(business, "push", "--unknown", code=2)
    run(business, "pull", str(tmp_path), code=2, ICMP_URL="")
    assert "Exit codes" in run(business, "--help").stdout


def test_tests_of_the_folder_run_with_the_draft(deployment: Deployment, tmp_path: Path) -> None:
    business = deployment.add_business()
    business.request("PUT", f"/businesses/{business.business_id}", json={"settings": {"publishing": "reviewed"}})
    run(business, "pull", str(tmp_path), ICMP_KEY=f"{business.key}\n")
    (tmp_path / "tests").mkdir()
    for name, check in (("good", "excludes"), ("bad", "contains")):
        case = f"name: {name}\nturns:\n- message: hello\n  expect:\n    reply:\n      {check}: [Farewell]\n"
        (tmp_path / f"tests/{name}.yaml").write_text(case)
    run(business, "push", str(tmp_path))
    failed = run(business, "test", code=1)
    assert "passed: good" in failed.stdout and "failed: bad" in failed.stdout
    assert 'contains: expected "Farewell" but found' in failed.stdout
    (tmp_path / "tests/bad.yaml").unlink()
    run(business, "push", str(tmp_path))
    assert as_json(business, "test")["passed"] == 1
    published = as_json(business, "publish", "--note", "From CI")
    assert (published["status"], published["note"], published["check"]["passed"]) == ("published", "From CI", 1)
    assert "no unpublished changes" in run(business, "publish", code=1).stderr
