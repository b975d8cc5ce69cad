"""Figures about turns and conversations.

    rolling_up    the background job that counts what has changed
    rebuild       counts everything again, and reports differences
    histogram     percentiles
    days          when the days of a business start

`repositories/rollup_*.py` contain the statements, and `docs/analytics.md` defines the figures.
"""
