"""All SQL: a module a table, or a few that live together.

A function takes the connection first and `business_id` next, so that a query which forgets its tenant looks odd. Rows
are dicts with the column names. `get_` and `lock_` raise NotFound for a row that is absent or another tenant's alike;
`find_` return None. Lists take a Page and are in order of creation.
"""
