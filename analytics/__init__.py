"""Figures about turns and conversations.

    rolling_up    the background job that counts what has changed
    rebuild       counts everything again, and reports differences
    histogram     percentiles
    days          when the days of a business start
    period        the days of a report, and their parts
    question      what a report is asked, and its answer
    overview, reports, calls, funnel, ratings, unanswered    the reports

`repositories/rollup_*.py` and `analytics_*.py` contain the statements, and `docs/analytics.md` defines the figures.
"""
