"""The product's own Python files, parsed, for tests that read the source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".venv", "node_modules", "build", "tests", "bench", "dist"}


@cache
def sources() -> dict[str, ast.Module]:
    """Every module outside of tests/ and bench/, by its path from the root, such as `routes/stages.py`."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for path in sorted(ROOT.rglob("*.py"))
        if not any(part in NOT_OURS or part.startswith(".") for part in path.relative_to(ROOT).parts)
    }


def module_name(path: str) -> str:
    """`routes/stages.py` → `routes.stages`; a package's `__init__` is the package."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def calls_of(tree: ast.Module, method: str) -> Iterator[ast.Call]:
    """Every call of something's method of this name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            yield node


def imported(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, module) of every import at runtime, including those inside functions."""
    package = module_name(path).split(".") if path.endswith("__init__.py") else module_name(path).split(".")[:-1]
    for node in _walk_runtime(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield node.lineno, name
            # `from routes import stages` may mean a module.
            yield from ((node.lineno, f"{name}.{alias.name}") for alias in node.names)


def _walk_runtime(node: ast.AST) -> Iterator[ast.AST]:
    """Like `ast.walk`, without the bodies of `if TYPE_CHECKING:`."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from _walk_runtime(child)
