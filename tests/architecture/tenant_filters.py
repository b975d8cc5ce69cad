"""Finds statements on tables of tenants that are not limited to one business."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from tests.architecture.sources import ROOT, module_name, sources

_COMPARISONS = (exp.EQ, exp.NullSafeEQ)
_STATEMENT = re.compile(r"\s*\b(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")
_FUNCTION = re.compile(r"^CREATE FUNCTION (\w+)\(.*?\$\$\n?(.*?)^\$\$;", re.MULTILINE | re.DOTALL)
_FIRST_FUNCTIONS = "08_accept_message.sql"  # earlier files only contain functions without statements on tables


@cache
def tenant_tables() -> set[str]:
    """The tables that have a column `business_id`."""
    text = "\n".join(path.read_text() for path in sorted((ROOT / "migrations").glob("*.sql")))
    tables = re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)[^;]*;", text, re.MULTILINE | re.DOTALL)
    return {name for name, columns in tables if re.search(r"^    business_id ", columns, re.MULTILINE)}


def statements() -> Iterator[tuple[str, str]]:
    """(function or constant, text) of every statement in the repositories and in the functions of the database."""
    yield from function_statements()
    for path, tree in sources().items():
        if not path.startswith("repositories/"):
            continue
        name = module_name(path).removeprefix("repositories.")
        for function in tree.body:
            if isinstance(function, ast.FunctionDef):
                docstring = ast.get_docstring(function, clean=False)
                for node in ast.walk(function):
                    text = node.value if isinstance(node, ast.Constant) else None
                    if isinstance(text, str) and text != docstring and _STATEMENT.match(text):
                        yield f"{name}.{function.name}", text
        yield from _constants(name, vars(import_module(module_name(path))))


def function_statements() -> Iterator[tuple[str, str]]:
    """(function, text) of every statement in the functions of the database, with p_business_id as the parameter."""
    for path in sorted((ROOT / "migrations").glob("*.sql")):
        if path.name >= _FIRST_FUNCTIONS:
            for name, body in _FUNCTION.findall(re.sub(r"--.*", "", path.read_text())):
                for part in body.replace("PERFORM ", "SELECT ").split(";"):
                    for text in _queries(part):
                        yield name, text.replace("p_business_id", "%(business_id)s")


def _queries(part: str) -> Iterator[str]:
    """The SQL statements in a PL/pgSQL statement, without the variables that they fill."""
    while match := _STATEMENT.search(part):
        start = part[: match.start()].rstrip()
        text = part[match.start() :]
        if start.endswith("("):  # such as EXISTS (SELECT ...)
            text = text[: _closing_parenthesis(text)]
        part = part[match.start() + len(text) :]
        text = re.sub(r"^(\s*SELECT\b.*?) INTO \w+", r"\1", text, count=1, flags=re.DOTALL)
        yield re.sub(r"(RETURNING [\w.*]+) INTO \w+", r"\1", text)


def _closing_parenthesis(text: str) -> int:
    depth = 1
    for at, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return at
    raise ValueError(text)


def _constants(module: str, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Statements that are put together from fragments. A fragment alone does not parse."""
    for name, value in values.items():
        for text in value.values() if isinstance(value, dict) and not name.startswith("__") else [value]:
            if isinstance(text, str) and not name.startswith("__") and _STATEMENT.match(text) and parse(text):
                yield f"{module}.{name}", text


def parse(text: str) -> exp.Expression | None:
    """The parsed statement; None if the text is a fragment."""
    try:
        return sqlglot.parse_one(re.sub(r"%\((\w+)\)s", r":\1", text).replace("%%", "%"), read="postgres")
    except ParseError:
        return None


def unfiltered(statement: exp.Expression) -> set[str]:
    """The tenant tables in the statement that it does not limit to a business."""
    ctes = {cte.alias for cte in statement.find_all(exp.CTE)}
    tables = [table for table in statement.find_all(exp.Table) if table.name in tenant_tables() - ctes]
    found = set()
    for scope in {id(scope): scope for table in tables if (scope := _scope_of(table))}.values():
        own = {table.alias_or_name: table.name for table in tables if _scope_of(table) is scope}
        found |= {own[alias] for alias in own.keys() - _limited(scope, set(own))}
    return found


def _limited(scope: exp.Expression, aliases: set[str]) -> set[str]:
    """Which of the scope's tables it limits: with the parameter, to rows of no business, with the business_id of an
    outer query or a CTE, or with that of another table that is limited."""
    if isinstance(scope, exp.Insert):
        columns = {column.name for column in scope.this.expressions} if isinstance(scope.this, exp.Schema) else set()
        return aliases if "business_id" in columns else set()
    limited: set[str] = set()
    links: list[set[str]] = []
    for condition in scope.find_all(*_COMPARISONS, exp.Is, exp.Join):
        if _scope_of(condition) is not scope or _is_in_result(condition, scope):
            continue
        if isinstance(condition, exp.Join):
            if "business_id" in {each.name for each in condition.args.get("using") or []}:
                links.append(aliases)
            continue
        sides = (condition.this, condition.expression)
        named = {side.table or _only(aliases) for side in sides if _is_business_id(side)}
        if isinstance(condition, exp.Is):
            if isinstance(condition.expression, exp.Null) and _is_conjunct(condition):
                limited |= named
        elif any(_is_parameter(side) for side in sides):
            limited |= named
        elif len(named) == 2:
            links.append(named)
    for _ in links:
        for link in links:
            if link & limited or link - aliases:
                limited |= link
    return limited & aliases


def _is_in_result(node: exp.Expression, scope: exp.Expression) -> bool:
    """Whether it is in the result columns of a SELECT, or in the SET of an UPDATE."""
    while node.parent is not None and node.parent is not scope:
        node = node.parent
    return node.arg_key == "expressions"


def _only(aliases: set[str]) -> str:
    """The table that a column without a prefix belongs to. If there are several, the statement must say which."""
    return next(iter(aliases)) if len(aliases) == 1 else ""


def _is_conjunct(condition: exp.Expression) -> bool:
    parent = condition.find_ancestor(exp.Or, exp.Not, exp.Select, exp.Update, exp.Delete)
    return not isinstance(parent, exp.Or | exp.Not)


def _scope_of(node: exp.Expression) -> exp.Expression | None:
    return node.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert)


def _is_business_id(side: exp.Expression) -> bool:
    return isinstance(side, exp.Column) and side.name == "business_id"


def _is_parameter(side: exp.Expression) -> bool:
    return any(each.name == "business_id" for each in side.find_all(exp.Placeholder))


def without_filter(statement: exp.Expression) -> Iterator[exp.Expression]:
    """Copies of the statement, in each of which one comparison of business_id with the parameter is removed."""
    count = len(_filters(statement))
    for index in range(count):
        changed = statement.copy()
        _filters(changed)[index].replace(exp.true())
        yield changed


def _filters(statement: exp.Expression) -> list[exp.Expression]:
    return [
        each
        for each in statement.find_all(*_COMPARISONS)
        if isinstance(each, exp.Binary) and (_is_business_id(each.this) or _is_business_id(each.expression))
        if (scope := _scope_of(each)) is not None and not _is_in_result(each, scope)
    ]
