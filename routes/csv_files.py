"""CSV files for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any


def csv_lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Lines of a CSV file in UTF-8. Lists and objects are written as JSON."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """The value as it is written. Spreadsheets would run a text that starts like a formula."""
    if isinstance(value, (list, dict)):
        return json.dumps(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
