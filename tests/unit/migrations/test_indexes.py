"""docs/indexes.md lists every index with its columns."""

import re
from pathlib import Path

from tests.unit.migrations.support import connect, query

PAGE = Path(__file__).parents[3] / "docs" / "indexes.md"
_DEFINITION = re.compile(r"USING (?P<method>\w+) \((?P<columns>.*?)\)(?: INCLUDE .*?)?(?: WITH .*?)?(?: WHERE .*)?$")


def test_documentation_lists_every_index_with_its_columns(database_url: str) -> None:
    with connect(database_url) as conn:
        rows = query(
            conn,
            """
            SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON pg_class.oid = tablename::regclass
            WHERE schemaname = 'public' AND NOT relispartition AND tablename NOT LIKE '%yoyo%'
            """,
        )
    indexes = {name: _columns(definition) for name, definition in rows}
    documented = {
        name: (re.split("[;(]", columns)[0].strip() if "(GIN)" not in columns else "GIN", "; " in columns)
        for name, columns in re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", _without_functions(), re.MULTILINE)
    }
    assert len(indexes) > 50
    assert documented == indexes


def _without_functions() -> str:
    return PAGE.read_text().replace("lower(email)", "email")


def _columns(definition: str) -> tuple[str, bool]:
    """The columns of an index, and whether it contains only some of the rows."""
    match = _DEFINITION.search(definition.replace("lower(email)", "email"))
    assert match is not None, definition
    return ("GIN" if match["method"] == "gin" else match["columns"]), " WHERE " in definition
