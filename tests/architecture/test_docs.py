"""Documentation that is true: every setting, route, variable, command and dependency is named where people look."""

import ast
import json
import re

from core import metrics
from routes import OLDER_PATHS
from tests.architecture.docs import ROOT, pages
from tests.architecture.sources import sources

README = (ROOT / "README.md").read_text()
REQUIREMENTS = (ROOT / "requirements.txt", *sorted(ROOT.glob("requirements/*.txt")))


def section(title: str) -> str:
    """A section of the README, without its subsections' heads."""
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> str:
    """The first column of the tables in a text."""
    return "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("|"))


def names_in_code(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def settings_read() -> set[str]:
    """Every name of a setting that config.py and embedded/ know."""
    return {
        node.value
        for path, tree in sources().items()
        if path == "config.py" or path.startswith("dev/")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("read.", "environ.", "os.environ."))
        for node in call.args[:1]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper()
    }


def test_the_readme_names_every_setting_and_no_other() -> None:
    settings = settings_read() - {"RENDER", "PATH", "HOME"}  # a host's own, not settings of ours
    assert "DATABASE_URL" in settings
    assert {name for name in names_in_code(first_cells(section("Settings"))) if name.isupper()} == settings


def test_the_readme_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    parts = {"python", "dev"}  # of the others
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()) - parts
    named = names_in_code(first_cells(section("Develop")))
    assert {name.removeprefix("make ").split()[0] for name in named if name.startswith("make ")} == targets


def test_the_pages_name_every_route_variable_and_argument() -> None:
    stale = [str(page.relative_to(ROOT)) for page, text in pages().items() if page.read_text() != text]
    assert stale == [], "Run `python -m tests.architecture.docs` to update the tables."


def test_the_api_page_names_every_older_path() -> None:
    text = (ROOT / "docs/api.md").read_text().split("## Older paths", 1)[1]
    assert {re.sub(r"<(\w+)>", r"{\1}", path) for path in OLDER_PATHS} <= names_in_code(text)


def test_the_api_page_names_every_metric_and_no_other() -> None:
    text = (ROOT / "docs/api.md").read_text().split("## What there is to watch", 1)[1].split("\n## ", 1)[0]
    lines = metrics.render().decode().splitlines()
    kept = {line.split()[2] for line in lines if line.startswith("# TYPE") and not line.split()[2].endswith("_created")}
    assert kept
    assert {name for name in names_in_code(first_cells(text)) if name.startswith("icmp_")} == kept


def test_the_readme_gives_a_reason_for_every_dependency() -> None:
    lines = [
        line.split("#")[0].strip()
        for path in REQUIREMENTS
        for line in path.read_text().splitlines()
        if not line.startswith("-r ")
    ]
    direct = {re.split(r"[\[<>=~! ;@]", line)[0].lower() for line in lines if line}
    assert "flask" in direct
    rows = [line for line in section("Dependencies").splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in names_in_code(row.split("|")[1])} == direct
    assert all(row.split("|")[2].strip() for row in rows)


def test_the_readme_gives_a_reason_for_every_dependency_of_the_front_end() -> None:
    package = json.loads((ROOT / "front-end/package.json").read_text())
    rows = [line for line in section("Dependencies of the front-end").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in names_in_code(row.split("|")[1])}
    assert named == {*package["dependencies"], *package["devDependencies"]}


def test_every_requirements_file_is_locked() -> None:
    for path in REQUIREMENTS:
        lock = ROOT / "requirements" / f"{'production' if path.stem == 'requirements' else path.stem}.lock"
        locked = set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(), re.MULTILINE))
        for line in path.read_text().splitlines():
            name = re.split(r"[\[<>=~! ;@#]", line)[0].lower()
            assert not name or name.startswith("-") or name in locked, f"{path.name}: {name} is not in the lock"


def test_lock_files_name_packages_and_hashes_and_no_place() -> None:
    """An address in a lock ties everybody to the mirror of whoever wrote it."""
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
