"""The documentation agrees with the code: settings, commands, routes, variables, metrics, errors, tables, dependencies
and links."""

import ast
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from core import metrics
from core.errors import BY_CODE
from routes import OLDER_PATHS
from tests.architecture.docs import ROOT, pages
from tests.architecture.sources import sources

REQUIREMENTS = (ROOT / "requirements.txt", *sorted(ROOT.glob("requirements/*.txt")))
DOCUMENTS = (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")))
MAX_README_LINES = 150
HOST_VARIABLES = {"RENDER", "PATH", "HOME"}  # set by the machine or the hosting platform
HELPER_TARGETS = {"python", "dev"}  # of the Makefile; other targets depend on them


def section(path: str, title: str) -> str:
    """The text of a section, without its heading."""
    text = (ROOT / path).read_text()
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> str:
    """The first column of the tables in a text."""
    return "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("|"))


def names_in_code(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def settings_read() -> set[str]:
    """The names of all environment variables that `config.py` and `dev/` read."""
    return {
        node.value
        for path, tree in sources().items()
        if path == "config.py" or path.startswith("dev/")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("read.", "environ.", "os.environ."))
        for node in call.args[:1]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper()
    }


def anchors_of(path: Path) -> set[str]:
    """The anchors that GitHub creates for the headings of a document."""
    seen: Counter[str] = Counter()
    anchors = set()
    for heading in re.findall(r"^#+ (.+)$", without_code_blocks(path), re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return anchors


def without_code_blocks(path: Path) -> str:
    return re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)


def test_configuration_lists_exactly_the_settings_that_are_read() -> None:
    settings = settings_read() - HOST_VARIABLES
    assert "DATABASE_URL" in settings
    assert names_in_code(first_cells(section("docs/configuration.md", "Settings"))) == settings


def test_readme_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()) - HELPER_TARGETS
    assert names_in_code(first_cells(section("README.md", "Development"))) == {f"make {name}" for name in targets}


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= MAX_README_LINES


def test_generated_tables_are_current() -> None:
    stale = [str(page.relative_to(ROOT)) for page, text in pages().items() if page.read_text() != text]
    assert stale == [], "Run `python -m tests.architecture.docs` to update the tables."


def test_api_documentation_lists_every_older_path() -> None:
    documented = names_in_code(section("docs/api.md", "Older paths"))
    assert {re.sub(r"<(\w+)>", r"{\1}", path) for path in OLDER_PATHS} <= documented


def test_api_documentation_lists_exactly_the_metrics() -> None:
    lines = metrics.render().decode().splitlines()
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    names = {name for name in names if not name.endswith("_created")}
    assert names
    assert names_in_code(first_cells(section("docs/api.md", "Metrics"))) == names


def test_api_documentation_lists_every_error_code_with_its_status() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\d{3}) \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE)
    assert {code: int(status) for code, status in rows} == {code: kind.status for code, kind in BY_CODE.items()}


def test_data_model_lists_every_table() -> None:
    files = [path for path in sorted(ROOT.glob("migrations/*.sql")) if not path.name.startswith("01_")]
    tables = {name for path in files for name in re.findall(r"^CREATE TABLE (\w+)", path.read_text(), re.MULTILINE)}
    assert "turns" in tables
    assert tables <= names_in_code((ROOT / "docs/data-model.md").read_text())


def test_every_python_dependency_has_a_reason() -> None:
    lines = [
        line.split("#")[0].strip()
        for path in REQUIREMENTS
        for line in path.read_text().splitlines()
        if not line.startswith("-r ")
    ]
    direct = {re.split(r"[\[<>=~! ;@]", line)[0].lower() for line in lines if line}
    assert "flask" in direct
    assert documented_dependencies("Python") == direct


def test_every_dependency_of_the_front_end_has_a_reason() -> None:
    package = json.loads((ROOT / "front-end/package.json").read_text())
    assert documented_dependencies("Front-end") == {*package["dependencies"], *package["devDependencies"]}


def documented_dependencies(title: str) -> set[str]:
    rows = [line for line in section("docs/dependencies.md", title).splitlines() if line.startswith("| `")]
    assert all(row.split("|")[2].strip() for row in rows)
    return {name for row in rows for name in names_in_code(row.split("|")[1])}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_existing_files_and_headings(path: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code_blocks(path)):
        target, _, anchor = link.partition("#")
        file = path.parent / target if target else path
        if "://" in link:
            continue
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            broken.append(link)
    assert broken == []


def test_files_do_not_refer_to_a_document_outside_the_repository() -> None:
    """A section number of such a document explains nothing; a comment states the reason instead."""
    ran = subprocess.run(
        ["git", "grep", "-InE", r"\bSPEC( [0-9]|\.md)|\(ARCHITECTURE\)", "--", ":!tests/architecture/test_docs.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == ""


def test_every_requirements_file_is_locked() -> None:
    for path in REQUIREMENTS:
        lock = ROOT / "requirements" / f"{'production' if path.stem == 'requirements' else path.stem}.lock"
        locked = set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(), re.MULTILINE))
        for line in path.read_text().splitlines():
            name = re.split(r"[\[<>=~! ;@#]", line)[0].lower()
            assert not name or name.startswith("-") or name in locked, f"{path.name}: {name} is not in the lock"


def test_lock_files_contain_hashes_and_no_addresses() -> None:
    """An address in a lock would make every installation use the package index of the person who wrote it."""
    locks = list(ROOT.glob("requirements/*.lock"))
    assert locks
    for path in locks:
        assert not re.search(r"://|--(?:extra-)?index-url|--find-links|^\S+ @ ", path.read_text(), re.MULTILINE), path
        pinned = re.findall(r"^[a-z0-9._-]+==\S+", path.read_text(), re.MULTILINE)
        assert pinned
        assert path.read_text().count("--hash=sha256:") >= len(pinned)
    for path in [lock for lock in ROOT.glob("front-end/package-lock.json") if lock.is_file()]:
        packages = json.loads(path.read_text())["packages"].values()
        assert [package["resolved"] for package in packages if "://" in package.get("resolved", "")] == []
