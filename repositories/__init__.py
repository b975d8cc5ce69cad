"""All SQL: one module per table or small group of tables.

Functions take the connection first and `business_id` second; the few that are not limited to one business are listed
in `tests/architecture/test_imports.py`. Rows are dicts with the column names.

- `get_...` and `lock_...` raise NotFound if the row does not exist or belongs to another business.
- `lock_...` also locks the row until the transaction ends.
- `find_...` returns None instead.
- `list_...` with a Page returns one row more than the page holds, in order of creation.
"""
