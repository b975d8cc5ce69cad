"""Simulated traffic whose figures are known: businesses with conversations of 90 days, written as raw rows.

`world` describes what happened, `traffic` invents it, `rows` writes it to the database, and `truth` computes the
figures of the analytics from the description alone, without reading the database. Tests compare both.
"""
